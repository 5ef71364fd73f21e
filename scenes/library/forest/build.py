"""A glade with a pool at evening: mist, fireflies and light answer to calm."""

import numpy as np

from scenes.art import sound
from scenes.art.bake import STORED, Caster, bake
from scenes.art.clouds import clouds
from scenes.art.colour import Array
from scenes.art.creatures import bird, circle
from scenes.art.gltf import Glb
from scenes.art.mesh import Mesh, merge, turned_about_y
from scenes.art.plants import bush, grass_tuft
from scenes.art.shapes import dome
from scenes.art.sky import Sky, from_hex
from scenes.art.woods import (
    bark_picture,
    fern,
    forest_tree,
    lily,
    litter,
    log,
    stone,
    thicket,
    toadstool,
)
from scenes.library.forest import land, life
from scenes.library.forest.land import ground, height, path_x, shore, trodden
from scenes.scene import Scene

LIFT = 1.9  # an eye under trees opens the shade
HEROES = (  # x, z, height, girth
    (-3.6, -6.4, 15, 0.30), (4.9, -4.6, 16, 0.36), (-6.6, -3.0, 15, 0.33), (8.7, -9.8, 15, 0.27),
    (-6.2, -10.4, 17, 0.34), (-2.9, -13.6, 15, 0.24), (5.0, -14.6, 17, 0.30), (7.8, 0.6, 15, 0.35),
    (-5.4, 3.2, 16, 0.34), (2.6, 5.4, 15, 0.30), (-9.8, -7.0, 16, 0.30), (10.0, -5.4, 16, 0.3),
)  # fmt: skip


def sky() -> Sky:
    """Evening: the sun low ahead, a little to the right, gold against cool green shade."""
    return from_hex(
        13,
        14,
        {"glow": 0.85, "sunlight": 3.0, "ground": 0.8},
        zenith="#6f97b4", mid="#c2cdb0", near="#ffd692", away="#93a89c", glow="#ffb45a",
        sunlight="#ffc57e", ground="#6b6440", cloud_lit="#fff0d2", cloud_dark="#a3a2b2",
    )  # fmt: skip


def build(scene: Scene) -> None:
    """Writes the picture and the sounds into the scene's folder."""
    rng, s, g = np.random.default_rng(14), sky(), Glb()
    air_dome = dome(2)
    air = g.texture(clouds(s.sun, 640, 120, cover=0.16, seed=12), quality=82)
    g.node("sky", g.mesh(air_dome, g.material("sky", air), air_dome.c, uv=True))
    fine, coarse, far = land.meshes()
    heroes = [forest_tree(40 + i, h, w) for i, (_, _, h, w) in enumerate(HEROES)]
    placed = [
        tuple(part.at(x, ground(x, z), z) for part in tree)
        for (x, z, _, _), tree in zip(HEROES, heroes, strict=True)
    ]
    wood, green = (merge(t[k] for t in placed) for k in (0, 1))
    woods = spots(rng)
    props = small_things(rng)
    cast = Caster([fine, coarse, far, wood, green, props, *stand_ins(woods)])
    add_ground(
        g, s, cast, Caster([wood, green, props, *stand_ins(woods)]), (fine, coarse), far, props
    )
    leaf = g.material("foliage", double=True)
    bark = g.material("baked", g.texture(bark_picture(), quality=80), name="bark")
    g.node("trees", g.mesh(wood, bark, bake(wood, cast, s, 48, lift=LIFT * 1.2), uv=True))
    lit = bake(green, cast, s, 24, soft=3, two_sided=True, eps_m=0.25, lift=LIFT * 0.95)
    g.node("crowns", g.mesh(green, leaf, lit))
    add_woods(g, s, cast, woods, leaf, bark, rng)
    add_low(g, s, cast, leaf, rng)
    add_bushes(g, s, cast, leaf, rng)
    add_life(g, s)
    g.node("brook", at=(land.POOL_X, land.POOL_Y, land.POOL_Z))
    g.node("viewer", at=(0, ground(0, 0), 0))
    g.save(
        scene.folder / scene.asset,
        sky=s.extras(STORED),
        exposure=1.6 * 1.05,
        fog=[0.014, 0.09, 0, 0.93],
        scene=scene.manifest(),
    )
    add_sounds(scene)


