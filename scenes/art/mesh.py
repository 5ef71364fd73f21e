"""Meshes: points, triangles, colours; put together, moved, checked for their winding."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from scenes.art.colour import Array


class Mesh:
    """A surface before its light is baked.

    p points (n, 3); f triangles (m, 3); c albedo, linear (n, 3); w alpha of COLOR_0: sway, dryness
    or a random offset (n,); e light of its own (n, 3); uv (n, 2); n normals only where given.
    """

    def __init__(
        self,
        p: Any,
        f: Any,
        c: Any = (0.5, 0.5, 0.5),
        w: Any = 0.0,
        e: Any = 0.0,
        uv: Any = None,
        n: Any = None,
    ) -> None:
        self.p: Array = np.asarray(p, float).reshape(-1, 3)
        self.f = np.asarray(f, int).reshape(-1, 3)
        count = len(self.p)
        self.c: Array = np.broadcast_to(np.asarray(c, float), (count, 3)).copy()
        self.w: Array = np.broadcast_to(np.asarray(w, float), (count,)).copy()
        self.e: Array = np.broadcast_to(np.asarray(e, float), (count, 3)).copy()
        self.uv: Array = np.zeros((count, 2)) if uv is None else np.asarray(uv, float)
        self.n: Array | None = None if n is None else np.asarray(n, float)

    def normals(self) -> Array:
        """Those given, else the area-weighted mean of the faces round each point."""
        if self.n is not None:
            return self.n
        total = np.zeros_like(self.p)
        face = self.face_normals()
        for axis in range(3):
            for corner in range(3):
                weights = face[:, axis]
                total[:, axis] += np.bincount(self.f[:, corner], weights, len(self.p))
        length = np.linalg.norm(total, axis=1, keepdims=True)
        return np.asarray(total / np.maximum(length, 1e-9))

    def face_normals(self) -> Array:
        """Not of unit length: the length is twice the area."""
        t = self.p[self.f]
        return np.asarray(np.cross(t[:, 1] - t[:, 0], t[:, 2] - t[:, 0]))

    def copy(self) -> "Mesh":
        return Mesh(self.p.copy(), self.f.copy(), self.c, self.w, self.e, self.uv.copy(), self.n)

    def at(
        self,
        x: float = 0,
        y: float = 0,
        z: float = 0,
        ry: float = 0.0,
        scale: float = 1.0,
        rx: float = 0.0,
        rz: float = 0.0,
    ) -> "Mesh":
        """A copy, scaled, then turned (radians: z, then x, then y), then moved."""
        m, turn = self.copy(), rotation(rx, ry, rz)
        m.p = (m.p * scale) @ turn.T + (x, y, z)
        if m.n is not None:
            m.n = m.n @ turn.T
        return m

    def upon(self, place: Any, ry: float = 0.0, scale: float = 1.0) -> "Mesh":
        """`at`, with the place as one row of three."""
        x, y, z = (float(v) for v in place)
        return self.at(x, y, z, ry=ry, scale=scale)

    def glowing(self, light: Any) -> "Mesh":
        """Itself, giving off light."""
        self.e[:] = light
        return self

    def flat(self) -> "Mesh":
        """A copy with hard edges: own points for every face."""
        i = self.f.ravel()
        faces = np.arange(len(i)).reshape(-1, 3)
        return Mesh(self.p[i], faces, self.c[i], self.w[i], self.e[i], self.uv[i])


def rotation(rx: float, ry: float, rz: float) -> Array:
    """Turns about z, then x, then y, in radians."""
    cx, sx, cy, sy, cz, sz = (f(a) for a in (rx, ry, rz) for f in (np.cos, np.sin))
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return np.asarray(about_y @ about_x @ about_z, float)


def merge(meshes: Iterable[Mesh]) -> Mesh:
    """One mesh of many, one draw call."""
    ms = list(meshes)
    start = np.cumsum([0] + [len(m.p) for m in ms])
    return Mesh(
        np.vstack([m.p for m in ms]),
        np.vstack([m.f + k for m, k in zip(ms, start, strict=False)]),
        np.vstack([m.c for m in ms]),
        np.concatenate([m.w for m in ms]),
        np.vstack([m.e for m in ms]),
        np.vstack([m.uv for m in ms]),
        np.vstack([m.normals() for m in ms]),
    )


def facing_out(m: Mesh) -> float:
    """Share of faces whose winding agrees with their points' normals; must be 1.

    Wound the wrong way everything still looks almost right: tubes show their inside, towers
    their far walls.
    """
    face = m.face_normals()
    size = np.linalg.norm(face, axis=1)
    agree = np.einsum("ij,ij->i", face, m.normals()[m.f].sum(1)) > 0
    real = size > 1e-10
    return float(agree[real].mean()) if real.any() else 1.0


def turned_about_y(angle: Any) -> Array:
    """Quaternions (x, y, z, w) of turns about the vertical, one a row."""
    a = np.atleast_1d(np.asarray(angle, float))
    return np.asarray(np.c_[np.zeros_like(a), np.sin(a / 2), np.zeros_like(a), np.cos(a / 2)])
