"""Clouds: a slab of noise is marched once; light and coverage become one small picture."""

import numpy as np
from numpy.typing import NDArray

from scenes.art.colour import Array, bytes8, smooth
from scenes.art.noise import spectral

BASE_M, THICK_M, FAR_M = 700.0, 520.0, 60000.0
LOWEST_DEG, HIGHEST_DEG = 1.2, 70.0
CELLS, SLICES = 128, 30


def clouds(
    sun: Array, width: int, height: int, cover: float, seed: int, scale_m: float = 3000.0
) -> NDArray[np.uint8]:
    """Coverage (red) and light (green, blue), azimuth by elevation^(1/1.5), top row highest."""
    coarse = spectral((CELLS,) * 3, 3.5, seed, low=2).ravel()
    fine = spectral((CELLS,) * 3, 3.1, seed + 1, low=6).ravel()

    def density(p: Array) -> Array:
        q = (p[:, 1] - BASE_M) / THICK_M
        value = coarse[_cell(p, scale_m)] * 0.75 + fine[_cell(p, scale_m * 0.31)] * 0.30
        shape = smooth(-0.02, 0.12, q) * (1 - smooth(0.25, 1.0, q) * 0.9)
        dense = np.clip(value - 1.55 + cover * 3 + (shape - 1) * 1.6, 0, 1)
        return np.asarray(dense * ((q > 0) & (q < 1)))

    ray = _rays(width, height).reshape(-1, 3).astype(np.float32)
    through, light = np.ones(len(ray)), np.zeros(len(ray))
    step = THICK_M / SLICES
    for i in range(SLICES):
        y = BASE_M + (i + 0.5) * step
        near = np.flatnonzero((y < FAR_M * ray[:, 1]) & (through > 0.01))
        p = ray[near] * (y / ray[near, 1])[:, None]
        a = density(p)
        hit = np.flatnonzero(a > 0)  # most of the sky is empty: light only what is there
        near, p, a = near[hit], p[hit], a[hit]
        shade = np.zeros(len(a))
        for back_m in (40.0, 110.0, 240.0, 420.0):
            toward = (sun * back_m + np.array([0, back_m * 0.25, 0])).astype(np.float32)
            shade += density(p + toward) * back_m * 0.004
        lit = np.exp(-shade * 1.3) * 0.8 + 0.2 * np.exp(-shade * 0.3)
        k = np.exp(-a * np.minimum(step / ray[near, 1], 260.0) * 0.010)
        light[near] += through[near] * (1 - k) * lit
        through[near] *= k
    return _picture(1 - through, light, width, height)


def _cell(p: Array, scale_m: float) -> NDArray[np.int64]:
    i = (p * (CELLS / scale_m)).astype(np.int64) % CELLS
    return np.asarray((i[:, 0] * CELLS + i[:, 1]) * CELLS + i[:, 2])


def _elevation_deg(height: int) -> Array:
    rows = ((np.arange(height) + 0.5) / height) ** 1.5
    return np.asarray(LOWEST_DEG + (HIGHEST_DEG - LOWEST_DEG) * rows)


def _rays(width: int, height: int) -> Array:
    az = (np.arange(width) + 0.5) / width * 2 * np.pi
    el = np.radians(_elevation_deg(height))[:, None]
    parts = (np.cos(el) * np.sin(az), np.sin(el) + 0 * az, -np.cos(el) * np.cos(az))
    return np.stack(parts, -1)


def _picture(cover: Array, light: Array, width: int, height: int) -> NDArray[np.uint8]:
    from scipy.ndimage import gaussian_filter

    light = (light / np.maximum(cover, 1e-3)).reshape(height, width)
    cover = cover.reshape(height, width) * smooth(1.0, 5.0, _elevation_deg(height))[:, None]
    cover = gaussian_filter(cover**0.9, 0.9, mode=("nearest", "wrap"))
    light = gaussian_filter(light, 1.4, mode=("nearest", "wrap"))
    return bytes8(cover, light, light)[::-1]
