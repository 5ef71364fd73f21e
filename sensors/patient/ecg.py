"""The ECG of a beat: the five Gaussians of ECGSYN (McSharry 2003), scaled to R = 1 mV.

Integrated over one turn each wave is a_i b_i^2 exp(-dtheta^2 / 2 b_i^2); offsets and widths grow
with the square root of RR, as the T angle does in the original.
"""

import math

import numpy as np

from sensors.patient.chance import Floats

_THETA = np.array([-math.pi / 3, -math.pi / 12, 0.0, math.pi / 12, math.pi / 2])
_HEIGHT = np.array([1.2, -5.0, 30.0, -7.5, 0.75])
_WIDTH = np.array([0.25, 0.1, 0.1, 0.1, 0.4])
_TALL = _HEIGHT * _WIDTH**2
OFFSET_S = _THETA / (2 * math.pi)
WIDTH_S = _WIDTH / (2 * math.pi)
TALL_UV = 1000.0 * _TALL / _TALL[2]
BEFORE_S, AFTER_S = 0.35, 0.75


class Ecg:
    """Draws beats in microvolt on any grid of times."""

    def __init__(self) -> None:
        self._beats: list[tuple[float, float, float]] = []  # R (s), root of RR, height

    def add(self, r_s: float, rr_s: float, height: float) -> None:
        """A beat that peaks at r_s, rr_s after the one before it."""
        self._beats.append((r_s, math.sqrt(min(1.5, max(0.3, rr_s))), height))

    def draw(self, times_s: Floats) -> Floats:
        """Microvolt at these rising times; beats long past are forgotten."""
        first, last = float(times_s[0]), float(times_s[-1])
        self._beats = [beat for beat in self._beats if beat[0] + AFTER_S > first]
        wave = np.zeros(len(times_s))
        for r_s, root, height in self._beats:
            if r_s - BEFORE_S < last:
                scaled = ((times_s - r_s) / root)[:, None]
                bumps = np.exp(-0.5 * ((scaled - OFFSET_S) / WIDTH_S) ** 2)
                wave += height * (bumps * TALL_UV).sum(axis=1)
        return wave
