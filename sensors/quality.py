"""What is wrong with the samples themselves: missing, frozen or at the rail."""

import numpy as np
import numpy.typing as npt

from sensors.feature import Status

FROZEN_S = 1.0  # coarse converters repeat a value for a fifth of a second, electrodes do not more
RAIL_S = 0.03
WINDOW_S = 10.0


class Watch:
    """Counts bad samples over the last ten seconds, hop by hop.

    >>> watch = Watch(100.0, 10)
    >>> watch.update(np.zeros(1000), np.zeros(1000, dtype=bool))
    >>> watch.shares(1000)
    (0.0, 0.9, 0.0)
    """

    def __init__(self, rate_hz: float, hop: int) -> None:
        self.hop = hop
        self._frozen = round(FROZEN_S * rate_hz)
        self._rail = max(3, round(RAIL_S * rate_hz))
        self._window = max(1, round(WINDOW_S * rate_hz / hop))
        self._seen = 0
        self._last = np.nan
        self._run = 0  # how many samples the last value has lasted
        self._top, self._bottom = -np.inf, np.inf
        self._counts: list[tuple[int, int, int]] = []
        self._first = 0  # hop number of the first count kept

    def update(self, values: npt.NDArray[np.float64], missing: npt.NDArray[np.bool_]) -> None:
        """Takes whole hops of one channel; `missing` marks samples that were no number."""
        count = len(values)
        if not count:
            return
        place = np.arange(count)
        new = np.empty(count, dtype=bool)
        new[0], new[1:] = values[0] != self._last, values[1:] != values[:-1]
        start = np.maximum.accumulate(np.where(new, place, -1))
        run = np.where(start >= 0, place - start + 1, self._run + place + 1)
        top = np.maximum.accumulate(np.maximum(values, self._top))
        bottom = np.minimum.accumulate(np.minimum(values, self._bottom))
        frozen = (run > self._frozen) & ~missing
        rail = (run >= self._rail) & ((values == top) | (values == bottom)) & (top > bottom)
        rail &= ~frozen & ~missing
        self._last, self._run = float(values[-1]), int(run[-1])
        self._top, self._bottom = float(top[-1]), float(bottom[-1])
        whole = count // self.hop * self.hop
        sums = [
            flag[:whole].reshape(-1, self.hop).sum(axis=1).tolist()
            for flag in (missing, frozen, rail)
        ]
        drop = max(0, len(self._counts) - self._window)
        self._first += drop
        self._counts = self._counts[drop:] + list(zip(*sums, strict=True))

    def shares(self, seen: int) -> tuple[float, float, float]:
        """Share of missing, frozen and clipped samples in the ten seconds before sample `seen`."""
        end = seen // self.hop - self._first
        window = self._counts[max(0, end - self._window) : end]
        if not window:
            return 0.0, 0.0, 0.0
        total = len(window) * self.hop
        missing, frozen, rail = (sum(column) for column in zip(*window, strict=True))
        return missing / total, frozen / total, rail / total


def judge(shares: tuple[float, float, float], shape: float) -> tuple[float, Status]:
    """Quality 0..1 and its reason, from bad shares of samples and the likeness of the beats."""
    missing, frozen, rail = shares
    sound = (
        max(0.0, 1 - 2 * missing) * max(0.0, 1 - 2 * frozen) * max(0.0, 1 - 8 * max(0, rail - 0.01))
    )
    quality = sound * shape
    if frozen > 0.25:
        return quality, Status.FLAT
    if missing > 0.25:
        return quality, Status.GAP
    if rail > 0.05:
        return quality, Status.CLIPPED
    return quality, Status.NOISY if quality < 0.5 else Status.OK


def graded(value: float, worst: float, best: float) -> float:
    """0 at `worst`, 1 at `best`, straight between, whichever of the two is larger.

    >>> graded(0.75, 0.5, 1.0), graded(0.2, 0.5, 1.0)
    (0.5, 0.0)
    """
    return min(1.0, max(0.0, (value - worst) / (best - worst)))
