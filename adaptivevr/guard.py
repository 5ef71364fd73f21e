"""The last word on every number that reaches a renderer. Trusts nobody, imports nothing of ours."""

from dataclasses import dataclass
from enum import StrEnum


class Ruling(StrEnum):
    """Why the guard allowed what it allowed."""

    AS_WISHED = "as_wished"
    SLEWED = "slewed"  # on the way, no faster than allowed
    CAPPED = "capped"  # at the ceiling
    BLOCKED = "blocked"  # an increase was wished and a gate is closed
    RETREAT = "retreat"
    STOPPED = "stopped"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is shown: intensity and ambient after every limit, and why.

    gates: each gate an increase must pass, with whether it is open, so that people see it.
    capped_by: the name of the limit or gate that decided, None when the wish went through.
    """

    intensity: float
    ambient: tuple[tuple[str, float], ...]
    mode: str
    reason: Ruling
    capped_by: str | None
    gates: tuple[tuple[str, bool], ...]
