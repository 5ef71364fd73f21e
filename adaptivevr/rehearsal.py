"""The calibration a simulated patient brings along: taken from the same person, another day."""

from collections.abc import Sequence

from adaptivevr.signals import Signals, canonical
from calibration.baseline import Baseline
from calibration.collector import Collector, Refusal, Summary
from calibration.prior import population
from calibration.steps import calibrated
from sensors.feature import Feature
from sensors.patient import Patient, Seen

_QUIET_S = 180.0
_EFFORT_S = 150.0
_SETTLE_S = 30.0  # arousal and the 30 s windows need this long to follow
_STEP_S = 0.5


def stored_calibration(kind: str, seed: int, name: str) -> Baseline:
    """Quiet, then mental arithmetic, at the speed of the machine: this person's own slopes.

    Beats and skin only; the slopes of other features stay the population's. Somebody who
    gives no usable signal (`none`) has the population's throughout.

    >>> stored_calibration("normal", 1, "ada").prior_only
    False
    """
    patient = Patient(kind, seed, detail="features", artefacts=False)
    signals = Signals()
    quiet = _phase(patient, signals, _QUIET_S, Seen(), name)
    made = quiet.baseline(patient.now_s)
    if isinstance(made, Refusal):
        return population(name)
    effort = Seen(effort=0.5)
    _phase(patient, signals, _SETTLE_S, effort, name)
    induced: Sequence[Summary] = _phase(patient, signals, _EFFORT_S, effort, name).summaries(
        patient.now_s
    )
    return _complete(calibrated(made, induced), population(name))


def _phase(patient: Patient, signals: Signals, seconds: float, seen: Seen, name: str) -> Collector:
    collector = Collector(seconds, name)
    for _ in range(int(seconds / _STEP_S)):
        features: tuple[Feature, ...] = signals.update(canonical(patient.step(_STEP_S, seen)))
        collector.update(patient.now_s, features)
    return collector


def _complete(own: Baseline, rest: Baseline) -> Baseline:
    known = {reference.name for reference in own.references}
    others = tuple(r for r in rest.references if r.name not in known)
    return Baseline(
        id=own.id, patient=own.patient, references=own.references + others,
        scale_sd=own.scale_sd, prior_only=own.prior_only,
        note="calibrated on another day: quiet, then mental arithmetic",
    )  # fmt: skip
