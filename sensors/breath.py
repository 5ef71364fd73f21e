"""Breathing from a belt or from acceleration of the chest: rate and waveform, causally."""

import math
from collections import deque
from itertools import pairwise

import numpy as np

from sensors.blocks import Block, Blocks, Floats
from sensors.chunk import Chunk
from sensors.feature import Feature, Status
from sensors.iir import Hold, Sos, bandpass
from sensors.stream import Stream

GRID_HZ = 8.0
USUAL_HZ = 25.0
BAND_HZ = (0.06, 0.8)  # 4 to 48 breaths a minute
WINDOW_S = 32.0
FIRST_S = 12.0
SHORTEST_S = 1.25  # of a breath
SWING_S = 15.0  # memory of the usual depth
REFRACTORY = 0.4  # a trough must reach this part of the usual depth to count


class Breath:
    """Breaths found as upward crossings of the slow band of the signal, each after a real trough.

    `breath` at 4 Hz: the waveform, in units of the usual depth (about -1 to 1, in is up),
    `breath_rate` (1/min) each second: the median length of the breaths of the last half
    minute (the mean of those within 30 % of it), told from the second whole breath on. Of
    several axes the one that swings most is taken, decided once, from the first twelve
    seconds (anew after a reset).
    """

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        rate_hz = stream.rate_hz or USUAL_HZ
        self._blocks = Blocks(stream, max(1, math.ceil(rate_hz / GRID_HZ - 1e-9)), rate_hz)
        self._begin(rate_hz)

    def _begin(self, rate_hz: float) -> None:
        grid_hz = rate_hz / self._blocks.size
        self._dt_s = 1.0 / grid_hz
        self._delay_s = (self._blocks.size - 1) / 2 / rate_hz + 0.25  # block mean, band-pass
        self._filter: Sos | None = None
        if grid_hz > 2.5 * BAND_HZ[1]:
            self._filter = Sos(bandpass(1, *BAND_HZ, grid_hz))
        self._hold = Hold()
        self._hop = max(1, round(grid_hz))
        self._half = max(1, round(grid_hz / 4.0))
        self._restart()

    def _restart(self) -> None:
        self._count = 0
        self._channel: int | None = None
        self._energy = np.zeros(len(self.stream.used))
        self._depth = 0.0
        self._value = 0.0
        self._lowest = 0.0  # since the last breath began
        self._starts: deque[float] = deque(maxlen=48)  # upward crossings, in grid samples
        self._trusts: deque[float] = deque(maxlen=max(1, round(WINDOW_S / self._dt_s)))
        self._same = 0
        self._last = math.nan
        self._gap = 0

    def update(self, chunk: Chunk) -> tuple[Feature, ...]:
        """The features that exist after these samples."""
        features: list[Feature] = []
        for block in self._blocks.take(chunk):
            if block.reset:
                self._begin(block.rate_hz)
            if self._filter is not None:
                features.extend(self._advance(block, self._filter))
        return tuple(features)

    def _advance(self, block: Block, band: Sos) -> list[Feature]:
        if block.gap_s > 1.0:
            band.reset()
            self._restart()
            self._gap = round(5.0 / self._dt_s)
        good = ~np.isnan(block.values)
        sums = np.where(good, block.values, 0.0).sum(axis=0)
        counts = good.sum(axis=0)
        means = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
        held, _ = self._hold.update(means[None, :])
        slow = band.update(held)[0]
        self._count += 1
        self._gap = max(0, self._gap - 1)
        axis = self._axis(slow)
        trust = float(counts[axis]) / len(block.values)
        trust *= max(0.0, 1.0 - block.dropped / len(block.values))
        raw = float(held[0, axis])
        self._same = self._same + 1 if raw == self._last else 0
        self._last = raw
        flat = self._same * self._dt_s > 3.0
        self._trusts.append(0.0 if flat else trust)
        value = float(slow[axis])
        self._follow(value)
        features = []
        status, quality = self._state(flat, trust)
        if self._count % self._half == 0:
            shape = min(max(value / self._depth, -3.0), 3.0) if self._depth > 1e-12 else None
            told = shape if trust > 0 and not flat else None
            quality_now = quality if told is not None else 0.0
            features.append(
                self._feature("breath", told, "relative", block, quality_now, status, SWING_S)
            )
        if self._count % self._hop == 0 and self._count * self._dt_s >= FIRST_S / 2:
            features.append(self._rate(block, quality, status))
        return features

    def _axis(self, slow: Floats) -> int:
        if self._channel is not None:
            return self._channel
        if self._count * self._dt_s > 2.0:
            self._energy = self._energy + slow * slow
        best = int(self._energy.argmax())
        if self._count * self._dt_s >= FIRST_S:
            self._channel = best
        return best

    def _follow(self, value: float) -> None:
        """Keeps the usual depth; a breath begins at an upward crossing after a real trough."""
        forget = self._dt_s / min(SWING_S, max(1.0, self._count * self._dt_s))
        mean_square = self._depth * self._depth / 2
        self._depth = math.sqrt(2 * (mean_square + forget * (value * value - mean_square)))
        before, self._value = self._value, value
        self._lowest = min(self._lowest, value)
        if before < 0.0 <= value and self._lowest < -REFRACTORY * self._depth:
            at = self._count - value / (value - before)  # where it crossed, between samples
            if not self._starts or (at - self._starts[-1]) * self._dt_s >= SHORTEST_S:
                self._starts.append(at)
            self._lowest = 0.0

    def _state(self, flat: bool, trust: float) -> tuple[Status, float]:
        quality = sum(self._trusts) / len(self._trusts)
        if flat:
            return Status.FLAT, 0.0
        if self._gap:
            return Status.GAP, 0.5 * quality
        if trust == 0.0 or quality < 0.5:
            return Status.NOISY, quality
        if self._count * self._dt_s < FIRST_S:
            return Status.SETTLING, quality * 0.5
        return (Status.RELATIVE if self.stream.relative else Status.OK), quality

    def _rate(self, block: Block, quality: float, status: Status) -> Feature:
        """Median length of the last breaths; uneven breaths are trusted less."""
        oldest = self._count - WINDOW_S / self._dt_s
        starts = [t for t in self._starts if t >= oldest]
        lengths = sorted((b - a) * self._dt_s for a, b in pairwise(starts))
        value = None
        if len(lengths) >= 2 or (lengths and lengths[0] > 6.0):
            middle = len(lengths) // 2
            median_s = (
                lengths[middle] if len(lengths) % 2 else (lengths[middle - 1] + lengths[middle]) / 2
            )
            silent_s = (self._count - starts[-1]) * self._dt_s
            if silent_s < max(3 * median_s, 10.0):
                alike = [x for x in lengths if abs(x - median_s) <= 0.3 * median_s]
                value = 60.0 * len(alike) / sum(alike) if alike else None
                spread = sum(abs(x - median_s) for x in lengths) / len(lengths) / median_s
                quality *= min(1.0, max(0.0, 1.4 - 1.6 * spread)) * min(1.0, len(lengths) / 2)
        if value is None:
            quality = 0.0
        return self._feature("breath_rate", value, "1/min", block, quality, status, WINDOW_S)

    def _feature(
        self,
        name: str,
        value: float | None,
        unit: str,
        block: Block,
        quality: float,
        status: Status,
        window_s: float,
    ) -> Feature:
        time_s = block.time_s - self._delay_s
        return Feature(
            name, value, unit, time_s, self.stream.id, block.sample, window_s, self._delay_s,
            quality, status,
        )  # fmt: skip
