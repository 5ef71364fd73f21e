"""Places along one straight way, each smaller than the one before: lounge, lift, cupboard, tube."""

from typing import Any

import numpy as np

from scenes.art.colour import lin, mix, smooth
from scenes.art.indoors import Panel
from scenes.art.mesh import Mesh, merge
from scenes.art.noise import noise2
from scenes.art.shapes import box, lathe, quad, sheet, sphere, tube
from scenes.library.safe_room import room as home

# Lounge: half width, z of both ends, ceiling. Lift and cupboard: half width, z of both ends, top.
HALL_X, HALL_Z0, HALL_Z1, HALL_Y = 3.7, -5.0, 3.2, 3.1
LIFT_X, LIFT_Z0, LIFT_Z1, LIFT_Y = 0.74, -7.10, -5.16, 2.28
BOX_X, BOX_Z0, BOX_Z1, BOX_Y = 0.58, -8.46, -7.24, 2.12
TUBE_Y, TUBE_R, TUBE_Z0, TUBE_Z1 = 1.62, 0.345, -11.0, -8.72  # axis, radius, far end, mouth
WINDOWS = (-3.3, -0.9, 1.5)  # middles along the left wall; and the right one
SILL, HEAD, WIDE = 0.75, 2.6, 0.85
PLASTER, STEEL, WHITE = lin("#dccfbd"), lin("#b9bcbe"), lin("#e9e7e2")
OAK, DARK, RUBBER = lin("#a9794f"), lin("#5e4433"), lin("#4c5054")


def wall(a: Any, b: Any, low: float, high: float, c: Any, step_m: float = 0.3) -> Mesh:
    """An upright wall from a to b (x, z), seen with a on the left, fine enough for soft light."""
    (ax, az), (bx, bz) = a, b
    n = max(1, int(np.hypot(bx - ax, bz - az) / step_m))
    corners = [(ax, low, az), (bx, low, bz), (bx, high, bz), (ax, high, az)]
    return quad(corners, c, n, max(1, int((high - low) / step_m)))


def lounge(rng: np.random.Generator) -> list[Mesh]:
    """A wide room with windows on both sides, chairs, plants; the lift stands open ahead."""
    x, z0, z1, y = HALL_X, HALL_Z0, HALL_Z1, HALL_Y
    out = [quad([(-x, y, z0), (x, y, z0), (x, y, z1), (-x, y, z1)], lin("#ece2d2"), 20, 22)]
    for i in range(37):
        x0 = -x + i * 2 * x / 37
        tint = mix(lin("#a37a52"), lin("#c79c6b"), rng.random())
        board = sheet(x0 + 0.003, z0, x0 + 2 * x / 37 - 0.003, z1, 0, tint, 1, 26)
        grain = 1 + 0.07 * noise2(board.p[:, 0] * 9 + i, board.p[:, 2], 3)
        board.c = board.c * grain[:, None]
        out.append(board)
    out.append(sheet(-x, z0, x, z1, -0.012, DARK * 0.5))
    out.append(wall((x, z1), (-x, z1), 0, y, PLASTER))
    for a, b, low, high in ((-x, -0.62, 0.0, y), (0.62, x, 0.0, y), (-0.62, 0.62, 2.16, y)):
        out.append(wall((a, z0), (b, z0), low, high, lin("#c9b7a0"), 0.22))
    for s in (-1, 1):
        out += _side(s)
    return out + _things(rng) + _portal()


def _side(s: int) -> list[Mesh]:
    """One long wall with its three windows, frames and skirting."""
    x, out = s * HALL_X, []
    cuts = [HALL_Z0]
    for z in WINDOWS:
        cuts += [z - WIDE, z + WIDE]
    cuts.append(HALL_Z1)
    for k in range(len(cuts) - 1):
        spans = ((0.0, SILL), (HEAD, HALL_Y)) if k % 2 else ((0.0, HALL_Y),)
        a, b = ((x, cuts[k + 1]), (x, cuts[k])) if s < 0 else ((x, cuts[k]), (x, cuts[k + 1]))
        out += [wall(a, b, low, high, PLASTER, 0.26) for low, high in spans]
    white = lin("#f0e6d6")
    for z in WINDOWS:
        out += [box(0.12, HEAD - SILL, 0.06, white, 0.01).at(x, SILL, z + dz)
                for dz in (-WIDE, 0.0, WIDE)]  # fmt: skip
        out += [box(0.12, 0.06, 2 * WIDE, white, 0.01).at(x, h, z) for h in (SILL, HEAD - 0.06)]
        out.append(box(0.34, 0.04, 2 * WIDE + 0.16, white, 0.01).at(x - s * 0.1, SILL - 0.04, z))
    return out


