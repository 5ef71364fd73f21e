"""The guided steps of a calibration, and what an induction tells about one person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from calibration.baseline import QUIET_LEVEL, Baseline, Reference
from calibration.collector import Summary
from calibration.prior import OVERLAP, PRIORS, SHRINKAGE, Prior

INDUCED_LEVEL = 0.5
"""Arousal during an induction, when the patient does not rate it (science: B3)."""
SILENT_SHARE = 0.05
RESPONDS_T = 2.0
CALIBRATED_SCALE_SD = 0.3
"""With 0.22 (science: B3) the 90 % interval held 84 % in simulated patients, with 0.3 91 %."""
UNCERTAIN_ANCHOR = 0.2
"""The induced level is itself known to 20 % at best."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a calibration as the patient reads it.

    collects: "fit", "quiet", "closed", "paced", "induced", "recovery", or "" for nothing.
    needs: kinds of sensors without which the step is left out. daily: also part of the short
    refresh on later days. rate: ask for a rating at its end.
    """

    name: str
    title: str
    seconds: float
    instruction: str
    collects: str = ""
    needs: tuple[str, ...] = ()
    daily: bool = False
    daily_seconds: float = 0.0
    rate: bool = False


STEPS = (
    Step(
        "fit",
        "Do the sensors sit well?",
        60.0,
        "Sit comfortably and keep still. Then take one deep sigh, blink three times and clench "
        "your teeth once.",
        "fit",
        daily=True,
        daily_seconds=60.0,
    ),
    Step("settle", "Settling in", 240.0, "Look around and get used to the place. Nothing happens."),
    Step(
        "quiet",
        "Your quiet",
        300.0,
        "Keep your eyes open and rest. You need not do anything and need not try to relax.",
        "quiet",
        daily=True,
        daily_seconds=120.0,
        rate=True,
    ),
    Step(
        "closed",
        "Eyes closed",
        120.0,
        "Close your eyes and keep still until you hear the tone.",
        "closed",
        needs=("eeg",),
    ),
    Step(
        "paced",
        "Slow breathing",
        120.0,
        "Breathe with the ball: in while it grows, out while it shrinks. Light breaths, no effort.",
        "paced",
        needs=("ecg", "ppg", "rr"),
    ),
    Step(
        "induced",
        "A little challenge",
        150.0,
        "Count down from 1000 in steps of 7, silently and as fast as you can. After a mistake "
        "simply go on.",
        "induced",
        rate=True,
    ),
    Step("recovery", "Rest again", 180.0, "Well done. Rest with your eyes open.", "recovery"),
)


def plan(kinds: Collection[str], *, first: bool = True) -> tuple[Step, ...]:
    """The steps for the sensors at hand; on later days only the short refresh.

    >>> [step.name for step in plan(["ecg"], first=False)]
    ['fit', 'quiet']
    """
    possible = [s for s in STEPS if not s.needs or any(kind in kinds for kind in s.needs)]
    if first:
        return tuple(possible)
    return tuple(replace(step, seconds=step.daily_seconds) for step in possible if step.daily)


def calibrated(
    quiet: Baseline,
    induced: Sequence[Summary],
    *,
    level: float = INDUCED_LEVEL,
    priors: Mapping[str, Prior] = PRIORS,
) -> Baseline:
    """A person's own slopes from a quiet phase and an induction, shrunk to the population's.

    level: arousal during the induction, 0.5 or the patient's rating (0..1, from 0.2 on). A
    feature that moves the wrong way, or by less than its own doubt, counts as not responding
    in this person. When neither heart nor skin responds clearly (t > 2), the slopes are not
    this person's and the baseline stays prior_only: automation remains limited.

    Raises ValueError when level is not within 0.2..1.
    """
    if not 0.2 <= level <= 1.0:
        raise ValueError(f"an induction needs a level of 0.2 to 1, it was {level}: use 0.5")
    seen = {summary.name: summary for summary in induced}
    references: list[Reference] = []
    sure = False
    for reference in quiet.references:
        prior, summary = priors.get(reference.name), seen.get(reference.name)
        site = summary is None or reference.stream in ("", summary.stream)
        if prior is None or summary is None or reference.offset is None or not site:
            references.append(reference)
            continue
        made, t = _slope(reference, summary, prior, level)
        references.append(made)
        sure = sure or (t > RESPONDS_T and prior.organ in ("heart", "skin level", "skin drive"))
    return replace(
        quiet,
        references=tuple(references),
        scale_sd=CALIBRATED_SCALE_SD if sure else quiet.scale_sd,
        prior_only=not sure,
        note=" ".join([quiet.note, "" if sure else "Neither heart nor skin responded."]).strip(),
    )


def _slope(
    reference: Reference, summary: Summary, prior: Prior, level: float
) -> tuple[Reference, float]:
    """The reference with this person's slope, and how sure the response was (t)."""
    offset = reference.offset or 0.0
    middle = offset + QUIET_LEVEL * reference.slope
    rise = summary.middle - middle
    doubt = sqrt(
        reference.sd**2 * OVERLAP / max(reference.samples, OVERLAP)
        + summary.sd**2 * OVERLAP / max(summary.seconds, OVERLAP)
    )
    t = rise / doubt * (1.0 if prior.slope > 0 else -1.0)
    if t < 1.0:
        slope = SILENT_SHARE * prior.slope
    else:
        own = rise / level
        own_variance = (doubt / level) ** 2 + (UNCERTAIN_ANCHOR * own) ** 2
        prior_variance = (SHRINKAGE * prior.slope) ** 2
        slope = (own * prior_variance + prior.slope * own_variance) / (
            own_variance + prior_variance
        )
    made = replace(reference, slope=slope, offset=middle - QUIET_LEVEL * slope, responsive=t >= 1.0)
    return made, t
