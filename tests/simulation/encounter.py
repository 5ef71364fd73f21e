"""One simulated person, the whole engine, and a clinician who answers: a session in seconds."""

import math
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from adaptivevr import wire
from adaptivevr.check import Audit, Auditor
from adaptivevr.command import Command, Confirm, Manual, Rate, Resume, Start, Task, TooMuch
from adaptivevr.session import Plan, Session, Step
from adaptivevr.signals import canonical
from adaptivevr.simulate import Body, told_scale
from adaptivevr.tick import Tick
from adaptivevr.watcher import Watcher
from sensors.chunk import Chunk
from sensors.patient import Answer, Patient

START_S = 1000.0
COLUMNS = ("seconds", "arousal", "fear", "intensity", "estimate", "sd", "level", "in_step", "calm")
BODY_S = 0.2  # sensors send five packets a second, whatever the rate of ticks
Floats = npt.NDArray[np.float64]
Spoil = Callable[[float, tuple[Chunk, ...]], tuple[Chunk, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """What happened, tick by tick, each shape (n,): seconds since the start, the true arousal
    and fear that no sensor shows, what was shown, what was estimated (NaN: not known), on which
    level, in which mode and phase, and how well breathing followed the pacer."""

    seconds: Floats
    arousal: Floats
    fear: Floats
    intensity: Floats
    estimate: Floats
    sd: Floats
    level: Floats
    in_step: Floats
    calm: Floats  # the mean of the ambient values, 0..1
    modes: tuple[str, ...]
    phases: tuple[str, ...]

    def began(self) -> int:
        """The tick of the first ramp: where load first left 0."""
        shown = np.flatnonzero(self.intensity > 0.0)
        return int(shown[0]) if len(shown) else len(self.seconds)


@dataclass
class Clinician:
    """Says yes to what is proposed after some seconds, and hands a safe session back in time.

    Nothing here looks at the truth: this is the most compliant clinician there can be, so that
    whatever safety is found is the engine's own.
    """

    seed: int
    says_yes: bool = True
    resumes_after_s: float = 120.0
    _proposal: str | None = None
    _since_s: float = 0.0
    _safe_s: float | None = None
    _number: int = 0

    def answer(self, tick: Tick) -> list[Command]:
        """What is said after this tick."""
        if tick.proposal != self._proposal:
            self._proposal, self._since_s = tick.proposal, tick.now_s
        if tick.decision.mode == "safe" and self.says_yes:
            return self._take_over(tick)
        self._safe_s = None
        if tick.proposal is None or tick.now_s - self._since_s < 4.0 + self.seed % 5:
            return []
        self._since_s = tick.now_s
        yes = self.says_yes
        return [Confirm(**self._who(tick.now_s), proposal=tick.proposal, yes=yes)]

    def _take_over(self, tick: Tick) -> list[Command]:
        if self._safe_s is None:
            self._safe_s = tick.now_s
        if tick.now_s - self._safe_s < self.resumes_after_s:
            return []
        self._safe_s = None
        return [
            Resume(**self._who(tick.now_s)),
            Manual(**self._who(tick.now_s + 0.001), intensity=None),
        ]

    def _who(self, at_s: float) -> dict[str, Any]:
        self._number += 1
        return {"id": f"c{self._number}", "who": "clinician", "at_s": at_s}


@dataclass
class Encounter:
    """Patient and session in step, tick after tick.

    orders: what happens, by seconds since the start; each may return a command. spoil: what
    happens to the samples on their way. watch: called with every tick and the encounter.
    keep: write down each tick's document and each step's inputs, for an audit afterwards.
    auditor: an audit that goes along instead. mute: the patient never answers a question.
    """

    plan: Plan
    patient: Patient
    session: Session
    clinician: Clinician | None = None
    hz: float = 10.0
    spoil: Spoil | None = None
    orders: dict[float, Callable[["Encounter"], Command | None]] = field(default_factory=dict)
    watch: Callable[["Encounter", Tick], None] | None = None
    keep: bool = True
    auditor: Auditor | None = None
    mute: bool = False

    def __post_init__(self) -> None:
        self.said: list[Command] = [Start(id="start", who="clinician", at_s=START_S)]
        self.documents: list[dict[str, Any]] = []
        self.commands: list[dict[str, Any]] = []
        self.inputs: list[Step] = []
        self._columns = [array("d") for _ in COLUMNS]
        self._modes: list[str] = []
        self._phases: list[str] = []
        self._due = sorted(self.orders)
        self.watcher, self.body = Watcher(), Body(self.patient, START_S)
        self.audit: Audit | None = None  # what the auditor has found so far
        self._answers: tuple[Answer, ...] = ()
        self._truth = self.patient.truth
        self._count = 0
        self._body_s = 0.0
        self._number = 0

    @property
    def now_s(self) -> float:
        """The engine's clock."""
        return START_S + self._count / self.hz

    @property
    def since_s(self) -> float:
        """Seconds since the start."""
        return self._count / self.hz

    def run(self, seconds: float) -> Track:
        """Lives for so long; returns the track of everything so far."""
        for _ in range(round(seconds * self.hz)):
            self._step()
        return self.track()

    def stall(self, seconds: float) -> None:
        """The engine stands still for so long; the body goes on and its samples pile up."""
        self._count += round(seconds * self.hz)

    def say(self, kind: type[Command], who: str = "patient", **more: Any) -> None:
        """A command for the next tick."""
        self._number += 1
        self.said.append(kind(id=f"{who[0]}{self._number}", who=who, at_s=self.now_s, **more))

    def track(self) -> Track:
        """Everything so far."""
        modes, phases = tuple(self._modes), tuple(self._phases)
        columns = (np.array(column) for column in self._columns)
        return Track(**dict(zip(COLUMNS, columns, strict=True)), modes=modes, phases=phases)

    def _step(self) -> None:
        while self._due and self._due[0] <= self.since_s:
            order = self.orders[self._due.pop(0)](self)
            if order is not None:
                self.said.append(order)
        self._count += 1
        chunks: tuple[Chunk, ...] = ()
        if self.since_s >= self._body_s + BODY_S - 1e-9:
            self._body_s = self.since_s
            chunks, answers = self.body.step(self.now_s, self.watcher)
            self._truth = self.patient.truth
            self._answers = () if self.mute else answers
            if self.spoil is not None:
                chunks = self.spoil(self.since_s, chunks)
        commands, self.said = tuple(self.said), []
        tick = self.session.tick(self.now_s, chunks, commands)
        self._note(tick, chunks, commands)
        self._live_on(tick)

    def _live_on(self, tick: Tick) -> None:
        """What the patient sees and says, and what the clinician says, before the next tick."""
        self.watcher.show(tick.frame, tick.intent.pacer)
        if tick.intent.prompt is not None:
            self.watcher.ask(tick.intent.prompt)
        for answer in self._answers:
            self.say(Rate, scale=told_scale(answer), value=answer.value, prompt=answer.prompt,
                     shown_s=answer.shown_s)  # fmt: skip
        self._answers = ()
        for attempt in self.patient.attempts():
            self.say(Task, task=attempt.task, correct=attempt.correct,
                     reaction_s=attempt.reaction_s)  # fmt: skip
        if self.body.presses_too_much():
            self.say(TooMuch)
        if self.clinician is not None:
            self.said += self.clinician.answer(tick)
        if self.watch is not None:
            self.watch(self, tick)

    def _note(self, tick: Tick, chunks: Sequence[Chunk], commands: Sequence[Command]) -> None:
        truth, arousal, ambient = self._truth, tick.arousal, tick.decision.ambient
        row = (
            self.since_s, truth.arousal, truth.fear, tick.decision.intensity,
            math.nan if arousal.level is None else arousal.level, arousal.sd, float(tick.level),
            truth.in_step, sum(at for _, at in ambient) / len(ambient) if ambient else 0.0,
        )  # fmt: skip
        for column, number in zip(self._columns, row, strict=True):
            column.append(number)
        self._modes.append(tick.decision.mode)
        self._phases.append(tick.phase)
        if not self.keep and self.auditor is None:
            return
        document = {
            "seq": tick.seq, "now_s": tick.now_s, "entered": tick.entered,
            "commands": tick.commands, "intensity": tick.decision.intensity,
            "mode": tick.decision.mode, "reason": tick.decision.reason,
            "arousal": arousal.level, "sd": arousal.sd,
        }  # fmt: skip
        if self.keep:
            self.inputs.append((tick.now_s, tuple(chunks), tuple(commands)))
            self.documents.append(document)
        if self.auditor is not None:
            said = [wire.decode(wire.encode_command(command)) for command in commands]
            self.audit = self.auditor.take(document, canonical(chunks), said)
