"""Motion sickness in every therapy: asked where a scene moves people, believed, answered."""

import pytest

from adaptivevr.command import Confirm, Rate
from adaptivevr.therapy.controllers import begin
from adaptivevr.therapy.intent import Said, Why
from adaptivevr.therapy.sickness import moves
from scenes.scene import load as scene
from tests.adaptivevr.therapy.room import Room


def riding(protocol: str = "activation", **more: object) -> Room:
    room = Room(begin, protocol, moving=True, **more)  # type: ignore[arg-type]
    room.answers |= {"mood": 5.0, "pleasure": 6.0}
    return room


def questions(room: Room) -> list[str]:
    ids = [i.prompt.id for i in room.seen if i.prompt and i.prompt.id.startswith("fms")]
    return list(dict.fromkeys(ids))


def test_it_is_asked_each_90_s_where_the_scene_moves_and_nowhere_else() -> None:
    room = riding()
    room.until("goal")
    room.wait(400.0)
    assert 4 <= len(questions(room)) <= 6
    still = Room(begin, "activation")
    still.answers |= {"mood": 5.0, "pleasure": 6.0}
    still.wait(500.0)
    assert questions(still) == []
    assert moves(scene("bike_ride")) and not moves(scene("heights"))


@pytest.mark.parametrize(("first", "then", "sick"), [
    (0.0, 5.0, False), (0.0, 6.0, True), (3.0, 8.0, False), (5.0, 10.0, True), (12.0, 12.0, True),
])  # fmt: skip
def test_ten_or_six_more_than_at_first_is_rest(first: float, then: float, sick: bool) -> None:
    room = riding()
    room.answers["fms"] = first
    room.until("goal")
    room.wait(30.0)
    room.answers["fms"] = then
    room.wait(120.0)
    assert (room.last.reason is Why.SICK) == sick
    assert (room.view.intensity == 0.0) == sick
    assert (Said.SICK in {i.said for i in room.seen}) == sick


def test_only_a_lower_answer_and_a_clinician_let_it_move_again() -> None:
    room = riding()
    room.until("goal")
    room.wait(20.0)
    room.say(Rate, who="patient", scale="fms", value=14.0)
    room.answers["fms"] = 9.0
    room.wait(150.0)
    assert room.last.proposal is None
    room.answers["fms"] = 1.0
    room.wait(90.0)
    assert room.last.proposal == "move" and room.last.intensity == 0.0
    assert room.say(Confirm, who="patient", proposal="move").reason is Why.SICK
    room.say(Confirm, proposal="move")
    room.wait(30.0)
    assert room.last.reason is not Why.SICK and room.view.intensity > 0.1
    assert Said.SICK_OVER in {i.said for i in room.seen}


def test_it_never_stands_over_another_question() -> None:
    room = riding("graded_exposure")
    room.wait(900.0)
    ids = [i.prompt.id for i in room.seen if i.prompt and i.prompt.kind == "rating"]
    turns = list(dict.fromkeys(ids))
    assert {"fms", "suds"} <= {name.split("-")[0] for name in turns}
    assert len(turns) == len({name for name in turns})
    assert all(ids.index(name) + ids.count(name) - 1 == len(ids) - 1 - ids[::-1].index(name)
               for name in turns)  # each in one piece  # fmt: skip


@pytest.mark.parametrize(("value", "arousal", "said"), [
    (80.0, 0.3, Said.RATING_HIGHER), (0.0, 0.6, Said.BODY_HIGHER), (40.0, 0.3, None),
])  # fmt: skip
def test_where_rating_and_body_quarrel_it_is_said(
    value: float, arousal: float, said: Said | None
) -> None:
    room = Room(begin, "graded_exposure")
    room.until("hold", arousal=arousal)
    room.wait(60.0)
    told = room.say(Rate, who="patient", scale="suds", value=value)
    assert told.said is said and room.tick().said is None
