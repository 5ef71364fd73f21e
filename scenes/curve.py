"""How a parameter follows intensity: pure functions from 0..1 to 0..1, both ends kept."""

from collections.abc import Callable
from itertools import pairwise
from math import isfinite

Points = tuple[tuple[float, float], ...]
Curve = str | Points


def linear(x: float) -> float:
    """As it comes."""
    return x


def smooth(x: float) -> float:
    """Slow at both ends (Hermite)."""
    return x * x * (3.0 - 2.0 * x)


def early(x: float) -> float:
    """Most of the change in the first half."""
    return 1.0 - (1.0 - x) * (1.0 - x)


def late(x: float) -> float:
    """Most of the change in the second half."""
    return x * x


def last(x: float) -> float:
    """Nothing before 0.8, then all of it: what only the hardest level shows."""
    return smooth(max(0.0, (x - 0.8) / 0.2))


CURVES: dict[str, Callable[[float], float]] = {
    "linear": linear,
    "smooth": smooth,
    "early": early,
    "late": late,
    "last": last,
}


def at(curve: Curve, x: float) -> float:
    """The share 0..1 of a parameter's travel at intensity `x`; outside 0..1 clamped, NaN is rest.

    A curve is a name of `CURVES` or points (intensity, share) joined by straight lines, for
    scenes whose named levels need exact places.

    >>> at("late", 0.5), at(((0.0, 0.0), (0.5, 0.2), (1.0, 1.0)), 0.75)
    (0.25, 0.6000000000000001)
    """
    if not isfinite(x):
        return 0.0
    x = min(1.0, max(0.0, x))
    if isinstance(curve, str):
        return CURVES[curve](x)
    for (x0, y0), (x1, y1) in pairwise(curve):
        if x <= x1:
            return y0 + (x - x0) * (y1 - y0) / (x1 - x0)
    return curve[-1][1]


def mistake(curve: object) -> str | None:
    """What is wrong with a curve as it was read from a file, None if nothing is."""
    if isinstance(curve, str):
        names = ", ".join(CURVES)
        return None if curve in CURVES else f"one of {names} or a list of points, not '{curve}'"
    if not isinstance(curve, list | tuple) or len(curve) < 2:
        return f"a name or a list of at least two points, not {curve!r}"
    for point in curve:
        if not (isinstance(point, list | tuple) and len(point) == 2):
            return f"a list of points [intensity, share], not {point!r}"
        if not all(isinstance(v, int | float) and isfinite(v) for v in point):
            return f"points of two finite numbers, not {point!r}"
    if list(curve[0]) != [0, 0] or list(curve[-1]) != [1, 1]:
        return f"points from [0, 0] to [1, 1], not from {curve[0]} to {curve[-1]}"
    for a, b in pairwise(curve):
        if b[0] <= a[0] or b[1] < a[1]:
            return f"points that rise, not {list(a)} before {list(b)}"
    return None
