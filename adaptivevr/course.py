"""The order of every decision: limits, modes, controller, guard. Plain numbers in and out."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from adaptivevr.arousal import Arousal
from adaptivevr.checkin import CheckIn
from adaptivevr.command import Command, Rate, SetLimit
from adaptivevr.cues import Card, Cues, Moment, Ruled
from adaptivevr.evidence import State
from adaptivevr.guard import Bounds, Decision, Facts, Guard
from adaptivevr.house import House
from adaptivevr.limits import HARD, Change, Limits, Tuning
from adaptivevr.modes import Aim, Cause, Mode, Modes, Signs, Standing
from adaptivevr.spoken import Spoken
from adaptivevr.therapy.controllers import Controller, begin
from adaptivevr.therapy.intent import Ask, Intent, Pacer
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.view import View, hierarchy
from adaptivevr.therapy.vitals import Reading
from scenes.scene import Cue

NOTHING = Arousal(None, math.inf)
HEART_ROOM_BPM = 50.0  # the heart may beat so much faster than at rest (sources: C6)
SLOW = (2.4, 0.0, 3.6, 0.0)  # in, hold, out, rest (s): ten breaths a minute, for one who pants
# What a patient is told in a moment when seconds count, whatever the therapy would say.
FAINT = "Lie down now. Tense your arms and legs, then let go, and again. Somebody is coming."
BREATHE = "Breathe along with the circle, slowly and not deeply."


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What is known of the patient in this tick.

    age_s: seconds since one of the sensors that the protocol asks for last gave a usable value,
    None when none ever did. ready: a baseline is there. heart: the fast heart rate and its
    quality. resting_bpm: the heart rate of the quiet phase. readings: what the sensors told in
    this tick, for the therapy. fault: a part of the engine failed.
    """

    arousal: Arousal = NOTHING
    age_s: float | None = None
    ready: bool = False
    heart_bpm: float | None = None
    heart_quality: float = 0.0
    resting_bpm: float | None = None
    breath_per_min: float | None = None
    breath_quality: float = 0.0
    readings: tuple[Reading, ...] = ()
    resonance_per_min: float | None = None
    fault: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """One tick decided. proposal: what a person may say yes to now."""

    standing: Standing
    intent: Intent
    decision: Decision
    changes: tuple[Change, ...]
    limits: Limits
    cues: tuple[Ruled, ...] = ()

    @property
    def proposal(self) -> str | None:
        """`resume`, or `advance:<level>`, or None."""
        return self.standing.proposal or self.intent.proposal


