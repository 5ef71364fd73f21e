"""A table in a light room: a spider far off in a closed jar, and all the way to one's own hand."""

import numpy as np

from scenes.art import sound, study
from scenes.art.bake import STORED
from scenes.art.colour import lin
from scenes.art.creatures import spider
from scenes.art.gltf import Glb
from scenes.art.hands import hand
from scenes.art.indoors import Rooms
from scenes.art.mesh import Mesh, merge
from scenes.art.shapes import box, hoop, lathe, lump, sheet
from scenes.library.safe_room import room as home
from scenes.library.spider import animals
from scenes.library.spider.animals import ALL, HAND_Z, TABLE_Y, jar_z
from scenes.scene import Scene

SEAT_M = -0.46  # scenes are made for eyes at 1.65 m over `viewer`; at this table one sits
JAR_R, JAR_LONG, JAR_X = 0.115, 0.28, 0.135
SMALL_M, LARGE_M = 0.040, 0.095  # leg span


def build(scene: Scene) -> None:
    """Writes the picture and the sounds into the scene's folder."""
    rng, g = np.random.default_rng(41), Glb()
    top, legs = study.table(0.52, -0.36, -3.55, TABLE_Y)
    still = [*study.shell(rng), legs, *furniture(rng)]
    arm = hand(0.24, 0.0044).at(JAR_X + 0.012, TABLE_Y - 0.004, HAND_Z + 0.062, ry=0.10)
    wood = top.copy()
    wood.c[:] = lin("#b08050")  # the room is lit by the wood it has, not by a white table
    rooms = Rooms([*still, wood], study.panels(), lin("#dfe9f6") * 0.8)
    baked = g.material("baked", name="room")
    fixed = merge(still)
    outside = study.garden()
    light = np.vstack([rooms.bake(fixed, 40), outside.e * STORED])
    g.node("room", g.mesh(merge([fixed, outside]), baked, light))
    grain = g.material("baked", g.texture(study.wood_picture(), quality=84), name="wood")
    held = rooms.holding(arm)
    g.node("table", g.mesh(top, grain, held.bake(top, 40) * 1.1, uv=True))
    skin = g.material("baked", double=True, name="skin")
    g.node("hand", g.mesh(arm, skin, held.bake(arm, 40, 0.003, wrap=0.15)))
    add_jar(g, rooms, baked)
    add_spiders(g, rooms, skin)
    g.node("window", at=study.WINDOW)
    g.node("viewer", at=(0, SEAT_M, 0))
    g.save(
        scene.folder / scene.asset,
        sky=study.forenoon().extras(STORED),
        exposure=1.6 * 1.12,
        fog=[0.0, 0.02, 0, 0.0],
        path_m=animals.PATH_M,
        scene=scene.manifest(),
    )
    add_sounds(scene)


