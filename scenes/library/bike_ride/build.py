"""A ride along a lake under trees in blossom, with paper lanterns to collect by a look."""

import numpy as np

from scenes.art import sound
from scenes.art.bake import STORED, Caster, bake
from scenes.art.clouds import clouds
from scenes.art.colour import Array
from scenes.art.creatures import bird, circle
from scenes.art.gltf import Glb
from scenes.art.meadow import BLOSSOM, blossom_tree, flower_tuft, poplar, reeds
from scenes.art.mesh import Mesh, merge, turned_about_y
from scenes.art.plants import grass_tuft, tree
from scenes.art.shapes import dome
from scenes.art.sky import Sky, from_hex
from scenes.library.bike_ride import bike, things, way
from scenes.library.bike_ride.way import COPIES, HALF_M, PERIOD_M, ground, height, lane
from scenes.scene import Scene

FALL_M = 3.6
NEAR_M = (48.0, -335.0)  # where along the way trees have petals; beyond, blobs do


def sky() -> Sky:
    """A spring morning: the sun over the lake, ahead and to the left."""
    return from_hex(
        17,
        -36,
        {"glow": 0.85, "sunlight": 2.7, "ground": 0.95},
        zenith="#4682bd", mid="#a5cade", near="#ffe3b4", away="#cfd5dc", glow="#ffc06a",
        sunlight="#ffd292", ground="#8d8f62", cloud_lit="#fff6e6", cloud_dark="#a3a9c8",
    )  # fmt: skip


def build(scene: Scene) -> None:
    """Writes the picture and the sounds into the scene's folder."""
    rng, s, g = np.random.default_rng(23), sky(), Glb()
    air_dome = dome(2)
    air = g.texture(clouds(s.sun, 1024, 192, cover=0.19, seed=31), quality=82)
    g.node("sky", g.mesh(air_dome, g.material("sky", air), air_dome.c, uv=True))
    road, land, still = way.road(), way.land(), things.props(rng)
    trees = [(t, *blossom_tree(60 + i)) for i, t in enumerate(stands(rng, 2))]
    crowns = [
        merge([wood, green]).at(x, ground(x, z), z, ry=k, scale=size)
        for spots, wood, green in trees
        for k, (x, z, size) in enumerate(spots)
    ]
    # What stands ahead of the period's end shades it too, or the seam would show.
    next_on = [m.at(0, 0, -PERIOD_M) for m in crowns if m.p[:, 2].max() > -70]
    cast = Caster([road, land, land.at(0, 0, -PERIOD_M), still, *crowns, *next_on])
    add_ground(g, s, cast, road, land, still)
    leaf = g.material("foliage", double=True)
    add_trees(g, s, cast, trees, leaf, rng)
    add_low(g, s, cast, leaf, rng)
    viewer = g.node("viewer", at=way.keys()[1][0])
    add_far(g, s)
    add_bike(g, s, viewer, leaf, rng)
    add_lanterns(g, s)
    metres, places = way.keys()
    g.clip("path", viewer, "translation", metres, places)
    g.save(
        scene.folder / scene.asset,
        sky=s.extras(STORED),
        exposure=1.6 * 1.0,
        fog=[0.0019, 0.011, -2, 0.90],
        path_m=PERIOD_M,
        scene=scene.manifest(),
    )
    add_sounds(scene)


def stands(rng: np.random.Generator, kinds: int) -> list[list[tuple[float, float, float]]]:
    """Where the fruit trees stand (x, z, size): a row on the right, some by the lake."""
    spots = []
    for k, z in enumerate(np.arange(-9.0, -PERIOD_M + 6, -11.3)):
        at = z + rng.uniform(-1.5, 1.5)
        x = float(lane(np.array(at))) + HALF_M + rng.uniform(2.0, 2.9)
        spots.append((x, at, rng.uniform(0.95, 1.25)))
        if k % 3 == 1:
            x = float(lane(np.array(at - 4))) - HALF_M - rng.uniform(2.2, 3.2)
            spots.append((x, at - 4, rng.uniform(0.8, 1.05)))
        if k % 4 == 0:
            x = float(lane(np.array(at))) + rng.uniform(12, 26)
            spots.append((x, at - 5, rng.uniform(0.9, 1.2)))
    return [spots[i::kinds] for i in range(kinds)]


