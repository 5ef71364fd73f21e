"""Who is in charge, and what the loss of sensors, a stop or an alarm does about it."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from adaptivevr.alarms import Alarms, Lasting
from adaptivevr.command import (
    Command,
    Confirm,
    Headset,
    Manual,
    Pause,
    Resume,
    Start,
    Step,
    Stop,
    TooMuch,
)
from adaptivevr.command import is_clinician as is_clinician
from adaptivevr.flags import Flags
from adaptivevr.house import House
from adaptivevr.limits import Limits

# Sensor loss (sources: G4): seconds since a required sensor last gave a usable value.
FRESH_S = 3.0
FREEZE_S = 5.0
FALLBACK_S = 30.0
SAFE_S = 60.0
GLIDE_S = 30.0  # a fallback glides one level down in this time
FALLBACKS_WITHIN_S = 300.0  # two in this time are one too many
GOOD_S = 10.0  # back and good for so long before a return is proposed
GOOD_SD = 0.25
HOME_GOOD_S = 30.0  # at home automation goes on by itself after so long, there is nobody to ask
OVERRUN_S = 3.0  # the engine stood still: three times its slowest tick (G5)
TOO_MUCH_S = 60.0  # after "too much" nothing goes up again for so long
OVER_S = 30.0  # above the ceiling of arousal: the controller had 10 s to bring it down
RETREATS, RETREATS_WITHIN_S = 3, 600.0  # the third in this time ends it, whoever counted before
RESUME = "resume"
EPS = 1e-6


class Mode(StrEnum):
    """Always visible, always logged."""

    MANUAL = "manual"  # a clinician's hand
    CONFIRM = "confirm"  # automation asks before each step up
    AUTO = "auto"
    FREEZE = "freeze"  # no increase, a person must let automation go on
    FALLBACK = "fallback"  # gliding down without sensors
    SAFE = "safe"  # at rest, latched


class Cause(StrEnum):
    """Why the mode is what it is. English is made at the edge."""

    NOT_STARTED = "not_started"
    STARTED = "started"
    POLICY = "policy"  # the protocol or an estimate without calibration asks for confirmation
    BY_HAND = "by_hand"
    HANDED_BACK = "handed_back"
    RESUMED = "resumed"
    CONFIRMED = "confirmed"
    SENSORS_LATE = "sensors_late"
    SENSORS_LOST = "sensors_lost"
    SENSORS_GONE = "sensors_gone"
    SENSORS_BACK = "sensors_back"
    RETURNED = "returned"  # at home: signals were good for long enough
    TWO_FALLBACKS = "two_fallbacks"
    OVERRUN = "overrun"
    STOP = "stop"
    HEADSET_OFF = "headset_off"
    TIME_OVER = "time_over"
    HEART_HIGH = "heart_high"
    HEART_LOW = "heart_low"
    HEART_DROP = "heart_drop"
    PANIC = "panic"
    BREATHING = "breathing"  # far too fast for minutes, in spite of a pacer
    CHECK_IN = "check_in"  # nobody answered twice, or the answer was no
    UNSEEN = "unseen"  # no renderer shows the scene any more
    RETREATS = "retreats"  # too many retreats
    FAULT = "fault"  # a part of the engine failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What the modes are told about sensors and body each tick, as plain numbers.

    age_s: seconds since any required sensor last gave a usable value, None when never.
    suds: the latest rating that still counts. no_answer: a check-in failed. fault: a part of
    the engine failed.
    """

    age_s: float | None = None
    arousal: float | None = None
    sd: float = math.inf
    heart_bpm: float | None = None
    heart_quality: float = 0.0
    suds: float | None = None
    breath_per_min: float | None = None
    breath_quality: float = 0.0
    no_answer: bool = False
    fault: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Where the session stands: the levels' intensities (first is 0), and what is wished.

    proposal: what the controller proposed last. gives_up: it asks for rest for good.
    """

    levels: tuple[float, ...]
    level: int = 0
    intensity: float = 0.0
    proposal: str | None = None
    gives_up: bool = False
    policy: str = "confirm"  # auto or confirm
    first_level: int = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """The mode and what follows from it for the guard.

    rest: paused, stopped or not started. retreat_to: never above this intensity.
    manual: the wish by hand. granted: the highest level a person has agreed to.
    flag: why nothing may go up. proposal: what a person may confirm (`resume`).
    """

    mode: Mode
    cause: Cause
    since_s: float
    rest: bool = True
    retreat_to: float = 1.0
    manual: float | None = None
    granted: int = 0
    flag: str | None = None
    proposal: str | None = None


def advance(level: int) -> str:
    """The proposal to go to a level, as it stands in `Confirm.proposal`.

    >>> advance(3), level_of("advance:3"), level_of("resume")
    ('advance:3', 3, None)
    """
    return f"advance:{level}"


def level_of(proposal: str | None) -> int | None:
    """The level a proposal is about, None for any other proposal."""
    name, _, number = (proposal or "").partition(":")
    return int(number) if name == "advance" and number.isdecimal() else None


class Modes:
    """The state machine of who is in charge. Automation never re-engages by itself."""

    def __init__(self, house: House | None = None) -> None:
        self._house = house or House()
        self._mode, self._cause, self._since_s = Mode.MANUAL, Cause.NOT_STARTED, 0.0
        self._started_s: float | None = None
        self._last_s: float | None = None
        self._paused = False
        self._paused_by_clinician = False
        self._manual: float | None = None
        self._granted = 0
        self._policy = Mode.CONFIRM
        self._engaged = False  # load has been shown: from here on a loss is a loss
        self._auto_since_s = 0.0  # a loss counts from here at the earliest
        self._fallbacks: deque[float] = deque(maxlen=2)
        self._glide = (0.0, 1.0, 1.0)  # since when, from, to
        self._floor = (-math.inf, 1.0, "too_much")  # since when, never above, why
        self._retreats: deque[float] = deque(maxlen=RETREATS)
        self._good, self._over = Lasting(), Lasting()
        self._alarms, self._flags = Alarms(), Flags()

    def update(
        self, now_s: float, signs: Signs, commands: Sequence[Command], limits: Limits, aim: Aim
    ) -> Standing:
        """Who is in charge now, after what was said and what was lost."""
        gap_s = now_s - (now_s if self._last_s is None else self._last_s)
        self._last_s = now_s
        if not self._engaged and aim.intensity > EPS:
            self._engaged, self._auto_since_s = True, now_s
        self._follow_policy(now_s, aim.policy)
        good_s = self._good.update(now_s, _good(signs))
        self._flags.update(now_s, signs.breath_per_min, signs.breath_quality, commands)
        # A stop in the same tick as a resume wins.
        for command in sorted(commands, key=lambda c: isinstance(c, Stop)):
            self._hear(now_s, command, aim, good_s)
        if self._started_s is not None and self._mode is not Mode.SAFE:
            self._watch(now_s, signs, limits, aim, gap_s)
            self._come_back(now_s, good_s)
        return self._standing(now_s, good_s)

    def _standing(self, now_s: float, good_s: float) -> Standing:
        since_s, floor, why = self._floor
        down = now_s - since_s < TOO_MUCH_S
        retreat_to = floor if down else 1.0
        retreat_to = 0.0 if self._flags.sick else retreat_to
        if self._mode is Mode.FALLBACK:
            since_s, high, low = self._glide
            share = min(1.0, (now_s - since_s) / GLIDE_S)
            retreat_to = min(retreat_to, high + share * (low - high))
        back = self._mode is Mode.FREEZE and good_s >= GOOD_S
        return Standing(
            mode=self._mode,
            cause=self._cause,
            since_s=self._since_s,
            rest=self._started_s is None or self._paused or self._mode is Mode.SAFE,
            retreat_to=retreat_to,
            manual=self._manual if self._mode is Mode.MANUAL else None,
            granted=self._granted,
            flag=why if down else self._flags.flag,
            proposal=RESUME if back else None,
        )

    def _hear(self, now_s: float, command: Command, aim: Aim, good_s: float) -> None:
        clinician = is_clinician(command.who)
        match command:
            case Stop():
                self._enter(now_s, Mode.SAFE, Cause.STOP)
            case Headset(worn=False):
                if self._started_s is not None:
                    self._enter(now_s, Mode.SAFE, Cause.HEADSET_OFF)
            case Start():
                if self._started_s is None and self._mode is not Mode.SAFE:
                    self._started_s = now_s
                    self._granted = aim.first_level
                    self._automate(now_s, Cause.STARTED)
            case Pause():
                self._paused = self._started_s is not None
                self._paused_by_clinician = self._paused_by_clinician or clinician
            case Resume():
                self._resume(now_s, clinician)
            case TooMuch():
                self._retreat(now_s, aim, "too_much")
                floor = self._floor[1]
                self._manual = None if self._manual is None else min(self._manual, floor)
            case _ if not clinician or self._mode is Mode.SAFE or self._started_s is None:
                return  # what follows is a clinician's to say, and SAFE hears none of it
            case Manual(intensity=None):
                if self._mode is Mode.MANUAL:
                    self._automate(now_s, Cause.HANDED_BACK)
            case Manual(intensity=wish):
                self._manual = wish
                self._enter(now_s, Mode.MANUAL, Cause.BY_HAND)
            case Step(by=by):
                self._step(by, aim)
            case Confirm(yes=True, proposal=proposal):
                self._confirmed(now_s, proposal, aim, good_s)

    def _resume(self, now_s: float, clinician: bool) -> None:
        if self._mode is Mode.SAFE:
            if clinician:
                self._alarms, self._paused, self._manual = Alarms(), False, 0.0
                self._flags.resume()
                self._retreats.clear()
                self._floor = (-math.inf, 1.0, "too_much")
                self._enter(now_s, Mode.MANUAL, Cause.RESUMED)
        elif self._paused and (clinician or not self._paused_by_clinician):
            self._paused, self._auto_since_s = False, now_s
        self._paused_by_clinician = self._paused_by_clinician and self._paused

    def _step(self, by: int, aim: Aim) -> None:
        to = min(max(aim.level + by, 0), len(aim.levels) - 1)
        if self._mode is Mode.MANUAL:
            here = max(i for i, at in enumerate(aim.levels) if at <= aim.intensity + EPS)
            to = min(max(here + by, 0), len(aim.levels) - 1)
            self._manual = aim.levels[to]
        self._granted = max(self._granted, to)

    def _confirmed(self, now_s: float, proposal: str, aim: Aim, good_s: float) -> None:
        if proposal == RESUME and self._mode is Mode.FREEZE and good_s >= GOOD_S:
            self._automate(now_s, Cause.CONFIRMED)
        elif proposal == aim.proposal and (level := level_of(proposal)) is not None:
            self._granted = max(self._granted, level)

    def _watch(self, now_s: float, signs: Signs, limits: Limits, aim: Aim, gap_s: float) -> None:
        started_s = now_s if self._started_s is None else self._started_s
        alarm = self._alarms.update(
            now_s, signs.heart_bpm, signs.heart_quality, signs.arousal, signs.sd, signs.suds, limits
        )
        alarm = alarm or (self._flags.alarm if self._engaged else None)
        if signs.fault:
            self._enter(now_s, Mode.SAFE, Cause.FAULT)
        elif alarm is not None:
            self._enter(now_s, Mode.SAFE, Cause(alarm))
        elif signs.no_answer:
            self._enter(now_s, Mode.SAFE, Cause.CHECK_IN)
        elif now_s - started_s >= limits.session_s:
            self._enter(now_s, Mode.SAFE, Cause.TIME_OVER)
        elif aim.gives_up or self._too_many(now_s):
            self._enter(now_s, Mode.SAFE, Cause.RETREATS)
        elif gap_s > OVERRUN_S and self._mode in (Mode.AUTO, Mode.CONFIRM):
            self._enter(now_s, Mode.FREEZE, Cause.OVERRUN)
        elif self._engaged and not self._paused and self._mode is not Mode.MANUAL:
            self._bring_down(now_s, signs, limits, aim)
            age_s = math.inf if signs.age_s is None else signs.age_s
            self._lose(now_s, min(age_s, now_s - self._auto_since_s), aim)

    def _bring_down(self, now_s: float, signs: Signs, limits: Limits, aim: Aim) -> None:
        """A level down, whatever the controller does, when arousal stays above its ceiling."""
        above = signs.arousal is not None and signs.arousal > limits.arousal_max
        if self._over.update(now_s, above) >= OVER_S:
            self._over = Lasting()
            self._retreat(now_s, aim, "arousal_max")

    def _retreat(self, now_s: float, aim: Aim, why: str) -> None:
        """A level down for a minute; a second one within it belongs to the same episode."""
        if now_s - self._floor[0] >= TOO_MUCH_S and self._started_s is not None:
            self._retreats.append(now_s)
        self._floor = (now_s, _below(aim), why)

    def _too_many(self, now_s: float) -> bool:
        full = len(self._retreats) == RETREATS
        return full and now_s - self._retreats[0] <= RETREATS_WITHIN_S

    def _come_back(self, now_s: float, good_s: float) -> None:
        """At home nobody is there to confirm: automation goes on after a longer good time."""
        waiting = self._house.home and self._mode is Mode.FREEZE and not self._paused
        if waiting and min(good_s, now_s - self._since_s) >= HOME_GOOD_S:
            self._automate(now_s, Cause.RETURNED)

    def _lose(self, now_s: float, age_s: float, aim: Aim) -> None:
        """One step down the ladder of G4 at a time; up only by a person."""
        if self._mode is Mode.FALLBACK:
            if age_s > SAFE_S:
                self._enter(now_s, Mode.SAFE, Cause.SENSORS_GONE)
            elif age_s <= FRESH_S:
                self._enter(now_s, Mode.FREEZE, Cause.SENSORS_BACK)
        elif self._mode is Mode.FREEZE:
            if age_s > FALLBACK_S:
                self._fallbacks.append(now_s)
                first_s = self._fallbacks[0]
                if len(self._fallbacks) == 2 and now_s - first_s <= FALLBACKS_WITHIN_S:
                    self._enter(now_s, Mode.SAFE, Cause.TWO_FALLBACKS)
                else:
                    low = 0.0 if self._house.falls_to_rest else _below(aim)
                    self._glide = (now_s, aim.intensity, low)
                    self._enter(now_s, Mode.FALLBACK, Cause.SENSORS_LOST)
        elif age_s > FREEZE_S:
            self._enter(now_s, Mode.FREEZE, Cause.SENSORS_LATE)

    def _follow_policy(self, now_s: float, policy: str) -> None:
        """A stricter policy counts at once; a looser one when a person next hands over."""
        self._policy = Mode.AUTO if policy == "auto" else Mode.CONFIRM
        if self._mode is Mode.AUTO and self._policy is Mode.CONFIRM:
            self._enter(now_s, Mode.CONFIRM, Cause.POLICY)

    def _automate(self, now_s: float, cause: Cause) -> None:
        self._manual, self._auto_since_s = None, now_s
        self._enter(now_s, self._policy, cause)

    def _enter(self, now_s: float, mode: Mode, cause: Cause) -> None:
        if (mode, cause) != (self._mode, self._cause):
            self._mode, self._cause, self._since_s = mode, cause, now_s


def _good(signs: Signs) -> bool:
    fresh = signs.age_s is not None and signs.age_s <= FRESH_S
    return fresh and signs.arousal is not None and signs.sd < GOOD_SD


def _below(aim: Aim) -> float:
    """The intensity one level under what is shown."""
    under = [at for at in aim.levels if at < aim.intensity - EPS]
    return under[-1] if under else 0.0
