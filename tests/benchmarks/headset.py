"""What the native renderer costs: `python -m tests.benchmarks.headset [--pace] --json`.

Python per stereo picture of every scene: two views of 16 pixels, all calls made, each with one
triangle, because here the processor would draw the triangles too. With --pace, inside the folder of
`tests/openxr/make_root` in its mode xcb: pictures a second at 90 Hz, with a live engine (a stub in
its own process) sending 60 frames a second beside it.
"""

import argparse
import json
import sys
from typing import Any

import numpy as np

from scenes.openxr.clock import now_s
from scenes.openxr.comfort import Narrowing
from scenes.openxr.graphics import offscreen
from scenes.openxr.overlay import Overlay
from scenes.playback import Picture
from tests.openxr.test_pictures import SCENES, Easel, values

PICTURES = 400


class OneTriangle:
    """A draw call that costs what it costs, but for the triangles."""

    def __init__(self, vao: Any) -> None:
        self._vao = vao

    def render(self, instances: int) -> None:
        self._vao.render(vertices=3, instances=1)


def python_ms(easel: Easel, name: str) -> dict[str, float]:
    """Median and 95th percentile of one picture's work, in milliseconds."""
    easel.take(name)
    player = easel.stage.player
    assert player is not None
    for draw in player._draws:
        draw.vao = OneTriangle(draw.vao)
    ways = [values(name, i / 50) for i in range(51)]
    overlay, narrowing, took = Overlay(easel.host.ctx), Narrowing(), []
    for k in range(PICTURES):
        told = ways[abs(k % 100 - 50)]  # every parameter moves with every picture
        views = easel.host.views()
        began_s = now_s()
        easel.stage.update(Picture(told, 0.0, False, ""), k / 90)
        easel.stage.light()
        narrow = narrowing.update(easel.stage.viewer, 1 / 90)
        for eye, view in enumerate(views):
            easel.host.target(eye)
            easel.views.send(view, easel.stage.viewer)
            easel.stage.draw()
            overlay.draw(easel.stage.viewer, None, 0.5, narrow, (None, None))
        took.append((now_s() - began_s) * 1e3)
        easel.host.end()
    steady = np.array(took[50:])
    return {
        "median_ms": round(float(np.median(steady)), 3),
        "p95_ms": round(float(np.quantile(steady, 0.95)), 3),
        "calls": len(player._draws) * 2,
    }


def pace(seconds: float = 20.0) -> dict[str, Any]:
    """Pictures a second in the live runtime, while frames come from an engine."""
    from scenes.openxr.headset import XrHost
    from scenes.openxr.viewer import Viewer
    from tests.browser.conftest import Engine
    from tests.openxr.runtime.conftest import Service

    service, engine = Service(), Engine()
    engine.say(scene="safe_room", intensity=0.5)
    engine.say(rest=True)  # the plain rest scene: what is measured is the pace, not the processor
    sys.setswitchinterval(0.0005)
    host = XrHost(now_s, size=(16, 16))
    viewer = Viewer(host, engine.url.replace("http", "ws") + "/ws/scene", now_s)
    viewer.channel.start()
    try:
        end_s = now_s() + 5
        while now_s() < end_s:
            viewer.turn()
        drawn, began_s, gaps = viewer.drawn, now_s(), []
        last_s = began_s
        while now_s() < began_s + seconds:
            viewer.turn()
            gaps.append(now_s() - last_s)
            last_s = now_s()
        per_s = (viewer.drawn - drawn) / (now_s() - began_s)
        return {
            "pictures_per_s": round(per_s, 2), "refresh_hz": round(host.refresh_hz, 1),
            "gap_p99_ms": round(float(np.quantile(gaps, 0.99)) * 1e3, 2),
            "acks": len(engine.heard("ack")),
        }  # fmt: skip
    finally:
        viewer.close()
        host.close()
        engine.close()
        service.kill()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pace", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.pace:
        print(json.dumps(pace()))
        return
    easel = Easel(offscreen(), (16, 16), eyes=2)
    print(json.dumps({name: python_ms(easel, name) for name in SCENES}))


if __name__ == "__main__":
    main()
