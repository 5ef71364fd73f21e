"""A garden at dusk, and a terrace that rises from it along a tower to the 40th floor."""

import numpy as np

from scenes.art import sound
from scenes.art.bake import STORED, Caster, bake
from scenes.art.clouds import clouds
from scenes.art.colour import bytes8, lin
from scenes.art.gltf import Glb
from scenes.art.mesh import merge, rotation, turned_about_y
from scenes.art.plants import tree
from scenes.art.shapes import dome, sheet
from scenes.art.sky import Sky, from_hex
from scenes.library.heights import city, garden, terrace
from scenes.scene import Scene

EVENING = 1.45  # an eye at dusk opens the shade; the sun it leaves


def sky() -> Sky:
    """Dusk: the sun a hand above the roofs, violet shade."""
    return from_hex(
        9,
        -34,
        {"glow": 0.9, "sunlight": 2.1, "ground": 0.7, "lamp": 1.15},
        zenith="#4a63a8", mid="#b9a4c8", near="#ffb983", away="#c79fb8", glow="#ff9a55",
        sunlight="#ffab6b", ground="#6a5c66", cloud_lit="#ffdcc0", cloud_dark="#8f87b0",
        lamp="#ffb866",
    )  # fmt: skip


def build(scene: Scene) -> None:
    """Writes the picture and the sounds into the scene's folder."""
    rng, s, g = np.random.default_rng(5), sky(), Glb()
    air = clouds(s.sun, 1024, 256, cover=0.16, seed=9, scale_m=4200.0)
    air_dome = dome(3)
    g.node("sky", g.mesh(air_dome, g.material("sky", g.texture(air)), air_dome.c, uv=True))
    baked = g.material("baked")
    town = city.City(5)
    town.grow()
    town.add(0, 0, 17.2, 30, 22, city.TOP_M + 40, 0, lin("#9a8f8a"))
    add_ground(g, s, town, baked, rng)
    add_cars(g, s, baked, rng)
    add_terrace(g, s, baked, rng)
    g.save(
        scene.folder / scene.asset,
        sky=s.extras(STORED),
        exposure=1.6 * 1.06,
        fog=[0.0019, 0.0085, 0, 0.96],
        scene=scene.manifest(),
    )
    add_sounds(scene)


def add_ground(g: Glb, s: Sky, town: city.City, baked: int, rng: np.random.Generator) -> None:
    """Towers, streets, trees and the garden, which light and shade each other."""
    lights, lamps = garden.lights()
    street = garden.street_lamps()
    lamps = lamps + street
    ground, paving = merge(city.ground()), merge([*city.pavements(), *city.markings()])
    beds, lawn = merge([*garden.beds(rng), *lights]), garden.lawn()
    heroes, blades = garden.hero_trees(), garden.blades(rng)
    spots = city.street_trees(rng)
    roots = np.c_[spots[:, 0], np.full(len(spots), 0.16), spots[:, 1]]
    sizes = rng.uniform(0.8, 1.35, len(spots))
    trees = merge(
        tree(i % 3).upon(p, i, k) for i, (p, k) in enumerate(zip(roots, sizes, strict=True))
    )
    walls, solids = [merge(w) for w in town.walls], merge(town.solids)
    cast = Caster([*walls, solids, paving, ground, trees, beds, heroes])

    lit = g.texture(bytes8(city.rooms(3)), png=True)
    for k, wall in enumerate(walls):
        tile = g.texture(bytes8(city.facade(k)), png=True)
        light = bake(wall, cast, s, 40, soft=3, eps_m=0.3, lift=1.15, lamps=lamps)
        style = g.material("facade", tile, lit)
        g.node(f"towers{k}", g.mesh(wall, style, light, uv=True, normal=True))
    distant = [city.hills(2400, 150, 1), city.hills(3400, 320, 2)]
    plain = sheet(-2600, -2600, 2600, 1200, -0.4, lin("#5d5a60"), 12, 12)
    light = bake(merge(distant), None, s, 16)
    g.node(
        "far", g.mesh(merge([*distant, plain]), baked, np.vstack([light, plain.c * 0.5 * STORED]))
    )
    roofs = bake(solids, cast, s, 32, soft=3, lift=1.2)
    g.node("roofs", g.mesh(solids, baked, roofs))
    low = [
        bake(ground, cast, s, 48, eps_m=0.06, lift=EVENING, lamps=lamps),
        bake(paving, cast, s, 32, eps_m=0.06, lift=EVENING, lamps=lamps),
        bake(lawn, cast, s, 48, eps_m=0.04, lift=2.9, lamps=lamps),
        bake(beds, cast, s, 64, lift=2.8, lamps=lamps),
    ]
    g.node("ground", g.mesh(merge([ground, paving, lawn, beds]), baked, np.vstack(low)))
    green = [
        bake(heroes, cast, s, 48, eps_m=0.08, wrap=0.12, lift=2.9, lamps=lamps),
        bake(blades, cast, s, 24, eps_m=0.15, lift=3.0, lamps=lamps),
    ]
    leaf = g.material("foliage", double=True)
    g.node("garden_trees", g.mesh(merge([heroes, blades]), leaf, np.vstack(green)))
    pool = garden.pools(street)
    g.node("pools", g.mesh(pool, g.material("glow", blend=True), pool.c * STORED, uv=True))
    sunny = 0.45 + 0.55 * cast.free(roots + np.array([0, 7, 0]), s.sun)
    fol = g.material("foliage")
    for v in range(3):
        every, m = np.arange(v, len(roots), 3), tree(v)
        light = bake(m, Caster([m]), s, 48, soft=3, eps_m=0.05, wrap=0.25)
        vary = 1 + 0.1 * rng.standard_normal((len(every), 3))
        rows = {
            "TRANSLATION": roots[every],
            "ROTATION": turned_about_y(rng.uniform(0, 2 * np.pi, len(every))),
            "SCALE": np.repeat(sizes[every, None], 3, 1),
            "_COLOR_0": sunny[every, None] * vary,
        }
        g.node(f"trees{v}", g.mesh(m, fol, light), instances=rows)


