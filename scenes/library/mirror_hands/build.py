"""A practice table for mirror therapy: the renderer draws the hands, the table brings the tasks."""

import numpy as np

from scenes.art import sound, study
from scenes.art.bake import STORED
from scenes.art.colour import lin
from scenes.art.gltf import Glb
from scenes.art.indoors import Rooms
from scenes.art.mesh import Mesh, merge
from scenes.art.shapes import box, lathe
from scenes.library.mirror_hands import things
from scenes.library.mirror_hands.things import CARDS, HANDS_Z, TABLE_Y
from scenes.library.safe_room import room as home
from scenes.scene import Scene

SEAT_M = -0.48  # scenes are made for eyes at 1.65 m over `viewer`; at this table one sits
BLOCKS = 4  # on each side
TABLE = (0.82, -0.22, -1.26)  # half its width, its edges


def build(scene: Scene) -> None:
    """Writes the picture and the sounds into the scene's folder."""
    rng, g = np.random.default_rng(51), Glb()
    top, legs = study.table(*TABLE, TABLE_Y, boards=5)
    still = [*study.shell(rng), legs, *furniture(rng), things.mat()]
    still.append(things.stand().at(0, TABLE_Y, -1.07))
    wood = top.copy()
    wood.c[:] = lin("#b08050")
    rooms = Rooms([*still, wood], study.panels(), lin("#dfe9f6") * 0.8)
    baked = g.material("baked", name="room")
    fixed, outside = merge(still), study.garden()
    light = np.vstack([rooms.bake(fixed, 40), outside.e * STORED])
    g.node("room", g.mesh(merge([fixed, outside]), baked, light))
    grain = g.material("baked", g.texture(study.wood_picture(), quality=84), name="wood")
    g.node("table", g.mesh(top, grain, rooms.bake(top, 40) * 1.1, uv=True))
    add_blocks(g, rooms)
    add_cards(g, rooms)
    g.node("window", at=study.WINDOW)
    viewer = g.node("viewer", at=(0, SEAT_M, 0))
    # The middle between the hands, on the table: the mirror plane is x = 0 of `viewer`.
    g.node("hands", parent=viewer, at=(0, TABLE_Y - SEAT_M, HANDS_Z))
    g.save(
        scene.folder / scene.asset,
        sky=study.forenoon().extras(STORED),
        exposure=1.6 * 1.12,
        fog=[0.0, 0.02, 0, 0.0],
        scene=scene.manifest(),
    )
    add_sounds(scene)


def furniture(rng: np.random.Generator) -> list[Mesh]:
    """A practice room that is someone's own: books, plants, a lamp, a chair for company."""
    birch, front = lin("#b98f63"), study.FRONT
    parts = [home.shelf(rng).at(-0.02, 0, -2.0)]
    parts.append(box(1.7, 0.66, 0.42, birch, 0.012).at(-0.9, 0.08, front + 0.24))
    for k in range(3):
        door = box(0.52, 0.54, 0.02, birch * 1.12, 0.008)
        parts.append(door.at(-0.9 + (k - 1) * 0.55, 0.14, front + 0.455))
    for k, (x, high, c) in enumerate(((-1.35, 0.26, "#7f9a94"), (-1.13, 0.17, "#c9794f"),
                                      (-0.45, 0.22, "#d8c3a0"))):  # fmt: skip
        curve = [(0.05, 0), (0.085, 0.3), (0.075, 0.6), (0.035, 0.85), (0.045, 1.0), (0, 0.98)]
        vase = lathe(np.array(curve) * [1 + 0.1 * k, high], 16, lin(c))
        parts.append(vase.at(x, 0.74, front + 0.24))
    for x, z, turn in ((1.75, -3.75, 0.4), (-2.1, -0.2, 2.0)):
        pot, leaves = home.plant(rng)
        parts += [pot.at(x, 0, z, ry=turn), leaves.at(x, 0, z, ry=turn)]
    frame = home.picture()
    frame.p = frame.p - frame.p.mean(0)
    parts.append(frame.at(-0.9, 1.70, front + 0.03, ry=-np.pi / 2))
    parts.append(home.armchair().at(0.75, 0, -3.35, ry=np.pi + 0.35))
    rug = home.rug()
    rug.p *= [1.3, 1.0, 1.5]
    return [*parts, rug.at(0.1, 0, -0.6)]


