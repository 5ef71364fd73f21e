"""The flat window on a virtual screen, and what doctor says where a runtime is."""

import pytest

from adaptivevr.doctor import examine
from scenes.openxr.runtime import describe
from tests.openxr.runtime.conftest import Service

pytestmark = pytest.mark.openxr


def test_a_window_shows_the_scene_and_its_points_are_rays_into_it() -> None:
    from scenes.openxr.window import WindowHost
    from tests.openxr.test_pictures import Easel, values

    host = WindowHost((320, 200))
    try:
        easel = Easel.__new__(Easel)
        from scenes.openxr.graphics import ViewBlock
        from scenes.openxr.stage import Stage

        easel.host = host  # type: ignore[assignment]
        easel.stage, easel.views = Stage(host.ctx), ViewBlock(host.ctx)
        easel.take("safe_room")
        host.pictures = lambda: (host.picture(),)  # type: ignore[attr-defined]
        shot = easel.draw(values("safe_room", 0.5))[0]
        assert shot.shape == (200, 320, 3) and shot.std() > 12
        ahead = host.ray(160, 100)
        assert ahead.direction == pytest.approx((0.0, 0.0, -1.0), abs=1e-6)
        glfw = host.window.glfw
        for key, name in ((glfw.KEY_ESCAPE, "escape"), (glfw.KEY_T, "too_much"), (glfw.KEY_4, "4")):
            host._key(None, key, 0, glfw.PRESS, 0)
            assert host.begin().keys == (name,)
        host._key(None, glfw.KEY_LEFT, 0, glfw.PRESS, 0)
        assert host.ray(160, 100).direction[0] < -0.05
        assert not host.ended
    finally:
        host.close()


def test_doctor_names_the_active_runtime(service: Service) -> None:
    told = describe()
    assert told["runtime"] == "Monado" and told["opengl"] and told["egl"] and not told["problem"]
    (finding,) = [f for f in examine() if f.part == "OpenXR"]
    assert finding.ok and finding.text.startswith("Monado is active")
