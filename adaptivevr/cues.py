"""The gate of a cue: it comes at once and no slew softens it, so every gate must be open.

A cue (a door bangs) is asked for by a clinician, and played in that tick or refused and forgotten:
nothing is kept for later. By hand an increase asks no gate of the body, because it is slow; a cue
is not slow, so in MANUAL too it needs all that an automatic increase needs. Read it from `refusal`
down. Sources: C1, C6, G3.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from adaptivevr import command as told
from adaptivevr.guard import EPS, FRESH_S, QUALITY_MIN, SD_MAX, Bounds, Facts, gates
from scenes.scene import Cue

LATE_S = 2.0  # a wish that waited longer for its tick is no wish any more
TOLD_S = 30.0  # "too much" so soon after a cue is about it: the patient's yes to it is gone
LEAST_PAUSE_S = 2.0  # hard bound: whatever a scene says, two cues are never nearer
# Where load is being worked with; not in rest, recovery or the end, nor in a phase nobody listed.
PHASES = frozenset(("ramp", "hold", "dwell"))
PARTIES = ("clinician", "patient")


class Shut(StrEnum):
    """What stands in the way of a cue. English is made at the edge."""

    UNKNOWN = "unknown_cue"  # the scene has none of this name
    WHO = "who"  # only a clinician, who is there, may ask
    LATE = "late"  # the engine stood still: what was pressed then does not come now
    PROTOCOL = "protocol"  # this therapy plays no cues
    HOME = "home"  # nobody is beside the patient
    REST = "rest"  # stopped, paused or not begun
    PHASE = "phase"  # quiet, recovery, the end
    VET = "vet"  # clinician and patient have not both agreed to it beforehand
    MODE = "mode"  # from here the guard's own gates
    FRESH = "fresh"
    QUALITY = "quality"
    RELATIVE = "relative"
    KNOWN = "known"
    SD = "sd"
    BELOW_HIGH = "below_high"
    CEILING = "ceiling"
    NO_FLAGS = "no_flags"
    RATING = "rating"
    HEART = "heart"
    RETREAT = "retreat"  # something holds the load down
    FALLING = "falling"  # the load is on its way down
    LOW = "low"  # the intensity has not reached the cue's own gate
    PAUSE = "pause"  # too soon after the last one


@dataclass(frozen=True, slots=True)
class Closed:
    """The gate that is closed: what was found, and what it would have to be."""

    shut: Shut
    number: float | None = None
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Ruled:
    """What became of a cue that was asked for in this tick; closed None: it is played."""

    id: str
    name: str
    closed: Closed | None

    @property
    def played(self) -> bool:
        """Whether it happens."""
        return self.closed is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What holds now beside the guard's facts: what is shown, wished and was agreed to.

    before: the intensity of the last tick.
    since_s: seconds since the last cue of the session, None if there was none. agreed: by the
    clinician and by the patient, beforehand, and not taken back.
    """

    rule: str = "none"
    home: bool = True
    rest: bool = True
    phase: str = ""
    before: float = math.inf
    intensity: float = 0.0
    wish: float | None = None
    since_s: float | None = None
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """How one cue stands, for people. must: it has to be agreed to; too_late: it no longer can."""

    name: str
    title: str
    must: bool
    clinician: bool
    patient: bool
    too_late: bool
    closed: Closed | None


def refusal(cue: Cue, moment: Moment, facts: Facts, bounds: Bounds) -> Closed | None:
    """The first closed gate, None when the cue may come now. What is no number closes its gate."""
    return next((gate for gate, is_open in _gates(cue, moment, facts, bounds) if not is_open), None)


def _gates(cue: Cue, moment: Moment, facts: Facts, bounds: Bounds) -> Iterator[tuple[Closed, bool]]:
    here, since_s, pause_s = moment.intensity, moment.since_s, max(cue.pause_s, LEAST_PAUSE_S)
    rest = moment.rest or facts.rest or facts.stop
    yield Closed(Shut.PROTOCOL), moment.rule in ("scene", "vetted")
    yield Closed(Shut.HOME), not moment.home
    yield Closed(Shut.VET), moment.agreed or not _must(cue, moment.rule)
    yield Closed(Shut.REST), not rest and here > 0.0
    yield Closed(Shut.PHASE), moment.phase in PHASES
    for name, is_open in gates(facts, bounds, here).items():
        yield Closed(Shut(name), *_numbers(name, facts, bounds, here)), is_open
    yield Closed(Shut.RETREAT, here, _finite(facts.retreat_to)), here < facts.retreat_to
    falls = not here >= moment.before - EPS
    wished_down = moment.wish is not None and not moment.wish >= here - EPS
    yield Closed(Shut.FALLING, here, _finite(moment.wish)), not (falls or wished_down)
    yield Closed(Shut.LOW, _finite(here), cue.gate), here >= cue.gate - EPS
    yield Closed(Shut.PAUSE, _finite(since_s), pause_s), since_s is None or since_s >= pause_s


