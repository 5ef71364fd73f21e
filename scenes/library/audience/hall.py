"""A lecture hall seen from its lectern: curved rows that climb, oak, tall windows on the left."""

import numpy as np

from scenes.art.colour import Array, lin, mix
from scenes.art.indoors import Panel
from scenes.art.mesh import Mesh, merge
from scenes.art.noise import noise2
from scenes.art.shapes import box, lathe, lattice, quad, sphere, tube

ROWS, RISE_M, FIRST_M, STEP_M = 8, 0.27, 5.05, 1.28  # rows stand round CENTRE on circles
CENTRE_Z, ARC = 2.0, 0.575  # half the angle that the desks take
HALF, BACK, FRONT, TOP = 8.6, -13.6, 3.4, 6.0  # half width, z of the two walls, ceiling
DESK_M, SEAT_M = 0.745, 0.455
OAK, DARK, PLASTER = lin("#b98a58"), lin("#7d5a3e"), lin("#d6cab8")
CARPET, CLOTH, BRASS = lin("#78828c"), lin("#5b8a94"), lin("#c9a070")
WINDOWS = (-10.4, -7.2, -4.0, -0.8)  # their middles along the left wall
SILL, HEAD, WIDE = 1.75, 5.2, 0.85


def radius(row: int) -> float:
    """Where those in a row sit."""
    return FIRST_M + STEP_M * row


def floor_y(row: int) -> float:
    return RISE_M * row


def on_arc(r: float, a: Array | float, y: float) -> Array:
    """Points on a circle round CENTRE; angle 0 straight ahead, positive to the right."""
    a = np.atleast_1d(np.asarray(a, float))
    return np.asarray(np.c_[r * np.sin(a), np.full(len(a), y), CENTRE_Z - r * np.cos(a)])


def seats(row: int) -> Array:
    """The angles of the seats of a row."""
    count = int(2 * ARC * radius(row) / 0.80)
    return np.asarray((np.arange(count) - (count - 1) / 2) * (2 * ARC / count))


def _ribbon(inner: Array, outer: Array, c: Array) -> Mesh:
    """A strip between two polylines, its front to the left of the way along the first."""
    n = len(inner)
    p = np.stack([inner, outer], 1).reshape(-1, 3)
    i = np.arange(n - 1) * 2
    f = np.vstack([np.c_[i, i + 1, i + 3], np.c_[i, i + 3, i + 2]])
    return Mesh(p, f, c)


def _arc_box(r0: float, r1: float, y0: float, y1: float, a0: float, a1: float, n: int,
             c: Array) -> list[Mesh]:  # fmt: skip
    """Top, front (toward the lectern), back and ends of a bent block; hard edges between them."""
    a = np.linspace(a0, a1, n)
    lo0, lo1, hi0, hi1 = (on_arc(r, a, y) for r, y in ((r0, y0), (r1, y0), (r0, y1), (r1, y1)))
    out = [_ribbon(hi1, hi0, c), _ribbon(hi0, lo0, c), _ribbon(lo1, hi1, c)]
    for k, flip in ((0, False), (n - 1, True)):
        corners = [lo0[k], hi0[k], hi1[k], lo1[k]]
        out.append(quad(corners[::-1] if flip else corners, c))
    return out


def steps(rng: np.random.Generator) -> list[Mesh]:
    """The floor before the first row, and a platform for every row."""
    out = []
    x, z = np.linspace(-HALF, HALF, 30), np.linspace(FRONT, -6.0, 22)
    for i in range(29):
        board = quad([(x[i], 0, FRONT), (x[i + 1], 0, FRONT), (x[i + 1], 0, -6), (x[i], 0, -6)],
                     mix(lin("#96683f"), lin("#b5834f"), rng.random()), 1, len(z))  # fmt: skip
        board.c = board.c * (1 + 0.06 * noise2(board.p[:, 0] * 9 + i, board.p[:, 2], 3))[:, None]
        out.append(board)
    a = np.linspace(-1.25, 1.25, 44)
    for row in range(ROWS):
        y, r0 = floor_y(row), radius(row) - 0.62
        r1 = radius(row + 1) - 0.62 if row < ROWS - 1 else 19.0
        mid = (r0 + r1) / 2
        c = CARPET * (0.95 + 0.08 * (row % 2))
        if row:
            out.append(_ribbon(on_arc(r0, a, y), on_arc(r0, a, y - RISE_M), c * 0.9))
            out.append(_ribbon(on_arc(mid, a, y), on_arc(r0, a, y), c))
            out.append(_ribbon(on_arc(r1, a, y), on_arc(mid, a, y), c))
    return out


