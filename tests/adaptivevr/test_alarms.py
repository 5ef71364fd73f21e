"""Alarms of the body: what trips them, and what must not."""

import math
from collections.abc import Callable

import pytest

from adaptivevr.alarms import Alarms, Lasting
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


@pytest.mark.parametrize(
    ("bpm", "quality", "expected"),
    [
        (150.0, 0.9, ("heart_high", 15.0)),  # in the very tick
        (150.0, 0.6, ("heart_high", 15.0)),  # just good enough
        (144.0, 0.9, (None, None)),  # on a limit is within it
        (40.0, 0.9, (None, None)),
    ],
)
def test_a_heart_on_its_very_edge(bpm: float, quality: float, expected: tuple) -> None:
    assert heart(lambda t: bpm, quality=quality) == expected


def test_ten_seconds_without_a_rate_do_not_start_over_but_more_do() -> None:
    assert heart(lambda t: None if 0.0 < t <= 10.0 else 150.0) == ("heart_high", 15.0)
    assert heart(lambda t: None if 0.0 < t <= 10.25 else 150.0) == ("heart_high", 25.5)


def test_a_slow_fall_is_no_faint() -> None:
    assert heart(lambda t: 130.0 - t, seconds=80.0, hz=1) == (None, None)  # 20 from span to span


Rhythm = list[tuple[float, float, int]]  # from when, beats a minute, how many beats 0.5 s apart


@pytest.mark.parametrize(
    ("rhythm", "expected"),
    [
        # Five beats in each span, one on its last edge, fallen by just the limit.
        ([(0.0, 100.0, 5), (10.0, 75.0, 5)], ("heart_drop", 12.0)),
        ([(0.0, 100.0, 5), (10.0, 75.5, 5)], (None, None)),
        ([(0.5, 100.0, 4), (10.0, 75.0, 5)], (None, None)),
        # The span between is hardly covered, the one before it is.
        ([(0.0, 100.0, 5), (20.0, 75.0, 5)], ("heart_drop", 22.0)),
        # A gap: at 30 s one beat stands in the last span, and that is too few.
        ([(2.0, 100.0, 16), (11.0, 60.0, 5), (30.0, 60.0, 1)], (None, None)),
    ],
)
def test_a_faint_takes_five_beats_in_each_of_two_spans(rhythm: Rhythm, expected: tuple) -> None:
    alarms, found = Alarms(), (None, None)
    for from_s, bpm, beats in rhythm:
        for at_s in (from_s + 0.5 * beat for beat in range(beats)):
            due = alarms.update(at_s, bpm, 0.9, None, math.inf, None, LIMITS)
            found = (due, at_s) if due else found
    assert found == expected


def test_what_is_not_true_has_not_lasted() -> None:
    lasting = Lasting()
    courses = [(5.0, False), (6.0, True), (8.0, True), (9.0, False), (9.5, True)]
    assert [lasting.update(*now) for now in courses] == [0.0, 0.0, 2.0, 0.0, 0.0]


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
        (0.95, 0.2, None, (None, None)),
        (0.94, 0.2, None, (None, None)),
        (0.96, 0.30, None, ("panic", 5.0)),
        (0.96, 0.0, None, (None, None)),  # nothing is that sure: no spread is no estimate
        (0.96, 0.31, None, (None, None)),  # too vague to call it panic
        (None, 0.1, 90.0, (None, None)),
        (0.94, 0.06, 80.0, ("panic", 20.0)),  # surely above the ceiling, and the patient says so
        (0.94, 0.06, 70.0, (None, None)),
        (0.94, 0.20, 90.0, (None, None)),  # not surely
        (0.94, 0.09, 90.0, (None, None)),  # only five times in six
    ],
)
def test_panic(arousal: float | None, sd: float, suds: float | None, expected: tuple) -> None:
    assert mind(arousal, sd, suds) == expected
