"""Figures that cannot flatter: within a person, balanced for drift, with intervals over people."""

import random
from collections.abc import Sequence
from math import isnan, nan, sqrt

import numpy as np
import numpy.typing as npt

from adaptivevr.research.labelled import Phase

Track = npt.NDArray[np.float64]

NEAREST = 9
"""So many windows of rest right before and right after a stress phase are compared with it."""
KNOWN = 0.5
BINS = 10
RIDGE = 1.0


def auc(high: Track, low: Track) -> float:
    """Chance that a value of `high` exceeds one of `low`, ties half; NaN without values.

    >>> auc(np.array([2.0, 3.0]), np.array([1.0, 2.0]))
    0.875
    """
    high, low = high[~np.isnan(high)], low[~np.isnan(low)]
    if not len(high) or not len(low):
        return nan
    ordered = np.sort(low)
    below = np.searchsorted(ordered, high, "left") + np.searchsorted(ordered, high, "right")
    return float(below.mean() / (2.0 * len(low)))


def windows(track: Track, phase: Phase, window_s: float, step_s: float) -> Track:
    """Means over windows within a phase; NaN where less than half of a window is known.

    track: one value a second, value i known at second i, NaN where nothing is.
    """
    means = []
    start_s = max(phase.start_s, 0.0)
    while start_s + window_s <= phase.end_s:
        part = track[int(start_s) : int(start_s + window_s)]
        known = part[~np.isnan(part)]
        means.append(float(known.mean()) if len(known) >= KNOWN * window_s else nan)
        start_s += step_s
    return np.array(means)


def balanced(track: Track, phases: Sequence[Phase], window_s: float, step_s: float) -> float:
    """Drift-balanced AUC: each stress phase against the rest before it and the rest after it.

    The nearest 9 windows of rest on each side; both halves count the same, so that elapsed
    time, or any other steady drift, scores exactly 0.5. NaN where no stress phase has rest on
    both sides.
    """
    found = []
    for stress in (phase for phase in phases if phase.stress):
        rest = [phase for phase in phases if not phase.stress]
        early = _joined(track, [p for p in rest if p.end_s <= stress.start_s], window_s, step_s)
        late = _joined(track, [p for p in rest if p.start_s >= stress.end_s], window_s, step_s)
        high = windows(track, stress, window_s, step_s)
        halves = auc(high, early[-NEAREST:]), auc(high, late[:NEAREST])
        if not any(isnan(half) for half in halves):
            found.append(sum(halves) / 2)
    return float(np.mean(found)) if found else nan


def _joined(track: Track, phases: Sequence[Phase], window_s: float, step_s: float) -> Track:
    parts = [windows(track, phase, window_s, step_s) for phase in phases]
    joined = np.concatenate(parts) if parts else np.array([])
    return np.asarray(joined[~np.isnan(joined)], dtype=np.float64)


def naive(track: Track, phases: Sequence[Phase], window_s: float, step_s: float) -> float:
    """AUC of all stress windows against all rest windows: confounded with elapsed time."""
    stress = [phase for phase in phases if phase.stress]
    rest = [phase for phase in phases if not phase.stress]
    return auc(_joined(track, stress, window_s, step_s), _joined(track, rest, window_s, step_s))


def by_second(track: Track, phases: Sequence[Phase]) -> float:
    """The same second by second."""
    both = {True: [np.array([])], False: [np.array([])]}
    for phase in phases:
        both[phase.stress].append(track[max(int(phase.start_s), 0) : max(int(phase.end_s), 0)])
    return auc(np.concatenate(both[True]), np.concatenate(both[False]))


def interval(values: Sequence[float], draws: int = 2000) -> tuple[float, float] | None:
    """95 % bootstrap interval of the mean over people, fixed seed; None for fewer than three."""
    known = [value for value in values if not isnan(value)]
    if len(known) < 3:
        return None
    draw = random.Random(1)
    means = sorted(sum(draw.choices(known, k=len(known))) / len(known) for _ in range(draws))
    return means[round(0.025 * draws)], means[round(0.975 * draws) - 1]


