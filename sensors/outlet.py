"""Sending a stream over LSL: the simulated patient's sensors and our results for other tools."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sensors.liblsl import FORMATS, library
from sensors.role import Seen
from sensors.stream import Kind, Stream

_NUMBER = {name: number for number, name in FORMATS.items()}
# The words of LSL's own meta-data specification for XDF.
_TYPES = {
    Kind.ECG: "ECG", Kind.PPG: "PPG", Kind.RR: "RR", Kind.EDA: "GSR", Kind.EEG: "EEG",
    Kind.BREATH: "Respiration", Kind.MOTION: "Accelerometer", Kind.POSE: "MoCap",
    Kind.MARKERS: "Markers",
}  # fmt: skip
_UNITS = {"uV": "microvolts", "uS": "microsiemens", "s": "seconds", "g": "g"}


class Outlet:
    """One stream that other programs can find and read while this object lives.

    what: a Stream of ours, or a Seen (for streams that are no signal of the body).
    metadata: further facts for the stream's description, nested as deep as needed.
    """

    def __init__(
        self, what: Stream | Seen, metadata: Mapping[str, Any] | None = None, backlog_s: int = 30
    ) -> None:
        seen = described(what) if isinstance(what, Stream) else what
        pylsl = library()
        info = pylsl.StreamInfo(
            seen.name, seen.type, seen.count, seen.rate_hz, _NUMBER[seen.format], seen.source_id
        )
        channels = info.desc().append_child("channels")
        for i in range(seen.count):
            channel = channels.append_child("channel")
            for key, texts in (
                ("label", seen.labels),
                ("unit", seen.units),
                ("type", seen.channel_types),
            ):
                if i < len(texts) and texts[i]:
                    channel.append_child_value(key, texts[i])
        _describe(info.desc(), metadata or {})
        self.seen = seen
        self._outlet = pylsl.StreamOutlet(info, max_buffered=backlog_s)

    def push(self, stamps_s: npt.NDArray[np.float64] | Sequence[float], values: Any) -> None:
        """Sends samples: values (n, channels), numbers or text, each with its own stamp."""
        stamps = [float(stamp) for stamp in stamps_s]
        if not stamps:
            return
        if self.seen.format == "string":
            for stamp, row in zip(stamps, values, strict=True):
                self._outlet.push_sample([str(text) for text in row], stamp)
            return
        rows = np.asarray(values)
        if rows.shape != (len(stamps), self.seen.count):
            raise ValueError(
                f"expected values of shape {(len(stamps), self.seen.count)}, got {rows.shape}"
            )
        self._outlet.push_chunk(rows.tolist(), stamps)

    @property
    def heard(self) -> bool:
        """True while anybody reads it."""
        return bool(self._outlet.have_consumers())

    def close(self) -> None:
        """Takes the stream off the network; safe to call twice."""
        self._outlet = None


def described(stream: Stream) -> Seen:
    """A stream of ours in the words other LSL programs understand."""
    count = len(stream.channels)
    unit = _UNITS.get(stream.unit, stream.unit)
    return Seen(
        name=stream.name,
        type=stream.type or _TYPES[stream.kind],
        rate_hz=stream.rate_hz,
        count=count,
        format=stream.format,
        labels=stream.channels,
        units=(unit,) * count if unit else (),
        channel_types=(stream.type or _TYPES[stream.kind],) * count,
        source_id=stream.source_id,
    )


_SIZES = {
    ("uV", 1.0): "microvolts", ("uV", 1e3): "millivolts", ("uV", 1e6): "volts",
    ("uV", 1e-3): "nanovolts", ("uS", 1.0): "microsiemens", ("uS", 1e3): "millisiemens",
    ("uS", 1e6): "siemens", ("uS", 1e-3): "nanosiemens", ("s", 1.0): "seconds",
    ("s", 1e-3): "milliseconds", ("g", 1.0): "g", ("g", 1e-3): "mg", ("g", 1 / 9.80665): "m/s^2",
}  # fmt: skip


def recorded(stream: Stream) -> Seen:
    """The stream for a file that keeps the sender's own numbers: in the sender's own unit.

    >>> recorded(Stream("ecg", "strap", Kind.ECG, 130.0, unit="uV", scale=1000.0)).units
    ('millivolts',)
    """
    seen = described(stream)
    unit = "" if stream.inverse else _SIZES.get((stream.unit, stream.scale), "")
    if not unit and stream.scale == 1.0:
        unit = stream.unit
    return replace(seen, units=(unit,) * seen.count if unit else ())


def _describe(node: Any, facts: Mapping[str, Any]) -> None:
    for key, value in facts.items():
        if isinstance(value, Mapping):
            _describe(node.append_child(key), value)
        else:
            node.append_child_value(key, str(value))
