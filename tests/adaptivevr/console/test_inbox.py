"""What clients say is checked, and who and when are never theirs to claim."""

import json
from pathlib import Path

import pytest

from adaptivevr.command import Ack, Headset, Rate, SetLimit, Task, TooMuch
from adaptivevr.console.inbox import ClientClock, console_command, scene_command


def test_a_rating_keeps_its_own_moment_on_the_engines_clock() -> None:
    clock = ClientClock()
    clock.heard(10.0, 110.002)
    clock.heard(11.0, 111.000)  # a quicker message is the better bound
    said = scene_command(
        {"type": "rating", "prompt": "suds-1", "value": 40, "shown_s": 11.5, "answered_s": 12.0},
        clock,
        115.0,
    )
    assert isinstance(said, Rate)
    assert (said.value, said.at_s, said.shown_s) == (40.0, 112.0, 111.5)


def test_a_moment_in_the_future_is_now() -> None:
    clock = ClientClock()
    clock.heard(0.0, 100.0)
    assert clock.engine_s(50.0, 120.0) == 120.0
    assert clock.engine_s("soon", 120.0) == 120.0
    assert clock.engine_s(float("nan"), 120.0) == 120.0


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ({"type": "too_much"}, TooMuch),
        ({"type": "headset", "worn": False}, Headset),
        ({"type": "ack", "seq": 5, "shown_s": 1.0}, Ack),
        ({"type": "task", "id": "t", "correct": True, "reaction_s": 0.5}, Task),
    ],
)
def test_each_message_becomes_its_command(message: dict[str, object], kind: type) -> None:
    said = scene_command(message, ClientClock(), 1.0)
    assert isinstance(said, kind) and said.who == "patient"


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ({"type": "teleport"}, "teleport"),
        ({"type": "rating", "value": "high"}, "high"),
        ({"type": "ack", "seq": None}, "seq"),
        ({}, "None"),
    ],
)
def test_what_is_not_of_the_contract_is_refused_by_name(
    message: dict[str, object], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        scene_command(message, ClientClock(), 1.0)


def test_the_console_cannot_speak_for_others_or_in_the_past() -> None:
    said = console_command(
        {"command": "SetLimit", "name": "ceiling", "value": 0.4, "who": "patient", "at_s": 1.0},
        "clinician",
        50.0,
    )
    assert isinstance(said, SetLimit) and (said.who, said.at_s) == ("clinician", 50.0)


@pytest.mark.parametrize("name", ["Ack", "Client", "Headset", "Nonsense", None])
def test_the_console_may_not_send_what_only_clients_send(name: object) -> None:
    with pytest.raises(ValueError, match="expected one of"):
        console_command({"command": name}, "clinician", 1.0)


def test_a_wrong_field_is_named() -> None:
    with pytest.raises(ValueError, match="SetLimit"):
        console_command({"command": "SetLimit", "name": "ceiling", "value": "high"}, "c", 1.0)


GOLDEN = Path(__file__).parents[2] / "scenes" / "channel"


def test_every_golden_client_message_is_understood() -> None:
    for path in sorted(GOLDEN.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        messages = document if isinstance(document, list) else [document]
        for message in messages:
            kind = message.get("type") if isinstance(message, dict) else None
            if kind in ("rating", "too_much", "headset", "task", "ack", "hello", "clock", "pose"):
                scene_command(message, ClientClock(), 1.0)
