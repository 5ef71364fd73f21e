"""The command line: quick help, and one clear sentence for everything a user may get wrong."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from adaptivevr import __version__
from adaptivevr.__main__ import _COMMANDS, main

Said = Callable[..., str]
ROOT = Path(__file__).parents[2]


def apart(*words: object) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own (LSL can be configured once in a process)."""
    command = [sys.executable, "-m", "adaptivevr", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written into the user's data folder."""
    monkeypatch.setattr("adaptivevr.config.data_folder", lambda: tmp_path / "data")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs a command that must be refused with status 2; returns what it said."""

    def run(*words: object) -> str:
        try:
            status = main([str(word) for word in words])
        except SystemExit as left:  # argparse's own way
            status = int(left.code or 0)
        out, err = capsys.readouterr()
        assert status == 2, f"status {status}: {err}"
        assert out == "" and "Traceback" not in err
        return err.strip()

    return run


def fast(*words: object) -> list[object]:
    return ["demo", "--no-browser", "--speed", 1000, "--duration", 2, *words]


# ---- help ----------------------------------------------------------------------------------


def test_help_is_there_at_once_and_imports_nothing_heavy() -> None:
    began_s = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "adaptivevr", "--help"],
        capture_output=True, text=True, timeout=30, check=True, cwd=ROOT,
    )  # fmt: skip
    spent_s = time.perf_counter() - began_s
    imported = {line.rsplit("|")[-1].strip().split(".")[0] for line in done.stderr.splitlines()}
    heavy = {"numpy", "scipy", "mne", "pylsl", "msgspec", "starlette", "uvicorn", "matplotlib"}
    assert not imported & heavy
    assert "demo" in done.stdout and "no medical device" in " ".join(done.stdout.split())
    assert spent_s < 2.0  # 0.05 s where nobody else wants the processor


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in _COMMANDS:
        with pytest.raises(SystemExit) as left:
            main([command, "--help"])
        assert left.value.code == 0 and command in capsys.readouterr().out


def test_without_a_command_help_and_with_version_the_version(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([]) == 0
    assert "usage" in capsys.readouterr().out.lower()
    with pytest.raises(SystemExit):
        main(["--version"])
    assert __version__ in capsys.readouterr().out


# ---- what a user may get wrong -------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "came", "expected"),
    [
        (["demo", "--patient", "nobody"], "'nobody'", "panic_prone"),
        (["simulate", "--patient", "nobody"], "'nobody'", "panic_prone"),
        (["demo", "--speed", "0"], "'0'", "above 0"),
        (["demo", "--speed", "nan"], "'nan'", "above 0"),
        (["demo", "--speed", "fast"], "'fast'", "a number"),
        (["demo", "--speed", "5000"], "5000", "1000"),
        (["demo", "--duration", "-3"], "'-3'", "seconds above 0"),
        (["demo", "--duration", "nan"], "'nan'", "seconds above 0"),
        (["demo", "--seed", "-4"], "'-4'", "0 or more"),
        (["demo", "--seed", "1.5"], "'1.5'", "whole number"),
        (["simulate", "--seed", "-1"], "'-1'", "0 or more"),
        (["demo", "--port", "99999"], "'99999'", "65535"),
        (["demo", "--scene", "moon"], "'moon'", "heights"),
        (["demo", "--protocol", "nothing"], "'nothing'", "graded_exposure"),
        (["demo", "--protocol", "nothing.toml"], "'nothing.toml'", "protocol file"),
        (["run", "demo", "--wait", "0"], "demo", "calm, graded_exposure"),
        (["run", "--wait", "-5"], "'-5'", "0 or more"),
        (["run", "--use", "banana"], "'banana'", "KIND=NAME"),
        (["run", "--use", "ecg="], "'ecg='", "KIND=NAME"),
        (["run", "--use", "mood=strap"], "'mood=strap'", "ecg"),
        (["demo", "--config", "none.toml"], "none.toml", "configuration file"),
        (["replay", "none.xdf"], "none.xdf", "recording"),
        (["verify", "none.xdf"], "none.xdf", "recording"),
        (["check", "none.xdf"], "none.xdf", "recording"),
        (["replay", "x.xdf", "--set"], "--set", "expected one argument"),
        (["banana"], "'banana'", "demo"),
        (["demo", "--banana"], "--banana", "help"),
    ],
)
def test_a_mistake_is_named_with_what_was_expected(
    said: Said, words: list[str], came: str, expected: str
) -> None:
    text = said(*words)
    assert came in text and expected in text
    assert len([line for line in text.splitlines() if "No calibration" not in line]) == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "empty"), (b"hello, I am a diary", "b'hell'")],
)
@pytest.mark.parametrize("command", ["replay", "verify", "check"])
def test_a_file_that_is_no_recording(said: Said, command: str, content: bytes, told: str) -> None:
    Path("bad.xdf").write_bytes(content)
    assert told in said(command, "bad.xdf")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("ceiling=abc", "'ceiling=abc'"), ("ceiling", "'ceiling'"), ("mood=1", "'mood'"),
        ("ceiling=7", "7"), ("ceiling=nan", "nan"), ("window_low=0.6", "0.6"),
    ],
)  # fmt: skip
def test_a_limit_that_cannot_be(said: Said, change: str, told: str) -> None:
    assert main([str(w) for w in fast("--record", "a.xdf")]) == 0
    capsys_free = said("replay", "a.xdf", "--set", change)
    assert told in capsys_free.splitlines()[-1] and "xpected" in capsys_free


def test_all_mistakes_of_a_protocol_are_told_together(said: Said) -> None:
    Path("p.toml").write_text(
        'titel = "x"\nscene = "heights"\ncontroller = "hope"\n[phases]\nquiet_s = -1\n'
        "[limits]\nceiling = 3\nspeed = 1\n"
    )
    lines = said("demo", "--protocol", "p.toml").splitlines()
    for wrong in ("'titel'", "'hope'", "-1", "3", "'limits.speed'", "'title'"):
        assert any(wrong in line for line in lines), wrong
    assert all("xpected" in line for line in lines)


def test_limits_that_contradict_each_other(said: Said) -> None:
    Path("p.toml").write_text(
        'title = "x"\nscene = "heights"\ncontroller = "exposure"\n'
        "[limits]\nwindow_low = 0.6\nwindow_high = 0.6\n"
    )
    assert "window_low" in said("run", "p.toml", "--wait", "0")


def test_all_mistakes_of_a_configuration_are_told_together(said: Said) -> None:
    Path("c.toml").write_text(
        'port = "x"\nmood = 3\ntick_hz = "fast"\n[broker]\nhost = 5\nbar = 1\n'
    )
    lines = said("demo", "--config", "c.toml").splitlines()
    assert len(lines) == 5
    for wrong in ("'x'", "mood", "'fast'", "broker.host", "broker.bar"):
        assert any(wrong in line for line in lines), wrong


def test_a_file_that_is_no_toml(said: Said) -> None:
    Path("c.toml").write_text("not [ toml")
    assert "c.toml" in said("demo", "--config", "c.toml")
    assert "c.toml" in said("demo", "--protocol", "c.toml")


def test_a_record_is_never_written_over_and_never_lost_in_a_missing_place(said: Said) -> None:
    Path("mine.xdf").write_bytes(b"somebody's data")
    assert "mine.xdf" in said(*fast("--record", "mine.xdf"))
    assert Path("mine.xdf").read_bytes() == b"somebody's data"
    assert "--record FILE" in said(*fast("--record", "mine.xdf/a.xdf"))
    Path("folder").mkdir()
    assert "folder" in said(*fast("--record", "folder"))


@pytest.mark.lsl
def test_a_refused_record_leaves_the_live_demonstration_unstarted(tmp_path: Path) -> None:
    (tmp_path / "mine.xdf").write_bytes(b"")
    done = apart("demo", "--no-browser", "--record", tmp_path / "mine.xdf", "--duration", 1)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "mine.xdf" in done.stderr and "Console" not in done.stderr


@pytest.mark.lsl
def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = apart("demo", "--no-browser", "--port", port, "--record", tmp_path / "a.xdf")
    assert done.returncode == 2 and done.stdout == "" and "Traceback" not in done.stderr
    assert str(port) in done.stderr
    assert not (tmp_path / "a.xdf").exists()


@pytest.mark.lsl
def test_without_any_sensor_a_run_ends_with_a_sentence() -> None:
    done = apart("run", "--session", "no-such-5f1d", "--wait", 0.3, "--no-browser")
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 2 and done.stdout == ""
    assert "within 0.3 s" in last and "adaptivevr streams" in last


# ---- what comes out ------------------------------------------------------------------------


def test_a_fast_demonstration_says_what_it_came_to(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["demo", "--no-browser", "--speed", "1000", "--duration", "20", "--json",
             "--record", "a.xdf"]  # fmt: skip
    assert main(words) == 0
    out, err = capsys.readouterr()
    document = json.loads(out)
    asked = {
        "first_frame_s", "ticks", "late_ticks", "intensity_min", "intensity_max",
        "intensity_mean", "arousal_mean", "increases_blocked", "modes", "recording",
    }  # fmt: skip
    assert asked <= set(document)
    assert document["ticks"] == pytest.approx(400, abs=1) and document["error"] is None
    assert Path(document["recording"]) == Path("a.xdf") and "Recording to a.xdf" in err
    for command in ("replay", "verify", "check"):
        assert main([command, "a.xdf", "--json"]) == 0
        result = json.loads(capsys.readouterr().out)
        assert result.get("equal", True) and not result.get("violations")
        assert main([command, "a.xdf"]) == 0
        printed = capsys.readouterr()
        assert printed.out or printed.err


def test_the_course_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(w) for w in fast("--record", "a.xdf")]) == 0
    assert main(["replay", "a.xdf", "--plot", "course.svg"]) == 0
    assert "<svg" in Path("course.svg").read_text(encoding="utf-8")


def test_scenes_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenes", "list", "--json"]) == 0
    assert {"heights", "safe_room", "beach_walk"} <= set(json.loads(capsys.readouterr().out))


def test_a_name_may_follow_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenes", "check", "--json", "safe_room"]) == 0
    assert list(json.loads(capsys.readouterr().out)) == ["safe_room"]
    with pytest.raises(SystemExit) as ended:
        main(["scenes", "check", "--rendred", "safe_room"])
    assert ended.value.code == 2 and "--rendred" in capsys.readouterr().err
