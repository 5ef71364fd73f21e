"""Which extractor turns which kind of stream into features. Nothing else lives here."""

from collections.abc import Callable
from importlib import import_module

from sensors.source import Extractor
from sensors.stream import Kind, Stream

Maker = Callable[[Stream], Extractor]


def _later(module: str, name: str) -> Maker:
    """The class, imported when the first stream of its kind comes: start-up stays quick."""

    def make(stream: Stream) -> Extractor:
        extractor: Extractor = getattr(import_module(module), name)(stream)
        return extractor

    return make


EXTRACTORS: dict[Kind, Maker] = {
    Kind.ECG: _later("sensors.heart", "Ecg"),
    Kind.PPG: _later("sensors.spectrum", "Pulse"),
    Kind.RR: _later("sensors.heart", "Intervals"),
    Kind.EDA: _later("sensors.skin", "Skin"),
    Kind.EEG: _later("sensors.brain", "Brain"),
    Kind.BREATH: _later("sensors.breath", "Breath"),
    Kind.MOTION: _later("sensors.motion", "Motion"),
}
"""Poses and markers have none: they are recorded, not measured."""
