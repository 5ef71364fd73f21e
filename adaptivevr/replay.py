"""Runs a recording through the engine again: ours tick by tick, anybody's as a session."""

import json
import sys
from argparse import Namespace
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adaptivevr.digest import Digest
from adaptivevr.errors import BadRecording
from adaptivevr.header import plan_of, versions
from adaptivevr.recorded import Recorded, is_ours, read_recording
from adaptivevr.session import Session
from adaptivevr.tick import Tick
from adaptivevr.whatif import altered, changes_of

_FIELDS = ("intensity", "arousal", "sd", "mode", "reason")
LIVE_HZ = 60.0


def existing(path: Path) -> Path:
    """The path, when there is a file; else refused in one sentence."""
    if not path.is_file():
        raise BadRecording(
            f"Expected a recording at {path}, but there is no such file; check the path."
        )
    return path


def replay(options: Namespace) -> int:
    """`adaptivevr replay`."""
    path = existing(options.file)
    changes = changes_of(options.set)
    if options.live:
        return _live(path, options.protocol, changes)
    if is_ours(path):
        recorded = read_recording(path)
        found = replay_ours(recorded, path, options.protocol, changes, keep=bool(options.plot))
        document, ticks = found.document(), found.new
        plan = altered(plan_of(recorded.header, path)[0], options.protocol, changes)
        from adaptivevr.plot import RATED

        ratings = [
            (c["at_s"], c["value"] / RATED[c["scale"]])
            for c in recorded.commands
            if c["command"] == "Rate" and c["value"] is not None and c["scale"] in RATED
        ]
    else:
        from adaptivevr.foreign import plan_for, replay_foreign

        name = options.protocol or "calm"
        document, ticks = replay_foreign(path, name, changes)
        plan = plan_for(name, changes)
        ratings = []
    if options.plot:
        from adaptivevr.plot import course_of, draw

        limits = plan.protocol.limits
        window = (limits.window_low, limits.window_high)
        draw(course_of(ticks, ratings), options.plot, path.name, window)
    if options.json:
        print(json.dumps(document))
    else:
        print(words(document), file=sys.stderr)
    return 0


def _live(path: Path, protocol: str | None, changes: dict[str, float]) -> int:
    from adaptivevr import foreign
    from adaptivevr.show import show

    if is_ours(path):
        recorded = read_recording(path)
        plan = altered(plan_of(recorded.header, path)[0], protocol, changes)
        show(plan, ((old["now_s"], *rest) for old, *rest in recorded.inputs()), path.name)
    else:
        _, source = foreign.opened(path)
        steps = foreign.steps(source, LIVE_HZ)
        show(foreign.plan_for(protocol or "calm", changes), steps, path.name)
    return 0


@dataclass(slots=True)
class Difference:
    """How one recorded field differs: how often, from when, by how much at most."""

    count: int = 0
    first_s: float | None = None
    largest: float | None = None

    def saw(self, now_s: float, old: object, new: object) -> None:
        """One tick in which it differs."""
        self.count += 1
        if self.first_s is None:
            self.first_s = now_s
        if isinstance(old, float | int) and isinstance(new, float | int):
            self.largest = max(self.largest or 0.0, abs(old - new))


@dataclass(slots=True)
class Comparison:
    """A replay held against its recording."""

    ticks: int = 0
    equal: bool = True
    inputs_intact: bool = True
    first: dict[str, Any] | None = None
    fields: dict[str, Difference] = field(default_factory=dict)
    versions_differ: dict[str, list[str]] = field(default_factory=dict)
    new: list[Tick] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "equal": self.equal,
            "inputs_intact": self.inputs_intact,
            "ticks": self.ticks,
            "first_difference": self.first,
            "fields": {
                name: {"count": d.count, "first_s": d.first_s, "largest": d.largest}
                for name, d in self.fields.items()
            },
            "versions_differ": self.versions_differ,
        }


def replay_ours(
    recorded: Recorded, path: Path, protocol: str | None = None,
    changes: dict[str, float] | None = None, keep: bool = False,
) -> Comparison:  # fmt: skip
    """Every recorded tick once more, in the same order, from the same inputs.

    protocol and changes make it a what-if: the inputs stay, the decisions may not.
    """
    plan, document = plan_of(recorded.header, path)
    plan = altered(plan, protocol, changes or {})
    session, digest = Session(plan), Digest()
    found = Comparison(versions_differ=_differing(document["versions"]))
    for old, chunks, commands in recorded.inputs():
        tick = session.tick(old["now_s"], chunks, commands)
        inputs, whole = digest.update(chunks, commands, tick)
        found.ticks += 1
        found.inputs_intact = found.inputs_intact and inputs == old["inputs"]
        new = {
            "intensity": tick.decision.intensity, "arousal": tick.arousal.level,
            "sd": tick.arousal.sd, "mode": tick.decision.mode, "reason": tick.decision.reason,
        }  # fmt: skip
        if whole != old["digest"]:
            _note(found, old, new)
        if keep:
            found.new.append(tick)
    return found


def _note(found: Comparison, old: dict[str, Any], new: dict[str, Any]) -> None:
    found.equal = False
    differing = [name for name in _FIELDS if old.get(name) != new[name]]
    if found.first is None:
        found.first = {"seq": old["seq"], "now_s": old["now_s"], "fields": differing}
    for name in differing:
        found.fields.setdefault(name, Difference()).saw(old["now_s"], old.get(name), new[name])


def _differing(recorded: dict[str, str]) -> dict[str, list[str]]:
    now = versions()
    return {
        name: [recorded.get(name, "unknown"), now[name]]
        for name in now
        if recorded.get(name) != now[name]
    }


def words(document: dict[str, Any]) -> str:
    """The result for people."""
    if "streams" in document:
        lines = [
            f"{s['name']} ({s['type']}): {s['samples']} samples, "
            f"used for {s['used_for'] or 'nothing'}"
            for s in document["streams"]
        ]
        known = document["arousal"]["known_share"]
        return "\n".join([*lines, *document["warnings"], f"Arousal known {known:.0%} of the time."])
    if document["equal"]:
        return f"Equal: all {document['ticks']} ticks came out as recorded."
    first = document["first_difference"]
    lines = [f"Differs from tick {first['seq']} ({first['now_s']:.2f} s) on."]
    if not document["inputs_intact"]:
        lines.append("The recorded inputs were changed since.")
    for name, d in document["fields"].items():
        by = "" if d["largest"] is None else f", by up to {d['largest']:.3g}"
        lines.append(f"  {name}: {d['count']} ticks from {d['first_s']:.2f} s{by}")
    for name, (old, new) in document["versions_differ"].items():
        lines.append(f"  {name} was {old}, is {new}")
    return "\n".join(lines)
