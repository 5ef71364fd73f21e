"""Watching the stamps of one stream: holes, steps back, and numbers that are no time at all."""

import numpy as np
import numpy.typing as npt

from sensors.source import Fault, Trouble
from sensors.stream import Stream


class StampWatch:
    """Says where stamps jump, forward or back; irregular streams may be silent at will.

    A hole is longer than 0.25 s and 3 samples: many devices send short bursts, whose stamps
    are uneven by up to a tenth of a second.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._last_s: float | None = None
        self.hole_s = max(0.25, 3.0 / stream.rate_hz) if stream.rate_hz else np.inf

    def faults(self, stamps_s: npt.NDArray[np.float64], now_s: float) -> list[Fault]:
        """One fault per hole, and one for all steps back in these stamps."""
        if not len(stamps_s):
            return []
        before = np.nan if self._last_s is None else self._last_s
        steps_s = np.diff(stamps_s, prepend=before)
        self._last_s = float(stamps_s[-1])
        holes = np.flatnonzero(steps_s > self.hole_s)
        back = np.flatnonzero(steps_s < -0.001)  # finer is rounding
        if not len(holes) and not len(back):
            return []
        faults = [self._hole(float(steps_s[i]), now_s) for i in holes]
        if len(back):
            worst_s = float(steps_s[back].min())
            text = (
                f"{self._stream.id} ('{self._stream.name}'): {len(back)} stamps step back, "
                f"the furthest by {-worst_s:.3f} s."
            )
            faults.append(Fault(self._stream.id, Trouble.BACKWARD, now_s, worst_s, text))
        return faults

    def _hole(self, length_s: float, now_s: float) -> Fault:
        text = f"{self._stream.id} ('{self._stream.name}') has a gap of {length_s:.2f} s."
        return Fault(self._stream.id, Trouble.GAP, now_s, length_s, text)
