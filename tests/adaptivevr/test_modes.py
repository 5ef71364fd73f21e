"""Modes: who is in charge, and what loss, stop and a person's word do about it."""

from collections.abc import Callable
from typing import Any

import pytest

from adaptivevr.command import (
    Confirm,
    Headset,
    Manual,
    Mark,
    Pause,
    Resume,
    Start,
    Step,
    Stop,
)
from adaptivevr.house import House
from adaptivevr.modes import Cause, Mode, Standing, advance, level_of
from tests.adaptivevr.modes_run import WELL, Run, frozen


def test_before_the_start_the_scene_rests() -> None:
    run = Run(start=False)
    assert run.is_(Mode.MANUAL, Cause.NOT_STARTED) and run.standing.rest
    run.say(Manual, intensity=0.5)
    assert run.standing.rest and run.standing.manual is None


@pytest.mark.parametrize(("policy", "mode"), [("auto", Mode.AUTO), ("confirm", Mode.CONFIRM)])
def test_start_hands_over_as_the_protocol_says(policy: str, mode: Mode) -> None:
    run = Run(policy)
    assert run.is_(mode, Cause.STARTED) and not run.standing.rest and run.standing.granted == 1
    assert run.say(Start).since_s == 0.0  # a second start is none


# --- loss of sensors (G4)


@pytest.mark.parametrize(
    ("seconds", "mode", "cause"),
    [
        (4.3, Mode.AUTO, Cause.STARTED),
        (4.8, Mode.FREEZE, Cause.SENSORS_LATE),
        (29.2, Mode.FREEZE, Cause.SENSORS_LATE),
        (29.8, Mode.FALLBACK, Cause.SENSORS_LOST),
        (59.2, Mode.FALLBACK, Cause.SENSORS_LOST),
        (59.8, Mode.SAFE, Cause.SENSORS_GONE),
        (300.0, Mode.SAFE, Cause.SENSORS_GONE),
    ],
)
def test_the_longer_the_loss_the_further_back(seconds: float, mode: Mode, cause: Cause) -> None:
    run = Run()
    run.wait(61.0)  # a loss counts from when automation took over at the earliest
    run.wait(seconds, lost=True)
    assert run.is_(mode, cause)


def test_loss_in_the_quiet_phase_costs_nothing() -> None:
    run = Run(intensity=0.0)
    run.signs["age_s"] = None
    assert run.wait(100.0).mode is Mode.AUTO
    run.aim["intensity"] = 0.2  # from the first load on it counts, and never stops counting
    assert run.wait(4.9).mode is Mode.AUTO
    assert run.wait(0.4).mode is Mode.FREEZE


def test_a_fallback_glides_one_level_down_in_30_s() -> None:
    run = Run()
    run.wait(61.0)
    run.wait(29.8, lost=True)
    assert run.standing.retreat_to == pytest.approx(0.4, abs=0.005)
    run.wait(15.0, lost=True)
    assert run.standing.retreat_to == pytest.approx(0.3, abs=0.005)
    run.wait(14.5, lost=True)
    assert run.standing.retreat_to == pytest.approx(0.2, abs=0.005)


def test_after_a_loss_automation_waits_for_a_person() -> None:
    run = frozen()
    assert run.wait(9.9).proposal is None
    assert run.wait(0.3).proposal == "resume"
    assert run.wait(600.0).mode is Mode.FREEZE  # it never goes on by itself
    assert run.say(Confirm, who="patient", proposal="resume").mode is Mode.FREEZE
    assert run.say(Confirm, proposal="resume", yes=False).mode is Mode.FREEZE
    run.say(Confirm, proposal="resume")
    assert run.is_(Mode.AUTO, Cause.CONFIRMED) and run.standing.proposal is None


@pytest.mark.parametrize("bad", [{"sd": 0.25}, {"arousal": None}, {"age_s": 3.1}, {"age_s": None}])
def test_a_return_needs_10_s_of_good_data(bad: dict[str, Any]) -> None:
    run = frozen()
    run.wait(9.0)
    run.signs |= bad
    run.say()
    run.signs |= WELL
    assert run.wait(9.9).proposal is None
    assert run.say(Confirm, proposal="resume").mode is Mode.FREEZE  # too early
    assert run.wait(1.0).proposal == "resume"