def again(rows: Array, first_m: float = 2 * PERIOD_M, last_m: float = -4 * PERIOD_M) -> Array:
    """Places (n, 3) of one period, in all the periods that are seen, from `first_m` to `last_m`."""
    every = np.vstack([rows + np.array([0, 0, k * PERIOD_M]) for k in COPIES])
    return every[(every[:, 2] < first_m) & (every[:, 2] >= last_m)]


def add_ground(g: Glb, s: Sky, cast: Caster, road: Mesh, land: Mesh, still: Mesh) -> None:
    """Lane, grass and what stands on it: one period, shown four times."""
    every = {"TRANSLATION": again(np.zeros((1, 3)))}
    black = g.material("baked", g.texture(way.asphalt(), quality=84), name="lane")
    lit = bake(road, cast, s, 48, soft=5, eps_m=0.05)
    g.node("lane", g.mesh(road, black, lit * 1.12, uv=True), instances=every)
    grass = g.material("baked", g.texture(way.turf(), quality=80), name="turf")
    lit = bake(land, cast, s, 32, soft=5, eps_m=0.08)
    g.node("land", g.mesh(land, grass, lit * 1.25, uv=True), instances=every)
    lit = bake(still, cast, s, 48)
    near = {"TRANSLATION": again(np.zeros((1, 3)), last_m=-PERIOD_M)}
    g.node("things", g.mesh(still, g.material("baked", name="things"), lit), instances=near)


def add_trees(
    g: Glb, s: Sky, cast: Caster, trees: list[tuple[list[tuple[float, float, float]], Mesh, Mesh]],
    leaf: int, rng: np.random.Generator,
) -> None:  # fmt: skip
    """Blossom along the lane with its falling petals, poplars on the meadow."""
    bark = g.material("baked", name="bark")
    for k, (spots, wood, green) in enumerate(trees):
        at, size = placed(spots)
        own = Caster([wood, green])
        lit = bake(wood, own, s, 32, soft=3, lift=1.2)
        rows = turned(again(at, *NEAR_M), size)
        g.node(f"stems{k}", g.mesh(wood, bark, lit), instances=rows)
        lit = bake(green, own, s, 40, soft=3, two_sided=True, eps_m=0.12, wrap=0.2, lift=1.15)
        g.node(f"blossom{k}", g.mesh(green, leaf, lit), instances=rows)
    at, size = placed([spot for spots, *_ in trees for spot in spots])
    drift = things.petals(4, BLOSSOM, FALL_M)
    fall = g.node("petals", g.mesh(drift, leaf, drift.c * 0.85 * STORED),
                  instances={"TRANSLATION": again(at, 20, -300)})  # fmt: skip
    g.clip("idle.petals", fall, "translation", [0, 7.0], [[0, 0, 0], [0, -FALL_M, 0]])
    far = merge(blossom_tree(66, near=False))
    z = -rng.uniform(4, PERIOD_M - 4, 14)
    row = np.stack([lane(z) + rng.uniform(34, 58, 14), 0 * z, z], -1)
    row[:, 1] = height(row[:, 0], row[:, 2])
    round_row = row[::3] + [[-rng.uniform(2, 16), -0.2, 3.0] for _ in row[::3]]
    round_row[:, 1] = height(round_row[:, 0], round_row[:, 2]) - 0.1
    for name, m, where in (
        ("far_blossom", far, again(at, NEAR_M[1], -3 * PERIOD_M)),
        ("poplars", poplar(3), again(row)),
        ("trees", tree(5, near=True, fluff=0.32), again(round_row, 60, -2.5 * PERIOD_M)),
    ):
        lit = bake(m, Caster([m]), s, 40, soft=3, eps_m=0.1, wrap=0.25)
        g.node(name, g.mesh(m, leaf, lit), instances=turned(where, np.ones(1)))


def placed(spots: list[tuple[float, float, float]]) -> tuple[Array, Array]:
    """(places on the ground (n, 3), sizes (n,)) of x, z, size."""
    at = np.array([[x, ground(x, z), z] for x, z, _ in spots])
    return at, np.array([size for *_, size in spots])


