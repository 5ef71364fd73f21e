"""At which breathing rate this heart swings most: the stepped assessment of resonance.

Rates and choice after Lehrer 2000 and Shaffer & Meehan 2020, simplified to three measures: two
minutes at each of five rates, of which the last 90 s count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, log, pi, sin, sqrt

RATES_PER_MIN = (6.5, 6.0, 5.5, 5.0, 4.5)
TRIAL_S = 120.0
COUNTS_S = 90.0
DEFAULT_PER_MIN = 6.0
FLAT = 0.5
"""Scores that lie closer together than this tell nothing: six breaths a minute then."""
TIE = 0.1
MOST_ARTEFACTS = 0.05
LF_HZ = tuple(0.04 + 0.0025 * step for step in range(45))  # 0.04 to 0.15
NEAR_HZ = 0.015
LEAST_BEATS = 40
# A spread of the measures between rates below this is noise, not preference.
FLOORS = (2.0, 0.3, 0.05)
WEIGHTS = (0.5, 0.3, 0.2)


@dataclass(frozen=True, slots=True)
class Trial:
    """One breathing rate: how the heart followed it.

    swing_bpm: peak to trough of the heart rate, mean over breaths. ln_peak: ln of the largest
    power between 0.04 and 0.15 Hz (bpm^2). coherence: share of power around it. artefacts:
    share of beats that could not be believed.
    """

    per_min: float
    swing_bpm: float
    ln_peak: float
    coherence: float
    artefacts: float


@dataclass(frozen=True, slots=True)
class Resonance:
    """The breathing rate to train with; sure False: the usual six, and the note says why."""

    per_min: float
    sure: bool
    note: str
    scores: tuple[tuple[float, float], ...] = ()


def trial(per_min: float, beats: Sequence[tuple[float, float, bool]]) -> Trial | None:
    """What one rate gave; None when there were too few beats.

    beats: (time_s, interval_s, believed) of the trial's last 90 s.
    """
    good = [(at_s, 60.0 / rr_s) for at_s, rr_s, fine in beats if fine and rr_s > 0.25]
    if len(good) < LEAST_BEATS:
        return None
    swing = _swing_bpm(good, 60.0 / per_min)
    powers = _powers(good)
    total = sum(powers)
    top = max(range(len(powers)), key=powers.__getitem__)
    near = sum(p for f, p in zip(LF_HZ, powers, strict=True) if abs(f - LF_HZ[top]) <= NEAR_HZ)
    share = near / total if total > 0.0 else 0.0
    artefacts = 1.0 - len(good) / len(beats)
    return Trial(per_min, swing, log(max(powers[top], 1e-9)), share, artefacts)


def choose(trials: Sequence[Trial]) -> Resonance:
    """The rate with the best score; ties go to the faster one.

    J = 0.5 z(swing) + 0.3 z(ln of the highest LF peak) + 0.2 z(coherence), z over the trials.
    Six a minute, and not sure, when fewer than three trials are clean or J hardly differs.

    >>> def follows(per_min, swing): return Trial(per_min, swing, 2.0 + swing / 10, 0.6, 0.0)
    >>> choose([follows(6.5, 8.0), follows(6.0, 9.0), follows(5.5, 15.0)]).per_min
    5.5
    """
    clean = [one for one in trials if one.artefacts <= MOST_ARTEFACTS]
    if len(clean) < 3:
        return Resonance(
            DEFAULT_PER_MIN, False,
            f"Fewer than three of {len(trials)} breathing rates gave clean beats: "
            f"{DEFAULT_PER_MIN:g} a minute is used.",
        )  # fmt: skip
    columns = [
        [one.swing_bpm for one in clean], [one.ln_peak for one in clean],
        [one.coherence for one in clean],
    ]  # fmt: skip
    rows = [_z(column, floor) for column, floor in zip(columns, FLOORS, strict=True)]
    scores = [
        sum(weight * row[i] for weight, row in zip(WEIGHTS, rows, strict=True))
        for i in range(len(clean))
    ]
    table = tuple((one.per_min, score) for one, score in zip(clean, scores, strict=True))
    if max(scores) - min(scores) < FLAT:
        return Resonance(
            DEFAULT_PER_MIN, False,
            "The heart followed all breathing rates alike: "
            f"{DEFAULT_PER_MIN:g} a minute is used.", table,
        )  # fmt: skip
    best = max(scores)
    per_min = max(rate for rate, score in table if score >= best - TIE)
    return Resonance(
        per_min, True, f"The heart swings most at {per_min:g} breaths a minute.", table
    )


def _z(values: Sequence[float], floor: float) -> list[float]:
    middle = sum(values) / len(values)
    spread = sqrt(sum((v - middle) ** 2 for v in values) / len(values))
    return [(v - middle) / max(spread, floor) for v in values]


def _swing_bpm(rates: Sequence[tuple[float, float]], breath_s: float) -> float:
    """Mean over breaths of the highest minus the lowest heart rate."""
    start_s, end_s = rates[0][0], rates[-1][0]
    swings = []
    while start_s + breath_s <= end_s + 0.5:
        inside = [bpm for at_s, bpm in rates if start_s <= at_s < start_s + breath_s]
        if len(inside) >= 3:
            swings.append(max(inside) - min(inside))
        start_s += breath_s
    return sum(swings) / len(swings) if swings else 0.0


def _powers(rates: Sequence[tuple[float, float]]) -> list[float]:
    """Power (bpm^2) at the frequencies of LF_HZ, by the sine that fits each best, tapered."""
    first_s, length_s = rates[0][0], max(rates[-1][0] - rates[0][0], 1.0)
    weights = [
        (0.5 - 0.5 * cos(2.0 * pi * (at_s - first_s) / length_s)) * 60.0 / bpm
        for at_s, bpm in rates
    ]
    whole = sum(weights)
    middle = sum(w * bpm for w, (_, bpm) in zip(weights, rates, strict=True)) / whole
    powers = []
    for hz in LF_HZ:
        turn = 2.0 * pi * hz
        real = imaginary = 0.0
        for weight, (at_s, bpm) in zip(weights, rates, strict=True):
            part = weight * (bpm - middle)
            real += part * cos(turn * (at_s - first_s))
            imaginary += part * sin(turn * (at_s - first_s))
        powers.append((2.0 * hypot(real, imaginary) / whole) ** 2 / 2.0)
    return powers
