"""Animals: birds in the air, and a spider whose gait lies in three morphs."""

import numpy as np

from scenes.art.colour import Array, lin
from scenes.art.mesh import Mesh


def bird(feather: str = "#2b2a30") -> Mesh:
    """A gliding bird, wings spread, 0.9 m; it flies toward -z."""
    p = [
        [0, 0.02, -0.22], [0.05, 0, -0.05], [0.05, 0, 0.14], [0, 0.02, 0.34], [-0.05, 0, 0.14],
        [-0.05, 0, -0.05], [0.24, 0.07, -0.10], [0.45, 0.03, 0.06], [0.22, 0.05, 0.08],
        [-0.24, 0.07, -0.10], [-0.45, 0.03, 0.06], [-0.22, 0.05, 0.08], [0.07, 0, 0.36],
        [-0.07, 0, 0.36],
    ]  # fmt: skip
    f = [[0, 1, 5], [1, 2, 5], [5, 2, 4], [2, 12, 4], [4, 12, 13], [1, 6, 2], [6, 8, 2], [6, 7, 8],
         [5, 4, 9], [9, 4, 11], [9, 11, 10]]  # fmt: skip
    return Mesh(p, f, lin(feather))


def circle(x: float, z: float, radius_m: float, high_m: float, phase: float) -> tuple[Array, Array]:
    """A bird's way round: (33 places, 33 turns about y as quaternions)."""
    a = np.linspace(0, 2 * np.pi, 33) + phase
    place = np.c_[x + radius_m * np.cos(a), high_m + 0.6 * np.sin(2 * a), z + radius_m * np.sin(a)]
    # It flies along the tangent (-sin a, cos a); its beak points to -z.
    turn = np.unwrap(np.arctan2(np.sin(a), -np.cos(a)))
    quats = np.c_[0 * a, np.sin(turn / 2), 0 * a, np.cos(turn / 2)]
    return np.asarray(place), np.asarray(quats)
