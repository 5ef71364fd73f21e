"""What grows along a country lane: trees in blossom, poplars, flowers of the meadow, reeds."""

from typing import Any

import numpy as np

from scenes.art.colour import Array, lin, mix
from scenes.art.mesh import Mesh, merge
from scenes.art.plants import GOLDEN, leaves
from scenes.art.shapes import sphere, tube
from scenes.art.woods import bent, spray, trunk

BLOSSOM = ("#eaa9ba", "#fdf0f0")


def blossom_tree(seed: int, tints: Any = BLOSSOM, near: bool = True) -> tuple[Mesh, Mesh]:
    """(wood, crown) of a fruit tree, about 5 m: a short stem, forked limbs, a broad light crown.

    Near, its crown is made of petals through which the sky is seen; far off a few blobs do.
    """
    r = np.random.default_rng(seed)
    stem = bent(1.7, 0.12, 5, seed, 0.25)
    wood, crown = [trunk(stem, 0.15, 6 if near else 4, seed, 0.5)], []
    for i in range(6 if near else 3):
        turn = i * GOLDEN + r.uniform(-0.3, 0.3)
        out = np.array([np.cos(turn), 0, np.sin(turn)]) * (r.uniform(1.0, 1.5) if i else 0.25)
        rise = r.uniform(1.1, 1.9) if i else 2.45
        foot = stem[-1] - [0, 0.12, 0]
        way = np.array([foot, foot + out * 0.45 + [0, rise * 0.5, 0], foot + out + [0, rise, 0]])
        wood.append(tube(way, [0.085, 0.055, 0.02], 4 if near else 3, lin("#5d4a42")))
        if not near:
            crown.append(_blob(way[-1], r.uniform(1.2, 1.6), seed + i, tints))
            continue
        hull = _blob(way[-1], r.uniform(1.05, 1.3), seed + i, tints)
        crown.append(leaves(hull, 46, 0.235, seed * 9 + i, tints))
        inner = np.array([0.8, 0.5, 0.8])
        crown.append(spray(way[-1], inner, 12, 0.24, seed * 7 + i, (tints[0], "#c98a98")))
    return merge(wood), merge(crown)


def _blob(at: Array, wide: float, seed: int, tints: Any) -> Mesh:
    m = sphere(0)
    dents = np.random.default_rng(seed).standard_normal(len(m.p))
    m.p *= (1 + 0.12 * dents)[:, None] * [wide, 0.72 * wide, wide]
    m.c = mix(lin(tints[0]) * 0.75, lin(tints[1]), np.clip(0.5 + 0.5 * m.p[:, 1], 0, 1))
    m.w[:] = 0.35
    return m.upon(at, seed)


def poplar(seed: int, height_m: float = 11.0) -> Mesh:
    """A slim poplar: a leaning flame of leaves, for a row or a far accent."""
    r = np.random.default_rng(seed)
    body = sphere(1)
    body.p *= (1 + 0.13 * r.standard_normal(len(body.p)))[:, None]
    up = body.p[:, 1] * 0.5 + 0.5
    slim = 0.95 - 0.45 * up
    body.p = np.c_[body.p[:, 0] * slim, (up * 0.86 + 0.12) * height_m, body.p[:, 2] * slim]
    body.c = mix(lin("#4d6b3a"), lin("#8f9f52"), np.clip(r.normal(0.45, 0.25, len(up)), 0, 1))
    body.w = up * 0.4
    stem = tube([[0, -0.3, 0], [0, height_m * 0.3, 0]], 0.16, 5, lin("#6d5d4e"))
    return merge([stem, body])


def flower_tuft(seed: int, petals: str, stalks: int = 6) -> Mesh:
    """A few meadow flowers on thin stalks over short grass: about 0.45 m."""
    r = np.random.default_rng(seed)
    parts = []
    for _ in range(stalks):
        x, z = r.normal(0, 0.14, 2)
        h, lean = r.uniform(0.25, 0.48), r.normal(0, 0.06, 2)
        half = 0.006
        green = mix(lin("#5d7a3c"), lin("#93a453"), r.random())
        stalk = [[x - half, 0, z], [x + half, 0, z], [x + lean[0], h, z + lean[1]]]
        parts.append(
            Mesh(stalk, [[0, 1, 2]], green * [[0.6] * 3, [0.6] * 3, [1.0] * 3], [0, 0, 0.5])
        )
        parts.append(_head(x + lean[0], h, z + lean[1], 0.045 * r.uniform(0.7, 1.2), petals, r))
    for _ in range(7):
        x, z = r.normal(0, 0.16, 2)
        h, turn = r.uniform(0.16, 0.34), r.uniform(0, 6.3)
        out = np.array([np.cos(turn), 0, np.sin(turn)])
        side = np.array([-out[2], 0, out[0]]) * 0.012
        root = np.array([x, 0, z])
        p = [root - side, root + side, root + out * h * 0.5 + [0, h, 0]]
        green = mix(lin("#5d7a40"), lin("#a9b062"), r.random())
        parts.append(Mesh(p, [[0, 1, 2]], green * [[0.55] * 3, [0.55] * 3, [1] * 3], [0, 0, 0.5]))
    m = merge(parts)
    m.n = np.tile([0, 1.0, 0], (len(m.p), 1))
    return m


def _head(x: float, y: float, z: float, size: float, petals: str, r: np.random.Generator) -> Mesh:
    a = np.linspace(0, 2 * np.pi, 7)[:-1] + r.uniform(0, 1)
    p = np.vstack([[[0, 0.006, 0]], np.c_[np.cos(a), 0.25 + 0 * a, np.sin(a)] * size])
    f = [[0, (k + 1) % 6 + 1, k + 1] for k in range(6)]
    c = np.vstack([[lin("#e8c04a")], np.tile(lin(petals), (6, 1))])
    return Mesh(p, f, c, 0.5).at(x, y, z, rx=r.normal(0, 0.4), rz=r.normal(0, 0.4))


def reeds(seed: int, stalks: int = 10) -> Mesh:
    """Reeds at a shore, 1.6 m, some with a brown head."""
    r = np.random.default_rng(seed)
    parts = []
    for i in range(stalks):
        x, z = r.normal(0, 0.28, 2)
        h, turn = r.uniform(0.9, 1.7), r.uniform(0, 6.3)
        out = np.array([np.cos(turn), 0, np.sin(turn)])
        side = np.array([-out[2], 0, out[0]]) * 0.016
        root = np.array([x, -0.3, z])
        mid, tip = root + out * 0.06 * h + [0, h * 0.7, 0], root + out * 0.25 * h + [0, h, 0]
        green = mix(lin("#6d7d45"), lin("#b5ad66"), r.random())
        p = [root - side, root + side, mid - side * 0.7, mid + side * 0.7, tip]
        shade = np.array([0.5, 0.5, 0.9, 0.9, 1.0])[:, None]
        parts.append(
            Mesh(p, [[0, 1, 3], [0, 3, 2], [2, 3, 4]], green * shade, [0, 0, 0.4, 0.4, 0.7])
        )
        if i % 4 == 0:
            top = [x, h * 0.9 - 0.3, z]
            head = tube([top, [x, h * 0.9 - 0.12, z]], 0.018, 5, lin("#6b4a2f"))
            head.w[:] = 0.5
            parts.append(head)
    return merge(parts)
