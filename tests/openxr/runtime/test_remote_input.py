"""Head, hands and buttons scripted over a socket: what was sent is what the session gets."""

from collections.abc import Iterator
from dataclasses import replace
from math import cos, radians, sin
from typing import Any

import pytest

from scenes.openxr.clock import now_s
from scenes.openxr.pose import Triple
from scenes.openxr.viewer import Viewer
from tests.browser.conftest import Engine
from tests.openxr.runtime.conftest import COLD_S, Service
from tests.openxr.runtime.remote import Hand, Remote
from tests.openxr.runtime.test_null_session import turn
from tests.until import until

pytestmark = pytest.mark.openxr


@pytest.fixture
def remote(service: Service) -> Iterator[Remote]:
    made = Remote()
    made.say()
    yield made
    made.close()


@pytest.fixture
def worn(host: Any, remote: Remote) -> Any:
    until(lambda: turn(host).worn, COLD_S, lambda: host.states)
    return host


def settled(host: Any, at: Triple) -> Any:
    """A picture asked for once the driver's own thread has heard where the head is."""

    def there() -> bool:
        head = turn(host).head
        return head is not None and bool(head.at == pytest.approx(at, abs=1e-3))

    until(there, COLD_S, lambda: (at, turn(host).head, host.states))
    return turn(host)


def test_poses_come_back_as_they_were_sent(worn: Any, remote: Remote) -> None:
    for k in range(5):
        half = radians(20 * k) / 2
        at, look = (0.25 * k, 1.6 + 0.1 * k, -0.5 * k), (0.0, sin(half), 0.0, cos(half))
        left, right = Hand((-0.3, 1.0 + 0.1 * k, -0.4)), Hand((0.4, 0.9, -0.1 * k), look)
        remote.say(at, look, left, right)
        moment = settled(worn, at)
        assert moment.head is not None
        assert moment.head.at == pytest.approx(at, abs=1e-4)
        assert moment.head.turn == pytest.approx(look, abs=1e-4)
        assert moment.hands[0].at == pytest.approx(left.at, abs=1e-4)
        assert moment.hands[1].at == pytest.approx(right.at, abs=1e-4)
        assert moment.hands[1].turn == pytest.approx(look, abs=1e-4)
        assert moment.gaze.direction == pytest.approx(
            (-sin(2 * half), 0.0, -cos(2 * half)), abs=1e-4
        )


def test_recentering_makes_here_and_now_the_middle(worn: Any, remote: Remote) -> None:
    half = radians(70) / 2
    remote.say((1.5, 1.7, -0.7), (0.0, sin(half), 0.0, cos(half)))
    settled(worn, (1.5, 1.7, -0.7))
    worn.recenter()
    moment = turn(worn)
    assert moment.head.at == pytest.approx((0.0, 1.7, 0.0), abs=1e-3)
    assert moment.head.yaw == pytest.approx(0.0, abs=1e-3)
    # Straight ahead of where the patient looked is straight ahead in the scene.
    remote.say((1.5 - sin(2 * half), 1.7, -0.7 - cos(2 * half)), (0.0, sin(half), 0.0, cos(half)))
    ahead = (0.0, 1.7, -1.0)
    assert settled(worn, ahead).head.at == pytest.approx(ahead, abs=1e-3)


def test_somebody_who_sits_is_raised_once(worn: Any, remote: Remote) -> None:
    remote.say((0.5, 1.1, 0.25))
    settled(worn, (0.5, 1.1, 0.25))
    for _ in range(2):
        worn.recenter()
        assert turn(worn).head.at == pytest.approx((0.0, 1.6, 0.0), abs=1e-3)


def test_a_trigger_is_one_press_along_the_pointer(worn: Any, remote: Remote) -> None:
    remote.say(right=Hand((0.3, 1.2, -0.4), trigger=1.0))
    presses, held = [], False
    for _ in range(8):
        moment = turn(worn)
        presses += moment.presses
        held = held or moment.held
    assert held and len(presses) == 1
    assert presses[0].direction[2] < -0.5
    remote.say()
    until(lambda: not turn(worn).held, COLD_S, "the trigger was let go")


@pytest.fixture
def session(worn: Any) -> Iterator[tuple[Viewer, Engine]]:
    engine = Engine()
    engine.say(scene="safe_room", intensity=0.5)
    viewer = Viewer(worn, engine.url.replace("http", "ws") + "/ws/scene", now_s)
    viewer.start()
    yield viewer, engine
    viewer.close()
    engine.close()


