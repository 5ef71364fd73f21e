"""Anybody's XDF file through the engine: used, unused and refused streams, in words."""

from pathlib import Path

import numpy as np
import pytest

from adaptivevr.errors import BadRecording
from adaptivevr.foreign import replay_foreign
from sensors import xdf_writer as xdf
from sensors.role import Seen

ECG = Seen("strap", "ECG", 130.0, 1, "float32", labels=("ECG",), units=("microvolts",))
ODD = Seen("scales", "Weight", 1.0, 1, "float32", labels=("mass",), units=("kg",))


def written(path: Path, *streams: tuple[Seen, float]) -> Path:
    """A file as other recorders write it: these streams with so many seconds of data."""
    parts = [xdf.file_header()]
    for number, (seen, seconds) in enumerate(streams, 1):
        parts.append(xdf.stream_header(number, seen, {}, 0.0))
        n = int(seconds * seen.rate_hz)
        stamps = 50.0 + np.arange(n) / seen.rate_hz
        beat = 1000.0 * np.exp(-((((stamps % 0.8) - 0.4) / 0.012) ** 2))
        noise = np.random.default_rng(number).normal(0.0, 5.0, n)
        if n:
            record = xdf.record_type(seen.format, seen.count)
            values = (beat + noise)[:, None].astype(np.float32)
            parts.append(xdf.numbers(number, record, stamps, values))
        parts.append(xdf.stream_footer(number, 50.0, 50.0 + seconds, n))
    path.write_bytes(b"".join(parts))
    return path


def test_what_can_be_used_is_used_and_the_rest_is_said(tmp_path: Path) -> None:
    document, ticks = replay_foreign(
        written(tmp_path / "a.xdf", (ECG, 45.0), (ODD, 45.0)), "calm", {}
    )
    rows = {row["name"]: row for row in document["streams"]}
    assert rows["strap"]["used_for"] == "ecg" and rows["strap"]["samples"] == 45 * 130
    assert rows["strap"]["first_s"] == pytest.approx(50.0)
    assert rows["scales"]["used_for"] is None
    assert document["features"]["heart_rate"]["median"] == pytest.approx(75.0, abs=1.0)
    assert document["arousal"]["known_share"] == 0.0  # still in the quiet phase
    assert document["intensity"] == {"min": 0.0, "max": 0.0}
    assert len(ticks) == document["ticks"] > 440


@pytest.mark.parametrize("streams", [(), ((ODD, 5.0),), ((ECG, 0.0),)])
def test_a_file_without_a_usable_signal_is_refused_by_name(
    tmp_path: Path, streams: tuple[tuple[Seen, float], ...]
) -> None:
    with pytest.raises(BadRecording, match=r"b\.xdf") as refusal:
        replay_foreign(written(tmp_path / "b.xdf", *streams), "calm", {})
    assert "\n" not in str(refusal.value) and str(refusal.value).startswith("Expected")


def test_another_limit_is_checked_before_anything_runs(tmp_path: Path) -> None:
    from adaptivevr.errors import Refused

    with pytest.raises(Refused, match="7"):
        replay_foreign(written(tmp_path / "c.xdf", (ECG, 5.0)), "calm", {"ceiling": 7.0})
