"""What one guest goes through: the protocol's own loop, a fixed schedule, another's load."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt

from adaptivevr.arousal import Arousal as Estimate
from adaptivevr.command import Command
from adaptivevr.config import Config
from adaptivevr.rehearsal import stored_calibration
from adaptivevr.session import Plan, Session
from adaptivevr.therapy import protocol as protocols
from adaptivevr.therapy.protocol import Protocol
from calibration.baseline import Baseline
from scenes import scene as scenes
from scenes.scene import Scene
from sensors.feature import Feature
from sensors.patient import Patient
from sensors.patient.arousal import Arousal
from sensors.patient.fear import Fear
from sensors.patient.kinds import known
from tests.simulation.clinic import LEVELS, Guest, scene
from tests.simulation.encounter import BODY_S, START_S, Clinician, Encounter

Floats = npt.NDArray[np.float64]
SESSION_S = 2400.0  # quiet and main together; the cool-down comes on top
RISE_PER_S, FALL_PER_S = 0.01, 0.05


@dataclass(frozen=True, slots=True)
class Twist:
    """How a session is made harder: seconds that the estimate comes late, and its gain."""

    lag_s: float = 0.0
    gain: float = 1.0


class Twisted(Session):
    """A session whose estimate comes late, or whose calibration is off by a factor.

    Only what the second half is told changes; guard and controller are the real ones.
    """

    def __init__(self, plan: Plan, twist: Twist) -> None:
        super().__init__(plan)
        self._twist = twist
        self._behind: list[tuple[float, Estimate]] = []

    def _estimate(
        self, now_s: float, features: Sequence[Feature], commands: Sequence[Command]
    ) -> Estimate:
        now = super()._estimate(now_s, features, commands)
        gain = self._twist.gain
        if now.level is not None:
            now = replace(now, level=now.level * gain)
        if not self._twist.lag_s:
            return now
        self._behind.append((now_s, now))
        while len(self._behind) > 1 and self._behind[1][0] <= now_s - self._twist.lag_s:
            self._behind.pop(0)
        at_s, old = self._behind[0]
        return old if now_s - at_s >= self._twist.lag_s - 0.2 else replace(old, level=None)


def forty_minutes(name: str) -> Protocol:
    """An exposure protocol as it stands, stretched so that quiet and main fill 40 minutes."""
    protocol = protocols.load(name)
    main_s = SESSION_S - protocol.phases.quiet_s
    phases = replace(protocol.phases, main_s=main_s)
    total_s = SESSION_S + phases.cooldown_s
    limits = replace(protocol.limits, session_s=max(protocol.limits.session_s, total_s))
    return replace(protocol, phases=phases, limits=limits)


@cache
def _calibration(kind: str, seed: int) -> Baseline:
    return stored_calibration(kind, seed, "guest")


def plan_of(
    guest: Guest,
    protocol: Protocol,
    where: Scene | None = None,
    calibration: Baseline | None = None,
) -> Plan:
    """The plan of one session: the guest comes with the calibration of another day.

    calibration: that one, taken now when it is None.
    """
    return Plan(
        config=Config(patient="guest"),
        protocol=protocol,
        scene=where or scene(),
        baseline=calibration or _calibration(guest.kind, guest.seed),
        seed=guest.seed,
    )


def place_of(protocol: Protocol) -> Scene:
    """The scene a protocol names, from the library; eight made-up steps where it is not there."""
    try:
        return scenes.load(protocol.scene)
    except scenes.SceneMistake:
        return scene()


def own(
    guest: Guest,
    protocol: Protocol,
    twist: Twist | None = None,
    calibration: Baseline | None = None,
    keep: bool = True,
) -> Encounter:
    """A session about to begin: the whole engine, this guest, and a clinician who says yes."""
    plan = plan_of(guest, protocol, calibration=calibration)
    patient = Patient(guest.kind, guest.seed, START_S, "features")
    session = Session(plan) if twist is None else Twisted(plan, twist)
    return Encounter(plan, patient, session, Clinician(guest.seed), keep=keep)


class Mind:
    """Fear and arousal of one guest and nothing else: what a load does to somebody unmeasured.

    The same draws as in a whole `Patient` who sees the same: no sensor feeds back on either.
    """

    def __init__(self, guest: Guest) -> None:
        person = known(guest.kind).person(guest.seed)
        self._fear, self._arousal = Fear(person), Arousal(person, guest.seed)

    def live(self, load: float) -> float:
        """Goes on by 0.2 s under this load; the true arousal then."""
        self._arousal.update(BODY_S, load, self._fear.at(load), 0.0, 0.0)
        self._fear.update(BODY_S, load, self._arousal.level)
        return self._arousal.level

    def fear_of(self, intensity: float) -> float:
        """How much an intensity would frighten now."""
        return self._fear.at(intensity)


def fixed(guest: Guest, quiet_s: float, end_s: float) -> tuple[Floats, Mind]:
    """True arousal of a guest on a fixed schedule: equal time on each of the eight levels."""
    each_s = (end_s - quiet_s) / LEVELS
    load, loads = 0.0, []
    for place in range(round(end_s / BODY_S)):
        at_s = place * BODY_S - quiet_s
        goal = 0.0 if at_s < 0.0 else min(LEVELS, int(at_s / each_s) + 1) / LEVELS
        load = min(goal, load + RISE_PER_S * BODY_S)
        loads.append(load)
    return under(guest, loads)


def under(guest: Guest, loads: Sequence[float]) -> tuple[Floats, Mind]:
    """The same person under a load that nobody adapts; one number for each 0.2 s."""
    mind = Mind(guest)
    return np.array([mind.live(load) for load in loads]), mind


def remaining_fear(patient: Patient | Mind) -> float:
    """The fear that is left at the end, mean over the eight levels."""
    return sum(patient.fear_of(n / LEVELS) for n in range(1, LEVELS + 1)) / LEVELS
