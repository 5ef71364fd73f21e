"""The lane and the land along it, the same again every `PERIOD_M`: the ride never ends."""

import numpy as np
from numpy.typing import NDArray

from scenes.art.colour import Array, bytes8, lin, mix, smooth
from scenes.art.mesh import Mesh
from scenes.art.noise import land2, noise2, spectral
from scenes.art.shapes import lattice

PERIOD_M = 240.0
LAKE_Y, HALF_M = -1.9, 1.55  # the lake's level, half the lane's width
START_M = 1.3  # the eye stands on no row of points: software renderers stumble over those
COPIES = (1, 0, -1, -2)  # how many periods on: one behind, two ahead
TURN = 2 * np.pi / PERIOD_M


def lane(z: Array) -> Array:
    """The lane's middle: it swings so gently that nobody need turn (5 degrees at most)."""
    return np.asarray(1.7 * np.sin(TURN * z) + 0.7 * np.sin(2 * TURN * z + 1.0))


def rise(z: Array) -> Array:
    """The lane's height: slopes of 3 % at most."""
    return np.asarray(0.8 * np.sin(TURN * z + 0.7) + 0.12 * np.sin(3 * TURN * z))


def bank(z: Array) -> Array:
    """How far left of the lane the lake begins."""
    return np.asarray(8.5 + 2.2 * np.sin(2 * TURN * z + 2.2) + 1.2 * np.sin(5 * TURN * z))


def height(x: Array, z: Array) -> Array:
    """Metres: level beside the lane, down to the lake on the left, up to meadows on the right."""
    off = x - lane(z)
    left, right = np.clip(-off - 3.2, 0, None), np.clip(off - 3.5, 0, None)
    fall = smooth(0, 1, left / np.maximum(bank(z) - 2.6, 0.1)) * (rise(z) - LAKE_Y + 0.5)
    deeper = np.clip(left - bank(z) + 3, 0, 40) * 0.09
    up = 0.05 * right + 0.0022 * right**2 + 0.10 * right**0.5 * land2(x, z, 60)
    rough = 0.05 * noise2(x, z, 24) * smooth(HALF_M + 0.1, HALF_M + 1.6, np.abs(off))
    ditch = -0.10 * np.exp(-(((np.abs(off) - HALF_M - 0.7) / 0.4) ** 2))
    return np.asarray(rise(z) - fall - deeper + up + rough + ditch - 0.03 * (np.abs(off) > HALF_M))


def ground(x: float, z: float) -> float:
    """`height` at one place."""
    return float(height(np.array(x), np.array(z)))


def road() -> Mesh:
    """One period of the lane; uv 1 is 3.2 m, for a picture of worn asphalt."""
    v, z = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(0, -PERIOD_M, 241), indexing="ij")
    x = lane(z) + v * HALF_M * (1 + 0.02 * noise2(v * 3, z, 24))
    y = rise(z) + 0.035 * (1 - v**2)
    m = Mesh(np.c_[x.ravel(), y.ravel(), z.ravel()], lattice(5, 241))
    m = looking_up(m)
    m.n = sloped(m, 0.0)
    edge = np.abs(v).ravel()
    m.c = mix(lin("#a09a98"), lin("#8a7c68"), smooth(0.8, 1.0, edge))
    m.c = m.c * (1 + 0.07 * noise2(m.p[:, 0] * 3, m.p[:, 2], 24))[:, None]
    m.uv = np.c_[(v.ravel() + 1) / 2, -z.ravel() / 3.2]
    return m


def land() -> Mesh:
    """One period of grass on both sides; uv 1 is 4 m, for a picture of short grass."""
    right = HALF_M * 0.9 + np.r_[0, 0.35, 0.8, 1.4, 2.2, 3.4, 5, 7.5, 11, 16, 23, 33, 46, 62]
    left = HALF_M * 0.9 + np.r_[0, 0.35, 0.8, 1.4, 2.2, 3.2, 4.4, 5.8, 7.4, 9.2, 11.4, 14.5, 20]
    z = np.linspace(0, -PERIOD_M, 81)
    parts = []
    for side, row in ((1, right), (-1, left)):
        off, zz = np.meshgrid(side * row, z, indexing="ij")
        x = off + lane(zz)
        p = np.c_[x.ravel(), height(x, zz).ravel(), zz.ravel()]
        parts.append(looking_up(Mesh(p, lattice(len(row), len(z)))))
    out = Mesh(
        np.vstack([m.p for m in parts]),
        np.vstack([parts[0].f, parts[1].f + len(parts[0].p)]),
    )
    x, y, z1 = out.p.T
    dry = np.clip(0.45 + 0.30 * noise2(x, z1, 40) + 0.2 * noise2(x, z1, 12), 0, 1)
    out.c = mix(lin("#6f9143"), lin("#b3b463"), dry)
    yellow = smooth(0.3, 1.3, noise2(x, z1, 30)) * smooth(4, 9, x - lane(z1))
    out.c = mix(out.c, lin("#cdbb4e"), yellow * 0.5)  # buttercups
    verge = 1 - smooth(HALF_M, HALF_M + 0.7, np.abs(x - lane(z1)))
    out.c = mix(out.c, lin("#a08d6a"), verge * 0.8)
    out.c = mix(out.c, lin("#b7a684"), (1 - smooth(LAKE_Y + 0.05, LAKE_Y + 0.55, y)) * 0.8)
    out.n = sloped(out, 0.4)
    out.uv = np.c_[x / 4, z1 / 4]
    return out


