"""Plants: curved outlines, no alpha test, sway in the alpha of the colour."""

import numpy as np

from scenes.art.colour import Array, lin, mix
from scenes.art.mesh import Mesh, merge
from scenes.art.noise import noise2
from scenes.art.shapes import lump, sphere, tube

GOLDEN = 2.39996  # radians: leaves in this step never stand above each other


def leaves(m: Mesh, count: int, size_m: float, seed: int, tints: tuple[str, str]) -> Mesh:
    """Small leaf quads on a blob, with the blob's own normals: they shade as one mass."""
    r = np.random.default_rng(seed)
    face = m.f[r.integers(0, len(m.f), count)]
    share = r.dirichlet([1, 1, 1], count)[:, :, None]
    centre, out = (m.p[face] * share).sum(1), (m.normals()[face] * share).sum(1)
    a = r.normal(size=(count, 3))
    a -= out * (a * out).sum(1, keepdims=True) * 0.6
    a /= np.linalg.norm(a, axis=1, keepdims=True)
    b = np.cross(out + 0.5 * r.normal(size=(count, 3)), a)
    b /= np.linalg.norm(b, axis=1, keepdims=True)
    s = size_m * r.uniform(0.6, 1.2, (count, 1))
    centre = centre + out * s * 0.3
    p = np.stack([centre - a * s, centre - b * s * 0.5, centre + a * s, centre + b * s * 0.5], 1)
    f = np.arange(count)[:, None, None] * 4 + np.array([[0, 1, 2], [0, 2, 3]])
    flipped = np.einsum("ij,ij->i", np.cross(a, b), out) < 0
    f[flipped] = f[flipped][:, :, ::-1]
    c = mix(lin(tints[0]), lin(tints[1]), np.clip(r.normal(0.45, 0.3, count), 0, 1))
    w = np.repeat((m.w[face] * share[..., 0]).sum(1), 4)
    return Mesh(p.reshape(-1, 3), f.reshape(-1, 3), np.repeat(c, 4, 0), w, n=np.repeat(out, 4, 0))


def tree(seed: int, near: bool = False, fluff: float = 1.0) -> Mesh:
    """A town tree, about 5 m; `near` gives it limbs and leaves, else one blob of 90 triangles."""
    r = np.random.default_rng(seed)
    bark = lin("#5a4638")
    if near:
        parts = [tube([[0, 0, 0], [0.06, 1.6, 0], [0, 3.2, 0.05]], [0.17, 0.12, 0.08], 6, bark)]
    else:
        parts = [tube([[0, 0, 0], [0, 3.2, 0]], 0.11, 3, bark)]
    for i in range(3 if near else 1):
        m, a = sphere(1), i * 2.4
        if near:
            dents = 0.10 * noise2(m.p[:, 0] * 5 + i * 3, m.p[:, 2] * 5 + m.p[:, 1] * 7, 17)
            size = r.uniform(1.15, 1.5) * (1.15 if i == 0 else 0.85)
        else:
            dents, size = 0.12 * r.standard_normal(len(m.p)), r.uniform(1.8, 2.1)
        m.p *= (1 + dents)[:, None]
        place = (0, 4.3, 0) if i == 0 else (np.cos(a), 3.6 + 0.5 * r.random(), np.sin(a))
        m = m.at(float(place[0]), float(place[1]), float(place[2]), scale=size)
        m.w = np.clip((m.p[:, 1] - 2.4) / 4.5, 0, 1) * 0.45
        share = np.clip(r.random() * 0.45 + 0.1 * r.standard_normal(len(m.p)), 0, 1)
        m.c = mix(lin("#557f42"), lin("#b0a44e"), share)
        parts.append(m)
        if near:
            m.c = m.c * [0.38, 0.52, 0.42]
            parts.append(
                leaves(
                    m, int(200 * fluff), 0.24 / fluff**0.4, seed * 10 + i, ("#4d8048", "#b5b45e")
                )
            )
    return merge(parts)


