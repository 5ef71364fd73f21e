"""Whether memory stays flat: the engine of a whole demonstration, and the native renderer on it.

    python -m tests.benchmarks.memory --json [--minutes 30] [--host simulated|xr]

Two processes as in use (`adaptivevr demo` with its recording, `python -m scenes.openxr`), 60 ticks
and pictures on, and the resident memory of each every five seconds. `mb_per_min` is the slope of a
straight line through all after the first minute, `grown_mb` the last minute's median less that of
the second. 3.5 minutes unless told; the bar is for 30.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from tests.benchmarks.free import free_port

EVERY_S, WARM_S = 5.0, 60.0


def measure(minutes: float, host: str) -> dict[str, Any]:
    """Memory of both processes over so many minutes."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        port = free_port()
        engine = _begun(
            "adaptivevr", "demo", "--no-browser", "--port", str(port),
            "--record", str(Path(folder) / "memory.xdf"),
        )  # fmt: skip
        url = f"ws://localhost:{port}/ws/scene"
        renderer = _begun("scenes.openxr", url, "--host", host, "--silent")
        try:
            rows = _watched({"engine": engine, "renderer": renderer}, minutes)
        finally:
            for process in (renderer, engine):
                process.terminate()
                process.wait(20)
    return {"minutes": minutes, "host": host} | {name: figures(row) for name, row in rows.items()}


def _begun(*arguments: str) -> psutil.Popen:
    return psutil.Popen(
        [sys.executable, "-m", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _watched(
    processes: dict[str, psutil.Popen], minutes: float
) -> dict[str, list[tuple[float, float]]]:
    """Seconds and MB of each process; ends with an error when one is gone."""
    rows: dict[str, list[tuple[float, float]]] = {name: [] for name in processes}
    began_s = time.monotonic()
    while (at_s := time.monotonic() - began_s) < 60.0 * minutes:
        for name, process in processes.items():
            rows[name].append((at_s, process.memory_info().rss / 1e6))
        told = ", ".join(f"{name} {row[-1][1]:.1f} MB" for name, row in rows.items())
        print(f"\r{at_s / 60:5.1f} min: {told}", end="", file=sys.stderr, flush=True)
        gone, _ = psutil.wait_procs(processes.values(), timeout=EVERY_S)
        if gone:
            names = [name for name, process in processes.items() if process in gone]
            raise SystemExit(f"Expected {names[0]} to live on, it ended at {at_s:.0f} s.")
    print(file=sys.stderr)
    return rows


def figures(row: list[tuple[float, float]]) -> dict[str, float]:
    """What so many samples of memory say.

    >>> found = figures([(5.0 * n, 100.0 + n) for n in range(61)])
    >>> found["most_mb"], found["mb_per_min"]
    (160.0, 12.0)
    """
    at_s, mb = np.array(row).T
    late = at_s >= WARM_S
    second = mb[late & (at_s < 2 * WARM_S)]
    last = mb[at_s >= at_s[-1] - WARM_S]
    slope = np.polyfit(at_s[late] / 60.0, mb[late], 1)[0]
    return {
        "start_mb": round(float(np.median(second)), 1),
        "end_mb": round(float(np.median(last)), 1),
        "most_mb": round(float(mb.max()), 1),
        "grown_mb": round(float(np.median(last) - np.median(second)), 2),
        "mb_per_min": round(float(slope), 3),
    }


def main() -> None:
    """Prints one JSON document."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--minutes", type=float, default=3.5)
    parser.add_argument("--host", choices=("simulated", "xr", "window"), default="simulated")
    options = parser.parse_args()
    print(json.dumps(measure(options.minutes, options.host)))


if __name__ == "__main__":
    main()
