"""The terrace that is also the lift: deck, rails, plants, lights, a dial for the storey."""

from dataclasses import dataclass

import numpy as np

from scenes.art.bake import Lamp
from scenes.art.colour import Array, lin, mix
from scenes.art.mesh import Mesh, merge
from scenes.art.plants import planter
from scenes.art.shapes import box, quad, sheet, sphere, tube
from scenes.art.text import Picture, dial, plate

HALF_M = 2.6  # half the width; the deck runs from z = -1.4 to the tower at z = 6
IRON, BRASS, WOOD, BULB = lin("#5c5a60"), lin("#c9a070"), lin("#b08a62"), lin("#ffd898")
DIAL_AT = (-1.02, 1.02, -1.16)
STOREYS, COLUMNS = 40, 8
SIGNS_W, SIGNS_H, CELL_H = 768, 768, 72  # storey plates in rows above, the dial below


@dataclass(frozen=True)
class Terrace:
    """fixed: all that never moves on it; rail: what sinks in front; lamps for its bake."""

    fixed: Mesh
    rail: Mesh
    side_glass: Mesh
    front_glass: Mesh
    lamps: list[Lamp]


def terrace(rng: np.random.Generator) -> Terrace:
    """The platform in its own coordinates, the viewer at its origin."""
    frame, lights = frame_and_rails(), string_lights()
    parts = [*deck(rng), *frame, planter(3.0, 1).at(-HALF_M + 0.42, 0, 3.4, ry=np.pi / 2)]
    parts += [planter(3.0, 2).at(HALF_M - 0.42, 0, 3.4, ry=np.pi / 2)]
    parts += [planter(1.0, 3, "#8a6f58").at(2.0, 0, -0.78, scale=0.8), bench(), *portal()]
    parts += [*lights, *dial_stand()]
    lamps: list[Lamp] = [(*m.p.mean(0), 1.1, 0.72, 0.36, 2.6) for m in lights if m.e.any()]
    return Terrace(merge(parts), front_rail(), *glass(), lamps)


def deck(rng: np.random.Generator) -> list[Mesh]:
    """Boards of uneven brown over a dark frame; each board has points enough for its shade."""
    out = [
        box(2 * HALF_M, 0.16, 7.4, lin("#3a332e")).at(0, -0.17, 2.3),
        box(2 * HALF_M + 0.24, 0.30, 0.14, lin("#6d6a70"), 0.03).at(0, -0.30, -1.47),
    ]
    for s in (-1, 1):
        side = box(0.14, 0.30, 7.5, lin("#3b3a40"), 0.03)
        out.append(side.at(s * (HALF_M + 0.05), -0.30, 2.3))
    for i in range(int(2 * HALF_M / 0.2)):
        tint = mix(lin("#c9ab85"), lin("#9a7a5c"), rng.random())
        board = sheet(-0.094, -3.65, 0.094, 3.65, 0.008, tint, 1, 26)
        worn = 1 + 0.10 * np.sin(board.p[:, 2] * rng.uniform(2, 5) + rng.uniform(0, 6))
        board.c = board.c * worn[:, None]
        out.append(board.at(-HALF_M + 0.1 + i * 0.2, 0, 2.3))
    rug = sheet(-0.8, 0.9, 0.8, 2.9, 0.02, lin("#8f4a44"), 8, 10)
    border = np.maximum(np.abs(rug.uv[:, 0] - 0.5), np.abs(rug.uv[:, 1] - 0.5)) > 0.42
    rug.c[border] = lin("#e6cfa6")
    return [*out, rug]


