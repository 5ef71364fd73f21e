"""Heads that bear being looked at from 3 m: a face, eyes with lids, hair, glasses."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.interpolate import PchipInterpolator

from scenes.art.colour import Array, lin, mix, smooth
from scenes.art.mesh import Mesh, merge
from scenes.art.shapes import lattice, sphere, tube

# A head looks toward -z. Its mesh stands on the joint it turns about, at the height of the ear
# lobes; MIDDLE is the point between the temples at the height of the eyes.
MIDDLE = np.array([0.0, 0.045, -0.012])
EYE_X, EYE_Y, EYE_Z, EYE_R = 0.0315, 0.006, -0.0675, 0.0142
CHIN, CROWN = -0.107, 0.121

# Height, half width, front, back (all from MIDDLE): a face seen from the side and from above.
_PROFILE = np.array([
    (-0.107, 0.000, 0.060, -0.054), (-0.104, 0.018, 0.078, -0.034), (-0.096, 0.034, 0.087, -0.010),
    (-0.083, 0.046, 0.089, 0.012), (-0.066, 0.0552, 0.0885, 0.040), (-0.045, 0.062, 0.088, 0.066),
    (-0.020, 0.0685, 0.087, 0.084), (0.004, 0.0725, 0.087, 0.093), (0.034, 0.0755, 0.0915, 0.101),
    (0.062, 0.0745, 0.088, 0.099), (0.086, 0.066, 0.075, 0.086), (0.105, 0.048, 0.052, 0.062),
    (0.117, 0.024, 0.022, 0.032), (0.121, 0.000, -0.005, 0.005),
])  # fmt: skip
_SECTION = PchipInterpolator(_PROFILE[:, 0], _PROFILE[:, 1:])

_AROUND = np.array([0, 4, 8, 12.5, 17, 22, 27.5, 33.5, 40, 48, 58, 70, 85, 105, 130, 155])
_UP = np.array([
    -0.107, -0.104, -0.099, -0.092, -0.085, -0.079, -0.0735, -0.0685, -0.0645, -0.061, -0.0582,
    -0.0555, -0.0525, -0.049, -0.044, -0.039, -0.0345, -0.030, -0.025, -0.018, -0.010, -0.003,
    0.004, 0.011, 0.018, 0.025, 0.032, 0.040, 0.050, 0.062, 0.076, 0.090, 0.104, 0.114, 0.121,
])  # fmt: skip
_COARSE_UP = np.array([
    -0.107, -0.100, -0.085, -0.070, -0.0582, -0.047, -0.033, -0.016, 0.004, 0.022, 0.040, 0.070,
    0.100, 0.121,
])  # fmt: skip


@dataclass(frozen=True)
class Features:
    """What makes one face unlike another; numbers round 0 are a shift in standard deviations."""

    skin: Array
    hair: Array
    style: str = "short"  # short, crop, bob, long, bun, curls, bald, scarf
    iris: str = "#5b4028"
    wide: float = 0.0
    jaw: float = 0.0
    nose: float = 0.0
    lips: float = 0.0
    beard: float = 0.0  # 0 none, 0.5 stubble, 1 full
    glasses: bool = False
    scarf: Any = (0.3, 0.3, 0.4)


def _bump(x: Array, y: Array, cx: float, cy: float, sx: float, sy: float) -> Array:
    return np.asarray(np.exp(-0.5 * (((x - cx) / sx) ** 2 + ((y - cy) / sy) ** 2)))


def _forward(f: Features, x: Array, y: Array) -> Array:
    """How far the face stands out before the plain egg, in metres."""
    a = np.abs(x)
    big = 1 + 0.16 * f.nose
    ridge = np.interp(y, [-0.041, -0.035, -0.029, -0.014, 0.006, 0.022, 0.036],
                      [0, 0.013, 0.0225, 0.017, 0.0095, 0.0055, 0])  # fmt: skip
    width = np.interp(y, [-0.04, -0.028, 0.0, 0.03], [0.0105, 0.0098, 0.0068, 0.0064])
    out = big * ridge * np.exp(-0.5 * (x / (width * (1 + 0.1 * f.nose))) ** 2)
    out += 0.0065 * big * _bump(a, y, 0.0125, -0.0315, 0.005, 0.0055)
    out -= 0.0115 * _bump(a, y, EYE_X, EYE_Y, 0.0145, 0.0095)
    out += 0.0040 * _bump(a, y, 0.027, 0.0285, 0.020, 0.0065)
    out += 0.0045 * _bump(x, y, 0, -0.0525, 0.017, 0.0036) * (1 + 0.2 * f.lips)
    out += 0.0055 * _bump(x, y, 0, -0.0640, 0.015, 0.0044) * (1 + 0.2 * f.lips)
    out -= 0.0036 * _bump(x, y, 0, -0.0582, 0.020, 0.0017)
    out -= 0.0030 * _bump(x, y, 0, -0.0750, 0.016, 0.005)
    out += 0.0065 * _bump(x, y, 0, -0.0890, 0.016, 0.010)
    out += 0.0045 * _bump(a, y, 0.042, -0.018, 0.016, 0.014)
    out += 0.0050 * f.beard * _bump(x, y, 0, -0.090, 0.04, 0.02) * (f.beard > 0.7)
    return np.asarray(out)


def surface(f: Features, t: Any, y: Any) -> Array:
    """Points of the skin at angles `t` (0 ahead, radians, positive to the right) and heights."""
    t, y = np.broadcast_arrays(np.asarray(t, float), np.asarray(y, float))
    half, front, back = np.moveaxis(_SECTION(np.clip(y, CHIN, CROWN)), -1, 0)
    half = half * (1 + 0.035 * f.wide) * (1 + 0.07 * f.jaw * smooth(-0.02, -0.1, y))
    deep, middle = (front + back) / 2, (back - front) / 2
    x, c = half * np.sin(t), np.cos(t)
    squarer = np.sign(c) * np.abs(c) ** np.where(c > 0, 0.86, 1.0)
    z = middle - deep * squarer - _forward(f, x, y) * smooth(0.1, 0.5, c)
    return np.stack([x, y, z], -1)


def face_z(f: Features, x: Any, y: Any) -> Array:
    """The skin's z at a place on the face: where brows, glasses and lips lie."""
    x, y = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
    half = _SECTION(y)[..., 0] * (1 + 0.035 * f.wide)
    return np.asarray(surface(f, np.arcsin(np.clip(x / half, -0.99, 0.99)), y)[..., 2])


