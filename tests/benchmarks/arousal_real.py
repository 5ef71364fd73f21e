"""How well the arousal index tells stress from rest on wrist recordings of real people.

`python -m tests.benchmarks.arousal_real DIR [--people S01] [--device-heart]` prints JSON; DIR holds
NAME.npz and phases.csv in the format of the Stress-Predict set. Everything is streamed and
causal: the quiet phase is 120 s of the first rest phase from its 60th second on, slopes are the
population's, only what comes after the quiet phase is scored. The drift-balanced AUC compares
each stress phase with the rest right before and right after it, both halves equal, so that
elapsed time scores exactly one half; the naive one is confounded with time and stands beside it
(control_time is plus elapsed time: minus elapsed time scores one minus that).
"""

import argparse
import csv
import json
import random
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from math import isnan, nan
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from adaptivevr.arousal import Estimator
from adaptivevr.signals import Signals
from calibration.baseline import QUIET_LEVEL, Baseline
from calibration.collector import Collector
from sensors.chunk import Chunk
from sensors.feature import Feature
from sensors.stream import Kind, Stream

WINDOW_S, STEP_S, NEAREST = 60.0, 30.0, 9
QUIET_FROM_S, QUIET_S = 60.0, 120.0
Z_OF = ("heart_rate", "ln_scl", "ln_drive")
SCORES = ("arousal", "mean_z", "heart_rate", "ln_scl", "ln_drive", "control_time", "control_motion")


Track = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Phase:
    name: str
    start_s: float
    end_s: float
    stress: bool


def phases_of(folder: Path) -> dict[str, list[Phase]]:
    people: dict[str, list[Phase]] = {}
    with (folder / "phases.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            phase = Phase(
                row["phase"], float(row["start_s"]), float(row["end_s"]), row["stress"] == "1"
            )
            people.setdefault(row["subject"], []).append(phase)
    return {name: sorted(found, key=lambda p: p.start_s) for name, found in people.items()}


def features_of(file: Path, device_heart: bool) -> list[Feature]:
    """All features of one recording, in the order in which they could be known.

    device_heart: the wristband's own heart rate instead of ours, to judge the estimate apart
    from the beat detector.
    """
    with np.load(file, allow_pickle=False) as data:
        bvp = data["bvp"].astype(float)[:, None] * float(data["bvp_scale"])
        rates = data["hr_bpm"].astype(float)
        rates_from_s = float(data["hr_offset_s"])
        inputs = [
            (Stream("bvp", "E4", Kind.PPG, 64.0), bvp, 64.0, 0.0),
            (
                Stream("eda", "E4", Kind.EDA, 4.0, unit="uS"),
                data["eda_uS"].astype(float)[:, None],
                4.0,
                float(data["eda_offset_s"]),
            ),
        ]
        motion = Stream(
            "acc", "E4", Kind.MOTION, 32.0, unit="g", channels=("x", "y", "z"), used=(0, 1, 2)
        )
        offset_s = float(data["acc_offset_s"]) if "acc_offset_s" in data else 0.0
        inputs.append((motion, data["acc_g64"].astype(float) / 64.0, 32.0, offset_s))
    signals = Signals()
    features: list[Feature] = []
    for stream, values, rate_hz, start_s in inputs:
        size = int(rate_hz * 10)
        for first in range(0, len(values), size):
            part = values[first : first + size]
            stamps = start_s + (first + np.arange(len(part))) / rate_hz
            features.extend(signals.update([Chunk(stream, stamps, 0.0, part)]))
    if device_heart:
        features = [f for f in features if f.stream != "bvp"]
        features += [
            Feature("heart_rate", float(bpm), "bpm", rates_from_s + at_s, "device", at_s + 1)
            for at_s, bpm in enumerate(rates)
        ]
    return sorted(features, key=lambda f: f.time_s + f.latency_s)


def tracks(features: list[Feature], quiet_s: float, end_s: float) -> dict[str, Track]:
    """Each score once a second, NaN where it is not known; and the bounds of the interval."""
    count = int(end_s) + 1
    found = {name: np.full(count, nan) for name in (*SCORES, "sd")}
    collector = Collector(QUIET_S, "person")
    estimator: Estimator | None = None
    baseline: Baseline | None = None
    place = 0
    for second in range(count):
        now_s = float(second)
        first = place
        while place < len(features) and features[place].time_s + features[place].latency_s <= now_s:
            place += 1
        new = features[first:place]
        for feature in new:
            if feature.name == "motion" and feature.value is not None:
                found["control_motion"][second] = feature.value
        if quiet_s <= now_s and baseline is None:
            collector.update(now_s, new)
            if now_s >= quiet_s + QUIET_S:
                made = collector.baseline(now_s)
                if isinstance(made, Baseline):
                    baseline, estimator = made, Estimator(made)
            continue
        if baseline is None or estimator is None:
            continue
        found["control_time"][second] = now_s
        arousal = estimator.update(now_s, new)
        if arousal.level is not None:
            found["arousal"][second] = arousal.level
            found["sd"][second] = arousal.sd
        for feature in new:
            reference = baseline.of(feature.name)
            if feature.name in Z_OF and reference is not None and feature.quality >= 0.5:
                if feature.value is None or reference.offset is None:
                    continue
                rest = reference.offset + QUIET_LEVEL * reference.slope
                found[feature.name][second] = (feature.value - rest) / reference.sd
    with_z = np.stack([found[name] for name in Z_OF])
    known = ~np.isnan(with_z)
    total = np.where(known, with_z, 0.0).sum(axis=0)
    found["mean_z"] = np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), nan)
    return found


