"""Tileable noise, made by filtering white noise in the Fourier domain."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from scenes.art.colour import Array

N = 512  # cells along one side of the tiles below


def spectral(
    shape: tuple[int, ...], beta: float, seed: int, low: float = 1.0, high: float = 1e9
) -> NDArray[np.float32]:
    """Noise of spectrum 1/k^beta within `low`..`high` periods a tile; mean 0, sd 1."""
    white = np.random.default_rng(seed).standard_normal(shape)
    axes = np.meshgrid(*[np.fft.fftfreq(n) * n for n in shape], indexing="ij")
    k = np.sqrt(sum((f**2 for f in axes), np.zeros(shape)))
    k[(0,) * len(shape)] = 1
    gain = np.where((k >= low) & (k <= high), k ** (-beta / 2), 0)
    v = np.fft.ifftn(np.fft.fftn(white) * gain).real
    v -= v.mean()
    return np.asarray(v / v.std(), np.float32)


@cache
def _rough() -> NDArray[np.float32]:
    return spectral((N, N), 2.6, 7, low=3)


@cache
def _steep() -> NDArray[np.float32]:
    return np.tile(spectral((N // 2, N // 2), 4.2, 17, low=3), (2, 2))


def _read(tile: NDArray[np.float32], x: Array, z: Array, size_m: float) -> Array:
    u, v = np.asarray(x) / size_m * N % N, np.asarray(z) / size_m * N % N
    i, j = u.astype(int), v.astype(int)
    fu, fv = u - i, v - j
    i0, j0, i1, j1 = i % N, j % N, (i + 1) % N, (j + 1) % N
    near = tile[i0, j0] * (1 - fu) + tile[i1, j0] * fu
    far = tile[i0, j1] * (1 - fu) + tile[i1, j1] * fu
    return np.asarray(near * (1 - fv) + far * fv, float)


def noise2(x: Array, z: Array, size_m: float) -> Array:
    """For colours and bumps: sd about 1, repeats every `size_m`, features of a third of it."""
    return _read(_rough(), x, z, size_m)


def land2(x: Array, z: Array, size_m: float) -> Array:
    """For the height of land: steeper spectrum, else a coarse grid folds like cloth."""
    return _read(_steep(), x, z, size_m * 2)
