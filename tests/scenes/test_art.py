"""The builders' bricks: winding, one sky, steady bytes (skipped without the build's parts)."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PIL")

from scenes.art import plants, shapes, sound
from scenes.art.bake import Caster, directions, lamplight
from scenes.art.colour import lin
from scenes.art.figures import sitter
from scenes.art.mesh import Mesh, facing_out, merge
from scenes.art.noise import noise2, spectral
from scenes.art.sky import from_hex
from scenes.library.heights.city import car, walls
from scenes.library.heights.terrace import dial_face, storey_plates

SKIN = lin("#c68e6a")
SOLIDS = {
    "box": shapes.box(1, 2, 3),
    "bevelled box": shapes.box(1, 2, 3, bevel=0.1),
    "sphere": shapes.sphere(2),
    "tube": shapes.tube([[0, 0, 0], [0, 1, 0], [1, 2, 0]], [0.2, 0.2, 0.1]),
    "lathe": shapes.lathe([(0.2, 0), (0.3, 1), (0.1, 2)]),
    "car": car(),
    "walls": walls(np.random.default_rng(1), 20, 60, 18, lin("#ffffff")),
    "sitter": sitter(SKIN, SKIN),
}


@pytest.mark.parametrize("name", SOLIDS)
def test_every_face_looks_out(name: str) -> None:
    assert facing_out(SOLIDS[name]) == 1.0


@pytest.mark.parametrize("name", ["box", "bevelled box", "sphere"])
def test_a_closed_body_is_wound_outward(name: str) -> None:
    """Volume by the divergence theorem: negative if the body is inside out."""
    m = SOLIDS[name]
    a, b, c = (m.p[m.f[:, k]] for k in range(3))
    assert np.einsum("ij,ij->i", a, np.cross(b, c)).sum() > 0


@pytest.mark.parametrize("name", ["tube", "lathe"])
def test_round_bodies_show_their_outside(name: str) -> None:
    m = SOLIDS[name] if name == "lathe" else shapes.tube([[0, 0, 0], [0, 2, 0]], 0.3)
    outward = m.p * [1, 0, 1]
    assert (np.einsum("ij,ij->i", m.normals(), outward) > 0).mean() > 0.9


def test_sheets_look_up_and_letters_look_at_the_viewer() -> None:
    assert (shapes.sheet(0, 0, 1, 1, 0, SKIN).normals()[:, 1] > 0.99).all()
    assert facing_out(dial_face()) == 1.0 and (storey_plates(3.3).normals()[:, 2] < -0.99).all()


def test_leaves_keep_the_normals_of_their_blob() -> None:
    blob = shapes.sphere(1)
    m = plants.leaves(blob, 50, 0.1, 1, ("#4d8048", "#b5b45e"))
    assert len(m.f) == 100 and facing_out(m) > 0.95


def test_noise_tiles_and_has_unit_spread() -> None:
    v = spectral((64, 64), 2.0, 3)
    assert abs(float(v.std()) - 1) < 1e-5 and abs(float(v.mean())) < 1e-5
    x = np.linspace(0, 5, 9)
    assert np.allclose(noise2(x, x, 50.0), noise2(x + 50.0, x - 50.0, 50.0), atol=1e-6)


def test_the_sky_is_brightest_at_the_sun_and_has_no_seam() -> None:
    names = [
        "zenith",
        "mid",
        "near",
        "away",
        "glow",
        "sunlight",
        "ground",
        "cloud_lit",
        "cloud_dark",
    ]
    sky = from_hex(12, -30, {"glow": 0.9}, **dict.fromkeys(names, "#8090a0"), deep="#0a4a63")
    d = directions(200)
    light = sky.seen(d).sum(1)
    assert d[int(light.argmax())] @ sky.sun > 0.95
    around = np.array([[np.sin(a), 0.0, -np.cos(a)] for a in np.linspace(0, 2 * np.pi, 721)])
    assert np.abs(np.diff(sky.seen(around), axis=0)).max() < 0.05
    assert sky.extras(0.5)["deep"] == pytest.approx((lin("#0a4a63") / 2).tolist())


def test_rays_stop_at_walls_and_may_end_before_them() -> None:
    pytest.importorskip("embreex")
    wall = shapes.quad([(-1, -1, -2), (1, -1, -2), (1, 1, -2), (-1, 1, -2)])
    cast, origin, ahead = Caster([wall]), np.zeros((1, 3)), np.array([0.0, 0, -1])
    assert not cast.free(origin, ahead)[0] and cast.free(origin, -ahead)[0]
    assert cast.free(origin, ahead, np.array([1.5]))[0]
    assert not cast.free(origin, ahead, np.array([2.5]))[0]


def test_a_lamp_ends_at_its_reach() -> None:
    p, n = np.array([[0.0, 0, 0], [9, 0, 0]]), np.array([[0.0, 1, 0], [0, 1, 0]])
    out = lamplight(p, n, [(0, 1, 0, 1.0, 0.8, 0.6, 3.0)])
    assert out[0, 0] > out[0, 2] > 0 and not out[1].any()


def test_merging_keeps_every_part() -> None:
    m = merge([shapes.box(1, 1, 1), Mesh([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]])])
    assert len(m.f) == 13 and m.f.max() == len(m.p) - 1


def test_a_loop_has_no_seam_and_the_same_bytes_twice(tmp_path: Path) -> None:
    loop = sound.hiss(2.0, 100, 800, 1.0, 4)
    assert abs(loop[0] - loop[-1]) < 4 * np.abs(np.diff(loop)).std()
    first, second = (sound.save(tmp_path, n, loop) for n in ("one", "two"))
    assert first.read_bytes() == second.read_bytes() and first.stat().st_size > 1000
