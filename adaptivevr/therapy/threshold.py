"""A threshold for reward that stands still within a block and moves little between blocks.

A threshold that chases the patient hides learning (Collura 2005): it is fixed for a block, set so
that the share `success` of the last block's values would have been rewarded, and may fall by a
tenth at most. The absolute figure is told beside it, always.
"""

from collections.abc import Sequence

FEWEST = 12  # values a quantile may rest on


class Threshold:
    """value: what stands in this block, None while nothing was ever measured.

    success: the share of values to be rewarded. fall: the most it may fall between blocks, as
    a share. least: it never lies below this.
    """

    def __init__(self, success: float, fall: float, least: float = 0.0) -> None:
        self._success = success
        self._fall = fall
        self._least = least
        self._values: list[float] = []
        self.value: float | None = None
        self.spread = 0.0  # the median absolute deviation of the first values

    def take(self, value: float) -> None:
        """One good value of this block."""
        self._values.append(value)

    def next_block(self) -> None:
        """Sets the threshold of the block that begins now."""
        values, self._values = self._values, []
        if len(values) < FEWEST:
            return
        wish = quantile(values, 1.0 - self._success)
        if self.value is None:
            middle = quantile(values, 0.5)
            self.spread = quantile([abs(v - middle) for v in values], 0.5)
        else:
            wish = max(wish, (1.0 - self._fall) * self.value)
        self.value = max(wish, self._least)


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies, straight between neighbours.

    >>> quantile([1.0, 2.0, 3.0, 4.0, 5.0], 0.25)
    2.0
    """
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = min(int(place), len(ordered) - 2) if len(ordered) > 1 else 0
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
