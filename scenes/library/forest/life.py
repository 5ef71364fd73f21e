"""What moves in the glade: fireflies, leaves that fall, birds, shafts of evening light."""

import numpy as np

from scenes.art.colour import Array, lin, mix
from scenes.art.mesh import Mesh, merge
from scenes.art.shapes import quad
from scenes.library.forest.land import ground

SWARMS = (  # x, z, how wide
    (-2.6, -4.2, 1.5), (2.4, -3.6, 1.4), (-4.2, -7.5, 1.9), (4.6, -6.2, 1.8), (1.6, -9.0, 2.4),
    (-1.2, -11.5, 2.2), (5.8, -11.0, 2.2), (-6.2, -11.5, 2.4), (0.6, -15.0, 3.0),
)  # fmt: skip
FLIES = 12  # in one swarm
FALL_M = 9.0  # leaves fall this far in one turn of their clip


def swarm(seed: int, wide_m: float) -> Mesh:
    """Soft lights round a point: each two crossed squares, from knee to head height."""
    r = np.random.default_rng(seed)
    parts = []
    for _ in range(FLIES):
        x, z = r.normal(0, wide_m * 0.55, 2)
        y, size = r.uniform(0.25, 1.7), r.uniform(0.055, 0.10)
        tint = mix(lin("#ffe27a"), lin("#d8f06a"), r.random()) * 1.6
        for turn in (0.4, 0.4 + np.pi / 2):
            parts.append(_square(size, tint).at(x, y, z, ry=turn))
        core = _square(size * 0.34, lin("#fffbe0") * 1.6)
        parts += [core.at(x, y, z, ry=0.4), core.at(x, y, z, ry=0.4 + np.pi / 2)]
    return merge(parts)


def _square(half: float, c: Array) -> Mesh:
    return quad([(-half, -half, 0), (half, -half, 0), (half, half, 0), (-half, half, 0)], c)


def drift(seed: int, wide_m: float, times: int = 13) -> tuple[Array, Array]:
    """A slow closed way for a swarm: times (of 24 s) and offsets (n, 3)."""
    r = np.random.default_rng(seed)
    t = np.linspace(0, 2 * np.pi, times)
    a, b = r.uniform(0, 6.28, 2)
    way = np.c_[np.sin(t + a), 0.45 * np.sin(2 * t + b), np.cos(t + b)] * 0.16 * wide_m
    return t / (2 * np.pi) * 24.0, np.asarray(way)


def shafts(sun: Array) -> Mesh:
    """Light that falls through gaps in the crowns: long soft squares that lean with the sun."""
    r = np.random.default_rng(6)
    parts = []
    for i in range(11):
        x, z = (-7.5 + i * 1.5 + r.uniform(-0.5, 0.5), -8.5 - r.uniform(0, 7.5))
        foot = np.array([x, ground(x, z) - 1.2, z])
        lean = np.array([sun[0] * 0.9 + 0.28 * r.normal(), 1.0, sun[2] * 0.35])
        top, half = foot + lean * r.uniform(8, 11), r.uniform(0.35, 0.95)
        side = np.array([half, 0, 0.1 * half])
        c = mix(lin("#ffd59a"), lin("#ffe9bf"), r.random()) * r.uniform(0.10, 0.19)
        parts.append(quad([foot - side, foot + side, top + side * 0.8, top - side * 0.8], c))
    return merge(parts)


def falling(seed: int, count: int = 26) -> Mesh:
    """Leaves in the air, the pattern twice above itself, so that a fall by FALL_M is a loop."""
    r = np.random.default_rng(seed)
    one = []
    for _ in range(count):
        x, z, y = r.uniform(-5, 5), r.uniform(-9.5, -1.8), r.uniform(0, FALL_M)
        size = r.uniform(0.055, 0.095)
        tint = mix(lin("#c98a3c"), lin("#a9b04e"), r.random()) * 1.1
        leaf = Mesh([[-1, 0, 0], [0, 0.1, 0.5], [1, 0, 0], [0, 0.1, -0.5]], [[0, 1, 2], [0, 2, 3]],
                    tint, 0.75)  # fmt: skip
        turned = leaf.at(x, y, z, ry=r.uniform(0, 6.3), scale=size, rx=r.normal(0, 0.7))
        one.append(turned)
    return merge([*one, *(m.at(0, FALL_M, 0) for m in one)])
