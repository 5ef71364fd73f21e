"""What a stereo picture of each scene costs in JavaScript, against as many plain boxes by three.

    python -m tests.benchmarks.scene_frames --json [NAME ...]

An emulated headset in Chromium, 640 x 320 for both eyes. Each scene at intensity 0 and 1, and in
the same session, by turns with it, as many boxes as the scene had draw calls an eye; by turns,
because a machine is quicker in one minute than in the next. `ratio_median` and `ratio_p95`
(bar: 2) compare the time from the begin of a picture's work to the last call; what a session does
for every picture (poses, link, dead-man) is in both. The boxes have a shape and a colour each, as
things have; of every mesh one triangle is painted, and all into one pixel of each eye, because
here the processor paints, and would slow the script that is timed. `beyond_ms`: what the scene
costs more than the boxes. Absolute times mean little elsewhere. Also: draw calls and triangles of
both eyes; `loaded_s`, from the switch until the scene could be drawn but for its shaders (bar: 2 s
on localhost), and `compiled_s`, how long those took.
"""

from typing import Any

import numpy as np

from tests.benchmarks.scene_page import drawn_on, each_scene, shown
from tests.browser.conftest import IWER, WEAR, Engine
from tests.browser.test_scene import STATE, wait

TURNS, PICTURES, WARM = 4, 30, 10


def measure(page: Any, engine: Engine, name: str) -> dict[str, Any]:
    """One scene at both ends of intensity, and the boxes that stand beside it."""
    engine.say(scene=name, intensity=0.0)
    shown(page, name)
    loaded = page.evaluate("window.__adaptivevr.loaded()")
    told: dict[str, Any] = {"loaded_s": loaded["s"], "compiled_s": loaded["compiled_s"]}
    for end in (0.0, 1.0):
        engine.say(intensity=end)
        drawn_on(page, 6)
        state = page.evaluate(STATE)
        page.evaluate("window.__adaptivevr.thin(true)")
        drawn_on(page, 80)  # the first pictures after a switch are slow
        times: list[float] = []
        plain: list[float] = []
        for _ in range(TURNS):
            for boxes, rows in ((0, times), (max(1, state["calls"] // 2), plain)):
                page.evaluate(f"window.__adaptivevr.boxes({boxes})")
                rows += gathered(page)
        told[f"at_{end:g}"] = {
            "calls": state["calls"], "triangles": state["triangles"],
            "median_ms": round(float(np.median(times)), 3),
            "p95_ms": round(float(np.quantile(times, 0.95)), 3),
            "boxes_median_ms": round(float(np.median(plain)), 3),
            "boxes_p95_ms": round(float(np.quantile(plain, 0.95)), 3),
            "beyond_ms": round(float(np.median(times) - np.median(plain)), 3),
            "ratio_median": round(float(np.median(times) / np.median(plain)), 2),
            "ratio_p95": round(float(np.quantile(times, 0.95) / np.quantile(plain, 0.95)), 2),
        }  # fmt: skip
        page.evaluate("window.__adaptivevr.boxes(0)")
        page.evaluate("window.__adaptivevr.thin(false)")
    return told


def gathered(page: Any) -> list[float]:
    """JavaScript of so many pictures from now on, in milliseconds."""
    drawn_on(page, WARM + PICTURES)  # compiled code, as in use
    rows: list[float] = page.evaluate(f"{STATE}.draw_ms")
    return rows[-PICTURES:]


def arrive(page: Any, engine: Engine) -> None:
    """In an emulated headset."""
    page.add_init_script(IWER.read_text() + WEAR)
    page.goto(f"{engine.url}/scene/?measure")
    wait(page, f"window.__adaptivevr?.boxes && {STATE}.scene", 60)
    page.get_by_role("button", name="Enter VR").click()
    wait(page, f"{STATE}.eyes === 2", 30)


if __name__ == "__main__":
    each_scene(__doc__, arrive, measure)
