"""Streams of the Lab Streaming Layer: what is there, and one reader thread for each we take."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sensors.chunk import Chunk
from sensors.inlet import Inlet
from sensors.liblsl import FORMATS, MissingLibrary, configure, library, local_clock_s, scope
from sensors.outlet import Outlet
from sensors.role import Choice, Seen, Use, choose
from sensors.source import Fault
from sensors.stream import Stream


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A stream on the network: how it describes itself, and LSL's handle to it."""

    seen: Seen
    info: Any


def look(timeout_s: float = 1.0) -> tuple[Found, ...]:
    """Every stream that answers within the time, fully described, in a steady order."""
    infos = library().resolve_streams(timeout_s)
    if not infos:
        return ()
    with ThreadPoolExecutor(max_workers=min(16, len(infos))) as pool:
        found = [f for f in pool.map(_describe, infos) if f is not None]
    return tuple(sorted(found, key=lambda f: (f.seen.name, f.seen.type, f.seen.uid)))


def _describe(info: Any) -> Found | None:
    # The short answer to a query has no channel labels or units; those take a connection.
    pylsl = library()
    inlet = pylsl.StreamInlet(info, recover=False)
    try:
        full = inlet.info(timeout=2.0)
    except RuntimeError:  # pylsl's own TimeoutError and LostError
        return None  # it hangs or has just gone: nothing could be read from it either
    finally:
        del inlet
    return Found(_seen(full), info)


def _seen(info: Any) -> Seen:
    labels, units, types = [], [], []
    channel = info.desc().child("channels").child("channel")
    for _ in range(info.channel_count()):
        labels.append(channel.child_value("label").strip())
        units.append(channel.child_value("unit").strip())
        types.append(channel.child_value("type").strip())
        channel = channel.next_sibling("channel")
    return Seen(
        name=info.name(),
        type=info.type(),
        rate_hz=float(info.nominal_srate()),
        count=int(info.channel_count()),
        format=FORMATS[info.channel_format()],
        labels=tuple(labels) if any(labels) else (),
        units=tuple(units) if any(units) else (),
        channel_types=tuple(types) if any(types) else (),
        source_id=info.source_id(),
        uid=info.uid(),
        host=info.hostname(),
    )


class LslSource:
    """Live streams. One blocking reader thread per stream, clock offsets measured beside it.

    Chunks keep the sender's stamps; offset_s is the clock offset in force when they entered.
    A lost stream is said once, looked for until it is back, and then goes on by itself.
    """

    def __init__(self, taken: Sequence[tuple[Found, Stream]], hold_s: float = 30.0) -> None:
        self.streams: tuple[Stream, ...] = tuple(stream for _, stream in taken)
        self.choice: Choice | None = None
        self._faults: list[Fault] = []
        pylsl = library()
        self._inlets = [Inlet(pylsl, found.info, stream, hold_s) for found, stream in taken]
        for inlet in self._inlets:
            inlet.start(others=[other for other in self._inlets if other is not inlet])

    @classmethod
    def listen(cls, uses: Iterable[Use] = (), timeout_s: float = 1.0) -> "LslSource":
        """Looks for streams, chooses one per kind, and opens them; `choice` says why."""
        found = look(timeout_s)
        choice = choose([f.seen for f in found], uses)
        source = cls([(found[i], stream) for i, stream in choice.taken])
        source.choice = choice
        source._faults.extend(choice.refused)
        return source

    def pull(self) -> list[Chunk]:
        """Everything that has arrived since the last call, oldest first per stream."""
        return [chunk for inlet in self._inlets for chunk in inlet.take()]

    def faults(self) -> list[Fault]:
        """What went wrong since the last call; a silence is said once, and so is its end."""
        faults, self._faults = self._faults, []
        now_s = local_clock_s() if self._inlets else 0.0
        for inlet in self._inlets:
            faults.extend(inlet.faults(now_s))
        return faults

    def close(self) -> None:
        """Lets go of the streams; safe to call twice."""
        for inlet in self._inlets:
            inlet.stop()
        for inlet in self._inlets:
            inlet.join()
        self._inlets = []


__all__ = [
    "Found", "LslSource", "MissingLibrary", "Outlet", "configure", "library", "local_clock_s",
    "look", "scope",
]  # fmt: skip
