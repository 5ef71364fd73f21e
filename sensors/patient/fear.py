"""Fear of an intensity, and what is learned by staying with it.

Inhibition I(v) on a grid of intensities: exponential decay of fear with a constant rate, as found
in VR spider exposure (Portelo 2021), spread to neighbours by a Gaussian kernel, partly lost
between sessions (spontaneous recovery, renewal in another context).
"""

import math

import numpy as np

from sensors.patient.kinds import Person

GRID = 21
AVOIDING = 0.3  # of the learning is left to those who avoid what they came to meet


def _sigmoid(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-value))


class Fear:
    """fear(u) = S (1 - I(u)) [sig((u - u50)/s) - sig(-u50/s)]."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._levels = np.linspace(0.0, 1.0, GRID)
        self.learned = np.zeros(GRID)
        self.sensitivity = person.sensitivity
        self._rate_per_s = math.log(2.0) / (60.0 * person.half_life_min)
        self._narrow = 0.5 / person.generalisation**2
        self._floor = _sigmoid(-person.threshold / person.spread)
        self._overwhelmed_s = 0.0
        self._lesson = (0.0, 0.0)  # the intensity and the rate of the last step, and
        self._share = np.zeros(GRID)  # what it teaches at each intensity

    def inhibition(self, intensity: float) -> float:
        """What has been learned at this intensity, 0 (nothing) to 1 (no fear left)."""
        place = intensity * (GRID - 1)
        left = min(int(place), GRID - 2)
        low, high = float(self.learned[left]), float(self.learned[left + 1])
        return low + (high - low) * (place - left)

    def at(self, intensity: float) -> float:
        """Fear at this intensity now; 0 at intensity 0."""
        drive = _sigmoid((intensity - self._person.threshold) / self._person.spread) - self._floor
        return self.sensitivity * (1.0 - self.inhibition(intensity)) * drive

    def update(
        self, dt_s: float, intensity: float, arousal: float, looks_away: bool = False
    ) -> None:
        """Learns from dt_s seconds at this intensity; being overwhelmed for long sensitises.

        looks_away: a safety behaviour, as closing one's eyes or looking at the floor.
        """
        if intensity > 0.02:
            rate_per_s = self._rate_per_s * (AVOIDING if looks_away else 1.0)
            lesson = (intensity, rate_per_s * dt_s)
            if lesson != self._lesson:  # mostly it goes on as it was
                kernel = np.exp(-self._narrow * (self._levels - intensity) ** 2)
                self._lesson, self._share = lesson, lesson[1] * kernel
            self.learned += self._share * (1.0 - self.learned)
        self._overwhelmed_s = self._overwhelmed_s + dt_s if arousal > 0.95 else 0.0
        if self._overwhelmed_s > 20.0:
            grown = self.sensitivity * (1.0 + 0.002 * dt_s)
            self.sensitivity = min(grown, 1.2 * self._person.sensitivity)

    def between(self, days: float, context_change: float = 0.0) -> None:
        """Return of fear over `days` without exposure; 0.1-0.3 more in another context."""
        lost = self._person.return_share * (1.0 - math.exp(-days / 7.0)) + context_change
        self.learned *= 1.0 - min(1.0, lost)
        self._overwhelmed_s = 0.0