def bush(
    seed: int,
    flowers: str | None = None,
    leafy: bool = True,
    top: str = "#8fa04e",
    fluff: float = 1.0,
) -> Mesh:
    """A round garden bush of radius 1, dark below, with leaves and perhaps flowers."""
    m = sphere(1)
    m.p *= (1 + 0.10 * noise2(m.p[:, 0] * 4 + seed, m.p[:, 2] * 4 + m.p[:, 1] * 5, 16))[:, None]
    m.p[:, 1] *= 0.78
    m.c = mix(lin("#3f5d36"), lin(top), np.clip(m.p[:, 1], 0, 1))
    parts = [m]
    if leafy:
        parts.append(leaves(m, int(80 * fluff), 0.16, seed, ("#4f7038", "#a2ac58")))
    if flowers:
        parts.append(
            leaves(m, int(30 * fluff), 0.09 / fluff**0.4, seed + 900, (flowers, "#ffe6e0"))
        )
    return merge(parts)


def grass_tuft(seed: int, blades: int = 13, height_m: float = 0.75) -> Mesh:
    """Bent blades, dark at the root, straw at the tip."""
    r = np.random.default_rng(seed)
    p: list[Array] = []
    f: list[list[int]] = []
    w: list[float] = []
    c: list[Array] = []
    for _ in range(blades):
        a = r.uniform(0, 2 * np.pi)
        out = np.array([np.cos(a), 0, np.sin(a)])
        base, h = out * r.uniform(0.01, 0.16), height_m * r.uniform(0.55, 1.1)
        reach = r.uniform(0.15, 0.62) * h
        half = np.array([-out[2], 0, out[0]]) * 0.016 * r.uniform(0.8, 1.5)
        green, k = mix(lin("#6f8440"), lin("#bfb266"), r.random()), len(p)
        for q in (0.0, 0.45, 0.8):
            mid = base + out * reach * q**1.8 + [0, h * (q - 0.18 * q**3), 0]
            p += [mid - half * (1 - q * 0.5), mid + half * (1 - q * 0.5)]
            w += [q, q]
            c += [green * (0.42 + 0.58 * q**0.7)] * 2
        p.append(base + out * reach + [0, h * 0.82, 0])
        w.append(1)
        c.append(mix(green, lin("#ecd79a"), 0.55))
        f += [[k, k + 1, k + 3], [k, k + 3, k + 2], [k + 2, k + 3, k + 5]]
        f += [[k + 2, k + 5, k + 4], [k + 4, k + 5, k + 6]]
    return Mesh(p, f, np.array(c), np.array(w))


def lawn_blades(spots: Array, y_m: float, seed: int, height_m: float = 0.2) -> Mesh:
    """A few upright blades at each spot (n, 2): what makes a painted lawn look grown."""
    r = np.random.default_rng(seed)
    count = len(spots) * 5
    root = np.repeat(spots, 5, 0)
    a = r.uniform(0, 2 * np.pi, count)
    out = np.c_[np.cos(a), np.zeros(count), np.sin(a)]
    half = np.c_[-out[:, 2], np.zeros(count), out[:, 0]] * 0.014
    h = r.uniform(0.4, 1.0, count) * height_m
    base = np.c_[root[:, 0], np.full(count, y_m), root[:, 1]] + out * r.uniform(0, 0.1, (count, 1))
    tip = base + out * h[:, None] * 0.5 + np.c_[0 * h, h, 0 * h]
    p = np.stack([base - half, base + half, tip], 1).reshape(-1, 3)
    green = mix(lin("#5d7a40"), lin("#a9b062"), r.random(count))
    c = np.stack([green * 0.6, green * 0.6, green], 1).reshape(-1, 3)
    w = np.tile([0.0, 0.0, 0.5], count)
    up = np.tile([0, 1.0, 0], (len(p), 1))
    return Mesh(p, np.arange(len(p)).reshape(-1, 3), c, w, n=up)


