"""The scene page on a flat screen: pictures, stop, dead-man, words."""

import io
import json
import time
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.until import until

pytestmark = pytest.mark.browser

STATE = "window.__adaptivevr.state()"
TIMES = "window.__adaptivevr.times"


def open_scene(
    page: Any, engine: Any, intensity: float = 0.0, scene: str = "heights", eye: str = ""
) -> None:
    """The page with the scene fully faded in, at an intensity."""
    engine.say(intensity=intensity, scene=scene)
    page.goto(f"{engine.url}/scene/{eye}")
    wait(page, f"window.__adaptivevr && {STATE}.scene === '{scene}'", 60)
    wait(page, f"{STATE}.fade === 0 && {STATE}.restReady", 60)


def picture(page: Any) -> NDArray[np.float64]:
    png = page.locator("canvas").screenshot()
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), float)


def show(page: Any, engine: Any, intensity: float) -> NDArray[np.float64]:
    seq = engine.say(intensity=intensity)["seq"]
    wait(page, f"{STATE}.acked > {seq + 60}", 30)
    return picture(page)


def wait(page: Any, expression: str, seconds: float = 15.0) -> Any:
    """Until an expression of the page is true; the page's policy forbids it to evaluate text."""
    return until(lambda: page.evaluate(expression), seconds)


@pytest.mark.usefixtures("clean_console")
def test_intensity_changes_the_picture_and_every_picture_is_acknowledged(
    page: Any, engine: Any
) -> None:
    open_scene(page, engine)
    calm = show(page, engine, 0.0)
    full = show(page, engine, 1.0)
    assert np.abs(calm - full).mean() > 10
    assert calm.std() > 15 and full.std() > 15  # neither is a blank
    acks = engine.heard("ack")
    assert len(acks) > 10
    assert [a["seq"] for a in acks] == sorted(a["seq"] for a in acks)
    assert acks[0]["rest"] and not acks[-1]["rest"]
    hello = engine.heard("hello")[0]
    assert hello["renderer"] == "webxr" and hello["languages"][0] == "en-GB"
    assert len(engine.heard("clock")) >= 8  # and again now and then


@pytest.mark.usefixtures("clean_console")
@pytest.mark.parametrize(
    ("key", "scene"), [("Escape", "heights"), (" ", "safe_room"), ("s", "safe_room")]
)
def test_a_key_stops_at_once_and_stays_stopped(
    page: Any, engine: Any, key: str, scene: str
) -> None:
    open_scene(page, engine, 0.8, scene=scene)
    page.keyboard.press(key)
    wait(page, f"{STATE}.fade === 1")
    wait(page, f"{TIMES}.restPicture > 0")
    moments = page.evaluate(TIMES)
    # In this order, and never sooner than the fade; how soon is measured by a benchmark
    # (tests.benchmarks.stop_page), not decided on a machine that others use.
    assert moments["stop"] <= moments["restFrame"] <= moments["restPicture"]
    assert moments["restPicture"] - moments["stop"] >= 0.45
    assert page.evaluate(f"{STATE}.showsRest && {STATE}.steady")
    stop = until(lambda: engine.heard("stop"))
    assert stop[0]["by"] == "key"
    dim = picture(page)
    assert 4 < dim.mean() < 110 and dim.max() < 256
    assert page.locator("#status").inner_text() == "Stopped. You are at rest."
    # The engine has rested; when it goes on by itself, so does the page, after the hold.
    engine.say(rest=False)
    wait(page, f"{STATE}.why === ''")
    wait(page, f"{STATE}.fade === 0", 15)


def test_a_stop_that_the_engine_does_not_obey_stays(page: Any, engine: Any) -> None:
    open_scene(page, engine, 0.8, scene="safe_room")
    engine.say(deaf=True)
    page.get_by_role("button", name="Stop").click()
    until(lambda: engine.heard("stop"))
    seq = engine.say()["seq"]
    wait(page, f"{STATE}.acked > {seq + 30}")
    assert page.evaluate(f"{STATE}.why") == "stop"


def rested(page: Any, way: str) -> dict[str, float]:
    wait(page, f"{STATE}.fade === 1 && {TIMES}.restPicture > 0", 20)
    moments: dict[str, float] = page.evaluate(TIMES)
    to_rest = moments["restFrame"] - moments["frameOf"]
    to_picture = moments["restPicture"] - moments["frameOf"]
    print(json.dumps({"way": way, "rest_frame_s": to_rest, "rest_picture_s": to_picture}))
    # Never before the frame has expired. The design's 2.3 and 2.9 s are held by the benchmark;
    # here only that it comes by itself within a time that no machine needs.
    assert 2.0 <= to_rest <= 8.0
    assert 2.45 <= to_picture <= 10.0
    return moments


@pytest.mark.usefixtures("clean_console")
def test_a_silent_engine_rests_the_scene_in_time(page: Any, engine: Any) -> None:
    open_scene(page, engine, 0.9, scene="safe_room")
    engine.say(silent=True)
    rested(page, "silent")
    assert "connection" in page.locator("#status").inner_text()


