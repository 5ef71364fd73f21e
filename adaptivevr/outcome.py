"""What a guided calibration comes to: everything that its steps found, as one baseline."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from adaptivevr.gather import Found
from calibration.baseline import QUIET_LEVEL, Baseline, refresh
from calibration.prior import Prior
from calibration.resonance import choose
from calibration.steps import SILENT_SHARE, anchor, between, calibrated

ELEVATED = 30.0
"""Who rates more than this at rest did not begin from rest."""


def whole(
    name: str, found: Found, rated: Mapping[str, float], priors: Mapping[str, Prior]
) -> Baseline:
    """The baseline of a full calibration, under this id.

    rated: the answers (0-100) after the quiet and the induced step, as far as there were any.
    Raises ValueError without a quiet step.
    """
    if found.quiet is None:
        raise ValueError("a calibration needs its quiet step, it has none: run it")
    level = anchor(rated.get("induced"))
    made = calibrated(found.quiet, found.induced, level=level, priors=priors)
    if found.skin_answers is False:
        made = silent(made, priors)
    if found.recovered is not None:
        made = between(made, found.recovered)
    per_min, notes = _resonance(None, found)
    if rated.get("quiet", 0.0) > ELEVATED:
        notes += (f"Rated {rated['quiet']:.0f} at rest: the whole scale may begin too high.",)
    return replace(
        made, id=name, note=_note(made.note, notes), alpha_hz=found.alpha_hz,
        alpha_ratio=found.alpha_ratio, rsa_ms=found.rsa_ms, coherence=found.coherence,
        resonance_per_min=per_min, half_recovery_s=found.half_recovery_s,
        quiet_suds=rated.get("quiet"), induced_suds=rated.get("induced"),
        skin_answers=found.skin_answers,
    )  # fmt: skip


def silent(made: Baseline, priors: Mapping[str, Prior]) -> Baseline:
    """The same for somebody whose skin did not answer a sigh: what it does else is chance."""
    references = []
    for reference in made.references:
        prior = priors.get(reference.name)
        if prior is None or not prior.organ.startswith("skin") or reference.offset is None:
            references.append(reference)
            continue
        slope = SILENT_SHARE * prior.slope
        offset = reference.offset + QUIET_LEVEL * (reference.slope - slope)
        references.append(replace(reference, slope=slope, offset=offset, responsive=False))
    return replace(made, references=tuple(references))


def todays(name: str, stored: Baseline, found: Found, careful: bool) -> Baseline:
    """Today's resting points on the stored slopes; careful: automation stays limited.

    Raises ValueError without a quiet step.
    """
    if found.quiet is None:
        raise ValueError("a refresh needs its quiet step, it has none: run it")
    made = refresh(stored, replace(found.quiet, id=name))
    per_min, notes = _resonance(stored.resonance_per_min, found)
    return replace(
        made, daily=True, prior_only=made.prior_only or careful, note=_note(made.note, notes),
        resonance_per_min=per_min,
    )  # fmt: skip


def _resonance(known: float | None, found: Found) -> tuple[float | None, tuple[str, ...]]:
    """The breathing rate, and all notes: with its own when it was looked for."""
    if not found.trials:
        return known, found.notes
    chosen = choose(found.trials)
    return chosen.per_min, (*found.notes, chosen.note)


def _note(first: str, more: Sequence[str]) -> str:
    return " ".join(text for text in dict.fromkeys((first, *more)) if text)
