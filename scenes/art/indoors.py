"""Light in rooms: panes and lamps as surfaces, soft shadows, and what walls throw back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scenes.art.bake import STORED, Caster, directions
from scenes.art.colour import Array
from scenes.art.mesh import Mesh, merge


@dataclass(frozen=True)
class Panel:
    """A flat light: its middle, the half of each of its two edges, its light, samples along both.

    It shines to the side that edge x edge' points to.
    """

    middle: Any
    half: Any
    half2: Any
    light: Any
    samples: tuple[int, int] = (2, 2)

    def points(self) -> Array:
        """Where its light is taken to come from (n, 3)."""
        a, b = (np.asarray(h, float) for h in (self.half, self.half2))
        u, v = ((np.arange(n) + 0.5) / n * 2 - 1 for n in self.samples)
        grid = u[:, None, None] * a + v[None, :, None] * b
        return np.asarray(self.middle, float) + grid.reshape(-1, 3)

    def quad_mesh(self, c: Any = (0.8, 0.8, 0.8), bright: float = 1.0) -> Mesh:
        """The panel as one sees it."""
        m, a, b = (np.asarray(v, float) for v in (self.middle, self.half, self.half2))
        p = [m - a - b, m + a - b, m + a + b, m - a + b]
        return Mesh(p, [[0, 1, 2], [0, 2, 3]], c).glowing(np.asarray(self.light) * bright)


class Rooms:
    """Solid surfaces lit by panels; light goes round twice. Direct light is kept noise-free.

    Without a ray caster on this machine rooms are lit without shadows or bounces.
    """

    def __init__(self, solids: Sequence[Mesh], panels: Sequence[Panel], outside: Any = 0.0) -> None:
        self.panels, self.outside = panels, np.asarray(outside, float)
        self._solid = merge(solids)
        m = self._solid
        self._cast = Caster([m])
        # Faces, not points: points lie in corners and edges, where it is darker than between.
        middle, own = m.p[m.f].mean(1), m.e[m.f].mean(1)
        n = m.normals()[m.f].mean(1)
        n /= np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-9)
        albedo, direct = m.c[m.f].mean(1), self._direct(middle, n)
        self._glow: Array = albedo * direct + own
        self._glow = albedo * (direct + self._gather(middle, n, 32)) + own

    def holding(self, people: Mesh, share: float = 0.35) -> "Rooms":
        """The same rooms with something in them that shades; it throws back little light."""
        other = object.__new__(Rooms)
        other.panels, other.outside = self.panels, self.outside
        other._solid = merge([self._solid, people])
        other._cast = Caster([other._solid])
        mean = self._glow.mean(0)
        theirs = people.c[people.f].mean(1) * mean * share / max(float(mean.mean()), 1e-6) * 0.5
        other._glow = np.vstack([self._glow, theirs])
        return other

    def _direct(self, p: Array, n: Array, eps_m: float = 0.01) -> Array:
        out, start = np.zeros_like(p), p + n * eps_m
        for panel in self.panels:
            a, b = (np.asarray(h, float) for h in (panel.half, panel.half2))
            way = np.cross(a, b)
            area = 4 * float(np.linalg.norm(way))
            way /= np.linalg.norm(way)
            points = panel.points()
            for q in points:
                to = q - start
                far2 = np.einsum("ij,ij->i", to, to)
                far = np.sqrt(far2)
                to /= far[:, None]
                shine = np.clip(-(to @ way), 0, 1) * np.clip(np.einsum("ij,ij->i", to, n), 0, 1)
                shine *= area / len(points) / (np.pi * (far2 + area / len(points) * 0.35))
                k = np.flatnonzero(shine > 1e-4)
                if len(k):
                    free = self._cast.free(start[k], to[k], far[k] - 0.06)
                    out[k] += (shine[k] * free)[:, None] * np.asarray(panel.light, float)
        return out

    def _gather(self, p: Array, n: Array, rays: int, eps_m: float = 0.01) -> Array:
        spread, start = directions(rays * 2), p + n * eps_m
        out, weight = np.zeros_like(p), np.zeros(len(p))
        for d in spread:
            w = n @ d
            k = np.flatnonzero(w > 0.02)
            if not len(k):
                continue
            face = self._cast.first(start[k], d)
            seen = np.where((face >= 0)[:, None], self._glow[face], self.outside)
            out[k] += w[k, None] * np.minimum(seen, 2.5)
            weight[k] += w[k]
        return np.asarray(out / np.maximum(weight, 1e-6)[:, None])

    def bake(
        self, m: Mesh, rays: int = 48, eps_m: float = 0.01, lift: float = 1.0, wrap: float = 0.0
    ) -> Array:
        """The colour of each point as `bake.STORED`; wrap softens the shade on round things."""
        n = m.normals()
        direct = self._direct(m.p, n, eps_m)
        if wrap:
            direct = direct * (1 - wrap) + wrap * direct.mean(0) * 0.6
        light = direct + self._gather(m.p, n, rays, eps_m)
        return np.asarray((m.c * light * lift + m.e) * STORED)
