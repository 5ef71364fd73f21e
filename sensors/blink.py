"""Blinks, jolts and pops taken out of many-channel EEG, as directions between the electrodes."""

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LEAST = 8  # channels, below that too little is left without a direction
FIRST_BLOCKS = 150  # of a tenth of a second, to learn what is usual
KEPT_BLOCKS = 600  # memory of what is usual
RENEW = 50
ROWS = 5  # samples of a block that tell what is usual
UNUSUAL = 8.0  # standard deviations above the usual power of all directions together
TRANSIENT = 2  # at most so many directions that come once are taken out at a time
RIDGE = 0.003
DOUBT = 0.02  # what looks like an artefact is learnt so much more slowly
OFTEN, FADES = 8.0, 0.99  # blocks of one direction until it counts as known; their memory
ALIKE = 0.6  # share of what is unusual that a known direction explains


class Blinks:
    """Artefact subspaces after ASR (Mullen 2015, Blum 2019), without matrix libraries.

    Measured in what is usual for this head (the covariance of its quiet blocks, whitened), a
    blink is one huge direction. Means over 0.1 s, in which the alpha rhythm cancels, show
    it. A direction that comes again and again (blinks) is learnt and from then on taken out of
    every sample: the least that can be lost with it (generalised least squares). What comes
    once (a jolt, a pop) is taken out of its own blocks. Nothing looks ahead, and sums are taken
    in a fixed order, so all processors agree.
    """

    def __init__(self, channels: int) -> None:
        self._n = channels
        self._first: list[Floats] = []
        self._usual: Floats | None = None  # covariance (channels, channels)
        self._white = self._back = np.zeros((0, 0))
        self._level = float(channels)  # usual whitened power of a mean
        self._odd = np.zeros((channels, channels))
        self._often = 0.0
        self._known: Floats | None = None  # a whitened direction of length 1
        self._age = 5  # so that renewing falls between the seconds, when other work is due
        self.forget()

    def forget(self) -> None:
        """After a hole the last means belong to nothing; what is usual stays."""
        self._half: Floats | None = None
        self._means: list[Floats] = []
        self._active: list[Floats] = []

    def update(self, block: Floats) -> Floats:
        """The block (n, channels) without the directions that are no brain's."""
        size = len(block)
        early = block[: (size + 1) // 2].sum(axis=0) / ((size + 1) // 2)
        late = block[size // 2 :].sum(axis=0) / (size - size // 2)
        across = early if self._half is None else 0.5 * (self._half + early)
        mean = 0.5 * (early + late)
        self._half = late
        self._means = [*self._means[-2:], across, mean]
        if self._usual is None:
            self._first.append(block[:: max(1, size // ROWS)])
            if len(self._first) == FIRST_BLOCKS:
                self._begin()
            return block
        before = self._active
        rows = [(self._white * m).sum(axis=1) for m in self._means]
        power = float((rows[-1] * rows[-1]).sum())
        limit = self._level + UNUSUAL * math.sqrt(2.0 * self._level)
        odd = power > limit
        if odd:
            self._often = FADES * self._often + 1.0
            self._odd = FADES * self._odd + mean[:, None] * mean / power
        self._active = self._find(rows, limit)
        self._learn(block, power, odd)
        return self._take_out(block, before)

    def _find(self, rows: list[Floats], limit: float) -> list[Floats]:
        """Directions that stand out now: the known one, and up to two that come once."""
        found = [] if self._known is None else [self._known]
        if self._known is not None:
            rows = [row - float((row * found[0]).sum()) * found[0] for row in rows]
        for _ in range(TRANSIENT):
            powers = [float((row * row).sum()) for row in rows]
            if max(powers) < limit:
                break
            aim = rows[powers.index(max(powers))]
            for _ in range(6):
                aim = sum((float((row * aim).sum()) * row for row in rows), np.zeros(self._n))
                aim = _unit(aim)
            found.append(aim)
            rows = [row - float((row * aim).sum()) * aim for row in rows]
        return found

    def _take_out(self, block: Floats, before: list[Floats]) -> Floats:
        """The present directions, faded in from those of the block before."""
        new = self._without(block, self._active)
        same = len(before) == len(self._active) <= 1
        if not same:
            fade = max(1, len(block) // 4)
            share = (np.arange(1, fade + 1) / fade)[:, None]
            new[:fade] = share * new[:fade] + (1 - share) * self._without(block[:fade], before)
        return new

    def _without(self, block: Floats, directions: list[Floats]) -> Floats:
        for aim in directions:
            weights = (self._white * aim[:, None]).sum(axis=0)  # measure it in the channels
            pattern = (self._back * aim).sum(axis=1)  # how it shows in them
            block = block - (block * weights).sum(axis=1)[:, None] * pattern
        return np.array(block)

    def _learn(self, block: Floats, power: float, odd: bool) -> None:
        share = (DOUBT if odd else 1.0) / KEPT_BLOCKS
        rows = block[:: max(1, len(block) // ROWS)]
        now = (rows[:, :, None] * rows[:, None]).sum(axis=0) / len(rows)
        usual = now if self._usual is None else self._usual
        self._usual = (1 - share) * usual + share * now
        self._level += share * (power - self._level)
        self._age += 1
        if self._age % RENEW == 0:
            self._renew()

    def _begin(self) -> None:
        """What is usual, from the calmer half of the first blocks, found in three rounds.

        Each round keeps the blocks that the covariance of those kept before calls calmest
        (after the minimum covariance determinant of Rousseeuw 1999), so that blinks among the
        first blocks do not become usual.
        """
        blocks, self._first = self._first, []
        means = [b.sum(axis=0) / len(b) for b in blocks]
        swings = np.stack([(b * b).max(axis=0) for b in blocks])
        middle = np.sort(swings, axis=0)[len(swings) // 2] + 1e-12
        unrest = (swings / middle).max(axis=1).tolist()
        for _ in range(3):
            half = sorted(unrest)[len(unrest) // 2]
            kept = np.concatenate([b for b, u in zip(blocks, unrest, strict=True) if u <= half])
            usual = sum((r[:, None] * r for r in kept), np.zeros((self._n,) * 2))
            self._usual = usual / len(kept)
            self._renew()
            rows = [(self._white * m).sum(axis=1) for m in means]
            unrest = [float((r * r).sum()) for r in rows]
        self._level = 1.2 * sorted(unrest)[len(unrest) // 2]

    def _renew(self) -> None:
        """Root of the usual covariance (Cholesky), its inverse, and the known direction."""
        assert self._usual is not None
        n = self._n
        matrix = self._usual + np.eye(n) * (
            RIDGE * max(float(np.diagonal(self._usual).sum()) / n, 1e-9)
        )
        root = np.zeros((n, n))
        for j in range(n):
            rest = matrix[j:, j] - (root[j:, :j] * root[j, :j]).sum(axis=1)
            root[j:, j] = rest / math.sqrt(max(float(rest[0]), 1e-12))
        inverse = np.zeros((n, n))
        unit = np.eye(n)
        for i in range(n):
            known = (root[i, :i, None] * inverse[:i]).sum(axis=0)
            inverse[i] = (unit[i] - known) / root[i, i]
        self._back, self._white = root, inverse
        self._known = self._frequent() if self._often >= OFTEN else None

    def _frequent(self) -> Floats | None:
        """The direction in which most unusual blocks lie, if it is one."""
        left = np.stack([(self._white * row).sum(axis=1) for row in self._odd])
        odd = np.stack([(self._white * row).sum(axis=1) for row in left.T])
        total = float(np.diagonal(odd).sum())
        aim = _unit(odd[int(np.diagonal(odd).argmax())])
        share = 0.0
        for _ in range(20):
            turned = (odd * aim).sum(axis=1)
            share = float((turned * aim).sum()) / max(total, 1e-30)
            aim = _unit(turned)
        return aim if share >= ALIKE else None


def _unit(row: Floats) -> Floats:
    return np.asarray(row / math.sqrt(max(float((row * row).sum()), 1e-300)))
