"""Pictures of every kind of feature on real recordings, for docs/signals.md.

    python -m tests.benchmarks.signal_plots DIR OUT

DIR holds the folders mitdb, bidmc, signal-samples, drivedb, stress-predict and eegmat; a picture
whose recording is missing is left out and said. Signals are streamed in pieces of 20 ms and
drawn as they came: nothing is smoothed or shifted afterwards, but each value stands at its own
effective time.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from sensors.blink import Blinks
from sensors.chunk import Chunk
from sensors.extractors import EXTRACTORS
from sensors.feature import Feature
from sensors.iir import Sos, highpass
from sensors.stream import Kind, Stream

INK, DIM, LOUD = "#22303c", "#9aa7b0", "#c4572b"


def streamed(stream: Stream, values: np.ndarray) -> list[Feature]:
    """All features of one record (n, channels)."""
    extractor, found = EXTRACTORS[stream.kind](stream), []
    step = max(1, int(0.02 * stream.rate_hz))
    for i in range(0, len(values), step):
        stamps = np.arange(i, min(i + step, len(values))) / stream.rate_hz
        found += extractor.update(Chunk(stream, stamps, 0.0, values[i : i + step]))
    return found


def series(found: list[Feature], name: str) -> tuple[list[float], list[float]]:
    """Times and values; a hole in the line where there is no value."""
    own = [f for f in found if f.name == name]
    return [f.time_s for f in own], [np.nan if f.value is None else f.value for f in own]


def panel(axes: Any, label: str) -> None:
    axes.set_ylabel(label, fontsize=7)
    axes.tick_params(labelsize=7)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def heart(folder: Path, rows: list[Any]) -> str:
    with np.load(folder / "mitdb" / "105.npz", allow_pickle=False) as d:
        fs, x = float(d["fs"]), (d["ecg_adu"][:, 0] - 1024.0) / 200.0
        x, true_s = x[: int(300 * fs)], d["beat_sample"] / fs
    found = streamed(Stream("ecg", "105", Kind.ECG, fs, "mV"), x[:, None])
    t = np.arange(len(x)) / fs
    part = (t > 130) & (t < 142)
    rows[0].plot(t[part], x[part], color=INK, lw=0.6)
    beats = [f for f in found if f.name == "beat" and 130 < f.time_s < 142]
    rows[0].plot([f.time_s for f in beats], [2.2] * len(beats), "v", color=LOUD, ms=4)
    own = true_s[(true_s > 130) & (true_s < 142)]
    rows[0].plot(own, [2.45] * len(own), "|", color=INK, ms=6)
    panel(rows[0], "ECG, mV")
    rows[1].plot(*series(found, "heart_rate_fast"), color=DIM, lw=0.7)
    rows[1].plot(*series(found, "heart_rate"), color=LOUD, lw=1.2)
    panel(rows[1], "heart rate, bpm")
    rate = [f for f in found if f.name == "heart_rate_fast"]
    rows[2].plot([f.time_s for f in rate], [f.quality for f in rate], color=INK, lw=0.8)
    rows[2].set_ylim(-0.05, 1.05)
    panel(rows[2], "quality")
    return "mitdb 105 (noisy): beats found (red) and annotated (bars); rate of 5 beats and of 30 s"


def pulse(folder: Path, rows: list[Any]) -> str:
    with np.load(folder / "bidmc" / "bidmc_01.npz", allow_pickle=False) as d:
        fs = float(d["fs"])
        ppg, ecg = (d[next(k for k in d.files if k.strip(" ,") == n)] for n in ("PLETH", "II"))
    one = streamed(Stream("ppg", "finger", Kind.PPG, fs), ppg[: int(300 * fs), None])
    two = streamed(Stream("ecg", "II", Kind.ECG, fs), ecg[: int(300 * fs), None])
    t = np.arange(len(ppg)) / fs
    part = (t > 60) & (t < 72)
    rows[0].plot(t[part], ppg[part], color=INK, lw=0.8)
    beats = [f.time_s for f in one if f.name == "beat" and 60 < f.time_s < 72]
    rows[0].plot(beats, np.interp(beats, t, ppg), "o", color=LOUD, ms=3)
    panel(rows[0], "pulse wave")
    rows[1].plot(*series(two, "heart_rate"), color=DIM, lw=2)
    rows[1].plot(*series(one, "heart_rate"), color=LOUD, lw=1)
    panel(rows[1], "30 s rate, bpm")
    rows[2].plot(*series(one, "ln_rmssd_prv"), color=LOUD, lw=1)
    rows[2].plot(*series(two, "ln_rmssd"), color=DIM, lw=2)
    panel(rows[2], "ln RMSSD")
    return "bidmc 01: pulse (red) beside the ECG of the same time (grey)"


def skin(folder: Path, rows: list[Any]) -> str:
    with np.load(folder / "drivedb" / "drive17a.npz", allow_pickle=False) as d:
        name = next(k for k in d.files if "hand" in k.lower() and not k.endswith(("fs", "unit")))
        fs, x = float(d[f"{name}_fs"]), d[name].astype(float)
    x = x[int(900 * fs) : int(1200 * fs)]
    found = streamed(Stream("eda", "hand", Kind.EDA, fs, "uS"), x[:, None])
    rows[0].plot(np.arange(len(x)) / fs, x, color=DIM, lw=0.7)
    rows[0].plot(*series(found, "tonic"), color=LOUD, lw=1)
    panel(rows[0], "conductance, tonic, uS")
    rows[1].plot(*series(found, "phasic"), color=INK, lw=0.8)
    at, _ = series(found, "scr")
    rows[1].plot(at, [0.0] * len(at), "^", color=LOUD, ms=3)
    panel(rows[1], "phasic, uS; SCR")
    rows[2].plot(*series(found, "scr_rate"), color=INK, lw=0.9)
    panel(rows[2], "SCR, 1/min")
    return "drivedb 17, hand, 900-1200 s: level and responses as they were known at each moment"


def brain(folder: Path, rows: list[Any]) -> str:
    with np.load(folder / "eegmat" / "Subject01.npz", allow_pickle=False) as d:
        names, fs = tuple(str(n) for n in d["eeg_channels"]), float(d["fs"])
        x = np.concatenate([d["eeg_rest"].T, d["eeg_task"].T]) * float(d["eeg_scale_uV"])
        switch_s = d["eeg_rest"].shape[1] / fs
    stream = Stream("eeg", "cap", Kind.EEG, fs, "uV", names, tuple(range(len(names))))
    found = streamed(stream, x)
    t = np.arange(len(x)) / fs
    part = (t > 60) & (t < 66)
    rows[0].plot(t[part], x[part, names.index("Pz")], color=DIM, lw=0.6)
    at, level = (np.array(v) for v in series(found, "alpha"))
    near = (at > 60) & (at < 66)
    rows[0].plot(at[near], level[near], color=LOUD, lw=1.2)
    panel(rows[0], "Pz, alpha, uV")
    rows[1].plot(*series(found, "ln_alpha"), color=LOUD, lw=1)
    rows[1].axvline(switch_s, color=INK, lw=0.8, ls=":")
    panel(rows[1], "ln alpha, ln uV²")
    rows[2].plot(*series(found, "alpha_peak"), "o-", color=INK, ms=3, lw=0.8)
    rows[2].axvline(switch_s, color=INK, lw=0.8, ls=":")
    panel(rows[2], "alpha peak, Hz")
    return "eegmat 01: rest, then arithmetic from the dotted line on"


def blinks(folder: Path, rows: list[Any]) -> str:
    with np.load(folder / "eegmat" / "Subject01.npz", allow_pickle=False) as d:
        fs, x = float(d["fs"]), d["eeg_rest"].T[:15000] * float(d["eeg_scale_uV"])
        names = [str(n).upper() for n in d["eeg_channels"]]
    reach = {"FP": 1.0, "AF": 0.7, "FC": 0.1, "FT": 0.1, "F": 0.3}  # of a lid at each electrode
    share = [next((v for k, v in reach.items() if n.startswith(k)), 0.02) for n in names]
    t = np.arange(len(x)) / fs
    rng = np.random.default_rng(0)
    lid = sum(
        rng.uniform(150, 300) * np.exp(-(((t - at) / 0.1) ** 2))
        for at in np.cumsum(rng.uniform(2, 5, 30))
    )
    truth, seen = (
        Sos(highpass(2, 0.5, fs)).update(v) for v in (x, x + lid[:, None] * np.array(share))
    )
    blink, size = Blinks(x.shape[1]), round(0.1 * fs)
    y = np.concatenate([blink.update(seen[i : i + size]) for i in range(0, len(x), size)])
    part = (t > 42) & (t < 56)
    for row, name in zip(rows, ("FP1", "FZ", "O1"), strict=True):
        i = names.index(name)
        row.plot(t[part], seen[part, i], color=DIM, lw=1.2)
        row.plot(t[part], truth[part, i], color=INK, lw=0.6)
        row.plot(t[part], y[part, i], color=LOUD, lw=0.6)
        panel(row, f"{name}, uV")
    return (
        "eegmat 01, 10 channels: drawn blinks added (grey), streamed cleaning (red), truth (dark)"
    )


def breath(folder: Path, rows: list[Any]) -> str:
    with np.load(folder / "drivedb" / "drive17a.npz", allow_pickle=False) as d:
        name = next(k for k in d.files if "resp" in k.lower() and not k.endswith(("fs", "unit")))
        fs, x = float(d[f"{name}_fs"]), d[name].astype(float)[:, None]
    x = x[: int(180 * fs)]
    found = streamed(Stream("breath", "belt", Kind.BREATH, fs), x)
    rows[0].plot(np.arange(len(x)) / fs, x[:, 0], color=DIM, lw=0.8)
    panel(rows[0], "belt")
    rows[1].plot(*series(found, "breath"), color=LOUD, lw=0.9)
    panel(rows[1], "breath")
    rows[2].plot(*series(found, "breath_rate"), color=INK, lw=1)
    panel(rows[2], "breaths/min")
    return "drivedb 17: breathing while driving"


def motion(folder: Path, rows: list[Any]) -> str:
    with np.load(folder / "stress-predict" / "S01.npz", allow_pickle=False) as d:
        acc, eda = d["acc_g64"][: 32 * 600] / 64.0, d["eda_uS"][: 4 * 600]
    stream = Stream("acc", "wrist", Kind.MOTION, 32.0, "g", ("x", "y", "z"), (0, 1, 2))
    moved = streamed(stream, acc.reshape(-1, 3))
    skin_of = streamed(Stream("eda", "wrist", Kind.EDA, 4.0, "uS"), eda.reshape(-1, 1))
    rows[0].plot(*series(moved, "motion"), color=LOUD, lw=0.9)
    panel(rows[0], "motion, g")
    rows[1].plot(np.arange(len(eda)) / 4.0, eda, color=DIM, lw=0.8)
    rows[1].plot(*series(skin_of, "tonic"), color=INK, lw=0.9)
    panel(rows[1], "wrist EDA, uS")
    own = [f for f in skin_of if f.name == "tonic"]
    rows[2].plot([f.time_s for f in own], [f.quality for f in own], color=INK, lw=0.8)
    rows[2].set_ylim(-0.05, 1.05)
    panel(rows[2], "quality")
    return "Stress-Predict S01, wrist, first ten minutes"


PICTURES: dict[str, Callable[[Path, list[Any]], str]] = {
    f.__name__: f for f in (heart, pulse, skin, brain, blinks, breath, motion)
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("out", type=Path, metavar="OUT")
    options = parser.parse_args(arguments)
    if not options.folder.is_dir():
        print(
            f"Expected a folder of recordings, came {options.folder}; name an existing one.",
            file=sys.stderr,
        )
        return 2
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    options.out.mkdir(parents=True, exist_ok=True)
    for name, draw in PICTURES.items():
        figure, rows = pyplot.subplots(3, 1, figsize=(7.2, 4.2), layout="constrained")
        try:
            title = draw(options.folder, list(rows))
        except FileNotFoundError as missing:
            print(f"{name}: left out, {missing.filename} is not there", file=sys.stderr)
            pyplot.close(figure)
            continue
        rows[0].set_title(title, fontsize=8, loc="left")
        rows[-1].set_xlabel("s", fontsize=7)
        figure.savefig(options.out / f"{name}.png", dpi=100, metadata={"Software": None})
        pyplot.close(figure)
        print(options.out / f"{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
