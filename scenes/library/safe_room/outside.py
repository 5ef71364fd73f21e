"""What the window shows: a garden on a slope, a bay, hills in the haze."""

import numpy as np

from scenes.art.colour import lin, mix
from scenes.art.mesh import Mesh, merge
from scenes.art.noise import noise2
from scenes.art.plants import bush, grass_tuft, tree
from scenes.art.shapes import box, lattice, sheet

SEA_Y = -7.0


def slope(z: float) -> float:
    """The garden falls away toward the sea."""
    return -0.35 - 0.16 * max(0.0, -4 - z)


def land() -> Mesh:
    """Lawn and path down to the sea's edge."""
    x, z = np.meshgrid(np.linspace(-40, 40, 33), np.linspace(-3.2, -48, 24), indexing="ij")
    y = np.array([slope(q) for q in z.ravel()]) + 0.12 * noise2(x, z, 30).ravel()
    m = Mesh(np.c_[x.ravel(), y, z.ravel()], lattice(33, 24))
    if m.normals()[:, 1].mean() < 0:
        m.f = m.f[:, ::-1]
    patches = np.clip(0.5 + 0.35 * noise2(x, z, 14), 0, 1).ravel()
    m.c = mix(lin("#5d7a44"), lin("#9aa458"), patches)
    m.c[np.abs(x.ravel() - 1.0) < 1.3] = lin("#cdb592")
    return m


def green(rng: np.random.Generator) -> Mesh:
    """Two trees that frame the view, bushes, flowers under the window, grass."""
    parts = [
        tree(7, True, 0.3).at(-4.6, slope(-9) - 0.1, -9.0, 0.4, 1.05),
        tree(9, True, 0.3).at(6.4, slope(-13) - 0.1, -13.0, 1.9, 1.1),
    ]
    for i in range(15):
        x, z = rng.uniform(-9, 9), rng.uniform(-16, -5)
        if abs(x - 1.0) < 1.5:
            continue
        flower = ("#f2a5b4", "#ffd98a", "#f4efe6", None)[i % 4]
        size = rng.uniform(0.3, 0.75)
        parts.append(bush(i, flower, z > -9, fluff=0.3).at(x, slope(z) + size * 0.3, z, scale=size))
    for i in range(9):
        spot = (-1.6 + i * 0.4, -3.42)
        m = bush(60 + i, ("#e69aa6", "#f0d27f", "#f4efe6")[i % 3], fluff=0.5)
        parts.append(m.at(spot[0], 0.40, spot[1], scale=rng.uniform(0.12, 0.17)))
    for _ in range(8):
        x, z = rng.uniform(-6, 6), rng.uniform(-11, -4.5)
        if abs(x - 1.0) > 1.5:
            parts.append(grass_tuft(int(rng.integers(0, 9)), 7, 0.5).at(x, slope(z), z))
    return merge(parts)


def hills() -> Mesh:
    """Three headlands, each paler than the one before."""
    out = []
    for z, high, seed in ((-260.0, 22, 1), (-520.0, 60, 2), (-1000.0, 130, 3)):
        u = np.linspace(-1, 1, 60)
        gap = np.clip(np.abs(u - 0.02 * seed + 0.05) * 3.2 - 0.35, 0, 1) if seed < 3 else 1 + 0 * u
        ridge = 0.55 + 0.25 * np.sin(u * 9 + seed * 2) + 0.12 * np.sin(u * 23 + seed)
        top = SEA_Y + high * ridge * gap
        x = u * -z * 1.6
        p = np.stack([np.c_[x, 0 * u + SEA_Y - 2, 0 * u + z], np.c_[x, top, 0 * u + z - high]], 1)
        out.append(Mesh(p.reshape(-1, 3), lattice(60, 2), lin("#6f7a5c")))
    return merge(out)


def sea() -> tuple[Mesh, Mesh]:
    """Dark water, and over it a film that mirrors the sky."""
    deep = sheet(-3000, -3500, 3000, -40, SEA_Y - 0.05, lin("#3f7488"), 12, 12)
    film = sheet(-3000, -3500, 3000, -40, SEA_Y, lin("#cfe0e6"), 4, 4)
    film.w[:] = 1.0
    return deep, film


def box_of_flowers() -> Mesh:
    """The trough under the window that the flowers stand in."""
    return box(3.6, 0.3, 0.3, lin("#8a6246"), 0.02).at(0, 0.12, -3.42)