def frame_and_rails() -> list[Mesh]:
    """Side rails, and slim posts at the corners that carry the lights."""
    out = []
    for s in (-1, 1):
        for z in np.linspace(-1.3, 5.6, 5):
            out.append(box(0.05, 1.06, 0.05, IRON, 0.008).at(s * HALF_M, 0, z))
        hand = [[s * HALF_M, 1.1, -1.36], [s * HALF_M, 1.1, 2], [s * HALF_M, 1.1, 5.9]]
        out.append(tube(hand, 0.032, 8, BRASS))
        out.append(box(0.09, 3.3, 0.09, lin("#4a4248"), 0.015).at(s * (HALF_M - 0.02), 0, 5.8))
        out.append(box(0.07, 2.5, 0.07, lin("#4a4248"), 0.012).at(s * HALF_M, 0, -1.36))
    return out


def string_lights() -> list[Mesh]:
    """Cords along both sides and across, with bulbs that light the deck."""
    out = []
    h, w = 2.46, HALF_M
    spans = [
        ((-w, h, -1.36), (-w, 3.26, 5.8)),
        ((w, h, -1.36), (w, 3.26, 5.8)),
        ((-w, h + 0.45, 2.4), (w, h + 0.45, 2.4)),
    ]
    for a, b in spans:
        t = np.linspace(0, 1, 15)[:, None]
        cord = np.array(a) * (1 - t) + np.array(b) * t - [0, 1, 0] * (0.34 * np.sin(np.pi * t))
        out.append(tube(cord, 0.007, 3, lin("#2e2c30")))
        for p in cord[1:-1:2]:
            bulb = sphere(1, lin("#fff0d0")).glowing(BULB * 1.5)
            out.append(bulb.at(p[0], p[1] - 0.06, p[2], scale=0.045))
    return out


def bench() -> Mesh:
    """A seat beside the viewer: something of human size close by."""
    parts = [box(1.4, 0.07, 0.42, WOOD, 0.02).at(0, 0.42, 0)]
    parts += [box(0.06, 0.42, 0.4, lin("#3b3a40"), 0.01).at(s * 0.58, 0, 0) for s in (-1, 1)]
    cushion = box(0.5, 0.12, 0.36, lin("#d9694f"), 0.04).at(-0.3, 0.49, 0)
    return merge([*parts, cushion]).at(-1.55, 0, 1.0, ry=np.pi / 2)


def portal() -> list[Mesh]:
    """The doorway back into the tower, with a warm lamp: there is always a way out."""
    frame, door = lin("#6b5a4e"), lin("#a67c52")
    out = [box(0.12, 2.4, 0.12, frame, 0.02).at(s * 0.7, 0, 5.9) for s in (-1, 1)]
    out += [
        box(1.52, 0.14, 0.14, frame, 0.02).at(0, 2.4, 5.9),
        box(1.3, 2.4, 0.05, door).glowing(door * 0.35).at(0, 0, 5.96),
    ]
    out.append(sphere(1, lin("#fff0d0")).glowing(BULB * 1.6).at(0, 2.72, 5.8, scale=0.09))
    return out


def front_rail() -> Mesh:
    """Posts and handrail in front: they sink at the hardest level."""
    posts = [
        box(0.05, 1.06, 0.05, IRON, 0.008).at(x, 0, -1.36) for x in np.linspace(-1.95, 1.95, 4)
    ]
    hand = [[-HALF_M - 0.05, 1.1, -1.36], [0, 1.1, -1.36], [HALF_M + 0.05, 1.1, -1.36]]
    return merge([*posts, tube(hand, 0.032, 8, BRASS)])


def glass() -> tuple[Mesh, Mesh]:
    """Panes at the sides and in front."""
    tint, x = lin("#cfe0e6"), HALF_M
    side = [
        quad(
            [(s * x, 0.08, -1.3), (s * x, 0.08, 5.6), (s * x, 1.05, 5.6), (s * x, 1.05, -1.3)],
            tint,
            w=1.0,
        )
        for s in (-1, 1)
    ]
    front = [(-x, 0.08, -1.36), (x, 0.08, -1.36), (x, 1.05, -1.36), (-x, 1.05, -1.36)]
    return merge(side), quad(front, tint, w=1.0)


