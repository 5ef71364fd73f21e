"""The guided steps of a calibration, and what an induction tells about one person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from calibration.baseline import QUIET_LEVEL, Baseline, Reference
from calibration.collector import Summary
from calibration.prior import OVERLAP, PRIORS, SHRINKAGE, Prior
from calibration.resonance import RATES_PER_MIN, TRIAL_S

INDUCED_LEVEL = 0.5
"""Arousal during an induction, when the patient does not rate it (sources: B3)."""
SILENT_SHARE = 0.05
RESPONDS_T = 2.0
CALIBRATED_SCALE_SD = 0.3
"""With 0.22 (sources: B3) the 90 % interval held 84 % in simulated patients, with 0.3 91 %."""
UNCERTAIN_ANCHOR = 0.2
"""The induced level is itself known to 20 % at best."""


INDUCED_SD, RATED_SD = 0.2, 0.25
"""How far mental arithmetic lies from 0.5 in people, and a rating from the body's arousal."""
LEAST_LEVEL = 0.2
KEEPS = 0.7
"""Of a slope measured before, when it is measured again with the same sensors (sources: D)."""


@dataclass(frozen=True, slots=True)
class Guide:
    """Which guided calibration a session begins with.

    id: the name that what comes of it is stored under. full: the whole of it, else the short
    refresh of a later day. why: why a full one is done although one is stored. resonance: also
    find the breathing rate that swings the heart most (10 minutes more). offered: asked first,
    and left out when nobody says yes while the therapy's own quiet phase lasts.
    """

    id: str
    full: bool = True
    why: str = ""
    resonance: bool = False
    offered: bool = False


@dataclass(frozen=True, slots=True)
class Cue:
    """Something the patient is told within a step, after so many seconds of it."""

    after_s: float
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a calibration as the patient reads it.

    collects: "fit", "quiet", "closed", "paced", "resonance", "induced", "recovery", or "" for
    nothing. needs: kinds of sensors without which the step is left out. daily: also part of the
    short refresh on later days. rate: ask for a rating at its end. cues: what else is said
    within it. stays: the instruction stays before the eyes until the step ends. breaths_per_min:
    the pacer's, 0 without one.
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
    cues: tuple[Cue, ...] = ()
    stays: bool = False
    breaths_per_min: float = 0.0


HEART = ("ecg", "ppg", "rr")

STEPS = (
    Step(
        "fit",
        "Do the sensors sit well?",
        60.0,
        "Sit comfortably and keep still. In a moment you are asked for a sigh and a few blinks.",
        "fit",
        daily=True,
        daily_seconds=60.0,
        cues=(
            Cue(12.0, "sigh", "Now take one deep sigh."),
            Cue(24.0, "blink", "Blink three times."),
            Cue(32.0, "clench", "Clench your teeth once, and let go."),
            Cue(40.0, "still", "Thank you. Sit still until the next words."),
        ),
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
        "Close your eyes and keep still until you are told to open them.",
        "closed",
        needs=("eeg",),
        stays=True,
    ),
    Step(
        "paced",
        "Slow breathing",
        120.0,
        "Breathe with the ball: in while it grows, out while it shrinks. Light breaths, no effort.",
        "paced",
        needs=HEART,
        breaths_per_min=6.0,
    ),
    Step(
        "induced",
        "A little challenge",
        150.0,
        "Count down from 1000 in steps of 7, silently and as fast as you can. After a mistake "
        "simply go on.",
        "induced",
        rate=True,
        stays=True,
    ),
    Step("recovery", "Rest again", 180.0, "Well done. Rest with your eyes open.", "recovery"),
)

RESONANCE = tuple(
    Step(
        f"resonance {rate:g}",
        f"Slow breathing, {rate:g} a minute",
        TRIAL_S,
        "Breathe with the ball, lightly, without effort. If you feel dizzy, breathe as you like.",
        "resonance",
        needs=HEART,
        breaths_per_min=rate,
    )
    for rate in RATES_PER_MIN
)


def plan(
    kinds: Collection[str], *, first: bool = True, resonance: bool = False
) -> tuple[Step, ...]:
    """The steps for the sensors at hand; on later days only the short refresh.

    resonance: with the assessment of the breathing rate, after the paced step (or at the end).

    >>> [step.name for step in plan(["ecg"], first=False)]
    ['fit', 'quiet']
    """
    chosen = [replace(s, seconds=s.daily_seconds) for s in STEPS if s.daily]
    if first:
        chosen = list(STEPS)
    if resonance:
        names = [step.name for step in chosen]
        at = names.index("paced") + 1 if "paced" in names else len(chosen)
        chosen[at:at] = RESONANCE
    return tuple(s for s in chosen if not s.needs or any(kind in kinds for kind in s.needs))


def anchor(suds: float | None) -> float:
    """Arousal during mental arithmetic, from what people usually show and what this one says.

    The two are weighed by how far each lies off; nobody is taken to have felt less than 0.2.

    >>> anchor(None), round(anchor(80.0), 3), round(anchor(0.0), 3)
    (0.5, 0.617, 0.305)
    """
    if suds is None:
        return INDUCED_LEVEL
    usual, said = INDUCED_SD**-2, RATED_SD**-2
    level = (usual * INDUCED_LEVEL + said * suds / 100.0) / (usual + said)
    return min(max(level, LEAST_LEVEL), 1.0)


def between(before: Baseline, after: Baseline) -> Baseline:
    """`before` with resting points half-way to those of a second rest after the induction.

    Electrodes warm up meanwhile and arousal may not be quite down: half the difference is kept,
    and goes into the doubt as well.
    """
    references = []
    for reference in before.references:
        later = after.of(reference.name)
        if reference.offset is None or later is None or later.offset is None:
            references.append(reference)
            continue
        if reference.stream != later.stream:
            references.append(reference)
            continue
        middle = later.offset + QUIET_LEVEL * later.slope
        half = (middle - QUIET_LEVEL * reference.slope - reference.offset) / 2.0
        doubt = sqrt(reference.offset_sd**2 + half**2)
        references.append(replace(reference, offset=reference.offset + half, offset_sd=doubt))
    return replace(before, references=tuple(references))


def blended(old: Baseline, new: Baseline) -> Baseline:
    """The new calibration with slopes drawn towards the earlier one's: one day's are noisy.

    Only where both days found a response on the same sensor, and both found this person's own.

    >>> heart = Reference("heart_rate", "bpm", 60.0, 20.0, 4.0)
    >>> again = replace(heart, slope=10.0)
    >>> blended(Baseline("a", "p", (heart,)), Baseline("b", "p", (again,))).of("heart_rate").slope
    17.0
    """
    if old.prior_only or new.prior_only:
        return new
    references = []
    for reference in new.references:
        known = old.of(reference.name)
        alike = known is not None and known.stream == reference.stream and known.responsive
        if known is None or not alike or not reference.responsive:
            references.append(reference)
            continue
        slope = KEEPS * known.slope + (1.0 - KEEPS) * reference.slope
        offset = reference.offset
        if offset is not None:
            offset += QUIET_LEVEL * (reference.slope - slope)
        references.append(replace(reference, slope=slope, offset=offset))
    return replace(new, references=tuple(references))


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
