"""A recording gives the same ticks again, and says when it does not."""

import json
import struct
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from adaptivevr.__main__ import main
from adaptivevr.command import Note, Rate, SetLimit
from adaptivevr.digest import Digest
from adaptivevr.header import FORMAT, plan_of
from adaptivevr.recorded import Recorded, read_recording
from adaptivevr.replay import Comparison, replay_ours
from adaptivevr.session import Session
from adaptivevr.verify import verify
from sensors import xdf
from sensors.chunk import Chunk
from sensors.stream import Kind
from tests.replay.play import START_S, Play, plug, say, unplug

SECONDS = 75.0
HZ = 8.0


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session with ECG and skin, a sensor that goes and comes, and people who talk."""
    path = tmp_path_factory.mktemp("replay") / "session.xdf"
    play = Play(
        hz=HZ, detail="waveform", sensors=(Kind.ECG, Kind.EDA, Kind.MARKERS), record=path,
        orders={
            20.0: unplug(Kind.EDA), 26.0: plug(Kind.EDA),
            30.0: say(SetLimit, name="ceiling", value=0.45),
            31.0: say(Note, text="größer <&> \"quoted\""),
            32.0: say(Rate, "patient", value=None, prompt="x"),
        },
    )  # fmt: skip
    play.run(SECONDS)
    play.close()
    return path


def again(path: Path) -> Comparison:
    return replay_ours(read_recording(path), path)


def rewritten(path: Path, to: Path, change: Callable[[bytearray], None]) -> Path:
    data = bytearray(path.read_bytes())
    change(data)
    to.write_bytes(data)
    return to


def test_all_ticks_come_out_as_recorded(recording: Path) -> None:
    found = again(recording)
    assert found.ticks == SECONDS * HZ
    assert found.equal and found.inputs_intact
    assert found.first is None and found.fields == {} and found.versions_differ == {}


def test_in_a_second_process_too(recording: Path) -> None:
    command = [sys.executable, "-m", "adaptivevr", "replay", str(recording), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    document = json.loads(done.stdout)
    assert document["equal"] is True and document["inputs_intact"] is True
    assert document["ticks"] == SECONDS * HZ
    assert set(document) == {
        "equal", "inputs_intact", "ticks", "first_difference", "fields", "versions_differ",
    }  # fmt: skip


def test_one_changed_byte_of_a_sample_is_seen(recording: Path, tmp_path: Path) -> None:
    def flip(data: bytearray) -> None:
        value = _sample(recording, "ecg", 1500)
        at = data.find(value.astype(np.float32).tobytes())
        assert at > 0
        data[at] ^= 1

    changed = rewritten(recording, tmp_path / "flipped.xdf", flip)
    assert not again(changed).inputs_intact
    assert verify(changed).inputs_intact is False
    assert verify(recording).inputs_intact is True


def _sample(path: Path, stream: str, index: int) -> np.ndarray:
    (part,) = (p for p in read_recording(path).parts if p.facts and p.facts.id == stream)
    values: np.ndarray = part.values[index]
    return values


def test_half_a_millivolt_on_two_seconds_of_ecg_differs_from_a_named_tick(recording: Path) -> None:
    """The first tick named is the one that took the first changed sample."""
    recorded = read_recording(recording)
    from_s = START_S + 6.0  # more than a minute before the end

    def lifted(chunk: Chunk) -> Chunk:
        if chunk.stream.kind is not Kind.ECG:
            return chunk
        within = (chunk.time_s >= from_s) & (chunk.time_s < from_s + 2.0)
        values = chunk.values + np.where(within, 500.0, 0.0)[:, None].astype(np.float32)
        return Chunk(chunk.stream, chunk.stamps_s, chunk.offset_s, values.astype(np.float32))

    found = replay_ours(Changed(recorded, lifted), recording)  # type: ignore[arg-type]
    assert not found.equal and not found.inputs_intact
    assert found.first is not None
    assert found.first["now_s"] == pytest.approx(from_s, abs=1.5 / HZ)
    assert found.fields["arousal"].count > 100
    assert found.fields["arousal"].largest is not None and found.fields["arousal"].largest > 0.0


class Changed:
    """A recording whose chunks are altered on their way into the replay."""

    def __init__(self, recorded: Recorded, change: Callable[[Chunk], Chunk]) -> None:
        self._recorded = recorded
        self._change = change
        self.header = recorded.header

    def inputs(self):  # type: ignore[no-untyped-def]
        for document, chunks, commands in self._recorded.inputs():
            yield document, tuple(self._change(c) for c in chunks), commands


@pytest.mark.parametrize("seed", [1, 2])
def test_cutting_again_within_ticks_leaves_it_equal(recording: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    recorded = read_recording(recording)
    plan, _ = plan_of(recorded.header, recording)
    session, digest = Session(plan), Digest()
    for document, chunks, commands in recorded.inputs():
        pieces: list[list[Chunk]] = []
        for chunk in chunks:
            edges = [0, *sorted(random.integers(0, len(chunk) + 1, 3).tolist()), len(chunk)]
            pieces.append([chunk.part(a, b) for a, b in pairwise(edges)])
        turns = [i for i, run in enumerate(pieces) for _ in run]
        random.shuffle(turns)
        cut = [pieces[i].pop(0) for i in turns]
        tick = session.tick(document["now_s"], cut, commands)
        inputs, whole = digest.update(cut, commands, tick)
        assert (inputs, whole) == (document["inputs"], document["digest"]), document["seq"]


@pytest.mark.parametrize("share", [0.4, 0.7, 0.97])
def test_a_torn_file_replays_up_to_the_tear(recording: Path, tmp_path: Path, share: float) -> None:
    data = recording.read_bytes()
    torn = tmp_path / "torn.xdf"
    torn.write_bytes(data[: int(len(data) * share)])
    found = again(torn)
    assert found.equal and found.inputs_intact
    assert found.ticks >= share * SECONDS * HZ * 0.8


def test_a_what_if_keeps_the_inputs_and_says_where_it_parts(recording: Path) -> None:
    found = replay_ours(read_recording(recording), recording, None, {"ceiling": 0.1})
    assert found.inputs_intact and not found.equal
    assert found.first is not None and found.fields["intensity"].first_s is not None
    assert found.first["now_s"] <= found.fields["intensity"].first_s
    assert found.fields["intensity"].largest == pytest.approx(0.1, abs=0.06)


def test_an_altered_decision_is_found_though_the_inputs_are_whole(
    recording: Path, tmp_path: Path
) -> None:
    def lower(data: bytearray) -> None:
        at = data.index(b'"intensity":0.2,')
        data[at + 12 : at + 15] = b"0.1"

    found = again(rewritten(recording, tmp_path / "lowered.xdf", lower))
    # The digest of a tick covers what the session decided, not the line about it.
    assert found.inputs_intact
    assert found.equal or found.fields["intensity"].count == 1


def test_what_entered_is_read_back_to_the_bit(recording: Path) -> None:
    file = xdf.read(recording)
    ecg = next(s for s in file.streams if s.facts and s.facts.kind is Kind.ECG)
    play = Play(hz=HZ, detail="waveform", sensors=(Kind.ECG, Kind.EDA, Kind.MARKERS))
    sent: list[Chunk] = []
    play.spoil = lambda _, chunks: sent.extend(chunks) or chunks  # type: ignore[func-returns-value]
    play.run(10.0)
    stamps = np.concatenate([c.stamps_s for c in sent if c.stream.kind is Kind.ECG])
    values = np.concatenate([c.values for c in sent if c.stream.kind is Kind.ECG])
    np.testing.assert_array_equal(ecg.stamps_s[: len(stamps)], stamps)
    np.testing.assert_array_equal(ecg.values[: len(values)], values)


def test_a_stream_whose_facts_change_and_change_back_replays_equal(tmp_path: Path) -> None:
    from dataclasses import replace

    def other(since_s: float, chunks: list[Chunk]) -> list[Chunk]:
        if not 6.0 <= since_s < 9.0:
            return chunks
        return [
            Chunk(replace(c.stream, scale=1000.0, unit="uS"), c.stamps_s, c.offset_s, c.values)
            for c in chunks
        ]

    play = Play(hz=5.0, spoil=other, record=tmp_path / "a.xdf")
    play.run(15.0)
    play.close()
    found = again(tmp_path / "a.xdf")
    assert found.equal and found.inputs_intact and found.ticks == 75


def test_a_chunk_of_another_width_is_recorded_as_it_came(tmp_path: Path) -> None:
    def wide(since_s: float, chunks: list[Chunk]) -> list[Chunk]:
        return [
            Chunk(c.stream, c.stamps_s, c.offset_s, np.repeat(c.values, 2, axis=1))
            if 3.0 <= since_s < 3.5 and c.stream.kind is Kind.EDA
            else c
            for c in chunks
        ]

    play = Play(hz=5.0, spoil=wide, record=tmp_path / "a.xdf")
    play.run(8.0)
    play.close()
    found = again(tmp_path / "a.xdf")
    assert found.equal and found.inputs_intact
    widths = [p.values.shape[1] for p in read_recording(tmp_path / "a.xdf").parts
              if p.facts and p.facts.kind is Kind.EDA]  # fmt: skip
    assert widths == [1, 2, 1]


def test_versions_that_differ_are_named(recording: Path, tmp_path: Path) -> None:
    from adaptivevr.header import versions

    def older(data: bytearray) -> None:
        now = f'"numpy":"{versions()["numpy"]}"'.encode()
        at = data.index(now)
        data[at + 9 : at + 10] = b"9"

    found = again(rewritten(recording, tmp_path / "older.xdf", older))
    assert found.equal and list(found.versions_differ) == ["numpy"]
    assert found.versions_differ["numpy"][0].startswith("9")


def test_words_say_equal_or_from_where(recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(recording)]) == 0
    assert "Equal: all 600 ticks" in capsys.readouterr().err
    assert main(["replay", str(recording), "--set", "ceiling=0.1"]) == 0
    said = capsys.readouterr().err
    assert "Differs from tick" in said and "intensity" in said


def test_a_header_of_another_format_is_refused(recording: Path, tmp_path: Path) -> None:
    def other(data: bytearray) -> None:
        at = data.index(b'{"format":%d,' % FORMAT)
        data[at + 10 : at + 11] = b"7"

    path = rewritten(recording, tmp_path / "future.xdf", other)
    assert main(["replay", str(path)]) == 2


def test_the_stamp_of_a_sample_is_as_dear_as_its_value(recording: Path, tmp_path: Path) -> None:
    (part,) = (p for p in read_recording(recording).parts if p.facts and p.facts.kind is Kind.ECG)
    stamp = struct.pack("<d", float(part.stamps_s[900]))

    def nudge(data: bytearray) -> None:
        at = data.index(b"\x08" + stamp)
        data[at + 1] ^= 1

    assert not again(rewritten(recording, tmp_path / "nudged.xdf", nudge)).inputs_intact
