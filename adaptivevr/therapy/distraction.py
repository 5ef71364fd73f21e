"""Distraction from pain: tasks in a pleasant place, and skills instead when pain rises (C4)."""

from adaptivevr.therapy.agenda import Agenda
from adaptivevr.therapy.intent import Ask, Intent, Pacer, Why
from adaptivevr.therapy.pain import Pain
from adaptivevr.therapy.play import Play
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.ratings import NRS, Question
from adaptivevr.therapy.relaxation import pacer
from adaptivevr.therapy.view import View

ASKING = ("before", "play", "calm")  # how much it hurts
MOST_CALMS = 2  # the second time it stays with the skills


class Distraction:
    """quiet -> before -> play <-> calm -> after -> cooldown.

    Adapts on performance and on what the patient says; arousal is a ceiling only.
    """

    def __init__(self, protocol: Protocol, seed: int = 0) -> None:
        self._protocol, self._rules = protocol, protocol.distraction
        self._agenda = Agenda(protocol, bodily=False)
        self._pain = Pain(protocol.ratings)
        self._play = Play(self._rules, seed, protocol.prompts.idle)
        self._question = Question("pain-after", protocol.prompts.after, NRS)
        self._pacer: Pacer | None = None
        self._calms = 0
        self.level = 0

    @property
    def rating(self) -> float | None:
        """The last pain as 0 to 100."""
        return self._pain.rating

    def update(self, now_s: float, view: View) -> Intent:
        """The wish now: the load, the task that stands, and what pain does."""
        waits = self._agenda.update(now_s, view)
        if waits is not None:
            return self._intent(now_s, view, *waits)
        if self._agenda.begins:
            self._agenda.go(now_s, "before")
        if self._agenda.phase in ASKING and self._agenda.late(now_s):
            self._pacer = None
            self._agenda.go(now_s, "after")
        asking = self._agenda.phase in ASKING and not (view.busy or view.rest)
        ask = self._pain.update(now_s, view.commands, view.limits.rating_interval_s, asking)
        match self._agenda.phase:
            case "before":
                if self._pain.settled:
                    self._agenda.go(now_s, "play", self._protocol.prompts.main)
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
            self._agenda.go(now_s, "calm", self._protocol.prompts.support)
            return self._intent(now_s, view, Why.PAIN_UP, self._pain.rise)
        # The words of the beginning are read before the first task is set.
        words = self._agenda.first_words(now_s)
        free = ask is None and words is None and not (view.busy or view.rest)
        task = self._play.update(now_s, view, free)
        if not view.automatic:
            return self._intent(now_s, view, Why.HANDS_OFF, load=view.intensity)
        return self._intent(
            now_s, view, self._play.why, self._play.load, ask or words or task, self._play.load
        )

    def _calm(self, now_s: float, view: View, ask: Ask | None) -> Intent:
        rested = self._agenda.past_s(now_s) >= self._rules.calm_s
        if rested and self._pain.rise <= self._rules.back and self._calms < MOST_CALMS:
            self._pacer = None
            self._play.halve()
            self._agenda.go(now_s, "play", self._protocol.prompts.main)
        return self._intent(now_s, view, Why.PAIN_UP, self._pain.rise, ask)

    def _end(self, now_s: float, view: View) -> Intent:
        if self._agenda.phase == "after":
            ask = self._question.update(now_s, view.commands)
            if not self._question.over:
                return self._intent(now_s, view, Why.AFTER, None, ask)
        self._agenda.cool(now_s)
        return self._intent(now_s, view, Why.REST)

    def _intent(
        self, now_s: float, view: View, why: Why, number: float | None = None,
        ask: Ask | None = None, load: float = 0.0,
    ) -> Intent:  # fmt: skip
        self.level = view.level_at(load)
        prompt = ask or self._agenda.caption.at(now_s)
        return Intent(
            self.level, load, (), self._agenda.phase, why, number, prompt, self._pacer,
            prompt.id if prompt and prompt.kind == "task" else None,
            measures=(*self._pain.measures(), *self._play.measures()),
        )  # fmt: skip
