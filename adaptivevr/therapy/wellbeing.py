"""What holds in every therapy: sickness comes first; where rating and body quarrel, it is said.

Wraps a therapy's own controller, which is told to pause while somebody is sick.
"""

from dataclasses import replace
from typing import Protocol as Shape

from adaptivevr.command import Rate
from adaptivevr.therapy.intent import Intent, Said, Why
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.sickness import Sickness
from adaptivevr.therapy.trailing import Trailing
from adaptivevr.therapy.view import View

APART = 0.35  # a rating and the body this far apart are told: over twice their usual doubt
MEAN_S = 30.0


class Therapy(Shape):
    """Anything that turns a view into a wish. `rating`: the last one, for the guard's gate."""

    @property
    def level(self) -> int:
        """The level it wishes for."""

    @property
    def rating(self) -> float | None:
        """The last answer on the protocol's scale as 0..100, None before the first."""

    def update(self, now_s: float, view: View) -> Intent:
        """The wish now."""
        ...


class Controller(Therapy, Shape):
    """A therapy with the rules around it, or what goes before it."""

    @property
    def phase(self) -> str:
        """Where it is: waiting, quiet, ..., cooldown, end."""


class Wellbeing:
    """A controller with these two rules around it; a patient's word wins over any number."""

    def __init__(self, inner: Therapy, protocol: Protocol) -> None:
        self._inner = inner
        self._scale = protocol.ratings.scale
        self._sickness = Sickness(protocol.sickness)
        self._mean = Trailing(MEAN_S)
        self._free = True
        self.phase = "waiting"

    @property
    def level(self) -> int:
        """The therapy's own level, rest while somebody is sick."""
        return 0 if self._sickness.sick else self._inner.level

    @property
    def rating(self) -> float | None:
        """The therapy's own last rating."""
        return self._inner.rating

    def update(self, now_s: float, view: View) -> Intent:
        """The wish now."""
        mean = self._mean.update(now_s, view.arousal)
        was_sick = self._sickness.sick
        under_way = self.phase not in ("waiting", "quiet", "cooldown", "end")
        moving = view.moving and under_way and not view.rest
        ask = self._sickness.update(now_s, view.commands, moving, self._free)
        sick = self._sickness.sick
        seen = view
        if sick or ask is not None:
            seen = replace(view, rest=view.rest or sick, busy=ask is not None)
        intent = self._inner.update(now_s, seen)
        self.phase = intent.phase
        self._free = intent.prompt is None or intent.prompt.kind == "info"
        if ask is not None:
            intent = replace(intent, prompt=ask)
        if self._sickness.latest is not None:
            measure = ("sickness", self._sickness.latest)
            intent = replace(intent, measures=(*intent.measures, measure))
        if sick:
            intent = self._at_rest(intent)
        if sick != was_sick and intent.said is None:
            said = Said.SICK if sick else Said.SICK_OVER
            intent = replace(intent, said=said, numbers=(self._sickness.latest or 0.0,))
        return self._compared(intent, view, mean)

    def _at_rest(self, intent: Intent) -> Intent:
        latest = self._sickness.latest
        return replace(
            intent, level=0, intensity=0.0, reason=Why.SICK, number=latest,
            proposal=self._sickness.proposal,
        )  # fmt: skip

    def _compared(self, intent: Intent, view: View, mean: float | None) -> Intent:
        """A fear rated far from what the body shows, said in the tick of the answer."""
        rated = [c.value for c in view.commands if isinstance(c, Rate) and c.scale == "suds"]
        if self._scale != "suds" or mean is None or intent.said is not None:
            return intent
        for value in rated:
            apart = (value or 0.0) / 100.0 - mean
            if value is not None and abs(apart) >= APART:
                said = Said.RATING_HIGHER if apart > 0.0 else Said.BODY_HIGHER
                return replace(intent, said=said, numbers=(value, mean))
        return intent
