"""Tests against a live OpenXR runtime; they run inside the folder of `make_root`, by its mode."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.until import until

MODE = os.environ.get("ADAPTIVEVR_XR_MODE", "")
COLD_S = 90.0  # the first pictures of a session compile everything, on a busy machine
# Outside the folder these are no tests: tests/openxr/test_in_root.py runs them inside.
collect_ignore_glob = [f"test_{mode}*.py" for mode in ("null", "remote", "xcb") if mode != MODE] + (
    [] if MODE else ["test_*.py"]
)


class Service:
    """Monado's service, which can be killed and started again."""

    def __init__(self) -> None:
        self._log = Path("/run/monado.log")
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        for left in (Path("/run/xr/monado_comp_ipc"), Path("/run/xr/monado.pid")):
            left.unlink(missing_ok=True)
        with self._log.open("wb") as out:
            self._process = subprocess.Popen(["monado-service"], stdout=out, stderr=out)
        until(self._started, 30.0, lambda: self._log.read_text()[-2000:])

    def _started(self) -> bool:
        assert self._process is not None and self._process.poll() is None, self._log.read_text()
        return "has started" in self._log.read_text()

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    running = Service()
    yield running
    running.kill()


@pytest.fixture
def host(service: Service) -> Iterator[Any]:
    """The headset of the live runtime, small pictures."""
    from scenes.openxr.clock import now_s
    from scenes.openxr.headset import XrHost

    made = XrHost(now_s, size=(64, 64))
    yield made
    made.close()
