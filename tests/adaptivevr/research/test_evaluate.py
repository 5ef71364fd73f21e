"""The command `evaluate`: every format in, honest figures out, one sentence for a bad folder."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from adaptivevr.__main__ import main
from adaptivevr.errors import BadRecording
from adaptivevr.research.labelled import labelled, measured
from adaptivevr.research.person import course, device_rates, features_of, quiet_of
from sensors.stream import Kind

PHASES = (("rest", 0, 300, 0), ("task", 300, 480, 1), ("rest", 480, 720, 0))
HEADER = ("subject", "phase", "start_s", "end_s", "stress")
KEYS = (
    "auc_balanced_mean", "auc_balanced_ci", "gain_over_mean_z", "auc_60s_mean", "auc_1s_median",
    "below_060", "control_time", "control_motion", "n", "ece", "loso_balanced_accuracy",
    "loso_auc", "per_subject",
)  # fmt: skip


def intervals(seed: int, faster_bpm: float = 12.0) -> np.ndarray:
    """RR intervals of a heart that beats faster in the task, and drifts."""
    draw, at_s, found = np.random.default_rng(seed), 0.0, []
    while at_s < 720.0:
        bpm = 65.0 + faster_bpm * (300 <= at_s < 480) + 0.005 * at_s + draw.normal(0, 1.5)
        found.append(60.0 / bpm)
        at_s += found[-1]
    return np.array(found)


def write_phases(folder: Path, names: list[str], rows: tuple = PHASES) -> None:
    with (folder / "phases.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(HEADER)
        table.writerows([name, *row] for name in names for row in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    names = ["ada", "bob", "cem"]
    for seed, name in enumerate(names):
        np.savez(tmp_path / f"{name}.npz", rr_s=intervals(seed))
    write_phases(tmp_path, names)
    return tmp_path


def test_the_command_prints_every_key_and_finds_the_response(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = folder / "page.html"
    rows = "subject,time_s,rating\nada,290,10\nada,400,60\nada,470,50\nbob,470,40\n"
    (folder / "ratings.csv").write_text(rows, encoding="utf-8")
    assert main(["evaluate", str(folder), "--json", "--jobs", "1", "--report", str(page)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(KEYS) <= set(report)
    assert report["n"] == 3
    assert report["rated"]["n"] == 4 and 0.0 <= report["rated"]["coverage"] <= 1.0
    assert report["auc_balanced_mean"] > 0.9
    assert report["control_time_balanced"] == 0.5
    assert report["control_motion"] is None  # nobody wore a motion sensor
    assert report["loso_auc"] > 0.9
    assert [row["subject"] for row in report["per_subject"]] == ["ada", "bob", "cem"]
    text = page.read_text(encoding="utf-8")
    assert "no measure of" in text and "elapsed time alone" in text and "http" not in text


def test_a_set_without_any_response_scores_chance(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [f"p{i}" for i in range(4)]
    for seed, name in enumerate(names):
        np.savez(tmp_path / f"{name}.npz", rr_s=intervals(seed, faster_bpm=0.0))
    write_phases(tmp_path, names)
    assert main(["evaluate", str(tmp_path), "--json", "--jobs", "1"]) == 0
    assert 0.2 < json.loads(capsys.readouterr().out)["auc_balanced_mean"] < 0.8


def test_the_future_changes_nothing(folder: Path) -> None:
    person = labelled(folder).people[0]
    body = measured(person)
    features = features_of(body)
    whole = course(body, features).tracks["arousal"]
    early = [f for f in features if f.time_s + f.latency_s <= 400.0]
    part = course(body, early).tracks["arousal"]
    assert np.array_equal(whole[:400], part[:400], equal_nan=True)
    assert np.isnan(whole[: int(quiet_of(body.phases)[1])]).all()  # type: ignore[index]


def test_people_without_a_recording_or_with_a_damaged_one_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_phases(folder, ["ada", "bob", "cem", "dan"])
    (folder / "bob.npz").write_bytes(b"PK\x03\x04 no archive")
    assert main(["evaluate", str(folder), "--json", "--jobs", "1"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["missing"] == ["dan"]
    bob = next(row for row in report["per_subject"] if row["subject"] == "bob")
    assert "bob.npz" in bob["problem"] and bob["auc_balanced"] is None
    assert main(["evaluate", str(folder), "--jobs", "1"]) == 0
    assert "bob" in capsys.readouterr().out


# Formats


def test_a_table_gives_the_same_signals_as_an_archive(tmp_path: Path) -> None:
    times_s = np.arange(0.0, 60.0, 0.25)
    eda = 2.0 + np.sin(times_s / 10)
    np.savez(tmp_path / "ada.npz", eda_uS=eda, eda_fs=4.0, acc_g=np.ones((60, 3)), acc_fs=1.0)
    with (tmp_path / "bob.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["time_s", "eda_uS", "acc_g:x", "acc_g:y", "acc_g:z"])
        for place, (at_s, value) in enumerate(zip(times_s, eda, strict=True)):
            table.writerow([at_s, value, *((1.0,) * 3 if place % 4 == 0 else ("",) * 3)])
    write_phases(tmp_path, ["ada", "bob"])
    ada, bob = (measured(person) for person in labelled(tmp_path).people)
    for one, other in zip(ada.chunks, bob.chunks, strict=True):
        assert (one.stream.kind, one.stream.rate_hz) == (other.stream.kind, other.stream.rate_hz)
        assert np.allclose(one.values, other.values) and np.allclose(one.time_s, other.time_s)


def test_the_wrist_format_scales_and_keeps_the_device_rate_apart(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "S01.npz", bvp=np.arange(640, dtype=np.int32), bvp_scale=0.01, bvp_fs=64.0,
        acc_g64=np.full((320, 3), 64, dtype=np.int8), acc_fs=32.0,
        hr_bpm=np.full(10, 70.0), hr_fs=1.0, hr_offset_s=10.0,
    )  # fmt: skip
    write_phases(tmp_path, ["S01"])
    found = labelled(tmp_path)
    assert found.format == "stress-predict"
    body = measured(found.people[0])
    by_kind = {chunk.stream.kind: chunk for chunk in body.chunks}
    assert set(by_kind) == {Kind.PPG, Kind.MOTION}
    assert by_kind[Kind.MOTION].values.max() == 1.0
    assert by_kind[Kind.PPG].values.max() == pytest.approx(6.39)
    rates = device_rates(body)
    assert (rates[0].time_s, rates[0].value) == (10.0, 70.0)
    assert "device" not in {feature.stream for feature in features_of(body)}


def test_rest_and_task_follow_each_other_with_a_break(tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    np.savez(
        tmp_path / "Subject01.npz", fs=250.0, eeg_scale_uV=0.05, eeg_channels=["Pz", "O1"],
        eeg_rest=draw.integers(-90, 90, (2, 20000)).astype(np.int16),
        eeg_task=draw.integers(-90, 90, (2, 15000)).astype(np.int16),
    )  # fmt: skip
    found = labelled(tmp_path)
    assert found.format == "eegmat"
    body = measured(found.people[0])
    assert [(p.start_s, p.end_s, p.stress) for p in body.phases] == [
        (0.0, 80.0, False),
        (85.0, 145.0, True),
    ]
    assert quiet_of(body.phases) == (0.0, 60.0)
    assert body.chunks[0].stream.channels == ("Pz", "O1")
    assert not any(80.0 <= t < 85.0 for c in body.chunks for t in c.time_s)


# Mistakes


def refusal(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["evaluate", str(folder), "--json", "--jobs", "1"]) == 2
    said = capsys.readouterr()
    assert said.out == "" and "Traceback" not in said.err
    assert said.err.count("\n") == 1 and said.err.rstrip().endswith(".")
    return said.err


def test_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "nowhere" in refusal(tmp_path / "nowhere", capsys)


def test_a_folder_without_phases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "phases.csv" in refusal(tmp_path, capsys)


def test_phases_without_recordings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_phases(tmp_path, ["ada"])
    assert "SUBJECT.npz" in refusal(tmp_path, capsys)


@pytest.mark.parametrize(
    "rows",
    [
        (("rest", 0, 300, 0), ("task", "soon", 480, 1)),
        (("rest", 0, 300, 0), ("task", 300, "late", 1)),
        (("rest", 0, 300, 0), ("task", 300, "", 1)),
        (("rest", 300, 0, 0), ("task", 300, 480, 1)),
        (("rest", 0, 300, 0), ("task", 300, 480, "high")),
        (("rest", 0, 300, 0), ("rest", 300, 480, 0)),
    ],
)
def test_phases_that_say_nothing(
    folder: Path, rows: tuple, capsys: pytest.CaptureFixture[str]
) -> None:
    write_phases(folder, ["ada"], rows)
    assert "phases.csv" in refusal(folder, capsys)


def test_a_missing_column(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "phases.csv").write_text("subject,phase,start_s,end_s\nada,rest,0,300\n")
    assert "stress" in refusal(folder, capsys)


@pytest.mark.parametrize(
    ("arrays", "word"),
    [
        ({"heartbeat": np.ones(9)}, "ecg_uV"),
        ({"eda_uS": np.ones(99)}, "eda_fs"),
        ({"eda_uS": np.ones(99), "eda_fs": 0.0}, "eda_fs"),
        ({"eda_uS": np.array(["a", "b"]), "eda_fs": 4.0}, "numbers"),
        ({"rr_s": np.ones(9), "rr_t_s": np.ones(4)}, "rr_t_s"),
    ],
)
def test_an_archive_that_cannot_be_used_says_why(
    tmp_path: Path, arrays: dict[str, np.ndarray], word: str
) -> None:
    np.savez(tmp_path / "ada.npz", **arrays)  # type: ignore[arg-type]
    write_phases(tmp_path, ["ada"])
    with pytest.raises(BadRecording, match=word):
        measured(labelled(tmp_path).people[0])


def test_help_explains_the_formats_without_numpy(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["evaluate", "--help"])
    assert "phases.csv" in capsys.readouterr().out
