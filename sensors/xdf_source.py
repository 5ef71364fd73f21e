"""A recorded file as a way in: the samples of each stream when their time comes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sensors.chunk import Chunk
from sensors.role import Choice, Use, choose
from sensors.source import Fault, Trouble
from sensors.stamps import StampWatch
from sensors.stream import Kind, Stream
from sensors.xdf import XdfFile, XdfStream

_RESET_S = 1.0  # an offset that moves by more is another clock, not drift
_OUTSIDE_S = 60.0  # a marker this far from every signal was stamped by a clock gone wrong
_APART_S = 6 * 3600.0  # a longer hole within one session is a clock, not a pause


@dataclass(slots=True, eq=False)
class _Track:
    """One stream laid out in time: each sample's offset, and when it may be handed out."""

    stream: Stream
    source: XdfStream
    offset_s: npt.NDArray[np.float64]
    due_s: npt.NDArray[np.float64]
    at: int = 0


class XdfSource:
    """Plays the usable streams of a file; time is what `move_to` or `between` say.

    offset_s of a chunk is the clock offset in force where it stands in the file (the newest
    measured before it on its own clock), so a restarted sender does not shift the session.
    `choice` says what was taken and why; `start_s`, `end_s` bound the file on its own clock.
    """

    def __init__(self, file: XdfFile, uses: Iterable[Use] = ()) -> None:
        full = [s for s in file.streams if len(s)]
        self.choice: Choice = choose([s.seen for s in full], uses)
        self._faults = list(self.choice.refused)
        self._faults += [_empty(s) for s in file.streams if not len(s)]
        self._tracks = [_lay_out(full[i], stream) for i, stream in self.choice.taken]
        self._mend()
        self.streams: tuple[Stream, ...] = tuple(t.stream for t in self._tracks)
        signals = [t for t in self._tracks if t.stream.kind is not Kind.MARKERS] or self._tracks
        self.start_s = min((float(t.due_s[0]) for t in signals), default=0.0)
        self.end_s = max((float(t.due_s[-1]) for t in signals), default=0.0)
        for track in self._tracks:
            self._faults += StampWatch(track.stream).faults(
                track.source.stamps_s + track.offset_s, self.start_s
            )
        self._now_s = -np.inf

    def move_to(self, now_s: float) -> None:
        """Lets time pass; the next pull hands over what is due by then."""
        self._now_s = max(self._now_s, now_s)

    def pull(self) -> list[Chunk]:
        """Everything due by now and not yet handed over, cut where the offset changes."""
        return [chunk for track in self._tracks for chunk in self._due(track)]

    def faults(self) -> list[Fault]:
        """What is wrong with the file's streams; said at the first call."""
        faults, self._faults = self._faults, []
        return faults

    def ticks(self, rate_hz: float) -> Iterator[tuple[float, list[Chunk]]]:
        """Each tick's time and what had come by then, from the first sample to the last."""
        if not self._tracks:
            return
        for tick in range(int((self.end_s - self.start_s) * rate_hz) + 2):
            now_s = self.start_s + tick / rate_hz
            self.move_to(now_s)
            yield now_s, self.pull()

    def close(self) -> None:
        """Lets go of the data; safe to call twice."""
        self._tracks = []

    def _due(self, track: _Track) -> Iterator[Chunk]:
        stop = int(np.searchsorted(track.due_s, self._now_s, side="right"))
        start, track.at = track.at, max(track.at, stop)
        if stop <= start:
            return
        changes = np.flatnonzero(np.diff(track.offset_s[start:stop])) + start + 1
        edges = [start, *changes.tolist(), stop]
        for a, b in pairwise(edges):
            yield Chunk(
                track.stream,
                track.source.stamps_s[a:b],
                float(track.offset_s[a]),
                track.source.values[a:b],
            )

    def _mend(self) -> None:
        """Brings samples of a clock gone wrong to where they stand in the file."""
        signals = [t for t in self._tracks if t.stream.kind is not Kind.MARKERS]
        for track in signals:
            moved = _close_jumps(track)
            if moved:
                self._say(track, moved, "jumps of its clock over hours closed")
        spans = [(float(t.due_s.min()), float(t.due_s.max())) for t in signals]
        if not spans:
            return
        low_s, high_s = min(a for a, _ in spans), max(b for _, b in spans)
        for track in self._tracks:
            if track.stream.kind is not Kind.MARKERS:
                continue
            time_s = track.source.stamps_s + track.offset_s
            outside = np.flatnonzero(
                ~((time_s > low_s - _OUTSIDE_S) & (time_s < high_s + _OUTSIDE_S))
            )
            for i in outside:
                due_s = _time_at(signals, _place(track.source, int(i)), low_s)
                track.offset_s[i] = due_s - track.source.stamps_s[i]
            track.due_s = np.maximum.accumulate(track.source.stamps_s + track.offset_s)
            if len(outside):
                self._say(
                    track, len(outside), "markers stamped far from every signal, placed where "
                    "they stand in the file",
                )  # fmt: skip

    def _say(self, track: _Track, amount: int, what: str) -> None:
        text = f"{track.stream.id} ('{track.stream.name}'): {amount} {what}."
        self._faults.append(Fault(track.stream.id, Trouble.CLOCK_RESET, 0.0, float(amount), text))


