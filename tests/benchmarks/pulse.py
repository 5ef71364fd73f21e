"""How well a pulse wave gives the pulse rate: `python -m tests.benchmarks.pulse DIR [--json]`.

DIR is in the format of recordings/rcqoea-360vr. Each clip whose two ECG detectors agree (0.98)
is streamed by its own stamps in chunks of at most 20 ms. Its rate is 60 over the mean of the
intervals within 30 % of their median, against the same of the consensus R peaks. A clip without
a rate counts as 60 beats/min wrong. `kept_share` and `mae_good_bpm`: clips whose last ten beats
have a mean quality of 0.5 or more, the bar that the arousal estimate uses too.
"""

from pathlib import Path
from typing import Any

import numpy as np

from sensors.heart import Ppg
from sensors.stream import Kind, Stream
from tests.benchmarks.feed import Floats, chunks, main

NOMINAL_HZ = 125.0
AGREE = 0.98
GOOD = 0.5
NO_RATE_BPM = 60.0


def pulse(stamps: Floats, values: Floats) -> tuple[float | None, float]:
    """Rate of one clip, 1/min, and its quality."""
    stream = Stream("ppg", "ppg", Kind.PPG, NOMINAL_HZ, "mV")
    ppg = Ppg(stream)
    features = [f for chunk in chunks(stream, stamps, values) for f in ppg.update(chunk)]
    features += ppg.finish()
    beats = [f for f in features if f.name == "beat" and f.value is not None]
    if len(beats) < 3:
        return None, 0.0
    intervals = np.array([f.value for f in beats])
    middle = np.median(intervals)
    usual = intervals[np.abs(intervals - middle) < 0.3 * middle]
    return 60 / float(usual.mean()), float(np.mean([f.quality for f in beats[-10:]]))


def measure(folder: Path) -> dict[str, Any]:
    """All figures of one folder of people."""
    errors, qualities = [], []
    for path in sorted(folder.glob("*.npz")):
        with np.load(path, allow_pickle=False) as data:
            ecg_hz = float(data["ecg_fs"])
            for clip, agreement in enumerate(data["detector_agreement"]):
                a, b = data["shimmer_offsets"][clip : clip + 2]
                c, d = data["r_consensus_offsets"][clip : clip + 2]
                peaks = data["r_consensus"][c:d]
                if agreement < AGREE or len(peaks) < 5 or b - a < 2:
                    continue
                truth = 60 / float(np.mean(np.diff(peaks)) / ecg_hz)
                stamps = data["shimmer_t_s"][a:b].astype(np.float64)
                rate, quality = pulse(stamps, data["ppg_mV"][a:b].astype(np.float64))
                errors.append(NO_RATE_BPM if rate is None else abs(rate - truth))
                qualities.append(quality)
    error, good = np.array(errors), np.array(qualities) >= GOOD
    return {
        "mae_bpm": float(error.mean()) if len(error) else None,
        "median_bpm": float(np.median(error)) if len(error) else None,
        "mae_good_bpm": float(error[good].mean()) if good.any() else None,
        "kept_share": float(good.mean()) if len(error) else 0.0,
        "windows": len(error),
    }


if __name__ == "__main__":
    main(measure, __doc__)
