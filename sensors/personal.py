"""What a calibration knows about how this person's signals look."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Personal:
    """Values that an extractor may be given, None while nobody has measured them.

    recovery_s: time constant with which this skin's responses fade. alpha_hz: the individual
    alpha frequency; the personal band reaches 2 Hz to both sides of it (Klimesch 1999).
    """

    recovery_s: float | None = None
    alpha_hz: float | None = None


NOBODY = Personal()
