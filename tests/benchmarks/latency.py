"""From a sample's push to the first scene frame that knows it, over real LSL and a real socket.

The engine runs as its own process (`adaptivevr run`), sender and client in this one, so both
ends are on one clock. A sample counts when the first frame with `data_s` >= its stamp has been
received; the clock starts before `push_sample`. This ends at the socket: what a renderer adds
on top (a frame or two) is not in it.
"""

import argparse
import json
import secrets
import subprocess
import sys
import tempfile
import threading
from bisect import bisect_left
from pathlib import Path

import numpy as np
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from sensors.lsl import Outlet, configure, local_clock_s
from sensors.stream import Kind, Stream
from tests import pace
from tests.benchmarks.free import free_port

SAMPLES = 5200
RATES_HZ = (75, 256)


def measure(rate_hz: int, samples: int) -> dict[str, float]:
    """One run at one rate, in milliseconds."""
    ecg = Stream(
        id="ecg", name="latency", kind=Kind.ECG, rate_hz=float(rate_hz), unit="uV",
        source_id=f"latency-{rate_hz}-{secrets.token_hex(3)}", type="ECG",
    )  # fmt: skip
    outlet = Outlet(ecg)
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        engine = subprocess.Popen(
            [
                sys.executable, "-m", "adaptivevr", "run", "calm", "--patient", "latency",
                "--session", SESSION, "--no-browser", "--port", str(port), "--wait", "20",
                "--record", str(Path(folder) / "latency.xdf"), "--calibrate", "no",
            ],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            return _run(outlet, rate_hz, samples, port)
        finally:
            engine.terminate()
            engine.wait(10)
            outlet.close()


def _run(outlet: Outlet, rate_hz: int, samples: int, port: int) -> dict[str, float]:
    known: list[tuple[float, float]] = []  # data_s of a frame, when it was received
    end = threading.Event()
    client = threading.Thread(target=_receive, args=(port, known, end), daemon=True)
    client.start()
    stamps, pushed = _send(outlet, rate_hz, samples, known)
    deadline = local_clock_s() + 3.0
    while local_clock_s() < deadline and (not known or known[-1][0] < stamps[-1]):
        end.wait(0.05)
    end.set()
    data = [d for d, _ in known]
    delays = []
    for stamp, sent in zip(stamps, pushed, strict=True):
        at = bisect_left(data, stamp)
        if at < len(known):
            delays.append((known[at][1] - sent) * 1e3)
    if len(delays) < 5000 and samples >= 5000:
        raise SystemExit(f"only {len(delays)} of {samples} samples were seen in frames")
    values = np.array(delays)
    return {
        "mean_ms": round(float(values.mean()), 3),
        "p50_ms": round(float(np.median(values)), 3),
        "p99_ms": round(float(np.quantile(values, 0.99)), 3),
        "worst_ms": round(float(values.max()), 3),
        "samples": len(delays),
    }


def _receive(port: int, known: list[tuple[float, float]], end: threading.Event) -> None:
    while not end.is_set():
        try:
            with connect(f"ws://localhost:{port}/ws/scene", compression=None) as socket:
                for text in socket:
                    now = local_clock_s()
                    if '"type":"frame"' in str(text):
                        data_s = json.loads(text)["data_s"]
                        if data_s is not None and (not known or data_s > known[-1][0]):
                            known.append((data_s, now))
                    if end.is_set():
                        return
        except (OSError, WebSocketException):
            end.wait(0.1)


def _send(
    outlet: Outlet, rate_hz: int, samples: int, known: list[tuple[float, float]]
) -> tuple[list[float], list[float]]:
    """Sends until the engine listens, then the samples that count."""
    stamps: list[float] = []
    pushed: list[float] = []
    next_s = pace.now_s()
    number = 0
    while len(stamps) < samples:
        next_s += 1.0 / rate_hz
        pace.at(next_s)
        number += 1
        phase = number / rate_hz % 0.8
        value = 1000.0 * float(np.exp(-((phase - 0.4) ** 2) / 2e-4)) + 5.0 * (number % 7)
        before = local_clock_s()
        outlet.push([before], [[value]])
        if len(known) > 120:  # the engine has been listening for two seconds
            stamps.append(before)
            pushed.append(before)
    return stamps, pushed


SESSION = f"latency-{secrets.token_hex(4)}"


def main() -> None:
    """Prints one JSON document: per rate `mean_ms`, `p99_ms` and more."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--samples", type=int, default=SAMPLES)
    options = parser.parse_args()
    configure(SESSION)
    result = {}
    for rate_hz in RATES_HZ:
        print(f"{rate_hz} Hz, {options.samples} samples ...", file=sys.stderr)
        result[str(rate_hz)] = measure(rate_hz, options.samples)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
