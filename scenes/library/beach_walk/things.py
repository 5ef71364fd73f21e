"""What stands and lies on the beach: palms, grass, rocks, driftwood, a fence, people, boats."""

import numpy as np

from scenes.art.colour import Array, lin, mix, smooth
from scenes.art.figures import parasol, sitter, walker
from scenes.art.mesh import Mesh, merge
from scenes.art.noise import noise2
from scenes.art.plants import palm
from scenes.art.shapes import box, lump, sphere, tube
from scenes.library.beach_walk.shore import drape, height, put, shore

PALMS = (  # x, z, height, lean, turn
    (3.6, -19, 7.8, -0.42, 0.1), (5.2, -21.2, 9.0, -0.2, 0.5), (13.5, -12, 7.6, -0.34, 0.1),
    (15.6, -15.5, 9.2, -0.22, 0.35), (17.5, -10.5, 6.4, -0.30, -0.2), (24, -31, 8.6, -0.28, 0.2),
    (27, -35, 10, -0.18, -0.3), (12.5, 13, 8.3, -0.33, 0.3), (22, 6, 9, -0.25, 0),
    (15, -62, 9.5, -0.3, 0.2), (19, -66, 8, -0.2, -0.5),
)  # fmt: skip
ROCKS = (  # x, z, size, up
    (-5.4, -19, 1.25, 0.1), (-6.6, -20.8, 0.75, 0.0), (-3.7, -20.4, 0.5, 0.05),
    (-7.6, -18, 0.38, 0.1), (-14, -52, 2.3, 0.2), (-11, -54.5, 1.2, 0), (-17, -50.5, 1.1, 0.3),
    (9.5, -5.5, 0.34, 0), (10.1, -5.0, 0.2, 0),
)  # fmt: skip
# x, z, what (w walks, p parasol, s sits), turn; every fourth from the first comes first, the near
# ones last
FOLK = (
    (-1.2, -33, "w", 2.9), (-0.3, -33.3, "w", 2.9), (5.8, -24, "p", 0), (7.3, -24.6, "s", 0.9),
    (-9.6, -44, "w", 0.3), (2.5, -40, "p", 0), (3.9, -40.7, "s", 0.8), (9.5, -38, "p", 0),
    (0, -58, "p", 0), (-9.2, -31, "w", 1.4), (6.7, -22.6, "s", 1.0), (-2.4, -9.6, "w", 2.9),
    (1.3, -58.6, "s", 0.5), (8.2, -38.4, "s", 0.7), (5.5, 17, "p", 0), (6.6, 16.6, "s", 1.2),
    (-9, -66, "w", 2.5), (1.8, -21, "w", 2.6), (5.6, -13.8, "s", 0.9), (-4.4, -15.6, "w", 0.4),
    (0.6, -47, "w", 0.1), (-2.2, -38, "w", 0.5), (9.4, -17.2, "s", 1.1), (1.9, -8.4, "w", 0.3),
    (4, -70, "p", 0), (-3, -26, "w", 0.2), (4.4, -13.2, "p", 0), (-0.7, -13.4, "w", 3.0),
    (-5.6, -29, "w", 3.0), (1.2, -46, "w", 0.2), (8.6, -16.0, "p", 0), (1.0, -13.7, "w", 2.8),
)  # fmt: skip
CLOTH = ("#d9694f", "#2f7f8c", "#e8b04a", "#f1e4d0", "#5b6fa8", "#c9556b", "#6e9c7a")
SKIN = ("#c68e6a", "#e0b08c", "#8d5a3c", "#b97c58")


def palms() -> Mesh:
    """All palms, one mesh."""
    return merge(
        put(palm(h, lean, i + 3), x, z, -0.15, ry) for i, (x, z, h, lean, ry) in enumerate(PALMS)
    )


def tufts(rng: np.random.Generator) -> tuple[Array, Array]:
    """Where grass grows on the dune's foot (n, 3) and how large."""
    x, z = rng.uniform(4, 60, 60000), rng.uniform(-75, 38, 60000)
    d = x - shore(z)
    dense = smooth(0.1, 1.4, noise2(x, z, 34) * 0.9 + smooth(14, 22, d) * 2.0 - 1.0)
    dense = dense * smooth(11.5, 15.5, d) * np.exp(-np.hypot(x - 7, z + 9) / 14)
    pick = np.flatnonzero(rng.random(60000) < dense * 0.62)[:600]
    x, z = x[pick], z[pick]
    return np.c_[x, height(x, z) - 0.03, z], rng.uniform(0.85, 1.75, len(x))


def rock(seed: int, size: float) -> Mesh:
    """A lump with planes cut off, as the sea leaves them."""
    m = sphere(3 if size > 1 else 2)
    n = noise2(m.p[:, 0] * 3 + seed * 7, m.p[:, 2] * 3 + m.p[:, 1] * 4, 18)
    m.p = m.p * (1 + 0.20 * n)[:, None] * [1.2, 0.62, 0.95]
    for k in range(5):
        q = np.random.default_rng(seed * 9 + k).normal(size=3)
        q /= np.linalg.norm(q)
        m.p -= np.clip(m.p @ q - 0.72, 0, None)[:, None] * q * 0.85
    share = np.clip(0.5 + 0.3 * n + 0.4 * m.p[:, 1], 0, 1)
    m.c = mix(lin("#7d6f66"), lin("#a3907c"), share)
    return m.at(scale=size)


