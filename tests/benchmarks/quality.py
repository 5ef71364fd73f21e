"""Whether quality says when a rate is wrong: `python -m tests.benchmarks.quality DIR [--json]`.

DIR holds `mitdb` and `rcqoea-360vr` (or is one of them). The first five minutes of ECG of records
104, 105, 108 and five clips of each person put together are streamed clean and with noise added
at 24, 12, 6 and 0 dB: equal powers of muscle (white, 5-30 Hz, in the band of the QRS) and of pink
noise, with 0.3 of that again at the mains, seed 0; the signal's power after a 1 Hz high-pass.
In windows of 10 s the last `heart_rate_fast` and its quality are set against 60 over the median
interval of the last six reference beats there (expert beats, consensus R peaks, or, where no
expert marked the record, the clean run of the same detector). Wrong: more than 5 beats/min off.
`wrong_share`: of windows with quality >= 0.6. `kept_share`: of windows clean or at 24 dB whose
rate is right, those with quality >= 0.6.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from sensors.heart import Ecg
from sensors.iir import Sos, bandpass, highpass
from sensors.stream import Kind, Stream
from tests.benchmarks.feed import Floats, chunks, main

RECORDS = ("104", "105", "108")
LEVELS_DB = (None, 24.0, 12.0, 6.0, 0.0)
GOOD, WRONG_BPM, WINDOW_S = 0.6, 5.0, 10.0
MOST_S = 300.0


def noise(count: int, rate_hz: float, rng: np.random.Generator) -> Floats:
    """Muscle, pink noise (power as 1/f from 0.5 Hz) and mains hum together, power 1."""
    muscle = Sos(bandpass(2, 5.0, 30.0, rate_hz)).update(rng.normal(size=count))
    spectrum = np.fft.rfft(rng.normal(size=count))
    pink = np.fft.irfft(
        spectrum / np.sqrt(np.maximum(np.fft.rfftfreq(count, 1 / rate_hz), 0.5)), count
    )
    hum = np.sqrt(0.6) * np.sin(2 * np.pi * 50.0 * np.arange(count) / rate_hz)
    both = pink / pink.std() + muscle / muscle.std() + hum
    return np.asarray(both / both.std())


def signals(folder: Path) -> Iterator[tuple[str, Floats, float, Floats | None]]:
    """Name, ECG, rate, and times of expert beats where there are any."""
    for name in RECORDS:
        path = next(folder.rglob(f"{name}.npz"), None)
        if path is not None:
            with np.load(path, allow_pickle=False) as data:
                rate_hz = float(data["fs"])
                values = data["ecg_adu"][: int(MOST_S * rate_hz), 0].astype(np.float64)
                beats = data["beat_sample"] / rate_hz if "beat_sample" in data else None
            yield name, values, rate_hz, beats
    for path in sorted(folder.rglob("P*.npz")):
        with np.load(path, allow_pickle=False) as data:
            rate_hz = float(data["ecg_fs"])
            starts, peaks = data["ecg_offsets"], data["r_consensus_offsets"]
            parts, beats_of = [], []
            at = 0
            for clip in np.flatnonzero(data["detector_agreement"] >= 0.98)[:5]:
                part = data["ecg_uV"][starts[clip] : starts[clip + 1]].astype(np.float64)
                beats_of.append(at + data["r_consensus"][peaks[clip] : peaks[clip + 1]])
                parts.append(part)
                at += len(part)
        if parts:
            yield path.stem, np.concatenate(parts), rate_hz, np.concatenate(beats_of) / rate_hz


def stream_rates(values: Floats, rate_hz: float) -> tuple[Floats, Floats]:
    """Beat times; and rows of time, fast rate (NaN if unknown), quality."""
    stream = Stream("ecg", "ecg", Kind.ECG, rate_hz, "uV")
    ecg = Ecg(stream)
    stamps = np.arange(len(values)) / rate_hz
    features = [f for chunk in chunks(stream, stamps, values) for f in ecg.update(chunk)]
    beats = np.array([f.time_s for f in features if f.name == "beat"])
    rows = [
        (f.time_s, np.nan if f.value is None else f.value, f.quality)
        for f in features
        if f.name == "heart_rate_fast"
    ]
    return beats, np.array(rows).reshape(-1, 3)


def measure(folder: Path) -> dict[str, Any]:
    """All figures over all signals and noise levels."""
    good = wrong = right_clean = kept = windows = 0
    by_level: dict[str, list[int]] = {str(level): [0, 0, 0] for level in LEVELS_DB}
    for _, values, rate_hz, beats in signals(folder):
        power = float(np.std(Sos(highpass(2, 1.0, rate_hz)).update(values)))
        for level in LEVELS_DB:
            rng = np.random.default_rng(0)
            amount = 0.0 if level is None else power * 10 ** (-level / 20)
            found, rows = stream_rates(values + amount * noise(len(values), rate_hz, rng), rate_hz)
            if beats is None:
                beats = found  # the clean run comes first
            for start in np.arange(10.0, len(values) / rate_hz - WINDOW_S, WINDOW_S):
                inside = beats[(beats >= start) & (beats < start + WINDOW_S)]
                told = rows[(rows[:, 0] >= start) & (rows[:, 0] < start + WINDOW_S)]
                if len(inside) < 6:
                    continue
                windows += 1
                truth = 60 / float(np.median(np.diff(inside[-6:])))
                known = len(told) > 0 and np.isfinite(told[-1, 1])
                off = not known or abs(told[-1, 1] - truth) > WRONG_BPM
                trusted = known and told[-1, 2] >= GOOD
                good, wrong = good + trusted, wrong + (trusted and off)
                counts = by_level[str(level)]
                counts[0] += 1
                counts[1] += bool(trusted)
                counts[2] += bool(trusted and off)
                if level in (None, 24.0) and not off:
                    right_clean, kept = right_clean + 1, kept + trusted
    return {
        "wrong_share": float(wrong / max(1, good)),
        "kept_share": float(kept / max(1, right_clean)),
        "windows": windows,
        "levels": {k: {"windows": a, "good": b, "wrong": c} for k, (a, b, c) in by_level.items()},
    }


if __name__ == "__main__":
    main(measure, __doc__)
