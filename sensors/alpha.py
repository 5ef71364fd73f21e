"""The alpha rhythm's strength right now, as quickly as physics lets it be known."""

import math

import numpy as np
import numpy.typing as npt

from sensors.iir import Sos, bandpass

Floats = npt.NDArray[np.float64]

SMOOTH_S = 0.1
DELAY_S = 0.16  # measured at the best match with a true envelope, see tests/benchmarks/brain.py


class Envelope:
    """Amplitude of a band in each channel: a gentle band-pass, rectified and smoothed.

    An order-1 band-pass with 0.1 s of smoothing lags about 0.16 s, where sharper filters lag
    0.3 to 0.5 s; for feedback the lag matters more (Belinskaia et al. 2020).

    >>> rate = 250.0
    >>> wave = 20 * np.sin(2 * np.pi * 10 * np.arange(500) / rate)[:, None]
    >>> abs(float(Envelope((8.0, 13.0), rate).update(wave)[-1, 0]) - 20) < 2.5
    True
    """

    def __init__(self, band_hz: tuple[float, float], rate_hz: float) -> None:
        self._band = Sos(bandpass(1, band_hz[0], band_hz[1], rate_hz))
        new = 1.0 - math.exp(-1.0 / (SMOOTH_S * rate_hz))
        self._smooth = Sos(np.array([[new, 0.0, 0.0, 1.0, new - 1.0, 0.0]]))

    def update(self, values: Floats) -> Floats:
        """Amplitudes, same shape (n, channels) and unit."""
        return self._smooth.update(np.abs(self._band.update(values))) * (math.pi / 2)


PEAK_HZ = (7.0, 13.0)
FIT_HZ = (2.5, 30.0)
NEAR_HZ = (6.0, 15.0)  # left out where the aperiodic part is fitted
MEMORY_PIECES = 120
STANDS_OUT = 1.5  # a peak has at least so many times the power of the aperiodic part


class Peak:
    """The individual alpha frequency: where the spectrum stands out of its aperiodic part.

    The aperiodic part is a straight line through ln power over ln frequency (as specparam does
    without a knee, Donoghue et al. 2020), fitted beside the alpha range; the peak is refined by a
    parabola. Without a peak there is no value: then 10 Hz is used (Corcoran et al. 2018).

    >>> hz = [0.5 * k for k in range(80)]
    >>> bump = [(1 + 8 * math.exp(-((f - 9.3) ** 2))) / max(f, 0.5) for f in hz]
    >>> peak = Peak(hz)
    >>> peak.update(bump)
    >>> round(peak.hz()[0], 1)
    9.3
    """

    def __init__(self, bins_hz: list[float]) -> None:
        self._hz = bins_hz
        self._power = [0.0] * len(bins_hz)
        self.count = 0

    def update(self, power: list[float]) -> None:
        """Takes the spectrum of one piece, power at each bin."""
        self.count += 1
        share = 1.0 / min(self.count, MEMORY_PIECES)
        self._power = [
            old + share * (new - old) for old, new in zip(self._power, power, strict=True)
        ]

    def hz(self) -> tuple[float | None, float]:
        """The frequency, and how far the peak stands out (ln power above the aperiodic part)."""
        use = [i for i, f in enumerate(self._hz) if FIT_HZ[0] <= f <= FIT_HZ[1]]
        ln = {i: math.log(max(self._power[i], 1e-30)) for i in use}
        beside = [i for i in use if not NEAR_HZ[0] < self._hz[i] < NEAR_HZ[1]]
        x = [math.log(self._hz[i]) for i in beside]
        mean_x = math.fsum(x) / len(x)
        mean_y = math.fsum(ln[i] for i in beside) / len(x)
        up = math.fsum((a - mean_x) * (ln[i] - mean_y) for a, i in zip(x, beside, strict=True))
        slope = up / math.fsum((a - mean_x) ** 2 for a in x)
        rest = {i: ln[i] - mean_y - slope * (math.log(self._hz[i]) - mean_x) for i in use}
        inside = [i for i in use if PEAK_HZ[0] <= self._hz[i] <= PEAK_HZ[1]]
        best = max(inside, key=lambda i: rest[i])
        out = rest[best]
        edge = rest[best] < max(rest[best - 1], rest[best + 1])
        if edge or out < math.log(STANDS_OUT):
            return None, out
        left, right = rest[best - 1], rest[best + 1]
        bend = left - 2 * out + right
        shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
        return self._hz[best] + shift * (self._hz[1] - self._hz[0]), out


def personal(peak_hz: float | None) -> tuple[float, float]:
    """The personal alpha band, two Hz to both sides of the peak; 8-13 Hz when there is none.

    >>> personal(9.5), personal(None)
    ((7.5, 11.5), (8.0, 13.0))
    """
    return (8.0, 13.0) if peak_hz is None else (peak_hz - 2.0, peak_hz + 2.0)
