"""The room and what makes it someone's: soft chair, lamp, books, plant, rug, a sleeping cat."""

from typing import Any

import numpy as np

from scenes.art.colour import Array, lin, mix
from scenes.art.mesh import Mesh, merge
from scenes.art.noise import noise2
from scenes.art.shapes import box, lathe, lattice, quad, sheet, sphere, tube

X, Z0, Z1, TOP = 2.6, -3.0, 2.4, 2.7  # half width, window wall, wall behind, ceiling
WIN_X, SILL, HEAD = 1.5, 0.55, 2.3  # the window's half width, its lower and upper edge
PLASTER, WOOD, DARK = lin("#d8c8b4"), lin("#a9794f"), lin("#5e4433")
LAMP_AT = (-2.0, 1.42, -2.25)


def soft(x: float, y: float, z: float, c: Any, plump: float = 0.55) -> Mesh:
    """A cushion-like block standing on y = 0: a sphere pressed toward a box."""
    m = sphere(2, c)
    m.p = np.sign(m.p) * np.abs(m.p) ** plump
    m.p = m.p * [x / 2, y / 2, z / 2] + [0, y / 2, 0]
    return m


def shell(rng: np.random.Generator) -> Mesh:
    """Floor boards, walls with the opening for the window, ceiling."""
    out = []
    for i in range(33):
        x0 = -X + i * 2 * X / 33
        tint = mix(lin("#9c6d46"), lin("#c2925f"), rng.random())
        board = sheet(x0 + 0.003, Z0, x0 + 2 * X / 33 - 0.003, Z1, 0, tint, 1, 24)
        grain = 1 + 0.07 * noise2(board.p[:, 0] * 9 + i, board.p[:, 2], 3)
        board.c = board.c * grain[:, None]
        out.append(board)
    out.append(sheet(-X, Z0, X, Z1, -0.012, DARK * 0.5))
    out.append(
        quad([(-X, TOP, Z0), (X, TOP, Z0), (X, TOP, Z1), (-X, TOP, Z1)], lin("#e8d8c0"), 8, 8)
    )
    out.append(quad([(-X, 0, Z1), (-X, 0, Z0), (-X, TOP, Z0), (-X, TOP, Z1)], PLASTER, 16, 10))
    out.append(quad([(X, 0, Z0), (X, 0, Z1), (X, TOP, Z1), (X, TOP, Z0)], PLASTER, 16, 10))
    out.append(quad([(X, 0, Z1), (-X, 0, Z1), (-X, TOP, Z1), (X, TOP, Z1)], PLASTER, 12, 8))
    for x0, y0, x1, y1 in (
        (-X, 0, -WIN_X, TOP), (WIN_X, 0, X, TOP), (-WIN_X, 0, WIN_X, SILL),
        (-WIN_X, HEAD, WIN_X, TOP)
    ):  # fmt: skip
        nx, ny = max(4, int((x1 - x0) * 5)), max(3, int((y1 - y0) * 5))
        out.append(quad([(x0, y0, Z0), (x1, y0, Z0), (x1, y1, Z0), (x0, y1, Z0)], PLASTER, nx, ny))
    for s in (-1, 1):  # skirting
        a, b = (Z0, Z1) if s > 0 else (Z1, Z0)
        x = s * (X - 0.015)
        out.append(quad([(x, 0, a), (x, 0, b), (x, 0.1, b), (x, 0.1, a)], lin("#d9c9ae"), 24, 1))
    return merge([*out, *window_frame()])


def window_frame() -> list[Mesh]:
    """A deep sill to put things on, the frame, and the fixed left wing."""
    white, mid = lin("#f0e4d2"), (HEAD - SILL) / 2
    out = [box(2 * WIN_X + 0.2, 0.06, 0.34, white, 0.02).at(0, SILL - 0.05, Z0 - 0.06)]
    out.append(box(2 * WIN_X, 0.08, 0.22, white, 0.015).at(0, HEAD, Z0 - 0.1))
    for s in (-1, 1):
        out.append(box(0.08, HEAD - SILL, 0.22, white, 0.015).at(s * WIN_X, SILL, Z0 - 0.1))
    out.append(box(0.07, HEAD - SILL, 0.09, white, 0.015).at(0, SILL, Z0 - 0.14))
    out.append(box(WIN_X, 0.035, 0.05, white, 0.01).at(-WIN_X / 2, SILL + mid * 1.2, Z0 - 0.14))
    return out


