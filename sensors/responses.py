"""Single skin responses, told apart where they overlap."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# How a response may look: clearance, rise and blur of the sweat gland, in seconds.
SHAPES_S = ((1.8, 0.5, 0.0), (1.8, 0.9, 0.0), (3.2, 0.5, 0.0), (3.2, 0.9, 0.0), (2.2, 0.6, 0.5))
SMALLEST_US = 0.05
EVERY_S = 0.5  # a fit every half second ...
LAG_S = 1.5  # ... of responses at least this old: decided 1.5 to 2 s after their onset
LOOK_S = 0.75  # a response must have been seen for this long to be tried
APART_S = 0.75
FIT_S = 10.0  # amplitudes are fitted anew over this long
KEEP_S = 20.0
GAIN = 17.0  # a response must explain this much more, in units of the noise variance
UNLIKE = 0.3  # no response looks quite like its model
WANDER = 3e-4  # uS^2/s


@dataclass(frozen=True, slots=True)
class Response:
    """One skin response: when it began, how high it rises (uS), how long ago that was."""

    age_s: float
    amplitude: float


@dataclass(slots=True)
class _Guess:
    onset: int
    shape: int
    amplitude: float


def _shape(clearance_s: float, rise_s: float, blur_s: float, dt_s: float, n: int) -> list[float]:
    """A response with peak 1, sampled; the blur is a third leak."""
    fine = 16
    step = dt_s / fine
    keep = math.exp(-step / blur_s) if blur_s else 0.0
    level, values = 0.0, []
    for i in range(n * fine):
        t = i * step
        level = keep * level + (1 - keep) * (math.exp(-t / clearance_s) - math.exp(-t / rise_s))
        if i % fine == 0:
            values.append(level)
    peak = max(values)
    return [v / peak for v in values]


@lru_cache(maxsize=32)
def _dictionary(dt_s: float, gain: float) -> Floats:
    """The shapes, (shapes, samples), as the whitening filter shows them."""
    n = round(KEEP_S / dt_s)
    rows = []
    for shape in SHAPES_S:
        level, row = 0.0, []
        for value in _shape(*shape, dt_s, n):
            row.append(value - level)
            level += gain * row[-1]
        rows.append(row)
    result = np.array(rows)
    result.flags.writeable = False
    return result


class Responses:
    """Finds skin responses by a sparse, non-negative fit that is redone every half second.

    The wandering level is taken out by the innovations of a local-level filter, in which a
    response stays short; then responses are added one by one while they explain enough, and
    all recent amplitudes are fitted anew, none below zero (matching pursuit with coordinate
    descent). Overlapping responses are told apart where a peak search sees one.
    """

    def __init__(self, dt_s: float, noise: float = 1e-4) -> None:
        self._dt_s = dt_s
        self._window = round(FIT_S / dt_s)
        self._lag = round(LAG_S / dt_s)
        self._step = max(1, round(EVERY_S / dt_s))
        self._look = max(2, round(LOOK_S / dt_s))
        self._apart = max(2, round(APART_S / dt_s))
        self.set_noise(noise)
        self.clear()

    def set_noise(self, noise: float) -> None:
        """The variance of the sensor's noise, uS^2."""
        ratio = WANDER * self._dt_s / noise
        self._gain = (math.sqrt(ratio * ratio + 4 * ratio) - ratio) / 2
        self._variance = noise / (1 - self._gain)
        self._shapes = _dictionary(self._dt_s, self._gain)
        reach = self._lag + self._step  # candidates begin at most this many samples ago
        ages = range(self._look + 1, reach + 1)
        self._ages = [age for age in ages for _ in SHAPES_S]
        self._tries = np.zeros((len(self._ages), reach))
        for row, age, shape in zip(
            self._tries, self._ages, list(range(len(SHAPES_S))) * len(ages), strict=True
        ):
            row[reach - age :] = self._shapes[shape, :age]

    def clear(self) -> None:
        """Forgets everything: a hole, or another electrode."""
        self._level: float | None = None
        self._count = 0
        self._decided = 0
        self._signal = np.zeros(self._window)
        self._guesses: list[_Guess] = []

    def update(self, value: float) -> list[Response]:
        """Takes the next sample, returns the responses decided by it (mostly none)."""
        if self._level is None:
            self._level = value
        news = value - self._level
        self._level += self._gain * news
        self._signal[self._count % self._window] = news
        self._count += 1
        if self._count % self._step or self._count < self._window // 4:
            return []
        return self._fit()

    def _basis(self, guess: _Guess) -> Floats:
        """What one response adds to the window that ends now."""
        age = self._count - guess.onset
        row = np.zeros(self._window)
        shape = self._shapes[guess.shape]
        if age <= self._window:
            row[self._window - age :] = shape[:age]
        else:
            tail = shape[age - self._window : age]
            row[: len(tail)] = tail
        return row

    def _fit(self) -> list[Response]:
        now = self._count
        turn = now % self._window
        signal = np.concatenate([self._signal[turn:], self._signal[:turn]])
        keep = len(self._shapes[0])
        guesses = [g for g in self._guesses if g.onset <= self._decided and g.onset > now - keep]
        rows = [self._basis(g) for g in guesses]
        rest = signal.copy()
        for guess, row in zip(guesses, rows, strict=True):
            rest -= guess.amplitude * row
        for _ in range(8):
            added = self._best(rest, signal - rest, guesses)
            if added is None:
                break
            guesses.append(added)
            rows.append(self._basis(added))
            rest = self._refit(guesses, rows, rest)
        self._guesses = guesses
        return self._decide()

    def _best(self, rest: Floats, model: Floats, guesses: list[_Guess]) -> _Guess | None:
        """The response that explains most of what is left, None when none explains enough."""
        reach = self._tries.shape[1]
        summed = np.concatenate([[0.0], np.cumsum(model * model), np.zeros(4)])
        summed[-4:] = summed[-5]
        around = (summed[8:] - summed[:-8]) / 8.0  # mean of eight neighbours
        spread = self._variance + UNLIKE * UNLIKE * around[-reach:]
        weighted = self._tries / spread
        size = (weighted * self._tries).sum(axis=1)
        match = (weighted * rest[-reach:]).sum(axis=1)
        gain = np.where(match > 0, match * match / size, 0.0)
        onsets = range(self._count - self._ages[0], self._count - self._ages[-1] - 1, -1)
        known = [g.onset for g in guesses]
        taken = [
            onset <= self._decided or any([abs(onset - k) < self._apart for k in known])
            for onset in onsets
        ]
        gain.reshape(len(onsets), len(SHAPES_S))[taken] = 0.0
        best = int(gain.argmax())
        if gain[best] < GAIN:
            return None
        return _Guess(self._count - self._ages[best], best % len(SHAPES_S), 0.0)

    def _refit(self, guesses: list[_Guess], rows: list[Floats], rest: Floats) -> Floats:
        recent = [
            (g, row, float((row * row).sum()))
            for g, row in zip(guesses, rows, strict=True)
            if self._count - g.onset <= self._window
        ]
        for _ in range(12):
            most = 0.0
            for guess, row, size in recent:
                step = max(float((rest * row).sum()) / size, -guess.amplitude)
                guess.amplitude += step
                rest = rest - step * row
                most = max(most, abs(step))
            if most < 1e-4:
                break
        return rest

    def _decide(self) -> list[Response]:
        until = self._count - self._lag
        found = [
            Response((self._count - 1 - g.onset) * self._dt_s, g.amplitude)
            for g in self._guesses
            if self._decided < g.onset <= until and g.amplitude >= SMALLEST_US
        ]
        self._guesses = [g for g in self._guesses if g.onset > until or g.amplitude > 0.02]
        self._decided = max(self._decided, until)
        return sorted(found, key=lambda r: -r.age_s)
