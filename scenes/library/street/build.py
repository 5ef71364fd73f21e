"""A street in the late afternoon, seen from a bench with a wall behind it; cues one by one."""

import numpy as np
from numpy.typing import NDArray

from scenes.art.bake import STORED, Caster, bake
from scenes.art.clouds import clouds
from scenes.art.colour import Array, lin
from scenes.art.gltf import Glb
from scenes.art.mesh import Mesh, merge
from scenes.art.shapes import dome
from scenes.art.sky import Sky, from_hex
from scenes.library.street import ground, noises, passers
from scenes.scene import Scene

SHADE = 1.5  # an eye in the shade opens it


def sky() -> Sky:
    """Late afternoon: the sun behind the seat on the right, on the fronts of the houses ahead."""
    return from_hex(
        30,
        128,
        {"glow": 0.7, "sunlight": 1.55, "ground": 1.0},
        zenith="#5f8aba", mid="#b4cddb", near="#ffe2b8", away="#dcd6d2", glow="#ffc78a",
        sunlight="#ffd9a8", ground="#a8957f", cloud_lit="#fff1dc", cloud_dark="#a6a2c2",
        lamp="#ffc27a",
    )  # fmt: skip


def build(scene: Scene) -> None:
    """Writes the picture and the sounds into the scene's folder."""
    rng, s, g = np.random.default_rng(9), sky(), Glb()
    air = g.texture(clouds(s.sun, 640, 160, cover=0.18, seed=12), quality=82)
    air_dome = dome(2)
    g.node("sky", g.mesh(air_dome, g.material("sky", air), air_dome.c, uv=True))
    baked, cloth = g.material("baked"), g.material("baked", double=True, name="people")
    panes = g.material("baked", name="panes")
    near = merge([*ground.floors(rng), *ground.corner(rng), *ground.furniture()])
    green, town = ground.trees(), merge(ground.town(rng))
    cast = Caster([near, town, green])
    for name, m in (("near", near), ("town", town)):
        light = bake(m, cast, s, 56, soft=5, eps_m=0.02, lift=SHADE)
        lit = (m.e.sum(1) > 0)[m.f].all(1)  # panes and shop windows have a brightness of their own
        for part, faces, kind in ((name, ~lit, cloth), (f"{name}_lit", lit, panes)):
            if faces.any():
                own, points = _part(m, faces)
                g.node(part, g.mesh(own, kind, light[points]))
    leaf = g.material("foliage", double=True)
    leaves = bake(green, cast, s, 32, soft=3, eps_m=0.05, wrap=0.15, lift=SHADE * 0.9)
    g.node("trees", g.mesh(green, leaf, leaves))
    bulbs = ground.bulbs()
    g.node("lanterns", g.mesh(bulbs, panes, bulbs.e * STORED * 0.6))
    pools = ground.pools()
    glow = g.material("glow", blend=True)
    g.node("lamplight", g.mesh(pools, glow, pools.c * STORED, uv=True))
    add_cars(g, s, baked, cast)
    add_people(g, s, cloth, cast, rng)
    g.node("viewer", at=(0, 0, 0))
    add_places(g)
    g.save(
        scene.folder / scene.asset,
        sky=s.extras(STORED),
        exposure=1.6,
        fog=[0.003, 0.012, 0, 0.93],
        scene=scene.manifest(),
    )
    noises.add_sounds(scene)


def _part(m: Mesh, faces: NDArray[np.bool_]) -> tuple[Mesh, NDArray[np.int64]]:
    """Some faces of a mesh with the points they need, and which points those are."""
    points, at = np.unique(m.f[faces], return_inverse=True)
    return Mesh(m.p[points], at.reshape(-1, 3), m.c[points], m.w[points]), points


def figure_light(m: Mesh, s: Sky, cast: Caster | None) -> Array:
    return bake(m, cast, s, 40, soft=2, eps_m=0.006, wrap=0.3, lift=SHADE)


def add_cars(g: Glb, s: Sky, baked: int, cast: Caster) -> None:
    """Each car drives its own round; `show` lets it into the street."""
    road = Mesh([[-4, 0, -6], [-4, 0, 6], [4, 0, 6], [4, 0, -6]], [[0, 1, 2], [0, 2, 3]])
    shade = g.material("shadow", double=True, blend=True)
    for i, r in enumerate(passers.RIDES):
        m = ground.car(lin(r.paint), r.tall).at(0, 0, 0, ry=-r.way * np.pi / 2)
        light = bake(m, Caster([m, road]), s, 48, soft=2, eps_m=0.01, wrap=0.3, lift=SHADE)
        top = g.node(f"car{i}")
        node = g.node(f"drive{i}", parent=top)
        g.node(f"body{i}", g.mesh(m, baked, light), node)
        below = _below(2.3, 1.0)
        g.node(f"shade{i}", g.mesh(below, shade, below.c * STORED, uv=True), node)
        g.clip(f"idle.car{i}", node, "translation", *passers.ride_keys(r))