def casement() -> Mesh:
    """The right wing of the window, hinged at its own origin, reaching to -x."""
    white, w, h = lin("#f0e4d2"), WIN_X - 0.05, HEAD - SILL - 0.04
    bars = [box(w, 0.06, 0.05, white, 0.012).at(-w / 2, y, 0) for y in (0.0, h - 0.06, h * 0.58)]
    sides = [box(0.06, h, 0.05, white, 0.012).at(x, 0, 0) for x in (-0.03, 0.03 - w)]
    return merge([*bars, *sides])


def curtain(side: int) -> Mesh:
    """A curtain in folds, its outer edge at its own x = 0, reaching toward the middle."""
    u, v = np.meshgrid(np.linspace(0, 1, 49), np.linspace(0, 1, 9), indexing="ij")
    fold = 0.05 * np.sin(u * 2 * np.pi * 7) * (0.6 + 0.4 * (1 - v)) + 0.012 * np.sin(u * 31 + v * 5)
    p = np.c_[(-side * u * 0.92).ravel(), (0.06 + v * 2.38).ravel(), fold.ravel()]
    m = Mesh(p, lattice(49, 9, side > 0), lin("#cfa988"))
    thin = 0.5 + 0.5 * np.cos(u * 2 * np.pi * 7).ravel() ** 2
    shine = np.clip((p[:, 1] - 0.5) / 0.7, 0, 1)
    # Evening light comes through the cloth: more where it hangs single.
    m.e = lin("#e8a878") * (0.26 * thin * shine)[:, None]
    return m


def armchair() -> Mesh:
    """Deep and round, a blanket over one arm."""
    cloth = lin("#5f7d77")
    parts = [
        soft(0.78, 0.30, 0.78, cloth, 0.4).at(0, 0.14, 0),
        soft(0.60, 0.20, 0.66, cloth * 1.12).at(0, 0.36, -0.04),
        soft(0.80, 0.80, 0.26, cloth, 0.45).at(0, 0.24, 0.36, rx=0.16),
        soft(0.46, 0.40, 0.18, lin("#d9a05b"), 0.6).at(0.02, 0.50, 0.2, rx=0.22, rz=0.08),
    ]
    for s in (-1, 1):
        parts.append(soft(0.22, 0.44, 0.80, cloth * 0.95, 0.45).at(s * 0.42, 0.16, 0))
        for z in (-0.3, 0.3):
            parts.append(tube([[s * 0.3, 0, z], [s * 0.28, 0.18, z]], [0.018, 0.03], 6, DARK))
    blanket = soft(0.30, 0.30, 0.50, lin("#e7d3b3"), 0.5).at(0.44, 0.33, 0.02)
    stripe = np.abs(np.sin(blanket.p[:, 2] * 22)) > 0.85
    blanket.c[stripe] = lin("#b5654a")
    return merge([*parts, blanket])


def lamp() -> Mesh:
    """A floor lamp whose shade glows."""
    x, y, z = LAMP_AT
    stand = tube([[x, 0.03, z], [x, y - 0.1, z]], 0.014, 8, lin("#8a6a45"))
    foot = lathe([(0.17, 0), (0.17, 0.02), (0.03, 0.05), (0.0, 0.05)], 16, lin("#8a6a45")).at(
        x, 0, z
    )
    shade = lathe(
        [(0.25, 0), (0.24, 0.05), (0.17, 0.30), (0.165, 0.31), (0.0, 0.31)], 24, lin("#f3d9a8")
    )
    up = np.clip(shade.p[:, 1] / 0.31, 0, 1)
    shade.e = lin("#ffbe72") * (0.95 - 0.45 * up)[:, None]
    return merge([stand, foot, shade.at(x, y - 0.1, z)])


