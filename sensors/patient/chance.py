"""Seeded chance, one independent stream for each part of the body."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def stream(seed: int, part: str) -> np.random.Generator:
    """The generator of one part of one patient: same seed and part, same numbers."""
    return np.random.default_rng([seed, *part.encode()])


class Chance:
    """Single random numbers, drawn in batches because one at a time is slow.

    >>> Chance(7, "heart").normal() == Chance(7, "heart").normal()
    True
    """

    def __init__(self, seed: int, part: str) -> None:
        self._normal_rng = stream(seed, part + " normal")
        self._uniform_rng = stream(seed, part + " uniform")
        self._normals: list[float] = []
        self._uniforms: list[float] = []

    def normal(self, sd: float = 1.0) -> float:
        """A number from a bell curve around 0."""
        if not self._normals:
            self._normals = self._normal_rng.standard_normal(512).tolist()
        return self._normals.pop() * sd

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """A number between low and high, all equally likely."""
        if not self._uniforms:
            self._uniforms = self._uniform_rng.random(256).tolist()
        return low + (high - low) * self._uniforms.pop()

    def happens(self, rate_per_s: float, dt_s: float) -> bool:
        """Whether an event of this rate falls into these dt_s seconds."""
        return self.uniform() < rate_per_s * dt_s

    def waiting(self, shape: float) -> float:
        """An inverse-Gaussian waiting time of mean 1 (more regular for a larger shape)."""
        return float(self._uniform_rng.wald(1.0, shape))


class Coloured:
    """Endless noise of a given spectrum, unit rms, in pieces that fade into each other.

    rate_hz: samples per second. amplitude: one weight for each of `frequencies(rate_hz)`.
    Pieces of 512 samples overlap by half under a sine window, so the variance is constant and
    nothing repeats. Output does not depend on how many samples are taken at a time.
    """

    SIZE = 512

    def __init__(self, seed: int, part: str, channels: int, amplitude: Floats) -> None:
        self._rng = stream(seed, part)
        self._channels = channels
        self._amplitude = amplitude * (self.SIZE / 2 / np.sqrt(np.sum(amplitude**2)))
        self._window = np.sin(np.pi * (np.arange(self.SIZE) + 0.5) / self.SIZE)[:, None]
        self._tail = self._piece()[self.SIZE // 2 :]
        self._ready = np.empty((0, channels))
        self._at = 0

    @classmethod
    def frequencies(cls, rate_hz: float) -> Floats:
        """The frequencies that `amplitude` weighs, in Hz, the first being 0."""
        return np.fft.rfftfreq(cls.SIZE, 1.0 / rate_hz)

    def take(self, count: int) -> Floats:
        """The next samples, shape (count, channels)."""
        while len(self._ready) - self._at < count:
            piece = self._piece()
            half = self.SIZE // 2
            fresh = self._tail + piece[:half]
            self._tail = piece[half:]
            self._ready = np.concatenate([self._ready[self._at :], fresh])
            self._at = 0
        self._at += count
        return self._ready[self._at - count : self._at]

    def _piece(self) -> Floats:
        draws = self._rng.standard_normal((2, len(self._amplitude), self._channels))
        spectrum = (draws[0] + 1j * draws[1]) * self._amplitude[:, None]
        return np.fft.irfft(spectrum, self.SIZE, axis=0) * self._window