def _below(long_m: float, wide_m: float) -> Mesh:
    """Two soft quads back to back, dark in the middle: what touches the ground shades it."""
    p, f, uv = [], [], []
    for k, way in enumerate((-1, 1)):
        p += [[0, 0.02, -wide_m], [0, 0.02, wide_m], [way * long_m, 0.02, wide_m],
              [way * long_m, 0.02, -wide_m]]  # fmt: skip
        uv += [[0.06, 0], [0.06, 1], [1, 1], [1, 0]]
        f += [[4 * k, 4 * k + 1, 4 * k + 2], [4 * k, 4 * k + 2, 4 * k + 3]]
    return Mesh(p, f, lin("#34343f"), uv=uv)


def add_people(g: Glb, s: Sky, cloth: int, cast: Caster, rng: np.random.Generator) -> None:
    """Parties out of shops, over to this side; those who stand."""
    shade = g.material("shadow", double=True, blend=True, name="underfoot")
    walks: list[tuple[int, list[tuple[float, float]]]] = []
    for i, p in enumerate(passers.PARTIES):
        if p.like is None:
            m, morphs, spots = passers.party(p, rng)
            lit = m.at(0, ground.UP_M, p.near_z or passers.FAR_WALK_Z)
            light = figure_light(lit, s, Caster([lit]))
            walks.append((g.mesh(m, cloth, light, morphs=morphs), spots))
        else:
            walks.append(walks[p.like])
        mesh, spots = walks[-1]
        turned = p.like is not None and passers.PARTIES[p.like].way != p.way
        out = passers.FAR_WALK_Z + p.lane
        come = g.node(f"party{i}", at=(0, ground.UP_M, passers.AWAY_Z))
        cross = g.node(f"cross{i}", parent=come)
        walk = g.node(f"walk{i}", mesh, cross, turn=_about_y(np.pi) if turned else None)
        if p.near_z is not None:
            foot = merge(_below(0.34, 0.30).at(a, 0, b) for a, b in spots)
            g.node(f"foot{i}", g.mesh(foot, shade, foot.c * STORED, uv=True), walk)
        keys = [0, p.comes, p.comes + 0.002, p.comes + 0.06, 1]
        ways = (passers.AWAY_Z, passers.AWAY_Z, passers.SHOP_Z, out, out)
        g.clip("people", come, "translation", keys, [[0, ground.UP_M, q] for q in ways])
        if p.near_z is not None:
            over = [[0, 0, 0]] * 2 + [[0, 0, p.near_z - out]] * 2
            g.clip("near", cross, "translation", [0, p.crosses, p.crosses + 0.3, 1], over)
        times, places, steps, weights = passers.loop(p)
        g.clip(f"idle.walk{i}", walk, "translation", times, places)
        g.clip(f"idle.walk{i}", walk, "weights", steps, weights)
    pair = passers.talkers(rng)
    g.node("talkers", g.mesh(pair, cloth, figure_light(pair, s, cast)))
    add_man(g, s, cloth, cast, rng)


def add_man(g: Glb, s: Sky, cloth: int, cast: Caster, rng: np.random.Generator) -> None:
    """He stands with his back half turned; the cue `looks` turns his head to the patient."""
    body, face, joint, _ = passers.man(rng)
    at, turn = passers.MAN_AT, passers.MAN_TURN
    whole = merge([body, face.upon(joint)]).upon(at, turn)
    light = figure_light(whole, s, cast)
    stand = g.node("man", g.mesh(body, cloth, light[: len(body.p)]), at=at, turn=_about_y(turn))
    top = g.node("man_head", g.mesh(face, cloth, light[len(body.p) :]), stand, at=joint)
    # From where he stands the patient is at this angle; a head turns 75 degrees, the body the rest.
    seen = float(np.arctan2(at[0], at[2]))
    left = (seen - turn + np.pi) % (2 * np.pi) - np.pi
    share = min(1.0, 1.25 / abs(left))
    t = [0.0, 0.9, 1.3, 6.5, 7.6]
    turns = np.array([0, 0.95, 1, 1, 0]) * left
    g.clip("cue.looks", top, "rotation", t, [_about_y(float(a * share)) for a in turns])
    rest = [_about_y(turn + float(a * (1 - share))) for a in turns]
    g.clip("cue.looks", stand, "rotation", t, rest)


def _about_y(a: float) -> list[float]:
    return [0.0, float(np.sin(a / 2)), 0.0, float(np.cos(a / 2))]


def add_places(g: Glb) -> None:
    """Where sounds come from."""
    for name, at in (
        ("far_left", (-30, 2, -9)), ("far_right", (30, 2, -9)), ("side_street", (7, 2, -40)),
        ("opposite", (-3, 1.5, -16)), ("road", (0, 1, -7)), ("behind_right", (6, 1, 0.6)),
    ):  # fmt: skip
        g.node(name, at=at)
