"""The lie of the glade: its ground, the pool, the path, and the ground's painted picture."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from scenes.art.bake import STORED, Caster, directions
from scenes.art.colour import Array, bytes8, lin, mix, smooth
from scenes.art.mesh import Mesh
from scenes.art.noise import land2, noise2, spectral
from scenes.art.shapes import lattice
from scenes.art.sky import Sky

# Two squares have a picture: a fine one round the seat inside a coarse one. metres, x, z, pixels
FINE, COARSE = (9.0, 0.0, -3.0, 1024), (30.0, 0.0, -4.5, 1024)
Patch = tuple[float, float, float, int]
POOL_X, POOL_Z, POOL_Y = 3.5, -8.6, -0.10
LITTER = ("#8a5a34", "#a8743f", "#6f4a2e", "#b98d55", "#7d6a3c", "#95623a")


def shore(x: Array, z: Array) -> Array:
    """How far from the pool's edge: 0 on it, negative in the water, in metres."""
    turn = np.arctan2(z - POOL_Z, x - POOL_X)
    edge = 1 + 0.13 * np.sin(turn * 2 + 0.7) + 0.08 * np.sin(turn * 3 + 2.0)
    return np.asarray((np.hypot((x - POOL_X) / 3.5, (z - POOL_Z) / 2.5) - edge) * 2.7)


def path_x(z: Array) -> Array:
    """The middle of the footpath that leads from the seat past the pool into the light."""
    return np.asarray(-1.7 - 1.1 * np.sin((z + 1.5) / 6.0) + 0.06 * (z + 10) * (z < -10))


def trodden(x: Array, z: Array) -> Array:
    """1 on the path, 0 beside it."""
    wide = 0.42 + 0.10 * noise2(x, z, 6)
    return np.asarray(1 - smooth(0, 0.5, np.abs(x - path_x(z)) - wide))


def height(x: Array, z: Array) -> Array:
    """Metres: a hollow round the seat, banks behind, the pool's basin."""
    far = np.hypot(x, z + 5)
    y = 0.40 * land2(x, z, 60) * smooth(7, 22, far) + 0.8 * land2(x + 9, z, 190) * smooth(
        15, 45, far
    )
    y = y + 0.028 * (np.clip(np.abs(x - path_x(z)) - 4, 0, None)) ** 1.25 * smooth(3, 12, np.abs(x))
    y = y + 0.05 * noise2(x, z, 9) * smooth(2, 5, far + 2)
    basin = -0.55 * (1 - smooth(-1.2, 0.9, shore(x, z)))
    return np.asarray(y * smooth(0.2, 2.5, shore(x, z)) + basin - 0.02 * trodden(x, z))


def ground(x: float, z: float) -> float:
    """`height` at one place."""
    return float(height(np.array(x), np.array(z)))


def soil(x: Array, z: Array) -> Array:
    """The ground's colour (n, 3): copper leaves, moss, the trodden path, mud round the pool."""
    copper = mix(lin("#7a5535"), lin("#9c7243"), np.clip(0.5 + 0.3 * noise2(x, z, 5), 0, 1))
    moss = mix(lin("#5d6b32"), lin("#87923f"), np.clip(0.5 + 0.35 * noise2(x + 3, z, 4), 0, 1))
    c = mix(copper, moss, mossy(x, z))
    c = mix(c, mix(lin("#a58560"), lin("#8a6c4b"), np.clip(0.5 + 0.4 * noise2(x, z, 3), 0, 1)),
            trodden(x, z) * 0.85)  # fmt: skip
    wet = 1 - smooth(-0.1, 0.55, shore(x, z) + 0.12 * noise2(x, z, 4))
    return mix(c, lin("#3b3326"), wet * 0.85)


def mossy(x: Array, z: Array) -> Array:
    """Where moss and low green cover the leaves, 0..1."""
    return np.asarray(smooth(0.1, 1.0, noise2(x, z, 17) + 0.5 * noise2(x, z, 5)) * 0.9)


def meshes() -> tuple[Mesh, Mesh, Mesh]:
    """(the fine square, the coarse one round it, the land round both); they share borders."""
    fine = _grid(*_axes(FINE, 25))
    coarse = _without(_grid(*_axes(COARSE, 57)), FINE)
    for m, patch in ((fine, FINE), (coarse, COARSE)):
        m.uv = np.c_[
            (m.p[:, 0] - patch[1]) / patch[0] + 0.5, (m.p[:, 2] - patch[2]) / patch[0] + 0.5
        ]
        m.c[:] = 1
    half = COARSE[0] / 2
    out = half + np.r_[2.0, 4.2, 7, 10.5, 15, 21, 29, 39, 52, 70]
    axis = np.r_[-out[::-1], np.linspace(-half, half, 15), out]
    far = _without(_grid(axis + COARSE[1], axis + COARSE[2]), COARSE)
    grown = smooth(
        14, 30, np.hypot(far.p[:, 0], far.p[:, 2] + 7)
    )  # far off one sees herbs, not soil
    far.c = mix(soil(far.p[:, 0], far.p[:, 2]), lin("#59662f"), grown * 0.8)
    return fine, coarse, far


def _axes(patch: Patch, points: int) -> tuple[Array, Array]:
    t = np.linspace(-0.5, 0.5, points) * patch[0]
    return t + patch[1], t + patch[2]


def _grid(xs: Array, zs: Array) -> Mesh:
    x, z = np.meshgrid(xs, zs, indexing="ij")
    p = np.c_[x.ravel(), height(x, z).ravel(), z.ravel()]
    return Mesh(p, lattice(len(xs), len(zs), True))


