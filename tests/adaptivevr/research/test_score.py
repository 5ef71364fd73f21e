"""Scores that cannot flatter: what elapsed time may reach, and who may see whom."""

import numpy as np
import pytest

from adaptivevr.research import score
from adaptivevr.research.labelled import Phase

COURSE = (
    Phase("rest", 0.0, 600.0, False),
    Phase("stroop", 600.0, 900.0, True),
    Phase("rest", 900.0, 1500.0, False),
    Phase("interview", 1500.0, 1800.0, True),
    Phase("rest", 1800.0, 2400.0, False),
)
SIZE = (60.0, 30.0)


def labels_track() -> np.ndarray:
    track = np.zeros(2401)
    for phase in COURSE:
        track[int(phase.start_s) : int(phase.end_s)] = float(phase.stress)
    return track


def test_auc_counts_pairs_and_halves_ties() -> None:
    draw = np.random.default_rng(4)
    high, low = draw.integers(0, 5, 30).astype(float), draw.integers(0, 4, 40).astype(float)
    pairs = high[:, None] - low[None, :]
    by_hand = (pairs > 0).mean() + 0.5 * (pairs == 0).mean()
    assert score.auc(high, low) == pytest.approx(by_hand)
    assert score.auc(low, high) == pytest.approx(1.0 - by_hand)
    assert np.isnan(score.auc(np.array([]), low))
    assert score.auc(np.array([np.nan, 2.0]), np.array([1.0, np.nan])) == 1.0


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_elapsed_time_scores_exactly_one_half_when_balanced(sign: float) -> None:
    time = sign * np.arange(2401.0)
    assert score.balanced(time, COURSE, *SIZE) == 0.5
    assert score.naive(np.maximum(time, -1e9), COURSE[:2], *SIZE) in (0.0, 1.0)


@pytest.mark.parametrize("drift", [0.0, 0.002, -0.002])
def test_a_true_response_scores_high_whatever_the_drift(drift: float) -> None:
    track = 3.0 * labels_track() + drift * np.arange(2401.0)
    assert score.balanced(track, COURSE, *SIZE) > 0.95


def test_stress_without_rest_on_both_sides_is_not_scored() -> None:
    assert np.isnan(score.balanced(labels_track(), COURSE[:2], *SIZE))
    first = (COURSE[1], COURSE[2])
    assert np.isnan(score.balanced(labels_track(), first, *SIZE))


def test_windows_need_half_their_seconds_and_lie_within_their_phase() -> None:
    track = np.ones(400)
    track[100:131] = np.nan
    means = score.windows(track, Phase("rest", 70.0, 250.0, False), 60.0, 60.0)
    assert np.isnan(means[0]) is np.bool_(False) or len(means) == 3
    assert len(score.windows(track, Phase("short", 0.0, 59.0, False), 60.0, 30.0)) == 0
    half_gone = score.windows(track, Phase("rest", 100.0, 160.0, False), 60.0, 30.0)
    assert np.isnan(half_gone).all()  # 29 of 60 seconds known


def test_by_second_takes_only_seconds_of_a_phase() -> None:
    track = labels_track()
    track[2400] = 50.0  # outside of every phase
    assert score.by_second(track, COURSE) == 1.0


def test_nobody_is_scored_by_a_model_that_saw_them() -> None:
    """A person whose labels are turned round must not teach the model about themselves."""
    draw = np.random.default_rng(7)
    labels = [np.arange(40) % 2 == 0 for _ in range(5)]
    rows = [draw.normal(size=(40, 2)) * 0.1 + mine[:, None] for mine in labels]
    before = score.left_out(rows, labels)
    turned = [*labels[:2], ~labels[2], *labels[3:]]
    after = score.left_out(rows, turned)
    assert np.array_equal(before[2], after[2])  # own labels play no part
    assert not np.array_equal(before[0], after[0])  # they do for the others


def test_left_out_learns_what_the_others_share_and_nothing_from_noise() -> None:
    draw = np.random.default_rng(3)
    labels = [np.arange(60) % 3 == 0 for _ in range(6)]
    signal = [draw.normal(size=(60, 1)) + 2.0 * mine[:, None] for mine in labels]
    noise = [draw.normal(size=(60, 1)) for _ in labels]
    for rows, least, most in ((signal, 0.85, 1.0), (noise, 0.3, 0.7)):
        found = score.left_out(rows, labels)
        each = [score.auc(f[m], f[~m]) for f, m in zip(found, labels, strict=True)]
        assert least <= np.mean(each) <= most


def test_left_out_without_others_is_not_known() -> None:
    assert np.isnan(score.left_out([np.ones((4, 1))], [np.array([True, False] * 2)])[0]).all()


def test_true_probabilities_have_no_calibration_error_and_wrong_ones_do() -> None:
    draw = np.random.default_rng(1)
    chances = draw.random(20000)
    truth = draw.random(20000) < chances
    assert score.ece(score.reliability(chances, truth)) < 0.02
    assert score.ece(score.reliability(chances**3, truth)) > 0.1
    assert score.brier(chances, truth) == pytest.approx(1 / 6, abs=0.01)
    assert np.isnan(score.ece([]))


def test_the_interval_is_the_same_each_time_and_holds_the_mean() -> None:
    values = [0.5, 0.7, 0.9, 0.6, 0.8, float("nan")]
    low, high = score.interval(values) or (0.0, 0.0)
    assert low < 0.7 < high
    assert score.interval(values) == (low, high)
    assert score.interval([0.5, 0.6]) is None
