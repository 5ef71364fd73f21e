"""The real compositor on a virtual screen, with both ways to share pictures with it."""

import json

import pytest

from scenes.openxr.clock import now_s
from scenes.openxr.graphics import ViewBlock
from scenes.openxr.headset import XrHost
from scenes.openxr.stage import Stage
from tests.openxr.runtime.conftest import COLD_S, Service
from tests.openxr.runtime.test_null_session import turn
from tests.until import until

pytestmark = pytest.mark.openxr


@pytest.mark.parametrize("way", ["egl", "glx"])
def test_pictures_keep_step_with_the_compositor(service: Service, way: str) -> None:
    host = XrHost(now_s, way=way, size=(16, 16))
    try:
        stage, views = Stage(host.ctx), ViewBlock(host.ctx)
        until(lambda: turn(host, stage, views).views, COLD_S)
        began_s, drawn = now_s(), 0
        while drawn < 60:
            drawn += bool(turn(host, stage, views).views)
            assert now_s() < began_s + 120, drawn
        per_s = drawn / (now_s() - began_s)
        # The bar of 88 a second is held by `tests.benchmarks.headset`: a busy machine decides
        # nothing here. Faster than the compositor nobody may be.
        print(json.dumps({"way": way, "pictures_per_s": per_s, "refresh_hz": host.refresh_hz}))
        assert 0 < host.refresh_hz < 91
        assert per_s < 100
    finally:
        host.close()


def test_two_sessions_one_after_the_other_in_one_process(service: Service) -> None:
    for _ in range(2):
        host = XrHost(now_s, way="glx", size=(16, 16))
        until(lambda h=host: turn(h).worn, COLD_S)  # type: ignore[misc]
        host.close()
        assert host.ended