def turned(at: Array, size: Array) -> dict[str, Array]:
    """Instances that stand each a little turned; what repeats after a period repeats exactly."""
    phase = np.round(at[:, 2] % PERIOD_M, 3)
    order = np.searchsorted(np.unique(phase), phase)
    scale = size[order % len(size)] * (0.9 + 0.2 * ((order * 0.618) % 1))
    return {
        "TRANSLATION": at,
        "ROTATION": turned_about_y(order * 2.4),
        "SCALE": np.repeat(scale[:, None], 3, 1),
    }


def add_low(g: Glb, s: Sky, cast: Caster, leaf: int, rng: np.random.Generator) -> None:
    """Flowers and grass on the verges, reeds in the lake's edge."""
    kinds = [
        ("daisies", flower_tuft(1, "#fbf3e6"), 90),
        ("poppies", flower_tuft(2, "#d9694f"), 60),
        ("bells", flower_tuft(3, "#8f86c9"), 60),
        ("grass", grass_tuft(4, 9, 0.4), 100),
    ]
    for name, m, count in kinds:
        z = -rng.uniform(0, PERIOD_M, count)
        side = rng.choice([-1.0, 1.0, 1.0], count)
        reach = rng.exponential(1.0, count) * np.where(side > 0, 2.6, 1.2)
        off = HALF_M + 0.35 + reach
        x = lane(z) + side * np.minimum(off, np.where(side > 0, 12, 5))
        scatter(g, s, cast, leaf, name, m, np.stack([x, height(x, z) - 0.02, z], -1), rng)
    z = -rng.uniform(0, PERIOD_M, 52)
    x = lane(z) - 3.2 - way.bank(z) * rng.uniform(0.66, 0.86, 52)
    tall = np.stack([x, np.maximum(height(x, z), way.LAKE_Y - 0.25), z], -1)
    scatter(g, s, cast, leaf, "reeds", reeds(5), tall, rng)


def scatter(
    g: Glb, s: Sky, cast: Caster, leaf: int, name: str, m: Mesh, at: Array, rng: np.random.Generator
) -> None:
    """One small plant many times, tinted and darkened by its own ray to the sun."""
    sunny = 0.5 + 0.5 * cast.free(at + np.array([0, 0.4, 0]), s.sun)
    vary = np.clip((1 + 0.1 * rng.standard_normal((len(at), 3))) * sunny[:, None], 0.3, 1.2)
    again_at = np.vstack([at, at - np.array([0, 0, PERIOD_M])])
    seen = again_at[:, 2] > -PERIOD_M - 110  # further ahead nobody sees a flower
    rows = {
        "TRANSLATION": again_at[seen],
        "ROTATION": np.tile(turned_about_y(rng.uniform(0, 6.3, len(at))), (2, 1))[seen],
        "SCALE": np.tile(np.repeat(rng.uniform(0.8, 1.35, (len(at), 1)), 3, 1), (2, 1))[seen],
        "_COLOR_0": np.tile(vary, (2, 1))[seen],
    }
    lit = bake(m, None, s, 24, soft=2, two_sided=True)
    g.node(name, g.mesh(m, leaf, lit), instances=rows)


def add_far(g: Glb, s: Sky) -> None:
    """Lake, hills and gulls go along with the rider: what is far never comes nearer."""
    land, deep, film = things.far()
    away = g.node("far")
    metres, places = way.keys()
    g.clip("path", away, "translation", metres, (places - places[0]) * [0, 0, 1])
    double = g.material("baked", double=True, name="far")
    light = np.vstack([bake(land, None, s, 16), deep.c * 0.62 * STORED])
    g.node("hills", g.mesh(merge([land, deep]), double, light), away)
    pane = g.material("glass", double=True, blend=True, name="lake")
    g.node("lake", g.mesh(film, pane, film.c, normal=True), away)
    gull = bird("#f3efe8")
    mesh = g.mesh(gull, double, gull.c * 0.75 * STORED)
    for i, (x, z, wide, high, turn_s) in enumerate(
        ((-26, -40, 9, 7, 16.0), (-34, -58, 13, 10, 21.0), (-18, -75, 11, 12, 25.0))
    ):
        place, turn = circle(x, z, wide, high, i * 2.0)
        node, times = g.node(f"gull{i}", mesh, away), np.linspace(0, turn_s, 33)
        g.clip(f"idle.gull{i}", node, "translation", times, place)
        g.clip(f"idle.gull{i}", node, "rotation", times, turn)


