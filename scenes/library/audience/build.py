"""A lecture hall: listeners come, look up, stop smiling as intensity grows."""

import numpy as np

from scenes.art import sound
from scenes.art.bake import STORED
from scenes.art.colour import Array, lin
from scenes.art.gltf import Glb
from scenes.art.indoors import Rooms
from scenes.art.mesh import merge
from scenes.art.sky import from_hex
from scenes.library.audience import hall, listeners
from scenes.library.audience.listeners import Listener, quaternion
from scenes.scene import Scene

LOOP_S = 12.0  # three breaths
DAY = lin("#dfe9f6") * 0.6


def build(scene: Scene) -> None:
    """Writes the picture and the sounds into the scene's folder."""
    rng, g = np.random.default_rng(31), Glb()
    baked, cloth = g.material("baked"), g.material("baked", double=True, name="people")
    solid = [*hall.steps(rng), *hall.furniture(), *hall.walls(), *hall.lectern(rng)]
    rooms = Rooms(solid, hall.panels(), DAY)
    lamps = [p.quad_mesh(bright=0.08) for p in hall.panels()[4:12]]
    bright = merge([*hall.outside(), *lamps])
    m = merge(solid)
    light = np.vstack([rooms.bake(m, 64), bright.e * STORED])
    g.node("hall", g.mesh(merge([m, bright]), baked, light))
    for i, who in enumerate(listeners.near(rng)):
        add_near(g, rooms, cloth, who, i, rng)
    add_groups(g, rooms, cloth, rng)
    g.node("viewer", at=(0, 0, 0))
    g.save(
        scene.folder / scene.asset,
        sky=from_hex(
            40, -70, {"glow": 0.1, "sunlight": 1.0, "ground": 0.6},
            zenith="#a9c6e2", mid="#c8d6e2", near="#f2e6d2", away="#e2dccf", glow="#ffe6c0",
            sunlight="#ffe6c8", ground="#9a8a78", cloud_lit="#ffffff", cloud_dark="#c8ccd8",
        ).extras(STORED),
        exposure=1.6 * 1.15,
        fog=[0.0, 0.02, 0, 0.0],
        scene=scene.manifest(),
    )  # fmt: skip
    add_sounds(scene)


def rise(g: Glb, node: int, at: Array, first: float) -> None:
    """They sit up from behind the desk when the hall holds `first` people and one more."""
    k = listeners.PEOPLE
    low, high = list(at - [0, listeners.DOWN_M, 0]), list(at)
    start, end = max(first - 0.9, 0.0) / k, min(first + 0.1, k) / k
    keys = sorted({0.0, start, end, 1.0})
    g.clip("people", node, "translation", keys, [high if t >= end else low for t in keys])


def add_near(
    g: Glb, rooms: Rooms, cloth: int, who: Listener, i: int, rng: np.random.Generator
) -> None:
    """One who breathes, blinks, glances, looks up, claps; three draws."""
    body, morphs = listeners.body(who)
    face, stern = listeners.face(who)
    lid, axis = listeners.eyelids(who)
    neck = float(who.neck[1])
    placed = who.placed(merge([body, face.at(0, neck, 0), lid.upon(axis + who.neck)]))
    light = rooms.holding(placed).bake(placed, 48, 0.004, wrap=0.15)
    a, b = len(body.p), len(body.p) + len(face.p)
    turn = quaternion(who.turn, 0)
    seat = g.node(f"seat{i}", at=who.at, turn=turn)
    trunk = g.node(f"body{i}", g.mesh(body, cloth, light[:a], morphs=morphs), seat)
    joint = g.node(f"neck{i}", parent=seat, at=who.neck)
    top = g.node(f"head{i}", g.mesh(face, cloth, light[a:b], morphs=[stern]), joint,
                 turn=quaternion(*who.away))  # fmt: skip
    shut = g.node(f"lids{i}", g.mesh(lid, cloth, light[b:]), top, at=axis)
    rise(g, seat, who.at, i + 1)

    name = f"idle.{i}"
    t = np.linspace(0, LOOP_S, 25)
    deep = 0.5 - 0.5 * np.cos(2 * np.pi * (t / 4 + i * 0.37))
    g.clip(name, trunk, "scale", t, np.c_[1 + 0 * deep, 1 + 0.004 * deep, 1 + 0.014 * deep])
    times, turns = listeners.glances(rng, LOOP_S)
    g.clip(name, joint, "rotation", times, [quaternion(*q) for q in turns])
    times, angles = listeners.blinks(rng, LOOP_S)
    g.clip(name, shut, "rotation", times, [quaternion(0, q) for q in angles])

    start = 0.02 + 0.10 * i
    keys, turned = attention(who, start, min(start + 0.25, 0.98))
    g.clip("attention", top, "rotation", keys, turned)
    g.clip("mood", top, "weights", [0, 1], [[0.0], [1.0]])
    times, rows = listeners.applause(rng)
    g.clip("cue.applause", trunk, "weights", times, rows)


