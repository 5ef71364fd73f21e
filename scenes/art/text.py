"""Lettering for signs: drawn into a picture once, with the typeface that comes with Pillow."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Picture = NDArray[np.uint8]


def plate(
    text: str, width: int, height: int, size: int, ink: str = "#3a2c22", paper: str = "#ffffff"
) -> Picture:
    """A picture (height, width, 3) with the text in its middle."""
    image = Image.new("RGB", (width, height), paper)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size)
    draw.text((width / 2, height / 2), text, ink, font, anchor="mm")
    return np.asarray(image)


def dial(labels: list[str], pixels: int, ink: str = "#33261c", paper: str = "#f3e3c3") -> Picture:
    """The face of a half-round scale: labels from left over the top to right."""
    image = Image.new("RGB", (pixels, pixels // 2), paper)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(pixels // 13)
    middle, foot = pixels / 2, pixels / 2 - pixels * 0.05
    for i in range(8 * (len(labels) - 1) + 1):
        a = np.pi * (1 - i / (8 * (len(labels) - 1)))
        a = np.pi * 0.06 + a * 0.88
        long = i % 8 == 0
        r0, r1 = pixels * (0.40 if long else 0.425), pixels * 0.455
        ends = [(middle + r * np.cos(a), foot - r * np.sin(a)) for r in (r0, r1)]
        draw.line([*ends[0], *ends[1]], ink, pixels // 90 if long else pixels // 200)
        if long:
            at = (middle + pixels * 0.335 * np.cos(a), foot - pixels * 0.335 * np.sin(a))
            draw.text(at, labels[i // 8], ink, font, anchor="mm")
    return np.asarray(image)