def add_blocks(g: Glb, rooms: Rooms) -> None:
    """Blocks and rings in pairs that mirror each other; they come, move off and shrink by clips."""
    paint = g.material("baked", name="paint")
    dark = g.material("shadow", double=True, blend=True)
    x0, x1, w = -0.034, 0.075, 0.040
    corners = [[x0, 0, -w], [x0, 0, w], [x1, 0, w], [x1, 0, -w]]
    uv = [[0, 0], [0, 1], [1, 1], [1, 0]]
    flat = Mesh(corners, [[0, 1, 2], [0, 2, 3]], lin("#33403f"), uv=uv)
    under = g.mesh(flat, dark, flat.c * STORED, uv=True)
    for side, name in ((-1, "left"), (1, "right")):
        for k in range(BLOCKS):
            m = things.block(k)
            near, far = things.spot(k, side, 0), things.spot(k, side, 1)
            own = rooms.holding(m.upon(near))
            place = g.node(f"place_{k}_{name}", at=near)
            g.clip("reach", place, "translation", [0, 1], [near, far])
            first = k / BLOCKS
            keys = [0, first, first + 0.2, 1] if first else [0, 0.2, 1]
            sizes = [[0.001] * 3] * (len(keys) - 2) + [[1, 1, 1]] * 2
            g.clip("blocks", place, "scale", keys, sizes)
            lit = own.bake(m.upon(near), 40, 0.002)
            node = g.node(f"block_{k}_{name}", g.mesh(m, paint, lit), place)
            shade = g.node(f"block_shade_{k}_{name}", under, place, at=(0, 0.0008, 0))
            for part in (node, shade):
                g.clip("size", part, "scale", [0, 1], [[things.LARGE] * 3, [things.SMALL] * 3])
        goal = things.goal("#f1e4d0")
        near, far = things.ring(side, 0), things.ring(side, 1)
        lit = rooms.bake(goal.upon(near), 40, 0.002)
        node = g.node(f"goal_{name}", g.mesh(goal, paint, lit), at=near)
        g.clip("reach", node, "translation", [0, 1], [near, far])


def add_cards(g: Glb, rooms: Rooms) -> None:
    """Six cards with left and right hands that come up onto the board one after the other."""
    print_ = g.material("baked", g.texture(things.cards(), quality=90), name="cards")
    for k in range(CARDS):
        m, at = things.card(k), things.card_spot(k)
        lit = rooms.bake(m.upon(at), 40, 0.004) * 1.6  # else they look grey against the window
        node = g.node(f"card_{k}", g.mesh(m, print_, lit, uv=True), at=at)
        first = k / CARDS
        keys = [0, first, first + 0.15, 1] if first else [0, 0.15, 1]
        high, low = at.tolist(), (at - [0, 0.40, 0]).tolist()
        g.clip("cards", node, "translation", keys, [low] * (len(keys) - 2) + [high] * 2)


def add_sounds(scene: Scene) -> None:
    """A quiet room with a garden outside."""
    t, r = 10.0, np.random.default_rng(3)
    tone = sound.hiss(t, 60, 400, 1.5, 1) * 0.5
    sound.save(scene.folder, "room", tone, 0.25)
    birds = tone * 0.1
    for phrase in range(4):
        at_s, pitch = phrase * 2.5 + r.uniform(0, 1.2), r.uniform(2500, 3800)
        for note in range(int(r.integers(2, 5))):
            sound.ping(birds, at_s + 0.15 * note, pitch * (1 + 0.1 * r.normal()), 0.16, 0.04)
    sound.save(scene.folder, "garden", birds, 0.3)
