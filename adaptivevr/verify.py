"""Is a recording whole? Torn tail, damage, gaps, clock resets, and tampering in our own."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from adaptivevr.errors import BadRecording
from adaptivevr.recorded import is_ours, read_recording
from adaptivevr.recording import Digest
from sensors import xdf
from sensors.role import understand
from sensors.source import Fault, Trouble
from sensors.stamps import StampWatch
from sensors.stream import Kind, Stream


@dataclass(frozen=True, slots=True)
class Report:
    """What was found; ok is False for damage or changed inputs, not for honest gaps.

    gaps and clock_resets: (stream, seconds) each. inputs_intact: None for foreign files.
    """

    ok: bool
    streams: int
    samples: int
    torn_tail: bool
    closed: bool
    damaged: tuple[tuple[int, int], ...]
    gaps: tuple[tuple[str, float], ...]
    clock_resets: tuple[tuple[str, float], ...]
    inputs_intact: bool | None
    sentences: tuple[str, ...] = field(default=())

    def document(self) -> dict[str, Any]:
        """The report, JSON-ready."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def verify(path: Path | str) -> Report:
    """Looks at any XDF file; raises BadRecording when it is none."""
    path = Path(path)
    try:
        file = xdf.read(path)
    except xdf.Unreadable as error:
        raise BadRecording(str(error)) from None
    gaps: list[tuple[str, float]] = []
    resets: list[tuple[str, float]] = []
    sentences = list(file.problems)
    for stream in file.streams:
        for fault in _faults(stream):
            if fault.trouble is Trouble.GAP:
                gaps.append((stream.seen.name, fault.amount))
            sentences.append(fault.text)
        for jump_s in _resets(stream):
            resets.append((stream.seen.name, jump_s))
            sentences.append(f"'{stream.seen.name}': its clock was reset by {jump_s:.3f} s.")
    closed = bool(file.streams) and all(s.footer for s in file.streams)
    if file.streams and not closed:
        sentences.append("The recorder did not close the file; what is there can be used.")
    intact = _inputs_intact(path, sentences) if is_ours(path) else None
    ok = not file.damaged and not file.torn_tail and bool(file.streams) and intact is not False
    samples = sum(len(s) for s in file.streams)
    verdict = "whole" if ok else "not whole"
    sentences.insert(0, f"{len(file.streams)} streams, {samples} samples: the file is {verdict}.")
    return Report(
        ok=ok,
        streams=len(file.streams),
        samples=samples,
        torn_tail=file.torn_tail,
        closed=closed,
        damaged=file.damaged,
        gaps=tuple(gaps),
        clock_resets=tuple(resets),
        inputs_intact=intact,
        sentences=tuple(sentences),
    )


def _faults(source: xdf.XdfStream) -> list[Fault]:
    stream = source.facts or understand(source.seen)
    if not isinstance(stream, Stream):
        irregular = source.seen.rate_hz <= 0
        stream = Stream(
            source.seen.name, source.seen.name, Kind.MARKERS if irregular else Kind.MOTION,
            source.seen.rate_hz,
        )  # fmt: skip
    time_s = source.stamps_s
    # A reset of the sender's clock is told as such, not as a gap of days.
    jumps = np.flatnonzero(np.abs(np.diff(time_s)) > 6 * 3600.0) + 1
    return [
        fault
        for part in np.split(time_s, jumps)
        for fault in StampWatch(stream).faults(part, float(part[0]) if len(part) else 0.0)
    ]


def _resets(stream: xdf.XdfStream) -> list[float]:
    moved = np.diff(stream.offset_values_s)
    return [float(jump) for jump in moved[np.abs(moved) > 1.0]]


def _inputs_intact(path: Path, sentences: list[str]) -> bool:
    digest = Digest()
    try:
        for tick, chunks, _ in read_recording(path).inputs():
            digest.enter(chunks)
            if digest.inputs != tick["inputs"]:
                sentences.append(
                    f"What entered at tick {tick['seq']} ({tick['now_s']:.2f} s) is not what was "
                    "recorded: the file was changed or damaged."
                )
                return False
    except (BadRecording, ValueError, KeyError) as error:
        sentences.append(str(error))
        return False
    return True
