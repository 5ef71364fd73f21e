"""Exposure for inhibitory learning: what was expected against what happened, in varied steps.

Craske 2014: fear need not come down for learning; what counts is that an expectation is
violated, in variation, without safety signals (sources: C1). A stay lasts as long as was
drawn, the next level is drawn from below, same and above, and nothing is trimmed.
"""

from dataclasses import replace
from random import Random

from adaptivevr.modes import Mode, advance, level_of
from adaptivevr.therapy.agenda import Agenda
from adaptivevr.therapy.intent import Ask, Intent, Why
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.ratings import HAPPENED, LIKELY, Question, Ratings
from adaptivevr.therapy.retreat import Retreat
from adaptivevr.therapy.trailing import Trailing
from adaptivevr.therapy.view import View

ON_LEVEL = 0.01
CALMER = 0.15  # over the low end of the window: recovered


class Inhibitory:
    """quiet -> expect -> ramp -> dwell -> outcome -> expect ...; a retreat leads to recover.

    Surprise is expectancy minus outcome, both 0 to 100: the figure this therapy is about.
    """

    def __init__(self, protocol: Protocol, seed: int = 0) -> None:
        self._protocol, self._rules = protocol, protocol.inhibitory
        self._chance = Random(f"inhibitory {seed}")
        self._agenda = Agenda(protocol)
        self._ratings = Ratings(protocol.ratings)
        self._retreats = Retreat(protocol.ratings.scale, self._rules.retreat_after_s)
        self._mean = Trailing(self._rules.mean_s)
        self._question: Question | None = None
        self._count = 0
        self._next = 1
        self._agreed = 0  # the highest level a clinician has said yes to
        self._expected: float | None = None
        self._surprises: list[float] = []
        self._held_s = self._dwell_s = 0.0
        self.level = 0

    @property
    def rating(self) -> float | None:
        """The last rating of fear."""
        return self._ratings.latest

    def update(self, now_s: float, view: View) -> Intent:
        """The wish now."""
        mean = self._mean.update(now_s, view.arousal)
        waits = self._agenda.update(now_s, view)
        if waits is not None:
            return self._worded(now_s, self._intent(view, *waits), None)
        if self._agenda.begins:
            self._agenda.caption.say(now_s, self._protocol.prompts.main)
            self._expect(now_s, min(self._rules.first_level, view.top))
        fear = self._agenda.phase in ("dwell", "recover") and not view.rest and not view.busy
        ask = self._ratings.update(
            now_s, view.commands, view.limits.rating_interval_s, may_ask=fear
        )
        question = self._question.update(now_s, view.commands) if self._question else None
        intent = self._choose(now_s, view, mean)
        return self._worded(now_s, intent, ask or question)

    def _choose(self, now_s: float, view: View, mean: float | None) -> Intent:
        if self._agenda.ends or self._agenda.late(now_s):
            return self._cool(now_s, view)
        why = self._retreats.due(now_s, view, self.level)
        if why is not None:
            return self._retreat(now_s, view, why)
        if not view.automatic:
            return self._hands_off(view)
        for step in view.steps:
            self._enter(now_s, min(max(self.level + step.by, 0), view.top))
        match self._agenda.phase:
            case "expect":
                return self._expecting(now_s, view)
            case "ramp":
                return self._ramp(now_s, view)
            case "outcome":
                return self._judging(now_s, view)
            case "recover":
                return self._recover(now_s, view, mean)
        self._held_s += self._agenda.dt_s
        if self._held_s >= max(self._dwell_s, view.limits.dwell_s):
            self._ask_outcome(now_s)
        return self._intent(view, Why.DWELL, max(0.0, self._dwell_s - self._held_s))

    # --- one level after the other

    def _expect(self, now_s: float, to: int) -> None:
        """Before a level: how likely is it that what is feared will happen there?"""
        self._next, self._expected = to, None
        self._count += 1
        self._question = Question(f"expect-{self._count}", self._protocol.prompts.expect, LIKELY)
        self._agenda.go(now_s, "expect")

    def _expecting(self, now_s: float, view: View) -> Intent:
        assert self._question is not None
        for answer in view.answers:
            if level_of(answer.proposal) == self._next:
                self._agreed = self._next if answer.yes else self._agreed
                self._next = self._next if answer.yes else max(self.level, 1)
        if not self._question.over:
            return self._intent(view, Why.EXPECT, float(self._next))
        self._expected = self._question.answer
        silent = self._expected is None and self._agreed < self._next
        asks = view.mode is Mode.CONFIRM and self._next > max(view.granted, self._agreed)
        if self._next > self.level and (asks or silent):
            why = Why.SILENT if silent else Why.ASK
            return replace(self._intent(view, why, float(self._next)), proposal=advance(self._next))
        self._enter(now_s, self._next)
        return self._intent(view, Why.RAMP, view.target(self.level))

    def _ramp(self, now_s: float, view: View) -> Intent:
        if abs(view.intensity - view.target(self.level)) <= ON_LEVEL:
            self._dwell(now_s)
        elif self._agenda.past_s(now_s) >= view.patience_s:
            self.level = view.reached()  # the guard holds it back: stay where it is
            self._dwell(now_s)
        if view.arousal is None:
            return self._intent(view, Why.UNSURE, at=min(view.intensity, view.target(self.level)))
        return self._intent(view, Why.RAMP, view.target(self.level))

    def _ask_outcome(self, now_s: float) -> None:
        self._question = Question(
            f"outcome-{self._count}", self._protocol.prompts.outcome, HAPPENED
        )
        self._agenda.go(now_s, "outcome")

    def _judging(self, now_s: float, view: View) -> Intent:
        assert self._question is not None
        if not self._question.over:
            return self._intent(view, Why.OUTCOME)
        if self._question.answer is not None and self._expected is not None:
            self._surprises.append(self._expected - self._question.answer)
        self._expect(now_s, self._draw(view))
        return self._intent(view, Why.EXPECT, float(self._next))

    def _draw(self, view: View) -> int:
        """The next level: below, same or above, by the seed of the session."""
        chance = self._chance.random()
        step = -1 if chance < self._rules.down else 0
        if chance >= self._rules.down + self._rules.stay:
            step = 1
        top = max(1, min(view.top, self._retreats.cap))
        return min(max(self.level + step, 1), top)

    def _recover(self, now_s: float, view: View, mean: float | None) -> Intent:
        self._held_s += self._agenda.dt_s
        calm = mean is not None and mean < view.limits.window_low + CALMER
        told = self.rating is None or self.rating < view.limits.suds_stop
        if self._held_s >= self._rules.recover_s and calm and told:
            self._expect(now_s, max(1, min(self.level + 1, self._retreats.cap, view.top)))
        return self._intent(view, Why.RECOVER, mean)

    # --- easing off and ending

    def _retreat(self, now_s: float, view: View, why: Why) -> Intent:
        again = self._agenda.phase == "recover"
        self.level, gives_up = self._retreats.take(now_s, view, self.level, again)
        self._held_s, self._question = 0.0, None
        self._mean.clear()
        self._agenda.go(now_s, "recover", self._protocol.prompts.recover)
        return replace(self._intent(view, why, view.arousal), gives_up=gives_up)

    def _hands_off(self, view: View) -> Intent:
        if view.mode in (Mode.MANUAL, Mode.FALLBACK, Mode.SAFE):
            self.level = view.reached()
        return self._intent(view, Why.HANDS_OFF, at=min(view.intensity, view.target(self.level)))

    def _cool(self, now_s: float, view: View) -> Intent:
        if not self._agenda.ends:
            self._question = None
            self.level = min(max(self.level - 1, 0), view.reached())
        self._agenda.cool(now_s)
        if self._agenda.settling(now_s):
            self.level = 0
        return self._intent(view, Why.REST, at=min(view.intensity, view.target(self.level)))

    # --- bookkeeping

    def _enter(self, now_s: float, level: int) -> None:
        self.level, self._question = level, None
        self._mean.clear()
        self._ratings.begin()
        self._agenda.go(now_s, "ramp")

    def _dwell(self, now_s: float) -> None:
        low_s, high_s = self._rules.dwell_low_s, self._rules.dwell_high_s
        self._held_s, self._dwell_s = 0.0, low_s + (high_s - low_s) * self._chance.random()
        self._agenda.go(now_s, "dwell")

    def _intent(
        self, view: View, why: Why, number: float | None = None, at: float | None = None
    ) -> Intent:
        wish = view.target(self.level) if at is None else at
        phase, measures = self._agenda.phase, self._measures()
        return Intent(self.level, wish, (), phase, why, number, measures=measures)

    def _measures(self) -> tuple[tuple[str, float], ...]:
        found = [("levels_faced", float(len(self._surprises)))] if self._agenda.main_s else []
        if self._expected is not None:
            found.append(("expected", self._expected))
        if self._surprises:
            found.append(("surprise", self._surprises[-1]))
            found.append(("surprise_mean", sum(self._surprises) / len(self._surprises)))
        return tuple(found)

    def _worded(self, now_s: float, intent: Intent, rating: Ask | None) -> Intent:
        return replace(intent, prompt=rating or self._agenda.caption.at(now_s))
