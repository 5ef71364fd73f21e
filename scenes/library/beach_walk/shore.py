"""The lie of the land: the water line, the sand, the dunes, the islands, the sea's surface."""

import numpy as np

from scenes.art.colour import Array, lin, mix, smooth
from scenes.art.mesh import Mesh
from scenes.art.noise import land2, noise2
from scenes.art.shapes import lattice

MAP_M, MAP_X, MAP_Z = 72.0, 6.0, -14.0  # the square in which shadows are kept as a picture


def shore(z: Array) -> Array:
    """Where the still water ends: x for each z."""
    far = 0.0022 * np.clip(-z - 25, 0, None) ** 1.85 + 0.0012 * np.clip(z - 40, 0, None) ** 1.8
    return np.asarray(-7.5 + 2.2 * np.sin(z / 21 + 0.6) + 1.1 * np.sin(z / 9.3) - far)


def height(x: Array, z: Array) -> Array:
    """Metres above the still water: a beach of 5 %, a berm, dunes, a headland far ahead."""
    d = x - shore(z)
    y = np.where(d < 0, 0.062 * d, 0.052 * d)
    y = np.where(d > 14, 0.052 * 14 + 0.02 * (d - 14), y) + 0.35 * smooth(9, 14, d)
    n, n2 = land2(x, z, 240), land2(x + 40, z, 110)
    dune = smooth(15, 34, d) * (2.3 + 1.5 * n) + smooth(18, 30, d) * 1.04 * (1 - np.abs(n2))
    dune = np.maximum(dune + smooth(40, 130, d) * (6 + 3.5 * land2(x + 90, z, 760)), -0.2)
    head = smooth(90, 330, -z) * smooth(25, 190, d) * (24 + 10 * land2(x, z, 900))
    return np.asarray(np.maximum(y + dune + head + 0.035 * n2 * smooth(2, 16, d), -7))


def ground(x: float, z: float) -> float:
    """`height` at one place."""
    return float(height(np.array(x), np.array(z)))


def put(m: Mesh, x: float, z: float, up: float = 0.0, ry: float = 0.0, scale: float = 1.0) -> Mesh:
    """A thing set on the sand."""
    return m.at(x, ground(x, z) + up, z, ry=ry, scale=scale)


def drape(m: Mesh, x: float, z: float, ry: float, up: float) -> Mesh:
    """A long thing laid along the sand, point by point: at one height its ends would float."""
    m = m.at(x, 0, z, ry=ry)
    m.p[:, 1] += height(m.p[:, 0], m.p[:, 2]) + up
    return m


def sand() -> Mesh:
    """The land, dense near the viewer; alpha is how dry it is."""

    def spaced(n: int, bend: float, reach: float) -> Array:
        t = np.linspace(-1, 1, n)
        return np.asarray(np.sinh(t * bend) / np.sinh(bend) * reach)

    x, z = np.meshgrid(spaced(122, 3.6, 330) + 8, spaced(138, 3.9, 460), indexing="ij")
    z = z - 60 * np.abs(np.linspace(-1, 1, 138)) ** 2
    d = (x - shore(z)).ravel()
    m = Mesh(np.c_[x.ravel(), height(x, z).ravel(), z.ravel()], lattice(122, 138, True))
    m.f = m.f[~(d[m.f] < -17).all(1)]
    px, py, pz = m.p.T
    wild = noise2(px, pz, 90) + smooth(24, 70, d) * 2.2 - 1.0 + (py - 3) * 0.08
    pale = np.clip(0.5 + 0.35 * noise2(px, pz, 60), 0, 1)
    bare = mix(lin("#d5bb95"), lin("#eedab6"), pale)
    shrub = smooth(-0.2, 0.5, noise2(px, pz, 150) + 0.5 * noise2(px, pz, 37))
    m.c = mix(bare, mix(lin("#93944f"), lin("#4c6a3c"), shrub), smooth(0.1, 1.3, wild) * 0.9)
    m.w = smooth(1.5, 9.5, d + 0.7 * noise2(px, pz, 30))
    m.uv = np.c_[(px - MAP_X) / MAP_M + 0.5, (pz - MAP_Z) / MAP_M + 0.5]
    return m


def sea() -> Mesh:
    """A lattice of (along the shore, out to sea), so that crests run parallel to the beach.

    uv in metres; colour r = depth/8, g = (bottom + 12)/20, so that the shader knows the depth.
    """
    nd, ns = 80, 116
    out = 26 + np.linspace(0, 1, nd - 40) ** 2.6 * 2600 + np.linspace(0.6, 60, nd - 40)
    d = -7 + np.r_[np.linspace(0, 26, 40), out]
    s = np.sinh(np.linspace(-1, 1, ns) * 4.6) / np.sinh(4.6) * 2600 - 8
    along, off = np.meshgrid(s, d, indexing="ij")
    x = np.clip(shore(along), -900, None) - off
    bottom = np.where(off < 400, height(x, along), -7).ravel()
    c = np.c_[np.clip(-bottom / 8, 0, 1), np.clip((bottom + 12) / 20, 0, 1), 0 * bottom]
    p = np.c_[x.ravel(), 0 * bottom, along.ravel()]
    return upward(Mesh(p, lattice(ns, nd), c, 1.0, uv=np.c_[along.ravel(), off.ravel()]))


def island(x: float, z: float, wide_m: float, high_m: float, seed: int) -> Mesh:
    """A hill in the haze, broadside to the viewer."""
    u, v = np.meshgrid(np.linspace(-1, 1, 52), np.linspace(-1, 1, 8), indexing="ij")
    far = np.hypot(x, z)
    side = np.array([-z, x]) / far
    base = np.clip(1 - u**2, 0, 1) ** 0.8 * np.clip(1 - v**2, 0, 1)
    rough = land2(u * wide_m + seed * 77, v * wide_m * 0.3, wide_m * 2.4) * 0.28
    rough = rough + land2(u * wide_m + seed * 31, v * wide_m * 0.3, wide_m * 0.9) * 0.10
    px = x + u * wide_m * side[0] + v * wide_m * 0.35 * x / far
    pz = z + u * wide_m * side[1] + v * wide_m * 0.35 * z / far
    y = high_m * base * (1 + rough) - 3
    m = upward(Mesh(np.c_[px.ravel(), y.ravel(), pz.ravel()], lattice(52, 8)))
    steep = np.clip(1.4 - m.normals()[:, 1] * 1.2, 0, 1)
    m.c = mix(lin("#6d7a4c"), lin("#9a8a6a"), steep)
    return m


def upward(m: Mesh) -> Mesh:
    """Itself, wound so that it looks up."""
    if m.normals()[:, 1].mean() < 0:
        m.f = m.f[:, ::-1]
    return m
