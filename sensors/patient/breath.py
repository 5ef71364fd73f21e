"""Breathing: spontaneous, or in step with a pacer as far as the patient manages."""

import math

from sensors.patient.chance import Chance
from sensors.patient.kinds import Person

Pacer = tuple[float, float, float, float, float]
SLOW_CYCLE_S = 6.0


def _volume(at_s: float, cycle: tuple[float, float, float, float]) -> float:
    breathe_in, hold, out, _ = cycle
    if at_s < breathe_in:
        return 0.5 - 0.5 * math.cos(math.pi * at_s / breathe_in)
    at_s -= breathe_in
    if at_s < hold:
        return 1.0
    at_s -= hold
    return 0.5 + 0.5 * math.cos(math.pi * at_s / out) if at_s < out else 0.0


class Breath:
    """Lung volume (0 empty, about 1 full) and how well it follows the pacer."""

    def __init__(self, person: Person, seed: int) -> None:
        self._person = person
        self._chance = Chance(seed, "breath")
        self._at_s = 0.0
        self._cycle = (1.7, 0.0, 2.0, 0.4)
        self._depth = 1.0
        self._follows = False
        self.volume = 0.0
        self.middle = 0.5
        self.in_step = 0.0
        self.relaxed = 0.0

    @property
    def rate_per_min(self) -> float:
        """Breaths per minute of the present cycle."""
        return 60.0 / sum(self._cycle)

    def update(self, dt_s: float, now_s: float, arousal: float, pacer: Pacer | None) -> None:
        """Breathes dt_s seconds up to now_s; a new cycle is chosen when one has ended."""
        self._at_s += dt_s
        length = sum(self._cycle)
        if self._at_s >= length:
            self._at_s -= length
            self._choose(now_s - self._at_s, arousal, pacer)
        self.volume = self._depth * _volume(self._at_s, self._cycle)
        self.middle += (self.volume - self.middle) * dt_s / 30.0
        following = 1.0 if pacer is not None and self._follows else 0.0
        self.in_step += (following - self.in_step) * dt_s / 15.0
        slow = following if sum(self._cycle) >= SLOW_CYCLE_S else 0.0
        self.relaxed += (slow - self.relaxed) * dt_s / 25.0

    def sigh(self) -> None:
        """One breath twice as deep, from now on."""
        self._at_s, self._cycle, self._depth = 0.0, (2.0, 0.3, 2.5, 0.5), 2.0

    def _choose(self, start_s: float, arousal: float, pacer: Pacer | None) -> None:
        willing = self._person.adherence * (1.0 - 0.6 * max(0.0, arousal - 0.5))
        # drawn in any case, so that a pacer does not shift the chance of everything after it
        follows, wobble, depth = (
            self._chance.uniform(),
            self._chance.normal(),
            self._chance.normal(),
        )
        if pacer is not None and sum(pacer[1:]) >= 2.0:
            self._follows = follows < willing
            if self._follows:
                length = sum(pacer[1:])
                ahead = math.fmod(start_s - pacer[0], length) if start_s > pacer[0] else 0.0
                if ahead > length / 2:
                    ahead -= length
                stretch = 1.0 + 0.02 * wobble - max(-0.4, min(0.25, 0.8 * ahead / length))
                self._cycle = tuple(max(0.0, part) * stretch for part in pacer[1:])  # type: ignore[assignment]
                self._depth = min(1.6, math.sqrt(length / 4.0)) * (1.0 + 0.05 * depth)
                return
        self._follows = False
        per_min = self._person.breath_per_min + 5.0 * arousal
        length = 60.0 / per_min * max(0.6, 1.0 + 0.10 * wobble)
        self._cycle = (0.42 * length, 0.0, 0.48 * length, 0.10 * length)
        self._depth = max(0.5, 1.0 + 0.12 * depth)
