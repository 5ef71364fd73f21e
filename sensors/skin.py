"""Skin conductance: level, responses, nerve drive, and how far each can be trusted.

Limits after Kleckner et al. 2018 (IEEE TBME 65:1460); features after Boucsein 2012.
"""

import math
from collections import deque
from operator import mul

from sensors.blocks import Block, Blocks
from sensors.chunk import Chunk
from sensors.feature import Feature, Status
from sensors.responses import Responses
from sensors.stream import Stream
from sensors.sudomotor import CLEARANCE_S, MEMORY_S, Sudomotor

GRID_HZ = 8.0  # faster streams are averaged down to at most this
USUAL_HZ = 4.0  # of a stream that does not tell its rate
RANGE_US = (0.05, 60.0)
SLOPE_US_PER_S = 10.0
SILENT_S = 1.0  # without a number for so long: nothing is known of now
AFTER_S = 5.0  # how long a mistake casts doubt
FLAT_S, FLAT_US = 30.0, 0.002
FROZEN_S = 12.0  # the very same number for so long is a frozen value, not a calm hand
DRIVE_S, LEVEL_S, RATE_S = 30.0, 10.0, 60.0
DRIVE_FLOOR = 0.003  # below this the drive is noise
RECOVERY_S, RECOVERY_FROM = 10, 3  # told so often, from so many responses on
RESOLVES_HZ = 2.0  # a response rises within one to three seconds: slower streams cannot show one
LN_BEND = (math.log(0.0165), math.log(0.3))  # ln uS, the median second difference of noise
USUAL_LEVEL = 5.0  # a stream of unknown unit is scaled to start here


