"""A beach in the late afternoon, sun over the sea; people arrive as intensity grows."""

import numpy as np

from scenes.art import sound
from scenes.art.bake import STORED, Caster, bake
from scenes.art.clouds import clouds
from scenes.art.colour import Array, lin, mix
from scenes.art.gltf import Glb
from scenes.art.mesh import Mesh, merge, turned_about_y
from scenes.art.plants import grass_tuft
from scenes.art.shapes import dome
from scenes.art.sky import Sky, from_hex
from scenes.library.beach_walk import textures, things
from scenes.library.beach_walk.shore import ground, island, sand, sea
from scenes.scene import Scene

ISLES = (  # x, z, width, height
    (-900, -700, 300, 95), (-620, -1250, 430, 150), (-150, -1700, 520, 190),
    (-1500, -350, 420, 120), (-1300, 500, 350, 80), (-330, -880, 60, 26), (-240, -900, 26, 30),
)  # fmt: skip
BOATS = ((-120, -170, 1.2), (-205, -190, 1.1), (-95, -260, 1.3))


def sky() -> Sky:
    """Late afternoon: a warm low sun on the left, cool shade."""
    return from_hex(
        15,
        -42,
        {"glow": 0.95, "sunlight": 2.7, "ground": 0.9},
        zenith="#3d74b4", mid="#9fc6dc", near="#ffd9a8", away="#d3cbd8", glow="#ffb35c",
        sunlight="#ffc684", ground="#b0906c", cloud_lit="#fff1dc", cloud_dark="#9c97c2",
        deep="#0a4a63", shallow="#5fb5a6",
    )  # fmt: skip


def build(scene: Scene) -> None:
    """Writes the picture and the sounds into the scene's folder."""
    rng, s, g = np.random.default_rng(11), sky(), Glb()
    air_dome = dome(3)
    air = g.texture(clouds(s.sun, 1536, 288, cover=0.20, seed=5))
    g.node("sky", g.mesh(air_dome, g.material("sky", air), air_dome.c, uv=True))
    land, palms = sand(), things.palms()
    roots, sizes = things.tufts(rng)
    props = things.props(rng)
    add_land(g, s, land, palms, props, roots, sizes)
    add_far(g, s, land, rng)
    add_folk(g, s, land, palms, props)
    add_grass(g, s, Caster([land, palms]), roots, sizes, rng)
    slopes, lace = g.texture(textures.water_slopes(), quality=88), g.texture(textures.foam(rng))
    water = sea()
    g.node("sea", g.mesh(water, g.material("water", slopes, lace, blend=True), water.c, uv=True))
    g.node("viewer", at=(0, ground(0, 0), 0))
    g.save(
        scene.folder / scene.asset,
        sky=s.extras(STORED),
        exposure=1.6 * 0.95,
        fog=[0.0017, 0.012, 0, 0.93],
        scene=scene.manifest(),
    )
    add_sounds(scene)


def overhead(s: Sky) -> Array:
    """The light of the open sky on level ground."""
    d = np.array(
        [[0, 1, 0], [0.7, 0.5, 0.5], [-0.7, 0.5, 0.5], [0.7, 0.5, -0.5], [-0.7, 0.5, -0.5]]
    )
    return np.asarray(s.seen(d).mean(0) * 0.95)


def add_land(
    g: Glb, s: Sky, land: Mesh, palms: Mesh, props: Mesh, roots: Array, sizes: Array
) -> None:
    """Sand with its shadow picture, palms and props."""
    grass = merge(
        grass_tuft(i % 3).upon(p, i * 1.7, k)
        for i, (p, k) in enumerate(zip(roots, sizes, strict=True))
    )
    # The sand's own points leave out what casts the shadow picture, else every shadow is there
    # twice, sharp and blurred.
    bare = bake(land, Caster([land]), s, 64)
    shade = g.texture(textures.shadows(Caster([palms, props, grass]), s, overhead(s)), quality=85)
    ripples = g.texture(textures.sand_detail(), quality=85)
    g.node("sand", g.mesh(land, g.material("sand", shade, ripples), bare, uv=True))
    cast = Caster([land, palms, props, grass])
    lit = bake(palms, cast, s, 48, two_sided=True, eps_m=0.05)
    g.node("palms", g.mesh(palms, g.material("foliage", double=True), lit))
    g.node("props", g.mesh(props, g.material("baked"), bake(props, cast, s, 96)))


