"""What is ordinary for one person, feature by feature."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """How one feature stands at rest and how far it moves with arousal.

    value = offset + slope * x + noise(sd), where x is arousal: 0 at the personal quiet
    baseline, 1 at the strongest expected. Same unit as the feature.
    """

    name: str
    unit: str
    offset: float
    slope: float
    sd: float
    samples: int = 0
    responsive: bool = True


@dataclass(frozen=True, slots=True)
class Baseline:
    """A person's references, from a stored calibration or from this session's quiet phase.

    scale_sd: relative uncertainty of the whole scale (0.22 calibrated, 0.35 from a quiet
    phase alone). prior_only: slopes are population priors; automation is limited.
    """

    id: str
    patient: str
    references: tuple[Reference, ...]
    scale_sd: float = 0.22
    prior_only: bool = False
    version: int = 1
    note: str = ""

    def of(self, feature: str) -> Reference | None:
        """The reference of one feature, None when there is none."""
        return next((r for r in self.references if r.name == feature), None)
