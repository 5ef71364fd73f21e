"""A patient in a dozen lines: arousal follows intensity and habituates. For controllers only."""

import math
from dataclasses import dataclass

from adaptivevr.arousal import Arousal, Part
from adaptivevr.course import Body


def known(level: float | None, sd: float = 0.12, age_s: float = 0.5, quality: float = 0.9) -> Body:
    """A body with a good estimate (or None) and a baseline."""
    parts = (Part("heart_rate", level or 0.0, 0.9, quality, age_s),)
    return Body(
        arousal=Arousal(level, sd, parts, age_s),
        age_s=age_s,
        ready=True,
        heart_bpm=75.0,
        heart_quality=0.9,
    )


@dataclass
class Fearful:
    """dx/dt = (gain * u * (1 - learned) - x) / tau; learning while it is faced."""

    gain: float = 1.15
    tau_s: float = 12.0
    half_life_s: float = 300.0
    arousal: float = 0.05
    learned: float = 0.0

    def step(self, dt_s: float, intensity: float) -> None:
        """Live dt_s seconds under an intensity."""
        aim = 0.05 + self.gain * intensity * (1.0 - 0.8 * self.learned)
        tau_s = self.tau_s if aim > self.arousal else 3.0 * self.tau_s
        self.arousal += (aim - self.arousal) * (1.0 - math.exp(-dt_s / tau_s))
        if intensity > 0.02:
            rate = math.log(2.0) / self.half_life_s
            self.learned += (1.0 - self.learned) * (1.0 - math.exp(-rate * dt_s))

    def suds(self) -> float:
        """What they say when asked, in tens."""
        return min(100.0, max(0.0, 10.0 * round(10.0 * self.arousal)))

    def body(self) -> Body:
        """What the sensors say, with the scale's own uncertainty."""
        return known(self.arousal, sd=math.sqrt(0.06**2 + 0.05**2 + (0.22 * self.arousal) ** 2))
