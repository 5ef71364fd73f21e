"""Pain: adapted on tasks and on what is said, never on the pulse; paced movement; a diary."""

from dataclasses import replace
from random import Random

import pytest

from adaptivevr.command import Rate, TooMuch
from adaptivevr.therapy.attention import AttentionLoad
from adaptivevr.therapy.distraction import Distraction
from adaptivevr.therapy.intent import Said, Why
from adaptivevr.therapy.movement import quota
from adaptivevr.therapy.problems import Sums
from adaptivevr.therapy.programme import Programme
from adaptivevr.therapy.protocol import load
from adaptivevr.therapy.rules import Distraction as Rules
from adaptivevr.therapy.rules import Programme as Parts
from adaptivevr.therapy.trials import Outcome
from tests.adaptivevr.therapy.room import Room

RIGHT, WRONG, MISSED = Outcome(True, 1.0), Outcome(False, 1.0), Outcome(False, None, missed=True)


def test_weighted_up_down_settles_where_three_in_four_are_right() -> None:
    load_, chance = AttentionLoad(Rules(), 0.1), Random(1)
    right = []
    for _ in range(4000):
        wins = chance.random() < 1.0 - load_.load  # as hard as the load
        load_.hear(RIGHT if wins else WRONG)
        right.append(wins)
    assert sum(right[500:]) / 3500 == pytest.approx(0.75, abs=0.02)


def test_a_step_is_003_up_009_down_and_silence_takes_a_tenth() -> None:
    one = AttentionLoad(Rules(), 0.5)
    one.hear(RIGHT)
    assert one.load == pytest.approx(0.53)
    one.hear(WRONG)
    assert one.load == pytest.approx(0.44)
    one.hear(MISSED)
    assert one.load == pytest.approx(0.34)
    one.shown(0.1, 1.0)  # the guard holds it back: not asked for ever higher
    assert one.load == pytest.approx(0.15)


def playing(**more: object) -> Room:
    room = Room(Distraction, "pain_distraction", **more)  # type: ignore[arg-type]
    room.until("play")
    return room


def test_pain_is_asked_first_then_tasks_raise_the_load() -> None:
    room = Room(Distraction, "pain_distraction")
    room.until("before")
    assert room.view.intensity == 0.0
    room.until("play")
    room.wait(120.0)
    assert room.view.intensity > 0.3 and room.measures()["right_share"] == 1.0
    assert room.last.intensity <= 0.8 + 1e-9  # the ceiling


def test_the_pulse_does_not_move_it_but_its_ceiling_does() -> None:
    calm, tense = playing(), playing()
    calm.wait(100.0, arousal=0.1)
    tense.wait(100.0, arousal=0.6)
    assert calm.view.intensity == tense.view.intensity
    before = tense.last.intensity
    tense.wait(12.0, arousal=0.9)
    assert tense.last.intensity <= 0.6 * before


def test_no_answer_for_ten_seconds_is_easier_and_a_word() -> None:
    room = playing()
    room.wait(120.0)
    before = room.last.intensity
    room.solve = lambda ask: None
    room.wait(14.0)
    assert room.last.intensity <= before - 0.1 + 0.04
    assert Why.IDLE in {i.reason for i in room.seen}
    assert any(i.prompt and i.prompt.text == room.controller._protocol.prompts.idle  # type: ignore[attr-defined]
               for i in room.seen)  # fmt: skip


def test_two_points_more_pain_is_skills_instead_of_load() -> None:
    room = playing()
    room.wait(100.0)
    room.say(Rate, who="patient", scale="nrs", value=4.0)
    assert room.tick().phase == "play"
    room.answers["nrs"] = 5.0
    room.say(Rate, who="patient", scale="nrs", value=5.0)
    room.wait(20.0)
    assert room.last.phase == "calm" and room.view.intensity == 0.0
    assert room.last.pacer is not None and room.last.reason is Why.PAIN_UP
    room.wait(200.0)
    assert room.last.phase == "calm"  # not before it has come down
    room.say(Rate, who="patient", scale="nrs", value=4.0)
    room.wait(5.0)
    assert room.last.phase == "play"
    room.say(Rate, who="patient", scale="nrs", value=6.0)
    room.answers["nrs"] = 3.0
    room.wait(400.0)
    assert room.last.phase == "calm"  # the second time it stays with the skills


