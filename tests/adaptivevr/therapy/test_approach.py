"""The approach test and activation: nothing moves but by the patient's own yes."""

from dataclasses import replace

import pytest

from adaptivevr.command import Confirm, TooMuch
from adaptivevr.modes import Mode
from adaptivevr.therapy.activation import Activation
from adaptivevr.therapy.approach import Approach
from adaptivevr.therapy.intent import Why
from tests.adaptivevr.therapy.room import LEVELS, Room


def walking(**more: object) -> Room:
    return Room(Approach, "approach_test", **more)  # type: ignore[arg-type]


def test_a_yes_is_one_step_and_each_step_is_stayed_on_and_rated() -> None:
    room = walking()
    room.until("end")
    figures = room.measures()
    assert figures["level_reached"] == figures["levels"] == len(LEVELS) - 1
    assert figures["ended_by"] == 2.0 and figures["last_rating"] == 20.0
    assert figures["peak_arousal"] == pytest.approx(0.3)
    assert room.phases().count("stay") == 4
    stays = sum(i.phase == "stay" for i in room.seen) / room.hz
    assert stays == pytest.approx(4 * 30.0, abs=6.0)


@pytest.mark.parametrize(("answer", "by"), [(0.0, 1.0), (None, 5.0)])
def test_a_no_or_silence_ends_it_there(answer: float | None, by: float) -> None:
    room = walking()
    room.confirm["more-2"] = answer
    room.until("end")
    figures = room.measures()
    assert (figures["level_reached"], figures["ended_by"]) == (2.0, by)
    assert max(i.intensity for i in room.seen) == 0.4 and room.view.intensity == 0.0


def test_arousal_decides_nothing_but_the_ceiling_ends_it() -> None:
    calm, tense = walking(), walking()
    calm.until("end", arousal=0.1)
    tense.until("end", arousal=0.8)
    assert calm.measures()["level_reached"] == tense.measures()["level_reached"]
    assert len(calm.seen) == len(tense.seen)
    above = walking()
    above.until("stay")
    above.wait(12.0, arousal=0.9)
    assert above.measures()["ended_by"] == 4.0


def test_what_the_guard_held_back_is_said_as_that() -> None:
    capped = walking(ceiling=0.45)
    capped.until("end")
    assert (capped.measures()["level_reached"], capped.measures()["ended_by"]) == (2.0, 3.0)
    held = walking()
    held.until("stay")
    while held.last.phase != "end":
        held.tick()
        held.view = replace(held.view, intensity=min(held.view.intensity, 0.2))
    assert (held.measures()["level_reached"], held.measures()["ended_by"]) == (1.0, 3.0)


def test_too_much_ends_it() -> None:
    room = walking()
    room.until("stay")
    room.say(TooMuch, who="patient")
    assert room.last.phase == "cooldown" and room.measures()["ended_by"] == 4.0


def test_without_a_calibration_a_clinician_says_yes_too() -> None:
    room = walking(mode=Mode.CONFIRM)
    room.view = replace(room.view, granted=1)
    room.until("more")
    while room.last.proposal is None:
        room.tick()
    assert room.last.proposal == "advance:2"
    room.say(Confirm, proposal="advance:2", yes=False)
    assert room.measures()["ended_by"] == 6.0


# --- activation


def riding(**more: object) -> Room:
    room = Room(Activation, "activation", **more)  # type: ignore[arg-type]
    room.answers |= {"mood": 4.0, "pleasure": 6.0}
    return room


def test_goals_go_on_as_long_as_the_patient_says_yes() -> None:
    room = riding()
    room.until("end")
    assert room.measures()["goals"] == 4.0 and room.measures()["pleasure_mean"] == 6.0
    assert (room.measures()["mood_before"], room.measures()["mood_after"]) == (4.0, 4.0)
    levels = [i.level for i in room.seen if i.phase == "goal"]
    assert sorted(set(levels)) == [1, 2, 3, 4] and levels == sorted(levels)
    texts = {i.prompt.text for i in room.seen if i.prompt}
    assert "Think of one small thing for tomorrow, and when you will do it." in texts


@pytest.mark.parametrize("answer", [0.0, None])
def test_a_no_or_silence_leads_to_the_end_and_pushes_nobody(answer: float | None) -> None:
    room = riding()
    room.confirm["more-1"] = answer
    room.until("end")
    assert room.measures()["goals"] == 1.0 and max(i.level for i in room.seen) == 1
    assert "mood_after" in room.measures()


def test_the_body_does_not_steer_activation() -> None:
    calm, tense = riding(), riding()
    calm.until("end", arousal=0.05)
    tense.until("end", arousal=0.8)
    assert calm.phases() == tense.phases()


def test_too_much_is_a_level_down() -> None:
    room = riding()
    room.until("more")
    room.until("goal")
    room.wait(30.0)
    intent = room.say(TooMuch, who="patient")
    assert (intent.reason, intent.level) == (Why.TOO_MUCH, 1)


def test_a_level_nobody_agreed_to_is_proposed_to_a_clinician() -> None:
    room = riding(mode=Mode.CONFIRM)
    room.view = replace(room.view, granted=0)
    room.until("goal")
    assert room.last.proposal == "advance:1"
    room.say(Confirm, proposal="advance:1", yes=False)
    assert room.tick().proposal is None and room.last.level == 0


@pytest.mark.parametrize("hz", [1, 9, 100])
def test_alike_at_any_rate(hz: int) -> None:
    room = riding(hz=hz)
    room.wait(340.0)
    assert room.last.phase == "goal" and room.last.level == 2
