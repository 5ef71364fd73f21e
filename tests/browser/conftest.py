"""Chromium, the stub engine and the emulated headset, for the pages as a browser shows them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
PAGE = ROOT / "scenes/web/dist/index.html"
IWER = ROOT / "node_modules/iwer/build/iwer.min.js"
ASSETS = [ROOT / f"scenes/library/{name}/scene.glb" for name in ("safe_room", "heights")]
ARGUMENTS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-gpu", "--force-color-profile=srgb",
    "--disable-dev-shm-usage",
]  # fmt: skip
WEAR = (
    ";window.__device=new IWER.XRDevice(IWER.metaQuest3,{stereoEnabled:true,ipd:0.063});"
    "__device.installRuntime({forceInstall:true});"
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if not CHROMIUM:
        pytest.skip("expected Chromium, found none: install it, or name it in CHROMIUM")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": 640, "height": 320},
        "service_workers": "block",
        "locale": "en-GB",
        "timezone_id": "Europe/London",
        "reduced_motion": "reduce",
    }


class Engine:
    """The stub in its own process, so that it can be frozen and killed."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("engine_stub.py")
        self.process = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        self.url = f"http://localhost:{int(self.process.stdout.readline())}"

    def say(self, **told: Any) -> dict[str, Any]:
        body = json.dumps(told).encode()
        request = urllib.request.Request(f"{self.url}/say", body, method="POST")
        with urllib.request.urlopen(request, timeout=5) as answer:
            return dict(json.load(answer))

    def told(self) -> dict[str, Any]:
        """What clients said (`heard`), and when the last frames left (`sent`)."""
        with urllib.request.urlopen(f"{self.url}/heard", timeout=5) as answer:
            return dict(json.load(answer))

    def heard(self, kind: str) -> list[dict[str, Any]]:
        return [m for m in self.told()["heard"] if m["type"] == kind]

    def freeze(self) -> None:
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)

    def close(self) -> None:
        self.process.kill()
        self.process.wait(5)
        if self.process.stdout:
            self.process.stdout.close()


@pytest.fixture
def engine() -> Iterator[Engine]:
    for part in (PAGE, IWER, *ASSETS):
        if not part.is_file():
            pytest.skip(f"expected {part.relative_to(ROOT)}, not built: pip install -e .")
    running = Engine()
    yield running
    running.close()


@pytest.fixture
def clean_console(page: Any) -> Iterator[list[str]]:
    """Fails a test on page errors, console errors and requests that leave the machine."""
    bad: list[str] = []
    ours = ("http://localhost", "ws://localhost", "data:", "blob:")
    page.on("pageerror", lambda e: bad.append(f"page error: {e}"))
    page.on("console", lambda m: bad.append(f"console: {m.text}") if m.type == "error" else None)
    page.on("request", lambda r: None if r.url.startswith(ours) else bad.append(f"leaves: {r.url}"))
    yield bad
    assert not bad, bad


@pytest.fixture
def headset(page: Any) -> Any:
    """The page with an emulated headset, installed before any script of ours."""
    page.add_init_script(IWER.read_text() + WEAR)
    return page
