"""Reading XDF files, LabRecorder's and ours, sound or damaged: as much as can be read."""

import gzip
import json
import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt

from sensors.role import Seen
from sensors.stream import Kind, Stream
from sensors.xdf_scan import FOOTER, OFFSET, SAMPLES, STREAM, read_length, scan

DTYPES = {
    "float32": "<f4", "double64": "<f8", "int8": "<i1", "int16": "<i2", "int32": "<i4",
    "int64": "<i8",
}  # fmt: skip


class Unreadable(ValueError):
    """A file that holds nothing to read; the message says what was expected and what came."""


@dataclass(frozen=True, slots=True, eq=False)
class XdfStream:
    """One stream of a file, as its sender wrote it.

    stamps_s (n,) are the sender's, unsynchronised; values (n, channels) its own dtype, text
    as objects. starts: the first sample of each chunk; places: where those chunks and the
    clock measurements (offset_places) stand in the file, by which they follow each other.
    """

    number: int
    seen: Seen
    stamps_s: npt.NDArray[np.float64]
    values: npt.NDArray[Any]
    starts: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    offset_times_s: npt.NDArray[np.float64]
    offset_values_s: npt.NDArray[np.float64]
    offset_places: npt.NDArray[np.int64]
    footer: bool
    desc: Mapping[str, str]
    facts: Stream | None = None  # our own recordings keep the Stream itself

    def __len__(self) -> int:
        return len(self.stamps_s)


@dataclass(frozen=True, slots=True, eq=False)
class XdfFile:
    """What a file holds, and every problem in a sentence of its own."""

    path: Path
    size: int
    streams: tuple[XdfStream, ...]
    problems: tuple[str, ...]
    damaged: tuple[tuple[int, int], ...]
    torn_tail: bool
    boundaries: int


