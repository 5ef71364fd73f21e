"""Trouble between body and amplifier: electrodes that come off, samples that are lost, jumps."""

import math

from sensors.patient.chance import Chance
from sensors.stream import Kind

BODY = (Kind.EEG, Kind.ECG, Kind.PPG, Kind.RR, Kind.EDA, Kind.BREATH)
DETACH_PER_S = 1.0 / 3600.0  # for each sensor
DROPOUT_PER_S = 0.1 / 60.0  # for all sensors together
SETTLED_S = 60.0


class Artefacts:
    """Which sensors hang loose (noise and hum) and which send nothing at this moment."""

    def __init__(self, kinds: tuple[Kind, ...], seed: int, happen: bool) -> None:
        self._kinds = kinds
        self._body = tuple(kind for kind in kinds if kind in BODY)
        self._happen = happen
        self._chance = Chance(seed, "artefacts")
        self._age_s = 0.0
        self._loose: dict[Kind, float] = {}  # until (s of age)
        self._silent: dict[Kind, float] = {}
        self.eda_jump_us = 0.0

    def update(self, dt_s: float, moved: bool) -> None:
        """Moves on by dt_s; moved: a bout of movement starts in this step."""
        self._age_s += dt_s
        self.eda_jump_us *= math.exp(-dt_s / 3.0)
        if not self._happen:
            return
        if moved:
            size = self._chance.uniform(0.3, 2.0)
            self.eda_jump_us += size if self._chance.uniform() < 0.7 else -0.5 * size
        self._loose = {kind: end for kind, end in self._loose.items() if end > self._age_s}
        self._silent = {kind: end for kind, end in self._silent.items() if end > self._age_s}
        if self._age_s < SETTLED_S:
            return
        for kind in self._body:
            if self._chance.happens(DETACH_PER_S, dt_s):
                self._loose[kind] = self._age_s + self._chance.uniform(5.0, 20.0)
        if self._chance.happens(DROPOUT_PER_S, dt_s):
            kind = self._kinds[int(self._chance.uniform() * len(self._kinds))]
            self._silent[kind] = self._age_s + self._chance.uniform(0.1, 5.0)

    def loose(self, kind: Kind) -> bool:
        """True while the electrodes of this sensor are off."""
        return kind in self._loose

    def silent(self, kind: Kind) -> bool:
        """True while the samples of this sensor are lost on their way."""
        return kind in self._silent
