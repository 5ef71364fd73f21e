"""A patient's process, an engine's process and a console that writes down all it is told."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.free import free_port
from tests.until import until

# The shortest quiet phase for people, then one level that nobody leaves: what moves is loss.
PROTOCOL = """
title = "A test of losses"
scene = "heights"
controller = "exposure"
advance = "confirm"
sensors = ["heart", "skin"]

[phases]
quiet_s = 60
main_s = 1200
cooldown_s = 30

[limits]
rise_per_s = 0.05
dwell_s = 600

[exposure]
first_level = 1
trim = false
"""


class Console:
    """Hears the console channel from a thread of its own; every state with when it came."""

    def __init__(self, port: int) -> None:
        self.states: list[tuple[float, dict[str, Any]]] = []
        self.log: list[str] = []
        self._port = port
        self._socket: Any = None
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        from websockets.exceptions import WebSocketException
        from websockets.sync.client import connect

        while not self._end.is_set():
            try:
                url = f"ws://localhost:{self._port}/ws/console"
                with connect(url, compression=None, max_size=None) as socket:
                    self._socket = socket
                    for text in socket:
                        if isinstance(text, bytes):
                            continue
                        message = json.loads(text)
                        if message["type"] == "state" and "mode" in message:
                            self.states.append((time.monotonic(), message))
                        elif message["type"] == "log":
                            self.log.append(message["text"])
            except (OSError, WebSocketException):
                self._end.wait(0.1)

    def say(self, message: dict[str, Any]) -> float:
        """Sends one message; when, on the monotonic clock, just before."""
        at_s = time.monotonic()
        self._socket.send(json.dumps(message))
        return at_s

    @property
    def now(self) -> dict[str, Any]:
        return self.states[-1][1]

    def since(self, at_s: float) -> list[tuple[float, dict[str, Any]]]:
        return [(t - at_s, s) for t, s in self.states if t >= at_s]

    def first(
        self, at_s: float, fits: Callable[[dict[str, Any]], bool], within_s: float, why: str = ""
    ) -> tuple[float, dict[str, Any]]:
        """The first state since a moment that fits, and how long after the moment it came."""
        return until(
            lambda: next(((t, s) for t, s in self.since(at_s) if fits(s)), None), within_s, why
        )  # type: ignore[return-value]

    def close(self) -> None:
        self._end.set()
        if self._socket is not None:
            self._socket.close()
        self._thread.join(5)


class Rig:
    """`adaptivevr simulate` and `adaptivevr run` on one LSL session of their own."""

    def __init__(self, folder: Path, session: str, patient: str = "normal") -> None:
        self.port = free_port()
        self.record = folder / "live.xdf"
        protocol = folder / "losses.toml"
        protocol.write_text(PROTOCOL)
        self.stderr = folder / "run.txt"
        self._files = [self.stderr.open("wb")]
        self.patient = self._start(
            ["simulate", "--patient", patient, "--seed", "3", "--session", session,
             "--scene-url", f"ws://localhost:{self.port}/ws/scene"], stdin=subprocess.PIPE,
        )  # fmt: skip
        self.engine = self._start(
            ["run", str(protocol), "--patient", "rig", "--session", session, "--no-browser",
             "--port", str(self.port), "--wait", "40", "--record", str(self.record),
             "--calibrate", "no"],
            stderr=self._files[0],
        )  # fmt: skip
        self.console = Console(self.port)

    def _start(self, words: Sequence[str], **more: Any) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-m", "adaptivevr", *words], **more)

    def order(self, do: str, kind: str) -> float:
        """Unplugs or plugs one sensor of the patient; when that was asked."""
        assert self.patient.stdin is not None
        at_s = time.monotonic()
        self.patient.stdin.write(json.dumps({"do": do, "kind": kind}).encode() + b"\n")
        self.patient.stdin.flush()
        return at_s

    def sensor(self, kind: str, state: dict[str, Any] | None = None) -> dict[str, Any]:
        state = state or self.console.now
        return next((s for s in state["sensors"] if s["kind"] == kind), {})

    def close(self) -> None:
        self.console.close()
        for process in (self.engine, self.patient):
            if hasattr(signal, "SIGCONT") and process.poll() is None:
                os.kill(process.pid, signal.SIGCONT)
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
        if self.patient.stdin is not None:
            self.patient.stdin.close()
        for file in self._files:
            file.close()
