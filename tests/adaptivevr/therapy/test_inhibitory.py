"""Inhibitory exposure: expectation, a stay as drawn, outcome; chance comes from the seed."""

from collections import Counter
from dataclasses import replace

import pytest

from adaptivevr.command import Confirm, TooMuch
from adaptivevr.modes import Mode
from adaptivevr.therapy.inhibitory import Inhibitory
from adaptivevr.therapy.intent import Why
from tests.adaptivevr.therapy.room import Room


def room(**more: object) -> Room:
    made = Room(Inhibitory, "inhibitory_exposure", **more)  # type: ignore[arg-type]
    made.answers |= {"expectancy": 70.0, "outcome": 20.0}
    return made


def test_asks_before_and_after_each_level_and_tells_the_surprise() -> None:
    one = room()
    one.until("expect")
    assert one.last.intensity == 0.0 and one.last.reason is Why.EXPECT
    one.until("dwell")
    assert one.view.intensity == pytest.approx(0.4, abs=0.02)  # first_level = 2
    one.until("outcome")
    one.until("ramp")
    assert one.measures()["surprise"] == 50.0 and one.measures()["levels_faced"] == 1.0


def test_a_stay_is_120_to_300_s_whatever_fear_does() -> None:
    stays = []
    for seed in range(6):
        one = room(seed=seed)
        one.until("dwell")
        began_s = one.now_s
        one.wait(119.0, arousal=0.05)  # calm at once, and yet it stays
        assert one.last.phase == "dwell" and one.last.intensity == pytest.approx(0.4)
        one.until("outcome", arousal=0.7)
        stays.append(one.now_s - began_s)
    assert min(stays) >= 120.0 and max(stays) <= 301.0
    assert max(stays) - min(stays) > 20.0


def test_the_next_level_is_drawn_20_40_40_by_the_seed() -> None:
    draws: Counter[int] = Counter()
    for seed in range(400):
        controller = room(seed=seed).controller
        assert isinstance(controller, Inhibitory)
        controller.level = 2
        view = room().view
        draws[controller._draw(view) - 2] += 1
    assert draws[-1] == pytest.approx(80, abs=30)
    assert draws[0] == pytest.approx(160, abs=40) and draws[1] == pytest.approx(160, abs=40)


def test_the_same_seed_gives_the_same_course_at_any_rate() -> None:
    def levels(seed: int, hz: int) -> list[int]:
        one = room(seed=seed, hz=hz)
        one.wait(1500.0)
        found = [i.level for i in one.seen if i.phase == "dwell"]
        return [b for a, b in zip([0, *found], found, strict=False) if a != b]

    assert levels(3, 1) == levels(3, 4) == levels(3, 2)
    assert levels(3, 1) != levels(4, 1)


def test_a_step_up_waits_for_a_yes_in_confirm() -> None:
    one = room(mode=Mode.CONFIRM)
    one.view = replace(one.view, granted=0)
    one.until("expect")
    one.wait(60.0)
    assert one.last.proposal == "advance:2" and one.last.intensity == 0.0
    one.say(Confirm, who="patient", proposal="advance:2")
    assert one.wait(5.0).phase == "expect"
    one.say(Confirm, proposal="advance:2")
    assert one.wait(2.0).phase == "ramp"


def test_without_an_answer_it_asks_twice_and_then_a_person() -> None:
    one = room()
    one.answers["expectancy"] = None
    one.until("expect")
    one.wait(59.0)
    assert one.last.proposal is None
    one.wait(3.0)
    assert one.last.reason is Why.SILENT and one.last.proposal == "advance:2"


def test_too_much_is_a_level_down_and_it_comes_back() -> None:
    one = room()
    one.until("dwell")
    intent = one.say(TooMuch, who="patient")
    assert (intent.reason, intent.level, intent.phase) == (Why.TOO_MUCH, 1, "recover")
    one.wait(59.0, arousal=0.2)
    assert one.last.phase == "recover"
    one.until("dwell", arousal=0.2)
    assert one.last.level == 2


def test_arousal_above_the_ceiling_for_10_s_is_a_retreat() -> None:
    one = room()
    one.until("dwell")
    one.wait(9.0, arousal=0.9)
    assert one.last.phase == "dwell"
    one.wait(3.0)
    assert one.last.phase == "recover"


def test_it_ends_calm() -> None:
    one = room()
    one.until("end")
    assert one.view.intensity == 0.0 and one.phases()[-2:] == ["cooldown", "end"]
    assert not any(abs(i.intensity - 0.2 * round(i.intensity / 0.2)) > 1e-9
                   for i in one.seen if i.phase == "dwell")  # no trims  # fmt: skip