def _things(rng: np.random.Generator) -> list[Mesh]:
    """What makes it a place to wait in: armchairs, a rug, a low table, pictures, plants."""
    out = [
        home.armchair().at(-2.35, 0, -2.9, ry=-2.0), home.armchair().at(2.4, 0, -1.7, ry=1.9),
        home.armchair().at(-2.4, 0, -0.6, ry=-1.2),
        home.rug().at(0.1, 0, -1.0, scale=1.25), home.table().at(-1.75, 0, -1.75),
        home.picture().at(-1.4, 1.45 - 1.55, -4.97, ry=-np.pi / 2).at(-1.0, 0.1, 2.6),
    ]  # fmt: skip
    for x, z in ((2.9, -4.35), (-3.1, -4.35), (3.0, 1.9)):
        out += [m.at(x, 0, z, ry=float(rng.uniform(0, 6))) for m in home.plant(rng)]
    lamp = lathe([(0.0, 0.0), (0.26, 0.02), (0.30, 0.16), (0.02, 0.22), (0.0, 0.22)], 20,
                 lin("#f6e2bd"))  # fmt: skip
    lamp.glowing(lin("#ffd9a0") * 0.75)
    out += [lamp.at(0, HALL_Y - 0.5, z) for z in (-3.2, 0.0)]
    out += [tube([[0, HALL_Y - 0.3, z], [0, HALL_Y, z]], 0.008, 5, DARK) for z in (-3.2, 0.0)]
    return out


def _portal() -> list[Mesh]:
    """The lift's frame, call button, and the floor it says it is on."""
    z, out = HALL_Z0 + 0.02, []
    for s in (-1, 1):
        out.append(box(0.14, 2.16, 0.16, STEEL, 0.012).at(s * 0.69, 0, z))
        x, (back, front) = s * 0.616, ((-5.18, z) if s < 0 else (z, -5.18))
        reveal = [(x, 0, back), (x, 0, front), (x, 2.16, front), (x, 2.16, back)]
        out.append(quad(reveal, STEEL * 0.9, 1, 6))
    out.append(box(1.52, 0.16, 0.16, STEEL, 0.012).at(0, 2.16, z))
    out.append(box(0.34, 0.12, 0.02, lin("#26292c"), 0.004).at(0, 2.36, z + 0.02))
    out.append(_digit("2", 0.0, 2.42, z + 0.035, 0.034))
    out.append(box(0.10, 0.18, 0.02, STEEL * 0.8, 0.004).at(0.98, 1.05, z - 0.01))
    for k in (0, 1):
        ring = sphere(1, lin("#ffe2ac")).glowing(lin("#ffcf8a") * (0.7 if k else 0.15))
        ring.p[:, 2] *= 0.3
        out.append(ring.at(0.98, 1.10 + k * 0.075, z + 0.005, scale=0.022))
    return out


_LINES = {"2": ((-1, 2, 1, 2), (1, 2, 1, 0), (1, 0, -1, 0), (-1, 0, -1, -2), (-1, -2, 1, -2))}


def _digit(which: str, x: float, y: float, z: float, size: float) -> Mesh:
    bars = []
    for x0, y0, x1, y1 in _LINES[which]:
        path = [[x + x0 * size * 0.6, y + y0 * size * 0.5, z],
                [x + x1 * size * 0.6, y + y1 * size * 0.5, z]]  # fmt: skip
        bars.append(tube(path, size * 0.14, 4, (0.1, 0.05, 0.02)))
    return merge(bars).glowing(lin("#ff9a4a") * 0.9)


def brushed(m: Mesh, seed: int) -> Mesh:
    """Steel: fine upright streaks, lighter where one looks for a reflection."""
    along = m.p[:, 0] + m.p[:, 2]
    streak = noise2(along * 7 + seed, m.p[:, 1] * 0.15, 3)
    m.c = m.c * np.clip(1 + 0.045 * streak, 0.7, 1.3)[:, None]
    return m


