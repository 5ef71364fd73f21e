"""The order of every decision: limits, modes, controller, guard. Plain numbers in and out."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from adaptivevr.arousal import Arousal
from adaptivevr.command import Command, SetLimit
from adaptivevr.evidence import State
from adaptivevr.guard import Bounds, Decision, Facts, Guard
from adaptivevr.limits import Change, Limits, Tuning
from adaptivevr.modes import Aim, Mode, Modes, Signs, Standing
from adaptivevr.therapy.controllers import CONTROLLERS
from adaptivevr.therapy.intent import Intent
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.view import View, hierarchy

NOTHING = Arousal(None, math.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What is known of the patient in this tick.

    age_s: seconds since one of the sensors that the protocol asks for last gave a usable value,
    None when none ever did. ready: a baseline is there. heart: the fast heart rate and its
    quality. fault: a part of the engine failed.
    """

    arousal: Arousal = NOTHING
    age_s: float | None = None
    ready: bool = False
    heart_bpm: float | None = None
    heart_quality: float = 0.0
    fault: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """One tick decided. proposal: what a person may say yes to now."""

    standing: Standing
    intent: Intent
    decision: Decision
    changes: tuple[Change, ...]
    limits: Limits

    @property
    def proposal(self) -> str | None:
        """`resume`, or `advance:<level>`, or None."""
        return self.standing.proposal or self.intent.proposal


class Course:
    """One session's limits, modes, controller and guard, in the order that makes them safe.

    levels: the scene's level intensities. ambient: the scene's ambient parameters and the rate
    each may change at (1/s, None for the guard's own). outer: limits that nobody can loosen
    in the session, such as a patient's.
    """

    def __init__(
        self,
        protocol: Protocol,
        levels: Sequence[float],
        ambient: Mapping[str, float | None] | None = None,
        outer: Limits | None = None,
    ) -> None:
        rates = dict(ambient or {})
        self._protocol = protocol
        self._levels = hierarchy(levels)
        self._ambient = tuple(rates)
        self._tuning = Tuning(protocol.limits, outer, protocol.people)
        self._modes = Modes()
        self._controller = CONTROLLERS[protocol.controller](protocol)
        self._guard = Guard({name: rate for name, rate in rates.items() if rate is not None})
        self._intent: Intent | None = None
        self._intensity = 0.0

    @property
    def limits(self) -> Limits:
        """The limits in force."""
        return self._tuning.limits

    @property
    def phase(self) -> str:
        """The controller's phase: waiting, quiet and so on."""
        return self._controller.phase

    @property
    def rating(self) -> float | None:
        """The last answer on the protocol's scale, None before the first."""
        return self._controller.rating

    def update(self, now_s: float, body: Body, commands: Sequence[Command] = ()) -> Verdict:
        """What is shown now. Correct at any rate from 1 to 100 ticks a second."""
        tuned = [self._tuning.update(c) for c in commands if isinstance(c, SetLimit)]
        limits = self._limited(body)
        standing = self._modes.update(now_s, self._signs(body), commands, limits, self._aim(body))
        view = self._view(body, commands, limits, standing)
        intent = self._controller.update(now_s, view)
        by_hand = standing.mode is Mode.MANUAL
        decision = self._guard.update(
            now_s,
            standing.manual if by_hand else intent.intensity,
            intent.ambient,
            self._facts(body, standing),
            self._bounds(limits, standing, view),
        )
        self._intent, self._intensity = intent, decision.intensity
        return Verdict(standing, intent, decision, tuple(c for c in tuned if c), limits)

    def _limited(self, body: Body) -> Limits:
        """Without a calibration of this person: one level above the first, no more (B3)."""
        limits = self._tuning.limits
        if not body.arousal.prior_only:
            return limits
        cap = min(limits.level_cap, self._protocol.first_level + 1.0)
        return replace(limits, level_cap=cap)

    def _signs(self, body: Body) -> Signs:
        return Signs(
            age_s=body.age_s,
            arousal=body.arousal.level,
            sd=body.arousal.sd,
            heart_bpm=body.heart_bpm,
            heart_quality=body.heart_quality,
            suds=self._controller.rating,
            fault=body.fault,
        )

    def _aim(self, body: Body) -> Aim:
        intent = self._intent
        return Aim(
            levels=self._levels,
            level=intent.level if intent else 0,
            intensity=self._intensity,
            proposal=intent.proposal if intent else None,
            gives_up=intent.gives_up if intent else False,
            policy="confirm" if body.arousal.prior_only else self._protocol.advance,
            first_level=self._protocol.first_level,
        )

    def _view(
        self, body: Body, commands: Sequence[Command], limits: Limits, standing: Standing
    ) -> View:
        return View(
            arousal=body.arousal.level,
            sd=body.arousal.sd,
            levels=self._levels,
            limits=limits,
            mode=standing.mode,
            rest=standing.rest,
            intensity=self._intensity,
            granted=standing.granted,
            ready=body.ready,
            ambient=self._ambient,
            commands=tuple(commands),
        )

    def _facts(self, body: Body, standing: Standing) -> Facts:
        return Facts(
            mode=standing.mode,
            rest=standing.rest,
            stop=standing.mode is Mode.SAFE,
            arousal=body.arousal.level,
            sd=body.arousal.sd,
            age_s=math.inf if body.age_s is None else body.age_s,
            quality=quality(body.arousal),
            relative=body.arousal.relative,
            flag=standing.flag,
            suds=self._controller.rating,
            heart_bpm=body.heart_bpm,
            retreat_to=standing.retreat_to,
        )

    def _bounds(self, limits: Limits, standing: Standing, view: View) -> Bounds:
        granted = min(standing.granted, len(self._levels) - 1)
        return Bounds(
            ceiling=min(limits.ceiling, self._levels[view.top]),
            rise_per_s=limits.rise_per_s,
            fall_per_s=limits.fall_per_s,
            window_high=limits.window_high,
            heart_ceiling_bpm=limits.heart_ceiling_bpm,
            suds_stop=limits.suds_stop,
            granted=self._levels[granted],
        )


def quality(arousal: Arousal) -> float:
    """The quality of the parts in use, each by its weight in the estimate; 0 when there are none.

    A part that is late or turned away has no say: one good sensor is enough to go on (G4).
    What the patient said is no sensor: alone it opens no gate.
    """
    used = [
        part
        for part in arousal.parts
        if part.state in (State.USED, State.SUSPECT) and part.name != "rating"
    ]
    weight = sum(part.weight for part in used)
    if not weight > 0.0:
        return 0.0
    return min(1.0, sum(part.weight * part.quality for part in used) / weight)
