"""How far features move with arousal in people at large, before one person is known."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from calibration.baseline import Baseline, Reference

SHRINKAGE = 0.7
"""A person's slope may differ from the population's by 70 % of it (one standard deviation)."""

OVERLAP = 6.0
"""Samples of one feature a second apart share most of their window and of the body's own slow
swings: six of them count as one (sources: B3, c)."""


@dataclass(frozen=True, slots=True)
class Prior:
    """One feature in the population: what it says, how far it moves from quiet to strongest.

    organ: what it is a view of; two features of one organ are never counted twice.
    sd: noise of one reading. floor: the least noise a quiet phase may claim (median absolute
    deviations of short phases come out far too small). drift_per_root_s: how the resting
    point wanders, in units per square root of a second. portable: any stream will do, as a
    heart rate is the same wherever it is taken. instead_of: another feature of the same
    stream that it replaces while it is usable.
    """

    name: str
    unit: str
    organ: str
    slope: float
    sd: float
    floor: float
    drift_per_root_s: float
    portable: bool = False
    instead_of: str = ""


# Slopes: science B3 (from ECG-GUDB, EEGMAT and Stress-Predict). Drift: at most about 0.15 of
# the scale in a 20-minute exposure, so that a sustained fear cannot be explained away as drift.
# Noise and drift of pulse_rate are the only figures weighed on Stress-Predict itself
# (docs/evaluation.md says among which, and what is left for people held out).
_ALL = (
    Prior("heart_rate", "bpm", "heart", 15.0, 4.0, 2.0, 0.05, portable=True),
    Prior(
        "pulse_rate", "bpm", "heart", 15.0, 3.0, 1.5, 0.02, portable=True, instead_of="heart_rate"
    ),
    Prior("ln_rmssd", "ln ms", "vagus", -1.0, 0.35, 0.15, 0.003),
    Prior("ln_rmssd_prv", "ln ms", "vagus", -0.7, 0.5, 0.2, 0.003),
    Prior("ln_scl", "ln uS", "skin level", 0.35, 0.1, 0.08, 0.0015),
    Prior("ln_drive", "ln uS", "skin drive", 1.8, 0.8, 0.3, 0.006),
    Prior("ln_alpha", "ln uV^2", "brain", -0.4, 0.35, 0.15, 0.002),
    Prior("ln_beta_alpha", "ln", "brain", 0.3, 0.45, 0.15, 0.002),
)

PRIORS: Mapping[str, Prior] = MappingProxyType({prior.name: prior for prior in _ALL})


@dataclass(frozen=True, slots=True)
class Medication:
    """What a person takes or carries that changes how arousal shows (sources: B3)."""

    beta_blocker: bool = False
    anticholinergic: bool = False  # tricyclics, antihistamines, oxybutynin: dry skin
    benzodiazepine: bool = False
    irregular_rhythm: bool = False  # pacemaker or atrial fibrillation


def priors(medication: Medication | None = None) -> dict[str, Prior]:
    """The population priors as they hold for a person on this medication.

    >>> priors(Medication(beta_blocker=True))["heart_rate"].slope
    7.5
    >>> "ln_scl" in priors(Medication(anticholinergic=True))
    False
    """
    took = medication or Medication()
    result = dict(PRIORS)
    if took.beta_blocker:
        # Half the response at twice the noise variance.
        for name in ("heart_rate", "pulse_rate"):
            heart = result[name]
            result[name] = replace(heart, slope=heart.slope / 2, sd=heart.sd * 2**0.5)
    if took.benzodiazepine:
        result = {name: replace(prior, slope=prior.slope * 0.7) for name, prior in result.items()}
    silent = {"skin level", "skin drive"} if took.anticholinergic else set()
    if took.irregular_rhythm:
        silent.add("vagus")
    return {name: prior for name, prior in result.items() if prior.organ not in silent}


def population(patient: str, medication: Medication | None = None) -> Baseline:
    """A stored calibration for simulated patients: population slopes, no offsets yet.

    `refresh` with this session's quiet phase makes it usable. It claims the scale of a
    calibrated person (0.22), which is true of the simulated population only; a real person
    without calibration gets theirs from `Collector.baseline`, with a wider scale and limited
    automation.

    >>> population("ada").of("heart_rate").offset is None
    True
    """
    references = tuple(
        Reference(prior.name, prior.unit, None, prior.slope, prior.sd)
        for prior in priors(medication).values()
    )
    return Baseline(
        "population", patient, references, note="slopes of the population, not of this person"
    )
