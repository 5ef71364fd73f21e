"""From the press to rest: how long a clinician's stop takes to reach a renderer, and back.

    python -m tests.benchmarks.stop --json [--trials 1000] [--browser 50] [--idle]

The real engine (`adaptivevr demo`) runs in its own process; a console and a renderer are
clients here, both ends on one clock. A trial: the patient's scene is away from rest, the console
message `stop` is written, and the first frame with `rest: true` that the renderer takes ends it,
as it would begin its fade and acknowledge. Then the clinician resumes and the next trial
begins. Every core is kept busy meanwhile (not with --idle). A part of the trials each: as it is;
with the controller stuck (the tick is frozen while the stop is pressed: the hub alone must do
it); with every sensor dead. Then a real browser shows the page, and its own moments count: its
key Escape is pressed; `rest_frame_ms` and `rest_picture_ms` are from there.

`p99_ms` and `worst_ms` are over all trials, to the rest frame taken by the client (bars: 100 and
250). Whatever happens, it ends within `--minutes` and says how many trials it came to.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from tests import pace
from tests.benchmarks.free import free_port
from tests.until import until

BETWEEN_S = 0.03
FROZEN_S = 0.03  # two frames stayed away
TIMES = "window.__adaptivevr.times"


class Renderer:
    """A scene client that acknowledges as the browser does; tells when it rested."""

    def __init__(self, port: int) -> None:
        self.resting = threading.Event()
        self.awake = threading.Event()
        self.rested_s = self.heard_s = 0.0
        self.ended = threading.Event()
        self._url = f"ws://localhost:{port}/ws/scene"
        threading.Thread(target=self._live, daemon=True).start()

    def _live(self) -> None:
        while not self.ended.is_set():
            try:
                with connect(self._url, compression=None) as socket:
                    self._serve(socket)
            except (OSError, WebSocketException):
                self.ended.wait(0.1)

    def _serve(self, socket: Any) -> None:
        hello = {"renderer": "stop bench", "version": "1", "languages": ["en"], "hands": False}
        socket.send(json.dumps({"v": 1, "type": "hello", **hello, "refresh_hz": 60}))
        seq, rest = -1, None
        for text in socket:
            now_s = time.perf_counter()
            message = json.loads(text)
            if message["type"] != "frame" or message["seq"] <= seq:
                continue
            seq, self.heard_s = message["seq"], now_s
            if message["rest"] is not rest:
                rest = message["rest"]
                if rest:
                    self.rested_s = now_s
                    self.awake.clear()
                    self.resting.set()
                else:
                    self.resting.clear()
                    self.awake.set()
            shown = {"v": 1, "type": "ack", "seq": seq, "shown_s": now_s, "rest": bool(rest)}
            socket.send(json.dumps(shown))


class Console:
    """The clinician: stops and resumes."""

    def __init__(self, port: int) -> None:
        url = f"ws://localhost:{port}/ws/console"
        self._socket: Any = until(lambda: _connected(url), 60, "no engine")
        threading.Thread(target=self._drain, daemon=True).start()

    def _drain(self) -> None:
        try:
            for _ in self._socket:
                pass
        except (OSError, WebSocketException):
            return

    def say(self, message: dict[str, Any]) -> float:
        """Writes one message; the moment before."""
        before_s = time.perf_counter()
        self._socket.send(json.dumps(message))
        return before_s


def _connected(url: str) -> ClientConnection | None:
    try:
        return connect(url, compression=None, max_size=None)
    except (OSError, WebSocketException):
        return None


class Load:
    """Keeps every core busy, in processes of its own."""

    def __init__(self, cores: int) -> None:
        spin = "while True: sum(range(10000))"
        self._spinning = [subprocess.Popen([sys.executable, "-c", spin]) for _ in range(cores)]

    def end(self) -> None:
        """Lets the cores go."""
        for one in self._spinning:
            one.kill()
            one.wait(10)


class Engine:
    """`adaptivevr demo` in a process of its own, with a console and a renderer here."""

    def __init__(self, record: Path) -> None:
        self.port = free_port()
        self._process = subprocess.Popen(
            [
                sys.executable, "-m", "adaptivevr", "demo", "--no-browser", "--port",
                str(self.port), "--record", str(record),
            ],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.console, self.renderer = Console(self.port), Renderer(self.port)
        self.wake()

    def wake(self) -> None:
        """Has the scene shown again, by hand: whatever stopped it, a clinician goes on."""
        until(self._resumed, 60, "no frame away from rest")

    def _resumed(self) -> bool:
        if self.renderer.awake.is_set():
            return True
        # A resume that meets the stop in one tick loses: it is said again.
        self.console.say({"type": "command", "command": "Resume"})
        return self.renderer.awake.wait(0.25)

    def _freeze(self) -> None:
        """The tick stands still, and so do the frames."""
        self.console.say({"type": "demo", "do": "freeze", "seconds": 0.2})
        until(lambda: pace.now_s() - self.renderer.heard_s > FROZEN_S, 10, "frames go on")

    def press(self, stuck: bool) -> float:
        """One trial, in milliseconds from the press to the rest frame."""
        self.wake()
        self.renderer.resting.clear()
        if stuck:
            self._freeze()
        pressed_s = self.console.say({"type": "stop", "by": f"bench {secrets.token_hex(2)}"})
        if not self.renderer.resting.wait(10):
            raise AssertionError("no rest within 10 s of a press")
        return (self.renderer.rested_s - pressed_s) * 1e3

    def unplug(self) -> None:
        """Every sensor dies."""
        for kind in ("ecg", "eda", "eeg", "breath", "motion"):
            self.console.say({"type": "demo", "do": "unplug", "kind": kind})

    def close(self) -> None:
        """Ends it, however it stands."""
        self.renderer.ended.set()
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(15)


def trials(engine: Engine, count: int, until_s: float) -> dict[str, list[float]]:
    """So many presses, a third of each kind, as far as time allows."""
    delays: dict[str, list[float]] = {"plain": [], "stuck": [], "dead": []}
    rng = np.random.default_rng(1)
    for n in range(count):
        kind = tuple(delays)[3 * n // count]
        if kind == "dead" and not delays["dead"]:
            engine.unplug()
        if time.monotonic() > until_s:
            break
        # At any moment of a tick, not always right after one.
        pace.at(pace.now_s() + BETWEEN_S + float(rng.uniform(0.0, 0.02)))
        delays[kind].append(engine.press(kind == "stuck"))
        if n % 50 == 49:
            print(f"{n + 1} of {count}", file=sys.stderr)
    return delays


def browser(engine: Engine, count: int, until_s: float) -> dict[str, Any]:
    """So many presses of Escape in a real browser, by the page's own clock."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import ARGUMENTS, CHROMIUM

    state = "window.__adaptivevr.state()"
    frames, pictures = [], []
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = chromium.new_page(viewport={"width": 640, "height": 320})
        page.set_default_timeout(60_000)
        page.goto(f"http://localhost:{engine.port}/scene/")
        until(lambda: page.evaluate(f"window.__adaptivevr && {state}.restReady"), 90, "no page")
        for _ in range(count):
            if time.monotonic() > until_s:
                break
            until(lambda: seen(page, engine), 90, "no scene")
            page.keyboard.press("Escape")
            until(lambda: page.evaluate(f"{TIMES}.restPicture >= 0"), 90, "no picture at rest")
            at = page.evaluate(TIMES)
            frames.append((at["restFrame"] - at["stop"]) * 1e3)
            pictures.append((at["restPicture"] - at["stop"]) * 1e3)
            page.reload()  # a page that has rested shows no scene for five seconds, a new one may
        chromium.close()
    return {
        "trials": len(frames),
        "rest_frame_ms": figures(frames),
        "rest_picture_ms": figures(pictures),
    }


