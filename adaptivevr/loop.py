"""The only loop: pulls what came, ticks once, hands the result on, on absolute deadlines."""

import gc
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from adaptivevr.clock import Clock
from adaptivevr.command import Command, Mark
from adaptivevr.console.hub import Hub
from adaptivevr.console.inbox import new_id
from adaptivevr.errors import RecordingFailed
from adaptivevr.recording import Recording
from adaptivevr.session import Session
from adaptivevr.signals import canonical
from adaptivevr.tick import Tick
from sensors.chunk import Chunk
from sensors.source import Source, Trouble

LATE_S = 0.010  # a tick that starts this long after its deadline counts as late
WATCHDOG_S = 0.25  # no tick ended for this long: the watchdog stops the scene
_KEEP = 10_000


@dataclass(slots=True)
class Pace:
    """How well the loop kept its deadlines."""

    ticks: int = 0
    late_ticks: int = 0
    worst_late_s: float = 0.0
    spent_s: list[float] = field(default_factory=list)

    def ticked(self, late_s: float, spent_s: float) -> None:
        """One tick began late_s after its deadline and took spent_s."""
        self.ticks += 1
        self.late_ticks += late_s > LATE_S
        self.worst_late_s = max(self.worst_late_s, late_s)
        if len(self.spent_s) < _KEEP:
            self.spent_s.append(spent_s)


class Tells(Protocol):
    """Anything that wants to hear of every tick."""

    def take(self, tick: Tick, commands: Sequence[Command]) -> None:
        """One tick and what was said to it."""
        ...


class Loop:
    """Runs a session against a source and a clock until it is told to end.

    Latches and the dead-man do not depend on it: when a tick throws, the hub is told to
    stop, the record is closed, and the scene rests.
    """

    def __init__(
        self,
        session: Session,
        source: Source,
        clock: Clock,
        hub: Hub,
        recording: Recording | None,
        rate_hz: float = 60.0,
        after_tick: Sequence[Callable[[Tick], None]] = (),
        bridges: Sequence["Tells"] = (),
        watchdog_s: float = WATCHDOG_S,
    ) -> None:
        self.session = session
        self.source = source
        self.clock = clock
        self.hub = hub
        self.recording = recording
        self.pace = Pace()
        self.error: BaseException | None = None
        self.notes: list[str] = []
        self._after_tick = tuple(after_tick)
        self._bridges = bridges
        self._watchdog_s = watchdog_s
        self._freeze_s = 0.0
        self._step_s = 1.0 / rate_hz
        self._stop = threading.Event()
        self._ended_s = clock.now_s()
        self._stuck = False
        self._started_s = self._ended_s

    def end(self) -> None:
        """Asks the loop to finish after the tick in hand."""
        self._stop.set()

    def freeze(self, seconds: float) -> None:
        """The demonstration's "freeze the engine": after the tick in hand nothing happens."""
        self._freeze_s = min(max(seconds, 0.0), 30.0)

    @property
    def ending(self) -> bool:
        """True once the loop was asked to end."""
        return self._stop.is_set()

    def run(self, duration_s: float | None = None) -> None:
        """Ticks until `end` is called or the duration has passed; never raises."""
        try:
            self._run(duration_s)
        except Exception as error:  # a stuck or broken engine must leave the scene at rest
            self.error = error
            self.hub.stop("watchdog", f"engine failed: {type(error).__name__}")
        finally:
            self._stop.set()
            if self.recording is not None:
                self._quietly(self.recording.close)

    def _run(self, duration_s: float | None) -> None:
        gc.collect()
        gc.freeze()  # a full collection with scipy loaded takes 0.1 s; freezing makes it vanish
        self._started_s = deadline_s = self._ended_s = self.clock.now_s()
        while not self._stop.is_set():
            if duration_s is not None and deadline_s - self._started_s >= duration_s:
                return
            self.clock.wait_until(deadline_s, self._stop)
            now_s = self.clock.now_s()
            self._step(now_s)
            done_s = self._overdue()
            self._ended_s, self._stuck = done_s, False
            self.pace.ticked(now_s - deadline_s, done_s - now_s)
            deadline_s += self._step_s
            if done_s > deadline_s + 1.0:  # after a long stall (a suspended laptop) begin anew
                deadline_s = done_s
            if self._freeze_s:
                self._stop.wait(self._freeze_s)
                self._freeze_s = 0.0

    def _step(self, now_s: float) -> None:
        commands, extra = self.hub.take()
        # What the source has to report enters as marks: it is in the record, so replay has it too.
        commands += tuple(
            Mark(id=new_id("f"), who="sensors", at_s=now_s, text=fault.text)
            for fault in self.source.faults()
            if fault.trouble not in (Trouble.LOST, Trouble.RETURNED)  # the session says these
        )
        chunks = canonical([*self.source.pull(), *extra])
        tick = self.session.tick(now_s, chunks, commands)
        self._record(chunks, commands, tick)
        self._overdue()  # before the frame goes out: what a stall held back must not be shown
        self.hub.publish(tick, chunks, commands, self.session.panel(now_s))
        for bridge in self._bridges:
            bridge.take(tick, commands)
        for call in self._after_tick:
            call(tick)

    def _record(self, chunks: Sequence[Chunk], commands: Sequence[Command], tick: Tick) -> None:
        if self.recording is None:
            return
        try:
            self.recording.write(chunks, commands, tick)
        except Exception as error:
            # The session goes on for the patient's sake; people are told, once.
            known = isinstance(error, RecordingFailed)
            self.notes.append(str(error) if known else f"The record ended: {error!r}")
            self._quietly(self.recording.close)
            self.recording = None

    def _quietly(self, close: Callable[[], None]) -> None:
        try:
            close()
        except Exception as error:
            self.notes.append(f"The record could not be closed: {error}")

    def watch(self) -> None:
        """The watchdog's body, for a thread of its own: stops the scene when no tick ends."""
        while not self._stop.wait(self._watchdog_s / 5):
            self._overdue()

    def _overdue(self) -> float:
        """Stops the scene, once a stall, when no tick has ended for too long; returns now.

        The loop asks too: when the whole process was frozen, the watchdog's thread may wake
        after a tick that looks as if nothing had been.
        """
        now_s = self.clock.now_s()
        if now_s - self._ended_s > self._watchdog_s and not self._stuck:
            self._stuck = True
            self.hub.stop("watchdog", "engine stuck")
        return now_s
