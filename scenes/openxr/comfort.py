"""Comfort and safety of pictures: the view narrows in motion, and no flashes, as in the browser."""

from collections.abc import Mapping

import numpy as np

from scenes.flash import MOST, FlashCounter
from scenes.openxr.pose import Array

STILL_M_S, FAST_M_S = 0.3, 1.5
JUMP_M_S = 50.0  # faster than this is a change of scene and no motion
LEAST_HZ = 60.0
SLOW_FOR_S, WELL_FOR_S = 1.0, 2.0
_EASE_S = 0.2


def narrowing(speed_m_s: float) -> float:
    """How narrow the view should be, 0 to 1, at a speed.

    >>> narrowing(0.3), narrowing(0.9), narrowing(3.0)
    (0.0, 0.5, 1.0)
    """
    x = min(1.0, max(0.0, round((speed_m_s - STILL_M_S) / (FAST_M_S - STILL_M_S), 12)))
    return x * x * (3 - 2 * x)


class Narrowing:
    """Follows where the patient is carried; `amount` 0..1 is how narrow the view is now."""

    def __init__(self) -> None:
        self.amount = 0.0
        self._speed_m_s = 0.0
        self._before: Array | None = None

    def update(self, carrier: Array, dt_s: float) -> float:
        """The matrix of what carries the viewer, and the time since the last picture."""
        here = carrier[:3, 3].copy()
        before, self._before = self._before, here
        if before is not None and dt_s > 0:
            speed_m_s = float(np.linalg.norm(here - before)) / dt_s
            if speed_m_s < JUMP_M_S:
                self._speed_m_s += (speed_m_s - self._speed_m_s) * min(1.0, dt_s / 0.15)
        self.amount += (narrowing(self._speed_m_s) - self.amount) * min(1.0, dt_s / 0.25)
        return self.amount


class Locomotion:
    """Whether the viewer may be moved: not while pictures come too slowly for comfort."""

    def __init__(self) -> None:
        self.share = 1.0  # of the commanded speed
        self.frozen = False
        self._times_s: list[float] = []
        self._since_s: float | None = None

    def update(self, now_s: float, dt_s: float, worn: bool, refresh_hz: float) -> float:
        """Call once a picture; returns the share of the commanded speed that is shown."""
        if not worn:
            self.share, self.frozen = 1.0, False
            self._times_s, self._since_s = [], None
            return 1.0
        self._times_s.append(now_s)
        while now_s - self._times_s[0] > 1.0:
            self._times_s.pop(0)
        least = min(LEAST_HZ, 0.83 * refresh_hz)
        slow = now_s - self._times_s[0] > 0.9 and len(self._times_s) < least
        if slow == self.frozen:
            self._since_s = None
        elif self._since_s is None:
            self._since_s = now_s
        elif now_s - self._since_s >= (SLOW_FOR_S if slow else WELL_FOR_S):
            self.frozen, self._since_s = slow, None
        step = dt_s / _EASE_S
        self.share = min(1.0, max(0.0, self.share + (-step if self.frozen else step)))
        return self.share


class FlashWatch:
    """Watches what is commanded: each parameter that shines, and all of them together."""

    def __init__(self) -> None:
        self._counters: dict[str, FlashCounter] = {}

    def update(self, time_s: float, shares: Mapping[str, float]) -> bool:
        """shares: how far each has travelled, times its photometric bound; True on a breach."""
        told = {**shares, "": sum(shares.values())}
        counts = [
            self._counters.setdefault(name, FlashCounter()).update(time_s, share)
            for name, share in told.items()
        ]
        return max(counts) > MOST

    def forget(self) -> None:
        """Another scene: what came before does not count."""
        self._counters.clear()
