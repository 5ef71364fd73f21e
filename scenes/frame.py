"""What a renderer is told each tick: the contract of the scene channel, `v: 1`."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

from scenes import curve
from scenes.parameter import Parameter
from scenes.scene import Scene

VALID_FOR_S = 2.0  # a frame older than this must not keep a scene alive


@dataclass(frozen=True, slots=True)
class SceneFrame:
    """The picture as numbers, for any renderer; latest wins, and it expires.

    values: each parameter of the scene in its own unit, curve and slew already applied.
    ambient: each ambient parameter's 0..1. rest: show the dim rest scene and nothing else.
    data_s: the newest sample stamp that had entered (None before the first).
    """

    seq: int
    time_s: float
    data_s: float | None
    scene: str
    level: int
    intensity: float
    values: tuple[tuple[str, float], ...]
    ambient: tuple[tuple[str, float], ...]
    rest: bool
    mode: str
    valid_for_s: float = VALID_FOR_S

    def message(self) -> dict[str, object]:
        """The JSON document of the scene channel (see `tests/scenes/channel/frame.json`)."""
        return {
            "v": 1,
            "type": "frame",
            "seq": self.seq,
            "time_s": self.time_s,
            "data_s": self.data_s,
            "scene": self.scene,
            "level": self.level,
            "intensity": self.intensity,
            "values": dict(self.values),
            "ambient": dict(self.ambient),
            "rest": self.rest,
            "mode": self.mode,
            "valid_for_s": self.valid_for_s,
        }


class Director:
    """Turns one scene's intensity and ambient values into frames, tick after tick.

    Plain floats only, the same bits on every machine. A parameter with a rate of its own moves no
    faster than that whatever the rate of ticks; on rest every parameter is at rest at once.
    """

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._ambient_names = tuple(p.name for p in scene.parameters if p.role == "ambient")
        self._values = {p.name: p.rest for p in scene.parameters}
        self._last_s: float | None = None

    def update(
        self,
        now_s: float,
        seq: int,
        intensity: float,
        ambient: Iterable[tuple[str, float]],
        level: int,
        mode: str,
        rest: bool,
        data_s: float | None,
    ) -> SceneFrame:
        """The frame of this tick; intensity and ambient are what the guard allowed (0..1)."""
        load = 0.0 if rest else _unit(intensity)
        given = {} if rest else dict(ambient)
        moods = tuple((name, _unit(given.get(name, 0.0))) for name in self._ambient_names)
        felt = dict(moods)
        dt_s = 0.0 if self._last_s is None else max(0.0, now_s - self._last_s)
        self._last_s = now_s
        for p in self.scene.parameters:
            share = load if p.role == "load" else felt[p.name]
            goal = p.rest + curve.at(p.curve, share) * (p.full - p.rest)
            self._values[p.name] = goal if rest else _toward(self._values[p.name], goal, p, dt_s)
        return SceneFrame(
            seq=seq,
            time_s=now_s,
            data_s=data_s,
            scene=self.scene.name,
            level=level,
            intensity=load,
            values=tuple(self._values.items()),
            ambient=moods,
            rest=rest,
            mode=mode,
        )


def _unit(x: float) -> float:
    # The guard has bounded it; a number that is none still must never reach a renderer.
    return min(1.0, max(0.0, x)) if isfinite(x) else 0.0


def _toward(value: float, goal: float, p: Parameter, dt_s: float) -> float:
    if p.max_rate_per_s is None:
        return goal
    step = p.max_rate_per_s * dt_s
    return min(goal, value + step) if goal > value else max(goal, value - step)
