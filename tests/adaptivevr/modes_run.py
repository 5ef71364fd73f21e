"""Modes driven tick by tick, with whatever signs and aim are set at the moment."""

from typing import Any

from adaptivevr.command import Command, Start
from adaptivevr.house import House
from adaptivevr.limits import Limits
from adaptivevr.modes import Aim, Cause, Mode, Modes, Signs, Standing

LEVELS = (0.0, 0.2, 0.4, 0.6)
WELL = {"age_s": 0.5, "arousal": 0.3, "sd": 0.15, "heart_bpm": 75.0, "heart_quality": 0.9}


class Run:
    """Modes at 10 ticks a second, with whatever signs and aim are set at the moment."""

    def __init__(
        self,
        policy: str = "auto",
        start: bool = True,
        limits: Limits | None = None,
        intensity: float = 0.4,
        house: House | None = None,
    ) -> None:
        self.modes, self.now_s, self.tick_s = Modes(house), 0.0, 0.1
        self.signs: dict[str, Any] = dict(WELL)
        self.aim: dict[str, Any] = {
            "levels": LEVELS,
            "level": 2,
            "intensity": intensity,
            "policy": policy,
        }
        self.limits = limits or Limits()
        self.standing: Standing = self.say(*([Start] if start else []))

    def say(self, *kinds: type[Command] | Command, who: str = "clinician", **more: Any) -> Standing:
        said = [
            kind if isinstance(kind, Command) else kind(id="1", who=who, at_s=self.now_s, **more)
            for kind in kinds
        ]
        self.standing = self.modes.update(
            self.now_s, Signs(**self.signs), said, self.limits, Aim(**self.aim)
        )
        self.now_s = round(self.now_s + self.tick_s, 6)
        return self.standing

    def wait(self, seconds: float, lost: bool = False) -> Standing:
        end_s = self.now_s + seconds
        while self.now_s < end_s - 1e-6:
            if lost:
                self.signs["age_s"] = (self.signs["age_s"] or 0.0) + self.tick_s
            self.say()
        return self.standing

    def is_(self, mode: Mode, cause: Cause) -> bool:
        return (self.standing.mode, self.standing.cause) == (mode, cause)


def frozen() -> Run:
    run = Run()
    run.wait(61.0)
    run.wait(10.0, lost=True)
    run.signs["age_s"] = 0.5
    return run
