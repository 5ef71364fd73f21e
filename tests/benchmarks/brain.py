"""How well posterior alpha tells rest from arithmetic, and how late its envelope is.

    python -m tests.benchmarks.brain DIR [--json]

DIR holds records as in `recordings/eegmat`: `eeg_rest`, `eeg_task` (channels, n) int,
`eeg_scale_uV`, `eeg_channels`, `fs`. The streaming extractor is fed in chunks of at most 20 ms;
alpha power (from `ln_alpha`) of the last 60 s of rest against the first 60 s of the task, each
from its own run. Rest always comes first in that set: order is confounded with the label.

The latency is that of a known envelope (alpha that waxes and wanes at 0.2-0.5 Hz in 1/f noise,
seeds 0-15): the delay at which estimate and truth agree best, with the agreement there.
"""

import argparse
import json
import math
import sys
from pathlib import Path

import numpy as np

from sensors.brain import Brain
from sensors.chunk import Chunk
from sensors.feature import Feature
from sensors.stream import Kind, Stream


def run(eeg: np.ndarray, names: tuple[str, ...], fs: float) -> list[Feature]:
    """Features of one record (n, channels) in microvolt, fed 20 ms at a time."""
    stream = Stream(
        "eeg", "eeg", Kind.EEG, fs, "uV", names, tuple(range(eeg.shape[1])), format="double64"
    )
    brain, step = Brain(stream), max(1, int(fs * 0.02))
    times, features = np.arange(len(eeg)) / fs, []
    for start in range(0, len(eeg), step):
        part = slice(start, start + step)
        features.extend(brain.update(Chunk(stream, times[part], 0.0, eeg[part])))
    return features


def ln_alpha(features: list[Feature], start_s: float, stop_s: float) -> float:
    """ln of the mean power over a stretch of time, from the good values that lie within it.

    The mean is taken of the power, as a spectrum of the whole stretch would (Welch).
    """
    values = [
        math.exp(f.value)
        for f in features
        if f.name == "ln_alpha" and f.value is not None and f.quality >= 0.3
        if f.time_s - f.window_s >= start_s - 0.1 and f.time_s <= stop_s
    ]
    return math.log(math.fsum(values) / len(values)) if values else math.nan


def effect(folder: Path) -> dict[str, float]:
    """Paired effect size (d_z) of task minus rest, and how many people go the common way."""
    differences = []
    for path in sorted(folder.glob("*.npz")):
        with np.load(path, allow_pickle=False) as record:
            if "eeg_rest" not in record:
                continue
            names = tuple(str(n) for n in record["eeg_channels"])
            fs, scale = float(record["fs"]), float(record["eeg_scale_uV"])
            rest, task = record["eeg_rest"].T * scale, record["eeg_task"].T * scale
        end_s = len(rest) / fs
        quiet = ln_alpha(run(rest, names, fs), end_s - 60.0, end_s)
        busy = ln_alpha(run(task, names, fs), 0.0, 60.0)
        differences.append(busy - quiet)
    known = np.array([d for d in differences if not math.isnan(d)])
    if len(known) < 2:
        return {"alpha_dz": math.nan, "same_direction": 0, "n": len(known)}
    return {
        "alpha_dz": round(float(known.mean() / known.std(ddof=1)), 3),
        "same_direction": int((known < 0).sum()),
        "n": len(known),
    }


def waxing(seed: int, fs: float = 250.0, seconds: float = 120.0) -> tuple[np.ndarray, np.ndarray]:
    """A channel of EEG with a known alpha envelope (uV): signal and envelope."""
    rng = np.random.default_rng(seed)
    n = int(seconds * fs)
    frequency = np.fft.rfftfreq(n, 1 / fs)
    shape = np.where((frequency > 0.05) & (frequency < 0.5), 1.0, 0.0)
    noise = np.fft.rfft(rng.normal(size=n))
    slow = np.fft.irfft(noise * shape, n)
    envelope = 20.0 * np.clip(1.0 + 0.6 * slow / slow.std(), 0.05, None)
    phase = 2 * np.pi * 10.0 * np.arange(n) / fs
    phase += np.cumsum(rng.normal(scale=0.02, size=n))
    pink = np.fft.rfft(rng.normal(size=n)) / np.maximum(frequency, 0.5) ** 0.6
    background = np.fft.irfft(pink, n)
    return envelope * np.cos(phase) + 10.0 * background / background.std(), envelope


def latency(seeds: range = range(16), fs: float = 250.0) -> dict[str, float]:
    """Delay of the `alpha` feature at its best match with the true envelope."""
    lags_s = np.arange(0.0, 0.6, 0.02)
    scores = []
    for seed in seeds:
        signal, envelope = waxing(seed, fs)
        found = [f for f in run(signal[:, None], ("O1",), fs) if f.name == "alpha"][20:]
        values = np.array([f.value for f in found], dtype=float)
        known_s = np.array([f.sample for f in found]) / fs  # when each value existed
        times_s = np.arange(len(envelope)) / fs
        scores.append(
            [
                np.corrcoef(values, np.interp(known_s - lag, times_s, envelope))[0, 1]
                for lag in lags_s
            ]
        )
    mean = np.mean(scores, axis=0)
    best = int(mean.argmax())
    return {
        "envelope_latency_ms": round(float(lags_s[best]) * 1000),
        "envelope_r": round(float(mean[best]), 3),
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if not options.folder.is_dir():
        print(f"expected a folder of records, got '{options.folder}': name one", file=sys.stderr)
        return 2
    result = {**effect(options.folder), **latency()}
    if options.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:22} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
