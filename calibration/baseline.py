"""What is ordinary for one person, feature by feature."""

from dataclasses import dataclass, replace

QUIET_LEVEL = 0.05
"""Nobody sits at exactly zero: a quiet phase is taken as arousal 0.05 (sources: B3)."""


@dataclass(frozen=True, slots=True)
class Reference:
    """How one feature stands at rest and how far it moves with arousal.

    value = offset + slope * x + noise(sd), where x is arousal: 0 at the personal quiet
    baseline, 1 at the strongest expected. Same unit as the feature.

    offset is None while no quiet phase has measured it; the estimate then ties the feature to
    whatever the others say. offset_sd is how far the true offset may lie from it. stream is
    the one it was measured on ("" when any will do): two skin sensors on one person stand at
    different levels. responsive is False when this person does not show arousal there.
    """

    name: str
    unit: str
    offset: float | None
    slope: float
    sd: float
    samples: int = 0
    responsive: bool = True
    offset_sd: float = 0.0
    stream: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """A person's references, from a stored calibration or from this session's quiet phase.

    scale_sd: relative uncertainty of the whole scale (0.3 after an induction, 0.28 from a quiet
    phase alone, beside which the estimate weighs that skin or heart may not answer at all).
    prior_only: slopes are population priors; automation is limited. daily: a short refresh,
    which moves offsets only.

    What the guided steps tell besides, None where a step was left out: alpha_hz, the individual
    alpha frequency; alpha_ratio, alpha power with eyes closed over open; recovery_s, how fast
    skin responses fade; rsa_ms and coherence, the most that slow breathing reached;
    resonance_per_min, the breathing rate that swings the heart most; half_recovery_s, how long
    the heart took half-way back after the induction; quiet_suds and induced_suds, what was
    rated (0-100); skin_answers, whether a sigh showed. devices: `kind:name` of the sensors
    (another device needs another calibration). medication: the flags it was made under.
    """

    id: str
    patient: str
    references: tuple[Reference, ...]
    scale_sd: float = 0.22
    prior_only: bool = False
    version: int = 1
    note: str = ""
    daily: bool = False
    alpha_hz: float | None = None
    alpha_ratio: float | None = None
    recovery_s: float | None = None
    rsa_ms: float | None = None
    coherence: float | None = None
    resonance_per_min: float | None = None
    half_recovery_s: float | None = None
    quiet_suds: float | None = None
    induced_suds: float | None = None
    skin_answers: bool | None = None
    devices: tuple[str, ...] = ()
    medication: tuple[str, ...] = ()

    def of(self, feature: str) -> Reference | None:
        """The reference of one feature, None when there is none."""
        return next((r for r in self.references if r.name == feature), None)


def refresh(stored: Baseline, quiet: Baseline) -> Baseline:
    """Today's baseline: how far this person reacts as stored, where they stand as measured today.

    Offsets come from the quiet phase, slopes, noise and responder status from the stored
    calibration, so that a short quiet phase can never change how strongly a person reacts.
    A feature that the quiet phase did not measure has no offset today; a feature that is new
    today keeps the quiet phase's own (population) slope.

    >>> heart = Reference("heart_rate", "bpm", 60.0, 20.0, 4.0)
    >>> today = Reference("heart_rate", "bpm", 70.25, 15.0, 4.0)
    >>> refresh(Baseline("a", "p", (heart,)), Baseline("b", "p", (today,))).of("heart_rate").offset
    70.0
    """
    references = []
    for kept in stored.references:
        seen = quiet.of(kept.name)
        if seen is None or seen.offset is None:
            references.append(replace(kept, offset=None, stream=""))
            continue
        middle = seen.offset + QUIET_LEVEL * seen.slope
        references.append(
            replace(
                kept,
                unit=seen.unit,
                offset=middle - QUIET_LEVEL * kept.slope,
                offset_sd=seen.offset_sd,
                stream=seen.stream,
                samples=seen.samples,
            )
        )
    known = {reference.name for reference in stored.references}
    references += [seen for seen in quiet.references if seen.name not in known]
    note = "; ".join(text for text in (stored.note, quiet.note) if text)
    return replace(stored, id=quiet.id, references=tuple(references), note=note)
