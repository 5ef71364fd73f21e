"""Which extractor turns which kind of stream into features. Nothing else lives here."""

from importlib import import_module
from typing import Protocol

from sensors.personal import NOBODY, Personal
from sensors.source import Extractor
from sensors.stream import Kind, Stream


class Maker(Protocol):
    """Makes the extractor of a stream, for this person if anything is known of them."""

    def __call__(self, stream: Stream, personal: Personal = NOBODY) -> Extractor:
        """The extractor."""
        ...


def _later(module: str, name: str) -> Maker:
    """The class, imported when the first stream of its kind comes: start-up stays quick."""

    def make(stream: Stream, personal: Personal = NOBODY) -> Extractor:
        extractor: Extractor = getattr(import_module(module), name)(stream)
        return extractor

    return make


def _skin(stream: Stream, personal: Personal = NOBODY) -> Extractor:
    from sensors.skin import Skin

    return Skin(stream, recovery_s=personal.recovery_s)


def _brain(stream: Stream, personal: Personal = NOBODY) -> Extractor:
    from sensors.alpha import personal as band
    from sensors.brain import Brain

    return Brain(stream, alpha_hz=band(personal.alpha_hz))


EXTRACTORS: dict[Kind, Maker] = {
    Kind.ECG: _later("sensors.heart", "Ecg"),
    Kind.PPG: _later("sensors.spectrum", "Pulse"),
    Kind.RR: _later("sensors.heart", "Intervals"),
    Kind.EDA: _skin,
    Kind.EEG: _brain,
    Kind.BREATH: _later("sensors.breath", "Breath"),
    Kind.MOTION: _later("sensors.motion", "Motion"),
}
"""Poses and markers have none: they are recorded, not measured."""
