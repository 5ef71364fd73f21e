"""A whole file is called whole, a damaged one is not, and what is missing is said."""

from pathlib import Path

import numpy as np
import pytest

from adaptivevr.errors import BadRecording
from adaptivevr.verify import verify
from tests.adaptivevr.test_recording import record


def test_a_closed_recording_is_whole(tmp_path: Path) -> None:
    record(tmp_path / "a.xdf")
    report = verify(tmp_path / "a.xdf")
    assert report.ok
    assert report.closed
    assert report.inputs_intact
    assert report.document()["streams"] == 7
    assert report.sentences == ("7 streams, 852 samples: the file is whole.",)


def test_a_torn_tail_is_said(tmp_path: Path) -> None:
    recording = record(tmp_path / "a.xdf", close=False)
    recording._file.close()
    data = (tmp_path / "a.xdf").read_bytes()
    (tmp_path / "a.xdf").write_bytes(data[:-7])
    report = verify(tmp_path / "a.xdf")
    assert (report.ok, report.torn_tail, report.closed) == (False, True, False)
    assert any("cut off" in s for s in report.sentences)


def test_damage_and_a_changed_sample_are_told_apart(tmp_path: Path) -> None:
    record(tmp_path / "a.xdf")
    data = bytearray((tmp_path / "a.xdf").read_bytes())
    changed = bytearray(data)
    changed[data.find(np.float32(201).tobytes())] ^= 1
    (tmp_path / "b.xdf").write_bytes(changed)
    report = verify(tmp_path / "b.xdf")
    assert (report.ok, report.inputs_intact, report.damaged) == (False, False, ())
    middle = len(data) // 2
    data[middle : middle + 300] = bytes(300)
    (tmp_path / "c.xdf").write_bytes(data)
    report = verify(tmp_path / "c.xdf")
    assert not report.ok
    assert report.damaged or report.inputs_intact is False


def test_no_xdf_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello")
    with pytest.raises(BadRecording, match="begins with"):
        verify(tmp_path / "a.txt")