def furniture() -> list[Mesh]:
    """Desks with their fronts, and a seat at every place."""
    out = []
    for row in range(ROWS):
        y, r, n = floor_y(row), radius(row), 20 + row * 2
        out += _arc_box(r - 0.56, r - 0.16, y + DESK_M - 0.035, y + DESK_M, -ARC, ARC, n, OAK)
        out += _arc_box(r - 0.53, r - 0.50, y + 0.06, y + DESK_M - 0.03, -ARC, ARC, n, OAK * 0.86)
        for a in seats(row):
            out += _seat(row, float(a))
    return out


def _seat(row: int, a: float) -> list[Mesh]:
    x, y, z = on_arc(radius(row), a, floor_y(row))[0]
    turn = np.pi - a
    pad = box(0.46, 0.07, 0.44, CLOTH, 0.02 if row < 3 else 0.0, bottom=False)
    back = box(0.46, 0.44, 0.06, CLOTH * 0.95, 0.02 if row < 3 else 0.0, bottom=False)
    parts = [pad.at(0, SEAT_M - 0.07, 0), back.at(0, SEAT_M + 0.06, 0.25, rx=0.14)]
    if row < 3:
        parts.append(tube([[0, 0, 0.05], [0, SEAT_M - 0.07, 0.05]], 0.03, 6, lin("#4a4a4e")))
    return [merge(parts).at(float(x), float(y), float(z), ry=turn)]


def walls() -> list[Mesh]:
    """Plaster, a dado of oak, slats behind the last row, beams, a door on each side."""
    out = [
        quad([(-HALF, TOP, BACK), (HALF, TOP, BACK), (HALF, TOP, FRONT), (-HALF, TOP, FRONT)],
             lin("#e2dacd"), 24, 24),
        quad([(HALF, 0, BACK), (HALF, 0, FRONT), (HALF, TOP, FRONT), (HALF, TOP, BACK)],
             PLASTER, 26, 12),
        quad([(HALF, 0, FRONT), (-HALF, 0, FRONT), (-HALF, TOP, FRONT), (HALF, TOP, FRONT)],
             PLASTER, 24, 10),
    ]  # fmt: skip
    cuts = [FRONT]
    for z in WINDOWS[::-1]:
        cuts += [z + WIDE, z - WIDE]
    cuts.append(BACK)
    for k in range(len(cuts) - 1):
        z0, z1 = cuts[k], cuts[k + 1]
        spans = ((0.0, SILL), (HEAD, TOP)) if k % 2 else ((0.0, TOP),)
        for y0, y1 in spans:
            corners = [(-HALF, y0, z0), (-HALF, y0, z1), (-HALF, y1, z1), (-HALF, y1, z0)]
            out.append(quad(corners, PLASTER, 6, max(3, int((y1 - y0) * 2))))
    out += _back_wall()
    for i in range(5):
        out.append(box(2 * HALF, 0.34, 0.30, DARK * 1.15).at(0, TOP - 0.34, BACK + 1.6 + i * 3.3))
    return out + _dado() + _windows()


