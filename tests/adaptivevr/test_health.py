"""Sensors that fall silent and return, by their own habit, in numbers and in words."""

import numpy as np
import pytest

from adaptivevr.health import Health, State
from sensors.chunk import Chunk
from sensors.feature import Feature, Status
from sensors.stream import Kind, Stream

ECG = Stream("ecg", "strap", Kind.ECG, 130.0, "uV")
RR = Stream("rr", "strap", Kind.RR, 0.0, "s")
MARKS = Stream("marks", "game", Kind.MARKERS, 0.0, format="string")


def chunk(stream: Stream, value: object = 0.8) -> Chunk:
    dtype = object if stream.format == "string" else None
    return Chunk(stream, np.array([0.0]), 0.0, np.array([[value]], dtype=dtype))


def told(health: Health, now_s: float, *chunks: Chunk) -> list[tuple[str, str]]:
    return [(f.stream, f.trouble.value) for f in health.update(now_s, chunks, ())]


def test_a_second_of_silence_is_late_and_said_once() -> None:
    health = Health()
    for i in range(20):
        assert told(health, i * 0.1, chunk(ECG)) == []
    assert told(health, 2.8) == []
    assert told(health, 3.0) == [("ecg", "lost")]
    assert told(health, 4.0) == []
    assert health.sensors(4.0)[0].state == State.LATE
    assert health.sensors(4.0)[0].silent_s == pytest.approx(2.1)
    assert told(health, 5.0, chunk(ECG)) == [("ecg", "returned")]
    assert health.sensors(5.0)[0].state != State.LATE


def test_a_stream_in_bursts_is_late_after_three_of_its_usual_gaps() -> None:
    health = Health()
    for i in range(8):
        told(health, i * 2.0, chunk(ECG))
    assert told(health, 14.0 + 5.9) == []
    assert told(health, 14.0 + 6.1) == [("ecg", "lost")]


def test_one_dropout_does_not_teach_it_to_wait_longer() -> None:
    health = Health()
    for i in range(30):
        told(health, i * 0.5, chunk(ECG))
    told(health, 20.0)
    told(health, 24.5, chunk(ECG))  # back after 10 s
    assert told(health, 25.9) == []
    assert told(health, 26.3) == [("ecg", "lost")]


def test_habits_are_forgotten_after_a_minute() -> None:
    health = Health()
    for i in range(5):
        told(health, i * 3.0, chunk(ECG))
    for i in range(700):
        told(health, 12.0 + i * 0.1, chunk(ECG))
    assert told(health, 83.2) == [("ecg", "lost")]


def test_intervals_are_awaited_for_two_and_a_half_of_the_last() -> None:
    health = Health()
    told(health, 0.0, chunk(RR, 1.6))
    told(health, 0.2, chunk(RR, 1.6))
    assert told(health, 4.1) == []
    assert told(health, 4.3) == [("rr", "lost")]


@pytest.mark.parametrize("value", [np.nan, np.inf, -3.0, 900.0])
def test_a_senseless_interval_teaches_nothing(value: float) -> None:
    health = Health()
    told(health, 0.0, chunk(RR, value))
    assert told(health, 1.1) == [("rr", "lost")]


def test_an_interval_that_is_not_there_teaches_nothing() -> None:
    third = Stream("rr", "strap", Kind.RR, 0.0, "s", channels=("a", "b", "c"), used=(2,))
    health = Health()
    assert told(health, 0.0, chunk(third)) == []
    assert told(health, 0.5, chunk(MARKS, "x")) == []


def test_markers_are_never_late() -> None:
    health = Health()
    told(health, 0.0, chunk(MARKS, "door"))
    assert told(health, 500.0) == []
    assert health.sensors(500.0)[0].state == State.GOOD


@pytest.mark.parametrize(
    ("quality", "status", "state"),
    [
        (0.9, Status.OK, State.GOOD),
        (0.1, Status.DETACHED, State.POOR),
        (0.1, Status.SETTLING, State.WAITING),
    ],
)
def test_quality_tells_good_from_poor(quality: float, status: Status, state: State) -> None:
    health = Health()
    feature = Feature("heart_rate", 60.0, "bpm", 1.0, "ecg", 1, quality=quality, status=status)
    health.update(1.0, (chunk(ECG),), (feature,))
    (sensor,) = health.sensors(1.2)
    assert sensor.state == state and sensor.samples == 1


def test_reading_changes_nothing() -> None:
    health = Health()
    told(health, 0.0, chunk(ECG))
    assert health.sensors(9.0) == health.sensors(9.0)
    assert told(health, 9.0) == [("ecg", "lost")]
