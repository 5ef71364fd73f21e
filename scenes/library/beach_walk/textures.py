"""Pictures that repeat: sand ripples, the water's slopes, foam; and the shadows near the viewer."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scenes.art.bake import Caster, directions
from scenes.art.colour import Array, bytes8
from scenes.art.noise import spectral
from scenes.art.sky import Sky
from scenes.library.beach_walk.shore import MAP_M, MAP_X, MAP_Z, height

Picture = NDArray[np.uint8]
N = 512


def sand_detail() -> Picture:
    """Red: ripples; green: grain; blue: broad tint."""
    y, x = np.meshgrid(np.arange(N) / N, np.arange(N) / N, indexing="ij")
    warp = spectral((N, N), 3.2, 1, 2, 40)
    phase = (x * 17 + y * 4 + warp * 0.16) * 2 * np.pi
    ripple = 0.5 + 0.5 * np.sin(phase + 0.5 * np.sin(phase))
    grain = np.clip(0.5 + 0.17 * spectral((N, N), 1.0, 2, 8), 0, 1)
    patches = np.clip(0.55 + 0.45 * spectral((N, N), 3, 9, 1, 8), 0.1, 1)
    return bytes8(0.5 + (ripple - 0.5) * patches + (grain - 0.5) * 0.5, grain, 0.5 + 0.2 * warp)


def water_slopes() -> Picture:
    """Red and green: slopes along x and y; blue: height."""
    high = spectral((N, N), 3.4, 21, 2, 90) + 0.25 * spectral((N, N), 2.6, 22, 20, 200)
    dx = np.roll(high, -1, 1) - np.roll(high, 1, 1)
    dy = np.roll(high, -1, 0) - np.roll(high, 1, 0)
    k = 0.5 / (3.2 * dx.std())
    return bytes8(0.5 + dx * k, 0.5 + dy * k, 0.5 + 0.16 * high)


def foam(rng: np.random.Generator) -> Picture:
    """Lace: the walls between warped Voronoi cells."""
    from scipy.spatial import cKDTree

    y, x = np.meshgrid(np.arange(N) / N, np.arange(N) / N, indexing="ij")
    x = (x + 0.012 * spectral((N, N), 3, 31, 2, 60)) % 1
    y = (y + 0.012 * spectral((N, N), 3, 32, 2, 60)) % 1
    tree = cKDTree(rng.random((260, 2)), boxsize=1)
    near, _ = tree.query(np.c_[x.ravel(), y.ravel()], k=2)
    lace = np.clip(1 - (near[:, 1] - near[:, 0]).reshape(N, N) / 0.026, 0, 1)
    fine = np.clip(0.5 + 0.3 * spectral((N, N), 1.8, 33, 4), 0, 1)
    lace = lace * 0.75 + 0.25 * fine + 0.12 * spectral((N, N), 3, 34, 1, 10)
    return bytes8(lace, lace, lace)


def shadows(cast: Caster, sky: Sky, above: Array, pixels: int = 1024) -> Picture:
    """What sun and sky lose to things on the sand (white: nothing), coloured, so shade is blue."""
    u = ((np.arange(pixels) + 0.5) / pixels - 0.5) * MAP_M
    x, z = np.meshgrid(u + MAP_X, u + MAP_Z)
    e = 0.05
    y = height(x, z)
    dx, dz = (height(x + e, z) - y) / e, (height(x, z + e) - y) / e
    n = np.stack([-dx, np.ones_like(dx), -dz], -1).reshape(-1, 3)
    n /= np.linalg.norm(n, axis=1, keepdims=True)
    p = np.c_[x.ravel(), y.ravel(), z.ravel()]
    rng, lit = np.random.default_rng(1), np.zeros(len(p))
    for _ in range(5):
        d = sky.sun + rng.normal(0, 0.011, 3)
        lit += cast.free(p + np.array([0, 0.02, 0]), d / np.linalg.norm(d)) / 5
    sun = np.clip(n @ sky.sun, 0, 1)[:, None] * sky.sunlight
    few = pixels // 4
    some = p.reshape(few, 4, few, 4, 3)[:, 1, :, 1].reshape(-1, 3) + np.array([0, 0.03, 0])
    up = directions(64)
    up = up[up[:, 1] > 0.05]
    seen = np.sum([d[1] * cast.free(some, d) for d in up], 0) / up[:, 1].sum()
    small = Image.fromarray(seen.reshape(few, few).astype(np.float32))
    seen = np.asarray(small.resize((pixels, pixels), Image.Resampling.BICUBIC), float)
    share = (sun * lit[:, None] + above * seen.reshape(-1, 1)) / (sun + above)
    picture = (np.clip(share, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)
    return picture.reshape(pixels, pixels, 3)
