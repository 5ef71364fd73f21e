"""Talk and ragged breathing take heart rate variability out; quiet breathing does not."""

import math
import random

from adaptivevr.talking import MARKED_S, Talking
from sensors.feature import Feature


def breathe(talking: Talking, lengths_s: list[float], start_s: float = 0.0) -> tuple[float, bool]:
    """Breaths of these lengths as a belt's wave at 4 Hz; the answer at the end."""
    at_s, said = start_s, False
    for length_s in lengths_s:
        for step in range(round(length_s * 4.0)):
            value = math.sin(2.0 * math.pi * step / (length_s * 4.0))
            made = Feature("breath", value, "relative", at_s, "belt", 1)
            said = talking.update(at_s, [made])
            at_s += 0.25
    return at_s, said


def test_quiet_breathing_is_left_alone() -> None:
    draw = random.Random(4)
    assert breathe(Talking(), [draw.uniform(3.5, 4.6) for _ in range(12)])[1] is False
    assert breathe(Talking(), [10.0] * 6)[1] is False  # paced


def test_speech_breathing_is_seen_and_ends_within_half_a_minute() -> None:
    talking = Talking()
    at_s, said = breathe(talking, [1.5, 7.0, 2.0, 6.5, 1.2, 8.0, 1.5])
    assert said
    _, later = breathe(talking, [4.0] * 9, at_s)
    assert not later


def test_a_mark_counts_until_it_is_taken_back_or_grows_old() -> None:
    talking = Talking()
    assert talking.update(0.0, (), (" Talking",))
    assert talking.update(60.0, ())
    assert not talking.update(MARKED_S + 1.0, ())
    assert talking.update(200.0, (), ("talking",))
    assert not talking.update(201.0, (), ("silent",))


def test_without_a_belt_nothing_is_claimed() -> None:
    talking = Talking()
    for second in range(60):
        made = Feature("breath_rate", 15.0, "1/min", float(second), "belt", second)
        assert not talking.update(float(second), [made])
