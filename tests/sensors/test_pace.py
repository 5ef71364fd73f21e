import numpy as np
import pytest

from sensors.pace import Pace


def feed(pace, stamps_s):
    for start in range(0, len(stamps_s) - pace.block + 1, pace.block):
        pace.update(start, stamps_s[start : start + pace.block])


@pytest.mark.parametrize(("declared", "true"), [(125, 130.5), (130, 129.93), (64, 64), (1000, 990)])
def test_true_rate_is_found_from_jittered_stamps(declared, true):
    stamps = np.arange(20 * declared) / true
    late = np.random.default_rng(3).exponential(0.004, len(stamps))
    pace = Pace(declared)
    feed(pace, stamps + late)
    assert 1 / pace.period_s == pytest.approx(true, rel=0.001)
    last = len(stamps) // pace.block * pace.block - 1
    assert pace.time_s(last) == pytest.approx(stamps[last], abs=0.003)


def test_bursts_do_not_move_the_pace():
    index = np.arange(128 * 60)
    burst = (index // 8 + 1) * 8 / 128.0  # eight at once, stamped as they arrive
    pace = Pace(128)
    feed(pace, burst + (index % 8) * 1e-6)
    assert 1 / pace.period_s == pytest.approx(128, rel=0.001)
    assert pace.time_s(index[-1]) == pytest.approx(index[-1] / 128, abs=0.012)


def test_a_flood_after_a_stall_is_no_new_rate():
    pace = Pace(128)
    feed(pace, 100 + np.arange(2048) * 1e-4)  # sixteen seconds of samples within 0.2 s
    assert pace.period_s == 1 / 128
    assert pace.time_s(2047) <= 100 + 2048 * 1e-4


def test_a_hole_moves_the_level_and_keeps_the_pace():
    pace = Pace(125)
    stamps = np.arange(125 * 10) / 130.5
    feed(pace, stamps)
    known = pace.period_s
    pace.hole(1250, 60.0)
    assert pace.period_s == known
    assert pace.time_s(1250) == pytest.approx(60.0)
    pace.update(1250, 60 + np.arange(pace.block) / 130.5)
    assert pace.time_s(1250 + 130.5) == pytest.approx(61.0, abs=0.01)
