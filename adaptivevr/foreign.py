"""Anybody's XDF file through our engine: what each stream is good for, and what came of it."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from adaptivevr.command import Start
from adaptivevr.config import Config
from adaptivevr.errors import BadRecording
from adaptivevr.session import Plan, Session, Step
from adaptivevr.therapy import protocol as protocols
from adaptivevr.tick import Tick
from adaptivevr.whatif import altered, load_scene
from sensors import xdf
from sensors.feature import Feature
from sensors.stream import Kind
from sensors.xdf_source import XdfSource

RATE_HZ = 10.0  # ticks a second: nobody watches


def replay_foreign(
    path: Path, protocol: str, changes: dict[str, float]
) -> tuple[dict[str, Any], list[Tick]]:
    """The file as a session of its own, from a quiet phase on: a JSON-ready document, the ticks.

    Raises BadRecording in one sentence when the file holds nothing the engine can use.
    """
    file, source = opened(path)
    faults = source.faults()
    result, session = _Result(), Session(plan_for(protocol, changes))
    for step in steps(source, RATE_HZ):
        result.take(session.tick(*step))
    problems = defaultdict(list)
    for fault in faults:
        problems[fault.stream].append(fault.text)
    document = {
        "streams": _streams(file, source, problems),
        **result.document(),
        "warnings": [*file.problems, *source.choice.said],
    }
    return document, result.kept


def opened(path: Path) -> tuple[xdf.XdfFile, XdfSource]:
    """The file and a source over it; raises BadRecording when nothing in it can be used."""
    try:
        file = xdf.read(path)
    except xdf.Unreadable as error:
        raise BadRecording(str(error)) from None
    source = XdfSource(file)
    if not any(s.kind not in (Kind.MARKERS, Kind.POSE) for s in source.streams):
        raise BadRecording(_nothing(file, [fault.text for fault in source.faults()]))
    return file, source


def plan_for(protocol: str, changes: dict[str, float]) -> Plan:
    """A session of nobody in particular, without a stored calibration."""
    rules = protocols.load(protocol)
    return altered(Plan(Config(), rules, load_scene(rules.scene)), None, changes)


def steps(source: XdfSource, rate_hz: float) -> Iterator[Step]:
    """What each tick of the file brings; the first one starts the session."""
    begin = True
    for now_s, chunks in source.ticks(rate_hz):
        start = Start(id="start", who="clinician", at_s=now_s)
        yield now_s, tuple(chunks), (start,) if begin else ()
        begin = False


def _nothing(file: xdf.XdfFile, texts: list[str]) -> str:
    names = ", ".join(f"{s.seen.name} ({s.seen.type})" for s in file.streams) or "no streams"
    why = " ".join(texts[:1])
    return (
        f"Expected at least one usable body signal in {file.path.name}, but it holds {names}; "
        f"record a heart, skin or EEG stream. {why}"
    ).strip()


def _streams(
    file: xdf.XdfFile, source: XdfSource, problems: dict[str, list[str]]
) -> list[dict[str, Any]]:
    full = [s for s in file.streams if len(s)]
    used = {id(full[i]): stream for i, stream in source.choice.taken}
    rows = []
    for one in file.streams:
        stream = used.get(id(one))
        said = problems.get(one.seen.name, []) + (problems.get(stream.id, []) if stream else [])
        rows.append(
            {
                "name": one.seen.name,
                "type": one.seen.type,
                "kind": stream.kind if stream else None,
                "used_for": stream.kind if stream else None,
                "unit": ("relative" if stream.relative else stream.unit) if stream else None,
                "channels": one.seen.count,
                "samples": len(one),
                "first_s": float(one.stamps_s[0]) if len(one) else None,
                "last_s": float(one.stamps_s[-1]) if len(one) else None,
                "problems": list(dict.fromkeys(said)),
            }
        )
    return rows


class _Result:
    """What came out, over all ticks."""

    def __init__(self) -> None:
        self.ticks = 0
        self.kept: list[Tick] = []
        self._features: dict[str, list[Feature]] = defaultdict(list)
        self._known = 0
        self._arousal = 0.0
        self._least = self._most = 0.0

    def take(self, tick: Tick) -> None:
        """One tick."""
        self.ticks += 1
        self.kept.append(tick)
        for feature in tick.features:
            self._features[feature.name].append(feature)
        if tick.arousal.level is not None:
            self._known += 1
            self._arousal += tick.arousal.level
        self._least = min(self._least, tick.decision.intensity)
        self._most = max(self._most, tick.decision.intensity)

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "ticks": self.ticks,
            "features": {
                name: {
                    "count": sum(f.value is not None for f in found),
                    "median": median([f.value for f in found if f.value is not None] or [0.0])
                    if any(f.value is not None for f in found)
                    else None,
                    "quality_median": median([f.quality for f in found]),
                }
                for name, found in sorted(self._features.items())
            },
            "arousal": {
                "known_share": self._known / self.ticks if self.ticks else 0.0,
                "mean": self._arousal / self._known if self._known else None,
            },
            "intensity": {"min": self._least, "max": self._most},
        }
