"""Heart rate from the spectrum of a pulse wave, where single beats cannot be told apart.

At a moving wrist a beat detector is right for two readings in five; the spectrum of ten seconds
still shows the rate. Every second a belief over all rates (40 to 200 beats/min) spreads a
little, as a heart can change, and is weighed with the spectrum and its second harmonic: a
histogram filter, after the idea of spectral peak tracking (Zhang 2015, TROIKA). Its spread is an
honest quality: a comb of motion makes it wide, it is never one confident peak.
"""

from collections import deque

import numpy as np
import numpy.typing as npt

from sensors.blocks import Block, Blocks
from sensors.chunk import Chunk
from sensors.feature import Feature, Status
from sensors.heart import Ppg
from sensors.iir import Hold
from sensors.quality import graded
from sensors.stream import Stream

Floats = npt.NDArray[np.float64]

WINDOW_S = 10
RATES_BPM = np.arange(40.0, 201.0)
USUAL_BPM, USUAL_SD_BPM = 75.0, 25.0
WALK_BPM = 2.0
"""A heart at rest or in fear changes by about this much in a second (one standard deviation)."""
LEAP = 1e-5
HARMONIC = 0.5
TEMPER = 0.5
"""Neighbouring windows share nine seconds: each may count for no more than the root."""
DOUBT = 0.3
"""A rate without any power may still be true."""
SURE_BPM, LOST_BPM = 2.0, 10.0
"""Spread of the belief at which the rate is taken as sure, and as unknown."""
BINS = 4096


class PulseRate:
    """`pulse_rate` (bpm) once a second from the last ten seconds of a pulse wave.

    Any amplitude, polarity and rate from 20 Hz on. time_s is the middle of the window.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._blocks = Blocks(stream, max(1, round(stream.rate_hz)), stream.rate_hz)
        steps = np.arange(-8.0, 9.0)
        kernel = np.exp(-0.5 * (steps / WALK_BPM) ** 2)
        self._kernel = [float(k) for k in kernel / kernel.sum()]
        self._begin()

    def _begin(self) -> None:
        self._parts: deque[Floats] = deque(maxlen=WINDOW_S)
        self._hold = Hold()
        belief = np.exp(-0.5 * ((RATES_BPM - USUAL_BPM) / USUAL_SD_BPM) ** 2)
        self._belief: Floats = belief / belief.sum()

    def update(self, chunk: Chunk) -> tuple[Feature, ...]:
        """The features that exist after these samples."""
        features = []
        for block in self._blocks.take(chunk):
            if block.reset or block.gap_s > 1.0:
                self._begin()
            made = self._advance(block)
            if made is not None:
                features.append(made)
        return tuple(features)

    def _advance(self, block: Block) -> Feature | None:
        held, bad = self._hold.update(block.values[:, :1])
        values = held[:, 0]
        values[bad[:, 0]] = values[-1]
        self._parts.append(values)
        self._spread()
        if len(self._parts) < WINDOW_S:
            return None
        power = self._power(np.concatenate(self._parts), block.rate_hz)
        if power is None:
            return self._feature(block, None, 0.0, Status.FLAT)
        self._belief = self._belief * (power + DOUBT) ** TEMPER
        self._belief = self._belief / self._belief.sum()
        mean = float((self._belief * RATES_BPM).sum())
        spread = float((self._belief * (RATES_BPM - mean) ** 2).sum()) ** 0.5
        quality = graded(spread, LOST_BPM, SURE_BPM) * (1.0 - float(bad.mean()))
        return self._feature(block, mean, quality, Status.OK if quality >= 0.5 else Status.NOISY)

    def _spread(self) -> None:
        """Lets a second pass: the rate may have changed a little, or leapt."""
        reach = len(self._kernel) // 2
        padded = np.pad(self._belief, reach)
        moved = np.full(len(self._belief), LEAP)
        for place, weight in enumerate(self._kernel):  # shifted sums: the same bits on every core
            moved += weight * padded[place : place + len(moved)]
        self._belief = moved / moved.sum()

    def _power(self, values: Floats, rate_hz: float) -> Floats | None:
        """How strong each rate is in the window, 1 on average; None where nothing pulses."""
        steps = np.diff(values)
        steps = steps - steps.mean()
        if not steps.any():
            return None
        power = np.abs(np.fft.rfft(steps * np.hanning(len(steps)), BINS)) ** 2
        bpm = np.arange(len(power)) * (60.0 * rate_hz / BINS)
        found = np.interp(RATES_BPM, bpm, power)
        found += HARMONIC * np.interp(2.0 * RATES_BPM, bpm, power)
        total = float(found.sum())
        return found * (len(found) / total) if 0.0 < total < np.inf else None

    def _feature(self, block: Block, bpm: float | None, quality: float, status: Status) -> Feature:
        half_s = WINDOW_S / 2
        return Feature(
            "pulse_rate", bpm, "bpm", block.time_s - half_s, self._stream.id, block.sample,
            float(WINDOW_S), half_s, quality, status,
        )  # fmt: skip


class Pulse:
    """Everything a pulse wave tells: the features of its beats, and `pulse_rate`."""

    def __init__(self, stream: Stream) -> None:
        self._beats, self._rate = Ppg(stream), PulseRate(stream)

    def update(self, chunk: Chunk) -> tuple[Feature, ...]:
        """The features that exist after these samples, in the order in which they exist."""
        found = (*self._beats.update(chunk), *self._rate.update(chunk))
        return tuple(sorted(found, key=lambda feature: feature.sample))

    def finish(self) -> tuple[Feature, ...]:
        """At the end of a recording: the beats that still waited."""
        return self._beats.finish()
