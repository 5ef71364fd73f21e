"""Readings of a person whose arousal is known, and an estimator that they are played to."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from adaptivevr.arousal import Arousal, Estimator
from calibration.baseline import Baseline, Reference
from calibration.prior import PRIORS
from sensors.feature import Feature

RESTING = {
    "heart_rate": 65.0,
    "ln_rmssd": 3.6,
    "ln_scl": 1.2,
    "ln_drive": -2.0,
    "ln_alpha": 2.5,
}
STREAM = {"heart_rate": "ecg", "ln_rmssd": "ecg", "ln_alpha": "eeg"}
ALL = tuple(RESTING)


def person(*names: str, scale_sd: float = 0.22, offset_sd: float = 0.0) -> Baseline:
    references = tuple(
        Reference(
            name,
            PRIORS[name].unit,
            RESTING[name],
            PRIORS[name].slope,
            PRIORS[name].sd,
            offset_sd=offset_sd,
        )
        for name in names or ALL
    )
    return Baseline("b", "ada", references, scale_sd=scale_sd)


def reading(name: str, at_s: float, x: float, **changes: object) -> Feature:
    value = RESTING[name] + PRIORS[name].slope * x
    made = Feature(name, value, "", at_s, STREAM.get(name, "eda"), int(at_s * 100), window_s=30.0)
    return replace(made, **changes)  # type: ignore[arg-type]


def play(
    estimator: Estimator,
    level: Callable[[float], float],
    start_s: float,
    stop_s: float,
    names: Iterable[str] = ALL,
    rate_hz: float = 10.0,
    **changes: object,
) -> list[tuple[float, Arousal]]:
    """Features once a second (0.4 s after they were effective), ticks at rate_hz."""
    result = []
    names = tuple(names)
    due_s = [start_s + 0.1 + 0.01 * place for place in range(len(names))]
    ticks = round((stop_s - start_s) * rate_hz)
    for tick in range(1, ticks + 1):
        now_s = start_s + tick / rate_hz
        features = []
        for place, name in enumerate(names):
            while due_s[place] + 0.4 <= now_s:
                features.append(reading(name, due_s[place], level(due_s[place]), **changes))
                due_s[place] += 1.0
        result.append((now_s, estimator.update(now_s, features)))
    return result


def known(arousal: Arousal) -> float:
    assert arousal.level is not None
    return arousal.level


def settled(*names: str, x: float = 0.3, until_s: float = 120.0) -> Estimator:
    estimator = Estimator(person(*names))
    play(estimator, lambda _: x, 0.0, until_s, names or ALL)
    return estimator
