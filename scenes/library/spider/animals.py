"""Where the spiders go: in their jar, over the table, to the hand; and how their legs follow."""

import numpy as np

from scenes.art.colour import Array
from scenes.art.creatures import wander

TABLE_Y, HAND_Z = 0.76, -0.66
FAR_M, JAR_M = 2.4, 1.39  # the first one's way to the hand; where its jar stops, from the hand
PATH_M, STEP_M = 4.0, 0.034  # the looped way of `path`; one gait cycle
ALL = 6
# Of each after the first: when (share of the first one's way) it leaves the jar, where it ends.
OTHERS = (
    (0.52, 0.17, -0.86), (0.58, -0.16, -0.93), (0.65, 0.30, -1.12), (0.72, -0.30, -1.02),
    (0.78, 0.03, -1.22),
)  # fmt: skip
LENGTHS = ((0.024, 3), (0.030, 4), (0.034, 5), (0.036, 6), (0.034, 7), (0.036, 8))  # wide, seed


def jar_z(share: float) -> float:
    """Where the jar stands along the table."""
    return HAND_Z - max(FAR_M * (1 - share), JAR_M)


def first(shares: Array) -> Array:
    """The first spider's places (n, 3) for shares of its way: table, then up the hand."""
    z = HAND_Z - FAR_M * (1 - shares)
    inside = np.clip((HAND_Z - JAR_M + 0.10 - z) / 0.05, 0, 1)
    on_hand = np.interp(z, [-0.84, -0.785, -0.74, -0.69, -0.64], [0, 0.010, 0.026, 0.036, 0.036])
    return np.stack([0.135 + 0 * z, TABLE_Y + 0.001 + 0.010 * inside + on_hand, z], -1)


def other(k: int, shares: Array) -> Array:
    """Places of follower k: in the jar until it leaves, then to its own spot before the hand."""
    leaves, x, z = OTHERS[k]
    start = np.array([[0.135 + 0.03 * (-1) ** k, TABLE_Y + 0.011, jar_z(s) - 0.03] for s in shares])
    t = np.clip((shares - leaves) / (1 - leaves), 0, 1)
    end = np.array([0.135 + x, TABLE_Y + 0.001, z])
    # Out of the mouth first, then to the side.
    bow = np.stack([t**1.6, np.clip(t * 12, 0, 1), t], -1)
    return np.asarray(start + (end - start) * bow)


def loop(k: int) -> tuple[Array, Array, Array, Array]:
    """The clip `path` of spider k: metres, places, headings as quaternions, weights of 3 morphs."""
    wide, seed = LENGTHS[k]
    place, heading, length = wander(seed, wide, 37)
    times = round(PATH_M / length)
    place = place * (PATH_M / times / length)
    metres = np.linspace(0, PATH_M, 36 * times + 1)
    which = np.arange(len(metres)) % 36
    turns = heading[which] + (heading[-1] - heading[0]) * (np.arange(len(metres)) // 36)
    quats = np.stack([0 * turns, np.sin(turns / 2), 0 * turns, np.cos(turns / 2)], -1)
    cycles = round(PATH_M / STEP_M)
    at = np.linspace(0, PATH_M, cycles * 6 + 1)
    phase = 2 * np.pi * (at / PATH_M * cycles + k * 0.37)
    lift = np.clip(np.stack([np.sin(phase), -np.sin(phase)], -1), 0, 1)
    weights = np.c_[np.cos(phase), lift]
    return metres, place[which], quats, np.c_[at, weights]
