"""Limits: hard bounds, the most restrictive wins, and tuning while it runs."""

import math
from dataclasses import asdict, fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptivevr.command import SetLimit
from adaptivevr.limits import (
    HARD,
    STRICTER,
    LimitError,
    Limits,
    Tuning,
    bounds,
    heart_ceiling_bpm,
    merge,
    mistakes,
)


def tune(name: str, value: float, who: str = "clinician") -> SetLimit:
    return SetLimit(id="1", who=who, at_s=12.0, name=name, value=value)


def test_every_limit_has_bounds_and_a_stricter_side() -> None:
    names = {field.name for field in fields(Limits)}
    assert names == set(HARD) == set(STRICTER)


@pytest.mark.parametrize("name", sorted(HARD))
@pytest.mark.parametrize("side", [0, 1])
def test_beyond_a_hard_bound_is_refused_by_name(name: str, side: int) -> None:
    beyond = HARD[name][side] + (0.001 if side else -0.001)
    with pytest.raises(LimitError, match=f"Expected {name} from .* got {beyond!r}: change it"):
        Limits(**{name: beyond})


@pytest.mark.parametrize("value", [math.nan, math.inf, "high", None, True])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(LimitError, match="Expected ceiling from 0 to 1"):
        Limits(ceiling=value)  # type: ignore[arg-type]


def test_all_mistakes_come_together() -> None:
    with pytest.raises(LimitError) as refused:
        Limits(ceiling=2.0, rise_per_s=1.0, dwell_s=0.0)
    assert all(name in str(refused.value) for name in ("ceiling", "rise_per_s", "dwell_s"))
    assert len(mistakes({**asdict(Limits()), "speed": 3.0, "ceiling": -1.0})) == 2


@pytest.mark.parametrize(
    ("low", "high", "top", "legal"),
    [
        (0.35, 0.65, 0.85, True),
        (0.5, 0.55, 0.85, False),  # window too narrow
        (0.5, 0.56, 0.85, True),
        (0.35, 0.75, 0.8, False),  # no room under the ceiling of arousal
        (0.35, 0.74, 0.8, True),
    ],
)
def test_window_rule(low: float, high: float, top: float, legal: bool) -> None:
    values = {**asdict(Limits()), "window_low": low, "window_high": high, "arousal_max": top}
    assert (mistakes(values) == []) == legal


def test_short_times_only_without_a_person() -> None:
    assert bounds("dwell_s") == (30.0, 900.0) and bounds("dwell_s", people=False)[0] == 8.0
    assert bounds("ceiling") == bounds("ceiling", people=False) == (0.0, 1.0)
    short = {**asdict(Limits()), "dwell_s": 10.0}
    assert mistakes(short) == [] and "dwell_s from 30" in mistakes(short, people=True)[0]


def legal_limits() -> st.SearchStrategy[Limits]:
    def build(values: dict[str, float]) -> Limits | None:
        return None if mistakes(values) else Limits(**values)

    ranges = {name: st.floats(low, high) for name, (low, high) in HARD.items()}
    return st.fixed_dictionaries(ranges).map(build).filter(lambda it: it is not None)  # type: ignore[return-value,arg-type]


@given(legal_limits(), legal_limits(), legal_limits())
@settings(max_examples=100, deadline=None)
def test_the_most_restrictive_wins_in_any_order(a: Limits, b: Limits, c: Limits) -> None:
    merged = merge(a, b, c)  # is legal, or it would raise
    assert merged == merge(c, a, b) == merge(merged, a) and merge(a) == a
    for name, stricter in STRICTER.items():
        assert getattr(merged, name) == stricter(getattr(x, name) for x in (a, b, c))


def test_heart_ceiling_by_age_rest_and_bounds() -> None:
    assert heart_ceiling_bpm(40, 100) == pytest.approx(144.0)
    assert heart_ceiling_bpm(40, 60) == 110.0
    assert heart_ceiling_bpm(90, 30) == 90.0
    assert heart_ceiling_bpm(5, 200) == pytest.approx(163.6)


def test_a_clinician_tunes_and_it_is_logged() -> None:
    tuning = Tuning(Limits())
    change = tuning.update(tune("ceiling", 0.5))
    assert tuning.limits.ceiling == 0.5
    assert change is not None
    assert (change.name, change.old, change.new, change.who) == ("ceiling", 1.0, 0.5, "clinician")
    assert change.at_s == 12.0 and not change.bounded


@pytest.mark.parametrize(
    ("name", "asked", "becomes"),
    [
        ("rise_per_s", 0.5, 0.05),  # the hard bound
        ("dwell_s", 8.0, 30.0),  # with a person in the headset
        ("window_low", 0.6, 0.59),  # kept clear of window_high
        ("window_high", 0.2, 0.41),
        ("window_high", 0.8, 0.79),
        ("arousal_max", 0.5, 0.71),
        ("ceiling", math.nan, 1.0),  # no number: as it was
        ("ceiling", -math.inf, 1.0),
    ],
)
def test_tuning_is_bounded(name: str, asked: float, becomes: float) -> None:
    tuning = Tuning(Limits())
    change = tuning.update(tune(name, asked))
    assert change is not None and change.bounded
    assert change.new == getattr(tuning.limits, name) == pytest.approx(becomes)


def test_only_a_clinician_tunes() -> None:
    tuning = Tuning(Limits())
    change = tuning.update(tune("ceiling", 0.5, who="patient"))
    assert tuning.limits == Limits() and change is not None and change.bounded
    assert tuning.update(tune("ceiling", 0.5, who="clinician:ann")) is not None
    assert tuning.limits.ceiling == 0.5


def test_a_limit_nobody_knows_changes_nothing() -> None:
    tuning = Tuning(Limits())
    assert tuning.update(tune("speed", 1.0)) is None and tuning.limits == Limits()


def test_a_patients_own_limit_cannot_be_loosened() -> None:
    tuning = Tuning(Limits(), outer=Limits(heart_ceiling_bpm=120.0))
    assert tuning.limits.heart_ceiling_bpm == 120.0
    tuning.update(tune("heart_ceiling_bpm", 150.0))
    assert tuning.limits.heart_ceiling_bpm == 120.0
    tuning.update(tune("heart_ceiling_bpm", 100.0))
    assert tuning.limits.heart_ceiling_bpm == 100.0


def test_a_window_without_room_stays_as_it_was() -> None:
    tight = Limits(window_low=0.6, window_high=0.655, arousal_max=0.71)
    tuning = Tuning(tight)
    change = tuning.update(tune("window_high", 0.7))
    assert tuning.limits == tight and change is not None and change.bounded


@given(st.lists(st.tuples(st.sampled_from(sorted(HARD)), st.floats()), max_size=30))
@settings(max_examples=150, deadline=None)
def test_whatever_is_asked_the_limits_stay_legal(asked: list[tuple[str, float]]) -> None:
    tuning = Tuning(Limits())
    for name, value in asked:
        tuning.update(tune(name, value))
        assert mistakes(asdict(tuning.limits), people=True) == []
