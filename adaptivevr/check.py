"""A safety audit of a recording, with arithmetic of its own: it shares no code with the guard.

What is counted here comes from the recorded inputs and the recorded intensities alone.
"""

import math
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from adaptivevr.cue_audit import CueAudit
from adaptivevr.recorded import Recorded, read_recording
from adaptivevr.replay import existing

_RISE_PER_S = 0.05
_FALL_PER_S = 0.05
_SLACK = 1e-6
_STALE_S = 3.5  # the design's 3 s and a tick's worth of rounding
_FROZEN_S = 5.0  # the same value for longer is no measurement (sources: G4)
_FROZEN_BEATS = 3
_LATE_S = 9.0  # automation must have frozen: 5 s, and as long again as filters may hide it
_GONE_S = 66.0  # and the load must have ended
_QUIET_S = 59.0  # after "too much"
_SD = 0.30
_BELOW = 0.8
_BOUNDS = {
    "ceiling": (0.0, 1.0), "rise_per_s": (0.0, _RISE_PER_S), "window_high": (0.3, 0.8),
    "suds_stop": (30.0, 90.0), "level_cap": (0.0, 20.0), "heart_ceiling_bpm": (90.0, 170.0),
}  # fmt: skip
_KINDS = {
    "heart": ("ecg", "ppg", "rr"), "skin": ("eda",), "brain": ("eeg",), "breath": ("breath",),
}  # fmt: skip
# controller -> the table of a protocol with the level that starting it agrees to
_FIRST = {
    "exposure": "exposure", "trauma": "exposure", "inhibitory": "inhibitory",
    "relaxation": "calm", "breathing": "breathing", "meditation": "meditation",
    "distraction": "distraction", "programme": "distraction", "activation": "activation",
    "mirror": "mirror", "approach": "approach",
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
    cues: int = 0
    stops: int = 0
    violations: list[Violation] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "ticks": self.ticks,
            "increases": self.increases,
            "cues": self.cues,
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
            f"{self.ticks} ticks, {self.increases} of them rising, {self.cues} cues, "
            f"{self.stops} stops: {verdict}."
        )
        return "\n".join([head, *lines])


def audit(path: Path) -> Audit:
    """Looks at every tick of a recording of ours.

    Raises BadRecording for a file that is none.
    """
    recorded = read_recording(existing(path))
    return Auditor(recorded).run()


