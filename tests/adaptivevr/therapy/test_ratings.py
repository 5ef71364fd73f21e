"""Ratings: asked on time, asked once more, never invented."""

import pytest

from adaptivevr.command import Rate
from adaptivevr.therapy.protocol import Cadence
from adaptivevr.therapy.ratings import Ratings

CADENCE = Cadence(text="How strong is your fear?")


def rate(value: float | None, scale: str = "suds") -> Rate:
    return Rate(id="1", who="patient", at_s=0.0, scale=scale, value=value)


def test_asked_at_once_and_then_on_the_cadence() -> None:
    ratings = Ratings(CADENCE)
    first = ratings.update(0.0, [], 60.0)
    assert first is not None and first.kind == "rating" and first.until_s == 30.0
    assert first.scale is not None and (first.scale.min, first.scale.max) == (0.0, 100.0)
    assert ratings.update(5.0, [], 60.0) == first and ratings.pending
    assert ratings.update(6.0, [rate(40.0)], 60.0) is None and ratings.latest == 40.0
    assert ratings.update(59.9, [], 60.0) is None
    second = ratings.update(60.0, [], 60.0)
    assert second is not None and second.id != first.id


def test_no_answer_is_asked_once_more_and_then_counts_as_silence() -> None:
    ratings = Ratings(CADENCE)
    first = ratings.update(0.0, [], 60.0)
    again = ratings.update(30.0, [], 60.0)
    assert again is not None and first is not None and again.id != first.id
    assert not ratings.silent
    assert ratings.update(60.0, [], 120.0) is None and ratings.silent
    assert ratings.latest is None and ratings.peak is None  # never counted as 0
    ratings.update(150.0, [], 120.0)
    ratings.update(155.0, [rate(20.0)], 120.0)
    assert not ratings.silent and ratings.age_s(165.0) == 10.0


@pytest.mark.parametrize("answer", [rate(None), rate(101.0), rate(-1.0), rate(50.0, "pain")])
def test_what_is_no_answer_leaves_the_question(answer: Rate) -> None:
    ratings = Ratings(CADENCE)
    ratings.update(0.0, [], 60.0)
    assert ratings.update(5.0, [answer], 60.0) is not None and ratings.latest is None


def test_an_answer_that_is_needed_is_asked_for_early() -> None:
    ratings = Ratings(CADENCE)
    ratings.update(0.0, [], 60.0)
    ratings.update(5.0, [rate(50.0)], 60.0)
    assert ratings.update(29.0, [], 60.0, wanted=True) is None
    assert ratings.update(30.0, [], 60.0, wanted=True) is not None


def test_the_peak_is_a_levels_own() -> None:
    ratings = Ratings(CADENCE)
    ratings.update(0.0, [rate(70.0)], 60.0)
    ratings.update(1.0, [rate(30.0)], 60.0)
    assert (ratings.peak, ratings.latest) == (70.0, 30.0)
    ratings.begin()
    assert ratings.peak is None and ratings.latest == 30.0


def test_without_words_nothing_is_asked() -> None:
    ratings = Ratings(Cadence())
    assert ratings.update(1000.0, [rate(30.0)], 60.0) is None and ratings.latest == 30.0
