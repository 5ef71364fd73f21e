"""Reading back a session's own recording: what entered at each tick, and what was decided."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adaptivevr import wire
from adaptivevr.command import Command
from adaptivevr.errors import BadRecording
from sensors import xdf
from sensors.chunk import Chunk
from sensors.role import Seen
from sensors.stream import Stream

TICKS = Seen("AdaptiveVR-Tick", "Decisions", 0.0, 1, "string", labels=("json",))
AROUSAL = Seen(
    "AdaptiveVR-Arousal", "MentalState", 0.0, 2, "double64", labels=("mean", "sd"),
    units=("index", "index"),
)  # fmt: skip
INTENSITY = Seen("AdaptiveVR-Intensity", "Stimulus", 0.0, 1, "double64", labels=("intensity",))
MARKERS = Seen("AdaptiveVR-Markers", "Markers", 0.0, 1, "string", labels=("json",))


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """A recording of ours.

    header: the JSON text the session began with, document: the same as plain objects.
    ticks: one document a tick. commands: each as a document with its name under `command`
    and the tick that took it under `tick`. parts: the input streams with all their samples.
    """

    file: xdf.XdfFile
    header: str
    document: dict[str, Any]
    parts: tuple[xdf.XdfStream, ...]
    ticks: tuple[dict[str, Any], ...]
    commands: tuple[dict[str, Any], ...]

    @property
    def streams(self) -> tuple[Stream, ...]:
        """The input streams, with the same facts as in the session."""
        return tuple(s.facts for s in self.parts if s.facts is not None)

    def inputs(self) -> Iterator[tuple[dict[str, Any], tuple[Chunk, ...], tuple[Command, ...]]]:
        """Every tick in order: its document, the chunks that had entered it, the commands.

        Raises BadRecording when the samples that a tick names are not in the file.
        """
        said: dict[int, list[Command]] = {}
        for one in self.commands:
            if "tick" not in one:  # not under `seq`: an Ack has one of its own
                raise BadRecording(
                    f"'{self.file.path.name}': expected the tick beside every command, found a "
                    f"{one.get('command')} without one. Read it with the version that wrote it."
                )
            command = wire.decode_command({k: v for k, v in one.items() if k != "tick"})
            said.setdefault(one["tick"], []).append(command)
        taps: dict[str, _Tap] = {}
        for stream in self.parts:
            if stream.facts is not None:
                taps.setdefault(stream.facts.id, _Tap()).parts.append(stream)
        for document in self.ticks:
            chunks = []
            for name, samples, offset_s in document["entered"]:
                tap = taps.get(name)
                found = tap.take(int(samples), float(offset_s)) if tap else None
                if found is None:
                    raise BadRecording(
                        f"'{self.file.path.name}': tick {document['seq']} took {samples} samples "
                        f"of {name}, they are not in the file. Run: adaptivevr verify"
                    )
                chunks.append(found)
            yield document, tuple(chunks), tuple(said.get(document["seq"], ()))


class _Tap:
    """Hands out one input's samples in order; a stream whose facts changed has several parts."""

    def __init__(self) -> None:
        self.parts: list[xdf.XdfStream] = []
        self._at = 0

    def take(self, samples: int, offset_s: float) -> Chunk | None:
        while self.parts and self._at >= len(self.parts[0]):
            self.parts.pop(0)
            self._at = 0
        if not self.parts or self._at + samples > len(self.parts[0]):
            return None
        part, start = self.parts[0], self._at
        self._at += samples
        stop = self._at
        assert part.facts is not None
        return Chunk(part.facts, part.stamps_s[start:stop], offset_s, part.values[start:stop])


def is_ours(path: Path) -> bool:
    """True when a session of ours made this file (its first chunk says so)."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return False
    return head[:4] == b"XDF:" and f"<name>{TICKS.name}</name>".encode() in head


def read_recording(path: Path | str) -> Recorded:
    """A recording of ours, up to a torn tail; raises BadRecording when it is none."""
    try:
        file = xdf.read(path)
    except xdf.Unreadable as error:
        raise BadRecording(str(error)) from None
    ours = {s.seen.name: s for s in file.streams if s.facts is None}
    ticks, marks = ours.get(TICKS.name), ours.get(MARKERS.name)
    if ticks is None or "header" not in ticks.desc:
        raise BadRecording(
            f"'{file.path.name}': expected a recording of a session, it holds none. "
            "Other XDF files can be replayed with --protocol."
        )
    try:
        document = wire.decode(ticks.desc["header"])
        documents = tuple(wire.decode(text) for text in ticks.values[:, 0])
        said = [wire.decode(text) for text in marks.values[:, 0]] if marks is not None else []
    except ValueError as error:
        raise BadRecording(
            f"'{file.path.name}': expected decisions as JSON, got something else ({error}). "
            "The file was changed after it was recorded."
        ) from None
    inputs = tuple(s for s in file.streams if s.facts is not None)
    return Recorded(file, ticks.desc["header"], document, inputs, documents, tuple(said))