def head(f: Features, detail: int = 2, mood: float = 0.0) -> Mesh:
    """Head with eyes, ears, hair; detail 2 for 2-5 m, 1 for 5-9 m, 0 beyond.

    mood: -1 stern, 0 at ease, 1 a smile; the same points at every mood, so that moods can be
    morph targets of each other.
    """
    parts = [_skin(f, detail, mood), *_ears(f, detail), *_hair(f, detail)]
    for side in (-1, 1):
        parts.append(_eye(f, detail).at(side * EYE_X, EYE_Y, EYE_Z))
        if detail:
            parts.append(_brow(f, side, mood, 5 if detail > 1 else 3))
        if detail < 2:
            parts.append(lid(f, detail).at(side * EYE_X, EYE_Y, EYE_Z))
        else:
            parts.append(_lower_lid(f).at(side * EYE_X, EYE_Y, EYE_Z))
    if f.glasses and detail:
        parts.append(_glasses(f))
    return merge(parts).upon(MIDDLE)


def _grid(detail: int) -> tuple[Array, Array]:
    around = (_AROUND[::3], _AROUND[[0, 2, 4, 6, 8, 10, 11, 12, 13, 14]], _AROUND)[detail]
    up = (_COARSE_UP[[0, 2, 4, 6, 8, 9, 10, 11, 12, 13]], _COARSE_UP, _UP)[detail]
    t = np.radians(np.r_[around, 180, -around[:0:-1]])
    return t, up


def _skin(f: Features, detail: int, mood: float) -> Mesh:
    t, up = _grid(detail)
    p = surface(f, t[:, None], up[None])
    x, y = p[..., 0].copy(), p[..., 1].copy()
    m = Mesh(p.reshape(-1, 3), _wrapped(len(t), len(up)), _complexion(f, x, y, p[..., 2]))
    return _with_mood(m, x.ravel(), y.ravel(), mood)


def _with_mood(m: Mesh, x: Array, y: Array, mood: float) -> Mesh:
    """Corners of the mouth and cheeks rise with a smile, fall when stern."""
    front = m.p[:, 2] < -0.02
    corner = _bump(np.abs(x), y, 0.023, -0.058, 0.010, 0.012) * front
    m.p[:, 1] += mood * 0.0062 * corner
    m.p[:, 0] += np.sign(x) * max(mood, 0) * 0.004 * corner
    m.p[:, 2] += mood * 0.002 * corner
    cheek = _bump(np.abs(x), y, 0.040, -0.028, 0.012, 0.012) * front
    m.p[:, 1] += max(mood, 0) * 0.003 * cheek
    m.p[:, 2] -= max(mood, 0) * 0.003 * cheek
    return m


