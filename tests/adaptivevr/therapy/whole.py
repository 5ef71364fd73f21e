"""A protocol from its start to its end: the whole session with a simulated patient who answers."""

from collections.abc import Callable
from dataclasses import replace

from adaptivevr.command import Command, Confirm, Rate, Start, Task, TooMuch
from adaptivevr.config import Config
from adaptivevr.session import Plan, Session
from adaptivevr.signals import canonical
from adaptivevr.simulate import Body, told_scale
from adaptivevr.therapy.protocol import Protocol, load
from adaptivevr.tick import Tick
from adaptivevr.watcher import Watcher
from calibration.baseline import Baseline
from calibration.prior import population
from scenes import scene as scenes
from sensors.patient import Patient
from sensors.stream import Kind

START_S = 1000.0
THINKS_S = 5.0


class Whole:
    """Session, patient and a clinician who says yes while arousal is in the window.

    The scene is one that is always there, whatever the protocol names: it is the rules that are
    looked at. `hears` may add or drop what the patient says.
    """

    def __init__(
        self,
        protocol: str | Protocol,
        kind: str = "normal",
        seed: int = 1,
        hz: float = 4.0,
        sensors: tuple[Kind, ...] | None = None,
        scene: str = "heights",
        baseline: Baseline | None = None,
        agrees: Callable[[str], bool] = lambda proposal: True,
    ) -> None:
        rules = load(protocol) if isinstance(protocol, str) else protocol
        self.protocol = replace(rules, scene=scene)
        self.session = Session(
            Plan(
                Config(patient="simulated"), self.protocol, scenes.load(scene),
                baseline or population("simulated"), seed=seed,
            )
        )  # fmt: skip
        detail = "waveform" if sensors and Kind.EEG in sensors else "features"
        self.body = Body(Patient(kind, seed, START_S, detail, False, sensors), START_S)
        self.watcher = Watcher()
        self.hz, self.count = hz, 0
        self.agrees = agrees
        self.said: list[Command] = [Start(id="start", who="clinician", at_s=START_S)]
        self.ticks: list[Tick] = []
        self.truths: list[float] = []
        self.heard: list[Command] = []
        self._proposal: str | None = None
        self._since_s = 0.0

    @property
    def now_s(self) -> float:
        """The engine's clock."""
        return START_S + self.count / self.hz

    def say(self, kind: type[Command], who: str = "patient", **more: object) -> None:
        """A command for the next tick."""
        name = f"{kind.__name__}{len(self.said)}-{self.count}"
        self.said.append(kind(id=name, who=who, at_s=self.now_s, **more))

    def run(self, seconds: float = 3600.0) -> list[Tick]:
        """Goes on for so long or until the protocol has ended; all ticks so far."""
        end = self.count + round(seconds * self.hz)
        while self.count < end and not (self.ticks and self.ticks[-1].phase == "end"):
            self.step()
        return self.ticks

    def step(self) -> Tick:
        """One tick."""
        self.count += 1
        chunks, answers = self.body.step(self.now_s, self.watcher)
        for answer in answers:
            self.say(
                Rate, scale=told_scale(answer), value=answer.value, prompt=answer.prompt,
                shown_s=answer.shown_s,
            )  # fmt: skip
        for one in self.body.patient.attempts():
            self.say(Task, task=one.task, correct=one.correct, reaction_s=one.reaction_s)
        if self.body.presses_too_much():
            self.say(TooMuch)
        commands, self.said = tuple(self.said), []
        self.heard.extend(commands)
        tick = self.session.tick(self.now_s, canonical(chunks), commands)
        self.ticks.append(tick)
        self.truths.append(self.body.patient.truth.arousal)
        self.watcher.show(tick.frame, tick.intent.pacer)
        if tick.intent.prompt is not None:
            self.watcher.ask(tick.intent.prompt)
        self._beside(tick)
        return tick

    def measures(self) -> dict[str, float]:
        """The protocol's own figures at the end."""
        return dict(self.ticks[-1].intent.measures)

    def phases(self) -> list[str]:
        """The phases in the order they came, each once a stay."""
        found: list[str] = []
        for tick in self.ticks:
            if not found or found[-1] != tick.phase:
                found.append(tick.phase)
        return found

    def _beside(self, tick: Tick) -> None:
        if tick.proposal != self._proposal:
            self._proposal, self._since_s = tick.proposal, tick.now_s
        level = tick.arousal.level
        calm = tick.phase == "vetting" or (level is not None and level <= 0.65)
        due = self._proposal is not None and tick.now_s - self._since_s >= THINKS_S
        if due and calm and self._proposal:
            self._since_s = tick.now_s + THINKS_S
            yes = self.agrees(self._proposal)
            self.say(Confirm, "clinician", proposal=self._proposal, yes=yes)
