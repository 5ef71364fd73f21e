"""The arithmetic of the closed-loop proof, held against numbers worked out by hand."""

import numpy as np
import pytest

from sensors.patient import PATIENTS
from tests.simulation.clinic import clinic
from tests.simulation.encounter import Track
from tests.simulation.jobs import Job
from tests.simulation.measures import (
    WINDOW,
    dose,
    interval,
    longest_run_s,
    reversals,
    rounded,
    steps,
)
from tests.simulation.page import page, together
from tests.simulation.table import table


def track(arousal: list[float], intensity: list[float]) -> Track:
    """One sample a second."""
    count = len(arousal)
    columns = {
        name: np.zeros(count) for name in ("fear", "estimate", "sd", "level", "in_step", "calm")
    }
    return Track(
        seconds=np.arange(count, dtype=np.float64), arousal=np.array(arousal),
        intensity=np.array(intensity), modes=("auto",) * count, phases=("hold",) * count,
        **columns,
    )  # fmt: skip


def test_the_clinic_keeps_the_shares_and_shuffles() -> None:
    people = clinic(200)
    for kind in PATIENTS.values():
        assert abs(sum(one.kind == kind.name for one in people) - 200 * kind.share) < 1.0
    assert len({one.seed for one in people}) == 200
    assert clinic(200) == people
    assert len({one.kind for one in people[:40]}) > 3


def test_dose_counts_both_ends_of_the_window() -> None:
    found = dose(np.array([0.29, 0.30, 0.75, 0.76, 0.86, 0.9, 0.5, 0.9]), 2.0)
    assert found == {"in_window": 3 / 8, "above_ceiling": 3 / 8, "longest_s": 4.0}


def test_runs_at_both_edges_count() -> None:
    assert longest_run_s(np.array([True, True, False, True, True, True]), 0.5) == 1.5
    assert longest_run_s(np.zeros(4, dtype=np.bool_), 1.0) == 0.0


def test_small_moves_are_no_reversals() -> None:
    wave = 0.5 + 0.02 * np.sin(np.arange(400) / 10.0)
    assert reversals(wave) == 0
    saw = np.array([0.0, 0.3, 0.1, 0.4, 0.2, 0.5])
    assert reversals(saw) == 4
    assert reversals(np.linspace(0.0, 1.0, 50)) == 0


def test_steps_are_counted_from_the_first_ramp() -> None:
    arousal = [0.0] * 10 + [0.1] * 20 + [0.5] * 5 + [0.8] * 5 + [0.5] * 100
    found = steps(track(arousal, [0.0] * 10 + [0.2] * 130), WINDOW)
    assert found["response_s"] == 20.0
    assert found["settling_s"] == 30.0
    assert found["overshoot"] == pytest.approx(0.05)
    assert found["steady_deviation"] == 0.0
    assert steps(track([0.9] * 90, [0.1] * 90), WINDOW)["settling_s"] is None
    calm = steps(track([0.4] * 20 + [0.2] * 80, [0.0] * 100), (0.0, 0.3), from_s=10.0, end_s=90.0)
    assert calm["response_s"] == 10.0 and calm["overshoot"] == pytest.approx(0.1)


def test_an_interval_over_people_holds_the_mean_and_narrows() -> None:
    people = np.random.default_rng(4).uniform(0.0, 1.0, 200).tolist()
    mean, low, high = interval(people)
    assert low < mean < high
    few = interval(people[:20])
    assert few[2] - few[1] > 2.0 * (high - low)


def test_the_table_counts_broken_gates_and_long_runs() -> None:
    one = {
        "in_window": 0.6, "above_ceiling": 0.01, "longest_s": 31.0, "fear": 0.1,
        "fixed_fear": 0.2, "fixed": {"in_window": 0.3, "above_ceiling": 0.1, "longest_s": 5.0},
        "in_window_with_cooldown": 0.5, "violations": ["sd"], "increases": 9, "safe_share": 0.0,
        "reversals_per_10_min": 0.0, "top_level": 8.0, "error": 0.1, "response_s": None,
        "settling_s": 5.0, "overshoot": 0.0, "steady_deviation": 0.0, "tracking_error": 0.2,
    }  # fmt: skip
    guests = clinic(2)
    runs = [(Job("own", "graded_exposure", guest), dict(one)) for guest in guests]
    found = table(runs)["protocols"]["graded_exposure"]
    assert found["patients"] == 2
    assert found["gate_violations"] == 2
    assert found["long_runs_share"] == 1.0
    assert found["steps"]["response_s"] is None
    assert found["fear_less_than_fixed_ci"] == [0.1, 0.1, 0.1]
    assert found["seeds"] == "0-1"
    held = table(runs)["bars"]
    assert not held["long_runs"] and not held["no_gate_violations"] and held["fear_not_worse"]
    told = page(table(runs))
    assert (
        "| `graded_exposure` | 2 | 0.60 (0.60 to 0.60) | 0.30 (0.30 to 0.30) | - (- to -) |" in told
    )
    assert "2 of 18" in told
    found = table(runs)
    other = {**found, "protocols": {"calm": "theirs", "graded_exposure": "second"}}
    both = together([found, other])["protocols"]
    assert both == {"calm": "theirs", **found["protocols"]}


def test_numbers_that_are_none_stay_none() -> None:
    assert rounded({"a": [float("nan"), 0.123456], "b": (1, "x")}) == {
        "a": [None, 0.1235], "b": [1, "x"],
    }  # fmt: skip
