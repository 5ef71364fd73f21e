"""Chunks in one order, one extractor a stream, and one sensor's trouble kept to itself."""

from itertools import pairwise

import numpy as np
import pytest

from adaptivevr.signals import Signals, canonical
from sensors.chunk import Chunk
from sensors.feature import Feature
from sensors.patient import Patient, Seen
from sensors.stream import Kind, Stream

EDA = Stream("eda", "band", Kind.EDA, 4.0, "uS")
RR = Stream("rr", "strap", Kind.RR, 0.0, "s")


def eda(start: int, count: int, offset_s: float = 0.0, width: int = 1) -> Chunk:
    index = np.arange(start, start + count)
    return Chunk(EDA, index / 4.0, offset_s, 5.0 + 0.01 * index[:, None] * np.ones((1, width)))


def test_neighbours_are_joined_and_streams_come_in_order() -> None:
    rr = Chunk(RR, np.array([0.8]), 0.0, np.array([[0.8]]))
    entered = canonical([rr, eda(0, 2), eda(2, 0), eda(2, 3)])
    assert [(c.stream.id, len(c)) for c in entered] == [("eda", 5), ("rr", 1)]
    np.testing.assert_array_equal(entered[0].stamps_s, np.arange(5) / 4.0)


def test_another_offset_width_or_number_type_begins_a_new_piece() -> None:
    assert len(canonical([eda(0, 2), eda(2, 2, offset_s=0.1)])) == 2
    assert len(canonical([eda(0, 2), eda(2, 2, width=2)])) == 2
    whole = Chunk(EDA, np.array([9.0]), 0.0, np.array([[5]], dtype=np.int16))
    assert [c.values.dtype.kind for c in canonical([eda(0, 2), whole])] == ["f", "i"]


def test_the_cutting_cannot_be_seen_in_features() -> None:
    chunks = Patient("normal", 4, detail="features", artefacts=False).step(40.0, Seen(0.2))
    whole = Signals().update(canonical(chunks))
    random, cut = np.random.default_rng(5), Signals()
    features: list[Feature] = []
    for chunk in canonical(chunks):
        edges = sorted({0, len(chunk), *random.integers(0, len(chunk), 30).tolist()})
        for a, b in pairwise(edges):
            features.extend(cut.update((chunk.part(a, b),)))
    assert len(whole) > 50
    assert tuple(features) == whole


def test_other_facts_begin_anew() -> None:
    signals = Signals()
    signals.update((eda(0, 200),))
    faster = Stream("eda", "band", Kind.EDA, 8.0, "uS")
    fresh = Signals().update((Chunk(faster, np.arange(80) / 8.0, 0.0, np.full((80, 1), 5.0)),))
    again = signals.update((Chunk(faster, np.arange(80) / 8.0, 0.0, np.full((80, 1), 5.0)),))
    assert again == fresh


def test_a_stream_that_cannot_be_used_is_said_once_and_the_others_go_on() -> None:
    slow = Stream("ecg", "strap", Kind.ECG, 4.0, "uV")
    signals = Signals()
    bad = Chunk(slow, np.arange(4) / 4.0, 0.0, np.zeros((4, 1)))
    features = signals.update((bad, eda(0, 200)))
    assert features and {f.stream for f in features} == {"eda"}
    (fault,) = signals.faults(7.0)
    assert fault.stream == "ecg" and fault.trouble == "refused" and "4 Hz" in fault.text
    signals.update((bad,))
    assert signals.faults(8.0) == ()


@pytest.mark.parametrize("kind", [Kind.MARKERS, Kind.POSE])
def test_what_is_not_measured_has_no_features(kind: Kind) -> None:
    stream = Stream("x", "x", kind, 0.0, format="string")
    values = np.array([["door"]], dtype=object)
    assert Signals().update((Chunk(stream, np.array([1.0]), 0.0, values),)) == ()


def test_absurd_numbers_overflow_without_a_word() -> None:
    values = np.array([[1e308], [-1e308], [np.inf], [np.nan]] * 30)
    features = Signals().update((Chunk(EDA, np.arange(120) / 4.0, 0.0, values),))
    assert all(f.value is None or np.isfinite(f.value) for f in features)
