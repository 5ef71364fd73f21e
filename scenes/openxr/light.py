"""The light of one scene: what all its materials share, and the channels that move it."""

from collections.abc import Mapping
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.openxr.pose import Triple
from scenes.openxr.shader import Block

STORED = 1 / 1.6  # as scenes/art/bake.py stores light, so that sunlit white fits

DUSK: dict[str, tuple[float, ...]] = {
    "zenith": (0.05, 0.06, 0.1), "mid": (0.12, 0.12, 0.17), "near": (0.3, 0.22, 0.18),
    "away": (0.16, 0.14, 0.18), "glow": (0.1, 0.06, 0.03), "sun": (-0.55, 0.2, -0.81),
    "sunlight": (0.4, 0.3, 0.2), "cloud_lit": (1.0, 0.9, 0.8), "cloud_dark": (0.4, 0.38, 0.5),
    "deep": (0.0, 0.02, 0.03), "shallow": (0.1, 0.3, 0.28), "lamp": (1.0, 0.6, 0.25),
}  # fmt: skip
_UNIFORMS = {
    "uZenith": "zenith", "uMid": "mid", "uNear": "near", "uAway": "away", "uGlow": "glow",
    "uSunlight": "sunlight", "uCloudLit": "cloud_lit", "uCloudDark": "cloud_dark",
    "uDeep": "deep", "uShallow": "shallow", "uLamp": "lamp",
}  # fmt: skip


class Light:
    """Sky, sun, fog and tone of one scene. dim: a factor on everything, for the rest scene."""

    def __init__(self, ctx: Any, extras: Mapping[str, Any], dim: float = 1.0) -> None:
        told = {**DUSK, **{k: tuple(v) for k, v in extras.get("sky", {}).items()}}
        self._fog = tuple(extras.get("fog", (0.002, 0.02, 0.0, 0.9)))
        self._exposure = float(extras.get("exposure", 1.0)) * dim
        self._glow, self._sunlight = told["glow"], told["sunlight"]
        self._block = Block(ctx)
        for name, key in _UNIFORMS.items():
            self._block.set(name, *told[key])
        sun = told["sun"]
        length = sqrt(sum(x * x for x in sun)) or 1.0
        self._sun = np.array(sun) / length
        self._zenith, self._mid = told["zenith"], told["mid"]
        self._block.set("uSun", *self._sun)
        self._block.set("uGrade", 1.0, 1.0, 1.0)
        self._block.set("uFog", *self._fog)
        for name, value in (("uWind", 0.25), ("uExposure", self._exposure), ("uCalm", 0.5)):
            self._block.set(name, value)
        self._block.set("uCloud", 1.0)

    def set(self, channel: str, x: float) -> bool:
        """Sets one channel of the closed list; False if it is not one of light."""
        put = self._block.set
        match channel:
            case "fog":
                put("uFog", self._fog[0] * x)
            case "sun":
                put("uGlow", *(v * x for v in self._glow))
                put("uSunlight", *(v * x for v in self._sunlight))
            case "sky":
                put("uCloud", x)
            case "water":
                put("uLoad", x)
            case "calm":
                put("uCalm", x)
            case "wind":
                put("uWind", x)
            case "warmth":
                put("uGrade", 1 + (x - 0.5) * 0.22, 1.0, 1 - (x - 0.5) * 0.25)
            case "exposure":
                put("uExposure", self._exposure * x)
            case _:
                return False
        return True

    def daylight(
        self, normals: NDArray[np.float32] | None, count: int, colour: Triple
    ) -> NDArray[np.float64]:
        """COLOR_0 for a mesh that brings none, (count, 4): sun and sky by the way it faces.

        The same as scenes/web/daylight.ts: without shadows, for what an author has not baked.
        """
        n = np.tile((0.0, 1.0, 0.0), (count, 1)) if normals is None else normals.astype(float)
        direct = np.maximum(0.0, n @ self._sun)[:, None]
        high = (0.5 + 0.5 * n[:, 1])[:, None]
        sky = 0.5 * (np.array(self._zenith) + np.array(self._mid))
        lit = direct * np.array(self._sunlight) + high * sky + 0.18
        return np.concatenate([np.array(colour) * lit * STORED, np.zeros((count, 1))], 1)

    def send(self, time_s: float, veil: tuple[float, float, float, float]) -> None:
        """Hands everything to the graphics card, at a time and behind a veil."""
        self._block.set("uTime", time_s)
        self._block.set("uVeil", *veil)
        self._block.send()

    def release(self) -> None:
        """Gives the memory back."""
        self._block.release()
