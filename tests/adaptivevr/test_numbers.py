"""Every number and name of the safety case in one place: none changes unnoticed (notes C6, G)."""

import math
from dataclasses import asdict, fields, replace

import pytest

from adaptivevr import alarms, checkin, flags, guard, limits, modes
from adaptivevr.command import Command, Manual, SetLimit, Start, Step, Stop, TooMuch
from adaptivevr.limits import Limits, Tuning
from adaptivevr.modes import Aim, Cause, Mode, Modes, Signs, Standing

WELL = guard.Facts(mode="auto", arousal=0.3, sd=0.15, age_s=0.5, quality=0.9, heart_bpm=75.0)


def test_hard_bounds() -> None:
    assert limits.HARD == {
        "ceiling": (0.0, 1.0), "rise_per_s": (0.0, 0.05), "fall_per_s": (0.02, 0.05),
        "window_low": (0.15, 0.6), "window_high": (0.3, 0.8), "arousal_max": (0.5, 0.95),
        "dwell_s": (8.0, 900.0), "heart_ceiling_bpm": (90.0, 170.0),
        "heart_floor_bpm": (35.0, 60.0), "heart_drop_bpm": (15.0, 40.0),
        "session_s": (30.0, 3600.0), "rating_interval_s": (20.0, 300.0),
        "suds_stop": (30.0, 90.0), "level_cap": (0.0, 20.0),
    }  # fmt: skip
    assert limits.PEOPLE == {"dwell_s": (30.0, 900.0), "rating_interval_s": (60.0, 300.0)}


def test_defaults() -> None:
    assert asdict(Limits()) == {
        "ceiling": 1.0, "rise_per_s": 0.01, "fall_per_s": 0.05, "window_low": 0.35,
        "window_high": 0.65, "arousal_max": 0.85, "dwell_s": 120.0, "heart_ceiling_bpm": 144.0,
        "heart_floor_bpm": 40.0, "heart_drop_bpm": 25.0, "session_s": 2700.0,
        "rating_interval_s": 120.0, "suds_stop": 90.0, "level_cap": 20.0,
    }  # fmt: skip
    assert asdict(guard.Bounds()) == {
        "ceiling": 1.0, "rise_per_s": 0.01, "fall_per_s": 0.05, "window_high": 0.65,
        "heart_ceiling_bpm": 140.0, "suds_stop": 90.0, "granted": 1.0,
    }  # fmt: skip
    assert asdict(guard.Facts()) == {
        "mode": "safe", "rest": False, "stop": False, "arousal": None, "sd": math.inf,
        "age_s": math.inf, "quality": 0.0, "relative": False, "flag": None, "suds": None,
        "heart_bpm": None, "retreat_to": 1.0,
    }  # fmt: skip
    assert asdict(Signs()) == {
        "age_s": None, "arousal": None, "sd": math.inf, "heart_bpm": None, "heart_quality": 0.0,
        "suds": None, "breath_per_min": None, "breath_quality": 0.0, "no_answer": False,
        "fault": False,
    }  # fmt: skip
    assert asdict(Aim(levels=(0.0,))) == {
        "levels": (0.0,), "level": 0, "intensity": 0.0, "proposal": None, "gives_up": False,
        "policy": "confirm", "first_level": 1,
    }  # fmt: skip
    assert asdict(Standing(Mode.SAFE, Cause.STOP, 0.0)) == {
        "mode": Mode.SAFE, "cause": Cause.STOP, "since_s": 0.0, "rest": True, "retreat_to": 1.0,
        "manual": None, "granted": 0, "flag": None, "proposal": None,
    }  # fmt: skip
    change = limits.Change("ceiling", 1.0, 0.5, "clinician", 0.0, False)
    assert change.reason == "" and fields(guard.Decision)[-1].default is False


def test_names_that_others_read() -> None:
    assert " ".join(Mode) == "manual confirm auto freeze fallback safe"
    assert " ".join(Cause) == (
        "not_started started policy by_hand handed_back resumed confirmed sensors_late "
        "sensors_lost sensors_gone sensors_back returned two_fallbacks overrun stop headset_off "
        "time_over heart_high heart_low heart_drop panic breathing check_in unseen retreats fault"
    )
    rulings = " ".join(guard.Ruling)
    assert rulings == "as_wished slewed capped blocked retreat stopped rest"