def test_pain_is_asked_each_five_minutes_and_at_the_end() -> None:
    room = Room(Distraction, "pain_distraction")
    room.until("end")
    asked = {i.prompt.id for i in room.seen if i.prompt and i.prompt.kind == "rating"}
    assert len([name for name in asked if name.startswith("nrs")]) == 4
    assert any(name.startswith("pain-after") for name in asked)
    assert room.measures()["pain_change"] == 0.0
    assert room.controller.rating == 30.0  # as 0 to 100, for the guard


def test_unanswered_pain_is_no_zero() -> None:
    room = Room(Distraction, "pain_distraction")
    room.answers["nrs"] = None
    room.until("play")
    room.wait(100.0)
    assert room.controller.rating is None and "pain_before" not in room.measures()
    room.say(Rate, who="patient", scale="nrs", value=8.0)  # the first answer is the measure
    assert room.wait(5.0).phase == "play"


def test_too_much_takes_load_off_at_once() -> None:
    room = playing()
    room.wait(150.0)
    before = room.last.intensity
    intent = room.say(TooMuch, who="patient")
    assert intent.reason is Why.TOO_MUCH
    assert intent.intensity <= before - 0.2 + 0.031


def test_sums_are_right_once_and_harder_with_the_load() -> None:
    sums = Sums(1)
    sizes = {}
    for hard in (0.0, 1.0):
        worst = 0
        for _ in range(200):
            ask = sums.make(hard)
            assert ask.right is not None and len(set(ask.choices)) == 3
            total = eval(ask.text.removesuffix(" = ?"))  # our own sum
            assert int(ask.choices[ask.right]) == total
            worst = max(worst, abs(total))
        sizes[hard] = worst
    assert sizes[1.0] > 5 * sizes[0.0]
    assert [Sums(3).make(0.5) for _ in range(3)] == [Sums(3).make(0.5) for _ in range(3)]


# --- the course


def test_the_parts_come_in_their_order() -> None:
    room = Room(Programme, "pain_programme")
    room.until("end")
    assert room.phases() == [
        "quiet", "before", "education", "breathing", "activity", "movement", "diary",
        "cooldown", "end",
    ]  # fmt: skip
    texts = {i.prompt.text for i in room.seen if i.phase == "education" and i.prompt}
    assert set(load("pain_programme").programme.lessons) <= texts
    assert all(i.pacer is not None for i in room.seen if i.phase == "breathing")
    figures = room.measures()
    assert (figures["movements"], figures["quota"], figures["flare"]) == (20.0, 20.0, 0.0)


@pytest.mark.parametrize(("session", "due"), [(1, 20), (2, 22), (3, 24), (10, 47)])
def test_the_quota_is_80_percent_and_a_tenth_more_each_session(session: int, due: int) -> None:
    assert quota(Parts(tolerated=25, session=session)) == due


def test_more_pain_ends_movement_and_leads_to_breathing() -> None:
    room = Room(Programme, "pain_programme")
    room.until("movement")
    room.wait(20.0)
    done = room.measures()["movements"]
    intent = room.say(Rate, who="patient", scale="nrs", value=5.0)
    assert intent.said is Said.PAIN_UP and intent.phase == "breathing"
    room.until("end")
    assert room.phases()[-4:] == ["breathing", "diary", "cooldown", "end"]
    assert room.measures()["movements"] <= done + 1


def test_too_much_ends_the_movements() -> None:
    room = Room(Programme, "pain_programme")
    room.until("movement")
    room.wait(12.0)
    room.say(TooMuch, who="patient")
    assert room.tick().phase == "diary"


def test_no_session_ends_without_its_diary() -> None:
    protocol = load("pain_programme")
    room = Room(Programme, replace(protocol, phases=replace(protocol.phases, main_s=100.0)))
    room.until("end")
    assert "diary" in room.phases() and "movement" not in room.phases()


@pytest.mark.parametrize("hz", [1, 5, 60])
def test_alike_at_any_rate(hz: int) -> None:
    room = playing(hz=hz)
    room.wait(120.0)
    assert room.measures()["tasks"] == pytest.approx(29, abs=6)
    assert room.last.intensity == pytest.approx(0.8, abs=0.2)
