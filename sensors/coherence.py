"""How much of the heart's rhythm is one slow swing: the score of paced breathing, every 5 s.

The score is a share of power and not a trade mark's index: what lies within 0.015 Hz of the peak,
over all from 0.0078 to 0.4 Hz. The peak must be a true summit inside its band (McCraty 2006 asks
for the highest point only): a drifting heart has none, and must not be paid for breathing.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy import fft

from sensors.quality import graded
from sensors.rhythm import Label, Normal

Floats = npt.NDArray[np.float64]

GRID_HZ = 4.0
WINDOW_S = 64.0
STEP_S = 5.0
FINER = 4  # zeros after the series, so that 0.015 Hz is more than one line of the spectrum
PEAK_HZ = (0.045, 0.26)
NEAR_HZ = 0.015
ALL_HZ = (0.0078, 0.4)
PULL = 0.1  # how far a beat's own stamp corrects the sum of the intervals before it
APART_S = 2.0  # a stamp further off than this follows a hole


@dataclass(frozen=True, slots=True)
class Series:
    """Evenly spaced intervals (s) of one window that ends at `time_s`, and how real they are.

    good: 0..1, share of intervals that needed no correction. covered: 0..1, share of the window
    that the intervals fill.
    """

    time_s: float
    values: Floats
    good: float
    covered: float

    def last(self, seconds: float) -> Floats:
        """The end of the window."""
        return self.values[-round(seconds * GRID_HZ) :]

    @property
    def quality(self) -> float:
        """0..1: what corrections and holes leave of it."""
        return graded(self.good, 0.7, 0.95) * graded(self.covered, 0.7, 0.95)


class Tachogram:
    """Corrected intervals in, an even series of the last 64 s out, each 5 s of the beats' time.

    The intervals themselves say when a beat was; stamps, which a strap may bunch by the packet,
    only hold that sum in place.
    """

    def __init__(self) -> None:
        self._times: list[float] = []
        self._intervals: list[float] = []
        self._sound: list[bool] = []
        self._first_s: float | None = None
        self._due = 1

    def update(self, normals: list[Normal]) -> tuple[float, Series | None] | None:
        """(time, series) when 5 s more are known; no series before 64 s are covered."""
        for normal in normals:
            if normal.interval_s is not None:
                self._add(normal, normal.interval_s)
        if self._first_s is None:
            return None
        steps = int((self._times[-1] - self._first_s) / STEP_S)
        if steps < self._due:
            return None
        self._due = steps + 1
        time_s = self._first_s + steps * STEP_S
        self._forget(time_s - WINDOW_S)
        if steps * STEP_S < WINDOW_S:
            return time_s, None
        return time_s, self._series(time_s)

    def _add(self, normal: Normal, interval_s: float) -> None:
        time_s = normal.time_s
        if self._first_s is None:
            self._first_s = time_s
        else:
            summed_s = self._times[-1] + interval_s
            if abs(time_s - summed_s) < APART_S:
                time_s = summed_s + PULL * (time_s - summed_s)
            time_s = max(time_s, self._times[-1] + 0.05)
        self._times.append(time_s)
        self._intervals.append(interval_s)
        self._sound.append(normal.label is Label.NORMAL)

    def _forget(self, before_s: float) -> None:
        """One beat before the window stays, for the curve to come from."""
        old = sum(t <= before_s for t in self._times) - 1
        if old > 0:
            del self._times[:old], self._intervals[:old], self._sound[:old]

    def _series(self, time_s: float) -> Series | None:
        if len(self._times) < 4:
            return None
        start_s = time_s - WINDOW_S
        inside = [start_s < t <= time_s for t in self._times]
        filled = sum(rr for rr, here in zip(self._intervals, inside, strict=True) if here)
        good = [s for s, here in zip(self._sound, inside, strict=True) if here]
        covered = filled / WINDOW_S
        count = round(WINDOW_S * GRID_HZ)
        grid: Floats = np.arange(1.0, count + 1.0) / GRID_HZ
        times = np.array(self._times) - start_s
        return Series(
            time_s,
            monotone(times, np.array(self._intervals), grid),
            sum(good) / max(1, len(good)),
            max(0.0, min(covered, 2.0 - covered)),
        )


def monotone(times: Floats, values: Floats, grid: Floats) -> Floats:
    """A curve through the points that never overshoots them (PCHIP: Fritsch & Butland 1984).

    times: increasing, at least two; outside of them the end values hold.

    >>> points = np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 1.0])
    >>> monotone(*points, np.array([1.0, 1.5])).tolist()
    [1.0, 1.0]
    """
    steps = np.diff(times)
    secants = np.diff(values) / steps
    slopes = np.concatenate([secants[:1], np.zeros(len(times) - 2), secants[-1:]])
    before, after = secants[:-1], secants[1:]
    same = before * after > 0
    early, late = steps[:-1] + 2 * steps[1:], 2 * steps[:-1] + steps[1:]
    share = early / np.where(same, before, 1.0) + late / np.where(same, after, 1.0)
    slopes[1:-1] = np.where(same, (early + late) / np.where(same, share, 1.0), 0.0)
    at = np.clip(grid, times[0], times[-1])
    i = np.clip(np.searchsorted(times, at, side="right") - 1, 0, len(steps) - 1)
    h, u = steps[i], (at - times[i]) / steps[i]
    rest = 1.0 - u
    curve = values[i] * (1 + 2 * u) * rest * rest + values[i + 1] * u * u * (3 - 2 * u)
    return curve + h * u * rest * (slopes[i] * rest - slopes[i + 1] * u)


def spectrum(values: Floats, finer: int = FINER) -> tuple[Floats, Floats]:
    """Frequencies (Hz) and power of an even series, without its straight line, Hann window."""
    count = len(values)
    place = np.arange(count) - (count - 1) / 2
    level = values - values.sum() / count
    level = level - place * ((place * level).sum() / (place * place).sum())
    lines = fft.rfft(level * np.hanning(count), finer * count)
    power: Floats = lines.real * lines.real + lines.imag * lines.imag
    hz: Floats = np.arange(float(len(power))) * (GRID_HZ / (finer * count))
    return hz, power


def summit(hz: Floats, power: Floats, band_hz: tuple[float, float]) -> int | None:
    """The line that is highest in the band; None when it only leans on the band's edge."""
    inside = np.flatnonzero((hz >= band_hz[0]) & (hz <= band_hz[1]))
    top = int(inside[power[inside].argmax()])
    return top if power[top - 1] < power[top] >= power[top + 1] else None


def between(hz: Floats, power: Floats, band_hz: tuple[float, float]) -> float:
    """Power within a band."""
    return float(power[(hz >= band_hz[0] - 1e-9) & (hz <= band_hz[1] + 1e-9)].sum())


def coherence(values: Floats) -> float:
    """0..1 of intervals at 4 Hz, 64 s of them: 0.86 for one pure swing, 0 without a summit.

    >>> t = np.arange(256) / 4
    >>> round(coherence(0.8 + 0.05 * np.sin(2 * np.pi * 0.1 * t)), 2)
    0.86
    >>> coherence(0.8 + 0.001 * t)
    0.0
    """
    hz, power = spectrum(values)
    everything = between(hz, power, ALL_HZ)
    top = summit(hz, power, PEAK_HZ)
    if top is None or everything < 1e-12:
        return 0.0
    peak_hz = float(hz[top])
    return between(hz, power, (peak_hz - NEAR_HZ, peak_hz + NEAR_HZ)) / everything
