"""How well R peaks are found: `python -m tests.benchmarks.beats DIR [--json]`.

DIR holds records as in recordings/mitdb (`<record>.npz`, `records.csv`). Lead 1 is streamed in
chunks of at most 20 ms. One to one within 150 ms over the whole record; the position error is
the median after the median offset is taken off; the delay runs from the R peak to the sample
after which the beat was known. `count_error` is against the published number of beats.
"""

import csv
from pathlib import Path
from typing import Any

import numpy as np

from sensors.heart import Ecg
from sensors.stream import Kind, Stream
from tests.benchmarks.feed import Floats, chunks, main

TOLERANCE_S = 0.15


def pairs(reference: Floats, found: Floats, tolerance: float) -> list[tuple[float, float]]:
    """One-to-one matches in order, the closer of two candidates preferred."""
    result: list[tuple[float, float]] = []
    i = j = 0
    while i < len(reference) and j < len(found):
        apart = found[j] - reference[i]
        if abs(apart) <= tolerance:
            if j + 1 < len(found) and abs(found[j + 1] - reference[i]) < abs(apart):
                j += 1
                continue
            result.append((float(reference[i]), float(found[j])))
            i, j = i + 1, j + 1
        elif apart < 0:
            j += 1
        else:
            i += 1
    return result


def stream_beats(values: Floats, rate_hz: float, name: str = "ecg") -> tuple[Floats, Floats]:
    """Times of the beats, and how long after its time each was known, both s."""
    stream = Stream(name, name, Kind.ECG, rate_hz, "uV")
    ecg = Ecg(stream)
    stamps = np.arange(len(values)) / rate_hz
    features = [f for chunk in chunks(stream, stamps, values) for f in ecg.update(chunk)]
    features += ecg.finish()
    beats = [f for f in features if f.name == "beat"]
    times = np.array([f.time_s for f in beats])
    return times, np.array([stamps[f.sample - 1] for f in beats]) - times


def measure(folder: Path) -> dict[str, Any]:
    """All figures of one folder of records."""
    with (folder / "records.csv").open(newline="") as file:
        published = {row["record"]: row["published_beat_count"] for row in csv.DictReader(file)}
    records: dict[str, Any] = {}
    for path in sorted(folder.glob("*.npz")):
        with np.load(path, allow_pickle=False) as data:
            rate_hz = float(data["fs"])
            zero, gain = float(np.ravel(data["adc_zero"])[0]), float(np.ravel(data["adc_gain"])[0])
            values = 1000 * (data["ecg_adu"][:, 0].astype(np.float64) - zero) / gain
            reference = data["beat_sample"] / rate_hz if "beat_sample" in data else None
        times, delays = stream_beats(values, rate_hz, path.stem)
        known = published.get(path.stem) or (len(reference) if reference is not None else 0)
        row: dict[str, Any] = {"beats": len(times), "published": int(known)}
        row["count_error"] = abs(len(times) - int(known)) / max(1, int(known))
        row["delay_p95_s"] = float(np.quantile(delays, 0.95)) if len(delays) else None
        row |= dict.fromkeys(("f1", "sensitivity", "ppv", "position_error_ms"))
        if reference is not None and len(times):
            matched = pairs(reference, times, TOLERANCE_S)
            off = np.array([b - a for a, b in matched])
            row["f1"] = 2 * len(matched) / (len(reference) + len(times))
            row["sensitivity"] = len(matched) / len(reference)
            row["ppv"] = len(matched) / len(times)
            row["position_error_ms"] = 1000 * float(np.median(np.abs(off - np.median(off))))
        records[path.stem] = row
    errors = [row["count_error"] for row in records.values()]
    return {"records": records, "mean_count_error": sum(errors) / max(1, len(errors))}


if __name__ == "__main__":
    main(measure, __doc__)
