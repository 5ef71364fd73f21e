"""A relaxing session: a gentle load only ever goes down, the scene grows calm (notes C2)."""

import math
from dataclasses import replace

from adaptivevr.alarms import Lasting
from adaptivevr.command import Step, TooMuch
from adaptivevr.modes import is_clinician
from adaptivevr.therapy.intent import Ask, Intent, Pacer, Why
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
        self._last_s: float | None = None
        self._phase_s = 0.0
        self._main_s: float | None = None
        self._load: float | None = None  # what it wishes once it has arrived
        self._ambience = 0.0
        self._pacer: Pacer | None = None
        self.phase = "waiting"
        self.level = 0

    @property
    def rating(self) -> float | None:
        """Nothing is rated here."""
        return None

    def update(self, now_s: float, view: View) -> Intent:
        """The wish now: load, ambient values and the breathing pacer."""
        dt_s = 0.0 if self._last_s is None else max(0.0, now_s - self._last_s)
        self._last_s = now_s
        if self.phase == "waiting":
            if view.rest:
                return self._intent(view, Why.WAITING, 0.0)
            self.phase, self._phase_s = "quiet", now_s
        mean = self._mean.update(now_s, view.arousal)
        if self.phase == "quiet":
            left_s = self._protocol.phases.quiet_s - (now_s - self._phase_s)
            if left_s > 0.0:
                return self._worded(now_s, self._intent(view, Why.QUIET, 0.0, left_s))
            if not view.ready or view.arousal is None or not view.automatic:
                return self._intent(view, Why.UNSURE, 0.0)
            self.phase, self._phase_s, self._main_s = "settle", now_s, now_s
            self.level = min(self._rules.first_level, view.top)
            self._pacer = pacer(now_s, self._rules)
        self._follow(dt_s, view)
        if self._main_s is not None and now_s - self._main_s >= self._protocol.phases.main_s:
            return self._worded(now_s, self._cool(now_s, view))
        if any(isinstance(c, TooMuch) for c in view.commands):
            self._load = min(self._load if self._load is not None else 1.0, 0.5 * view.intensity)
            return self._intent(view, Why.TOO_MUCH, self._load)
        return self._worded(now_s, self._lower(now_s, dt_s, view, mean))

    def _lower(self, now_s: float, dt_s: float, view: View, mean: float | None) -> Intent:
        for command in view.commands:
            if isinstance(command, Step) and command.by < 0 and is_clinician(command.who):
                under = [at for at in view.levels if at < view.intensity - 1e-6]
                self._load = under[-1] if under else 0.0
        start = view.levels[self.level]
        if self._load is None:
            if not view.automatic or view.arousal is None:
                return self._intent(view, Why.UNSURE, min(start, view.intensity))
            late = now_s - self._phase_s >= ARRIVE_S
            if view.intensity < start - ARRIVED and not late:
                return self._intent(view, Why.RAMP, start, start)
            self._load, self.phase = view.intensity, "descend"
        high = mean is not None and mean > SUPPORT_ABOVE
        support = self._rising.update(now_s, high) >= SUPPORT_S
        rate_per_s = start / self._rules.descend_s * (SUPPORT_FASTER if support else 1.0)
        # From the lower of wish and picture: a load taken off by others stays off.
        self._load = max(0.0, min(self._load, view.intensity + 0.02) - rate_per_s * dt_s)
        return self._intent(view, Why.SUPPORT if support else Why.CALMING, self._load, mean)

    def _cool(self, now_s: float, view: View) -> Intent:
        if self.phase not in ("cooldown", "end"):
            self.phase, self._phase_s, self._pacer = "cooldown", now_s, None
        if now_s - self._phase_s >= self._protocol.phases.cooldown_s:
            self.phase = "end"
        self._load = 0.0
        return self._intent(view, Why.REST, 0.0)

    def _follow(self, dt_s: float, view: View) -> None:
        """Ambience approaches sigmoid((middle - arousal) / width); unknown arousal holds it."""
        if view.arousal is None:
            return
        steep = (view.arousal - self._rules.ambient_middle) / self._rules.ambient_width
        wish = 1.0 / (1.0 + math.exp(min(max(steep, -40.0), 40.0)))
        share = 1.0 - math.exp(-dt_s / self._rules.ambient_tau_s)
        self._ambience += share * (wish - self._ambience)

    def _worded(self, now_s: float, intent: Intent) -> Intent:
        words = {"quiet": "quiet", "settle": "main", "cooldown": "cooldown"}.get(self.phase, "")
        text = getattr(self._protocol.prompts, words) if words else ""
        if not text or now_s - self._phase_s >= 20.0:
            return intent
        return replace(intent, prompt=Ask(f"info-{words}", "info", text))

    def _intent(self, view: View, why: Why, load: float, number: float | None = None) -> Intent:
        ambient = tuple((name, self._ambience) for name in view.ambient)
        level = max(i for i, at in enumerate(view.levels) if at <= load + 1e-6)
        return Intent(level, load, ambient, self.phase, why, number, pacer=self._pacer)


def pacer(start_s: float, rules: Calm) -> Pacer | None:
    """The breathing pacer of these rules, None when there is none.

    >>> pacer(0.0, Calm(breaths_per_min=6.0, in_share=0.4))
    Pacer(start_s=0.0, in_s=4.0, hold_s=0.0, out_s=6.0, rest_s=0.0)
    """
    if rules.breaths_per_min <= 0.0:
        return None
    breath_s = 60.0 / rules.breaths_per_min
    in_s = round(rules.in_share * breath_s, 3)
    return Pacer(start_s, in_s, 0.0, round(breath_s - in_s, 3), 0.0)
