"""What is recorded is what came and what was decided, and it is still there after a crash."""

import errno
import subprocess
import sys
import warnings
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptivevr.arousal import Arousal
from adaptivevr.command import COMMANDS, Ack, Command, Mark, Rate, Stop
from adaptivevr.errors import BadRecording, RecordingFailed
from adaptivevr.guard import Decision, Ruling
from adaptivevr.recording import Digest, Recording, is_ours, read_recording
from adaptivevr.therapy.intent import Intent, Why
from adaptivevr.tick import Tick
from scenes.frame import SceneFrame
from sensors.chunk import Chunk
from sensors.stream import Kind, Stream

ECG = Stream("ecg", "strap <1>", Kind.ECG, 250.0, "uV", ("a", "b"), (1,), 1000.0, note="in mV")
EDA = Stream("eda", "band", Kind.EDA, 4.0, "uS", format="double64")
GAME = Stream("markers", "game", Kind.MARKERS, 0.0, format="string", channels=("text",))
HEADER = '{"note":"größer < & > \\u0007 \\"quoted\\""}'


def chunk(stream: Stream, start: int, count: int, offset_s: float = 0.25) -> Chunk:
    """`count` samples from number `start` on, every number different."""
    index = np.arange(start, start + count)
    stamps = index / (stream.rate_hz or 1.0)
    channels = len(stream.channels)
    if stream.format == "string":
        values = np.empty((count, channels), dtype=object)
        values[:] = [[f"wire {i} größer <&>"] for i in index]
        return Chunk(stream, stamps, offset_s, values)
    dtype = {"float32": np.float32, "double64": np.float64}[stream.format]
    return Chunk(stream, stamps, offset_s, (index[:, None] + np.arange(channels)).astype(dtype))


def tick(
    seq: int, now_s: float, entered: list[tuple[str, int, float]], said: tuple[str, ...] = ()
) -> Tick:
    """A Tick as a session would make it."""
    return Tick(
        seq=seq,
        now_s=now_s,
        entered=tuple(entered),
        commands=said,
        features=(),
        arousal=Arousal(0.1 + 0.2, 0.15),
        phase="quiet",
        level=0,
        intent=Intent(0, 0.0, (), "quiet", Why.QUIET),
        decision=Decision(0.1, (), "auto", Ruling.AS_WISHED, None, ()),
        frame=SceneFrame(seq, now_s, None, "heights", 0, 0.1, (), (), False, "auto"),
        proposal=None,
        faults=(),
        baseline=None,
    )


