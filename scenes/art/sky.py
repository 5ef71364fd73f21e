"""The one sky that lights everything: the same formula here and in the shaders."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scenes.art.colour import Array, lin, mix, smooth


@dataclass(frozen=True)
class Sky:
    """Colours in linear light and the direction to the sun.

    zenith, mid, near (horizon at the sun), away (horizon opposite), glow round the sun, sunlight,
    ground (light thrown back from below); more: colours only some materials read (water, lamps).
    """

    elevation_deg: float
    azimuth_deg: float  # from straight ahead (-z), positive to the right
    zenith: Array
    mid: Array
    near: Array
    away: Array
    glow: Array
    sunlight: Array
    ground: Array
    cloud_lit: Array
    cloud_dark: Array
    more: dict[str, Array] = field(default_factory=dict)

    @property
    def sun(self) -> Array:
        """The unit vector to the sun."""
        el, az = np.radians(self.elevation_deg), np.radians(self.azimuth_deg)
        return np.array([np.sin(az) * np.cos(el), np.sin(el), -np.cos(az) * np.cos(el)])

    def seen(self, direction: Any) -> Array:
        """Light from unit directions (n, 3), without clouds and the sun's disc."""
        d, sun = np.asarray(direction, float), self.sun
        h, c = np.clip(d[..., 1], 0, 1), np.clip(d @ sun, 0, 1)
        flat = d[..., [0, 2]]
        flat = flat / np.maximum(np.linalg.norm(flat, axis=-1, keepdims=True), 1e-4)
        az = (0.5 + 0.5 * flat @ (sun[[0, 2]] / np.linalg.norm(sun[[0, 2]]))) ** 2
        col = mix(mix(self.away, self.near, az), self.mid, smooth(0, 0.26, h))
        col = mix(col, self.zenith, smooth(0.1, 0.8, h))
        return np.asarray(col + self.glow * (c**6 * 0.17 + c**32 * 0.3 + c**350 * 0.6)[..., None])

    def extras(self, scale: float) -> dict[str, list[float]]:
        """For the asset: colours times `scale`, as baked colours are stored, and the sun."""
        names = [
            "zenith",
            "mid",
            "near",
            "away",
            "glow",
            "sunlight",
            "ground",
            "cloud_lit",
            "cloud_dark",
        ]
        colours = {n: getattr(self, n) for n in names} | self.more
        return {"sun": self.sun.tolist()} | {n: (c * scale).tolist() for n, c in colours.items()}


def from_hex(
    elevation_deg: float, azimuth_deg: float, strength: dict[str, float], **colours: str
) -> Sky:
    """A sky from hex colours; `strength` multiplies the colours it names."""
    light = {name: lin(c) * strength.get(name, 1.0) for name, c in colours.items()}
    own = {n: light.pop(n) for n in list(light) if n not in Sky.__dataclass_fields__}
    return Sky(elevation_deg=elevation_deg, azimuth_deg=azimuth_deg, more=own, **light)