def spots(rng: np.random.Generator) -> list[tuple[float, float, int, float]]:
    """Where the wood stands round the glade: x, z, detail, size. The sun's lane stays open."""
    taken = [(x, z) for x, z, _, _ in HEROES]
    out: list[tuple[float, float, int, float]] = []
    while len(out) < 132:
        far = 11 + 46 * rng.random() ** 0.8
        turn = rng.uniform(-np.pi, np.pi)
        if rng.random() < 0.35:
            turn *= 0.4  # more of it ahead, where it is seen
        x, z = far * np.sin(turn), -5 - far * np.cos(turn)
        lane = abs(turn - 0.22) < 0.05 + 0.5 / far
        near_path = abs(x - float(path_x(np.array(z)))) < 1.6
        if lane or near_path or min(np.hypot(x - a, z - b) for a, b in taken) < 2.6:
            continue
        taken.append((x, z))
        out.append((x, z, 1 if len([o for o in out if o[2]]) < 36 and far < 30 else 0,
                    rng.uniform(0.85, 1.2)))  # fmt: skip
    return out


def stand_ins(woods: list[tuple[float, float, int, float]]) -> list[Mesh]:
    """The wood as simple trees that cast its shade."""
    stems = [forest_tree(70 + i, 15, 0.26, 0) for i in range(3)]
    return [
        merge(part.at(x, ground(x, z), z, ry=i, scale=size) for part in stems[i % 3])
        for i, (x, z, _, size) in enumerate(woods)
    ]


def small_things(rng: np.random.Generator) -> Mesh:
    """Boulders round the pool, a fallen log with toadstools, a stump, stones on the path."""
    parts = []
    ring = ((-2.4, -8.2, 0.55), (0.4, -10.4, 0.36), (7.0, -7.6, 0.62), (6.0, -10.9, 0.5),
            (4.6, -6.3, 0.30), (1.3, -6.4, 0.22), (1.2, -11.0, 0.42),
            (-3.4, -3.4, 0.34))  # fmt: skip
    for i, (x, z, size) in enumerate(ring):
        parts.append(stone(i, 2).at(x, ground(x, z) + size * 0.16, z, ry=i * 1.4, scale=size))
    lie = log(3.6, 0.27, 5).at(3.0, ground(3.0, -3.1) - 0.06, -3.1, ry=0.35)
    parts.append(lie)
    for i in range(9):
        x = 1.8 + 0.28 * i + rng.normal(0, 0.05)
        z = -3.1 - (x - 3.0) * 0.36 + (0.30 if i % 2 else 0.02)
        y = ground(x, z) if i % 2 else ground(3, -3.1) + 0.40
        parts.append(toadstool(i).at(x, y, z, scale=rng.uniform(0.06, 0.13)))
    for i in range(7):
        x, z = -1.9 + rng.normal(0, 0.3), -2.6 + rng.normal(0, 0.3)
        parts.append(
            toadstool(20 + i, "#c9a25e").at(x, ground(x, z), z, scale=rng.uniform(0.05, 0.1))
        )
    for i in range(26):
        x, z = rng.uniform(-5, 5), rng.uniform(-11, -1)
        if shore(np.array(x), np.array(z)) > -0.3:
            size = rng.uniform(0.03, 0.09)
            parts.append(stone(50 + i, 1, 0.3).at(x, ground(x, z), z, ry=i, scale=size))
    for i in range(16):
        turn, far = i * 2.4, 1.0 - 0.5 * rng.random()
        x, z = land.POOL_X + 2.6 * far * np.cos(turn), land.POOL_Z + 1.7 * far * np.sin(turn)
        leaf = lily(i).at(x, land.POOL_Y + 0.012, z, ry=i * 1.9, scale=rng.uniform(0.11, 0.24))
        parts.append(leaf)
    return merge(parts)


