"""A behavioural approach test: how far somebody goes by their own steps. Assessment, not therapy.

At every step: stay, rate, then "would you take the next step?". A yes is one level up, anything
else ends the test; nothing but the patient's own answers ever raises it, and no target of arousal
steers it. Before and after a course, with the same scene, its figures compare (the behavioural
avoidance test of Lang and Lazovik 1963): level reached, peak arousal, ratings.
"""

from dataclasses import replace

from adaptivevr.modes import Mode, advance
from adaptivevr.therapy.agenda import Agenda
from adaptivevr.therapy.intent import Intent, Why
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.ratings import Question, scale_of
from adaptivevr.therapy.retreat import Retreat
from adaptivevr.therapy.trailing import Trailing
from adaptivevr.therapy.view import View

ON_LEVEL = 0.01
HELD_S = 150.0  # a step that the guard lets nobody reach in this time is the end
# Why it ended, as the figure `ended_by`.
BY_PATIENT, AT_TOP, BY_LIMIT, TOO_MUCH, SILENCE, BY_PERSON = 1.0, 2.0, 3.0, 4.0, 5.0, 6.0


class Approach:
    """quiet -> step -> stay -> rate -> more -> step ... -> cooldown.

    level_reached: the highest level on which they stayed and rated, of levels.
    """

    def __init__(self, protocol: Protocol, seed: int = 0) -> None:
        self._protocol, self._rules = protocol, protocol.approach
        self._agenda = Agenda(protocol)
        self._retreats = Retreat(protocol.ratings.scale, 10.0)
        self._mean = Trailing(5.0)
        self._question: Question | None = None
        self._stay_s = 0.0
        self._rating: float | None = None
        self._peak_rating: float | None = None
        self._peak: float | None = None
        self._reached = 0
        self._levels = 0
        self._ended_by: float | None = None
        self.level = 0

    @property
    def rating(self) -> float | None:
        """The last rating of fear."""
        return self._rating

    def update(self, now_s: float, view: View) -> Intent:
        """The wish now."""
        mean = self._mean.update(now_s, view.arousal)
        waits = self._agenda.update(now_s, view)
        if waits is not None:
            return self._intent(now_s, view, *waits)
        if self._agenda.begins:
            self._levels = len(view.levels) - 1
            self.level = min(self._rules.first_level, view.top)
            self._agenda.go(now_s, "step", self._protocol.prompts.main)
        if mean is not None and not self._agenda.ends:
            self._peak = mean if self._peak is None else max(self._peak, mean)
        question = self._question.update(now_s, view.commands) if self._question else None
        intent = self._choose(now_s, view)
        return replace(intent, prompt=question or self._agenda.caption.at(now_s))

    def _choose(self, now_s: float, view: View) -> Intent:
        if self._agenda.ends:
            return self._cool(now_s, view)
        if self._retreats.due(now_s, view, self.level) is not None:
            return self._finish(now_s, view, TOO_MUCH)
        if view.mode in (Mode.MANUAL, Mode.FALLBACK, Mode.SAFE):
            return self._finish(now_s, view, BY_PERSON)
        if not view.automatic:
            return self._intent(now_s, view, Why.HANDS_OFF, at=view.intensity)
        if self._agenda.phase == "step":
            return self._step(now_s, view)
        if self._agenda.phase == "stay":
            self._stay_s += self._agenda.dt_s
            if self._stay_s >= self._rules.stay_s:
                cadence = self._protocol.ratings
                self._question = Question(f"rate-{self.level}", cadence.text, scale_of(cadence))
                self._agenda.go(now_s, "rate")
            return self._intent(now_s, view, Why.DWELL, self._rules.stay_s - self._stay_s)
        assert self._question is not None
        if not self._question.over:
            why = Why.OUTCOME if self._agenda.phase == "rate" else Why.MORE
            return self._intent(now_s, view, why, float(self.level))
        return self._rated(now_s, view, self._question.answer)

    def _step(self, now_s: float, view: View) -> Intent:
        target = view.levels[self.level]
        if abs(view.intensity - target) <= ON_LEVEL:
            self._stay_s = 0.0
            self._agenda.go(now_s, "stay")
        elif self._agenda.past_s(now_s) >= HELD_S:
            return self._finish(now_s, view, BY_LIMIT)
        asks = view.mode is Mode.CONFIRM and self.level > view.granted
        if asks and not all(answer.yes for answer in view.answers):
            return self._finish(now_s, view, BY_PERSON)
        proposal = advance(self.level) if asks else None
        return replace(self._intent(now_s, view, Why.RAMP, target), proposal=proposal)

    def _rated(self, now_s: float, view: View, answer: float | None) -> Intent:
        """A question is over: the rating of this step, or whether to take the next."""
        if self._agenda.phase == "rate":
            self._reached = self.level
            if answer is not None:
                self._rating = answer
                self._peak_rating = max(answer, self._peak_rating or 0.0)
            if self.level >= self._levels:
                return self._finish(now_s, view, AT_TOP)
            if self.level >= view.top:
                return self._finish(now_s, view, BY_LIMIT)
            self._question = Question(f"more-{self.level}", self._rules.more)
            self._agenda.go(now_s, "more")
            return self._intent(now_s, view, Why.MORE, float(self.level))
        self._question = None
        if answer == 1.0:
            self.level += 1
            self._agenda.go(now_s, "step")
            return self._intent(now_s, view, Why.RAMP, view.levels[self.level])
        return self._finish(now_s, view, SILENCE if answer is None else BY_PATIENT)

    def _finish(self, now_s: float, view: View, by: float) -> Intent:
        self._ended_by, self._question, self.level = by, None, 0
        self._agenda.go(now_s, "cooldown", self._protocol.prompts.cooldown)
        return self._intent(now_s, view, Why.ENOUGH, float(self._reached))

    def _cool(self, now_s: float, view: View) -> Intent:
        self._agenda.cool(now_s)
        return self._intent(now_s, view, Why.REST)

    def _intent(
        self, now_s: float, view: View, why: Why, number: float | None = None,
        at: float | None = None,
    ) -> Intent:  # fmt: skip
        wish = view.target(self.level) if at is None else at
        return Intent(
            self.level, wish, (), self._agenda.phase, why, number, self._agenda.caption.at(now_s),
            measures=self._measures(),
        )  # fmt: skip

    def _measures(self) -> tuple[tuple[str, float], ...]:
        found = [("level_reached", float(self._reached)), ("levels", float(self._levels))]
        for name, value in (
            ("peak_arousal", self._peak), ("peak_rating", self._peak_rating),
            ("last_rating", self._rating), ("ended_by", self._ended_by),
        ):  # fmt: skip
            if value is not None:
                found.append((name, value))
        return tuple(found)