def sloped(m: Mesh, step_m: float) -> Array:
    """Normals from the land itself, so that one period joins the next without a seam."""
    x, z = m.p[:, 0], m.p[:, 2]
    e = max(step_m, 0.5)
    dx = (height(x + e, z) - height(x - e, z)) / (2 * e) if step_m else 0 * x
    dz = (rise(z + e) - rise(z - e)) / (2 * e) if not step_m else (
        (height(x, z + e) - height(x, z - e)) / (2 * e))  # fmt: skip
    n = np.stack([-dx, np.ones_like(x), -dz], -1)
    return np.asarray(n / np.linalg.norm(n, axis=1, keepdims=True))


def looking_up(m: Mesh) -> Mesh:
    """Itself, wound so that it looks up."""
    if m.normals()[:, 1].mean() < 0:
        m.f = m.f[:, ::-1]
    return m


def asphalt(pixels: int = 512) -> NDArray[np.uint8]:
    """Grain, patches, cracks and blown petals; only darkens or tints what is baked."""
    from PIL import Image, ImageDraw

    fine, broad = spectral((pixels,) * 2, 0.6, 41, 30), spectral((pixels,) * 2, 3.0, 42, 1, 12)
    shade = np.clip(0.80 + 0.075 * fine + 0.06 * broad, 0.3, 1)
    crack = np.abs(spectral((pixels,) * 2, 3.2, 43, 2, 30))
    shade -= 0.20 * np.exp(-((crack / 0.018) ** 2)) * (broad > 0.5)
    image = Image.fromarray(bytes8(shade, shade * 0.985, shade * 0.965))
    draw, r = ImageDraw.Draw(image), np.random.default_rng(44)
    for _ in range(430):
        x = (0.5 + np.sign(r.normal()) * (0.5 - r.exponential(0.09))) % 1 * pixels
        y, a, b = r.uniform(0, pixels), r.uniform(1.5, 3.2), r.uniform(1.2, 2.4)
        pink = mix(lin("#f4c3cf"), lin("#fff4f2"), r.random()) ** (1 / 2.2) * 255
        draw.ellipse([x - a, y - b, x + a, y + b], tuple(int(k) for k in pink))
    return np.asarray(image)


def turf(pixels: int = 512) -> NDArray[np.uint8]:
    """Short grass from above: strokes of light and dark green, tileable."""
    from PIL import Image, ImageDraw

    broad = spectral((pixels,) * 2, 2.4, 51, 2)
    base = np.clip(0.66 + 0.09 * broad, 0, 1)
    image = Image.fromarray(bytes8(base * 0.97, base, base * 0.92))
    draw, r = ImageDraw.Draw(image), np.random.default_rng(52)
    for _ in range(15000):
        x, y, turn = r.uniform(0, pixels), r.uniform(0, pixels), r.uniform(0, 6.3)
        long, light = r.uniform(4, 11), r.uniform(0.42, 1.0)
        ink = tuple(int(255 * light * k) for k in (0.97, 1.0, 0.84))
        dx, dy = long * np.cos(turn), long * np.sin(turn)
        for ox, oy in ((0, 0), (-pixels, 0), (0, -pixels)):
            draw.line([x + ox, y + oy, x + dx + ox, y + dy + oy], ink, 1)
    return np.asarray(image)


def keys() -> tuple[Array, Array]:
    """The ride as clip keys: metres along the way, and where the rider is (n, 3)."""
    along = np.linspace(0, PERIOD_M, 241)
    z = -START_M - along
    return along, np.stack([lane(z), rise(z) + 0.035, z], -1)
