"""Means: of arousal over the last seconds, the same at any tick rate, and of all values so far."""

from collections import deque

STEP_S = 0.25


class Trailing:
    """A trailing mean over `span_s`, None unless it is known now and over half of the span."""

    def __init__(self, span_s: float) -> None:
        self._span_s = span_s
        self._values: deque[tuple[float, float | None]] = deque()
        self.mean: float | None = None

    def clear(self) -> None:
        """Forget everything: the values of another level say nothing about this one."""
        self._values.clear()
        self.mean = None

    def update(self, now_s: float, value: float | None) -> float | None:
        """Take the value now (kept every 0.25 s at most); returns the mean."""
        if self._values and now_s - self._values[-1][0] < STEP_S - 1e-6:
            return self.mean
        self._values.append((now_s, value))
        while self._values[0][0] <= now_s - self._span_s:
            self._values.popleft()
        known = [v for _, v in self._values if v is not None]
        covered_s = now_s - self._values[0][0]
        enough = 2 * len(known) > len(self._values) and covered_s >= 0.5 * self._span_s
        self.mean = sum(known) / len(known) if value is not None and enough else None
        return self.mean


class Mean:
    """The mean of all values so far, None before the first.

    >>> mean = Mean()
    >>> mean.take(1.0), mean.take(2.0), mean.value
    (None, None, 1.5)
    """

    def __init__(self) -> None:
        self.count = 0
        self._sum = 0.0

    def take(self, value: float) -> None:
        """One value more."""
        self.count += 1
        self._sum += value

    @property
    def value(self) -> float | None:
        """Their mean."""
        return self._sum / self.count if self.count else None
