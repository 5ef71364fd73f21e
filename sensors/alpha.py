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