def test_times_and_thresholds() -> None:
    assert (guard.RISE_MAX_PER_S, guard.FALL_MAX_PER_S, guard.FALL_MIN_PER_S) == (0.05, 0.05, 0.02)
    assert (guard.AMBIENT_MAX_PER_S, guard.LONGEST_STEP_S, guard.FRESH_S) == (0.25, 1.0, 3.0)
    assert (guard.QUALITY_MIN, guard.SD_MAX, guard.BELOW_HIGH_MIN) == (0.6, 0.30, 0.8)
    assert (modes.FRESH_S, modes.FREEZE_S, modes.FALLBACK_S, modes.SAFE_S) == (3.0, 5.0, 30.0, 60.0)
    assert (modes.GLIDE_S, modes.FALLBACKS_WITHIN_S, modes.OVERRUN_S) == (30.0, 300.0, 3.0)
    assert (modes.GOOD_S, modes.GOOD_SD, modes.HOME_GOOD_S) == (10.0, 0.25, 30.0)
    assert (modes.TOO_MUCH_S, modes.OVER_S) == (60.0, 30.0)
    assert (modes.RETREATS, modes.RETREATS_WITHIN_S) == (3, 600.0)
    assert (alarms.HIGH_S, alarms.HIGH_UNSURE_S, alarms.LOW_S) == (15.0, 30.0, 10.0)
    assert (alarms.QUALITY_MIN, alarms.SPAN_S, alarms.LOST_S) == (0.6, 10.0, 10.0)
    assert (alarms.PANIC_LEVEL, alarms.PANIC_S) == (0.95, 5.0)
    assert (alarms.DISTRESS_SUDS, alarms.DISTRESS_P, alarms.DISTRESS_S) == (80.0, 0.9, 20.0)
    assert (flags.SICK, flags.SICK_RISE, flags.FAST_PER_MIN) == (10.0, 6.0, 25.0)
    assert (flags.FAST_S, flags.FAST_SAFE_S, flags.LOST_S) == (60.0, 180.0, 10.0)
    assert (flags.UNSEEN_S, flags.UNSEEN_SAFE_S) == (3.0, 10.0)
    assert (checkin.ANSWER_S, checkin.TIMES, checkin.IN_VAIN) == (15.0, 2, 2)
    assert checkin.TEXT == "Are you all right?"


@pytest.mark.parametrize(
    "edge",
    [
        {"age_s": 0.0}, {"age_s": 3.0}, {"quality": 0.6}, {"quality": 1.0}, {"sd": 0.30},
        {"mode": "manual"}, {"mode": "confirm"},
    ],
)  # fmt: skip
def test_a_gate_is_open_on_its_very_edge(edge: dict) -> None:
    found = guard.gates(replace(WELL, **edge), guard.Bounds(), 0.4)
    assert all(found.values()), found


def test_a_wish_of_one_is_a_wish_and_the_first_tick_moves_nothing() -> None:
    bounds = guard.Bounds(rise_per_s=0.05)
    shown = guard.Guard()
    assert shown.update(0.0, 1.0, (("calm", 1.0),), WELL, bounds).intensity == 0.0
    second = shown.update(1.0, 1.0, (("calm", 9.0),), WELL, bounds)
    assert second.intensity == pytest.approx(0.05) and second.reason is guard.Ruling.SLEWED


def test_no_ceiling_above_one() -> None:
    shown = guard.Guard()
    bounds = guard.Bounds(rise_per_s=0.05, ceiling=5.0)
    by_hand = replace(WELL, mode="manual", retreat_to=5.0)
    for second in range(40):
        decision = shown.update(float(second), 1.0, (), by_hand, bounds)
    assert decision.intensity == 1.0


def test_no_ambience_above_one_and_a_fall_takes_its_time() -> None:
    shown, bounds = guard.Guard(), guard.Bounds(rise_per_s=0.05, fall_per_s=0.05)
    by_hand = replace(WELL, mode="manual")
    for second in range(40):
        decision = shown.update(float(second), 1.0, (("calm", 9.0),), by_hand, bounds)
    assert decision.ambient == (("calm", 1.0),) and decision.intensity == 1.0
    assert shown.update(39.5, 0.0, (), by_hand, bounds).intensity == pytest.approx(0.975)
    assert shown.update(39.5, 0.0, (), by_hand, bounds).intensity == pytest.approx(0.975)


AIM = Aim(levels=(0.0, 0.2, 0.4, 0.6), level=2, intensity=0.4, policy="auto")


def stood(age_s: float, mode: Mode) -> Standing:
    """The mode one tick after `mode`, when data are so old, with time enough to count it."""
    machine = Modes()
    well = Signs(age_s=0.5, arousal=0.3, sd=0.15)
    machine.update(0.0, well, [Start(id="1", who="clinician", at_s=0.0)], Limits(), AIM)
    now_s = 0.0
    for _ in range(100):
        now_s += 1.0
        machine.update(now_s, well, (), Limits(), AIM)
    for lost_s in (6.0, 31.0):
        if mode in (Mode.FREEZE, Mode.FALLBACK) and (lost_s < 31.0 or mode is Mode.FALLBACK):
            now_s += 1.0
            machine.update(now_s, replace(well, age_s=lost_s), (), Limits(), AIM)
    now_s += 1.0
    return machine.update(now_s, replace(well, age_s=age_s), (), Limits(), AIM)


