"""People and what they bring to a beach: few parts, one silhouette each, for 15 m and more."""

from typing import Any

import numpy as np

from scenes.art.colour import Array, lin, mix
from scenes.art.mesh import Mesh, merge
from scenes.art.shapes import box, lathe, sphere, tube

TORSO = [
    (0, 0.86),
    (0.15, 0.90),
    (0.128, 1.02),
    (0.145, 1.15),
    (0.178, 1.34),
    (0.15, 1.42),
    (0, 1.46),
]
SEATED = [(0, 0.05), (0.17, 0.07), (0.15, 0.3), (0.17, 0.52), (0.06, 0.62), (0, 0.63)]


def walker(shirt: Array, skin: Array, legs: Array, stride: float = 0.28) -> Mesh:
    """Someone walking toward -z, 1.75 m."""
    head = sphere(1, skin)
    head.p *= [0.095, 0.125, 0.105]
    hair = sphere(1, lin("#3a2a22"))
    hair.p *= [0.104, 0.118, 0.112]
    body = lathe(TORSO, 10, shirt)
    body.p[:, 2] *= 0.66
    parts = [head.at(0, 1.61, 0), hair.at(0, 1.645, 0.022), body]
    parts.append(tube([[0, 1.42, 0.01], [0, 1.54, 0]], 0.05, 7, skin))
    for s in (-1, 1):
        knee = [s * 0.09, 0.49, -s * stride * 0.45 - 0.03]
        foot = [s * 0.09, 0.04, -s * stride * 0.8]
        leg = [[s * 0.082, 0.93, 0], knee, foot]
        parts.append(
            tube(leg, [0.088, 0.062, 0.042], 7, mix(legs, skin, np.repeat([0, 0, 1.0], 7)))
        )
        arm = [[s * 0.18, 1.38, 0], [s * 0.23, 1.12, s * stride * 0.4]]
        arm.append([s * 0.215, 0.86, s * stride * 0.8 - 0.06])
        parts.append(tube(arm, [0.05, 0.042, 0.03], 6, mix(shirt, skin, np.repeat([0, 0.5, 1], 6))))
        parts.append(box(0.085, 0.06, 0.22, skin, 0.015).at(s * 0.09, 0, -s * stride * 0.8 - 0.04))
    return merge(parts)


def sitter(shirt: Array, skin: Array) -> Mesh:
    """Someone sitting on a towel, looking toward -z."""
    head, hair = sphere(1, skin), sphere(1, lin("#4a3020"))
    parts = [head.at(0, 0.78, 0, scale=0.11), hair.at(0, 0.82, 0.02, scale=0.115)]
    parts.append(lathe(SEATED, 9, shirt))
    for s in (-1, 1):
        leg = [[s * 0.1, 0.12, 0], [s * 0.12, 0.38, -0.42], [s * 0.11, 0.04, -0.72]]
        arm = [[s * 0.17, 0.54, 0], [s * 0.24, 0.32, 0.12], [s * 0.27, 0.05, 0.22]]
        parts.append(tube(leg, [0.085, 0.06, 0.04], 6, skin))
        parts.append(tube(arm, [0.045, 0.04, 0.03], 6, skin))
    parts.append(box(0.95, 0.025, 1.9, lin("#e8dccb"), 0.01).at(0, 0, -0.3))
    return merge(parts)


def parasol(one: Any, two: Any) -> Mesh:
    """A striped parasol, 2.3 m, seen from both sides."""
    n = 16
    p: list[list[float]] = [[0, 2.3, 0]]
    c: list[Any] = [one]
    f: list[list[int]] = []
    for i in range(n):
        colour, k = (one, two)[i % 2], len(p)
        for r, y in ((0.75, 2.08), (1.3, 1.74)):
            for a in (i * 2 * np.pi / n, (i + 1) * 2 * np.pi / n):
                p.append([r * np.cos(a), y, r * np.sin(a)])
                c.append(colour)
        p.append([0, 2.3, 0])
        c.append(colour)
        f += [[k + 4, k + 1, k], [k, k + 1, k + 3], [k, k + 3, k + 2]]
    pole = tube([[0, 0, 0], [0, 2.34, 0]], 0.022, 6, lin("#efe6d8"))
    return merge([Mesh(p, f, np.array(c)), pole]).at(rz=0.16)
