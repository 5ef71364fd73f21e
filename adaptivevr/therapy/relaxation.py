"""A relaxing session: a gentle load only ever goes down, the scene grows calm (notes C2)."""

import math
from dataclasses import replace

from adaptivevr.alarms import Lasting
from adaptivevr.therapy.agenda import Agenda
from adaptivevr.therapy.caption import SHOWN_S
from adaptivevr.therapy.intent import Ask, Intent, Pacer, Why, paced
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.rules import Calm
from adaptivevr.therapy.trailing import Trailing
from adaptivevr.therapy.view import View

SUPPORT_ABOVE = 0.2  # this much above rest, for so long: help, do not train
SUPPORT_S = 60.0
SUPPORT_FASTER = 3.0
ARRIVED = 0.02
ARRIVE_S = 90.0  # the gentle start may take so long; after that it only goes down


class Relaxation:
    """Quiet, then a gentle load that descends by itself, faster when arousal rises.

    Whatever happens the load never goes up again after its start; the ambient values follow a
    smooth curve of arousal with a time constant, so that no single second can move the scene.
    """

    def __init__(self, protocol: Protocol, seed: int = 0) -> None:
        self._protocol = protocol
        self._rules: Calm = protocol.calm
        self._mean = Trailing(30.0)
        self._rising = Lasting()
        self._agenda = Agenda(protocol)
        self._load: float | None = None  # what it wishes once it has arrived
        self._ambience = 0.0
        self._pacer: Pacer | None = None
        self.level = 0

    @property
    def phase(self) -> str:
        """Where it is: waiting, quiet, settle, descend, cooldown or end."""
        return self._agenda.phase

    @property
    def rating(self) -> float | None:
        """Nothing is rated here."""
        return None

    def update(self, now_s: float, view: View) -> Intent:
        """The wish now: load, ambient values and the breathing pacer."""
        waits = self._agenda.update(now_s, view)
        mean = None if self.phase == "waiting" and waits else self._mean.update(now_s, view.arousal)
        if waits is not None:
            why, left_s = waits
            intent = self._intent(view, why, 0.0, left_s)
            return self._worded(now_s, intent) if why is Why.QUIET else intent
        if self._agenda.begins:
            self._agenda.go(now_s, "settle")
            self.level = min(self._rules.first_level, view.top)
            self._pacer = pacer(now_s, self._rules)
        self._follow(view)
        if self._agenda.late(now_s):
            return self._worded(now_s, self._cool(now_s, view))
        if view.too_much:
            self._load = min(self._load if self._load is not None else 1.0, 0.5 * view.intensity)
            return self._intent(view, Why.TOO_MUCH, self._load)
        return self._worded(now_s, self._lower(now_s, view, mean))

    def _lower(self, now_s: float, view: View, mean: float | None) -> Intent:
        for step in view.steps:
            if step.by < 0:
                under = [at for at in view.levels if at < view.intensity - 1e-6]
                self._load = under[-1] if under else 0.0
        start = view.levels[self.level]
        if self._load is None:
            if not view.automatic or view.arousal is None:
                return self._intent(view, Why.UNSURE, min(start, view.intensity))
            late = self._agenda.past_s(now_s) >= ARRIVE_S
            if view.intensity < start - ARRIVED and not late:
                return self._intent(view, Why.RAMP, start, start)
            self._load = view.intensity
            self._agenda.go(now_s, "descend")
        high = mean is not None and mean > SUPPORT_ABOVE
        support = self._rising.update(now_s, high) >= SUPPORT_S
        rate_per_s = start / self._rules.descend_s * (SUPPORT_FASTER if support else 1.0)
        # From the lower of wish and picture: a load taken off by others stays off.
        less = rate_per_s * self._agenda.dt_s
        self._load = max(0.0, min(self._load, view.intensity + 0.02) - less)
        return self._intent(view, Why.SUPPORT if support else Why.CALMING, self._load, mean)

    def _cool(self, now_s: float, view: View) -> Intent:
        self._agenda.cool(now_s)
        self._load, self._pacer = 0.0, None
        return self._intent(view, Why.REST, 0.0)

    def _follow(self, view: View) -> None:
        """Ambience approaches sigmoid((middle - arousal) / width); unknown arousal holds it."""
        if view.arousal is None:
            return
        steep = (view.arousal - self._rules.ambient_middle) / self._rules.ambient_width
        wish = 1.0 / (1.0 + math.exp(min(max(steep, -40.0), 40.0)))
        share = 1.0 - math.exp(-self._agenda.dt_s / self._rules.ambient_tau_s)
        self._ambience += share * (wish - self._ambience)

    def _worded(self, now_s: float, intent: Intent) -> Intent:
        words = {"quiet": "quiet", "settle": "main", "cooldown": "cooldown"}.get(self.phase, "")
        text = getattr(self._protocol.prompts, words) if words else ""
        if not text or self._agenda.past_s(now_s) >= SHOWN_S:
            return intent
        return replace(intent, prompt=Ask(f"info-{words}", "info", text))

    def _intent(self, view: View, why: Why, load: float, number: float | None = None) -> Intent:
        ambient = tuple((name, self._ambience) for name in view.ambient)
        level = view.level_at(load)
        return Intent(level, load, ambient, self.phase, why, number, pacer=self._pacer)


def pacer(start_s: float, rules: Calm) -> Pacer | None:
    """The breathing pacer of these rules, None when there is none."""
    return paced(start_s, rules.breaths_per_min, rules.in_share)