def lift(rng: np.random.Generator) -> list[Mesh]:
    """A cabin of brushed steel with hand rails, buttons, four lamps; doors at both ends."""
    x, z0, z1, y = LIFT_X, LIFT_Z0, LIFT_Z1, LIFT_Y
    out = [
        brushed(wall((-x, z1), (-x, z0), 0, y, STEEL, 0.09), 1),
        brushed(wall((x, z0), (x, z1), 0, y, STEEL, 0.09), 2),
        quad([(-x, y, z0), (x, y, z0), (x, y, z1), (-x, y, z1)], lin("#cfcdc8"), 10, 12),
        sheet(-x, z0 - 0.16, x, z1 + 0.2, 0.004, RUBBER, 12, 20),
    ]
    for z in (z0 + 0.005, z1 - 0.005):
        ahead = z < -6
        for s in (-1, 1):
            a, b = sorted((s * x, s * 0.56))
            ends = ((a, z), (b, z)) if ahead else ((b, z), (a, z))
            out.append(brushed(wall(*ends, 0, y, STEEL * 0.92, 0.1), 3))
        ends = ((-0.56, z), (0.56, z)) if ahead else ((0.56, z), (-0.56, z))
        out.append(brushed(wall(*ends, 2.1, y, STEEL * 0.92, 0.1), 4))
    for s in (-1, 1):
        rail = [[s * (x - 0.055), 0.92, q] for q in np.linspace(z0 + 0.22, z1 - 0.22, 9)]
        out.append(tube(rail, 0.019, 8, lin("#c9c4ba")))
        for q in (z0 + 0.35, z1 - 0.35):
            out.append(box(0.06, 0.02, 0.02, STEEL * 0.7).at(s * (x - 0.03), 0.91, q))
        for q in np.linspace(z0, z1, 4)[1:-1]:
            seam = box(0.006, y, 0.012, STEEL * 0.5).at(s * (x - 0.001), 0, q)
            out.append(seam)
        out.append(
            box(0.02, 0.10, z1 - z0, RUBBER, bottom=False).at(s * (x - 0.01), 0, (z0 + z1) / 2)
        )
    out += _buttons() + [_lamp_disc(u, y, z) for u in (-0.34, 0.34) for z in (-6.6, -5.65)]
    return out


def _lamp_disc(x: float, y: float, z: float) -> Mesh:
    m = lathe([(0.0, -0.004), (0.085, -0.004), (0.10, -0.012), (0.105, 0.0)], 18, WHITE)
    m.p[:, 1] *= -1
    m.f = m.f[:, ::-1]
    return m.at(x, y - 0.012, z).glowing(lin("#fff0d8") * 0.85)


def _buttons() -> list[Mesh]:
    x, z = LIFT_X - 0.012, -6.72
    out = [box(0.02, 0.56, 0.17, lin("#8e9296"), 0.004).at(x, 1.0, z)]
    for row in range(4):
        for col in range(2):
            on = (row, col) == (2, 0)
            m = sphere(1, lin("#f2ede2")).glowing(lin("#ffcf8a") * (0.8 if on else 0.10))
            m.p[:, 0] *= 0.4
            out.append(m.at(x - 0.014, 1.12 + row * 0.085, z - 0.04 + col * 0.08, scale=0.024))
    m = sphere(1, lin("#d9b04a"))
    m.p[:, 0] *= 0.4
    out.append(m.at(x - 0.014, 1.045, z, scale=0.024))
    out.append(box(0.01, 0.07, 0.12, lin("#26292c")).at(x - 0.012, 1.47, z))
    return out


def leaf(side: int, high: float = 2.22) -> Mesh:
    """Half of a lift's door, its inner edge at its own x = 0."""
    m = box(0.645, high, 0.028, STEEL * 1.02)
    front = [quad([(0, 0.02, k), (0.64, 0.02, k), (0.64, high, k), (0, high, k)], STEEL, 7, 18)
             for k in (0.019,)]  # fmt: skip
    back = quad([(0.64, 0.02, -0.019), (0, 0.02, -0.019), (0, high, -0.019), (0.64, high, -0.019)],
                STEEL, 7, 18)  # fmt: skip
    edge = box(0.012, high, 0.042, lin("#3a3d40")).at(0.006, 0, 0)
    parts = [m.at(0.322, 0, 0), *(brushed(q, 5) for q in (*front, back)), edge]
    whole = merge(parts)
    if side < 0:
        whole = whole.at(ry=np.pi)
    return whole


