"""From the press to rest in a real browser: how long a clinician's stop takes to reach the picture.

    python -m tests.benchmarks.stop_page --json [--trials 50] [--stuck] [--scene heights]

The real engine (`adaptivevr demo`) runs in its own process, Chromium shows the scene page at
640 x 320 with software GL, and a console client writes `stop`. The page's own moments are mapped
by the wall clock that both read. Rest frame: the first picture that the page acknowledges with
`rest: true`, fade begun. Rest picture: the fade is done and the rest scene has been drawn.

Bars: rest frame p99 100 ms, worst 250 ms; rest picture 750 ms. On a quiet machine only.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

from tests import pace
from tests.adaptivevr.live_rig import Console
from tests.benchmarks.free import free_port
from tests.browser.clock import offset_s
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.until import until

STATE = "window.__adaptivevr.state()"
TIMES = "window.__adaptivevr.times"
LOAD = 0.03
FROZEN_S = 0.03  # two frames stayed away


def measure(trials: int, stuck: bool, scene: str) -> dict[str, Any]:
    """So many presses of one engine and one page, in milliseconds."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as tools:
        engine = subprocess.Popen(
            [
                sys.executable, "-m", "adaptivevr", "demo", "--no-browser", "--port", str(port),
                "--scene", scene, "--record", str(Path(folder) / "stop.xdf"),
            ],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            browser = tools.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            page = browser.new_page(viewport={"width": 640, "height": 320})
            console = Console(port)
            until(lambda: console.states, 60)
            page.goto(f"http://localhost:{port}/scene/")
            until(lambda: page.evaluate(f"window.__adaptivevr && {STATE}.restReady"), 60)
            rows = [trial(page, console, stuck, k) for k in range(trials)]
            between = page.evaluate(f"{STATE}.between_ms")
            browser.close()
        finally:
            engine.terminate()
            engine.wait(15)
    frame, picture = (np.array(column) * 1e3 for column in zip(*rows, strict=True))
    return {
        "scene": scene, "trials": trials, "stuck": stuck,
        "frame_p50_ms": round(float(np.median(frame)), 1),
        "frame_p99_ms": round(float(np.quantile(frame, 0.99)), 1),
        "frame_worst_ms": round(float(frame.max()), 1),
        "picture_p50_ms": round(float(np.median(picture)), 1),
        "picture_worst_ms": round(float(picture.max()), 1),
        "between_pictures_ms": round(float(np.median(between)), 1) if between else None,
    }  # fmt: skip


def trial(page: Any, console: Any, stuck: bool, k: int) -> tuple[float, float]:
    """One press, the scene away from rest and faded in; seconds to rest frame and picture."""
    console.say({"type": "command", "command": "Resume"})
    until(lambda: console.now["mode"] != "safe", 20)
    console.say({"type": "command", "command": "Manual", "intensity": 0.2})
    until(lambda: console.now["intensity"] > LOAD, 30)
    until(lambda: page.evaluate(f"{STATE}.fade === 0 && {STATE}.steady"), 30)
    pace.at(pace.now_s() + 0.2 + 0.037 * (k % 10))  # at any moment of a picture
    ours_s = offset_s(page)
    if stuck:
        console.say({"type": "demo", "do": "freeze", "seconds": 0.2})
        frozen = f"window.__adaptivevr.now() - {TIMES}.accepted > {FROZEN_S}"
        until(lambda: page.evaluate(frozen), 10, "no frame stayed away")
    pressed_s = console.say({"type": "stop", "by": "bench"})
    until(lambda: page.evaluate(f"{TIMES}.restPicture > 0"), 20)
    moments = page.evaluate(TIMES)
    return (
        moments["restFrame"] + ours_s - pressed_s,
        moments["restPicture"] + ours_s - pressed_s,
    )


def main() -> None:
    """Prints one JSON document."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--trials", type=int, default=50)
    parser.add_argument("--stuck", action="store_true", help="the engine's tick is frozen")
    parser.add_argument("--scene", default="heights")
    options = parser.parse_args()
    told = measure(options.trials, options.stuck, options.scene)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
