"""R peaks of an ECG as they come: one adaptive detector, free of amplitude and polarity.

After Pan & Tompkins 1985 and Hamilton 2002 (thresholds between running signal and noise levels,
refractory time, slope test for T waves, search-back), with three changes: the level of a beat is
an upper quartile, so that waves taken for beats cannot pull it down; a small peak waits for a
larger one close behind (a P wave before its QRS); an early peak must look like the others or
stand out of a quiet line (a ventricular beat does, noise does not).
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sensors.iir import Sos, bandpass, delay_s, lowpass

Floats = npt.NDArray[np.float64]

LEARN_S = 2.0
LARGE, FAMILIAR = 0.6, 0.8  # a sure peak: so high against the beat level, or so like the others
THRESHOLD = 0.4  # between noise and beat level
SEARCH_BACK_RR, SEARCH_BACK = 1.6, 0.6
EARLY_RR, LIKE, OUTSTANDING = 0.8, 0.7, 6.0
LOST_S = 8.0  # without a beat for so long, the level is learned anew
KEEP_S = 12.0


@dataclass(frozen=True, slots=True)
class Wave:
    """What a beat looks like in one kind of signal.

    steepest: a beat is where the wave is steepest (pulse), not where it is highest (R peak).
    fast_s, slow_s: how long a sure and an unsure peak wait for a larger one close behind.
    echo_s: a peak sooner than this and half as steep is the wave's own echo (T, dicrotic).
    """

    band_hz: tuple[float, float]
    order: int
    envelope_hz: float
    slope_s: float
    refractory_s: float
    echo_s: float
    fast_s: float
    slow_s: float
    shape_s: tuple[float, float]
    reach_s: float  # how far before the peak of the envelope the beat itself may lie
    centre_hz: float
    steepest: bool = False


QRS = Wave((8.0, 20.0), 2, 5.0, 0.012, 0.22, 0.36, 0.06, 0.30, (-0.17, 0.03), 0.12, 13.0)


@dataclass(frozen=True, slots=True)
class Beat:
    """One heart beat: where, when it was known, and how much it is like those before.

    index: sample of the R peak, fractional. known: samples that had to come before it was
    sure. likeness: -1..1 with the running mean shape. noise: 0..1, noise over beat level.
    """

    index: float
    known: int
    likeness: float
    noise: float


class Beats:
    """Samples in (one channel, no NaN), beats out. The same however the samples are cut.

    Everything is decided at sample counts that are multiples of `hop`.
    """

    def __init__(self, rate_hz: float, wave: Wave = QRS, hop: int = 1) -> None:
        self.rate_hz, self.wave, self.hop = rate_hz, wave, hop
        band = bandpass(wave.order, *wave.band_hz, rate_hz)
        self._band, self._smooth = Sos(band), Sos(lowpass(2, wave.envelope_hz, rate_hz))
        self._step = max(1, round(wave.slope_s * rate_hz))
        self._delay = delay_s(band, wave.centre_hz, rate_hz) * rate_hz
        self._delay += self._step / 2 if wave.steepest else 0.0
        self._shape = np.round(np.linspace(*wave.shape_s, 21) * rate_hz).astype(int)
        self._learn = math.ceil(LEARN_S * rate_hz)
        self._reach = round(wave.reach_s * rate_hz)
        self._keep = round(KEEP_S * rate_hz)
        self._from = 0  # index of the first kept sample
        self._waves = np.empty(0)  # band-passed
        self._slopes = np.empty(0)
        self._envelope = np.empty(0)
        self._before: Floats | None = None  # the last samples of the band, one step long
        self._raw = 0.0
        self._seen = 0
        self._learning: list[tuple[int, float]] | None = []
        self._levels: list[float] = []
        self._noises: list[float] = []
        self._intervals: list[float] = []
        self._passed: list[tuple[int, float]] = []  # peaks that were no beats, for search-back
        self._hold: tuple[int, float, float] | None = None  # peak, height, until
        self._last: int | None = None
        self._last_slope = 0.0
        self._lost_at = math.inf
        self._searched = False
        self._mean_shape: Floats | None = None
        self._upward = self._downward = 0.0
        self._now = 0.0
        self._beats: list[Beat] = []

    def update(self, values: Floats) -> list[Beat]:
        """The beats that the next samples make sure."""
        for index, height in self._peaks(values):
            if self._learning is None:
                self._peak(index, height)
            elif index < self._learn:
                self._learning.append((index, height))
            else:
                self._learned()
                self._peak(index, height)
        if self._learning is not None and self._seen > self._learn:
            self._learned()
        if self._learning is None:
            self._advance(self._seen - 1)
        beats, self._beats = self._beats, []
        return beats

    def finish(self) -> list[Beat]:
        """The end of the stream: what waits is decided with what is there."""
        rest = round(0.3 * self.rate_hz)
        before = self._seen
        beats = self.update(np.full(rest, self._raw)) if before else []
        if self._learning:
            self._learned()
        if self._learning is None and self._hold is not None:
            self._advance(self._hold[2])
        beats += self._beats
        self._beats = []
        return [Beat(b.index, before, b.likeness, b.noise) for b in beats if b.index < before]

    def _peaks(self, values: Floats) -> list[tuple[int, float]]:
        """Filters, keeps the last seconds, and lists the local maxima of the envelope."""
        if not len(values):
            return []
        self._raw = float(values[-1])
        waves = self._band.update(values)
        if self._before is None:
            self._before = np.full(self._step, waves[0])
        line = np.concatenate([self._before, waves])
        self._before = line[-self._step :]
        slopes = waves - line[: len(waves)]
        if self.wave.steepest:
            waves = slopes
        slopes = np.abs(slopes)
        envelope = self._smooth.update(slopes)
        old = max(0, len(self._waves) - self._keep)
        self._from += old
        self._waves = np.concatenate([self._waves[old:], waves])
        self._slopes = np.concatenate([self._slopes[old:], slopes])
        tail = np.concatenate([self._envelope[-2:], envelope])
        self._envelope = np.concatenate([self._envelope[old:], envelope])
        first = self._seen - (len(tail) - len(envelope))
        self._seen += len(values)
        rising, falling = tail[1:-1] > tail[:-2], tail[1:-1] >= tail[2:]
        places = np.flatnonzero(rising & falling) + 1
        return list(zip((places + first).tolist(), tail[places].tolist(), strict=True))

    def _learned(self) -> None:
        """First levels from the first seconds, whose peaks are then judged like all others."""
        peaks, self._learning = self._learning or [], None
        self._now = float(self._learn)
        heights = sorted((height for _, height in peaks), reverse=True) or [0.0]
        top = heights[:3]
        self._levels = [sum(top) / len(top)] * 12
        self._noises = [heights[len(heights) // 2] / 2] * 8
        self._lost_at = (LEARN_S + LOST_S) * self.rate_hz
        for index, height in peaks:
            self._peak(index, height)

    def _threshold(self) -> float:
        noise = _middle(self._noises)
        return noise + THRESHOLD * max(self._level() - noise, 0.0)

    def _level(self) -> float:
        return sorted(self._levels)[8]

    def _usual(self) -> float:
        return _middle(self._intervals) if len(self._intervals) >= 2 else self.rate_hz

    def _advance(self, to: float) -> None:
        """What falls due up to a sample: a waiting peak, a search back, a lost level."""
        while True:
            wait = self._hold[2] if self._hold else math.inf
            search = lost = math.inf
            if self._hold is None or self._hold[1] <= self._threshold():
                lost = self._lost_at
                if self._last is not None and not self._searched:
                    search = self._last + SEARCH_BACK_RR * self._usual()
            due = min(wait, search, lost)
            if due > to:
                return
            self._now = max(self._now, due)
            if due == wait:
                self._decide()
            elif due == search:
                self._search_back()
            else:
                self._relearn()

    def _peak(self, index: int, height: float) -> None:
        self._advance(index)
        self._now = max(self._now, float(index))
        if self._last is not None and index - self._last < self.wave.refractory_s * self.rate_hz:
            return
        if self._hold is not None and height <= self._hold[1]:
            return
        self._hold = (index, height, index + self.wave.fast_s * self.rate_hz)

    def _decide(self) -> None:
        """Beat or not: the peak has waited long enough."""
        assert self._hold is not None
        index, height, until = self._hold
        patience = index + self.wave.slow_s * self.rate_hz
        if until < patience and not self._sure(index, height):
            self._hold = (index, height, patience)
            return
        self._hold = None
        threshold = self._threshold()
        if height <= threshold:
            self._pass(index, height, height)
        elif self._last is None:
            self._accept(index, height)
        else:
            interval = index - self._last
            echo = (
                interval < self.wave.echo_s * self.rate_hz
                and self._slope(index) < self._last_slope / 2
            )
            if echo:
                self._pass(index, height, None)
            elif len(self._intervals) >= 4 and self._noisy_early(index, height, interval):
                self._pass(index, height, threshold)
            else:
                self._accept(index, height)

    def _sure(self, index: int, height: float) -> bool:
        if height > LARGE * self._level():
            return True
        return height > self._threshold() and self._likeness(self._snippet(index)) > FAMILIAR

    def _noisy_early(self, index: int, height: float, interval: float) -> bool:
        """Early, unlike the others, small, and not standing out of a quiet line."""
        if interval >= EARLY_RR * self._usual() or height >= self._level():
            return False
        if self._likeness(self._snippet(index)) >= LIKE:
            return False
        here = index - self._from
        quiet = self._envelope[max(0, here - round(0.45 * self.rate_hz)) :]
        quiet = quiet[: round(0.30 * self.rate_hz)]
        return height < OUTSTANDING * float(np.median(quiet))

    def _pass(self, index: int, height: float, noise: float | None) -> None:
        if noise is not None:
            self._noises = [*self._noises[1:], noise]
        self._passed = [*self._passed[-29:], (index, height)]
        self._searched = False

    def _search_back(self) -> None:
        """Too long without a beat: the highest peak passed over is taken if it is high enough."""
        assert self._last is not None
        soonest = self._last + 0.9 * self.wave.echo_s * self.rate_hz
        peaks = [peak for peak in self._passed if peak[0] > soonest]
        best = max(peaks, key=lambda peak: peak[1], default=(0, 0.0))
        if best[1] > SEARCH_BACK * self._threshold():
            self._accept(*best)
        else:
            self._searched = True

    def _relearn(self) -> None:
        """The level may have fallen (lead moved): at most to a quarter each time."""
        level = self._level()
        heights = [h for i, h in self._passed if i > self._lost_at - LOST_S * self.rate_hz]
        level = max(level / 4, min(level, max(heights, default=0.0)))
        self._levels = [level] * 12
        self._noises = [min(n, level / 4) for n in self._noises]
        self._lost_at += LOST_S * self.rate_hz
        self._searched = False

    def _accept(self, index: int, height: float) -> None:
        if self._last is not None:
            self._intervals = [*self._intervals[-7:], float(index - self._last)]
        self._last, self._last_slope = index, self._slope(index)
        self._lost_at = index + LOST_S * self.rate_hz
        self._levels = [*self._levels[1:], height]
        self._passed = [
            p for p in self._passed if p[0] > index + self.wave.refractory_s * self.rate_hz
        ]
        self._searched = False
        shape = self._snippet(index)
        like = self._likeness(shape)
        mean = self._mean_shape
        if mean is not None:
            self._mean_shape = 0.9 * mean + 0.1 * shape
        elif index + int(self._shape[0]) >= self._from:
            # A beat that the start has cut is like no other: as a pattern it would make ten
            # seconds of good beats look like noise.
            self._mean_shape = shape
        noise = _middle(self._noises) / max(self._level(), 1e-12)
        known = math.ceil((self._now + 1) / self.hop) * self.hop
        place = self._place(index, like)
        self._beats.append(Beat(place, known, like, min(noise, 1.0)))

    def _slope(self, index: int) -> float:
        here = index - self._from
        return float(self._slopes[max(0, here - self._reach) : here + 1].max())

    def _snippet(self, index: int) -> Floats:
        places = np.clip(index - self._from + self._shape, 0, self._seen - self._from - 1)
        shape = self._waves[places]
        return np.asarray(shape / math.sqrt(float((shape * shape).sum()) + 1e-12))

    def _likeness(self, shape: Floats) -> float:
        mean = self._mean_shape
        if mean is None:
            return 1.0
        return float((shape * mean).sum()) / math.sqrt(float((mean * mean).sum()) + 1e-12)

    def _place(self, index: int, like: float) -> float:
        """The R peak: the highest lobe of the usual side (its own, if unlike), between samples."""
        start = max(1, index - self._from - self._reach)
        part = self._waves[start : index - self._from + 1]
        up, down = float(part.max()), -float(part.min())
        self._upward += 0.1 * (up - self._upward)
        self._downward += 0.1 * (down - self._downward)
        upward = self._upward >= self._downward if like > 0.5 else up >= down
        top = start + int(part.argmax() if upward else part.argmin())
        shift = 0.0
        if 0 < top < len(self._waves) - 1:
            a, b, c = self._waves[top - 1 : top + 2].tolist()
            bend = a - 2 * b + c
            shift = 0.5 * (a - c) / bend if bend else 0.0
        return self._from + top + min(0.5, max(-0.5, shift)) - self._delay


def _middle(values: list[float]) -> float:
    """The median of a short list, without numpy's overhead."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
