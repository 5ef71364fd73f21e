"""What grows in the forest scene: wound outward, rooted in the ground, clear of the path."""

import numpy as np
import pytest

pytest.importorskip("PIL")

from scenes.art import woods
from scenes.art.creatures import circle
from scenes.art.mesh import facing_out
from scenes.library.forest import land, life

THINGS = {
    "trunk": woods.trunk(woods.bent(8, 0.5, 8, 1), 0.3, 9, 1),
    "stone": woods.stone(3),
    "fern": woods.fern(1),
    "lily": woods.lily(1),
    "toadstool": woods.toadstool(2),
}


@pytest.mark.parametrize("name", THINGS)
def test_every_face_looks_out(name: str) -> None:
    assert facing_out(THINGS[name]) > 0.99


def test_a_trunk_stands_in_the_ground_and_its_roots_are_wide() -> None:
    m = woods.trunk(woods.bent(8, 0.0, 12, 1), 0.3, 12, 1, roots=1.0)
    assert m.p[:, 1].min() < -0.2 and 7.5 < m.p[:, 1].max() < 8.1
    low = np.abs(m.p[m.p[:, 1] < 0.1][:, [0, 2]]).max()
    high = np.abs(m.p[m.p[:, 1] > 6][:, [0, 2]]).max()
    assert low > 2 * high
    assert m.uv[:, 0].min() == 0 and m.uv[:, 0].max() == pytest.approx(2.0)


def test_a_log_shows_both_its_sawn_ends() -> None:
    m = woods.log(2.0, 0.25, 1)
    middle, out = m.p[m.f].mean(1), m.face_normals()
    for side in (-1, 1):
        face = middle[:, 0] * side > 0.99
        assert out[face, 0].sum() * side / 2 > 0.08  # the disc's area, toward its side


def test_the_thicket_is_low_toward_the_sun_and_looks_inward() -> None:
    m = woods.thicket(50, 15, 1, 0.25, 0.3)
    turn = np.arctan2(m.p[:, 0], -m.p[:, 2])
    toward, away = (np.abs(turn - 0.25) < 0.05), (np.abs(turn) > 2)
    assert m.p[toward, 1].max() < 0.5 * m.p[away, 1].max()
    assert facing_out(m) > 0.99


def test_the_pool_lies_in_its_basin_and_no_path_leads_into_it() -> None:
    assert land.ground(land.POOL_X, land.POOL_Z) < land.POOL_Y - 0.2
    z = np.linspace(0, -20, 60)
    assert land.shore(land.path_x(z), z).min() > 0.2
    water = land.pool()
    assert (water.normals()[:, 1] > 0.99).all()


def test_the_ground_has_no_crack_between_its_pictures() -> None:
    fine, coarse, far = land.meshes()
    for inner, outer, patch in ((fine, coarse, land.FINE), (coarse, far, land.COARSE)):
        used = outer.p[np.unique(outer.f)]
        off = np.maximum(np.abs(used[:, 0] - patch[1]), np.abs(used[:, 2] - patch[2]))
        under = used[off < patch[0] / 2 - 0.02]
        assert len(under) and len(inner.p)
        assert (under[:, 1] < land.height(under[:, 0], under[:, 2]) - 0.05).all()


def test_what_moves_for_ever_comes_back_to_where_it_began() -> None:
    times_s, way = life.drift(3, 2.0)
    assert np.allclose(way[0], way[-1]) and times_s[-1] == 24.0
    place, turn = circle(0, -20, 6, 12, 1.0)
    assert np.allclose(place[0], place[-1])
    assert np.allclose(np.abs(np.sum(turn[0] * turn[-1])), 1)
    leaves = life.falling(1)
    half = len(leaves.p) // 2
    assert np.allclose(leaves.p[half:] - leaves.p[:half], [0, life.FALL_M, 0])
