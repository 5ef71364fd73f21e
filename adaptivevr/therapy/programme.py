"""The course for lasting pain: learning, breathing, activity, graded movement, diary (C4).

The parts come in the order of the protocol. Pain that has risen by two ends activity and movement
for today and leads to the breathing skills; it is never pushed through.
"""

from dataclasses import replace

from adaptivevr.command import TooMuch
from adaptivevr.therapy.caption import Caption
from adaptivevr.therapy.intent import Ask, Intent, Pacer, Said, Why
from adaptivevr.therapy.movement import Movement
from adaptivevr.therapy.opening import Opening
from adaptivevr.therapy.pain import Pain
from adaptivevr.therapy.play import Play
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.ratings import NRS, Question
from adaptivevr.therapy.relaxation import pacer
from adaptivevr.therapy.view import View

LOADED = ("activity", "movement")


class Programme:
    """Plays the parts one after the other. phase: quiet, before, a part's name, cooldown, end."""

    def __init__(self, protocol: Protocol, seed: int = 0) -> None:
        self._protocol, self._rules = protocol, protocol.programme
        self._opening = Opening(protocol.phases.quiet_s, bodily=False)
        self._caption = Caption()
        self._pain = Pain(protocol.ratings)
        self._play = Play(protocol.distraction, seed, protocol.prompts.idle)
        self._movement = Movement(self._rules)
        self._flare = Question("flare", self._rules.flare)
        self._after = Question("pain-after", protocol.prompts.after, NRS)
        self._left = list(self._rules.parts)
        self._lesson = -1
        self._pacer: Pacer | None = None
        self._phase_s = 0.0
        self._main_s: float | None = None
        self._said: Said | None = None
        self.phase, self.level = "waiting", 0

    @property
    def rating(self) -> float | None:
        """The last pain as 0 to 100."""
        return self._pain.rating

    def update(self, now_s: float, view: View) -> Intent:
        """The wish now."""
        self._said = None
        waits = self._opening.update(now_s, view)
        if waits is not None:
            if self.phase != self._opening.phase:
                self._go(now_s, self._opening.phase, self._protocol.prompts.quiet)
            return self._intent(now_s, view, *waits)
        if self._main_s is None:
            self._main_s = now_s
            self._go(now_s, "before")
        self._hurry(now_s)
        asking = self.phase in ("before", "breathing", *LOADED) and not (view.busy or view.rest)
        ask = self._pain.update(now_s, view.commands, view.limits.rating_interval_s, asking)
        if self.phase in LOADED and self._pain.rise >= self._protocol.distraction.pain_rise:
            return self._skills(now_s, view)
        match self.phase:
            case "before":
                if self._pain.settled:
                    self._next(now_s)
                return self._intent(now_s, view, Why.BEFORE, None, ask)
            case "education":
                return self._education(now_s, view)
            case "breathing":
                if now_s - self._phase_s >= self._rules.breathing_s:
                    self._next(now_s)
                return self._intent(now_s, view, Why.CALMING, None, ask)
            case "activity":
                return self._activity(now_s, view, ask)
            case "movement":
                return self._moving(now_s, view, ask)
            case "diary":
                return self._diary(now_s, view)
        return self._cool(now_s, view)

    # --- the parts

    def _education(self, now_s: float, view: View) -> Intent:
        lesson = int((now_s - self._phase_s) / self._rules.lesson_s)
        if lesson >= len(self._rules.lessons):
            self._next(now_s)
        elif lesson != self._lesson:
            self._lesson = lesson
            self._caption.say(now_s, self._rules.lessons[lesson], self._rules.lesson_s)
        return self._intent(now_s, view, Why.LESSON, float(lesson + 1))

    def _activity(self, now_s: float, view: View, ask: Ask | None) -> Intent:
        words = self._caption.at(now_s) if now_s - self._phase_s < 8.0 else None
        free = ask is None and words is None and not (view.busy or view.rest)
        task = self._play.update(now_s, view, free)
        if now_s - self._phase_s >= self._rules.activity_s:
            self._next(now_s)
        if not view.automatic:
            return self._intent(now_s, view, Why.HANDS_OFF, load=view.intensity)
        load = self._play.load
        return self._intent(now_s, view, self._play.why, load, ask or words or task, load)

    def _moving(self, now_s: float, view: View, ask: Ask | None) -> Intent:
        words = self._caption.at(now_s) if now_s - self._phase_s < 8.0 else None
        free = ask is None and words is None and not view.busy
        move = self._movement.update(now_s, view, free)
        stopped = any(isinstance(command, TooMuch) for command in view.commands)
        if self._movement.over or stopped:
            self._next(now_s)
        number = float(self._movement.done)
        return self._intent(now_s, view, Why.MOVE, number, ask or words or move)

    def _skills(self, now_s: float, view: View) -> Intent:
        """Pain has risen: what is left of activity and movement gives way to breathing."""
        self._left = ["breathing", *(p for p in self._left if p not in (*LOADED, "breathing"))]
        self._said = Said.PAIN_UP
        rise = self._pain.rise
        self._next(now_s)
        self._caption.say(now_s, self._protocol.prompts.support)
        return self._intent(now_s, view, Why.PAIN_UP, rise)

    def _diary(self, now_s: float, view: View) -> Intent:
        flare = self._flare.update(now_s, view.commands)
        after = self._after.update(now_s, view.commands) if self._flare.over else None
        self._pain.update(now_s, view.commands, 1e9, may_ask=False)
        if self._flare.over and self._after.over:
            self._next(now_s)
        return self._intent(now_s, view, Why.DIARY, None, flare or after)

    # --- bookkeeping

    def _hurry(self, now_s: float) -> None:
        """Time is up: straight to the diary, so that no session ends without it."""
        late = now_s - (self._main_s or 0.0) >= self._protocol.phases.main_s
        if late and self.phase in ("education", "breathing", *LOADED):
            self._left = [part for part in self._left if part == "diary"]
            self._next(now_s)

    def _next(self, now_s: float) -> None:
        self._pacer = None
        part = self._left.pop(0) if self._left else "cooldown"
        prompts = self._protocol.prompts
        words = {"activity": prompts.main, "cooldown": prompts.cooldown}
        if part == "breathing":
            self._pacer = pacer(now_s, self._protocol.calm)
        self._go(now_s, part, words.get(part, ""))

    def _cool(self, now_s: float, view: View) -> Intent:
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
        calm = 1.0 if self._pacer is not None else 0.0
        ambient = tuple((name, calm) for name in view.ambient)
        intent = Intent(
            self.level, load, ambient, self.phase, why, number, ask or self._caption.at(now_s),
            self._pacer, measures=self._measures(), said=self._said, numbers=(self._pain.rise,),
        )  # fmt: skip
        task = intent.prompt.id if intent.prompt and intent.prompt.kind == "task" else None
        return replace(intent, task=task)

    def _measures(self) -> tuple[tuple[str, float], ...]:
        movement = self._movement
        own = [("movements", float(movement.done)), ("quota", float(movement.quota))]
        if self._flare.answer is not None:
            own.append(("flare", self._flare.answer))
        return (*self._pain.measures(), *self._play.measures(), *own)