def _wrapped(nu: int, nv: int) -> Any:
    """Triangles of a closed ring of nu columns with nv rows, outward for our angles."""
    i, j = np.arange(nu)[:, None], np.arange(nv - 1)[None]
    a, b = i * nv + j, (i + 1) % nu * nv + j
    one, two = np.stack([a, b + 1, b], -1), np.stack([a, a + 1, b + 1], -1)
    return np.stack([one, two], 2).reshape(-1, 3)


def _complexion(f: Features, x: Array, y: Array, z: Array) -> Array:
    """Skin with its blush, lips, the shade under the brows, stubble."""
    a, front = np.abs(x), z < -0.02
    warm = f.skin * [1.06, 0.84, 0.80]
    c = mix(f.skin, warm, 0.6 * _bump(a, y, 0.042, -0.022, 0.015, 0.015) * front)
    c = mix(c, warm, 0.5 * _bump(x, y, 0, -0.028, 0.010, 0.010) * front)
    c = mix(c, f.skin * [0.80, 0.70, 0.68], 0.6 * _bump(a, y, EYE_X, 0.008, 0.017, 0.011) * front)
    bristle = smooth(-0.030, -0.055, y - 0.020 * smooth(0.02, 0.06, a)) * smooth(0.03, -0.03, z)
    bristle = np.maximum(bristle, _bump(x, y, 0, -0.0445, 0.020, 0.0035) * front)
    c = mix(c, f.hair * 0.9, np.clip(bristle, 0, 1) * min(f.beard * 0.55, 0.85 * f.beard))
    lip = f.skin * [0.86, 0.50, 0.48] + [0.03, 0.0, 0.0]
    mask = _bump(x, y, 0, -0.0528, 0.0155, 0.0030) + _bump(x, y, 0, -0.0635, 0.0145, 0.0040)
    c = mix(c, lip, np.clip(1.25 * mask - 0.12, 0, 0.9) * front)
    c = mix(c, lip * 0.35, 0.85 * _bump(x, y, 0, -0.0582, 0.0185, 0.0014) * front)
    c = mix(c, f.skin * 0.55, 0.6 * _bump(a, y, 0.008, -0.0375, 0.004, 0.0025) * front)
    return c.reshape(-1, 3)


def _eye(f: Features, detail: int) -> Mesh:
    """The ball's visible cap: pupil, iris with its dark rim, white; a spark of the lamp in it."""
    angles = np.array([0.0, 0.185, 0.19, 0.40, 0.47, 0.475, 1.25])
    iris, white = lin(f.iris), lin("#e6ddd2")
    rings = [lin("#0d0a09")] * 2 + [iris * 0.7, iris * 1.1, iris * 0.25, white, white * 0.8]
    if detail < 2:
        angles, rings = angles[[0, 4, 5, 6]], [iris * 0.3, iris * 0.45, white, white * 0.8]
    n = (4, 6, 12)[detail]
    a = np.linspace(0, 2 * np.pi, n, endpoint=False)
    s = np.sin(angles)[:, None] * EYE_R
    p = np.stack([s * np.cos(a), s * np.sin(a), -EYE_R * np.cos(angles)[:, None] + 0 * a], -1)
    i, j = np.arange(len(angles) - 1)[:, None] * n, np.arange(n)[None]
    k = (j + 1) % n
    one = np.stack(np.broadcast_arrays(i + j, i + n + k, i + n + j), -1)
    two = np.stack(np.broadcast_arrays(i + j, i + k, i + n + k), -1)
    faces = np.stack([one, two], 2).reshape(-1, 3)
    m = Mesh(p.reshape(-1, 3), faces, np.repeat(np.array(rings), n, 0))
    if detail == 2:
        spark = [[-0.0030, 0.0012, 0], [-0.0012, 0.0012, 0], [-0.0021, 0.0032, 0]]
        lamp = Mesh(np.array(spark) - [0, 0, EYE_R * 0.995], [[0, 2, 1]], (1, 1, 1))
        m = merge([m, lamp.glowing((0.75, 0.72, 0.68))])
    return m


def _patch(top: Array, bottom: Array, across: Array, radius: float, c: Any, edge: Any) -> Mesh:
    """Part of a ball between two heights (radians) over the angles across it; edge: first row."""
    rows = np.linspace(0, 1, 4)[None] ** 1.5
    up = bottom[:, None] + (top - bottom)[:, None] * rows
    az = np.broadcast_to(across[:, None], up.shape)
    p = radius * np.stack([np.sin(az) * np.cos(up), np.sin(up), -np.cos(az) * np.cos(up)], -1)
    m = Mesh(p.reshape(-1, 3), lattice(len(across), 4, bool((top > bottom).all())), c)
    m.c[::4] = edge
    return m


