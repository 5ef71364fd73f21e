"""A therapy as data: phases, scene, targets, limits, prompts, ratings, advance policy."""

import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from adaptivevr.errors import BadProtocol
from adaptivevr.limits import Limits, mistakes
from adaptivevr.therapy import rules
from adaptivevr.therapy.rules import (
    Activation,
    Approach,
    Breathing,
    Calm,
    Distraction,
    Exposure,
    Inhibitory,
    Meditation,
    Mirror,
    Programme,
    Sickness,
)

LIBRARY = Path(__file__).parent / "library"
SENSORS = ("heart", "skin", "brain", "breath")
POLICIES = ("auto", "confirm")
CUES = ("none", "scene", "vetted")
EXPOSES = ("exposure", "trauma", "inhibitory")  # controllers under which a cue makes sense


@dataclass(frozen=True, slots=True)
class Phases:
    """How long each part of a session lasts. quiet: the baseline is taken, intensity 0."""

    quiet_s: float = 120.0
    main_s: float = 1500.0
    cooldown_s: float = 180.0


@dataclass(frozen=True, slots=True)
class Cadence:
    """Which rating is asked and in which words; without a text none is asked.

    required: no automatic advance without an answer that still counts.
    """

    scale: str = "suds"
    text: str = ""
    low: str = "no fear"
    high: str = "the worst imaginable"
    max: float = 100.0
    step: float = 10.0
    required: bool = True


@dataclass(frozen=True, slots=True)
class Prompts:
    """What the patient reads, short and plain; an empty text is not shown."""

    quiet: str = ""
    main: str = ""
    high: str = ""
    recover: str = ""
    cooldown: str = ""
    expect: str = ""  # how likely is it that what you fear will happen?
    outcome: str = ""  # how far did it happen?
    block: str = ""  # after a block; {block}, {score} and {share} are filled in
    support: str = ""
    idle: str = ""
    after: str = ""  # a rating once more at the end


@dataclass(frozen=True, slots=True)
class Protocol:
    """One therapy, read from a TOML file.

    controller: a name in CONTROLLERS. advance: auto or confirm. sensors: at least one of
    these must be fresh. people: False allows the short times of a demonstration, and then
    only a simulated patient may take part. supervised: a clinician sits beside the patient,
    never at home. cues: which of the scene's events a clinician may let happen: `none`, as the
    `scene` says, or all but only `vetted` ones, to which clinician and patient agreed beforehand.
    """

    name: str
    title: str
    scene: str
    controller: str
    advance: str = "confirm"
    people: bool = True
    supervised: bool = False
    cues: str = "none"
    sensors: tuple[str, ...] = ("heart", "skin")
    conditions: tuple[str, ...] = ()
    screen: tuple[str, ...] = ()  # reasons not to take part, to be asked before
    phases: Phases = field(default_factory=Phases)
    limits: Limits = field(default_factory=Limits)
    ratings: Cadence = field(default_factory=Cadence)
    prompts: Prompts = field(default_factory=Prompts)
    sickness: Sickness = field(default_factory=Sickness)
    exposure: Exposure = field(default_factory=Exposure)
    inhibitory: Inhibitory = field(default_factory=Inhibitory)
    calm: Calm = field(default_factory=Calm)
    breathing: Breathing = field(default_factory=Breathing)
    meditation: Meditation = field(default_factory=Meditation)
    distraction: Distraction = field(default_factory=Distraction)
    programme: Programme = field(default_factory=Programme)
    activation: Activation = field(default_factory=Activation)
    mirror: Mirror = field(default_factory=Mirror)
    approach: Approach = field(default_factory=Approach)

    @property
    def first_level(self) -> int:
        """The level the session starts on; starting it is a person's consent to this one."""
        first: int = getattr(getattr(self, RULES[self.controller]), "first_level", 1)
        return first

    @property
    def duration_s(self) -> float:
        """From start to end, in seconds."""
        return self.phases.quiet_s + self.phases.main_s + self.phases.cooldown_s


# controller -> the table that holds the level it starts on
RULES = {
    "exposure": "exposure", "trauma": "exposure", "inhibitory": "inhibitory",
    "relaxation": "calm", "breathing": "breathing", "meditation": "meditation",
    "distraction": "distraction", "programme": "distraction", "activation": "activation",
    "mirror": "mirror", "approach": "approach",
}  # fmt: skip


# table -> key -> from, to. Keys that are not listed here are only checked for their type.
RANGES: dict[str, dict[str, tuple[float, float]]] = {
    "phases": {"quiet_s": (0, 600), "main_s": (5, 3600), "cooldown_s": (0, 900)},
    "ratings": {"max": (4, 100), "step": (1, 25)},
    **rules.RANGES,
}
TABLES: dict[str, type] = {
    "phases": Phases, "limits": Limits, "ratings": Cadence, "prompts": Prompts,
    "sickness": Sickness, "exposure": Exposure, "inhibitory": Inhibitory, "calm": Calm,
    "breathing": Breathing, "meditation": Meditation, "distraction": Distraction,
    "programme": Programme, "activation": Activation, "mirror": Mirror, "approach": Approach,
}  # fmt: skip


def library() -> tuple[str, ...]:
    """The names of the protocols that come with the package.

    >>> "graded_exposure" in library()
    True
    """
    return tuple(sorted(path.stem for path in LIBRARY.glob("*.toml")))


