"""Pictures of the native renderer: each scene is drawn, and looks as it does in the browser."""

import json
from math import radians
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from scenes import curve
from scenes.openxr import shelf
from scenes.openxr.graphics import ViewBlock
from scenes.openxr.host import SimulatedHost
from scenes.openxr.stage import Stage
from scenes.playback import Picture
from scenes.scene import LIBRARY, library, load
from tests.browser.test_scene import open_scene, picture, wait
from tests.openxr.likeness import difference

SIZE = (640, 320)
ALIKE, ANOTHER = 12.0, 20.0
SCENES = [n for n in library() if (LIBRARY / n / "scene.glb").is_file()]


def values(name: str, intensity: float) -> tuple[tuple[str, float], ...]:
    """What the engine would send once everything has arrived; ambient values at one half."""
    shares = {"load": intensity, "ambient": 0.5}
    return tuple(
        (p.name, p.rest + curve.at(p.curve, shares[p.role]) * (p.full - p.rest))
        for p in load(name).parameters
    )


class Easel:
    """Draws one scene after the other in a flat view like the page's."""

    def __init__(self, ctx: Any, size: tuple[int, int] = SIZE, eyes: int = 1) -> None:
        angle = radians(70) if eyes == 1 else 0.8
        self.host = SimulatedHost(size, eyes, None, angle, ctx=ctx)
        self.stage, self.views = Stage(ctx), ViewBlock(ctx)

    def take(self, name: str) -> None:
        self.stage.take_scene(shelf.fetch(name, "", "", "ws://localhost:1"))

    def draw(self, told: tuple[tuple[str, float], ...], time_s: float = 5.0, fade: float = 0.0) -> tuple[NDArray[np.uint8], ...]:  # fmt: skip # noqa: E501
        stage = self.stage
        stage.update(Picture(told, fade, fade == 1.0, ""), time_s)
        stage.light()
        for k, view in enumerate(self.host.begin().views):
            self.host.target(k)
            self.views.send(view, stage.viewer)
            assert stage.draw() <= 50
        self.host.end()
        return self.host.pictures()


@pytest.mark.openxr
@pytest.mark.parametrize("name", SCENES)
def test_every_scene_is_drawn_for_two_eyes_and_follows_intensity(ctx: Any, name: str) -> None:
    easel = Easel(ctx, (96, 96), eyes=2)
    easel.take(name)
    rest, full = easel.draw(values(name, 0.0)), easel.draw(values(name, 1.0))
    assert ctx.error == "GL_NO_ERROR"
    for left, right in (rest, full):
        assert left.std() > 12 and right.std() > 12  # neither is a blank
        assert np.abs(left.astype(int) - right).mean() > 0.2  # two eyes, not one twice
        assert difference(left, right) < 8
    assert np.abs(rest[0].astype(int) - full[0]).max() > 40  # small things may be what it is about
    # One way to rest: the veil dims, and the rest scene is another one.
    veiled = easel.draw(values(name, 1.0), fade=0.5 - 1e-6)[0]
    assert veiled.std() < 3
    resting = easel.draw(values(name, 1.0), fade=1.0)[0]
    assert resting.max() < 256 and resting.mean() < 110
    assert np.abs(full[0].astype(int) - resting).mean() > 5
    easel.host.close()


@pytest.mark.browser
@pytest.mark.openxr
@pytest.mark.usefixtures("clean_console")
def test_both_renderers_show_the_same_and_a_wrong_scene_is_told_apart(
    page: Any, engine: Any, ctx: Any
) -> None:
    easel, seen, drawn, told = Easel(ctx), {}, {}, {}
    for name in ("heights", "safe_room"):
        open_scene(page, engine, 0.5, name, "?sharp")
        page.evaluate("document.querySelector('main').hidden = true")
        seq = engine.say()["seq"]
        wait(page, f"window.__adaptivevr.state().acked > {seq + 30}", 60)
        seen[name] = picture(page).astype(np.uint8)
        easel.take(name)
        drawn[name] = easel.draw(values(name, 0.5))[0]
        assert seen[name].shape == drawn[name].shape
        told[name] = round(difference(seen[name], drawn[name]), 2)
    told["another"] = round(difference(seen["safe_room"], drawn["heights"]), 2)
    print(json.dumps(told))
    assert told["heights"] <= ALIKE and told["safe_room"] <= ALIKE, told
    assert told["another"] > ANOTHER, told
    easel.host.close()
