"""The street itself: asphalt, kerbs, slabs, trees, lamps, and the corner one sits in."""

import numpy as np

from scenes.art.bake import Lamp
from scenes.art.colour import Array, lin
from scenes.art.mesh import Mesh, merge
from scenes.art.noise import noise2
from scenes.art.plants import bush, tree
from scenes.art.shapes import box, lathe, quad, sheet, sphere
from scenes.library.street.houses import church, gate, house

END_X = 27.0  # the street runs between two archways
NEAR_Z, KERB_Z, FAR_KERB_Z, FAR_Z = 1.35, -4.4, -12.4, -16.6
SIDE_X = (3.6, 10.8)  # the side street ahead
UP_M = 0.14  # the pavement above the street
ASPHALT, SLAB, KERB = lin("#5d5a5c"), lin("#a89c8e"), lin("#c2b8a8")
IRON, WOOD = lin("#71827a"), lin("#b08458")
LAMPS = ((-8.2, -3.9), (6.4, -3.9), (-1.5, -13.0), (14.0, -13.0), (-17.0, -13.0), (20.0, -3.9))
TREES = ((-12.5, -3.7), (10.8, -3.7), (-6.5, -13.2), (-22.0, -13.2), (19.5, -13.2), (-24.0, -3.7))


def floors(rng: np.random.Generator) -> list[Mesh]:
    """Asphalt with its lane marks, both pavements in slabs, kerbs, the side street."""
    road = sheet(-END_X - 9, FAR_KERB_Z, END_X + 9, KERB_Z, 0, ASPHALT, 96, 16)
    road.c = road.c * (1 + 0.07 * noise2(road.p[:, 0], road.p[:, 2], 14))[:, None]
    x0, x1 = SIDE_X
    side = sheet(x0 + 1.2, -95, x1 - 1.2, FAR_KERB_Z, 0, ASPHALT * 1.05, 6, 40)
    out = [road, side]
    for a in np.arange(-END_X, END_X, 4.0):
        out.append(sheet(a, -8.47, a + 2.0, -8.33, 0.012, lin("#d9d2c4")))
    for k in range(7):  # a crossing opposite the seat
        z = KERB_Z - 0.7 - k * 1.1
        out.append(sheet(-4.6, z - 0.55, -1.6, z, 0.013, lin("#d9d2c4"), 3, 1))
    out += _slabs(rng, -END_X - 9, END_X + 9, KERB_Z + 0.22, NEAR_Z)
    for a, b in ((-END_X - 9, x0 + 1.2), (x1 - 1.2, END_X + 9)):
        out += _slabs(rng, a, b, FAR_Z, FAR_KERB_Z - 0.22)
    for z, z2 in ((KERB_Z, KERB_Z + 0.22), (FAR_KERB_Z - 0.22, FAR_KERB_Z)):
        for a in np.arange(-END_X - 9, END_X + 8, 2.0):
            if z < -10 and x0 + 1 < a + 1 < x1 - 1:
                continue
            stone = box(1.98, UP_M + 0.004, z2 - z, KERB * rng.uniform(0.92, 1.05), bottom=False)
            out.append(stone.at(a + 1, 0, (z + z2) / 2))
    return out


