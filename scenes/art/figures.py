"""People: who they are, how they sit, stand and walk, and what they bring to a beach."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from scenes.art.bodies import HEAD_JOINT, Clothes, arm, hand, leg, shoe, trunk
from scenes.art.colour import Array, lin, smooth
from scenes.art.heads import EYE_X, EYE_Y, EYE_Z, MIDDLE, Features, head, lid
from scenes.art.mesh import Mesh, merge, rotation
from scenes.art.shapes import box, lathe, sphere, tube

SKINS = ("#e8bfa0", "#e0b08c", "#d9a582", "#c68e6a", "#b97c58", "#8d5a3c", "#6d432c", "#4f3122")
HAIRS = ("#1a1411", "#2a1d16", "#3a2a22", "#5a3a22", "#8a5f34", "#b88a4c", "#8a8580", "#cfc8bd")
CLOTH = (
    "#5b6fa8", "#8f4a44", "#d9cdb8", "#6e8f7a", "#c9856b", "#3f4f66", "#e0d8cc", "#a08a5c",
    "#7a5a78", "#4f7f86", "#b5654a", "#c7b29c", "#39424e", "#9fb0bb",
)  # fmt: skip
DARK = ("#2f3642", "#3c3a40", "#4a4038", "#2c3a4a", "#54504e", "#3f4a40")
IRIS = ("#4a3220", "#3a2618", "#5b4028", "#5f7f9c", "#5f7352", "#6b5a3c")


@dataclass(frozen=True)
class Person:
    """One of the cast: a face, clothes, and how tall (1 is 1.73 m)."""

    face: Features
    clothes: Clothes
    tall: float = 1.0


def cast(rng: np.random.Generator, formal: float = 0.3) -> Person:
    """Someone, drawn by chance; `formal` is the chance of a jacket."""
    woman, tone = bool(rng.random() < 0.5), int(rng.integers(0, len(SKINS)))
    skin = lin(SKINS[tone]) * rng.uniform(0.94, 1.04)
    hair = lin(HAIRS[int(rng.integers(0, 3 if tone > 4 else len(HAIRS)))])
    styles = ("long", "bob", "bun", "curls", "short", "scarf") if woman else (
        "short", "short", "crop", "bald", "curls", "crop")  # fmt: skip
    cloth, dark = (lin(t[int(rng.integers(0, len(t)))]) for t in (CLOTH, DARK))
    jacket = bool(rng.random() < formal)
    face = Features(
        skin=skin,
        hair=hair,
        style=styles[int(rng.integers(0, 6))],
        iris=IRIS[int(rng.integers(0, 3 if tone > 3 else 6))],
        wide=float(rng.normal(-0.5 if woman else 0.5, 0.8)),
        jaw=float(rng.normal(-1.3 if woman else 0.4, 0.7)),
        nose=float(rng.normal(-0.4 if woman else 0.5, 0.8)),
        lips=float(rng.normal(0.8 if woman else 0, 0.7)),
        beard=0.0 if woman else float(rng.choice([0, 0, 0.4, 0.6, 1.0])),
        glasses=bool(rng.random() < 0.25),
        scarf=lin(CLOTH[int(rng.integers(0, len(CLOTH)))]) * 0.9,
    )
    clothes = Clothes(
        skin=skin,
        shirt=lin("#e6e2da") if jacket and rng.random() < 0.6 else cloth,
        legs=dark,
        over=dark if jacket and rng.random() < 0.7 else cloth * 0.7 if jacket else None,
        sleeves=1.0 if jacket or face.style == "scarf" or rng.random() < 0.6 else 0.42,
        tie=lin("#8f3a3c") if jacket and not woman and rng.random() < 0.4 else None,
        broad=float(rng.normal(-0.9 if woman else 0.5, 0.7)),
        bust=float(rng.uniform(0.6, 1.1)) if woman else 0.0,
        skirt=woman and bool(rng.random() < 0.3),
    )
    return Person(face, clothes, float(rng.normal(0.97 if woman else 1.02, 0.025)))


# Seated at a desk 0.27 m above the seat: elbow and wrist of the right arm (mirrored for the left
# where it is not given), and how the hand turns (about y, then its fingers' curl).
_REST = ((0.245, 0.285, -0.080), (0.115, 0.305, -0.320), 0.55, 0.35)
_FOLDED = ((0.250, 0.290, -0.060), (0.075, 0.305, -0.300), 1.15, 0.5)
_CLAP = ((0.225, 0.275, -0.090), (0.070, 0.420, -0.300), 0.20, 0.1)
_APART = ((0.235, 0.275, -0.085), (0.135, 0.405, -0.290), 0.35, 0.1)
_CROSSED = ((0.235, 0.270, -0.060), (-0.060, 0.330, -0.190), 1.45, 0.4)
_CHIN = ((0.200, 0.290, -0.200), (0.045, 0.545, -0.190), 0.0, 1.0)
_PHONE = ((0.215, 0.275, -0.080), (0.040, 0.345, -0.290), 0.35, 0.8)
POSES = {
    "rest": (_REST, _REST), "folded": (_FOLDED, _FOLDED), "clap": (_CLAP, _CLAP),
    "apart": (_APART, _APART),
    "crossed": (_CROSSED, _CROSSED), "chin": (_CHIN, _REST), "phone": (_PHONE, _PHONE),
}  # fmt: skip


def arms(p: Person, pose: str, detail: int) -> Mesh:
    """Both arms and hands of someone seated; every pose has the same points."""
    parts = []
    for side, (elbow, wrist, turn, curl) in zip((1, -1), POSES[pose], strict=True):
        flip = np.array([side, 1, 1])
        lift = np.array([0, 0.022 if pose == "crossed" and side > 0 else 0, 0])
        parts.append(arm(p.clothes, side, elbow * flip, wrist * flip + lift, detail))
        palm = hand(p.clothes.skin, side, curl, detail)
        upright = {
            "chin": 1.1 if side > 0 else 0.0,
            "clap": 0.9,
            "apart": 0.9,
            "phone": 0.3,
        }.get(pose, -0.06)
        roll = {
            "clap": side * 1.45,
            "apart": side * 1.45,
            "crossed": side * 0.9,
            "phone": side * 0.9,
        }.get(pose, 0.0)
        x, y, z = (float(v) for v in wrist * flip + lift)
        parts.append(palm.at(x, y, z, ry=side * turn, rx=upright, rz=roll))
    return merge(parts)


def seated(p: Person, pose: str = "rest", detail: int = 2) -> Mesh:
    """Someone at a desk without the head: trunk, arms, hands; the seat is at the origin."""
    return merge([trunk(p.clothes, detail), arms(p, pose, detail)]).at(scale=p.tall)


def with_head(p: Person, body: Mesh, detail: int = 2, mood: float = 0.0, turn: float = 0.0,
              nod: float = 0.0) -> Mesh:  # fmt: skip
    """A body of `seated` or `standing` with its head on; turn to the left, nod upward (radians)."""
    top = head(p.face, detail, mood)
    if detail > 1:
        top = merge([top, lids(p)])
    return merge([body, top.at(0, HEAD_JOINT * p.tall, 0, ry=turn, rx=nod, scale=p.tall * HEAD)])


def lids(p: Person) -> Mesh:
    """Both upper lids where the eyes are, in the head's own place."""
    pair = [lid(p.face).at(s * EYE_X, EYE_Y, EYE_Z) for s in (-1, 1)]
    return merge(pair).upon(MIDDLE)


