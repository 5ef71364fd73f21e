"""Which channels of an EEG can be believed, second by second, and why not."""

import math
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

PEAK_TO_PEAK_UV = 150.0
STEP_UV = 50.0
FLAT_UV = 0.5
LINE_RATIO = 10.0
MUSCLE_Z = 3.0
LEARN_S = 60.0  # memory of what is usual


class Blame(IntEnum):
    """What is wrong with one channel in one second, the worst first."""

    NONE = 0
    MUSCLE = 1
    LINE = 2
    LARGE = 3  # swings or steps that no brain makes
    CLIPPED = 4
    FLAT = 5
    MISSING = 6


class Channels:
    """Judges every channel once a second.

    unit_known: the limits in microvolt hold; else a channel is measured by its own habit.
    """

    def __init__(self, count: int, unit_known: bool) -> None:
        self._unit_known = unit_known
        self._muscle = np.zeros(count)
        self._spread = np.full(count, 0.5)
        self._seconds = 0
        self._swings: list[Floats] = []
        self.forget()

    def forget(self) -> None:
        """The second begun is not finished: a hole."""
        self._blocks: list[tuple[Floats, ...]] = []
        self._before: Floats | None = None
        self._length = 0

    def look(self, raw: Floats, flowing: Floats) -> None:
        """Takes a block of raw and of high-passed signal (n, channels)."""
        high, low = raw.max(axis=0), raw.min(axis=0)
        joined = flowing if self._before is None else np.concatenate([self._before, flowing])
        self._before = flowing[-1:]
        step = np.abs(joined[1:] - joined[:-1]).max(axis=0) if len(joined) > 1 else 0.0 * high
        counts = (raw == high).sum(axis=0), (raw == low).sum(axis=0)
        self._blocks.append((high, low, *counts, flowing.max(axis=0), flowing.min(axis=0), step))
        self._length += len(raw)

    def judge(self, missing: Floats) -> list[Blame]:
        """What was wrong with each channel since last asked, about a second.

        missing: share of samples that were no number, per channel.
        """
        highs, lows, at_high, at_low, tops, bottoms, steps = (
            np.stack(rows) for rows in zip(*self._blocks, strict=True)
        )
        many = max(4, round(0.08 * self._length))
        self._blocks, self._length = [], 0
        high, low = highs.max(axis=0), lows.min(axis=0)
        swing, step = tops.max(axis=0) - bottoms.min(axis=0), steps.max(axis=0)
        still = high == low
        railed = np.where(highs == high, at_high, 0).sum(axis=0) >= many
        railed |= np.where(lows == low, at_low, 0).sum(axis=0) >= many
        if self._unit_known:
            large = (swing > PEAK_TO_PEAK_UV) | (step > STEP_UV)
            still |= swing < FLAT_UV
        else:
            large = self._unusual(swing)
        blames = np.zeros(len(high), dtype=np.int64)
        for blame, where in (
            (Blame.LARGE, large),
            (Blame.CLIPPED, railed),
            (Blame.FLAT, still),
            (Blame.MISSING, missing >= 0.1),
        ):
            blames[where] = blame
        return [Blame(b) for b in blames.tolist()]

    def _unusual(self, swing: Floats) -> npt.NDArray[np.bool_]:
        """Without a unit: five times the channel's own usual swing is too much."""
        usual = np.sort(np.stack([*self._swings, swing]), axis=0)[(len(self._swings) + 1) // 2]
        self._swings = [*self._swings[-29:], swing]
        return np.asarray(swing > 5.0 * usual)

    def tense(self, muscle: Floats, seconds: float) -> list[bool]:
        """Channels whose 20-40 Hz power stands out from their own past (muscle, not mind)."""
        self._seconds += 1
        share = 1.0 / min(self._seconds, LEARN_S / seconds)
        flags = []
        for i, power in enumerate(muscle.tolist()):
            level = math.log(max(power, 1e-12))
            off = level - self._muscle[i]
            z = off / max(math.sqrt(self._spread[i]), 0.3)
            flag = self._seconds > 10 and z > MUSCLE_Z
            weight = share * (0.1 if flag else 1.0)  # what stands out is learnt slowly
            self._muscle[i] += weight * off
            if self._seconds > 1:
                self._spread[i] += weight * (off * off - self._spread[i])
            flags.append(bool(flag))
        return flags


def humming(powers: Floats) -> tuple[float | None, list[bool]]:
    """The mains frequency that most channels show (None if none), and which channels do.

    powers: of `Rhythms.powers`. A line counts when it has ten times the power beside it and
    more than the alpha band, for weak lines harm nobody.
    """
    alpha, fifty, sixty, beside = powers[0], powers[3], powers[4], powers[5]
    floor = LINE_RATIO * np.maximum(beside, 1e-12)
    with_50 = (fifty > floor) & (fifty > alpha)
    with_60 = (sixty > floor) & (sixty > alpha)
    line = with_50 if with_50.sum() >= with_60.sum() else with_60
    hz = (50.0 if line is with_50 else 60.0) if line.sum() * 2 >= len(line) else None
    return hz, [bool(x) for x in line.tolist()]
