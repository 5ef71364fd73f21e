"""Heart features from an ECG, a pulse wave, or intervals that a strap has measured itself.

Every beat gives `beat` (s), `heart_rate_fast` (bpm, median of 5), `heart_rate` (bpm, 30 s),
`ln_rmssd` (ln ms, 30 s; `ln_rmssd_prv` of a pulse) and `rsa` (ms, 10 s), see docs/signals.md.
Silence for three seconds gives rates of None, once a second.
"""

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sensors.beats import QRS, Beat, Beats, Wave
from sensors.chunk import Chunk
from sensors.feature import Feature, Status
from sensors.iir import Hold
from sensors.pace import BLOCK_S, Pace
from sensors.quality import Watch, graded, judge
from sensors.rates import SILENT_S, Rates
from sensors.rhythm import middle
from sensors.stream import Stream

Floats = npt.NDArray[np.float64]

HOP_S = 0.04
FROZEN_BEATS = 3  # sources: G4
RESET_S = 1.0  # a longer hole, or a clock that steps back this far, starts everything anew
FIRST_HOLE_S = 0.05


class _Waveform:
    """An evenly sampled heart signal: samples to beats to features."""

    def __init__(
        self,
        stream: Stream,
        wave: Wave,
        variability: str,
        least_hz: float,
        shape: tuple[float, float],
        noise: tuple[float, float],
        even: tuple[float, float] | None = None,
    ) -> None:
        if not stream.rate_hz >= least_hz:
            raise ValueError(
                f"Expected {least_hz:g} Hz or more from {stream.kind} stream {stream.name!r}, "
                f"came {stream.rate_hz:g} Hz; set a higher rate on the device."
            )
        self._stream, self._wave = stream, wave
        self._shape_limits, self._noise_limits, self._even_limits = shape, noise, even
        self._hop = max(1, round(HOP_S * stream.rate_hz))
        self._pace = Pace(stream.rate_hz, max(1, round(BLOCK_S / HOP_S)) * self._hop)
        self._rates = Rates(stream, variability)
        self._count = 0  # samples of the stream so far
        self._last_s: float | None = None
        self._last_value = math.nan
        self._habit_s = 0.0  # usual longest step between stamps
        self._begin(0.0)
        self._resets = 0

    def _begin(self, stamp_s: float) -> None:
        """Starts anew at the next sample; the pace of the stream is still known."""
        rate_hz = self._stream.rate_hz
        self._base = self._count
        self._values, self._stamps = np.empty(0), np.empty(0)  # not a whole hop yet
        self._doubtful = np.empty(0, dtype=bool)  # repeated or stepping back
        self._paced = 0
        self._waiting = np.empty(0)  # stamps not a whole block of the pace yet
        self._pace.hole(0, stamp_s)
        self._holes: list[tuple[int, float]] = []
        self._hold = Hold()
        self._beats = Beats(rate_hz, self._wave, self._hop)
        self._watch = Watch(rate_hz, self._hop)
        self._previous: tuple[float, float, int] | None = None  # index, time, holes so far
        self._passed_holes = 0
        self._traits: list[tuple[float, float, float]] = []  # index, likeness, noise
        self._quiet_from = 0.0
        self._told = 0
        self._done = 0

    def update(self, chunk: Chunk) -> tuple[Feature, ...]:
        """Takes the next samples, returns the features that exist now, in order."""
        if not len(chunk):
            return ()
        values, stamps = chunk.numbers[:, 0] * self._stream.scale, chunk.time_s
        stamps = self._sane(stamps)
        if self._last_s is None:
            self._last_s = float(stamps[0])
            self._pace.hole(0, self._last_s)
        steps = np.diff(stamps, prepend=self._last_s)
        self._last_s = float(stamps[-1])
        odd = np.flatnonzero((steps > FIRST_HOLE_S) | (steps < -RESET_S))
        features: list[Feature] = []
        start = 0
        for i in odd.tolist():
            if -RESET_S <= steps[i] <= RESET_S:
                continue
            self._take(values[start:i], stamps[start:i], steps[start:i], features)
            self._end(features)
            self._begin(float(stamps[i]))
            self._resets += 1
            self._rates.restart()
            start = i
        self._take(values[start:], stamps[start:], steps[start:], features)
        return tuple(features)

    def _sane(self, stamps: Floats) -> Floats:
        """Stamps that are no number are taken from their neighbour before."""
        bad = ~np.isfinite(stamps)
        if not bad.any():
            return stamps
        stamps = stamps.copy()
        before = self._last_s if self._last_s is not None else 0.0
        for i in np.flatnonzero(bad).tolist():
            stamps[i] = stamps[i - 1] if i else before
        return stamps

    def _take(self, values: Floats, stamps: Floats, steps: Floats, out: list[Feature]) -> None:
        """Gathers samples into hops and works on what is whole."""
        if not len(values):
            return
        first = self._count - self._base
        self._count += len(values)
        for i in np.flatnonzero(steps > max(FIRST_HOLE_S, 3 / self._stream.rate_hz)).tolist():
            step = float(steps[i])
            if first + i == 0:
                continue
            if step > 2.5 * self._habit_s:
                self._holes.append((first + i, float(stamps[i])))
            self._habit_s += 0.1 * (step - self._habit_s)
        self._values = np.concatenate([self._values, values])
        self._stamps = np.concatenate([self._stamps, stamps])
        before = np.concatenate([[self._last_value], values[:-1]])
        self._last_value = float(values[-1])
        doubtful = (steps < 0) | ((steps == 0) & (values == before))
        self._doubtful = np.concatenate([self._doubtful, doubtful])
        whole = len(self._values) // self._hop * self._hop
        if whole:
            now, self._values = self._values[:whole], self._values[whole:]
            times, self._stamps = self._stamps[:whole], self._stamps[whole:]
            doubt, self._doubtful = self._doubtful[:whole], self._doubtful[whole:]
            self._work(now, times, doubt, out)

    def _work(
        self, values: Floats, stamps: Floats, doubtful: npt.NDArray[np.bool_], out: list[Feature]
    ) -> None:
        held, bad = self._hold.update(values[:, None])
        self._watch.update(held[:, 0], bad[:, 0] | doubtful)
        self._waiting = np.concatenate([self._waiting, stamps])
        beats = self._beats.update(held[:, 0])
        self._done += len(values)
        for beat in beats:
            self._silence(beat.known, out)
            self._beat(beat, beat.known, out)
        self._silence(self._done, out)
        self._keep_pace(self._done)

    def _end(self, out: list[Feature]) -> None:
        """What waits is decided before everything starts anew."""
        for beat in self._beats.finish():
            self._beat(beat, self._count - self._base, out)

    def finish(self) -> tuple[Feature, ...]:
        """The stream has ended: features of beats that still waited for what follows them."""
        features: list[Feature] = []
        if len(self._values):
            held, _ = self._hold.update(self._values[:, None])
            for beat in self._beats.update(held[:, 0]):
                self._beat(beat, self._count - self._base, features)
        self._end(features)
        return tuple(features)

    def _keep_pace(self, to: int) -> None:
        """Lets the pace see stamps up to a sample, and no further."""
        block = self._pace.block
        while self._paced + block <= to:
            end = self._paced + block
            passed = [hole for hole in self._holes if hole[0] < end]
            if passed:
                index, stamp_s = passed[-1]
                del self._holes[: len(passed)]
                self._passed_holes += len(passed)
                self._pace.hole(index, stamp_s)
                self._pace.update(index, self._waiting[index - self._paced : block])
            else:
                self._pace.update(self._paced, self._waiting[:block])
            self._waiting = self._waiting[block:]
            self._paced = end

    def _beat(self, beat: Beat, known: int, out: list[Feature]) -> None:
        self._keep_pace(min(known, self._done))
        time_s = self._pace.time_s(beat.index)
        interval_s = None
        if self._previous is not None:
            index, before_s, holes = self._previous
            interval_s = (beat.index - index) * self._pace.period_s
            if holes != self._passed_holes:
                interval_s = time_s - before_s
            if not 0 < interval_s <= SILENT_S:
                interval_s = None
        if self._previous is not None and interval_s is not None and holes == self._passed_holes:
            time_s = max(time_s, before_s)
        self._previous = (beat.index, time_s, self._passed_holes)
        self._quiet_from = beat.index
        self._told = 0
        quality, status = self._quality(beat, known)
        latency_s = max(0.0, (known - beat.index) * self._pace.period_s)
        sample = self._base + known
        out += self._rates.beat(time_s, interval_s, sample, latency_s, quality, status)

    def _quality(self, beat: Beat, known: int) -> tuple[float, Status]:
        """Likeness of the beats of the last ten seconds, and what is wrong with their samples."""
        since = beat.index - 10 * self._stream.rate_hz
        kept = [t for t in self._traits if t[0] > since]
        self._traits = [*kept, (beat.index, beat.likeness, beat.noise)]
        likeness = sum(t[1] for t in self._traits) / len(self._traits)
        noise = sum(t[2] for t in self._traits) / len(self._traits)
        shape = graded(likeness, *self._shape_limits) * graded(noise, *self._noise_limits)
        if self._even_limits is not None:
            shape *= graded(self._evenness(), *self._even_limits)
        shares = self._watch.shares(known)
        quality, status = judge(shares, shape)
        if status is Status.OK and self._resets and known < 5 * self._stream.rate_hz:
            status = Status.GAP
        return quality, status

    def _evenness(self) -> float:
        """Share of the intervals of the last ten seconds within 30 % of their median."""
        steps = [b[0] - a[0] for a, b in pairwise(self._traits)]
        if not steps:
            return 1.0
        usual = middle(steps)
        return sum(abs(step - usual) < 0.3 * usual for step in steps) / len(steps)

    def _silence(self, to: int, out: list[Feature]) -> None:
        """Once a second after three seconds without a beat: the rates are not known."""
        second = self._stream.rate_hz
        while True:
            due = self._quiet_from + (SILENT_S + self._told) * second
            due = math.ceil(due / self._hop) * self._hop
            if due > to:
                return
            self._told += 1
            self._keep_pace(due)
            _, status = judge(self._watch.shares(due), 0.0)
            out += self._rates.silent(self._pace.time_s(due - 1), self._base + due, status)


