"""Trauma work: nothing that was not agreed to, never alone, every step a person's yes."""

import pytest

from adaptivevr.command import Confirm, Step
from adaptivevr.config import Config
from adaptivevr.errors import BadProtocol, Refused
from adaptivevr.house import house_of
from adaptivevr.therapy.intent import Said, Why
from adaptivevr.therapy.protocol import load, parse
from adaptivevr.therapy.trauma import Trauma, vet
from tests.adaptivevr.therapy.room import Room


def agreed(levels: int) -> Room:
    room = Room(Trauma, "trauma_graded")
    room.tick()
    for level in range(1, levels + 1):
        room.say(Confirm, proposal=vet(level))
    return room


def test_nothing_is_shown_before_a_therapist_has_agreed() -> None:
    room = Room(Trauma, "trauma_graded")
    intent = room.wait(600.0)
    assert (intent.reason, intent.proposal, intent.intensity) == (Why.VETTING, "vet:1", 0.0)
    assert room.say(Confirm, who="patient", proposal="vet:1").proposal == "vet:1"
    assert room.say(Confirm, proposal="vet:3").proposal == "vet:1"  # in their order
    assert room.say(Confirm, proposal="vet:1").proposal == "vet:2"


def test_the_first_no_shuts_that_level_and_all_above() -> None:
    room = agreed(2)
    intent = room.say(Confirm, proposal="vet:3", yes=False)
    assert intent.said is Said.UNVETTED and intent.numbers == (3.0,)
    room.until("hold", arousal=0.1)
    for _ in range(60):
        room.say(Step, by=1)
        room.wait(20.0)
    assert max(i.intensity for i in room.seen) <= 0.4 + 1e-9
    assert room.measures()["vetted"] == 2.0


def test_every_step_up_is_asked_for_even_where_the_mode_would_not() -> None:
    room = agreed(4)
    room.until("hold", arousal=0.1)
    room.answers["suds"] = 10.0
    room.wait(600.0)
    assert room.last.level == 1 and room.last.proposal == "advance:2"
    room.say(Confirm, proposal="advance:2")
    assert room.last.level == 2


def test_a_level_is_eased_but_never_raised_by_itself() -> None:
    room = agreed(4)
    room.until("hold", arousal=0.1)
    room.answers["suds"] = 50.0  # no advance, and within the window
    assert room.wait(200.0, arousal=0.1).intensity == pytest.approx(0.2)
    assert room.wait(200.0, arousal=0.75).intensity == pytest.approx(0.2 - 0.125)


def test_none_agreed_to_is_a_session_at_rest() -> None:
    room = Room(Trauma, "trauma_graded")
    room.tick()
    room.say(Confirm, proposal="vet:1", yes=False)
    room.wait(900.0, arousal=0.1)
    assert room.view.intensity == 0.0 and max(i.intensity for i in room.seen) == 0.0


def test_it_is_refused_at_home() -> None:
    with pytest.raises(Refused, match=r"Expected a clinician .* place is home"):
        house_of(Config(place="home", home=(("trauma_graded", 3),)), load("trauma_graded"))


@pytest.mark.parametrize("change", [{"supervised": False}, {"advance": "auto"}, {"cues": "scene"}])
def test_a_file_cannot_loosen_it(change: dict[str, object]) -> None:
    table = {"title": "T", "scene": "street", "controller": "trauma", "supervised": True}
    assert parse(table, "file").supervised
    with pytest.raises(BadProtocol, match="for trauma work"):
        parse({**table, **change}, "file")


def test_its_limits_are_stricter_than_those_of_other_exposure() -> None:
    trauma, other = load("trauma_graded").limits, load("graded_exposure").limits
    assert trauma.rise_per_s < other.rise_per_s and trauma.arousal_max < other.arousal_max
    assert trauma.suds_stop < other.suds_stop and trauma.dwell_s > other.dwell_s
