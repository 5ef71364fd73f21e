"""Graded motor imagery: stages that a person opens, and reasons to stop."""

from dataclasses import replace

import pytest

from adaptivevr.command import Confirm, Rate, Step, Task, TooMuch
from adaptivevr.therapy.intent import Said, Why
from adaptivevr.therapy.mirror import Mirror
from adaptivevr.therapy.problems import Hands
from adaptivevr.therapy.protocol import load
from tests.adaptivevr.therapy.room import Room

PROTOCOL = load("mirror_therapy")


def room(stage: str = "laterality", passed_before: int = 0, **more: object) -> Room:
    rules = replace(PROTOCOL.mirror, stage=stage, passed_before=passed_before)
    return Room(Mirror, replace(PROTOCOL, mirror=rules), **more)  # type: ignore[arg-type]


def test_three_sets_of_forty_pictures_and_no_load() -> None:
    one = room()
    one.until("after")
    assert one.measures()["sets"] == 3.0 and one.measures()["passed"] == 1.0
    tasks = {i.task for i in one.seen if i.task}
    assert len(tasks) == 120 and max(i.intensity for i in one.seen) == 0.0
    sets = [i.numbers for i in one.seen if i.said is Said.STAGE]
    assert [n[0] for n in sets] == [1.0, 2.0, 3.0] and sets[0][1] == 1.0


@pytest.mark.parametrize(("right_of_10", "reaction_s", "passed"), [
    (8, 1.9, True), (7, 1.9, False), (8, 2.2, False), (10, 0.9, True),
])  # fmt: skip
def test_passed_is_80_percent_in_two_seconds(
    right_of_10: int, reaction_s: float, passed: bool
) -> None:
    one, count = room(hz=4), [0]
    one.solve = lambda ask: None
    one.until("laterality")
    while one.last.phase == "laterality":
        one.tick()
        if one.last.task and one.last.task not in one._answered:
            one._answered.add(one.last.task)
            right = count[0] % 10 < right_of_10
            count[0] += 1
            one.say(Task, who="patient", task=one.last.task, correct=right, reaction_s=reaction_s)
    assert bool(one.measures()["passed"]) == passed


def test_the_next_stage_needs_three_sessions_and_a_clinician() -> None:
    early = room(passed_before=1)
    early.until("after")
    assert not any(i.proposal for i in early.seen)
    due = room(passed_before=2)
    while not (due.seen and due.last.proposal):
        due.tick()
    assert due.last.proposal == "stage:imagery" and due.last.reason is Why.PASSED
    due.say(Confirm, who="patient", proposal="stage:imagery")
    assert due.last.phase == "laterality"
    due.say(Confirm, proposal="stage:imagery")
    assert due.tick().phase == "imagery"


def test_only_a_clinician_moves_the_mirror() -> None:
    one = room("mirror")
    one.until("mirror")
    one.wait(60.0)
    assert one.view.intensity == pytest.approx(0.2) and {i.level for i in one.seen[-50:]} == {1}
    one.say(Step, who="patient", by=1)
    assert one.tick().level == 1
    one.say(Step, by=1)
    assert one.tick().level == 2


@pytest.mark.parametrize("stage", ["laterality", "imagery", "mirror"])
def test_each_reason_to_stop_ends_it_for_today(stage: str) -> None:
    def begun() -> Room:
        one = room(stage)
        one.until(stage)
        one.wait(15.0)
        return one

    pain, symptom, told, above = begun(), begun(), begun(), begun()
    pain.say(Rate, who="patient", scale="nrs", value=4.0)
    assert pain.tick().phase == stage
    assert pain.say(Rate, who="patient", scale="nrs", value=5.0).reason is Why.PAIN_UP
    symptom.confirm["symptom"] = 1.0
    symptom.until("after", within_s=140.0)
    assert Why.SYMPTOM in {i.reason for i in symptom.seen}
    assert told.say(TooMuch, who="patient").reason is Why.TOO_MUCH
    above.wait(12.0, arousal=0.9)
    assert Why.RETREAT in {i.reason for i in above.seen}
    for one in (pain, symptom, told, above):
        one.until("end", arousal=0.2)
        assert one.view.intensity == 0.0 and one.measures()["stopped_by"] >= 1.0


def test_symptoms_are_asked_each_two_minutes() -> None:
    one = room("imagery")
    one.until("imagery")
    one.wait(500.0)
    ids = {i.prompt.id for i in one.seen if i.prompt and i.prompt.id.startswith("symptom")}
    assert 3 <= len(ids) <= 5


def test_hands_come_from_both_sides_and_say_what_they_are() -> None:
    hands = Hands(1)
    asks = [hands.make(1.0) for _ in range(200)]
    for ask in asks:
        word, side, view, angle = ask.picture.split()
        assert word == "hand" and view in ("back", "palm") and 0 <= int(angle) < 360
        assert ask.choices[ask.right or 0].lower() == side
    assert 60 < sum(ask.right == 0 for ask in asks) < 140
    assert {ask.picture.split()[3] for ask in (hands.make(0.0) for _ in range(50))} == {
        "0", "45", "315"
    }  # fmt: skip