def _slabs(rng: np.random.Generator, x0: float, x1: float, z0: float, z1: float) -> list[Mesh]:
    """Paving, its stones told apart by tint; finer near the seat."""
    nx, nz = round((x1 - x0) / 0.62), max(2, round((z1 - z0) / 0.62))
    x, z = np.linspace(x0, x1, nx + 1), np.linspace(z0, z1, nz + 1)
    i, j = (a.ravel() for a in np.meshgrid(np.arange(nx), np.arange(nz), indexing="ij"))
    near = np.abs((x[i] + x[i + 1]) / 2) < 10
    i, j = i[near], j[near]
    tint = SLAB * np.clip(1 + 0.055 * rng.standard_normal((len(i), 1)), 0.8, 1.2)
    gap = 0.006
    p = np.stack([np.c_[x[i] + gap, z[j] + gap], np.c_[x[i] + gap, z[j + 1] - gap],
                  np.c_[x[i + 1] - gap, z[j + 1] - gap],
                  np.c_[x[i + 1] - gap, z[j] + gap]], 1)  # fmt: skip
    p = p.reshape(-1, 2)
    k = np.arange(len(i))[:, None, None] * 4
    f = (k + np.array([[0, 1, 2], [0, 2, 3]])).reshape(-1, 3)
    up = np.tile([0, 1.0, 0], (len(p), 1))
    slabs = Mesh(np.c_[p[:, 0], np.full(len(p), UP_M), p[:, 1]], f, np.repeat(tint, 4, 0), n=up)
    bed = sheet(x0, z0, x1, z1, UP_M - 0.004, SLAB * 0.55, max(2, nx // 3), max(2, nz // 3))
    bed.c[np.abs(bed.p[:, 0]) > 9.6] = SLAB * 0.98
    return [bed, slabs]


def town(rng: np.random.Generator) -> list[Mesh]:
    """Houses on both sides, the archways at the ends, the side street with its church."""
    out = []
    for start, end, count in ((-END_X - 1.0, SIDE_X[0], 4), (SIDE_X[1], END_X + 1.0, 3)):
        widths = rng.uniform(0.85, 1.15, count)
        widths *= (end - start) / widths.sum()
        for x, wide in zip(start + np.r_[0, np.cumsum(widths)[:-1]], widths, strict=True):
            near = abs(x + wide / 2) < 13
            m = house(rng, float(wide), int(rng.integers(2, 4)), near)
            out.append(m.at(float(x), UP_M, FAR_Z))
    for x0 in (-18.0, -9.0, 4.5, 13.5):  # behind the seat
        out.append(house(rng, 9.0, 2, False, shop=x0 != -9.0).at(-x0, UP_M, NEAR_Z, ry=np.pi))
    out.append(house(rng, 4.5, 3, True, shop=False).at(0.0, UP_M, NEAR_Z, ry=np.pi))
    z = FAR_Z - 0.05
    for wide in (9.4, 8.6, 10.2, 9.0, 10.8):
        high = int(rng.integers(2, 4))
        left, right = SIDE_X
        out.append(house(rng, wide, high, False).at(left, 0.02, z, ry=np.pi / 2))
        plain = house(rng, wide, high, False, shop=False)
        out.append(plain.at(right, 0.02, z - wide, ry=-np.pi / 2))
        z -= wide
    for s in (-1, 1):
        out.append(gate().at(s * END_X, 0, (KERB_Z + FAR_KERB_Z) / 2, ry=-s * np.pi / 2))
    out.append(church().at(9.5, 0, -105))
    return out


def corner(rng: np.random.Generator) -> list[Mesh]:
    """The seat: a small table with a cup, planters on both sides, a wall behind."""
    up, out = UP_M, []
    top = lathe(
        [(0.03, 0.02), (0.03, 0.70), (0.30, 0.71), (0.31, 0.735), (0.0, 0.74)], 26, lin("#b9b2a6")
    )
    foot = lathe([(0.22, 0.0), (0.20, 0.025), (0.03, 0.06)], 18, IRON)
    out += [m.at(0.95, up, -1.35) for m in (top, foot)]
    cup = lathe([(0.030, 0), (0.047, 0.03), (0.052, 0.07), (0.046, 0.07), (0.042, 0.055),
                 (0, 0.055)], 18, lin("#efe9df"))  # fmt: skip
    cup.c[-36:] = lin("#5a3a20")
    saucer = lathe([(0.04, 0), (0.078, 0.012), (0.0, 0.008)], 18, lin("#e6dfd2"))
    out += [m.at(0.88, up + 0.74, -1.28) for m in (saucer, cup)]
    out.append(box(0.19, 0.018, 0.13, lin("#4f6f86"), 0.004).at(1.08, up + 0.74, -1.42, ry=0.5))
    for x in (-1.75, 2.25):
        out.append(box(0.9, 0.48, 0.42, lin("#8a6248"), 0.03).at(x, up, -1.6))
        for k in range(7):
            flower = ("#e69aa6", "#f0d27f", "#f4efe6", None)[k % 4]
            m = bush(40 + k, flower, fluff=0.45)
            out.append(m.at(x - 0.34 + k * 0.115, up + 0.50, -1.6 + 0.07 * (k % 2),
                            scale=float(rng.uniform(0.13, 0.19))))  # fmt: skip
    seat = box(1.5, 0.06, 0.42, WOOD, 0.015).at(0, up + 0.42, 0.35)
    back = [box(1.5, 0.10, 0.035, WOOD, 0.012).at(0, up + y, 0.60) for y in (0.58, 0.74, 0.90)]
    legs = [box(0.06, 0.94, 0.5, IRON, 0.01).at(s * 0.66, up, 0.40) for s in (-1, 1)]
    return [*out, seat, *back, *legs]


def furniture() -> list[Mesh]:
    """Lamp posts, a pillar for posters, bollards, a waste basket, parked bicycles' stand."""
    out = []
    for x, z in LAMPS:
        y = UP_M
        out.append(lathe([(0.16, y), (0.13, y + 0.5), (0.06, y + 0.6), (0.045, y + 3.6),
                          (0.09, y + 3.7)], 10, IRON).at(x, 0, z))  # fmt: skip
        out.append(lathe([(0.10, 3.85), (0.17, 4.25), (0.19, 4.27), (0.03, 4.45), (0.0, 4.5)], 8,
                         IRON * 0.9).at(x, 0, z))  # fmt: skip
    pillar = lathe([(0.62, 0.0), (0.62, 0.3), (0.58, 0.32), (0.58, 2.6), (0.66, 2.64), (0.60, 2.8),
                    (0.28, 3.1), (0.0, 3.25)], 20, lin("#4f6a60"))  # fmt: skip
    out.append(pillar.at(-5.3, UP_M, -3.3))
    posters = ("#d9694f", "#e8b04a", "#f1e4d0", "#5b6fa8", "#b9c7a6")
    for k, (a, y) in enumerate(
        ((0.2, 0.6), (0.9, 0.9), (1.6, 0.5), (2.3, 1.0), (-0.5, 1.0), (0.5, 1.6))
    ):
        p = quad(
            [(-0.24, 0, 0), (0.24, 0, 0), (0.24, 0.75, 0), (-0.24, 0.75, 0)], lin(posters[k % 5])
        )
        b = quad([(-0.18, 0.4, 0.004), (0.18, 0.4, 0.004), (0.18, 0.66, 0.004),
                  (-0.18, 0.66, 0.004)], lin(posters[(k + 2) % 5]))  # fmt: skip
        out.append(merge([p, b]).at(0, y, 0.592).at(ry=a).at(-5.3, UP_M, -3.3))
    for x in np.arange(-1.0, 6.6, 2.5):
        if not -4.6 < x < -1.6:
            out.append(lathe([(0.07, 0), (0.06, 0.75), (0.075, 0.78), (0.05, 0.9), (0, 0.92)], 9,
                             IRON).at(float(x), UP_M, -4.0))  # fmt: skip
    return out


def trees() -> Mesh:
    """Town trees with leaves near, and a grating round each trunk."""
    parts = [tree(20 + i, True, 0.8 if abs(x) < 12 else 0.35).at(x, UP_M - 0.1, z, i * 1.3, 1.05)
             for i, (x, z) in enumerate(TREES)]  # fmt: skip
    return merge(parts)


def bulbs() -> Mesh:
    """The lanterns' glass."""
    out = []
    for x, z in LAMPS:
        m = lathe([(0.095, 3.86), (0.155, 4.24)], 8, lin("#ffe7bc"))
        out.append(m.at(x, 0, z))
    return merge(out).glowing(lin("#ffd9a0") * 0.9)


def pools() -> Mesh:
    """Lamp light on the ground, added when the lamps burn."""
    out = []
    for x, z in LAMPS:
        r = 3.4
        m = sheet(x - r, z - r, x + r, z + r, UP_M + 0.03, lin("#ffc27a") * 0.42)
        out.append(m)
    return merge(out)


def lanterns() -> list[Lamp]:
    """The same lamps for the bake: faint, it is still day."""
    r, g, b = (float(v) for v in lin("#ffc27a") * 0.5)
    return [(x, 4.0, z, r, g, b, 6.0) for x, z in LAMPS]


def car(paint: Array, tall: float = 1.0) -> Mesh:
    """A car that drives toward -z, 4.1 m, from lofted sections: body, cabin, wheels, lights."""
    body = _loft([(-2.06, 0.62, 0.40, 0.62), (-1.98, 0.76, 0.26, 0.72), (-1.5, 0.84, 0.22, 0.80),
                  (-0.9, 0.86, 0.20, 0.88), (0.2, 0.87, 0.20, 0.92), (1.3, 0.86, 0.20, 0.92),
                  (1.85, 0.80, 0.24, 0.88), (2.05, 0.64, 0.40, 0.78)], paint)  # fmt: skip
    cabin = _loft([(-1.05, 0.70, 0.84, 0.90), (-0.55, 0.68, 0.80, 1.22), (-0.15, 0.66, 0.80, 1.42),
                   (0.5, 0.66, 0.80, 1.46), (1.1, 0.66, 0.80, 1.38), (1.75, 0.66, 0.82, 0.92)],
                  lin("#2a333c"))  # fmt: skip
    row, around = np.divmod(np.arange(len(cabin.p)), 14)
    roof = (row > 1) & (row < 5) & np.isin(around, (0, 1, 2, 12, 13))
    cabin.c[np.isin(around, (3, 11))] = lin("#6f8290")
    cabin.c[roof] = paint
    y = cabin.p[:, 1]
    cabin.p[:, 1] = np.where(y > 0.9, 0.9 + (y - 0.9) * tall, y)
    parts = [body, cabin]
    for s in (-1, 1):
        for z in (-1.30, 1.28):
            wheel = lathe([(0.0, -0.10), (0.18, -0.10), (0.31, -0.09), (0.325, 0.0), (0.31, 0.09),
                           (0.18, 0.10), (0.0, 0.10)], 16, lin("#1d1d20"))  # fmt: skip
            wheel.c[np.hypot(wheel.p[:, 0], wheel.p[:, 2]) < 0.12] = lin("#a9abad")
            parts.append(wheel.at(s * 0.79, 0.325, z, rz=np.pi / 2))
        front, rear = sphere(1, lin("#fff2d8")), sphere(1, lin("#a02a20"))
        front.p *= [0.15, 0.07, 0.06]
        rear.p *= [0.12, 0.09, 0.05]
        parts += [front.glowing(lin("#ffe9c0") * 0.7).at(s * 0.56, 0.62, -1.99),
                  rear.glowing(lin("#c0301c") * 0.35).at(s * 0.58, 0.74, 1.99)]  # fmt: skip
    return merge(parts)


def _loft(stations: list[tuple[float, float, float, float]], c: Array) -> Mesh:
    """Rounded sections along z: (z, half width, foot, top)."""
    n = 14
    a = np.linspace(0, 2 * np.pi, n, endpoint=False)
    s, k = np.sin(a), np.cos(a)
    rows = []
    for z, half, foot, top in stations:
        x = half * np.sign(s) * np.abs(s) ** 0.55
        y = (top + foot) / 2 + (top - foot) / 2 * np.sign(k) * np.abs(k) ** 0.55
        rows.append(np.c_[x, y, np.full(n, z)])
    p = np.stack(rows)
    i, j = np.arange(len(rows) - 1)[:, None] * n, np.arange(n)[None]
    q = (j + 1) % n
    one = np.stack(np.broadcast_arrays(i + j, i + n + j, i + n + q), -1)
    two = np.stack(np.broadcast_arrays(i + j, i + n + q, i + q), -1)
    m = Mesh(p.reshape(-1, 3), np.stack([one, two], 2).reshape(-1, 3), c)
    outward = m.p - [0, 0.7, 0]
    if (np.einsum("ij,ij->i", m.normals(), outward) > 0).mean() < 0.5:
        m.f = m.f[:, ::-1]
    return m
