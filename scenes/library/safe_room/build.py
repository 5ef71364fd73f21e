"""A quiet room with a window to a garden and the sea: what stop, loss and expiry show."""

import numpy as np

from scenes.art import sound
from scenes.art.bake import STORED, Caster, Lamp, bake
from scenes.art.clouds import clouds
from scenes.art.colour import lin
from scenes.art.gltf import Glb
from scenes.art.mesh import merge
from scenes.art.shapes import dome, quad, tube
from scenes.art.sky import Sky, from_hex
from scenes.library.safe_room import outside, room
from scenes.scene import Scene

INDOORS = 1.7  # the eye has opened to the room; outside stays as it is


def sky() -> Sky:
    """Evening: the sun low over the sea, a little to the left."""
    return from_hex(
        8,
        -9,
        {"glow": 0.9, "sunlight": 2.2, "ground": 1.0},
        zenith="#4a72ae", mid="#a9bfd0", near="#ffcf9a", away="#cdb9c6", glow="#ffa95c",
        sunlight="#ffb878", ground="#a08468", cloud_lit="#ffe4c8", cloud_dark="#9c92b8",
        lamp="#ffb866",
    )  # fmt: skip


def build(scene: Scene) -> None:
    """Writes the picture and the sounds into the scene's folder."""
    rng, s, g = np.random.default_rng(21), sky(), Glb()
    air = g.texture(clouds(s.sun, 640, 120, cover=0.17, seed=3), quality=82)
    air_dome = dome(2)
    g.node("sky", g.mesh(air_dome, g.material("sky", air), air_dome.c, uv=True))
    baked, pane = g.material("baked"), g.material("glass", double=True, blend=True)
    leaf = g.material("foliage", double=True)
    add_outside(g, s, baked, pane, leaf, rng)
    add_inside(g, s, baked, pane, leaf, rng)
    g.node("viewer", at=(0, 0, 0))
    g.save(
        scene.folder / scene.asset,
        sky=s.extras(STORED),
        exposure=1.6,
        fog=[0.0022, 0.012, -7, 0.95],
        scene=scene.manifest(),
    )
    add_sounds(scene)


def add_outside(g: Glb, s: Sky, baked: int, pane: int, leaf: int, rng: np.random.Generator) -> None:
    """Garden, sea, hills."""
    land, green, trough = outside.land(), outside.green(rng), outside.box_of_flowers()
    hills = outside.hills()
    deep, film = outside.sea()
    cast = Caster([land, green, trough])
    light = [
        bake(land, cast, s, 32, eps_m=0.05, lift=1.3),
        bake(trough, cast, s, 32),
        bake(hills, None, s, 16),
        deep.c * 0.55 * STORED,
    ]
    g.node("garden", g.mesh(merge([land, trough, hills, deep]), baked, np.vstack(light)))
    g.node("green", g.mesh(green, leaf, bake(green, cast, s, 32, eps_m=0.05, wrap=0.15, lift=1.35)))
    g.node("sea", g.mesh(film, pane, film.c, normal=True))


