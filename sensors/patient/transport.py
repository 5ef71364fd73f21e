"""Faults on the way from sensor to engine: jitter, another clock, late, doubled and broken data."""

from dataclasses import dataclass

import numpy as np

from sensors.chunk import Chunk
from sensors.patient.chance import stream
from sensors.stream import Kind


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong and how often; shares are of chunks, all zero for a perfect wire.

    offset_s and drift_ppm: the sender's clock against ours, told in `Chunk.offset_s` as a clock
    measurement would (true offset plus its error of error_s). scale: a wrong unit, unannounced.
    """

    jitter_s: float = 0.0
    offset_s: float = 0.0
    drift_ppm: float = 0.0
    error_s: float = 0.0
    late_share: float = 0.0
    late_s: float = 2.0
    double_share: float = 0.0
    nan_share: float = 0.0
    scale: float = 1.0
    frozen_after_s: float | None = None


ORDINARY = Faults(jitter_s=0.003, offset_s=1.3, drift_ppm=30.0, error_s=0.0005, late_share=0.01)


class Transport:
    """Carries chunks with faults; one seed, no clock. Text streams keep their text."""

    def __init__(self, faults: Faults, seed: int) -> None:
        self._faults = faults
        self._rng = stream(seed, "transport")
        self._held: list[tuple[float, Chunk]] = []
        self._last: dict[Kind, np.ndarray[tuple[int], np.dtype[np.float32]]] = {}

    def carry(self, chunks: tuple[Chunk, ...], now_s: float) -> tuple[Chunk, ...]:
        """What arrives at now_s (the patient's clock) of these chunks and those held back."""
        arrived = []
        for chunk in chunks:
            spoilt = self._spoil(chunk, now_s)
            if self._rng.random() < self._faults.late_share:
                self._held.append((now_s + self._faults.late_s, spoilt))
                continue
            arrived.append(spoilt)
            if self._rng.random() < self._faults.double_share:
                arrived.append(spoilt)
        ripe = [chunk for due_s, chunk in self._held if due_s <= now_s]
        self._held = [(due_s, chunk) for due_s, chunk in self._held if due_s > now_s]
        return tuple(ripe + arrived)

    def _spoil(self, chunk: Chunk, now_s: float) -> Chunk:
        faults, count = self._faults, len(chunk)
        ahead = faults.offset_s + faults.drift_ppm * 1e-6 * chunk.stamps_s
        jitter = faults.jitter_s * self._rng.standard_normal(count)
        told = faults.offset_s + faults.drift_ppm * 1e-6 * now_s
        told += faults.error_s * self._rng.standard_normal()
        values = chunk.values
        if chunk.stream.format != "string":
            values = self._values(chunk, now_s)
        return Chunk(chunk.stream, chunk.stamps_s + ahead + jitter, -told, values)

    def _values(
        self, chunk: Chunk, now_s: float
    ) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        faults, kind = self._faults, chunk.stream.kind
        values = np.array(chunk.values, dtype=np.float32) * np.float32(faults.scale)
        if faults.frozen_after_s is not None and now_s > faults.frozen_after_s:
            values[:] = self._last.setdefault(kind, values[0].copy())
        if self._rng.random() < faults.nan_share:
            values[int(self._rng.integers(len(values)))] = np.nan
        return values
