"""A light room to sit in: boards, walls, a window to a garden, a wooden table to work at."""

import numpy as np
from numpy.typing import NDArray

from scenes.art.colour import Array, bytes8, lin, mix, smooth
from scenes.art.indoors import Panel
from scenes.art.mesh import Mesh, merge
from scenes.art.noise import noise2, spectral
from scenes.art.shapes import box, lattice, quad, sheet
from scenes.art.sky import Sky, from_hex

X, FRONT, BACK, TOP = 2.6, -4.4, 2.2, 2.7  # half width; z of the far and the near wall; ceiling
WIN_Z0, WIN_Z1, SILL, HEAD = -3.3, -0.7, 0.85, 2.35  # the window in the left wall
WINDOW = (-X, (SILL + HEAD) / 2, (WIN_Z0 + WIN_Z1) / 2)  # its middle: the garden is heard there
WALL, WHITE = lin("#ddd2be"), lin("#efe8da")
DAY, SUN = lin("#e9ebe6") * 7.5, lin("#ffd9a0")


def panels(sun: bool = True) -> list[Panel]:
    """Daylight in the window, and the sun high outside it."""
    middle = (WINDOW[0] + 0.02, *WINDOW[1:])
    high, wide = (HEAD - SILL) / 2, (WIN_Z1 - WIN_Z0) / 2
    out = [Panel(middle, (0, high, 0), (0, 0, wide), DAY, (3, 5))]
    if sun:
        # Far away and strong: light that comes nearly parallel through the panes.
        out.append(Panel((-9.0, 4.7, -4.9), (0.08, 0.16, 0), (0, 0, 0.18), SUN * 9000, (3, 2)))
    return out


def shell(rng: np.random.Generator) -> list[Mesh]:
    """Floor boards, walls with the window's opening, ceiling, skirting."""
    out, deep = [], BACK - FRONT
    for i in range(30):
        x0 = -X + i * 2 * X / 30
        tint = mix(lin("#a67c54"), lin("#c79d6c"), rng.random())
        board = sheet(x0 + 0.003, FRONT, x0 + 2 * X / 30 - 0.003, BACK, 0, tint, 1, 30)
        grain = 1 + 0.06 * noise2(board.p[:, 0] * 9 + i, board.p[:, 2], 3)
        board.c = board.c * grain[:, None]
        out.append(board)
    out.append(sheet(-X, FRONT, X, BACK, -0.012, lin("#5e4433") * 0.6))
    ceiling = [(-X, TOP, FRONT), (X, TOP, FRONT), (X, TOP, BACK), (-X, TOP, BACK)]
    out.append(quad(ceiling, lin("#ece5d8"), 10, 12))
    out.append(quad([(X, 0, FRONT), (X, 0, BACK), (X, TOP, BACK), (X, TOP, FRONT)], WALL, 24, 10))
    out.append(
        quad([(-X, 0, FRONT), (X, 0, FRONT), (X, TOP, FRONT), (-X, TOP, FRONT)], WALL, 20, 12)
    )
    out.append(quad([(X, 0, BACK), (-X, 0, BACK), (-X, TOP, BACK), (X, TOP, BACK)], WALL, 16, 8))
    for z0, y0, z1, y1 in (
        (FRONT, 0, WIN_Z0, TOP), (WIN_Z1, 0, BACK, TOP), (WIN_Z0, 0, WIN_Z1, SILL),
        (WIN_Z0, HEAD, WIN_Z1, TOP),
    ):  # fmt: skip
        nz, ny = max(3, int((z1 - z0) * 5)), max(2, int((y1 - y0) * 5))
        wall = [(-X, y0, z1), (-X, y0, z0), (-X, y1, z0), (-X, y1, z1)]
        out.append(quad(wall, WALL, nz, ny))
    for s in (-1, 1):
        a, b = (FRONT, BACK) if s > 0 else (BACK, FRONT)
        x = s * (X - 0.015)
        out.append(quad([(x, 0, a), (x, 0, b), (x, 0.1, b), (x, 0.1, a)], WHITE, int(deep * 4), 1))
    return [*out, *_window()]


def _window() -> list[Mesh]:
    """A deep sill, reveals, and bars."""
    middle, wide, high = (WIN_Z0 + WIN_Z1) / 2, WIN_Z1 - WIN_Z0, HEAD - SILL
    out = [box(0.36, 0.05, wide + 0.16, WHITE, 0.015).at(-X - 0.04, SILL - 0.045, middle)]
    out.append(box(0.24, 0.06, wide, WHITE, 0.01).at(-X - 0.12, HEAD, middle))
    for z in (WIN_Z0, WIN_Z1):
        out.append(box(0.24, high, 0.06, WHITE, 0.01).at(-X - 0.12, SILL, z))
    for share in (1 / 3, 2 / 3):
        out.append(box(0.05, high, 0.05, WHITE, 0.01).at(-X - 0.16, SILL, WIN_Z0 + wide * share))
    out.append(box(0.05, 0.04, wide, WHITE, 0.01).at(-X - 0.16, SILL + high * 0.62, middle))
    return out