class Ecg:
    """ECG of any lead, polarity and amplitude; 50 Hz or more."""

    def __init__(self, stream: Stream) -> None:
        self._heart = _Waveform(stream, QRS, "ln_rmssd", 50.0, (0.5, 0.8), (0.6, 0.35))

    def update(self, chunk: Chunk) -> tuple[Feature, ...]:
        """Takes the next samples, returns the features that exist now, in order."""
        return self._heart.update(chunk)

    def finish(self) -> tuple[Feature, ...]:
        """At the end of a recording: the beats that still waited."""
        return self._heart.finish()


class Ppg:
    """Pulse wave of finger, ear or wrist; 20 Hz or more. Its variability is `ln_rmssd_prv`."""

    def __init__(self, stream: Stream) -> None:
        from sensors.pulse import PULSE

        self._heart = _Waveform(
            stream, PULSE, "ln_rmssd_prv", 20.0, (0.4, 0.8), (0.9, 0.6), (0.5, 0.8)
        )

    def update(self, chunk: Chunk) -> tuple[Feature, ...]:
        """Takes the next samples, returns the features that exist now, in order."""
        return self._heart.update(chunk)

    def finish(self) -> tuple[Feature, ...]:
        """At the end of a recording: the beats that still waited."""
        return self._heart.finish()


