"""Where something is and which way it is turned: heads, hands, eyes, and the matrices of them."""

from dataclasses import dataclass
from math import atan2, cos, sin

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float64]
type Triple = tuple[float, float, float]
type Turn = tuple[float, float, float, float]  # a unit quaternion, x y z w

NEAR_M, FAR_M = 0.05, 6000.0
UNTURNED: Turn = (0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Pose:
    """A place in metres and a turn; -z is forward, y is up, 0 is the floor."""

    at: Triple = (0.0, 0.0, 0.0)
    turn: Turn = UNTURNED

    def matrix(self) -> Array:
        """The 4x4 matrix from its own space to the space it is told in."""
        return placed(self.at, self.turn)

    def row(self) -> list[float]:
        """The seven numbers of a `pose` message."""
        return [round(v, 5) for v in (*self.at, *self.turn)]

    def forward(self) -> Triple:
        """The direction it faces.

        >>> Pose().forward()
        (0.0, 0.0, -1.0)
        """
        x, y, z, w = self.turn
        return -2 * (x * z + y * w) + 0.0, -2 * (y * z - x * w) + 0.0, -1 + 2 * (x * x + y * y)

    @property
    def yaw(self) -> float:
        """How far it is turned about the vertical, radians, left positive."""
        x, _, z = self.forward()
        return atan2(-x, -z)

    def mirrored(self) -> "Pose":
        """Its mirror image across the middle of the body, x = 0: what the other side would do.

        >>> Pose((0.2, 1.0, -0.4)).mirrored().at
        (-0.2, 1.0, -0.4)
        """
        (x, y, z), (a, b, c, w) = self.at, self.turn
        return Pose((-x, y, z), (a, -b, -c, w))

    def after(self, other: "Pose") -> "Pose":
        """This pose, told in the space of `other`, in the space that `other` is told in."""
        m = other.matrix() @ np.array([*self.at, 1.0])
        return Pose((float(m[0]), float(m[1]), float(m[2])), product(other.turn, self.turn))


def turned(yaw: float, pitch: float = 0.0) -> Turn:
    """A look to the left by `yaw` and then up by `pitch`, radians."""
    a, b = yaw / 2, pitch / 2
    return product((0.0, sin(a), 0.0, cos(a)), (sin(b), 0.0, 0.0, cos(b)))


def product(a: Turn, b: Turn) -> Turn:
    """First b, then a."""
    ax, ay, az, aw = a
    bx, by, bz, bw = b
    return (
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
    )


def placed(at: Triple, turn: Turn, scale: Triple = (1.0, 1.0, 1.0)) -> Array:
    """The matrix of a translation, rotation and scale, for column vectors."""
    x, y, z, w = turn
    axes = (
        (1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w)),
        (2 * (x * y - z * w), 1 - 2 * (x * x + z * z), 2 * (y * z + x * w)),
        (2 * (x * z + y * w), 2 * (y * z - x * w), 1 - 2 * (x * x + y * y)),
    )
    out = np.eye(4)
    for k in range(3):
        out[:3, k] = axes[k]
        out[:3, k] *= scale[k]
    out[:3, 3] = at
    return out


def inverse(m: Array) -> Array:
    """The inverse of a turn and a translation without scale."""
    out = np.eye(4)
    out[:3, :3] = m[:3, :3].T
    out[:3, 3] = -m[:3, :3].T @ m[:3, 3]
    return out


def rigid(m: Array) -> Array:
    """A matrix with its scale taken out: what a viewer stands on must not shrink the viewer."""
    out = m.copy()
    out[:3, :3] /= np.linalg.norm(m[:3, :3], axis=0)
    return out


def projection(left: float, right: float, up: float, down: float) -> Array:
    """The projection of an eye, given the tangents of its four angles (left and down negative)."""
    out = np.zeros((4, 4))
    out[0, 0], out[0, 2] = 2 / (right - left), (right + left) / (right - left)
    out[1, 1], out[1, 2] = 2 / (up - down), (up + down) / (up - down)
    out[2, 2] = -(FAR_M + NEAR_M) / (FAR_M - NEAR_M)
    out[2, 3] = -2 * FAR_M * NEAR_M / (FAR_M - NEAR_M)
    out[3, 2] = -1.0
    return out
