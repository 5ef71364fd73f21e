"""A scene as data: what a clinician calls its levels and what its parameters are."""

from dataclasses import dataclass

from scenes.parameter import Parameter


@dataclass(frozen=True, slots=True)
class Level:
    """One named step of the hierarchy, at an intensity a clinician would recognise."""

    name: str
    intensity: float


@dataclass(frozen=True, slots=True)
class Cue:
    """A discrete event that can be triggered (a door bangs, a dog barks)."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything the engine needs to know about a scene; the picture itself is the asset."""

    name: str
    title: str
    conditions: tuple[str, ...]
    levels: tuple[Level, ...]
    parameters: tuple[Parameter, ...]
    cues: tuple[Cue, ...] = ()
    asset: str = "scene.glb"
    hash: str = ""
