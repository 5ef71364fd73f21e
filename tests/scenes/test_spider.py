"""The spider comes from its jar to the hand and nowhere else; its skin, gait and ways are sound."""

import numpy as np
import pytest

pytest.importorskip("PIL")

from scenes.art import blend, creatures, hands
from scenes.art.mesh import Mesh, facing_out
from scenes.library.spider import animals


def volume(m: Mesh) -> float:
    a, b, c = (m.p[m.f[:, k]] for k in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


def test_a_melted_ball_is_a_ball() -> None:
    m = blend.melted([blend.Bone((0, 0, 0), (0, 0, 1e-6), 0.1, 0.1)], 0.02, 0.001)
    assert facing_out(m) == 1.0
    assert volume(m) == pytest.approx(4 / 3 * np.pi * 0.1**3, rel=0.05)
    assert np.abs(np.linalg.norm(m.p, axis=1) - 0.1).max() < 0.002


def test_a_melted_skin_is_closed_and_its_colours_melt() -> None:
    bones = [
        blend.Bone((0, 0, 0), (0.2, 0, 0), 0.05, 0.04, (1.0, 0, 0)),
        blend.Bone((0.2, 0, 0), (0.3, 0.1, 0), 0.04, 0.03, (0, 0, 1.0)),
    ]
    m = blend.melted(bones, 0.012, 0.01)
    edges = np.sort(np.vstack([m.f[:, [0, 1]], m.f[:, [1, 2]], m.f[:, [2, 0]]]), 1)
    _, times = np.unique(edges, axis=0, return_counts=True)
    assert (times == 2).all()
    assert m.c[m.p[:, 0] < 0.05, 0].min() > 0.9 and m.c[m.p[:, 1] > 0.08, 2].min() > 0.9


def test_hands_mirror_each_other() -> None:
    right = hands.hand(0.3, 0.007, sleeve=None)
    left = hands.mirrored(right)
    assert facing_out(right) > 0.99 and facing_out(left) > 0.99
    assert volume(left) == pytest.approx(volume(right)) and volume(right) > 0
    assert np.allclose(left.p, right.p * [-1, 1, 1])
    thumb = right.p[right.p[:, 2] < 0][:, 0].min()
    assert thumb < -0.06  # a right hand, palm down, has its thumb to the left


def test_a_fist_is_shorter_than_a_flat_hand() -> None:
    flat, fist = (hands.hand(curl, 0.008, sleeve=None).p[:, 2].min() for curl in (0.0, 2.4))
    assert -0.21 < flat < -0.17 and fist > flat + 0.05


def test_the_spider_stands_on_its_feet_and_lifts_them_by_halves() -> None:
    m, (swing, one, two) = creatures.spider(rounds=11, hairs=40)
    assert 0.95 < np.ptp(m.p[:, 0]) < 1.15 and -0.005 < m.p[:, 1].min() < 0.02
    assert np.abs(swing).max() > 0.05
    lifted = [np.abs(x[:, 1]) > 0.02 for x in (one, two)]
    assert lifted[0].any() and lifted[1].any() and not (lifted[0] & lifted[1]).any()


def test_a_wandering_closes_without_a_turn_on_the_spot() -> None:
    place, heading, length = creatures.wander(3, 0.03, 73)
    assert np.allclose(place[0], place[-1], atol=1e-9) and length > 0.1
    whole = (heading[-1] - heading[0]) / (2 * np.pi)
    assert whole == pytest.approx(round(whole))


def test_the_first_spider_goes_straight_to_the_hand() -> None:
    shares = np.linspace(0, 1, 50)
    way = animals.first(shares)
    assert np.allclose(animals.HAND_Z - way[:, 2], animals.FAR_M * (1 - shares))
    assert way[-1, 1] > animals.TABLE_Y + 0.03 and way[30, 1] < animals.TABLE_Y + 0.005


def test_the_others_stay_in_the_jar_until_it_is_open_and_end_before_the_hand() -> None:
    open_from = 1 - animals.JAR_M / animals.FAR_M
    for k, (leaves, _, _) in enumerate(animals.OTHERS):
        assert leaves > open_from
        shares = np.array([0.0, leaves, 1.0])
        way = animals.other(k, shares)
        for at, share in zip(way[:2], shares, strict=False):
            assert abs(at[2] - animals.jar_z(share)) < 0.1
        assert way[2, 2] < animals.HAND_Z - 0.15


def test_every_loop_ends_where_it_began() -> None:
    for k in range(animals.ALL):
        metres, places, turns, gait = animals.loop(k)
        assert metres[-1] == gait[-1, 0] == animals.PATH_M
        assert np.allclose(places[0], places[-1]) and np.abs(places).max() < 0.09
        assert abs(float(turns[0] @ turns[-1])) == pytest.approx(1)
        assert np.allclose(gait[0, 1:], gait[-1, 1:])
        assert (gait[:, 2:] >= 0).all() and gait[:, 1:].max() <= 1
