"""How much somebody moves: what makes other sensors noisy, and never a sign of fear."""

import math
from collections import deque

from sensors.blocks import Block, Blocks, Floats
from sensors.chunk import Chunk
from sensors.feature import Feature, Status
from sensors.iir import Hold, Sos, bandpass
from sensors.stream import Stream

WINDOW_S = 5.0
EVERY_S = 0.5
BAND_HZ = (0.2, 5.0)
USUAL_HZ = 50.0
SETTLE_S = 2.0  # the band-pass forgets its start in about this time
FLAT_BLOCKS = 4


class Motion:
    """Root mean square of acceleration, 0.2-5 Hz, over five seconds, all axes together.

    `motion` in g at 2 Hz. Gravity is taken out by the filter; the first sample seeds it. A
    stream without a known unit is scaled so that its first two seconds have the length 1 (at
    rest gravity is all there is) and says RELATIVE.
    """

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        rate_hz = stream.rate_hz or USUAL_HZ
        self._blocks = Blocks(stream, max(1, round(rate_hz * EVERY_S)), rate_hz)
        self._begin(rate_hz)

    def _begin(self, rate_hz: float) -> None:
        high_hz = min(BAND_HZ[1], 0.4 * rate_hz)
        band = bandpass(1, BAND_HZ[0], high_hz, rate_hz) if high_hz > BAND_HZ[0] else None
        self._filter = Sos(band) if band is not None else None
        self._hold = Hold()
        self._block_s = self._blocks.size / rate_hz
        length = max(1, round(WINDOW_S / self._block_s))
        self._powers: deque[float] = deque(maxlen=length)
        self._trusts: deque[float] = deque(maxlen=length)
        self._lengths: list[float] = []
        self._scale = 1.0
        self._still = 0
        self._count = 0

    def update(self, chunk: Chunk) -> tuple[Feature, ...]:
        """The features that exist after these samples."""
        features = []
        for block in self._blocks.take(chunk):
            if block.reset:
                self._begin(block.rate_hz)
            if self._filter is not None:
                features.append(self._advance(block, self._filter))
        return tuple(features)

    def _advance(self, block: Block, band: Sos) -> Feature:
        if block.gap_s > 1.0:
            band.reset()
            self._count = 0
        values, bad = self._hold.update(block.values)
        self._count += 1
        moving = band.update(values)
        n = len(values)
        power = float((moving * moving).sum()) / n
        still = bool((values == values[0]).all())
        self._still = self._still + 1 if still and not bad.any() else 0
        self._learn(values)
        settled = self._count * self._block_s > SETTLE_S
        good = 1.0 - float(bad.any(axis=1).sum()) / n
        good *= max(0.0, 1.0 - block.dropped / n) * (0.5 if block.gap_s else 1.0)
        self._powers.append(power)
        self._trusts.append(good if settled else 0.5 * good)
        status, quality = self._state(block, settled)
        known = good > 0 or max(self._trusts) > 0
        mean = sum(self._powers) / len(self._powers)
        value = math.sqrt(mean) * self._scale if known else None
        return Feature(
            "motion",
            value,
            "relative" if self.stream.relative else "g",
            block.time_s,
            self.stream.id,
            block.sample,
            WINDOW_S,
            0.0,
            quality if known else 0.0,
            status,
        )

    def _learn(self, values: Floats) -> None:
        """Of unknown units: what the sensor shows at first is taken for 1 g."""
        if not self.stream.relative or len(self._lengths) * self._block_s >= 2.0:
            return
        self._lengths.append(math.sqrt(float((values * values).sum()) / len(values)))
        middle = sorted(self._lengths)[len(self._lengths) // 2]
        self._scale = 1.0 / middle if middle > 0 else 1.0

    def _state(self, block: Block, settled: bool) -> tuple[Status, float]:
        quality = sum(self._trusts) / len(self._trusts)
        if self._still >= FLAT_BLOCKS:
            return Status.FLAT, 0.0
        if block.gap_s > 0:
            return Status.GAP, quality
        if quality < 0.5 and settled:
            return Status.NOISY, quality
        if not settled or len(self._powers) < (self._powers.maxlen or 1):
            return Status.SETTLING, quality * len(self._powers) / (self._powers.maxlen or 1)
        return (Status.RELATIVE if self.stream.relative else Status.OK), quality
