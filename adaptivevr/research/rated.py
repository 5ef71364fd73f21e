"""What people rated beside the recordings, and whether the stated interval held it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot, isfinite, nan, sqrt
from pathlib import Path
from typing import Any

from adaptivevr.arousal import RATING_SD
from adaptivevr.errors import BadRecording
from adaptivevr.research import score
from adaptivevr.research.labelled import lines_of
from adaptivevr.research.score import Track

FILE = "ratings.csv"
COLUMNS = ("subject", "time_s", "rating")
MOST = 100.0
Z90 = 1.645
LEAST = 3
LOOK_S = 5
"""An answer is held against the mean of the seconds before it, in which it was found."""


@dataclass(frozen=True, slots=True)
class Rating:
    """One answer: when it was given, and how much of the scale it was, 0..1."""

    time_s: float
    share: float


def ratings_of(folder: Path) -> dict[str, tuple[Rating, ...]]:
    """The ratings of a folder by subject, empty without ratings.csv.

    Columns: subject, time_s (from the first sample), rating, and if need be `max` (the top of
    the scale, 100 without it). Raises BadRecording in one sentence when a line cannot be read.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    found: dict[str, list[Rating]] = {}
    for number, row in lines_of(path, COLUMNS):
        time_s, value = _number(row["time_s"]), _number(row["rating"])
        most = _number(row.get("max") or str(MOST))
        if not (isfinite(time_s) and most > 0.0 and 0.0 <= value <= most):
            raise BadRecording(
                f"Expected seconds and a rating from 0 to the scale's max, line {number} of "
                f"'{path}' has {row['time_s']!r}, {row['rating']!r}; correct it."
            )
        subject = (row["subject"] or "").strip()
        found.setdefault(subject, []).append(Rating(time_s, value / most))
    return {subject: tuple(rows) for subject, rows in found.items()}


def held(
    tracks: Mapping[str, tuple[Track, Track]], rated: Mapping[str, Sequence[Rating]]
) -> dict[str, Any] | None:
    """How often the 90 % interval held what was rated; None without ratings.

    tracks: (level, sd) second by second of each subject, NaN where unknown. coverage: of the
    interval as told. coverage_noisy: with the noise of a rating itself (0.2 of the scale) added.
    within_r: mean correlation of level and rating within a person, of those with three or more.
    """
    if not rated:
        return None
    inside = noisy = total = 0
    each: list[float] = []
    for subject, rows in rated.items():
        level, sd = tracks.get(subject, (None, None))
        if level is None or sd is None:
            continue
        pairs = [(_before(level, r.time_s), _before(sd, r.time_s), r.share) for r in rows]
        known = [(x, s, y) for x, s, y in pairs if x == x and s == s]
        total += len(known)
        inside += sum(abs(x - y) <= Z90 * s for x, s, y in known)
        noisy += sum(abs(x - y) <= Z90 * hypot(s, RATING_SD) for x, s, y in known)
        each.append(correlation([x for x, _, _ in known], [y for _, _, y in known]))
    if not total:
        return {"n": 0, "coverage": nan, "coverage_noisy": nan, "within_r": nan}
    return {
        "n": total, "coverage": inside / total, "coverage_noisy": noisy / total,
        "within_r": score.mean(each), "within_r_ci": score.interval(each),
    }  # fmt: skip


def correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Pearson's r, NaN from fewer than three pairs or without spread.

    >>> round(correlation([0.1, 0.2, 0.4], [0.0, 0.3, 0.5]), 3)
    0.954
    """
    if len(one) < LEAST:
        return nan
    a, b = sum(one) / len(one), sum(other) / len(other)
    up = sum((x - a) * (y - b) for x, y in zip(one, other, strict=True))
    spread = sqrt(sum((x - a) ** 2 for x in one) * sum((y - b) ** 2 for y in other))
    return up / spread if spread > 1e-12 else nan


def _before(track: Track, time_s: float) -> float:
    end = int(time_s) + 1
    part = track[max(end - LOOK_S, 0) : max(end, 0)]
    known = [float(value) for value in part if value == value]
    return sum(known) / len(known) if known else nan


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return nan
