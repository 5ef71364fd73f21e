"""How often the 90 % interval holds the truth, on simulated patients of every kind.

    python -m tests.benchmarks.coverage [--seeds 4] [--kinds normal slow] [--person]

Two minutes of quiet, then ten minutes of intensity up and down, as fast as the guard allows; RR
intervals and skin conductance, as a strap and a finger sensor send them. Without a calibration
a person gets the population's slopes and a scale known to 35 %; --person calibrates first, with
an induction that the patient rates (rounded to ten points) and a rest after it. This is
circular: the estimate and the simulated body come from the same pages, so it tests arithmetic
and the honesty of the width, not truth about people. The adversarial kind `decoupled`, whose
fear does not reach the body, stands beside the others and is not counted.
"""

import argparse
import json
import math
import sys
from collections.abc import Iterator

from adaptivevr.arousal import Estimator
from adaptivevr.signals import Signals, canonical
from calibration.baseline import Baseline
from calibration.collector import Collector
from calibration.steps import calibrated
from sensors.feature import Feature
from sensors.patient import Patient, Seen
from sensors.patient.kinds import PATIENTS

SETTLE_S, QUIET_S, INDUCED_S, REST_S = 240, 120, 150, 180
STEPS = (0.2, 0.4, 0.6, 0.4, 0.8, 0.3, 0.5, 0.7, 0.2, 0.0)
UP_PER_S, DOWN_PER_S = 0.01, 0.05
"""As fast as the guard lets intensity move by default."""
ADVERSARIAL = ("none", "decoupled")


def held(kind: str, seed: int, calibrated_first: bool) -> tuple[int, int]:
    """Seconds in which the interval held the truth, and seconds with a level."""
    patient = Patient(kind, seed, detail="features", artefacts=True)
    signals = Signals()

    def live(seconds: int, intensity: float) -> Iterator[tuple[float, tuple[Feature, ...]]]:
        for _ in range(seconds):
            chunks = patient.step(1.0, Seen(intensity=intensity))
            yield patient.now_s, signals.update(canonical(chunks))

    for _ in live(SETTLE_S if calibrated_first else 0, 0.0):
        pass  # electrodes warm up, as in the guided calibration
    collector = Collector(float(QUIET_S), kind)
    for now_s, features in live(QUIET_S, 0.0):
        collector.update(now_s, features)
    baseline = collector.baseline(patient.now_s)
    if not isinstance(baseline, Baseline):
        return 0, 0
    if calibrated_first:
        induced, levels = Collector(float(INDUCED_S) - 30.0, kind), []
        for place, (now_s, features) in enumerate(live(INDUCED_S, 0.55)):
            if place >= 30:
                induced.update(now_s, features)
                levels.append(patient.truth.arousal)
        rated = min(max(round(sum(levels) / len(levels), 1), 0.2), 1.0)
        baseline = calibrated(baseline, induced.summaries(patient.now_s), level=rated)
        for _ in live(REST_S, 0.0):
            pass
    estimator = Estimator(baseline)
    inside = total = 0
    shown = 0.0
    for target in STEPS:
        for place in range(60):
            changed = place == 0 and target != shown
            shown = min(max(target, shown - DOWN_PER_S), shown + UP_PER_S)
            ((now_s, features),) = live(1, shown)
            arousal = estimator.update(now_s, features, scene_changed=changed)
            if arousal.level is not None:
                total += 1
                inside += abs(arousal.level - patient.truth.arousal) <= 1.645 * arousal.sd
    return inside, total


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--kinds", nargs="*", default=[k for k in PATIENTS if k != "none"])
    parser.add_argument("--person", action="store_true", help="calibrate first")
    chosen = parser.parse_args(arguments)
    shares, inside, total = {}, 0, 0
    weighed = weight = 0.0
    for kind in chosen.kinds:
        pairs = [held(kind, seed, chosen.person) for seed in range(chosen.seeds)]
        hits, seconds = (sum(column) for column in zip(*pairs, strict=True))
        shares[kind] = round(hits / seconds, 3) if seconds else math.nan
        if kind not in ADVERSARIAL and seconds:
            inside, total = inside + hits, total + seconds
            weighed += PATIENTS[kind].share * hits / seconds
            weight += PATIENTS[kind].share
    result = {
        "coverage": round(inside / total, 3) if total else None,
        "coverage_of_a_clinic": round(weighed / weight, 3) if weight else None,
        "by_kind": shares,
        "seeds": chosen.seeds,
    }
    print(json.dumps(result, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
