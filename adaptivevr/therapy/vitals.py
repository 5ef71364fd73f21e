"""What the body's sensors told since the last tick, as far as a therapy works with it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sensors.feature import Feature

NAMES = (
    "beat", "coherence", "rsa", "breath_rate", "breath_rate_rsa", "alpha", "muscle",
)  # fmt: skip
"""The features a controller may be told, by name."""
LOST_S = 10.0  # another stream takes over when the one in use was silent for so long


@dataclass(frozen=True, slots=True)
class Reading:
    """One value in its feature's unit: when it was true of the body, and how good it is (0..1)."""

    name: str
    value: float
    time_s: float
    quality: float


class Vitals:
    """Picks, of each kind of value, one stream's; two sensors of one heart are never mixed."""

    def __init__(self) -> None:
        self._streams: dict[str, tuple[str, float]] = {}  # name -> stream, its last time

    def update(self, features: Sequence[Feature]) -> tuple[Reading, ...]:
        """The readings in these features, in their order; one without a value is none."""
        found = []
        for feature in features:
            if feature.name not in NAMES or feature.value is None:
                continue
            stream, last_s = self._streams.get(feature.name, ("", -math.inf))
            if stream != feature.stream and feature.time_s - last_s < LOST_S:
                continue
            self._streams[feature.name] = (feature.stream, max(feature.time_s, last_s))
            found.append(Reading(feature.name, feature.value, feature.time_s, feature.quality))
        return tuple(found)


class Latest:
    """The newest reading of each name."""

    def __init__(self) -> None:
        self._readings: dict[str, Reading] = {}

    def update(self, readings: Sequence[Reading]) -> None:
        """Takes the readings of one tick."""
        for reading in readings:
            self._readings[reading.name] = reading

    def of(self, name: str, now_s: float, within_s: float) -> Reading | None:
        """The newest one, None when it is older than within_s.

        >>> latest = Latest()
        >>> latest.update([Reading("rsa", 40.0, 5.0, 1.0)])
        >>> latest.of("rsa", 9.0, 10.0).value, latest.of("rsa", 16.0, 10.0)
        (40.0, None)
        """
        reading = self._readings.get(name)
        return reading if reading is not None and now_s - reading.time_s <= within_s else None
