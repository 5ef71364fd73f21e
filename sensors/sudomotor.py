"""Skin conductance told apart, as it comes: slow level, responses, and the nerve's drive."""

import math
from collections.abc import Iterable
from typing import cast

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# What a response may look like: how fast sweat clears and how fast it rises (s), side by side.
CLEARANCE_S = (1.8, 2.6, 3.6)
RISE_S = (0.6, 0.9)
STORIES = 8  # accounts of when the nerve fired that are kept for each shape
BURSTS_HZ = 0.08  # how often a nerve fires, about 5 a minute
HEIGHT_US, SPREAD_US = 0.25, 0.25  # how high the response to one burst rises
UNREST = 2e-3  # uS^2/s, drive between bursts
UNLIKE = 0.05  # share of the drive by which no response is quite like its shape
WANDER = 2e-5  # uS^2/s, random walk of the level
BEND = 2e-6  # uS^2/s^3, how freely its slope changes
BEND_S = 40.0  # a slope dies away in this time, as a level nears where it is going
MEMORY_S = 120.0  # over which the record of a shape counts
TRUST = 0.3  # neighbouring samples err alike, so each counts for less than one
LARGEST_US = 1e4  # far beyond any skin; keeps sums finite when an input is broken


class Sudomotor:
    """Causal decomposition of skin conductance by weighing accounts of when the nerve fired.

    Drive p, response r, level T and its slope s: dp = -p/rise, dr = p - r/clearance, dT = s,
    ds = -s/40 s (the two leaks of cvxEDA, Greco et al. 2016, on a level that moves as in
    science of skin: towards a goal within tens of seconds). The nerve fires in single bursts:
    at every sample each account splits into one with a burst and one without, each is
    followed by its own Kalman filter (no state below zero), and the most probable go on.
    People differ in shape: six are followed side by side and count by how well they foretell.

    clearances_s: how fast sweat may clear; around this person's own when calibration found it.

    >>> skin = Sudomotor(dt_s=0.25)
    >>> [round(skin.update(5.0)[2], 3) for _ in range(3)]
    [5.0, 5.0, 5.0]
    """

    def __init__(
        self,
        dt_s: float,
        noise: float = 1e-4,
        clearances_s: tuple[float, ...] = CLEARANCE_S,
        rises_s: tuple[float, ...] = RISE_S,
        memory_s: float = MEMORY_S,
    ) -> None:
        self._dt_s = dt_s
        self._shapes = [(c, min(r, 0.6 * c)) for c in clearances_s for r in rises_s]
        self._step = self._decay(dt_s)
        tops = [math.log(c / r) * c * r / (c - r) for c, r in self._shapes]
        unit = np.array(  # the burst whose response rises to 1 uS
            [
                [(1 / r - 1 / c) / (math.exp(-t / c) - math.exp(-t / r))]
                for (c, r), t in zip(self._shapes, tops, strict=True)
            ]
        )
        self._burst, self._burst_var = HEIGHT_US * unit, (SPREAD_US * unit) ** 2
        self._chance = min(BURSTS_HZ * dt_s, 0.5)
        self._memory = math.exp(-dt_s / memory_s)
        self._records = [0.0] * len(self._shapes)
        self._rows = np.arange(len(self._shapes))[:, None]
        self._mean: Floats | None = None  # (4, shapes, stories): p, r, T, s
        self.slope = 0.0  # of the level, uS/s
        self.set_noise(noise)

    def set_noise(self, noise: float) -> None:
        """The variance of the sensor's noise, uS^2."""
        self._noise = noise

    @property
    def clearance_s(self) -> float:
        """Time constant of recovery that fits this skin best so far, s."""
        shares = self._shares()
        return sum(w * c for w, (c, _) in zip(shares, self._shapes, strict=True))

    def _decay(self, seconds: float) -> tuple[Floats, Floats, Floats, float, float]:
        """How drive, response and slope fade over so long, and what each leaves in the next."""
        a = [math.exp(-seconds / r) for _, r in self._shapes]
        b = [math.exp(-seconds / c) for c, _ in self._shapes]
        over = [(x - y) / (1 / c - 1 / r) for x, y, (c, r) in zip(a, b, self._shapes, strict=True)]
        fade = math.exp(-seconds / BEND_S)
        columns = [np.array(row)[:, None] for row in (a, b, over)]
        return columns[0], columns[1], columns[2], fade, BEND_S * (1 - fade)

    def _begin(self, p: Floats, r: Floats, level: Floats) -> None:
        """One account a shape, and doubt about all of it."""
        shape = (len(self._shapes), STORIES)
        self._mean = np.zeros((4, *shape))
        self._mean[0], self._mean[1], self._mean[2] = p[:, None], r[:, None], level[:, None]
        self._cov = np.zeros((4, 4, *shape))
        for i, variance in enumerate((1e-4, 1e-3, 1e-2, 20 * BEND)):
            self._cov[i, i] = variance
        self._weights = np.zeros(shape)
        self._weights[:, 0] = 1.0

    def _summary(self) -> Floats:
        """The four states of each shape, over its accounts."""
        means = cast(Floats, self._mean)
        return np.asarray((means * self._weights).sum(axis=2))

    def skip(self, seconds: float) -> None:
        """Nothing came for so long: drive and response die away, the level stays."""
        if self._mean is None:
            return
        p, r, level, _ = self._summary()
        a, b, over, _, _ = (x if isinstance(x, float) else x[:, 0] for x in self._decay(seconds))
        self._begin(a * p, over * p + b * r, level)

    def level_at(self, value: float) -> None:
        """After a hole or a jump the level is whatever the response does not explain."""
        if self._mean is None:
            return
        value = min(max(value, 0.0), LARGEST_US)
        p, r, _, _ = self._summary()
        r = np.minimum(r, value)
        self._begin(p, r, value - r)

    def update(self, value: float) -> tuple[float, float, float]:
        """Drive, response (phasic) and level (tonic) in uS, for the next sample."""
        value = min(max(value, -LARGEST_US), LARGEST_US)
        if self._mean is None:
            zero = np.zeros(len(self._shapes))
            self._begin(zero, zero, zero + max(value, 0.0))
        self._foretell()
        self._split()
        self._correct(value)
        shares = self._shares()
        drive, phasic, tonic, self.slope = (
            sum(w * x for w, x in zip(shares, row, strict=True)) for row in self._summary().tolist()
        )
        return drive, phasic, tonic

    def _foretell(self) -> None:
        """Every account moves on by one sample, without a burst."""
        p, r, level, slope = cast(Floats, self._mean)
        a, b, over, fade, reach = self._step
        cov, dt_s = self._cov, self._dt_s
        half = np.empty_like(cov)
        half[0] = a * cov[0]
        half[1] = over * cov[0] + b * cov[1]
        half[2] = cov[2] + reach * cov[3]
        half[3] = fade * cov[3]
        new = np.empty_like(cov)
        new[:, 0] = a * half[:, 0]
        new[:, 1] = over * half[:, 0] + b * half[:, 1]
        new[:, 2] = half[:, 2] + reach * half[:, 3]
        new[:, 3] = fade * half[:, 3]
        unlike = UNLIKE * p
        new[0, 0] += (UNREST + unlike * unlike) * dt_s
        new[1, 1] += 1e-7 * dt_s
        new[2, 2] += WANDER * dt_s
        new[3, 3] += BEND * dt_s
        self._cov = new
        self._mean = np.stack([a * p, over * p + b * r, level + reach * slope, fade * slope])

    def _split(self) -> None:
        """Of every account, one in which the nerve fires now and one in which it does not."""
        mean, cov, weights = cast(Floats, self._mean), self._cov, self._weights
        self._mean = np.concatenate([mean, mean], axis=2)
        self._mean[0, :, STORIES:] += self._burst
        self._cov = np.concatenate([cov, cov], axis=3)
        self._cov[0, 0, :, STORIES:] += self._burst_var
        self._weights = np.concatenate(
            [weights * (1 - self._chance), weights * self._chance], axis=1
        )

    def _correct(self, value: float) -> None:
        """The sample is taken in; the most probable accounts go on."""
        mean, cov = cast(Floats, self._mean), self._cov
        news = cov[1] + cov[2]
        total = news[1] + news[2] + self._noise
        error = value - mean[1] - mean[2]
        gain = news / total
        mean = mean + gain * error
        cov = cov - gain[:, None] * news
        surprise = np.minimum(0.5 * error * error / total, 20.0)
        below = np.minimum(mean[0], 0.0)
        surprise += np.minimum(0.5 * below * below / cov[0, 0], 20.0)
        mean -= cov[0] / cov[0, 0] * below
        mean -= cov[1] / cov[1, 1] * np.minimum(mean[1], 0.0)
        np.maximum(mean[:3], 0.0, out=mean[:3])
        # exp and log one by one: those of arrays give other bits on other processors
        likely = np.array([math.exp(-x) for x in surprise.ravel().tolist()])
        weights = self._weights * likely.reshape(surprise.shape) / np.sqrt(total)
        best = np.argsort(-weights, axis=1, kind="stable")[:, :STORIES]
        rows = self._rows
        weights = weights[rows, best]
        sums = weights.sum(axis=1)
        self._mean, self._cov = mean[:, rows, best], cov[:, :, rows, best]
        self._weights = weights / sums[:, None]
        self._records = [
            record * self._memory + TRUST * math.log(x)
            for record, x in zip(self._records, sums.tolist(), strict=True)
        ]

    def _shares(self) -> list[float]:
        """How far each shape is believed; they add up to one."""
        best = max(self._records)
        weights = [math.exp(x - best) for x in self._records]
        total = sum(weights)
        return [w / total for w in weights]


def recovery_s(levels_us: Iterable[float], dt_s: float) -> float:
    """How fast this person's responses fade: the time constant (s) that foretells them best.

    levels_us: some minutes of clean conductance with responses in it, as of a calibration. Takes
    about two seconds for five minutes; with twenty responses, simulated skins come out within about
    half a second, with ten within one.
    """
    fine = tuple(1.4 + 0.3 * k for k in range(11))
    skin = Sudomotor(dt_s, clearances_s=fine, rises_s=(0.5, 0.7, 0.9), memory_s=3600.0)
    for level in levels_us:
        skin.update(level)
    return skin.clearance_s
