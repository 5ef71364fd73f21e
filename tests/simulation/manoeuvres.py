"""What happens to a patient, and what must be seen: one row a manoeuvre, for clinicians to read.

    python -m tests.simulation.manoeuvres            the table in words
    python -m tests.simulation.manoeuvres --run      every row run, with what came of it

Each row is (title, patient, protocol, timeline, checks). The timeline says what happens at which
second; checks look at what was shown and at the mode, never at how the engine came to it. Every
row is audited as well: no increase may have passed a closed gate.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from adaptivevr.command import Command, Confirm, Headset, Manual, Resume, SetLimit, Stop, TooMuch
from adaptivevr.session import Session
from adaptivevr.therapy import protocol as protocols
from sensors.patient import Patient
from sensors.stream import Kind
from tests.simulation import arms, faults
from tests.simulation.clinic import Guest
from tests.simulation.encounter import START_S, Encounter, Spoil, Track
from tests.simulation.kept import audited
from tests.simulation.measures import longest_run_s

EPS = 1e-9


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happens at one second."""

    words: str
    do: Callable[[Encounter], Command | None]


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must be seen; `holds` gets the whole track."""

    words: str
    holds: Callable[[Track], bool]


@dataclass(frozen=True, slots=True)
class Manoeuvre:
    """One row of the table. more: what is unlike a usual session from its start."""

    title: str
    patient: str
    timeline: tuple[tuple[float, Act], ...]
    checks: tuple[Check, ...]
    protocol: str = "demo"
    seconds: float = 150.0
    seed: int = 1
    spoil: Spoil | None = None
    mute: bool = False
    wrong_sign: bool = False
    more: str = ""

    @property
    def words(self) -> str:
        """The row for people."""
        lines = [f"{self.title} ({self.patient} patient, protocol {self.protocol})"]
        lines += [f"  throughout  {self.more}"] if self.more else []
        lines += [f"  at {at_s:5.0f} s   {act.words}" for at_s, act in self.timeline]
        return "\n".join(lines + [f"  must hold   {check.words}" for check in self.checks])


@dataclass(slots=True)
class Outcome:
    """What came of one row: the checks that failed, the gates that were passed while closed."""

    track: Track
    failed: list[str] = field(default_factory=list)


def perform(row: Manoeuvre) -> Outcome:
    """Runs one row in a session of the whole engine."""
    protocol = protocols.load(row.protocol)
    plan = arms.plan_of(Guest(row.patient, row.seed), protocol, arms.place_of(protocol))
    if row.wrong_sign:
        plan = faults.wrong_sign(plan)
    patient = Patient(row.patient, row.seed, START_S, "features", artefacts=False)
    orders = {at_s: act.do for at_s, act in row.timeline}
    encounter = Encounter(
        plan, patient, Session(plan), spoil=row.spoil, orders=orders, mute=row.mute
    )
    outcome = Outcome(encounter.run(row.seconds))
    outcome.failed += [check.words for check in row.checks if not check.holds(outcome.track)]
    outcome.failed += sorted({f"gate: {v.rule}" for v in audited(encounter).violations})
    return outcome


# ---- what can happen -----------------------------------------------------------------


def says(kind: type[Command], words: str, who: str = "clinician", **more: object) -> Act:
    """Somebody says something."""
    return Act(words, lambda encounter: encounter.say(kind, who, **more))


def unplugs(*kinds: Kind) -> Act:
    """Sensors stop sending."""

    def do(encounter: Encounter) -> None:
        for kind in kinds:
            encounter.patient.unplug(kind)

    return Act(f"{' and '.join(kinds)} stop sending", do)


def plugs(*kinds: Kind) -> Act:
    """Sensors send again."""

    def do(encounter: Encounter) -> None:
        for kind in kinds:
            encounter.patient.plug(kind)

    return Act(f"{' and '.join(kinds)} send again", do)


def frightens(amount: float) -> Act:
    """A sudden scare."""
    return Act(f"a scare of {amount}", lambda encounter: encounter.patient.frighten(amount))


def stalls(seconds: float) -> Act:
    """The engine stands still."""
    return Act(f"the engine stands still for {seconds:g} s", lambda one: one.stall(seconds))


# ---- what must be seen ---------------------------------------------------------------


def _between(track: Track, from_s: float, to_s: float) -> list[int]:
    return [i for i, t in enumerate(track.seconds.tolist()) if from_s <= t <= to_s]


def no_rise(from_s: float, to_s: float) -> Check:
    """Load does not go up in this time."""

    def holds(track: Track) -> bool:
        u = track.intensity
        return all(u[i] <= u[i - 1] + EPS for i in _between(track, from_s, to_s) if i)

    return Check(f"no rise of load from {from_s:g} to {to_s:g} s", holds)


def at_rest(from_s: float, to_s: float) -> Check:
    """Load is 0 all this time."""
    return Check(
        f"load 0 from {from_s:g} to {to_s:g} s",
        lambda track: all(track.intensity[i] == 0.0 for i in _between(track, from_s, to_s)),
    )


def at_most(load: float, from_s: float, to_s: float) -> Check:
    """Load is never above this in this time."""
    return Check(
        f"load at most {load:g} from {from_s:g} to {to_s:g} s",
        lambda track: all(track.intensity[i] <= load + EPS for i in _between(track, from_s, to_s)),
    )


def reaches(load: float, by_s: float, from_s: float = 0.0) -> Check:
    """Load comes this far: a manoeuvre that never had load shows nothing."""
    return Check(
        f"load of {load:g} or more some time from {from_s:g} to {by_s:g} s",
        lambda track: any(track.intensity[i] >= load - EPS for i in _between(track, from_s, by_s)),
    )


def lower(before_s: float, after_s: float, by: float = 0.05) -> Check:
    """Load is clearly lower at the second moment than at the first."""

    def holds(track: Track) -> bool:
        first, last = _between(track, 0.0, before_s)[-1], _between(track, 0.0, after_s)[-1]
        return bool(track.intensity[last] <= track.intensity[first] - by)

    return Check(f"load {by:g} lower at {after_s:g} s than at {before_s:g} s", holds)


def mode(name: str, at_s: float) -> Check:
    """The mode at one moment."""
    return Check(
        f"mode {name} at {at_s:g} s",
        lambda track: track.modes[_between(track, 0.0, at_s)[-1]] == name,
    )


def calm(most_s: float, above: float = 0.85) -> Check:
    """The patient is never overwhelmed for long."""
    return Check(
        f"true arousal never above {above:g} for more than {most_s:g} s on end",
        lambda track: longest_run_s(track.arousal > above, 0.1) <= most_s,
    )


HEART, SKIN = Kind.RR, Kind.EDA
MANOEUVRES: tuple[Manoeuvre, ...] = (
    Manoeuvre("An ordinary course", "normal", (), (reaches(0.2, 150.0), calm(0.0))),
    Manoeuvre(
        "A scare on a level", "normal", ((80.0, frightens(0.7)),),
        (reaches(0.2, 80.0), calm(30.0)), seconds=180.0,
    ),
    Manoeuvre(
        "The patient says it is too much", "normal",
        ((90.0, says(TooMuch, "the patient presses: too much", "patient")),),
        (reaches(0.2, 90.0), lower(90.0, 110.0), no_rise(90.2, 149.0)),
    ),
    Manoeuvre(
        "A stop, and who may end it", "normal",
        (
            (80.0, says(Stop, "the clinician presses stop")),
            (95.0, says(Resume, "the patient asks to go on", "patient")),
            (110.0, says(Resume, "the clinician lets it go on")),
            (115.0, says(Manual, "the clinician sets 0.2 by hand", intensity=0.2)),
        ),
        (reaches(0.1, 80.0), at_rest(80.2, 115.0), mode("safe", 105.0), mode("manual", 112.0),
         reaches(0.2, 150.0, 115.0)),
    ),
    Manoeuvre(
        "The headset comes off", "normal",
        ((80.0, says(Headset, "the headset comes off", "patient", worn=False)),),
        (reaches(0.1, 80.0), at_rest(80.2, 120.0), mode("safe", 119.0)), seconds=120.0,
    ),
    Manoeuvre(
        "All sensors are lost", "normal", ((80.0, unplugs(HEART, SKIN)),),
        (reaches(0.2, 80.0), no_rise(84.0, 170.0), mode("freeze", 90.0), mode("fallback", 120.0),
         lower(90.0, 140.0), at_rest(150.0, 170.0), mode("safe", 160.0)), seconds=170.0,
    ),
    Manoeuvre(
        "Sensors lost for a quarter of a minute", "normal",
        (
            (70.0, unplugs(HEART, SKIN)),
            (85.0, plugs(HEART, SKIN)),
            (110.0, says(Confirm, "the clinician confirms: go on", proposal="resume")),
        ),
        (no_rise(74.0, 110.0), mode("freeze", 84.0), mode("freeze", 109.0), mode("auto", 112.0)),
    ),
    Manoeuvre(
        "One of two sensors is lost", "normal", ((70.0, unplugs(SKIN)),),
        (reaches(0.2, 150.0), mode("auto", 140.0), calm(0.0)),
    ),
    Manoeuvre(
        "Both sensors repeat one value", "normal", (),
        (reaches(0.1, 80.0), no_rise(92.0, 149.0)), spoil=faults.frozen(80.0),
        more="from 80 s on each sensor repeats its last value",
    ),
    Manoeuvre(
        "Samples that are no numbers", "normal", (),
        (reaches(0.1, 80.0), no_rise(84.0, 149.0)), spoil=faults.no_numbers(80.0),
        more="from 80 s on every sample is NaN",
    ),
    Manoeuvre(
        "Heart and skin swapped", "normal", (), (at_rest(0.0, 149.0),),
        spoil=faults.swapped(), more="the strap's values come in the skin's stream and vice versa",
    ),
    Manoeuvre(
        "A sender's clock jumps", "normal", (),
        (reaches(0.1, 80.0), calm(0.0)), spoil=faults.clock_jump(80.0, 40.0),
        more="from 80 s on every stamp is 40 s ahead",
    ),
    Manoeuvre(
        "A calibration of the wrong sign", "panic_prone", (), (calm(60.0, 0.95),),
        wrong_sign=True, seconds=240.0, more="every slope of the calibration is negated",
    ),
    Manoeuvre(
        "Nobody answers a question", "normal",
        (), (at_most(0.25, 0.0, 350.0),), protocol="graded_exposure", mute=True, seconds=350.0,
        more="the patient answers no rating",
    ),
    Manoeuvre(
        "Sensors that hang on nobody", "none", (), (at_rest(0.0, 120.0),), seconds=120.0,
    ),
    Manoeuvre(
        "The clinician sets a ceiling", "normal",
        ((70.0, says(SetLimit, "the ceiling is set to 0.1", name="ceiling", value=0.1)),),
        (reaches(0.15, 70.0), at_most(0.1, 82.0, 150.0)),
    ),
    Manoeuvre(
        "The engine stands still", "normal", ((80.0, stalls(4.0)),),
        (reaches(0.1, 80.0), mode("freeze", 86.0), no_rise(80.5, 149.0)),
    ),
    Manoeuvre(
        "Somebody prone to panic", "panic_prone", (), (reaches(0.1, 240.0), calm(20.0)),
        seconds=240.0,
    ),
    Manoeuvre(
        "Fear that does not reach the body", "decoupled", (),
        (reaches(0.85, 124.0), at_most(0.76, 132.0, 239.0), lower(124.0, 150.0)),
        seconds=240.0, more="ratings are high, heart and skin are quiet",
    ),
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """The table in words; with --run, what came of each row."""
    wrong = 0
    for row in MANOEUVRES:
        print(row.words)
        if "--run" in arguments:
            failed = perform(row).failed
            wrong += bool(failed)
            print(f"  came        {'; '.join(failed) or 'as it must'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
