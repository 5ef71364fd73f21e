"""When a stored calibration no longer holds, and why, in sentences for people."""

from collections.abc import Collection
from math import sqrt

from calibration.baseline import QUIET_LEVEL, Baseline, Reference
from calibration.store import REDO_AFTER_S, Stored

SHIFT = 3.0
"""Rest that has moved by more than three deviations asks for a full calibration (sources: D)."""
DAYS_SD = {"heart_rate": 5.0, "pulse_rate": 5.0, "ln_rmssd": 0.25, "ln_rmssd_prv": 0.3,
           "ln_scl": 0.4}  # fmt: skip
"""How far rest lies apart from day to day in people at large (from retest correlations of 0.75
for the heart and 0.6 for skin level, sources: D). Others depend on the day's electrodes."""
_TITLES = {"heart_rate": "Heart rate", "pulse_rate": "Pulse rate", "ln_scl": "Skin conductance"}


def reasons(
    stored: Stored, now_s: float, devices: Collection[str], medication: Collection[str]
) -> tuple[str, ...]:
    """Why a full calibration is due before the session: age, another device, medication.

    now_s: seconds since 1970. devices: `kind:name` of the sensors at hand; a kind that is
    missing today, or new, is no other device.
    """
    found = []
    made = stored.baseline
    if stored.outdated(now_s):
        days = (now_s - stored.saved_s) / 86400.0
        found.append(
            f"A calibration holds for {REDO_AFTER_S / 86400:.0f} days, the stored one is "
            f"{days:.0f} days old: a full one is done today."
        )
    known = _by_kind(made.devices)
    for kind, names in _by_kind(devices).items():
        if kind in known and not names & known[kind]:
            found.append(
                f"The stored calibration was made with {_listed(known[kind])} for {kind}, today "
                f"it is {_listed(names)}: a full one is done today."
            )
    if made.devices and set(made.medication) != set(medication):
        found.append(
            f"The stored calibration was made with medication {_listed(made.medication)}, today "
            f"it is {_listed(medication)}: a full one is done today."
        )
    return tuple(found)


def shifts(stored: Baseline, quiet: Baseline) -> tuple[str, ...]:
    """Which resting values lie more than three deviations from the stored calibration's.

    The deviation is the larger of this person's own at rest and what people at large differ
    from one day to the next.
    """
    found = []
    for reference in stored.references:
        today = quiet.of(reference.name)
        apart = None if today is None else _apart(reference, today)
        if apart is None or apart <= SHIFT:
            continue
        title = _TITLES.get(reference.name, "Heart rate variability")
        found.append(
            f"{title} at rest should lie within {SHIFT:.0f} deviations of the stored calibration, "
            f"it lies {apart:.1f} away: a full calibration is due."
        )
    return tuple(found)


def _apart(stored: Reference, today: Reference) -> float | None:
    """How many deviations rest has moved; None where it cannot be compared."""
    spread = DAYS_SD.get(stored.name)
    if spread is None or stored.offset is None or today.offset is None:
        return None
    if stored.stream not in ("", today.stream):
        return None
    moved = today.offset + QUIET_LEVEL * today.slope - stored.offset - QUIET_LEVEL * stored.slope
    own = sqrt(stored.offset_sd**2 + today.offset_sd**2)
    return abs(moved) / max(spread, stored.sd, own)


def _by_kind(devices: Collection[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for device in devices:
        kind, _, name = device.partition(":")
        found.setdefault(kind, set()).add(name)
    return found


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names)) or "none"
