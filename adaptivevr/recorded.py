"""Reading back a session's own recording: what entered at each tick, and what was decided."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adaptivevr import recording, wire
from adaptivevr.command import Command
from adaptivevr.errors import BadRecording
from sensors import xdf
from sensors.chunk import Chunk
from sensors.stream import Stream


@dataclass(frozen=True, slots=True)
class Step:
    """One recorded tick: its document, what entered it, and what was said."""

    document: dict[str, Any]
    chunks: tuple[Chunk, ...]
    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """A recording of ours. header: the JSON text the session began with.

    complete: False when a tick's samples are missing (damage); such ticks end the steps.
    """

    file: xdf.XdfFile
    header: str
    inputs: tuple[xdf.XdfStream, ...]
    documents: tuple[dict[str, Any], ...]
    commands: tuple[tuple[int, Command], ...]

    @property
    def streams(self) -> tuple[Stream, ...]:
        """The input streams, with the same facts as in the session."""
        return tuple(s.facts for s in self.inputs if s.facts is not None)

    def steps(self) -> Iterator[Step]:
        """Every tick in order with the chunks that had entered it.

        Raises BadRecording when the samples that a tick names are not in the file.
        """
        said: dict[int, list[Command]] = {}
        for seq, command in self.commands:
            said.setdefault(seq, []).append(command)
        taps: dict[str, _Tap] = {}
        for stream in self.inputs:
            if stream.facts is not None:
                taps.setdefault(stream.facts.id, _Tap()).parts.append(stream)
        for document in self.documents:
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
            yield Step(document, tuple(chunks), tuple(said.get(document["seq"], ())))


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


def is_ours(file: xdf.XdfFile) -> bool:
    """True when a session of ours made this file."""
    return any(s.seen.name == recording.TICKS.name and "header" in s.desc for s in file.streams)


def read_recording(path: Path | str | xdf.XdfFile) -> Recorded:
    """A recording of ours, up to a torn tail; raises BadRecording when it is none."""
    try:
        file = path if isinstance(path, xdf.XdfFile) else xdf.read(path)
    except xdf.Unreadable as error:
        raise BadRecording(str(error)) from None
    ours = {s.seen.name: s for s in file.streams if s.facts is None}
    ticks, marks = ours.get(recording.TICKS.name), ours.get(recording.MARKERS.name)
    if ticks is None or "header" not in ticks.desc:
        raise BadRecording(
            f"'{file.path.name}': expected a recording of a session, it holds none. "
            "Other XDF files can be replayed with --protocol."
        )
    try:
        documents = tuple(wire.decode(text) for text in ticks.values[:, 0])
        said = [wire.decode(text) for text in marks.values[:, 0]] if marks is not None else []
        commands = tuple((int(one["seq"]), wire.decode_command(one["said"])) for one in said)
    except (ValueError, KeyError, TypeError) as error:
        raise BadRecording(
            f"'{file.path.name}': expected decisions as JSON, got something else ({error}). "
            "The file was changed after it was recorded."
        ) from None
    inputs = tuple(s for s in file.streams if s.facts is not None)
    return Recorded(file, ticks.desc["header"], inputs, documents, commands)