def lid(f: Features, detail: int = 2) -> Mesh:
    """One upper lid about the eye's own middle; turned by -0.9 rad about x it is shut."""
    across = np.linspace(-1.25, 1.25, (3, 5, 9)[detail])
    bottom = 0.36 * np.cos(across * 1.05) + 0.02
    shade = f.skin * [0.84, 0.76, 0.74]
    edge = mix(f.hair, lin("#1c1512"), 0.6)
    top = np.full(len(across), 2.2 if detail == 2 else 1.5)
    return _patch(top, bottom, across, EYE_R * 1.06, shade, edge)


def _lower_lid(f: Features) -> Mesh:
    across = np.linspace(-1.25, 1.25, 9)
    bottom = -0.43 * np.cos(across * 1.05) + 0.02
    rim = f.skin * [0.92, 0.74, 0.70]
    return _patch(np.full(9, -1.3), bottom, across, EYE_R * 1.045, f.skin * 0.95, rim)


def _brow(f: Features, side: int, mood: float, n: int) -> Mesh:
    u = np.linspace(0, 1, n)
    x = 0.0135 + 0.0345 * u
    y = 0.0275 + 0.0050 * np.sin(u * 2.3) - 0.003 * u + mood * 0.0022 * (1 - u) + 0.001 * mood
    z = face_z(f, x, y) - 0.0012
    thick = 0.0034 * np.array([0.7, 1.05, 1.0, 0.8, 0.25])[np.linspace(0, 4, n).astype(int)]
    m = tube(np.c_[side * x, y, z], thick * (0.8 if f.style in ("long", "bun", "bob") else 1.0), 4,
             f.hair * 0.8 if f.style != "scarf" else lin("#2a1d16"))  # fmt: skip
    return m


def _ears(f: Features, detail: int) -> list[Mesh]:
    if detail == 0 or f.style in ("bob", "long", "scarf"):
        return []
    out = []
    for side in (-1, 1):
        m = sphere(1 if detail > 1 else 0, f.skin * [1.0, 0.86, 0.82])
        hollow = (m.p[:, 0] * side > 0.3) & (m.p[:, 2] < 0.35)
        m.p *= [0.0095, 0.031, 0.018]
        m.p[hollow, 0] *= 0.35
        m.c[hollow] = f.skin * [0.74, 0.58, 0.55]
        wide = 0.0735 * (1 + 0.035 * f.wide)
        out.append(m.at(side * wide, -0.006, 0.012, ry=side * -0.35, rx=-0.12))
    return out