def _back_wall() -> list[Mesh]:
    y0, n = floor_y(ROWS - 1), 66
    out = [quad([(-HALF, 0, BACK), (HALF, 0, BACK), (HALF, TOP, BACK), (-HALF, TOP, BACK)],
                DARK, 20, 10)]  # fmt: skip
    for i in range(n):
        x = -HALF + (i + 0.5) * 2 * HALF / n
        if abs(abs(x) - 6.6) < 0.75:
            continue
        tint = OAK * (0.82 + 0.10 * np.sin(i * 2.4))
        out.append(box(0.17, TOP - y0, 0.05, tint, bottom=False).at(x, y0, BACK + 0.05))
    for s in (-1, 1):
        out.append(box(1.25, 2.15, 0.06, lin("#8a5f3c"), 0.01).at(s * 6.6, y0, BACK + 0.06))
        out.append(sphere(1, BRASS).at(s * 6.15, y0 + 1.02, BACK + 0.12, scale=0.04))
        lamp = box(0.5, 0.17, 0.04, lin("#7fc29a")).glowing(lin("#5fb58a") * 0.55)
        out.append(lamp.at(s * 6.6, y0 + 2.3, BACK + 0.06))
    face = lathe([(0.42, 0), (0.44, 0.03), (0.41, 0.05), (0.40, 0.035), (0, 0.035)], 28,
                 lin("#efe6d6"))  # fmt: skip
    face.c[28 : 28 * 3] = DARK
    out.append(face.at(0, 4.35, BACK + 0.10, rx=np.pi / 2))
    for angle, far, wide in ((0.9, 0.22, 0.022), (-2.1, 0.32, 0.014)):
        hand = box(wide, far, 0.01, lin("#2a2624"), bottom=False)
        out.append(hand.at(0, 0, 0, rz=angle).at(0, 4.35, BACK + 0.16))
    return out


def _dado() -> list[Mesh]:
    out = []
    for s in (-1, 1):
        for i in range(15):
            z0, z1 = FRONT - i * 1.13, FRONT - (i + 1) * 1.13 + 0.04
            row = np.clip((CENTRE_Z - (z0 + z1) / 2 - radius(0) + 0.62) / STEP_M, 0, ROWS - 1)
            y = 1.15 + RISE_M * float(row)
            ends = (z0, z1) if s < 0 else (z1, z0)
            x = s * (HALF - 0.03)
            corners = [(x, 0, ends[0]), (x, 0, ends[1]), (x, y, ends[1]), (x, y, ends[0])]
            out.append(quad(corners, OAK * (0.85 + 0.06 * (i % 3)), 3, 5))
    return out


def _windows() -> list[Mesh]:
    white, out = lin("#e8dfd0"), []
    for z in WINDOWS:
        for dz in (-WIDE, -WIDE / 3, WIDE / 3, WIDE):
            out.append(box(0.10, HEAD - SILL, 0.06, white).at(-HALF - 0.02, SILL, z + dz))
        for y in (SILL, SILL + 1.2, SILL + 2.35, HEAD - 0.05):
            out.append(box(0.10, 0.06, 2 * WIDE, white).at(-HALF - 0.02, y, z))
        out.append(box(0.30, 0.05, 2 * WIDE + 0.2, white).at(-HALF + 0.08, SILL - 0.05, z))
        for side in (-1, 1):
            out.append(_curtain(z + side * (WIDE + 0.16)))
    return out


def _curtain(z: float) -> Mesh:
    u, v = np.meshgrid(np.linspace(-1, 1, 17), np.linspace(0, 1, 5), indexing="ij")
    x = -HALF + 0.14 + 0.05 * np.sin(u * 9)
    p = np.c_[x.ravel(), (1.2 + v * 4.2).ravel(), (z - u * 0.26).ravel()]
    return Mesh(p, lattice(17, 5), lin("#a8744f"))


