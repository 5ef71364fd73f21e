"""Old town houses with shops below, shutters and sills above, tiled roofs."""

import numpy as np

from scenes.art.colour import Array, lin, mix
from scenes.art.mesh import Mesh, merge
from scenes.art.noise import noise2
from scenes.art.shapes import box, lathe, quad, sphere

FLOOR_M = 3.15
PLASTERS = (
    "#d6bd9c", "#c7a08a", "#e2d4b8", "#b9ab98", "#cdb0a0", "#c9bfae", "#aab2a2", "#dccabb",
)  # fmt: skip
SHUTTERS = ("#4f6f68", "#5b6f8a", "#7a4f44", "#6f7a55", "#8a7350")
AWNINGS = ("#b5564a", "#4f7f86", "#c9964a", "#6e8f5a", "#8a5f7a")
TILE, STONE, GLASS = lin("#a8654a"), lin("#a89c8c"), lin("#3c4a58")


def _wall(x0: float, y0: float, x1: float, y1: float, z: float, c: Array) -> Mesh:
    nx, ny = max(1, round((x1 - x0) / 0.8)), max(1, round((y1 - y0) / 0.8))
    m = quad([(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)], c, nx, ny)
    m.c = m.c * (1 + 0.05 * noise2(m.p[:, 0] * 3 + z, m.p[:, 1] * 3, 17))[:, None]
    return m


def _pane(x0: float, y0: float, x1: float, y1: float, z: float, lit: float) -> Mesh:
    """Glass that mirrors a pale sky above, a dim room below; warm where a lamp burns."""
    m = quad([(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)], GLASS, 1, 3)
    v = m.uv[:, 1]
    m.c = m.c * 0.5
    m.glowing(mix(lin("#2c3640") * 0.7, lin("#a9b6c6") * 0.55, v**1.5))
    m.e += lit * lin("#ffc680") * (0.35 + 0.5 * (1 - v))[:, None]
    return m


def window(x: float, y: float, wide: float, high: float, shutter: Array | None, lit: float,
           fine: bool) -> list[Mesh]:  # fmt: skip
    """One window, its foot at y, on a wall whose front is z = 0."""
    h, white = wide / 2, lin("#ece2d2")
    out = [_pane(x - h, y, x + h, y + high, 0.012, lit)]
    out.append(box(wide + 0.26, 0.07, 0.16, STONE, bottom=fine).at(x, y - 0.08, 0.08))
    if fine:
        out.append(box(wide + 0.2, 0.12, 0.06, STONE, bottom=True).at(x, y + high, 0.03))
        for dx in (-h + 0.03, 0.0, h - 0.03):
            out.append(box(0.055, high, 0.05, white).at(x + dx, y, 0.025))
        for dy in (high * 0.62, high - 0.055):
            out.append(box(wide, 0.055, 0.05, white).at(x, y + dy, 0.025))
    else:
        out.append(box(0.06, high, 0.04, white, bottom=False).at(x, y, 0.02))
    if shutter is not None:
        for s in (-1, 1):
            leaf = box(h * 0.96, high, 0.05, shutter, bottom=False)
            out.append(leaf.at(x + s * (h + h * 0.5 + 0.03), y, 0.05, ry=s * 0.12))
    return out


def house(
    rng: np.random.Generator, wide: float, floors: int, fine: bool, shop: bool = True
) -> Mesh:
    """A house front along x from 0 to `wide`, looking toward +z, with its roof."""
    plaster = lin(PLASTERS[int(rng.integers(0, len(PLASTERS)))]) * rng.uniform(0.92, 1.08)
    shutter = lin(SHUTTERS[int(rng.integers(0, len(SHUTTERS)))]) if rng.random() < 0.6 else None
    low, top = 3.6, 3.6 + floors * FLOOR_M
    out = [_wall(0, low, wide, top, 0.0, plaster)]
    for x, a, b in ((0.03, -8.4, 0.0), (wide - 0.03, 0.0, -8.4)):  # seen where a lower one stands
        end = [(x, 0, a), (x, 0, b), (x, top + 0.3, b), (x, top + 0.3, a)]
        out.append(quad(end, plaster * 0.9, 2, 3))
    out.append(box(wide, 0.16, 0.14, STONE, bottom=fine).at(wide / 2, low - 0.05, 0.05))
    out.append(box(wide + 0.3, 0.30, 0.42, STONE * 1.05).at(wide / 2, top - 0.05, 0.12))
    count = max(2, int(wide / 2.5))
    for f in range(floors):
        for i in range(count):
            x = (i + 0.5) * wide / count
            lit = float(rng.random() < 0.10)
            high = 1.75 if f < floors - 1 else 1.35
            out += window(x, low + f * FLOOR_M + 0.75, 0.98, high, shutter, lit, fine)
            if fine and f == 1 and rng.random() < 0.3:
                out.append(flower_box(rng).at(x, low + f * FLOOR_M + 0.70, 0.20))
    out += _ground_floor(rng, wide, low, plaster, fine, shop)
    out += _roof(rng, wide, top)
    return merge(out)


