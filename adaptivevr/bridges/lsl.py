"""Arousal, intensity and marks as LSL outlets, for other programs that record or show them."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from adaptivevr import __version__, wire
from adaptivevr.command import Ack, Command
from adaptivevr.tick import Tick
from sensors.lsl import Outlet
from sensors.role import Seen

AROUSAL = Seen(
    name="AdaptiveVR-Arousal", type="MentalState", rate_hz=0.0, count=3, format="float32",
    labels=("mean", "sd", "known"), units=("normalized", "normalized", "boolean"),
    channel_types=("Arousal", "StandardDeviation", "Flag"),
)  # fmt: skip
INTENSITY = Seen(
    name="AdaptiveVR-Intensity", type="Stimulus", rate_hz=0.0, count=2, format="float32",
    labels=("intensity", "level"), units=("normalized", "count"),
    channel_types=("Intensity", "Level"),
)  # fmt: skip
MARKERS = Seen(
    name="AdaptiveVR-Markers", type="Markers", rate_hz=0.0, count=1, format="string",
    labels=("json",), channel_types=("Marker",),
)  # fmt: skip
_MEANING = {
    AROUSAL.name: "Arousal index: 0 is this person's quiet, 1 the strongest expected; not clipped. "
    "While it is unknown, mean is NaN and known is 0; sd always is a number. No diagnosis.",
    INTENSITY.name: "What the guard allowed: 0 is the scene at rest, 1 the most it may ever ask. "
    "level is the number of the scene's level.",
    MARKERS.name: "Every command of the session as one JSON document: who, when, what.",
}
_EVERY_S = 0.1


def described(seen: Seen) -> Mapping[str, Any]:
    """What the description of one of our outlets says beside its channels."""
    return {
        "acquisition": {
            "manufacturer": "AdaptiveVR",
            "model": "AdaptiveVR engine",
            "software": "adaptivevr",
            "software_version": __version__,
            "description": _MEANING[seen.name],
            "time": "Stamps are the engine's decisions, on the clock of LSL of this machine.",
            "most_per_second": "0" if seen is MARKERS else f"{1 / _EVERY_S:g}",
        }
    }


class LslBridge:
    """Three outlets; arousal and intensity ten times a second, marks as they come."""

    def __init__(self) -> None:
        # The same after a restart on the same machine, so that recorders find it again.
        self._outlets = [
            Outlet(_identified(seen), described(seen)) for seen in (AROUSAL, INTENSITY, MARKERS)
        ]
        self._sent_s = float("-inf")

    def take(self, tick: Tick, commands: Sequence[Command]) -> None:
        """Sends what is due of one tick."""
        arousal, intensity, markers = self._outlets
        for command in commands:
            if not isinstance(command, Ack):
                text = np.array([[wire.encode_command(command).decode()]], dtype=object)
                markers.push([tick.now_s], text)
        if tick.now_s - self._sent_s < _EVERY_S:
            return
        self._sent_s = tick.now_s
        known = tick.arousal.level is not None
        mean = tick.arousal.level if known else np.nan
        row = [mean, tick.arousal.sd, float(known)]
        arousal.push([tick.now_s], np.array([row], dtype=np.float32))
        intensity.push(
            [tick.now_s], np.array([[tick.decision.intensity, tick.level]], dtype=np.float32)
        )

    def close(self) -> None:
        """Withdraws the outlets."""
        for outlet in self._outlets:
            outlet.close()


def _identified(seen: Seen) -> Seen:
    return replace(seen, source_id=f"{seen.name}-{platform.node()}")
