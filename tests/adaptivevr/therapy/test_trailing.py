"""The trailing mean: the same at any rate, silent where it does not know."""

import pytest

from adaptivevr.therapy.trailing import Trailing


@pytest.mark.parametrize("hz", [1, 4, 60, 100])
def test_the_same_at_any_rate(hz: int) -> None:
    trailing = Trailing(10.0)
    for tick in range(30 * hz + 1):
        mean = trailing.update(tick / hz, tick / hz / 30.0)
    assert mean == pytest.approx(25.0 / 30.0, abs=0.02)


def test_needs_half_its_span() -> None:
    trailing = Trailing(10.0)
    means = [trailing.update(t, 0.5) for t in (0.0, 2.0, 4.0, 6.0)]
    assert means == [None, None, None, 0.5]


def test_unknown_now_is_unknown() -> None:
    trailing = Trailing(4.0)
    for t in range(10):
        trailing.update(float(t), 0.4)
    assert trailing.update(10.0, None) is None
    assert trailing.update(11.0, 0.4) == pytest.approx(0.4)
    trailing.clear()
    assert trailing.mean is None and trailing.update(12.0, 0.9) is None


def test_mostly_unknown_is_unknown() -> None:
    trailing = Trailing(4.0)
    for t in range(8):
        mean = trailing.update(float(t), 0.4 if t % 3 == 0 else None)
    assert mean is None
