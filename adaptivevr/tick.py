"""Everything one tick of the engine decided, as plain numbers that compare equal."""

from dataclasses import dataclass

from adaptivevr.arousal import Arousal
from adaptivevr.cues import Ruled
from adaptivevr.guard import Decision
from adaptivevr.limits import Change
from adaptivevr.therapy.intent import Intent
from scenes.frame import SceneFrame
from sensors.feature import Feature
from sensors.source import Fault


@dataclass(frozen=True, slots=True)
class Tick:
    """One step of a session. Holds only float, int, str, bool, None, enums and tuples.

    entered: (stream id, samples, offset_s) of what came in since the last tick.
    baseline: the id of the baseline in force, None before there is one. changes: limits that
    were tuned in this tick, with who, from what, to what and why. cues: what became of those that
    were asked for in this tick.
    """

    seq: int
    now_s: float
    entered: tuple[tuple[str, int, float], ...]
    commands: tuple[str, ...]
    features: tuple[Feature, ...]
    arousal: Arousal
    phase: str
    level: int
    intent: Intent
    decision: Decision
    frame: SceneFrame
    proposal: str | None
    faults: tuple[Fault, ...]
    baseline: str | None
    changes: tuple[Change, ...] = ()
    cues: tuple[Ruled, ...] = ()