def record(path: Path, ticks: int = 120, close: bool = True) -> Recording:
    """A small session: ECG every tick, skin now and then, a marker and two commands."""
    recording = Recording(path, HEADER, start_s=100.0)
    for seq in range(ticks):
        now_s = 100.0 + seq / 60
        chunks = [chunk(ECG, seq * 4, 4, offset_s=0.25 if seq < 60 else 0.5)]
        if seq % 15 == 0:
            chunks.append(chunk(EDA, seq // 15, 1))
        commands: tuple[Mark | Stop | Rate, ...] = ()
        if seq == 7:
            chunks.append(chunk(GAME, 3, 2))
            commands = (
                Mark(id="m1", who="clinician", at_s=now_s, text="door <&> 'ü'"),
                Rate(id="r1", who="patient", at_s=now_s, value=None),
            )
        entered = [(c.stream.id, len(c), c.offset_s) for c in chunks]
        recording.write(chunks, commands, tick(seq, now_s, entered, tuple(c.id for c in commands)))
    if close:
        recording.close()
    return recording


def test_every_kind_of_command_comes_back_as_it_was_to_its_own_tick(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "c.xdf", HEADER, start_s=100.0)
    kinds = [kind(id=name, who="x", at_s=1.5) for name, kind in COMMANDS.items()]
    said: list[Command] = [*kinds, Ack(id="a", who="patient", at_s=2.5, seq=41, shown_s=2.25)]
    for seq, one in enumerate(said):
        recording.write((), (one,), tick(seq, 100.0 + seq / 60, [], (one.id,)))
    recording.close()
    found = list(read_recording(tmp_path / "c.xdf").inputs())
    assert [commands for _, _, commands in found] == [(one,) for one in said]


def test_everything_comes_back(tmp_path: Path) -> None:
    record(tmp_path / "a.xdf")
    assert is_ours(tmp_path / "a.xdf")
    found = read_recording(tmp_path / "a.xdf")
    assert found.header == HEADER
    assert set(found.streams) == {ECG, EDA, GAME}
    assert len(found.ticks) == 120
    assert found.ticks[7]["arousal"] == 0.1 + 0.2
    assert [c["command"] for c in found.commands] == ["Mark", "Rate"]
    digest = Digest()
    for seq, (document, chunks, commands) in enumerate(found.inputs()):
        expected = chunk(ECG, seq * 4, 4, offset_s=0.25 if seq < 60 else 0.5)
        np.testing.assert_array_equal(chunks[0].stamps_s, expected.stamps_s)
        np.testing.assert_array_equal(chunks[0].values, expected.values)
        assert chunks[0].offset_s == expected.offset_s
        assert chunks[0].values.dtype == expected.values.dtype
        if seq == 7:
            assert [c.id for c in commands] == ["m1", "r1"]
            assert list(chunks[1].values[:, 0]) == ["wire 3 größer <&>", "wire 4 größer <&>"]
        again = tick(seq, 100.0 + seq / 60, [tuple(e) for e in document["entered"]],
                     tuple(document["commands"]))  # fmt: skip
        assert digest.update(chunks, commands, again) == (document["inputs"], document["digest"])


@pytest.mark.filterwarnings("ignore")
def test_pyxdf_reads_it(tmp_path: Path) -> None:
    pyxdf = pytest.importorskip("pyxdf")
    record(tmp_path / "a.xdf")
    streams, _ = pyxdf.load_xdf(str(tmp_path / "a.xdf"), dejitter_timestamps=False)
    by_name = {s["info"]["name"][0]: s for s in streams}
    assert len(by_name["strap <1>"]["time_stamps"]) == 480
    assert by_name["strap <1>"]["info"]["desc"][0]["channels"][0]["channel"][0]["unit"] == [
        "millivolts"
    ]
    assert by_name["game"]["time_series"] == [["wire 3 größer <&>"], ["wire 4 größer <&>"]]
    assert by_name["AdaptiveVR-Tick"]["info"]["desc"][0]["header"] == [HEADER]
    assert by_name["AdaptiveVR-Intensity"]["time_series"][0, 0] == 0.1
    assert by_name["AdaptiveVR-Tick"]["footer"]["info"]["sample_count"] == ["120"]


def test_one_changed_byte_of_a_sample_changes_the_fingerprint(tmp_path: Path) -> None:
    path = tmp_path / "a.xdf"
    record(path)
    data = bytearray(path.read_bytes())
    at = data.find(np.float32(201).tobytes())
    assert at > 0
    data[at] ^= 1
    path.write_bytes(data)
    digest = Digest()
    intact = []
    for document, chunks, _ in read_recording(path).inputs():
        digest.enter(chunks)
        intact.append(digest.inputs == document["inputs"])
    assert intact[:49] == [True] * 49
    assert not any(intact[50:])


@given(cuts=st.lists(st.integers(1, 39), max_size=6), order=st.booleans())
@settings(max_examples=30, deadline=None)
def test_cutting_within_a_tick_cannot_be_seen(cuts: list[int], order: bool) -> None:
    whole = chunk(ECG, 0, 40)
    edges = [0, *sorted(set(cuts)), 40]
    pieces = [whole.part(a, b) for a, b in pairwise(edges)]
    skin = chunk(EDA, 0, 3)
    one, other = Digest(), Digest()
    entered = [("ecg", 40, 0.25), ("eda", 3, 0.25)]
    one.update([whole, skin], (), tick(0, 0.0, entered))
    other.update([skin, *pieces] if order else [*pieces, skin], (), tick(0, 0.0, entered))
    assert (one.inputs, one.everything) == (other.inputs, other.everything)


def test_any_cut_of_the_file_leaves_the_ticks_before_it(tmp_path: Path) -> None:
    record(tmp_path / "a.xdf", ticks=40)
    data = (tmp_path / "a.xdf").read_bytes()
    first = data.index(b'{"seq":0')
    for end in range(first + 600, len(data), 977):
        (tmp_path / "cut.xdf").write_bytes(data[:end])
        found = read_recording(tmp_path / "cut.xdf")
        complete = data[:end].count(b'"digest":"') - (b'"}' not in data[end - 34 : end])
        assert abs(len(found.ticks) - complete) <= 1
        assert sum(1 for _ in found.inputs()) == len(found.ticks)


def test_killed_in_mid_session_loses_at_most_a_second(tmp_path: Path) -> None:
    pyxdf = pytest.importorskip("pyxdf")
    path = tmp_path / "killed.xdf"
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.adaptivevr.recording_child", str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert child.stdin is not None and child.stdout is not None
    last = 0
    while last < 150:
        last = int(child.stdout.readline())
    child.kill()
    rest = child.stdout.read().split()
    child.stdin.close()
    child.stdout.close()
    child.wait()
    last = int(rest[-1]) if rest and rest[-1].isdecimal() else last
    found = read_recording(path)
    assert len(found.ticks) >= last + 1 - 60  # written ticks, less a second of them
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        streams, _ = pyxdf.load_xdf(str(path))
    ecg = next(s for s in streams if s["info"]["name"] == ["strap <1>"])
    assert len(ecg["time_stamps"]) >= 4 * (last + 1 - 60)


class Full:
    """A file on a disk that has just filled up."""

    def write(self, data: memoryview) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def close(self) -> None:
        pass


def test_a_full_disk_is_named_once(tmp_path: Path) -> None:
    recording = record(tmp_path / "a.xdf", ticks=5, close=False)
    recording._file.close()
    recording._file = Full()
    with pytest.raises(RecordingFailed, match=r"a\.xdf.*No space left.*--record"):
        recording.write([], (), tick(5, 101.0, []))
    recording.write([], (), tick(6, 102.0, []))
    recording.close()
    assert len(read_recording(tmp_path / "a.xdf").ticks) == 5


def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.xdf").write_bytes(b"somebody's data")
    with pytest.raises(RecordingFailed, match="exists"):
        Recording(tmp_path / "a.xdf", "{}")
    assert (tmp_path / "a.xdf").read_bytes() == b"somebody's data"
    assert not is_ours(tmp_path / "a.xdf")
    with pytest.raises(BadRecording, match="begins with"):
        read_recording(tmp_path / "a.xdf")
