"""Sky, light and air of a scene as its author writes them: colours, the height of the sun, haze.

An asset may bring the same in its scene extras; `[look]` in scene.toml wins, so that an author
needs no code and no exporter settings. What is left out falls to the evening that renderers know.
"""

import re
from collections.abc import Iterator
from math import cos, isfinite, radians, sin
from typing import Any

# Colours a renderer mixes sky, haze, reflections and daylight from (scenes/shading/light.glsl).
COLOURS = (
    "zenith", "mid", "near", "away", "glow", "sunlight", "cloud_lit", "cloud_dark", "deep",
    "shallow", "lamp",
)  # fmt: skip
# Numbers: name -> (lowest, highest).
NUMBERS = {
    "exposure": (0.2, 4.0),  # factor on all light
    "sun_height_deg": (-10.0, 90.0),  # above the horizon
    "sun_side_deg": (-180.0, 180.0),  # 0 straight ahead, 90 to the right
}
FOG = ((0.0, 0.2), (0.0, 0.5), (-200.0, 200.0), (0.0, 1.0))  # density, falloff, base, most
Mistake = tuple[str, str, str]  # expected, came, what to do


def mistakes(table: object) -> Iterator[Mistake]:
    """What is wrong with a table `[look]`, nothing if it can be used."""
    if not isinstance(table, dict):
        yield "a table [look]", repr(table), "Write one"
        return
    for name, value in table.items():
        if name in COLOURS:
            if not (isinstance(value, str) and re.fullmatch(r"#[0-9a-fA-F]{6}", value)):
                yield f"a colour like \"#ffcf9a\" for '{name}'", repr(value), "Mend the colour"
        elif name in NUMBERS:
            low, high = NUMBERS[name]
            if not _within(value, low, high):
                yield f"{low:g} to {high:g} for '{name}'", repr(value), "Mend the number"
        elif name == "fog":
            rows = value if isinstance(value, list) else []
            if len(rows) != 4 or not all(
                _within(v, *ends) for v, ends in zip(rows, FOG, strict=True)
            ):
                yield "fog = [density, falloff, base, most]", repr(value), "Give four numbers"
        else:
            known = ", ".join((*COLOURS, *NUMBERS, "fog"))
            yield f"one of {known}", f"'{name}'", "Remove it"


def look(table: dict[str, Any]) -> dict[str, Any]:
    """The same as a renderer reads it: `{sky {name: linear rgb or direction}, exposure, fog}`.

    >>> look({"exposure": 1.2, "zenith": "#ffffff", "sun_height_deg": 0.0, "sun_side_deg": 90.0})
    {'sky': {'zenith': [1.0, 1.0, 1.0], 'sun': [1.0, 0.0, -0.0]}, 'exposure': 1.2}
    """
    sky: dict[str, list[float]] = {n: linear(table[n]) for n in COLOURS if n in table}
    if "sun_height_deg" in table or "sun_side_deg" in table:
        up, side = (radians(table.get(n, d)) for n, d in (("sun_height_deg", 12.0),
                                                          ("sun_side_deg", -30.0)))  # fmt: skip
        ahead = cos(up)
        sun = (ahead * sin(side), sin(up), -ahead * cos(side))
        sky["sun"] = [round(v, 6) for v in sun]
    told: dict[str, Any] = {"sky": sky} if sky else {}
    for name in ("exposure", "fog"):
        if name in table:
            told[name] = table[name]
    return told


def linear(colour: str) -> list[float]:
    """A colour as people write it (sRGB) in linear light.

    >>> linear("#ff8000")
    [1.0, 0.215861, 0.0]
    """
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return [
        round(v / 12.92 if v <= 0.04045 else float(((v + 0.055) / 1.055) ** 2.4), 6) for v in parts
    ]


def _within(value: object, low: float, high: float) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and isfinite(value) and low <= value <= high  # type: ignore[arg-type, operator]
