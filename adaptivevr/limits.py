"""What a clinician may set, merged by the most restrictive, with hard bounds in code."""

import math
from dataclasses import asdict, dataclass, replace

from adaptivevr.command import SetLimit, is_clinician

# Hard bounds (sources: C6). Nothing in a file or a console gets past them.
HARD: dict[str, tuple[float, float]] = {
    "ceiling": (0.0, 1.0),
    "rise_per_s": (0.0, 0.05),
    "fall_per_s": (0.02, 0.05),  # never so slow that it would not be a retreat
    "window_low": (0.15, 0.6),
    "window_high": (0.3, 0.8),
    "arousal_max": (0.5, 0.95),
    "dwell_s": (8.0, 900.0),
    "heart_ceiling_bpm": (90.0, 170.0),
    "heart_floor_bpm": (35.0, 60.0),
    "heart_drop_bpm": (15.0, 40.0),
    "session_s": (30.0, 3600.0),
    "rating_interval_s": (20.0, 300.0),
    "suds_stop": (30.0, 90.0),
    "level_cap": (0.0, 20.0),
}
# With a person in the headset; the shorter times above are for the simulated patient only.
PEOPLE = {"dwell_s": (30.0, 900.0), "rating_interval_s": (60.0, 300.0)}
# Which way is stricter.
STRICTER = dict.fromkeys(HARD, min) | {
    "fall_per_s": max,
    "dwell_s": max,
    "heart_floor_bpm": max,
}
EPS = 1e-9  # 0.5 + 0.1 and 0.55 + 0.05 are equal for a person
GAP = 0.01  # how much clearer than the window rule a tuned window is kept


class LimitError(ValueError):
    """Limits that cannot be; the text lists every mistake, one sentence each."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds in force for one session. Levels and intensity 0..1, arousal on its index.

    window_low, window_high, arousal_max: the working band of arousal and where a retreat is due.
    dwell_s: shortest stay on a level. heart_drop_bpm: largest fall of the rate within 20 s.
    level_cap: the highest level of the hierarchy that may be shown.

    >>> Limits(window_low=0.6, window_high=0.6)
    Traceback (most recent call last):
    adaptivevr.limits.LimitError: Expected window_low + 0.1 < window_high + 0.05 < arousal_max, \
got 0.6, 0.6, 0.85: move them apart.
    """

    ceiling: float = 1.0
    rise_per_s: float = 0.01
    fall_per_s: float = 0.05
    window_low: float = 0.35
    window_high: float = 0.65
    arousal_max: float = 0.85
    dwell_s: float = 120.0
    heart_ceiling_bpm: float = 144.0  # 0.80 x (208 - 0.7 x 40 years)
    heart_floor_bpm: float = 40.0
    heart_drop_bpm: float = 25.0
    session_s: float = 2700.0
    rating_interval_s: float = 120.0
    suds_stop: float = 90.0
    level_cap: float = 20.0

    def __post_init__(self) -> None:
        found = mistakes(asdict(self))
        if found:
            raise LimitError(" ".join(found))


def bounds(name: str, people: bool = True) -> tuple[float, float]:
    """The hard bounds of one limit; shorter times only where no person is in the headset."""
    return PEOPLE.get(name, HARD[name]) if people else HARD[name]


def mistakes(values: dict[str, float], people: bool = False) -> list[str]:
    """Every reason why these limits cannot be, one sentence each (all of them must be given)."""
    found = []
    for name, value in values.items():
        if name not in HARD:
            found.append(f"Expected one of {', '.join(HARD)}, got the limit {name!r}: remove it.")
            continue
        low, high = bounds(name, people)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not low <= value <= high:
            found.append(f"Expected {name} from {low:g} to {high:g}, got {value!r}: change it.")
    if found:
        return found
    low, high, top = values["window_low"], values["window_high"], values["arousal_max"]
    if not (low + 0.1 + EPS < high + 0.05 and high + 0.05 + EPS < top):
        found.append(
            "Expected window_low + 0.1 < window_high + 0.05 < arousal_max, "
            f"got {low:g}, {high:g}, {top:g}: move them apart."
        )
    return found


def merge(*limits: Limits) -> Limits:
    """The most restrictive of each: built-in, protocol, patient, clinician.

    >>> merge(Limits(ceiling=0.8), Limits(dwell_s=300.0), Limits(ceiling=0.5)).ceiling
    0.5
    """
    first, *others = limits
    merged = asdict(first)
    for other in others:
        for name, value in asdict(other).items():
            merged[name] = STRICTER[name](merged[name], value)
    # The window rule survives: all three take the minimum, and each pair held where it came from.
    return Limits(**merged)


def heart_ceiling_bpm(age_years: float, resting_bpm: float) -> float:
    """The default heart rate ceiling: 80 % of 208 - 0.7 x age, or 50 above rest (Tanaka 2001).

    >>> heart_ceiling_bpm(30, 65)
    115.0
    """
    low, high = HARD["heart_ceiling_bpm"]
    return min(max(min(0.80 * (208.0 - 0.7 * age_years), resting_bpm + 50.0), low), high)


@dataclass(frozen=True, slots=True)
class Change:
    """One limit tuned in a session, for the log; bounded: not what was asked for."""

    name: str
    old: float
    new: float
    who: str
    at_s: float
    bounded: bool
    reason: str = ""


class Tuning:
    """The limits in force, tuned live by a clinician, never looser than `outer` or the bounds."""

    def __init__(self, limits: Limits, outer: Limits | None = None, people: bool = True) -> None:
        self._outer = outer
        self._people = people
        self.limits = merge(limits, outer) if outer else limits

    def update(self, command: SetLimit) -> Change | None:
        """Take one change, in force at the next tick; None when no such limit exists.

        What cannot be (out of bounds, across the window rule, not a number, not a clinician)
        is bounded to the nearest that can, or left as it was, and says `bounded`.
        """
        name, asked = command.name, command.value
        if name not in HARD:
            return None
        old: float = getattr(self.limits, name)
        new = self._nearest(name, asked) if is_clinician(command.who) else old
        try:
            self.limits = replace(self.limits, **{name: new})
        except LimitError:
            new = old
        bounded = new != asked
        return Change(name, old, new, command.who, command.at_s, bounded, command.reason)

    def _nearest(self, name: str, asked: float) -> float:
        if not math.isfinite(asked):
            return float(getattr(self.limits, name))
        low, high = bounds(name, self._people)
        now = self.limits
        if name == "window_low":
            high = min(high, now.window_high - 0.05 - GAP)
        elif name == "window_high":
            low = max(low, now.window_low + 0.05 + GAP)
            high = min(high, now.arousal_max - 0.05 - GAP)
        elif name == "arousal_max":
            low = max(low, now.window_high + 0.05 + GAP)
        value = min(max(asked, low), high)
        return STRICTER[name](value, getattr(self._outer, name)) if self._outer else value
