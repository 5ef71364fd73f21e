"""Whether this skin answers at all: one deep sigh should show within five seconds."""

from collections.abc import Iterable

from sensors.feature import Feature

SMALLEST_US = 0.05
WITHIN_S = 5.0
DECIDED_S = 2.0  # a response is told at most so long after its onset
GOOD = 0.5


def responds(features: Iterable[Feature], sigh_s: float, within_s: float = WITHIN_S) -> bool | None:
    """True if a response of 0.05 uS began within 5 s after a sigh, None if it cannot be told.

    features: those of one skin conductance stream, up to 7 s after the sigh at least. within_s:
    longer than 5 s when the sigh was only asked for at sigh_s, and not seen. About one
    person in ten does not respond (science of skin conductance: Boucsein 2012); a stream without
    a unit, or a bad one, cannot tell. Raises nothing.

    >>> scr = Feature("scr", 0.2, "uS", 12.5, "eda", 100)
    >>> late = Feature("phasic", 0.0, "uS", 18.0, "eda", 144)
    >>> responds([scr, late], 10.0), responds([late], 10.0), responds([scr], 10.0)
    (True, None, True)
    """
    told: list[Feature] = []
    for feature in features:
        if feature.name == "phasic" and feature.value is not None and feature.quality >= GOOD:
            told.append(feature)
        if feature.name != "scr" or feature.unit != "uS" or feature.value is None:
            continue
        soon = 0.0 < feature.time_s - sigh_s <= within_s
        if soon and feature.value >= SMALLEST_US and feature.quality >= GOOD:
            return True
    inside = [f for f in told if sigh_s < f.time_s <= sigh_s + within_s and f.unit == "uS"]
    ended = any(f.time_s >= sigh_s + within_s + DECIDED_S for f in told)
    seen = (
        bool(inside)
        and max(f.time_s for f in inside) - min(f.time_s for f in inside) > 0.8 * within_s
    )
    return False if seen and ended else None
