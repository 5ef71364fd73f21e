"""How well the loop keeps its deadlines in the live demonstration, alone or beside a busy core.

`python -m tests.benchmarks.pace --json [--busy] [--seconds 60]`. A tick is late when it starts
over 10 ms after its deadline; --busy keeps one core occupied by another process meanwhile. The
simulated patient's process runs beside it in any case, as in every demonstration.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

_BURN = "while True: pass"


def measure(seconds: float, busy: bool) -> dict[str, Any]:
    """One demonstration in a process of its own; its pace in numbers."""
    burner = subprocess.Popen([sys.executable, "-c", _BURN]) if busy else None
    try:
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [
                    sys.executable, "-m", "adaptivevr", "demo", "--no-browser", "--json",
                    "--duration", str(seconds), "--record", str(Path(folder) / "pace.xdf"),
                ],
                capture_output=True, text=True, check=True, timeout=seconds + 120,
            )  # fmt: skip
    finally:
        if burner is not None:
            burner.kill()
            burner.wait()
    document = json.loads(done.stdout)
    names = ("ticks", "late_ticks", "worst_late_ms", "tick_p50_ms", "tick_p99_ms", "first_frame_s")
    figures: dict[str, Any] = {name: document[name] for name in names}
    figures["late_share"] = document["late_ticks"] / max(1, document["ticks"])
    return {"busy": busy, "cores": os.cpu_count(), "load": os.getloadavg()[0], **figures}


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--busy", action="store_true", help="keep one core occupied")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.seconds, options.busy)
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
