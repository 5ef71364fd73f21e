"""One thing in a scene that intensity or an ambient value moves, and what it moves there."""

from dataclasses import dataclass
from math import isfinite

from scenes.curve import Curve

ROLES = ("load", "ambient")

# What a parameter may drive besides the clip of its own name: name -> (lowest, highest, neutral).
# Both renderers implement exactly these; a name that ends in a dot is followed by what it means.
CHANNELS: dict[str, tuple[float, float, float]] = {
    "fog": (0.0, 4.0, 1.0),  # factor on the density of the scene's fog
    "sun": (0.0, 1.5, 1.0),  # factor on sun and glow
    "sky": (0.0, 2.0, 1.0),  # factor on the cover of clouds
    "water": (0.0, 1.0, 0.0),  # how high the sea runs
    "calm": (0.0, 1.0, 0.5),  # how still the water lies
    "wind": (0.0, 2.0, 0.25),  # how far plants sway
    "warmth": (0.0, 1.0, 0.5),  # from cool to warm light
    "exposure": (0.5, 1.5, 1.0),  # factor on the scene's exposure
    "speed": (0.0, 5.0, 0.0),  # metres a second along the scene's path
    "crowd": (0.0, 1.0, 0.0),  # share of the instances of nodes named crowd*
    "sound.": (0.0, 1.0, 0.0),  # loudness of a sound file of the scene
    "light.": (0.0, 2.0, 1.0),  # factor on the light of a glow node
    "emissive.": (0.0, 2.0, 1.0),  # factor on the brightness of a material
    "show.": (0.0, 1.0, 0.0),  # a node is shown from one half on
}


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of the closed list, with its own numbers at the parameter's two ends."""

    name: str
    rest: float
    full: float

    def at(self, fraction: float) -> float:
        """The channel's number at a fraction 0..1 of the parameter's travel."""
        return self.rest + fraction * (self.full - self.rest)


def channel_range(name: str) -> tuple[float, float] | None:
    """Lowest and highest number of a channel, None if no such channel exists.

    >>> channel_range("sound.waves"), channel_range("smell")
    ((0.0, 1.0), None)
    """
    head, dot, tail = name.partition(".")
    entry = CHANNELS.get(head + dot)
    return None if entry is None or (dot and not tail) else entry[:2]


@dataclass(frozen=True, slots=True)
class Parameter:
    """From rest to full in the parameter's own unit, along a curve, no faster than allowed.

    role: "load" is moved by intensity only, "ambient" by the ambient value of its name only.
    photometric: the largest share of full luminance that its whole travel may change (0..1).
    channels: what it drives besides the clip of its own name.
    """

    name: str
    role: str
    unit: str
    rest: float
    full: float
    curve: Curve = "linear"
    max_rate_per_s: float | None = None  # in its unit; None: as fast as intensity moves
    photometric: float = 0.0
    title: str = ""
    channels: tuple[Channel, ...] = ()

    def fraction(self, value: float) -> float:
        """Where a value lies between rest (0) and full (1), clamped: the position in the clip.

        >>> Parameter("height", "load", "m", rest=2.0, full=12.0).fraction(7.0)
        0.5
        """
        if not isfinite(value):
            return 0.0
        return min(1.0, max(0.0, (value - self.rest) / (self.full - self.rest)))