def props(rng: np.random.Generator) -> Mesh:
    """Everything small that does not move."""
    parts = [put(rock(i, s), x, z, up, i * 1.3) for i, (x, z, s, up) in enumerate(ROCKS)]
    t = np.linspace(0, 1, 9)
    lie = np.c_[4.4 * t - 2.2, 0.17 - 0.05 * t + 0.06 * np.sin(t * 7), 0.30 * np.sin(t * 4)]
    thick = 0.23 * (1 - 0.60 * t) * (1 + 0.08 * np.sin(t * 23)) * np.r_[0.3, np.ones(7), 0.3]
    parts.append(drape(tube(lie, thick, 9, lin("#d8c7b0")), 3.9, -8.8, 1.15, -0.07))
    t = t[:5]
    branch = tube(np.c_[1.1 * t, 0.05 + 1.08 * t, 0.3 * t], 0.09 * (1 - 1.2 * t), 7, lin("#cdbba2"))
    parts.append(put(branch, 4.0, -9.5, ry=1.9))
    return merge(parts + shells(rng) + fence(rng))


def shells(rng: np.random.Generator) -> list[Mesh]:
    """Shells and pebbles along the tide line and the dune's foot."""
    out = []
    for i in range(70):
        z = rng.uniform(-26, 10)
        x = float(shore(np.array(z))) + (rng.normal(9.6, 0.5) if i % 2 else rng.uniform(6, 15))
        size = rng.uniform(0.02, 0.06) * (1.6 if i % 9 == 0 else 1)
        tint = lin(("#f3e6d6", "#d8bfa8", "#8f8178", "#efd2c0")[i % 4])
        m = sphere(0 if size < 0.05 else 1, tint)
        m.p *= [1.3, 0.5, 0.9]
        out.append(put(m, x, z, size * 0.25, i * 1.1, size))
    return out


def fence(rng: np.random.Generator) -> list[Mesh]:
    """A sand fence whose slats lean as they like, and its two wires."""
    z = np.linspace(-30, -3, 46)
    x = 11.5 + 1.6 * np.sin(z / 7) - 0.05 * z
    out = []
    for px, pz in zip(x, z, strict=True):
        tall = 0.95 + 0.06 * rng.standard_normal()
        slat = box(0.05, tall, 0.035, mix(lin("#9c8c78"), lin("#7d6d5c"), rng.random()), 0.008)
        slat = slat.at(rz=rng.normal(0, 0.07), rx=rng.normal(0, 0.06))
        out.append(put(slat, px, pz, -0.12, rng.uniform(-0.3, 0.3)))
    for up in (0.32, 0.62):
        path = np.c_[x, height(x, z) + up + 0.03 * np.sin(z * 3), z]
        out.append(tube(path, 0.009, 4, lin("#8a7a66")))
    return out


def bushes(rng: np.random.Generator) -> Mesh:
    """Far shrubs on the hills."""
    x, z = rng.uniform(20, 190, 4000), rng.uniform(-330, 90, 4000)
    grown = smooth(30, 60, x - shore(z)) * smooth(-0.3, 0.7, noise2(x, z, 150))
    parts = []
    for i in np.flatnonzero(rng.random(4000) < grown)[:110]:
        m = lump(1, 0.16, int(i))
        size = rng.uniform(0.8, 1.9) * (1 + np.hypot(x[i], z[i]) / 220)
        m.p *= [1.25, 0.75, 1.25]
        top = lin(("#7d8a48", "#6b8044", "#95914d")[i % 3])
        m.c = mix(lin("#3f5a33"), top, np.clip(0.5 + 0.6 * m.p[:, 1], 0, 1))
        parts.append(put(m, x[i], z[i], 0.3 * size, scale=size))
    return merge(parts)


def folk() -> list[Mesh]:
    """One mesh for each entry of `FOLK`."""
    out = []
    for i, (x, z, what, turn) in enumerate(FOLK):
        shirt, skin = lin(CLOTH[i % 7]), lin(SKIN[i % 4])
        match what:
            case "p":
                m = parasol(lin(CLOTH[(i * 3) % 7]), lin("#f3e8d6"))
            case "s":
                m = sitter(shirt, skin)
            case _:
                m = walker(shirt, skin, lin(CLOTH[(i + 3) % 7]) * 0.8)
        out.append(put(m, x, z, ry=turn))
    return out


def sail(x: float, z: float, size: float) -> Mesh:
    """A small boat far out."""
    p = [
        [0, 0.9, 0],
        [0, 7.6, 0],
        [2.9, 1.1, 0.3],
        [-0.15, 0.9, 0],
        [-0.15, 6.6, 0],
        [-2.1, 1, 0.2],
    ]
    cloth = Mesh(p, [[0, 1, 2], [3, 5, 4]], lin("#f6ead8"))
    keel = [[-2.6, 0.55, 0], [-1.5, 0.4, 0], [0, 0.35, 0], [1.6, 0.4, 0], [2.5, 0.5, 0]]
    hull = tube(keel, [0.05, 0.5, 0.65, 0.55, 0.3], 8, lin("#e9ded0"))
    return merge([cloth, hull]).at(x, 0, z, ry=0.6, scale=size)