def load(name_or_path: str | Path) -> Protocol:
    """The protocol of a library name or a TOML file; raises BadProtocol with every mistake.

    >>> load("calm").scene
    'beach_walk'
    """
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = LIBRARY / f"{path.name}.toml"
        if path.stem not in library():
            raise BadProtocol(
                f"Expected a protocol of the library ({', '.join(library())}) or a .toml file, "
                f"got {str(name_or_path)!r}: check the name."
            )
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadProtocol(
            f"Expected a protocol file, got {str(path)!r} ({error.strerror}): check the path."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadProtocol(f"Expected TOML in {path.name}, got {error}: correct it.") from None
    return parse(table, path.stem)


def parse(table: dict[str, Any], name: str) -> Protocol:
    """A protocol from plain objects; raises BadProtocol with every mistake of the file."""
    reader = Reader(name)
    top = {key: value for key, value in table.items() if key not in TABLES}
    head = reader.read("", Protocol, {"name": name, **top})
    people = head.get("people", True) is not False
    parts = {key: reader.part(key, table[key], people) for key in TABLES if key in table}
    reader.check(head, parts, people)
    if reader.mistakes:
        raise BadProtocol("\n".join(reader.mistakes))
    built = {key: TABLES[key](**values) for key, values in parts.items()}
    return Protocol(**head, **built)


class Reader:
    """Reads tables key by key and keeps every mistake as one sentence."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.mistakes: list[str] = []

    def say(self, expected: str, came: str, do: str) -> None:
        """Keep one mistake: what was expected, what came, what to do."""
        self.mistakes.append(f"{self._file}: expected {expected}, got {came}: {do}.")

    def read(self, where: str, kind: type, table: Any) -> dict[str, Any]:
        """The keys of one table, checked for name, type and range."""
        if not isinstance(table, dict):
            self.say(f"a table [{where}]", repr(table), "write its keys below [" + where + "]")
            return {}
        known = {f.name: f for f in fields(kind) if f.name not in TABLES}
        values: dict[str, Any] = {}
        for key, value in table.items():
            title = f"{where}.{key}" if where else key
            if key not in known:
                self.say(f"one of {', '.join(known)}", f"the key {title!r}", "remove or rename it")
                continue
            read = self._value(title, getattr(known[key].type, "__name__", ""), value)
            low, high = RANGES.get(where, {}).get(key, (None, None))
            if read is not None and low is not None and not low <= read <= high:
                self.say(f"{title} from {low:g} to {high:g}", f"{value!r}", "change it")
            elif read is not None:
                values[key] = read
        return values

    def _value(self, title: str, kind: str, value: Any) -> Any:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if kind == "float" and number:
            return float(value)
        if kind == "int" and number and float(value).is_integer():
            return int(value)
        if (kind == "str" and isinstance(value, str)) or (
            kind == "bool" and isinstance(value, bool)
        ):
            return value
        if (
            kind.startswith("tuple")
            and isinstance(value, list)
            and all(isinstance(item, str) for item in value)
        ):
            return tuple(value)
        words = {"float": "a number", "int": "a whole number", "str": "a text",
                 "bool": "true or false"}  # fmt: skip
        self.say(f"{title} to be {words.get(kind, 'a list of texts')}", repr(value), "change it")
        return None

    def part(self, where: str, table: Any, people: bool) -> dict[str, Any]:
        """One sub-table; limits are checked against the hard bounds."""
        values = self.read(where, TABLES[where], table)
        if where == "limits":
            wrong = mistakes({**asdict(Limits()), **values}, people)
            self.mistakes.extend(f"{self._file}: {text}" for text in wrong)
            return {} if wrong else values
        return values

    def check(self, head: dict[str, Any], parts: dict[str, dict[str, Any]], people: bool) -> None:
        """What only the whole file can tell."""
        for key in ("title", "scene", "controller"):
            if key not in head:
                self.say(f"the key {key!r}", "none", "add it")
        choices = {"controller": tuple(RULES), "advance": POLICIES, "cues": CUES}
        for key, allowed in choices.items():
            if key in head and head[key] not in allowed:
                self.say(f"{key} to be one of {', '.join(allowed)}", repr(head[key]), "change it")
        for sensor in head.get("sensors", ()):
            if sensor not in SENSORS:
                self.say(f"sensors from {', '.join(SENSORS)}", repr(sensor), "change it")
        if head.get("sensors") == ():
            self.say(f"sensors from {', '.join(SENSORS)}", "none", "name at least one")
        phases, limits = Phases(**parts.get("phases", {})), Limits(**parts.get("limits", {}))
        total_s = phases.quiet_s + phases.main_s + phases.cooldown_s
        if total_s > limits.session_s:
            self.say(f"phases of at most session_s ({limits.session_s:g} s) together",
                     f"{total_s:g} s", "shorten a phase or raise limits.session_s")  # fmt: skip
        tables = {key: TABLES[key](**values) for key, values in parts.items() if key != "limits"}
        for expected, came, do in rules.mistakes(tables):
            self.say(expected, came, do)
        alone = head.get("controller") == "trauma" and head.get("supervised") is not True
        if alone or (head.get("controller") == "trauma" and head.get("advance") == "auto"):
            self.say("supervised = true and advance = \"confirm\" for trauma work",
                     "less than that", "set both")  # fmt: skip
        cues, controller = head.get("cues", "none"), head.get("controller")
        if cues != "none" and controller in RULES and controller not in EXPOSES:
            self.say(f'cues = "none" where the controller is not one of {", ".join(EXPOSES)}',
                     repr(cues), "leave cues out")  # fmt: skip
        if cues == "scene" and controller == "trauma":
            self.say('cues = "vetted" or "none" for trauma work', repr(cues), "change it")
        if people and phases.quiet_s < 60.0:
            self.say("a quiet phase of at least 60 s with a person", f"{phases.quiet_s:g} s",
                     "lengthen phases.quiet_s, or set people = false")  # fmt: skip
