"""Arousal: quick to rise, slow to fall, stirred by fear, novelty, scares and mental effort."""

import math

from sensors.patient.chance import Chance
from sensors.patient.kinds import Person

HIGHEST = 1.25
DRIFT_S = 15.0
SCARE_S = 12.0


class Arousal:
    """dx/dt = (base + fear + novelty + scare + effort + drift - relaxation - x) / tau(up, down)."""

    def __init__(self, person: Person, seed: int) -> None:
        self._person = person
        self._chance = Chance(seed, "arousal")
        self._drift = 0.0
        self._novelty = 0.0
        self._scare = 0.0
        self._load = 0.0
        self.level = person.base

    def update(self, dt_s: float, load: float, fear: float, effort: float, relaxed: float) -> None:
        """Moves on by dt_s under this load, fear, effort and success at paced breathing (0..1)."""
        person = self._person
        keep = math.exp(-dt_s / DRIFT_S)
        sd = person.restlessness * math.sqrt(1.0 - keep * keep)
        self._drift = self._drift * keep + self._chance.normal(sd)
        self._novelty += person.novelty * max(0.0, load - self._load)
        self._load = load
        target = (
            person.base
            + person.coupling * (fear + self._novelty)
            + self._scare
            + effort
            + self._drift
            - person.relaxability * relaxed
        )
        tau_s = person.rise_s if target > self.level else person.fall_s
        self.level += (target - self.level) * (1.0 - math.exp(-dt_s / tau_s))
        self.level = min(HIGHEST, max(0.0, self.level))
        self._novelty *= math.exp(-dt_s / person.novelty_decay_s)
        self._scare *= math.exp(-dt_s / SCARE_S)

    def startle(self, amount: float) -> None:
        """Something sudden: at once and fading within half a minute."""
        self._scare += amount
        self.level = min(HIGHEST, self.level + 0.3 * amount)

    def soothe(self, amount: float) -> None:
        """Takes away scare and novelty and this share of what is left."""
        self._scare = self._novelty = 0.0
        self.level *= 1.0 - min(1.0, max(0.0, amount))

    def settle(self) -> None:
        """Back to rest, as at the start of another day."""
        self._scare = self._novelty = self._drift = self._load = 0.0
        self.level = self._person.base