@pytest.mark.parametrize(
    ("before", "age_s", "after"),
    [
        (Mode.AUTO, 5.0, Mode.AUTO), (Mode.AUTO, 5.01, Mode.FREEZE),
        (Mode.FREEZE, 30.0, Mode.FREEZE), (Mode.FREEZE, 30.01, Mode.FALLBACK),
        (Mode.FALLBACK, 60.0, Mode.FALLBACK), (Mode.FALLBACK, 60.01, Mode.SAFE),
        (Mode.FALLBACK, 3.0, Mode.FREEZE), (Mode.FALLBACK, 3.01, Mode.FALLBACK),
    ],
)  # fmt: skip
def test_each_step_down_the_ladder_on_its_very_edge(
    before: Mode, age_s: float, after: Mode
) -> None:
    assert stood(age_s, before).mode is after


def test_a_number_that_is_none_leaves_the_limit_as_it_was() -> None:
    tuning = Tuning(Limits(ceiling=0.7))
    told = SetLimit(id="1", who="clinician", at_s=0.0, name="ceiling", value=math.nan)
    change = tuning.update(told)
    assert change is not None and change.new == 0.7 and tuning.limits.ceiling == 0.7


class Ticks:
    """Modes at whole seconds, so that an edge is met exactly."""

    def __init__(self, **limits: float) -> None:
        self.machine, self.now_s = Modes(), 0.0
        self.limits, self.signs = Limits(**limits), Signs(age_s=0.5, arousal=0.3, sd=0.15)
        self.aim = AIM
        self.say(Start(id="1", who="clinician", at_s=0.0))

    def say(self, *commands: Command) -> Standing:
        standing = self.machine.update(self.now_s, self.signs, commands, self.limits, self.aim)
        self.now_s += 1.0
        return standing

    def wait(self, seconds: int) -> Standing:
        for _ in range(seconds):
            standing = self.say()
        return standing


def test_edges_of_time() -> None:
    ticks = Ticks(session_s=30.0)
    assert ticks.wait(29).mode is Mode.AUTO and ticks.wait(1).mode is Mode.SAFE
    ticks = Ticks()
    ticks.say(TooMuch(id="2", who="patient", at_s=1.0))
    assert ticks.wait(59).flag == "too_much" and ticks.wait(1).flag is None
    ticks = Ticks()
    ticks.now_s += 2.0
    assert ticks.say().mode is Mode.AUTO  # three seconds are no overrun, more are
    ticks.now_s += 2.5
    assert ticks.say().mode is Mode.FREEZE
    ticks = Ticks()
    ticks.signs = replace(ticks.signs, arousal=ticks.limits.arousal_max)
    assert ticks.wait(40).flag is None  # at the ceiling is not above it
    ticks.signs = replace(ticks.signs, arousal=0.9)
    assert ticks.wait(30).flag is None and ticks.wait(1).flag == "arousal_max"


def test_a_session_that_starts_late_has_its_whole_time() -> None:
    machine, limits = Modes(), Limits(session_s=30.0)
    well = Signs(age_s=0.5, arousal=0.3, sd=0.15)
    machine.update(100.0, well, [Start(id="1", who="clinician", at_s=0.0)], limits, AIM)
    assert machine.update(129.0, well, (), limits, AIM).mode is not Mode.SAFE
    assert machine.update(130.0, well, (), limits, AIM).mode is Mode.SAFE


def test_a_good_return_on_its_very_edge() -> None:
    ticks = Ticks()
    ticks.signs = replace(ticks.signs, age_s=6.0)
    ticks.wait(10)
    ticks.signs = replace(ticks.signs, age_s=3.0)
    assert ticks.wait(10).proposal is None and ticks.wait(1).proposal == "resume"


def test_steps_end_at_the_last_level() -> None:
    ticks = Ticks()
    up = Step(id="2", who="clinician", at_s=1.0, by=9)
    assert ticks.say(up).granted == 3
    ticks.say(Manual(id="3", who="clinician", at_s=2.0, intensity=0.4))
    ticks.aim = replace(AIM, intensity=0.2)
    assert ticks.say(replace(up, by=1)).manual == 0.4
    assert ticks.say(replace(up, by=9)).manual == 0.6


def test_a_tighter_policy_in_the_midst_of_a_loss_waits_for_a_person() -> None:
    ticks = Ticks()
    ticks.signs = replace(ticks.signs, age_s=6.0)
    ticks.wait(7)
    ticks.aim = replace(AIM, policy="confirm")
    assert ticks.say().mode is Mode.FREEZE


def test_a_second_stop_is_the_same_stop() -> None:
    ticks = Ticks()
    stop = Stop(id="2", who="patient", at_s=1.0)
    first = ticks.say(stop)
    assert ticks.say(replace(stop, id="3")).since_s == first.since_s == 1.0