def shelf(rng: np.random.Generator) -> Mesh:
    """A bookcase on the right wall, full of books that lean as they like."""
    depth, wide, high = 0.30, 1.9, 2.05
    parts = [box(wide, 0.035, depth, WOOD, 0.006).at(0, y, 0) for y in np.linspace(0.06, high, 6)]
    parts += [box(0.04, high + 0.03, depth, WOOD, 0.006).at(s * wide / 2, 0, 0) for s in (-1, 1)]
    parts.append(box(wide, high, 0.02, WOOD * 0.6).at(0, 0, -depth / 2))
    covers = [
        "#9c4f3d",
        "#c98f4e",
        "#4f6f76",
        "#7b8a5a",
        "#d8c3a0",
        "#5a5470",
        "#b26a58",
        "#3f5a5f",
        "#e0cfae",
    ]
    for row, y in enumerate(np.linspace(0.06, high, 6)[:-1]):
        x, end = -wide / 2 + 0.06, wide / 2 - 0.08 - (0.35 if row % 2 else 0.0)
        while x < end:
            thick, tall = rng.uniform(0.022, 0.055), rng.uniform(0.20, 0.31)
            c = lin(covers[rng.integers(0, len(covers))]) * rng.uniform(0.8, 1.15)
            lean = 0.16 if rng.random() < 0.06 else 0.0
            book = box(thick, tall, 0.19, c, bottom=False)
            parts.append(book.at(x + thick / 2, y + 0.035, rng.uniform(-0.02, 0.02), rz=-lean))
            x += thick + 0.002 + lean * 0.2
            if rng.random() < 0.05:
                x += rng.uniform(0.06, 0.16)
        if row % 2:
            pot = lathe([(0.05, 0), (0.08, 0.06), (0.075, 0.14), (0.05, 0.17)], 12, lin("#c9794f"))
            parts.append(pot.at(wide / 2 - 0.22, y + 0.035, 0.02))
    return merge(parts).at(X - 0.17, 0, -1.35, ry=-np.pi / 2)


def rug() -> Mesh:
    """An oval rug in rings."""
    a, r = np.meshgrid(np.linspace(0, 2 * np.pi, 49), np.linspace(0, 1, 15), indexing="ij")
    p = np.c_[(1.45 * r * np.cos(a)).ravel(), 0 * a.ravel(), (1.0 * r * np.sin(a)).ravel()]
    rings = [lin(c) for c in ("#8f4a3c", "#d7b98a", "#a9583f", "#e6d2ab", "#6f7f6a")]
    which = (r.ravel() * 7.99).astype(int) % 5
    m = Mesh(p, lattice(49, 15), np.array(rings)[which])
    if m.normals()[:, 1].mean() < 0:
        m.f = m.f[:, ::-1]
    return m.at(-0.1, 0.012, -1.15)


def table() -> Mesh:
    """A small round table with a cup of tea, a book and a candle."""
    top = lathe([(0.03, 0.02), (0.03, 0.44), (0.27, 0.45), (0.28, 0.475), (0.0, 0.48)], 24, WOOD)
    foot = lathe([(0.17, 0.0), (0.16, 0.02), (0.03, 0.05)], 16, WOOD)
    cup = lathe([(0.025, 0), (0.045, 0.03), (0.05, 0.08), (0.044, 0.08), (0.04, 0.06), (0, 0.06)],
                14,
                lin("#e8e2d4"))  # fmt: skip
    cup.c[-28:] = lin("#8a4d22")
    book = box(0.15, 0.03, 0.21, lin("#4f6f76"), 0.005).at(-0.08, 0.48, 0.08, ry=0.4)
    candle = lathe([(0.03, 0), (0.03, 0.09), (0, 0.09)], 10, lin("#f0e2c4")).at(-0.06, 0.48, -0.12)
    flame = sphere(1, lin("#ffd898")).glowing(lin("#ffcf80") * 1.7)
    flame.p *= [0.010, 0.022, 0.010]
    return merge([top, foot, cup.at(0.1, 0.48, 0.02), book, candle, flame.at(-0.06, 0.595, -0.12)])


