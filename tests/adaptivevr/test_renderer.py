"""The native renderer beside a session: refused in one sentence, begun, and ended."""

import subprocess
import sys

import pytest

from adaptivevr.errors import Missing
from adaptivevr.renderer import Renderer, check_renderer


def test_a_browser_needs_nothing_of_this() -> None:
    check_renderer("web")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without runtime and display."""
    monkeypatch.setenv("XR_RUNTIME_JSON", "/nowhere/runtime.json")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("bare")
def test_no_headset_is_one_sentence_that_says_what_to_do() -> None:
    with pytest.raises(Missing, match=r"Expected an active OpenXR runtime, found none.*Install"):
        check_renderer("openxr")
    command = [sys.executable, "-m", "adaptivevr", "demo", "--renderer", "openxr"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "--renderer web" in done.stderr


@pytest.mark.openxr
@pytest.mark.usefixtures("bare")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="expected a system without screen")
def test_a_window_without_a_display_is_drawn_and_says_that_nobody_sees_it(
    capfd: pytest.CaptureFixture[str],
) -> None:
    renderer = Renderer("window", 1, silent=True)
    try:
        assert renderer.shown_on == "simulated"
        assert renderer.process.poll() is None
    finally:
        renderer.close()
    assert renderer.process.returncode == 0  # it ended by itself when it was asked to
    told = capfd.readouterr().err
    assert "nobody sees" in told or told == ""  # ended before its first picture


def test_a_renderer_is_not_shown_faster_than_time() -> None:
    command = [
        sys.executable, "-m", "adaptivevr", "demo", "--renderer", "window", "--speed", "10",
        "--no-browser",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2 and "--speed" in done.stderr
