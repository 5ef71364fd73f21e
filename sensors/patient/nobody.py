"""Sensors that hang on nobody: noise and mains hum, no beats, no sweat."""

import math

import numpy as np

from sensors.patient.chance import Floats, stream
from sensors.stream import Kind

HUM_HZ = 50.0
HISS: dict[Kind, tuple[float, float, float, int]] = {  # mean, noise sd, hum, channels; own units
    Kind.EEG: (0.0, 1.5, 20.0, 8),
    Kind.ECG: (0.0, 4.0, 25.0, 1),
    Kind.PPG: (0.0, 0.01, 0.02, 1),
    Kind.EDA: (0.004, 0.001, 0.0, 1),
    Kind.BREATH: (0.0, 0.01, 0.0, 1),
    Kind.MOTION: (0.0, 0.001, 0.0, 3),
}


class Nobody:
    """What amplifiers show on a table."""

    def __init__(self, seed: int) -> None:
        self._rng = {kind: stream(seed, f"nobody {kind}") for kind in HISS}

    def draw(self, kind: Kind, times_s: Floats) -> Floats:
        """Samples of one sensor at these times, shape (n, channels)."""
        mean, noise, hum, channels = HISS[kind]
        wave = mean + noise * self._rng[kind].standard_normal((len(times_s), channels))
        if hum:
            wave += hum * np.sin(2.0 * math.pi * HUM_HZ * times_s)[:, None]
        if kind is Kind.EDA:
            return np.abs(wave)
        if kind is Kind.MOTION:
            wave[:, 2] += 1.0
        return wave