def lectern(rng: np.random.Generator) -> list[Mesh]:
    """What stands before the speaker: lectern, notes, a glass of water, a microphone."""
    z = -0.78
    out = [
        box(0.62, 1.0, 0.42, OAK * 0.95, 0.015).at(0, 0, z),
        box(0.70, 0.05, 0.5, DARK * 1.2, 0.012).at(0, 0, z),
        box(0.74, 0.035, 0.54, OAK * 1.1, 0.012).at(0, 1.02, z, rx=0.18),
        box(0.74, 0.04, 0.03, OAK, 0.008).at(0, 1.0, z + 0.27),
    ]
    for dx, turn in ((-0.10, 0.06), (0.11, -0.03)):
        page = box(0.21, 0.004, 0.297, lin("#f1ece2")).at(0, 0, 0, ry=turn)
        lines = [box(0.15 * rng.uniform(0.6, 1), 0.001, 0.006, lin("#8a8784")).at(-0.01, 0.004, q)
                 for q in np.linspace(-0.11, 0.11, 10)]  # fmt: skip
        out.append(merge([page, *lines]).at(dx, 0.042, 0).at(0, 1.02, z, rx=0.18))
    neck = [
        [0.31, 1.0, z - 0.16],
        [0.32, 1.14, z - 0.18],
        [0.30, 1.24, z - 0.13],
        [0.265, 1.27, z - 0.07],
    ]
    out.append(tube(neck, 0.007, 6, lin("#2a2a2c")))
    out.append(sphere(1, lin("#1f1f22")).at(0.255, 1.272, z - 0.055, scale=0.022))
    glass = lathe([(0.028, 0), (0.033, 0.11), (0.030, 0.11), (0.027, 0.07), (0, 0.07)], 14,
                  lin("#b9cdd2"))  # fmt: skip
    out.append(glass.at(-0.30, 1.075, z - 0.14))
    return out


def panels() -> list[Panel]:
    """Light: four windows, two rows of lamps, a soft one on the stage."""
    out = [
        Panel((-HALF - 0.03, (SILL + HEAD) / 2, z), (0, 0, -WIDE), (0, (HEAD - SILL) / 2, 0),
              lin("#dfe9f6") * 9.0, (2, 3)) for z in WINDOWS
    ]  # fmt: skip
    for x in (-3.6, 3.6):
        for z in (-11.2, -7.9, -4.6, -1.3):
            out.append(Panel((x, TOP - 0.45, z + 0.1), (0.9, 0, 0), (0, 0, 0.16),
                             lin("#ffdcb0") * 20.0, (2, 1)))  # fmt: skip
    for x in (-4.5, 0.0, 4.5):  # what lights the faces, from above and behind the speaker
        out.append(
            Panel((x, 5.2, 2.4), (0.9, 0, 0), (0, -0.2, 0.22), lin("#ffe2bc") * 26.0, (2, 1))
        )
    for x in (-4.5, 0.0, 4.5):  # washes the slats
        at, light = (x, TOP - 0.4, BACK + 1.2), lin("#ffd2a0") * 22.0
        out.append(Panel(at, (1.2, 0, 0), (0, -0.1, 0.12), light, (2, 1)))
    return out


def outside() -> list[Mesh]:
    """What the windows show: a pale sky and the crowns of trees, bright and soft."""
    x = -HALF - 9.0
    back = quad([(x, -1, 8), (x, -1, -26), (x, 11, -26), (x, 11, 8)], nu=2, nv=8)
    v = back.uv[:, 1]
    back.glowing(mix(lin("#f2e6d2"), lin("#a9c6e2"), np.clip(v * 1.6 - 0.4, 0, 1)) * 0.95)
    out = [back]
    r = np.random.default_rng(4)
    for i in range(13):
        m = sphere(2)
        m.p *= (1 + 0.09 * r.standard_normal(len(m.p)))[:, None]
        tint = mix(lin("#7f9a62"), lin("#c2c588"), np.clip(m.p[:, 1] * 0.5 + 0.5, 0, 1))
        m.glowing(tint * 0.75)
        out.append(m.at(x + 1.5 + r.random(), r.uniform(0.6, 2.6), 6 - i * 2.2, scale=2.0))
    for m in out:
        m.c[:] = 0
    return out