def read(path: Path | str) -> XdfFile:
    """Reads any XDF file; raises Unreadable when it is none, never hangs, never guesses."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            magic = file.read(4)
            if magic[:2] == b"\x1f\x8b":
                file.seek(0)
                data = gzip.decompress(file.read())
                return _read(path, data)
            if magic != b"XDF:":
                came = f"it begins with {magic!r}" if magic else "it is empty"
                raise Unreadable(
                    f"'{path.name}': expected an XDF file (first bytes 'XDF:'), {came}. "
                    "Choose a recording made by LabRecorder or AdaptiveVR."
                )
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
                return _read(path, view)
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Unreadable(f"'{path}': expected a readable file, got: {reason}. Check it.") from None


def _read(path: Path, data: Any) -> XdfFile:
    if data[:4] != b"XDF:":
        raise Unreadable(f"'{path.name}': expected an XDF file inside the archive, it holds none.")
    problems: list[str] = []
    with memoryview(data) as view:
        found = scan(view, data.find)
        parts: dict[int, _Parts] = {}
        for place, (tag, number, start, end) in enumerate(found.chunks):
            part = parts.setdefault(number, _Parts())
            if tag == SAMPLES:
                part.samples.append((start, end, place))
            elif tag == OFFSET:
                time_s, value_s = struct.unpack_from("<dd", view, start)
                part.offsets.append((time_s, value_s, place))
            elif tag == STREAM:
                part.header = bytes(view[start:end])
            elif tag == FOOTER:
                part.footer = True
        streams = []
        for number, part in parts.items():
            stream = _stream(view, number, part, problems)
            if stream is not None:
                streams.append(stream)
    if found.torn_tail:
        problems.append(
            "The file ends in mid-chunk (the recorder was cut off); all before is read."
        )
    for start, end in found.damaged:
        problems.append(f"Bytes {start} to {end} are damaged; left out.")
    if not streams:
        problems.append("The file holds no streams.")
    return XdfFile(
        path, len(data), tuple(streams), tuple(problems), found.damaged, found.torn_tail,
        found.boundaries,
    )  # fmt: skip


class _Parts:
    """What the scan found of one stream."""

    __slots__ = ("footer", "header", "offsets", "samples")

    def __init__(self) -> None:
        self.header: bytes | None = None
        self.samples: list[tuple[int, int, int]] = []
        self.offsets: list[tuple[float, float, int]] = []
        self.footer = False


def _stream(view: memoryview, number: int, part: _Parts, problems: list[str]) -> XdfStream | None:
    if part.header is None:
        if part.offsets:
            problems.append(f"Clock offsets of stream {number}, which has no header; left out.")
        return None
    try:
        seen, desc = _described(part.header)
    except (ElementTree.ParseError, ValueError) as error:
        problems.append(f"Stream {number} has a header that cannot be read ({error}); left out.")
        return None
    decoded = _decode(view, seen, part.samples)
    if decoded.bad:
        problems.append(f"Stream '{seen.name}': {decoded.bad} chunks of samples are damaged.")
    times, values, places = zip(*part.offsets, strict=True) if part.offsets else ((), (), ())
    facts = _facts(desc.get("adaptivevr", ""))
    return XdfStream(
        number=number,
        seen=seen,
        stamps_s=decoded.stamps_s,
        values=decoded.values,
        starts=np.asarray(decoded.starts, dtype=np.int64),
        places=np.asarray(decoded.places, dtype=np.int64),
        offset_times_s=np.asarray(times, dtype=np.float64),
        offset_values_s=np.asarray(values, dtype=np.float64),
        offset_places=np.asarray(places, dtype=np.int64),
        footer=part.footer,
        desc=desc,
        facts=facts,
    )


def _described(header: bytes) -> tuple[Seen, dict[str, str]]:
    info = ElementTree.fromstring(header.decode("utf-8", "replace"))

    def text(tag: str) -> str:
        return (info.findtext(tag) or "").strip()

    count, format = int(text("channel_count") or 0), text("channel_format")
    if count < 0 or (format not in DTYPES and format != "string"):
        raise ValueError(f"{count} channels of format '{format}'")
    channels = info.findall("desc/channels/channel")[:count]
    texts = {
        key: tuple((c.findtext(key) or "").strip() for c in channels)
        for key in ("label", "unit", "type")
    }
    seen = Seen(
        name=text("name"),
        type=text("type"),
        rate_hz=float(text("nominal_srate") or 0.0),
        count=count,
        format=format,
        labels=texts["label"] if any(texts["label"]) else (),
        units=texts["unit"] if any(texts["unit"]) else (),
        channel_types=texts["type"] if any(texts["type"]) else (),
        source_id=text("source_id"),
        uid=text("uid"),
        host=text("hostname"),
    )
    desc = info.find("desc")
    return seen, {} if desc is None else {e.tag: e.text or "" for e in desc if not len(e)}


def _facts(text: str) -> Stream | None:
    if not text:
        return None
    facts = json.loads(text)
    for key in ("channels", "used"):
        facts[key] = tuple(facts[key])
    return Stream(**{**facts, "kind": Kind(facts["kind"])})


@dataclass(slots=True)
class _Decoded:
    stamps_s: npt.NDArray[np.float64]
    values: npt.NDArray[Any]
    starts: list[int]
    places: list[int]
    bad: int = 0


def _decode(view: memoryview, seen: Seen, samples: list[tuple[int, int, int]]) -> _Decoded:
    if seen.format == "string":
        return _sample_by_sample(view, seen, samples)
    fast = _at_once(view, seen, samples)
    return fast if fast is not None else _sample_by_sample(view, seen, samples)


def _at_once(view: memoryview, seen: Seen, samples: list[tuple[int, int, int]]) -> _Decoded | None:
    """All samples in one step; possible when every sample carries its stamp, as ours do."""
    record = np.dtype(
        [("flag", "u1"), ("stamp", "<f8"), ("value", DTYPES[seen.format], (seen.count,))]
    )
    pieces, starts, places, total = [], [], [], 0
    for start, end, place in samples:
        count, at = read_length(view, start)
        if count < 0 or end - at != count * record.itemsize:
            return None
        pieces.append(view[at:end])
        starts.append(total)
        places.append(place)
        total += count
    rows = np.frombuffer(b"".join(pieces), dtype=record)
    if not bool((rows["flag"] == 8).all()):
        return None
    values = np.ascontiguousarray(rows["value"])
    return _Decoded(np.ascontiguousarray(rows["stamp"]), values, starts, places)


def _sample_by_sample(
    view: memoryview, seen: Seen, samples: list[tuple[int, int, int]]
) -> _Decoded:
    """The general way: stamps may be left out, texts have lengths of their own."""
    step_s = 1.0 / seen.rate_hz if seen.rate_hz > 0 else 0.0
    stamps: list[float] = []
    rows: list[Any] = []
    starts, places, bad, last_s = [], [], 0, 0.0
    for start, end, place in samples:
        count, at = read_length(view, start)
        chunk_stamps: list[float] = []
        chunk_rows: list[Any] = []
        stamp_s = last_s
        try:
            for _ in range(_possible(count, end - at)):
                if view[at]:
                    (stamp_s,) = struct.unpack_from("<d", view, at + 1)
                    at += 9
                else:
                    stamp_s += step_s
                    at += 1
                row, at = _row(view, seen, at, end)
                chunk_stamps.append(stamp_s)
                chunk_rows.append(row)
        except (ValueError, struct.error, IndexError):
            bad += 1
        if chunk_stamps:
            starts.append(len(stamps))
            places.append(place)
            stamps += chunk_stamps
            rows += chunk_rows
            last_s = stamp_s
    return _Decoded(np.asarray(stamps, dtype=np.float64), _table(seen, rows), starts, places, bad)


def _possible(count: int, room: int) -> int:
    if not 0 <= count <= room:  # every sample takes a byte at least
        raise ValueError("more samples than bytes")
    return count


def _row(view: memoryview, seen: Seen, at: int, end: int) -> tuple[Any, int]:
    if seen.format != "string":
        stop = at + seen.count * np.dtype(DTYPES[seen.format]).itemsize
        if stop > end:
            raise ValueError("a sample reaches past its chunk")
        return bytes(view[at:stop]), stop
    texts = []
    for _ in range(seen.count):
        length, at = read_length(view, at)
        if length < 0 or at + length > end:
            raise ValueError("a text reaches past its chunk")
        texts.append(bytes(view[at : at + length]).decode("utf-8", "replace"))
        at += length
    return texts, at


def _table(seen: Seen, rows: list[Any]) -> npt.NDArray[Any]:
    if seen.format == "string":
        table = np.empty((len(rows), seen.count), dtype=object)
        for i, texts in enumerate(rows):
            table[i] = texts
        return table
    flat = np.frombuffer(b"".join(rows), dtype=DTYPES[seen.format])
    return flat.reshape(len(rows), seen.count) if seen.count else np.empty((len(rows), 0))
