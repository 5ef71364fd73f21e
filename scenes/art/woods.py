"""What grows in a wood: trunks with roots, limbs, sprays of leaves, ferns, toadstools, moss."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.art.colour import Array, bytes8, lin, mix, smooth
from scenes.art.mesh import Mesh, facing_out, merge
from scenes.art.noise import noise2, spectral
from scenes.art.plants import GOLDEN
from scenes.art.shapes import lathe, lattice, sphere, tube

BARK = ("#6e6152", "#94836c")
MOSS = lin("#6f7d3a")


def trunk(path: Any, radius_m: float, sides: int, seed: int, roots: float = 1.0) -> Mesh:
    """A stem along `path` (rows x, y, z from the root up), wide and lobed where it meets the earth.

    `roots` is how far the lobes reach; the lowest ring should lie under the ground. uv runs twice
    round the stem and once every 1.6 m of it, for a picture of bark.
    """
    r, path = np.random.default_rng(seed), np.asarray(path, float)
    up = path[:, 1] - path[0, 1]
    share = up / max(up[-1], 1e-6)
    turn = np.linspace(0, 2 * np.pi, sides + 1)  # the seam has its points twice, for the uv
    lobes = np.clip(np.cos(turn * r.integers(3, 6) + r.uniform(0, 6)), 0, 1) ** 1.5
    foot = np.exp(-np.clip(up - 0.25, 0, None) / 0.42)[:, None]
    uneven = 0.03 * r.standard_normal(sides + 1)
    uneven[-1] = uneven[0]
    wide = 1 + 0.035 * np.sin(turn * 7 + r.uniform(0, 6)) + uneven
    wide = (wide[None] + foot * (0.35 + 1.5 * roots * lobes)) * (1 - 0.62 * share)[:, None]
    out = np.stack([np.cos(turn), 0 * turn, np.sin(turn)], -1)
    p = path[:, None] + radius_m * wide[..., None] * out[None]
    m = Mesh(p, lattice(len(path), sides + 1))
    m.n = np.tile(out + np.array([0, 0.02, 0]), (len(path), 1, 1)).reshape(-1, 3)
    m.uv = np.stack(np.broadcast_arrays(turn / np.pi, up[:, None] / 1.6), -1).reshape(-1, 2)
    patch = noise2(m.p[:, 0] * 4 + seed * 3.1, m.p[:, 1] * 1.3 + m.p[:, 2] * 4, 9)
    m.c = mix(lin(BARK[0]), lin(BARK[1]), np.clip(0.5 + 0.4 * patch, 0, 1))
    grown = smooth(0.1, 0.9, 1.1 - np.repeat(up, sides + 1) / 1.7 + 0.5 * patch)
    m.c = mix(m.c, MOSS, grown * 0.75)
    return m


def bark_picture(pixels: int = 256) -> NDArray[np.uint8]:
    """Furrows along the stem, tileable; bright, for it only darkens what is baked."""
    warp = spectral((pixels, pixels), 3.0, 5, 1, 12)
    y, x = np.meshgrid(np.arange(pixels) / pixels, np.arange(pixels) / pixels, indexing="ij")
    furrow = np.abs(np.sin((x * 7 + 0.16 * warp) * 2 * np.pi))
    rough = spectral((pixels, pixels), 1.8, 6, 6)
    cracks = np.clip(np.sin((y * 9 + 0.35 * warp + x * 2) * 2 * np.pi) - 0.75, 0, 1)
    shade = np.clip(0.66 + 0.30 * furrow**0.6 + 0.07 * rough - 0.6 * cracks * furrow, 0.25, 1)
    return bytes8(shade, shade * 0.985, shade * 0.96)


def spray(centre: Any, radii: Any, count: int, size_m: float, seed: int, tints: Any) -> Mesh:
    """Leaves that lie flat in layers, as beech does: a ceiling that light comes through."""
    r = np.random.default_rng(seed)
    out = r.normal(size=(count, 3))
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    at = out * r.random((count, 1)) ** 0.4 * np.asarray(radii, float) + np.asarray(centre, float)
    n = out * 0.45 + [0, 1.0, 0] + 0.35 * r.normal(size=(count, 3))
    n /= np.linalg.norm(n, axis=1, keepdims=True)
    a = np.cross(n, r.normal(size=(count, 3)))
    a /= np.linalg.norm(a, axis=1, keepdims=True)
    b = np.cross(n, a)
    s = size_m * r.uniform(0.65, 1.25, (count, 1))
    corners = [at + a * s, at + b * s * 0.45, at - a * s, at - b * s * 0.45]
    p = np.stack(corners, 1).reshape(-1, 3)
    f = (np.arange(count)[:, None, None] * 4 + np.array([[0, 1, 2], [0, 2, 3]])).reshape(-1, 3)
    c = mix(lin(tints[0]), lin(tints[1]), np.clip(r.normal(0.45, 0.3, count), 0, 1))
    return Mesh(p, f, np.repeat(c, 4, 0), 0.42, n=np.repeat(n, 4, 0))


def bent(height_m: float, lean: float, rings: int, seed: int, sunk_m: float = 0.3) -> Array:
    """The path of a stem, rings closer together near the ground."""
    r, t = np.random.default_rng(seed), np.linspace(0, 1, rings) ** 1.7
    turn, wave = r.uniform(0, 2 * np.pi), 0.02 * height_m * np.sin(t * 5 + r.uniform(0, 6))
    off = lean * t**1.6 + wave * t
    path = (off * np.cos(turn), t * (height_m + sunk_m) - sunk_m, off * np.sin(turn))
    return np.stack(path, -1)


def forest_tree(
    seed: int, height_m: float, radius_m: float, detail: int = 2, tints: Any = None
) -> tuple[Mesh, Mesh]:
    """(wood, leaves) of a tall tree; detail 2 within 15 m, 1 to 40 m, 0 beyond."""
    r = np.random.default_rng(seed)
    tints = tints or ("#4f7a3a", "#a9b350")
    path = bent(height_m, r.uniform(0.2, 1.0), (6, 8, 16)[detail], seed)
    wood = [trunk(path, radius_m, (5, 7, 12)[detail], seed, 0.4 + 0.5 * r.random())]
    green = []
    limbs, each, size = ((4, 18, 0.80), (6, 44, 0.44), (10, 110, 0.235))[detail]
    for i in range(limbs):
        share = 0.36 + 0.60 * (i + 0.3 * r.random()) / limbs
        foot = np.array([np.interp(share, np.linspace(0, 1, len(path)) ** 1.7, c) for c in path.T])
        turn = i * GOLDEN + r.uniform(-0.3, 0.3)
        reach = height_m * (0.30 - 0.17 * share) * r.uniform(0.85, 1.2)
        way = np.array([np.cos(turn), 0.30 + 0.55 * share, np.sin(turn)]) * reach
        thick = radius_m * (0.48 - 0.30 * share)
        if detail:
            bow = np.array([foot, foot + way * [0.4, 0.30, 0.4], foot + way * [0.75, 0.75, 0.75],
                            foot + way])  # fmt: skip
            wood.append(tube(bow, thick * np.array([1, 0.7, 0.45, 0.15]), 3 + detail * 2 - 1,
                             lin(BARK[0])))  # fmt: skip
        spread = np.array([1, 0.34, 1]) * reach * r.uniform(0.55, 0.75)
        green.append(spray(foot + way * 0.85, spread, each, size, seed * 31 + i, tints))
    crown = spray(path[-1], np.array([1, 0.5, 1]) * height_m * 0.15, each, size, seed * 7, tints)
    return merge(wood), merge([*green, crown])


def fern(seed: int, fronds: int = 8, pairs: int = 9) -> Mesh:
    """A fern of about 0.7 m: arching fronds, each leaflet one triangle that tapers off."""
    r = np.random.default_rng(seed)
    p: list[Array] = []
    c: list[Array] = []
    w: list[float] = []
    for i in range(fronds):
        turn, size = i * GOLDEN + r.uniform(-0.3, 0.3), r.uniform(0.55, 0.85)
        out, lift = np.array([np.cos(turn), 0, np.sin(turn)]), r.uniform(0.55, 1.0)
        side, green = (
            np.array([-out[2], 0, out[0]]),
            mix(lin("#4a7434"), lin("#93a84a"), r.random()),
        )
        for k in range(pairs):
            t0, t1 = (k + 0.4) / (pairs + 0.4), (k + 1.25) / (pairs + 0.4)
            mid, nxt = (_arch(out, t, lift) * size for t in (t0, t1))
            long = 0.26 * size * np.sin(np.pi * (0.12 + 0.86 * t0)) ** 0.9
            for s in (1, -1):
                tip = mid + side * s * long + (nxt - mid) * 0.7 - [0, long * 0.22, 0]
                p += [mid, nxt, tip] if s > 0 else [nxt, mid, tip]
                c += [green * (0.55 + 0.35 * t0)] * 2 + [green * 1.05]
                w += [t0 * 0.5, t1 * 0.5, t0 * 0.6]
    up = np.tile([0, 1.0, 0], (len(p), 1))
    m = Mesh(p, np.arange(len(p)).reshape(-1, 3), np.array(c), np.array(w), n=up)
    wrong = m.face_normals()[:, 1] < 0
    m.f[wrong] = m.f[wrong][:, ::-1]
    return m


def _arch(out: Array, t: float, lift: float) -> Array:
    rise = lift * (t - 0.72 * t**2.2)
    return np.asarray(out * (0.95 * t**1.15) + [0, rise + 0.02, 0])


def litter(seed: int, count: int = 16) -> Mesh:
    """Dry leaves that lie about within half a metre, curled, some on edge."""
    r = np.random.default_rng(seed)
    parts = []
    for _ in range(count):
        curl = r.uniform(0.1, 0.5)
        edge = [[-1, curl, 0], [-0.2, 0, 0.5], [1, curl * 0.6, 0], [-0.2, 0, -0.5]]
        tint = mix(lin("#8a5630"), lin("#c08e4e"), r.random()) * r.uniform(0.6, 1.2)
        leaf = Mesh(edge, [[0, 1, 2], [0, 2, 3]], tint)
        x, z = r.normal(0, 0.3, 2)
        parts.append(leaf.at(x, 0.012, z, ry=r.uniform(0, 6.3), scale=r.uniform(0.03, 0.05),
                             rx=r.normal(0, 0.35), rz=r.normal(0, 0.3)))  # fmt: skip
    m = merge(parts)
    m.n = np.tile([0, 1.0, 0], (len(m.p), 1))
    return m


def thicket(radius_m: float, height_m: float, seed: int, gap: float, gap_wide: float) -> Mesh:
    """The wood's far edge all round: crown beside crown, with a gap toward azimuth `gap` (radians).

    Haze turns it into depth; it looks inward.
    """
    r, n = np.random.default_rng(seed), 320
    a, k = np.meshgrid(np.linspace(0, 2 * np.pi, n), np.linspace(0, 1, 4), indexing="ij")
    turn = a[:, 0]
    top = np.zeros(n)
    for _ in range(150):  # round crowns of uneven height
        middle, wide = r.uniform(0, 2 * np.pi), r.uniform(0.025, 0.055)
        off = np.abs((turn - middle + np.pi) % (2 * np.pi) - np.pi) / wide
        top = np.maximum(top, r.uniform(0.6, 1.0) * np.sqrt(np.clip(1 - off**2, 0.0, 1)))
    top = height_m * (0.62 + 0.24 * top + 0.14 * r.random(n))
    away = np.abs((turn - gap + np.pi) % (2 * np.pi) - np.pi)
    top = top * (0.22 + 0.78 * smooth(0.0, 2.6 * gap_wide, away))
    top[-1] = top[0]
    # Azimuth runs from straight ahead (-z) to the right.
    p = np.stack([radius_m * np.sin(a), k * top[:, None] - 1.5, -radius_m * np.cos(a)], -1)
    m = Mesh(p, lattice(n, 4, True))
    dabs = noise2(a.ravel() * radius_m * 0.5, p[..., 1].ravel() * 0.8, 9)
    m.c = mix(lin("#4f4c34"), lin("#6d8446"), np.clip(k.ravel() * 0.8 + 0.22 * dabs, 0, 1))
    m.c = m.c * (1 + 0.22 * noise2(a.ravel() * radius_m, p[..., 1].ravel(), 5))[:, None]
    inward = np.stack([-np.sin(a), 0.5 + 0 * a, np.cos(a)], -1).reshape(-1, 3)
    m.n = inward / np.linalg.norm(inward, axis=1, keepdims=True)
    if facing_out(m) < 0.5:
        m.f = m.f[:, ::-1]
    return m


def lily(seed: int) -> Mesh:
    """A water lily's leaf of radius 1, cut to its middle, a little dished."""
    r = np.random.default_rng(seed)
    a = np.linspace(0.22, 2 * np.pi - 0.22, 13)
    rim = np.c_[np.cos(a), 0.03 + 0.03 * r.random(13), np.sin(a)]
    p = np.vstack([[[0, 0.01, 0]], rim])
    f = [[0, k + 1, k] for k in range(1, 13)]
    green = mix(lin("#5c7a3a"), lin("#8f9f4c"), r.random())
    return Mesh(p, f, np.vstack([[green * 0.8], np.tile(green, (13, 1))]))


