"""One number about the body, with everything needed to judge it."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Why a feature may not be what it seems."""

    OK = "ok"
    SETTLING = "settling"  # too little data yet for its window
    RELATIVE = "relative"  # the unit is not known, only changes mean something
    NOISY = "noisy"
    FLAT = "flat"  # identical samples: a frozen value or an open input
    CLIPPED = "clipped"
    DETACHED = "detached"
    IRREGULAR = "irregular"  # rhythm or contact: variability is off, rate still usable
    GAP = "gap"  # follows a hole in the data


@dataclass(frozen=True, slots=True)
class Feature:
    """A value on the signal's own clock: what it is, since when, and how good.

    value is None when the extractor has nothing to say (never 0, never the last number).
    time_s: effective time, the end of its window minus the delay of its filters.
    window_s: how much signal went into it. latency_s: how long after time_s it could be known.
    quality: 0 (ignore) to 1 (clean). sample: it exists after this many samples of `stream`
    (counted from 1), which makes it independent of how the stream was cut into chunks.

    >>> Feature("heart_rate", 61.5, "bpm", 12.0, "ecg", 1560, window_s=30.0, quality=0.9).value
    61.5
    """

    name: str
    value: float | None
    unit: str
    time_s: float
    stream: str
    sample: int
    window_s: float = 0.0
    latency_s: float = 0.0
    quality: float = 1.0
    status: Status = Status.OK
