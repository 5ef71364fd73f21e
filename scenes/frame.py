"""What a renderer is told each tick: the contract of the scene channel, `v: 1`."""

from dataclasses import dataclass

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
