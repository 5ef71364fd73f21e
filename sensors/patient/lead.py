"""A lead carries the samples of one sensor to the outside on an exact grid; it can be unplugged."""

import math
from collections import deque

import numpy as np
import numpy.typing as npt

from sensors.chunk import Chunk
from sensors.stream import Kind, Stream

ROUNDING = 1e-6  # of a sample: sums of steps such as 1/60 s fall short of whole seconds

FACTS: dict[Kind, tuple[float, str, str, tuple[str, ...]]] = {  # rate, unit, type, channels
    Kind.EEG: (250.0, "uV", "EEG", ("Fp1", "Fp2", "C3", "C4", "P3", "P4", "O1", "O2")),
    Kind.ECG: (250.0, "uV", "ECG", ("ECG",)),
    Kind.PPG: (64.0, "a.u.", "PPG", ("PPG",)),
    Kind.EDA: (32.0, "uS", "EDA", ("EDA",)),
    Kind.BREATH: (25.0, "a.u.", "Respiration", ("belt",)),
    Kind.MOTION: (50.0, "g", "Accelerometer", ("x", "y", "z")),
    Kind.RR: (0.0, "s", "RR", ("RR",)),
    Kind.MARKERS: (0.0, "", "Markers", ("marker",)),
}
WAVEFORM = (Kind.EEG, Kind.ECG, Kind.EDA, Kind.BREATH, Kind.MOTION, Kind.MARKERS)
FEATURES = (Kind.RR, Kind.EDA)
FEATURE_EDA_HZ = 8.0


def describe(kind: Kind, detail: str) -> Stream:
    """The stream of one sensor of the simulated patient."""
    rate_hz, unit, name, channels = FACTS[kind]
    if detail == "features" and kind is Kind.EDA:
        rate_hz = FEATURE_EDA_HZ
    return Stream(
        id=kind.value,
        name=f"patient {kind.value}",
        kind=kind,
        rate_hz=rate_hz,
        unit=unit,
        channels=channels,
        used=tuple(range(len(channels))),
        format="string" if kind is Kind.MARKERS else "float32",
        type=name,
        source_id=f"simulated-{kind.value}",
        note="simulated",
    )


class Lead:
    """Samples of a regular stream: sample n lies at start_s + n / rate_hz, n from 1."""

    def __init__(self, stream: Stream, start_s: float) -> None:
        self.stream = stream
        self.plugged = True
        self._start_s = start_s
        self._sent = 0
        self._made = 0
        self._blocks: list[npt.NDArray[np.float32]] = []
        self._lost: deque[tuple[int, int]] = deque()  # samples that never leave

    def due(self, elapsed_s: float) -> range:
        """The numbers of the samples still to be made up to elapsed_s after the start."""
        last = math.floor(elapsed_s * self.stream.rate_hz + ROUNDING)
        return range(self._made + 1, last + 1)

    def put(self, values: npt.ArrayLike, lost: bool = False) -> None:
        """Takes the samples that were due, shape (n,) or (n, channels)."""
        block = np.asarray(values, dtype=np.float32).reshape(-1, len(self.stream.channels))
        if lost and len(block):
            self._lost.append((self._made + 1, self._made + len(block)))
        self._made += len(block)
        self._blocks.append(block)

    def take(self, elapsed_s: float) -> list[Chunk]:
        """What leaves up to elapsed_s after the start: mostly one chunk, none when unplugged."""
        last = min(self._made, math.floor(elapsed_s * self.stream.rate_hz + ROUNDING))
        count = last - self._sent
        if count <= 0:
            return []
        block = self._blocks[0] if len(self._blocks) == 1 else np.concatenate(self._blocks)
        self._blocks = [block[count:]]
        first = self._sent + 1
        self._sent = last
        if not self.plugged:
            return []
        numbers = np.arange(first, last + 1)
        values = block[:count]
        while self._lost and self._lost[0][1] < first:
            self._lost.popleft()
        for low, high in self._lost:
            keep = (numbers < low) | (numbers > high)
            numbers, values = numbers[keep], values[keep]
        if not len(numbers):
            return []
        return [Chunk(self.stream, self._start_s + numbers / self.stream.rate_hz, 0.0, values)]


class EventLead:
    """Events of an irregular stream, each at its own time."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.plugged = True
        self._waiting: deque[tuple[float, float | str]] = deque()

    def put(self, at_s: float, value: float | str) -> None:
        """An event; events come in the order of their times."""
        self._waiting.append((at_s, value))

    def take(self, now_s: float) -> list[Chunk]:
        """The events up to now_s as one chunk, nothing when there are none or unplugged."""
        if not self._waiting or self._waiting[0][0] > now_s:
            return []
        events = []
        while self._waiting and self._waiting[0][0] <= now_s:
            events.append(self._waiting.popleft())
        if not self.plugged:
            return []
        kind = object if self.stream.format == "string" else np.float32
        values = np.array([value for _, value in events], dtype=kind).reshape(-1, 1)
        return [Chunk(self.stream, np.array([at_s for at_s, _ in events]), 0.0, values)]