class Course:
    """One session's limits, modes, controller and guard, in the order that makes them safe.

    levels: the scene's level intensities. ambient: the scene's ambient parameters and the rate
    each may change at (1/s, None for the guard's own). outer: limits that nobody can loosen
    in the session, such as a patient's. controller: another than the protocol's own.
    house: the rules of the place. seed: of what a therapy draws by lot. moving: the scene moves
    people through it. cues: the scene's events that a clinician may let happen.
    """

    def __init__(
        self,
        protocol: Protocol,
        levels: Sequence[float],
        ambient: Mapping[str, float | None] | None = None,
        outer: Limits | None = None,
        controller: Controller | None = None,
        house: House | None = None,
        seed: int = 0,
        moving: bool = False,
        cues: Sequence[Cue] = (),
    ) -> None:
        rates = dict(ambient or {})
        self._protocol = protocol
        self._levels = hierarchy(levels)
        self._ambient = tuple(rates)
        self._tuning = Tuning(protocol.limits, outer, protocol.people)
        self._tight = (self._tuning.limits, self._tuning.limits)  # as tuned, as in force
        self._house = house or House()
        self._modes = Modes(self._house)
        self._check = CheckIn()
        self._cues = Cues(cues, protocol.cues, self._house.home)
        self._spoken = Spoken(protocol.ratings)
        self._suds: float | None = None
        self._pacer: Pacer | None = None
        self._controller = controller or begin(protocol, seed)
        self._moving = moving
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

    @property
    def cues(self) -> tuple[Card, ...]:
        """How each cue of the scene stands, for people."""
        return self._cues.cards()

    def update(self, now_s: float, body: Body, commands: Sequence[Command] = ()) -> Verdict:
        """What is shown now. Correct at any rate from 1 to 100 ticks a second."""
        tuned = [self._tuning.update(c) for c in commands if isinstance(c, SetLimit)]
        self._listen(now_s, commands)
        limits = self._limited(body)
        standing = self._modes.update(now_s, self._signs(body), commands, limits, self._aim(body))
        view = self._view(body, commands, limits, standing)
        intent = self._controller.update(now_s, view)
        wish = standing.manual if standing.mode is Mode.MANUAL else intent.intensity
        facts, bounds = self._facts(body, standing), self._bounds(limits, standing, view)
        decision = self._guard.update(now_s, wish, intent.ambient, facts, bounds)
        moment = Moment(
            rest=decision.rest, phase=intent.phase, before=self._intensity,
            intensity=decision.intensity, wish=wish,
        )  # fmt: skip
        self._intent, self._intensity = intent, decision.intensity
        cues = self._cues.update(now_s, commands, moment, facts, bounds)
        words = self._spoken.update(now_s, commands, intent.prompt)
        if words is not intent.prompt:
            intent = replace(intent, prompt=words)
        intent = self._urgent(now_s, intent, standing)
        return Verdict(standing, intent, decision, tuple(c for c in tuned if c), limits, cues)

    def _listen(self, now_s: float, commands: Sequence[Command]) -> None:
        """What was rated and whether anybody answers, heard here whatever a controller hears."""
        for command in commands:
            if isinstance(command, Rate) and command.scale == "suds" and command.value is not None:
                self._suds = command.value if 0.0 <= command.value <= 100.0 else self._suds
        prompt = self._intent.prompt if self._intent else None
        watch = self._house.home or self._protocol.supervised
        self._check.update(now_s, commands, prompt, watch)

    def _limited(self, body: Body) -> Limits:
        """The limits in force, tightened by what is known of this person and this place.

        Without a calibration: one level above the first, no more (B3). At home: no level that
        was not passed with a clinician. The heart: no more than 50 above its rest (C6).
        """
        limits = self._tuning.limits
        cap, heart_bpm = limits.level_cap, limits.heart_ceiling_bpm
        if body.arousal.prior_only:
            cap = min(cap, self._protocol.first_level + 1.0)
        if self._house.passed is not None:
            cap = min(cap, float(self._house.passed))
        if body.resting_bpm is not None:
            lowest = HARD["heart_ceiling_bpm"][0]
            heart_bpm = min(heart_bpm, max(body.resting_bpm + HEART_ROOM_BPM, lowest))
        tuned, tight = self._tight
        if tuned is not limits or (cap, heart_bpm) != (tight.level_cap, tight.heart_ceiling_bpm):
            tight = replace(limits, level_cap=cap, heart_ceiling_bpm=heart_bpm)
            self._tight = (limits, tight)
        return tight

    def _urgent(self, now_s: float, intent: Intent, standing: Standing) -> Intent:
        """The therapy's words, unless something else must be said or breathed now."""
        if standing.mode is Mode.SAFE:
            faint = standing.cause is Cause.HEART_DROP
            return replace(intent, prompt=Ask("faint", "info", FAINT)) if faint else intent
        if standing.flag == "breathing":
            self._pacer = self._pacer or Pacer(now_s, *SLOW)
            words = Ask("breathe", "info", BREATHE)
            intent = replace(intent, pacer=intent.pacer or self._pacer, prompt=words)
        else:
            self._pacer = None
        return replace(intent, prompt=self._check.asking) if self._check.asking else intent

    def _signs(self, body: Body) -> Signs:
        return Signs(
            age_s=body.age_s,
            arousal=body.arousal.level,
            sd=body.arousal.sd,
            heart_bpm=body.heart_bpm,
            heart_quality=body.heart_quality,
            suds=self._suds,
            breath_per_min=body.breath_per_min,
            breath_quality=body.breath_quality,
            no_answer=self._check.failed,
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
            policy=self._policy(body),
            first_level=self._protocol.first_level,
        )

    def _policy(self, body: Body) -> str:
        """At home nobody could confirm; the levels are known there. Unknown people are asked."""
        if body.arousal.prior_only:
            return "confirm"
        return "auto" if self._house.home else self._protocol.advance

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
            readings=body.readings,
            resonance_per_min=body.resonance_per_min,
            moving=self._moving,
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
            suds=self._suds,
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
