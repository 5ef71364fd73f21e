"""The controllers by the name that a protocol calls them by."""

from collections.abc import Callable
from typing import Protocol as Shape

from adaptivevr.therapy.exposure import Exposure
from adaptivevr.therapy.intent import Intent
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.relaxation import Relaxation
from adaptivevr.therapy.view import View


class Controller(Shape):
    """Anything that turns a view into a wish. `rating`: the last one, for the guard's gate."""

    phase: str
    level: int

    @property
    def rating(self) -> float | None:
        """The last answer on the protocol's scale, None before the first."""

    def update(self, now_s: float, view: View) -> Intent:
        """The wish now."""
        ...


CONTROLLERS: dict[str, Callable[[Protocol], Controller]] = {
    "exposure": Exposure,
    "relaxation": Relaxation,
}
