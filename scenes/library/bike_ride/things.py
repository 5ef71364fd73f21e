"""What stands along the lane and far off, and the paper lanterns to collect."""

from typing import Any

import numpy as np

from scenes.art.colour import Array, lin, mix
from scenes.art.mesh import Mesh, merge
from scenes.art.plants import bush
from scenes.art.shapes import box, lathe, lattice, quad, sheet, sphere, tube
from scenes.library.beach_walk.things import sail
from scenes.library.bike_ride.way import HALF_M, LAKE_Y, PERIOD_M, ground, lane

LANTERNS = 12
HOUSES = ((21.0, -52.0, 0.5, 0), (27.0, -63.0, 0.2, 1), (24.0, -171.0, 0.7, 2))  # x, z, turn, kind


def house(kind: int) -> Mesh:
    """A small house with a steep roof, door, windows and a chimney, about 8 x 6 m."""
    wall = lin(("#efe3d0", "#e9cfae", "#d9dcd2")[kind])
    roof, dark = lin(("#a4573f", "#8e4f42", "#9b6248")[kind]), lin("#4d5a66")
    w, d, h, top = 8.0, 6.0, 3.0, 2.7
    parts = [box(w, h, d, wall, bottom=False)]
    for s in (-1, 1):
        gable = Mesh([[s * w / 2, h, -d / 2], [s * w / 2, h, d / 2], [s * w / 2, h + top, 0]],
                     [[0, 1, 2] if s < 0 else [0, 2, 1]], wall)  # fmt: skip
        parts.append(gable)
        o, e = d / 2 + 0.5, w / 2 + 0.4
        eave = h - top * 0.5 / (d / 2)
        slope = [(-e, eave, s * o), (e, eave, s * o), (e, h + top, 0), (-e, h + top, 0)]
        parts.append(quad(slope if s > 0 else slope[::-1], roof, 6, 3))
        under = quad(slope[::-1] if s > 0 else slope, roof * 0.5)
        under.p[:, 1] -= 0.06
        parts.append(under)
    for x in (-2.6, 0.0, 2.6):
        for z in (-d / 2 - 0.02, d / 2 + 0.02):
            if x == 0.0 and z > 0:
                parts.append(box(1.0, 2.1, 0.06, lin("#6a7f5a")).at(x, 0, z))
                continue
            parts.append(box(1.0, 1.15, 0.05, lin("#f5eee0")).at(x, 1.05, z))
            parts.append(box(0.84, 0.98, 0.06, dark).at(x, 1.13, z))
            for s in (-1, 1):
                parts.append(box(0.42, 1.15, 0.05, lin("#5f7f7a")).at(x + s * 0.74, 1.05, z))
    parts.append(box(0.6, 1.6, 0.6, lin("#a4705c"), 0.03).at(1.8, h + 1.2, -0.9))
    return merge(parts)


def fence() -> list[Mesh]:
    """Posts and two sagging rails along the meadow, in two stretches."""
    out = []
    for z0, z1 in ((-14.0, -92.0), (-128.0, -226.0)):
        z = np.arange(z0, z1, -2.6)
        x = lane(z) + 7.4 + 0.4 * np.sin(z / 9)
        for k, (px, pz) in enumerate(zip(x, z, strict=True)):
            tint = mix(lin("#a08c74"), lin("#7d6c58"), (k * 0.37) % 1)
            tilt = 0.05 * np.sin(k * 2.1)
            post = box(0.11, 1.15, 0.11, tint, bottom=False)
            out.append(post.at(px, ground(px, pz) - 0.1, pz, rz=tilt, rx=tilt * 0.7))
        y = np.array([ground(a, b) for a, b in zip(x, z, strict=True)])
        for up in (0.5, 0.88):
            rail = np.c_[x, y + up + 0.02 * np.sin(z * 1.3), z]
            out.append(tube(rail, 0.035, 4, lin("#94826b")))
    return out


def jetty(x: float, z: float) -> list[Mesh]:
    """A landing stage with a rowing boat."""
    out = []
    for k in range(24):
        plank = box(0.30, 0.05, 1.5, mix(lin("#a8927a"), lin("#87735c"), (k * 0.61) % 1))
        out.append(plank.at(x - k * 0.34, LAKE_Y + 0.42, z))
    for k in (2, 8, 15, 22):
        for s in (-1, 1):
            at = [x - k * 0.34, LAKE_Y - 0.9, z + s * 0.7]
            out.append(tube([at, [at[0], LAKE_Y + 0.8, at[2]]], 0.07, 7, lin("#6d5b49")))
    t = np.linspace(-1, 1, 9)
    keel = np.c_[t * 1.7, 0.05 + 0.22 * t**4, 0 * t]
    hull = tube(keel, 0.04 + 0.52 * np.sqrt(np.clip(1 - t**2, 0, 1)), 12, lin("#c9583f"))
    hull.p[:, 1] = np.minimum(hull.p[:, 1], 0.30)
    hull.c[hull.p[:, 1] > 0.295] = lin("#6d4a35")
    out.append(hull.at(x - 6.4, LAKE_Y, z - 1.7, ry=0.15))
    return out


