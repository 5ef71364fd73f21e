"""Whole sessions of simulated patients through the real engine, as fast as the machine goes."""

import itertools
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adaptivevr.recorded import read_recording
from sensors.patient import Patient, Seen


@dataclass(frozen=True, slots=True)
class Ran:
    """One session: its JSON document and its recording."""

    document: dict[str, Any]
    record: Path

    def intensities(self) -> list[tuple[float, float]]:
        """(time, intensity) of every tick."""
        return [(t["now_s"], t["intensity"]) for t in read_recording(self.record).ticks]


def session(kind: str, seed: int, folder: Path, seconds: float = 600.0) -> Ran:
    """`adaptivevr demo` in a process of its own, faster than real time."""
    record = folder / f"{kind}-{seed}.xdf"
    done = subprocess.run(
        [
            sys.executable, "-m", "adaptivevr", "demo", "--no-browser", "--speed", "1000",
            "--duration", str(seconds), "--seed", str(seed), "--patient", kind, "--json",
            "--record", str(record),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"adaptivevr demo --patient {kind} --seed {seed}: {done.stderr}"
    return Ran(json.loads(done.stdout), record)


def yoked(kind: str, seed: int, intensities: list[tuple[float, float]]) -> float:
    """The share of time with true arousal above 0.85 under somebody else's intensity track."""
    patient = Patient(kind, seed, start_s=intensities[0][0], detail="features")
    above = 0
    for (now_s, intensity), (next_s, _) in itertools.pairwise(intensities):
        patient.step(next_s - now_s, Seen(intensity=intensity))
        above += patient.truth.arousal > 0.85
    return above / max(1, len(intensities) - 1)
