"""Body signs that end the load whatever any controller thinks: heart rate and panic."""

import math
from collections import deque

from adaptivevr.limits import Limits

HIGH_S = 15.0  # above the ceiling with a good signal (sources: C6)
HIGH_UNSURE_S = 30.0  # with a poor signal: a noisy tachycardia is not ignored (G3)
LOW_S = 10.0
QUALITY_MIN = 0.6
SPAN_S = 10.0  # means over 10 s: one slow breath, so that paced breathing is no alarm
PANIC_LEVEL, PANIC_S = 0.95, 5.0
DISTRESS_SUDS, DISTRESS_P, DISTRESS_S = 80.0, 0.9, 20.0
LOST_S = 10.0  # without a heart rate for so long, its timers start again


class Lasting:
    """How long something has been true without a break."""

    def __init__(self) -> None:
        self._since_s: float | None = None

    def update(self, now_s: float, true: bool) -> float:
        """Seconds for which it has been true, 0 when it is not."""
        self._since_s = (now_s if self._since_s is None else self._since_s) if true else None
        return 0.0 if self._since_s is None else now_s - self._since_s


class Alarms:
    """Names the alarm that is due: heart_high, heart_low, heart_drop, panic; else None.

    heart_drop is the faint of a blood or injury scene: the mean of the last 10 s lies
    `heart_drop_bpm` below the mean of one of the two spans of 10 s before it.
    """

    def __init__(self) -> None:
        self._high, self._high_good, self._low = Lasting(), Lasting(), Lasting()
        self._panic, self._distress = Lasting(), Lasting()
        self._beats: deque[tuple[float, float]] = deque(maxlen=64)
        self._seen_s: float | None = None
        self._fallen_bpm = 0.0

    def update(
        self,
        now_s: float,
        heart_bpm: float | None,
        heart_quality: float,
        arousal: float | None,
        sd: float,
        suds: float | None,
        limits: Limits,
    ) -> str | None:
        """The alarm due now, at most one."""
        return self._heart(now_s, heart_bpm, heart_quality, limits) or self._distressed(
            now_s, arousal, sd, suds, limits
        )

    def _heart(self, now_s: float, bpm: float | None, quality: float, limits: Limits) -> str | None:
        if bpm is None or not math.isfinite(bpm):
            if self._seen_s is not None and now_s - self._seen_s > LOST_S:
                self._high, self._high_good, self._low = Lasting(), Lasting(), Lasting()
            return None
        self._seen_s = now_s
        good = quality >= QUALITY_MIN
        if good and (not self._beats or now_s - self._beats[-1][0] >= 0.5):
            self._beats.append((now_s, bpm))
            self._fallen_bpm = self._drop(now_s)
        high = bpm > limits.heart_ceiling_bpm
        if (
            self._high_good.update(now_s, high and good) >= HIGH_S
            or self._high.update(now_s, high) >= HIGH_UNSURE_S
        ):
            return "heart_high"
        if self._low.update(now_s, good and bpm < limits.heart_floor_bpm) >= LOW_S:
            return "heart_low"
        return "heart_drop" if self._fallen_bpm >= limits.heart_drop_bpm else None

    def _drop(self, now_s: float) -> float:
        """The largest fall from one span to the last, 0 while a span is hardly covered."""
        means = []
        for span in range(3):
            end_s = now_s - span * SPAN_S
            rates = [bpm for at_s, bpm in self._beats if end_s - SPAN_S < at_s <= end_s]
            if len(rates) >= 5:
                means.append(sum(rates) / len(rates))
            elif not means:
                return 0.0
        return max(means) - means[0]

    def _distressed(
        self, now_s: float, arousal: float | None, sd: float, suds: float | None, limits: Limits
    ) -> str | None:
        extreme = sure = False
        if arousal is not None and 0.0 < sd <= 0.30:
            above = 0.5 * math.erfc((limits.arousal_max - arousal) / (sd * math.sqrt(2.0)))
            extreme = arousal > PANIC_LEVEL
            sure = above > DISTRESS_P and suds is not None and suds >= DISTRESS_SUDS
        panic = self._panic.update(now_s, extreme) >= PANIC_S
        distress = self._distress.update(now_s, sure) >= DISTRESS_S
        return "panic" if panic or distress else None
