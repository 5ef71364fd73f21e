"""One session with the simulated patient on a clock of our own, ordered about by a script."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from adaptivevr.command import Command, Rate, Start, TooMuch
from adaptivevr.config import Config
from adaptivevr.header import header
from adaptivevr.recording import Recording
from adaptivevr.session import Plan, Session
from adaptivevr.signals import canonical
from adaptivevr.therapy import protocol as protocols
from adaptivevr.tick import Tick
from calibration.prior import population
from scenes import scene as scenes
from sensors.chunk import Chunk
from sensors.patient import Patient, Seen
from sensors.stream import Kind

START_S = 1000.0
EXPOSURE = Path(__file__).parent / "exposure.toml"
type Spoil = Callable[[float, list[Chunk]], list[Chunk]]


def plan(protocol: str | Path = EXPOSURE, stored: bool = True) -> Plan:
    """A plan as `demo` makes one; stored False: the person has no calibration."""
    rules = protocols.load(protocol)
    return Plan(
        config=Config(patient="simulated"),
        protocol=rules,
        scene=scenes.load(rules.scene),
        baseline=population("simulated") if stored else None,
    )


@dataclass
class Play:
    """Patient and session in step. `orders` are what happens, by seconds since the start."""

    kind: str = "normal"
    seed: int = 1
    detail: str = "features"
    hz: float = 20.0
    sensors: tuple[Kind, ...] | None = None
    artefacts: bool = False
    plan: Plan = field(default_factory=plan)
    orders: Mapping[float, Callable[["Play"], Command | None]] = field(default_factory=dict)
    spoil: Spoil | None = None
    record: Path | None = None
    shown: Callable[[float], float] | None = None  # another intensity than the session's (yoked)

    def __post_init__(self) -> None:
        self.patient = Patient(
            self.kind, self.seed, START_S, self.detail, self.artefacts, self.sensors
        )
        self.session = Session(self.plan)
        self.ticks: list[Tick] = []
        self.truths: list[float] = []
        self.recording = Recording(self.record, header(self.plan)) if self.record else None
        self._due = sorted(self.orders)
        self._asked: str | None = None
        self._said: list[Command] = [Start(id="start", who="clinician", at_s=START_S)]
        self._seen = Seen(rest=True)
        self._pressed = False
        self._count = 0

    @property
    def now_s(self) -> float:
        """The engine's clock."""
        return START_S + self._count / self.hz

    @property
    def since_s(self) -> float:
        """Seconds since the start."""
        return self._count / self.hz

    def say(self, kind: type[Command], who: str = "clinician", **more: Any) -> None:
        """A command for the next tick."""
        name = f"{kind.__name__.lower()}{self._count}"
        self._said.append(kind(id=name, who=who, at_s=self.now_s, **more))

    def run(self, seconds: float) -> list[Tick]:
        """Lives for so long; returns the ticks of that time."""
        first = len(self.ticks)
        for _ in range(round(seconds * self.hz)):
            self._step()
        return self.ticks[first:]

    def close(self) -> None:
        """Ends the recording."""
        if self.recording is not None:
            self.recording.close()

    def _step(self) -> None:
        while self._due and self._due[0] <= self.since_s:
            said = self.orders[self._due.pop(0)](self)
            if isinstance(said, Command):
                self._said.append(said)
        self._count += 1
        chunks = list(self.patient.step(1.0 / self.hz, self._seen))
        if self.spoil is not None:
            chunks = self.spoil(self.since_s, chunks)
        entered, commands = canonical(chunks), tuple(self._said)
        self._said = []
        tick = self.session.tick(self.now_s, entered, commands)
        if self.recording is not None:
            self.recording.write(entered, commands, tick)
        self.ticks.append(tick)
        self.truths.append(self.patient.truth.arousal)
        self._show(tick)

    def _show(self, tick: Tick) -> None:
        frame, pacer = tick.frame, tick.intent.pacer
        beat = (
            (pacer.start_s, pacer.in_s, pacer.hold_s, pacer.out_s, pacer.rest_s) if pacer else None
        )
        intensity = frame.intensity if self.shown is None else self.shown(self.since_s)
        rest = frame.rest and self.shown is None
        self._seen = Seen(intensity=intensity, rest=rest, pacer=beat)
        prompt = tick.intent.prompt
        if prompt is not None and prompt.kind == "rating" and prompt.id != self._asked:
            self._asked = prompt.id
            self.patient.ask(prompt.id, prompt.scale.name if prompt.scale else "suds", self.now_s)
        for answer in self.patient.answers():
            self.say(
                Rate, "patient", scale=answer.scale, value=answer.value, prompt=answer.prompt,
                shown_s=answer.shown_s,
            )  # fmt: skip
        pressing = self.patient.too_much()
        if pressing and not self._pressed:
            self.say(TooMuch, "patient")
        self._pressed = pressing


def intensities(ticks: Sequence[Tick]) -> list[float]:
    """What was shown, tick by tick."""
    return [tick.decision.intensity for tick in ticks]


def rises(ticks: Sequence[Tick]) -> int:
    """In how many ticks more was shown than in the one before."""
    return sum(after > before for before, after in pairwise(intensities(ticks)))


def modes(ticks: Sequence[Tick]) -> list[str]:
    """The modes in the order in which they came, each once per stay."""
    found: list[str] = []
    for tick in ticks:
        if not found or found[-1] != tick.decision.mode:
            found.append(str(tick.decision.mode))
    return found


def unplug(*kinds: Kind) -> Callable[[Play], None]:
    """An order: these sensors stop sending."""

    def order(play: Play) -> None:
        for kind in kinds:
            play.patient.unplug(kind)

    return order


def plug(*kinds: Kind) -> Callable[[Play], None]:
    """An order: these sensors send again."""

    def order(play: Play) -> None:
        for kind in kinds:
            play.patient.plug(kind)

    return order


def say(kind: type[Command], who: str = "clinician", **more: Any) -> Callable[[Play], None]:
    """An order: somebody says something."""
    return lambda play: play.say(kind, who, **more)
