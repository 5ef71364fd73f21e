"""Alarms of the body: what trips them, and what must not."""

import math
from collections.abc import Callable

import pytest

from adaptivevr.alarms import Alarms
from adaptivevr.limits import Limits

LIMITS = Limits()
Course = Callable[[float], float | None]


def heart(course: Course, seconds: float = 90.0, quality: float = 0.9, hz: int = 4):
    """The first alarm of a course of heart rate, and when."""
    alarms = Alarms()
    for tick in range(int(seconds * hz)):
        t = tick / hz
        due = alarms.update(t, course(t), quality, None, math.inf, None, LIMITS)
        if due:
            return due, t
    return None, None


@pytest.mark.parametrize("hz", [1, 10, 100])
def test_a_racing_heart_after_15_s(hz: int) -> None:
    due, at_s = heart(lambda t: 150.0, hz=hz)
    assert due == "heart_high" and at_s == pytest.approx(15.0, abs=1.0 / hz)


def test_a_noisy_tachycardia_is_not_ignored() -> None:
    assert heart(lambda t: 150.0, quality=0.1) == ("heart_high", 30.0)


def test_a_short_run_is_no_alarm() -> None:
    assert heart(lambda t: 150.0 if t % 16 < 14 else 90.0)[0] is None


def test_a_slow_heart_after_10_s_but_only_when_the_signal_is_good() -> None:
    assert heart(lambda t: 37.0) == ("heart_low", 10.0)
    assert heart(lambda t: 37.0, quality=0.3)[0] is None


def test_the_faint_of_a_blood_scene() -> None:
    due, at_s = heart(lambda t: 95.0 - 30.0 * min(max((t - 40.0) / 15.0, 0.0), 1.0))
    assert due == "heart_drop" and 50.0 < at_s < 68.0


def test_slow_paced_breathing_is_no_faint() -> None:
    assert heart(lambda t: 72.0 + 18.0 * math.sin(2 * math.pi * t / 10.0))[0] is None


def test_no_heart_rate_is_no_alarm_and_a_long_gap_starts_over() -> None:
    assert heart(lambda t: None)[0] is None
    assert heart(lambda t: math.nan)[0] is None
    assert heart(lambda t: None if t % 25 > 12 else 150.0)[0] is None
    assert heart(lambda t: None if t % 5 > 3 else 150.0)[0] == "heart_high"


def mind(arousal: float | None, sd: float, suds: float | None, seconds: float = 60.0):
    alarms = Alarms()
    for tick in range(int(seconds * 10)):
        due = alarms.update(tick / 10, None, 0.0, arousal, sd, suds, LIMITS)
        if due:
            return due, tick / 10
    return None, None


@pytest.mark.parametrize(
    ("arousal", "sd", "suds", "expected"),
    [
        (0.96, 0.2, None, ("panic", 5.0)),
        (0.94, 0.2, None, (None, None)),
        (0.96, 0.31, None, (None, None)),  # too vague to call it panic
        (None, 0.1, 90.0, (None, None)),
        (0.94, 0.06, 80.0, ("panic", 20.0)),  # surely above the ceiling, and the patient says so
        (0.94, 0.06, 70.0, (None, None)),
        (0.94, 0.20, 90.0, (None, None)),  # not surely
    ],
)
def test_panic(arousal: float | None, sd: float, suds: float | None, expected: tuple) -> None:
    assert mind(arousal, sd, suds) == expected
