"""What people see beside a tick: sensors, limits and settings as they stand. Never recorded."""

from dataclasses import dataclass

from adaptivevr.cues import Card
from adaptivevr.health import Sensor
from adaptivevr.limits import Limits
from adaptivevr.therapy.protocol import Cadence


@dataclass(frozen=True, slots=True)
class Panel:
    """A reading of the session for the console; nothing is decided from it."""

    protocol: str
    scene: str
    levels: tuple[str, ...]
    sensors: tuple[Sensor, ...]
    limits: Limits
    heart_rate_bpm: float | None
    rating: float | None
    quiet_share: float | None  # how much of the quiet phase is done, None when it is over
    question: Cadence  # what is rated in this therapy, and on which scale
    refused: tuple[str, ...] = ()  # why the quiet phase gave no baseline yet, in sentences
    cues: tuple[Card, ...] = ()  # the scene's events and how each stands, none where none may come
    screen: tuple[str, ...] = ()  # reasons not to take part, to be asked before
