"""Skin conductance: a slow level and a point process of responses.

Responses come as an inverse-Gaussian renewal process whose rate grows with arousal (Subramanian
2020); each is a difference of two exponentials (Boucsein 2012; the shape of cvxEDA).
"""

import math

from sensors.patient.chance import Chance
from sensors.patient.kinds import Person

REFRACTORY_S = 1.0
REGULARITY = 2.5
LEVEL_S = 40.0
WANDER, WANDER_S = 0.08, 120.0  # relative drift of the level that has no cause we know


class Skin:
    """Conductance in microsiemens."""

    def __init__(self, person: Person, seed: int) -> None:
        self._person = person
        self._chance = Chance(seed, "skin")
        self._noise = Chance(seed, "skin sensor")
        self._waited = 0.0
        self._wait = self._chance.waiting(REGULARITY)
        self._last_s = -math.inf
        self._due: list[tuple[float, float]] = []  # onset (s), amplitude
        self._slow = self._fast = 0.0  # the two exponentials of all responses so far
        rise, decay = person.scr_rise_s, person.scr_decay_s
        top_s = math.log(decay / rise) * decay * rise / (decay - rise)
        self._unit = 1.0 / (math.exp(-top_s / decay) - math.exp(-top_s / rise))
        self._drift_us = 0.0
        self._wander = 0.0
        self._age_s = 0.0
        self.rest_us = person.skin_us
        self.level_us = person.skin_us + person.skin_gain * person.skin_us * person.base
        self._level_before = self.level_us
        self.rate_per_min = person.scr_per_min
        self.onsets: list[tuple[float, float]] = []  # of the last minute: onset (s), amplitude (uS)

    def update(self, dt_s: float, start_s: float, arousal: float) -> None:
        """Moves on by dt_s seconds from start_s."""
        person, sweat = self._person, self._person.sweat
        self._age_s += dt_s
        self._drift_us = 0.9995 * self._drift_us + self._chance.normal(0.004 * math.sqrt(dt_s))
        keep = math.exp(-dt_s / WANDER_S)
        self._wander = self._wander * keep + self._chance.normal(
            WANDER * math.sqrt(1.0 - keep * keep)
        )
        warm = person.warm_up_us * (1.0 - math.exp(-self._age_s / 200.0)) * min(1.0, 2.0 * sweat)
        gain = person.skin_gain * person.skin_us * sweat
        aim = (self.rest_us + gain * arousal) * math.exp(self._wander) + warm + self._drift_us
        self._level_before = self.level_us
        self.level_us = max(0.3, self.level_us + (aim - self.level_us) * dt_s / LEVEL_S)
        self.rate_per_min = person.scr_per_min * math.exp(person.scr_gain * sweat * arousal)
        if start_s - self._last_s >= REFRACTORY_S:
            self._waited += self.rate_per_min / 60.0 * dt_s
            if self._waited >= self._wait:
                self._waited, self._wait = 0.0, self._chance.waiting(REGULARITY)
                size = math.exp(math.log(0.2) + 0.8 * arousal + self._chance.normal(0.6))
                self.respond(start_s + self._chance.uniform(0.0, dt_s), size)

    def respond(self, at_s: float, amplitude_us: float) -> None:
        """A burst of the sudomotor nerve at at_s; the skin follows 1.5-2.5 s later."""
        self._last_s = at_s
        onset = at_s + self._chance.uniform(1.5, 2.5)
        amplitude = amplitude_us * self._person.sweat
        self._due.append((onset, amplitude))
        self.onsets = [one for one in self.onsets if one[0] > at_s - 60.0] + [(onset, amplitude)]

    def draw(self, start_s: float, dt_s: float, offsets_s: list[float]) -> list[float]:
        """Conductance at start_s + each offset within dt_s; call once for each stretch of time."""
        slow_s, fast_s = self._person.scr_decay_s, self._person.scr_rise_s
        now = [one for one in self._due if one[0] < start_s + dt_s]
        climb = (self.level_us - self._level_before) / dt_s
        values = []
        for offset in offsets_s:
            phasic = self._slow * math.exp(-offset / slow_s) - self._fast * math.exp(
                -offset / fast_s
            )
            for onset, amplitude in now:
                since = start_s + offset - onset
                if since > 0.0:
                    bump = math.exp(-since / slow_s) - math.exp(-since / fast_s)
                    phasic += amplitude * self._unit * bump
            tonic = self._level_before + climb * offset
            values.append(tonic + phasic + self._noise.normal(0.004))
        self._slow *= math.exp(-dt_s / slow_s)
        self._fast *= math.exp(-dt_s / fast_s)
        for onset, amplitude in now:
            since = start_s + dt_s - onset
            self._slow += amplitude * self._unit * math.exp(-since / slow_s)
            self._fast += amplitude * self._unit * math.exp(-since / fast_s)
            self._due.remove((onset, amplitude))
        return values
