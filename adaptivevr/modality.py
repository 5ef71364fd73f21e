"""Which body system a protocol asks for, and how long ago it last gave something usable."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf, nan

from sensors.chunk import Chunk
from sensors.feature import Feature, Status
from sensors.stream import Kind

MODALITIES: dict[str, tuple[Kind, ...]] = {
    "heart": (Kind.ECG, Kind.PPG, Kind.RR),
    "skin": (Kind.EDA,),
    "brain": (Kind.EEG,),
    "breath": (Kind.BREATH,),
}
_OF_KIND = {kind: name for name, kinds in MODALITIES.items() for kind in kinds}
USABLE_QUALITY = 0.5
FROZEN_S = 5.0  # skin that shows the very same number for longer is stale (sources: G4)
FROZEN = (Status.FLAT, Status.CLIPPED, Status.DETACHED)


def modality(kind: Kind) -> str | None:
    """The body system a kind of stream belongs to.

    >>> modality(Kind.PPG)
    'heart'
    """
    return _OF_KIND.get(kind)


RATES = ("heart_rate_fast", "breath_rate")  # what alarms look at


@dataclass(frozen=True, slots=True)
class Heart:
    """The newest fast heart rate and how good it is; bpm None when unknown or old."""

    bpm: float | None
    quality: float


class Modalities:
    """Remembers, per body system, when a usable value was last true of the body."""

    def __init__(self) -> None:
        self._usable: dict[str, tuple[float, float]] = {}  # until when it was known, quality
        self._rates: dict[str, tuple[float, float, float]] = {}  # when, value, quality
        self._same: dict[str, tuple[float, float, float]] = {}  # value, since when, until when

    def update(
        self,
        now_s: float,
        features: Sequence[Feature],
        kinds: dict[str, Kind],
        entered: Sequence[Chunk] = (),
    ) -> None:
        """Takes the features of one tick and the samples that entered; kinds maps stream ids."""
        for chunk in entered:
            if chunk.stream.kind is Kind.EDA:
                self._watch(chunk)
        for feature in features:
            _, since_s, until_s = self._same.get(feature.stream, (0.0, 0.0, 0.0))
            if until_s - since_s > FROZEN_S:
                continue
            kind = kinds.get(feature.stream)
            name = modality(kind) if kind is not None else None
            if name is None or feature.value is None or feature.status in FROZEN:
                continue
            known_s = min(feature.time_s + feature.latency_s, now_s)
            if feature.quality >= USABLE_QUALITY:
                self._usable[name] = (known_s, feature.quality)
            if feature.name in RATES:
                self._rates[feature.name] = (known_s, feature.value, feature.quality)

    def _watch(self, chunk: Chunk) -> None:
        """Since when the skin's raw number has not moved; what is no number moves nothing."""
        value, since_s, until_s = self._same.get(chunk.stream.id, (nan, -inf, -inf))
        for time_s, now in zip(chunk.time_s.tolist(), chunk.numbers[:, 0].tolist(), strict=True):
            if now != value and now == now:
                value, since_s = now, time_s
            until_s = time_s
        self._same[chunk.stream.id] = (value, since_s, until_s)

    def age_s(self, now_s: float, names: Iterable[str]) -> float | None:
        """Seconds since any of these last gave a usable value, None when none ever did."""
        ages = [now_s - self._usable[n][0] for n in names if n in self._usable]
        return max(0.0, min(ages)) if ages else None

    def heart(self, now_s: float, within_s: float = 5.0) -> Heart:
        """The heart rate as it stands."""
        return Heart(*self._rate("heart_rate_fast", now_s, within_s))

    def breath(self, now_s: float, within_s: float = 5.0) -> tuple[float | None, float]:
        """Breaths a minute from a sensor of breathing, None when unknown or old; its quality."""
        return self._rate("breath_rate", now_s, within_s)

    def _rate(self, name: str, now_s: float, within_s: float) -> tuple[float | None, float]:
        at_s, value, quality = self._rates.get(name, (-inf, 0.0, 0.0))
        return (value, quality) if now_s - at_s <= within_s else (None, 0.0)
