"""Stop, dead-man, prompts and links of the native renderer, against the stub engine's process."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from scenes.openxr.host import Moment, Ray
from scenes.openxr.pose import Pose
from tests.browser.test_scene import SCALE, golden_frame
from tests.openxr.conftest import Seat, built_engine

pytestmark = pytest.mark.openxr


@pytest.fixture(scope="module")
def lasting(ctx: Any) -> Iterator[Seat]:
    """One viewer for the tests that do not mind what came before."""
    engine = built_engine()
    made = Seat(ctx, engine)
    made.play("safe_room", 0.5)
    yield made
    made.close()
    engine.close()


def test_pictures_are_acknowledged_in_order_and_who_shows_them_is_told(lasting: Seat) -> None:
    acks = lasting.heard("ack", 20)
    assert [a["seq"] for a in acks] == sorted(a["seq"] for a in acks)
    assert acks[0]["rest"] and not acks[-1]["rest"]
    hello = lasting.heard("hello")[0]
    assert hello["renderer"] == "simulated" and hello["refresh_hz"] == 60.0
    assert 8 <= len(lasting.heard("clock", 8)) <= 10


def test_a_key_stops_at_once_and_stays_stopped(seat: Seat) -> None:
    seat.play("safe_room", 0.8)
    seat.host.moment = Moment(keys=("escape",))
    seat.viewer.turn()
    assert seat.viewer.picture.rest and seat.viewer.picture.why == "stop"
    assert seat.viewer.acked[1]  # told with this very picture
    seat.until(lambda: seat.viewer.picture.fade == 1.0)
    times = seat.viewer.times
    assert times.rest_frame - times.stop <= 0.5
    assert times.rest_picture - times.stop >= 0.45
    assert seat.viewer.stage.shows_rest
    assert seat.heard("stop")[0]["by"] == "key"
    # The engine has rested; when it goes on by itself, so do we, after the hold.
    seat.engine.say(rest=False)
    seat.until(lambda: seat.viewer.picture.fade == 0.0)
    assert seat.viewer.times.shown - times.stop > 5.0


def test_a_stop_that_the_engine_does_not_obey_stays(seat: Seat) -> None:
    seat.play("safe_room", 0.8)
    seat.engine.say(deaf=True)
    seat.viewer.stop("button")
    seat.heard("stop")
    seq = seat.engine.say()["seq"]
    seat.until(lambda: seat.viewer.acked[0] > seq + 30)
    assert seat.viewer.picture.why == "stop"


def test_a_cue_comes_once_and_a_late_one_or_one_at_rest_is_left_out(seat: Seat) -> None:
    seat.play("audience", 0.5)

    def cue(id: str, name: str = "cough", late_s: float = 0.0) -> None:
        at_s = seat.engine.say()["now_s"] - late_s
        seat.engine.say(send=[{"type": "cue", "id": id, "name": name, "at_s": at_s}])
        seat.until(lambda: any(m["cue"] == id for m in seat.engine.heard("heard")))

    cue("c1", "applause")
    voices = seat.viewer.sound._voices
    assert [v.name for v in voices if not v.loop] == ["applause"]
    cue("c2", late_s=60.0)
    cue("c3", "no such cue")
    seat.viewer.stop("key")
    assert all(v.where == len(v.samples) for v in voices if not v.loop)
    seat.until(lambda: seat.viewer.picture.fade == 1.0)
    cue("c4")
    told = {m["cue"]: m["played"] for m in seat.engine.heard("heard")}
    assert told == {"c1": True, "c2": False, "c3": False, "c4": False}


def rested(seat: Seat) -> None:
    seat.until(lambda: seat.viewer.picture.fade == 1.0, 10)
    times = seat.viewer.times
    to_rest, to_picture = (m - times.frame_of for m in (times.rest_frame, times.rest_picture))
    # The design's 2.3 and 2.9 s, and half a second for whoever else uses the machine.
    assert 2.0 <= to_rest <= 2.8
    assert 2.45 <= to_picture <= 3.4


def test_a_frozen_engine_rests_the_scene_and_old_frames_do_not_revive_it(seat: Seat) -> None:
    seat.play("safe_room", 0.9)
    seat.engine.freeze()
    rested(seat)
    assert seat.viewer.picture.why == "expired"
    seat.engine.thaw()
    seat.engine.say(intensity=0.1)
    seat.until(lambda: seat.viewer.picture.fade == 0.0)
    assert dict(seat.viewer.picture.values)["window"] < 0.3


def test_a_killed_engine_rests_the_scene_for_good(seat: Seat) -> None:
    seat.play("safe_room", 0.9)
    seat.engine.process.kill()
    rested(seat)
    assert seat.viewer.channel.link != "open"
    assert seat.viewer.lost_since_s is not None


def test_a_closed_link_rests_and_comes_back(seat: Seat) -> None:
    seat.play("safe_room", 0.9)
    seat.engine.say(close=True, silent=True)
    rested(seat)
    seat.heard("hello", 2)
    seat.engine.say(silent=False, intensity=0.2)
    seat.until(lambda: seat.viewer.picture.why == "")


def test_a_stop_made_while_the_link_is_down_arrives_first_of_all(seat: Seat) -> None:
    seat.play("safe_room", 0.5)
    before = len(seat.heard("hello"))
    seat.engine.say(close=True, silent=True)
    seat.until(lambda: seat.viewer.channel.link != "open")
    seat.viewer.stop("gesture")
    seat.heard("hello", before + 1)
    assert seat.heard("stop")[0]["by"] == "gesture"
    assert seat.heard("stop")[0]["at_s"] <= seat.heard("hello", before + 1)[-1]["at_s"]


def test_frames_that_piled_up_are_not_played(seat: Seat) -> None:
    seat.play("safe_room", 0.9)
    seat.engine.say(silent=True)
    rested(seat)
    old = [{**f, "time_s": f["time_s"] - 3.0} for f in map(golden_frame, range(10**6, 10**6 + 30))]
    dropped = seat.viewer.dropped
    seat.engine.say(send=old)
    seat.until(lambda: seat.viewer.dropped >= dropped + 30)
    assert seat.viewer.picture.rest


def ask(name: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "prompt", "id": name, "kind": "rating", "text": "How tense do you feel?",
        "until_s": None, "scale": SCALE, **more,
    }  # fmt: skip


def test_a_rating_by_key_by_pointer_by_gaze_and_by_nobody(lasting: Seat) -> None:
    viewer = lasting.viewer
    lasting.engine.say(send=[ask("1")])
    lasting.until(lambda: viewer.prompts.id == "1")
    lasting.host.moment = Moment(keys=("4",))
    assert lasting.heard("rating")[0]["value"] == 40
    # The middle of eleven buttons is 50; the board hangs 1.6 m ahead, a little low.
    low = 1.3 * (330 - 256) / 1024 + 0.18
    ray = Ray((0.0, 1.65, 0.0), (0.0, -low / 1.6, -1.0))
    lasting.engine.say(send=[ask("2")])
    lasting.until(lambda: viewer.prompts.id == "2")
    lasting.host.moment = Moment(presses=(ray,))
    assert lasting.heard("rating", 2)[1]["value"] == 50
    lasting.engine.say(send=[ask("3")])
    lasting.until(lambda: viewer.prompts.id == "3")

    def looks() -> bool:
        lasting.host.moment = Moment(gaze=ray)
        return len(lasting.engine.heard("rating")) >= 3

    lasting.until(looks)
    third = lasting.engine.heard("rating")[2]
    assert third["value"] == 50 and third["answered_s"] - third["shown_s"] >= 1.5
    lasting.engine.say(send=[ask("4", until_s=lasting.engine.say()["now_s"] + 0.5)])
    assert lasting.heard("rating", 4)[3]["value"] is None
    assert [r["prompt"] for r in lasting.engine.heard("rating")] == ["1", "2", "3", "4"]


def test_the_pacer_fills_the_disc(lasting: Seat) -> None:
    start_s = lasting.engine.say()["now_s"]
    lasting.engine.say(
        send=[{"type": "pacer", "start_s": start_s, "in_s": 4, "hold_s": 0, "out_s": 6,
               "rest_s": 0}]
    )  # fmt: skip
    lasting.until(lambda: lasting.viewer.pacer is not None)
    assert lasting.viewer.pacer is not None
    assert lasting.viewer.pacer.start_s == pytest.approx(time.perf_counter(), abs=2.0)
    lasting.engine.say(send=[{"type": "pacer", "pacer": None}])
    lasting.until(lambda: lasting.viewer.pacer is None)


def test_a_scene_that_cannot_be_had_is_told_and_the_rest_scene_stays(seat: Seat) -> None:
    seat.play("safe_room", 0.5)
    seat.engine.say(silent=True)
    seat.engine.say(
        send=[{"type": "scene", "name": "nowhere", "asset": "/scenes/nowhere/x.glb", "hash": ""}]
    )
    problem = seat.heard("problem")[0]["text"]
    assert "nowhere" in problem
    seat.until(lambda: seat.viewer.picture.fade == 1.0)
    assert seat.viewer.picture.why in ("waiting", "expired")


def test_a_scene_we_do_not_have_comes_from_the_engine_s_server(
    seat: Seat, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    from scenes.openxr import shelf

    monkeypatch.setattr(shelf, "LIBRARY", tmp_path)  # our own library holds nothing
    parts = shelf.fetch(
        "safe_room", "/scenes/safe_room/scene.glb", "", seat.engine.url.replace("http", "ws")
    )
    assert parts.manifest.name == "safe_room" and len(parts.model.nodes) > 5
    assert all(parts.sounds.values())
    with pytest.raises(ValueError, match="expected the asset from"):
        shelf.fetch("safe_room", "http://elsewhere:1/x.glb", "", seat.engine.url)


def test_head_and_hands_are_told(lasting: Seat) -> None:
    lasting.host.head = Pose((0.25, 1.5, -0.125))
    lasting.host.moment = Moment(hands=(Pose((-0.25, 1.0, 0.5)), None))
    said = len(lasting.engine.heard("pose"))
    rows = lasting.heard("pose", said + 2)[-1]["rows"]
    assert rows[0][1] == [0.25, 1.5, -0.125, 0, 0, 0, 1]
    assert rows[0][2] == [-0.25, 1.0, 0.5, 0, 0, 0, 1]
    assert rows[0][3] == [0.0] * 7


def test_too_much_and_the_headset_taken_off(lasting: Seat) -> None:
    lasting.host.moment = Moment(keys=("too_much",), worn=True)
    lasting.heard("too_much")
    lasting.host.moment = Moment(worn=False)
    lasting.viewer.turn()
    assert lasting.viewer.picture.why == "stop"
    assert [h["worn"] for h in lasting.heard("headset", 2)] == [True, False]
    assert lasting.heard("stop")[0]["by"] == "headset"


def test_a_scene_of_mirrored_hands_shows_the_intact_one_twice(lasting: Seat) -> None:
    right = Pose((0.2, 1.0, -0.4), (0.0, 0.6, 0.0, 0.8))
    assert lasting.viewer._mirror((Pose((-9.0, 0, 0)), right)) == (
        Pose((-0.2, 1.0, -0.4), (0.0, -0.6, -0.0, 0.8)), right,
    )  # fmt: skip
    assert lasting.viewer._mirror((right, None)) == (None, None)
    lasting.viewer.intact_left = True
    left, other = lasting.viewer._mirror((right, None))
    assert left == right and other is not None and other.at[0] == -0.2
    lasting.viewer.intact_left = False


def test_more_flashes_than_anybody_may_be_shown_stop_the_scene() -> None:
    from scenes.openxr.comfort import FlashWatch

    watch = FlashWatch()
    slow = [watch.update(k / 10, {"light": 0.02 * k}) for k in range(10)]
    assert not any(slow)
    watch.forget()
    quick = [watch.update(k / 10, {"light": 0.0, "sky": 0.3 * (k % 2)}) for k in range(6)]
    assert quick == [False, False, False, False, True, True]


def test_words_come_in_the_patient_s_language() -> None:
    from scenes.openxr.words import words

    assert words(["de-DE"])["yes"] == "Ja" and words(["tlh"])["yes"] == "Yes"
    for code in ("en", "de", "fr", "es", "tr"):
        told = words([code])
        assert all(told[f"why_{why}"] for why in ("stop", "waiting", "expired", "rest"))