def seen(page: Any, engine: Engine) -> bool:
    """Whether the scene is shown and the real rest scene there; resumed first, if a busy machine's
    watchdog has stopped it."""
    engine.wake()
    state = "window.__adaptivevr?.state()"
    return bool(page.evaluate(f"{state}?.fade === 0 && {state}.restReady"))


def figures(delays: list[float]) -> dict[str, float]:
    """Median, 99 of 100, and the worst, in milliseconds."""
    if not delays:
        return {}
    values = np.array(delays)
    return {
        "p50": round(float(np.median(values)), 3),
        "p99": round(float(np.quantile(values, 0.99)), 3),
        "worst": round(float(values.max()), 3),
    }


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Everything, within the minutes given; what was had so far when something fails."""
    began_s = time.monotonic()
    until_s = began_s + 60.0 * options.minutes - 30.0
    socket_until_s = until_s - 4.0 * options.browser
    load = None if options.idle else Load(os.cpu_count() or 2)
    delays: dict[str, list[float]] = {}
    shown: dict[str, Any] = {}
    problem = ""
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            with closing(Engine(Path(folder) / "socket.xdf")) as engine:
                delays = trials(engine, options.trials, socket_until_s)
            if load is not None:
                load.end()  # the browser draws on the processor: it is load enough
            if options.browser:
                # An engine of its own: in the last one every sensor is dead by now.
                with closing(Engine(Path(folder) / "browser.xdf")) as engine:
                    shown = browser(engine, options.browser, until_s)
    except AssertionError as late:
        problem = str(late)
    finally:
        if load is not None:
            load.end()
    every = [delay for some in delays.values() for delay in some]
    found = figures(every)
    return {
        "p50_ms": found.get("p50"),
        "p99_ms": found.get("p99"),
        "worst_ms": found.get("worst"),
        "trials": len(every),
        "kinds": {kind: {"trials": len(some), **figures(some)} for kind, some in delays.items()},
        "browser": shown,
        "busy": not options.idle,
        "problem": problem,
        "seconds": round(time.monotonic() - began_s, 1),
    }


def main() -> None:
    """Prints one JSON document; exit 1 when a trial could not be measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--browser", type=int, default=50, help="so many in a real browser")
    parser.add_argument("--idle", action="store_true", help="without load on the cores")
    parser.add_argument("--minutes", type=float, default=8.0)
    result = measure(parser.parse_args())
    print(json.dumps(result))
    if result["problem"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
