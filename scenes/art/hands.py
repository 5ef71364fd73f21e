"""A hand with its forearm: bones as anatomy has them, one skin melted over them, nails."""

import numpy as np

from scenes.art.blend import Bone, melted
from scenes.art.colour import Array, lin, mix
from scenes.art.mesh import Mesh, merge
from scenes.art.noise import noise2
from scenes.art.shapes import lattice, tube

SKIN, KNUCKLE, NAIL = lin("#d8a384"), lin("#cf8f72"), lin("#efc6b4")
# A right hand, palm down, wrist at the origin, fingers to -z, thumb to -x (metres):
# knuckle x, y, z; lengths of three bones; radii at their four joints; spread in radians.
FINGERS = (
    ((-0.031, 0.011, -0.090), (0.043, 0.026, 0.021), (0.0105, 0.0092, 0.0083, 0.0066), 0.13),
    ((-0.010, 0.014, -0.096), (0.048, 0.030, 0.022), (0.0108, 0.0095, 0.0086, 0.0068), 0.03),
    ((0.012, 0.012, -0.092), (0.044, 0.028, 0.022), (0.0102, 0.0090, 0.0082, 0.0065), -0.06),
    ((0.031, 0.008, -0.083), (0.034, 0.021, 0.019), (0.0092, 0.0080, 0.0072, 0.0058), -0.18),
)


def finger(knuckle: Array, bones: tuple[float, ...], spread: float, curl: float) -> Array:
    """The four joints of a finger that bends down by `curl` radians in all."""
    at, down, out = np.asarray(knuckle, float), -0.02, [np.asarray(knuckle, float)]
    for long, share in zip(bones, (0.30, 0.42, 0.28), strict=True):
        down += curl * share
        way = np.array(
            [-np.sin(spread) * np.cos(down), -np.sin(down), -np.cos(spread) * np.cos(down)]
        )
        at = at + way * long
        out.append(at)
    return np.array(out)


def hand(curl: float = 0.35, cell_m: float = 0.0056, sleeve: str | None = "#7d93a0") -> Mesh:
    """A right hand and forearm with a rolled sleeve; `curl` 0 lies flat, 2 is a fist."""
    bones, nails = [], []
    wrist = np.array([0.0, 0.004, 0.0])
    for knuckle, lengths, radii, spread in FINGERS:
        joints = finger(np.array(knuckle), lengths, spread, curl)
        start = wrist + np.array([knuckle[0] * 0.42, 0.0, -0.012])
        bones.append(_bone(start, joints[0] - [0, 0.003, 0], 0.0165, 0.0125, SKIN))
        for k in range(3):
            tint = KNUCKLE if k else mix(SKIN, KNUCKLE, 0.4)
            bones.append(
                _bone(joints[k], joints[k + 1], radii[k], radii[k + 1], tint if k != 1 else SKIN)
            )
        nails.append(_nail(joints[2], joints[3], radii[3]))
    bones += _thumb_and_arm(nails)
    skin = melted(bones, cell_m, 0.0033)
    skin.p[:, 1] *= 0.94
    fine = noise2(skin.p[:, 0] * 60, skin.p[:, 2] * 60 + skin.p[:, 1] * 40, 9)
    skin.c = skin.c * (1 + 0.035 * fine)[:, None]
    parts = [skin, *nails]
    if sleeve:
        parts.append(_sleeve(sleeve))
    return merge(parts)


def mirrored(m: Mesh) -> Mesh:
    """The other hand: the mirror image across x = 0."""
    flip = np.array([-1.0, 1, 1])
    out = m.copy()
    out.p, out.n, out.f = m.p * flip, m.normals() * flip, m.f[:, ::-1]
    return out


def _bone(a: Array, b: Array, ra: float, rb: float, c: Array) -> Bone:
    (ax, ay, az), (bx, by, bz) = a.tolist(), b.tolist()
    return Bone((ax, ay, az), (bx, by, bz), ra, rb, c)


def _thumb_and_arm(nails: list[Mesh]) -> list[Bone]:
    joints = np.array([[-0.020, 0.0, -0.018], [-0.046, -0.003, -0.046], [-0.064, -0.004, -0.074],
                       [-0.074, -0.006, -0.101]])  # fmt: skip
    radii = (0.0175, 0.0145, 0.0112, 0.0085)
    out = [
        _bone(joints[k], joints[k + 1], radii[k], radii[k + 1], KNUCKLE if k == 2 else SKIN)
        for k in range(3)
    ]
    nails.append(_nail(joints[2], joints[3], radii[3], -0.5))
    web = np.array([[-0.034, 0.004, -0.052], [-0.026, 0.006, -0.076]])
    out.append(_bone(web[0], web[1], 0.0105, 0.0085, SKIN))
    heel = np.array([[0.022, -0.002, -0.02], [0.026, -0.001, -0.062]])
    out.append(_bone(heel[0], heel[1], 0.0155, 0.0120, SKIN))
    for x in (-0.011, 0.011):
        near, far = np.array([x, 0.004, 0.008]), np.array([x * 1.9, 0.012, 0.26])
        out.append(_bone(near, far, 0.0195, 0.031, SKIN))
    return out


def _nail(joint: Array, tip: Array, radius: float, roll: float = 0.0) -> Mesh:
    """A nail on the back of the last bone, a little above the skin."""
    along = (tip - joint) / np.linalg.norm(tip - joint)
    side = np.cross(along, [np.sin(roll), np.cos(roll), 0])
    side /= np.linalg.norm(side)
    up = np.cross(side, along)
    u, v = np.meshgrid(np.linspace(-1, 1, 7), np.linspace(0, 1, 6), indexing="ij")
    wide = 0.80 * np.clip(1 - np.clip(v - 0.55, 0, 1) ** 2 * 3.0, 0.2, 1)
    a = u * wide * 0.85
    place = tip + along * (v[..., None] * 1.30 - 0.62) * radius
    lift = radius * (1.17 - 0.16 * v)
    p = place + side * (np.sin(a) * radius)[..., None] + up * (np.cos(a) * lift)[..., None]
    m = Mesh(p, lattice(7, 6), mix(NAIL, lin("#fff0e6"), (v.ravel() > 0.9) * 0.8))
    if float((m.normals() @ up).mean()) < 0:
        m.f = m.f[:, ::-1]
    return m


def _sleeve(colour: str) -> Mesh:
    z = np.array([0.146, 0.147, 0.150, 0.156, 0.164, 0.20, 0.25, 0.31, 0.40, 0.52, 0.66])
    r = np.array([0.040, 0.047, 0.0505, 0.0505, 0.049, 0.0495, 0.051, 0.053, 0.056, 0.060, 0.065])
    m = tube(
        np.c_[0 * z, 0.008 + 0.03 * (z - 0.15) + 0.9 * np.clip(z - 0.28, 0, None) ** 2, z],
        r,
        20,
        lin(colour),
    )
    fold = np.sin(m.p[:, 2] * 130 + np.arctan2(m.p[:, 1], m.p[:, 0]) * 3)
    m.p[:, :2] *= (1 + 0.022 * fold * (m.p[:, 2] > 0.16))[:, None]
    return m
