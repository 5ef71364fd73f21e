"""A therapy as data: phases, scene, targets, limits, prompts, ratings, advance policy."""

import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from adaptivevr.errors import BadProtocol
from adaptivevr.limits import Limits, mistakes

LIBRARY = Path(__file__).parent / "library"
SENSORS = ("heart", "skin", "brain", "breath")
POLICIES = ("auto", "confirm")


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
class Exposure:
    """The rules of graded exposure (science notes C1), times in seconds.

    easy_*: an easy level is left early. mean_s: arousal is averaged over this. peak_after_s:
    the peak counts from here. steady_s: the criterion must hold so long.
    go_on: after plateau_s the next level is due without asking; the guard still decides.
    trim: small moves around the level, toward the window.
    """

    first_level: int = 1
    easy_after_s: float = 45.0
    easy_suds: float = 30.0
    mean_s: float = 30.0
    peak_after_s: float = 20.0
    steady_s: float = 30.0
    suds_advance: float = 50.0
    retreat_after_s: float = 10.0
    recover_s: float = 60.0
    plateau_s: float = 600.0
    go_on: bool = False
    trim: bool = False


@dataclass(frozen=True, slots=True)
class Calm:
    """The rules of a relaxing session (science notes C2): a gentle load goes, ambience comes.

    breaths_per_min 0: no pacer. in_share: the share of a breath that is breathing in.
    """

    first_level: int = 1
    descend_s: float = 480.0
    ambient_middle: float = 0.25
    ambient_width: float = 0.12
    ambient_tau_s: float = 3.0
    breaths_per_min: float = 6.0
    in_share: float = 0.4


@dataclass(frozen=True, slots=True)
class Prompts:
    """What the patient reads, short and plain; an empty text is not shown."""

    quiet: str = ""
    main: str = ""
    high: str = ""
    recover: str = ""
    cooldown: str = ""


@dataclass(frozen=True, slots=True)
class Protocol:
    """One therapy, read from a TOML file.

    controller: exposure or relaxation. advance: auto or confirm. sensors: at least one of
    these must be fresh. people: False allows the short times of a demonstration, and then
    only a simulated patient may take part. paced: the patient breathes with a pacer.
    """

    name: str
    title: str
    scene: str
    controller: str
    advance: str = "confirm"
    people: bool = True
    sensors: tuple[str, ...] = ("heart", "skin")
    conditions: tuple[str, ...] = ()
    screen: tuple[str, ...] = ()  # reasons not to take part, to be asked before
    phases: Phases = field(default_factory=Phases)
    limits: Limits = field(default_factory=Limits)
    ratings: Cadence = field(default_factory=Cadence)
    prompts: Prompts = field(default_factory=Prompts)
    exposure: Exposure = field(default_factory=Exposure)
    calm: Calm = field(default_factory=Calm)

    @property
    def first_level(self) -> int:
        """The level the session starts on; starting it is a person's consent to this one."""
        rules: Exposure | Calm = self.calm if self.controller == "relaxation" else self.exposure
        return rules.first_level

    @property
    def duration_s(self) -> float:
        """From start to end, in seconds."""
        return self.phases.quiet_s + self.phases.main_s + self.phases.cooldown_s


# table -> key -> from, to. Keys that are not listed here are only checked for their type.
RANGES: dict[str, dict[str, tuple[float, float]]] = {
    "phases": {"quiet_s": (0, 600), "main_s": (5, 3600), "cooldown_s": (0, 900)},
    "ratings": {"max": (4, 100), "step": (1, 25)},
    "exposure": {
        "first_level": (1, 20), "easy_after_s": (5, 900), "easy_suds": (0, 90),
        "mean_s": (2, 120), "peak_after_s": (0, 120), "steady_s": (1, 120),
        "suds_advance": (0, 90), "retreat_after_s": (1, 30), "recover_s": (10, 900),
        "plateau_s": (20, 3600),
    },
    "calm": {
        "first_level": (1, 20), "descend_s": (60, 3600), "ambient_middle": (0, 1),
        "ambient_width": (0.02, 1), "ambient_tau_s": (2, 10), "breaths_per_min": (0, 12),
        "in_share": (0.2, 0.6),
    },
}  # fmt: skip
TABLES: dict[str, type] = {
    "phases": Phases, "limits": Limits, "ratings": Cadence, "prompts": Prompts,
    "exposure": Exposure, "calm": Calm,
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
        choices = {"controller": ("exposure", "relaxation"), "advance": POLICIES}
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
        if people and phases.quiet_s < 60.0:
            self.say("a quiet phase of at least 60 s with a person", f"{phases.quiet_s:g} s",
                     "lengthen phases.quiet_s, or set people = false")  # fmt: skip
