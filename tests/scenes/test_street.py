"""The street: each cue behind its own gate, walks that do not slide, nobody through the patient."""

import numpy as np
import pytest

pytest.importorskip("PIL")

import itertools

from scenes import curve
from scenes.art.bodies import STEP_M
from scenes.library.street import ground, passers
from scenes.scene import load

SCENE = load("street")
CUES = {c.name: c for c in SCENE.cues}


def test_every_cue_has_a_gate_and_the_sudden_ones_are_agreed_to_first() -> None:
    assert len(CUES) >= 8
    for cue in CUES.values():
        assert cue.gate > 0 and cue.pause_s >= 15
        assert cue.vet or cue.gate <= 0.15
    assert all(CUES[name].vet for name in ("bang", "shout", "glass", "looks", "siren"))
    told = SCENE.manifest()["cues"]
    assert isinstance(told, dict) and told["bang"]["vet"] and told["bang"]["gate"] == 0.8


def test_a_round_is_a_whole_number_of_steps_and_jumps_only_inside_an_arch() -> None:
    for p in passers.PARTIES:
        times, places, steps_s, weights = passers.loop(p)
        assert np.all(np.diff(times) > 0) and places[0] == places[-1]
        assert np.allclose(weights[0], weights[-1]) and len(steps_s) == len(weights)
        speeds = np.diff([x for x, *_ in places]) / np.diff(times)
        assert speeds[0] * p.way == pytest.approx(passers.SPEED_M_S, rel=0.01)
        jump = int(np.argmax(np.abs(speeds)))
        assert min(abs(places[jump][0]), abs(places[jump + 1][0])) > ground.END_X + 1.0
        cycles = (len(weights) - 1) / 12
        assert passers.LOOP_M / cycles == pytest.approx(STEP_M, rel=0.03)


def test_nobody_comes_nearer_than_two_metres_and_none_walks_through_furniture() -> None:
    for p in passers.PARTIES:
        if p.near_z is None:
            continue
        half = 0.31 if p.count > 1 else 0.0  # two walk abreast
        assert p.near_z + half < -2.0  # the planters end at -1.9
        assert p.near_z - half > ground.KERB_Z + 0.3
    nearest = next(p for p in SCENE.parameters if p.name == "near").full
    assert nearest == pytest.approx(min(-p.near_z for p in passers.PARTIES if p.near_z), abs=0.05)


def test_people_come_one_party_after_the_other() -> None:
    people = next(p for p in SCENE.parameters if p.name == "people")
    assert people.full == sum(p.count for p in passers.PARTIES)
    assert all(0 < p.comes < 0.95 and p.crosses + 0.3 <= 1.0 for p in passers.PARTIES)
    share = [curve.at(people.curve, level.intensity) for level in SCENE.levels]
    there = [sum(p.count for p in passers.PARTIES if p.comes + 0.06 <= s) for s in share]
    assert there[0] == 0 and all(b > a or b == people.full for a, b in itertools.pairwise(there))
