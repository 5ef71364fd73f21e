"""The one place where tests wait: for a condition, never for a time to pass."""

import time
from collections.abc import Callable

_AGAIN_S = 0.01


def until[T](
    what: Callable[[], T], within_s: float = 15.0, why: str | Callable[[], object] = ""
) -> T:
    """Asks until the answer is true and returns it; fails after the deadline, saying why.

    `why` is a word on what was waited for, or is asked only then: what stood there instead.
    """
    end_s = time.monotonic() + within_s
    while not (answer := what()):
        if time.monotonic() >= end_s:
            said = why() if callable(why) else why
            raise AssertionError(f"not within {within_s:g} s: {said}" if said else
                                 f"not within {within_s:g} s")  # fmt: skip
        time.sleep(_AGAIN_S)
    return answer