def add_inside(g: Glb, s: Sky, baked: int, pane: int, leaf: int, rng: np.random.Generator) -> None:
    """The room, lit by the window, the lamp and a candle."""
    walls = room.shell(rng)
    chair = room.armchair().at(-1.35, 0, -1.55, ry=-2.2)
    pot, leaves = (m.at(1.62, 0, -2.45) for m in room.plant(rng))
    still = merge(
        [
            walls, chair, room.shelf(rng), room.rug(), room.table().at(-0.62, 0, -2.1), pot,
            room.cat().at(0.35, 0.015, -1.25, ry=0.5), room.picture(), room.door(), room.lamp(),
        ]
    )  # fmt: skip
    solid = [walls, chair, room.shelf(np.random.default_rng(1)), pot, leaves]
    curtains = [room.curtain(side).at(side * 1.72, 0, room.Z0 + 0.20) for side in (-1, 1)]
    cast = Caster([*solid, *curtains])
    x, y, z = room.LAMP_AT
    lamps = [
        _lamp(x, y + 0.05, z + 0.3, 1.5, 5.5),
        _lamp(-0.68, 0.66, -2.2, 0.5, 1.6),
        _lamp(0.0, 2.2, 0.6, 0.30, 5.0),  # what walls and ceiling throw back
    ]
    light = bake(still, cast, s, 128, soft=8, lift=INDOORS, lamps=lamps, lamp_cast=cast)
    g.node("room", g.mesh(still, baked, light))
    tint = bake(leaves, cast, s, 48, two_sided=True, lift=INDOORS, lamps=lamps)
    g.node("plant", g.mesh(leaves, leaf, tint))
    rail_z = room.Z0 + 0.20
    rod = tube([[at, 2.46, rail_z] for at in (-2.0, 0.0, 2.0)],
               0.016, 8, lin("#8a6a45"))  # fmt: skip
    g.node("rod", g.mesh(rod, baked, bake(rod, cast, s, 32, lift=INDOORS, lamps=lamps)))
    cloth = g.material("baked", double=True)
    for side, hung in zip((-1, 1), curtains, strict=True):
        lit = bake(hung, Caster(solid), s, 48, two_sided=True, lift=INDOORS, lamps=lamps)
        node = g.node(f"curtain{side}", g.mesh(room.curtain(side), cloth, lit),
                      at=(side * 1.72, 0, room.Z0 + 0.20))  # fmt: skip
        g.clip("window", node, "scale", [0, 0.6, 1], [[1, 1, 1], [0.45, 1, 1], [0.38, 1, 1]])
    add_casement(g, s, baked, pane, cast, lamps)


def _lamp(x: float, y: float, z: float, strength: float, reach_m: float) -> Lamp:
    r, g, b = (float(v) for v in lin("#ffcb94") * strength)
    return (x, y, z, r, g, b, reach_m)


def add_casement(g: Glb, s: Sky, baked: int, pane: int, cast: Caster, lamps: list[Lamp]) -> None:
    """The wing that opens outward, and the fixed pane beside it."""
    at = (room.WIN_X - 0.04, room.SILL + 0.02, room.Z0 - 0.14)
    wing = room.casement()
    lit = bake(wing.at(*at), cast, s, 48, lift=INDOORS, lamps=lamps)
    h, w = room.HEAD - room.SILL - 0.04, room.WIN_X - 0.05
    sheet = quad([(-w, 0, 0), (0, 0, 0), (0, h, 0), (-w, h, 0)], lin("#cfe0e6"))
    hinge = g.node("casement", g.mesh(wing, baked, lit), at=at)
    g.node("casement_pane", g.mesh(sheet, pane, sheet.c, normal=True), hinge)
    fixed = sheet.at(-0.02, room.SILL + 0.02, room.Z0 - 0.14)
    g.node("pane", g.mesh(fixed, pane, fixed.c, normal=True))
    a = -np.radians(74) / 2
    shut, half, wide = ([0, np.sin(a * k), 0, np.cos(a * k)] for k in (0.0, 0.5, 1.0))
    g.clip("window", hinge, "rotation", [0, 0.5, 0.75, 1], [shut, shut, half, wide])


def add_sounds(scene: Scene) -> None:
    """The far sea through the window, and a clock."""
    t = 8.0
    room_tone = sound.hiss(t, 60, 500, 1.5, 1) * 0.5
    sea = sound.hiss(t, 200, 1500, 1.4, 2) * (0.15 + sound.swell(t, 2, 0.6))
    sound.save(scene.folder, "room", room_tone + sea, 0.4)
    clock = sound.hiss(2.0, 100, 400, 1.0, 3) * 0.002
    for k in range(2):
        sound.ping(clock, k + 0.0, 1900 if k % 2 else 1650, 0.3, 0.012)
        sound.ping(clock, k + 0.0, 520, 0.2, 0.03)
    sound.save(scene.folder, "clock", clock, 0.3)
