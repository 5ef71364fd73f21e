"""The last word on every number that reaches a renderer. Trusts nobody, imports nothing of ours.

Read it from `Guard.update` down: rest first, then decreases (always allowed), then increases
(only when every gate is open). Sources: C (actuator law), C6, G3, G4.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

RISE_MAX_PER_S = 0.05  # hard bound: nothing raises faster
FALL_MAX_PER_S = 0.05  # decreases are smooth too; stop is the one that is not
FALL_MIN_PER_S = 0.02  # a retreat is never slower than this
AMBIENT_MAX_PER_S = 0.25
LONGEST_STEP_S = 1.0  # a gap between ticks earns no more rise than one slow tick
FRESH_S = 3.0
QUALITY_MIN = 0.6
SD_MAX = 0.30
BELOW_HIGH_MIN = 0.8  # P(arousal < top of the window)
EPS = 1e-9
type Ambient = tuple[tuple[str, float], ...]


class Ruling(StrEnum):
    """Why the guard allowed what it allowed."""

    AS_WISHED = "as_wished"
    SLEWED = "slewed"  # on the way, no faster than allowed
    CAPPED = "capped"  # at the ceiling
    BLOCKED = "blocked"  # an increase was wished and a gate is closed
    RETREAT = "retreat"  # brought down by the guard itself, whatever was wished
    STOPPED = "stopped"  # latched rest
    REST = "rest"  # rest while paused or not started


@dataclass(frozen=True, slots=True)
class Decision:
    """What is shown: intensity and ambient after every limit, and why.

    capped_by: the limit or gate that decided, None when the wish went through. gates: each
    gate an increase must pass, open or not. rest: show the dim rest scene and nothing else.
    """

    intensity: float
    ambient: Ambient
    mode: str
    reason: Ruling
    capped_by: str | None
    gates: tuple[tuple[str, bool], ...]
    rest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the guard is told each tick, as plain numbers; what is missing keeps a gate shut.

    age_s: seconds since a required sensor last gave a usable value. retreat_to: never above
    this, whatever the mode (manual, confirm, auto, freeze, fallback or safe).
    """

    mode: str = "safe"
    rest: bool = False
    stop: bool = False
    arousal: float | None = None
    sd: float = math.inf
    age_s: float = math.inf
    quality: float = 0.0
    relative: bool = False
    flag: str | None = None
    suds: float | None = None
    heart_bpm: float | None = None
    retreat_to: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The limits in force. granted: the highest intensity a person has agreed to (CONFIRM)."""

    ceiling: float = 1.0
    rise_per_s: float = 0.01
    fall_per_s: float = FALL_MAX_PER_S
    window_high: float = 0.65
    heart_ceiling_bpm: float = 140.0
    suds_stop: float = 90.0
    granted: float = 1.0


class Guard:
    """Holds what is shown now, and the stop latch.

    >>> guard = Guard()
    >>> facts = Facts(mode="auto", arousal=0.2, sd=0.1, age_s=0.5, quality=0.9)
    >>> _ = guard.update(0.0, 0.5, (), facts, Bounds())
    >>> guard.update(1.0, 0.5, (), facts, Bounds()).intensity
    0.01
    """

    def __init__(self, ambient_rates_per_s: dict[str, float] | None = None) -> None:
        self._rates = dict(ambient_rates_per_s or {})
        self._intensity = 0.0
        self._ambient: dict[str, float] = {}
        self._last_s: float | None = None
        self._stopped = False

    def update(
        self, now_s: float, wish: float | None, ambient: Ambient, facts: Facts, bounds: Bounds
    ) -> Decision:
        """What may be shown now. A wish that is no number from 0 to 1 is no wish."""
        dt_s = self._elapsed(now_s)
        g = gates(facts, bounds, self._intensity)
        # Only MANUAL without a stop leaves the latch: that is where a clinician's Resume leads.
        stopping = facts.stop or facts.mode == "safe"
        self._stopped = stopping or (self._stopped and facts.mode != "manual")
        rest = self._stopped or facts.rest
        by: str | None
        if rest:
            self._intensity, self._ambient = 0.0, dict.fromkeys(self._ambient, 0.0)
            reason, by = (Ruling.STOPPED, "stop") if self._stopped else (Ruling.REST, "rest")
        else:
            reason, by = self._move(dt_s, wish, facts, bounds, g)
            self._move_ambient(dt_s, ambient)
        shown = tuple(sorted(self._ambient.items()))
        return Decision(self._intensity, shown, facts.mode, reason, by, tuple(g.items()), rest)

    def _elapsed(self, now_s: float) -> float:
        last_s = self._last_s
        if not math.isfinite(now_s):
            return 0.0
        self._last_s = now_s if last_s is None else max(now_s, last_s)
        return 0.0 if last_s is None else self._last_s - last_s

    def _move(
        self, dt_s: float, wish: float | None, facts: Facts, bounds: Bounds, g: dict[str, bool]
    ) -> tuple[Ruling, str | None]:
        here = self._intensity
        valid = wish is not None and 0.0 <= wish <= 1.0  # NaN fails it
        wished = wish if wish is not None and valid else here
        ceiling, retreat_to = _unit(bounds.ceiling), _unit(facts.retreat_to)
        target = min(wished, ceiling, retreat_to)
        by = "retreat" if retreat_to < min(wished, ceiling) else "ceiling"
        if target < here - EPS:  # down: no gate is asked
            fall = _clamp(bounds.fall_per_s, FALL_MIN_PER_S, FALL_MAX_PER_S, FALL_MAX_PER_S)
            self._intensity = max(target, here - fall * dt_s)
            if target < wished:
                return Ruling.RETREAT, by
            return (Ruling.AS_WISHED if self._intensity <= target + EPS else Ruling.SLEWED), None
        if wished <= here + EPS:
            return (Ruling.AS_WISHED, None) if valid or wish is None else (Ruling.BLOCKED, "wish")
        if target <= here + EPS:
            return (Ruling.RETREAT if by == "retreat" else Ruling.CAPPED), by
        closed = next((name for name, is_open in g.items() if not is_open), None)
        closed = None if facts.mode == "manual" else closed  # by hand: ceiling and slew only
        if facts.mode == "confirm" and closed is None:
            target = min(target, _unit(bounds.granted))
            closed = "confirmed" if target <= here + EPS else None
        if closed is not None:
            return Ruling.BLOCKED, closed
        rise = _clamp(bounds.rise_per_s, 0.0, RISE_MAX_PER_S, 0.0)
        self._intensity = min(target, here + rise * min(dt_s, LONGEST_STEP_S))
        reached = (Ruling.AS_WISHED, None) if target >= wished else (Ruling.CAPPED, by)
        return reached if self._intensity >= target - EPS else (Ruling.SLEWED, None)

    def _move_ambient(self, dt_s: float, ambient: Ambient) -> None:
        for name, wish in ambient:
            here = self._ambient.get(name, 0.0)
            rate = _clamp(self._rates.get(name, AMBIENT_MAX_PER_S), 0.0, AMBIENT_MAX_PER_S, 0.0)
            step = rate * min(dt_s, LONGEST_STEP_S)
            self._ambient[name] = _clamp(_unit(wish, here), here - step, here + step, here)


def gates(facts: Facts, bounds: Bounds, here: float) -> dict[str, bool]:
    """Every gate an automatic increase must pass; a NaN fails each comparison and closes it."""
    level = math.nan if facts.arousal is None else facts.arousal
    suds, bpm = facts.suds, facts.heart_bpm
    return {
        "mode": facts.mode in ("manual", "confirm", "auto"),
        "fresh": 0.0 <= facts.age_s <= FRESH_S,
        "quality": QUALITY_MIN <= facts.quality <= 1.0,
        "relative": not facts.relative,
        "known": math.isfinite(level),
        "sd": 0.0 < facts.sd <= SD_MAX,
        "below_high": below(bounds.window_high, level, facts.sd) >= BELOW_HIGH_MIN,
        "ceiling": here < _unit(bounds.ceiling),
        "no_flags": facts.flag is None,
        "rating": suds is None or suds < bounds.suds_stop,
        "heart": bpm is None or bpm < bounds.heart_ceiling_bpm,
    }


def below(limit: float, mean: float, sd: float) -> float:
    """P(x < limit) for a normal x; NaN when a number is missing or sd is not positive."""
    return 0.5 * math.erfc((mean - limit) / (sd * math.sqrt(2.0))) if sd > 0.0 else math.nan


def _clamp(value: float, low: float, high: float, otherwise: float) -> float:
    return min(max(value, low), high) if math.isfinite(value) else otherwise


def _unit(value: float, otherwise: float = 0.0) -> float:
    return _clamp(value, 0.0, 1.0, otherwise)
