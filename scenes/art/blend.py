"""Bodies melted together from round bones: a distance field, and the surface where it is zero.

The surface is found by naive surface nets (S. Gibson, MICCAI 1998): one point in every cell that
the surface crosses, moved onto it, and a patch over every grid edge that the surface cuts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from scenes.art.colour import Array
from scenes.art.mesh import Mesh


@dataclass(frozen=True)
class Bone:
    """A round limb from `a` (radius ra) to `b` (radius rb), in one colour; metres."""

    a: tuple[float, float, float]
    b: tuple[float, float, float]
    ra: float
    rb: float
    colour: Any = (0.5, 0.5, 0.5)


def distances(p: Array, bones: Sequence[Bone]) -> Array:
    """How far points (n, 3) are from each bone's skin, (n, bones); negative inside."""
    out = np.empty((len(p), len(bones)))
    for k, bone in enumerate(bones):
        a, b = np.asarray(bone.a, float), np.asarray(bone.b, float)
        along = b - a
        t = np.clip((p - a) @ along / max(float(along @ along), 1e-12), 0, 1)
        radius = bone.ra + (bone.rb - bone.ra) * t
        out[:, k] = np.linalg.norm(p - a - t[:, None] * along, axis=1) - radius
    return out


def field(p: Array, bones: Sequence[Bone], soft_m: float) -> Array:
    """The distance to the bones melted together over `soft_m` (a smooth minimum)."""
    d = distances(p, bones)
    least = d.min(1)
    return np.asarray(least - soft_m * np.log(np.exp((least[:, None] - d) / soft_m).sum(1)))


def melted(bones: Sequence[Bone], cell_m: float, soft_m: float) -> Mesh:
    """The skin of the melted bones; `cell_m` is the width of its patches. Colours melt too."""
    ends = np.array([[b.a, b.b] for b in bones]).reshape(-1, 3)
    wide = np.repeat([max(b.ra, b.rb) for b in bones], 2)[:, None] + 3 * cell_m + soft_m
    low, high = (ends - wide).min(0), (ends + wide).max(0)
    axes = [np.arange(low[k], high[k] + cell_m, cell_m) for k in range(3)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), -1)
    v = field(grid.reshape(-1, 3), bones, soft_m).reshape(grid.shape[:3])
    p, f = _nets(v)
    p = low + p * cell_m
    for _ in range(2):
        n = _slope(p, bones, soft_m, cell_m * 0.2)
        p = p - field(p, bones, soft_m)[:, None] * n * 0.8
    d = distances(p, bones)
    weight = np.exp(-(d - d.min(1, keepdims=True)) / (soft_m * 0.8))
    weight /= weight.sum(1, keepdims=True)
    colour = weight @ np.array([np.asarray(b.colour, float) for b in bones])
    return Mesh(p, f, colour, n=_slope(p, bones, soft_m, cell_m * 0.2))


def _slope(p: Array, bones: Sequence[Bone], soft_m: float, step_m: float) -> Array:
    e = np.eye(3) * step_m
    n = np.stack([field(p + q, bones, soft_m) - field(p - q, bones, soft_m) for q in e], -1)
    return np.asarray(n / np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-12))


def _nets(v: Array) -> tuple[Array, Array]:
    """Points (in cells) and triangles of the surface v = 0 of a grid; v < 0 is inside."""
    n = np.array(v.shape) - 1
    corner = [v[i : n[0] + i, j : n[1] + j, k : n[2] + k] for i, j, k in product((0, 1), repeat=3)]
    inside = np.sum([c < 0 for c in corner], 0)
    cut = (inside > 0) & (inside < 8)
    number = np.full(cut.shape, -1)
    number[cut] = np.arange(cut.sum())
    cell = np.argwhere(cut)
    total, count = np.zeros((len(cell), 3)), np.zeros(len(cell))
    for axis in range(3):
        step = np.eye(3, dtype=int)[axis]
        for q in product((0, 1), repeat=2):
            off = np.insert(np.array(q), axis, 0)
            a, b = v[tuple((cell + off).T)], v[tuple((cell + off + step).T)]
            crossed = (a < 0) != (b < 0)
            t = np.where(crossed, a / np.where(crossed, a - b, 1), 0)
            total += crossed[:, None] * (off + t[:, None] * step)
            count += crossed
    faces = [_patches(v, number, axis) for axis in range(3)]
    return cell + total / count[:, None], np.vstack(faces)


def _patches(v: Array, number: Any, axis: int) -> Array:
    """Two triangles over each grid edge along an axis that the surface cuts."""
    step = np.eye(3, dtype=int)
    one, two = step[(axis + 1) % 3], step[(axis + 2) % 3]
    start = np.take(v, range(v.shape[axis] - 1), axis)
    end = np.take(v, range(1, v.shape[axis]), axis)
    at = np.argwhere((start < 0) != (end < 0))
    inner = (at[:, (axis + 1) % 3] > 0) & (at[:, (axis + 2) % 3] > 0)
    at = at[inner & (at < np.array(number.shape)).all(1)]
    a, b, c, d = (number[tuple((at - q).T)] for q in (one + two, two, 0 * one, one))
    outward = start[tuple(at.T)] < 0
    quads = np.where(outward[:, None], np.stack([a, b, c, d], 1), np.stack([a, d, c, b], 1))
    return np.asarray(np.vstack([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]))
