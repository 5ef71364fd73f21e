"""The renderer's own clock, a way to wait for a moment of it, and the engine's clock on it."""

import time
from dataclasses import dataclass
from math import inf, nan

_KEPT = 16
_APART_S = 0.05


def now_s() -> float:
    """Now on this process's monotonic clock, in seconds."""
    return time.perf_counter()


def wait_until(moment_s: float) -> None:
    """Returns at a moment of `now_s`, at once when it is past."""
    rest_s = moment_s - now_s()
    if rest_s > 0:
        time.sleep(rest_s)


@dataclass(frozen=True, slots=True)
class _Sighting:
    """A bracket round the difference of the two clocks: the answer was made in between."""

    low_s: float
    high_s: float


class EngineClock:
    """Maps the engine's clock onto ours, from questions and answers (the same as in the browser).

    >>> clock = EngineClock()
    >>> clock.update(asked_s=10.0, engine_s=900.5, heard_s=11.0)
    >>> clock.here_s(900.5)
    10.5
    """

    def __init__(self) -> None:
        self._sightings: list[_Sighting] = []

    @property
    def known(self) -> bool:
        """Whether an answer has come on this link."""
        return bool(self._sightings)

    def update(self, asked_s: float, engine_s: float, heard_s: float) -> None:
        """An answer: asked and heard on our clock, told on the engine's."""
        if not heard_s >= asked_s:
            return
        one = _Sighting(engine_s - heard_s, engine_s - asked_s)
        best = self._best()
        # Brackets that do not meet: a machine slept, or the engine is another one. Begin anew.
        if best and (one.low_s > best.high_s + _APART_S or one.high_s < best.low_s - _APART_S):
            self._sightings = []
        self._sightings = [*self._sightings[-_KEPT + 1 :], one]

    def forget(self) -> None:
        """After a new connection nothing is known about the engine's clock."""
        self._sightings = []

    def here_s(self, engine_s: float) -> float:
        """A moment of the engine's clock on ours; NaN before the first answer."""
        best = self._best()
        return engine_s - (best.low_s + best.high_s) / 2 if best else nan

    @property
    def error_s(self) -> float:
        """How far off the mapping may be: half the fastest question and answer."""
        best = self._best()
        return (best.high_s - best.low_s) / 2 if best else inf

    def _best(self) -> _Sighting | None:
        seen = self._sightings
        return min(seen, key=lambda s: s.high_s - s.low_s) if seen else None