def _without(m: Mesh, patch: Patch) -> Mesh:
    """A mesh without its faces inside a square, but for a sunken rim: no crack opens there."""

    def off(p: Array) -> Array:
        return np.asarray(np.maximum(np.abs(p[:, 0] - patch[1]), np.abs(p[:, 2] - patch[2])))

    m.p[off(m.p) < patch[0] / 2 - 0.01, 1] -= 0.08
    m.f = m.f[(off(m.p)[m.f] > patch[0] / 2 - 0.01).any(1)]
    return m


def picture(patch: Patch, cast: Caster, s: Sky, lift: float) -> NDArray[np.uint8]:
    """A square's painted colour times the light that reaches it, as the asset stores light."""
    painted = _painted(patch)
    light = _light(patch, cast, s) * lift
    fine = [
        np.asarray(Image.fromarray(plane.astype(np.float32)).resize(painted.shape[:2], 3))
        for plane in np.moveaxis(light, 2, 0)
    ]
    shown = np.clip(painted * np.clip(np.dstack(fine), 0, None) * STORED, 0, 1) ** (1 / 2.2)
    return bytes8(shown)


def _painted(patch: Patch) -> Array:
    """Soil, grain and some thousand fallen leaves, in linear colour (pixels, pixels, 3)."""
    size_m, at_x, at_z, pixels = patch
    u = ((np.arange(pixels) + 0.5) / pixels - 0.5) * size_m
    x, z = np.meshgrid(u + at_x, u + at_z)
    c = soil(x.ravel(), z.ravel()).reshape(pixels, pixels, 3)
    c = np.clip(c * (1 + 0.22 * spectral((pixels,) * 2, 1.4, 3, low=12)[..., None]), 0.004, 1)
    image = Image.fromarray(bytes8(c ** (1 / 2.2)))
    draw, r = ImageDraw.Draw(image), np.random.default_rng(8)
    count = int(30 * size_m**2)
    lx, lz = r.uniform(-0.5, 0.5, (2, count))
    wx, wz = lx * size_m + at_x, lz * size_m + at_z
    lie = (1 - 0.8 * mossy(wx, wz)) * (1 - 0.8 * trodden(wx, wz)) * (shore(wx, wz) > -0.15)
    pick = np.array([lin(k) for k in LITTER])[r.integers(0, len(LITTER), count)]
    rgb = np.clip(pick * r.uniform(0.45, 1.5, (count, 1)), 0, 1) ** (1 / 2.2) * 255
    turn, long = r.uniform(0, np.pi, count), r.uniform(0.03, 0.06, count) / size_m * pixels
    for i in np.flatnonzero(r.random(count) < lie):
        middle = np.array([lx[i] + 0.5, lz[i] + 0.5]) * pixels
        a = np.array([np.cos(turn[i]), np.sin(turn[i])]) * long[i]
        b = np.array([-a[1], a[0]]) * 0.45
        edge = [a, a * 0.4 + b * 0.8, -a * 0.4 + b, -a, -a * 0.4 - b, a * 0.4 - b * 0.8]
        ink, vein = (tuple(int(v * k) for v in rgb[i]) for k in (1.0, 0.7))
        draw.polygon([tuple(middle + q) for q in edge], ink)
        draw.line([tuple(middle - a), tuple(middle + a)], vein, 1)
    return np.asarray((np.asarray(image) / 255.0) ** 2.2)


def _light(
    patch: Patch, cast: Caster, s: Sky, cells: int = 320, rays: int = 40, soft: int = 6
) -> Array:
    """Sun and sky that reach level ground, (cells, cells, 3): spots of sun between the leaves."""
    u = ((np.arange(cells) + 0.5) / cells - 0.5) * patch[0]
    x, z = np.meshgrid(u + patch[1], u + patch[2])
    p = np.c_[x.ravel(), height(x, z).ravel() + 0.06, z.ravel()]
    every = directions(rays)
    upper = every[every[:, 1] > 0.02]
    out = np.zeros((len(p), 3))
    for d, c in zip(upper, s.seen(upper), strict=True):
        seen = cast.free(p, d)[:, None]
        out += d[1] * np.where(seen, np.minimum(c, 3.0), s.ground * 0.35)
    out /= upper[:, 1].sum()
    r, sun = np.random.default_rng(4), np.zeros(len(p))
    for _ in range(soft):
        d = s.sun + r.normal(0, 0.014, 3)
        sun += cast.free(p, d / np.linalg.norm(d))
    out += (sun / soft)[:, None] * s.sunlight * max(s.sun[1], 0.34)  # moss and leaves stand up
    return np.asarray(out.reshape(cells, cells, 3))


def pool() -> Mesh:
    """The water's skin: a disc cut by the basin."""
    a, k = np.meshgrid(np.linspace(0, 2 * np.pi, 41), np.linspace(0, 1, 16), indexing="ij")
    x, z = POOL_X + 4.4 * k * np.cos(a), POOL_Z + 3.4 * k * np.sin(a)
    m = Mesh(np.c_[x.ravel(), 0 * a.ravel() + POOL_Y, z.ravel()], lattice(41, 16), lin("#2d3a30"))
    if m.normals()[:, 1].mean() < 0:
        m.f = m.f[:, ::-1]
    middle = m.p[m.f].mean(1)
    m.f = m.f[shore(middle[:, 0], middle[:, 2]) < 0.3]  # beyond, it would lie on hollows
    m.n = np.tile([0, 1.0, 0], (len(m.p), 1))
    m.w[:] = 0.8
    return m
