"""Samples gathered into blocks of a fixed number, with a time that can be believed.

What follows may then work block by block, whatever way the stream was cut: a block is closed
by a count of samples, never by a call.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sensors.chunk import Chunk
from sensors.stream import Stream

Floats = npt.NDArray[np.float64]

SPAN_S = 10.0  # over which the true rate is measured
RECENT = 256  # samples among which a repeated one is looked for
HABIT = 0.9  # memory of how uneven this sender's stamps usually are


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A fixed number of samples, in the stream's unit; NaN where no number came.

    values: (n, channels). time_s: of the last sample, smoothed. sample: how many of the
    stream had come by then. gap_s: hole in time before or within the block. dropped: samples
    left out since the last block (repeated, late, without a stamp). reset: the sender's
    clock or rate changed, nothing before this block belongs to it.
    """

    values: Floats
    time_s: float
    sample: int
    rate_hz: float
    gap_s: float = 0.0
    dropped: int = 0
    reset: bool = False


class Blocks:
    """Cuts one stream into blocks and keeps its clock.

    Stamps are trusted over the nominal rate: a loop follows them slowly, so bursts and jitter
    do not shake the time of a feature, and the rate is measured anew every ten seconds.
    A stamp that repeats or steps back is left out; a second of them is a clock reset.

    >>> from sensors.stream import Kind
    >>> eda = Stream("eda", "ring", Kind.EDA, 4.0, unit="uS")
    >>> blocks = Blocks(eda, 2)
    >>> chunk = Chunk(eda, np.arange(5) / 4, 0.0, np.ones((5, 1)))
    >>> [(b.time_s, b.sample) for b in blocks.take(chunk)]
    [(0.25, 2), (0.75, 4)]
    """

    def __init__(self, stream: Stream, size: int, rate_hz: float | None = None) -> None:
        self.stream = stream
        self.size = size
        self.rate_hz = self._nominal_hz = rate_hz or stream.rate_hz
        self._seen = 0
        self._newest_s = -np.inf  # highest stamp so far
        self._late = 0  # how many in a row stepped back
        self._recent: deque[tuple[float, float]] = deque(maxlen=RECENT)
        self._parts: list[tuple[Floats, Floats, npt.NDArray[np.int64]]] = []
        self._waiting = 0
        self._dropped_to = 0  # samples accounted for by earlier blocks
        self._restart()
        self._reset = False

    def _restart(self) -> None:
        self._next_s: float | None = None  # when the next sample is due
        self._uneven_s = 0.0
        self._span: tuple[float, int] | None = None  # start of the measured span
        self._counted = 0
        self._other_hz: float | None = None
        self._reset = True

    def take(self, chunk: Chunk) -> list[Block]:
        """The blocks that these samples complete."""
        stamps_s = chunk.time_s
        values = self._numbers(chunk)
        n = len(stamps_s)
        blocks: list[Block] = []
        if not n:
            return blocks
        index = np.arange(self._seen + 1, self._seen + n + 1)
        self._seen += n
        steady = self._late == 0 and stamps_s[0] > self._newest_s and stamps_s[-1] < np.inf
        if steady and (n == 1 or bool((stamps_s[1:] > stamps_s[:-1]).all())):
            self._newest_s = float(stamps_s[-1])
            self._remember(stamps_s, values)
            self._parts.append((stamps_s, values, index))
            self._waiting += n
        else:
            self._take_uneven(stamps_s, values, index, blocks)
        self._close(blocks)
        return blocks

    def _numbers(self, chunk: Chunk) -> Floats:
        """The used channels in the stream's unit; what is no number becomes NaN."""
        numbers = chunk.numbers
        if self.stream.inverse:
            numbers[numbers == 0.0] = np.nan
            numbers = self.stream.scale / numbers
        else:
            numbers *= self.stream.scale
        good = np.isfinite(numbers)
        if not good.all():
            numbers[~good] = np.nan
        return numbers

    def _remember(self, stamps_s: Floats, values: Floats) -> None:
        first = values[-RECENT:, 0].tolist()
        self._recent.extend(zip(stamps_s[-len(first) :].tolist(), first, strict=True))

    def _take_uneven(
        self, stamps_s: Floats, values: Floats, index: npt.NDArray[np.int64], blocks: list[Block]
    ) -> None:
        """The slow way, one sample at a time: some stamps repeat, step back or are no number."""
        limit = max(3.0, self._nominal_hz)
        back_s = max(0.25, 3.0 / self._nominal_hz)
        first = values[:, 0].tolist()
        keep: list[int] = []
        for i, stamp in enumerate(stamps_s.tolist()):
            if not abs(stamp) < np.inf:
                continue
            if stamp <= self._newest_s:
                if (stamp, first[i]) in self._recent:
                    continue
                if stamp < self._newest_s - back_s:
                    self._late += 1
                    if self._late < limit:
                        continue
                    self._put(stamps_s, values, index, keep)
                    self._close(blocks)
                    keep = []
                    self._parts, self._waiting = [], 0
                    self._restart()
                    self._newest_s = stamp
            self._late = 0
            self._newest_s = max(self._newest_s, stamp)
            self._recent.append((stamp, first[i]))
            keep.append(i)
        self._put(stamps_s, values, index, keep)

    def _put(
        self, stamps_s: Floats, values: Floats, index: npt.NDArray[np.int64], keep: list[int]
    ) -> None:
        if keep:
            self._parts.append((stamps_s[keep], values[keep], index[keep]))
            self._waiting += len(keep)

    def _close(self, blocks: list[Block]) -> None:
        if self._waiting < self.size:
            return
        stamps_s, values, index = self._parts[0]
        if len(self._parts) > 1:
            stamps_s, values, index = (np.concatenate(p) for p in zip(*self._parts, strict=True))
        start = 0
        while self._waiting - start >= self.size:
            stop = start + self.size
            blocks.append(self._block(stamps_s[start:stop], values[start:stop], index[stop - 1]))
            start = stop
        self._waiting -= start
        self._parts = [(stamps_s[start:], values[start:], index[start:])] if self._waiting else []

    def _tolerance_s(self) -> float:
        """A deviation beyond this is a hole and no unevenness."""
        return max(0.25, 3.0 / self.rate_hz, 3.0 * self._uneven_s)

    def _block(self, stamps_s: Floats, values: Floats, sample: int) -> Block:
        period_s = 1.0 / self.rate_hz
        n = len(stamps_s)
        if n == 1:
            middle_s = last_s = float(stamps_s[0])
            inside_s = 0.0
        else:
            ahead_s = stamps_s - np.arange(n) * period_s  # where the block would have begun
            middle_s, last_s = float(np.sort(ahead_s)[n // 2]), float(ahead_s[-1])
            inside_s = float(np.diff(ahead_s).max())
        gap_s = 0.0
        if self._next_s is None:
            self._next_s = middle_s
            self._span = None
        error_s = middle_s - self._next_s
        if abs(error_s) > self._tolerance_s() or inside_s > self._tolerance_s():
            gap_s = max(last_s - self._next_s, inside_s, 0.0)
            self._next_s = last_s
            if gap_s > 2.0:
                self._span = None
        else:
            self._next_s += min(1.0, n * period_s / 2.0) * error_s
        habit_s = min(abs(error_s), 0.5)  # a long hole is no habit
        self._uneven_s = HABIT * self._uneven_s + (1 - HABIT) * habit_s
        time_s = self._next_s + (n - 1) * period_s
        self._next_s += n * period_s
        self._counted += n
        self._measure(middle_s, period_s)
        dropped = int(sample) - self._dropped_to - n
        self._dropped_to = int(sample)
        reset, self._reset = self._reset, False
        return Block(values, time_s, int(sample), 1 / period_s, gap_s, max(dropped, 0), reset)

    def _measure(self, middle_s: float, period_s: float) -> None:
        """Compares the rate over the last span with the one assumed, and follows it."""
        if self._span is None:
            self._span = (middle_s, self._counted)
            return
        start_s, counted = self._span
        samples = self._counted - counted
        if samples * period_s < SPAN_S or middle_s - start_s < SPAN_S / 4:
            return
        rate_hz = samples / (middle_s - start_s)
        self._span = (middle_s, self._counted)
        if abs(rate_hz / self.rate_hz - 1) < 0.2:
            self.rate_hz, self._other_hz = 0.5 * (self.rate_hz + rate_hz), None
        elif self._other_hz and abs(rate_hz / self._other_hz - 1) < 0.05:
            self.rate_hz, self._other_hz, self._reset = rate_hz, None, True
        else:
            self._other_hz = rate_hz
