"""One LSL stream being read: its thread, its clock, its bounded queue, its losses and returns."""

import socket
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import numpy.typing as npt

from sensors.chunk import Chunk
from sensors.source import Fault, Trouble
from sensors.stamps import StampWatch
from sensors.stream import Stream

_WAIT_S = 0.5  # a pull blocks this long at most, so that stopping is prompt
_MAX_SAMPLES = 4096
_CLOCK_EVERY_S = 5.0  # LSL itself measures no more often
_OFFSET_DUE_S = 3.0  # without a measured offset until then, arrival time stands in for it
_HUNT_AFTER_S = 3.0
_MAX_FAULTS = 256
_SAME_CLOCK_S = 0.0005  # on one machine LSL measures 0.04 ms or less where nothing is to measure


class Inlet:
    """Reads one stream on its own thread; everything it hands out is a copy.

    The reader blocks in LSL (0.4 ms from push to here against 4.7 ms when polled); the
    clock offset is measured by a second thread, because asking for it can block too.
    """

    def __init__(self, pylsl: Any, info: Any, stream: Stream, hold_s: float) -> None:
        self.stream = stream
        self.uid = str(info.uid())
        self._pylsl = pylsl
        self._wanted = _identity(info)
        self._limit = max(_MAX_SAMPLES, int(hold_s * stream.rate_hz))
        self._lock = threading.Lock()
        self._queue: deque[tuple[npt.NDArray[np.float64], npt.NDArray[Any], float | None]] = deque()
        self._queued = 0
        self._dropped = 0
        self._faults: deque[Fault] = deque(maxlen=_MAX_FAULTS)
        self._watch = StampWatch(stream)
        self._here = str(info.hostname()) == socket.gethostname()
        self._offset_s: float | None = None
        self._offset_due_s = pylsl.local_clock() + _OFFSET_DUE_S
        self._arrived_s: float | None = None
        self._started_s = pylsl.local_clock()
        self._gaps: deque[float] = deque(maxlen=20)
        self._silent = False
        self._stopping = threading.Event()
        self._measure = threading.Event()
        self._others: Sequence[Inlet] = ()
        self._inlet = self._connect(info)
        self._threads = [
            threading.Thread(target=self._read, name=f"lsl-{stream.id}", daemon=True),
            threading.Thread(target=self._time, name=f"lsl-clock-{stream.id}", daemon=True),
        ]

    def start(self, others: "Sequence[Inlet]" = ()) -> None:
        """Begins to read; `others` are inlets whose streams must not be taken on a return."""
        self._others = others
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Asks both threads to end."""
        self._stopping.set()
        self._measure.set()

    def join(self) -> None:
        """Waits for both threads (each blocks in LSL for a second at most)."""
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=5.0)

    def take(self) -> list[Chunk]:
        """What has arrived with a known clock offset since the last call, oldest first."""
        chunks = []
        with self._lock:
            while self._queue:
                stamps_s, values, offset_s = self._queue[0]
                if offset_s is None:
                    offset_s = self._offset_now(stamps_s)
                    if offset_s is None:
                        break
                self._queue.popleft()
                self._queued -= len(stamps_s)
                chunks.append(Chunk(self.stream, stamps_s, offset_s, values))
        return chunks

    def faults(self, now_s: float) -> list[Fault]:
        """What went wrong since the last call, the silence judged at now_s."""
        with self._lock:
            self._judge_silence(now_s)
            if self._dropped:
                text = f"{self._title()}: {self._dropped} samples came faster than they were taken."
                self._faults.append(self._fault(Trouble.OVERFLOW, now_s, self._dropped, text))
                self._dropped = 0
            faults = list(self._faults)
            self._faults.clear()
        return faults

    # -- the reader's thread

    def _read(self) -> None:
        while not self._stopping.is_set():
            try:
                values, stamps_s = self._inlet.pull_chunk(
                    _WAIT_S, max_samples=_MAX_SAMPLES, min_samples=1, as_numpy=True
                )
            except self._pylsl.util.LostError:  # killed, and it has no source id to recover by
                self._said_lost(self._pylsl.local_clock())
                self._hunt()
                continue
            if len(stamps_s):
                self._enter(values, stamps_s)
            elif self._silent and self._silence_s() > _HUNT_AFTER_S:
                self._hunt()

    def _enter(self, values: npt.NDArray[Any], stamps_s: npt.NDArray[np.float64]) -> None:
        now_s = self._pylsl.local_clock()
        if values.dtype == object:
            values = _text(values)
        with self._lock:
            if self._arrived_s is not None and not self._silent:
                self._gaps.append(now_s - self._arrived_s)
            self._arrived_s = now_s
            if values.ndim != 2 or values.shape[1] != len(self.stream.channels):
                text = f"{self._title()}: expected {len(self.stream.channels)} channels, got shape "
                text += f"{values.shape}; left out."
                self._faults.append(self._fault(Trouble.SHAPE, now_s, len(stamps_s), text))
                return
            for fault in self._watch.faults(stamps_s, now_s):
                self._faults.append(fault)
                if abs(fault.amount) > 10.0 and self.stream.rate_hz:
                    self._forget_offset(now_s)  # a sender that restarted has another clock
            self._queue.append((stamps_s, values, self._offset_s))
            self._queued += len(stamps_s)
            while self._queued > self._limit and len(self._queue) > 1:
                lost, _, _ = self._queue.popleft()  # the newest matter in a live session
                self._queued -= len(lost)
                self._dropped += len(lost)

    def _hunt(self) -> None:
        """Looks for the same stream under a new identity; LSL finds those with a source id."""
        taken = {other.uid for other in self._others} | {self.uid}
        for info in self._pylsl.resolve_streams(_WAIT_S):
            if str(info.uid()) in taken or self._stopping.is_set():
                continue
            if _identity(info) == self._wanted:
                with self._lock:
                    self._inlet = self._connect(info)
                    self.uid = str(info.uid())
                    self._forget_offset(self._pylsl.local_clock())
                return
            if _identity(info)[:2] == self._wanted[:2]:
                self._said_changed(info)

    def _connect(self, info: Any) -> Any:
        return self._pylsl.StreamInlet(info, recover=bool(info.source_id()), as_numpy=True)

    # -- the clock's thread

    def _time(self) -> None:
        while not self._stopping.is_set():
            inlet = self._inlet
            offset_s: float | None = None
            # Hung or gone raises (pylsl's errors are RuntimeErrors); the last offset stays.
            with suppress(RuntimeError):
                offset_s = float(inlet.time_correction(1.0))
            reset = offset_s is not None and inlet.was_clock_reset()
            if self._here and offset_s is not None and abs(offset_s) < _SAME_CLOCK_S:
                offset_s = 0.0  # one machine, one clock: what was measured is the measurement
            with self._lock:
                if offset_s is not None and inlet is self._inlet:
                    if reset and self._offset_s is not None:
                        self._said_reset(offset_s - self._offset_s)
                    self._offset_s = offset_s
            self._measure.wait(_CLOCK_EVERY_S if offset_s is not None else 0.2)
            self._measure.clear()

    def _offset_now(self, stamps_s: npt.NDArray[np.float64]) -> float | None:
        if self._offset_s is not None:
            return self._offset_s
        now_s = float(self._pylsl.local_clock())
        if now_s < self._offset_due_s:
            return None
        # The best that can be said without a measurement: it was stamped when it arrived.
        self._offset_s = now_s - float(stamps_s[-1])
        text = f"{self._title()}: no clock offset after {_OFFSET_DUE_S:g} s, arrival time is used."
        self._faults.append(self._fault(Trouble.CLOCK_RESET, now_s, self._offset_s, text))
        return self._offset_s

    def _forget_offset(self, now_s: float) -> None:
        self._offset_s = None
        self._offset_due_s = now_s + _OFFSET_DUE_S
        self._measure.set()

    # -- what is said (the lock is held)

    def _judge_silence(self, now_s: float) -> None:
        if self.stream.irregular:
            return  # an event has no habit; RR intervals are judged by their own length
        silent_s = now_s - (self._arrived_s if self._arrived_s is not None else self._started_s)
        usual_s = sorted(self._gaps)[-2] if len(self._gaps) > 1 else 0.0
        limit_s = max(1.0, 3.0 / self.stream.rate_hz, min(3.0 * usual_s, 10.0))
        if silent_s > limit_s and not self._silent:
            self._silent = True
            text = f"{self._title()} has sent nothing for {silent_s:.1f} s; looking for it."
            self._faults.append(self._fault(Trouble.LOST, now_s, silent_s, text))
        elif silent_s <= limit_s and self._silent:
            self._silent = False
            text = f"{self._title()} is back."
            self._faults.append(self._fault(Trouble.RETURNED, now_s, 0.0, text))

    def _silence_s(self) -> float:
        since_s = self._arrived_s if self._arrived_s is not None else self._started_s
        return float(self._pylsl.local_clock() - since_s)

    def _said_lost(self, now_s: float) -> None:
        with self._lock:
            if not self._silent:
                self._silent = True
                text = f"{self._title()} is gone; looking for it."
                self._faults.append(self._fault(Trouble.LOST, now_s, 0.0, text))

    def _said_reset(self, jump_s: float) -> None:
        now_s = self._pylsl.local_clock()
        text = f"{self._title()}: its clock was reset, the offset moved by {jump_s:.6f} s."
        self._faults.append(self._fault(Trouble.CLOCK_RESET, now_s, jump_s, text))

    def _said_changed(self, info: Any) -> None:
        now_s = self._pylsl.local_clock()
        text = (
            f"{self._title()} came back as {info.channel_count()} channels at "
            f"{info.nominal_srate():g} Hz, it had {len(self.stream.channels)} at "
            f"{self.stream.rate_hz:g} Hz. Start a new session to use it."
        )
        with self._lock:
            if not any(f.text == text for f in self._faults):
                fault = self._fault(Trouble.SHAPE, now_s, info.channel_count(), text)
                self._faults.append(fault)

    def _title(self) -> str:
        return f"{self.stream.id} ('{self.stream.name}')"

    def _fault(self, trouble: Trouble, time_s: float, amount: float, text: str) -> Fault:
        return Fault(self.stream.id, trouble, float(time_s), float(amount), text)


def _identity(info: Any) -> tuple[str, str, int, float, int]:
    # Name and type first: all streams of one Muse share name and source id.
    return (
        info.name(),
        info.type(),
        int(info.channel_count()),
        float(info.nominal_srate()),
        int(info.channel_format()),
    )


def _text(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    texts = np.empty(values.shape, dtype=object)
    texts.ravel()[:] = [
        v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in values.ravel()
    ]
    return texts
