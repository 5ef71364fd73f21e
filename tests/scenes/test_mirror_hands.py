"""The practice table: both sides mirror each other, in reach, and cards show what they should."""

import numpy as np
import pytest

pytest.importorskip("PIL")

from scenes.art.mesh import facing_out
from scenes.asset import Asset
from scenes.library.mirror_hands import build, things
from scenes.scene import load

FLIP = np.array([-1.0, 1, 1])


@pytest.mark.parametrize("far", [0.0, 0.5, 1.0])
def test_the_two_sides_are_mirror_images(far: float) -> None:
    for k in range(build.BLOCKS):
        assert np.allclose(things.spot(k, -1, far), things.spot(k, 1, far) * FLIP)
    assert np.allclose(things.ring(-1, far), things.ring(1, far) * FLIP)


@pytest.mark.parametrize("far", [0.0, 1.0])
def test_everything_is_within_an_arms_reach_and_apart(far: float) -> None:
    shoulder = np.array([0.18, things.TABLE_Y + 0.25, -0.05])
    size = 0.064 * (things.LARGE if far == 0 else things.SMALL)
    spots = [things.spot(k, 1, far) for k in range(build.BLOCKS)]
    for at in (*spots, things.ring(1, far)):
        assert np.linalg.norm(at - shoulder) < 0.85
        assert build.TABLE[2] < at[2] < build.TABLE[1]
    for i, a in enumerate(spots):
        assert a[0] > size / 2  # on its own side of the middle
        for b in spots[i + 1 :]:
            assert np.abs(a - b).max() > size * 0.75


def test_rings_lie_as_far_beyond_the_fingertips_as_the_parameter_says() -> None:
    reach = next(p for p in load("mirror_hands").parameters if p.name == "reach")
    for far, cm in ((0.0, reach.rest), (1.0, reach.full)):
        beyond = things.HANDS_Z - things.TIPS_M - things.ring(1, far)[2]
        assert beyond * 100 == pytest.approx(cm)


def test_blocks_cards_and_rings_are_wound_outward() -> None:
    for k in range(build.BLOCKS):
        assert facing_out(things.block(k)) == 1.0
    for m in (things.card(2), things.goal("#ffffff"), things.mat(), things.stand()):
        assert facing_out(m) == 1.0


def test_cards_show_left_and_right_hands_that_differ() -> None:
    sheet = things.cards()
    assert sheet.shape == (2 * things.CELL, 3 * things.CELL, 3)
    first, second = (
        sheet[: things.CELL, : things.CELL],
        sheet[: things.CELL, things.CELL : -things.CELL],
    )
    paper = first[2, 2].astype(int)
    for face in (first, second):
        covered = (np.abs(face.astype(int) - paper).sum(2) > 40).mean()
        assert 0.1 < covered < 0.6
    assert np.abs(first.astype(int) - second.astype(int)).mean() > 5


def test_the_asset_has_the_nodes_that_renderers_look_for() -> None:
    asset = load("mirror_hands").folder / "scene.glb"
    if not asset.is_file():
        pytest.skip("the asset is not built here")
    told = Asset(asset)
    sides = ("left", "right")
    wanted = [f"block_{k}_{s}" for k in range(build.BLOCKS) for s in sides]
    wanted += [f"goal_{s}" for s in sides] + [f"card_{k}" for k in range(things.CARDS)]
    assert all(told.find(name) is not None for name in wanted)
    hands, viewer = told.find("hands"), told.find("viewer")
    assert hands is not None and told.parents[hands] == viewer
    assert told.nodes[hands]["translation"][0] == 0.0  # the mirror plane is the viewer's middle