def frond(length_m: float, droop: float, lift: float, seed: int) -> Mesh:
    """A palm leaf along +x: a bent rib and uneven leaflets on both sides."""
    r, n, count = np.random.default_rng(seed), 9, 17
    t = np.linspace(0, 1, n)
    rib = np.c_[t - 0.18 * t**3, lift * t - droop * t**2.2, np.zeros(n)] * length_m
    width = (0.030 * length_m * (1 - t) + 0.004) * 0.35
    p: list[Array] = [
        q + np.array([0, 0.012, s * a]) for q, a in zip(rib, width, strict=True) for s in (-1, 1)
    ]
    w: list[float] = [float(a) for a in t for _ in (0, 1)]
    c = [lin("#8f8b45")] * (2 * n)
    f = []
    for i in range(n - 1):
        f += [[2 * i, 2 * i + 1, 2 * i + 3], [2 * i, 2 * i + 3, 2 * i + 2]]
    for side in (-1, 1):
        for i in range(count):
            a = 0.08 + 0.92 * (i + 0.5 + 0.25 * r.uniform(-1, 1)) / count
            b = np.array([np.interp(a, t, rib[:, 0]), np.interp(a, t, rib[:, 1]), 0])
            size = length_m * 0.30 * np.sin(np.pi * (a * 0.8 + 0.17)) ** 0.8 * r.uniform(0.8, 1.15)
            way = np.array([0.62, -0.16 - 0.35 * r.random(), side * 0.72])
            mid, tip = b + way * size * 0.55, b + way * size + [0, -size * r.uniform(0.2, 0.5), 0]
            half, k = np.array([0.050, 0, 0]) * length_m / 2.4, len(p)
            p += [b - half, b + half, mid + half * 0.9, mid - half * 0.9 - [0, 0.005, 0], tip]
            w += [a, a, a + 0.05, a + 0.05, min(a + 0.15, 1)]
            g = mix(lin("#5d7a34"), lin("#93a048"), r.random() * 0.7)
            c += [g * 0.7, g * 0.7, g, g, mix(g, lin("#c9b35a"), 0.4)]
            one = [[k, k + 1, k + 2], [k, k + 2, k + 3], [k + 3, k + 2, k + 4]]
            f += one if side < 0 else [q[::-1] for q in one]
    return Mesh(p, f, np.array(c), np.array(w))


def palm(height_m: float, lean: float, seed: int) -> Mesh:
    """A coconut palm, its trunk bent and ringed: about 2,500 triangles."""
    r, t = np.random.default_rng(seed), np.linspace(0, 1, 15)
    path = np.c_[lean * t**1.7, t - 0.06 * t**2, 0.05 * np.sin(t * 3)] * height_m
    radius = 0.17 * (1 - 0.5 * t) + 0.13 * np.exp(-t * 14)
    radius[::2] *= 1.09
    ring = np.tile(np.repeat([0, 1.0], 9), 8)[:135]
    trunk = tube(path, radius, 9, mix(lin("#8c7357"), lin("#6b5745"), ring))
    trunk.w = np.repeat(t**2 * 0.35, 9)
    parts, top = [trunk], path[-1]
    for i in range(15):
        turn, q = i * GOLDEN + r.uniform(-0.2, 0.2), i / 14
        length, droop = height_m * 0.36 * r.uniform(0.88, 1.1), 0.35 + 0.62 * q + 0.1 * r.random()
        leaf = frond(length, droop, 0.75 - 1.15 * q, seed * 50 + i).at(ry=turn)
        leaf.p += top
        leaf.w = 0.35 + 0.65 * leaf.w
        parts.append(leaf)
    for i in range(6):
        a = i * 1.05
        x, y, z = top + np.array([0.16 * np.cos(a), -0.17 - 0.05 * (i % 2), 0.16 * np.sin(a)])
        nut = sphere(1, lin("#7b5a2e")).at(x, y, z, scale=0.12)
        nut.w[:] = 0.35
        parts.append(nut)
    return merge(parts)


def planter(length_m: float, seed: int, pot: str = "#6b5a50") -> Mesh:
    """A trough with small plants and some flowers, along x."""
    from scenes.art.shapes import box

    r = np.random.default_rng(seed)
    earth = box(length_m - 0.1, 0.02, 0.4, lin("#3b2d24")).at(0, 0.45, 0)
    parts = [box(length_m, 0.46, 0.5, lin(pot), 0.03), earth]
    for i in range(int(length_m * 7)):
        m = lump(1, 0.2, seed * 100 + i)
        green = mix(lin("#50703a"), lin("#8fa04e"), r.random())
        m.c[:] = green
        flower = lin(("#e8a0a8", "#f2d27a", "#f4efe6")[r.integers(0, 3)])
        m.c[m.p[:, 1] > 0.6] = mix(green, flower, 0.85 if r.random() < 0.4 else 0.1)
        half = length_m / 2 - 0.15
        x, z = r.uniform(-half, half), r.uniform(-0.12, 0.12)
        parts.append(m.at(x, 0.5 + 0.1 * r.random(), z, scale=r.uniform(0.10, 0.19)))
    return merge(parts)