def _hair(f: Features, detail: int) -> list[Mesh]:
    if f.style == "bald":
        return []
    n = (14, 20, 36)[detail]
    parts = [_cap(f, n, (4, 5, 8)[detail])]
    drop = {"bob": -0.098, "long": -0.20, "scarf": -0.15}.get(f.style)
    if drop is not None:
        parts.append(_fall(f, n, (3, 4, 7)[detail], drop))
    if f.style == "bun":
        knot = sphere(1 + detail // 2, f.hair)
        knot.p *= 1 + 0.05 * np.sin(knot.p[:, :1] * 9 + knot.p[:, 1:2] * 7)
        parts.append(knot.at(0, 0.085, 0.098, scale=0.043))
    return parts


def _cap(f: Features, n: int, rows: int) -> Mesh:
    """The hair that lies on the skull, down to the hairline."""
    t = np.linspace(-np.pi, np.pi, n, endpoint=False)
    deg = np.abs(np.degrees(t))
    low = {
        "crop": [0.080, 0.074, 0.050, 0.012, -0.004, -0.020, -0.070, -0.080],
        "scarf": [0.062, 0.058, 0.040, -0.010, -0.060, -0.09, -0.09, -0.09],
    }.get(f.style, [0.076, 0.068, 0.044, -0.004, -0.016, -0.030, -0.078, -0.088])
    line = np.interp(deg, [0, 28, 52, 66, 84, 105, 140, 180], low)
    if f.style in ("bob", "long"):
        line = np.interp(deg, [0, 25, 50, 70, 180], [0.080, 0.066, 0.030, -0.01, -0.04])
    thick = {"crop": 0.007, "curls": 0.030, "scarf": 0.010}.get(f.style, 0.015)
    v = np.linspace(0, 1, rows)
    y = line[:, None] + (CROWN - line)[:, None] * np.sin(v * np.pi / 2)[None] ** 0.9
    p = surface(f, t[:, None], y)
    middle = np.array([0, 0.02, 0.006])
    out = (p - middle) / [0.075**2, 0.12**2, 0.095**2]
    out /= np.linalg.norm(out, axis=-1, keepdims=True)
    wave = (
        1 + 0.16 * np.sin(5 * t + 1.1)[:, None] + 0.10 * np.sin(13 * t[:, None] + 6 * v[None] + 0.5)
    )
    if f.style == "curls":
        wave = wave + 0.22 * np.sin(9 * t[:, None] + 1) * np.sin(v[None] * 17 + 2 * t[:, None])
    if f.style == "scarf":
        wave = 1 + 0.08 * np.sin(7 * t)[:, None] * (1 - v)[None]
    lift = -0.002 + (thick + 0.002) * smooth(0, 0.3, v)[None] * wave
    p = p + out * lift[..., None]
    c = _strands(f, t, v, n)
    return Mesh(p.reshape(-1, 3), _wrapped(n, rows), c)


def _strands(f: Features, t: Array, v: Array, seed: int) -> Array:
    """Lighter and darker locks, a sheen round the crown."""
    if f.style == "scarf":
        base = np.broadcast_to(np.asarray(f.scarf, float), (len(t), len(v), 3))
        fold = 1 + 0.10 * np.sin(7 * t[:, None] + 5 * v[None])
        return np.asarray(base * fold[..., None]).reshape(-1, 3)
    lock = np.random.default_rng(seed).normal(0, 0.16, len(t))[:, None]
    sheen = 0.35 * np.exp(-(((v - 0.62) / 0.16) ** 2))[None] * (0.7 + 0.3 * np.sin(3 * t))[:, None]
    c = f.hair * np.clip(0.92 + lock + sheen, 0.5, 1.6)[..., None]
    return np.asarray(c).reshape(-1, 3)


def _fall(f: Features, n: int, rows: int, end: float) -> Mesh:
    """Hair (or a scarf) that hangs beside and behind the face."""
    start = np.radians(62 if f.style != "scarf" else 52)
    t = np.linspace(start, 2 * np.pi - start, max(9, int(n * 0.7)))
    v = np.linspace(0, 1, rows)
    y = 0.050 + (end - 0.050) * v[None] + 0 * t[:, None]
    sides = np.abs(np.cos(t / 2))  # 1 beside the face, 0 at the nape
    p = surface(f, t[:, None], np.maximum(y, -0.015))
    flat = p - [0, 0, 0.006]
    flat[..., 1] = 0
    flat /= np.maximum(np.linalg.norm(flat, axis=-1, keepdims=True), 1e-6)
    below = np.clip(-0.02 - y, 0, None)
    out = 0.015 + 0.004 * np.sin(11 * t)[:, None] + below * (0.22 if f.style == "long" else -0.22)
    if f.style == "scarf":
        out = 0.011 - below * 0.30
    p = p + flat * np.asarray(out)[..., None]
    p[..., 1] = y - (0.005 * np.sin(9 * t) + 0.02 * sides)[:, None] * v[None]
    if f.style == "long":
        p[..., 2] -= below * 0.25 * sides[:, None]
    c = _strands(f, t, v, n + 1)
    return Mesh(p.reshape(-1, 3), lattice(len(t), rows), c)


def _glasses(f: Features) -> Mesh:
    a = np.linspace(0, 2 * np.pi, 13)
    frame, parts = lin("#2b2624"), []
    z = float(face_z(f, 0.0, 0.012)) - 0.004
    for side in (-1, 1):
        ring = np.c_[
            side * 0.033 + 0.0235 * np.cos(a), 0.003 + 0.0185 * np.sin(a), z + 0.004 - 0.0 * a
        ]
        ring[:, 2] += 0.006 * (np.abs(ring[:, 0]) > 0.04)
        parts.append(tube(ring, 0.0018, 4, frame))
        arm = [
            [side * 0.057, 0.008, z + 0.012],
            [side * 0.073, 0.006, z + 0.05],
            [side * 0.077, -0.002, 0.012],
        ]
        parts.append(tube(arm, 0.0018, 4, frame))
    bridge = [[-0.010, 0.008, z + 0.002], [0, 0.011, z - 0.001], [0.010, 0.008, z + 0.002]]
    parts.append(tube(bridge, 0.0018, 4, frame))
    return merge(parts)