HEAD = 1.11  # heads a little larger than measured: faces are what one reads
LID_AXIS = MIDDLE + np.array([0, EYE_Y, EYE_Z])  # turned by BLINK about x here, both eyes are shut
BLINK = -0.85


def breath(m: Mesh, tall: float = 1.0) -> Array:
    """How far each point of a seated or standing trunk moves with a full breath in."""
    x, y, z = m.p.T / tall
    front = smooth(0.05, -0.08, z)
    chest = np.exp(-(((y - 0.36) / 0.15) ** 2)) * (np.abs(x) < 0.17)
    lift = smooth(0.25, 0.52, y) * smooth(0.30, 0.16, np.abs(z)) * (y < 0.62)
    return np.asarray(np.c_[0.0025 * np.sign(x) * chest, 0.0045 * lift, -0.0075 * chest * front])


def pelvis(k: Clothes, detail: int) -> Mesh:
    """Hips in trousers, or a skirt to the knee; the hip joints are 0.06 above its origin."""
    n = (6, 10, 18)[detail]
    if k.skirt:
        rows = [(0.262, -0.40), (0.235, -0.20), (0.180, 0.0), (0.150, 0.08), (0.110, 0.12)]
    else:
        rows = [(0.03, -0.075), (0.085, -0.066), (0.162, -0.02), (0.156, 0.03), (0.120, 0.09)]
    m = lathe(rows, n, k.legs)
    m.p[:, 2] = m.p[:, 2] * 0.66 + 0.008
    return m


