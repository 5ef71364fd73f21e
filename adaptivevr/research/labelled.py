"""Recordings of people with phases of stress and rest, whatever format they come in.

Every format becomes the same thing: per person the signals with their own stamps, and phases.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, isfinite, nan
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from adaptivevr.errors import BadRecording
from sensors.chunk import Chunk
from sensors.stream import Kind, Stream

Floats = npt.NDArray[np.float64]

PART_S = 10.0
DEVICE = "device"
"""The stream of a device's own heart rate: compared with, never used by the estimate."""
COLUMNS = ("subject", "phase", "start_s", "end_s", "stress")
SUFFIXES = (".npz", ".csv", ".xdf")

# Key in a file -> stream id, kind, unit, factor into that unit.
_SIGNALS: dict[str, tuple[str, Kind, str, float]] = {
    "ecg_uV": ("ecg", Kind.ECG, "uV", 1.0),
    "ecg_mV": ("ecg", Kind.ECG, "uV", 1000.0),
    "bvp": ("ppg", Kind.PPG, "", 1.0),
    "ppg": ("ppg", Kind.PPG, "", 1.0),
    "rr_s": ("rr", Kind.RR, "s", 1.0),
    "eda_uS": ("eda", Kind.EDA, "uS", 1.0),
    "eeg_uV": ("eeg", Kind.EEG, "uV", 1.0),
    "acc_g": ("acc", Kind.MOTION, "g", 1.0),
    "acc_g64": ("acc", Kind.MOTION, "g", 1 / 64),
    "breath": ("breath", Kind.BREATH, "", 1.0),
}


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of time in which a person was under stress or at rest."""

    name: str
    start_s: float
    end_s: float
    stress: bool


@dataclass(frozen=True, slots=True, eq=False)
class Lead:
    """One signal of one person: values (n, channels) with stamps (n,) in seconds."""

    stream: Stream
    values: npt.NDArray[Any]
    stamps_s: Floats

    def chunks(self) -> Iterator[Chunk]:
        """The signal in pieces of about ten seconds, in order."""
        edges_s = np.arange(self.stamps_s[0] + PART_S, self.stamps_s[-1] + PART_S, PART_S)
        edges = [0, *np.searchsorted(self.stamps_s, edges_s).tolist(), len(self.stamps_s)]
        for first, last in pairwise(edges):
            if last > first:
                part = slice(first, last)
                yield Chunk(self.stream, self.stamps_s[part], 0.0, self.values[part])


@dataclass(frozen=True, slots=True)
class Person:
    """Whose recording lies where, and what they went through."""

    subject: str
    path: Path
    phases: tuple[Phase, ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A folder understood: its people in order, and those named without a recording."""

    folder: Path
    format: str
    people: tuple[Person, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """What was measured of one person: signals, the device's heart rate, and the phases."""

    chunks: tuple[Chunk, ...]
    device_bpm: tuple[tuple[float, float], ...]
    phases: tuple[Phase, ...]


def labelled(folder: Path) -> Labelled:
    """Understands a folder; BadRecording in one sentence when it cannot."""
    if not folder.is_dir():
        raise BadRecording(f"Expected a folder of recordings, got '{folder}'; give its path.")
    if (folder / "phases.csv").is_file():
        return _with_phases(folder)
    people = []
    for path in sorted(folder.glob("*.npz")):
        with _opened(path) as data:
            if "eeg_rest" in data and "eeg_task" in data:
                people.append(Person(path.stem, path, ()))
    if not people:
        raise BadRecording(
            f"Expected phases.csv beside the recordings, '{folder}' has none; "
            f"write one with the columns {', '.join(COLUMNS)}."
        )
    return Labelled(folder, "eegmat", tuple(people))


def measured(person: Person) -> Body:
    """Reads one person's recording; BadRecording in one sentence when it cannot."""
    if person.path.suffix == ".xdf":
        return Body(_xdf(person.path), (), person.phases)
    if person.path.suffix == ".csv":
        return _body(_csv(person.path), person)
    with _opened(person.path) as data:
        found = {key: data[key] for key in data.files}
    return _rest_and_task(found, person) if "eeg_rest" in found else _body(found, person)


def lines_of(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str | None]]]:
    """The lines of a table by column, with their numbers; BadRecording where a column lacks."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        lacking = [name for name in columns if name not in (reader.fieldnames or ())]
        if lacking:
            raise BadRecording(
                f"Expected the columns {', '.join(columns)} in '{path}', "
                f"{', '.join(lacking)} is missing; add it."
            )
        yield from enumerate(reader, start=2)


def _with_phases(folder: Path) -> Labelled:
    phases = _phases(folder / "phases.csv")
    people, missing = [], []
    for subject in sorted(phases):
        paths = [folder / f"{subject}{suffix}" for suffix in SUFFIXES]
        path = next((p for p in paths if p.is_file()), None)
        if path is None:
            missing.append(subject)
        else:
            people.append(Person(subject, path, tuple(phases[subject])))
    if not people:
        names = ", ".join(sorted(phases)[:3])
        raise BadRecording(
            f"Expected a recording per subject of phases.csv ({names} ...) in '{folder}', none "
            f"is there; name them SUBJECT.npz, .csv or .xdf."
        )
    with_both = [p for p in people if len({phase.stress for phase in p.phases}) == 2]
    if not with_both:
        raise BadRecording(
            f"Expected phases of stress (1) and of rest (0) in '{folder / 'phases.csv'}', nobody "
            "has both; correct the column stress."
        )
    wrist = people[0].path.suffix == ".npz" and _has(people[0].path, "acc_g64")
    return Labelled(folder, "stress-predict" if wrist else "any", tuple(people), tuple(missing))


def _phases(path: Path) -> dict[str, list[Phase]]:
    people: dict[str, list[Phase]] = {}
    for number, row in lines_of(path, COLUMNS):
        start_s, end_s = _second(row["start_s"]), _second(row["end_s"])
        stress = (row["stress"] or "").strip()
        if not start_s < end_s or stress not in ("0", "1"):
            raise BadRecording(
                f"Expected start_s before end_s in seconds and stress 0 or 1, line {number} of "
                f"'{path}' has {row['start_s']!r}, {row['end_s']!r}, {stress!r}; correct it."
            )
        phase = Phase(row["phase"] or "", start_s, end_s, stress == "1")
        people.setdefault((row["subject"] or "").strip(), []).append(phase)
    return {name: sorted(found, key=lambda p: p.start_s) for name, found in people.items()}


def _second(text: str | None) -> float:
    """NaN is before and after nothing: what cannot be read is refused with its line."""
    try:
        value = float(text or "")
    except ValueError:
        return nan
    return value if isfinite(value) else nan


def _opened(path: Path) -> Any:
    try:
        return np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise BadRecording(
            f"Expected a numpy archive in '{path}', it cannot be read ({type(error).__name__}); "
            "save it again with numpy.savez."
        ) from None
    except Exception as error:  # zipfile has errors of its own
        raise BadRecording(
            f"Expected a numpy archive in '{path}', it is damaged ({type(error).__name__}); "
            "copy it again."
        ) from None


def _has(path: Path, key: str) -> bool:
    with _opened(path) as data:
        return key in data.files


def _body(data: dict[str, Any], person: Person) -> Body:
    leads = [lead for key in _SIGNALS if key in data and (lead := _lead(data, key, person.path))]
    if not leads:
        raise BadRecording(
            f"Expected any of {', '.join(_SIGNALS)} in '{person.path}', it holds "
            f"{', '.join(list(data)[:6]) or 'nothing'}; name a signal so."
        )
    rates: tuple[tuple[float, float], ...] = ()
    if "hr_bpm" in data:
        bpm = np.asarray(data["hr_bpm"], dtype=float)
        times_s = _stamps(data, "hr_bpm", "hr", len(bpm), person.path)
        rates = tuple(zip(times_s.tolist(), bpm.tolist(), strict=True))
    return Body(tuple(c for lead in leads for c in lead.chunks()), rates, person.phases)


def _lead(data: dict[str, Any], key: str, path: Path) -> Lead | None:
    id, kind, unit, factor = _SIGNALS[key]
    values = np.asarray(data[key])
    if values.dtype.kind not in "fiu" or values.ndim not in (1, 2):
        raise BadRecording(
            f"Expected numbers of shape (n,) or (n, channels) as {key} in '{path}', got "
            f"{values.dtype} {values.shape}; save it so."
        )
    values = values[:, None] if values.ndim == 1 else values
    if len(values) < 2:
        return None
    short = key.split("_")[0]
    scale = float(data.get(f"{key}_scale", data.get(f"{short}_scale", 1.0)))
    if kind is Kind.RR and f"{key}_t_s" not in data and "rr_t_s" not in data:
        stamps_s = np.cumsum(values[:, 0].astype(float) * scale)
    else:
        stamps_s = _stamps(data, key, short, len(values), path)
    rate_hz = 0.0 if kind is Kind.RR else float(1.0 / np.median(np.diff(stamps_s)))
    names = tuple(str(n) for n in data.get("eeg_channels", ())) if kind is Kind.EEG else ()
    width = values.shape[1]
    names = names if len(names) == width else tuple(str(i) for i in range(width))
    used = tuple(range(width)) if kind in (Kind.EEG, Kind.MOTION) else (0,)
    stream = Stream(id, path.stem, kind, rate_hz, unit, names, used, format="double64")
    return Lead(stream, values * (scale * factor), stamps_s)


def _stamps(data: dict[str, Any], key: str, short: str, count: int, path: Path) -> Floats:
    """Stamps that were saved, else an even grid of the rate that was saved."""
    for name in (f"{key}_t_s", f"{short}_t_s"):
        if name in data:
            stamps_s = np.asarray(data[name], dtype=float)
            if stamps_s.shape == (count,) and np.isfinite(stamps_s).all():
                return stamps_s
            raise BadRecording(
                f"Expected {count} seconds as {name} in '{path}', one a sample of {key}, got "
                f"shape {stamps_s.shape}; save it so."
            )
    rate_hz = next((data[k] for k in (f"{key}_fs", f"{short}_fs", "fs") if k in data), None)
    if rate_hz is None or not 0.0 < float(rate_hz) < inf:
        raise BadRecording(
            f"Expected the sampling rate of {key} as {short}_fs (Hz) in '{path}', got "
            f"{'none' if rate_hz is None else rate_hz}; add it."
        )
    offset_s = float(data.get(f"{key}_offset_s", data.get(f"{short}_offset_s", 0.0)))
    return np.asarray(offset_s + np.arange(count) / float(rate_hz), dtype=np.float64)


def _rest_and_task(data: dict[str, Any], person: Person) -> Body:
    """Two pieces of one person, one after the other with a break that every extractor sees."""
    rate_hz, break_s = float(data["fs"]), 5.0
    chunks: list[Chunk] = []
    phases, start_s = [], 0.0
    for name in ("rest", "task"):
        count = data[f"eeg_{name}"].shape[-1]
        both = {
            "eeg_uV": data[f"eeg_{name}"].T * float(data["eeg_scale_uV"]),
            "eeg_channels": data["eeg_channels"], "fs": rate_hz,
            "eeg_offset_s": start_s, "ecg_offset_s": start_s,
        }  # fmt: skip
        if f"ecg_{name}" in data:
            both["ecg_uV"] = data[f"ecg_{name}"] * float(data[f"ecg_{name}_scale"])
        part = _body(both, person)
        chunks += part.chunks
        phases.append(Phase(name, start_s, start_s + count / rate_hz, name == "task"))
        start_s += count / rate_hz + break_s
    return Body(tuple(chunks), (), tuple(phases))


def _csv(path: Path) -> dict[str, Any]:
    """Columns of a table as arrays with stamps of their own."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise BadRecording(
            f"Expected a table in '{path}', it cannot be read ({type(error).__name__}); "
            "save it as UTF-8."
        ) from None
    names = [name.strip() for name in rows[0]] if rows else []
    if "time_s" not in names or len(rows) < 3:
        raise BadRecording(
            f"Expected a column time_s and rows of numbers in '{path}', got the columns "
            f"{', '.join(names[:6]) or 'none'}; add it."
        )
    try:
        table = np.array([[float(c) if c.strip() else np.nan for c in row] for row in rows[1:]])
    except ValueError as error:
        raise BadRecording(f"Expected numbers in '{path}', {error}; correct the table.") from None
    found: dict[str, Any] = {}
    times_s = table[:, names.index("time_s")]
    for key in dict.fromkeys(name.partition(":")[0] for name in names if name != "time_s"):
        columns = [i for i, name in enumerate(names) if name.partition(":")[0] == key]
        kept = np.isfinite(table[:, columns]).any(axis=1)
        found[key], found[f"{key}_t_s"] = table[kept][:, columns], times_s[kept]
        if key == "eeg_uV":
            found["eeg_channels"] = [names[i].partition(":")[2] or names[i] for i in columns]
        if key == "hr_bpm":
            found[key] = found[key][:, 0]
    return found


def _xdf(path: Path) -> tuple[Chunk, ...]:
    from sensors import xdf
    from sensors.xdf_source import XdfSource

    try:
        source = XdfSource(xdf.read(path))
    except xdf.Unreadable as error:
        raise BadRecording(str(error)) from None
    used = [s for s in source.streams if s.kind not in (Kind.MARKERS, Kind.POSE)]
    if not used:
        raise BadRecording(
            f"Expected a usable body signal in '{path}', none is there; see `adaptivevr replay`."
        )
    chunks = [chunk for _, taken in source.ticks(1.0) for chunk in taken]
    return tuple(Chunk(c.stream, c.stamps_s, c.offset_s - source.start_s, c.values) for c in chunks)