def test_back_from_a_fallback_it_freezes_and_a_second_one_is_safe() -> None:
    run = Run()
    run.wait(61.0)
    run.wait(35.0, lost=True)
    run.signs["age_s"] = 0.5
    run.wait(1.0)
    assert run.is_(Mode.FREEZE, Cause.SENSORS_BACK)
    run.wait(35.0, lost=True)
    assert run.is_(Mode.SAFE, Cause.TWO_FALLBACKS)


def test_two_fallbacks_far_apart_are_two_first_ones() -> None:
    run = Run()
    run.wait(61.0)
    for _ in range(2):
        run.wait(35.0, lost=True)
        assert run.standing.mode is Mode.FALLBACK
        run.signs["age_s"] = 0.5
        run.wait(300.0)


def test_a_fallback_may_lead_to_rest_where_a_clinician_wants_it_so() -> None:
    run = Run(house=House(falls_to_rest=True))
    run.wait(61.0)
    run.wait(29.8, lost=True)
    assert run.standing.retreat_to == pytest.approx(0.4, abs=0.005)
    run.wait(15.0, lost=True)
    assert run.standing.retreat_to == pytest.approx(0.2, abs=0.005)
    run.wait(14.5, lost=True)
    assert run.standing.retreat_to == pytest.approx(0.0, abs=0.005)


HOME = House(home=True, passed=3, falls_to_rest=True)


def test_at_home_automation_goes_on_after_30_good_seconds() -> None:
    run = Run(house=HOME)
    run.wait(61.0)
    run.wait(10.0, lost=True)
    assert run.is_(Mode.FREEZE, Cause.SENSORS_LATE)
    run.signs["age_s"] = 0.5
    assert run.wait(29.8).mode is Mode.FREEZE
    run.wait(0.4)
    assert run.is_(Mode.AUTO, Cause.RETURNED)


def test_at_home_good_seconds_before_the_freeze_do_not_count_nor_do_those_of_a_pause() -> None:
    run = Run(house=HOME)
    run.wait(61.0)
    run.now_s += 3.2  # the engine stood still, the data were good all along
    run.say()
    assert run.wait(29.7).mode is Mode.FREEZE
    run.say(Pause, who="patient")
    assert run.wait(60.0).mode is Mode.FREEZE
    assert run.say(Resume, who="patient").mode is Mode.AUTO


def test_at_home_safe_stays_safe() -> None:
    run = Run(house=HOME)
    run.say(Stop, who="patient")
    assert run.wait(100.0).mode is Mode.SAFE


def test_an_engine_that_stood_still_freezes() -> None:
    run = Run()
    run.wait(10.0)
    run.now_s += 3.2
    run.say()
    assert run.is_(Mode.FREEZE, Cause.OVERRUN)
    assert run.wait(1.0).proposal == "resume"  # data were good all along


# --- stop, pause, resume


@pytest.mark.parametrize("who", ["patient", "clinician", "watchdog"])
def test_anybody_stops(who: str) -> None:
    run = Run()
    run.say(Stop, who=who)
    assert run.is_(Mode.SAFE, Cause.STOP) and run.standing.rest


@pytest.mark.parametrize(
    "word",
    [
        lambda run: run.say(Resume, who="patient"),
        lambda run: run.say(Start),
        lambda run: run.say(Manual, intensity=0.5),
        lambda run: run.say(Manual, intensity=None),
        lambda run: run.say(Confirm, proposal="resume"),
        lambda run: run.say(Step, by=1),
        lambda run: run.say(Headset, worn=True),
        lambda run: run.wait(100.0),
    ],
)
def test_safe_is_left_by_a_clinicians_resume_only(word: Callable[[Run], Standing]) -> None:
    run = Run()
    run.say(Stop)
    word(run)
    assert run.standing.mode is Mode.SAFE and run.standing.rest
    run.say(Resume)
    assert run.is_(Mode.MANUAL, Cause.RESUMED)
    assert not run.standing.rest and run.standing.manual == 0.0


def test_a_stop_wins_over_a_resume_in_the_same_tick() -> None:
    run = Run()
    stop = Stop(id="1", who="patient", at_s=0.0)
    run.say(stop, Resume)
    assert run.standing.mode is Mode.SAFE


