"""Which noise and drift the pulse rate, and which weight a dry skin, should have; honestly chosen.

    python -m tests.benchmarks.arousal_fit DIR

DIR as for `adaptivevr evaluate`. Every setting is scored for every person (drift-balanced AUC).
`left_out` is the figure that may be told: for each person the setting that was best for all the
others. `best_seen` is the best setting on everybody, which flatters.
"""

import argparse
import json
import sys
from dataclasses import replace
from itertools import product
from math import isnan
from pathlib import Path

import adaptivevr.arousal as arousal
from adaptivevr.research import score
from adaptivevr.research.evaluate import LONG
from adaptivevr.research.labelled import Person, labelled, measured
from adaptivevr.research.person import AROUSAL, course, features_of
from calibration.prior import PRIORS

NOISE = ((4.0, 2.0), (3.0, 1.5))  # sd and floor, bpm
DRIFT = (0.05, 0.02)  # bpm per root second
DRY = (1.0, 4.0)
SETTINGS = tuple(product(NOISE, DRIFT, DRY))


def scores(person: Person) -> list[float]:
    """Drift-balanced AUC of one person under every setting."""
    body = measured(person)
    features, found = features_of(body), []
    for (sd, floor), drift, dry in SETTINGS:
        pulse = replace(PRIORS["pulse_rate"], sd=sd, floor=floor, drift_per_root_s=drift)
        arousal.DRY_NOISE = dry
        tracks = course(body, features, priors={**PRIORS, "pulse_rate": pulse}).tracks
        found.append(score.balanced(tracks[AROUSAL], body.phases, *LONG))
    return found


def left_out(table: list[list[float]]) -> list[float]:
    """For each person the score of the setting that was best for all others."""
    found = []
    for person, mine in enumerate(table):
        others = [row for place, row in enumerate(table) if place != person]
        means = [score.mean([row[s] for row in others]) for s in range(len(SETTINGS))]
        found.append(mine[max(range(len(SETTINGS)), key=lambda s: means[s])])
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    chosen = parser.parse_args(arguments)
    table = [scores(person) for person in labelled(chosen.folder).people]
    means = [score.mean([row[s] for row in table]) for s in range(len(SETTINGS))]
    honest = [value for value in left_out(table) if not isnan(value)]
    print(
        json.dumps(
            {
                "left_out": round(score.mean(honest), 3),
                "left_out_ci": score.interval(honest),
                "best_seen": round(max(means), 3),
                "settings": {str(s): round(m, 3) for s, m in zip(SETTINGS, means, strict=True)},
            },
            indent=1,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