def attention(who: Listener, start: float, end: float) -> tuple[Array, Array]:
    """From where they look while they do not attend to the speaker; slow at both ends."""
    u = np.linspace(0, 1, 6)
    share = 1 - u * u * (3 - 2 * u)
    turns = [quaternion(who.away[0] * k, who.away[1] * k) for k in share]
    keys = np.r_[0, start + u * (end - start), 1]
    return keys, np.array([turns[0], *turns, turns[-1]])


def add_groups(g: Glb, rooms: Rooms, cloth: int, rng: np.random.Generator) -> None:
    """The others: one draw a group, heads turned by a morph."""
    there = len(listeners.NEAR)
    for i, (m, attend, count) in enumerate(listeners.groups(rng)):
        light = rooms.holding(m).bake(m, 32, 0.006, wrap=0.15)
        node = g.node(f"group{i}", g.mesh(m, cloth, light, morphs=[attend]))
        rise(g, node, np.zeros(3), there + count * 0.4)
        there += count
        start = 0.15 + 0.14 * i
        keys = [0, start, start + 0.25, 1]
        g.clip("attention", node, "weights", keys, [[0.0], [0.0], [1.0], [1.0]])


def add_sounds(scene: Scene) -> None:
    """A room that hums, a murmur without words, applause, a cough, a telephone."""
    t = 10.0
    sound.save(scene.folder, "room", sound.hiss(t, 60, 400, 1.6, 1), 0.3)
    voices = np.zeros(int(t * sound.RATE_HZ))
    for i, f in enumerate((150.0, 210.0, 330.0, 480.0, 720.0, 1100.0, 1700.0)):
        talk = sound.wander(t, 55, 30 + i) ** 2 * sound.wander(t, 5, 60 + i)
        voices = voices + sound.hiss(t, f, f * 1.45, 0.6, 40 + i) * talk / (1 + i * 0.45)
    sound.save(scene.folder, "murmur", voices, 0.5)
    sound.save(scene.folder, "applause", clapping(7.4), 0.7)
    sound.save(scene.folder, "cough", cough(), 0.6)
    phone = np.zeros(int(4.0 * sound.RATE_HZ))
    for start in (0.0, 1.4):
        for k in range(8):
            sound.ping(phone, start + k * 0.11, (1320, 1760)[k % 2], 0.4, 0.045)
    sound.save(scene.folder, "telephone", phone, 0.4)


def clapping(seconds: float) -> Array:
    """Many pairs of hands, each with its own pace, that start and end raggedly."""
    r, n = np.random.default_rng(8), int(seconds * sound.RATE_HZ)
    out = np.zeros(n)
    length = int(0.03 * sound.RATE_HZ)
    for i in range(46):
        tone = 900 + 900 * r.random()
        burst = sound.hiss(0.25, tone, tone * 2.4, 0.2, 100 + i)[:length]
        burst = burst * np.exp(-np.arange(length) / (0.006 * sound.RATE_HZ)) * r.uniform(0.4, 1)
        t, pace = r.uniform(0.2, 0.9), r.uniform(0.24, 0.34)
        while t < seconds - 1.0 + 0.8 * r.random():
            k = int(t * sound.RATE_HZ)
            if k + length < n:
                out[k : k + length] += burst
            t += pace * r.uniform(0.93, 1.07)
    return out


def cough() -> Array:
    """Two short bursts, far back in the hall."""
    x = np.zeros(int(1.6 * sound.RATE_HZ))
    noise = sound.hiss(1.6, 250, 1800, 0.8, 9)
    at_s = np.arange(len(x)) / sound.RATE_HZ
    for start, loud in ((0.1, 1.0), (0.48, 0.7)):
        after = np.clip(at_s - start, 0, None)
        x = x + noise * loud * np.exp(-after / 0.07) * np.clip(after / 0.012, 0, 1)
    return x
