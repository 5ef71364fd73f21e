"""Power of the brain's rhythms in each channel, from two-second pieces of signal."""

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BETA_HZ = (13.0, 30.0)
MUSCLE_HZ = (20.0, 40.0)
LINES_HZ = (50.0, 60.0)
BANDS = 6  # alpha, beta, muscle, 50 Hz, 60 Hz, neighbourhood of the lines


class Rhythms:
    """Band powers of pieces of one length: Hann window, one FFT for all channels.

    alpha_hz: the personal band, 8-13 Hz if not known. `powers` gives (bands, channels) in
    uV^2: alpha, beta 13-30, muscle 20-40, lines at 50 and 60 Hz, and for comparison the mean
    power beside the lines in a band as wide as theirs.
    """

    def __init__(
        self, samples: int, rate_hz: float, alpha_hz: tuple[float, float], averaged: int = 1
    ) -> None:
        """averaged: each sample is the mean of so many faster ones, whose loss is made good."""
        self.rate_hz = rate_hz
        turn = 2 * math.pi / samples
        self._window = np.array([0.5 - 0.5 * math.cos(turn * i) for i in range(samples)])
        energy = math.fsum(w * w for w in self._window.tolist())
        self._step_hz = rate_hz / samples
        self._scale = 2.0 / (rate_hz * energy) * self._step_hz
        top = samples // 2
        bands = [alpha_hz, (max(BETA_HZ[0], alpha_hz[1]), BETA_HZ[1]), MUSCLE_HZ]
        bands += [(hz - 1.0, hz + 1.0) for hz in LINES_HZ]
        bands += [(43.0, 48.0), (53.0, 57.0)]
        self._bins = [
            (min(top, math.ceil(a / self._step_hz - 1e-9)), min(top, int(b / self._step_hz) + 1))
            for a, b in bands
        ]
        self._last = max(b for _, b in self._bins)
        kept = [_kept(k * self._step_hz / rate_hz, averaged) for k in range(self._last)]
        self._scales = np.array([self._scale / x for x in kept])
        self.bins_hz = [k * self._step_hz for k in range(self._last)]

    def spectrum(self, piece: Floats) -> Floats:
        """Power of each bin, (channels, bins), of one piece (samples, channels)."""
        level = piece.sum(axis=0) / len(piece)
        waves = np.ascontiguousarray(((piece - level) * self._window[:, None]).T)
        spectrum = np.fft.rfft(waves, axis=1)[:, : self._last]
        return np.asarray((spectrum.real**2 + spectrum.imag**2) * self._scales)

    def powers(self, piece: Floats) -> Floats:
        """Band powers (bands, channels) of one piece (samples, channels)."""
        return self.bands(self.spectrum(piece))

    def bands(self, power: Floats) -> Floats:
        """The same from a spectrum."""
        sums = [power[:, a:b].sum(axis=1) for a, b in self._bins]
        beside = [i for i in (5, 6) if self._bins[i][1] > self._bins[i][0]]
        width = self._bins[3][1] - self._bins[3][0]
        bins = sum(self._bins[i][1] - self._bins[i][0] for i in beside)
        near = sum((sums[i] for i in beside), np.zeros(len(power)))
        result: Floats = np.stack([*sums[:5], near * (max(width, 1) / max(bins, 1))])
        return result


def _kept(turn: float, averaged: int) -> float:
    """Share of power that a mean of so many samples keeps; turn: frequency by the slower rate."""
    if averaged == 1 or turn == 0.0:
        return 1.0
    ratio = math.sin(math.pi * turn) / (averaged * math.sin(math.pi * turn / averaged))
    return max(ratio * ratio, 0.05)
