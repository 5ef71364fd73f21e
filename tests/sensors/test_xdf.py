"""Files of others and files made to break a reader; a reference reader has the last word."""

import json
import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sensors import xdf_writer as writer
from sensors.role import Seen
from sensors.stream import Kind
from sensors.xdf import Unreadable, read
from sensors.xdf_source import XdfSource

SHARED = Path(__file__).parents[3] / "shared" / "recordings"
FILES = sorted(SHARED.glob("xdf-*/*.xdf"))
recordings = pytest.mark.skipif(not FILES, reason="the shared recordings are not here")
ECG = Seen("strap", "ECG", 100.0, 2, labels=("ECG", "aux"), units=("mV", "V"))


def made(*, seconds: int = 10, boundaries: bool = True, deduced: bool = False) -> bytes:
    """A file of 100 Hz ECG in chunks of 10, one boundary and one clock offset a second."""
    record = writer.record_type("float32", 2)
    parts = [writer.file_header(), writer.stream_header(1, ECG, {"a": "<&>"}, 0.0)]
    for chunk in range(seconds * 10):
        index = np.arange(chunk * 10, chunk * 10 + 10)
        if chunk % 10 == 0:
            parts.append(writer.clock_offset(1, index[0] / 100, 5.0 + chunk / 1000))
            parts += [writer.boundary()] if boundaries else []
        values = np.stack([index, -index], axis=1)
        samples = writer.numbers(1, record, index / 100, values)
        if deduced:  # only the first stamp of a chunk is written
            body = np.frombuffer(samples[-10 * record.itemsize :], dtype=record)
            rest = b"".join(b"\x00" + row["value"].tobytes() for row in body[1:])
            head = b"\x03\x00" + (1).to_bytes(4, "little") + b"\x01\x0a"
            content = head + body[:1].tobytes() + rest
            samples = b"\x04" + len(content).to_bytes(4, "little") + content
        parts.append(samples)
    return b"".join(parts)


@recordings
@pytest.mark.recordings
@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_agrees_with_the_reference_on_every_recording(path: Path) -> None:
    expected = json.loads((path.parent / "expected.json").read_text("utf-8"))["files"][path.name]
    file = read(path)
    assert file.size == expected["bytes"]
    by_number = {s.number: s for s in file.streams}
    for one in expected["raw"].get("streams", []):
        stream = by_number[one["stream_id"]]
        seen = stream.seen
        assert (seen.name, seen.type, seen.count, seen.format) == (
            one["name"], one["type"], one["channels"], one["format"],
        )  # fmt: skip
        assert (len(stream), len(stream.offset_times_s)) == (one["n_samples"], one["clock_offsets"])
        if len(stream):
            assert (stream.stamps_s[0], stream.stamps_s[-1]) == (one["t_first"], one["t_last"])
        if "sum" in one:
            assert float(stream.values.astype(float).sum()) == pytest.approx(one["sum"], rel=1e-9)
        elif len(stream):
            assert (stream.values[0, 0], stream.values[-1, 0]) == (one["first"], one["last"])
    if "error" in expected["raw"]:
        assert file.problems


@recordings
@pytest.mark.recordings
@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_plays_in_the_order_of_time_and_on_the_recorders_clock(path: Path) -> None:
    source = XdfSource(read(path))
    expected = json.loads((path.parent / "expected.json").read_text("utf-8"))["files"][path.name]
    synced = {s["name"] + s["type"]: s for s in expected["synced_dejittered"].get("streams", [])}
    counts = dict.fromkeys((s.id for s in source.streams), 0)
    for _, chunks in source.ticks(10.0):
        for chunk in chunks:
            counts[chunk.stream.id] += len(chunk)
    assert source.end_s - source.start_s < 1200.0  # stray stamps may not stretch it
    for stream in source.streams:
        one = synced[stream.name + stream.type]
        assert counts[stream.id] == one["n_samples"]
        if stream.kind is not Kind.MARKERS:
            assert source.start_s == pytest.approx(one["t_first"], abs=5.0)
            assert source.end_s == pytest.approx(one["t_last"], abs=5.0)


@pytest.mark.parametrize("deduced", [False, True])
def test_stamps_explicit_or_left_out(tmp_path: Path, deduced: bool) -> None:
    (tmp_path / "a.xdf").write_bytes(made(deduced=deduced))
    (stream,) = read(tmp_path / "a.xdf").streams
    np.testing.assert_allclose(stream.stamps_s, np.arange(1000) / 100, atol=1e-9)
    np.testing.assert_array_equal(stream.values[:, 1], -np.arange(1000))
    assert stream.seen == ECG
    assert stream.desc["a"] == "<&>"
    source = XdfSource(read(tmp_path / "a.xdf"))
    chunks = [c for _, cs in source.ticks(7.0) for c in cs]
    assert sum(map(len, chunks)) == 1000
    assert chunks[0].offset_s == 5.0
    assert all(a.offset_s <= b.offset_s for a, b in pairwise(chunks))
    assert source.streams[0].scale == 1000.0


def test_damage_costs_a_second_at_most(tmp_path: Path) -> None:
    data = made()
    rng = random.Random(7)
    for _ in range(20):
        at = rng.randrange(800, len(data) - 400)
        (tmp_path / "a.xdf").write_bytes(data[:at] + rng.randbytes(300) + data[at + 300 :])
        file = read(tmp_path / "a.xdf")
        assert len(file.streams[0]) >= 850, at
        assert file.damaged or len(file.streams[0]) == 1000, at


def test_any_cut_and_any_garbage_ends_in_data_or_one_sentence(tmp_path: Path) -> None:
    data = made(seconds=2)
    rng = random.Random(11)
    for _ in range(300):
        cut = bytearray(data[: rng.randrange(0, len(data))])
        for _ in range(rng.randrange(0, 4)):
            if len(cut) > 4:
                cut[rng.randrange(4, len(cut))] = rng.randrange(256)
        (tmp_path / "a.xdf").write_bytes(cut)
        try:
            file = read(tmp_path / "a.xdf")
        except Unreadable as error:
            assert "\n" not in str(error)
        else:
            XdfSource(file).close()


@pytest.mark.parametrize(
    ("data", "words"), [(b"", "it is empty"), (b"PK\x03\x04", "begins with b'PK"), (None, "got:")]
)
def test_no_xdf_is_one_sentence(tmp_path: Path, data: bytes | None, words: str) -> None:
    if data is not None:
        (tmp_path / "a.xdf").write_bytes(data)
    with pytest.raises(Unreadable, match=words):
        read(tmp_path / "a.xdf")


def test_a_restarted_sender_keeps_its_place(tmp_path: Path) -> None:
    record: Any = writer.record_type("float32", 2)
    parts = [writer.file_header(), writer.stream_header(1, ECG, {}, 0.0)]
    for base_s, offset_s in ((1e6, -1e6), (0.0, 12.0)):
        for second in range(10):
            stamps = base_s + second + np.arange(100) / 100
            # the first measurement after a restart comes seconds after the first sample
            if second in (3, 8):
                parts.append(writer.clock_offset(1, float(stamps[0]), offset_s))
            parts.append(writer.numbers(1, record, stamps, np.zeros((100, 2))))
    (tmp_path / "a.xdf").write_bytes(b"".join(parts))
    source = XdfSource(read(tmp_path / "a.xdf"))
    times = np.concatenate([c.time_s for _, cs in source.ticks(10.0) for c in cs])
    assert (times[0], times[-1]) == (0.0, pytest.approx(21.99))
    assert np.diff(times).min() > 0