def auc(high: Track, low: Track) -> float:
    """Chance that a value of `high` exceeds one of `low`, ties half; NaN without values."""
    high, low = high[~np.isnan(high)], low[~np.isnan(low)]
    if not len(high) or not len(low):
        return nan
    differences = high[:, None] - low[None, :]
    return float(np.mean(differences > 0) + 0.5 * np.mean(differences == 0))


def windows(track: Track, phase: Phase) -> Track:
    """Means over 60 s every 30 s inside a phase; NaN where under half is known."""
    means = []
    start_s = max(phase.start_s, 0.0)
    while start_s + WINDOW_S <= phase.end_s:
        part = track[int(start_s) : int(start_s + WINDOW_S)]
        enough = np.count_nonzero(~np.isnan(part)) >= WINDOW_S / 2
        means.append(float(np.nanmean(part)) if enough else nan)
        start_s += STEP_S
    return np.array(means)


def balanced(track: Track, phases: list[Phase]) -> float:
    """Mean over stress phases of AUC against rest right before and right after."""
    found = []
    for stress in (phase for phase in phases if phase.stress):
        before = [windows(track, p) for p in phases if not p.stress and p.end_s <= stress.start_s]
        after = [windows(track, p) for p in phases if not p.stress and p.start_s >= stress.end_s]
        near = windows(track, stress)
        early = np.concatenate(before) if before else np.array([])
        late = np.concatenate(after) if after else np.array([])
        early, late = early[~np.isnan(early)][-NEAREST:], late[~np.isnan(late)][:NEAREST]
        halves = auc(near, early), auc(near, late)
        if not any(isnan(half) for half in halves):
            found.append(sum(halves) / 2)
    return float(np.mean(found)) if found else nan


def naive(track: Track, phases: list[Phase]) -> float:
    high = [windows(track, phase) for phase in phases if phase.stress]
    low = [windows(track, phase) for phase in phases if not phase.stress]
    return auc(np.concatenate(high), np.concatenate(low))


def by_second(track: Track, phases: list[Phase]) -> float:
    def seconds(stress: bool) -> Track:
        parts = [track[max(int(p.start_s), 0) : int(p.end_s)] for p in phases if p.stress == stress]
        return np.concatenate(parts)

    return auc(seconds(True), seconds(False))


def person(folder: Path, name: str, phases: list[Phase], device_heart: bool) -> dict[str, Any]:
    features = features_of(folder / f"{name}.npz", device_heart)
    rest = next(phase for phase in phases if not phase.stress and phase.end_s > 300.0)
    quiet_s = max(rest.start_s, 0.0) + QUIET_FROM_S
    end_s = max(phase.end_s for phase in phases)
    found = tracks(features, quiet_s, end_s)
    later = found["control_time"]
    known = ~np.isnan(found["arousal"])
    rates = [f for f in features if f.name == "heart_rate"]
    return {
        "subject": name,
        "balanced": {score: balanced(found[score], phases) for score in SCORES},
        "naive": {score: naive(found[score], phases) for score in SCORES},
        "by_second": by_second(found["arousal"], phases),
        "known_share": float(known.sum() / max(np.count_nonzero(~np.isnan(later)), 1)),
        "level_median": float(np.median(found["arousal"][known])) if known.any() else nan,
        "sd_median": float(np.median(found["sd"][known])) if known.any() else nan,
        "heart_rate_usable": sum(f.quality >= 0.5 for f in rates) / max(len(rates), 1),
    }


def interval(values: list[float]) -> list[float]:
    """95 % bootstrap over people, fixed seed."""
    draw = random.Random(1)
    means = sorted(sum(draw.choices(values, k=len(values))) / len(values) for _ in range(2000))
    return [round(means[50], 3), round(means[1949], 3)]


def summary(people: list[dict[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {"n": len(people)}
    for kind in ("balanced", "naive"):
        for score in SCORES:
            values = [p[kind][score] for p in people]
            values = [value for value in values if not isnan(value)]
            result[f"auc_{kind}_{score}"] = round(float(np.mean(values)), 3) if values else None
    own = [p["balanced"]["arousal"] for p in people]
    plain = [p["balanced"]["mean_z"] for p in people]
    paired = [a - b for a, b in zip(own, plain, strict=True) if not isnan(a - b)]
    result["auc_balanced_ci"] = interval([value for value in own if not isnan(value)])
    result["gain_over_mean_z"] = round(float(np.mean(paired)), 3)
    result["gain_ci"] = interval(paired)
    seconds = [p["by_second"] for p in people if not isnan(p["by_second"])]
    result["auc_1s_median"] = round(float(np.median(seconds)), 3)
    windowed = [p["naive"]["arousal"] for p in people]
    result["below_060"] = sum(value < 0.6 for value in windowed)
    for name in ("known_share", "level_median", "sd_median", "heart_rate_usable"):
        result[name] = round(float(np.nanmean([p[name] for p in people])), 3)
    return result


def _finite(value: object) -> object:
    """Short numbers, and null for what is not known: JSON has no NaN."""
    if isinstance(value, float):
        return None if isnan(value) else round(value, 4)
    if isinstance(value, dict):
        return {name: _finite(inner) for name, inner in value.items()}
    return [_finite(inner) for inner in value] if isinstance(value, list) else value


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", nargs="*")
    parser.add_argument("--device-heart", action="store_true", help="the device's heart rate")
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args(arguments)
    phases = phases_of(chosen.folder)
    names = chosen.people or sorted(n for n in phases if (chosen.folder / f"{n}.npz").exists())
    with ProcessPoolExecutor(chosen.jobs) as pool:
        jobs = [
            pool.submit(person, chosen.folder, n, phases[n], chosen.device_heart) for n in names
        ]
        people = [job.result() for job in jobs]
    print(json.dumps(_finite({**summary(people), "per_subject": people}), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
