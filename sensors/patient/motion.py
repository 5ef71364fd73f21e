"""Bouts of movement: what the accelerometer sees, and how hard the body works meanwhile."""

import math

import numpy as np

from sensors.patient.chance import Chance, Coloured, Floats
from sensors.patient.kinds import Person

RATE_HZ = 50.0
SETTLED_S = 60.0  # people sit still for the first minute after they were asked to
TREMOR_G = 0.003


def _shape() -> Floats:
    frequency = Coloured.frequencies(RATE_HZ)
    return np.exp(-(((frequency - 1.5) / 1.2) ** 2)) * (frequency > 0)


class Motion:
    """Poisson bouts of 2-15 s; `strength_g` is the rms of the present one, 0 when still."""

    def __init__(self, person: Person, seed: int, moves: bool) -> None:
        self._rate_per_s = person.moves_per_min / 60.0 if moves else 0.0
        self._chance = Chance(seed, "motion")
        self._sway = Coloured(seed, "motion sway", 3, _shape())
        self._hiss = Coloured(seed, "motion sensor", 3, np.ones(Coloured.SIZE // 2 + 1))
        self._left_s = 0.0
        self._effort_bpm = 0.0
        self._age_s = 0.0
        self._tilt = 0.1 * self._chance.normal()
        self.strength_g = 0.0
        self.began = False
        self.work_bpm = 0.0

    def update(self, dt_s: float) -> None:
        """Moves on by dt_s; `began` is True in the step in which a bout starts."""
        self._age_s += dt_s
        self._left_s -= dt_s
        starts = self._chance.happens(self._rate_per_s, dt_s)
        self.began = starts and self._left_s <= 0.0 and self._age_s > SETTLED_S
        if self.began:
            self._left_s = self._chance.uniform(2.0, 15.0)
            self.strength_g = self._chance.uniform(0.06, 0.25)
            self._effort_bpm = self._chance.uniform(5.0, 15.0)
        elif self._left_s <= 0.0:
            self.strength_g = 0.0
        aim = self._effort_bpm if self.strength_g else 0.0
        self.work_bpm += (aim - self.work_bpm) * (1.0 - math.exp(-dt_s / 6.0))

    def draw(self, count: int, breath: float) -> Floats:
        """Acceleration in g, shape (count, 3); the third axis carries most of gravity."""
        wave = self._sway.take(count) * (TREMOR_G + self.strength_g)
        wave = wave + self._hiss.take(count) * 0.001
        wave[:, 0] += math.sin(self._tilt) + 0.002 * breath
        wave[:, 2] += math.cos(self._tilt)
        return wave
