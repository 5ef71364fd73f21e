"""What lies on the practice table: blocks and rings in mirrored pairs, and cards with hands."""

import numpy as np
from numpy.typing import NDArray

from scenes.art.colour import Array, bytes8, lin, mix
from scenes.art.hands import hand, mirrored
from scenes.art.mesh import Mesh, merge, rotation
from scenes.art.noise import noise2
from scenes.art.shapes import box, hoop, lathe, lattice

TABLE_Y, HANDS_Z = 0.78, -0.50  # the table's top; where hands rest
TIPS_M, NEAR_M, FAR_M = 0.10, 0.06, 0.24  # resting fingertips; a ring beyond them
LARGE, SMALL = 1.0, 0.45  # a block of 6.4 cm, and of 2.9 cm
COLOURS = ("#d9694f", "#e8b04a", "#2f7f8c", "#6e9c7a")
CARDS, CELL = 6, 224  # cards on the stand; pixels of one
TURNS_DEG = (0, 60, -90, 135, 180, -150)


def block(k: int) -> Mesh:
    """Block k about the middle of its foot, 6.4 cm: a cube, a drum, a bridge, a beam."""
    c, s = lin(COLOURS[k]), 0.064
    if k == 1:
        rim = [(0.0, 0.0), (0.44, 0.0), (0.5, 0.06), (0.5, 0.94), (0.44, 1.0), (0.0, 1.0)]
        return lathe(np.array(rim) * s, 24, c)
    if k == 2:
        legs = [box(0.30 * s, 0.6 * s, 0.6 * s, c, 0.004).at(x * s, 0, 0) for x in (-0.42, 0.42)]
        return merge([*legs, box(1.16 * s, 0.42 * s, 0.6 * s, c, 0.004).at(0, 0.58 * s, 0)])
    if k == 3:
        return box(0.62 * s, 1.5 * s, 0.62 * s, c, 0.005)
    return box(s, s, s, c, 0.006)


def spot(k: int, side: int, far: float) -> Array:
    """Where block k of a side stands when rings are near (0) or far (1); mirror images."""
    x = (0.10, 0.195, 0.145, 0.235)[k] + 0.01 * far
    z = HANDS_Z - TIPS_M - 0.03 - (0.0, 0.01, 0.09, 0.10)[k] - 0.06 * far
    return np.array([side * x, TABLE_Y + 0.0065, z])


def ring(side: int, far: float) -> Array:
    """The middle of a side's ring."""
    z = HANDS_Z - TIPS_M - NEAR_M - (FAR_M - NEAR_M) * far
    return np.array([side * 0.36, TABLE_Y + 0.007, z])


def goal(colour: str) -> Mesh:
    """A ring to put blocks into."""
    flat = hoop(0.085, 0.0055, 40, lin(colour))
    flat.p[:, 1] *= 0.7
    return flat


def mat() -> Mesh:
    """A felt mat with a stitched edge and a seam along the middle of the body."""
    u, v = np.meshgrid(np.linspace(-1, 1, 133), np.linspace(0, 1, 73), indexing="ij")
    x, z = 0.62 * u.ravel(), -0.30 - 0.68 * v.ravel()
    m = Mesh(np.c_[x, np.full(x.size, TABLE_Y + 0.005), z], lattice(133, 73, True))
    if m.normals()[:, 1].mean() < 0:
        m.f = m.f[:, ::-1]
    felt = np.clip(0.5 + 0.30 * noise2(x * 40, z * 40, 9) + 0.2 * noise2(x * 9, z * 9, 9), 0, 1)
    m.c = mix(lin("#5f807c"), lin("#7b9a92"), felt)
    edge = np.minimum(0.62 - np.abs(x), np.minimum(-0.30 - z, z + 0.98))
    stitch = (np.abs(edge - 0.028) < 0.006) & (np.sin((x + z) * 150) > -0.3)
    m.c[stitch] = lin("#e2d6bf")
    m.c[edge < 0.008] = lin("#4a6663")
    m.c[(np.abs(x) < 0.0055) & (np.sin(z * 260) > -0.3)] = lin("#e2d6bf")
    return m


