"""Distraction from pain: tasks in a pleasant place, and skills instead when pain rises (C4)."""

from dataclasses import replace

from adaptivevr.therapy.caption import Caption
from adaptivevr.therapy.intent import Ask, Intent, Pacer, Why
from adaptivevr.therapy.opening import Opening
from adaptivevr.therapy.pain import Pain
from adaptivevr.therapy.play import Play
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.ratings import NRS, Question
from adaptivevr.therapy.relaxation import pacer
from adaptivevr.therapy.view import View

MOST_CALMS = 2  # the second time it stays with the skills


class Distraction:
    """quiet -> before -> play <-> calm -> after -> cooldown.

    Adapts on performance and on what the patient says; arousal is a ceiling only.
    """

    def __init__(self, protocol: Protocol, seed: int = 0) -> None:
        self._protocol, self._rules = protocol, protocol.distraction
        self._opening = Opening(protocol.phases.quiet_s, bodily=False)
        self._caption = Caption()
        self._pain = Pain(protocol.ratings)
        self._play = Play(self._rules, seed, protocol.prompts.idle)
        self._question = Question("pain-after", protocol.prompts.after, NRS)
        self._pacer: Pacer | None = None
        self._calms = 0
        self._phase_s = 0.0
        self._main_s: float | None = None
        self.phase, self.level = "waiting", 0

    @property
    def rating(self) -> float | None:
        """The last pain as 0 to 100."""
        return self._pain.rating

    def update(self, now_s: float, view: View) -> Intent:
        """The wish now: the load, the task that stands, and what pain does."""
        waits = self._opening.update(now_s, view)
        if waits is not None:
            if self.phase != self._opening.phase:
                self._go(now_s, self._opening.phase, self._protocol.prompts.quiet)
            return self._intent(now_s, view, *waits)
        if self._main_s is None:
            self._main_s = now_s
            self._go(now_s, "before")
        past_s = now_s - self._main_s
        if self.phase in ("before", "play", "calm") and past_s >= self._protocol.phases.main_s:
            self._pacer = None
            self._go(now_s, "after")
        asking = self.phase in ("before", "play", "calm") and not (view.busy or view.rest)
        ask = self._pain.update(now_s, view.commands, view.limits.rating_interval_s, asking)
        match self.phase:
            case "before":
                if self._pain.settled:
                    self._go(now_s, "play", self._protocol.prompts.main)
                return self._intent(now_s, view, Why.BEFORE, None, ask)
            case "play":
                return self._playing(now_s, view, ask)
            case "calm":
                return self._calm(now_s, view, ask)
        return self._end(now_s, view)

    def _playing(self, now_s: float, view: View, ask: Ask | None) -> Intent:
        if self._pain.rise >= self._rules.pain_rise:
            self._calms += 1
            self._pacer = pacer(now_s, self._protocol.calm)
            self._go(now_s, "calm", self._protocol.prompts.support)
            return self._intent(now_s, view, Why.PAIN_UP, self._pain.rise)
        # The words of the beginning are read before the first task is set.
        words = self._caption.at(now_s) if now_s - self._phase_s < 8.0 else None
        free = ask is None and words is None and not (view.busy or view.rest)
        task = self._play.update(now_s, view, free)
        if not view.automatic:
            return self._intent(now_s, view, Why.HANDS_OFF, load=view.intensity)
        return self._intent(
            now_s, view, self._play.why, self._play.load, ask or words or task, self._play.load
        )

    def _calm(self, now_s: float, view: View, ask: Ask | None) -> Intent:
        rested = now_s - self._phase_s >= self._rules.calm_s
        if rested and self._pain.rise <= self._rules.back and self._calms < MOST_CALMS:
            self._pacer = None
            self._play.halve()
            self._go(now_s, "play", self._protocol.prompts.main)
        return self._intent(now_s, view, Why.PAIN_UP, self._pain.rise, ask)

    def _end(self, now_s: float, view: View) -> Intent:
        if self.phase == "after":
            ask = self._question.update(now_s, view.commands)
            self._pain.update(now_s, view.commands, 1e9, may_ask=False)
            if not self._question.over:
                return self._intent(now_s, view, Why.AFTER, None, ask)
            self._go(now_s, "cooldown", self._protocol.prompts.cooldown)
        if now_s - self._phase_s >= self._protocol.phases.cooldown_s:
            self.phase = "end"
        return self._intent(now_s, view, Why.REST)

    def _go(self, now_s: float, phase: str, words: str = "") -> None:
        self.phase, self._phase_s = phase, now_s
        self._caption.say(now_s, words)

    def _intent(
        self, now_s: float, view: View, why: Why, number: float | None = None,
        ask: Ask | None = None, load: float = 0.0,
    ) -> Intent:  # fmt: skip
        self.level = max(i for i, at in enumerate(view.levels) if at <= load + 1e-6)
        intent = Intent(
            self.level, load, (), self.phase, why, number, ask or self._caption.at(now_s),
            self._pacer, measures=(*self._pain.measures(), *self._play.measures()),
        )  # fmt: skip
        task = intent.prompt.id if intent.prompt and intent.prompt.kind == "task" else None
        return replace(intent, task=task)
