"""The native renderer's sheet for the docs: `python -m tests.openxr.pictures [NAME ...]`.

A row for each scene: intensity 0, 0.5 and 1 from this renderer, then the browser's own picture of
0.5 (docs/pictures/NAME-050.jpg, by `tests.browser.pictures`), with how alike the two are.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from scenes.openxr.graphics import offscreen
from scenes.openxr.panel import font
from tests.openxr.likeness import difference
from tests.openxr.test_pictures import SCENES, Easel, values

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SIZE = (720, 450)
SMALL = (320, 200)
HEAD = 26


def main(names: list[str]) -> None:
    easel = Easel(offscreen(), SIZE)
    sheet = Image.new("RGB", (SMALL[0] * 4, (SMALL[1] + HEAD) * len(names)), "#18161c")
    words = ImageDraw.Draw(sheet)
    for row, name in enumerate(names):
        top = row * (SMALL[1] + HEAD)
        easel.take(name)
        shots = [easel.draw(values(name, i))[0] for i in (0.0, 0.5, 1.0)]
        told = f"{name}: native 0, 0.5, 1"
        browser = FOLDER / f"{name}-050.jpg"
        if browser.is_file():
            seen = np.asarray(Image.open(browser).convert("RGB").resize(SIZE))
            upper = slice(0, int(SIZE[1] * 0.85))  # its buttons lie below
            told += f"; browser 0.5 (CIELAB {difference(seen[upper], shots[1][upper]):.1f})"
            shots.append(seen)
        words.text((8, top + HEAD / 2), told, "#f3ece2", font(14), anchor="lm")
        print(told, file=sys.stderr)
        for k, shot in enumerate(shots):
            small = Image.fromarray(shot).resize(SMALL, Image.Resampling.LANCZOS)
            sheet.paste(small, (k * SMALL[0], top + HEAD))
    sheet.save(FOLDER / "openxr-sheet.jpg", quality=84, optimize=True)
    print("docs/pictures/openxr-sheet.jpg", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:] or SCENES)