def cupboard() -> list[Mesh]:
    """The fixed part of the cupboard: floor, top, the frame of its far door, a bulb."""
    x, z0, z1, y = BOX_X + 0.25, BOX_Z0, BOX_Z1, BOX_Y
    wood = lin("#9a7450")
    out = [
        sheet(-x, z0 - 0.3, x, z1 + 0.1, 0.0, wood * 0.8, 10, 14),
        quad([(-x, y, z0), (x, y, z0), (x, y, z1), (-x, y, z1)], wood, 8, 8),
        wall((-x, z0), (-0.47, z0), 0, y, wood, 0.12), wall((0.47, z0), (x, z0), 0, y, wood, 0.12),
        wall((-0.47, z0), (0.47, z0), 1.99, y, wood, 0.12),
        wall((x, z1), (0.56, z1), 0, y, wood, 0.15), wall((-0.56, z1), (-x, z1), 0, y, wood, 0.15),
        sphere(1, lin("#ffe9c8")).glowing(lin("#ffcf90") * 1.1).at(0, y - 0.10, -7.75, scale=0.035),
        tube([[0, y, -7.75], [0, y - 0.07, -7.75]], 0.012, 6, DARK),
    ]  # fmt: skip
    for s in (-1, 1):
        out.append(box(0.05, 2.0, 0.08, wood * 0.75, 0.008).at(s * 0.49, 0, z0 + 0.03))
    out.append(box(1.03, 0.05, 0.08, wood * 0.75, 0.008).at(0, 1.98, z0 + 0.03))
    return out


def cupboard_side(side: int, rng: np.random.Generator) -> Mesh:
    """One side that can come nearer: shelves of linen on the left, coats on the right."""
    z0, z1, wood = BOX_Z0 + 0.02, BOX_Z1 - 0.02, lin("#9a7450")
    x = side * BOX_X
    ends = ((x, z1), (x, z0)) if side < 0 else ((x, z0), (x, z1))
    parts = [wall(*ends, 0, BOX_Y, wood, 0.12)]
    if side < 0:
        for y in (0.42, 0.86, 1.30, 1.74):
            parts.append(box(0.22, 0.025, z1 - z0, wood * 1.1).at(x + 0.11, y, (z0 + z1) / 2))
            z = z0 + 0.14
            while z < z1 - 0.1:
                for k in range(int(rng.integers(2, 5))):
                    tint = lin(
                        ("#e6ddcc", "#c9d2d2", "#d8b9a2", "#9fb0a8")[int(rng.integers(0, 4))]
                    )
                    towel = home.soft(0.19, 0.062, 0.24, tint, 0.35)
                    parts.append(
                        towel.at(x + 0.11, y + 0.025 + k * 0.058, z, ry=rng.normal(0, 0.05))
                    )
                z += 0.27
    else:
        parts.append(tube([[x - 0.13, 1.84, z0], [x - 0.13, 1.84, z1]], 0.014, 8, STEEL))
        for i, z in enumerate(np.linspace(z0 + 0.24, z1 - 0.24, 6)):
            parts.append(
                _coat(i, rng).at(x - 0.13, 1.80, float(z), ry=np.pi / 2 + rng.normal(0, 0.08))
            )
    return merge(parts)


def _coat(i: int, rng: np.random.Generator) -> Mesh:
    """A coat on a hanger, its top at the origin, its front along +z."""
    tint = lin(("#5b6f78", "#7a5148", "#8a7a5c", "#4f5a4a", "#6b5a6e", "#a0805c")[i % 6])
    long = float(rng.uniform(0.85, 1.15))
    rows = [
        (0.02, -0.03),
        (0.17, -0.09),
        (0.19, -0.2),
        (0.17, -0.45),
        (0.19, -long + 0.05),
        (0.2, -long),
    ]
    m = lathe(rows[::-1], 16, tint)
    a = np.arctan2(m.p[:, 2], m.p[:, 0])
    fold = 1 + 0.14 * np.sin(5 * a + i) * smooth(-0.1, -0.8, m.p[:, 1])
    m.p[:, [0, 2]] *= fold[:, None]
    m.p[:, 2] *= 0.30
    sleeves = [tube([[s * 0.16, -0.08, 0], [s * 0.21, -0.35, 0.02], [s * 0.20, -0.62, 0.03]],
                    [0.05, 0.048, 0.042], 8, tint * 0.92) for s in (-1, 1)]  # fmt: skip
    hook = tube([[0, -0.04, 0], [0, 0.03, 0], [0, 0.05, 0.02]], 0.004, 4, STEEL)
    return merge([m, *sleeves, hook])


