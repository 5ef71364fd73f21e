"""How good the estimate is on people with known phases, streamed, causal and left out in turn."""

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from math import isnan, nan
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from adaptivevr.belief import REST_LEVEL
from adaptivevr.errors import BadRecording
from adaptivevr.research import score
from adaptivevr.research.labelled import Labelled, Person, labelled, measured
from adaptivevr.research.person import (
    AROUSAL,
    CHANCE,
    FAST,
    MEAN_Z,
    MOTION,
    SD,
    TIME,
    Course,
    course,
    features_of,
)
from adaptivevr.research.rated import held, ratings_of
from adaptivevr.research.score import Track
from calibration.prior import PRIORS

ORGANS = {"heart": ("heart", "vagus"), "skin": ("skin level", "skin drive"), "brain": ("brain",)}
LONG_PHASE_S = 100.0
LONG, SHORT = (60.0, 30.0), (10.0, 10.0)
SLOWEST_BEAT = 0.6


@dataclass(frozen=True, slots=True)
class Examined:
    """One person's course, and what is left of the estimate without each organ."""

    subject: str
    course: Course
    without: dict[str, Track]


def evaluate(options: Namespace) -> int:
    """The command: figures of a folder as JSON or words, and a page if asked."""
    report = document(options.folder, options.jobs, options.train)
    if options.report is not None:
        from adaptivevr.research.page import page

        try:
            options.report.write_text(page(report), encoding="utf-8")
        except OSError as error:
            raise BadRecording(
                f"The page should be written to '{options.report}', which cannot be "
                f"({error.strerror}); choose a folder that exists."
            ) from None
    print(json.dumps(report, ensure_ascii=False) if options.json else words(report))
    return 0


def document(folder: Path, jobs: int = 1, train: Path | None = None) -> dict[str, Any]:
    """All figures of a folder, ready for JSON; BadRecording when it cannot be understood.

    train: another folder on which the regression is fitted instead (transfer).
    """
    found = labelled(folder)
    examined = _examine(found, jobs)
    other = _examine(labelled(train), jobs) if train is not None else []
    tracks = {p.subject: (p.course.tracks[AROUSAL], p.course.tracks[SD]) for p in examined
              if SD in p.course.tracks}  # fmt: skip
    rated = {"rated": held(tracks, ratings_of(folder))}
    made: dict[str, Any] = _finite({**summary(found, examined, other), **rated})
    return made


def _examine(found: Labelled, jobs: int) -> list[Examined]:
    people = []
    with ProcessPoolExecutor(jobs) as pool:
        for number, one in enumerate(pool.map(examine, found.people), start=1):
            people.append(one)
            print(f"{number} of {len(found.people)}: {one.subject}", file=sys.stderr, flush=True)
    return people


def examine(person: Person) -> Examined:
    """One person from the file to all tracks."""
    try:
        body = measured(person)
    except BadRecording as mistake:
        return Examined(person.subject, Course(person.phases, (nan, nan), {}, {}, str(mistake)), {})
    features = features_of(body)
    whole = course(body, features)
    there = {PRIORS[f.name].organ for f in features if f.name in PRIORS}
    without = {
        name: course(body, features, organs).tracks.get(AROUSAL, np.array([]))
        for name, organs in ORGANS.items()
        if there & set(organs) and there - set(organs)
    }
    return Examined(person.subject, whole, without)


def summary(
    found: Labelled, people: Sequence[Examined], other: Sequence[Examined] = ()
) -> dict[str, Any]:
    """The figures of examined people; NaN where a set cannot give one."""
    size = _size(people)
    rows = [_row(person, size) for person in people]
    result: dict[str, Any] = {
        "folder": found.folder.name, "format": found.format, "n": len(rows),
        "window_s": size[0], "missing": list(found.missing),
    }  # fmt: skip

    def column(key: str) -> list[float]:
        return [row[key] for row in rows]

    gains = [row["auc_balanced"] - row["mean_z_balanced"] for row in rows]
    result |= {
        "auc_balanced_mean": score.mean(column("auc_balanced")),
        "auc_balanced_ci": score.interval(column("auc_balanced")),
        "auc_balanced_unknown_as_rest": score.mean(column("auc_balanced_unknown_as_rest")),
        "gain_over_mean_z": score.mean(gains),
        "gain_over_mean_z_ci": score.interval(gains),
        "mean_z_balanced": score.mean(column("mean_z_balanced")),
        "mean_z_60s": score.mean(column("mean_z_60s")),
        "auc_60s_mean": score.mean(column("auc_60s")),
        "auc_60s_median": score.middle(column("auc_60s")),
        "auc_1s_median": score.middle(column("auc_1s")),
        "below_060": sum(not row["auc_60s"] >= SLOWEST_BEAT for row in rows),
        "control_time": _either_way(column("control_time")),
        "control_time_balanced": score.mean(column("control_time_balanced")),
        "control_motion": score.mean(column("control_motion")),
        "control_motion_balanced": score.mean(column("control_motion_balanced")),
        "known_share": score.mean(column("known_share")),
        "without": _without(people, size),
    }
    result |= _probabilities(people, size)
    result |= _learnt(people, size, rows)
    if other:
        result["transfer_auc"] = _transfer(people, other, size)
    return {**result, "per_subject": rows}


