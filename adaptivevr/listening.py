"""LSL streams for a session: waits for sensors in the background, takes those that come later."""

import contextlib
import threading
from collections.abc import Iterable

from sensors.chunk import Chunk
from sensors.extractors import EXTRACTORS
from sensors.lsl import LslSource, look
from sensors.role import Use, choose
from sensors.source import Fault, Trouble
from sensors.stream import Kind, Stream

_AGAIN_S = 5.0
_BODY = {Kind.ECG, Kind.PPG, Kind.RR, Kind.EDA, Kind.EEG, Kind.BREATH, Kind.MOTION}


class Listening:
    """A source that never blocks: a thread looks for streams until every kind it may get is there.

    expect: how many streams to wait for eagerly (the demonstration knows); after that it
    looks again every five seconds for kinds that are still missing.
    """

    def __init__(self, uses: Iterable[Use] = (), expect: int = 0) -> None:
        self.notes: list[str] = []
        self._uses = tuple(uses)
        self._expect = expect
        self._sources: list[LslSource] = []
        self._faults: list[Fault] = []
        self._taken: set[str] = set()
        self._refused: set[str] = set()
        self._end = threading.Event()
        self.found = threading.Event()
        self._thread = threading.Thread(target=self._search, name="listening", daemon=True)
        self._thread.start()

    @property
    def streams(self) -> tuple[Stream, ...]:
        """The streams taken so far."""
        return tuple(s for source in self._sources for s in source.streams)

    def pull(self) -> list[Chunk]:
        """Everything that has arrived since the last call."""
        return [chunk for source in list(self._sources) for chunk in source.pull()]

    def faults(self) -> list[Fault]:
        """What went wrong since the last call."""
        faults, self._faults = self._faults, []
        return [*faults, *(f for source in list(self._sources) for f in source.faults())]

    def close(self) -> None:
        """Ends the search and lets go of the streams."""
        self._end.set()
        self._thread.join(4)
        for source in self._sources:
            source.close()

    def _search(self) -> None:
        while not self._end.is_set():
            try:
                self._take_new()
            except Exception as error:
                # One failed look must not make the engine deaf for the rest of the session.
                self._failed(error)
            eager = len(self._taken) < self._expect
            self._end.wait(0.05 if eager else _AGAIN_S)

    def _failed(self, error: Exception) -> None:
        text = f"Looking for sensors failed ({type(error).__name__}: {error}); looking again."
        if text not in self._refused:
            self._refused.add(text)
            self._faults.append(Fault("listening", Trouble.REFUSED, 0.0, 0.0, text))

    def _take_new(self) -> None:
        kinds = {stream.kind for stream in self.streams}
        if not self._expect and kinds >= _BODY:
            return
        # Our own outlets are results, not sensors.
        found = [f for f in look(0.5) if not f.seen.name.startswith("AdaptiveVR-")]
        choice = choose([f.seen for f in found], self._uses)
        for fault in choice.refused:
            if fault.text not in self._refused:
                self._refused.add(fault.text)
                self._faults.append(fault)
        taken = [
            (found[i], stream)
            for i, stream in choice.taken
            if stream.id not in self._taken
            and (stream.kind not in kinds or stream.kind == Kind.MARKERS)
        ]
        if not taken or self._end.is_set():
            return
        for _, stream in taken:
            self._prepare(stream)
        self._taken.update(stream.id for _, stream in taken)
        self._sources.append(LslSource(taken))
        self.notes.extend(choice.said)
        if any(stream.kind in _BODY for _, stream in taken):
            self.found.set()

    def _prepare(self, stream: Stream) -> None:
        """Loads what this stream's extractor needs, here and not in the first tick that meets it.

        A numbered EEG net takes its names from MNE, whose import is longer than the watchdog.
        """
        make = EXTRACTORS.get(stream.kind)
        if make is not None:
            with contextlib.suppress(ValueError):  # said again, with a sentence, by the session
                make(stream)