def cupboard_door() -> Mesh:
    """The far door with its two panels, as wide as its frame; slides aside."""
    wood = lin("#b08a62")
    parts = [wall((-0.52, 0), (0.52, 0), 0, 2.11, wood, 0.12)]
    for y, h in ((0.16, 0.78), (1.08, 0.80)):
        parts.append(box(0.66, h, 0.02, wood * 0.88, 0.012).at(0, y, 0.0))
    parts.append(sphere(1, lin("#c9a24a")).at(0.40, 1.02, 0.035, scale=0.025))
    return merge(parts)


def grab_bar() -> Mesh:
    """What the patient holds on to: it moves with them and stays where it is before them."""
    a = np.linspace(-1, 1, 15)
    path = np.c_[0.30 * a, 1.0 - 0.02 * a**2, -0.50 + 0.10 * a**2]
    colour = np.where(np.abs(a[:, None]) > 0.35, lin("#3a3d40"), lin("#c9a070"))
    bar = tube(path, 0.017, 8, np.repeat(colour, 8, 0))
    post = tube([[0, 1.0, -0.50], [0, 0.5, -0.56], [0, 0.02, -0.60]], 0.022, 8, lin("#8e9296"))
    return merge([bar, post])


def panels() -> list[Panel]:
    """Daylight from both sides, lamps in every place, the strips in the bore."""
    out: list[Panel] = []
    high = (SILL + HEAD) / 2
    for z in WINDOWS:
        day = lin("#e6eef8") * 7.0
        out.append(
            Panel((-HALL_X - 0.02, high, z), (0, 0, -WIDE), (0, (HEAD - SILL) / 2, 0), day, (2, 2))
        )
        low = lin("#ffe2bc") * 5.0
        out.append(
            Panel((HALL_X + 0.02, high, z), (0, 0, WIDE), (0, (HEAD - SILL) / 2, 0), low, (2, 2))
        )
    for z in (-3.2, 0.0):
        out.append(
            Panel((0, HALL_Y - 0.52, z), (0.2, 0, 0), (0, 0, 0.2), lin("#ffd9a0") * 14, (2, 2))
        )
    for x in (-0.34, 0.34):
        for z in (-6.6, -5.65):
            out.append(
                Panel(
                    (x, LIFT_Y - 0.02, z), (0.09, 0, 0), (0, 0, 0.09), lin("#fff4e2") * 60, (1, 1)
                )
            )
    out.append(
        Panel((0, BOX_Y - 0.14, -7.75), (0.05, 0, 0), (0, 0, 0.05), lin("#ffcf94") * 300, (1, 1))
    )
    fill = lin("#ffcf94") * 26.0
    out.append(Panel((0, 2.0, -7.28), (0.25, 0, 0), (0, -0.08, 0.08), fill, (2, 1)))
    for s in (-1, 1):
        at = (s * TUBE_R * 0.56, TUBE_Y + TUBE_R * 0.70, -9.87)
        across = (0.02, 0.016, 0) if s < 0 else (0.02, -0.016, 0)
        out.append(Panel(at, across, (0, 0, 1.05), lin("#e6eef6") * 8.5, (1, 12)))
    out.append(Panel((0, 2.95, -12.6), (0.8, 0, 0), (0, 0, 0.6), lin("#e8f0f4") * 5.0, (2, 2)))
    out.append(Panel((0, 2.0, -8.50), (0.3, 0, 0), (0, -0.05, -0.05), lin("#f2f4f4") * 3.0, (2, 1)))
    return out


def outside() -> list[Mesh]:
    """What the windows show: morning sky over crowns of trees."""
    out, r = [], np.random.default_rng(6)
    for s in (-1, 1):
        x = s * (HALL_X + 8.0)
        ends = ((x, 34.0), (x, -40.0)) if s < 0 else ((x, -40.0), (x, 34.0))
        back = wall(*ends, -2, 14, (0, 0, 0), 2.0)
        v = np.clip((back.p[:, 1] + 1) / 7, 0, 1)
        low = lin("#f6e6cc") if s > 0 else lin("#e6e6e0")
        out.append(back.glowing(mix(low, lin("#9fc0e0"), v) * 0.95))
        for i in range(17):
            m = sphere(2, (0, 0, 0))
            m.p *= (1 + 0.08 * r.standard_normal(len(m.p)))[:, None]
            tint = mix(lin("#6f8f5c"), lin("#c2c588"), np.clip(m.p[:, 1] * 0.5 + 0.5, 0, 1))
            m.glowing(tint * 0.72)
            out.append(
                m.at(x - s * (1.0 + r.random()), r.uniform(-0.3, 1.4), 16 - i * 2.4, scale=1.7)
            )
    return out