def _size(people: Sequence[Examined]) -> tuple[float, float]:
    """60 s windows every 30 s where phases are long enough for several, else 10 s windows."""
    lengths = [p.end_s - p.start_s for one in people for p in one.course.phases if p.stress]
    return LONG if score.middle(lengths) >= LONG_PHASE_S else SHORT


def _row(person: Examined, size: tuple[float, float]) -> dict[str, Any]:
    whole = person.course
    phases, empty = whole.phases, np.array([])

    def track(name: str) -> Track:
        return whole.tracks.get(name, empty)

    level, later = track(AROUSAL), ~np.isnan(track(TIME))
    late = score.naive(track(TIME), phases, *size)
    # What is not known counts as rest: leaving hard moments out must not flatter.
    filled = np.where(later & np.isnan(level), REST_LEVEL, level) if len(later) else level
    return {
        "subject": person.subject,
        "auc_balanced": score.balanced(level, phases, *size),
        "auc_balanced_unknown_as_rest": score.balanced(filled, phases, *size),
        "auc_60s": score.naive(level, phases, *size),
        "auc_1s": score.by_second(level, phases),
        "mean_z_balanced": score.balanced(track(MEAN_Z), phases, *size),
        "mean_z_60s": score.naive(track(MEAN_Z), phases, *size),
        "control_time": late,
        "control_time_balanced": score.balanced(track(TIME), phases, *size),
        "control_motion": score.naive(track(MOTION), phases, *size),
        "control_motion_balanced": score.balanced(track(MOTION), phases, *size),
        "known_share": float((~np.isnan(level)).sum() / later.sum()) if later.any() else 0.0,
        "loso_auc": nan,
        "problem": whole.problem or None,
    }


def _either_way(values: Sequence[float]) -> float:
    """A control is allowed to choose its sign: before or after."""
    mean = score.mean(values)
    return max(mean, 1.0 - mean)


def _without(people: Sequence[Examined], size: tuple[float, float]) -> dict[str, Any]:
    rows = {}
    for organ in ORGANS:
        there = [p for p in people if organ in p.without]
        if not there:
            continue
        own = [score.balanced(p.without[organ], p.course.phases, *size) for p in there]
        plain = [score.naive(p.without[organ], p.course.phases, *size) for p in there]
        rows[organ] = {"auc_balanced_mean": score.mean(own), "auc_60s_mean": score.mean(plain)}
    return rows


def _table(
    person: Examined, names: Sequence[str], size: tuple[float, float], tracks: dict[str, Track]
) -> tuple[Track, npt.NDArray[np.bool_]]:
    """Window means of the named tracks of one person, 0 where unknown, and their labels."""
    rows, labels = [], []
    for phase in person.course.phases:
        if phase.start_s + size[0] > phase.end_s:
            continue
        columns = [
            score.windows(tracks[name], phase, *size)
            if name in tracks
            else np.full(len(score.windows(np.array([]), phase, *size)), nan)
            for name in names
        ]
        part = np.stack(columns, axis=1)
        part = part[~np.isnan(part).all(axis=1)]
        rows.append(np.nan_to_num(part))
        labels.append(np.full(len(part), phase.stress))
    if not rows:
        return np.empty((0, len(names))), np.array([], dtype=bool)
    return np.concatenate(rows), np.concatenate(labels)


def _probabilities(people: Sequence[Examined], size: tuple[float, float]) -> dict[str, Any]:
    """Calibration of P(high): as told, and mapped to the set's stress by the other people."""
    tables = [_table(p, (AROUSAL, CHANCE), size, p.course.tracks) for p in people]
    rows, labels = [rows for rows, _ in tables], [labels for _, labels in tables]
    told = np.concatenate([r[:, 1] for r in rows])
    truth = np.concatenate(labels)
    mapped = np.concatenate(score.left_out([r[:, 1:] for r in rows], labels, equal=False))
    known = ~np.isnan(mapped)
    steps = score.reliability(mapped[known], truth[known])
    return {
        "ece": score.ece(steps),
        "brier": score.brier(mapped[known], truth[known]),
        "reliability": steps,
        "ece_as_told": score.ece(score.reliability(told, truth)),
        "brier_as_told": score.brier(told, truth),
        "reliability_as_told": score.reliability(told, truth),
        "share_of_stress": float(truth.mean()) if len(truth) else nan,
    }


def _names(people: Sequence[Examined]) -> list[str]:
    return sorted({name for person in people for name in person.course.z})


def _organ(name: str) -> str:
    organ = "heart" if name == FAST else PRIORS[name].organ
    return next(title for title, organs in ORGANS.items() if organ in organs)


