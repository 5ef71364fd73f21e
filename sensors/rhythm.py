"""From beat times to heart rate and its variability: correction first, numbers after.

Beats that are missed, extra or ectopic are labelled by the rules of Lipponen & Tarvainen 2019
(J Med Eng Technol 43:173), made trailing: a beat is judged when the two after it are known,
against the last 91 intervals, and no threshold falls below 20 ms (a paced heart or paced breath
would else make an artefact of everything).
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from operator import mul

MEMORY = 91
FLOOR_S = 0.02
ALPHA, C1, C2 = 5.2, 0.13, 0.17
FIRST = 20  # intervals before the quartiles can be trusted
SHORTEST_S, LONGEST_S = 0.3, 2.0


class Label(StrEnum):
    """What an interval is."""

    NORMAL = "normal"
    ECTOPIC = "ectopic"
    LONG_SHORT = "long or short"
    MISSED = "missed"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class Normal:
    """An interval after correction; None where it could not be saved. time_s: of its end."""

    time_s: float
    interval_s: float | None
    label: Label


def _quartile_range(values: list[float]) -> float:
    ordered = sorted(values)
    last = len(ordered) - 1
    low, high = last * 0.25, last * 0.75
    return _at(ordered, high) - _at(ordered, low)


def _at(ordered: list[float], place: float) -> float:
    whole = int(place)
    after = min(whole + 1, len(ordered) - 1)
    return ordered[whole] + (place - whole) * (ordered[after] - ordered[whole])


def middle(values: list[float]) -> float:
    """The median of a short list."""
    return _at(sorted(values), (len(values) - 1) / 2)


class Correction:
    """Intervals in, corrected intervals out, two beats later."""

    def __init__(self) -> None:
        self._beats: list[tuple[float, float]] = []  # time, interval
        self._steps: list[float] = []  # change from the interval before
        self._offs: list[float] = []  # distance from the median of eleven
        self._open = 0  # how many of the last beats are not judged yet
        self._merged = False
        self._artefacts = 0  # in a row

    def update(self, time_s: float, interval_s: float | None) -> list[Normal]:
        """The next beat; `interval_s` is None when the beat before is not known."""
        if interval_s is None:
            self._open, self._merged = 0, False
            return []
        last = self._beats[-1][1] if self._beats and self._open else interval_s
        self._beats = [*self._beats[-MEMORY:], (time_s, interval_s)]
        off = interval_s - middle([rr for _, rr in self._beats[-11:]])
        self._steps = [*self._steps[-MEMORY + 1 :], interval_s - last]
        self._offs = [*self._offs[-MEMORY + 1 :], 2 * off if off < 0 else off]
        self._open += 1
        if self._open < 3:
            return []
        return self._judge()

    def _judge(self) -> list[Normal]:
        time_s, rr = self._beats[-3]
        if self._merged:  # was joined to the interval before it
            self._merged = False
            return []
        usual = middle([b for _, b in self._beats[-11:]])
        spread_s = max(FLOOR_S, ALPHA * _quartile_range([abs(o) for o in self._offs]) / 2)
        label = self._label(rr, usual, spread_s)
        if label is Label.NORMAL:
            self._artefacts = 0
            return [Normal(time_s, rr, label)]
        self._artefacts += 1
        if label is Label.MISSED:
            return [Normal(time_s - rr / 2, rr / 2, label), Normal(time_s, rr / 2, label)]
        if label is Label.EXTRA:
            self._merged = True
            return [Normal(self._beats[-2][0], rr + self._beats[-2][1], label)]
        isolated = self._artefacts <= 2
        return [Normal(time_s, usual if isolated else None, label)]

    def _label(self, rr: float, usual: float, spread_s: float) -> Label:
        after = self._beats[-2][1]
        if len(self._steps) < FIRST:
            sane = SHORTEST_S <= rr <= LONGEST_S and abs(rr - usual) <= 0.2 * usual
            if sane:
                return Label.NORMAL
        else:
            step_s = max(FLOOR_S, ALPHA * _quartile_range([abs(s) for s in self._steps]) / 2)
            d0, d1, d2, d3 = (s / step_s for s in self._steps[-4:])
            m = (rr - usual) * (2 if rr < usual else 1) / spread_s
            around = max(d0, d2) if d1 > 0 else min(d0, d2)
            ectopic = (d1 > 1 and around < -C1 * d1 - C2) or (d1 < -1 and around > -C1 * d1 + C2)
            ahead = min(d2, d3) if d1 >= 0 else max(d2, d3)
            turned = (d1 > 1 and ahead < -1) or (d1 < -1 and ahead > 1)
            if not ectopic and not turned and abs(m) <= 3 and SHORTEST_S <= rr <= LONGEST_S:
                return Label.NORMAL
            if ectopic and abs(m) <= 1:
                return Label.NORMAL
        if rr > 1.5 * usual and abs(rr / 2 - usual) < max(spread_s, 0.1 * usual):
            return Label.MISSED
        if rr < 0.75 * usual and abs(rr + after - usual) < max(spread_s, 0.1 * usual):
            return Label.EXTRA
        return Label.ECTOPIC if rr < usual else Label.LONG_SHORT


@dataclass(frozen=True, slots=True)
class Span:
    """The corrected intervals of the last seconds, in numbers; None where too few."""

    rate_bpm: float | None
    ln_rmssd: float | None
    rsa_ms: float | None
    good: float  # share of intervals that needed no correction
    covered_s: float
    irregular: bool


class Rhythm:
    """Heart rate over 30 s, variability over 30 s, peak to trough over 10 s (sources: A3)."""

    def __init__(self) -> None:
        self._correction = Correction()
        self._normals: list[Normal] = []
        self.judged: list[Normal] = []  # by the last beat

    def update(self, time_s: float, interval_s: float | None) -> Span:
        """Takes a beat and says what the last seconds look like now."""
        self.judged = self._correction.update(time_s, interval_s)
        self._normals += self.judged
        while self._normals and self._normals[0].time_s < time_s - 120:
            del self._normals[0]
        return self._span(time_s)

    def _span(self, now_s: float) -> Span:
        since_s, normal = now_s - 30, Label.NORMAL
        recent = [n for n in self._normals if n.time_s > since_s]
        known = [n.interval_s for n in recent if n.interval_s is not None]
        covered = sum(known)
        good = len([n for n in recent if n.label is normal]) / len(recent) if recent else 0.0
        rate = 60 * len(known) / covered if covered >= 5 and len(known) >= 4 else None
        steps = [
            b.interval_s - a.interval_s
            for a, b in pairwise(recent)
            if a.label is normal and b.label is normal
            if a.interval_s is not None and b.interval_s is not None
            if b.time_s - a.time_s < 1.5 * b.interval_s
        ]
        ln_rmssd = None
        if covered >= 15 and len(steps) >= 10:
            mean_square = sum(map(mul, steps, steps)) / len(steps)
            ln_rmssd = math.log(max(1.0, 1000 * math.sqrt(mean_square)))
        short = [n.interval_s for n in recent if n.time_s > now_s - 10 and n.interval_s is not None]
        rsa = 1000 * (max(short) - min(short)) if len(short) >= 5 and sum(short) > 5 else None
        return Span(rate, ln_rmssd, rsa, good, covered, self._irregular())

    def _irregular(self) -> bool:
        """Over two minutes: many corrections, or steps that are large and without order."""
        count = len(self._normals)
        if count < 20:
            return False
        normal = Label.NORMAL
        wrong = len([n for n in self._normals if n.label is not normal])
        if wrong > 0.1 * count:
            return True
        known = [n.interval_s for n in self._normals if n.interval_s is not None]
        steps = [b - a for a, b in pairwise(known)]
        mean = sum(known) / len(known)
        if math.sqrt(sum(map(mul, steps, steps)) / len(steps)) <= 0.12 * mean:
            return False
        offs = [k - mean for k in known]  # breathing moves neighbours together, fibrillation not
        echo = sum(a * b for a, b in pairwise(offs)) / sum(o * o for o in offs)
        return abs(echo) < 0.2
