"""The hall's listeners: who comes when, who looks where (skipped where the asset is not built)."""

from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("PIL")

from scenes import curve
from scenes.library.audience import hall, listeners
from scenes.scene import load

SCENE = load("audience")


def test_the_levels_are_the_numbers_they_name() -> None:
    people = next(p for p in SCENE.parameters if p.name == "people")
    told = [curve.at(people.curve, level.intensity) * people.full for level in SCENE.levels]
    assert told[0] == 0 and told[-1] == listeners.PEOPLE
    for number, expected in zip(told[1:4], (1, 5, 12), strict=True):
        assert abs(number - expected) < 0.3
    assert np.all(np.diff(told) > 0)


def test_everyone_has_a_seat_of_their_own_and_who_is_away_cannot_be_seen() -> None:
    rng = np.random.default_rng(31)
    near, groups = listeners.near(rng), listeners.groups(rng)
    assert len(near) + sum(count for _, _, count in groups) == listeners.PEOPLE
    places = {tuple(np.round(who.at, 3)) for who in near}
    assert len(places) == len(near)
    for who in near:
        tall = who.placed(listeners.body(who)[0]).p[:, 1].max() + 0.34
        floor = who.at[1] - hall.SEAT_M
        assert tall - listeners.DOWN_M < floor
    for m, attend, _ in groups:
        assert attend.shape == m.p.shape and np.abs(attend).max() < 0.3


def test_who_attends_faces_the_speaker() -> None:
    for who in listeners.near(np.random.default_rng(31)):
        ahead = np.array([-np.sin(who.turn), 0, -np.cos(who.turn)])
        to_speaker = -who.at * [1, 0, 1]
        assert ahead @ to_speaker / np.linalg.norm(to_speaker) > 0.99


def test_small_motions_loop_and_never_jump() -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        times, turns = listeners.glances(rng, 12.0)
        assert times[0] == 0 and times[-1] == 12.0 and turns[0] == turns[-1]
        assert np.all(np.diff(times) > 0) and np.abs(turns).max() < 0.25
        times, angles = listeners.blinks(rng, 12.0)
        assert np.all(np.diff(times) > 0) and angles[0] == angles[-1] == 0
        assert 2 <= sum(a == b < 0 for a, b in pairwise(angles)) <= 5