def flower_box(rng: np.random.Generator) -> Mesh:
    parts = [box(0.95, 0.18, 0.2, lin("#7a5140"))]
    for k in range(9):
        tint = lin(("#c9566a", "#e7b7a6", "#6f8f4c", "#587a40")[k % 4])
        parts.append(
            sphere(0, tint).at(-0.42 + k * 0.105, 0.22 + rng.normal(0, 0.025), 0.03, scale=0.085)
        )
    return merge(parts)


def _roof(rng: np.random.Generator, wide: float, top: float) -> list[Mesh]:
    y, deep, rise = top + 0.22, 4.2, 3.0
    face = quad([(0, y, 0.3), (wide, y, 0.3), (wide, y + rise, -deep), (0, y + rise, -deep)],
                TILE * rng.uniform(0.85, 1.1), max(2, int(wide)), 5)  # fmt: skip
    face.c = face.c * (1 + 0.10 * noise2(face.p[:, 0] * 4, face.p[:, 2] * 4, 9))[:, None]
    back = quad([(wide, y, -deep * 2), (0, y, -deep * 2), (0, y + rise, -deep),
                 (wide, y + rise, -deep)], TILE, 3, 2)  # fmt: skip
    out = [face, back]
    for s, x in ((-1, 0.03), (1, wide - 0.03)):  # gables
        p = [[x, y - 0.3, 0.2], [x, y + rise, -deep], [x, y - 0.3, -deep * 2]]
        f = [[0, 1, 2]] if s < 0 else [[0, 2, 1]]
        out.append(Mesh(p, f, STONE * 0.9))
    out.append(
        box(0.7, 1.5, 0.55, lin("#a0705c"), bottom=False).at(
            wide * rng.uniform(0.2, 0.8), y + rise - 0.9, -deep + 0.5
        )
    )
    if rng.random() < 0.7:
        x = wide * rng.uniform(0.3, 0.7)
        dormer = [box(1.2, 1.25, 1.6, STONE, bottom=False).at(x, y + 0.45, -1.5)]
        dormer.append(_pane(x - 0.38, y + 0.62, x + 0.38, y + 1.55, -0.69, 0.0))
        dormer.append(box(1.4, 0.12, 1.8, TILE * 0.9).at(x, y + 1.68, -1.45))
        out += dormer
    return out


def _ground_floor(rng: np.random.Generator, wide: float, low: float, plaster: Array, fine: bool,
                  shop: bool) -> list[Mesh]:  # fmt: skip
    """A shop: door and display, warm inside, a sign and an awning; or plain plinth and door."""
    if not shop:
        return [_wall(0, 0, wide, low, 0.0, plaster * 0.9),
                box(1.1, 2.4, 0.06, lin("#6b4a36")).at(wide * 0.3, 0, 0.03)]  # fmt: skip
    wood = lin(("#5b4636", "#3f5a56", "#6b4038", "#44526b", "#6f6a4c")[int(rng.integers(0, 5))])
    door_x = wide * (0.16 if rng.random() < 0.5 else 0.84)
    x0, x1 = (1.9, wide - 0.5) if door_x < wide / 2 else (0.5, wide - 1.9)
    out = [_wall(0, 0, wide, low, -0.03, plaster * 0.86)]
    out.append(box(wide - 0.4, 3.2, 0.08, wood, bottom=False).at(wide / 2, 0, -0.02))
    for a, b in ((x0, (x0 + x1) / 2 - 0.05), ((x0 + x1) / 2 + 0.05, x1)):
        out.append(_display(rng, a, b, 0.65, 2.55, fine))
    out.append(_pane(door_x - 0.42, 0.35, door_x + 0.42, 2.35, 0.03, 0.25))
    out.append(box(wide - 0.5, 0.42, 0.08, wood * 1.25).at(wide / 2, 2.72, 0.06))
    n = int(wide * 1.1)
    letters = lin("#efe2c4")
    for k in range(n):  # a sign to be seen, not to be read
        if rng.random() < 0.85:
            size = rng.uniform(0.10, 0.2)
            out.append(box(size * 0.5, size, 0.02, letters, bottom=False).at(
                wide / 2 + (k - n / 2) * 0.26, 2.84, 0.11))  # fmt: skip
    if rng.random() < 0.75:
        out.append(awning(x0 - 0.1, x1 + 0.1, lin(AWNINGS[int(rng.integers(0, 5))])))
    return out


