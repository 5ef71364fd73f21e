"""What a controller wishes for; only the guard decides what happens."""

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why a controller wishes what it wishes. English is made at the edge."""

    WAITING = "waiting"  # not started
    QUIET = "quiet"  # the quiet phase, a baseline is being taken
    RAMP = "ramp"  # on the way to the level
    HOLD = "hold"  # on the level, inside the window
    HABITUATED = "habituated"  # arousal has come down, the next level is due
    TOO_EASY = "too_easy"
    UNSURE = "unsure"  # no usable arousal: hold
    ASK = "ask"  # a proposal stands
    HIGH = "high"  # above the window: hold, do not retreat
    RETREAT = "retreat"  # above the ceiling
    TOO_MUCH = "too_much"  # the patient said so
    RECOVER = "recover"
    PLATEAU = "plateau"
    TOP = "top"  # on the highest level allowed today
    SILENT = "silent"  # asked twice without an answer: no advance without a person
    HANDS_OFF = "hands_off"  # somebody else is in charge: follow, wish nothing new
    CALMING = "calming"
    SUPPORT = "support"  # arousal rises in a relaxing session: take load off faster
    REST = "rest"  # cool-down or end


@dataclass(frozen=True, slots=True)
class Scale:
    """A rating scale as it is shown to a person."""

    name: str
    min: float
    max: float
    step: float
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A text for the patient: kind is info, rating, confirm or task."""

    id: str
    kind: str
    text: str
    scale: Scale | None = None
    until_s: float | None = None


@dataclass(frozen=True, slots=True)
class Pacer:
    """A breathing pacer: durations in seconds, phase counted from start_s."""

    start_s: float
    in_s: float
    hold_s: float
    out_s: float
    rest_s: float


@dataclass(frozen=True, slots=True)
class Intent:
    """A wish: level in the hierarchy, intensity 0..1, ambient values 0..1, and the reason."""

    level: int
    intensity: float
    ambient: tuple[tuple[str, float], ...]
    phase: str
    reason: Why
    number: float | None = None  # the number that decided, for the sentence
    prompt: Ask | None = None
    pacer: Pacer | None = None
    task: str | None = None
    proposal: str | None = None  # what it would do if a person said yes, as `advance:3`
    gives_up: bool = False  # asks for rest for good: too many retreats
