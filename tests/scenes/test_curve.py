"""Curves: pure, from 0 to 1, never falling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes import curve

POINTS = ((0.0, 0.0), (0.3, 0.05), (0.7, 0.6), (1.0, 1.0))


@pytest.mark.parametrize("shape", [*curve.CURVES, POINTS])
@given(x=st.floats(-1, 2), y=st.floats(-1, 2))
def test_a_curve_keeps_its_ends_and_never_falls(shape: curve.Curve, x: float, y: float) -> None:
    assert curve.at(shape, 0.0) == 0.0
    assert curve.at(shape, 1.0) == pytest.approx(1.0, abs=1e-12)
    assert 0.0 <= curve.at(shape, x) <= 1.0 + 1e-12
    assert curve.at(shape, min(x, y)) <= curve.at(shape, max(x, y)) + 1e-12


def test_no_number_is_rest() -> None:
    assert curve.at("linear", float("nan")) == 0.0


@pytest.mark.parametrize(
    "shape",
    ["quick", 3, [[0, 0]], [[0, 0], [1]], [[0.1, 0], [1, 1]], 
     [[0, 0], [0.5, 0.9], [0.6, 0.8], [1, 1]], [[0, 0], [0.5, float("nan")], [1, 1]]],
)  # fmt: skip
def test_what_is_no_curve_is_refused_with_what_came(shape: object) -> None:
    assert ", not " in str(curve.mistake(shape))


@pytest.mark.parametrize("shape", [*curve.CURVES, [[0, 0], [0.5, 0.5], [1, 1]]])
def test_a_curve_is_accepted(shape: object) -> None:
    assert curve.mistake(shape) is None
