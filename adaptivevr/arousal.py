"""One number for arousal with a standard deviation that is meant to be true."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One feature's share in the estimate: how far it pulls, how much it weighs, how old it is."""

    name: str
    pull: float
    weight: float
    quality: float
    age_s: float


@dataclass(frozen=True, slots=True)
class Arousal:
    """The arousal index: 0 is this person's quiet, 1 the strongest expected.

    level is None when nothing usable is left: a lost signal is never a number.
    """

    level: float | None
    sd: float
    parts: tuple[Part, ...] = ()
    age_s: float | None = None