def test_a_frozen_engine_rests_the_scene_and_old_frames_do_not_revive_it(
    page: Any, engine: Any
) -> None:
    open_scene(page, engine, 0.9, scene="safe_room")
    engine.freeze()
    rested(page, "SIGSTOP")
    assert page.evaluate(f"{STATE}.why") == "expired"
    held_s = page.evaluate("window.__adaptivevr.now()")
    engine.thaw()
    # It goes on from what the engine says now, by new frames only, and never before the hold.
    engine.say(intensity=0.1)
    wait(page, f"{STATE}.fade === 0", 20)
    values = page.evaluate(f"{STATE}.values")
    assert values["window"] < 0.2
    assert page.evaluate("window.__adaptivevr.now()") - held_s > 1.0


@pytest.mark.usefixtures("clean_console")
def test_a_closed_link_rests_says_so_and_comes_back(page: Any, engine: Any) -> None:
    open_scene(page, engine, 0.9, scene="safe_room")
    engine.say(close=True, silent=True)
    rested(page, "closed")
    until(lambda: len(engine.heard("hello")) >= 2)
    engine.say(silent=False, intensity=0.2)
    wait(page, f"{STATE}.fade === 0", 20)


@pytest.mark.usefixtures("clean_console")
def test_frames_that_piled_up_while_the_page_hung_are_not_played(page: Any, engine: Any) -> None:
    open_scene(page, engine, 0.9, scene="safe_room")
    engine.say(silent=True)
    page.evaluate("{const end = performance.now() + 2600; while (performance.now() < end);}")
    old = [
        {**frame, "time_s": frame["time_s"] - 3.0}
        for frame in (golden_frame(seq) for seq in range(10**6, 10**6 + 30))
    ]
    engine.say(send=old)
    wait(page, f"{STATE}.dropped >= 30")
    assert page.evaluate(f"{STATE}.rest")


def golden_frame(seq: int) -> dict[str, Any]:
    return {
        "type": "frame", "seq": seq, "time_s": time.monotonic(), "data_s": None,
        "scene": "safe_room", "level": 0, "intensity": 1.0, "values": {"window": 1.0},
        "ambient": {}, "rest": False, "mode": "auto", "valid_for_s": 2.0,
    }  # fmt: skip


SCALE = {
    "name": "suds",
    "min": 0,
    "max": 100,
    "step": 10,
    "low": "calm",
    "high": "as bad as it gets",
}


@pytest.mark.usefixtures("clean_console")
def test_a_rating_is_asked_and_answered_by_key_and_by_pointer(page: Any, engine: Any) -> None:
    open_scene(page, engine, scene="safe_room")
    ask = {"type": "prompt", "kind": "rating", "text": "How tense do you feel?", "until_s": None}
    engine.say(send=[{**ask, "id": "1", "scale": SCALE}])
    page.get_by_text("How tense do you feel?").wait_for()
    page.keyboard.press("4")
    engine.say(send=[{**ask, "id": "2", "scale": SCALE}])
    page.get_by_role("button", name="70").click()
    both: Any = until(lambda: len(r := engine.heard("rating")) == 2 and r)
    first, second = both
    assert (first["prompt"], first["value"]) == ("1", 40)
    assert (second["prompt"], second["value"], second["scale"]) == ("2", 70, "suds")
    assert second["answered_s"] >= second["shown_s"]


@pytest.mark.usefixtures("clean_console")
def test_a_rating_nobody_answers_is_told_as_none(page: Any, engine: Any) -> None:
    open_scene(page, engine, scene="safe_room")
    until_s = engine.say()["now_s"] + 0.6
    ask = {"type": "prompt", "id": "1", "kind": "rating", "text": "?", "until_s": until_s}
    engine.say(send=[{**ask, "scale": SCALE}])
    assert until(lambda: engine.heard("rating"))[0]["value"] is None


@pytest.mark.usefixtures("clean_console")
def test_pacer_too_much_and_texts(page: Any, engine: Any) -> None:
    open_scene(page, engine, scene="safe_room")
    pace = {"start_s": engine.say()["now_s"], "in_s": 4, "hold_s": 0, "out_s": 6, "rest_s": 0}
    engine.say(send=[{"type": "pacer", **pace}])
    wait(page, f"{STATE}.pacer")
    engine.say(send=[{"type": "pacer", "pacer": None}])
    wait(page, f"!{STATE}.pacer")
    engine.say(
        send=[
            {"type": "prompt", "id": "i", "kind": "info", "text": "Look around.", "until_s": None}
        ]
    )
    page.get_by_role("button", name="OK").click()
    page.get_by_role("button", name="Too much").click()
    assert until(lambda: engine.heard("too_much"))


def test_the_page_has_no_serious_accessibility_faults(page: Any, engine: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    open_scene(page, engine, scene="safe_room")
    ask = {"type": "prompt", "id": "1", "kind": "rating", "text": "How tense?", "until_s": None}
    engine.say(send=[{**ask, "scale": SCALE}])
    page.get_by_text("How tense?").wait_for()
    found = Axe().run(page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