def garden() -> Mesh:
    """What the window shows, as light of its own: sky, hills, trees, a lawn, a little blurred."""
    z, y = np.meshgrid(np.linspace(-22, 14, 73), np.linspace(-2.5, 9, 47), indexing="ij")
    m = Mesh(np.stack([0 * z - 11.0, y, z], -1), lattice(73, 47, True))
    zz, yy = z.ravel(), y.ravel()
    sky = mix(lin("#f4ead2"), lin("#a9cbe4"), smooth(1.0, 8.0, yy))
    hill = 1.5 + 0.5 * np.sin(zz * 0.30) + 0.2 * np.sin(zz * 0.83)
    crown = 0.9 + 1.5 * np.clip(np.sin(zz * 0.55 + 1.3), 0, 1) + 0.35 * np.sin(zz * 2.1)
    c = mix(sky, lin("#b9c8b0"), 1 - smooth(0, 0.5, yy - hill))
    tone = np.clip(0.5 + 0.35 * noise2(zz, yy * 1.7, 9), 0, 1)
    c = mix(c, mix(lin("#6d9150"), lin("#a9b965"), tone), 1 - smooth(0, 0.4, yy - crown))
    c = mix(c, lin("#a8b96c"), 1 - smooth(-0.1, 0.3, yy + 0.4))
    m.e = np.asarray(c) * 0.92
    m.c[:] = 0
    if m.normals()[:, 0].mean() < 0:
        m.f = m.f[:, ::-1]
    return m


def table(x: float, z0: float, z1: float, y: float, boards: int = 5) -> tuple[Mesh, Mesh]:
    """(the top, for the picture of wood; legs and frame) of a table of half width x."""
    tops = []
    for i in range(boards):
        a, b = (-x + 2 * x * k / boards for k in (i, i + 1))
        top = sheet(a + 0.0012, z1, b - 0.0012, z0, y, lin("#ffffff"), 5, int((z0 - z1) / 0.045))
        top.uv = np.c_[(top.p[:, 0] + x) / (2 * x), (top.p[:, 2] - z1) / 2.0 + 0.37 * i]
        tops.append(top)
    wood = lin("#9c6f47")
    parts = [box(2 * x, 0.038, z0 - z1, wood, 0.006).at(0, y - 0.0405, (z0 + z1) / 2)]
    for s in (-1, 1):
        parts.append(
            box(0.03, 0.09, z0 - z1 - 0.2, wood).at(s * (x - 0.07), y - 0.13, (z0 + z1) / 2)
        )
        parts += [box(0.075, y - 0.04, 0.075, wood, 0.008).at(s * (x - 0.07), 0, z)
                  for z in (z0 - 0.1, z1 + 0.1)]  # fmt: skip
    return merge(tops), merge(parts)


def wood_picture(wide: int = 512, high: int = 1024) -> NDArray[np.uint8]:
    """Oiled oak: five boards across, grain along, knots; tileable along the boards."""
    board = np.arange(wide) * 5 // wide
    x = np.tile(np.arange(wide) / wide, (high, 1))
    warp = spectral((high, wide), 3.4, 61, 1, 8)
    fine = spectral((high, wide), 1.2, 62, 4)
    streak = spectral((1, wide), 0.6, 63, 8)
    rings = np.sin((x * 5 * 9 + 1.1 * warp + board[None] * 2.7) * 2 * np.pi * 0.9)
    pores = np.clip(np.repeat(spectral((high // 16, wide), 0.4, 64, 20), 16, 0) - 1.4, 0, 1)
    shade = 0.62 + 0.040 * rings + 0.035 * streak + 0.03 * fine - 0.12 * pores
    tone = np.random.default_rng(65).uniform(0.90, 1.10, 5)[board][None]
    c: Array = lin("#c08d58")[None, None] * (shade * tone / 0.6)[..., None] ** 1.8
    return bytes8(np.clip(c, 0, 1) ** (1 / 2.2))


def forenoon() -> Sky:
    """The mild forenoon outside."""
    return from_hex(
        35, -70, {"glow": 0.2, "sunlight": 1.0, "ground": 0.6},
        zenith="#9fbfdc", mid="#cdd6d8", near="#f2e6d2", away="#d8d0c2", glow="#ffe6c0",
        sunlight="#ffe6c8", ground="#9a8a78", cloud_lit="#ffffff", cloud_dark="#c8ccd8",
    )  # fmt: skip