def _display(rng: np.random.Generator, x0: float, x1: float, y0: float, y1: float,
             fine: bool) -> Mesh:  # fmt: skip
    """A lit shop window with the outlines of goods."""
    m = quad(
        [(x0, y0, 0.03), (x1, y0, 0.03), (x1, y1, 0.03), (x0, y1, 0.03)], (0.02, 0.02, 0.02), 8, 6
    )
    u, v = m.uv[:, 0], m.uv[:, 1]
    m.glowing(
        mix(lin("#ffcf8a") * 0.75, lin("#8a6a50") * 0.5, v) * (0.75 + 0.25 * np.sin(u * 3))[:, None]
    )
    parts = [m]
    for _ in range(6 if fine else 2):
        tint = lin(("#b5564a", "#e0c49a", "#5b7a86", "#6e8f5a", "#f0e2c4")[int(rng.integers(0, 5))])
        w, h = rng.uniform(0.12, 0.32), rng.uniform(0.2, 0.7)
        goods = box(w, h, 0.02, tint * 0.4, bottom=False).glowing(tint * 0.22)
        parts.append(goods.at(x0 + (x1 - x0) * float(rng.uniform(0.1, 0.9)), y0, 0.05))
    return merge(parts)


def awning(x0: float, x1: float, tint: Array) -> Mesh:
    """Striped cloth that leans out over the pavement."""
    n = max(4, int((x1 - x0) / 0.32))
    parts, cream = [], lin("#efe4d0")
    for k in range(n):
        a, b = x0 + (x1 - x0) * k / n, x0 + (x1 - x0) * (k + 1) / n
        c = tint if k % 2 else cream
        parts.append(quad([(a, 2.35, 1.25), (b, 2.35, 1.25), (b, 2.95, 0.1), (a, 2.95, 0.1)], c))
        parts.append(
            quad([(a, 2.15, 1.26), (b, 2.15, 1.26), (b, 2.35, 1.25), (a, 2.35, 1.25)], c * 0.95)
        )
        parts.append(
            quad([(b, 2.34, 1.24), (a, 2.34, 1.24), (a, 2.94, 0.1), (b, 2.94, 0.1)], c * 0.6)
        )
    return merge(parts)


def gate(high: float = 5.2, wide: float = 10.4) -> Mesh:
    """A house across the street with an archway that swallows it; its middle at the origin."""
    stone, parts = lin("#b9a58c"), []
    for s in (-1, 1):
        x = s * (wide / 2 + 3.5)
        parts.append(_wall(x - 3.5, 0, x + 3.5, 15.0, 0.0, stone))
    parts.append(_wall(-wide / 2, high, wide / 2, 15.0, 0.0, stone))
    for f in range(3):
        for i in range(5):
            parts += window(-8 + i * 4.0, high + 1.0 + f * 2.9, 1.0, 1.6, None, 0.0, False)
    dark = lin("#4a423c")
    for s in (-1, 1):
        x = s * wide / 2
        a, b = (-9.0, 0.0) if s > 0 else (0.0, -9.0)  # each looks into the passage
        parts.append(quad([(x, 0, a), (x, 0, b), (x, high, b), (x, high, a)], dark, 4, 3))
    parts.append(quad([(-wide / 2, high, -9), (wide / 2, high, -9), (wide / 2, high, 0),
                       (-wide / 2, high, 0)], dark * 0.8, 4, 4))  # fmt: skip
    parts.append(quad([(-wide / 2, 0, -9), (wide / 2, 0, -9), (wide / 2, high, -9),
                       (-wide / 2, high, -9)], dark * 0.3))  # fmt: skip
    roof = quad([(-wide / 2 - 7.2, 15, 0.4), (wide / 2 + 7.2, 15, 0.4), (wide / 2 + 7.2, 18.5, -5),
                 (-wide / 2 - 7.2, 18.5, -5)], TILE, 8, 4)  # fmt: skip
    return merge([*parts, roof])


def church() -> Mesh:
    """A tower in the haze at the end of the side street."""
    stone = lin("#b0a294")
    parts = [
        box(9, 34, 9, stone, bottom=False),
        lathe([(5.4, 34), (0.9, 50), (0.0, 58)], 8, lin("#6f8a80")),
    ]
    parts.append(box(14, 16, 26, stone * 0.95, bottom=False).at(9, 0, -6))
    return merge(parts)
