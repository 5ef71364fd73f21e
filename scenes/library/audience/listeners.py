"""Who sits in the hall: eight one can look in the eye, the others in groups that come together."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from scenes.art.bodies import HEAD_JOINT
from scenes.art.colour import Array
from scenes.art.figures import (
    BLINK,
    HEAD,
    LID_AXIS,
    POSES,
    Person,
    arms,
    cast,
    lids,
    seated,
    with_head,
)
from scenes.art.heads import head
from scenes.art.mesh import Mesh, merge
from scenes.library.audience import hall

PEOPLE = 84
DOWN_M = 1.6  # who is not there yet sits below the floor of the row
GROUPS = 5
# Row, seat, pose, and where they look while they do not attend: to the left, upward (radians).
NEAR = (
    (0, 3, "folded", 0.0, 0.0), (0, 1, "rest", 0.05, -0.55), (0, 5, "chin", -0.75, 0.0),
    (0, 4, "crossed", 0.7, -0.05), (1, 3, "rest", 0.0, -0.5), (1, 5, "folded", -0.7, 0.05),
    (0, 2, "phone", 0.1, -0.6), (1, 4, "crossed", 0.55, 0.08),
)  # fmt: skip
Keys = list[list[float]]


@dataclass(frozen=True)
class Listener:
    """Someone near: where and how they sit; the mesh parts are in the seat's own place."""

    person: Person
    pose: str
    away: tuple[float, float]
    at: Array
    turn: float

    def placed(self, m: Mesh) -> Mesh:
        return m.upon(self.at, self.turn)

    @property
    def neck(self) -> Array:
        return np.array([0, HEAD_JOINT * self.person.tall, 0])

    @property
    def size(self) -> float:
        return self.person.tall * HEAD


def place(row: int, seat: int) -> tuple[Array, float]:
    """The seat's point and the turn that faces the lectern."""
    a = float(hall.seats(row)[seat])
    at = hall.on_arc(hall.radius(row) - 0.06, a, hall.floor_y(row) + hall.SEAT_M)[0]
    return at, float(np.pi - np.arctan2(at[0], -at[2]))


def near(rng: np.random.Generator) -> list[Listener]:
    """The eight, in the order in which they come."""
    out = []
    for row, seat, pose, left, up in NEAR:
        at, turn = place(row, seat)
        out.append(Listener(cast(rng, 0.35), pose, (left, up), at, turn))
    return out


def body(who: Listener) -> tuple[Mesh, list[Array]]:
    """Trunk and arms, and two morphs: arms raised to clap, and hands apart."""
    m = seated(who.person, who.pose)
    tall, rest = who.person.tall, arms(who.person, who.pose, 2).p
    clap, apart = (arms(who.person, pose, 2).p for pose in ("clap", "apart"))
    raised, wide = np.zeros_like(m.p), np.zeros_like(m.p)
    raised[-len(rest) :] = (clap - rest) * tall
    wide[-len(rest) :] = (apart - clap) * tall
    return m, [raised, wide]


def face(who: Listener) -> tuple[Mesh, Array]:
    """The head with a friendly face, and the morph that makes it stern."""
    kind, stern = (head(who.person.face, 2, mood) for mood in (0.85, -1.0))
    kind = kind.at(scale=who.size)
    return kind, stern.p * who.size - kind.p


def eyelids(who: Listener) -> tuple[Mesh, Array]:
    """The lids about their axis, and the axis in the head's place."""
    m = lids(who.person)
    m.p = m.p - LID_AXIS
    return m.at(scale=who.size), LID_AXIS * who.size


def groups(rng: np.random.Generator) -> list[tuple[Mesh, Array, int]]:
    """For each group: its mesh, looking elsewhere; the morph that makes it attend; how many."""
    taken = {(row, seat) for row, seat, *_ in NEAR}
    free = [(r, s) for r in range(hall.ROWS) for s in range(len(hall.seats(r)))]
    free = [q for q in free if q not in taken]
    order = [free[i] for i in rng.permutation(len(free))[: PEOPLE - len(NEAR)]]
    front = [q for q in free if q[0] == 0 and q not in order]
    order[: len(front)] = front  # a full hall leaves no hole in its first row
    out = []
    for g in range(GROUPS):
        mine = order[g::GROUPS]
        pairs = [_one(row, seat, rng) for row, seat in mine]
        away, here = merge(a for a, _ in pairs), merge(b for _, b in pairs)
        out.append((away, here.p - away.p, len(mine)))
    return out


def _one(row: int, seat: int, rng: np.random.Generator) -> tuple[Mesh, Mesh]:
    at, turn = place(row, seat)
    detail = 1 if row < 4 else 0
    p = cast(rng, 0.35)
    pose = ("rest", "folded", "crossed", "rest", "phone")[int(rng.integers(0, 5))]
    assert pose in POSES
    seen = seated(p, pose, detail)
    left, up = (
        (0.0, 0.0)
        if rng.random() < 0.35
        else (rng.choice([-0.7, -0.4, 0.4, 0.7]), rng.choice([0.0, -0.4]))
    )
    poses = (
        with_head(p, seen, detail, -0.3, float(a), float(b)) for a, b in ((left, up), (0, 0.02))
    )
    away, here = (m.at(0, 0, 0, ry=0.0).upon(at, turn) for m in poses)
    return away, here


def glances(
    rng: np.random.Generator, seconds: float
) -> tuple[list[float], list[tuple[float, float]]]:
    """Small turns of a head that is not quite still: times, and (left, up) in radians; it loops."""
    times, turns = [0.0], [(0.0, 0.0)]
    t = 0.0
    while t < seconds - 3.5:
        t += rng.uniform(1.0, 2.6)
        turn = (float(rng.normal(0, 0.035)), float(rng.normal(0, 0.022)))
        times += [t, t + 0.45]
        turns += [turns[-1], turn]
        t += 0.45
    return [*times, seconds], [*turns, (0.0, 0.0)]


def blinks(rng: np.random.Generator, seconds: float) -> tuple[list[float], list[float]]:
    """Times and the lids' angle: shut for a tenth of a second, every three to five seconds."""
    times, angles, t = [0.0], [0.0], float(rng.uniform(0.5, 2.5))
    while t < seconds - 0.5:
        times += [t, t + 0.08, t + 0.14, t + 0.26]
        angles += [0.0, BLINK, BLINK, 0.0]
        t += float(rng.uniform(2.6, 4.8))
    return [*times, seconds], [*angles, 0.0]


def applause(rng: np.random.Generator) -> tuple[list[float], Keys]:
    """Weights of `body`'s two morphs over seven seconds of clapping."""
    times, rows, t = [0.0, float(rng.uniform(0.1, 0.5))], [[0.0, 0.0], [0.0, 0.0]], 0.9
    pace = float(rng.uniform(0.13, 0.17))
    while t < 6.2:
        times += [t, t + pace]
        rows += [[1.0, 1.0], [1.0, 0.0]]
        t += 2 * pace
    return [*times, 6.6, 7.4], [*rows, [1.0, 0.4], [0.0, 0.0]]


def quaternion(left: float, up: float) -> list[float]:
    """A turn to the left (about y) after a nod (about x), as glTF writes it."""
    a, b = left / 2, up / 2
    q: Any = [
        np.cos(a) * np.sin(b),
        np.sin(a) * np.cos(b),
        -np.sin(a) * np.sin(b),
        np.cos(a) * np.cos(b),
    ]
    return [float(v) for v in q]
