"""From a wide lounge into a lift, a cupboard, a scanner's tube: one straight way, ever narrower."""

import numpy as np

from scenes.art import sound
from scenes.art.bake import STORED
from scenes.art.colour import Array, lin
from scenes.art.gltf import Glb
from scenes.art.indoors import Rooms
from scenes.art.mesh import merge
from scenes.art.sky import from_hex
from scenes.library.enclosed_room import places
from scenes.library.enclosed_room.scanner import scanner
from scenes.scene import Scene

DAY = lin("#e6eef8") * 0.5
NEAREST_M = 0.19  # how far each side of the cupboard comes in
OPEN_M = 0.62


def build(scene: Scene) -> None:
    """Writes the picture and the sounds into the scene's folder."""
    rng, g = np.random.default_rng(17), Glb()
    baked, cloth = g.material("baked"), g.material("baked", double=True, name="cloth")
    still = [*places.lounge(rng), *places.lift(rng), *places.cupboard(), *scanner()]
    sides = [places.cupboard_side(s, rng) for s in (-1, 1)]
    door = places.cupboard_door()
    shut = [places.leaf(s).at(0, 0, z) for z in (places.LIFT_Z0 - 0.07,) for s in (-1, 1)]
    closed = door.at(0, 0, places.BOX_Z0 - 0.04)
    rooms = Rooms([*still, *sides, *shut, closed], places.panels(), DAY)
    bright, m = merge(places.outside()), merge(still)
    light = np.vstack([rooms.bake(m, 64, 0.006), bright.e * STORED])
    # Leaves of plants are seen from both sides.
    g.node("places", g.mesh(merge([m, bright]), cloth, light))
    for s, side in zip((-1, 1), sides, strict=True):
        node = g.node(f"side{s}", g.mesh(side, cloth, rooms.bake(side, 64, 0.006)))
        g.clip("walls", node, "translation", [0, 1], [[0, 0, 0], [-s * NEAREST_M, 0, 0]])
    add_doors(g, rooms, baked)
    viewer = g.node("viewer", at=(0, 0, 0))
    bar = places.grab_bar()
    tint = rooms.bake(bar.at(0, 0, -1.0), 48)
    g.node("bar", g.mesh(bar, baked, tint), viewer)
    way_m = next(p.full for p in scene.parameters if p.name == "place")
    g.clip("place", viewer, "translation", [0, 1], [[0, 0, 0], [0, 0, -way_m]])
    g.save(
        scene.folder / scene.asset,
        sky=from_hex(
            30, -60, {"glow": 0.1, "sunlight": 1.0, "ground": 0.6},
            zenith="#9fc0e0", mid="#c8d6e2", near="#f6e6cc", away="#e6e6e0", glow="#ffe6c0",
            sunlight="#ffe6c8", ground="#9a8a78", cloud_lit="#ffffff", cloud_dark="#c8ccd8",
        ).extras(STORED),
        exposure=1.6,
        fog=[0.0, 0.02, 0, 0.0],
        scene=scene.manifest(),
    )  # fmt: skip
    add_sounds(scene)


def add_doors(g: Glb, rooms: Rooms, baked: int) -> None:
    """Leaves that slide; clip `doors` knows when on the way each is open."""
    wide = OPEN_M
    near, far = places.LIFT_Z1 + 0.07, places.LIFT_Z0 - 0.07
    for s in (-1, 1):
        leaf = places.leaf(s)
        for name, z, keys, shares in (
            ("near", near, [0, 0.42, 0.50, 1], [1, 1, 0, 0]),
            ("far", far, [0, 0.52, 0.57, 0.64, 0.70, 1], [0, 0, 1, 1, 0, 0]),
        ):
            placed = leaf.at(s * wide * shares[0], 0, z)
            node = g.node(f"{name}{s}", g.mesh(leaf, baked, rooms.bake(placed, 48, 0.03)))
            at = [[s * wide * k, 0, z] for k in shares]
            g.clip("doors", node, "translation", keys, at)
    door, z = places.cupboard_door(), places.BOX_Z0 - 0.04
    node = g.node("door", g.mesh(door, baked, rooms.bake(door.at(0, 0, z), 48, 0.03)))
    g.clip("doors", node, "translation", [0, 0.725, 0.785, 1],
           [[0, 0, z], [0, 0, z], [1.05, 0, z], [1.05, 0, z]])  # fmt: skip


def add_sounds(scene: Scene) -> None:
    """Birds by the window, the hum of a lift, a muffled nearness, the knocking of a scanner."""
    t = 12.0
    n = int(t * sound.RATE_HZ)
    birds = sound.hiss(t, 100, 700, 1.5, 1) * 0.02
    rng = np.random.default_rng(2)
    for start in (0.7, 2.9, 3.3, 6.1, 6.6, 9.4):
        for k in range(int(rng.integers(3, 6))):
            sound.ping(birds, start + k * 0.13, float(rng.uniform(2300, 3600)), 0.12, 0.03)
    sound.save(scene.folder, "lounge", birds, 0.35)
    at_s = np.arange(n) / sound.RATE_HZ
    hum = sound.hiss(t, 70, 260, 1.2, 3) * 0.6 + np.sin(2 * np.pi * 100 * at_s) * 0.25
    sound.save(scene.folder, "lift", hum, 0.4)
    sound.save(scene.folder, "near", sound.hiss(t, 30, 150, 2.0, 5) * sound.wander(t, 4, 6), 0.4)
    sound.save(scene.folder, "scanner", knocking(6.0), 0.5)


def knocking(seconds: float) -> Array:
    """A dull knock, two and a half a second, over a pump that breathes."""
    x = sound.hiss(seconds, 60, 300, 1.5, 7) * (0.06 + 0.06 * sound.swell(seconds, 4, 0.3))
    for k in range(int(seconds * 2.5)):
        sound.ping(x, k / 2.5, 172, 0.55, 0.045)
        sound.ping(x, k / 2.5, 344, 0.20, 0.030)
        sound.ping(x, k / 2.5, 690, 0.07, 0.018)
    return x