class Skin:
    """Streaming skin conductance from 4 Hz wrist devices to 1 kHz amplifiers.

    `tonic` and `phasic` (uS, at most 8 Hz), `ln_scl` (ln uS, mean of 10 s), `ln_drive` (ln uS,
    mean sudomotor drive of 30 s), `scr_rate` (1/min, last minute), each second; `scr` (uS) once
    a response is decided, at most 2 s after its onset. `recovery` (s), every ten seconds from
    the third response on (`scr`, `scr_rate` and `recovery` from 2 Hz on: slower streams have level
    and drive only): roughly the time constant with which this person's responses fade
    (`sudomotor.recovery_s` measures it from a calibration). A stream without a known unit is
    scaled to a usual level first and says RELATIVE.
    recovery_s: this person's own recovery, from calibration; if None it is found on the way.
    """

    def __init__(self, stream: Stream, recovery_s: float | None = None) -> None:
        self.stream = stream
        self.recovery_s = recovery_s
        self._rate_hz = stream.rate_hz or USUAL_HZ
        size = max(1, math.ceil(self._rate_hz / GRID_HZ - 1e-9))
        self._blocks = Blocks(stream, size, self._rate_hz)
        self._scale = 1.0
        self._begin(self._rate_hz)

    def update(self, chunk: Chunk) -> tuple[Feature, ...]:
        """The features that exist after these samples."""
        features: list[Feature] = []
        for block in self._blocks.take(chunk):
            if block.reset:
                self._begin(block.rate_hz)
            features.extend(self._advance(block))
        return tuple(features)

    def _begin(self, rate_hz: float) -> None:
        self._dt_s = self._blocks.size / rate_hz
        self._delay_s = (self._blocks.size - 1) / 2 / rate_hz
        per_s = 1.0 / self._dt_s
        self._hop = max(1, round(per_s))
        self._resolves = rate_hz >= RESOLVES_HZ
        known = self.recovery_s
        times = (0.85 * known, known, 1.2 * known) if known else CLEARANCE_S
        self._sudomotor = Sudomotor(self._dt_s, clearances_s=times)
        self._responses = Responses(self._dt_s)
        self._drift = 0.0  # what the slope of the level has added, which is no response
        self._noise = 1e-4
        self._ln_bend = math.log(1.65 * 0.01)  # median second difference of 10 nS noise
        self._count = 0
        self._silent = 0  # blocks without a number, in a row
        self._doubt = 0  # blocks still under doubt
        self._trust = 1.0
        self._status = Status.OK
        self._scr_sum = 0.0
        self._scr_count = 0
        self._last: deque[float] = deque(maxlen=3)
        self._levels: deque[float] = deque(maxlen=max(2, round(LEVEL_S * per_s)))
        self._drives: deque[float] = deque(maxlen=max(2, round(DRIVE_S * per_s)))
        self._trusts: deque[float] = deque(maxlen=max(2, round(DRIVE_S * per_s)))
        self._raw: deque[float] = deque(maxlen=max(3, round(FLAT_S * per_s)))
        self._bends: deque[float] = deque(maxlen=max(3, round(2 * per_s)))
        self._first: list[float] = []
        self._flat = False
        self._same = 0
        self._jumped = False  # the level is to be taken anew

    def _advance(self, block: Block) -> list[Feature]:
        values = block.values[:, 0].tolist()
        good = [value for value in values if value == value]  # what is no number is not equal
        self._count += 1
        self._scr_sum *= math.exp(-(self._dt_s + block.gap_s) / RATE_S)
        if block.gap_s > 1.0:
            self._resume(block.gap_s)
        trust = len(good) / len(values) * max(0.0, 1.0 - block.dropped / len(values))
        level = self._scaled(sum(good) / len(good)) if good else None
        if level is None and good:
            return []  # a stream without a unit still shows its usual level
        if level is None:
            self._skip()
            return self._slow(block) if self._count % self._hop == 0 else []
        if self._silent * self._dt_s > SILENT_S:
            self._resume(0.0)
        self._silent = 0
        trust = self._judge(level, trust)
        drive, phasic, tonic = self._sudomotor.update(level)
        self._levels.append(level if trust > 0 else math.nan)
        self._drives.append(drive if trust > 0 else math.nan)
        self._trusts.append(trust)
        early = self._count * self._dt_s < LEVEL_S
        features = [
            self._feature("tonic", tonic, self._unit, block, trust, early=early),
            self._feature("phasic", phasic, self._unit, block, trust, early=early),
        ]
        self._drift += self._sudomotor.slope * self._dt_s
        for response in self._responses.update(level - self._drift):
            if trust >= 0.3 and self._resolves:
                self._scr_sum += math.exp(-response.age_s / RATE_S)
                self._scr_count += 1
                features.append(self._scr(block, response.age_s, response.amplitude, trust))
        if self._count % self._hop == 0:
            features.extend(self._slow(block))
        return features

    @property
    def _unit(self) -> str:
        return "relative" if self.stream.relative else "uS"

    def _scaled(self, value: float) -> float | None:
        """In microsiemens; of a stream without unit, in parts of its own first level."""
        if not self.stream.relative:
            return value
        if len(self._first) < 2.0 / self._dt_s:
            self._first.append(abs(value))
            middle = sorted(self._first)[len(self._first) // 2]
            if len(self._first) < 2.0 / self._dt_s or middle == 0.0:
                self._first = self._first if middle else []
                return None
            self._scale = USUAL_LEVEL / middle
        return value * self._scale

    def _resume(self, gap_s: float) -> None:
        """After a hole: what was going on has died away, the level is what it is."""
        self._sudomotor.skip(gap_s)
        self._responses.clear()
        self._last.clear()
        self._raw.clear()
        self._bends.clear()
        self._suspect(Status.GAP, 0.3)
        self._jumped = True

    def _skip(self) -> None:
        self._silent += 1
        self._sudomotor.skip(self._dt_s)
        self._levels.append(math.nan)
        self._drives.append(math.nan)
        self._trusts.append(0.0)

    def _suspect(self, status: Status, trust: float) -> None:
        if self._doubt == 0 or trust <= self._trust:
            self._trust, self._status = trust, status
        self._doubt = round(AFTER_S / self._dt_s)

    def _judge(self, level: float, trust: float) -> float:
        """How far this sample can be believed, and why not."""
        if self._doubt:
            self._doubt -= 1
        if self._doubt == 0:
            self._trust, self._status = 1.0, Status.OK
        self._same = self._same + 1 if self._last and level == self._last[-1] else 0
        self._last.append(level)
        self._raw.append(level)
        if not self.stream.relative and level > RANGE_US[1]:
            self._suspect(Status.CLIPPED, 0.0)
        elif level < RANGE_US[0]:
            self._suspect(Status.DETACHED, 0.0)
        if len(self._last) > 1:
            self._jump(level)
        if len(self._last) > 2:
            self._bend()
        if self._count % self._hop == 0:
            full = len(self._raw) == self._raw.maxlen
            self._flat = full and max(self._raw) - min(self._raw) < 3 * FLAT_US
            self._flat |= self._same * self._dt_s > FROZEN_S
        if self._flat:
            self._trust, self._status = min(self._trust, 0.1), Status.FLAT
            self._doubt = max(self._doubt, 1)
        if self._jumped:
            self._jumped = False
            self._sudomotor.level_at(level)
        return min(trust, self._trust)

    def _jump(self, level: float) -> None:
        """Steps that no sweat gland makes: a lost or touched electrode."""
        before = self._last[-2]
        if abs(level - before) / self._dt_s > SLOPE_US_PER_S:
            self._suspect(Status.NOISY, 0.0)
        back = self._last[0] if self._dt_s < 0.2 else before
        step = abs(level - back)
        if step > 0.2 * max(back, 0.0) and step > 0.5:
            self._suspect(Status.DETACHED, 0.2)
            self._jumped = True
            self._responses.clear()

    def _bend(self) -> None:
        """Second differences tell the sensor's noise, and movement when they swell."""
        a, b, c = self._last
        bend = abs(c - 2 * b + a)
        self._bends.append(bend)
        self._ln_bend += 0.03 if bend > math.exp(self._ln_bend) else -0.03
        self._ln_bend = min(max(self._ln_bend, LN_BEND[0]), LN_BEND[1])
        sigma = math.exp(self._ln_bend) / 1.65
        if not self._noise / 3 < sigma * sigma < self._noise * 3:
            self._noise *= 4.0 if sigma * sigma > self._noise else 0.25
            self._noise = max(self._noise, 1e-4)
            self._sudomotor.set_noise(self._noise)
            self._responses.set_noise(self._noise)
        if len(self._bends) == self._bends.maxlen:
            size = math.sqrt(sum(map(mul, self._bends, self._bends)) / len(self._bends))
            if size > 5 * 2.45 * sigma:
                self._suspect(Status.NOISY, 0.3)

    def _slow(self, block: Block) -> list[Feature]:
        """What is told once a second."""
        level, share = _mean(self._levels)
        drive, drive_share = _mean(self._drives)
        trusts = list(self._trusts)
        recent = trusts[-(self._levels.maxlen or 1) :]
        seconds = self._count * self._dt_s
        if self._flat:  # nobody knows since when it means nothing
            trusts = recent = [0.1]
        if self._silent * self._dt_s > SILENT_S:  # a mean of what was is not what is
            trusts = recent = [0.0]
        features = []
        if seconds >= LEVEL_S / 2:
            value = math.log(level) if share >= 0.5 and level > 0 else None
            trust = sum(recent) / len(recent) * min(1.0, seconds / LEVEL_S)
            unit = f"ln {self._unit}"
            early = seconds < LEVEL_S
            features.append(
                self._feature("ln_scl", value, unit, block, trust, LEVEL_S, early=early)
            )
        if seconds >= LEVEL_S:
            value = math.log(max(drive, DRIVE_FLOOR)) if drive_share >= 0.5 else None
            trust = sum(trusts) / len(trusts) * min(1.0, seconds / DRIVE_S)
            unit = f"ln {self._unit}"
            early = seconds < DRIVE_S
            features.append(
                self._feature("ln_drive", value, unit, block, trust, DRIVE_S, early=early)
            )
            rate = self._scr_sum / (1 - math.exp(-seconds / RATE_S)) * (60.0 / RATE_S)
            rated = rate if drive_share >= 0.5 and self._resolves else None
            early = seconds < RATE_S
            features.append(
                self._feature("scr_rate", rated, "1/min", block, trust, RATE_S, 2.0, early=early)
            )
        if self._scr_count >= RECOVERY_FROM and self._count % (RECOVERY_S * self._hop) == 0:
            value = self._sudomotor.clearance_s
            features.append(self._feature("recovery", value, "s", block, trust, MEMORY_S))
        return features

    def _feature(
        self,
        name: str,
        value: float | None,
        unit: str,
        block: Block,
        trust: float,
        window_s: float = 0.0,
        lag_s: float = 0.0,
        early: bool = False,
    ) -> Feature:
        delay_s = self._delay_s + lag_s
        status = self._status
        if self._silent:
            status = Status.DETACHED if self._silent * self._dt_s > 1.0 else Status.NOISY
        if status is Status.OK and early:
            status = Status.SETTLING
        if status is Status.OK and self.stream.relative:
            status = Status.RELATIVE
        quality = 0.0 if value is None else trust
        time_s = block.time_s - delay_s
        return Feature(
            name, value, unit, time_s, self.stream.id, block.sample, window_s, delay_s, quality,
            status,
        )  # fmt: skip

    def _scr(self, block: Block, age_s: float, amplitude: float, trust: float) -> Feature:
        return self._feature("scr", amplitude, self._unit, block, trust, 20.0, age_s)


def _mean(values: deque[float]) -> tuple[float, float]:
    """The mean of what is there, and which share that is."""
    good = [v for v in values if v == v]
    return (sum(good) / len(good), len(good) / len(values)) if good else (0.0, 0.0)
