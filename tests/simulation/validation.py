"""The simulated clinic against published figures, and how hard it is for the real estimate.

A simulator that is easy flatters whatever is proved on it. So the estimate of arousal, with
nothing but two quiet minutes and the population's slopes, has to tell mental work from rest about
as badly here as it does on real wrists (median AUC 0.69-0.75 on Stress-Predict; 0.75-0.85 is what
a calibrated seated person allows).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from adaptivevr.arousal import Estimator
from adaptivevr.signals import Signals, canonical
from calibration.baseline import Baseline
from calibration.collector import Collector
from sensors.patient import Patient, Seen
from sensors.patient.chance import stream
from tests.sensors.patient.test_validation import (
    ln_alpha,
    responses_per_min,
    rest_and_task,
    rmssd_ms,
)
from tests.simulation.clinic import Guest, clinic

Floats = npt.NDArray[np.float64]
PUBLISHED = {
    "resting_rmssd_ms": "20 to 60",
    "resting_scr_per_min": "1 to 5",
    "heart_step_bpm": "+8.3, sd 7.7 at mental arithmetic (ECG-GUDB)",
    "ln_rmssd_step": "-0.35, sd 0.39 (ECG-GUDB)",
    "ln_alpha_step": "-0.56, sd 0.61 (EEGMAT)",
    "estimate_auc": "0.75 to 0.85 for a calibrated seated person; 0.69 to 0.75 measured on wrists",
}


def auc(score: Floats, label: npt.NDArray[np.bool_]) -> float:
    """The chance that a second of stress scores above a second of rest, ties counted half.

    >>> auc(np.array([1.0, 2.0, 2.0, 3.0]), np.array([False, False, True, True]))
    0.875
    """
    ones, zeros = np.sort(score[label]), np.sort(score[~label])
    below = np.searchsorted(zeros, ones, side="left")
    within = np.searchsorted(zeros, ones, side="right") - below
    return float((below + 0.5 * within).sum() / (len(ones) * len(zeros)))


def estimate_auc(guest: Guest, settle_s: int = 180, part_s: int = 150) -> float | None:
    """How well the index tells this person's work from rest, second by second; None: no baseline.

    Quiet, then work and rest in turns, twice; people take the same work differently (0.2 to 0.6).
    """
    patient = Patient(guest.kind, guest.seed, detail="features")
    effort = float(stream(guest.seed, "same stressor").uniform(0.2, 0.6))
    signals = Signals()
    collector = Collector(120.0, "guest")

    def second(work: float) -> tuple[Any, ...]:
        return signals.update(canonical(patient.step(1.0, Seen(effort=work))))

    for _ in range(settle_s):
        second(0.0)
    for _ in range(120):
        collector.update(patient.now_s, second(0.0))
    baseline = collector.baseline(patient.now_s)
    if not isinstance(baseline, Baseline):
        return None
    estimator = Estimator(baseline)
    score: list[float] = []
    label: list[bool] = []
    for work in (effort, 0.0, effort, 0.0):
        for place in range(part_s):
            level = estimator.update(patient.now_s, second(work)).level
            if level is not None and place >= 30:
                score.append(level)
                label.append(work > 0.0)
    if not any(label) or all(label):
        return None
    return auc(np.array(score), np.array(label))


def figures(people: int = 16) -> dict[str, Any]:
    """Every figure beside what is published, over the first people of the clinic."""
    guests = clinic(max(people, 16))[:people]
    pairs = [rest_and_task(guest.seed, guest.kind) for guest in guests]
    found: dict[str, Sequence[float]] = {
        "resting_rmssd_ms": [rmssd_ms(rest) for rest, _ in pairs],
        "resting_scr_per_min": [_responses(guest) for guest in guests],
        "heart_step_bpm": [60.0 / task.mean() - 60.0 / rest.mean() for rest, task in pairs],
        "ln_rmssd_step": [float(np.log(rmssd_ms(task) / rmssd_ms(rest))) for rest, task in pairs],
        "ln_alpha_step": [_alpha(guest) for guest in guests[: people // 2]],
        "estimate_auc": [x for guest in guests if (x := estimate_auc(guest)) is not None],
    }
    return {
        name: {
            "published": PUBLISHED[name],
            "mean": float(np.mean(values)),
            "median": float(np.median(values)),
            "sd": float(np.std(values)),
            "from": float(np.min(values)),
            "to": float(np.max(values)),
            "people": len(values),
        }
        for name, values in found.items()
    }


def _responses(guest: Guest) -> float:
    patient = Patient(guest.kind, guest.seed, detail="features", artefacts=False)
    patient.step(300.0, Seen())
    return responses_per_min(patient, 300.0, Seen())


def _alpha(guest: Guest) -> float:
    patient = Patient(guest.kind, guest.seed, artefacts=False)
    patient.step(20.0, Seen())
    rest = ln_alpha(patient, 60.0, Seen())
    patient.step(30.0, Seen(effort=0.5))
    return ln_alpha(patient, 60.0, Seen(effort=0.5)) - rest
