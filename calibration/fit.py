"""Whether every sensor sits well, told from what it sends, with the channel and the reason."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from sensors.feature import Feature, Status

GOOD_QUALITY = 0.5
LOOK_S = 15.0
"""Sighs, blinks and a clenched jaw lie further back than this when the check ends."""
COVERS_S = 2.0
SILENT_S = 6.0
MANY_CHANNELS = 8
SPARE_SHARE = 0.2
"""Of more than eight channels a fifth may be bad; of fewer none."""
CHANNEL = "contact."

_KEYS = {
    "heart_rate_fast": ("The heart sensor", 0.8, "wet or press the chest or finger sensor"),
    "phasic": ("The skin sensor", 0.8, "press the skin electrodes on, or change them"),
    "ln_alpha": ("The EEG", 0.6, "wet or press the electrodes and relax the jaw"),
    "breath": ("The breathing belt", 0.6, "tighten the belt a little"),
}
"""The feature that tells how each kind of sensor does: its name, the share that must be good,
what to do. An EEG may lose more than others (sources: D)."""

_WHY = {
    Status.FLAT: "its signal is flat, as when it is off the skin",
    Status.DETACHED: "it seems to be off the skin",
    Status.CLIPPED: "its signal is cut off at the limit",
    Status.NOISY: "its signal is noisy",
    Status.GAP: "its data come with holes",
    Status.IRREGULAR: "beats come irregularly, or contact is poor",
}


@dataclass(frozen=True, slots=True)
class _Reading:
    time_s: float
    good: bool
    status: Status


class Fit:
    """Watches the last 15 s of every sensor; `findings` says what has to be put right."""

    def __init__(self) -> None:
        self._now_s = 0.0
        self._readings: dict[tuple[str, str], list[_Reading]] = {}
        self._contacts: dict[tuple[str, str], list[tuple[float, float]]] = {}

    def update(self, now_s: float, features: Sequence[Feature]) -> None:
        """Takes the features that came by now_s."""
        self._now_s = now_s
        for feature in features:
            if feature.name.startswith(CHANNEL):
                channel = (feature.stream, feature.name[len(CHANNEL) :])
                kept = self._contacts.setdefault(channel, [])
                kept.append((feature.time_s, feature.value or 0.0))
                del kept[: -round(LOOK_S)]
            elif feature.name in _KEYS:
                self._take(feature)

    def _take(self, feature: Feature) -> None:
        value = feature.value
        good = value is not None and isfinite(value) and feature.quality >= GOOD_QUALITY
        kept = self._readings.setdefault((feature.name, feature.stream), [])
        kept.append(_Reading(feature.time_s, good, feature.status))
        while kept[0].time_s < feature.time_s - LOOK_S - COVERS_S:
            del kept[0]

    def findings(self) -> tuple[str, ...]:
        """One sentence for every sensor or channel that is not good enough; empty when all are."""
        if not self._readings:
            return (
                "A calibration needs a heart, skin or EEG sensor, none sends anything usable: "
                "switch one on and check that it streams.",
            )
        sentences = []
        for (name, stream), readings in self._readings.items():
            channels = self._channels(stream) if name == "ln_alpha" else []
            sentences += channels or self._sensor(name, stream, readings)
        return tuple(sentences)

    def _sensor(self, name: str, stream: str, readings: list[_Reading]) -> list[str]:
        title, least, remedy = _KEYS[name]
        silent_s = self._now_s - readings[-1].time_s
        if silent_s > SILENT_S:
            return [
                f"{title} ({stream}) must send all the time, nothing came for {silent_s:.0f} s: "
                "check that it is on and in reach."
            ]
        share = self._share(readings)
        if share >= least:
            return []
        bad = Counter(r.status for r in readings if not r.good)
        why = next((_WHY[s] for s, _ in bad.most_common() if s in _WHY), "its quality is poor")
        return [
            f"{title} ({stream}) must be good {least:.0%} of the time, it was {share:.0%}, "
            f"{why}: {remedy}."
        ]

    def _share(self, readings: list[_Reading]) -> float:
        """Share of the last 15 s for which a good reading vouches."""
        start_s = readings[-1].time_s - LOOK_S
        good_s = all_s = 0.0
        for reading, after in zip(readings, [*readings[1:], None], strict=True):
            until_s = after.time_s if after is not None else self._now_s
            from_s = max(reading.time_s, start_s)
            lasted_s = max(0.0, min(until_s, reading.time_s + COVERS_S) - from_s)
            good_s += lasted_s if reading.good else 0.0
            all_s += max(0.0, until_s - from_s)
        return good_s / all_s if all_s > 0.0 else float(readings[-1].good)

    def _channels(self, stream: str) -> list[str]:
        """The EEG channels without contact, by name, when they are too many to go on."""
        shares = {
            channel: sum(value for _, value in kept) / len(kept)
            for (owner, channel), kept in self._contacts.items()
            if owner == stream
        }
        bad = {channel: share for channel, share in shares.items() if share < 0.6}
        spare = int(SPARE_SHARE * len(shares)) if len(shares) > MANY_CHANNELS else 0
        if len(bad) <= spare:
            return []
        named = ", ".join(f"{channel} ({share:.0%})" for channel, share in bad.items())
        return [
            f"Every EEG channel of {stream} must have contact 60% of the time, {named} had not: "
            "wet or press these electrodes and relax the jaw."
        ]
