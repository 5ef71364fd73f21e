"""The garden at the tower's foot: what is left of the ground when the lift has gone up."""

import numpy as np

from scenes.art.bake import Lamp
from scenes.art.colour import lin, mix
from scenes.art.mesh import Mesh, merge
from scenes.art.noise import noise2
from scenes.art.plants import bush, lawn_blades, tree
from scenes.art.shapes import box, sheet, sphere, tube

WARM = lin("#ffb060")
HEROES = ((-9.5, -9), (8.8, -12.5), (-6.2, -17.5), (12.5, -6), (-13.5, -15.5), (5.6, -19))
POSTS = ((-2.1, -4.5), (2.1, -8.5), (-2.1, -12.5), (2.1, -16.5), (-8, -6.5), (8.5, -9),
         (-10, -13.5), (11, -15))  # fmt: skip
CORDS = ((-4.2, -3.2, 4.4, -5.4), (-4.4, -7.6, 4.2, -9.4), (-4.6, -12.2, 4.4, -13.6))
FLOWERS = ("#f2a5b4", "#ffd98a", "#ffffff")


def hero_trees() -> Mesh:
    """Six trees with leaves."""
    return merge(
        tree(i + 7, near=True).at(x, 0.16, z, i, 1.0 + 0.12 * (i % 3))
        for i, (x, z) in enumerate(HEROES)
    )


def blades(rng: np.random.Generator) -> Mesh:
    """Grass where the eye looks, thicker along the path's edge and near the rail."""
    x, z = rng.uniform(-12, 12, 440), rng.uniform(-15, -1.7, 440)
    edge = np.where(rng.random(440) < 0.35, np.sign(x) * rng.uniform(1.3, 1.8, 440), x)
    keep = np.abs(edge) > 1.3
    return lawn_blades(np.c_[edge, z][keep], 0.19, 4)


def lawn() -> Mesh:
    """A mown lawn in two greens."""
    m = sheet(-21, -21, 21, 6, 0.19, lin("#5d7343"), 60, 42)
    x, z = m.p[:, 0], m.p[:, 2]
    patches = np.clip(0.35 + 0.4 * noise2(x, z, 22) + 0.2 * np.sign(np.sin(x * 2.1)), 0, 1)
    m.c = mix(m.c * (1 + 0.12 * noise2(x, z, 5))[:, None], lin("#87964e"), patches)
    return m


def beds(rng: np.random.Generator) -> list[Mesh]:
    """Bushes, some in flower, and slabs along the path."""
    out = []
    for i in range(64):
        x, z = rng.uniform(-13, 13), rng.uniform(-17, -3)
        if abs(x) < 1.9:
            continue
        r, near = rng.uniform(0.28, 0.7), z > -14
        top = ("#8fa04e", "#7d8f4a", "#a39b4e")[i % 3]
        flower = FLOWERS[i // 2 % 3] if near and i % 2 == 0 else None
        out.append(bush(i, flower, near, top).at(x, 0.18 + r * 0.35, z, scale=r))
    for s in (-1, 1):
        for z in np.arange(-20, -1.6, 1.02):
            tint = mix(lin("#b9a998"), lin("#998a7c"), rng.random())
            out.append(box(1.1, 0.05, 0.95, tint, 0.02).at(s * 0.58, 0.2, z))
    return out


def lights() -> tuple[list[Mesh], list[Lamp]]:
    """Path lamps and cords of bulbs, with the light they give."""
    out: list[Mesh] = []
    lamps: list[Lamp] = []
    bulb = sphere(0, lin("#fff0d0")).glowing(lin("#ffd898") * 1.6)
    globe = sphere(1, lin("#fff0d0")).glowing(lin("#ffdca0") * 1.5)
    for x, z in POSTS:
        out.append(tube([[x, 0.15, z], [x, 0.85, z]], 0.035, 6, lin("#2e2c30")))
        out.append(globe.at(x, 0.95, z, scale=0.11))
        lamps.append(lamp(x, 1.0, z, 2.6, 5.2))
    for xa, za, xb, zb in CORDS:
        t = np.linspace(0, 1, 15)
        cord = np.c_[xa + (xb - xa) * t, 3.35 - 0.88 * np.sin(np.pi * t), za + (zb - za) * t]
        out.append(tube(cord, 0.008, 3, lin("#2e2c30")))
        for x, z in ((xa, za), (xb, zb)):
            out.append(tube([[x, 0.1, z], [x, 3.4, z]], [0.05, 0.035], 6, lin("#4a3b32")))
        out += [bulb.at(p[0], p[1] - 0.06, p[2], scale=0.05) for p in cord[1:-1]]
        lamps += [lamp(p[0], p[1] - 0.1, p[2], 0.62, 5.5) for p in cord[2:-1:3]]
    return out, lamps


def street_lamps() -> list[Lamp]:
    """Lamps along three avenues; each also gets a pool of light on the ground."""
    return [
        lamp(x + s * 8.6, 6, z, 1.5, 19)
        for x in (-64, 0, 64)
        for z in range(-300, -30, 32)
        for s in (-1, 1)
    ]


def pools(lamps: list[Lamp]) -> Mesh:
    """One soft disc on the ground under each street lamp, two triangles each."""
    disc = sheet(-8, -8, 8, 8, 0.18, WARM * 0.85)
    return merge(disc.at(x, 0, z) for x, _, z, *_ in lamps)


def lamp(x: float, y: float, z: float, strength: float, reach_m: float) -> Lamp:
    """A warm lamp."""
    r, g, b = (float(v) for v in WARM * strength)
    return (float(x), float(y), float(z), r, g, b, reach_m)