def stand() -> Mesh:
    """A slotted board of beech for the cards, beyond the table's middle."""
    wood = lin("#c59a66")
    rail = box(1.10, 0.030, 0.075, wood, 0.006)
    return merge([rail, box(1.10, 0.012, 0.012, wood * 0.8).at(0, 0.030, 0.018)])


def card_spot(k: int) -> Array:
    """Where card k stands on the board."""
    return np.array([(k - (CARDS - 1) / 2) * 0.182, TABLE_Y + 0.034, -1.065])


def card(k: int) -> Mesh:
    """A card, 15 x 15 cm, leaning back, its foot at the origin; uv is its cell of the picture."""
    half, high = 0.080, 0.160
    p = np.array([[-half, 0, 0], [half, 0, 0], [half, high, 0], [-half, high, 0]])
    p = p @ rotation(-0.22, 0, 0).T
    column, row = k % 3, k // 3
    u0, u1 = (column + 0.012) / 3, (column + 0.988) / 3
    v0, v1 = (row + 0.982) / 2, (row + 0.018) / 2
    uv = [[u0, v0], [u1, v0], [u1, v1], [u0, v1]]
    front = Mesh(p, [[0, 1, 2], [0, 2, 3]], lin("#ffffff"), uv=uv)
    back = Mesh(p - [0, 0, 0.002], [[0, 2, 1], [0, 3, 2]], lin("#b7b0a2"), uv=[[0.01, 0.01]] * 4)
    return merge([front, back])


def cards() -> NDArray[np.uint8]:
    """Left and right hands from back and palm, each turned: one picture of three by two cells."""
    right = hand(0.22, 0.0052, sleeve=None)
    right.p[:, 1] += 0.02
    sheet = np.zeros((2 * CELL, 3 * CELL, 3), np.uint8)
    for k, turn in enumerate(TURNS_DEG):
        shown = right if k % 2 == 0 else mirrored(right)
        face = portrait(shown, np.radians(turn), palm=k in (2, 3, 5))
        row, column = divmod(k, 3)
        sheet[row * CELL : (row + 1) * CELL, column * CELL : (column + 1) * CELL] = face
    return sheet


def portrait(m: Mesh, turn: float, palm: bool) -> NDArray[np.uint8]:
    """A mesh of a hand seen from above (or below), turned in the plane; soft light from a side."""
    p, n = m.p.copy(), m.normals()
    if palm:
        flip = np.array([-1.0, -1.0, 1.0])
        p, n = p * flip, n * flip
    keep = (p[m.f, 2] < 0.085).all(1)
    p = p - [0, 0, -0.055]
    about = rotation(0, turn, 0)
    p, n = p @ about.T, n @ about.T
    light = np.clip(n @ np.array([-0.45, 0.80, -0.40]), 0, 1)
    c = m.c * (0.42 + 0.72 * light)[:, None]
    return bytes8(_drawn(p[m.f[keep]], c[m.f[keep]]) ** (1 / 2.2))


def _drawn(corners: Array, c: Array) -> Array:
    """Triangles (n, 3, 3) with colours seen from above, as points so dense that none is missed.

    The highest point of a pixel is drawn last and stays.
    """
    share = np.array([(a, b) for a in range(10) for b in range(10 - a)]) / 9
    share = np.c_[share, 1 - share.sum(1)]
    p, c = (np.einsum("sk,nkd->nsd", share, v).reshape(-1, 3) for v in (corners, c))
    pixel = (p[:, [2, 0]] * (CELL / 0.285) + CELL / 2).astype(int)
    order = np.argsort(p[:, 1])
    order = order[((pixel[order] >= 0) & (pixel[order] < CELL)).all(1)]
    image = np.tile(lin("#f4eee2"), (CELL, CELL, 1))
    image[pixel[order, 0], pixel[order, 1]] = np.clip(c[order], 0, 1)
    return image
