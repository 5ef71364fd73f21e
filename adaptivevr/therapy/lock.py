"""How firmly the heart follows the breathing pacer: 0 not at all, 1 in perfect step.

The share of the swing of the heartbeat intervals that runs with the pacer's own cycle, whatever
its lag, as an amplitude: sqrt of the variance that one sine and cosine of the pacer's phase explain
after the mean and a straight drift are taken out. Needs no belt; a drifting heart has none.
"""

import math
from collections import deque
from collections.abc import Sequence

from adaptivevr.therapy.intent import Pacer
from adaptivevr.therapy.vitals import Reading

SPAN_S = 60.0
FEWEST = 30
GOOD = 0.5
LOST_S = 10.0


class Lock:
    """Takes beats (intervals in s), tells the share for a pacer."""

    def __init__(self) -> None:
        self._beats: deque[tuple[float, float]] = deque()
        self._known: tuple[Pacer | None, float, float | None] = (None, 0.0, None)

    def update(self, readings: Sequence[Reading]) -> None:
        """Takes the beats of one tick; poor ones are left out."""
        for reading in readings:
            if reading.name == "beat" and reading.quality >= GOOD:
                self._beats.append((reading.time_s, reading.value))
                while self._beats[0][0] < reading.time_s - SPAN_S:
                    self._beats.popleft()

    def of(self, pacer: Pacer, now_s: float) -> float | None:
        """How firmly the last minute follows this pacer, None with too few beats.

        Beats from before the pacer began do not count.
        """
        newest_s = self._beats[-1][0] if self._beats else -math.inf
        if now_s - newest_s > LOST_S:
            return None
        if self._known[:2] != (pacer, newest_s):  # once a beat, however often it is asked for
            self._known = (pacer, newest_s, self._share(pacer, newest_s))
        return self._known[2]

    def _share(self, pacer: Pacer, newest_s: float) -> float | None:
        since_s = max(newest_s - SPAN_S, pacer.start_s)
        beats = [(t, rr) for t, rr in self._beats if t >= since_s]
        if len(beats) < FEWEST:
            return None
        length_s = pacer.in_s + pacer.hold_s + pacer.out_s + pacer.rest_s
        turns = [2.0 * math.pi * (t - pacer.start_s) / length_s for t, _ in beats]
        middle = math.fsum(t for t, _ in beats) / len(beats)
        rows = [
            (1.0, t - middle, math.cos(a), math.sin(a))
            for (t, _), a in zip(beats, turns, strict=True)
        ]
        values = [rr for _, rr in beats]
        plain = _left(rows, values, 2)
        if plain < 1e-9 * len(values):
            return 0.0
        return math.sqrt(max(0.0, 1.0 - _left(rows, values, 4) / plain))


def _left(rows: Sequence[Sequence[float]], values: Sequence[float], use: int) -> float:
    """The squares that the first `use` columns leave unexplained (Gram-Schmidt, plain floats)."""
    rest = list(values)
    done: list[list[float]] = []
    for column in range(use):
        own = [row[column] for row in rows]
        for other in done:
            share = math.fsum(a * b for a, b in zip(own, other, strict=True))
            own = [a - share * b for a, b in zip(own, other, strict=True)]
        size = math.sqrt(math.fsum(a * a for a in own))
        if size < 1e-9:
            continue
        unit = [a / size for a in own]
        done.append(unit)
        share = math.fsum(a * b for a, b in zip(rest, unit, strict=True))
        rest = [a - share * b for a, b in zip(rest, unit, strict=True)]
    return math.fsum(a * a for a in rest)