def offsets_of(stream: XdfStream) -> npt.NDArray[np.float64]:
    """The clock offset in force for each chunk of a stream, by time and place in the file.

    Measurements are cut into runs at every reset of the sender's clock; a chunk belongs to
    the run before it in the file unless its stamp lies nearer to the run after.
    """
    count = len(stream.starts)
    times, values = stream.offset_times_s, stream.offset_values_s
    if not len(times) or not count:
        return np.zeros(count)
    reset = (np.diff(times) < 0) | (np.abs(np.diff(values)) > _RESET_S)
    run_of = np.concatenate(([0], np.cumsum(reset)))
    before = np.maximum(np.searchsorted(stream.offset_places, stream.places) - 1, 0)
    after = np.minimum(before + 1, len(times) - 1)
    offsets = np.empty(count)
    for i in range(count):
        stamp_s = stream.stamps_s[stream.starts[i]]
        run = run_of[before[i]]
        if run_of[after[i]] != run and _far(times, run_of, run_of[after[i]], stamp_s) < _far(
            times, run_of, run, stamp_s
        ):
            run = run_of[after[i]]
        first, last = np.searchsorted(run_of, [run, run + 1])
        newest = first + int(np.searchsorted(times[first:last], stamp_s, side="right")) - 1
        offsets[i] = values[max(newest, first)]
    return offsets


def _far(
    times: npt.NDArray[np.float64], run_of: npt.NDArray[np.int64], run: int, stamp_s: float
) -> float:
    first, last = np.searchsorted(run_of, [run, run + 1])
    return max(float(times[first] - stamp_s), float(stamp_s - times[last - 1]), 0.0)


def _lay_out(source: XdfStream, stream: Stream) -> _Track:
    counts = np.diff(np.append(source.starts, len(source)))
    offset_s = np.repeat(offsets_of(source), counts)
    return _Track(stream, source, offset_s, np.maximum.accumulate(source.stamps_s + offset_s))


def _close_jumps(track: _Track) -> int:
    """Hours between neighbours of one signal are its clock's fault; returns how many."""
    time_s = track.source.stamps_s + track.offset_s
    jumps = np.flatnonzero(np.abs(np.diff(time_s)) > _APART_S) + 1
    for i in jumps:
        track.offset_s[i:] -= float(
            (track.source.stamps_s[i] + track.offset_s[i])
            - (track.source.stamps_s[i - 1] + track.offset_s[i - 1])
        )
    track.due_s = np.maximum.accumulate(track.source.stamps_s + track.offset_s)
    return len(jumps)


def _place(source: XdfStream, sample: int) -> int:
    return int(source.places[int(np.searchsorted(source.starts, sample, side="right")) - 1])


def _time_at(signals: list[_Track], place: int, low_s: float) -> float:
    """The newest sample of any signal that stands before this place in the file."""
    newest_s = low_s
    for track in signals:
        chunk = int(np.searchsorted(track.source.places, place)) - 1
        if chunk >= 0:
            ends = np.append(track.source.starts[1:], len(track.source))
            newest_s = max(newest_s, float(track.due_s[ends[chunk] - 1]))
    return newest_s


def _empty(stream: XdfStream) -> Fault:
    text = f"Stream '{stream.seen.name}' ({stream.seen.type}) holds no samples."
    return Fault(stream.seen.name, Trouble.REFUSED, 0.0, 0.0, text)
