"""Bodies under the heads: torso, arms, hands, legs, and clothes that say who it is."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from scenes.art.colour import Array, mix
from scenes.art.mesh import Mesh, merge
from scenes.art.shapes import box, lattice, ring_faces, tube

# Heights above the seat (sitting) or above the hip (standing): the same trunk for both.
NECK, SHOULDER, HIP_STANDS = 0.60, 0.525, 0.92
HEAD_JOINT = 0.664  # where the head turns
STEP_M = 1.36  # two steps of a walk
# Height, half width, half depth, middle (z): a trunk in a shirt, from the seat to the collar.
_TRUNK = np.array([
    (-0.04, 0.152, 0.105, 0.010), (0.04, 0.162, 0.116, 0.008), (0.12, 0.154, 0.112, 0.006),
    (0.22, 0.140, 0.102, 0.004), (0.31, 0.148, 0.108, 0.000), (0.40, 0.162, 0.116, -0.002),
    (0.47, 0.170, 0.114, 0.004), (0.515, 0.166, 0.100, 0.012), (0.548, 0.136, 0.082, 0.018),
    (0.572, 0.098, 0.068, 0.020), (0.592, 0.070, 0.060, 0.018), (0.602, 0.062, 0.056, 0.016),
])  # fmt: skip


@dataclass(frozen=True)
class Clothes:
    """What someone wears: `over` jacket, cardigan, dress or none over a shirt."""

    skin: Array
    shirt: Array
    legs: Array
    over: Array | None = None
    sleeves: float = 1.0  # share of the arm that is covered
    tie: Array | None = None
    shoes: Any = (0.03, 0.025, 0.022)
    broad: float = 0.0  # build, in standard deviations
    bust: float = 0.0
    skirt: bool = False

    @property
    def outer(self) -> Array:
        return self.shirt if self.over is None else self.over


def _section(k: Clothes, y: Any) -> tuple[Array, Array, Array]:
    half, deep, middle = (np.interp(y, _TRUNK[:, 0], _TRUNK[:, i]) for i in (1, 2, 3))
    wide = 1 + 0.055 * k.broad * np.interp(y, [0.5, 0.56], [1, 0.3])
    return half * wide, deep * (1 + 0.08 * k.broad * np.interp(y, [0.5, 0.56], [1, 0.2])), middle


def trunk_z(k: Clothes, x: Any, y: Any) -> Array:
    """The front of the trunk at a place: where lapels, ties and buttons lie."""
    half, deep, middle = _section(k, y)
    u = np.clip(np.abs(np.asarray(x)) / half, 0, 0.99)
    return np.asarray(middle - deep * (1 - u**2.4) ** (1 / 2.4) - _bust(k, x, y))


def _bust(k: Clothes, x: Any, y: Any) -> Array:
    a, up = np.abs(np.asarray(x)), np.asarray(y)
    return np.asarray(
        0.030 * k.bust * np.exp(-(((a - 0.075) / 0.055) ** 2) - ((up - 0.37) / 0.06) ** 2)
    )


def trunk(k: Clothes, detail: int, low: float = -0.04) -> Mesh:
    """From the seat (or `low`) to the collar, with what is worn over it and the neck."""
    n = (9, 12, 22)[detail]
    rows = (6, 9, 16)[detail]
    grid = np.linspace(0, 1, rows)
    ys = low + (0.602 - low) * (grid * (1.55 - 0.55 * grid))
    half, deep, middle = _section(k, ys)
    t = np.linspace(0, 2 * np.pi, n, endpoint=False)
    s, c = np.sin(t)[None], np.cos(t)[None]
    x = half[:, None] * np.sign(s) * np.abs(s) ** (1 / 1.2)
    z = middle[:, None] - deep[:, None] * np.sign(c) * np.abs(c) ** (1 / 1.2)
    z = z - _bust(k, x, ys[:, None]) * (c > 0)
    folds = 0.004 * np.sin(7 * t[None] + 9 * ys[:, None]) * (ys[:, None] < 0.42)
    p = np.stack([x * (1 + folds * 5), ys[:, None] + 0 * t[None], z * (1 + folds * 4)], -1)
    i, j = np.arange(rows - 1)[:, None] * n, np.arange(n)[None]
    q = (j + 1) % n
    one = np.stack(np.broadcast_arrays(i + j, i + n + j, i + n + q), -1)
    two = np.stack(np.broadcast_arrays(i + j, i + n + q, i + q), -1)
    body = Mesh(p.reshape(-1, 3), np.stack([one, two], 2).reshape(-1, 3), k.outer)
    neck = tube([[0, 0.57, 0.022], [0, 0.64, 0.010], [0, 0.72, 0.004]], [0.060, 0.052, 0.050],
                (6, 8, 12)[detail], k.skin * [0.93, 0.86, 0.84])  # fmt: skip
    return merge([body, neck, *(_front(k, detail) if detail else [])])


def _strip(k: Clothes, ys: Any, left: Any, right: Any, c: Any, off: float, n: int = 3) -> Mesh:
    """A piece of cloth laid on the front of the trunk between two edges."""
    ys = np.asarray(ys, float)
    u = np.linspace(0, 1, n)[None]
    x = np.asarray(left)[:, None] * (1 - u) + np.asarray(right)[:, None] * u
    y = np.broadcast_to(ys[:, None], x.shape)
    z = trunk_z(k, x, y) - off
    m = Mesh(np.stack([x, y, z], -1).reshape(-1, 3), lattice(len(ys), n), c)
    if m.normals()[:, 2].mean() > 0:
        m.f = m.f[:, ::-1]
    return m


def _front(k: Clothes, detail: int) -> list[Mesh]:
    """Collar, the shirt between the lapels, a tie, buttons."""
    out, off = [], 0.0 if detail > 1 else 0.008  # a coarse trunk bulges between its points
    ys = np.linspace(0.20, 0.585, 7 if detail > 1 else 5)
    if k.over is not None:
        half = np.interp(ys, [0.20, 0.26, 0.585], [0.002, 0.008, 0.060])
        out.append(_strip(k, ys, -half, half, k.shirt, 0.004 + off, 5))
        for s in (-1, 1):
            edge, wide = half * s, np.interp(ys, [0.2, 0.45, 0.585], [0.004, 0.040, 0.026])
            out.append(_strip(k, ys, edge, edge + s * wide, k.over * 1.18, 0.007 + off, 2))
    elif detail > 1:
        line = np.full(len(ys), 0.008)
        out.append(_strip(k, ys, -line, line, k.shirt * 1.12, 0.003, 2))
    if k.tie is not None:
        half = np.interp(ys, [0.2, 0.25, 0.55, 0.585], [0.012, 0.030, 0.017, 0.021])
        out.append(_strip(k, ys, -half, half, k.tie, 0.010 + off, 3))
    if detail > 1 and k.sleeves > 0.9:
        for s in (-1, 1):
            collar = np.array([(0.060, 0.606, 0.040), (0.064, 0.604, 0.0),
                               (0.044, 0.598, -0.042), (0.012, 0.574, -0.070)])  # fmt: skip
            collar = collar * [s, 1, 1]
            out.append(limb(collar, [0.006, 0.008, 0.008, 0.005], 6, k.shirt * 1.04))
    return out


def limb(path: Any, radii: Any, n: int, colours: Any) -> Mesh:
    """A bent round body whose rings do not twist; a colour for each point of its path."""
    path = np.asarray(path, float)
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    side = np.cross(along[0], [0.0, 0.0, 1.0] if abs(along[0, 2]) < 0.8 else [1.0, 0.0, 0.0])
    th = np.linspace(0, 2 * np.pi, n, endpoint=False)
    rings = []
    for at, ahead, r in zip(path, along, np.broadcast_to(radii, len(path)), strict=True):
        side = side - ahead * (side @ ahead)
        side = side / np.linalg.norm(side)
        other = np.cross(ahead, side)
        rings.append(at + r * (side * np.cos(th)[:, None] + other * np.sin(th)[:, None]))
    rows = np.broadcast_to(np.asarray(colours, float), (len(path), 3))
    return Mesh(np.vstack(rings), ring_faces(len(path), n), np.repeat(rows, n, 0))


def arm(k: Clothes, side: int, elbow: Any, wrist: Any, detail: int) -> Mesh:
    """From the shoulder by the elbow to the wrist."""
    n = (5, 6, 10)[detail]
    top = np.array([side * (0.160 + 0.010 * k.broad), SHOULDER - 0.020, 0.014])
    elbow, wrist = np.asarray(elbow, float), np.asarray(wrist, float)
    u = np.array([0.0, 0.5, 1.0]) if detail == 0 else np.array([0, 0.25, 0.6, 0.92])
    if detail and k.sleeves < 0.9:  # the sleeve's end is a line
        u = np.array([0, 0.25, 0.6, 2 * k.sleeves, 2 * k.sleeves + 0.02])
    upper = top + (elbow - top) * u[:, None]
    v = np.array([1.0]) if detail == 0 else np.array([0.10, 0.35, 0.7, 1.0])
    lower = elbow + (wrist - elbow) * v[:, None]
    cap = top + np.array([[-side * 0.034, 0.040, 0], [-side * 0.016, 0.027, 0]])
    path = np.vstack([cap, upper, lower])
    share = np.r_[-0.2, -0.1, 0.5 * u, 0.5 + 0.5 * v]
    thick = np.interp(share, [-0.2, -0.1, 0, 0.1, 0.3, 0.5, 0.62, 1.0],
                      [0.016, 0.038, 0.050, 0.054, 0.049, 0.044, 0.042, 0.030])  # fmt: skip
    cloth = np.where(share <= k.sleeves, 1.10, 0.92)
    c = mix(np.broadcast_to(k.skin, (len(share), 3)), k.outer, (share <= k.sleeves).astype(float))
    if 0 < k.sleeves < 1:
        c[share <= k.sleeves] = k.outer
    return limb(path, thick * cloth * (1 + 0.05 * k.broad), n, c)


def hand(skin: Array, side: int, curl: float, detail: int) -> Mesh:
    """A hand at its wrist, fingers toward -z, its back up, the thumb inward (to -side)."""
    if detail == 0:
        return box(0.075, 0.03, 0.15, skin).at(0, -0.015, -0.075)
    palm = tube([[0, 0, 0.012], [0, 0, -0.03], [0, 0.002, -0.088], [0, 0, -0.097]],
                [0.026, 0.036, 0.041, 0.030], 8 if detail > 1 else 6, skin)  # fmt: skip
    palm.p[:, 1] *= 0.42
    parts, n = [palm], 5 if detail > 1 else 4
    reach = (0.062, 0.076, 0.082, 0.074)
    for i, far in enumerate(reach):
        x = side * (0.030 - 0.0195 * i)
        root = np.array([x, 0.001, -0.084])
        a, b = 0.5 * curl, 1.5 * curl
        mid = root + far * 0.55 * np.array([0, -np.sin(a), -np.cos(a)])
        tip = mid + far * 0.5 * np.array([0, -np.sin(b), -np.cos(b)])
        tone = np.repeat([1.0, 1.0, 0.96], n)[:, None] * skin
        parts.append(tube([root, mid, tip], [0.0098, 0.0092, 0.0066], n, tone))
    thumb = [[-side * 0.028, -0.004, -0.018], [-side * 0.048, -0.008, -0.050],
             [-side * 0.050, -0.012, -0.082]]  # fmt: skip
    parts.append(tube(thumb, [0.015, 0.0118, 0.008], n, skin))
    return merge(parts)


def leg(k: Clothes, side: int, hip: Any, knee: Any, ankle: Any, detail: int) -> Mesh:
    """Trouser leg (or stocking under a skirt) from the hip by the knee to the ankle."""
    n = (5, 7, 10)[detail]
    hip, knee, ankle = (np.asarray(a, float) for a in (hip, knee, ankle))
    u, v = np.array([0, 0.45, 0.9]), np.array([0.12, 0.5, 1.0])
    path = np.vstack([hip + (knee - hip) * u[:, None], knee + (ankle - knee) * v[:, None]])
    wide = np.array([0.092, 0.080, 0.062, 0.058, 0.056, 0.046]) * (1 + 0.06 * k.broad)
    if k.skirt:
        wide = np.array([0.085, 0.070, 0.052, 0.050, 0.048, 0.032])
    return limb(path, wide, n, np.broadcast_to(k.legs, (6, 3)))


def shoe(k: Clothes, ankle: Any, pitch: float, detail: int) -> Mesh:
    """A shoe under an ankle, its toe toward -z; pitch turns the toe down."""
    m = tube([[0, -0.02, 0.055], [0, -0.028, 0.03], [0, -0.040, -0.04], [0, -0.056, -0.13],
              [0, -0.062, -0.165]],
             [0.026, 0.040, 0.045, 0.042, 0.020], (4, 6, 9)[detail], k.shoes)  # fmt: skip
    m.p[:, 1] = np.maximum(m.p[:, 1] * 0.85, -0.078)
    x, y, z = (float(v) for v in np.asarray(ankle))
    return m.at(x, y, z, rx=-pitch)
