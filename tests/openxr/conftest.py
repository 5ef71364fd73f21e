"""An OpenGL context without a display, and a stub engine, for the native renderer."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from scenes.scene import LIBRARY
from tests.browser.conftest import (  # noqa: F401
    Engine,
    browser_context_args,
    browser_type_launch_args,
    clean_console,
)


@pytest.fixture(scope="session")
def ctx() -> Iterator[Any]:
    """One context for all tests of a run: programs are compiled in it anew by each test."""
    from scenes.openxr.graphics import NoGraphics, let_go, offscreen

    try:
        made = offscreen()
    except NoGraphics as lack:
        pytest.skip(str(lack))
    yield made
    let_go(made)


def built_engine() -> Engine:
    """The stub engine, if the scenes it plays are built."""
    for name in ("safe_room", "heights"):
        if not (LIBRARY / name / "scene.glb").is_file():
            pytest.skip(f"expected the scene {name}, not built: pip install -e .")
    return Engine()


@pytest.fixture
def engine() -> Iterator[Engine]:
    running = built_engine()
    yield running
    running.close()


class Seat:
    """A viewer with a simulated headset, and a way to let time pass for it."""

    def __init__(self, ctx: Any, engine: Engine, **host: Any) -> None:
        from scenes.openxr.clock import now_s
        from scenes.openxr.host import SimulatedHost
        from scenes.openxr.viewer import Viewer

        self.host = SimulatedHost(ctx=ctx, **{"size": (32, 32), "pace_hz": 60.0, **host})
        self.engine, self._now_s = engine, now_s
        self.viewer = Viewer(self.host, engine.url.replace("http", "ws") + "/ws/scene", now_s)
        self.viewer.start()

    def until(self, what: Callable[[], Any], seconds: float = 20.0) -> Any:
        """Draws pictures until something is true."""
        end_s = self._now_s() + seconds
        while not (answer := what()):
            v = self.viewer
            assert self._now_s() < end_s, (v.picture, v.channel.link, v.dropped, v.scene, v.times)
            v.turn()
        return answer

    def heard(self, kind: str, count: int = 1) -> list[dict[str, Any]]:
        """What the engine was told, once it has been told so often."""
        return list(self.until(lambda: len(r := self.engine.heard(kind)) >= count and r))

    def play(self, scene: str, intensity: float) -> None:
        """The scene fully faded in."""
        self.engine.say(scene=scene, intensity=intensity)
        v = self.viewer
        self.until(lambda: v.scene == scene and v.picture.fade == 0.0 and v.stage.rest_ready, 60)

    def close(self) -> None:
        """Ends link and pictures."""
        self.viewer.close()
        self.host.close()


@pytest.fixture
def seat(ctx: Any, engine: Engine) -> Iterator[Seat]:
    made = Seat(ctx, engine)
    yield made
    made.close()
