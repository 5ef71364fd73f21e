"""Skin conductance told apart, as it comes: slow level, responses, and the nerve's drive."""

import math
from collections.abc import Iterable
from operator import mul
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
        tops = [math.log(c / r) * c * r / (c - r) for c, r in self._shapes]
        unit = np.array(  # the burst whose response rises to 1 uS
            [
                [(1 / r - 1 / c) / (math.exp(-t / c) - math.exp(-t / r))]
                for (c, r), t in zip(self._shapes, tops, strict=True)
            ]
        )
        none = np.zeros_like(unit)  # what no burst and a burst add to the drive, and to its doubt
        wide = np.ones(STORIES)  # as wide as the accounts: numpy goes through both in one run
        self._bursts = np.stack([none, HEIGHT_US * unit]) * wide
        self._burst_vars = np.stack([none, (SPREAD_US * unit) ** 2]) * wide
        chance = min(BURSTS_HZ * dt_s, 0.5)
        self._chances = np.array([1 - chance, chance])[:, None, None] + np.zeros_like(self._bursts)
        a, b, over, fade, reach = self._decay(dt_s)
        one = np.ones_like(a)
        # Each state's own share in its next, for columns and for lines of the covariance.
        keep = np.array([a, b, one, fade * one]) * wide
        self._keep = keep, keep[:, None]
        # What the drive leaves in the response, and the slope in the level; for both likewise.
        passed = np.array([over, reach * one]) * wide
        self._pass = passed, passed[:, None]
        self._unrest = np.zeros((4, len(self._shapes), STORIES))  # what a step adds to the doubt
        for place, variance in enumerate((0.0, 1e-7, WANDER, BEND)):
            self._unrest[place] = variance * dt_s
        self._memory = math.exp(-dt_s / memory_s)
        self._records = [0.0] * len(self._shapes)
        # Where an account of a shape stands among all in a row, without and with its burst.
        self._firsts = STORIES * np.arange(len(self._shapes))[:, None]
        fired, account = np.divmod(np.arange(2 * STORIES), STORIES)
        self._places = account, account + fired * len(self._shapes) * STORIES
        # (5, 4, shapes, stories): covariance of p, r, T, s in four lines, their means in the fifth
        self._state: Floats | None = None
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
        state = self._state = np.zeros((5, 4, *shape))
        for i, variance in enumerate((1e-4, 1e-3, 1e-2, 20 * BEND)):
            state[i, i] = variance
        state[4, 0], state[4, 1], state[4, 2] = p[:, None], r[:, None], level[:, None]
        self._weights = np.zeros(shape)
        self._weights[:, 0] = 1.0

    def _summary(self) -> Floats:
        """The four states of each shape, over its accounts, added up one after the other."""
        state = cast(Floats, self._state)
        return np.asarray((state[4] * self._weights).cumsum(axis=2)[:, :, -1])

    def skip(self, seconds: float) -> None:
        """Nothing came for so long: drive and response die away, the level stays."""
        if self._state is None:
            return
        p, r, level, _ = self._summary()
        a, b, over, _, _ = (x if isinstance(x, float) else x[:, 0] for x in self._decay(seconds))
        self._begin(a * p, over * p + b * r, level)

    def level_at(self, value: float) -> None:
        """After a hole or a jump the level is whatever the response does not explain."""
        if self._state is None:
            return
        value = min(max(value, 0.0), LARGEST_US)
        p, r, _, _ = self._summary()
        r = np.minimum(r, value)
        self._begin(p, r, value - r)

    def update(self, value: float) -> tuple[float, float, float]:
        """Drive, response (phasic) and level (tonic) in uS, for the next sample."""
        value = min(max(value, -LARGEST_US), LARGEST_US)
        if self._state is None:
            zero = np.zeros(len(self._shapes))
            self._begin(zero, zero, zero + max(value, 0.0))
        self._foretell()
        self._correct(value)
        shares = self._shares()
        drive, phasic, tonic, self.slope = (
            sum(map(mul, shares, row)) for row in self._summary().tolist()
        )
        return drive, phasic, tonic

    def _foretell(self) -> None:
        """Every account moves on by one sample, without a burst."""
        state, keep, passed = cast(Floats, self._state), self._keep, self._pass
        cov = state[:4]
        unlike = UNLIKE * state[4, 0]
        self._unrest[0] = (UNREST + unlike * unlike) * self._dt_s
        given = passed[1] * cov[::3]
        cov *= keep[1]
        cov[1:3] += given
        given = passed[0] * state[:, ::3]
        state *= keep[0]
        state[:, 1:3] += given
        state.reshape(20, *state.shape[2:])[0:16:5] += self._unrest  # the diagonal

    def _correct(self, value: float) -> None:
        """The sample is taken in; of every account, one in which the nerve fired just now and one
        in which it did not are weighed, and the most probable go on."""
        state = cast(Floats, self._state)
        cov, mean = state[:4], state[4]
        news = cov[1] + cov[2]
        total = news[1] + news[2] + self._noise
        error = value - mean[1] - mean[2]
        gain = news / total
        moved = gain * error
        # A burst changes the drive and its doubt alone: (without or with it, shapes, stories).
        drive = mean[0] + self._bursts + moved[0]
        drive_var = cov[0, 0] + self._burst_vars - gain[0] * news[0]
        mean += moved
        cov -= gain[:, None] * news
        surprise = np.minimum(0.5 * error * error / total, 20.0)
        below = np.minimum(drive, 0.0)
        surprise = surprise + np.minimum(0.5 * below * below / drive_var, 20.0)
        # exp and log one by one: those of arrays give other bits on other processors
        powers = (-surprise).ravel().tolist()
        likely = np.fromiter(map(math.exp, powers), np.float64, len(powers))
        weights = self._weights * self._chances
        weights *= likely.reshape(weights.shape)
        weights /= np.sqrt(total)
        both = (-weights).transpose(1, 0, 2).reshape(len(self._shapes), -1)
        best = both.argsort(axis=1, kind="stable")[:, :STORIES]
        of_one, of_all = (places.take(best) + self._firsts for places in self._places)
        state = state.reshape(20, -1).take(of_one, axis=1).reshape(state.shape)
        state[0, 0], state[4, 0] = drive_var.take(of_all), drive.take(of_all)
        self._state, cov, mean = state, state[:4], state[4]
        mean -= cov[0] / cov[0, 0] * below.take(of_all)
        mean -= cov[1] / cov[1, 1] * np.minimum(mean[1], 0.0)
        np.maximum(mean[:3], 0.0, out=mean[:3])
        weights = weights.take(of_all)
        sums = np.add.reduce(weights, axis=1)
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