def _must(cue: Cue, rule: str) -> bool:
    return cue.vet or rule == "vetted"


def _numbers(
    name: str, facts: Facts, bounds: Bounds, here: float
) -> tuple[float | None, float | None]:
    """What one of the guard's gates found, and its limit; None where there is no number."""
    number, limit = {
        "fresh": (facts.age_s, FRESH_S),
        "quality": (facts.quality, QUALITY_MIN),
        "sd": (facts.sd, SD_MAX),
        "below_high": (facts.arousal, bounds.window_high),
        "ceiling": (here, bounds.ceiling),
        "rating": (facts.suds, bounds.suds_stop),
        "heart": (facts.heart_bpm, bounds.heart_ceiling_bpm),
    }.get(name, (None, None))
    return _finite(number), _finite(limit)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


class Cues:
    """The cues of one session: who agreed to which, when the last came, what is asked now.

    A yes counts only before anything was shown; a no counts at any moment and from anybody.
    """

    def __init__(self, cues: Sequence[Cue] = (), rule: str = "none", home: bool = False) -> None:
        self._cues = {cue.name: cue for cue in cues}
        self._rule, self._home = rule, home
        self._yes: set[tuple[str, str]] = set()  # cue, party
        self._shown = False  # something was shown: from here on nobody can agree any more
        self._last: tuple[str, float] | None = None  # the cue that came last, and when
        self._now: tuple[float, Moment, Facts, Bounds] = (0.0, Moment(), Facts(), Bounds())

    def update(
        self, now_s: float, said: Sequence[told.Command], moment: Moment, facts: Facts,
        bounds: Bounds,
    ) -> tuple[Ruled, ...]:  # fmt: skip
        """What becomes of the cues asked for in this tick, after all that was said in it.

        moment: its phase, rest, intensities and wish; what is known here is filled in.
        """
        for one in said:
            if isinstance(one, told.Vet):
                self._vet(one)
            elif isinstance(one, told.TooMuch) and self._last is not None:
                name, at_s = self._last
                if now_s - at_s <= TOLD_S:
                    self._yes.discard((name, "patient"))
        self._now = (now_s, moment, facts, bounds)
        ruled = tuple(self._rule_on(one) for one in said if isinstance(one, told.Cue))
        self._shown = self._shown or moment.intensity > 0.0
        return ruled

    def cards(self) -> tuple[Card, ...]:
        """How each cue stands now; none where the therapy plays none."""
        if self._rule == "none":
            return ()
        return tuple(
            Card(
                name, cue.title, _must(cue, self._rule), (name, "clinician") in self._yes,
                (name, "patient") in self._yes, self._shown, self._closed(cue),
            )
            for name, cue in self._cues.items()
        )  # fmt: skip

    def _vet(self, one: told.Vet) -> None:
        clinician = told.is_clinician(one.who)
        by = one.by if clinician else "patient"
        if not one.yes:
            self._yes.discard((one.name, by))
        elif clinician and not self._shown:
            self._yes.add((one.name, by))

    def _rule_on(self, one: told.Cue) -> Ruled:
        now_s, cue = self._now[0], self._cues.get(one.name)
        if cue is None:
            closed: Closed | None = Closed(Shut.UNKNOWN)
        elif not told.is_clinician(one.who):
            closed = Closed(Shut.WHO)
        elif not now_s - one.at_s <= LATE_S:
            closed = Closed(Shut.LATE, _finite(now_s - one.at_s), LATE_S)
        else:
            closed = self._closed(cue)
        if closed is None:
            self._last = (one.name, now_s)
        return Ruled(one.id, one.name, closed)

    def _closed(self, cue: Cue) -> Closed | None:
        now_s, moment, facts, bounds = self._now
        whole = Moment(
            rule=self._rule, home=self._home, rest=moment.rest, phase=moment.phase,
            before=moment.before, intensity=moment.intensity, wish=moment.wish,
            since_s=None if self._last is None else now_s - self._last[1],
            agreed=all((cue.name, party) in self._yes for party in PARTIES),
        )  # fmt: skip
        return refusal(cue, whole, facts, bounds)
