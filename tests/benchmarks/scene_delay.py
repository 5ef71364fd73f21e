"""From a value that the engine sends to the picture that shows it, in a real browser.

    python -m tests.benchmarks.scene_delay --json [NAME ...]

A small engine in its own process sends 60 frames a second to the scene page in Chromium, 640 x 320,
drawn by the processor; intensity wanders, so that every picture is another one. From the moment a
frame leaves to the moment that the page acknowledges as `shown_s` for it or a later one, mapped
onto the engine's clock by the wall clock that both read: what the screen adds is not in it.
`frame_ms` is the usual time from picture to picture, `sharpness` the pixels drawn for each of the
screen's, a side. Bars: p95 of 60 ms in `safe_room`; elsewhere `frame_ms` and 25 ms more (`within`).
"""

from bisect import bisect_left
from math import pi, sin
from typing import Any

import numpy as np

from tests import pace
from tests.benchmarks.scene_page import drawn_on, each_scene, shown
from tests.browser.clock import offset_s
from tests.browser.conftest import Engine
from tests.browser.test_scene import STATE, wait

SECONDS, STEP_S, ROUND_S = 8.0, 0.05, 4.0
FIRST_BAR_MS, BEYOND_MS = 60.0, 25.0


def measure(page: Any, engine: Engine, name: str) -> dict[str, Any]:
    """One scene: how late its pictures are."""
    engine.say(scene=name, intensity=0.5)
    shown(page, name)
    drawn_on(page, 30)
    first, ours_s = engine.say()["seq"], offset_s(page)
    begun_s = pace.now_s()
    for step in range(round(SECONDS / STEP_S)):
        pace.at(begun_s + step * STEP_S)
        engine.say(intensity=0.5 + 0.3 * sin(2 * pi * step * STEP_S / ROUND_S))
    between = sorted(page.evaluate(f"{STATE}.between_ms"))
    told = engine.told()
    acks = [(a["seq"], a["shown_s"] + ours_s) for a in told["heard"] if a["type"] == "ack"]
    seqs = [seq for seq, _ in acks]
    delays = []
    for seq, sent_s in told["sent"]:
        at = bisect_left(seqs, seq)
        if seq > first and at < len(acks):
            delays.append((acks[at][1] - sent_s) * 1e3)
    frame_ms = between[len(between) // 2]
    p95_ms = float(np.quantile(delays, 0.95))
    bar_ms = FIRST_BAR_MS if name == "safe_room" else frame_ms + BEYOND_MS
    return {
        "p50_ms": round(float(np.median(delays)), 1),
        "p95_ms": round(p95_ms, 1),
        "frame_ms": round(frame_ms, 1),
        "sharpness": round(page.evaluate(f"{STATE}.sharpness"), 2),
        "bar_ms": round(bar_ms, 1),
        "within": p95_ms <= bar_ms,
        "frames": len(delays),
    }


def arrive(page: Any, engine: Engine) -> None:
    """On a flat screen."""
    page.goto(f"{engine.url}/scene/")
    wait(page, f"window.__adaptivevr && {STATE}.scene", 60)


if __name__ == "__main__":
    each_scene(__doc__, arrive, measure)
