"""Sessions in which everything goes wrong that we can think of, and an audit after every tick."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from adaptivevr import wire
from adaptivevr.check import Auditor, Violation
from adaptivevr.command import (
    Ack,
    Command,
    Confirm,
    Cue,
    Headset,
    Manual,
    Pause,
    Rate,
    Resume,
    SetLimit,
    Start,
    Step,
    Stop,
    TooMuch,
    Vet,
)
from adaptivevr.config import Config
from adaptivevr.header import header
from adaptivevr.limits import HARD
from adaptivevr.recorded import Recorded
from adaptivevr.session import Plan, Session
from adaptivevr.signals import canonical
from adaptivevr.therapy import protocol as protocols
from adaptivevr.tick import Tick
from calibration.baseline import Baseline
from calibration.prior import population
from scenes.scene import Cue as Event
from sensors.chunk import Chunk
from sensors.patient import PATIENTS, Patient, Seen
from sensors.stream import Kind
from tests.replay.play import EXPOSURE
from tests.simulation.clinic import scene

START_S = 1000.0
SECONDS = 600.0
CHUNK_S = 0.2
PROTOCOLS: tuple[Any, ...] = (EXPOSURE, EXPOSURE, "demo", "demo", "calm", "graded_exposure")
SENSORS = ((Kind.RR,), (Kind.RR,), (Kind.RR, Kind.EDA), (Kind.RR, Kind.EDA), (Kind.EDA,))
CUES = (
    Event("cough", "Somebody coughs", gate=0.05, pause_s=5.0),
    Event("bang", "A bang", gate=0.3, pause_s=20.0, vet=True),
    Event("shout", "A shout", gate=0.1, pause_s=10.0, vet=True),
)
FAULTS = (
    "unplugged", "frozen", "no numbers", "stamps jump", "swapped", "doubled", "late",
    "off the skin", "wrong unit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """One session: what was counted in it, and every rule that was broken."""

    seed: int
    ticks: int
    increases: int
    cues: int
    modes: tuple[str, ...]
    violations: tuple[Violation, ...]


class _Header:
    """What an audit wants to know of a recording before its first tick."""

    def __init__(self, plan: Plan) -> None:
        self.document: dict[str, Any] = wire.decode(header(plan))
        self.commands: tuple[dict[str, Any], ...] = ()


def plan_of(rng: np.random.Generator, seed: int) -> Plan:
    """A protocol in a clinic or at home, with a calibration that may be wrong in sign."""
    protocol = protocols.load(PROTOCOLS[int(rng.integers(len(PROTOCOLS)))])
    protocol = replace(protocol, scene="eight-steps")
    if protocol.controller == "exposure":
        protocol = replace(protocol, cues="vetted" if rng.random() < 0.3 else "scene")
    if rng.random() < 0.5:
        protocol = replace(protocol, advance="auto")
    config = Config(patient="simulated")
    if rng.random() < 0.25:
        level = int(rng.integers(0, 8))
        config = replace(config, place="home", home=((protocol.name, level),))
    baseline: Baseline | None = population("simulated") if rng.random() < 0.85 else None
    if baseline is not None and rng.random() < 0.15:
        wrong = tuple(replace(r, slope=-r.slope) for r in baseline.references)
        baseline = replace(baseline, references=wrong)
    eight = replace(scene(), cues=CUES)
    return Plan(config=config, protocol=protocol, scene=eight, baseline=baseline, seed=seed)


class Wire:
    """The way from the sensors to the engine; each fault lasts a while and then ends."""

    def __init__(self, rng: np.random.Generator, patient: Patient) -> None:
        self._rng, self._patient = rng, patient
        self._now: dict[Kind, tuple[str, float]] = {}  # fault and when it ends
        self._held: list[tuple[float, Chunk]] = []
        self._shift_s: dict[str, float] = {}
        self._frozen: dict[str, float] = {}

    def begin(self, now_s: float) -> None:
        """One more fault on one sensor, or the same on all."""
        fault = FAULTS[int(self._rng.integers(len(FAULTS)))]
        streams = self._patient.streams
        kinds = [s.kind for s in streams]
        if self._rng.random() < 0.4:
            kinds = [kinds[int(self._rng.integers(len(kinds)))]]
        for kind in kinds:
            self._end(kind)
            self._now[kind] = (fault, now_s + float(self._rng.exponential(20.0)))
            if fault == "unplugged":
                self._patient.unplug(kind)
            elif fault == "stamps jump":
                name = next(s.id for s in streams if s.kind == kind)
                self._shift_s[name] = float(self._rng.normal(0.0, 10.0))

    def carry(self, now_s: float, chunks: tuple[Chunk, ...]) -> list[Chunk]:
        """What arrives now."""
        for kind in [k for k, (_, until_s) in self._now.items() if now_s >= until_s]:
            self._end(kind)
        arrived = [chunk for due_s, chunk in self._held if due_s <= now_s]
        self._held = [(due_s, chunk) for due_s, chunk in self._held if due_s > now_s]
        for chunk in chunks:
            if len(chunk):
                fault = self._now.get(chunk.stream.kind, ("", 0.0))[0]
                arrived += self._spoil(now_s, chunk, fault, chunks)
        return arrived

    def _end(self, kind: Kind) -> None:
        fault, _ = self._now.pop(kind, ("", 0.0))
        if fault == "unplugged":
            self._patient.plug(kind)
        for stream in self._patient.streams:
            if stream.kind == kind:
                self._frozen.pop(stream.id, None)
                if self._rng.random() < 0.7:  # some clocks stay wrong
                    self._shift_s.pop(stream.id, None)

    def _spoil(
        self, now_s: float, chunk: Chunk, fault: str, beside: tuple[Chunk, ...]
    ) -> list[Chunk]:
        stream, stamps_s = chunk.stream, chunk.stamps_s + self._shift_s.get(chunk.stream.id, 0.0)
        values = np.array(chunk.values)
        match fault:
            case "frozen":
                values[:] = self._frozen.setdefault(stream.id, float(values[0, 0]))
            case "no numbers":
                values[self._rng.random(len(values)) < 0.6] = np.nan
            case "off the skin":
                values[:] = 0.005
            case "wrong unit":
                values = values * 1000.0
            case "swapped":
                other = next((c for c in beside if c.stream.id != stream.id and len(c)), chunk)
                count = min(len(values), len(other))
                values, stamps_s = np.array(other.values[:count]), stamps_s[:count]
            case "late":
                spoilt = Chunk(stream, stamps_s, chunk.offset_s, values)
                self._held.append((now_s + float(self._rng.exponential(6.0)), spoilt))
                return []
        spoilt = Chunk(stream, stamps_s, chunk.offset_s, values.astype(chunk.values.dtype))
        return [spoilt, spoilt] if fault == "doubled" else [spoilt]


class People:
    """A patient who answers, and a clinician who agrees to all and then presses anything."""

    def __init__(self, rng: np.random.Generator, patient: Patient) -> None:
        self._rng, self._patient = rng, patient
        self._count = 0
        self._asked: str | None = None
        self._pressing = False

    def say(self, now_s: float, kind: type[Command], who: str, **more: Any) -> Command:
        """One command with a name of its own."""
        self._count += 1
        return kind(id=f"c{self._count}", who=who, at_s=now_s, **more)

    def answers(self, now_s: float, tick: Tick) -> Iterator[Command]:
        """What follows from what is seen."""
        prompt = tick.intent.prompt
        if prompt is not None and prompt.kind == "rating" and prompt.id != self._asked:
            self._asked = prompt.id
            self._patient.ask(prompt.id, prompt.scale.name if prompt.scale else "suds", now_s)
        for one in self._patient.answers():
            more = {"scale": one.scale, "value": one.value, "prompt": one.prompt}
            yield self.say(now_s, Rate, "patient", **more)
        pressing = self._patient.too_much()
        if pressing and not self._pressing:
            yield self.say(now_s, TooMuch, "patient")
        self._pressing = pressing
        if tick.proposal is not None and self._rng.random() < 0.05:
            yield self.say(now_s, Confirm, "clinician", proposal=tick.proposal)
        if self._rng.random() < 0.15:  # a clinician who presses without looking
            yield self.say(now_s, Cue, "clinician", name=self._event())
        if self._rng.random() < (0.2 if tick.phase in ("waiting", "quiet") else 0.003):
            by, yes = str(self._rng.choice(["clinician", "patient"])), self._rng.random() < 0.8
            yield self.say(now_s, Vet, "clinician", name=self._event(), by=by, yes=bool(yes))
        if tick.decision.mode in ("safe", "manual") and self._rng.random() < 0.01:
            # Most resumes come after a stop: a session that stays at rest proves little.
            yield self.say(now_s, Resume, "clinician")
            yield self.say(now_s, Manual, "clinician", intensity=None)

    def _event(self) -> str:
        return CUES[int(self._rng.integers(len(CUES)))].name

    def anything(self, now_s: float) -> Command:
        """A word out of place."""
        rng, who = self._rng, "clinician" if self._rng.random() < 0.6 else "patient"
        name = str(rng.choice(list(HARD)))
        low, high = HARD[name]
        words: list[Callable[[], Command]] = [
            lambda: self.say(now_s, Stop, who),
            lambda: self.say(now_s, Resume, who),
            lambda: self.say(now_s, Pause, who),
            lambda: self.say(now_s, TooMuch, "patient"),
            lambda: self.say(now_s, Manual, who, intensity=float(rng.uniform(-0.2, 1.2))),
            lambda: self.say(now_s, Manual, who, intensity=None),
            lambda: self.say(now_s, Step, who, by=int(rng.integers(-2, 3))),
            lambda: self.say(now_s, Confirm, who, proposal=f"advance:{rng.integers(9)}"),
            lambda: self.say(now_s, Confirm, who, proposal="resume"),
            lambda: self.say(now_s, Rate, "patient", value=float(rng.uniform(0.0, 110.0))),
            lambda: self.say(
                now_s, Rate, "patient", scale="sickness", value=float(rng.uniform(0.0, 14.0))
            ),
            lambda: self.say(now_s, Headset, "patient", worn=bool(rng.random() < 0.5)),
            lambda: self.say(now_s, Ack, "patient"),
            lambda: self.say(now_s, Cue, who, name=self._event()),
            lambda: self.say(now_s, Vet, who, name=self._event(), yes=bool(rng.random() < 0.5)),
            lambda: self.say(
                now_s, SetLimit, who, name=name,
                value=float(rng.choice([rng.uniform(low, 1.2 * high), math.nan, math.inf, -1.0])),
            ),
        ]  # fmt: skip
        return words[int(rng.integers(len(words)))]()


def run(seed: int, seconds: float = SECONDS) -> Outcome:
    """One session of this seed; the same seed gives the same session."""
    rng = np.random.default_rng(seed)
    plan = plan_of(rng, seed)
    kinds = SENSORS[int(rng.integers(len(SENSORS)))]
    kind = str(rng.choice(sorted(PATIENTS)))
    patient = Patient(kind, seed, START_S, "features", artefacts=True, sensors=kinds)
    cable, people = Wire(rng, patient), People(rng, patient)
    session, auditor = Session(plan), Auditor(cast(Recorded, _Header(plan)))
    hz = float(rng.choice([2.0, 5.0, 10.0]))
    said: list[Command] = [people.say(START_S, Start, "clinician")]
    now_s = body_s = START_S
    seen, modes, found = Seen(rest=True), [""], None
    while now_s < START_S + seconds:
        now_s += 1.0 / hz
        if rng.random() < 0.004 / hz:
            now_s += float(rng.uniform(0.3, 8.0))  # the engine stood still
        if now_s > START_S + 20.0:
            if rng.random() < 0.02 / hz:
                cable.begin(now_s)
            if rng.random() < 0.008 / hz:
                said.append(people.anything(now_s))
        chunks: list[Chunk] = []
        if now_s - body_s >= CHUNK_S - 1e-9:
            chunks = cable.carry(now_s, patient.step(now_s - body_s, seen))
            body_s = now_s
        entered = canonical(chunks)
        tick = session.tick(now_s, entered, tuple(said))
        _sane(tick)
        found = auditor.take(_document(tick), entered, [_plain(c) for c in said])
        if tick.decision.mode != modes[-1]:
            modes.append(tick.decision.mode)
        seen = Seen(intensity=tick.frame.intensity, rest=tick.frame.rest)
        said = list(people.answers(now_s, tick))
    assert found is not None
    return Outcome(
        seed, found.ticks, found.increases, found.cues, tuple(modes[1:]), tuple(found.violations)
    )


def _sane(tick: Tick) -> None:
    """What no audit of intensities sees: numbers that are none, and rest that is not rest."""
    numbers = [v for _, v in tick.frame.values] + [v for _, v in tick.frame.ambient]
    assert all(math.isfinite(v) for v in [*numbers, tick.frame.intensity]), f"{tick.frame}"
    assert tick.decision.mode != "safe" or tick.frame.rest, "SAFE that is not at rest"
    assert not tick.frame.rest or tick.frame.intensity == 0.0, "a load at rest"


def _document(tick: Tick) -> dict[str, Any]:
    return {
        "seq": tick.seq, "now_s": tick.now_s, "entered": tick.entered, "commands": tick.commands,
        "intensity": tick.decision.intensity, "mode": str(tick.decision.mode),
        "reason": str(tick.decision.reason), "arousal": tick.arousal.level, "sd": tick.arousal.sd,
        "cues": wire.plain(tick.cues),
    }  # fmt: skip


def _plain(command: Command) -> dict[str, Any]:
    return {"command": type(command).__name__, **wire.plain(command)}
