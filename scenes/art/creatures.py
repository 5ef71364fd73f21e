"""Animals: birds in the air, and a spider whose gait lies in three morphs."""

import numpy as np

from scenes.art.blend import Bone, melted
from scenes.art.colour import Array, lin, mix
from scenes.art.mesh import Mesh, merge
from scenes.art.shapes import sphere, tube


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


LEGS = (  # where each leg of the left side begins (z), which way it goes, how long it is
    (-0.075, 0.95, 0.56), (-0.028, 0.30, 0.50), (0.020, -0.28, 0.44), (0.062, -0.92, 0.58),
)  # fmt: skip


def spider(rounds: int = 14, hairs: int = 260) -> tuple[Mesh, list[Array]]:
    """(a house spider of leg span 1, its head to -z; three morphs as offsets of its points).

    Morph 1 sets legs of one half forward and of the other back (weight -1..1), morphs 2 and 3
    lift the one half or the other: an alternating gait (science of walking: alternating tetrapods).
    """
    body = _spider_body(hairs)

    def legs(swing: float, lift_one: float, lift_two: float) -> Mesh:
        out = []
        for side in (-1, 1):
            for k in range(4):
                first = (k + (side > 0)) % 2 == 0
                turn, lift = (swing, lift_one) if first else (-swing, lift_two)
                out.append(_leg(side, k, turn, lift, rounds))
            palp = np.array([[0.03, 0.085, -0.115], [0.045, 0.12, -0.165], [0.04, 0.075, -0.205],
                             [0.034, 0.045, -0.215]]) * [side, 1, 1]  # fmt: skip
            out.append(tube(palp, [0.013, 0.012, 0.011, 0.006], 6, lin("#6b4a33")))
        return merge(out)

    rest = legs(0, 0, 0)
    still = np.zeros_like(body.p)
    posed = (legs(1, 0, 0), legs(0, 1, 0), legs(0, 0, 1))
    return merge([body, rest]), [np.vstack([still, m.p - rest.p]) for m in posed]


def _leg(side: int, k: int, swing: float, lift: float, rounds: int) -> Mesh:
    z, way, long = LEGS[k]
    turn = way + 0.20 * swing
    out = np.array([side * np.cos(turn), 0, -np.sin(turn)])
    hip = np.array([side * 0.052, 0.085, z])
    reach = np.array([0.0, 0.16, 0.42, 0.52, 0.86, 1.0]) * long
    rise = np.array([0.085, 0.15 + 0.015 * lift, 0.245, 0.225, 0.055, 0.006])
    rise = rise + lift * np.array([0, 0.01, 0.03, 0.04, 0.06, 0.065])
    joints = hip * [1, 0, 1] + out * reach[:, None] + np.c_[0 * rise, rise, 0 * rise]
    t = np.linspace(0, 5, rounds)
    path = np.stack([np.interp(t, np.arange(6), joints[:, a]) for a in range(3)], -1)
    path[1:-1] = path[1:-1] * 0.6 + (path[:-2] + path[2:]) * 0.2
    thick = np.interp(t, np.arange(6), [0.016, 0.0185, 0.0155, 0.0125, 0.0085, 0.0035])
    rings = np.clip(np.cos(t * 2 * np.pi / 1.25), 0, 1)
    dark, pale = lin("#33241b"), lin("#7a5840")
    return tube(path, thick, 6, mix(pale, dark, np.repeat(0.35 + 0.65 * rings, 6)))


def _spider_body(hairs: int) -> Mesh:
    brown, dark, pale = lin("#5b3f2b"), lin("#33231a"), lin("#b08a62")
    bones = [
        Bone((0, 0.088, -0.075), (0, 0.095, 0.045), 0.062, 0.068, brown),
        Bone((0, 0.10, -0.105), (0, 0.10, -0.09), 0.044, 0.05, dark),
        Bone((0, 0.095, 0.075), (0, 0.10, 0.11), 0.026, 0.03, dark),
        Bone((0, 0.118, 0.175), (0, 0.112, 0.265), 0.088, 0.062, brown),
        Bone((-0.022, 0.055, -0.135), (-0.020, 0.02, -0.15), 0.021, 0.012, dark),
        Bone((0.022, 0.055, -0.135), (0.020, 0.02, -0.15), 0.021, 0.012, dark),
        Bone((-0.012, 0.10, 0.32), (-0.014, 0.10, 0.35), 0.012, 0.006, dark),
        Bone((0.012, 0.10, 0.32), (0.014, 0.10, 0.35), 0.012, 0.006, dark),
    ]
    m = melted(bones, 0.017, 0.010)
    x, y, z = m.p.T
    back = np.clip((y - 0.11) / 0.06, 0, 1)
    chevron = np.clip(np.sin((z - np.abs(x) * 0.9) * 120), 0, 1) * (z > 0.10) * (np.abs(x) < 0.05)
    m.c = mix(m.c, pale, chevron * back * 0.75)
    m.c = mix(m.c, pale, np.exp(-((x / 0.014) ** 2)) * (z < 0.06) * back * 0.5)
    eyes = [sphere(1, lin("#15110f")).at(ex, ey, ez, scale=size) for ex, ey, ez, size in (
        (-0.013, 0.142, -0.137, 0.0085), (0.013, 0.142, -0.137, 0.0085),
        (-0.032, 0.136, -0.126, 0.0065), (0.032, 0.136, -0.126, 0.0065),
        (-0.018, 0.118, -0.151, 0.006), (0.018, 0.118, -0.151, 0.006))]  # fmt: skip
    return merge([m, *eyes, _hairs(m, hairs)])


def _hairs(m: Mesh, count: int) -> Mesh:
    """Short hairs that stand off the body: what makes a spider a spider."""
    r = np.random.default_rng(3)
    k = r.integers(0, len(m.p), count)
    root, n = m.p[k], m.normals()[k]
    side = np.cross(n, r.normal(size=(count, 3)))
    side *= 0.0022 / np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    tip = root + n * r.uniform(0.014, 0.034, (count, 1)) + [0, 0, 0.012]
    p = np.stack([root - side, root + side, tip], 1).reshape(-1, 3)
    c = np.repeat(m.c[k] * r.uniform(0.5, 1.3, (count, 1)), 3, 0)
    return Mesh(p, np.arange(3 * count).reshape(-1, 3), c, n=np.repeat(n, 3, 0))


def wander(seed: int, wide_m: float, points: int) -> tuple[Array, Array, float]:
    """A closed way without corners: places (n, 3), headings (radians about y), its length.

    The first place is the last; heading 0 looks to -z.
    """
    r, a = np.random.default_rng(seed), np.linspace(0, 2 * np.pi, 721)
    x, z = (
        sum(r.normal() / k**1.3 * np.sin(k * a + r.uniform(0, 6.28)) for k in (1, 2, 3))
        for _ in range(2)
    )
    way = np.stack([x, 0 * a, z], -1)
    way -= way[0]
    way *= wide_m / np.abs(way - way.mean(0)).max()
    along = np.r_[0, np.cumsum(np.linalg.norm(np.diff(way, axis=0), axis=1))]
    even = np.linspace(0, along[-1], points)
    place = np.stack([np.interp(even, along, way[:, k]) for k in range(3)], -1)
    step = np.diff(place, axis=0, append=place[1:2])
    heading = np.unwrap(np.arctan2(-step[:, 0], -step[:, 2]))
    heading[-1] = heading[0] + 2 * np.pi * np.round((heading[-1] - heading[0]) / (2 * np.pi))
    return place, np.asarray(heading), float(along[-1])
