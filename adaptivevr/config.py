"""One frozen configuration from one TOML file; all its mistakes are told together."""

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_args, get_origin

import platformdirs

from adaptivevr.clock import wall_text
from adaptivevr.errors import BadConfig


@dataclass(frozen=True, slots=True)
class Broker:
    """An MQTT broker to tell the room: lights, logs. Never on the safety path."""

    host: str = ""
    port: int = 1883
    user: str = ""
    password: str = ""
    tls: bool = False
    ca_file: str = ""
    topic: str = "adaptivevr"


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of this installation and of one session.

    place: "clinic" (a clinician is there) or "home". home: the protocols that may be done at
    home, each with the highest level passed with a clinician. fallback: where sensors stay
    lost, one "level" down or to "rest" (at home always to rest). use: which stream to take for
    a kind, as `ecg=NAME[:CHANNEL]`. medication: flags that change how signals are read
    (beta_blocker, anticholinergic, benzodiazepine, pacemaker).
    """

    patient: str = "anonymous"
    place: str = "clinic"
    home: tuple[tuple[str, int], ...] = ()
    fallback: str = "level"
    age_years: float | None = None
    medication: tuple[str, ...] = ()
    tick_hz: float = 60.0
    use: tuple[str, ...] = ()
    language: str = "en"
    port: int | None = None
    broker: Broker = field(default_factory=Broker)


_PLACES = ("clinic", "home")
_FALLBACKS = ("level", "rest")
_TABLES = ("broker", "home")
_FLAGS = ("beta_blocker", "anticholinergic", "benzodiazepine", "pacemaker")


def data_folder() -> Path:
    """Where this user's recordings and calibrations are kept."""
    return Path(platformdirs.user_data_dir("adaptivevr", appauthor=False))


def record_path(name: str) -> Path:
    """A new file in the user's data folder."""
    folder = data_folder() / "recordings"
    folder.mkdir(parents=True, exist_ok=True)
    safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in name)[:40]
    path = folder / f"{safe}-{wall_text()}.xdf"
    number = 2
    while path.exists():
        path = folder / f"{safe}-{wall_text()}-{number}.xdf"
        number += 1
    return path


def load(path: Path | None, **changes: object) -> Config:
    """The configuration of a TOML file with the command line's changes on top.

    Raises BadConfig that lists every mistake of the file in sentences.
    """
    given: dict[str, Any] = {}
    if path is not None:
        try:
            given = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise BadConfig(
                f"Expected a configuration file at {path}, but {error.strerror}; check the path."
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadConfig(f"Expected TOML in {path.name}, but {error}; mend that line.") from None
    mistakes: list[str] = []
    broker = _table(given.pop("broker", {}), Broker, "broker.", mistakes)
    home = _home(given.pop("home", {}), mistakes)
    own = _table(given, Config, "", mistakes)
    if mistakes:
        raise BadConfig("\n".join(mistakes))
    own.update({k: v for k, v in changes.items() if v is not None})
    config = Config(**{**own, "home": home, "broker": Broker(**broker)})
    _check(config)
    return config


def _home(given: object, mistakes: list[str]) -> tuple[tuple[str, int], ...]:
    """`[home]`: a protocol's name and the highest level passed with a clinician, line by line."""
    if not isinstance(given, dict):
        mistakes.append(f"Expected a table [home], but it is {given!r}; write keys in it.")
        return ()
    for name, level in given.items():
        if isinstance(level, bool) or not isinstance(level, int) or not 0 <= level <= 20:
            mistakes.append(
                f"Expected home.{name} to be the highest level passed with a clinician, "
                f"0 to 20, but it is {level!r}."
            )
    return tuple(sorted(given.items()))


def _table(given: object, kind: type, prefix: str, mistakes: list[str]) -> dict[str, Any]:
    if not isinstance(given, dict):
        mistakes.append(f"Expected a table [{prefix[:-1]}], but it is {given!r}; write keys in it.")
        return {}
    known = {f.name: f for f in fields(kind)}
    taken: dict[str, Any] = {}
    for key, value in given.items():
        if key not in known or key in _TABLES:
            names = ", ".join(k for k in known if k not in _TABLES)
            mistakes.append(f"Expected one of {names}, but got {prefix}{key}; remove or rename it.")
        elif not _fits(value, known[key].type):
            mistakes.append(
                f"Expected {prefix}{key} to be {_words(known[key].type)}, but it is {value!r}."
            )
        else:
            taken[key] = tuple(value) if isinstance(value, list) else value
    return taken


def _fits(value: object, kind: Any) -> bool:
    if get_origin(kind) is tuple:
        return isinstance(value, list) and all(isinstance(v, str) for v in value)
    kinds = get_args(kind) or (kind,)
    if isinstance(value, bool):
        return bool in kinds
    if isinstance(value, int) and float in kinds:
        return True
    return any(k is not type(None) and isinstance(value, k) for k in kinds)


def _words(kind: Any) -> str:
    if get_origin(kind) is tuple:
        return "a list of texts"
    kinds = get_args(kind) or (kind,)
    words = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
    return " or ".join(words[k] for k in kinds if k in words)


def _check(config: Config) -> None:
    mistakes = []
    if config.place not in _PLACES:
        mistakes.append(f"Expected place to be clinic or home, but it is {config.place!r}.")
    if config.fallback not in _FALLBACKS:
        mistakes.append(f"Expected fallback to be level or rest, but it is {config.fallback!r}.")
    if not 1 <= config.tick_hz <= 100:
        mistakes.append(f"Expected tick_hz from 1 to 100, but it is {config.tick_hz:g}.")
    if config.age_years is not None and not 5 <= config.age_years <= 120:
        mistakes.append(f"Expected age_years from 5 to 120, but it is {config.age_years:g}.")
    if config.port is not None and not 0 <= config.port <= 65535:
        mistakes.append(f"Expected port from 0 to 65535, but it is {config.port}.")
    for flag in config.medication:
        if flag not in _FLAGS:
            known = ", ".join(_FLAGS)
            mistakes.append(f"Expected medication to be among {known}, but got {flag!r}.")
    if mistakes:
        raise BadConfig("\n".join(mistakes))
