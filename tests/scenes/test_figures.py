"""People: proportions, poses, walks, breath, blinks (skipped without the build's parts)."""

import struct
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PIL")

from scenes.art.figures import (
    BLINK,
    LID_AXIS,
    POSES,
    Person,
    arms,
    breath,
    cast,
    lids,
    seated,
    standing,
    stature_m,
    walk_weights,
    walking,
    with_head,
)
from scenes.art.gltf import Glb
from scenes.art.heads import EYE_X, EYE_Y, EYE_Z, MIDDLE, head
from scenes.art.mesh import Mesh, facing_out, rotation
from scenes.art.shapes import sphere

PEOPLE = [cast(np.random.default_rng(seed), 0.5) for seed in range(12)]


@pytest.mark.parametrize("p", PEOPLE, ids=lambda p: p.face.style)
def test_a_person_is_built_as_people_are(p: Person) -> None:
    body = standing(p, 1)
    top = head(p.face, 1).at(0, stature_m(p), 0, scale=p.tall)
    tall = float(top.p[:, 1].max())
    assert 1.5 < tall < 1.98
    face = tall - float(top.p[top.p[:, 2] < -0.05, 1].min())
    assert (
        p.face.style in ("long", "bob", "scarf") or 6.0 < tall / face < 9.0
    )  # adults measure seven to eight heads
    assert abs(float(body.p[:, 1].min())) < 0.03  # stands on the ground
    assert 0.38 < np.ptp(body.p[body.p[:, 1] > 1.2 * p.tall, 0]) < 0.56
    for detail, most in ((0, 1000), (1, 2600), (2, 6500)):
        m = with_head(p, standing(p, detail), detail)
        assert len(m.f) <= most and facing_out(m) > 0.98


def test_the_cast_is_mixed_and_comes_again() -> None:
    assert len({p.face.style for p in PEOPLE}) >= 4
    skins = np.array([p.face.skin.mean() for p in PEOPLE])
    assert skins.max() > 2.5 * skins.min()
    again = cast(np.random.default_rng(3), 0.5)
    assert np.allclose(again.face.skin, PEOPLE[3].face.skin)


def test_poses_are_morphs_of_each_other() -> None:
    shapes = {arms(PEOPLE[0], pose, 2).p.shape for pose in POSES}
    assert len(shapes) == 1
    moods = [head(PEOPLE[0].face, 2, mood).p for mood in (-1.0, 0.0, 1.0)]
    assert 0.003 < np.abs(moods[2] - moods[0]).max() < 0.03


def test_a_walk_keeps_to_the_ground_and_its_foot_stays_where_it_stands() -> None:
    middle, morphs = walking(PEOPLE[1], 0)
    weights = walk_weights(33)
    assert np.allclose(weights[0], weights[-1])
    q = np.stack(
        [middle.p + sum(w * m for w, m in zip(row, morphs, strict=True)) for row in weights]
    )
    assert q[..., 1].min() > -0.06
    soles = q[:, middle.p[:, 1] < 0.2]
    low = soles[..., 1].min(1)
    assert low.max() < 0.06  # one foot is always down
    # What is lowest moves backward at the speed of the walk, within a hand's breadth a step.
    lowest = soles[:, :, 1].argmin(1)
    back = [soles[(i + 1) % 32, k, 2] - soles[i, k, 2] for i, k in enumerate(lowest[:32])]
    assert 0.6 * 1.36 < sum(back) < 1.4 * 1.36


def test_a_breath_lifts_the_chest_by_a_few_millimetres() -> None:
    p = PEOPLE[2]
    m = seated(p)
    moved = np.linalg.norm(breath(m, p.tall), axis=1)
    assert 0.004 < moved.max() < 0.012
    assert moved[m.p[:, 1] < 0.1].max() < 0.001


def test_lids_shut_over_the_pupils() -> None:
    m, turn = lids(PEOPLE[0]), rotation(BLINK, 0, 0)
    for side in (-1, 1):
        eye = MIDDLE + np.array([side * EYE_X, EYE_Y, EYE_Z])
        mine = np.sign(m.p[:, 0]) == side
        open_, shut = m.p[mine] - eye, (m.p[mine] - LID_AXIS) @ turn.T + LID_AXIS - eye
        ahead = np.abs(open_[:, 0]) < 0.004
        assert open_[ahead, 1].min() > 0.002  # the lid ends above the pupil
        assert shut[ahead, 1].min() < -0.004  # and below it when shut


def test_morphs_are_stored_sparsely_and_read_back(tmp_path: Path) -> None:
    g, m = Glb(), sphere(1)
    by = np.zeros_like(m.p)
    by[[3, 7]] = [[0, 0.25, 0], [1, 0, -0.5]]
    g.node("viewer", g.mesh(m, g.material("baked"), m.c, morphs=[by]))
    g.save(tmp_path / "x.glb")
    rows = g.json["accessors"][g.json["meshes"][0]["primitives"][0]["targets"][0]["POSITION"]]
    assert rows["count"] == len(m.p) and rows["sparse"]["count"] == 2
    view = g.json["bufferViews"][rows["sparse"]["values"]["bufferView"]]
    data = bytes(g.bytes)[view["byteOffset"] :][: view["byteLength"]]
    assert struct.unpack("<6f", data) == (0, 0.25, 0, 1, 0, -0.5)
    assert rows["min"] == [0, 0, -0.5] and rows["max"] == [1, 0.25, 0]


def test_a_still_morph_is_no_empty_one() -> None:
    g, m = Glb(), Mesh([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]])
    mesh = g.mesh(m, g.material("baked"), m.c, morphs=[np.zeros((3, 3))])
    target = g.json["meshes"][mesh]["primitives"][0]["targets"][0]["POSITION"]
    assert g.json["accessors"][target]["sparse"]["count"] == 1
