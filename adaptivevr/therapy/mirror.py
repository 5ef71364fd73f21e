"""Graded motor imagery for a limb that is not there: left or right, imagined, mirrored (C5).

The stages are opened by a person, one after the other (Moseley 2006): judging pictures of hands
until it is right (80 %) and quick (2 s) in three sessions, then imagined, then mirrored movement.
Nothing is automated but how hard the pictures are. It ends for today when pain has risen by two,
at a yes to dizziness, cramp or a shrinking limb, on "too much", and above the ceiling of arousal.
"""

from dataclasses import replace

from adaptivevr.alarms import Lasting
from adaptivevr.therapy.agenda import Agenda
from adaptivevr.therapy.intent import Ask, Intent, Said, Why
from adaptivevr.therapy.pain import Pain
from adaptivevr.therapy.problems import Hands
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.ratings import NRS, Question
from adaptivevr.therapy.rules import STAGES
from adaptivevr.therapy.trailing import Mean
from adaptivevr.therapy.trials import Trials
from adaptivevr.therapy.view import View

SETS = (0.0, 0.5, 1.0)  # how hard the pictures of each set are
APART_S, ANSWER_S, BREAK_S = 1.5, 8.0, 20.0
ABOVE_S = 10.0
IMAGERY_S = 600.0  # ten minutes at most


