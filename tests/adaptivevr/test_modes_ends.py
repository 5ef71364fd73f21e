"""Modes: what brings a load down or ends it - too much, alarms, retreats, time."""

from typing import Any

import pytest

from adaptivevr.command import (
    Ack,
    Manual,
    Rate,
    Resume,
    Start,
    TooMuch,
)
from adaptivevr.limits import Limits
from adaptivevr.modes import Cause, Mode, Standing
from tests.adaptivevr.modes_run import Run


def test_too_much_brings_down_a_level_and_keeps_it_down() -> None:
    run = Run()
    run.say(TooMuch, who="patient")
    assert run.standing.retreat_to == 0.2 and run.standing.flag == "too_much"
    run.aim["intensity"] = 0.2
    assert run.wait(59.0).retreat_to == 0.2
    assert run.wait(2.0).retreat_to == 1.0 and run.standing.flag is None


def test_too_much_wins_over_a_hand() -> None:
    run = Run()
    run.say(Manual, intensity=0.6)
    run.aim["intensity"] = 0.6
    assert run.say(TooMuch, who="patient").manual == 0.4
    run.aim["intensity"] = 0.0
    assert run.say(TooMuch, who="patient").manual == 0.0


def test_arousal_above_its_ceiling_is_brought_down_without_the_controller() -> None:
    run = Run()
    run.signs["arousal"] = 0.9
    assert run.wait(29.9).flag is None
    assert run.wait(0.5).flag == "arousal_max" and run.standing.retreat_to == 0.2


@pytest.mark.parametrize(
    ("signs", "seconds", "cause"),
    [
        ({"heart_bpm": 150.0}, 15.2, Cause.HEART_HIGH),
        ({"heart_bpm": 38.0}, 10.2, Cause.HEART_LOW),
        ({"arousal": 0.96}, 5.2, Cause.PANIC),
        ({"fault": True}, 0.1, Cause.FAULT),
    ],
)
def test_alarms_end_the_load(signs: dict[str, Any], seconds: float, cause: Cause) -> None:
    run = Run()
    run.signs |= signs
    assert run.wait(seconds - 0.4).mode is Mode.AUTO
    run.wait(0.6)
    assert run.is_(Mode.SAFE, cause)
    run.say(Resume)
    assert run.standing.mode is (Mode.SAFE if cause is Cause.FAULT else Mode.MANUAL)


def test_a_controller_that_gives_up_is_heard() -> None:
    run = Run()
    run.aim["gives_up"] = True
    run.say()
    assert run.is_(Mode.SAFE, Cause.RETREATS)


def too_much(run: Run, times: int, apart_s: float) -> Standing:
    for _ in range(times):
        run.say(TooMuch, who="patient")
        run.wait(apart_s)
    return run.standing


def test_the_third_retreat_in_ten_minutes_ends_it_whatever_the_controller_counts() -> None:
    assert too_much(Run(), 2, 61.0).mode is Mode.AUTO
    run = Run()
    too_much(run, 3, 61.0)
    assert run.is_(Mode.SAFE, Cause.RETREATS)
    run.say(Resume)
    assert run.wait(5.0).mode is Mode.MANUAL  # and the count begins anew


@pytest.mark.parametrize(("apart_s", "mode"), [(299.9, Mode.SAFE), (300.0, Mode.AUTO)])
def test_retreats_far_apart_are_not_three_in_a_row(apart_s: float, mode: Mode) -> None:
    assert too_much(Run(), 3, apart_s).mode is mode


def test_pressing_again_within_a_minute_is_the_same_episode() -> None:
    run = Run()
    assert too_much(run, 12, 10.0).mode is Mode.AUTO
    assert run.standing.flag == "too_much"


def test_retreats_by_arousal_and_by_word_count_together() -> None:
    run = Run()
    too_much(run, 1, 61.0)
    run.signs["arousal"] = 0.9
    run.wait(31.0)  # the second: arousal stayed above its ceiling
    assert run.standing.flag == "arousal_max"
    run.signs["arousal"] = 0.3
    run.wait(61.0)
    run.say(TooMuch, who="patient")
    assert run.is_(Mode.SAFE, Cause.RETREATS)


def test_presses_before_the_start_are_no_retreats() -> None:
    run = Run(start=False)
    too_much(run, 3, 61.0)
    assert run.say(Start).mode is Mode.AUTO
    assert too_much(run, 2, 61.0).mode is Mode.AUTO


def test_nausea_brings_the_load_to_rest_and_wins_over_a_hand() -> None:
    run = Run()
    run.say(Rate, who="patient", scale="sickness", value=12.0)
    assert run.standing.flag == "sickness" and run.standing.retreat_to == 0.0
    run.say(Manual, intensity=0.5)
    assert run.standing.retreat_to == 0.0
    run.say(Rate, who="patient", scale="sickness", value=4.0)
    assert run.standing.flag is None and run.standing.retreat_to == 1.0


def test_fast_breathing_flags_and_ends() -> None:
    run = Run()
    run.signs |= {"breath_per_min": 30.0, "breath_quality": 0.9}
    assert run.wait(59.0).flag is None
    assert run.wait(2.0).flag == "breathing" and run.standing.mode is Mode.AUTO
    run.wait(120.0)
    assert run.is_(Mode.SAFE, Cause.BREATHING)
    run.say(Resume)
    assert run.wait(5.0).mode is Mode.MANUAL


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_scene_that_nobody_sees_ends_its_load(by_hand: bool) -> None:
    run = Run()
    run.say(Ack, who="patient")
    if by_hand:
        run.say(Manual, intensity=0.4)
    assert run.wait(2.5).flag is None
    assert run.wait(1.0).flag == "unseen" and run.standing.mode is not Mode.SAFE
    run.wait(7.0)
    assert run.is_(Mode.SAFE, Cause.UNSEEN)
    run.say(Resume)
    assert run.wait(60.0).mode is Mode.MANUAL


def test_before_any_load_an_empty_screen_is_a_flag_only() -> None:
    run = Run(intensity=0.0)
    run.say(Ack, who="patient")
    assert run.wait(60.0).flag == "unseen" and run.standing.mode is Mode.AUTO


def test_a_failed_check_in_ends_the_load() -> None:
    run = Run()
    run.signs["no_answer"] = True
    run.say()
    assert run.is_(Mode.SAFE, Cause.CHECK_IN)


def test_time_is_over_and_stays_over() -> None:
    run = Run(limits=Limits(session_s=30.0))
    assert run.wait(29.8).mode is Mode.AUTO
    run.wait(0.3)
    assert run.is_(Mode.SAFE, Cause.TIME_OVER)
    assert run.say(Resume).mode is Mode.SAFE


@pytest.mark.parametrize("tick_s", [0.01, 0.1, 1.0])
def test_the_times_hold_at_any_rate(tick_s: float) -> None:
    run = Run()
    run.tick_s = tick_s
    run.wait(61.0)
    lost_s = run.now_s
    seen: dict[Mode, float] = {}
    while run.standing.mode is not Mode.SAFE:
        run.signs["age_s"] = run.now_s - lost_s
        seen.setdefault(run.say().mode, run.now_s - lost_s - run.tick_s)
    for mode, limit_s in ((Mode.FREEZE, 5.0), (Mode.FALLBACK, 30.0), (Mode.SAFE, 60.0)):
        assert limit_s < seen[mode] <= limit_s + 2 * tick_s + 1e-6
