"""The pace of what is sent and measured: absolute moments of the product's own clock."""

import threading

from adaptivevr.clock import RealClock

_CLOCK, _NEVER = RealClock(), threading.Event()


def now_s() -> float:
    """Now on the clock that `at` goes by, which is that of `time.perf_counter`."""
    return _CLOCK.now_s()


def at(moment_s: float) -> None:
    """Returns at the moment, at once when it is past: lateness never adds up."""
    _CLOCK.wait_until(moment_s, _NEVER)