def standing(p: Person, detail: int = 1, phase: float | None = None) -> Mesh:
    """Someone on their feet without the head, or in one phase (radians) of a walk toward -z."""
    k, thigh, shin = p.clothes, 0.425, 0.425
    legs, feet, low = [], [], 9.0
    joints = []
    for side in (-1, 1):
        a = (phase or 0.0) + (np.pi if side > 0 else 0.0)
        hip, bend, toe = _gait(a) if phase is not None else (0.02, 0.04, 0.0)
        knee = np.array([side * 0.088, -thigh * np.cos(hip), -thigh * np.sin(hip)])
        back = hip - bend
        ankle = knee + np.array([side * -0.006, -shin * np.cos(back), -shin * np.sin(back)])
        sole = ankle[1] - 0.075 - 0.10 * max(0.0, np.sin(toe))
        low = min(low, float(sole))
        joints.append((side, knee, ankle, toe))
    up = np.array([0, -low, 0])
    for side, knee, ankle, toe in joints:
        hip_at = np.array([side * 0.085, 0.02, 0])
        legs.append(leg(k, side, hip_at + up, knee + up, ankle + up, detail))
        feet.append(shoe(k, ankle + up, toe, detail))
    lean = rotation(-0.04 if phase is not None else 0.0, 0, 0)
    hem = -0.06 if k.over is not None else -0.01
    top = merge([trunk(k, detail, hem), pelvis(k, detail), *_hanging(k, phase, detail)])
    top.p = top.p @ lean.T + up - [0, 0.06, 0]
    return merge([top, *legs, *feet]).at(scale=p.tall)


def stature_m(p: Person) -> float:
    """Where the head's joint is above the ground when standing."""
    return (0.925 - 0.06 + HEAD_JOINT) * p.tall


def _gait(a: float) -> tuple[float, float, float]:
    """Angles of hip, knee and foot at a phase of the walk (0: heel strikes in front)."""
    swing = np.exp(-(((a % (2 * np.pi)) - 1.52 * np.pi) ** 2) / 0.75)
    push = np.exp(-(((a % (2 * np.pi)) - 1.12 * np.pi) ** 2) / 0.25)
    hip = 0.40 * np.cos(a) + 0.04
    return float(hip), float(0.10 + 0.95 * swing), float(0.55 * push + 0.15 * swing)


def _hanging(k: Clothes, phase: float | None, detail: int) -> list[Mesh]:
    out = []
    for side in (-1, 1):
        a = (phase or 0.0) + (0.0 if side > 0 else np.pi)
        swing = 0.42 * np.cos(a) if phase is not None else 0.02
        bend = swing + (0.30 if phase is not None else 0.14)
        top = np.array([side * 0.172, 0.51, 0.01])
        elbow = top + 0.285 * np.array([side * 0.12, -np.cos(swing), -np.sin(swing)])
        wrist = elbow + 0.245 * np.array([side * -0.016, -np.cos(bend), -np.sin(bend)])
        out.append(arm(k, side, elbow, wrist, detail))
        palm = hand(k.skin, side, 0.55, detail)
        x, y, z = (float(v) for v in wrist)
        out.append(palm.at(x, y, z, rx=bend - np.pi / 2, rz=side * 1.35))
    return out


