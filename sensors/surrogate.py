"""Breathing guessed from the heart, where nobody wears a belt: `breath_rate_rsa`.

Breathing in quickens the heart (respiratory sinus arrhythmia). Good enough for "about in pace" at
slow rates, where that swing is strong; never for an alarm (Charlton 2016: limits of agreement of
the best of 314 such methods -4.7 to 4.7 breaths/min).
"""

import numpy as np
import numpy.typing as npt

from sensors.coherence import between, spectrum, summit
from sensors.quality import graded

Floats = npt.NDArray[np.float64]

WINDOW_S = 32.0
BAND_HZ = (0.07, 0.5)
NEAR_HZ = 0.035  # a Hann window of 32 s makes a line this wide
LEAN_HZ = 0.02
FINER = 8
SHARE = (0.4, 0.75)
"""Share of the band's power in the peak at which it is taken for noise, and for breathing."""
RIVAL = (0.7, 0.3)
"""Height of the next peak, of the highest, at which the choice is a guess, and plain."""
LEAST_S2 = 1e-9  # mean square of the series: below a millisecond stamps are all there is


def breathing(values: Floats) -> tuple[float | None, float]:
    """Breaths a minute, and 0..1 how clearly, from 32 s of intervals (s) at 4 Hz.

    None where no summit stands between 4.2 and 30 a minute.

    >>> t = np.arange(128) / 4
    >>> rate, clear = breathing(0.8 + 0.03 * np.sin(2 * np.pi * 0.15 * t))
    >>> round(rate, 1), clear
    (9.0, 1.0)
    """
    hz, power = spectrum(values, FINER)
    if between(hz, power, BAND_HZ) < LEAST_S2 * len(values):
        return None, 0.0
    # Of its slope: waves of blood pressure (0.1 Hz) and drift are slower than most breathing.
    slope = power * hz * hz
    top = summit(hz, slope, BAND_HZ)
    if top is None:
        return None, 0.0
    peak_hz = float(hz[top])
    share = between(hz, slope, (peak_hz - NEAR_HZ, peak_hz + NEAR_HZ))
    share /= between(hz, slope, BAND_HZ)
    band = (hz >= BAND_HZ[0]) & (hz <= BAND_HZ[1])
    away = slope[band & (np.abs(hz - peak_hz) > 2 * NEAR_HZ)]
    clear = graded(share, *SHARE) * graded(float(away.max() / slope[top]), *RIVAL)
    # The slope leans towards quick rates; where exactly is for the intervals themselves to say.
    own = summit(hz, power, (peak_hz - LEAN_HZ, peak_hz + LEAN_HZ))
    return 60 * (peak_hz if own is None else _between_lines(hz, power, own)), clear


def _between_lines(hz: Floats, power: Floats, top: int) -> float:
    """Frequency (Hz) of the parabola through a summit and its neighbours."""
    left, middle, right = (float(p) for p in power[top - 1 : top + 2])
    bend = left - 2 * middle + right
    shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
    return float(hz[top]) + shift * float(hz[1])
