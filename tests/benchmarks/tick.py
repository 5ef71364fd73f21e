"""What one tick of signal processing costs, beside the least and beside the usual way.

    python -m tests.benchmarks.tick [--seconds S] [--json]

32 EEG channels at 1000 Hz, ECG at 1000 Hz and EDA at 128 Hz arrive 60 times a second, paced on a
clock as in use (caches grow cold between ticks). In the same run and the same ticks, in turn:

- ours: `Signals.update`, every feature of docs/signals.md.
- floor: the bare filters of scipy (`sosfilt` with state) that such features cannot do without:
  EEG band-pass 0.5-45 Hz of order 2, notch at 50 Hz, alpha band of order 1; ECG band-pass
  5-15 Hz of order 2; EDA low-pass 1 Hz of order 2. No feature comes of it.
- peers, afterwards and on every tenth tick, for they take longer than a tick: the same features
  by NeuroKit2 and MNE on sliding windows: ECG 30 s at 250 Hz (clean, peaks, rate, variability), EDA
  30 s at 8 Hz (the quick high-pass split, not the slow one of like quality; peaks), EEG 4 s
  (band-pass, notch, average reference, Welch, alpha envelope).

`p99_ms` is wall time of ours; the ratios compare mean processor time, so that other work on the
machine does not count. Libraries of linear algebra are held to one thread.
"""

import os

# ruff: noqa: E402
for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[_name] = "1"  # before numpy is imported

import argparse
import gc
import json
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from adaptivevr.signals import Signals, canonical
from sensors.chunk import Chunk
from sensors.stream import Kind, Stream
from tests import pace

TICKS_HZ = 60.0
WARM_S = 20.0  # fed at once before: blinks and skin have learnt what is usual
PEER_TICKS = 24
RATES_HZ = {Kind.EEG: 1000.0, Kind.ECG: 1000.0, Kind.EDA: 128.0}
NAMES = ["Fp1", "Fp2", "F3", "F4", "P3", "Pz", "P4", "O1", "Oz", "O2"]
NAMES += [f"C{i}" for i in range(22)]


def streams() -> dict[Kind, Stream]:
    eeg = Stream(
        "eeg", "cap", Kind.EEG, 1000.0, "uV", tuple(NAMES), tuple(range(32)), format="float32"
    )
    ecg = Stream("ecg", "strap", Kind.ECG, 1000.0, "uV")
    return {Kind.EEG: eeg, Kind.ECG: ecg, Kind.EDA: Stream("eda", "hand", Kind.EDA, 128.0, "uS")}


def body(seconds: float) -> dict[Kind, np.ndarray]:
    """Signals of a plausible person, with blinks, beats and responses; seed 0."""
    rng = np.random.default_rng(0)
    t = np.arange(int(seconds * 1000)) / 1000.0
    hz = np.maximum(np.fft.rfftfreq(len(t), 1e-3), 0.7)
    eeg = np.empty((len(t), 32), np.float32)
    back = np.linspace(0.1, 1.0, 32)
    alpha = 15 * np.sin(2 * np.pi * 10 * t) * (1 + 0.5 * np.sin(0.5 * t))
    lid = sum(120 * np.exp(-(((t - at) / 0.1) ** 2)) for at in np.arange(2.0, seconds, 4.1))
    for i in range(32):
        pink = np.fft.irfft(np.fft.rfft(rng.normal(size=len(t))) / hz**0.6, len(t))
        eeg[:, i] = 10 * pink / pink.std() + alpha * back[i] + lid * np.exp(-4 * back[i])
    beats = np.cumsum(rng.normal(0.85, 0.03, int(seconds / 0.6)))
    near = t - beats[np.clip(np.searchsorted(beats, t), 0, len(beats) - 1)]
    ecg = 1000 * np.exp(-((near / 0.012) ** 2)) + 200 * np.exp(-(((near + 0.3) / 0.05) ** 2))
    slow = np.arange(int(seconds * 128)) / 128.0
    eda = 5 + rng.normal(0, 0.005, len(slow))
    for at in np.arange(4.0, seconds, 9.0):
        since = np.maximum(slow - at, 0)
        eda += 0.6 * (np.exp(-since / 2.5) - np.exp(-since / 0.7))
    ecg = (ecg + rng.normal(0, 10, len(t))).astype(np.float32)
    return {Kind.EEG: eeg, Kind.ECG: ecg[:, None], Kind.EDA: eda.astype(np.float32)[:, None]}


class Floor:
    """The bare filters, with their state."""

    def __init__(self) -> None:
        from scipy.signal import butter, iirnotch, sosfilt, tf2sos

        def band(low: float, high: float, order: int = 2) -> np.ndarray:
            return np.asarray(butter(order, [low, high], "band", fs=1000, output="sos"))

        eeg = [band(0.5, 45), tf2sos(*iirnotch(50, 30, 1000)), band(8, 13, 1)]
        chains = {
            Kind.EEG: (eeg, 32),
            Kind.ECG: ([band(5, 15)], 1),
            Kind.EDA: ([butter(2, 1, fs=128, output="sos")], 1),
        }
        self._filter = sosfilt
        self._chains = {
            kind: [(sos, np.zeros((len(sos), 2, n))) for sos in parts]
            for kind, (parts, n) in chains.items()
        }

    def update(self, chunks: list[Chunk]) -> None:
        for chunk in chunks:
            values = chunk.values.astype(np.float64)
            states = self._chains[chunk.stream.kind]
            for i, (sos, state) in enumerate(states):
                values, state = self._filter(sos, values, axis=0, zi=state)
                states[i] = (sos, state)