def add_ground(
    g: Glb, s: Sky, cast: Caster, over: Caster, near: tuple[Mesh, Mesh], far: Mesh, props: Mesh
) -> None:
    """The painted patches (shaded by what is `over` them), the land, stones and log, the pool."""
    for name, m, patch in zip(("seat", "glade"), near, (land.FINE, land.COARSE), strict=True):
        paint = g.texture(land.picture(patch, over, s, LIFT), quality=82)
        g.node(name, g.mesh(m, g.material("baked", paint, name=name), m.c, uv=True))
    to_sun = np.radians(s.azimuth_deg)
    edge = [thicket(60, 22, 3, to_sun, 0.16), thicket(45, 15, 4, to_sun, 0.34)]
    rest = merge([far, props, *edge])
    light = [bake(far, cast, s, 32, eps_m=0.12, lift=LIFT), bake(props, cast, s, 64, lift=LIFT)]
    light += [bake(m, None, s, 16, lift=0.55) for m in edge]
    g.node("land", g.mesh(rest, g.material("baked", name="land"), np.vstack(light)))
    water = land.pool()
    pane = g.material("glass", blend=True, name="pool")
    g.node("pool", g.mesh(water, pane, water.c, normal=True))


def add_woods(
    g: Glb, s: Sky, cast: Caster, woods: list[tuple[float, float, int, float]], leaf: int,
    bark: int, rng: np.random.Generator,
) -> None:  # fmt: skip
    """The wood behind: five trees, placed by the dozen, each with its own share of sun."""
    at = np.array([[x, ground(x, z), z] for x, z, _, _ in woods])
    detail, size = np.array([w[2] for w in woods]), np.array([w[3] for w in woods])
    sunny = 0.5 + 0.5 * cast.free(at + np.array([0, 11.5, 0]), s.sun)
    kinds = [(1, 90, 15.0), (1, 91, 14.0), (0, 92, 15.0), (0, 93, 14.0), (0, 94, 16.0)]
    for k, (level, seed, tall) in enumerate(kinds):
        same = [q for q, kind in enumerate(kinds) if kind[0] == level]
        rows = np.flatnonzero(detail == level)[same.index(k) :: len(same)]
        vary = 1 + 0.10 * rng.standard_normal((len(rows), 3))
        place = {
            "TRANSLATION": at[rows],
            "ROTATION": turned_about_y(rng.uniform(0, 2 * np.pi, len(rows))),
            "SCALE": np.repeat(size[rows, None], 3, 1),
            "_COLOR_0": np.clip(vary * sunny[rows, None], 0.3, 1.25),
        }
        wood, green = forest_tree(seed, tall, 0.27, level)
        own = Caster([wood, green])
        lit = bake(wood, own, s, 24, soft=2, lift=LIFT * 0.62)
        g.node(f"stems{k}", g.mesh(wood, bark, lit, uv=True), instances=place)
        lit = bake(green, own, s, 24, soft=2, two_sided=True, eps_m=0.3, lift=LIFT * 0.6)
        g.node(f"leaves{k}", g.mesh(green, leaf, lit), instances=place)


