"""Modes on the very edge of a time or a count, where tenths of a second would not tell the side."""

from adaptivevr.command import Confirm, Pause, Resume, Start, Step, TooMuch
from adaptivevr.house import House
from adaptivevr.modes import Cause, Mode
from tests.adaptivevr.modes_run import Run

HOME = House(home=True, passed=3, falls_to_rest=True)


def begun(house: House | None = None) -> Run:
    """Under way for a while, far from zero and at two ticks a second: every time is exact."""
    run = Run(house=house, start=False)
    run.tick_s, run.now_s = 0.5, 400.0
    run.say()
    run.say(Start)
    run.wait(100.0)
    return run


def late(house: House | None = None) -> Run:
    """Frozen by late sensors."""
    run = begun(house)
    run.signs["age_s"] = 6.0
    run.say()
    assert run.is_(Mode.FREEZE, Cause.SENSORS_LATE)
    return run


def fall(run: Run) -> float:
    """Sensors are lost for half a minute, then back; when it was."""
    at_s = run.now_s
    run.signs["age_s"] = 6.0
    run.say()
    run.signs["age_s"] = 31.0
    run.say()
    run.signs["age_s"] = 0.5
    return at_s


def test_before_the_start_nothing_is_granted() -> None:
    run = Run(start=False)
    assert (run.standing.granted, run.standing.since_s) == (0, 0.0)


def test_a_step_down_from_rest_grants_nothing() -> None:
    run = Run(start=False)
    run.aim |= {"first_level": 0, "level": 0, "intensity": 0.0}
    run.say(Start)
    assert run.say(Step, by=-1).granted == 0


def test_a_clinicians_pause_once_ended_leaves_the_patient_his_own() -> None:
    run = Run()
    run.say(Pause)
    run.say(Resume)
    assert run.say(Pause, who="patient").rest
    assert not run.say(Resume, who="patient").rest


def test_a_yes_counts_from_the_tenth_good_second_on() -> None:
    run = late()
    run.signs["age_s"] = 0.5
    run.say()
    assert run.wait(9.0).mode is Mode.FREEZE
    assert run.say(Confirm, proposal="resume").mode is Mode.FREEZE  # 9.5 s
    run.say(Confirm, proposal="resume")
    assert run.is_(Mode.AUTO, Cause.CONFIRMED)


def test_at_home_the_thirtieth_good_second_is_enough() -> None:
    run = late(HOME)
    run.signs["age_s"] = 0.5
    run.say()
    assert run.wait(29.5).mode is Mode.FREEZE
    run.say()
    assert run.is_(Mode.AUTO, Cause.RETURNED)


def test_a_minute_after_too_much_a_new_one_is_a_new_episode() -> None:
    run = begun()
    for _ in range(2):
        assert run.say(TooMuch, who="patient").mode is Mode.AUTO
        run.wait(59.5)
    run.say(TooMuch, who="patient")
    assert run.is_(Mode.SAFE, Cause.RETREATS)


def test_five_minutes_after_a_fallback_the_next_still_ends_it() -> None:
    run = late()
    first_s = fall(run)
    assert run.standing.mode is Mode.FALLBACK
    run.wait(first_s + 300.0 - run.now_s)
    fall(run)
    assert run.is_(Mode.SAFE, Cause.TWO_FALLBACKS)


def test_of_three_fallbacks_the_last_two_count() -> None:
    run = late()
    for apart_s in (400.0, 100.0):
        fall(run)
        assert run.standing.mode is Mode.FALLBACK
        run.wait(apart_s)
    fall(run)
    assert run.is_(Mode.SAFE, Cause.TWO_FALLBACKS)


def test_a_fallback_that_lasts_ends_its_glide_a_level_down() -> None:
    run = late()
    run.signs["age_s"] = 31.0
    run.say()
    run.signs["age_s"] = 20.0  # a value now and then: neither back nor gone
    run.wait(90.0)
    assert run.standing.mode is Mode.FALLBACK and run.standing.retreat_to == 0.2
