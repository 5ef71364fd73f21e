"""Arousal, intensity and marks as LSL outlets, for other programs that record or show them."""

from collections.abc import Sequence

import numpy as np

from adaptivevr import wire
from adaptivevr.command import Ack, Command
from adaptivevr.tick import Tick
from sensors.lsl import Outlet
from sensors.stream import Kind, Stream

AROUSAL = Stream(
    id="AdaptiveVR-Arousal", name="AdaptiveVR-Arousal", kind=Kind.MARKERS, rate_hz=0.0,
    channels=("mean", "sd", "known"), used=(0, 1, 2), format="float32", type="MentalState",
    note="Arousal index: 0 personal quiet, 1 strongest expected. Not a diagnosis.",
)  # fmt: skip
INTENSITY = Stream(
    id="AdaptiveVR-Intensity", name="AdaptiveVR-Intensity", kind=Kind.MARKERS, rate_hz=0.0,
    channels=("intensity", "level"), used=(0, 1), format="float32", type="Stimulus",
)  # fmt: skip
MARKERS = Stream(
    id="AdaptiveVR-Markers", name="AdaptiveVR-Markers", kind=Kind.MARKERS, rate_hz=0.0,
    channels=("json",), format="string", type="Markers",
)  # fmt: skip
_EVERY_S = 0.1


class LslBridge:
    """Three outlets; arousal and intensity ten times a second, marks as they come."""

    def __init__(self) -> None:
        self._outlets = [Outlet(s) for s in (AROUSAL, INTENSITY, MARKERS)]
        self._sent_s = float("-inf")

    def take(self, tick: Tick, commands: Sequence[Command]) -> None:
        """Sends what is due of one tick."""
        arousal, intensity, markers = self._outlets
        for command in commands:
            if not isinstance(command, Ack):
                text = np.array([[wire.encode_command(command).decode()]], dtype=object)
                markers.push(np.array([tick.now_s]), text)
        if tick.now_s - self._sent_s < _EVERY_S:
            return
        self._sent_s = tick.now_s
        stamp = np.array([tick.now_s])
        known = tick.arousal.level is not None
        row = [tick.arousal.level if known else np.nan, tick.arousal.sd, float(known)]
        arousal.push(stamp, np.array([row], dtype=np.float32))
        intensity.push(stamp, np.array([[tick.decision.intensity, tick.level]], dtype=np.float32))

    def close(self) -> None:
        """Withdraws the outlets."""
        for outlet in self._outlets:
            outlet.close()