def add_low(g: Glb, s: Sky, cast: Caster, leaf: int, rng: np.random.Generator) -> None:
    """Ferns and grass: where no one walks, thicker along the pool and the trees."""
    for name, count, made, keep_m, sizes, tint in (
        ("fern", 120, [fern(1, 9, 8), fern(2, 7, 9)], 1.0, (0.7, 1.4), (1, 1, 1)),
        ("litter", 90, [litter(1), litter(2)], 0.0, (0.8, 1.2), (1, 1, 1)),
        (
            "grass",
            200,
            [grass_tuft(1, 11, 0.42), grass_tuft(2, 11, 0.36)],
            0.15,
            (0.6, 1.1),
            (0.62, 0.85, 0.5),
        ),
    ):
        at = scattered(rng, count, keep_m)
        open_sky = 0.42 + 0.58 * np.mean([cast.free(at + np.array([0, 0.5, 0]), d) for d in (
            s.sun, np.array([0.3, 0.9, 0.2]), np.array([-0.4, 0.85, -0.3]))], 0)  # fmt: skip
        for v, m in enumerate(made):
            rows = np.arange(v, len(at), len(made))
            lit = bake(m, Caster([m]), s, 24, soft=2, two_sided=True, lift=LIFT * 0.8)
            vary = 1 + 0.12 * rng.standard_normal((len(rows), 3))
            place = {
                "TRANSLATION": at[rows],
                "ROTATION": turned_about_y(rng.uniform(0, 2 * np.pi, len(rows))),
                "SCALE": np.repeat(rng.uniform(*sizes, (len(rows), 1)), 3, 1),
                "_COLOR_0": np.clip(vary * open_sky[rows, None] * tint, 0.2, 1.2),
            }
            g.node(f"{name}{v}", g.mesh(m, leaf, lit), instances=place)


def add_bushes(g: Glb, s: Sky, cast: Caster, leaf: int, rng: np.random.Generator) -> None:
    """Undergrowth between the trees, more of it behind and beside the seat."""
    turn = np.pi + rng.normal(0, 1.25, 30)
    far = rng.uniform(7.5, 19, 30)
    x, z = far * np.sin(turn), -3 - far * np.cos(turn)
    keep = (np.abs(x - path_x(z)) > 2.0) & (shore(x, z) > 1.2)
    x, z = x[keep][:17], z[keep][:17]
    size = rng.uniform(0.55, 1.35, len(x))
    at = np.stack([x, height(x, z) + 0.30 * size, z], -1)
    sunny = 0.5 + 0.5 * cast.free(at + np.array([0, 1.5, 0]), s.sun)
    m = bush(3, None, True, "#7f8f46", 1.0)
    rows = {
        "TRANSLATION": at,
        "ROTATION": turned_about_y(rng.uniform(0, 6.3, len(at))),
        "SCALE": np.repeat(size[:, None], 3, 1) * [1.15, 0.95, 1.15],
        "_COLOR_0": np.repeat(sunny[:, None], 3, 1),
    }
    lit = bake(m, Caster([m]), s, 32, soft=2, wrap=0.2, lift=LIFT * 0.7)
    g.node("bushes", g.mesh(m, leaf, lit), instances=rows)


def scattered(rng: np.random.Generator, count: int, keep_m: float) -> Array:
    """Places (n, 3) on the ground, denser near the viewer, not in water nor on the path."""
    x, z = rng.normal(0, 6.5, 6000), -6 + rng.normal(0, 6.5, 6000)
    off = (shore(x, z) > 0.1 + keep_m * 0.2) & (trodden(x, z) < 0.02)
    clear = off & (np.hypot(x, z) > 1.1 + keep_m) & (np.abs(x - path_x(z)) > 0.8 + 0.4 * keep_m)
    pick = np.flatnonzero(clear)[:count]
    return np.stack([x[pick], height(x[pick], z[pick]) - 0.02, z[pick]], -1)


