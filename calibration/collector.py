"""The quiet phase: what comes in while nothing happens, and whether it is good enough."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp, isfinite, log, sqrt
from statistics import median

from calibration.baseline import QUIET_LEVEL, Baseline, Reference
from calibration.prior import OVERLAP, PRIORS, Prior
from sensors.feature import Feature, Status

GOOD_QUALITY = 0.5
COVERS_S = 3.0
"""One good reading vouches for the time up to the next, at most this long."""
LONG_S = 60.0
"""From this length on only windows that lie within the phase count."""
SHORT_WINDOW_S = 4.0
LEAST_VALID: Mapping[str, float] = {"brain": 0.6}
LEAST_VALID_ELSE = 0.8
LEAST_LOOSE = 0.3
STILL_G = 0.03
HEART_SLOPE_BPM_PER_MIN = 1.5
SKIN_SLOPE_US_PER_MIN = 0.3
SLOPE_OVER_S = 120.0
PRIOR_COUNT = 5.0
"""The population's noise counts as much as five independent readings."""
UNCALIBRATED_SCALE_SD = 0.28
MOST_READINGS = 20_000
WORDS = {
    "heart": ("Heart rate", "wet or press the chest or finger sensor"),
    "vagus": ("Heart rate variability", "sit still and check the heart sensor"),
    "skin level": ("Skin conductance", "press the skin electrodes on, or change them"),
    "skin drive": ("Skin responses", "press the skin electrodes on, or change them"),
    "brain": ("EEG alpha", "wet or press the EEG electrodes and relax the jaw"),
}
_BAD = frozenset({Status.FLAT, Status.CLIPPED, Status.DETACHED})


