"""The single runs that a closed-loop proof is made of; each is one picklable call."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from adaptivevr.session import Session
from adaptivevr.therapy import protocol as protocols
from adaptivevr.therapy.intent import Why
from adaptivevr.tick import Tick
from calibration.baseline import Baseline
from sensors.patient import Patient
from sensors.stream import Kind
from tests.simulation import arms, measures, validation
from tests.simulation.arms import Twist
from tests.simulation.clinic import Guest
from tests.simulation.encounter import BODY_S, START_S, Clinician, Encounter, Track
from tests.simulation.kept import auditor

WAVES = (Kind.ECG, Kind.EDA)
CALM = (0.0, measures.LOW)  # where arousal should lie in a therapy that is not exposure


@dataclass(frozen=True, slots=True)
class Job:
    """What to run: an arm (own, yoked, twist, wave, probe) of a protocol for one guest, or, as
    arm validation, the simulator itself against published figures.

    loads: for a yoked guest, what the other one was shown, one number for each 0.2 s.
    baseline: the guest's calibration of another day, None when it is yet to be taken.
    """

    arm: str
    protocol: str
    guest: Guest
    twist: Twist | None = None
    loads: tuple[float, ...] = ()
    from_s: float = 0.0
    baseline: Baseline | None = None

    @property
    def words(self) -> str:
        """For people, and for a command line that runs it again."""
        return f"{self.arm} {self.protocol} {self.guest.kind} {self.guest.seed}"


def is_exposure(name: str) -> bool:
    """Whether a protocol works by fear in a window, so that time in it means something."""
    return "exposure" in name or name.startswith("trauma")


def run(job: Job) -> dict[str, Any]:
    """One job done: its measures as plain objects."""
    if job.arm == "validation":
        return validation.figures(12)
    if job.arm == "yoked":
        x, _ = arms.under(job.guest, job.loads)
        return measures.dose(x[round(job.from_s / BODY_S) :], BODY_S)
    if is_exposure(job.protocol):
        return exposure(job)
    return course(job)


def exposure(job: Job) -> dict[str, Any]:
    """Forty minutes on eight levels and the cool-down after them; a fixed schedule beside it."""
    protocol = arms.forty_minutes(job.protocol)
    if job.arm == "wave":
        encounter = _waveform(job, protocol)
    else:
        encounter = arms.own(job.guest, protocol, job.twist, job.baseline, keep=False)
    encounter.auditor = auditor(encounter.plan)
    own = encounter.run(arms.SESSION_S)
    found = _dosed(own)
    found["fear"] = arms.remaining_fear(encounter.patient)
    if job.arm == "own":
        quiet_s = protocol.phases.quiet_s
        x, fixed = arms.fixed(job.guest, quiet_s, arms.SESSION_S)
        found["fixed"] = measures.dose(x[round(quiet_s / BODY_S) :], BODY_S)
        found["fixed_fear"] = arms.remaining_fear(fixed)
        every = round(BODY_S * encounter.hz)
        found["loads"] = tuple(own.intensity[every - 1 :: every].round(4).tolist())
        whole = encounter.run(protocol.phases.cooldown_s)
        found["in_window_with_cooldown"] = _dosed(whole)["in_window"]
    return found | _safety(encounter)


def _waveform(job: Job, protocol: Any) -> Encounter:
    plan = arms.plan_of(job.guest, protocol, calibration=job.baseline)
    patient = Patient(job.guest.kind, job.guest.seed, START_S, "waveform", True, WAVES)
    clinician = Clinician(job.guest.seed)
    return Encounter(plan, patient, Session(plan), clinician, hz=60.0, keep=False)


def _dosed(track: Track) -> dict[str, Any]:
    begun = track.began()
    dt_s = float(track.seconds[1] - track.seconds[0])
    shown = track.intensity[begun:]
    minutes = max(len(shown) * dt_s / 60.0, 1e-9)
    return {
        **measures.dose(track.arousal[begun:], dt_s),
        **measures.steps(track, measures.WINDOW),
        "from_s": float(track.seconds[begun]) if begun < len(track.seconds) else 0.0,
        "top_level": float(track.level.max()),
        "reversals_per_10_min": 10.0 * measures.reversals(shown) / minutes,
        "error": float(np.nanmean(np.abs(track.estimate[begun:] - track.arousal[begun:])))
        if np.isfinite(track.estimate[begun:]).any()
        else None,
    }


def _safety(encounter: Encounter) -> dict[str, Any]:
    track, found = encounter.track(), encounter.audit
    assert found is not None
    return {
        "violations": [v.rule for v in found.violations],
        "increases": found.increases,
        "safe_share": sum(mode == "safe" for mode in track.modes) / max(1, len(track.modes)),
        "baseline": encounter.plan.baseline,
    }


def course(job: Job) -> dict[str, Any]:
    """A therapy that is not exposure, from start to end, with its own figures and the body's."""
    protocol = protocols.load(job.protocol)
    plan = arms.plan_of(job.guest, protocol, arms.place_of(protocol), job.baseline)
    wants_brain = protocol.sensors and protocol.sensors[0] == "brain"
    kinds = (Kind.RR, Kind.EDA, *((Kind.EEG,) if wants_brain else ()))
    patient = Patient(job.guest.kind, job.guest.seed, START_S, "features", True, kinds)
    own: dict[str, float] = {}
    said: dict[str, int] = {}

    why: dict[str, int] = {}

    def note(_: Encounter, tick: Tick) -> None:
        why[tick.intent.reason] = why.get(tick.intent.reason, 0) + 1
        own.update(tick.intent.measures)
        if tick.intent.said is not None:
            said[tick.intent.said] = said.get(tick.intent.said, 0) + 1

    encounter = Encounter(
        plan, patient, Session(plan), Clinician(job.guest.seed), watch=note, keep=False,
        auditor=auditor(plan),
    )  # fmt: skip
    track = encounter.run(protocol.duration_s)
    end_s = protocol.duration_s - protocol.phases.cooldown_s
    return {
        **_body(track, protocol.phases.quiet_s, protocol.phases.cooldown_s),
        **measures.dose(track.arousal, 1.0 / encounter.hz),
        **measures.steps(track, CALM, protocol.phases.quiet_s, end_s),
        "reversals_per_10_min": 600.0
        * measures.reversals(track.intensity)
        / max(1.0, protocol.duration_s),
        "own": own,
        "said": said,
        "rewarded": _rewarded(why),
        "ended": track.phases[-1],
        **_safety(encounter),
    }


def _rewarded(why: dict[str, int]) -> float | None:
    """The share of scored time that was paid; None where nothing is scored."""
    scored = why.get(Why.REWARD, 0) + why.get(Why.BELOW, 0)
    told = scored + why.get(Why.POOR, 0) + why.get(Why.PACE, 0)
    return why.get(Why.REWARD, 0) / scored if scored else (0.0 if told else None)


def _body(track: Track, quiet_s: float, cooldown_s: float) -> dict[str, Any]:
    """True arousal early and late in the main part, and how breathing kept step."""
    t, end_s = track.seconds, float(track.seconds[-1]) - cooldown_s
    early = (t >= quiet_s) & (t < quiet_s + 120.0)
    late = (t >= end_s - 120.0) & (t < end_s)
    main = (t >= quiet_s) & (t < end_s)
    return {
        "arousal_early": float(track.arousal[early].mean()) if early.any() else None,
        "arousal_late": float(track.arousal[late].mean()) if late.any() else None,
        "in_step": float(track.in_step[main].mean()) if main.any() else None,
        "calm": float(track.calm[main].mean()) if main.any() else None,
        "load": float(track.intensity[main].mean()) if main.any() else None,
    }