def _learnt(
    people: Sequence[Examined], size: tuple[float, float], rows: list[dict[str, Any]]
) -> dict[str, Any]:
    """A logistic regression on the z of all features, each person left out in turn."""
    names = _names(people)
    whole = _regression(people, names, size)
    for row, value in zip(rows, whole["each"], strict=True):
        row["loso_auc"] = value
    organs = sorted({_organ(name) for name in names})
    alone = {
        organ: _regression(people, [n for n in names if _organ(n) == organ], size)
        for organ in organs
    }
    return {
        "loso_auc": score.mean(whole["each"]),
        "loso_auc_ci": score.interval(whole["each"]),
        "loso_auc_pooled": whole["pooled"],
        "loso_balanced_accuracy": score.mean(whole["accuracy"]),
        "loso_auc_alone": {organ: score.mean(one["each"]) for organ, one in alone.items()},
        "loso_auc_alone_pooled": {organ: one["pooled"] for organ, one in alone.items()},
        "loso_features": names,
    }


def _regression(
    people: Sequence[Examined], names: Sequence[str], size: tuple[float, float]
) -> dict[str, Any]:
    if not names:
        return {"each": [nan] * len(people), "accuracy": [], "pooled": nan}
    tables = [_table(p, names, size, p.course.z) for p in people]
    chances = score.left_out([t for t, _ in tables], [labels for _, labels in tables])
    each, accuracy = [], []
    for found, (_, labels) in zip(chances, tables, strict=True):
        each.append(score.auc(found[labels], found[~labels]))
        if len(set(labels.tolist())) == 2 and not np.isnan(found).any():
            right = float((found[labels] > 0.5).mean()), float((found[~labels] <= 0.5).mean())
            accuracy.append(sum(right) / 2)
    every, truth = np.concatenate(chances), np.concatenate([labels for _, labels in tables])
    return {"each": each, "accuracy": accuracy, "pooled": score.auc(every[truth], every[~truth])}


def _transfer(
    people: Sequence[Examined], other: Sequence[Examined], size: tuple[float, float]
) -> float:
    """Fitted on the people of another set, scored on these: mean AUC within a person."""
    names = [name for name in _names(other) if name in _names(people)]
    if not names:
        return nan
    theirs = [_table(p, names, _size(other), p.course.z) for p in other]
    table, labels = np.concatenate([t for t, _ in theirs]), np.concatenate([x for _, x in theirs])
    if len(set(labels.tolist())) < 2:
        return nan
    scale = np.sqrt((table**2).mean(axis=0)) + 1e-9
    weights = score.fit(table / scale, labels)
    each = []
    for person in people:
        mine, truth = _table(person, names, size, person.course.z)
        found = score.chance(mine / scale, weights)
        each.append(score.auc(found[truth], found[~truth]))
    return score.mean(each)


def words(report: dict[str, Any]) -> str:
    """The figures as a person reads them, controls beside them."""
    lines = [
        f"{report['n']} people, windows of {report['window_s']:.0f} s, streamed and causal",
        f"drift-balanced AUC {_n(report['auc_balanced_mean'])} {_ci(report['auc_balanced_ci'])}; "
        f"over plain mean-z {_n(report['gain_over_mean_z'])} {_ci(report['gain_over_mean_z_ci'])}; "
        f"controls: elapsed time {_n(report['control_time_balanced'])}, "
        f"motion {_n(report['control_motion_balanced'])}",
        f"naive AUC {_n(report['auc_60s_mean'])}, by second {_n(report['auc_1s_median'])} "
        f"(median), {report['below_060']} people below 0.60; controls: elapsed time "
        f"{_n(report['control_time'])}, motion {_n(report['control_motion'])}",
        f"learnt, each person left out: AUC {_n(report['loso_auc'])}, balanced accuracy "
        f"{_n(report['loso_balanced_accuracy'])}; calibration error {_n(report['ece'])}",
    ]
    rated = report.get("rated")
    if rated:
        lines.append(
            f"{rated['n']} ratings: the 90 % interval held {_n(rated['coverage'])} of them, with a "
            f"rating's own noise {_n(rated['coverage_noisy'])}; correlation within a person "
            f"{_n(rated['within_r'])}"
        )
    for row in report["per_subject"]:
        lines.append(
            f"  {row['subject']:12} balanced {_n(row['auc_balanced'])}  naive {_n(row['auc_60s'])}"
            f"  known {row['known_share']:.0%}" + (f"  {row['problem']}" if row["problem"] else "")
        )
    return "\n".join(lines)


def _n(value: float | None) -> str:
    return "not known" if value is None else f"{value:.3f}"


def _ci(value: Sequence[float] | None) -> str:
    return "" if value is None else f"[{value[0]:.3f}, {value[1]:.3f}]"


def _finite(value: Any) -> Any:
    """Short numbers, and null for what is not known: JSON has no NaN."""
    if isinstance(value, float):
        return None if isnan(value) else round(value, 4)
    if isinstance(value, dict):
        return {name: _finite(inner) for name, inner in value.items()}
    return [_finite(inner) for inner in value] if isinstance(value, list | tuple) else value