def add_life(g: Glb, s: Sky) -> None:
    """Fireflies that open out of nine points, shafts of light, falling leaves, birds."""
    shine = g.material("glow", double=True, blend=True, name="fireflies")
    home = g.node("fireflies")
    for i, (x, z, wide) in enumerate(life.SWARMS):
        m = life.swarm(i, wide)
        node = g.node(f"swarm{i}", parent=home, at=(x, ground(x, z), z))
        flies = g.node(f"flies{i}", g.mesh(m, shine, m.c * STORED, uv=True), node)
        t, way = life.drift(i, wide)
        g.clip("idle.flies", flies, "translation", t, way)
        first = 0.02 + 0.075 * i
        keys = [0, first, first + 0.33, 1.0]
        g.clip("fireflies", node, "scale", keys, [[0.001] * 3] * 2 + [[1, 1, 1]] * 2)
    beam = life.shafts(s.sun)
    ray = g.material("glow", double=True, blend=True, name="shafts")
    g.node("shafts", g.mesh(beam, ray, beam.c, uv=True))
    dead, black = g.material("foliage", double=True), g.material("baked", double=True)
    for i in range(3):
        m = life.falling(30 + i)
        above = g.node(f"fall{i}")
        drop = g.node(f"leaf_fall{i}", g.mesh(m, dead, m.c * 1.15 * STORED), above)
        time_s = 11.0 + 2.5 * i
        g.clip(f"idle.fall{i}", drop, "translation", [0, time_s], [[0, 0, 0], [0, -life.FALL_M, 0]])
        # Not yet come they wait above the crowns.
        keys = [0, 0.15 + 0.25 * i, 0.35 + 0.25 * i, 1]
        g.clip("busy", above, "translation", keys, [[0, 22, 0]] * 2 + [[0, 0, 0]] * 2)
    crow = bird()
    mesh = g.mesh(crow, black, crow.c * 0.5 * STORED)
    for i, (x, z, wide, high, turns_s) in enumerate(
        (
            (4.0, -24.0, 6.0, 12.0, 17.0),
            (6.0, -27.0, 8.0, 14.0, 23.0),
            (2.0, -20.0, 5.0, 10.5, 14.0),
        )
    ):
        above = g.node(f"sky{i}")
        fly = g.node(f"bird{i}", mesh, above)
        place, turn = circle(x, z, wide, high, i * 2.0)
        times = np.linspace(0, turns_s, 33)
        g.clip(f"idle.bird{i}", fly, "translation", times, place)
        g.clip(f"idle.bird{i}", fly, "rotation", times, turn)
        keys = [0, 0.35 + 0.2 * i, 0.5 + 0.2 * i, 1]
        g.clip("busy", above, "translation", keys, [[0, 30, 0]] * 2 + [[0, 0, 0]] * 2)


def add_sounds(scene: Scene) -> None:
    """A brook, birds, leaves, wind, and crickets when it grows dark."""
    t = 14.0
    brook = sound.hiss(t, 350, 2800, 0.9, 1) * (0.5 + 0.5 * sound.wander(t, 9, 2))
    brook += 0.5 * sound.hiss(t, 700, 1500, 0.2, 3) * sound.wander(t, 60, 4) ** 3
    sound.save(scene.folder, "brook", brook, 0.4)
    leaves = sound.hiss(t, 900, 5200, 0.7, 5) * sound.wander(t, 5, 6) ** 1.6
    sound.save(scene.folder, "leaves", leaves, 0.45)
    gusts = sound.hiss(t, 90, 700, 1.3, 7) * sound.wander(t, 4, 8) ** 1.6
    sound.save(scene.folder, "wind", gusts, 0.5)
    birds, r = sound.hiss(t, 100, 400, 1.0, 9) * 0.004, np.random.default_rng(10)
    for phrase in range(6):
        at_s, pitch = phrase * t / 6 + r.uniform(0.1, 0.8), r.uniform(2300, 3900)
        for note in range(int(r.integers(2, 5))):
            sound.ping(birds, at_s + 0.17 * note, pitch * (1 + 0.12 * r.normal()), 0.25, 0.05)
    sound.save(scene.folder, "birds", birds, 0.35)
    clock = np.arange(int(t * sound.RATE_HZ)) / sound.RATE_HZ
    chirp = np.clip(np.sin(2 * np.pi * 24 * clock), 0, 1) * sound.swell(t, 14, 0.0) ** 2
    sound.save(scene.folder, "crickets", np.sin(2 * np.pi * 3900 * clock) * chirp, 0.25)