class Mirror:
    """quiet -> before -> laterality | imagery | mirror -> after -> cooldown."""

    def __init__(self, protocol: Protocol, seed: int = 0) -> None:
        self._protocol, self._rules = protocol, protocol.mirror
        self._agenda = Agenda(protocol, bodily=False)
        self._pain = Pain(protocol.ratings)
        self._hands = Hands(seed)
        self._trials = Trials("hand", APART_S, ANSWER_S)
        self._set = 0
        self._right, self._quick = Mean(), Mean()  # of this set
        self._passed = False
        self._check: Question | None = None
        self._checks = 0
        self._checked_s = 0.0
        self._above = Lasting()
        self._script = -1
        self._after = Question("pain-after", protocol.prompts.after, NRS)
        self._said: tuple[Said | None, tuple[float, ...]] = (None, ())
        self._ended = self._pause_s = 0.0
        self.level = 0

    @property
    def rating(self) -> float | None:
        """The last pain as 0 to 100."""
        return self._pain.rating

    def update(self, now_s: float, view: View) -> Intent:
        """The wish now."""
        self._said = (None, ())
        waits = self._agenda.update(now_s, view)
        if waits is not None:
            return self._intent(now_s, view, *waits)
        if self._agenda.begins:
            self._checked_s = now_s
            self._agenda.go(now_s, "before")
        working = self._agenda.phase in STAGES
        check = self._checking(now_s, view) if working else None
        free = not (view.busy or view.rest or check)
        asking = free and (working or self._agenda.phase == "before")
        ask = self._pain.update(now_s, view.commands, view.limits.rating_interval_s, asking)
        if working:
            why = self._stop_due(now_s, view)
            if why is not None:
                return self._finish(now_s, view, why)
        return self._choose(now_s, view, check or ask)

    def _choose(self, now_s: float, view: View, ask: Ask | None) -> Intent:
        if self._agenda.late(now_s) and self._agenda.phase in STAGES:
            self._agenda.go(now_s, "after")
        match self._agenda.phase:
            case "before":
                if self._pain.settled:
                    self._enter(now_s, self._rules.stage, view)
                return self._intent(now_s, view, Why.BEFORE, None, ask)
            case "laterality":
                return self._laterality(now_s, view, ask)
            case "imagery":
                return self._imagery(now_s, view, ask)
            case "mirror":
                return self._mirror(now_s, view, ask)
        return self._end(now_s, view)

    # --- the stages

    def _laterality(self, now_s: float, view: View, ask: Ask | None) -> Intent:
        if self._set >= len(SETS):
            return self._passing(now_s, view, ask)
        words = self._agenda.first_words(now_s)
        resting = now_s < self._pause_s
        if ask is not None or words is not None or resting or view.busy or view.rest:
            self._trials.drop()
            return self._intent(now_s, view, Why.BREAK if resting else Why.PLAY, None, ask)
        hard = SETS[self._set]
        outcome = self._trials.update(now_s, view.commands, lambda _: self._hands.make(hard))
        if outcome is not None:
            self._right.take(float(outcome.correct))
            if outcome.correct and outcome.reaction_s is not None:
                self._quick.take(outcome.reaction_s)
            if self._right.count >= self._rules.trials:
                self._end_set(now_s)
        return self._intent(now_s, view, Why.PLAY, self._right.value, self._trials.standing)

    def _end_set(self, now_s: float) -> None:
        right, quick_s = self._right.value or 0.0, self._quick.value
        passed = right >= self._rules.accuracy and quick_s is not None
        self._passed = passed and (quick_s or 0.0) <= self._rules.reaction_s
        self._said = (Said.STAGE, (float(self._set + 1), right, quick_s or 0.0))
        words = self._protocol.prompts.block.format(
            block=self._set + 1, score=f"{quick_s or 0.0:.1f}", share=f"{right:.0%}"
        )
        self._agenda.caption.say(now_s, words, BREAK_S)
        self._pause_s = now_s + BREAK_S
        self._set += 1
        if self._set < len(SETS):
            self._right, self._quick = Mean(), Mean()

    def _passing(self, now_s: float, view: View, ask: Ask | None) -> Intent:
        """All sets are done. Often enough in a row, and a person may open the next stage."""
        due = self._passed and self._rules.passed_before + 1 >= self._rules.sessions
        proposal = f"stage:{STAGES[1]}" if due else None
        for answer in view.answers:
            if due and answer.proposal == proposal:
                if not answer.yes:
                    return self._finish(now_s, view, Why.PASSED)
                self._enter(now_s, STAGES[1], view)
                return self._intent(now_s, view, Why.IMAGINE, None, ask)
        if not due and now_s >= self._pause_s:
            return self._finish(now_s, view, Why.PASSED)
        return replace(
            self._intent(now_s, view, Why.PASSED, self._right.value, ask), proposal=proposal
        )

    def _imagery(self, now_s: float, view: View, ask: Ask | None) -> Intent:
        if self._agenda.past_s(now_s) >= IMAGERY_S:
            return self._finish(now_s, view, Why.IMAGINE)
        self._recite(now_s)
        return self._intent(now_s, view, Why.IMAGINE, None, ask)

    def _mirror(self, now_s: float, view: View, ask: Ask | None) -> Intent:
        for step in view.steps:
            self.level = min(max(self.level + step.by, 0), view.top)
        if not view.automatic:
            return self._intent(now_s, view, Why.HANDS_OFF, None, ask, view.intensity)
        self._recite(now_s)
        return self._intent(now_s, view, Why.MIRROR, None, ask, view.levels[self.level])

    def _recite(self, now_s: float) -> None:
        texts = self._rules.imagery
        script = int(self._agenda.past_s(now_s) / self._rules.imagine_s)
        if texts and script != self._script:
            self._script = script
            self._agenda.caption.say(now_s, texts[script % len(texts)], self._rules.imagine_s)

    # --- stopping

    def _checking(self, now_s: float, view: View) -> Ask | None:
        if self._check is None and now_s - self._checked_s >= self._rules.check_s:
            if view.busy or view.rest:
                return None
            self._checks += 1
            self._checked_s = now_s
            self._check = Question(f"symptom-{self._checks}", self._rules.check)
        if self._check is None:
            return None
        return self._check.update(now_s, view.commands)

    def _stop_due(self, now_s: float, view: View) -> Why | None:
        check = self._check
        if check is not None and check.over:
            self._check = None
            if check.answer == 1.0:
                return Why.SYMPTOM
        above = view.arousal is not None and view.arousal > view.limits.arousal_max
        if self._above.update(now_s, above) >= ABOVE_S:
            return Why.RETREAT
        if view.too_much:
            return Why.TOO_MUCH
        return Why.PAIN_UP if self._pain.rise >= self._rules.pain_rise else None

    def _finish(self, now_s: float, view: View, why: Why) -> Intent:
        stopped = {Why.SYMPTOM: 1.0, Why.PAIN_UP: 2.0, Why.RETREAT: 3.0, Why.TOO_MUCH: 4.0}
        self._ended = stopped.get(why, 0.0)
        if why is Why.SYMPTOM:
            self._said = (Said.SYMPTOM, ())
        elif why is Why.PAIN_UP:
            self._said = (Said.PAIN_UP, (self._pain.rise,))
        words = self._protocol.prompts.recover if self._ended else ""
        self._trials.drop()
        self._agenda.go(now_s, "after", words)
        return self._intent(now_s, view, why, self._pain.rise if why is Why.PAIN_UP else None)

    def _end(self, now_s: float, view: View) -> Intent:
        if self._agenda.phase == "after":
            ask = self._after.update(now_s, view.commands)
            if not self._after.over:
                return self._intent(now_s, view, Why.AFTER, None, ask)
        self._agenda.cool(now_s)
        return self._intent(now_s, view, Why.REST)

    # --- bookkeeping

    def _enter(self, now_s: float, stage: str, view: View) -> None:
        self._script = -1
        self.level = min(self._rules.first_level, view.top) if stage == "mirror" else 0
        self._agenda.go(now_s, stage, self._protocol.prompts.main)

    def _intent(
        self, now_s: float, view: View, why: Why, number: float | None = None,
        ask: Ask | None = None, load: float = 0.0,
    ) -> Intent:  # fmt: skip
        if self._agenda.phase not in STAGES:
            self.level = 0
        prompt = ask or self._agenda.caption.at(now_s)
        return Intent(
            self.level, load, (), self._agenda.phase, why, number, prompt,
            task=prompt.id if prompt and prompt.kind == "task" else None,
            measures=self._measures(), said=self._said[0], numbers=self._said[1],
        )  # fmt: skip

    def _measures(self) -> tuple[tuple[str, float], ...]:
        found = [("sets", float(self._set)), ("passed", float(self._passed))]
        for name, value in (
            ("right_share", self._right.value), ("reaction_s", self._quick.value),
        ):  # fmt: skip
            if value is not None:
                found.append((name, value))
        if self._ended:
            found.append(("stopped_by", self._ended))
        return (*self._pain.measures(), *found)
