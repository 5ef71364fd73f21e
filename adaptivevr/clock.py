"""The only clock, and its simulated twin. Everything else is told the time."""

import threading
import time
from typing import Protocol

from adaptivevr import machine


class Clock(Protocol):
    """Seconds on the engine's monotonic clock, and a way to wait for a moment of it."""

    def now_s(self) -> float:
        """Now, in seconds; never goes back."""
        ...

    def wait_until(self, moment_s: float, stop: threading.Event) -> None:
        """Returns at the moment, or at once when it is past or `stop` is set."""
        ...


class RealClock:
    """The machine's monotonic clock, shifted onto the clock that stamps LSL samples."""

    def __init__(self, offset_s: float = 0.0) -> None:
        self.offset_s = offset_s

    def now_s(self) -> float:
        return time.perf_counter() + self.offset_s

    def wait_until(self, moment_s: float, stop: threading.Event) -> None:
        # An absolute deadline: sleeping for the rest keeps lateness from adding up.
        rest_s = moment_s - self.now_s()
        if rest_s > 0 and not stop.is_set():
            time.sleep(rest_s)


class SimulatedClock:
    """Time that passes only when somebody waits for it; `speed` paces it against real time."""

    def __init__(self, start_s: float = 0.0, speed: float | None = None) -> None:
        self._now_s = start_s
        self._start_s = start_s
        self._real_start_s = time.perf_counter()
        self._speed = speed

    def now_s(self) -> float:
        return self._now_s

    def wait_until(self, moment_s: float, stop: threading.Event) -> None:
        self._now_s = max(self._now_s, moment_s)
        if self._speed is None:
            return
        ahead_s = (self._now_s - self._start_s) / self._speed - (
            time.perf_counter() - self._real_start_s
        )
        if ahead_s > 0.002 and not stop.is_set():
            time.sleep(ahead_s)


def since_process_start_s() -> float:
    """Seconds since the operating system started this process, before any import."""
    return time.time() - machine.process_began_s()


def wall_s() -> float:
    """Seconds since 1970, for what is kept from one day to another."""
    return time.time()


def wall_text() -> str:
    """The date and time for file names and reports, as 2026-01-31T12-00-00."""
    return time.strftime("%Y-%m-%dT%H-%M-%S")