def bench(x: float, z: float) -> list[Mesh]:
    """A seat that looks over the lake."""
    y, wood = ground(x, z), lin("#a9794f")
    parts = [box(0.42, 0.05, 1.6, wood, 0.01).at(0, 0.44, 0)]
    parts += [box(0.05, 0.13, 1.6, wood * 0.95, 0.01).at(0.22, h, 0, rz=-0.15) for h in (0.6, 0.8)]
    parts += [box(0.40, 0.45, 0.07, lin("#5a5a5e"), 0.01).at(0, 0, s * 0.6) for s in (-1, 1)]
    return [m.at(x, y, z) for m in parts]


def props(rng: np.random.Generator) -> Mesh:
    """Everything of one period that does not move."""
    parts = [*fence()]
    for x, z, turn, kind in HOUSES:
        parts.append(house(kind).at(x, ground(x, z) - 0.5, z, ry=-turn))
    at = float(lane(np.array(-84.0)))
    parts += jetty(at - 8.2, -84.0)
    parts += bench(float(lane(np.array(-36.0))) - 3.4, -36.0)
    parts += bench(float(lane(np.array(-196.0))) - 3.4, -196.0)
    for k, z in enumerate((-20.0, -120.0, -220.0)):
        x = float(lane(np.array(z))) - HALF_M - 0.7
        stone = lathe([(0.16, 0), (0.15, 0.45), (0.12, 0.56), (0, 0.62)], 9, lin("#d8d0c2"))
        stone.c[stone.p[:, 1] > 0.4] = lin("#c05a44")
        parts.append(stone.at(x, ground(x, z) - 0.05, z, ry=k))
    for i in range(15):
        z, side = -rng.uniform(8, PERIOD_M - 8), rng.choice([-1, 1, 1])
        x = float(lane(np.array(z))) + side * rng.uniform(5.0, 6.6 if side < 0 else 30.0)
        size = rng.uniform(0.4, 1.1)
        flower = (None, "#f2a5b4", None, "#f6efe2")[i % 4]
        low = bush(i, flower, i % 2 == 0, ("#8fa04e", "#7d8f4a", "#a39b4e")[i % 3], 0.35)
        parts.append(low.at(x, ground(x, z) + 0.3 * size, z, ry=i, scale=size))
    return merge(parts)


def far() -> tuple[Mesh, Mesh, Mesh]:
    """(hills, far shore and its village; the lake's dark; the film that mirrors the sky)."""
    parts = []
    for radius, high, seed, start, stop in (
        (520, 46, 1, -2.75, -0.30), (900, 105, 2, -2.9, 0.15), (1700, 250, 3, -3.1, 0.9),
        (2600, 420, 4, -2.4, 1.3),
    ):  # fmt: skip
        parts.append(ridge(radius, high, seed, start, stop))
    village = []
    for k, (a, r) in enumerate(
        ((-0.62, 470), (-0.58, 480), (-0.66, 485), (-0.54, 468), (-0.70, 474))
    ):
        home = house(k % 3).at(0, LAKE_Y + 1, 0, ry=0.4 * k - a, scale=1.5)
        village.append(home.at(r * np.sin(a), 0, -r * np.cos(a)))
    church = box(7, 20, 7, lin("#efe3d0")).at(0, 0, 0)
    spire = lathe([(5.6, 0), (0.0, 17)], 4, lin("#8e4f42")).at(0, 20, 0, ry=np.pi / 4)
    village.append(merge([church, spire]).at(-290, LAKE_Y + 2, -400))
    boats = [sail(x, z, 1.3).at(0, LAKE_Y, 0) for x, z in ((-120, -210), (-190, -160), (-75, -300))]
    plain = sheet(8, -3000, 2500, 900, LAKE_Y - 0.5, lin("#8a9a56"), 10, 10)
    deep = sheet(-3200, -3200, -2, 1800, LAKE_Y - 0.06, lin("#3b6d80"), 12, 12)
    film = sheet(-3200, -3200, -2, 1800, LAKE_Y, lin("#cfe0e6"), 4, 4)
    film.w[:] = 1.0
    return merge([*parts, *village, *boats, plain]), deep, film


