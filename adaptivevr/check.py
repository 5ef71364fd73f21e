"""A safety audit of a recording, with arithmetic of its own: it shares no code with the guard.

What is counted here comes from the recorded inputs and the recorded intensities alone.
"""

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adaptivevr.recorded import Recorded, read_recording
from adaptivevr.replay import existing

_RISE_PER_S = 0.05
_FALL_PER_S = 0.05
_SLACK = 1e-6
_STALE_S = 3.5  # the design's 3 s and a tick's worth of rounding
_SD = 0.30
_BELOW = 0.8
_BOUNDS = {"ceiling": (0.0, 1.0), "rise_per_s": (0.0, _RISE_PER_S), "window_high": (0.3, 0.8)}
_KINDS = {
    "heart": ("ecg", "ppg", "rr"), "skin": ("eda",), "brain": ("eeg",), "breath": ("breath",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Violation:
    """One moment at which a rule was broken, with the numbers."""

    rule: str
    now_s: float
    text: str


@dataclass(slots=True)
class Audit:
    """The result: how much was looked at, and everything that was wrong."""

    ticks: int = 0
    increases: int = 0
    stops: int = 0
    violations: list[Violation] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "ticks": self.ticks,
            "increases": self.increases,
            "stops": self.stops,
            "violations": [
                {"rule": v.rule, "now_s": v.now_s, "text": v.text} for v in self.violations
            ],
        }

    def words(self) -> str:
        """For people."""
        lines = [f"{v.now_s:.2f} s  {v.rule}: {v.text}" for v in self.violations[:50]]
        verdict = "no violation" if not lines else f"{len(self.violations)} violations"
        head = (
            f"{self.ticks} ticks, {self.increases} of them rising, {self.stops} stops: {verdict}."
        )
        return "\n".join([head, *lines])


def audit(path: Path) -> Audit:
    """Looks at every tick of a recording of ours.

    Raises BadRecording for a file that is none.
    """
    recorded = read_recording(existing(path))
    return Auditor(recorded).run()


class Auditor:
    """Walks through the ticks once, keeping what a careful observer would."""

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded
        document = recorded.document
        protocol = document["protocol"]
        self._limits: dict[str, float] = dict(protocol["limits"])
        for name, value in (document.get("limits") or {}).items():
            stricter = max if name in ("fall_per_s", "dwell_s", "heart_floor_bpm") else min
            self._limits[name] = stricter(self._limits[name], value)
        wanted = {kind for sensor in protocol["sensors"] for kind in _KINDS[sensor]}
        self._needed = {s.id for s in recorded.streams if s.kind in wanted}
        self._commands = {c["id"]: c for c in recorded.commands}
        self._found = Audit()
        self._last: dict[str, Any] | None = None
        self._fresh_s = -math.inf
        self._stopped = False

    def run(self) -> Audit:
        """The whole recording."""
        for tick in self._recorded.ticks:
            self._look(tick)
            self._last = tick
        return self._found

    def _look(self, tick: dict[str, Any]) -> None:
        self._found.ticks += 1
        commands = [self._commands[i] for i in tick["commands"] if i in self._commands]
        now_s, intensity = tick["now_s"], tick["intensity"]
        if any(stream in self._needed and count for stream, count, _ in tick["entered"]):
            self._fresh_s = now_s
        before = self._last["intensity"] if self._last else 0.0
        dt_s = now_s - self._last["now_s"] if self._last else 0.0
        if not 0.0 <= intensity <= 1.0:
            self._wrong("bounds", now_s, f"intensity {intensity}, expected 0 to 1")
        ceiling = self._limits["ceiling"]  # a change is in force from the next tick on
        if intensity > before + _SLACK:
            self._rising(tick, before, dt_s, ceiling)
        elif before - intensity > _FALL_PER_S * max(dt_s, 0.0) + _SLACK and not self._at_once(
            tick, commands
        ):
            self._wrong("fall", now_s, f"fell {before - intensity:.4f} in {dt_s:.3f} s")
        self._stopping(tick, commands)
        for command in commands:
            if command["command"] == "SetLimit" and command["name"] in self._limits:
                self._tuned(command["name"], command)

    def _tuned(self, name: str, command: dict[str, Any]) -> None:
        """A limit set in the session: a clinician's only, a number only, within hard bounds."""
        value = command["value"]
        if not str(command["who"]).startswith("clinician") or not isinstance(value, float | int):
            return
        if math.isfinite(value):
            low, high = _BOUNDS.get(name, (-math.inf, math.inf))
            self._limits[name] = min(max(float(value), low), high)

    def _rising(self, tick: dict[str, Any], before: float, dt_s: float, ceiling: float) -> None:
        now_s, rise = tick["now_s"], tick["intensity"] - before
        self._found.increases += 1
        fastest = min(self._limits["rise_per_s"], _RISE_PER_S)
        if rise > max(fastest, 0.0) * dt_s + _SLACK:
            self._wrong("rise", now_s, f"rose {rise:.4f} in {dt_s:.3f} s, allowed {fastest}/s")
        if tick["intensity"] > ceiling + _SLACK:
            self._wrong("ceiling", now_s, f"rose to {tick['intensity']:.4f} above {ceiling}")
        if self._stopped:
            self._wrong("stop", now_s, "rose after a stop and before a resume")
        if tick["mode"] == "manual":
            return  # a clinician's hand: ceiling and slew only
        if tick["mode"] not in ("auto", "confirm"):
            self._wrong("mode", now_s, f"rose in mode {tick['mode']}")
        if now_s - self._fresh_s > _STALE_S:
            self._wrong("stale", now_s, f"rose {now_s - self._fresh_s:.1f} s after the last data")
        mean, sd = tick["arousal"], tick["sd"]
        if mean is None:
            self._wrong("unknown", now_s, "rose while arousal was unknown")
            return
        if not 0.0 < sd <= _SD + _SLACK:
            self._wrong("sd", now_s, f"rose with sd {sd:.3f}")
            return
        z = (self._limits["window_high"] - mean) / sd
        if 0.5 * math.erfc(-z / math.sqrt(2.0)) < _BELOW - 1e-3:
            self._wrong("window", now_s, f"rose at arousal {mean:.3f}, sd {sd:.3f}")

    def _at_once(self, tick: dict[str, Any], commands: list[dict[str, Any]]) -> bool:
        """Stop, safe, pause and the like are not slewed."""
        return tick["mode"] == "safe" or bool(tick.get("rest")) or tick["intensity"] == 0.0

    def _stopping(self, tick: dict[str, Any], commands: list[dict[str, Any]]) -> None:
        for command in commands:
            if command["command"] == "Resume" and str(command["who"]).startswith("clinician"):
                self._stopped = False
        if any(command["command"] == "Stop" for command in commands):
            self._stopped = True
            self._found.stops += 1
        if self._stopped and tick["intensity"] > 0.0:
            self._wrong("stop", tick["now_s"], f"intensity {tick['intensity']:.3f} while stopped")

    def _wrong(self, rule: str, now_s: float, text: str) -> None:
        self._found.violations.append(Violation(rule, now_s, text))
