"""A scene as data: what a clinician calls its levels and what its parameters are."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scenes.parameter import Parameter

LIBRARY = Path(__file__).parent / "library"


class SceneMistake(ValueError):
    """A scene cannot be used; `mistakes` says everything that is wrong with it, in sentences."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Level:
    """One named step of the hierarchy, at an intensity a clinician would recognise."""

    name: str
    intensity: float


@dataclass(frozen=True, slots=True)
class Cue:
    """A discrete event that can be triggered (a door bangs, a dog barks), once each time.

    It plays the asset's clip `cue.<name>` from its first key to its last and then holds the first
    again, and the sound file of the scene that it names; one of the two is enough.

    sound: a file of the scene's folder `sound`, without its ending. at: the node it comes from.
    Each has a gate of its own, gate: the lowest intensity at which it may come; pause_s: the least
    time since the cue before it, whichever that was; vet: clinician and patient must have agreed
    to it, by name, before anything is shown in this session. The engine holds them.
    """

    name: str
    title: str
    sound: str = ""
    loudness: float = 1.0
    at: str = ""
    gate: float = 0.0
    pause_s: float = 5.0
    vet: bool = False

    @property
    def clip(self) -> str:
        """The clip of the asset that it plays, if there is one of that name."""
        return f"cue.{self.name}"


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything the engine needs to know about a scene; the picture itself is the asset.

    hash: of scene.toml and the asset, so that a recording can say what was shown.
    sounds: loops that play from the start, each with its loudness where no parameter sets it.
    places: the node that a loop comes from; a loop without one is all around.
    look: sky, light and air, in place of what the asset's extras say (`sky exposure fog`).
    """

    name: str
    title: str
    conditions: tuple[str, ...]
    levels: tuple[Level, ...]
    parameters: tuple[Parameter, ...]
    cues: tuple[Cue, ...] = ()
    asset: str = "scene.glb"
    hash: str = ""
    sounds: tuple[tuple[str, float], ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    look: Mapping[str, Any] = field(default_factory=dict)
    folder: Path = field(default=Path(), compare=False)

    def manifest(self) -> dict[str, object]:
        """What a renderer must know besides the picture (the asset's scene extras hold it too)."""
        return {
            "name": self.name,
            "title": self.title,
            "asset": self.asset,
            "hash": self.hash,
            "sounds": dict(self.sounds),
            "places": dict(self.places),
            "look": dict(self.look),
            "cues": {
                c.name: {
                    "title": c.title,
                    "sound": c.sound,
                    "loudness": c.loudness,
                    "at": c.at,
                    "gate": c.gate,
                    "pause_s": c.pause_s,
                    "vet": c.vet,
                }
                for c in self.cues
            },
            "parameters": {
                p.name: {
                    "role": p.role,
                    "unit": p.unit,
                    "rest": p.rest,
                    "full": p.full,
                    "photometric": p.photometric,
                    "channels": {c.name: [c.rest, c.full] for c in p.channels},
                }
                for p in self.parameters
            },
        }

    def level_at(self, intensity: float) -> int:
        """The highest level whose intensity has been reached."""
        reached = [i for i, level in enumerate(self.levels) if level.intensity <= intensity + 1e-9]
        return max(reached, default=0)


def library() -> tuple[str, ...]:
    """The names of the scenes that ship with the package, in order of the alphabet."""
    return tuple(sorted(p.parent.name for p in LIBRARY.glob("*/scene.toml")))


def load(scene: str | Path) -> Scene:
    """Reads a scene by its library name or its folder; `SceneMistake` lists all that is wrong."""
    folder = Path(scene)
    if not (folder / "scene.toml").is_file():
        folder = LIBRARY / scene
    path = folder / "scene.toml"
    if not path.is_file():
        known = ", ".join(library())
        raise SceneMistake(
            (
                f"Expected a scene of the library ({known}) or a folder with a scene.toml; "
                f"came '{scene}'. Name one of these.",
            )
        )
    text = path.read_bytes().replace(b"\r\n", b"\n")
    try:
        table = tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SceneMistake((f"Expected TOML in {path.name}; came: {error}. Mend it.",)) from None
    from scenes.reading import Reader  # it knows the types above

    return Reader(folder.resolve().name, folder, table).scene(text)