def mean(values: Sequence[float]) -> float:
    """Mean of what is known, NaN of nothing."""
    known = [value for value in values if not isnan(value)]
    return float(np.mean(known)) if known else nan


def middle(values: Sequence[float]) -> float:
    """Median of what is known, NaN of nothing."""
    known = [value for value in values if not isnan(value)]
    return float(np.median(known)) if known else nan


def fit(rows: Track, labels: npt.NDArray[np.bool_], equal: bool = True) -> Track:
    """Weights (last: constant) of a ridge-held logistic regression, by Newton's method.

    rows: (n, features). equal: a rare class counts as much as the other; else as often as it is.
    """
    design = np.column_stack([rows, np.ones(len(rows))])
    share = labels.mean() if equal else 0.5
    each = np.where(labels, 0.5 / max(share, 1e-9), 0.5 / max(1.0 - share, 1e-9))
    hold = np.full(design.shape[1], RIDGE)
    hold[-1] = 1e-6
    weights = np.zeros(design.shape[1])
    for _ in range(25):
        chance = _logistic(design @ weights)
        slope = design.T @ (each * (chance - labels)) + hold * weights
        curve = (design * (each * chance * (1 - chance))[:, None]).T @ design + np.diag(hold)
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if float(np.abs(step).max()) < 1e-8:
            break
    return weights


def chance(rows: Track, weights: Track) -> Track:
    """Probabilities by a fitted regression."""
    return _logistic(np.column_stack([rows, np.ones(len(rows))]) @ weights)


def _logistic(x: Track) -> Track:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -30.0, 30.0))), dtype=np.float64)


def left_out(
    rows: Sequence[Track], labels: Sequence[npt.NDArray[np.bool_]], equal: bool = True
) -> list[Track]:
    """Each person's probabilities by a model fitted on all others only.

    rows[i]: (windows, features) of person i. Scaling, too, comes from the others. Empty for a
    person when the others hold no windows of both classes.
    """
    found = []
    for person, mine in enumerate(rows):
        others = [i for i in range(len(rows)) if i != person and len(rows[i])]
        known = np.concatenate([labels[i] for i in others]) if others else np.array([], bool)
        if not len(mine) or len(set(known.tolist())) < 2:
            found.append(np.full(len(mine), nan))
            continue
        table = np.concatenate([rows[i] for i in others])
        scale = np.sqrt((table**2).mean(axis=0)) + 1e-9
        found.append(chance(mine / scale, fit(table / scale, known, equal)))
    return found


def reliability(chances: Track, labels: npt.NDArray[np.bool_]) -> list[tuple[float, float, int]]:
    """(mean probability, share of stress, windows) in ten equal steps of probability."""
    rows = []
    place = np.minimum((chances * BINS).astype(int), BINS - 1)
    for number in range(BINS):
        inside = place == number
        if inside.any():
            rows.append(
                (float(chances[inside].mean()), float(labels[inside].mean()), int(inside.sum()))
            )
    return rows


def ece(rows: Sequence[tuple[float, float, int]]) -> float:
    """Expected calibration error: how far probability and share lie apart, by windows.

    >>> round(ece([(0.2, 0.1, 30), (0.8, 0.8, 10)]), 3)
    0.075
    """
    total = sum(count for _, _, count in rows)
    return sum(abs(p - share) * count for p, share, count in rows) / total if total else nan


def brier(chances: Track, labels: npt.NDArray[np.bool_]) -> float:
    """Mean squared distance of probability and truth."""
    return float(np.mean((chances - labels) ** 2)) if len(chances) else nan


def effect(values: Sequence[float]) -> float:
    """Mean over standard deviation of paired differences (d_z)."""
    known = [value for value in values if not isnan(value)]
    if len(known) < 3:
        return nan
    middle_of = sum(known) / len(known)
    spread = sqrt(sum((v - middle_of) ** 2 for v in known) / (len(known) - 1))
    return middle_of / spread if spread else nan