def add_cars(g: Glb, s: Sky, baked: int, rng: np.random.Generator) -> None:
    """One mesh on twelve lanes; a lane moves by one period of its pattern, so it never jumps."""
    m = city.car()
    road = sheet(-3, -4, 3, 4, 0, city.ASPHALT)
    car = g.mesh(m, baked, bake(m, Caster([m, road]), s, 48, soft=2, wrap=0.2))
    period, lane = 96.0, 0
    for street in (0.0, -city.PITCH_M, city.PITCH_M):
        for off, way in ((-5.6, 1), (-2.4, 1), (2.4, -1), (5.6, -1)):
            start = np.sort(rng.uniform(0, period, 5))
            start = start[np.r_[True, np.diff(start) > 7.5]]
            times = 5 if street == 0 else 4
            z = np.concatenate([start + period * i for i in range(times)]) - 395
            colours = np.tile(city.painted(len(start), rng), (times, 1))
            keep = (np.maximum(z, z + period * way) < -25) | (street != 0)
            z, colours = z[keep], colours[keep]
            rows = {
                "TRANSLATION": np.c_[np.full(len(z), street + off), np.full(len(z), 0.02), z],
                "ROTATION": turned_about_y(np.full(len(z), np.pi if way > 0 else 0.0)),
                "SCALE": np.ones((len(z), 3)),
                "_COLOR_0": colours,
            }
            node = g.node(f"lane{lane}", car, instances=rows)
            g.clip("idle.cars", node, "translation", [0, 12.0], [[0, 0, 0], [0, 0, period * way]])
            lane += 1


def add_terrace(g: Glb, s: Sky, baked: int, rng: np.random.Generator) -> None:
    """The platform under node `viewer`, its rail that sinks, the dial, the plates on the wall."""
    t = terrace.terrace(rng)
    cast = Caster([t.fixed, t.rail])
    lift, pane = 1.5, g.material("glass", double=True, blend=True)
    viewer = g.node("viewer", at=(0, 0.25, 0))
    fixed = bake(t.fixed, cast, s, 96, soft=8, lift=lift, lamps=t.lamps)
    g.node("terrace", g.mesh(t.fixed, baked, fixed), viewer)
    side = g.mesh(t.side_glass, pane, t.side_glass.c, normal=True)
    g.node("glass", side, viewer)
    rail = bake(t.rail, cast, s, 96, soft=8, lift=lift, lamps=t.lamps)
    front = g.mesh(t.front_glass, pane, t.front_glass.c, normal=True)
    sinks = [
        g.node("rail", g.mesh(t.rail, baked, rail), viewer),
        g.node("rail_glass", front, viewer),
    ]
    g.clip("height", viewer, "translation", [0, 1], [[0, 0.25, 0], [0, city.TOP_M, 0]])
    for node in sinks:
        g.clip("openness", node, "translation", [0, 1], [[0, 0, 0], [0, -1.35, 0]])

    lettered = g.material("baked", g.texture(terrace.signs(), png=True), name="signs")
    plates, face = terrace.storey_plates(city.FLOOR_M), terrace.dial_face()
    g.node("storeys", g.mesh(plates, lettered, bake(plates, None, s, 16), uv=True))
    turn = _turn(0.62, -0.25)
    dial = g.node("dial", parent=viewer, at=terrace.DIAL_AT, turn=turn)
    g.node("dial_face", g.mesh(face, lettered, bake(face, None, s, 24), uv=True), dial)
    body, pointer = terrace.dial_body(), terrace.needle()
    g.node("dial_body", g.mesh(body, baked, bake(body, Caster([body]), s, 48, lift=1.6)), dial)
    needle = g.node("needle", g.mesh(pointer, baked, bake(pointer, None, s, 16)), dial)
    g.clip("height", needle, "rotation", [0, 0.5, 1], terrace.needle_turns())


def _turn(about_y: float, about_x: float) -> list[float]:
    """The quaternion of a turn about x, then about y."""
    a, b = about_y / 2, about_x / 2
    q = [
        np.cos(a) * np.sin(b),
        np.sin(a) * np.cos(b),
        -np.sin(a) * np.sin(b),
        np.cos(a) * np.cos(b),
    ]
    assert np.allclose(rotation(about_x, about_y, 0)[2, 2], 1 - 2 * (q[0] ** 2 + q[1] ** 2))
    return [float(v) for v in q]


def add_sounds(scene: Scene) -> None:
    """Crickets in the garden; the city's hum and the wind come with height."""
    t = 12.0
    n = int(t * sound.RATE_HZ)
    at_s = np.arange(n) / sound.RATE_HZ
    chirp = np.clip(np.sin(2 * np.pi * 26 * at_s), 0, 1) * sound.swell(t, 16, 0.0) ** 2
    crickets = np.sin(2 * np.pi * 4150 * at_s) * chirp * 0.25
    leaves = sound.hiss(t, 400, 3000, 1.0, 1) * sound.wander(t, 4, 2) * 0.12
    sound.save(scene.folder, "garden", crickets + leaves, 0.35)
    hum = sound.hiss(t, 50, 420, 1.4, 3) * sound.wander(t, 6, 4)
    sound.save(scene.folder, "city", hum, 0.5)
    gusts = sound.hiss(t, 120, 900, 1.2, 5) * sound.wander(t, 5, 6) ** 1.5
    sound.save(scene.folder, "wind", gusts, 0.5)
