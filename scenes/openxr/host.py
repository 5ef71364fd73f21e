"""What pictures are shown on: the common shape of headset, window and the simulated headset."""

from dataclasses import dataclass
from math import tan
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from scenes.openxr.clock import now_s, wait_until
from scenes.openxr.graphics import Canvas, View, ViewBlock, draws_in_software, let_go, offscreen
from scenes.openxr.pose import Pose, Triple

EYE_M = 1.65  # how high the eyes of somebody are whose head is not measured
IPD_M = 0.063


class Lost(Exception):
    """The host went away in the middle of a picture; it says in `trouble` what happened."""


@dataclass(frozen=True, slots=True)
class Ray:
    """Where somebody points."""

    origin: Triple
    direction: Triple


@dataclass(frozen=True, slots=True)
class Moment:
    """One turn of the loop: what is seen with, and what was done since the last.

    views: empty when nothing is to be drawn. head, hands: None when not tracked, on the floor of
    the place where the patient stands. presses: pointers that were pressed now; gaze: the look
    that may rest on a button, None on a flat screen. held: a button of a controller is down.
    keys: named keys that went down. worn: told when it changed.
    """

    views: tuple[View, ...] = ()
    head: Pose | None = None
    hands: tuple[Pose | None, Pose | None] = (None, None)
    presses: tuple[Ray, ...] = ()
    gaze: Ray | None = None
    held: bool = False
    keys: tuple[str, ...] = ()
    worn: bool | None = None


class Host(Protocol):
    """A thing that shows pictures. `comfort`: whether it fills the view, so that motion is felt."""

    name: str
    ctx: Any
    comfort: bool
    hands: bool
    refresh_hz: float
    trouble: str  # a sentence for the clinician, empty when all is well

    def begin(self) -> Moment:
        """Waits until the next picture is due (at most 50 ms) and says what is to be drawn."""
        ...

    def target(self, eye: int) -> None:
        """Makes the canvas of one eye the one that is drawn on."""
        ...

    def finish(self, eye: int) -> None:
        """The eye's picture is complete."""
        ...

    def end(self) -> None:
        """Shows what was drawn since `begin`."""
        ...

    @property
    def ended(self) -> bool:
        """Whether the person or the system has closed it for good."""
        ...

    def recenter(self) -> None:
        """Makes where the patient is and looks now the place and direction of the scene."""
        ...

    def close(self) -> None:
        """Lets go of everything."""
        ...


class SimulatedHost:
    """Two fixed eyes offscreen: for laptops without a runtime, and for pictures in tests.

    `head`, `hands`, `presses`, `held`, `worn` may be set from outside; `pictures` reads what each
    eye saw. pace_hz: how many pictures a second, None as fast as it goes.
    """

    name = "simulated"
    hands = False

    def __init__(
        self,
        size: tuple[int, int] = (512, 512),
        eyes: int = 2,
        pace_hz: float | None = 60.0,
        angle: float = 0.8,
        ctx: Any = None,
        samples: int | None = None,
    ) -> None:
        self.trouble = ""
        self.ctx = ctx or offscreen()
        self.comfort = eyes > 1
        self.refresh_hz = pace_hz or 60.0
        self.head = Pose((0.0, EYE_M, 0.0))
        self.moment = Moment()
        self.ended = False
        self._own = ctx is None
        smooth = 0 if draws_in_software(self.ctx) else 4
        self._eyes = [
            Canvas(self.ctx, size, smooth if samples is None else samples) for _ in range(eyes)
        ]
        self._up = tan(angle / 2) if eyes == 1 else tan(angle)
        self._side = self._up * size[0] / size[1]
        self._pace_s = 1.0 / pace_hz if pace_hz else 0.0
        self._due_s = now_s()

    def begin(self) -> Moment:
        """The next picture: what was set from outside is told once."""
        self._due_s = max(self._due_s + self._pace_s, now_s())
        if self._pace_s:
            wait_until(self._due_s)
        told, self.moment = self.moment, Moment(hands=self.moment.hands, held=self.moment.held)
        return Moment(
            views=self.views(), head=self.head if self.comfort else None, hands=told.hands,
            presses=told.presses, gaze=told.gaze, held=told.held, keys=told.keys, worn=told.worn,
        )  # fmt: skip

    def views(self) -> tuple[View, ...]:
        """The eyes beside each other, looking the same way."""
        apart = IPD_M if len(self._eyes) > 1 else 0.0
        return tuple(
            View(
                Pose(((k - 0.5) * apart if apart else 0.0, 0.0, 0.0)).after(self.head),
                -self._side, self._side, self._up, -self._up,
            )
            for k in range(len(self._eyes))
        )  # fmt: skip

    def target(self, eye: int) -> None:
        """The canvas of one eye."""
        self._eyes[eye].begin()

    def finish(self, eye: int) -> None:
        """Nothing to hand on."""

    def end(self) -> None:
        """A picture nobody sees is done when it has been reckoned."""
        self.ctx.finish()

    def pictures(self) -> tuple[NDArray[np.uint8], ...]:
        """What each eye saw last, (height, width, 3), top row first."""
        return tuple(canvas.picture() for canvas in self._eyes)

    def recenter(self) -> None:
        """Looks straight on again."""
        self.head = Pose((0.0, EYE_M, 0.0))

    def close(self) -> None:
        """Gives the memory back."""
        for canvas in self._eyes:
            canvas.release()
        if self._own:
            let_go(self.ctx)


__all__ = ["EYE_M", "Host", "Lost", "Moment", "Ray", "SimulatedHost", "View", "ViewBlock"]