@dataclass(frozen=True, slots=True)
class Summary:
    """How one feature of one stream stood during a phase.

    middle: median. sd: robust, never below the feature's floor. seconds: good time that went
    into it. valid: share of the phase that was good. slope_per_min: its trend at the end.
    """

    name: str
    stream: str
    unit: str
    middle: float
    sd: float
    seconds: float
    valid: float
    quality: float
    slope_per_min: float

    @property
    def middle_sd(self) -> float:
        """How far the true middle may lie off: few independent readings, and a trend."""
        spread = self.sd * sqrt(OVERLAP / max(self.seconds, 1.0))
        trend = self.slope_per_min * self.seconds / 60.0 / 4.0
        return sqrt(min(spread, self.sd) ** 2 + trend**2)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a phase gives no baseline: one sentence a reason, each with what to do."""

    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    time_s: float
    begun_s: float
    value: float
    quality: float
    good: bool


class Collector:
    """Collects features while a person sits quietly, and turns them into a baseline.

    Looks at the last `seconds` only, so that a phase that was refused can simply go on until
    it is good. strict (a stored calibration) refuses when any sensor that is there is not
    good enough; otherwise such a feature is left out with a note, and only a phase with
    nothing usable is refused.
    """

    def __init__(
        self,
        seconds: float,
        patient: str = "",
        *,
        strict: bool = False,
        priors: Mapping[str, Prior] | None = None,
    ) -> None:
        self.seconds = seconds
        self.patient = patient
        self.strict = strict
        self._priors = PRIORS if priors is None else priors
        self._start_s: float | None = None
        self._readings: dict[tuple[str, str], list[_Reading]] = {}
        self._units: dict[tuple[str, str], str] = {}
        self._motion: list[tuple[float, float]] = []

    def update(self, now_s: float, features: Sequence[Feature]) -> None:
        """Takes the features that came by now_s."""
        if self._start_s is None:
            self._start_s = now_s
        oldest_s = now_s - self.seconds
        for feature in features:
            value = feature.value
            fine = value is not None and isfinite(value)
            if feature.name == "motion":
                if fine and len(self._motion) < MOST_READINGS:
                    self._motion.append((feature.time_s, value or 0.0))
                continue
            key = (feature.name, feature.stream)
            if feature.name not in self._priors or feature.time_s < self._start_s:
                continue
            kept = self._readings.setdefault(key, [])
            if len(kept) >= MOST_READINGS:
                kept[:] = [reading for reading in kept if reading.time_s >= oldest_s]
            self._units[key] = feature.unit
            good = fine and feature.quality >= GOOD_QUALITY and feature.status not in _BAD
            begun_s = feature.time_s - feature.window_s
            made = _Reading(feature.time_s, begun_s, value or 0.0, feature.quality, good)
            kept.append(made)

    def progress(self, now_s: float) -> float:
        """How much of the phase has passed, 0..1."""
        if self._start_s is None:
            return 0.0
        return min(1.0, (now_s - self._start_s) / max(self.seconds, 1e-9))

    def summaries(self, now_s: float) -> tuple[Summary, ...]:
        """How each feature stood in the last `seconds`, the best stream of each name."""
        best: dict[str, Summary] = {}
        for (name, stream), readings in self._readings.items():
            made = self._summary(now_s, name, stream, readings)
            if made is None:
                continue
            other = best.get(name)
            if other is None or made.valid * made.quality > other.valid * other.quality:
                best[name] = made
        return tuple(best.values())

    def baseline(self, now_s: float) -> Baseline | Refusal:
        """The baseline of this phase with population slopes, or why there is none."""
        found = self.summaries(now_s)
        reasons = [*self._movement(now_s)]
        references: list[Reference] = []
        for summary in found:
            organ = self._priors[summary.name].organ
            wrong = self._wrong(summary, organ)
            if wrong and self.strict:
                reasons.append(wrong)
            elif summary.valid >= (LEAST_VALID_ELSE if self.strict else LEAST_LOOSE):
                references.append(self._reference(summary))
                continue
            elif wrong and not self.strict:
                reasons.append(wrong)
        missing = {name for name, _ in self._readings} - {summary.name for summary in found}
        reasons += [_sentence(self._priors[name].organ, 0.0) for name in sorted(missing)]
        if not references and not reasons:
            reasons.append(
                "A baseline needs heart, skin or EEG features, none came: "
                "check that a sensor sends."
            )
        reasons = list(dict.fromkeys(reasons))
        if not references or (self.strict and reasons):
            return Refusal(tuple(reasons))
        return Baseline(
            id=f"quiet-{now_s:.1f}",
            patient=self.patient,
            references=tuple(references),
            scale_sd=UNCALIBRATED_SCALE_SD,
            prior_only=True,
            note=" ".join(reasons),
        )

    def _summary(
        self, now_s: float, name: str, stream: str, readings: list[_Reading]
    ) -> Summary | None:
        start_s = max(self._start_s or 0.0, now_s - self.seconds)
        inside = [r for r in readings if start_s <= r.time_s <= now_s]
        good = [r for r in inside if r.good]
        settled = [r for r in good if r.begun_s >= start_s]
        # A phase too short for its windows takes what there is rather than nothing; the wide
        # middle_sd says how little that is.
        if self.seconds >= LONG_S or len(settled) * 2 >= len(good):
            good = settled
        else:
            good = [r for r in good if r.time_s - r.begun_s >= SHORT_WINDOW_S]
        if len(good) < 3:
            return None
        first_s = min(r.time_s for r in inside if r.time_s >= good[0].time_s)
        times = [r.time_s for r in good] + [now_s]
        steps = [min(b - a, COVERS_S) for a, b in pairwise(times)]
        seconds = sum(step for step in steps if step > 0.0)
        waited_s = min(good[0].time_s - good[0].begun_s, (now_s - start_s) / 2)
        could_s = max(now_s - max(start_s, min(first_s, start_s + waited_s)), 1e-9)
        values = [r.value for r in good]
        middle = median(values)
        deviation = 1.4826 * median([abs(v - middle) for v in values])
        return Summary(
            name=name,
            stream=stream,
            unit=self._units[(name, stream)],
            middle=middle,
            sd=max(deviation, self._priors[name].floor),
            seconds=seconds,
            valid=min(1.0, seconds / could_s),
            quality=sum(r.quality for r in good) / len(good),
            slope_per_min=_slope_per_min([r for r in good if r.time_s >= now_s - SLOPE_OVER_S]),
        )

    def _reference(self, summary: Summary) -> Reference:
        prior = self._priors[summary.name]
        count = summary.seconds / OVERLAP
        variance = (count * summary.sd**2 + PRIOR_COUNT * prior.sd**2) / (count + PRIOR_COUNT)
        pooled = replace(summary, sd=sqrt(variance))
        return Reference(
            name=summary.name,
            unit=summary.unit,
            offset=summary.middle - QUIET_LEVEL * prior.slope,
            slope=prior.slope,
            sd=sqrt(variance),
            samples=round(summary.seconds),
            offset_sd=pooled.middle_sd,
            stream="" if prior.portable else summary.stream,
        )

    def _movement(self, now_s: float) -> list[str]:
        moved = [g for at_s, g in self._motion if at_s >= now_s - self.seconds]
        if not moved or median(moved) < STILL_G:
            return []
        return [
            f"Quiet means movement below {STILL_G} g, it was {median(moved):.2f} g: "
            "sit down, rest the arms and start again."
        ]

    def _wrong(self, summary: Summary, organ: str) -> str:
        """What is wrong with one feature, as a sentence, or nothing."""
        if summary.valid < LEAST_VALID.get(organ, LEAST_VALID_ELSE):
            return _sentence(organ, summary.valid)
        slope = abs(summary.slope_per_min)
        if organ == "heart" and slope > HEART_SLOPE_BPM_PER_MIN:
            return (
                f"Heart rate should change by at most {HEART_SLOPE_BPM_PER_MIN} beats/min a "
                f"minute at rest, it changed by {slope:.1f}: wait until it has settled."
            )
        if organ == "skin level":
            rise_us = exp(min(summary.middle, log(1000.0))) * slope
            if rise_us > SKIN_SLOPE_US_PER_MIN:
                return (
                    f"Skin conductance should change by at most {SKIN_SLOPE_US_PER_MIN} uS a "
                    f"minute at rest, it changed by {rise_us:.1f}: let the electrodes warm up."
                )
        return ""


def _sentence(organ: str, valid: float) -> str:
    title, remedy = WORDS[organ]
    least = LEAST_VALID.get(organ, LEAST_VALID_ELSE)
    return f"{title} must be usable {least:.0%} of the time, it was {valid:.0%}: {remedy}."


def _slope_per_min(readings: list[_Reading]) -> float:
    """Middle of the second half minus middle of the first: a trend that one bad stretch,
    unlike least squares, cannot make."""
    half = len(readings) // 2
    if half < 5:
        return 0.0
    early, late = readings[:half], readings[half:]
    apart_s = median([r.time_s for r in late]) - median([r.time_s for r in early])
    if apart_s < 5.0:
        return 0.0
    rise = median([r.value for r in late]) - median([r.value for r in early])
    return rise / apart_s * 60.0
