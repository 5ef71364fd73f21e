"""What a sender declares reaches the features: resistance as conductance, bare milliseconds."""

import numpy as np
import pytest

from sensors.chunk import Chunk
from sensors.extractors import EXTRACTORS
from sensors.role import Seen, understand
from sensors.stream import Stream


def taken(seen: Seen) -> Stream:
    stream = understand(seen)
    assert isinstance(stream, Stream)
    return stream


def test_a_skin_sensor_in_kiloohm_gives_microsiemens() -> None:
    stream = taken(Seen("band", "GSR", 8.0, 1, units=("kOhm",)))
    stamps = np.arange(240) / 8.0
    values = np.full((240, 1), 200.0) + 0.05 * np.sin(stamps)[:, None]
    features = EXTRACTORS[stream.kind](stream).update(Chunk(stream, stamps, 0.0, values))
    level = [f.value for f in features if f.name == "tonic" and f.value is not None][-1]
    assert level == pytest.approx(5.0, abs=0.1)


@pytest.mark.parametrize(("units", "beat"), [(("ms",), 800.0), ((), 800.0), ((), 0.8)])
def test_intervals_with_and_without_a_unit(units: tuple[str, ...], beat: float) -> None:
    stream = taken(Seen("strap", "RR", 0.0, 1, units=units))
    stamps = np.arange(60) * 0.8
    chunk = Chunk(stream, stamps, 0.0, np.full((60, 1), beat))
    features = EXTRACTORS[stream.kind](stream).update(chunk)
    rates = [f.value for f in features if f.unit == "bpm" and f.value is not None]
    assert rates[-1] == pytest.approx(75.0)
