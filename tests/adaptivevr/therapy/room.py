"""A controller alone in a room: every wish is granted at 0.05/s, and somebody answers."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from adaptivevr.command import Command, Rate, Task
from adaptivevr.modes import Mode
from adaptivevr.therapy.intent import Ask, Intent
from adaptivevr.therapy.protocol import Protocol, load
from adaptivevr.therapy.view import View
from adaptivevr.therapy.vitals import Reading
from adaptivevr.therapy.wellbeing import Therapy

LEVELS = (0.0, 0.2, 0.4, 0.6, 0.8)
RISE = 0.05


class Room:
    """answers: what is said on each scale (None: nothing); confirm: to yes-or-no questions by the
    beginning of their id. solve: how a task goes. body: the readings of each tick.
    """

    def __init__(
        self,
        make: Callable[[Protocol, int], Therapy],
        protocol: str | Protocol,
        hz: int = 2,
        mode: Mode = Mode.AUTO,
        seed: int = 1,
        moving: bool = False,
        **limits: float,
    ) -> None:
        rules = load(protocol) if isinstance(protocol, str) else protocol
        self.controller = make(rules, seed)
        self.hz, self.ticks = hz, 0
        bounds = replace(rules.limits, **limits) if limits else rules.limits
        self.view = View(
            arousal=0.3, sd=0.1, levels=LEVELS, limits=bounds, mode=mode, granted=9,
            ambient=("calm",), moving=moving,
        )  # fmt: skip
        self.answers: dict[str, float | None] = {"suds": 20.0, "nrs": 3.0, "fms": 0.0}
        self.confirm: dict[str, float | None] = {"": 1.0, "symptom": 0.0, "flare": 0.0}
        self.solve: Callable[[Ask], bool | None] = lambda ask: True
        self.body: Callable[[float], Sequence[Reading]] = lambda now_s: ()
        self.seen: list[Intent] = []
        self.said: list[Command] = []
        self._answered: set[str] = set()

    @property
    def now_s(self) -> float:
        return self.ticks / self.hz

    @property
    def last(self) -> Intent:
        return self.seen[-1]

    def tick(self, *commands: Command) -> Intent:
        said = (*commands, *self.said, *self._reply())
        self.said = []
        view = replace(self.view, commands=said, readings=tuple(self.body(self.now_s)))
        intent = self.controller.update(self.now_s, view)
        self.seen.append(intent)
        here = self.view.intensity
        step = RISE / self.hz
        move = min(max(intent.intensity - here, -step), step)
        shown = 0.0 if self.view.rest else here + move
        self.view = replace(self.view, intensity=shown)
        self.ticks += 1
        return intent

    def wait(self, seconds: float, **view: object) -> Intent:
        self.view = replace(self.view, **view)  # type: ignore[arg-type]
        for _ in range(max(1, round(seconds * self.hz))):
            self.tick()
        return self.last

    def until(self, phase: str, within_s: float = 4000.0, **view: object) -> Intent:
        self.view = replace(self.view, **view)  # type: ignore[arg-type]
        end_s = self.now_s + within_s
        while not self.seen or self.last.phase != phase:
            assert self.now_s < end_s, f"still {self.last}"
            self.tick()
        return self.last

    def say(self, kind: type[Command], who: str = "clinician", **more: object) -> Intent:
        return self.tick(kind(id="x", who=who, at_s=self.now_s, **more))

    def measures(self) -> dict[str, float]:
        return dict(self.last.measures)

    def phases(self) -> list[str]:
        found: list[str] = []
        for intent in self.seen:
            if not found or found[-1] != intent.phase:
                found.append(intent.phase)
        return found

    def _reply(self) -> tuple[Command, ...]:
        ask = self.seen[-1].prompt if self.seen else None
        if ask is None or ask.kind == "info" or ask.id in self._answered:
            return ()
        self._answered.add(ask.id)
        who = {"id": f"a{self.ticks}", "who": "patient", "at_s": self.now_s}
        if ask.kind == "task":
            right = self.solve(ask)
            return (
                ()
                if right is None
                else (
                    Task(**who, task=ask.id, correct=right, reaction_s=1.2),  # type: ignore[arg-type]
                )
            )
        if ask.kind == "rating":
            assert ask.scale is not None
            scale, value = ask.scale.name, self.answers.get(ask.scale.name)
        else:
            starts = [start for start in self.confirm if ask.id.startswith(start)]
            scale, value = "confirm", self.confirm[max(starts, key=len)]
        if value is None:
            return ()
        return (Rate(**who, scale=scale, value=value, prompt=ask.id),)  # type: ignore[arg-type]