def cat() -> Mesh:
    """Asleep, rolled up."""
    fur, pale = lin("#b98a58"), lin("#e2c9a4")
    body = soft(0.36, 0.17, 0.28, fur, 0.8)
    stripe = np.sin(body.p[:, 0] * 60) > 0.55
    body.c[stripe & (body.p[:, 1] > 0.05)] = lin("#8f6238")
    head = sphere(2, fur).at(0.15, 0.085, 0.09, scale=0.075)
    head.c[head.p[:, 1] < 0.065] = pale
    ears = [
        lathe([(0.026, 0), (0.0, 0.05)], 5, fur * 0.8).at(0.15 + dx, 0.14, 0.085 + dz)
        for dx, dz in ((0.03, -0.035), (-0.02, 0.04))
    ]
    a = np.linspace(0.2, 3.0, 10)
    tail = tube(
        np.c_[0.19 * np.cos(a), 0.035 + 0 * a, 0.155 * np.sin(a) + 0.01], 0.028, 6, fur * 0.9
    )
    return merge([body, head, *ears, tail])


def plant(rng: np.random.Generator) -> tuple[Mesh, Mesh]:
    """A pot, and large leaves on long stalks; they sway a little."""
    pot = lathe([(0.13, 0), (0.17, 0.05), (0.19, 0.30), (0.205, 0.34), (0.17, 0.34), (0, 0.31)], 18,
                lin("#c27a52"))  # fmt: skip
    out = []
    for i in range(17):
        a, h = i * 2.39996, 0.42 + 0.78 * (1 - i / 17) * rng.uniform(0.8, 1.1)
        reach = 0.14 + 0.30 * (i / 17) + 0.05 * rng.random()
        foot, tip = np.array([0, 0.3, 0]), np.array([reach * np.cos(a), h, reach * np.sin(a)])
        stalk = tube([foot, (foot + tip) / 2 + [0, 0.07, 0], tip], 0.007, 4, lin("#587a40"))
        stalk.w[:] = 0.2
        out += [stalk, leaf(rng.uniform(0.26, 0.38), a, tip, rng)]
    return pot, merge(out)


def leaf(size: float, turn: float, at: Array, rng: np.random.Generator) -> Mesh:
    """One broad leaf, folded along its rib and hanging over."""
    u, v = np.meshgrid(np.linspace(0, 1, 8), np.linspace(-1, 1, 5), indexing="ij")
    half = 0.34 * size * np.sin(np.pi * u**0.75) ** 0.8
    x, y = size * u * 0.95, size * (0.18 * np.sin(u * 2.4) - 0.5 * u**2) + 0.10 * half * np.abs(v)
    m = Mesh(np.c_[x.ravel(), y.ravel(), (v * half).ravel()], lattice(8, 5, True))
    green = mix(lin("#3f6b3c"), lin("#86a457"), rng.uniform(0.2, 0.8))
    m.c = mix(green * 0.8, green * 1.2, np.abs(v).ravel())
    m.w = (0.25 + 0.4 * u).ravel()
    return m.upon(at, -turn)


def picture() -> Mesh:
    """A framed seascape on the left wall."""
    canvas = quad(
        [(0, -0.3, 0.45), (0, -0.3, -0.45), (0, 0.3, -0.45), (0, 0.3, 0.45)], nu=24, nv=16
    )
    v, u = canvas.uv[:, 1], canvas.uv[:, 0]
    ridge = 0.52 + 0.10 * np.sin(u * 7 + 1) + 0.04 * np.sin(u * 17)
    canvas.c = mix(lin("#f1c894"), lin("#7fa6b8"), np.clip((v - 0.45) * 1.9, 0, 1))
    canvas.c[v < ridge] = lin("#8a86a0")
    canvas.c[v < 0.42] = lin("#4f8a92")
    canvas.c[v < 0.17] = lin("#e2c498")
    frame = box(0.03, 0.70, 1.0, lin("#8a6a45"), 0.01).at(-0.022, -0.35, 0)
    return merge([canvas, frame]).at(-X + 0.045, 1.55, -0.9)


def door() -> Mesh:
    """Behind the viewer: a plain door, ajar on nothing."""
    leafs = [box(0.95, 2.1, 0.05, lin("#c9a679"), 0.01).at(0.9, 0, Z1 - 0.03)]
    leafs += [box(0.35, h, 0.02, lin("#b8946a"), 0.008).at(0.9 + x, y, Z1 - 0.06)
              for x in (-0.22, 0.22) for y, h in ((0.2, 0.8), (1.15, 0.75))]  # fmt: skip
    leafs.append(sphere(1, lin("#c9a24a")).at(0.55, 1.02, Z1 - 0.09, scale=0.03))
    return merge(leafs)
