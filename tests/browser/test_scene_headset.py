"""The scene page in an emulated headset: two eyes, stop by hand, by button, by taking it off."""

from typing import Any

import pytest

from tests.browser.test_scene import SCALE, STATE, TIMES, open_scene, wait
from tests.until import until

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("clean_console")]


def wear(page: Any, engine: Any, intensity: float) -> None:
    open_scene(page, engine, intensity, scene="safe_room")
    assert page.evaluate("isSecureContext")
    page.get_by_role("button", name="Enter VR").click()
    wait(page, f"{STATE}.presenting && {STATE}.eyes === 2")
    wait(page, f"{STATE}.fade === 0", 20)


def test_the_headset_is_reported_and_head_and_hands_are_followed(headset: Any, engine: Any) -> None:
    # What both eyes see is looked at for every scene in test_library.
    wear(headset, engine, 0.0)
    poses = until(lambda: engine.heard("pose"))
    row = poses[0]["rows"][0]
    assert len(row) == 4 and len(row[1]) == 7
    assert 1.0 < row[1][1] < 2.2
    assert engine.heard("headset")[0]["worn"] is True
    # Standing still, nothing narrows the view.
    assert headset.evaluate(f"{STATE}.vignette") < 0.05


def stopped(page: Any, engine: Any, by: str) -> None:
    wait(page, f"{STATE}.fade === 1 && {STATE}.why !== '' && {TIMES}.restPicture > 0", 30)
    moments = page.evaluate(TIMES)
    assert moments["stop"] <= moments["restFrame"] <= moments["restPicture"]
    assert until(lambda: engine.heard("stop"))[0]["by"] == by


@pytest.mark.parametrize("button", ["b-button", "squeeze", "thumbstick"])
def test_a_long_press_of_any_button_stops(headset: Any, engine: Any, button: str) -> None:
    wear(headset, engine, 0.7)
    headset.evaluate(f"__device.controllers.right.updateButtonValue('{button}', 1)")
    stopped(headset, engine, "controller")


def test_a_short_press_does_not_stop(headset: Any, engine: Any) -> None:
    wear(headset, engine, 0.7)
    # Down for one picture, however long pictures take where others use the machine.
    headset.evaluate(
        f"""() => {{
          const trigger = (v) => __device.controllers.right.updateButtonValue('trigger', v);
          const before = {STATE}.drawn;
          trigger(1);
          const seen = setInterval(() => {{
            if ({STATE}.drawn === before) return;
            trigger(0);
            clearInterval(seen);
          }}, 1);
        }}"""
    )
    seq = engine.say()["seq"]
    wait(headset, f"{STATE}.acked > {seq + 90}")
    assert engine.heard("stop") == []


def test_both_hands_up_stop(headset: Any, engine: Any) -> None:
    wear(headset, engine, 0.7)
    headset.evaluate(
        "for (const [side, x] of [['left', -.3], ['right', .3]])"
        " __device.controllers[side].position.set(x, 2.1, -.2)"
    )
    stopped(headset, engine, "gesture")


def test_taking_the_headset_off_stops(headset: Any, engine: Any) -> None:
    wear(headset, engine, 0.7)
    headset.evaluate("__device.updateVisibilityState('hidden')")
    assert until(lambda: engine.heard("stop"))[0]["by"] == "headset"
    until(lambda: any(m["worn"] is False for m in engine.heard("headset")))
    assert headset.evaluate(f"{STATE}.why") in ("stop", "rest")


def test_a_look_that_rests_on_a_number_answers(headset: Any, engine: Any) -> None:
    wear(headset, engine, 0.0)
    ask = {"type": "prompt", "id": "1", "kind": "rating", "text": "How tense?", "until_s": None}
    engine.say(send=[{**ask, "scale": {**SCALE, "step": 50}}])
    wait(headset, f"{STATE}.prompt === '1'")
    # The middle of the row hangs a little below the eyes.
    headset.evaluate("__device.quaternion.set(Math.sin(-.085), 0, 0, Math.cos(-.085))")
    assert until(lambda: engine.heard("rating"), 20)[0]["value"] == 50