def add_bike(g: Glb, s: Sky, viewer: int, leaf: int, rng: np.random.Generator) -> None:
    """Handlebar, basket, pennant and front wheel under the node `viewer`."""
    radius = bike.radius_m(PERIOD_M)
    body, (wicker, inside) = bike.frame(radius), bike.basket(rng)
    wheel = bike.wheel(radius)
    fixed = merge([body, wicker, inside, bike.lamp(), bike.pole()])
    placed = wheel.at(0, radius, bike.AXLE[1])
    baked = g.material("baked", double=True, name="bicycle")
    cast = Caster([fixed, placed])
    g.node("bicycle", g.mesh(fixed, baked, bake(fixed, cast, s, 96, soft=8, eps_m=0.006)), viewer)
    lit = bake(placed, cast, s, 32, eps_m=0.006)
    # Light baked on a wheel would turn with it: only the mean is kept.
    lit = wheel.c * (lit / np.maximum(wheel.c, 1e-3)).mean(0)
    node = g.node("wheel", g.mesh(wheel, baked, lit), viewer, at=(0, radius, bike.AXLE[1]))
    steps = bike.TURNS * 4
    a = -np.arange(steps + 1) * np.pi / 2
    turn = np.stack([np.sin(a / 2), 0 * a, 0 * a, np.cos(a / 2)], -1)
    g.clip("path", node, "rotation", np.linspace(0, PERIOD_M, steps + 1), turn)
    # A still picture shows no speed; a pennant does: it hangs at rest and streams at full speed.
    flag = bike.pennant()
    lit = bake(flag, None, s, 24, soft=2, two_sided=True)
    node = g.node("pennant", g.mesh(flag, leaf, lit), viewer, at=bike.HOIST)
    a = np.radians(np.linspace(-84, 6, 13))
    turn = np.stack([0 * a, 0 * a, np.sin(a / 2), np.cos(a / 2)], -1)
    g.clip("speed", node, "rotation", np.linspace(0, 1, 13), turn)


def add_lanterns(g: Glb, s: Sky) -> None:
    """Twelve lanterns a period, the first three again ahead, each a node of its own to collect."""
    paper = g.material("baked", name="paper")
    meshes = []
    for colour in ("#e9735c", "#f0a64a", "#7fb6a8"):
        m = things.lantern(colour)
        meshes.append(g.mesh(m, paper, bake(m, None, s, 24)))
    for k in range(things.LANTERNS + 3):
        easy, hard = things.hung(k % things.LANTERNS)
        shift = np.array([0, 0, -PERIOD_M if k >= things.LANTERNS else 0.0])
        node = g.node(f"collect_{k}", meshes[k % 3], at=easy + shift)
        g.clip("things", node, "translation", [0, 1], [easy + shift, hard + shift])
        g.clip("things", node, "scale", [0, 1], [[1.25] * 3, [0.55] * 3])


def add_sounds(scene: Scene) -> None:
    """Tyres and freewheel, birds, the lake, wind in the ears."""
    t = 12.0
    clock = np.arange(int(t * sound.RATE_HZ)) / sound.RATE_HZ
    tyres = sound.hiss(t, 200, 1400, 1.2, 1) * (0.8 + 0.2 * sound.wander(t, 20, 2))
    ticks = sound.hiss(t, 2200, 5200, 0.3, 3) * np.clip(np.sin(2 * np.pi * 11 * clock), 0, 1) ** 24
    sound.save(scene.folder, "wheels", tyres + 0.35 * ticks, 0.4)
    air = sound.hiss(t, 120, 900, 1.2, 4) * sound.wander(t, 6, 5) ** 1.5
    sound.save(scene.folder, "wind", air, 0.5)
    lake = sound.hiss(t, 250, 1900, 1.3, 6) * (0.15 + sound.swell(t, 4, 0.7))
    sound.save(scene.folder, "lake", lake, 0.4)
    birds, r = sound.hiss(t, 100, 400, 1.0, 7) * 0.004, np.random.default_rng(8)
    for phrase in range(7):
        at_s, pitch = phrase * t / 7 + r.uniform(0, 0.6), r.uniform(2600, 4300)
        for note in range(int(r.integers(3, 7))):
            sound.ping(birds, at_s + 0.11 * note, pitch * (1 + 0.10 * r.normal()), 0.2, 0.03)
    sound.save(scene.folder, "birds", birds, 0.35)