class Intervals:
    """RR intervals as a strap sends them: one value a beat, s after scaling.

    The same interval more than FROZEN_BEATS times in a row is a frozen value, not a heart.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._rates = Rates(stream, "ln_rmssd")
        self._count = 0
        self._last_s: float | None = None
        self._sane: list[bool] = []
        self._same = (0.0, 0)  # the last interval, and how often in a row

    def update(self, chunk: Chunk) -> tuple[Feature, ...]:
        """Takes the next intervals, returns the features that exist now, in order."""
        if not len(chunk):
            return ()
        features: list[Feature] = []
        values = (chunk.numbers[:, 0] * self._stream.scale).tolist()
        for stamp_s, interval_s in zip(chunk.time_s.tolist(), values, strict=True):
            self._count += 1
            if not self._stream.unit and interval_s > 10.0:
                interval_s /= 1000.0  # no unit was declared, and no heart waits ten seconds
            if not math.isfinite(stamp_s):
                continue
            if self._last_s is not None and stamp_s < self._last_s - RESET_S:
                self._rates.restart()
                self._last_s = None
            time_s = stamp_s if self._last_s is None else max(stamp_s, self._last_s)
            self._same = (interval_s, self._same[1] + 1 if interval_s == self._same[0] else 1)
            frozen = self._same[1] > FROZEN_BEATS
            sane = 0.2 < interval_s < SILENT_S and not frozen
            self._sane = [*self._sane[-19:], sane]
            # Good beats of the past tell nothing of now.
            quality = sum(self._sane) / len(self._sane) if sane else 0.0
            lost = self._last_s is not None and time_s - self._last_s > 2 * SILENT_S
            status = Status.OK if sane and quality > 0.8 else Status.NOISY
            status = Status.FLAT if frozen else status
            if lost and not sane:
                features += self._rates.silent(time_s, self._count, Status.GAP)
            features += self._rates.beat(
                time_s, interval_s if sane else None, self._count, 0.0, quality, status
            )
            self._last_s = time_s
        return tuple(features)