def test_a_stop_before_the_start_holds_the_start_back() -> None:
    run = Run(start=False)
    run.say(Stop)
    assert run.say(Start).mode is Mode.SAFE
    run.say(Resume)
    assert run.standing.rest  # resumed, not started
    assert run.say(Start).mode is Mode.AUTO


def test_headset_off_stops_a_session_and_nothing_else() -> None:
    idle = Run(start=False)
    assert idle.say(Headset, worn=False).mode is Mode.MANUAL
    run = Run()
    assert run.say(Headset, worn=True).mode is Mode.AUTO
    run.say(Headset, worn=False)
    assert run.is_(Mode.SAFE, Cause.HEADSET_OFF)


@pytest.mark.parametrize(
    ("by", "ends", "rests"),
    [
        ("patient", "patient", False),
        ("patient", "clinician", False),
        ("clinician", "clinician", False),
        ("clinician", "patient", True),
    ],
)
def test_a_clinicians_pause_is_a_clinicians_to_end(by: str, ends: str, rests: bool) -> None:
    run = Run()
    assert run.say(Pause, who=by).rest and run.standing.mode is Mode.AUTO
    assert run.say(Resume, who=ends).rest is rests


def test_a_loss_in_a_pause_counts_from_its_end() -> None:
    run = Run()
    run.say(Pause)
    assert run.wait(100.0, lost=True).mode is Mode.AUTO
    run.say(Resume)
    assert run.wait(4.0, lost=True).mode is Mode.AUTO
    assert run.wait(2.0, lost=True).mode is Mode.FREEZE


def test_pause_and_resume_mean_nothing_before_the_start() -> None:
    run = Run(start=False)
    run.say(Pause)
    assert run.say(Resume).rest and not run.say(Start).rest


# --- by hand, step by step, yes and no


def test_a_hand_wins_and_hands_back() -> None:
    run = frozen()
    run.say(Manual, intensity=0.3)
    assert run.is_(Mode.MANUAL, Cause.BY_HAND) and run.standing.manual == 0.3
    assert run.wait(100.0, lost=True).mode is Mode.MANUAL  # a hand needs no sensors
    run.say(Manual, intensity=None)
    assert run.is_(Mode.AUTO, Cause.HANDED_BACK) and run.standing.manual is None
    assert run.wait(6.0, lost=True).mode is Mode.FREEZE


def test_handing_back_what_nobody_took_changes_nothing() -> None:
    run = Run()
    assert run.say(Manual, intensity=None).cause is Cause.STARTED


def test_a_patient_takes_no_hand() -> None:
    assert Run().say(Manual, who="patient", intensity=0.9).mode is Mode.AUTO


def test_steps_by_hand_and_in_automation() -> None:
    run = Run("confirm")
    assert run.say(Step, by=1).granted == 3
    assert run.say(Step, by=-1).granted == 3
    run.say(Manual, intensity=0.4)
    assert run.say(Step, by=1).manual == 0.6
    assert run.say(Step, by=-9).manual == 0.0


def test_a_yes_to_the_standing_proposal_grants_a_level() -> None:
    run = Run("confirm")
    run.aim["proposal"] = advance(3)
    assert run.say(Confirm, proposal="advance:4").granted == 1  # not what was asked
    assert run.say(Confirm, proposal="advance:3", yes=False).granted == 1
    assert run.say(Confirm, proposal="advance:3", who="patient").granted == 1
    assert run.say(Confirm, proposal="advance:3", who="clinician:ann").granted == 3
    run.aim["proposal"] = "something else"
    assert run.say(Confirm, proposal="something else").granted == 3


def test_proposals_are_read_strictly() -> None:
    assert level_of("advance:12") == 12
    assert [level_of(it) for it in (None, "", "resume", "advance:", "advance:-1", "to:3")] == (
        [None] * 6
    )


def test_a_stricter_policy_counts_at_once_a_looser_one_never_by_itself() -> None:
    run = Run("auto")
    run.aim["policy"] = "confirm"
    run.say()
    assert run.is_(Mode.CONFIRM, Cause.POLICY)
    run.aim["policy"] = "auto"
    assert run.wait(10.0).mode is Mode.CONFIRM
    assert run.say(Mark, text="a word that changes nothing").mode is Mode.CONFIRM
