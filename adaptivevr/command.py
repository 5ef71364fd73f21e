"""What people and clients may ask of a session: small frozen facts with who and when."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Anything said to the engine. `at_s` is on the engine's clock; `who` is a role or name."""

    id: str
    who: str
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(Command):
    """Begin the protocol (from its first phase)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop(Command):
    """Rest now, latched. `by` names the way: patient, clinician, watchdog, headset."""

    by: str = "clinician"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Command):
    """Hold everything at the scene's rest until Resume."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Command):
    """Leave Pause, or after a stop (clinician only) leave SAFE into MANUAL at rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Command):
    """Say yes or no to the standing proposal (advance, resume automation)."""

    proposal: str = ""
    yes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Command):
    """Move `by` levels in the hierarchy (+1 harder, -1 easier), by a clinician."""

    by: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Manual(Command):
    """Take the intensity in hand (0..1), or hand it back to automation with None."""

    intensity: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLimit(Command):
    """Tune one limit or target while it runs; bounded by the guard, in force at the next tick.

    reason: in the clinician's own words, for the log.
    """

    name: str = ""
    value: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(Command):
    """An answer on a scale (`suds`, `pain`, `sickness`); None means asked and not answered."""

    scale: str = "suds"
    value: float | None = None
    prompt: str = ""
    shown_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TooMuch(Command):
    """The patient says it is too much: down at once, always."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark(Command):
    """A named moment in the record."""

    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Command):
    """A clinician's free text."""

    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened(Command):
    """The clinician has asked for reasons not to take part. reasons: those that apply, or none."""

    reasons: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt(Command):
    """Show a text to the patient (kind: info, rating, confirm, task), or ask for a sign of life
    (kind: check_in)."""

    kind: str = "info"
    text: str = ""
    scale: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue(Command):
    """Let one event of the scene happen now (a door bangs); it comes now or not at all."""

    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vet(Command):
    """Agree that an event may happen in this session, or take that back.

    by: whose word it is, `clinician` or `patient` (said aloud and entered by the clinician).
    """

    name: str = ""
    by: str = "clinician"
    yes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard(Command):
    """A renderer let a cue happen at `shown_s` (engine clock), or left it out (played False)."""

    cue: str = ""
    played: bool = True
    shown_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Command):
    """The outcome of one task trial in the scene."""

    task: str = ""
    correct: bool = False
    reaction_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Headset(Command):
    """The headset was put on or taken off."""

    worn: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Client(Command):
    """A renderer came, left or reported a problem; or something about pairing a headset."""

    renderer: str = ""
    event: str = "joined"  # joined | left | problem | pairing
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ack(Command):
    """A renderer has shown frame `seq` at `shown_s` (engine clock)."""

    seq: int = 0
    shown_s: float = 0.0
    rest: bool = False


def is_clinician(who: str) -> bool:
    """Whether `who` speaks with a clinician's authority: `clinician` or `clinician:<name>`."""
    return who == "clinician" or who.startswith("clinician:")


COMMANDS: dict[str, type[Command]] = {
    c.__name__: c
    for c in (
        Start, Stop, Pause, Resume, Confirm, Step, Manual, SetLimit, Rate, TooMuch,
        Mark, Note, Screened, Prompt, Cue, Vet, Heard, Task, Headset, Client, Ack,
    )
}  # fmt: skip
