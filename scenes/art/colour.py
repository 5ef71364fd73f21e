"""Colours: written as sRGB hex, reckoned with as linear light."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def lin(hex_colour: str) -> Array:
    """'#rrggbb' as linear RGB.

    >>> lin("#ffffff").tolist()
    [1.0, 1.0, 1.0]
    """
    c = np.array([int(hex_colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255.0
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def mix(a: Any, b: Any, share: Any) -> Array:
    """From `a` to `b`; a share for each row where there are many."""
    share = np.asarray(share)
    if share.ndim:
        share = share[..., None]
    return np.asarray(a + (np.asarray(b) - a) * share)


def smooth(low: float, high: float, x: Any) -> Array:
    """GLSL's smoothstep, allowed to run backward too."""
    t = np.clip((np.asarray(x) - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def bytes8(*planes: NDArray[Any]) -> NDArray[np.uint8]:
    """Planes of 0..1 as one picture of 8 bits a channel."""
    return np.asarray(np.clip(np.dstack(planes), 0, 1) * 255, np.uint8)