class Peers:
    """NeuroKit2 and MNE on the last seconds, as demonstrations do it."""

    def __init__(self) -> None:
        import mne
        import neurokit2

        mne.set_log_level("ERROR")
        self._mne, self._nk = mne, neurokit2

    def update(self, end_s: float, signals: dict[Kind, np.ndarray]) -> None:
        def last(kind: Kind, seconds: float) -> np.ndarray:
            end = int(end_s * RATES_HZ[kind])
            return signals[kind][end - int(seconds * RATES_HZ[kind]) : end].astype(np.float64)

        from scipy.signal import hilbert

        nk, mne = self._nk, self._mne
        ecg = nk.ecg_clean(last(Kind.ECG, 30)[::4, 0], sampling_rate=250)
        _, peaks = nk.ecg_peaks(ecg, sampling_rate=250)
        nk.ecg_rate(peaks, sampling_rate=250, desired_length=len(ecg))
        nk.hrv_time(peaks, sampling_rate=250)
        eda = nk.eda_clean(last(Kind.EDA, 30)[::16, 0], sampling_rate=8, method="none")
        parts = nk.eda_phasic(eda, sampling_rate=8)
        nk.eda_peaks(parts["EDA_Phasic"].to_numpy(), sampling_rate=8)
        eeg = mne.filter.filter_data(last(Kind.EEG, 4).T, 1000, 1.0, 45.0)
        eeg = mne.filter.notch_filter(eeg, 1000, 50.0)
        eeg = eeg - eeg.mean(axis=0)
        power, hz = mne.time_frequency.psd_array_welch(eeg, 1000, 4, 40, n_fft=2000)
        np.log(power[:, (hz >= 8) & (hz <= 13)].mean(axis=1))
        np.abs(hilbert(mne.filter.filter_data(eeg[-10:], 1000, 8.0, 13.0)))


def cut(sources: dict[Kind, Stream], signals: dict[Kind, np.ndarray], a: float, b: float) -> list:
    """The chunks that arrive between two times."""
    chunks = []
    for kind, stream in sources.items():
        i, j = int(a * stream.rate_hz), int(b * stream.rate_hz)
        stamps = np.arange(i, j) / stream.rate_hz
        chunks.append(Chunk(stream, stamps, 0.0, signals[kind][i:j]))
    return [c for c in chunks if len(c)]


def timed(call: Callable[[], Any]) -> tuple[float, float]:
    """Wall and processor time of one call, s."""
    wall, processor = time.perf_counter(), time.thread_time()
    call()
    return time.perf_counter() - wall, time.thread_time() - processor


def measure(seconds: float) -> dict[str, float]:
    sources, signals = streams(), body(WARM_S + seconds + 1.0)
    ours, floor = Signals(), Floor()
    for a in np.arange(0.0, WARM_S, 0.5):
        chunks = cut(sources, signals, a, a + 0.5)
        ours.update(canonical(chunks))
        floor.update(chunks)
    gc.collect()
    gc.freeze()
    mine, bare = [], []
    start = pace.now_s()
    for k in range(int(seconds * TICKS_HZ)):
        a = WARM_S + k / TICKS_HZ
        chunks = cut(sources, signals, a, a + 1 / TICKS_HZ)
        pace.at(start + (k + 1) / TICKS_HZ)
        if k % 2:  # in turn, so that neither always finds the caches warm
            bare.append(timed(lambda c=chunks: floor.update(c)))
        mine.append(timed(lambda c=chunks: ours.update(canonical(c))))
        if not k % 2:
            bare.append(timed(lambda c=chunks: floor.update(c)))
    wall = np.array([w for w, _ in mine]) * 1000
    cost, least = (float(np.mean([p for _, p in row])) for row in (mine, bare))
    result = {
        "p99_ms": round(float(np.percentile(wall, 99)), 3),
        "mean_ms": round(cost * 1000, 4),
        "p99_processor_ms": round(float(np.percentile([p for _, p in mine], 99)) * 1000, 3),
        "floor_ms": round(least * 1000, 4),
        "ratio_floor": round(cost / least, 2),
    }
    peers = Peers()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peers.update(WARM_S + 10.0, signals)
        theirs = []
        start = pace.now_s()
        for k in range(0, 10 * PEER_TICKS, 10):
            at = WARM_S + 11.0 + k / TICKS_HZ
            pace.at(start + k / TICKS_HZ)
            theirs.append(timed(lambda at=at: peers.update(at, signals))[1])
    result["peers_ms"] = round(float(np.mean(theirs)) * 1000, 1)
    result["ratio_peers"] = round(float(np.mean(theirs)) / cost, 1)
    return result


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=30.0, help="of paced ticks, 15 or more")
    parser.add_argument("--json", action="store_true", help="one JSON document, nothing else")
    options = parser.parse_args(arguments)
    try:
        result = measure(max(15.0, options.seconds))
    except ModuleNotFoundError as missing:
        print(
            f"Expected NeuroKit2 and MNE to compare with, {missing.name} is not installed; "
            "run `pip install adaptivevr[bench]`.",
            file=sys.stderr,
        )
        return 2
    if options.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:18} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
