"""The ride has no end and no seam: everything repeats after one period, nobody is turned."""

import numpy as np
import pytest

pytest.importorskip("PIL")

from scenes.art import meadow
from scenes.art.mesh import facing_out, merge
from scenes.library.bike_ride import bike, build, things, way
from scenes.library.bike_ride.way import PERIOD_M
from scenes.scene import load

X, Z = np.linspace(-20, 60, 41), -np.linspace(0, PERIOD_M, 41)


def test_the_land_repeats_after_one_period() -> None:
    for what in (way.lane, way.rise, way.bank):
        assert np.allclose(what(Z), what(Z - PERIOD_M))
    assert np.allclose(way.height(X, Z), way.height(X, Z - PERIOD_M), atol=1e-5)
    land = way.land()
    first, last = (np.isclose(land.p[:, 2], z) for z in (0.0, -PERIOD_M))
    assert np.allclose(land.normals()[first], land.normals()[last], atol=1e-4)
    assert np.allclose(land.c[first], land.c[last], atol=1e-4)


def test_the_way_turns_nobody_and_stays_within_comfort() -> None:
    metres, places = way.keys()
    step = np.diff(places, axis=0) / np.diff(metres)[:, None]
    sideways_deg = np.degrees(np.arctan(np.abs(step[:, 0])))
    assert sideways_deg.max() < 5.5 and np.abs(step[:, 1]).max() < 0.035
    assert np.allclose(places[0, :2], places[-1, :2])
    assert places[0, 2] - places[-1, 2] == pytest.approx(PERIOD_M)
    # Felt sideways at full speed: v^2 times the bend, in m/s^2.
    bend = np.diff(step[:, 0]) / np.diff(metres)[1:]
    assert 25 * np.abs(bend).max() < 0.2


def test_speed_keeps_the_motion_rules() -> None:
    speed = next(p for p in load("bike_ride").parameters if p.name == "speed")
    assert speed.full <= 5.0 and speed.rest == 0.0
    assert speed.max_rate_per_s is not None and speed.max_rate_per_s < 0.5


def test_the_wheel_turns_a_whole_number_of_times() -> None:
    turns = PERIOD_M / (2 * np.pi * bike.radius_m(PERIOD_M))
    assert turns == pytest.approx(round(turns)) and 0.3 < bike.radius_m(PERIOD_M) < 0.38


def test_lanterns_grow_harder_to_catch() -> None:
    for k in range(things.LANTERNS):
        easy, hard = things.hung(k)
        off = [abs(p[0] - float(way.lane(np.array(p[2])))) for p in (easy, hard)]
        assert off[0] < 2.6 < 3.8 < off[1]
        assert easy[1] > way.ground(easy[0], easy[2]) + 1


def test_what_repeats_stands_the_same_in_every_period() -> None:
    at = np.array([[3.0, 0, -20.0], [4.0, 0, -90.0]])
    rows = build.turned(build.again(at), np.array([1.0, 1.2]))
    same = np.isclose(rows["TRANSLATION"][:, 2] % PERIOD_M, 220.0)
    assert same.sum() == len(way.COPIES)
    assert np.ptp(rows["SCALE"][same], axis=0).max() == 0
    assert np.ptp(rows["ROTATION"][same], axis=0).max() == 0


def test_every_face_looks_out() -> None:
    wood, crown = meadow.blossom_tree(1)
    assert facing_out(wood) == 1.0 and facing_out(crown) > 0.9
    for m in (merge(meadow.blossom_tree(2, near=False)), meadow.poplar(1), things.house(0)):
        assert facing_out(m) == 1.0
    assert facing_out(bike.wheel(0.34)) > 0.99 and facing_out(bike.frame(0.34)) > 0.98
    assert facing_out(way.land()) == 1.0 and facing_out(way.road()) == 1.0
