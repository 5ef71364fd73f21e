"""The scene channel's golden files against the engine's own encoder and reader."""

import json
from pathlib import Path
from typing import Any

import pytest

from adaptivevr import wire
from adaptivevr.command import Ack, Client, Headset, Heard, Rate, Task, TooMuch
from adaptivevr.console.hub import _cue_message, _pacer_message, _prompt_message
from adaptivevr.console.inbox import ClientClock, scene_command
from adaptivevr.cues import Ruled
from adaptivevr.therapy.intent import Ask, Pacer, Scale
from scenes.frame import SceneFrame

CHANNEL = Path(__file__).parent / "channel"
ENGINE = {"frame", "prompt", "pacer", "cue", "scene", "stop", "error", "clock_answer"}
CLIENT = {
    "hello", "clock", "ack", "heard", "rating", "too_much", "stop_report", "headset", "task",
    "pose", "problem",
}  # fmt: skip


def messages(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((CHANNEL / f"{name}.json").read_text())["messages"]
    return found


def test_every_message_of_the_contract_has_a_golden_file() -> None:
    assert {p.stem for p in CHANNEL.glob("*.json")} == ENGINE | CLIENT


@pytest.mark.parametrize("name", sorted(ENGINE | CLIENT))
def test_golden_messages_are_version_1_and_name_their_type(name: str) -> None:
    document = json.loads((CHANNEL / f"{name}.json").read_text())
    assert document["sender"] == ("engine" if name in ENGINE else "client")
    for message in document["messages"]:
        assert message["v"] == 1
        assert name.startswith(message["type"])


def test_a_frame_is_written_as_the_golden_one() -> None:
    moving, resting = messages("frame")
    for golden in (moving, resting):
        fields = {k: v for k, v in golden.items() if k not in ("v", "type")}
        frame = SceneFrame(
            **{
                **fields,
                "values": tuple(golden["values"].items()),
                "ambient": tuple(golden["ambient"].items()),
            }
        )
        assert wire.decode(wire.encode(frame.message())) == golden
    assert resting["rest"] and resting["data_s"] is None


def test_prompt_and_pacer_are_written_as_the_golden_ones() -> None:
    rating, info, *_ = messages("prompt")
    scale = Scale(**rating["scale"])
    ask = Ask(rating["id"], rating["kind"], rating["text"], scale, rating["until_s"])
    assert json.loads(_prompt_message(ask)) == rating
    assert json.loads(_prompt_message(Ask(info["id"], "info", info["text"]))) == info
    pace, none = messages("pacer")
    pacer = Pacer(**{k: v for k, v in pace.items() if k not in ("v", "type")})
    assert json.loads(_pacer_message(pacer)) == pace
    assert json.loads(_pacer_message(None)) == none


def test_a_cue_is_written_as_the_golden_one() -> None:
    (cue,) = messages("cue")
    assert json.loads(_cue_message(Ruled("cue-1", "door", None), 913.5)) == cue


def read(message: dict[str, Any]) -> Any:
    clock = ClientClock()
    clock.heard(12.5, 912.5)
    return scene_command(message, clock, 1000.0)


def test_what_the_client_says_becomes_the_command_it_means() -> None:
    moving, resting = (read(m) for m in messages("ack"))
    assert isinstance(moving, Ack)
    assert (moving.seq, moving.shown_s, moving.rest) == (41, pytest.approx(912.516), False)
    assert resting.rest
    came, left_out = (read(m) for m in messages("heard"))
    assert isinstance(came, Heard)
    assert (came.cue, came.played, came.shown_s) == ("cue-1", True, pytest.approx(913.52))
    assert not left_out.played
    answered, silent = (read(m) for m in messages("rating"))
    assert isinstance(answered, Rate)
    assert (answered.scale, answered.value, answered.prompt) == ("suds", 40.0, "ask-3")
    assert answered.at_s == pytest.approx(915.1)
    assert silent.value is None
    assert isinstance(read(messages("too_much")[0]), TooMuch)
    assert [read(m) for m in messages("headset")][1].worn is False
    assert isinstance(read(messages("headset")[0]), Headset)
    right, wrong = (read(m) for m in messages("task"))
    assert isinstance(right, Task)
    assert (right.correct, right.reaction_s, wrong.reaction_s) == (True, 1.82, None)
    problem = read(messages("problem")[0])
    assert isinstance(problem, Client)
    assert "heights" in problem.text


@pytest.mark.parametrize("name", ["hello", "clock", "stop_report", "pose"])
def test_the_rest_is_answered_by_the_socket_itself(name: str) -> None:
    for message in messages(name):
        assert read(message) is None