def furniture(rng: np.random.Generator) -> list[Mesh]:
    """Sideboard, books, plants, a picture, a rug: someone's room, not a laboratory."""
    walnut = lin("#8a6244")
    parts = [box(1.9, 0.72, 0.42, walnut, 0.012).at(0.35, 0.08, study.FRONT + 0.24)]
    for k in range(3):
        door = box(0.58, 0.60, 0.02, walnut * 1.15, 0.008)
        parts.append(door.at(0.35 + (k - 1) * 0.62, 0.14, study.FRONT + 0.455))
    y, x = 0.80, -0.42
    covers = ("#9c4f3d", "#c98f4e", "#4f6f76", "#7b8a5a", "#d8c3a0", "#5a5470")
    for _ in range(11):
        thick, tall = rng.uniform(0.024, 0.05), rng.uniform(0.2, 0.28)
        cover = lin(covers[rng.integers(0, 6)])
        parts.append(box(thick, tall, 0.18, cover, bottom=False).at(x, y, study.FRONT + 0.22))
        x += thick + 0.003
    bowl = lathe([(0.05, 0), (0.10, 0.03), (0.15, 0.085), (0.142, 0.085), (0.09, 0.035), (0, 0.03)],
                 18, lin("#7f9a94"))  # fmt: skip
    parts.append(bowl.at(0.95, y, study.FRONT + 0.24))
    for k in range(4):
        fruit = lump(1, 0.04, k, lin(("#d98a3e", "#c9a13f", "#b5533a", "#a8ad54")[k]))
        z = study.FRONT + 0.2 + 0.04 * k
        parts.append(fruit.at(0.92 + 0.05 * (k % 2), y + 0.06, z, scale=0.04))
    for x, z, turn in ((1.9, -3.6, 0.0), (-2.1, -0.3, 2.0)):
        pot, leaves = home.plant(rng)
        parts += [pot.at(x, 0, z, ry=turn), leaves.at(x, 0, z, ry=turn)]
    frame = home.picture()
    frame.p = frame.p - frame.p.mean(0)
    parts.append(frame.at(0.35, 1.75, study.FRONT + 0.03, ry=-np.pi / 2))
    parts.append(home.armchair().at(1.85, 0, -1.9, ry=-1.9))
    rug = home.rug()
    rug.p *= [1.25, 1.0, 1.6]
    parts.append(rug.at(0.1, 0, -0.2))
    wall = [(0.025, 0), (0.04, 0.02), (0.043, 0.085), (0.038, 0.085), (0.034, 0.02), (0, 0.02)]
    cup = lathe(wall, 16, lin("#e8e2d4"))
    parts.append(cup.at(-0.36, TABLE_Y, -0.98))
    book = box(0.15, 0.028, 0.21, lin("#4f6f76"), 0.005)
    parts.append(book.at(-0.33, TABLE_Y, -1.34, ry=0.35))
    return parts


def add_jar(g: Glb, rooms: Rooms, baked: int) -> None:
    """A preserving jar on its side in a cradle, its lid toward the viewer and hinged on top."""
    at = np.array([JAR_X, TABLE_Y + 0.012, jar_z(0)])
    keys = [0.0, 1 - animals.JAR_M / animals.FAR_M, 1.0]
    jar = g.node("jar", at=at)
    g.clip("distance", jar, "translation", keys, [[at[0], at[1], jar_z(k)] for k in keys])
    profile = [(0.0, -0.5), (0.8, -0.5), (0.98, -0.46), (1.0, -0.38), (1.0, 0.34), (0.93, 0.42),
               (0.86, 0.45), (0.86, 0.5)]  # fmt: skip
    rows = np.array(profile) * [JAR_R, JAR_LONG]
    glass = lathe(rows, 28, lin("#dfe9e6")).at(rx=np.pi / 2).at(0, JAR_R, 0)
    pane = g.material("glass", double=True, blend=True, name="jar")
    glass.w[:] = 0.5
    g.node("jar_glass", g.mesh(glass, pane, glass.c, normal=True), jar)
    edge, up = lin("#9fb3ad"), np.pi / 2
    solid = [hoop(0.86 * JAR_R, 0.005, 32, edge).at(0, JAR_R, 0.5 * JAR_LONG, rx=up),
             hoop(0.80 * JAR_R, 0.003, 32, edge).at(0, JAR_R, -0.5 * JAR_LONG, rx=up)]  # fmt: skip
    for s in (-1, 1):  # rails at the sides: the view into the jar stays free
        rail = box(0.03, 0.048, 0.22, lin("#a87a4c"), 0.004)
        solid.append(rail.at(s * 0.088, -0.012, 0, rz=s * 0.25))
    soil = sheet(-0.062, -0.115, 0.062, 0.10, 0.006, lin("#8a6c4a"), 6, 8)
    soil.c = soil.c * (0.8 + 0.4 * np.random.default_rng(2).random((len(soil.p), 1)))
    m = merge([*solid, soil])
    placed = m.at(JAR_X, TABLE_Y + 0.012, -2.0)
    g.node("jar_rest", g.mesh(m, baked, rooms.bake(placed, 32, 0.004)), jar)
    ring = hoop(0.87 * JAR_R, 0.006, 32, lin("#b8894f")).at(0, -0.86 * JAR_R, 0.006, rx=up)
    lid = merge([ring, box(0.03, 0.02, 0.03, lin("#b8b2a6"))])
    cover = lathe([(0.0, 0.0), (0.86 * JAR_R, 0.0)], 28, lin("#dfe9e6")).at(rx=np.pi / 2)
    cover = cover.at(0, -0.86 * JAR_R, 0.006)
    lit = rooms.bake(lid.at(JAR_X, TABLE_Y + 0.012 + 1.86 * JAR_R, -1.86), 32, 0.004)
    hinge = g.node("lid", g.mesh(lid, baked, lit), jar, at=(0, 1.86 * JAR_R, 0.5 * JAR_LONG))
    g.node("lid_glass", g.mesh(cover, pane, cover.c, normal=True), hinge)
    turn = np.linspace(0, -1.9, 7)
    quats = np.stack([np.sin(turn / 2), 0 * turn, 0 * turn, np.cos(turn / 2)], -1)
    g.clip("lid", hinge, "rotation", np.linspace(0, 1, 7), quats)


