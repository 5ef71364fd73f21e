"""Which sensors are alive, in numbers and in words."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import nlargest

from sensors.chunk import Chunk
from sensors.feature import Feature, Status
from sensors.source import Fault, Trouble
from sensors.stream import Kind, Stream

_USUAL_S = 60.0  # a stream's habit is what it did in the last minute
_LEAST_S = 1.0
_BODY = (Kind.ECG, Kind.PPG, Kind.RR, Kind.EDA, Kind.EEG, Kind.BREATH, Kind.MOTION)


class State(StrEnum):
    """How a sensor is doing."""

    WAITING = "waiting"  # known, nothing has come yet
    GOOD = "good"
    POOR = "poor"  # it sends, but its signal cannot be used
    LATE = "late"  # nothing for longer than its habit


@dataclass(frozen=True, slots=True)
class Sensor:
    """One sensor as it stands now: how long silent, how good, how many samples so far."""

    stream: Stream
    state: State
    silent_s: float
    quality: float
    status: Status
    samples: int


class Habit:
    """How one stream usually arrives: the time of each arrival in the last minute."""

    def __init__(self, stream: Stream, now_s: float) -> None:
        self.stream = stream
        self.samples = 0
        self.last_s = now_s
        self.quality = 0.0
        self.status = Status.SETTLING
        self.judged_s = now_s
        self._gaps: deque[tuple[float, float]] = deque()
        self.late_after_s = _LEAST_S  # longer silence than this is not its habit

    def arrived(self, now_s: float, chunk: Chunk) -> None:
        """Samples have come in."""
        gap_s = now_s - self.last_s
        if self.samples and gap_s > _LEAST_S / 3.0:  # shorter ones cannot change the verdict
            self._gaps.append((now_s, gap_s))
        while self._gaps and self._gaps[0][0] < now_s - _USUAL_S:
            self._gaps.popleft()
        self.samples += len(chunk)
        self.last_s = now_s
        rr_s = 0.0
        if chunk.stream.kind == Kind.RR:
            rr_s = float(chunk.numbers[-1, 0]) * chunk.stream.scale
            rr_s = rr_s if 0 < rr_s < 5 else 0.0  # NaN is neither
        self.late_after_s = max(_LEAST_S, min(3.0 * self._usual_gap_s(), 10.0), 2.5 * rr_s)

    def _usual_gap_s(self) -> float:
        """The longest gap but one of the last minute.

        One dropout must not teach the watchdog to wait three times as long for the next one.
        """
        if len(self._gaps) < 2:
            return 0.0
        return nlargest(2, [gap for _, gap in self._gaps])[1]


class Health:
    """Watches arrivals and qualities; judges, but never decides what to do about it."""

    def __init__(self) -> None:
        self._habits: dict[str, Habit] = {}
        self._late: set[str] = set()

    def update(
        self, now_s: float, chunks: Sequence[Chunk], features: Sequence[Feature]
    ) -> tuple[Fault, ...]:
        """Takes what came in this tick; returns sensors that fell silent or came back."""
        for chunk in chunks:
            habit = self._habits.get(chunk.stream.id)
            if habit is None or habit.stream != chunk.stream:
                habit = self._habits[chunk.stream.id] = Habit(chunk.stream, now_s)
            habit.arrived(now_s, chunk)
        for feature in features:
            habit = self._habits.get(feature.stream)
            if habit is not None:
                habit.quality = feature.quality if feature.value is not None else 0.0
                habit.status = feature.status
                habit.judged_s = now_s
        return self._changes(now_s)

    def _changes(self, now_s: float) -> tuple[Fault, ...]:
        faults: list[Fault] = []
        for name, habit in self._habits.items():
            silent_s = now_s - habit.last_s
            if habit.stream.kind == Kind.MARKERS:
                continue
            if silent_s > habit.late_after_s:
                if name not in self._late:
                    self._late.add(name)
                    text = f"{name} has sent nothing for {silent_s:.1f} s."
                    faults.append(Fault(name, Trouble.LOST, now_s, silent_s, text))
            elif name in self._late:
                self._late.discard(name)
                faults.append(Fault(name, Trouble.RETURNED, now_s, 0.0, f"{name} is back."))
        return tuple(faults)

    def sensors(self, now_s: float) -> tuple[Sensor, ...]:
        """Every sensor seen so far, as it stands now."""
        return tuple(self._sensor(name, habit, now_s) for name, habit in self._habits.items())

    def _sensor(self, name: str, habit: Habit, now_s: float) -> Sensor:
        silent_s = max(0.0, now_s - habit.last_s)
        if name in self._late:
            state = State.LATE
        elif habit.stream.kind in _BODY and habit.quality < 0.3:
            state = (
                State.POOR if habit.samples and habit.status != Status.SETTLING else State.WAITING
            )
        else:
            state = State.GOOD
        return Sensor(habit.stream, state, silent_s, habit.quality, habit.status, habit.samples)
