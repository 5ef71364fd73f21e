"""A board that hangs in the scene: words, and buttons for a pointer or for a resting look."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from math import cos, sin
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.openxr.host import Ray
from scenes.openxr.pose import Pose, turned

WIDTH, HEIGHT = 1024, 512
METRES = 1.3
AWAY_M, BELOW_M = 1.6, 0.18
DWELL_S = 1.5
_STEPS = 20  # of the bar that shows how long a look has rested


@dataclass(frozen=True, slots=True)
class Button:
    """Something that may be pressed."""

    label: str
    press: Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Area:
    button: Button
    x: float
    y: float
    w: float
    h: float

    def holds(self, x: float, y: float) -> bool:
        return self.x <= x <= self.x + self.w and self.y <= y <= self.y + self.h


class Panel:
    """What the board shows and where it hangs; places are told in the patient's own space."""

    def __init__(self) -> None:
        self.visible = False
        self.pose = Pose()
        self.drawing: NDArray[np.uint8] | None = None  # (HEIGHT, WIDTH, 4), when it has changed
        self._areas: tuple[_Area, ...] = ()
        self._text = ""
        self._ends = ("", "")
        self._looked: tuple[_Area, float] | None = None
        self._drawn: tuple[object, ...] = ()

    def hang(self, head: Pose) -> None:
        """Hangs the board before a head, a little below the eyes."""
        x, y, z = head.at
        yaw = head.yaw
        at = (x - sin(yaw) * AWAY_M, y - BELOW_M, z - cos(yaw) * AWAY_M)
        self.pose = Pose(at, turned(yaw))

    def show(
        self, text: str, buttons: tuple[Button, ...], ends: tuple[str, str] = ("", "")
    ) -> None:
        """Puts words and buttons on the board."""
        self._text, self._ends, self._looked = text, ends, None
        w = min(220.0, (WIDTH - 60) / max(1, len(buttons)))
        left = (WIDTH - w * len(buttons)) / 2
        self._areas = tuple(
            _Area(b, left + i * w + 4, 270, w - 8, 120) for i, b in enumerate(buttons)
        )
        self.visible = True
        self._draw(None, 0.0)

    def hide(self) -> None:
        """Takes the board away."""
        self.visible, self._areas, self._looked = False, (), None

    def press(self, ray: Ray) -> bool:
        """A pointer pressed along a ray; True when it hit a button."""
        area = self._hit(ray)
        if area is not None:
            area.button.press()
        return area is not None

    def look(self, ray: Ray, now_s: float) -> None:
        """A look that rests on a button for long enough presses it."""
        if not self.visible:
            return
        area = self._hit(ray)
        if area is None:
            self._looked = None
            self._draw(None, 0.0)
            return
        if self._looked is None or self._looked[0] is not area:
            self._looked = (area, now_s)
        share = (now_s - self._looked[1]) / DWELL_S
        self._draw(area, min(1.0, share))
        if share >= 1.0:
            self._looked = None
            area.button.press()

    def _hit(self, ray: Ray) -> _Area | None:
        if not self.visible:
            return None
        board = np.linalg.inv(self.pose.matrix())
        origin = board @ np.array([*ray.origin, 1.0])
        direction = board[:3, :3] @ np.array(ray.direction)
        if direction[2] >= -1e-9 or origin[2] <= 0:
            return None  # from behind, or along the board
        at = origin[:3] - direction * (origin[2] / direction[2])
        x = (at[0] / METRES + 0.5) * WIDTH
        y = (0.5 - at[1] / (METRES * HEIGHT / WIDTH)) * HEIGHT
        return next((a for a in self._areas if a.holds(x, y)), None)

    def _draw(self, looked: _Area | None, share: float) -> None:
        state = (self._text, self._ends, self._areas, looked, round(share * _STEPS))
        if state == self._drawn:
            return
        self._drawn = state
        self.drawing = _board(self._text, self._ends, self._areas, looked, share)


def _board(
    text: str, ends: tuple[str, str], areas: tuple[_Area, ...], looked: _Area | None, share: float
) -> NDArray[np.uint8]:
    from PIL import Image, ImageDraw

    picture = Image.new("RGBA", (WIDTH, HEIGHT), (24, 22, 28, 0))
    d = ImageDraw.Draw(picture)
    d.rounded_rectangle((8, 8, WIDTH - 8, HEIGHT - 8), 36, fill=(24, 22, 28, 219))
    ink = "#f3ece2"
    rows = lines(text, WIDTH - 120)
    for i, row in enumerate(rows):
        y = 140 + (i - (len(rows) - 1) / 2) * 58
        d.text((WIDTH / 2, y), row, ink, font(46), anchor="mm")
    for a in areas:
        box = (a.x, a.y, a.x + a.w, a.y + a.h)
        d.rounded_rectangle(box, 18, fill="#5a5268" if a is looked else "#3a3644")
        if a is looked and share > 0:
            bottom = a.y + a.h - 14
            d.rectangle((a.x + 8, bottom, a.x + 8 + (a.w - 16) * share, bottom + 8), "#e8b04a")
        size = 40
        while size > 16 and font(size).getlength(a.button.label) > a.w - 8:
            size -= 2
        d.text((a.x + a.w / 2, a.y + a.h / 2), a.button.label, ink, font(size), anchor="mm")
    d.text((40, 445), ends[0], ink, font(30), anchor="lm")
    d.text((WIDTH - 40, 445), ends[1], ink, font(30), anchor="rm")
    return np.asarray(picture)


def lines(text: str, width: float) -> list[str]:
    """Words broken into at most four lines of the board's type."""
    out = [""]
    for word in text.split():
        longer = f"{out[-1]} {word}".strip()
        if out[-1] and font(46).getlength(longer) > width:
            out.append(word)
        else:
            out[-1] = longer
    return out[:4]


@cache
def font(size: int) -> Any:
    """A typeface that comes with our dependencies: DejaVu Sans, else Pillow's own."""
    from PIL import ImageFont

    found = find_spec("matplotlib")  # asked where it lies; it is not loaded
    if found is not None and found.origin is not None:
        path = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
        if path.is_file():
            return ImageFont.truetype(str(path), size)
    return ImageFont.load_default(size)
