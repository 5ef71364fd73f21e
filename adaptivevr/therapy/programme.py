"""The course for lasting pain: learning, breathing, activity, graded movement, diary (C4).

The parts come in the order of the protocol. Pain that has risen by two ends activity and movement
for today and leads to the breathing skills; it is never pushed through.
"""

from adaptivevr.therapy.agenda import Agenda
from adaptivevr.therapy.intent import Ask, Intent, Pacer, Said, Why
from adaptivevr.therapy.movement import Movement
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
        self._agenda = Agenda(protocol, bodily=False)
        self._pain = Pain(protocol.ratings)
        self._play = Play(protocol.distraction, seed, protocol.prompts.idle)
        self._movement = Movement(self._rules)
        self._flare = Question("flare", self._rules.flare)
        self._after = Question("pain-after", protocol.prompts.after, NRS)
        self._left = list(self._rules.parts)
        self._lesson = -1
        self._pacer: Pacer | None = None
        self._said: Said | None = None
        self.level = 0

    @property
    def rating(self) -> float | None:
        """The last pain as 0 to 100."""
        return self._pain.rating

    def update(self, now_s: float, view: View) -> Intent:
        """The wish now."""
        self._said = None
        waits = self._agenda.update(now_s, view)
        if waits is not None:
            return self._intent(now_s, view, *waits)
        if self._agenda.begins:
            self._agenda.go(now_s, "before")
        self._hurry(now_s)
        free = not (view.busy or view.rest)
        asking = free and self._agenda.phase in ("before", "breathing", *LOADED)
        ask = self._pain.update(now_s, view.commands, view.limits.rating_interval_s, asking)
        if self._agenda.phase in LOADED and self._pain.rise >= self._protocol.distraction.pain_rise:
            return self._skills(now_s, view)
        match self._agenda.phase:
            case "before":
                if self._pain.settled:
                    self._next(now_s)
                return self._intent(now_s, view, Why.BEFORE, None, ask)
            case "education":
                return self._education(now_s, view)
            case "breathing":
                if self._agenda.past_s(now_s) >= self._rules.breathing_s:
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
        lesson = int(self._agenda.past_s(now_s) / self._rules.lesson_s)
        if lesson >= len(self._rules.lessons):
            self._next(now_s)
        elif lesson != self._lesson:
            self._lesson = lesson
            self._agenda.caption.say(now_s, self._rules.lessons[lesson], self._rules.lesson_s)
        return self._intent(now_s, view, Why.LESSON, float(lesson + 1))

    def _activity(self, now_s: float, view: View, ask: Ask | None) -> Intent:
        words = self._agenda.first_words(now_s)
        free = ask is None and words is None and not (view.busy or view.rest)
        task = self._play.update(now_s, view, free)
        if self._agenda.past_s(now_s) >= self._rules.activity_s:
            self._next(now_s)
        if not view.automatic:
            return self._intent(now_s, view, Why.HANDS_OFF, load=view.intensity)
        load = self._play.load
        return self._intent(now_s, view, self._play.why, load, ask or words or task, load)

    def _moving(self, now_s: float, view: View, ask: Ask | None) -> Intent:
        words = self._agenda.first_words(now_s)
        free = ask is None and words is None and not view.busy
        move = self._movement.update(now_s, view, free)
        if self._movement.over or view.too_much:
            self._next(now_s)
        number = float(self._movement.done)
        return self._intent(now_s, view, Why.MOVE, number, ask or words or move)

    def _skills(self, now_s: float, view: View) -> Intent:
        """Pain has risen: what is left of activity and movement gives way to breathing."""
        self._left = ["breathing", *(p for p in self._left if p not in (*LOADED, "breathing"))]
        self._said = Said.PAIN_UP
        rise = self._pain.rise
        self._next(now_s)
        self._agenda.caption.say(now_s, self._protocol.prompts.support)
        return self._intent(now_s, view, Why.PAIN_UP, rise)

    def _diary(self, now_s: float, view: View) -> Intent:
        flare = self._flare.update(now_s, view.commands)
        after = self._after.update(now_s, view.commands) if self._flare.over else None
        if self._flare.over and self._after.over:
            self._next(now_s)
        return self._intent(now_s, view, Why.DIARY, None, flare or after)

    # --- bookkeeping

    def _hurry(self, now_s: float) -> None:
        """Time is up: straight to the diary, so that no session ends without it."""
        if self._agenda.late(now_s) and self._agenda.phase in ("education", "breathing", *LOADED):
            self._left = [part for part in self._left if part == "diary"]
            self._next(now_s)

    def _next(self, now_s: float) -> None:
        self._pacer = None
        part = self._left.pop(0) if self._left else "cooldown"
        prompts = self._protocol.prompts
        words = {"activity": prompts.main, "cooldown": prompts.cooldown}
        if part == "breathing":
            self._pacer = pacer(now_s, self._protocol.calm)
        self._agenda.go(now_s, part, words.get(part, ""))

    def _cool(self, now_s: float, view: View) -> Intent:
        self._agenda.cool(now_s)
        return self._intent(now_s, view, Why.REST)

    def _intent(
        self, now_s: float, view: View, why: Why, number: float | None = None,
        ask: Ask | None = None, load: float = 0.0,
    ) -> Intent:  # fmt: skip
        self.level = view.level_at(load)
        calm = 1.0 if self._pacer is not None else 0.0
        ambient = tuple((name, calm) for name in view.ambient)
        prompt = ask or self._agenda.caption.at(now_s)
        return Intent(
            self.level, load, ambient, self._agenda.phase, why, number, prompt, self._pacer,
            prompt.id if prompt and prompt.kind == "task" else None,
            measures=self._measures(), said=self._said, numbers=(self._pain.rise,),
        )  # fmt: skip

    def _measures(self) -> tuple[tuple[str, float], ...]:
        movement = self._movement
        own = [("movements", float(movement.done)), ("quota", float(movement.quota))]
        if self._flare.answer is not None:
            own.append(("flare", self._flare.answer))
        return (*self._pain.measures(), *self._play.measures(), *own)
