"""What a run of beats says about the heart, as features, whatever the beats come from."""

from collections import deque

from sensors import coherence, surrogate
from sensors.feature import Feature, Status
from sensors.quality import graded
from sensors.rhythm import Rhythm, Span, middle
from sensors.stream import Stream

WINDOW_S = 30.0
BELIEVED = 0.3  # the quality from which on an interval may enter means and variability
SILENT_S = 3.0  # no interval is longer; after it the rates are not known


class Rates:
    """Features of a run of beats, whatever they come from."""

    def __init__(self, stream: Stream, variability: str) -> None:
        self._stream, self._variability = stream, variability
        self.restart()

    def restart(self) -> None:
        self._rhythm = Rhythm()
        self._tachogram = coherence.Tachogram()
        self._recent: list[float] = []
        self._qualities: deque[tuple[float, float]] = deque()

    def beat(
        self,
        time_s: float,
        interval_s: float | None,
        sample: int,
        latency_s: float,
        quality: float,
        status: Status,
    ) -> list[Feature]:
        """All features that exist after this beat."""
        # An interval nobody can vouch for must not linger in a mean of 30 s.
        believed = interval_s if quality >= BELIEVED else None
        span = self._rhythm.update(time_s, believed)
        self._qualities.append((time_s, quality))
        while self._qualities[0][0] < time_s - WINDOW_S:
            self._qualities.popleft()
        lasting = sum([q for _, q in self._qualities]) / len(self._qualities)
        if interval_s is not None:
            self._recent = [*self._recent[-4:], interval_s]

        def feature(
            name: str, value: float | None, unit: str, window_s: float, q: float, why: Status
        ) -> Feature:
            return Feature(
                name, value, unit, time_s, self._stream.id, sample, window_s, latency_s, q, why
            )

        settling = Status.SETTLING
        fast = 60 / middle(self._recent) if len(self._recent) >= 3 else None
        rate_status = status if span.covered_s > 20 or status is not Status.OK else settling
        rate_quality = min(quality, lasting) * graded(span.good, 0.3, 0.8)
        spread_quality, spread_status = self._spread(span, quality, status)
        beat_status = settling if interval_s is None and status is Status.OK else status
        fast_status = settling if fast is None and status is Status.OK else status
        result = [
            feature("beat", interval_s, "s", interval_s or 0.0, quality, beat_status),
            feature("heart_rate_fast", fast, "bpm", sum(self._recent), quality, fast_status),
            feature("heart_rate", span.rate_bpm, "bpm", 30.0, rate_quality, rate_status),
            feature(self._variability, span.ln_rmssd, "ln ms", 30.0, spread_quality, spread_status),
            feature("rsa", span.rsa_ms, "ms", 10.0, spread_quality, spread_status),
        ]
        told = [
            f if f.value is not None or f.name == "beat" else _nothing(f)
            for f in result
            if f.value is not None or f.name in ("beat", "heart_rate_fast", "heart_rate")
        ]
        trust = (0.0, Status.IRREGULAR) if span.irregular else (min(quality, lasting), status)
        return told + self._swings(time_s, sample, latency_s, *trust)

    def _swings(
        self, now_s: float, sample: int, latency_s: float, quality: float, status: Status
    ) -> list[Feature]:
        """What slow swings of the intervals tell, each 5 s: coherence and a guess of breathing."""
        due = self._tachogram.update(self._rhythm.judged)
        if due is None:
            return []
        time_s, series = due
        score, rate, clear = None, None, 0.0
        if series is None:
            quality, status = 0.0, Status.SETTLING if status is Status.OK else status
        else:
            quality *= series.quality
            score = coherence.coherence(series.values)
            rate, clear = surrogate.breathing(series.last(surrogate.WINDOW_S))
        latency_s += max(0.0, now_s - time_s)
        return [
            Feature(
                name, value, unit, time_s, self._stream.id, sample, window_s, latency_s, q, status
            )
            for name, value, unit, window_s, q in (
                ("coherence", score, "", coherence.WINDOW_S, quality),
                ("breath_rate_rsa", rate, "1/min", surrogate.WINDOW_S, quality * clear),
            )
        ]

    def _spread(self, span: Span, quality: float, status: Status) -> tuple[float, Status]:
        if span.irregular:
            return 0.0, Status.IRREGULAR
        usable = quality * graded(span.good, 0.7, 0.95)
        if status is Status.OK and span.covered_s <= 20:
            return usable, Status.SETTLING
        return usable, status

    def silent(self, time_s: float, sample: int, status: Status) -> list[Feature]:
        """No beat for too long: the rates are not known."""
        self._recent = []
        return [
            Feature(name, None, "bpm", time_s, self._stream.id, sample, 0.0, 0.0, 0.0, status)
            for name in ("heart_rate_fast", "heart_rate")
        ]


def _nothing(feature: Feature) -> Feature:
    return Feature(
        feature.name, None, feature.unit, feature.time_s, feature.stream, feature.sample,
        feature.window_s, feature.latency_s, 0.0, feature.status,
    )  # fmt: skip
