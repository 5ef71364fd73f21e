"""One person's recording streamed through the estimate, exactly as a session would."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from adaptivevr.arousal import Arousal, Estimator
from adaptivevr.research.labelled import DEVICE, Body, Phase
from adaptivevr.research.score import Track
from adaptivevr.signals import Signals
from calibration.baseline import Baseline
from calibration.collector import Collector
from calibration.prior import PRIORS, Prior
from sensors.feature import Feature

SETTLE_S, QUIET_S, LONG_REST_S, SHORT_QUIET_S = 60.0, 120.0, 180.0, 60.0
GOOD_QUALITY = 0.5
HIGH = 0.35
"""Above this level arousal counts as high (sources: B3)."""
SKIN = ("ln_scl", "ln_drive")
FAST = "heart_rate_fast"
LEAST_Z = 10
MOTION, TIME, AROUSAL, CHANCE, MEAN_Z = "motion", "time", "arousal", "chance", "mean_z"
SD = "sd"


@dataclass(frozen=True, slots=True)
class Course:
    """Everything scored about one person: tracks of one value a second, NaN where unknown.

    quiet_s: when the quiet phase began and ended; nothing before its end is scored.
    """

    phases: tuple[Phase, ...]
    quiet_s: tuple[float, float]
    tracks: dict[str, Track]
    z: dict[str, Track]
    problem: str = ""


def features_of(body: Body) -> list[Feature]:
    """All features of one person in the order in which they could be known."""
    signals = Signals()
    found = [feature for chunk in body.chunks for feature in signals.update([chunk])]
    return sorted(found, key=lambda feature: feature.time_s + feature.latency_s)


def device_rates(body: Body) -> list[Feature]:
    """The device's own heart rate as features, for comparison only."""
    return [
        Feature("heart_rate", bpm, "bpm", at_s, DEVICE, place)
        for place, (at_s, bpm) in enumerate(body.device_bpm, start=1)
        if bpm == bpm
    ]


def quiet_of(phases: Sequence[Phase]) -> tuple[float, float] | None:
    """When the quiet phase begins and ends: in the first rest that is long enough."""
    for phase in phases:
        start_s = max(phase.start_s, 0.0)
        length_s = phase.end_s - start_s
        if not phase.stress and length_s >= SETTLE_S + QUIET_S + 60.0:
            return start_s + SETTLE_S, start_s + SETTLE_S + QUIET_S
        if not phase.stress and length_s >= SHORT_QUIET_S:
            return start_s, start_s + SHORT_QUIET_S
    return None


def course(
    body: Body,
    features: Sequence[Feature],
    leave_out: tuple[str, ...] = (),
    priors: Mapping[str, Prior] = PRIORS,
) -> Course:
    """Runs the estimate over a recording, second by second, from what was known by then.

    leave_out: organs (as in calibration.prior) that the estimate may not see. priors: others
    than the population's, to compare them.
    """
    phases = body.phases
    quiet_s = quiet_of(phases)
    count = max(int(max(phase.end_s for phase in phases)) + 1, 1)
    if quiet_s is None:
        why = f"no rest phase of {SHORT_QUIET_S:.0f} s to measure quiet in"
        return Course(phases, (nan, nan), {}, {}, why)
    values = _values(features, count)
    device = _values(device_rates(body), count).get("heart_rate")
    z = {name: _z(track, quiet_s, name) for name, track in values.items() if name != MOTION}
    tracks = {name: np.full(count, nan) for name in (AROUSAL, CHANCE, SD)}
    kept = {name: prior for name, prior in priors.items() if prior.organ not in leave_out}
    problem = _estimate(features, quiet_s, tracks, kept)
    later = np.arange(count) >= quiet_s[1]
    heart = _z(device, quiet_s, "heart_rate") if device is not None else None
    plain = [heart if heart is not None else z.get("pulse_rate", z.get("heart_rate"))]
    plain += [z.get(name) for name in SKIN]
    tracks[MEAN_Z] = _mean([track for track in plain if track is not None], count)
    tracks[TIME] = np.where(later, np.arange(count), nan)
    tracks[MOTION] = np.where(later, values.get(MOTION, np.full(count, nan)), nan)
    return Course(phases, quiet_s, tracks, z, problem)


def _estimate(
    features: Sequence[Feature],
    quiet_s: tuple[float, float],
    tracks: dict[str, Track],
    priors: Mapping[str, Prior],
) -> str:
    """Fills in the level and P(high); says why there is none."""
    collector = Collector(quiet_s[1] - quiet_s[0], "person", priors=priors)
    estimator: Estimator | None = None
    place = 0
    for second in range(len(tracks[AROUSAL])):
        first, now_s = place, float(second)
        while place < len(features) and features[place].time_s + features[place].latency_s <= now_s:
            place += 1
        new = features[first:place]
        if estimator is not None:
            _note(estimator.update(now_s, new), second, tracks)
        elif now_s >= quiet_s[0]:
            collector.update(now_s, new)
            if now_s >= quiet_s[1]:
                made = collector.baseline(now_s)
                if not isinstance(made, Baseline):
                    return " ".join(made.sentences)
                estimator = Estimator(made, priors)
    return ""


def _note(arousal: Arousal, second: int, tracks: dict[str, Track]) -> None:
    if arousal.level is not None:
        tracks[AROUSAL][second] = arousal.level
        tracks[SD][second] = arousal.sd
        tracks[CHANCE][second] = arousal.chance_above(HIGH) or 0.0


def _values(features: Sequence[Feature], count: int) -> dict[str, Track]:
    """The newest good value of each feature, second by second, at most 3 s old."""
    found: dict[str, Track] = {}
    for feature in features:
        usable = feature.name in PRIORS or feature.name in (MOTION, FAST)
        if not usable or feature.value is None or feature.quality < GOOD_QUALITY:
            continue
        track = found.setdefault(feature.name, np.full(count, nan))
        known_s = feature.time_s + feature.latency_s
        first = int(np.ceil(known_s))
        track[max(first, 0) : max(first + 3, 0)] = feature.value
    return found


def _z(track: Track, quiet_s: tuple[float, float], name: str) -> Track:
    """Distance from the quiet phase's median in its robust deviations; NaN until it has ended."""
    quiet = track[int(quiet_s[0]) : int(quiet_s[1])]
    quiet = quiet[~np.isnan(quiet)]
    z = np.full(len(track), nan)
    if len(quiet) < LEAST_Z:
        return z
    prior = PRIORS["heart_rate" if name == FAST else name]
    middle = float(np.median(quiet))
    spread = max(1.4826 * float(np.median(np.abs(quiet - middle))), prior.floor)
    start = int(quiet_s[1])
    z[start:] = (track[start:] - middle) / spread
    return z


def _mean(tracks: Sequence[Track], count: int) -> Track:
    if not tracks:
        return np.full(count, nan)
    table = np.stack(tracks)
    known = ~np.isnan(table)
    total = np.where(known, table, 0.0).sum(axis=0)
    return np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), nan)