def toadstool(seed: int, cap: str = "#b5532e") -> Mesh:
    """A toadstool of height 1: scale it to 5-12 cm."""
    r = np.random.default_rng(seed)
    stem = lathe([(0.16, 0), (0.11, 0.2), (0.10, 0.8)], 7, lin("#e6d8bd"))
    hat = lathe([(0.10, 0.70), (0.46, 0.66), (0.48, 0.74), (0.34, 0.95), (0.12, 1.05), (0, 1.06)],
                11, lin(cap))  # fmt: skip
    hat.c[:11] = lin("#d8c4a0")
    return merge([stem, hat]).at(rx=r.normal(0, 0.12), rz=r.normal(0, 0.12))


def stone(seed: int, rounds: int = 2, moss: float = 0.6) -> Mesh:
    """A boulder of radius 1, moss on its back."""
    m = sphere(rounds)
    bumps = noise2(m.p[:, 0] * 3 + seed * 7, m.p[:, 2] * 3 + m.p[:, 1] * 4, 18)
    m.p = m.p * (1 + 0.16 * bumps)[:, None] * [1.15, 0.66, 0.95]
    for k in range(4):
        q = np.random.default_rng(seed * 9 + k).normal(size=3)
        q /= np.linalg.norm(q)
        m.p -= np.clip(m.p @ q - 0.74, 0, None)[:, None] * q * 0.8
    grey = mix(lin("#6f6a62"), lin("#98907f"), np.clip(0.5 + 0.35 * bumps, 0, 1))
    green = smooth(0.1, 0.7, m.normals()[:, 1] + 0.35 * bumps) * moss
    m.c = mix(grey, MOSS, green)
    return m


