"""When each sample really was: the steady pace behind jittered, bunched or misdeclared stamps.

Samples come off a converter at an even pace; their stamps are that pace plus a delay that is
never negative (packets, bursts, a busy computer). So the pace is the lower edge of the stamps.
"""

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BLOCK_S = 0.125
LONGEST_BLOCKS = 480  # one minute for the pace
EDGE_BLOCKS = 32  # four seconds for the level
FIRST_FIT_BLOCKS = 24  # three seconds before the declared rate is doubted
DECLARED_SD = 0.002  # how far crystals usually are from what the maker declares
WORST_PACE = 0.1  # a pace further off than this is a burst, not a rate


class Pace:
    """Maps a sample's index (whole or fractional) to its time, from the samples seen so far.

    Fed once per block of `block` samples, so that cutting cannot be seen in the result.
    Starts anew after `hole` (the pace stays known, the level is lost).

    >>> pace = Pace(100.0)
    >>> for start in range(0, 1200, pace.block):
    ...     pace.update(start, 5.0 + np.arange(start, start + pace.block) / 104.0)
    >>> round(1 / pace.period_s, 1)
    104.0
    """

    def __init__(self, rate_hz: float, block: int | None = None) -> None:
        self._declared_s = 1.0 / rate_hz
        self.block = block or max(1, round(BLOCK_S * rate_hz))
        self.period_s = self._declared_s
        self.hole(0, 0.0)

    def hole(self, index: int, stamp_s: float) -> None:
        """The sample `index` follows lost time: the level of the stamps starts anew here."""
        self._index, self._origin_s = index, stamp_s
        self._lows: list[float] = []  # lowest delay of each block, declared pace taken off
        self._slope_s = (self.period_s - self._declared_s) * self.block
        self._edge_s = 0.0  # level at the middle of the last block

    def update(self, start: int, stamps_s: Floats) -> None:
        """Takes the stamps of the next block, whose first sample is `start`."""
        count = np.arange(start - self._index, start - self._index + len(stamps_s))
        self._lows.append(float((stamps_s - self._origin_s - count * self._declared_s).min()))
        del self._lows[:-LONGEST_BLOCKS]
        if len(self._lows) >= FIRST_FIT_BLOCKS and len(self._lows) % 8 == 0:
            self._fit()
        recent = self._lows[-EDGE_BLOCKS:]
        self._edge_s = min(
            low + self._slope_s * (len(recent) - 1 - i) for i, low in enumerate(recent)
        )
        self._middle = start + (len(stamps_s) - 1) / 2

    def _fit(self) -> None:
        """Straight line through the lower edge; the declared rate counts until it is refuted."""
        lows = np.array(self._lows)
        n = len(lows)
        x = np.arange(n) - (n - 1) / 2
        spread = n * (n * n - 1) / 12
        slope = float((x * lows).sum()) / spread
        rest = lows - lows.mean() - slope * x
        block_s = self.block * self._declared_s
        error = math.sqrt(float((rest * rest).sum()) / (n - 2) / spread) / block_s
        off = slope / block_s
        if abs(off) > WORST_PACE or error > 0.02:
            off = 0.0
        elif abs(off) < 4 * math.hypot(error, DECLARED_SD):
            off *= DECLARED_SD**2 / (DECLARED_SD**2 + error**2)
        self.period_s = self._declared_s * (1 + off)
        self._slope_s = off * block_s

    def time_s(self, index: float) -> float:
        """The time of a sample near the newest block, on the clock of the stamps."""
        if not self._lows:
            return self._origin_s + (index - self._index) * self.period_s
        level = self._origin_s + (self._middle - self._index) * self._declared_s + self._edge_s
        return level + (index - self._middle) * self.period_s
