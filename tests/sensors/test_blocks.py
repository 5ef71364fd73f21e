"""Blocks: closed by counts, timed by stamps, robust against every way stamps go wrong."""

import numpy as np
import pytest

from sensors.blocks import Blocks
from sensors.chunk import Chunk
from sensors.stream import Kind, Stream


def stream(rate_hz=100.0, **more):
    return Stream("s", "s", Kind.EEG, rate_hz, format="double64", **more)


def feed(blocks, stamps, values=None, size=7):
    values = np.arange(len(stamps), dtype=float)[:, None] if values is None else values
    out = []
    for i in range(0, len(stamps), size):
        part = slice(i, i + size)
        out += blocks.take(Chunk(blocks.stream, stamps[part], 0.0, values[part]))
    return out


def test_a_regular_stream_gives_regular_blocks():
    found = feed(Blocks(stream(), 10), 5 + np.arange(1000) / 100)
    assert len(found) == 100
    assert [b.sample for b in found] == list(range(10, 1001, 10))
    assert np.allclose([b.time_s for b in found], 5 + np.arange(9, 1000, 10) / 100)
    assert not any(b.gap_s or b.dropped for b in found)
    assert not any(b.reset for b in found)


@pytest.mark.parametrize("size", [1, 16, 64, 5000])
def test_cutting_does_not_matter_on_the_worst_of_streams(size):
    rng = np.random.default_rng(3)
    stamps = np.arange(3000) / 100 + rng.normal(0, 0.004, 3000)
    stamps[700:] += 1.7
    stamps[1200:1230] = stamps[1170:1200]
    stamps[1500:] -= 400.0
    stamps[1800] = np.nan
    stamps[1900] = np.inf
    values = rng.normal(size=(3000, 1))
    values[1200:1230] = values[1170:1200]
    whole = feed(Blocks(stream(), 10), stamps, values, 3000)
    parts = feed(Blocks(stream(), 10), stamps, values, size)
    assert [(b.time_s, b.sample, b.gap_s, b.dropped, b.reset) for b in whole] == [
        (b.time_s, b.sample, b.gap_s, b.dropped, b.reset) for b in parts
    ]
    assert all(np.array_equal(a.values, b.values) for a, b in zip(whole, parts, strict=True))
    assert sum(b.reset for b in whole) == 1
    assert any(abs(b.gap_s - 1.7) < 0.05 for b in whole)


def test_a_repeated_chunk_is_left_out_and_counted():
    stamps = np.arange(200) / 100
    again = np.concatenate([stamps[:100], stamps[80:100], stamps[100:]])
    values = again[:, None] * 3.0
    found = feed(Blocks(stream(), 10), again, values, 20)
    assert sum(b.dropped for b in found) == 20
    assert np.array_equal(np.concatenate([b.values for b in found])[:, 0], stamps * 3.0)


def test_bursts_are_no_gaps():
    stamps = np.repeat(np.arange(0, 60, 0.2), 20) + 0.2  # twenty samples, all with one stamp
    found = feed(Blocks(stream(), 10), stamps, size=20)
    assert not any(b.gap_s for b in found)
    times = np.array([b.time_s for b in found])[100:]
    assert np.abs(np.diff(times) - 0.1).max() < 0.02


def test_stamps_win_over_the_declared_rate():
    found = feed(Blocks(stream(), 10), np.arange(6000) / 104.0)
    assert found[-1].rate_hz == pytest.approx(104.0, rel=0.005)
    assert found[-1].time_s == pytest.approx(5999 / 104.0, abs=0.01)


def test_another_rate_is_noticed_and_starts_anew():
    found = feed(Blocks(stream(), 10), np.arange(6000) / 50.0)
    assert sum(b.reset for b in found) == 1
    assert found[-1].rate_hz == pytest.approx(50.0, rel=0.01)


def test_text_and_missing_columns_become_no_number():
    text = Stream("s", "s", Kind.EEG, 100.0, format="string")
    values = np.array([["1.5"], ["oops"]], dtype=object)
    (block,) = Blocks(text, 2).take(Chunk(text, np.array([0.0, 0.01]), 0.0, values))
    assert block.values[0, 0] == 1.5 and np.isnan(block.values[1, 0])
    wide = stream(used=(3,))
    (block,) = Blocks(wide, 1).take(Chunk(wide, np.zeros(1), 0.0, np.ones((1, 2))))
    assert np.isnan(block.values).all()


def test_a_resistance_becomes_a_conductance():
    ohm = stream(scale=1000.0, inverse=True)
    (block,) = Blocks(ohm, 2).take(
        Chunk(ohm, np.array([0.0, 0.01]), 0.0, np.array([[200.0], [0.0]]))
    )
    assert block.values[0, 0] == 5.0 and np.isnan(block.values[1, 0])


def test_channels_that_are_not_there_are_no_numbers_and_text_that_is_one_is() -> None:
    narrow = Stream("skin", "wrist", "eda", 4.0, channels=("a", "b"), used=(1,))
    stamps_s = np.array([1.0, 2.0])
    assert np.isnan(Chunk(narrow, stamps_s, 0.0, np.zeros((2, 1))).numbers).all()
    words = np.array([["x", "1.5"], ["x", "none"]], dtype=object)
    assert np.array_equal(
        Chunk(narrow, stamps_s, 0.0, words).numbers, [[1.5], [np.nan]], equal_nan=True
    )
