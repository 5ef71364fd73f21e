"""One file per session that holds everything: what came in, what was decided, who said what."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from adaptivevr import wire
from adaptivevr.command import Command
from adaptivevr.digest import Digest
from adaptivevr.errors import RecordingFailed
from adaptivevr.recorded import (
    AROUSAL,
    INTENSITY,
    MARKERS,
    TICKS,
    Recorded,
    is_ours,
    read_recording,
)
from adaptivevr.tick import Tick
from sensors import xdf_writer as xdf
from sensors.chunk import Chunk
from sensors.outlet import recorded
from sensors.role import Seen
from sensors.stream import Stream

BOUNDARY_S = 1.0
_OFFSET_S = 5.0  # clock offsets are repeated this often, for readers that fit a line through them
_FIRST_INPUT = 10

_OURS = {1: TICKS, 2: AROUSAL, 3: INTENSITY, 4: MARKERS}


class _Track:
    """One stream of the file: its number, its samples so far, the offset last written."""

    __slots__ = ("count", "first_s", "last_s", "number", "offset_at_s", "offset_s", "record",
                 "width")  # fmt: skip

    def __init__(self, number: int, seen: Seen) -> None:
        self.number = number
        self.width = seen.count
        self.count = 0
        self.first_s = 0.0
        self.last_s = 0.0
        self.offset_s: float | None = None
        self.offset_at_s = 0.0
        text = seen.format == "string"
        self.record = None if text else xdf.record_type(seen.format, seen.count)

    def counted(self, first_s: float, last_s: float, count: int) -> None:
        if not self.count:
            self.first_s = first_s
        self.last_s = last_s
        self.count += count


class Recording:
    """An XDF file appended tick by tick, unbuffered: readable at any moment of a crash.

    header: JSON of all that replay needs (versions, config, protocol, scene, baseline,
    limits, seed). Raises RecordingFailed once when it can no longer be written.
    """

    def __init__(self, path: Path | str, header: str, start_s: float = 0.0) -> None:
        self.path = Path(path)
        self.digest = Digest()
        self._boundary_at_s = start_s
        self._tracks = {number: _Track(number, seen) for number, seen in _OURS.items()}
        self._inputs: dict[str, tuple[Stream, _Track]] = {}  # the one in force for each stream
        self._number = _FIRST_INPUT
        self._ended: list[_Track] = []
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file: Any = self.path.open("xb", buffering=0)
        except OSError as error:
            raise self._failed(error) from None
        self._append(
            [xdf.file_header()]
            + [
                xdf.stream_header(number, seen, {"header": header} if number == 1 else {}, start_s)
                for number, seen in _OURS.items()
            ]
            + [xdf.boundary()]
        )

    def write(self, chunks: Sequence[Chunk], commands: Sequence[Command], tick: Tick) -> None:
        """Appends one tick: samples exactly as received, commands, then the decision."""
        if self._file is None:
            return
        now_s = tick.now_s
        inputs, everything = self.digest.update(chunks, commands, tick)
        parts: list[bytes] = []
        if now_s - self._boundary_at_s >= BOUNDARY_S:
            self._boundary_at_s = now_s
            parts.append(xdf.boundary())
        for chunk in chunks:
            if len(chunk):
                self._add_samples(parts, chunk, now_s)
        for command in commands:
            text = b'{"tick":%d,%s' % (tick.seq, wire.encode_command(command)[1:])
            self._add_text(parts, 4, now_s, text)
        if tick.arousal.level is not None:
            self._add_numbers(parts, 2, now_s, (tick.arousal.level, tick.arousal.sd))
        self._add_numbers(parts, 3, now_s, (tick.decision.intensity,))
        self._add_text(parts, 1, now_s, _document(tick, inputs, everything))
        self._append(parts)

    def close(self) -> None:
        """Writes the footers and lets go of the file; safe to call twice."""
        if self._file is None:
            return
        tracks = [*self._tracks.values(), *self._ended, *(t for _, t in self._inputs.values())]
        self._append(
            [xdf.stream_footer(t.number, t.first_s, t.last_s, t.count) for t in tracks]
            + [xdf.boundary()]
        )
        self._file.close()
        self._file = None

    def _add_samples(self, parts: list[bytes], chunk: Chunk, now_s: float) -> None:
        track = self._track(parts, chunk, now_s)
        first_s, last_s = float(chunk.stamps_s[0]), float(chunk.stamps_s[-1])
        if track.offset_s != chunk.offset_s or now_s - track.offset_at_s >= _OFFSET_S:
            track.offset_s, track.offset_at_s = chunk.offset_s, now_s
            parts.append(xdf.clock_offset(track.number, first_s, chunk.offset_s))
        if track.record is None:
            parts.append(xdf.texts(track.number, chunk.stamps_s.tolist(), chunk.values.tolist()))
        else:
            parts.append(xdf.numbers(track.number, track.record, chunk.stamps_s, chunk.values))
        track.counted(first_s, last_s, len(chunk))

    def _track(self, parts: list[bytes], chunk: Chunk, now_s: float) -> _Track:
        """Where these samples go; other facts or another width begin a stream of their own."""
        stream, width = chunk.stream, chunk.values.shape[1]
        known = self._inputs.get(stream.id)
        if known is not None and known[0] == stream and known[1].width == width:
            return known[1]
        if known is not None:
            self._ended.append(known[1])
        seen = recorded(stream)
        if width != seen.count:
            seen = replace(seen, count=width, labels=(), units=())
        track = _Track(self._number, seen)
        self._number += 1
        self._inputs[stream.id] = (stream, track)
        facts = {"adaptivevr": wire.encode(stream).decode()}
        parts.append(xdf.stream_header(track.number, seen, facts, now_s))
        return track

    def _add_numbers(
        self, parts: list[bytes], number: int, now_s: float, row: tuple[float, ...]
    ) -> None:
        track = self._tracks[number]
        assert track.record is not None
        parts.append(xdf.numbers(number, track.record, np.array([now_s]), np.array([row])))
        track.counted(now_s, now_s, 1)

    def _add_text(self, parts: list[bytes], number: int, now_s: float, text: bytes) -> None:
        parts.append(xdf.texts(number, [now_s], [[text]]))
        self._tracks[number].counted(now_s, now_s, 1)

    def _append(self, parts: list[bytes]) -> None:
        rest = memoryview(b"".join(parts))
        try:
            while rest:  # one call as a rule; an unbuffered file may take less than all
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            file, self._file = self._file, None
            file.close()
            raise self._failed(error) from None

    def _failed(self, error: OSError) -> RecordingFailed:
        if isinstance(error, FileExistsError):
            return RecordingFailed(
                f"Expected a new name for the recording, but {self.path} exists already and a "
                "recording is never overwritten: choose another name with --record FILE."
            )
        reason = error.strerror or type(error).__name__
        return RecordingFailed(
            f"Expected to write the recording {self.path}, the system said: {reason}. "
            "Free space or choose another place with --record FILE."
        )


def _document(tick: Tick, inputs: str, everything: str) -> bytes:
    return wire.encode(
        {
            "seq": tick.seq,
            "now_s": tick.now_s,
            "entered": tick.entered,
            "commands": tick.commands,
            "intensity": tick.decision.intensity,
            "mode": tick.decision.mode,
            "reason": tick.decision.reason,
            "arousal": tick.arousal.level,
            "sd": tick.arousal.sd,
            **({"changes": tick.changes} if tick.changes else {}),
            **({"cues": tick.cues} if tick.cues else {}),
            "inputs": inputs,
            "digest": everything,
        }
    )


__all__ = ["Digest", "Recorded", "Recording", "is_ours", "read_recording"]