def ridge(radius: float, high: float, seed: int, start: float, stop: float) -> Mesh:
    """A range of hills over part of the horizon, azimuth from ahead, positive to the right."""
    u = np.linspace(0, 1, 90)
    a = start + (stop - start) * u
    top = (
        0.55
        + 0.26 * np.sin(u * 11 + seed * 2)
        + 0.13 * np.sin(u * 27 + seed)
        + 0.05 * np.sin(u * 61)
    )
    top = high * np.clip(top, 0.1, 1) * np.clip(np.minimum(u, 1 - u) * 7, 0, 1)
    rows = []
    for share, back in ((0.0, 0.0), (0.45, 0.07), (1.0, 0.2)):
        r = radius * (1 + back)
        rows.append(np.c_[r * np.sin(a), LAKE_Y - 0.5 + top * share, -r * np.cos(a)])
    m = Mesh(np.stack(rows, 1).reshape(-1, 3), lattice(90, 3))
    inward = -m.p * [1, 0, 1] / radius
    if np.einsum("ij,ij->i", m.face_normals(), inward[m.f[:, 0]]).mean() < 0:
        m.f = m.f[:, ::-1]
    wood = np.clip(0.5 + 0.5 * np.sin(u * 90 + seed)[:, None] * np.array([1, 0.7, 0.2]), 0, 1)
    m.c = mix(lin("#8c9a58"), lin("#5f7a4e"), wood.ravel())
    return m


def lantern(colour: str) -> Mesh:
    """A paper lantern about its own middle, 0.5 m: it glows like the morning through paper."""
    turn = np.linspace(-np.pi / 2 * 0.86, np.pi / 2 * 0.86, 13)
    rib = 1 + 0.03 * np.cos(np.arange(13) * np.pi)
    body = lathe(np.c_[0.25 * np.cos(turn) * rib, 0.22 * np.sin(turn)], 14, lin(colour))
    up = np.clip(body.p[:, 1] / 0.44 + 0.5, 0, 1)
    hoop = np.arange(len(body.p)) // 14 % 2 == 1  # under the paper
    body.e = mix(lin(colour), lin("#fff0c4"), 1 - np.abs(up - 0.42) * 1.6) * 0.42
    body.e *= np.where(hoop, 0.75, 1.0)[:, None]
    body.c[hoop] *= 0.85
    ends = [lathe([(0.075, -0.012), (0.08, 0.012), (0, 0.012)], 12, lin("#7d4a34")).at(0, y, 0)
            for y in (-0.21, 0.20)]  # fmt: skip
    tassel = tube([[0, -0.21, 0], [0, -0.30, 0], [0, -0.44, 0]], [0.004, 0.022, 0.014], 6,
                  lin("#d9694f"))  # fmt: skip
    cord = tube([[0, 0.2, 0], [0, 0.42, 0]], 0.004, 4, lin("#5d4a42"))
    return merge([body, *ends, tassel, cord, sphere(1, lin("#e8b04a")).at(0, -0.24, 0, scale=0.02)])


def hung(k: int) -> tuple[Array, Array]:
    """Where lantern k hangs when it is easy to get (near the lane, large) and when it is hard."""
    z = -8.5 - k * (PERIOD_M / LANTERNS)
    side = (-1, 1, -1, 1, 1, -1, -1, 1, -1, 1, 1, -1)[k % LANTERNS]
    x, y = float(lane(np.array(z))), ground(float(lane(np.array(z))), z)
    easy = np.array([x + side * 1.9, y + 1.95 + 0.15 * (k % 3), z])
    off = side * (4.4 + 1.3 * (k * 0.61 % 1))
    hard = np.array([x + off, y + (1.1, 3.3, 2.4)[k % 3], z - 2.0])
    return easy, hard


def petals(seed: int, tints: Any, fall_m: float, count: int = 9) -> Mesh:
    """Petals in the air under one tree, the pattern twice, so that a fall by `fall_m` is a loop."""
    r = np.random.default_rng(seed)
    one = []
    for _ in range(count):
        x, z = r.normal(0, 1.7, 2)
        edge = [[-1, 0, 0], [0, 0.25, 0.7], [1, 0, 0], [0, 0.25, -0.7]]
        petal = Mesh(edge, [[0, 1, 2], [0, 2, 3]],
                     mix(lin(tints[0]), lin(tints[1]), r.random()), 0.6)  # fmt: skip
        one.append(petal.at(x, r.uniform(0, fall_m), z, ry=r.uniform(0, 6.3), scale=0.03,
                            rx=r.normal(0, 0.8)))  # fmt: skip
    return merge([*one, *(m.at(0, fall_m, 0) for m in one)])
