"""Session states, pictures for both eyes, and the end of a session, without any window."""

from typing import Any

import numpy as np
import pytest

from scenes.openxr.graphics import ViewBlock
from scenes.openxr.shelf import plain_rest
from scenes.openxr.stage import Stage
from scenes.playback import Picture
from tests.openxr.runtime.conftest import COLD_S
from tests.until import until

pytestmark = pytest.mark.openxr


def turn(host: Any, stage: Stage | None = None, views: ViewBlock | None = None) -> Any:
    moment = host.begin()
    if stage is not None and views is not None and moment.views:
        stage.update(Picture((), 1.0, True, "rest"), 1.0)
        stage.light()
        for k, view in enumerate(moment.views):
            host.target(k)
            views.send(view, stage.viewer)
            stage.draw()
            host.finish(k)
    host.end()
    return moment


def test_a_session_comes_into_focus_and_is_worn(host: Any) -> None:
    worn = until(lambda: turn(host).worn, COLD_S)
    assert worn is True
    assert host.states == ["IDLE", "READY", "SYNCHRONIZED", "VISIBLE", "FOCUSED"]
    assert "Monado" in host.runtime and host.system


def test_both_eyes_are_given_pictures_of_their_own(host: Any) -> None:
    stage, views = Stage(host.ctx), ViewBlock(host.ctx)
    moment = until(lambda: (m := turn(host, stage, views)).views and m, COLD_S)
    left, right = moment.views
    apart = np.linalg.norm(np.subtract(left.pose.at, right.pose.at))
    assert 0.04 < apart < 0.08
    assert left.left < 0 < left.right and left.down < 0 < left.up
    assert plain_rest().manifest.name == "rest"
    for eye in host.eyes:
        shown = np.frombuffer(eye.picture().read(components=3, alignment=1), np.uint8)
        assert 5 < shown.mean() < 200 and shown.std() > 2


def test_smooth_edges_are_resolved_onto_the_lent_pictures(service: Any) -> None:
    from scenes.openxr.clock import now_s
    from scenes.openxr.headset import XrHost

    means = []
    for samples in (0, 4):
        host = XrHost(now_s, size=(64, 64), samples=samples)
        stage, views = Stage(host.ctx), ViewBlock(host.ctx)
        until(lambda h=host, s=stage, v=views: turn(h, s, v).views, COLD_S)  # type: ignore[misc]
        shown = np.frombuffer(host.eyes[0].picture().read(components=3, alignment=1), np.uint8)
        means.append(shown.mean())
        host.close()
    assert abs(means[0] - means[1]) < 3, means  # colours are not encoded twice


def test_a_session_is_ended_as_the_standard_says(service: Any) -> None:
    from scenes.openxr.clock import now_s
    from scenes.openxr.headset import XrHost

    host = XrHost(now_s, size=(32, 32))
    until(lambda: turn(host).worn, COLD_S)
    host.close()
    assert host.states[-3:] == ["STOPPING", "IDLE", "EXITING"]
    assert host.ended