class Sensor:
    """One required stream, looked at sample by sample: until when it told something new."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._last = math.nan
        self._changed_s = -math.inf
        self._same = 0
        self.usable_s = -math.inf
        self.beats: deque[tuple[float, float]] = deque(maxlen=5)  # time, beats a minute

    def take(self, now_s: float, chunk: Any) -> None:
        """Samples that entered in this tick."""
        channel = chunk.stream.used[0]
        try:
            values = np.asarray(chunk.values[:, channel], dtype=float) * chunk.stream.scale
        except (IndexError, TypeError, ValueError):
            return  # text where numbers belong, or fewer channels than were promised
        newest_s = -math.inf
        for sent_s, value in zip(chunk.time_s.tolist(), values.tolist(), strict=True):
            time_s = min(sent_s, now_s)
            if not (math.isfinite(time_s) and math.isfinite(value)):
                continue
            newest_s = max(newest_s, time_s)
            if self._kind == "rr":
                self._beat(time_s, value)
            elif value != self._last:
                self._last, self._changed_s = value, time_s
        if self._kind != "rr" and newest_s - self._changed_s <= _FROZEN_S:
            self.usable_s = max(self.usable_s, newest_s)

    def _beat(self, time_s: float, value: float) -> None:
        self._same = self._same + 1 if value == self._last else 1
        self._last = value
        interval_s = value / 1000.0 if value > 10.0 else value
        if self._same <= _FROZEN_BEATS and 0.2 < interval_s < 3.0:
            self.usable_s = max(self.usable_s, time_s)
            self.beats.append((time_s, 60.0 / interval_s))


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
        self._outer = dict(document.get("limits") or {})
        self._needed = {kind for sensor in protocol["sensors"] for kind in _KINDS[sensor]}
        self._levels: list[float] = sorted(
            {0.0, *(one["intensity"] for one in document["scene"]["levels"])}
        )
        config = document.get("config") or {}
        passed = dict(config.get("home") or ()).get(protocol["name"], 0)
        self._passed = passed if config.get("place") == "home" else math.inf
        rules = protocol.get(_FIRST.get(protocol["controller"], "")) or {}
        self._granted = int(rules.get("first_level", 1))
        self._commands = {c["id"]: c for c in recorded.commands}
        self._found = Audit()
        self._last: dict[str, Any] | None = None
        self._sensors: dict[str, Sensor] = {}
        self._stopped, self._started = False, False
        self._since_s = math.inf  # since when a loss counts
        self._suds: float | None = None
        self._sick: list[float] = []
        self._hushed = (-math.inf, 1.0)  # when "too much" was said, and what was shown then
        self._cues = CueAudit(document)

    def run(self) -> Audit:
        """The whole recording."""
        for tick, chunks, _ in self._recorded.inputs():
            said = [self._commands[i] for i in tick["commands"] if i in self._commands]
            self.take(tick, chunks, said)
        return self._found

    def take(
        self, tick: dict[str, Any], chunks: Iterable[Any], commands: list[dict[str, Any]]
    ) -> Audit:
        """One tick, the samples that entered it and what was said to it; the audit so far."""
        for chunk in chunks:
            kind = str(chunk.stream.kind)
            if kind in self._needed and len(chunk):
                sensor = self._sensors.setdefault(chunk.stream.id, Sensor(kind))
                sensor.take(tick["now_s"], chunk)
        self._look(tick, commands)
        self._last = tick
        return self._found

    def _look(self, tick: dict[str, Any], commands: list[dict[str, Any]]) -> None:
        self._found.ticks += 1
        now_s, intensity = tick["now_s"], tick["intensity"]
        before = self._last["intensity"] if self._last else 0.0
        dt_s = now_s - self._last["now_s"] if self._last else 0.0
        if not 0.0 <= intensity <= 1.0:
            self._wrong("bounds", now_s, f"intensity {intensity}, expected 0 to 1")
        top = self._top()  # a change is in force from the next tick on
        self._hear(now_s, commands, before)
        self._count_loss(tick, before)
        if intensity > before + _SLACK:
            self._rising(tick, before, dt_s, top)
        elif before - intensity > _FALL_PER_S * max(dt_s, 0.0) + _SLACK and not self._at_once(
            tick, commands
        ):
            self._wrong("fall", now_s, f"fell {before - intensity:.4f} in {dt_s:.3f} s")
        self._stopping(tick, commands)
        for command in commands:
            if command["command"] == "SetLimit" and command["name"] in self._limits:
                self._tuned(command["name"], command)
        self._cued(tick, before, commands)

    def _top(self) -> float:
        """The highest intensity allowed: a level within ceiling, level cap and the home rule."""
        ceiling, cap = self._limits["ceiling"], min(self._limits["level_cap"], self._passed)
        under = [at for i, at in enumerate(self._levels) if at <= ceiling + 1e-9 and i <= cap]
        return min(ceiling, under[-1])

    def _tuned(self, name: str, command: dict[str, Any]) -> None:
        """A limit set in the session: a clinician's only, a number only, within hard bounds."""
        value = command["value"]
        if not _clinician(command) or not isinstance(value, float | int):
            return
        if math.isfinite(value):
            low, high = _BOUNDS.get(name, (-math.inf, math.inf))
            outer = self._outer.get(name, math.inf) if name in _BOUNDS else math.inf
            self._limits[name] = min(max(float(value), low), high, outer)

    def _hear(self, now_s: float, commands: list[dict[str, Any]], shown: float) -> None:
        """What was said that an increase has to respect from this tick on."""
        for command in commands:
            kind, value = command["command"], command.get("value")
            if kind == "Start":
                self._started = True
            elif kind == "TooMuch":
                self._hushed = (now_s, shown)
            elif kind == "Rate" and isinstance(value, float | int):
                if command["scale"] == "suds" and 0.0 <= value <= 100.0:
                    self._suds = float(value)
                elif command["scale"] in ("sickness", "fms") and 0.0 <= value <= 20.0:
                    self._sick.append(float(value))
            elif kind == "Step" and command["by"] > 0 and _clinician(command):
                self._granted = len(self._levels)
            elif kind == "Confirm" and command["yes"] and _clinician(command):
                name, _, number = str(command["proposal"]).partition(":")
                if name == "advance" and number.isdecimal():
                    self._granted = max(self._granted, int(number))

    def _rising(self, tick: dict[str, Any], before: float, dt_s: float, top: float) -> None:
        now_s, rise, intensity = tick["now_s"], tick["intensity"] - before, tick["intensity"]
        self._found.increases += 1
        fastest = min(self._limits["rise_per_s"], _RISE_PER_S)
        if rise > max(fastest, 0.0) * min(dt_s, 1.0) + _SLACK:
            self._wrong("rise", now_s, f"rose {rise:.4f} in {dt_s:.3f} s, allowed {fastest}/s")
        if intensity > top + _SLACK:
            self._wrong("ceiling", now_s, f"rose to {intensity:.4f} above {top:.4f}")
        if self._stopped:
            self._wrong("stop", now_s, "rose after a stop and before a resume")
        said_s, shown = self._hushed
        if now_s - said_s < _QUIET_S and intensity > shown + _SLACK:
            self._wrong("too_much", now_s, f"rose {now_s - said_s:.1f} s after too much")
        if self._is_sick():
            self._wrong("sickness", now_s, f"rose at a sickness of {self._sick[-1]:g}")
        if tick["mode"] == "manual":
            return  # a clinician's hand: ceiling, slew and what the patient said
        if tick["mode"] not in ("auto", "confirm"):
            self._wrong("mode", now_s, f"rose in mode {tick['mode']}")
        granted = self._levels[min(self._granted, len(self._levels) - 1)]
        if tick["mode"] == "confirm" and intensity > granted + _SLACK:
            self._wrong("confirm", now_s, f"rose to {intensity:.4f}, agreed was {granted:.4f}")
        for rule, text in self._by_body(tick, now_s):
            self._wrong(rule, now_s, f"rose {text}")

    def _is_sick(self) -> bool:
        sick = self._sick
        return bool(sick) and (sick[-1] >= 10.0 or sick[-1] - sick[0] >= 6.0)

    def _cued(self, tick: dict[str, Any], before: float, commands: list[dict[str, Any]]) -> None:
        """A cue is load at once: its own gates, and all that an increase needs, by hand too."""
        now_s, shown = tick["now_s"], tick["intensity"]
        names, wrong = self._cues.take(tick, before, commands)
        self._found.cues += len(names)
        if names:
            words = " and ".join(names)
            if tick["mode"] not in ("auto", "confirm", "manual"):
                wrong.append(f"{words} came in mode {tick['mode']}")
            if shown >= self._top():
                wrong.append(f"{words} came at the ceiling of {self._top():.3f}")
            if self._stopped or now_s - self._hushed[0] < _QUIET_S or self._is_sick():
                wrong.append(f"{words} came after a stop, too much or at sickness")
            wrong += [f"{words} came {text}" for _, text in self._by_body(tick, now_s)]
        for text in wrong:
            self._wrong("cue", now_s, text)

    def _by_body(self, tick: dict[str, Any], now_s: float) -> Iterator[tuple[str, str]]:
        """The gates that look at sensors and at the patient's own word: rule, what is wrong."""
        age_s = self._age_s(now_s)
        if age_s > _STALE_S:
            yield "stale", f"{age_s:.1f} s after the last usable data"
        if self._suds is not None and self._suds >= self._limits["suds_stop"]:
            yield "rating", f"at a rating of {self._suds:g}"
        for sensor in self._sensors.values():
            rates = [bpm for at_s, bpm in sensor.beats if now_s - at_s <= 4.0 + 60.0 / bpm]
            if len(rates) == 5 and min(rates) > self._limits["heart_ceiling_bpm"] + 1.0:
                yield "heart", f"at a heart rate above {min(rates):.0f}"
        mean, sd = tick["arousal"], tick["sd"]
        if mean is None:
            yield "unknown", "while arousal was unknown"
            return
        if not 0.0 < sd <= _SD + _SLACK:
            yield "sd", f"with sd {sd:.3f}"
            return
        z = (self._limits["window_high"] - mean) / sd
        if 0.5 * math.erfc(-z / math.sqrt(2.0)) < _BELOW - 1e-3:
            yield "window", f"at arousal {mean:.3f}, sd {sd:.3f}"

    def _age_s(self, now_s: float) -> float:
        newest_s = max((one.usable_s for one in self._sensors.values()), default=-math.inf)
        return now_s - newest_s

    def _count_loss(self, tick: dict[str, Any], before: float) -> None:
        """Whether the ladder of sensor loss was walked: frozen in time, and ended in time."""
        now_s, mode, was = tick["now_s"], tick["mode"], self._last["mode"] if self._last else ""
        automatic = ("auto", "confirm")
        if tick["intensity"] <= 0.0 or before <= 0.0 or (mode in automatic and mode != was):
            self._since_s = now_s
        lost_s = min(self._age_s(now_s), now_s - self._since_s)
        if mode in automatic and lost_s > _LATE_S:
            self._wrong("loss", now_s, f"mode {mode} after {lost_s:.1f} s without data")
        elif mode in ("freeze", "fallback") and lost_s > _GONE_S:
            self._wrong("loss", now_s, f"a load after {lost_s:.1f} s without data")

    def _at_once(self, tick: dict[str, Any], commands: list[dict[str, Any]]) -> bool:
        """Stop, safe, pause and the like are not slewed."""
        return tick["mode"] == "safe" or bool(tick.get("rest")) or tick["intensity"] == 0.0

    def _stopping(self, tick: dict[str, Any], commands: list[dict[str, Any]]) -> None:
        for command in commands:
            if command["command"] == "Resume" and _clinician(command):
                if self._stopped or (self._last or {}).get("mode") == "safe":
                    self._hushed = (-math.inf, 1.0)
                self._stopped = False
        off = any(c["command"] == "Headset" and not c["worn"] for c in commands)
        if any(command["command"] == "Stop" for command in commands):
            self._stopped = True
            self._found.stops += 1
        elif off and self._started:
            self._stopped = True
        if self._stopped and tick["intensity"] > 0.0:
            self._wrong("stop", tick["now_s"], f"intensity {tick['intensity']:.3f} while stopped")

    def _wrong(self, rule: str, now_s: float, text: str) -> None:
        self._found.violations.append(Violation(rule, now_s, text))


def _clinician(command: dict[str, Any]) -> bool:
    who = str(command["who"])
    return who == "clinician" or who.startswith("clinician:")