def walking(
    p: Person, detail: int = 1, phase: float = 0.0, mood: float = 0.0
) -> tuple[Mesh, list[Array]]:
    """A walk toward -z as a middle pose and four morphs: cos and sin of the step, and of twice it.

    A step cycle takes `STEP_M` of ground; the weights of `walk_weights` play it. Anyone's phase
    lies in the morphs, so that one clip walks a street.
    """
    turns = np.arange(16) * 2 * np.pi / 16
    poses = [_walker_at(p, detail, float(a + phase), mood) for a in turns]
    q = np.stack([m.p for m in poses])
    middle = poses[0].copy()
    middle.p = q.mean(0)
    middle.n = None
    morphs = []
    for k in (1, 2):
        for wave in (np.cos(k * turns), np.sin(k * turns)):
            morphs.append(np.tensordot(wave, q, 1) / 8)
    return middle, morphs


def _walker_at(p: Person, detail: int, phase: float, mood: float) -> Mesh:
    body = standing(p, detail, phase)
    face = head(p.face, detail, mood)
    if detail > 1:
        face = merge([face, lids(p)])
    # The joint of the head rides on the trunk, whatever the legs do.
    rise = float(body.p[:, 1].max()) - 0.72 * p.tall + HEAD_JOINT * p.tall
    return merge([body, face.at(0, rise, -0.028, scale=p.tall * HEAD)])


def walk_weights(count: int = 17) -> Array:
    """Rows of the four weights of `walking` over one cycle, first and last the same."""
    a = np.linspace(0, 2 * np.pi, count)
    return np.asarray(np.c_[np.cos(a), np.sin(a), np.cos(2 * a), np.sin(2 * a)])


def walker(shirt: Array, skin: Array, legs: Array, stride: float = 0.28) -> Mesh:
    """Someone walking toward -z, 1.75 m, for 15 m and more: the outline of a person, no face."""
    p = Person(Features(skin, skin), Clothes(skin, shirt, legs, sleeves=0.42, shoes=skin))
    body = standing(p, 0, stride * 4)
    face, hair = sphere(1, skin), sphere(1, lin("#3a2a22"))
    face.p *= [0.076, 0.115, 0.092]
    hair.p *= [0.083, 0.098, 0.096]
    middle = float(body.p[:, 1].max()) - 0.010
    parts = [face.at(0, middle, -0.045, scale=HEAD), hair.at(0, middle + 0.038, -0.02, scale=HEAD)]
    return merge([body, *parts])


SEATED = [(0, 0.05), (0.17, 0.07), (0.15, 0.3), (0.17, 0.52), (0.06, 0.62), (0, 0.63)]


def sitter(shirt: Array, skin: Array) -> Mesh:
    """Someone sitting on a towel, looking toward -z."""
    face, hair = sphere(1, skin), sphere(1, lin("#4a3020"))
    parts = [face.at(0, 0.78, 0, scale=0.11), hair.at(0, 0.82, 0.02, scale=0.115)]
    parts.append(lathe(SEATED, 9, shirt))
    for s in (-1, 1):
        bent = [[s * 0.1, 0.12, 0], [s * 0.12, 0.38, -0.42], [s * 0.11, 0.04, -0.72]]
        prop = [[s * 0.17, 0.54, 0], [s * 0.24, 0.32, 0.12], [s * 0.27, 0.05, 0.22]]
        parts.append(tube(bent, [0.085, 0.06, 0.04], 6, skin))
        parts.append(tube(prop, [0.045, 0.04, 0.03], 6, skin))
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
