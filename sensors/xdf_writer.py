"""Writing XDF chunk by chunk, so that the file can be read at any moment of a crash."""

import struct
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt

from sensors.role import Seen
from sensors.xdf_scan import BOUNDARY, FOOTER, HEADER, MARK, OFFSET, SAMPLES, STREAM


def file_header() -> bytes:
    """The first bytes of every XDF file."""
    return b"XDF:" + _chunk(HEADER, b'<?xml version="1.0"?><info><version>1.0</version></info>')


def boundary() -> bytes:
    """The mark by which a reader finds its way again after damage."""
    return _chunk(BOUNDARY, MARK)


def stream_header(number: int, seen: Seen, desc: Mapping[str, str], created_s: float) -> bytes:
    """Announces stream `number`; desc holds further facts as texts, escaped here."""
    channels = "".join(
        "<channel>"
        + "".join(
            _element(key, texts[i])
            for key, texts in (
                ("label", seen.labels),
                ("unit", seen.units),
                ("type", seen.channel_types),
            )
            if i < len(texts)
        )
        + "</channel>"
        for i in range(seen.count)
    )
    more = "".join(_element(key, text) for key, text in desc.items())
    facts = {
        "name": seen.name,
        "type": seen.type,
        "channel_count": str(seen.count),
        "nominal_srate": repr(float(seen.rate_hz)),
        "channel_format": seen.format,
        "source_id": seen.source_id,
        "uid": seen.uid,
        "hostname": seen.host,
        "created_at": repr(created_s),
    }
    xml = "".join(_element(key, text) for key, text in facts.items())
    xml = f"<info>{xml}<desc><channels>{channels}</channels>{more}</desc></info>"
    return _chunk(STREAM, _number(number) + f'<?xml version="1.0"?>{xml}'.encode())


def stream_footer(number: int, first_s: float, last_s: float, count: int) -> bytes:
    """Closes stream `number`."""
    facts = {"first_timestamp": repr(first_s), "last_timestamp": repr(last_s)}
    facts["sample_count"] = str(count)
    xml = "".join(_element(key, text) for key, text in facts.items())
    return _chunk(FOOTER, _number(number) + f'<?xml version="1.0"?><info>{xml}</info>'.encode())


def clock_offset(number: int, time_s: float, offset_s: float) -> bytes:
    """What to add to the sender's stamps from time_s (on the sender's clock) on."""
    return _chunk(OFFSET, _number(number) + struct.pack("<dd", time_s, offset_s))


def record_type(format: str, channels: int) -> np.dtype[np.void]:
    """One numeric sample as it lies in the file: a flag (8), its stamp, its values."""
    code = {
        "float32": "<f4", "double64": "<f8", "int8": "<i1", "int16": "<i2", "int32": "<i4",
        "int64": "<i8",
    }[format]  # fmt: skip
    return np.dtype([("flag", "u1"), ("stamp", "<f8"), ("value", code, (channels,))])


def numbers(
    number: int,
    record: np.dtype[np.void],
    stamps_s: npt.NDArray[np.float64],
    values: npt.NDArray[np.generic],
) -> bytes:
    """Samples with explicit stamps: values (n, channels) in the stream's own format."""
    rows = np.empty(len(stamps_s), dtype=record)
    rows["flag"] = 8
    rows["stamp"] = stamps_s
    rows["value"] = values
    return _chunk(SAMPLES, _number(number) + _length(len(rows)) + rows.tobytes())


def texts(number: int, stamps_s: Sequence[float], rows: Sequence[Sequence[str | bytes]]) -> bytes:
    """Text samples with explicit stamps."""
    parts = [_number(number), _length(len(stamps_s))]
    for stamp, row in zip(stamps_s, rows, strict=True):
        parts.append(b"\x08" + struct.pack("<d", stamp))
        for text in row:
            data = text if isinstance(text, bytes) else str(text).encode()
            parts += [_length(len(data)), data]
    return _chunk(SAMPLES, b"".join(parts))


def _chunk(tag: int, content: bytes) -> bytes:
    return _length(len(content) + 2) + struct.pack("<H", tag) + content


def _length(length: int) -> bytes:
    if length < 256:
        return struct.pack("<BB", 1, length)
    return struct.pack("<BI", 4, length) if length < 1 << 32 else struct.pack("<BQ", 8, length)


def _number(number: int) -> bytes:
    return struct.pack("<I", number)


def _element(key: str, text: str) -> str:
    # XML 1.0 has no way to hold control characters; JSON escapes its own.
    clean = "".join(c for c in text if c >= " " or c in "\t\n\r")
    return f"<{key}>{escape(clean)}</{key}>"