def faded_in(viewer: Viewer) -> None:
    until(
        lambda: viewer.turn().fade == 0.0 and viewer.stage.rest_ready, 60,
        lambda: (viewer.picture, viewer.channel.link, viewer.dropped, viewer.scene),
    )  # fmt: skip


def heard(viewer: Viewer, engine: Engine, kind: str) -> list[dict[str, Any]]:
    """What the engine has heard, while pictures go on."""
    found: Any = until(lambda: viewer.turn() and engine.heard(kind), COLD_S)
    return list(found)


def test_a_held_button_stops_in_the_very_next_picture(
    session: tuple[Viewer, Engine], remote: Remote
) -> None:
    viewer, engine = session
    faded_in(viewer)
    remote.say(left=Hand((-0.2, 1.3, -0.5), a=True))
    until(lambda: viewer.turn().why == "stop", COLD_S)
    # The picture in which the hold was long enough is the first of the fade.
    assert viewer.times.rest_frame - viewer.times.stop < 1.0
    assert viewer.acked[1]
    assert heard(viewer, engine, "stop")[0]["by"] == "controller"
    remote.say()
    until(lambda: viewer.turn().fade == 1.0, COLD_S)
    assert viewer.stage.shows_rest


def test_both_hands_over_the_head_stop(session: tuple[Viewer, Engine], remote: Remote) -> None:
    viewer, engine = session
    faded_in(viewer)
    remote.say(left=Hand((-0.3, 1.9, -0.2)), right=Hand((0.3, 1.9, -0.2)))
    until(lambda: viewer.turn().why == "stop", COLD_S)
    assert heard(viewer, engine, "stop")[0]["by"] == "gesture"
    rows = heard(viewer, engine, "pose")[-1]["rows"]
    stamps = [row[0] for row in rows]
    assert stamps == sorted(stamps) and len(rows[0][1]) == len(rows[0][2]) == 7


def test_a_rating_is_given_by_pointer_and_by_gaze(
    session: tuple[Viewer, Engine], remote: Remote
) -> None:
    viewer, engine = session
    faded_in(viewer)
    scale = {"name": "suds", "min": 0, "max": 100, "step": 10, "low": "calm", "high": "worst"}
    ask = {"type": "prompt", "kind": "rating", "text": "How tense?", "until_s": None}
    engine.say(send=[{**ask, "id": "1", "scale": scale}])
    until(lambda: viewer.turn() and viewer.prompts.id == "1", COLD_S)
    # The board hangs 1.6 m ahead and 0.18 m below the eyes; its middle button is 50.
    low = (270 + 60 - 256) / 1024 * 1.3
    down = 0.18 + low
    remote.say(turn=(-sin(down / 3.2), 0.0, 0.0, cos(down / 3.2)))
    assert heard(viewer, engine, "rating")[0]["value"] == 50
    engine.say(send=[{**ask, "id": "2", "scale": scale}])
    remote.say()
    until(lambda: viewer.turn() and viewer.prompts.id == "2", COLD_S)
    aimed = Hand((0.0, 1.65 - down, 0.0))  # level with the buttons, pointing straight ahead
    remote.say(right=aimed)
    viewer.turn()
    remote.say(right=replace(aimed, trigger=1.0))
    answers: Any = until(
        lambda: viewer.turn() and len(r := engine.heard("rating")) == 2 and r, COLD_S
    )
    assert answers[1]["value"] == 50 and answers[1]["prompt"] == "2"
    assert answers[1]["answered_s"] >= answers[1]["shown_s"]


def test_a_killed_runtime_is_survived_said_and_found_again(
    session: tuple[Viewer, Engine], service: Service, remote: Remote
) -> None:
    viewer, engine = session
    faded_in(viewer)
    service.kill()
    until(lambda: viewer.turn() and viewer.host.trouble, COLD_S)
    told = heard(viewer, engine, "problem")[0]["text"]
    assert "runtime has gone" in told
    assert heard(viewer, engine, "headset")[-1]["worn"] is False
    assert heard(viewer, engine, "stop")[0]["by"] == "headset"
    # Without pictures the link lives on, and what the engine says is heard.
    seq = engine.say(rest=False)["seq"]
    until(lambda: viewer.turn() and viewer.frame is not None and viewer.frame.seq > seq + 5, COLD_S)
    remote.close()
    service.start()
    again = Remote()
    again.say()
    drawn = viewer.drawn
    until(lambda: viewer.turn() and viewer.drawn > drawn + 3, 30, lambda: viewer.host.trouble)
    assert not viewer.host.trouble
    assert heard(viewer, engine, "headset")[-1]["worn"] is True
    assert len([p for p in engine.heard("problem") if "runtime" in p["text"]]) == 1
    again.close()
