"""What the console is told: the state as one document, and a log of what happened."""

import re
from collections import deque
from collections.abc import Callable
from typing import Any

from adaptivevr import wire
from adaptivevr.command import Command, Rate, Screened, SetLimit
from adaptivevr.console import sentence
from adaptivevr.console.cue_words import CueWords
from adaptivevr.console.hub import Hub, Snapshot
from adaptivevr.limits import HARD, Limits
from adaptivevr.panel import Panel
from adaptivevr.tick import Tick
from sensors.stream import Kind, Stream

_LOG = 500
_PAST_S = 300.0  # the course that a console which has just come is shown
_PAST_STEP_S = 0.5
_NUMBER = re.compile(r"-?\d+(\.\d+)?")

# What renderers show from the moment of a stop, while the tick still tells of the time before it.
_LATCHED: dict[str, Any] = {
    "mode": "safe", "mode_text": sentence.MODES["safe"], "intensity": 0.0, "rest": True,
    "why": "Stopped: the scene rests.", "reason": "stopped",
}  # fmt: skip


class ConsoleState:
    """Turns snapshots into documents for consoles. Lives in the server's event loop."""

    def __init__(self, hub: Hub, facts: dict[str, object]) -> None:
        self.listeners: list[Callable[[str], None]] = []
        self.pairing: Callable[[float], dict[str, Any]] | None = None  # with --lan
        self._hub = hub
        self._cues = CueWords(hub.scene)
        self._facts = facts
        self._log: deque[str] = deque(maxlen=_LOG)
        self._traces: dict[str, tuple[int, Stream]] = {}
        self._mode = ""
        self._ruled = ""
        self._limits: Limits | None = None
        self._first_s: float | None = None
        self._screened = False
        self._past: deque[tuple[object, ...]] = deque(maxlen=int(_PAST_S / _PAST_STEP_S))
        self._past_s = 0.0
        hub.watchers.append(self.take)

    # ---- what happened -----------------------------------------------------------

    def take(self, snapshot: Snapshot) -> None:
        """Looks through one published tick for things people want to read later."""
        tick = snapshot.tick
        self._first_s = tick.now_s if self._first_s is None else self._first_s
        self._keep(tick)
        for chunk in snapshot.chunks:
            self._remember(chunk.stream)
        for command in snapshot.commands:
            self._heard(command, snapshot.panel)
        self._limits = snapshot.panel.limits
        for fault in tick.faults:
            self._write(fault.time_s, "sensors", fault.text)
        for cue in tick.cues:
            text, facts = self._cues.ruled(cue), {"what": "cue", "name": cue.name}
            self._write(tick.now_s, "engine", text, {**facts, "played": cue.played})
        if tick.decision.mode != self._mode:
            self._mode = tick.decision.mode
            self._write(tick.now_s, "engine", sentence.MODES.get(self._mode, self._mode))
        why = sentence.why(tick.intent, tick.decision)
        if told := sentence.remark(tick.intent):
            self._write(tick.now_s, "therapy", told)
        ruled = _NUMBER.sub("", why)  # told once, not again with every number in it
        if ruled != self._ruled:
            self._ruled = ruled
            self._write(tick.now_s, "engine", why)

    def _remember(self, stream: Stream) -> None:
        if stream.id not in self._traces and stream.kind not in (Kind.MARKERS, Kind.POSE):
            self._traces[stream.id] = (len(self._traces), stream)

    def _heard(self, command: Command, panel: Panel) -> None:
        """Writes down what a person said, a tuned limit with what it was and what it became."""
        limits = panel.limits
        if isinstance(command, SetLimit) and command.name in HARD:
            new: float = getattr(limits, command.name)
            old: float = getattr(self._limits or limits, command.name)
            facts: dict[str, object] = {
                "what": "limit", "name": command.name, "old": old, "new": new,
                "asked": command.value, "bounded": new != command.value,
            }  # fmt: skip
            text = sentence.tuned(command.name, old, new, command.value)
            self._write(command.at_s, command.who, text, facts)
        elif isinstance(command, Rate):
            rated: dict[str, object] = {
                "what": "rating", "name": command.scale, "value": command.value,
            }  # fmt: skip
            if command.scale == panel.question.scale:  # the therapy's own: it can be drawn
                rated["of"] = panel.question.max
            self._write(command.at_s, command.who, sentence.said(command) or "", rated)
        elif said := sentence.said(command):
            self._screened |= isinstance(command, Screened)
            self._write(command.at_s, command.who, said)

    def _keep(self, tick: Tick) -> None:
        if tick.now_s - self._past_s >= _PAST_STEP_S:
            self._past_s = tick.now_s
            level, sd = tick.arousal.level, tick.arousal.sd
            decision = tick.decision
            self._past.append((tick.now_s, level, sd, decision.intensity, decision.mode))

    def _write(
        self, at_s: float, who: str, text: str, facts: dict[str, object] | None = None
    ) -> None:
        entry = wire.encode(
            {"type": "log", "at_s": at_s, "who": who, "text": text, **(facts or {})}
        ).decode()
        self._log.append(entry)
        for listener in self.listeners:
            listener(entry)

    def history(self) -> tuple[str, ...]:
        """The last minutes' course and the log so far, for a console that has just come."""
        past = wire.encode({"type": "past", "rows": list(self._past)}).decode()
        return (past, *self._log) if self._past else tuple(self._log)

    # ---- what stands -------------------------------------------------------------

    def trace(self, stream_id: str) -> tuple[int, Stream | None]:
        """The number under which a stream's samples are sent, and its facts."""
        return self._traces.get(stream_id, (0, None))

    def document(self, now_s: float) -> dict[str, Any]:
        """The state as the console draws it (JSON with `type: "state"`)."""
        snapshot = self._hub.snapshot
        head = {"type": "state", "now_s": now_s, "latched": self._hub.latched, **self._facts}
        if self.pairing is not None:
            head["pairing"] = self.pairing(now_s)
        if snapshot is None:
            return head
        tick, panel = snapshot.tick, snapshot.panel
        return {
            **head,
            **_from_tick(tick),
            **(_LATCHED if self._hub.latched and not tick.frame.rest else {}),
            "session_s": tick.now_s - (tick.now_s if self._first_s is None else self._first_s),
            "protocol": panel.protocol,
            "scene": panel.scene,
            "levels": panel.levels,
            "limits": wire.plain(panel.limits),
            "heart_rate_bpm": panel.heart_rate_bpm,
            "rating": panel.rating,
            "question": wire.plain(panel.question),
            "quiet_share": panel.quiet_share,
            "refused": panel.refused,
            "screen": () if self._screened else panel.screen,
            "cues": self._cues.rows(panel.cues),
            "renderers": self._hub.renderers,
            "sensors": [
                {
                    "id": s.stream.id,
                    "name": s.stream.name,
                    "kind": s.stream.kind,
                    "label": sentence.KINDS.get(s.stream.kind, s.stream.kind),
                    "state": s.state,
                    "quality": s.quality,
                    "silent_s": s.silent_s,
                    "samples": s.samples,
                    "note": s.stream.note,
                    "sentence": sentence.sensor(s),
                }
                for s in panel.sensors
            ],
            "traces": [
                {
                    "number": number,
                    "id": stream.id,
                    "label": sentence.KINDS.get(stream.kind, stream.kind),
                    "unit": "relative" if stream.relative else stream.unit,
                    "rate_hz": stream.rate_hz,
                    "channels": [stream.channels[i] for i in stream.used],
                }
                for number, stream in self._traces.values()
            ],
        }


def _from_tick(tick: Tick) -> dict[str, Any]:
    intent, decision = tick.intent, tick.decision
    return {
        "tick_s": tick.now_s,
        "seq": tick.seq,
        "phase": tick.phase,
        "level": tick.level,
        "mode": decision.mode,
        "mode_text": sentence.MODES.get(decision.mode, decision.mode),
        "intensity": decision.intensity,
        "wish": intent.intensity,
        "ambient": dict(decision.ambient),
        "rest": tick.frame.rest,
        "arousal": wire.plain(tick.arousal),
        "why": sentence.why(intent, decision),
        "reason": decision.reason,
        "capped_by": decision.capped_by,
        "gates": [
            {"name": name, "open": is_open, "text": sentence.gate(name)}
            for name, is_open in decision.gates
        ],
        "proposal": tick.proposal,
        "measures": dict(intent.measures),
        "prompt": wire.plain(intent.prompt),
        "pacer": wire.plain(intent.pacer),
        "baseline": tick.baseline,
    }
