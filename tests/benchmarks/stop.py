"""From the press to rest: how long a clinician's stop takes to reach a renderer, and back.

    python -m tests.benchmarks.stop --json [--trials 1000]

The real engine (`adaptivevr demo`) runs in its own process; a console and a renderer are
clients here, both ends on one clock. A trial: the patient's scene is away from rest, the console
message `stop` is written, and the first frame with `rest: true` that the renderer takes ends it,
as it would begin its fade and acknowledge. Then the clinician resumes and the next trial
begins. The engine's own tick is not needed for it: `--stuck` freezes it for each trial.

`p99_ms` and `worst_ms` are to the rest frame taken by the client (bar: 100 and 250).
"""

import argparse
import json
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.benchmarks.free import free_port

BETWEEN_S = 0.05


class Renderer:
    """A scene client that acknowledges as the browser does; tells when it rested."""

    def __init__(self, port: int) -> None:
        self.resting = threading.Event()
        self.awake = threading.Event()
        self.rested_s = 0.0
        self.ended = False
        self._url = f"ws://localhost:{port}/ws/scene"
        threading.Thread(target=self._live, daemon=True).start()

    def _live(self) -> None:
        while not self.ended:
            try:
                with connect(self._url, compression=None) as socket:
                    self._serve(socket)
            except (OSError, WebSocketException):
                time.sleep(0.1)

    def _serve(self, socket: Any) -> None:
        hello = {"renderer": "stop bench", "version": "1", "languages": ["en"], "hands": False}
        socket.send(json.dumps({"v": 1, "type": "hello", **hello, "refresh_hz": 60}))
        seq, rest = -1, None
        for text in socket:
            now_s = time.perf_counter()
            message = json.loads(text)
            if message["type"] != "frame" or message["seq"] <= seq:
                continue
            seq = message["seq"]
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
        end = time.monotonic() + 60
        while True:
            try:
                self._socket = connect(
                    f"ws://localhost:{port}/ws/console", compression=None, max_size=None
                )
                break
            except (OSError, WebSocketException):
                if time.monotonic() > end:
                    raise SystemExit("Expected the engine within 60 s, it did not come.") from None
                time.sleep(0.1)
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


def measure(trials: int, stuck: bool) -> dict[str, Any]:
    """So many presses of one engine, in milliseconds."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        engine = subprocess.Popen(
            [
                sys.executable, "-m", "adaptivevr", "demo", "--no-browser", "--port", str(port),
                "--record", str(Path(folder) / "stop.xdf"),
            ],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            return _trials(port, trials, stuck)
        finally:
            engine.terminate()
            engine.wait(15)


def _trials(port: int, trials: int, stuck: bool) -> dict[str, Any]:
    console, renderer = Console(port), Renderer(port)
    if not renderer.awake.wait(60):
        raise SystemExit("Expected frames away from rest within 60 s, none came.")
    rng = np.random.default_rng(1)
    delays = []
    for n in range(trials):
        # At any moment of a tick, not always right after one.
        time.sleep(BETWEEN_S + float(rng.uniform(0.0, 0.02)))
        renderer.resting.clear()
        if stuck:
            console.say({"type": "demo", "do": "freeze", "seconds": 0.2})
            time.sleep(0.03)
        pressed_s = console.say({"type": "stop", "by": f"bench {secrets.token_hex(2)}"})
        if not renderer.resting.wait(5):
            raise SystemExit(f"Expected rest within 5 s of press {n}, none came.")
        delays.append((renderer.rested_s - pressed_s) * 1e3)
        time.sleep(BETWEEN_S)
        for _ in range(10):
            console.say({"type": "command", "command": "Resume"})
            # A resume that meets the stop in one tick loses: it is said again.
            if renderer.awake.wait(1):
                break
        else:
            raise SystemExit(f"Expected the scene again after resuming from press {n}.")
    values = np.array(delays)
    return {
        "p50_ms": round(float(np.median(values)), 3),
        "p99_ms": round(float(np.quantile(values, 0.99)), 3),
        "worst_ms": round(float(values.max()), 3),
        "trials": trials,
        "stuck": stuck,
    }


def main() -> None:
    """Prints one JSON document; exit 1 above the bars."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--stuck", action="store_true", help="the engine's tick is frozen")
    options = parser.parse_args()
    result = measure(options.trials, options.stuck)
    print(json.dumps(result))
    if result["p99_ms"] > 100 or result["worst_ms"] > 250:
        sys.exit(1)


if __name__ == "__main__":
    main()
