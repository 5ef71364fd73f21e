"""What a session came to, on the patient's true arousal: dose, safety, and how the loop moved."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.simulation.encounter import Track

Floats = npt.NDArray[np.float64]
LOW, HIGH, CEILING = 0.30, 0.75, 0.85
WINDOW = (LOW, HIGH)
RUN_S = 30.0
TURN = 0.05  # a change of direction counts once load has moved this far the other way
SETTLED_S = 60.0


def share(inside: npt.NDArray[np.bool_]) -> float:
    """The share of samples that are true; 0 of none."""
    return float(inside.mean()) if len(inside) else 0.0


def longest_run_s(above: npt.NDArray[np.bool_], dt_s: float) -> float:
    """The longest unbroken stretch of true samples, in seconds.

    >>> longest_run_s(np.array([False, True, True, False, True]), 0.5)
    1.0
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], above.astype(np.int8), [0]])))
    runs = edges[1::2] - edges[::2]
    return float(runs.max()) * dt_s if len(runs) else 0.0


def reversals(intensity: Floats) -> int:
    """How often load changes direction, moves smaller than 0.05 left out.

    >>> reversals(np.array([0.0, 0.2, 0.4, 0.38, 0.4, 0.3, 0.5]))
    2
    """
    count, direction, turn = 0, 0, float(intensity[0]) if len(intensity) else 0.0
    for value in intensity.tolist():
        if (direction >= 0 and value > turn) or (direction <= 0 and value < turn):
            direction = direction or (1 if value > turn else -1)
            turn = value
        elif abs(value - turn) >= TURN:
            count, direction, turn = count + 1, -direction, value
    return count


def dose(arousal: Floats, dt_s: float) -> dict[str, float]:
    """Time in the window and above the ceiling of the true arousal, as shares; runs in s."""
    return {
        "in_window": share((arousal >= LOW) & (arousal <= HIGH)),
        "above_ceiling": share(arousal > CEILING),
        "longest_s": longest_run_s(arousal > CEILING, dt_s),
    }


def steps(
    track: Track, band: tuple[float, float], from_s: float | None = None, end_s: float = math.inf
) -> dict[str, float | None]:
    """How the loop answers, in the terms of IEC 60601-1-10, from from_s (None: the first ramp) on.

    response_s: until true arousal is first in the band. settling_s: until it has stayed there
    for a minute. overshoot: how far its highest value lies above the band. steady_deviation:
    its mean distance from the band from settling on. tracking_error: rms distance from the
    middle of the band. A measure that a session never came to is None.
    """
    low, high = band
    begun = np.arange(len(track.seconds)) >= track.began()
    live = (begun if from_s is None else track.seconds >= from_s) & (track.seconds <= end_s)
    x, t = track.arousal[live], track.seconds[live]
    if not len(x):
        return dict.fromkeys(
            ("response_s", "settling_s", "overshoot", "steady_deviation", "tracking_error")
        )
    inside = (x >= low) & (x <= high)
    outside = np.maximum(np.maximum(low - x, x - high), 0.0)
    reached = np.flatnonzero(inside)
    settled = _stays(inside, t)
    return {
        "response_s": float(t[reached[0]] - t[0]) if len(reached) else None,
        "settling_s": None if settled is None else float(t[settled] - t[0]),
        "overshoot": max(0.0, float(x.max()) - high),
        "steady_deviation": None if settled is None else float(outside[settled:].mean()),
        "tracking_error": float(np.sqrt(np.mean((x - (low + high) / 2.0) ** 2))),
    }


def _stays(inside: npt.NDArray[np.bool_], t: Floats) -> int | None:
    """The first sample from which on it is inside for a minute on end."""
    since = None
    for place, (good, now_s) in enumerate(zip(inside.tolist(), t.tolist(), strict=True)):
        since = (place if since is None else since) if good else None
        if since is not None and now_s - t[since] >= SETTLED_S:
            return since
    return None


def interval(values: Sequence[float], draws: int = 2000) -> tuple[float, float, float]:
    """Mean and its 95 % interval over people, by bootstrap with a fixed seed.

    >>> interval([0.5, 0.5, 0.5])
    (0.5, 0.5, 0.5)
    """
    sample = np.array(values, dtype=np.float64)
    if not len(sample):
        return math.nan, math.nan, math.nan
    picks = np.random.default_rng(1).integers(0, len(sample), (draws, len(sample)))
    means = sample[picks].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(sample.mean()), float(low), float(high)


def middle(values: Iterable[float | None]) -> float | None:
    """The median of those that are known."""
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known else None


def rounded(value: Any, digits: int = 4) -> Any:
    """Every float in a document of plain objects, rounded; NaN becomes None."""
    if isinstance(value, float):
        return round(value, digits) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: rounded(one, digits) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(one, digits) for one in value]
    return value
