"""When somebody talks or breathes raggedly: heart rate variability then says nothing of arousal."""

from collections import deque
from collections.abc import Sequence
from itertools import pairwise
from math import sqrt

from sensors.feature import Feature

WINDOW_S = 30.0
LEAST_BREATHS = 4
RAGGED = 0.4
"""Breath lengths of quiet sitting vary by 10 to 25 %, those of talk by half and more."""
MARKED_S = 120.0  # a mark "talking" holds so long, unless "silent" ends it
SHORTEST_S = 0.8


class Talking:
    """Watches a breathing belt's wave, and what a clinician marks: `talking`, then `silent`."""

    def __init__(self) -> None:
        self._starts: deque[float] = deque(maxlen=64)
        self._last: float | None = None
        self._until_s = float("-inf")

    def update(self, now_s: float, features: Sequence[Feature], marks: Sequence[str] = ()) -> bool:
        """Whether variability is to be left out now. marks: texts of this tick's marks."""
        for feature in features:
            if feature.name == "breath" and feature.value is not None and feature.quality >= 0.5:
                self._follow(feature.time_s, feature.value)
        for text in marks:
            word = text.strip().lower()
            if word == "talking":
                self._until_s = now_s + MARKED_S
            elif word == "silent":
                self._until_s = float("-inf")
        return now_s < self._until_s or self._ragged(now_s)

    def _follow(self, at_s: float, value: float) -> None:
        """A breath begins where the wave goes up through its middle."""
        rises = self._last is not None and self._last < 0.0 <= value
        self._last = value
        if rises and (not self._starts or at_s - self._starts[-1] >= SHORTEST_S):
            self._starts.append(at_s)

    def _ragged(self, now_s: float) -> bool:
        recent = [at_s for at_s in self._starts if at_s >= now_s - WINDOW_S]
        lengths = [b - a for a, b in pairwise(recent)]
        if len(lengths) < LEAST_BREATHS:
            return False
        mean = sum(lengths) / len(lengths)
        spread = sqrt(sum((length - mean) ** 2 for length in lengths) / len(lengths))
        return spread > RAGGED * mean
