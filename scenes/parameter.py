"""One thing in a scene that intensity or an ambient value moves."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameter:
    """From rest to full in the parameter's own unit, along a curve, no faster than allowed.

    role: "load" is moved by intensity only, "ambient" by the ambient value of its name only.
    photometric: the largest share of full luminance that its whole travel may change (0..1).
    """

    name: str
    role: str
    unit: str
    rest: float
    full: float
    curve: str = "linear"
    max_rate_per_s: float | None = None  # in its unit; None: as fast as intensity moves
    photometric: float = 0.0
    title: str = ""