def add_far(g: Glb, s: Sky, land: Mesh, rng: np.random.Generator) -> None:
    """Islands, shrubs on the hills, sails."""
    isles = merge(island(*at, seed=i + 1) for i, at in enumerate(ISLES))
    shrubs, boats = things.bushes(rng), merge(things.sail(*at) for at in BOATS)
    light = np.vstack(
        [
            bake(isles, Caster([isles]), s, 24, soft=2),
            bake(shrubs, Caster([land, shrubs]), s, 32, eps_m=0.1),
        ]
    )
    g.node("far", g.mesh(merge([isles, shrubs]), g.material("baked"), light))
    sails = bake(boats, None, s, 24, two_sided=True)
    g.node("boats", g.mesh(boats, g.material("baked", double=True), sails))


def add_folk(g: Glb, s: Sky, land: Mesh, palms: Mesh, props: Mesh) -> None:
    """Four groups that come one after the other, each with its long soft shadows."""
    people = things.folk()
    cast = Caster([land, palms, props, *people])
    cloth, dark = g.material("baked", double=True), g.material("shadow", double=True, blend=True)
    for q in range(4):
        ids = range(q, len(people), 4)
        group = merge(people[i] for i in ids)
        shade = merge(long_shadow(s, people[i], things.FOLK[i][2] == "p") for i in ids)
        node = g.node(f"people{q}")
        g.node(f"shade{q}", g.mesh(shade, dark, shade.c * STORED, uv=True), node)
        g.node(f"folk{q}", g.mesh(group, cloth, bake(group, cast, s, 64)), node)
        # A scale of 0 would leave a matrix that cannot be inverted.
        keys = [0, 0.1 + 0.25 * q, 0.14 + 0.25 * q, 1]  # nobody stands there half grown
        g.clip("people", node, "scale", keys, [[0.001] * 3] * 2 + [[1, 1, 1]] * 2)


def long_shadow(s: Sky, m: Mesh, wide: bool) -> Mesh:
    """A stretched quad away from the sun, laid on the sand."""
    middle = m.p.mean(0)[[0, 2]]
    away = -s.sun[[0, 2]] / np.hypot(s.sun[0], s.sun[2])
    side = np.array([-away[1], away[0]]) * (1.5 if wide else 0.42)
    flat = [
        middle + away * far + side * k for far, k in ((-0.35, -1), (-0.35, 1), (6.2, 1), (6.2, -1))
    ]
    corners = [[x, ground(x, z) + 0.035, z] for x, z in flat]
    uv = [[0, 0], [0, 1], [1, 1], [1, 0]]
    return Mesh(corners, [[0, 2, 1], [0, 3, 2]], lin("#4d4a63"), uv=uv)


def add_grass(
    g: Glb, s: Sky, cast: Caster, roots: Array, sizes: Array, rng: np.random.Generator
) -> None:
    """Three tufts, placed by the hundred, each with a tint and its own sun or shade."""
    green, above = g.material("foliage", double=True), overhead(s)
    for v in range(3):
        k, m = np.arange(v, len(roots), 3), grass_tuft(v)
        up = m.w[:, None]
        lit = m.c * (s.sunlight * (0.25 + 0.5 * up) + above * (0.35 + 0.65 * up)) * STORED
        vary = 1 + 0.14 * rng.standard_normal((len(k), 1)) + 0.06 * rng.standard_normal((len(k), 3))
        tint = np.clip(vary, 0.5, 1.4) * mix(lin("#ffffff"), lin("#ffe9c0"), rng.random(len(k)))
        sunny = 0.45 + 0.55 * cast.free(roots[k] + [0, 0.3, 0], s.sun)
        rows = {
            "TRANSLATION": roots[k],
            "ROTATION": turned_about_y(rng.uniform(0, 2 * np.pi, len(k))),
            "SCALE": np.repeat(sizes[k, None], 3, 1),
            "_COLOR_0": tint * sunny[:, None],
        }
        g.node(f"grass{v}", g.mesh(m, green, lit), instances=rows)


def add_sounds(scene: Scene) -> None:
    """Waves that come every five seconds, wind, voices far off (no words)."""
    t = 20.0
    rush = sound.hiss(t, 120, 2600, 1.3, 1) * (0.14 + sound.swell(t, 4, 0.7))
    wash = sound.hiss(t, 900, 6000, 0.8, 2) * sound.swell(t, 4, 0.9, 0.83) * 0.28
    sound.save(scene.folder, "waves", rush + wash)
    breeze = sound.hiss(12.0, 90, 700, 1.5, 3) * sound.wander(12.0, 4, 4)
    sound.save(scene.folder, "breeze", breeze, 0.5)
    voices = np.sum(
        [sound.hiss(12.0, f, f * 1.5, 0.5, 10 + i) * sound.wander(12.0, 30, 20 + i) ** 3
         for i, f in enumerate((180.0, 260.0, 420.0, 700.0))], 0
    )  # fmt: skip
    sound.save(scene.folder, "people", voices, 0.4)