def add_spiders(g: Glb, rooms: Rooms, skin: int) -> None:
    """Six: each has its own way, gait and soft shadow; one mesh, three morphs."""
    m, morphs = spider()
    placed = m.at(JAR_X, TABLE_Y, -1.1, scale=0.07)
    light = rooms.holding(placed).bake(placed, 48, 0.0015, wrap=0.25) * 0.6
    mesh = g.mesh(m, skin, light, morphs=morphs)
    dark = g.material("shadow", double=True, blend=True)
    x0, x1, w = -0.30, 0.62, 0.34
    corners = [[x0, 0.012, -w], [x0, 0.012, w], [x1, 0.012, w], [x1, 0.012, -w]]
    uv = [[0, 0], [0, 1], [1, 1], [1, 0]]
    flat = Mesh(corners, [[0, 1, 2], [0, 2, 3]], lin("#3a2c28"), uv=uv)
    under = g.mesh(flat, dark, flat.c * STORED, uv=True)
    shares = np.round(np.unique(np.r_[np.linspace(0, 1, 41), 1 - animals.JAR_M / animals.FAR_M]), 4)
    for k in range(ALL):
        way = animals.first(shares) if k == 0 else animals.other(k - 1, shares)
        follow = g.node(f"follow{k}", at=way[0])
        g.clip("distance", follow, "translation", shares, way)
        move = g.node(f"move{k}", parent=follow)
        grow = 1.0 if k == 0 else (0.92, 0.8, 0.86, 0.74, 0.95)[k - 1]
        g.clip("size", move, "scale", [0, 1], [[SMALL_M * grow] * 3, [LARGE_M * grow] * 3])
        if k:
            there = (k - 0.6) / (ALL - 1), (k - 0.1) / (ALL - 1)
            keys = [0, *there, 1] if k < ALL - 1 else [0, there[0], 1]
            sizes = [[0.001] * 3] * 2 + [[1, 1, 1]] * (len(keys) - 2)
            g.clip("number", follow, "scale", keys, sizes)
        metres, places, turns, gait = animals.loop(k)
        g.clip("path", move, "translation", metres, places)
        body = g.node(f"spider{k}", mesh, move)
        g.clip("path", body, "rotation", metres, turns)
        g.clip("path", body, "weights", gait[:, 0], gait[:, 1:].ravel())
        g.node(f"shade{k}", under, move)


def add_sounds(scene: Scene) -> None:
    """The quiet of a room, birds in the garden; feet on wood, hardly to be heard."""
    t = 10.0
    tone = sound.hiss(t, 60, 400, 1.5, 1) * 0.5
    birds, r = tone * 0.1, np.random.default_rng(3)
    for phrase in range(5):
        at_s, pitch = phrase * 2 + r.uniform(0, 0.8), r.uniform(2500, 4000)
        for note in range(int(r.integers(2, 6))):
            sound.ping(birds, at_s + 0.13 * note, pitch * (1 + 0.1 * r.normal()), 0.16, 0.035)
    sound.save(scene.folder, "garden", birds, 0.3)
    sound.save(scene.folder, "room", tone, 0.25)
    feet = sound.hiss(4.0, 2000, 6000, 0.2, 5) * 0.002
    for at_s in np.sort(r.uniform(0, 4.0, 90)):
        sound.ping(feet, float(at_s), r.uniform(2600, 4200), 0.2 * r.random(), 0.004)
    sound.save(scene.folder, "feet", feet, 0.25)
