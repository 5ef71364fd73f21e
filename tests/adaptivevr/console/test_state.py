"""What a console is told: a log that says what was tuned, and rest from the moment of a stop."""

import json
from dataclasses import replace

import pytest

from adaptivevr.clock import SimulatedClock
from adaptivevr.command import Command, Mark, Rate, SetLimit
from adaptivevr.console import sentence
from adaptivevr.console.cue_words import why
from adaptivevr.console.hub import Hub, Snapshot
from adaptivevr.console.outbox import Outbox
from adaptivevr.console.state import ConsoleState
from adaptivevr.cues import Card, Closed, Ruled, Shut
from adaptivevr.limits import Limits
from scenes.scene import load
from tests.adaptivevr.console.test_hub import PANEL, SCENE, tick


def told(state: ConsoleState, *commands: Command, limits: Limits | None = None) -> Snapshot:
    """One published tick that took these commands, with the limits in force after it."""
    snapshot = Snapshot(tick(1), (), commands, replace(PANEL, limits=limits or Limits()))
    state.take(snapshot)
    return snapshot


def entries(state: ConsoleState, what: str) -> list[dict[str, object]]:
    log = [json.loads(text) for text in state.history()]
    return [entry for entry in log if entry.get("what") == what]


@pytest.fixture
def hub() -> Hub:
    return Hub(SCENE, SimulatedClock(100.0))


@pytest.fixture
def state(hub: Hub) -> ConsoleState:
    return ConsoleState(hub, {"demo": True})


@pytest.mark.parametrize(
    ("asked", "new", "words"),
    [
        (0.4, 0.4, "Limit ceiling: 1 to 0.4."),
        (7.0, 1.0, "Limit ceiling: 1 to 1 (asked 7, bounded)."),
    ],
)
def test_a_tuned_limit_is_logged_with_who_when_old_and_new(
    state: ConsoleState, asked: float, new: float, words: str
) -> None:
    told(state)
    command = SetLimit(id="c1", who="clinician", at_s=7.5, name="ceiling", value=asked)
    told(state, command, limits=Limits(ceiling=new))
    assert entries(state, "limit") == [
        {
            "type": "log", "at_s": 7.5, "who": "clinician", "text": words, "what": "limit",
            "name": "ceiling", "old": 1.0, "new": new, "asked": asked, "bounded": asked != new,
        }
    ]  # fmt: skip


def test_a_rating_carries_its_number_for_the_plot(state: ConsoleState) -> None:
    told(state, Rate(id="p1", who="patient", at_s=3.0, value=40.0))
    assert [(e["at_s"], e["value"], e["text"]) for e in entries(state, "rating")] == [
        (3.0, 40.0, "Rating 40 (SUDS).")
    ]


def test_what_became_of_a_cue_is_logged_with_its_reason(state: ConsoleState) -> None:
    ruled = (Ruled("c1", "bang", None), Ruled("c2", "bang", Closed(Shut.PAUSE, 12.2, 30.0)),
             Ruled("c3", "bang", Closed(Shut.SD, 0.31, 0.3)))  # fmt: skip
    state.take(Snapshot(replace(tick(1), cues=ruled), (), (), PANEL))
    assert [(e["name"], e["played"], e["text"]) for e in entries(state, "cue")] == [
        ("bang", True, "Cue: 'bang'."),
        ("bang", False, "Cue refused, “'bang'”: wait 18 s."),
        ("bang", False, "Cue refused, “'bang'”: the estimate is too uncertain (0.31, limit 0.30)."),
    ]


def test_a_cue_stands_in_the_state_with_its_title_and_what_it_waits_for() -> None:
    street = load("street")
    hub = Hub(street, SimulatedClock(100.0))
    state = ConsoleState(hub, {})
    low = Card("bang", "An engine backfires, a bang", True, True, False, True, Closed(Shut.VET))
    pause = replace(low, name="looks", patient=True, closed=Closed(Shut.PAUSE, 10.5, 30.0))
    hub.publish(tick(1), (), (), replace(PANEL, cues=(low, pause)))
    bang, looks = state.document(100.0)["cues"]
    assert bang["how"] == "heard" and bang["must"] and bang["clinician"] and not bang["patient"]
    assert bang["why"] == "not agreed to beforehand: not today"
    assert (looks["how"], looks["open"], looks["why"]) == ("seen", False, "wait 20 s")
    assert looks["wait_s"] == 20.0


@pytest.mark.parametrize("shut", Shut)
def test_every_reason_of_a_cue_has_words(shut: Shut) -> None:
    words = why(Closed(shut, 1.0, 2.0))
    assert words and "_" not in words and words[0].islower()


def test_the_course_so_far_comes_first_and_thins_out(state: ConsoleState) -> None:
    for seq in range(1, 40):
        state.take(Snapshot(replace(tick(seq), now_s=seq * 0.1), (), (), PANEL))
    past = json.loads(state.history()[0])
    assert past["type"] == "past"
    times = [row[0] for row in past["rows"]]
    assert 7 <= len(times) <= 8 and times == sorted(times)
    assert past["rows"][0][1:] == [0.3, 0.1, 0.5, "auto"]


def test_the_same_reason_is_not_told_again_with_every_number(state: ConsoleState) -> None:
    for seq, number in ((1, 0.31), (2, 0.32), (3, 0.33)):
        one = tick(seq)
        state.take(Snapshot(replace(one, intent=replace(one.intent, number=number)), (), (), PANEL))
    told_by_engine = [json.loads(t) for t in state.history() if '"engine"' in t]
    assert len([e for e in told_by_engine if e["text"].startswith("Holding")]) == 1


def test_from_the_moment_of_a_stop_the_document_tells_of_rest(
    hub: Hub, state: ConsoleState
) -> None:
    hub.publish(tick(1), (), (), PANEL)
    assert state.document(100.0)["intensity"] == 0.5
    hub.stop("clinician", "button")
    document = state.document(100.0)
    assert document["latched"] and document["rest"]
    assert (document["mode"], document["intensity"]) == ("safe", 0.0)
    assert document["mode_text"] == sentence.MODES["safe"]


def test_a_sensors_mark_speaks_for_itself() -> None:
    assert sentence.said(Mark(id="f", who="sensors", at_s=0.0, text="eda is back.")) == (
        "eda is back."
    )
    assert sentence.said(Mark(id="c", who="clinician", at_s=0.0, text="door")) == "Mark: door"


def test_a_batch_of_many_traces_pushes_none_of_them_out() -> None:
    box = Outbox()
    for batch in range(4):
        for trace in range(6):
            box.signal(bytes([trace, batch]), trace)
    waiting = [box._signals[i][1] for i in range(len(box._signals))]
    for trace in range(6):
        mine = [data[1] for data in waiting if data[0] == trace]
        assert mine == [1, 2, 3], "the newest three of every trace, in order"