def dial_stand() -> list[Mesh]:
    """The brass stand under the dial."""
    x, y, z = DIAL_AT
    return [
        tube([[x, 0, z], [x, y - 0.02, z]], [0.03, 0.022], 8, BRASS),
        tube([[x, 0.0, z], [x, 0.03, z]], [0.14, 0.10], 12, BRASS * 0.8),
    ]


def signs() -> Picture:
    """One picture for all lettering: 40 storey plates, and the dial's face below them."""
    rows = [
        np.hstack(
            [
                plate(str(r * COLUMNS + c + 1), SIGNS_W // COLUMNS, CELL_H, 52)
                for c in range(COLUMNS)
            ]
        )
        for r in range(STOREYS // COLUMNS)
    ]
    face = dial(["G", "10", "20", "30", "40"], SIGNS_W)
    blank = np.full((SIGNS_H - CELL_H * len(rows) - len(face), SIGNS_W, 3), 255, np.uint8)
    return np.vstack([*rows, face, blank])


def storey_plates(floor_m: float) -> Mesh:
    """A number on the tower's wall at every storey, where the lift passes it."""
    out = []
    for k in range(STOREYS):
        y = (k + 1) * floor_m + 1.75
        m = quad([(1.75, y, 6.12), (0.95, y, 6.12), (0.95, y + 0.6, 6.12), (1.75, y + 0.6, 6.12)],
                 lin("#ffe9c4"))  # fmt: skip
        m.uv = _inside(m.uv, k % COLUMNS / COLUMNS, k // COLUMNS * CELL_H / SIGNS_H,
                       1 / COLUMNS, CELL_H / SIGNS_H)  # fmt: skip
        out.append(m.glowing(lin("#ffdca8") * 0.5))
    return merge(out)


def dial_face() -> Mesh:
    """The half-round scale, lit from within, pivot at its origin, facing +z."""
    a = np.linspace(-0.1, np.pi + 0.1, 25)
    p = np.vstack([[0, 0, 0], np.c_[0.268 * np.cos(a), 0.268 * np.sin(a), 0 * a]])
    f = [[0, i, i + 1] for i in range(1, len(a))]
    uv = np.c_[p[:, 0] / 0.54 + 0.5, (p[:, 1] + 0.027) / 0.27]
    m = Mesh(p, f, lin("#fff2d6"), n=np.tile([0, 0, 1.0], (len(p), 1)))
    top = STOREYS // COLUMNS * CELL_H / SIGNS_H
    m.uv = _inside(uv, 0.0, top, 1.0, SIGNS_W / 2 / SIGNS_H)
    return m.glowing(lin("#ffe2b0") * 0.55)


def dial_body() -> Mesh:
    """Brass rim and back of the dial, and the knob of its needle."""
    a = np.linspace(-0.12, np.pi + 0.12, 15)
    rim = tube(np.c_[0.285 * np.cos(a), 0.275 * np.sin(a) - 0.01, 0 * a], 0.014, 6, BRASS)
    back = box(0.2, 0.05, 0.02, BRASS * 0.7, 0.005).at(0, -0.05, -0.022)
    return merge([rim, back, sphere(1, BRASS).at(0, 0, 0.008, scale=0.022)])


def needle() -> Mesh:
    """Points up; turns about the dial's axis."""
    p = [[-0.011, -0.03, 0.012], [0.011, -0.03, 0.012], [0.0, 0.225, 0.012]]
    return Mesh(p, [[0, 1, 2]], lin("#b3331f")).glowing(lin("#b3331f") * 0.35)


def needle_turns() -> Array:
    """Quaternions about z from the leftmost label over the top to the rightmost."""
    half = np.array([0.44, 0.0, -0.44]) * np.pi / 2
    return np.asarray(np.c_[0 * half, 0 * half, np.sin(half), np.cos(half)])


def _inside(uv: Array, u: float, v: float, wide: float, high: float) -> Array:
    # glTF's v runs downward, our quads count it upward.
    return np.asarray(np.c_[u + uv[:, 0] * wide, v + (1 - uv[:, 1]) * high])
