"""Flashes as people see them, counted; and what pictures of a scene show beyond what it declares.

The counter's cases (`tests/scenes/flash_cases.json`) are run against the WebXR client too, which
counts on commanded luminance and goes to rest on a breach. Bounds: WCAG 2.2 success criterion 2.3.1
(general and red flash), tightened to one flash a second and without any exemption of small
areas, since a headset fills the field of view; patterns after ITU-R BT.1702.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEP = 0.1  # of full luminance: a smaller change is no part of a flash
BRIGHT = 0.8  # changes above this are none either
WINDOW_S = 1.0
MOST = 1  # flashes within any second
RED_STEP = 20 / 320  # the change of R - G - B that makes a red flash
CELLS = (6, 4)  # across, down: each about 16 degrees wide
TILE_PX = 120
STRIPES = (1.0, 8.0)  # cycles a degree
STRIPE_AREA = 0.25
STRIPE_CONTRAST = 0.12  # spread of luminance within a tile below which nothing glares
STRIPE_PURITY = 0.45  # share of a tile's variance in one frequency and its neighbours

Picture = NDArray[np.uint8]  # rows, columns, red green blue
Grey = NDArray[np.float64]


class FlashCounter:
    """Counts flashes, pairs of opposing changes, in the last second of one luminance 0..1.

    >>> counter = FlashCounter()
    >>> [counter.update(k / 10, k % 2 * 0.3) for k in range(5)]
    [0, 0, 1, 1, 2]
    """

    def __init__(self, step: float = STEP, bright: float = BRIGHT) -> None:
        self._step, self._bright = step, bright
        self._turned = 0  # the way of the last change: +1 brighter, -1 darker
        self._low, self._high = float("inf"), float("-inf")
        self._changes_s: deque[float] = deque()

    def update(self, time_s: float, luminance: float) -> int:
        """Flashes within the second that ends now; time never backward."""
        self._low, self._high = min(self._low, luminance), max(self._high, luminance)
        fell = self._high - luminance >= self._step and luminance < self._bright
        rose = luminance - self._low >= self._step and self._low < self._bright
        if self._turned >= 0 and fell:
            self._turn(-1, time_s, luminance)
        elif self._turned <= 0 and rose:
            self._turn(1, time_s, luminance)
        while self._changes_s and time_s - self._changes_s[0] >= WINDOW_S:
            self._changes_s.popleft()
        return len(self._changes_s) // 2

    def _turn(self, way: int, time_s: float, luminance: float) -> None:
        self._turned = way
        self._low = self._high = luminance
        self._changes_s.append(time_s)


def most_flashes(times_s: Sequence[float], luminance: Sequence[float], **bounds: float) -> int:
    """The most flashes in any second of a course of luminance."""
    counter = FlashCounter(**bounds)
    return max((counter.update(t, y) for t, y in zip(times_s, luminance, strict=True)), default=0)


def luminance(picture: Picture) -> Grey:
    """Relative luminance 0..1 of each pixel of an sRGB picture (IEC 61966-2-1)."""
    return np.asarray(_linear(picture) @ (0.2126, 0.7152, 0.0722))


def redness(picture: Picture) -> Grey:
    """How saturated a red each pixel is, as R - G - B where red is at least 80 % of the light."""
    c = _linear(picture)
    whole = np.maximum(c.sum(-1), 1e-9)
    excess = np.maximum(0.0, c[..., 0] - c[..., 1] - c[..., 2])
    return np.asarray(np.where(c[..., 0] / whole >= 0.8, excess, 0.0))


def cells(values: Grey) -> Grey:
    """Means of the cells that are watched one by one, in one row."""
    across, down = CELLS
    rows = np.array_split(values, down, axis=0)
    return np.array([part.mean() for row in rows for part in np.array_split(row, across, axis=1)])


def stripe_area(grey: Grey, pixels_per_degree: float) -> float:
    """The share of a picture that regular stripes of 1 to 8 cycles a degree cover.

    A tile is striped when its luminance varies enough to glare and nearly half of that variance
    lies in one frequency. grey: luminance 0..1.
    """
    tiles = [
        grey[y : y + TILE_PX, x : x + TILE_PX]
        for y in range(0, grey.shape[0] - TILE_PX + 1, TILE_PX)
        for x in range(0, grey.shape[1] - TILE_PX + 1, TILE_PX)
    ]
    if not tiles:
        return 0.0
    return sum(_striped(tile, pixels_per_degree) for tile in tiles) / len(tiles)


def _striped(tile: Grey, pixels_per_degree: float) -> bool:
    if tile.std() < STRIPE_CONTRAST:
        return False
    window = np.hanning(TILE_PX)
    shaped = (tile - tile.mean()) * np.outer(window, window)
    power = np.abs(np.fft.fft2(shaped)) ** 2
    f = np.fft.fftfreq(TILE_PX) * pixels_per_degree
    cycles = np.hypot(*np.meshgrid(f, f))
    inside = np.where((cycles >= STRIPES[0]) & (cycles <= STRIPES[1]), power, 0.0)
    y, x = np.unravel_index(np.argmax(inside), inside.shape)
    near = range(-2, 3)
    peak = sum(power[(y + i) % TILE_PX, (x + j) % TILE_PX] for i in near for j in near)
    # A real picture: each frequency stands there twice.
    return bool(2 * peak >= STRIPE_PURITY * power.sum())


def picture_problems(
    sweep: Sequence[Picture], sweep_s: float, moving: Sequence[Picture], rate_hz: float
) -> Iterator[str]:
    """What rendered pictures break: along the whole sweep of intensity, and while it stands still.

    sweep: equal steps of intensity from 0 to 1, which takes at least sweep_s seconds.
    moving: pictures at one intensity, rate_hz of them a second.
    """
    means = np.array([luminance(p).mean() for p in sweep])
    step_s = sweep_s / (len(sweep) - 1)
    fastest = float(np.abs(np.diff(means)).max()) / step_s
    if fastest > STEP / (1 / 3):
        yield (
            f"Expected the whole picture to change by at most 0.3 of full luminance a second on "
            f"any path of intensity, came {fastest:.2f}. Make the change smaller or slower."
        )
    if float(np.ptp(means)) > 0.5:
        yield (
            f"Expected the picture's mean luminance to stay within 0.5 over all intensities, came "
            f"{np.ptp(means):.2f}. Keep the scene nearer to one brightness."
        )
    times_s = [k / rate_hz for k in range(len(moving))]
    for what, of, bounds in (
        ("flash", luminance, {}),
        ("red flash", redness, {"step": RED_STEP, "bright": 1.0}),
    ):
        courses = np.array([cells(of(p)) for p in moving])
        worst = max(most_flashes(times_s, course.tolist(), **bounds) for course in courses.T)
        if worst > MOST:
            yield (
                f"Expected at most one {what} in any second anywhere in the picture, came {worst}. "
                "Slow down what moves or shines by itself."
            )


def measured(sweep: Sequence[Picture]) -> dict[str, Any]:
    """Figures of a sweep for people: mean luminance at its steps, lowest and highest."""
    means = [round(float(luminance(p).mean()), 4) for p in sweep]
    return {"luminance": means, "darkest": min(means), "brightest": max(means)}


def _linear(picture: Picture) -> NDArray[np.float64]:
    c = picture.astype(np.float64) / 255.0
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
