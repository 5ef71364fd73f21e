"""Flags: nausea, fast breathing and an empty screen keep the load down, and end it in time."""

import pytest

from adaptivevr.command import Ack, Command, Rate
from adaptivevr.flags import Flags


def rated(value: float | None, scale: str = "sickness") -> Rate:
    return Rate(id="r", who="patient", at_s=0.0, scale=scale, value=value)


@pytest.mark.parametrize(
    ("said", "sick"),
    [
        ([9.0], False),
        ([10.0], True),
        ([3.0, 8.0], False),
        ([3.0, 9.0], True),  # six more than at first
        ([3.0, 9.0, 8.0], False),  # better again
        ([10.0, None], True),  # no answer takes nothing back
        ([10.0, 21.0], True),  # not on the scale
        ([-1.0, 5.0], False),
        ([0.0, 20.0, 0.0], False),
    ],
)
def test_nausea_stands_until_a_better_rating(said: list[float | None], sick: bool) -> None:
    flags = Flags()
    for i, value in enumerate(said):
        flags.update(float(i), None, 0.0, [rated(value)])
    assert flags.sick is sick and (flags.flag == "sickness") is sick
    assert flags.alarm is None
    flags.resume()
    assert flags.sick is sick


def test_either_name_of_the_scale_counts_and_no_other() -> None:
    flags = Flags()
    flags.update(0.0, None, 0.0, [rated(20.0, "suds")])
    assert not flags.sick
    flags.update(1.0, None, 0.0, [rated(20.0, "fms")])
    assert flags.sick


def breathing(rate: float, seconds: float, quality: float = 0.9, hz: int = 4) -> Flags:
    flags = Flags()
    for tick in range(round(seconds * hz) + 1):
        flags.update(tick / hz, rate, quality, ())
    return flags


@pytest.mark.parametrize(
    ("rate", "seconds", "flag", "alarm"),
    [
        (26.0, 59.75, None, None),
        (26.0, 60.0, "breathing", None),
        (25.0, 200.0, None, None),
        (26.0, 179.75, "breathing", None),
        (26.0, 180.0, "breathing", "breathing"),
    ],
)
def test_breathing_too_fast_is_a_flag_after_a_minute_and_an_end_after_three(
    rate: float, seconds: float, flag: str | None, alarm: str | None
) -> None:
    flags = breathing(rate, seconds)
    assert (flags.flag, flags.alarm) == (flag, alarm)


def test_poor_breathing_says_nothing() -> None:
    assert breathing(40.0, 200.0, quality=0.49).flag is None
    assert breathing(40.0, 200.0, quality=0.5).alarm == "breathing"


def test_a_short_loss_of_breath_goes_on_counting_a_long_one_starts_over() -> None:
    flags = breathing(30.0, 59.0)
    for tick in range(240, 276):
        flags.update(tick / 4, None, 0.0, ())  # nine seconds without a rate
    assert flags.flag is None
    flags.update(69.0, 30.0, 0.9, ())
    assert flags.flag == "breathing"
    for tick in range(277, 318):
        flags.update(tick / 4, None, 0.0, ())
    assert flags.flag is None
    flags.update(80.0, 30.0, 0.9, ())
    assert flags.flag is None


def test_slower_breathing_ends_the_flag_and_a_resume_starts_over() -> None:
    flags = breathing(30.0, 61.0)
    flags.update(62.0, 20.0, 0.9, ())
    assert flags.flag is None
    flags = breathing(30.0, 61.0)
    flags.resume()
    assert flags.flag is None
    flags.update(61.25, 30.0, 0.9, ())
    assert flags.flag is None


def acked(*times: float, until_s: float) -> Flags:
    flags = Flags()
    for tick in range(int(until_s * 10) + 1):
        said: list[Command] = [
            Ack(id="a", who="patient", at_s=t) for t in times if round(10 * t) == tick
        ]
        flags.update(tick / 10, None, 0.0, said)
    return flags


@pytest.mark.parametrize(
    ("seconds", "flag", "alarm"),
    [
        (5.0, None, None),  # three seconds: the renderer's dead-man has come first
        (5.1, "unseen", None),
        (12.0, "unseen", None),
        (12.1, "unseen", "unseen"),
    ],
)
def test_a_scene_that_no_renderer_shows(seconds: float, flag: str | None, alarm: str) -> None:
    flags = acked(1.0, 2.0, until_s=seconds)
    assert (flags.flag, flags.alarm) == (flag, alarm)


def test_a_session_without_a_renderer_waits_for_none() -> None:
    assert acked(until_s=60.0).flag is None


def test_a_renderer_that_comes_back_or_a_resume_clears_it() -> None:
    assert acked(1.0, 8.0, until_s=8.5).flag is None
    flags = acked(1.0, until_s=20.0)
    flags.resume()
    flags.update(21.0, None, 0.0, ())
    assert flags.flag is None and flags.alarm is None


def test_a_breath_lost_for_exactly_ten_seconds_still_counts() -> None:
    flags = Flags()
    for second in range(61):
        flags.update(float(second), 30.0, 0.9, ())
    flags.update(70.0, None, 0.0, ())
    assert flags.flag == "breathing"
    flags.update(70.5, None, 0.0, ())
    assert flags.flag is None


def test_a_sickness_off_the_scale_is_no_rating() -> None:
    for value, sick in ((20.0, True), (20.5, False), (-0.5, False)):
        flags = Flags()
        rating = Rate(id="1", who="patient", at_s=0.0, scale="fms", value=value)
        flags.update(0.0, None, 0.0, (rating,))
        assert flags.sick is sick, value
