"""The finger pulse (PPG): two Gaussians a beat, later and smaller in blood vessels under stress."""

import math

import numpy as np

from sensors.patient.chance import Floats

TRANSIT_S, TRANSIT_DROP_S = 0.26, 0.03  # from R to the foot of the pulse; shorter in arousal
# centre and sd as shares of RR, height: systolic and dicrotic wave
CENTRE = np.array([0.18, 0.45])
WIDTH = np.array([0.08, 0.12])
HEIGHT = np.array([1.0, 0.4])


class Pulse:
    """Draws pulses in arbitrary units on any grid of times."""

    def __init__(self) -> None:
        self._beats: list[tuple[float, float, float]] = []  # foot (s), RR (s), height

    def add(self, r_s: float, rr_s: float, arousal: float) -> None:
        """The pulse of the beat whose R peak is at r_s."""
        foot_s = r_s + TRANSIT_S - TRANSIT_DROP_S * arousal
        rr_s = min(1.5, max(0.3, rr_s))
        self._beats.append((foot_s, rr_s, math.exp(-0.7 * arousal)))

    def draw(self, times_s: Floats, volume: Floats) -> Floats:
        """The pulse wave at these rising times; breathing (lung volume) moves its baseline."""
        first, last = float(times_s[0]), float(times_s[-1])
        self._beats = [beat for beat in self._beats if beat[0] + 1.0 * beat[1] > first]
        wave = 0.1 * volume
        for foot_s, rr_s, height in self._beats:
            if foot_s - 0.2 * rr_s < last:
                share = ((times_s - foot_s) / rr_s)[:, None]
                bumps = np.exp(-0.5 * ((share - CENTRE) / WIDTH) ** 2)
                wave = wave + height * (bumps * HEIGHT).sum(axis=1)
        return wave
