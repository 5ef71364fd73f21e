"""A city of blocks, setbacks and avenues; what is far is only outline and haze."""

import numpy as np

from scenes.art.colour import Array, lin, smooth
from scenes.art.mesh import Mesh, merge
from scenes.art.noise import noise2
from scenes.art.shapes import box, lattice, sheet, tube

FLOOR_M, TOP_M = 3.3, 132.0
BLOCK_M, PITCH_M = 46.0, 64.0  # a block, and a block with its street
STYLES = 4  # kinds of facade, each one draw call
ASPHALT, PAVING, GRASS, PAINT = (lin(c) for c in ("#4c4a52", "#a1968f", "#5d7343", "#d9d2c4"))
TINTS = ["#b9a08c", "#8f8a96", "#c7b29c", "#7d8699", "#a2776a", "#d2c4b4", "#6f7688", "#b58f78"]
Walls = list[list[Mesh]]


def is_garden(bi: int, bj: int) -> bool:
    """The square at the foot of the viewer's tower, and the park ahead on the left."""
    return (bi, bj) in ((-1, 0), (0, 0), (-1, -1))


class City:
    """Towers as they are added: walls by style, everything solid that is no wall."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.walls: Walls = [[] for _ in range(STYLES)]
        self.solids: list[Mesh] = []

    def grow(self) -> None:
        """All blocks within sight, low near the avenue so that the sun comes in."""
        r = self.rng
        for bi in range(-5, 6):
            for bj in range(-7, 3):
                if is_garden(bi, bj):
                    continue
                for sx in (-1, 1):
                    for sz in (-1, 1):
                        self._lot(bi, bj, bi * PITCH_M + 32 + sx * 11.5, bj * PITCH_M + sz * 11.5)
        self.solids += [m for ring in ((560, 110), (820, 130), (1200, 130)) for m in far(r, *ring)]

    def _lot(self, bi: int, bj: int, x: float, z: float) -> None:
        r, away = self.rng, float(np.hypot(bi * PITCH_M + 32, bj * PITCH_M))
        if away > 330 and r.random() < 0.25:
            return
        h = float(np.clip(r.gamma(3.0, 13) + (22 if away > 150 else 6), 14, 125))
        if (bi, bj) in ((1, -3), (-2, -4), (2, -5), (0, -5)):
            h *= 1.25
        if -4 < bj <= -1 and bi in (-1, 0):
            h = min(h, r.uniform(18, 44))
        w, d = r.uniform(17, 22, 2)
        tint = lin(TINTS[r.integers(0, 8)]) * r.uniform(0.85, 1.1)
        self._tower(x, z, w, d, h, int(r.integers(0, STYLES)), tint)

    def _tower(
        self, x: float, z: float, w: float, d: float, h: float, style: int, tint: Array
    ) -> None:
        r, y, near = self.rng, 0.0, np.hypot(x, z) < 180
        if h < 35:
            parts = [(1.0, 1.0)]
        elif r.random() < 0.6:
            parts = [(0.62, 1.0), (0.38, 0.74)]
        else:
            parts = [(0.12, 1.12), (0.63, 0.92), (0.25, 0.62)]
        for tall, wide in parts:
            self.add(style, x, z, w * wide, d * wide, h * tall, y, tint)
            y += h * tall
        for _ in range(3 if near else 0):  # machines on the roof
            size = (r.uniform(2, 5), r.uniform(1.5, 3.2), r.uniform(2, 5))
            off = r.uniform(-0.25, 0.25, 2) * parts[-1][1]
            machine = box(*size, lin("#8b8790"), bottom=False)
            self.solids.append(machine.at(x + off[0] * w, y + 1.1, z + off[1] * d))
        if h > 95:
            mast = [[x, y, z], [x, y + 9, z], [x, y + 22, z]]
            self.solids.append(tube(mast, [0.5, 0.3, 0.06], 6, lin("#77737e")))

    def add(
        self, style: int, x: float, z: float, w: float, d: float, h: float, y: float, tint: Array
    ) -> None:
        """One part of a tower: four walls, a parapet, a roof."""
        self.walls[style].append(walls(self.rng, w, h, d, tint).at(x, y, z))
        parapet = box(w + 0.04, 1.1, d + 0.04, tint * 0.9, bottom=False)
        roof = sheet(0.5 - w / 2, 0.5 - d / 2, w / 2 - 0.5, d / 2 - 0.5, 1.12, tint * 0.6)
        self.solids += [parapet.at(x, y + h, z), roof.at(x, y + h, z)]


def walls(rng: np.random.Generator, w: float, h: float, d: float, tint: Array) -> Mesh:
    """Four walls with uv in bays and floors (1 uv = 8 windows), hard edges; alpha: which rooms."""
    x, z, start = w / 2, d / 2, rng.integers(0, 8, 2) / 8.0
    floors, rows = max(1, round(h / FLOOR_M)), max(2, min(9, int(h / 14)))
    ys = np.r_[0, 1.5, 6, np.linspace(14, h, rows)] if h > 20 else np.linspace(0, h, 3)
    p, f, uv = [], [], []
    count = 0
    for ax, az, bx, bz in ((-x, z, x, z), (x, z, x, -z), (x, -z, -x, -z), (-x, -z, -x, z)):
        length = float(np.hypot(bx - ax, bz - az))
        bays, cols = max(2, round(length / 3.2)), max(2, int(length / 20) + 1)
        t, y = (a.ravel() for a in np.meshgrid(np.linspace(0, 1, cols), ys, indexing="ij"))
        p.append(np.c_[ax + (bx - ax) * t, y, az + (bz - az) * t])
        uv.append(np.c_[t * bays / 8 + start[0], y / h * floors / 8 + start[1]])
        f.append(lattice(cols, len(ys)) + count)
        count += len(t)
    facing = np.array([[0, 0, 1], [1, 0, 0], [0, 0, -1], [-1, 0, 0]])
    n = np.repeat(facing, [len(q) for q in p], axis=0)
    return Mesh(np.vstack(p), np.vstack(f), tint, rng.random(), uv=np.vstack(uv), n=n)


def far(rng: np.random.Generator, radius: float, count: int) -> list[Mesh]:
    """A ring of silhouettes ahead and aside."""
    out, grey = [], lin("#8a8292")
    for _ in range(count):
        a, r = rng.uniform(-1.9, 1.9), radius * rng.uniform(0.9, 1.2)
        w, h = rng.uniform(22, 50), rng.gamma(2.6, 22) + 20
        x, z = np.sin(a) * r, -np.cos(a) * r
        out.append(box(w, h, w, grey, bottom=False).at(x, 0, z, ry=rng.uniform(0, 1.5)))
        if rng.random() < 0.4:
            out.append(box(w * 0.55, h * 0.35, w * 0.55, grey, bottom=False).at(x, h, z))
    return out


def hills(radius: float, high: float, seed: int) -> Mesh:
    """A ridge all round, far away."""
    a = np.linspace(-np.pi, np.pi, 120)
    ridge = 0.75 + 0.22 * np.sin(a * 3 + seed) + 0.16 * np.sin(a * 7 + seed * 2)
    ridge += 0.10 * np.sin(a * 13 + 1) + 0.05 * np.sin(a * 29 + seed)
    ring = np.c_[np.sin(a), 0 * a, -np.cos(a)] * radius
    foot, top = ring + np.array([0, -20, 0]), ring * 1.05
    top[:, 1] = np.maximum(high * ridge, 8)
    return Mesh(np.stack([foot, top], 1).reshape(-1, 3), lattice(120, 2), lin("#77708a"))


def ground() -> list[Mesh]:
    """Asphalt, and grass in the park."""
    out = [sheet(-420, -560, 420, 160, 0, ASPHALT, 52, 46)]
    half = BLOCK_M / 2 - 2
    for bi, bj in ((-1, 0), (-1, -1)):
        x, z = bi * PITCH_M + 32, bj * PITCH_M
        q = sheet(x - half, z - half, x + half, z + half, 0.2, GRASS, 14, 14)
        q.c = q.c * (1 + 0.18 * noise2(q.p[:, 0], q.p[:, 2], 60))[:, None]
        out.append(q)
    return out


def pavements() -> list[Mesh]:
    """A raised slab under every block."""
    slab = box(BLOCK_M + 2, 0.16, BLOCK_M + 2, PAVING, bottom=False)
    return [
        slab.at(bi * PITCH_M + 32, 0, bj * PITCH_M) for bi in range(-5, 6) for bj in range(-7, 3)
    ]


def markings() -> list[Mesh]:
    """Lanes and crossings as geometry: sharp from any height."""
    out = []
    for k in range(-2, 3):
        x, z = k * PITCH_M, k * PITCH_M - PITCH_M / 2
        for at in np.arange(-300, 100, 6.0):
            if 9 <= (at + PITCH_M / 2) % PITCH_M <= PITCH_M - 12:
                out.append(sheet(x - 0.1, at, x + 0.1, at + 2.6, 0.02, PAINT))
        for at in np.arange(-140, 140, 6.0):
            if abs(((at + PITCH_M / 2) % PITCH_M) - PITCH_M / 2) >= 12:
                out.append(sheet(at, z - 0.1, at + 2.6, z + 0.1, 0.02, PAINT))
    for x in (-PITCH_M, 0, PITCH_M):
        for kz in range(-3, 1):
            z = kz * PITCH_M - PITCH_M / 2
            for o in np.arange(9) * 1.8 - 7.2:
                for s in (-11, 11):
                    out.append(
                        sheet(x + o - 0.4, z + s - 1.4, x + o + 0.4, z + s + 1.4, 0.025, PAINT)
                    )
                    out.append(
                        sheet(x + s - 1.4, z + o - 0.4, x + s + 1.4, z + o + 0.4, 0.025, PAINT)
                    )
    return out


def street_trees(rng: np.random.Generator) -> Array:
    """Where town trees stand (n, 2): along the avenues and in the park."""
    at = []
    for k in range(-3, 4):
        for z in np.arange(-330, 96, 8.5):
            if not 13 <= (z + PITCH_M / 2) % PITCH_M <= PITCH_M - 13:
                continue
            for s in (-1, 1):
                if abs(k) < 2 or rng.random() < 0.15:
                    at.append((k * PITCH_M + s * 10.9, z + rng.uniform(-0.6, 0.6)))
    at += [(-32 + a, -64 + b) for a, b in rng.uniform(-20, 20, (78, 2))]
    spots = np.array(at)
    return np.asarray(spots[~((np.abs(spots[:, 0]) < 16) & (spots[:, 1] > -26))])


def car() -> Mesh:
    """White, so that its instances may be painted; 150 triangles."""
    body = box(1.82, 0.62, 4.3, (0.9, 0.9, 0.9), 0.10).at(0, 0.28, 0)
    p = []
    for z, y in ((-1.35, 0.86), (-0.75, 1.42), (0.85, 1.42), (1.75, 0.86)):
        w = 0.80 - 0.14 * (y > 1)
        p += [[-w, y, z], [w, y, z]]
    f = [[0, 2, 3], [0, 3, 1], [2, 4, 5], [2, 5, 3], [4, 6, 7], [4, 7, 5], [0, 6, 4], [0, 4, 2],
         [1, 3, 5], [1, 5, 7]]  # fmt: skip
    cabin = Mesh(p, f, lin("#1d2430")).flat()
    parts = [body, cabin, box(1.26, 0.05, 1.5, (0.9, 0.9, 0.9), 0.02).at(0, 1.41, 0.05)]
    for s in (-1, 1):
        for z in (-1.35, 1.35):
            parts.append(box(0.22, 0.6, 0.62, lin("#191a1d"), bottom=False).at(s * 0.86, 0, z))
        head = box(0.34, 0.16, 0.06, lin("#fff2d8"), bottom=False).glowing(lin("#ffe9c0") * 1.2)
        tail = box(0.4, 0.14, 0.06, lin("#ff3322"), bottom=False).glowing(lin("#ff2a18") * 0.7)
        parts += [head.at(s * 0.62, 0.58, -2.17), tail.at(s * 0.62, 0.62, 2.16)]
    return merge(parts)


def facade(kind: int, n: int = 384, cells: int = 8) -> Array:
    """A tile of 8 x 8 windows: rgb wall, alpha glass."""
    u, v = np.meshgrid(*[(np.arange(n) + 0.5) / n * cells] * 2)
    fu, fv = u % 1, v % 1
    left, foot = ((0.16, 0.22), (0.06, 0.30), (0.24, 0.16), (0.03, 0.10))[kind]
    glass = smooth(left - 0.02, left + 0.02, fu) * (1 - smooth(0.98 - left, 1.02 - left, fu))
    glass = glass * smooth(foot - 0.02, foot + 0.02, fv) * (1 - smooth(0.90, 0.94, fv))
    if kind in (0, 2):
        bars = 1 - (np.abs(fu - 0.5) < 0.022) * 0.9
    else:
        bars = 1 - ((np.abs(fu * 2 % 1 - 0.5) > 0.47) | (np.abs(fv - 0.72) < 0.02)) * 0.85
    sill = (np.abs(fv - (foot - 0.05)) < 0.035) * (fu > left - 0.05) * (fu < 1.05 - left)
    wall = 0.92 - 0.22 * ((fv > 0.93) | (fv < 0.03)) + 0.16 * sill
    wall = wall - 0.25 * (1 - smooth(0, 0.05, np.abs(fv - 0.95)))
    rgb = np.clip(wall, 0, 1)[..., None] * np.array([1, 0.985, 0.965])
    return np.dstack([rgb, glass * bars])[::-1]


def rooms(seed: int, n: int = 256, cells: int = 16, share: float = 0.21) -> Array:
    """Which rooms are lit (red) and in which colour (green); 21 %, 30 % looked like Christmas."""
    r = np.random.default_rng(seed)
    on = (r.random((cells, cells)) < share) * r.uniform(0.25, 1, (cells, cells))
    floors = (r.random(cells) < 0.12)[:, None] * r.uniform(0.3, 0.6, (cells, cells))
    on, hue, k = np.maximum(on, floors), r.random((cells, cells)), n // cells
    glow = np.linspace(1, 0.55, k)[:, None] * (1 - 0.35 * np.abs(np.linspace(-1, 1, k))[None])
    lit = np.kron(on, np.ones((k, k))) * np.tile(glow, (cells, cells))
    return np.dstack([lit, np.kron(hue, np.ones((k, k))), lit * 0])


def painted(n: int, rng: np.random.Generator) -> Array:
    """Car colours, a row each."""
    hexes = ["#f2efe8", "#d8d8dc", "#3a3f4a", "#c2553e", "#4f7fa8", "#e5b04c", "#8c9a94", "#ffffff"]
    return np.array([lin(c) for c in hexes])[rng.integers(0, 8, n)]
