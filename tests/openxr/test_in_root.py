"""Runs the tests of `tests/openxr/runtime` with a live OpenXR runtime, in each of its modes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
XR_ROOT = Path(os.environ.get("ADAPTIVEVR_XR_ROOT", "/var/cache/adaptivevr-xr"))

pytestmark = [pytest.mark.openxr, pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def root() -> Path:
    """The folder with the runtime, built at the first use."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("expected root rights on Linux to build a folder with an OpenXR runtime")
    if sys.base_prefix == "/usr":
        pytest.skip("expected a Python of its own (pyenv), came the system's: it stays outside")
    if not (XR_ROOT / ".made").is_file() and shutil.which("debootstrap") is None:
        pytest.skip("expected debootstrap to build a folder with an OpenXR runtime, found none")
    built = subprocess.run([HERE / "make_root", XR_ROOT], capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return XR_ROOT


@pytest.mark.skipif(bool(os.environ.get("ADAPTIVEVR_XR_MODE")), reason="already inside")
@pytest.mark.parametrize("mode", ["null", "remote", "xcb"])
def test_with_a_live_runtime(root: Path, mode: str) -> None:
    binds = dict.fromkeys((sys.prefix, sys.base_prefix, str(CHECKOUT)))
    done = subprocess.run(
        [
            HERE / "enter_root", root, mode, *binds, "--", sys.executable, "-m", "pytest", "-q",
            "-m", "openxr", "-p", "no:cacheprovider", "-p", "no:playwright", "-rA",
            str(HERE / "runtime"),
        ],
        cwd=CHECKOUT, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    print(done.stdout[-6000:])
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
