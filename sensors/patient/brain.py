"""Eight channels of EEG: 1/f background, spindling alpha that arousal lowers, blinks and muscle."""

import math

import numpy as np

from sensors.patient.chance import Chance, Coloured, Floats
from sensors.patient.heart import Resonance
from sensors.patient.kinds import Person

CHANNELS = ("Fp1", "Fp2", "C3", "C4", "P3", "P4", "O1", "O2")
RATE_HZ = 250.0
EYES_OPEN = 0.4
# how much of each source reaches each channel
ALPHA = np.array([0.15, 0.15, 0.4, 0.4, 0.85, 0.85, 1.0, 1.0])
BLINK = np.array([1.0, 0.95, 0.1, 0.1, 0.03, 0.03, 0.01, 0.01])
MUSCLE = np.array([1.0, 1.0, 0.5, 0.5, 0.4, 0.4, 0.6, 0.6])


def _background(slope: float) -> Floats:
    frequency = Coloured.frequencies(RATE_HZ)
    safe = np.maximum(frequency, 0.7)
    return safe ** (-slope / 2) * (frequency > 0)


def _alpha(centre_hz: float) -> Floats:
    """The spectrum of an AR(2) oscillator about 1.5 Hz wide."""
    frequency = Coloured.frequencies(RATE_HZ)
    return 1.0 / np.sqrt(1.0 + ((frequency - centre_hz) / 0.75) ** 2) * (abs(frequency - 10) < 5)


def _muscle() -> Floats:
    frequency = Coloured.frequencies(RATE_HZ)
    return np.minimum(1.0, frequency / 40.0) * (frequency > 15)


def blink_shape(seconds: Floats) -> Floats:
    """A lid closing fast and opening more slowly, 1 at its height 0.1 s after it began."""
    rise = np.exp(-0.5 * ((seconds - 0.1) / 0.04) ** 2)
    fall = np.exp(-0.5 * ((seconds - 0.1) / 0.09) ** 2)
    return np.where(seconds < 0.1, rise, fall)


class Brain:
    """EEG in microvolt on a 250 Hz grid."""

    def __init__(self, person: Person, seed: int, dt_s: float) -> None:
        self._person = person
        self._chance = Chance(seed, "brain")
        self._own = Coloured(seed, "brain own", 8, _background(person.slope))
        self._shared = Coloured(seed, "brain shared", 1, _background(person.slope))
        self._alpha = Coloured(seed, "brain alpha", 8, _alpha(person.alpha_hz))
        self._rhythm = Coloured(seed, "brain rhythm", 1, _alpha(person.alpha_hz))
        self._muscle = Coloured(seed, "brain muscle", 8, _muscle())
        self._spindle = Resonance(0.4, 0.5)
        self._spindle_sd = self._spindle.noise_sd(dt_s)
        self._clench_s = 0.0
        self._blinks: list[tuple[float, float]] = []
        self._gain = 0.0

    def update(self, dt_s: float, start_s: float, arousal: float, eyes_closed: bool) -> None:
        """Moves on by dt_s seconds from start_s."""
        spindle = self._spindle.update(dt_s, self._chance.normal(self._spindle_sd))
        open_share = 1.0 if eyes_closed else EYES_OPEN
        drop = math.exp(-self._person.alpha_drop * arousal)
        # alpha_uv is the eyes-closed amplitude of the sine; / sqrt 2 makes it an rms
        self._gain = 0.707 * self._person.alpha_uv * open_share * drop
        self._gain *= math.exp(0.4 * spindle - 0.16)
        rate_per_s = self._person.blinks_per_min / 60.0 * (1.0 + 0.3 * arousal)
        if self._chance.happens(0.0 if eyes_closed else rate_per_s, dt_s):
            size = self._person.blink_uv * math.exp(self._chance.normal(0.2))
            self._blinks.append((start_s + self._chance.uniform(0.0, dt_s), size))
        self._clench_s -= dt_s
        if self._chance.happens((1.0 + 4.0 * arousal) / 60.0, dt_s):
            self._clench_s = self._chance.uniform(0.4, 2.0)

    def do(self, deed: str, now_s: float) -> None:
        """Blinks three times, or clenches the teeth for a second and a half."""
        if deed == "blink":
            size = self._person.blink_uv
            self._blinks += [(now_s + 0.7 * number, size) for number in range(3)]
        elif deed == "clench":
            self._clench_s = 1.5

    def draw(self, times_s: Floats, strength_g: float) -> Floats:
        """Microvolt at these times, shape (n, 8); strength_g: how hard the head moves."""
        count = len(times_s)
        background = 0.8 * self._own.take(count) + 0.6 * self._shared.take(count)
        wave = background * self._person.background_uv
        rhythm = 0.5 * self._alpha.take(count) + 0.87 * self._rhythm.take(count)
        wave += rhythm * (self._gain * ALPHA)
        muscle_uv = 1.0 + (8.0 if self._clench_s > 0.0 else 0.0) + 60.0 * strength_g
        wave += self._muscle.take(count) * (muscle_uv * MUSCLE)
        if strength_g:
            wave += self._shared.take(count) * (900.0 * strength_g)
        first = float(times_s[0])
        self._blinks = [one for one in self._blinks if one[0] + 0.6 > first]
        for start_s, size in self._blinks:
            wave += (size * blink_shape(times_s - start_s))[:, None] * BLINK
        return wave