def log(length_m: float, radius_m: float, seed: int) -> Mesh:
    """A fallen stem along x with a broken end, bark below and moss above."""
    r, t = np.random.default_rng(seed), np.linspace(0, 1, 30)
    path = np.c_[(t - 0.5) * length_m, radius_m * 0.75 + 0.06 * np.sin(t * 5), 0.10 * np.sin(t * 3)]
    thick = radius_m * (1 - 0.25 * t) * (1 + 0.06 * r.standard_normal(30))
    m = tube(path, thick, 15)
    bumps = noise2(m.p[:, 0] * 3, m.p[:, 1] * 9 + m.p[:, 2] * 9, 7)
    ring = m.p.reshape(30, 15, 3) - path[:, None]
    m.p = (path[:, None] + ring * (1 + 0.05 * bumps.reshape(30, 15, 1))).reshape(-1, 3)
    bark = mix(lin("#5a4a3a"), lin("#98815f"), np.clip(0.5 + 0.4 * bumps, 0, 1))
    m.c = mix(bark, MOSS * 1.1, smooth(0.2, 0.9, m.normals()[:, 1] + 0.45 * bumps) * 0.8)
    ends = [_disc(path[k], thick[k], s, r) for k, s in ((0, -1), (-1, 1))]
    return merge([m, *ends])


def _disc(at: Array, radius_m: float, side: int, r: np.random.Generator) -> Mesh:
    """The sawn face of a log, in rings."""
    a, k = np.meshgrid(np.linspace(0, 2 * np.pi, 12), np.linspace(0, 1, 6), indexing="ij")
    q = k * radius_m * 1.02
    p = np.c_[(0 * a + side * 0.02 * r.random(a.shape)).ravel(), (q * np.sin(a)).ravel(),
              (q * np.cos(a)).ravel()]  # fmt: skip
    m = Mesh(p + at, lattice(12, 6, side < 0))
    ring = (k.ravel() * 5).astype(int) % 2
    m.c = np.where(ring[:, None] > 0, lin("#c19a68"), lin("#a9804f"))
    return m
