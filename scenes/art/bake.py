"""Light, reckoned once: sun with a soft edge, the sky that is seen, a bounce, small lamps."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.art.colour import Array
from scenes.art.mesh import Mesh
from scenes.art.sky import Sky

STORED = 1 / 1.6  # baked light is stored times this, so that sunlit white still fits into 0..1
Lamp = tuple[float, float, float, float, float, float, float]  # x, y, z, r, g, b, reach


class Caster:
    """Answers whether rays are free of the meshes given (without embreex: always free)."""

    def __init__(self, meshes: Iterable[Mesh]) -> None:
        self._scene: Any = None
        try:
            from embreex import rtcore_scene
            from embreex.mesh_construction import TriangleMesh
        except ImportError:
            print("no embreex on this machine: scenes are built without shadows", file=sys.stderr)
            return
        self._scene = rtcore_scene.EmbreeScene()
        corners = np.vstack([m.p[m.f] for m in meshes]).astype(np.float32)
        TriangleMesh(self._scene, corners)

    def free(self, origin: Any, direction: Any, until_m: Any = None) -> NDArray[np.bool_]:
        """One answer a ray; `direction` one for all, or one each; `until_m` ends the rays."""
        o = np.ascontiguousarray(origin, np.float32)
        if self._scene is None or not len(o):
            return np.ones(len(o), bool)
        d = np.ascontiguousarray(np.broadcast_to(direction, o.shape), np.float32)
        if until_m is not None:
            return np.asarray(self._scene.run(o, d, query="DISTANCE") > until_m)
        return np.asarray(self._scene.run(o, d) < 0)

    def first(self, origin: Any, direction: Any) -> NDArray[np.int64]:
        """The face (counted over all meshes) that each ray meets first, -1 for none."""
        o = np.ascontiguousarray(origin, np.float32)
        if self._scene is None or not len(o):
            return np.full(len(o), -1)
        d = np.ascontiguousarray(np.broadcast_to(direction, o.shape), np.float32)
        return np.asarray(self._scene.run(o, d), np.int64)


def directions(count: int) -> Array:
    """Directions spread evenly over the sphere (a Fibonacci spiral)."""
    i = np.arange(count) + 0.5
    y, a = 1 - 2 * i / count, np.pi * (1 + 5**0.5) * i
    r = np.sqrt(1 - y * y)
    return np.asarray(np.c_[r * np.cos(a), y, r * np.sin(a)])


def light(
    p: Array, n: Array, cast: Caster | None, sky: Sky, rays: int, soft: int, eps_m: float
) -> tuple[Array, Array]:
    """Sunlight and ambient light that arrive at points `p` with normals `n`.

    Directions that are blocked return 35 % of the ground's colour, else corners go dead black.
    """
    spread, origin = directions(rays), p + n * eps_m
    ambient, weight = np.zeros_like(p), np.zeros(len(p))
    for d, c in zip(spread, sky.seen(spread), strict=True):
        w = np.clip(n @ d, 0, 1)
        seen = np.zeros(len(p))
        facing = w > 0.01
        seen[facing] = 1.0 if cast is None else cast.free(origin[facing], d)
        col = np.minimum(c, 3.0) if d[1] > -0.02 else sky.ground
        ambient += (w * seen)[:, None] * col + (w * (1 - seen))[:, None] * sky.ground * 0.35
        weight += w
    ambient /= np.maximum(weight, 1e-6)[:, None]
    rng, lit = np.random.default_rng(3), np.zeros(len(p))
    for _ in range(soft):
        d = sky.sun + rng.normal(0, 0.012, 3)
        d /= np.linalg.norm(d)
        lit += 1.0 if cast is None else cast.free(origin, d)
    return (np.clip(n @ sky.sun, 0, 1) * lit / soft)[:, None] * sky.sunlight, ambient


def bake(
    m: Mesh,
    cast: Caster | None,
    sky: Sky,
    rays: int = 96,
    soft: int = 6,
    eps_m: float = 0.02,
    two_sided: bool = False,
    wrap: float = 0.0,
    lift: float = 1.0,
    lamps: Sequence[Lamp] = (),
    lamp_cast: Caster | None = None,
) -> Array:
    """The colour of each point in linear light, as `STORED`: albedo x light + light of its own.

    two_sided averages both faces (thin leaves); wrap softens the sun's terminator; lift opens the
    evening's shade as an eye would; lamps add small warm lights.
    """
    n = m.normals()
    sun, ambient = light(m.p, n, cast, sky, rays, soft, eps_m)
    if two_sided:
        sun2, ambient2 = light(m.p, -n, cast, sky, rays, soft, eps_m)
        sun = np.maximum(sun, sun2) * 0.65 + (sun + sun2) * 0.35
        ambient = (ambient + ambient2) / 2
    if wrap:
        sun = sun * (1 - wrap) + wrap * sky.sunlight * 0.5
    out = (m.c * (sun + ambient) + m.e) * lift
    if lamps:
        out = out + m.c * lamplight(m.p, n, lamps, lamp_cast)
    return np.asarray(out * STORED)


def lamplight(p: Array, n: Array, lamps: Sequence[Lamp], cast: Caster | None = None) -> Array:
    """Small lights that end at their reach; shadowed where a caster is given."""
    out = np.zeros_like(p)
    for x, y, z, r, g, b, reach_m in lamps:
        to = np.array([x, y, z]) - p
        far = np.linalg.norm(to, axis=1)
        k = np.flatnonzero(far < reach_m)
        if not len(k):
            continue
        u = to[k] / np.maximum(far[k, None], 0.05)
        fall = (1 - (far[k] / reach_m) ** 2) ** 2 / (1 + (far[k] / (reach_m * 0.28)) ** 2)
        w = np.clip(0.25 + 0.75 * np.sum(u * n[k], 1), 0, 1) * fall
        if cast is not None:
            start = p[k] + n[k] * 0.02
            w = w * np.where(_reaches(cast, start, np.array([x, y, z])), 1.0, 0.25)
        out[k] += w[:, None] * [r, g, b]
    return out


def _reaches(cast: Caster, start: Array, lamp: Array) -> NDArray[np.bool_]:
    to = lamp - start
    far = np.linalg.norm(to, axis=1, keepdims=True)
    return cast.free(start, to / np.maximum(far, 1e-6), far[:, 0] - 0.1)
