"""Who is on the street: parties that pass, cars, and a man by the lamp who may look."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from scenes.art.bodies import STEP_M
from scenes.art.colour import Array
from scenes.art.figures import HEAD, Person, cast, lids, standing, stature_m, walk_weights, walking
from scenes.art.heads import head
from scenes.art.mesh import Mesh, merge
from scenes.library.street import ground

SPEED_M_S = 1.25
LOOP_M = 2 * (ground.END_X + 4.0)  # from inside one archway into the other
LOOP_S = LOOP_M / SPEED_M_S
# Where nobody sees them, not even down the side street; inside the shops; on the far pavement.
AWAY_Z, SHOP_Z, FAR_WALK_Z = -56.0, -18.6, -14.4


@dataclass(frozen=True)
class Party:
    """People who walk together along the street.

    way: 1 to the right, -1 to the left; start: share of the loop already walked; comes: where in
    the travel of `people` they step out of a shop; near_z: where they walk when they have come to
    this side of the street, crosses: where in the travel of `near` they do. like: whose mesh it is,
    turned their way.
    """

    count: int
    detail: int
    way: int
    start: float
    comes: float
    lane: float = 0.0
    near_z: float | None = None
    crosses: float = 0.0
    like: int | None = None


PARTIES = (
    Party(3, 0, 1, 0.113, 0.03),
    Party(1, 2, -1, 0.298, 0.10, 0.5, -3.5, 0.05),
    Party(2, 0, -1, 0.234, 0.18, -0.6),
    Party(2, 2, 1, 0.297, 0.28, 0.3, -3.0, 0.22),
    Party(4, 0, 1, 0.226, 0.38, -0.3),
    Party(1, 2, 1, 0.242, 0.46, 0.6, -2.5, 0.45),
    Party(2, 2, -1, 0.185, 0.54, 0.1, -2.8, 0.36),
    Party(4, 0, -1, 0.113, 0.62, 0.4),
    Party(3, 0, -1, 0.435, 0.70, 0.9),
    # A mesh may walk twice where one does not see both at once.
    Party(1, 2, 1, 0.903, 0.76, 0.2, -3.7, 0.52, like=1),
    Party(2, 2, -1, 0.58, 0.81, 0.7, -3.2, 0.58, like=3),
    Party(1, 2, -1, 0.77, 0.87, -0.2, -2.9, 0.64, like=5),
    Party(2, 2, 1, 0.66, 0.92, -0.5, -2.6, 0.69, like=6),
)


def party(
    p: Party, rng: np.random.Generator
) -> tuple[Mesh, list[Array], list[tuple[float, float]]]:
    """Everyone of a party, walking their way; the four morphs; where on the ground each is."""
    bodies, moves, spots = [], [], []
    turn = -p.way * np.pi / 2
    for i in range(p.count):
        who = cast(rng, 0.25)
        m, morphs = walking(
            who, p.detail, float(rng.uniform(0, 6.28)), float(rng.uniform(-0.2, 0.6))
        )
        side, along = (i % 2 - 0.5) * min(p.count - 1, 1) * 0.62, (i // 2) * -1.1 * p.way
        placed = m.at(0, 0, 0, ry=turn)
        spun = [Mesh(q, m.f).at(ry=turn).p for q in morphs]
        placed.p = placed.p + np.array([along + float(rng.normal(0, 0.12)), 0, side])
        spots.append((along, side))
        bodies.append(placed)
        moves.append(spun)
    return merge(bodies), [np.vstack([m[k] for m in moves]) for k in range(4)], spots


def loop(p: Party) -> tuple[list[float], list[list[float]], list[float], Array]:
    """Keys of where a party is (x) and of the weights of its steps, over one round of the loop."""
    half = LOOP_M / 2 * p.way
    x0 = -half + p.start * LOOP_M * p.way
    turn_s = (1 - p.start) * LOOP_S
    times = [0.0, turn_s, turn_s + 1e-3, LOOP_S]
    xs = [x0, half, -half, x0]
    steps = round(LOOP_M / STEP_M)
    rows = np.vstack([np.tile(walk_weights(13)[:-1], (steps, 1)), walk_weights(13)[-1:]])
    return times, [[x, 0, 0] for x in xs], list(np.linspace(0, LOOP_S, len(rows))), rows


@dataclass(frozen=True)
class Ride:
    """A car on its lane: way as above; start: share of its round; tall: vans are."""

    way: int
    start: float
    paint: str
    tall: float = 1.0


RIDES = (
    Ride(1, 0.05, "#d8d8dc"), Ride(-1, 0.55, "#4f7fa8"), Ride(1, 0.50, "#b5564a"),
    Ride(-1, 0.08, "#e2ddd2", 1.9), Ride(1, 0.78, "#5f7a66"), Ride(-1, 0.80, "#c9964a"),
    Ride(1, 0.28, "#39424e"), Ride(-1, 0.30, "#b9b2a6"),
)  # fmt: skip
CAR_M_S = 8.0  # a street where one drives 30 km/h
LANES = {1: -6.3, -1: -10.3}


def ride_keys(r: Ride) -> tuple[list[float], list[list[float]]]:
    """A car's way from arch to arch, again and again."""
    half, seconds = LOOP_M / 2 * r.way, LOOP_M / CAR_M_S
    x0 = -half + r.start * LOOP_M * r.way
    turn_s = (1 - r.start) * seconds
    times = [0.0, turn_s, turn_s + 1e-3, seconds]
    return times, [[x, 0, LANES[r.way]] for x in (x0, half, -half, x0)]


def waiting(rng: np.random.Generator) -> list[tuple[Person, Array, float]]:
    """Who stands: two who talk on the far pavement, and the man by the lamp on this side."""
    spots = [((-6.9, -13.6), 1.9), ((-6.0, -13.7), -1.7)]
    return [(cast(rng, 0.3), np.array([x, ground.UP_M, z]), turn) for (x, z), turn in spots]


def talkers(rng: np.random.Generator) -> Mesh:
    """The two who talk."""
    out = []
    for who, at, turn in waiting(rng):
        body = standing(who, 1)
        top = head(who.face, 1, 0.6).at(0, stature_m(who), 0, scale=who.tall * HEAD)
        out.append(merge([body, top]).upon(at, turn))
    return merge(out)


MAN_AT = np.array([5.15, ground.UP_M, -4.0])
MAN_TURN = 1.15  # toward the street and away from the seat


def man(rng: np.random.Generator) -> tuple[Mesh, Mesh, Array, Any]:
    """The man by the lamp: body, head about its joint, the joint, who he is."""
    who = cast(rng, 0.0)
    while who.clothes.bust or who.face.style in ("scarf", "long"):
        who = cast(rng, 0.0)
    face = merge([head(who.face, 2, -0.5), lids(who)]).at(scale=who.tall * HEAD)
    return standing(who, 2), face, np.array([0, stature_m(who), 0]), who
