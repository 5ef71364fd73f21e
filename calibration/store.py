"""Every calibration of a person, kept in order and never overwritten."""

import json
from dataclasses import asdict, dataclass, fields, replace
from math import isfinite
from os import fsync
from pathlib import Path
from urllib.parse import quote

from calibration.baseline import Baseline, Reference

VERSION = 1
MOST_NAME = 120
REDO_AFTER_S = 30 * 86400.0
"""A full calibration older than 30 days is done anew (sources: D)."""

MEASURES = (
    "alpha_hz", "alpha_ratio", "recovery_s", "rsa_ms", "coherence", "resonance_per_min",
    "half_recovery_s", "quiet_suds", "induced_suds",
)  # fmt: skip


class StoreProblem(Exception):
    """A calibration file or name that cannot be used: expected, came, do, in one sentence."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One calibration as it was saved; saved_s is in seconds since 1970."""

    baseline: Baseline
    saved_s: float

    def outdated(self, now_s: float) -> bool:
        """True when a full calibration should be done anew."""
        return now_s - self.saved_s > REDO_AFTER_S


class Store:
    """Calibrations in a folder, one text file a person, one JSON line a calibration.

    Lines are only ever added. A line of an unknown version is refused rather than guessed;
    a last line that a power cut has torn is dropped, as it was never acknowledged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, patient: str) -> Path:
        """The file of one person; any name is allowed, whatever the file system thinks of it."""
        name = quote(patient, safe=" ")
        if not patient.strip() or len(name) > MOST_NAME:
            raise StoreProblem(
                f"A patient's id needs 1 to {MOST_NAME} plain characters, "
                f"'{patient[:40]}' takes {len(name)}: choose a shorter or other id."
            )
        # The leading word keeps names that Windows reserves (CON, NUL) out of the way.
        return self.folder / f"patient {name.replace('.', '%2E')}.jsonl"

    def append(self, baseline: Baseline, saved_s: float) -> Path:
        """Saves one calibration behind all earlier ones; on disk when this returns."""
        path = self.path(baseline.patient)
        entry = {"version": VERSION, "saved_s": saved_s, "baseline": asdict(baseline)}
        line = json.dumps(entry, allow_nan=False, ensure_ascii=False)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with path.open("ab+") as file:
                torn = file.tell() > 0 and not _ends_line(path)
                file.write((("\n" if torn else "") + line + "\n").encode())
                file.flush()
                fsync(file.fileno())
        except OSError as error:
            raise StoreProblem(
                f"Calibrations are kept in '{path}', which cannot be written "
                f"({error.strerror}): free the disk or choose another data folder."
            ) from error
        return path

    def all(self, patient: str) -> tuple[Stored, ...]:
        """All calibrations of one person, oldest first; empty when there are none."""
        path = self.path(patient)
        try:
            text = path.read_bytes().decode("utf-8", errors="replace")
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise StoreProblem(
                f"Calibrations should be readable in '{path}', they are not "
                f"({error.strerror}): check the file's permissions."
            ) from error
        lines = text.split("\n")
        found = []
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            stored = _stored(line, number, path)
            # Anna and anna share a file where case is not told apart.
            if stored is not None and stored.baseline.patient == patient:
                found.append(stored)
        return tuple(found)

    def latest(self, patient: str) -> Stored | None:
        """The newest full calibration of one person, None without any.

        Daily refreshes are kept beside it as a history; they never stand in for it. Only a
        breathing rate that was found on a later day is taken from them.
        """
        kept = self.all(patient)
        full = next((one for one in reversed(kept) if not one.baseline.daily), None)
        if full is None:
            return None
        later = [one.baseline.resonance_per_min for one in kept[kept.index(full) :]]
        per_min = next((rate for rate in reversed(later) if rate is not None), None)
        return replace(full, baseline=replace(full.baseline, resonance_per_min=per_min))


def _ends_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) == b"\n"


def _stored(line: str, number: int, path: Path) -> Stored | None:
    where = f"line {number} of '{path.name}'"
    try:
        entry = json.loads(line)
    except ValueError:
        return None  # torn by a power cut before it was acknowledged
    version = entry.get("version") if isinstance(entry, dict) else None
    if version != VERSION:
        raise StoreProblem(
            f"Calibrations of version {VERSION} are understood, {where} is of version {version}: "
            "update adaptivevr, or move the file away and calibrate again."
        )
    try:
        return Stored(_baseline(entry["baseline"]), _number(entry["saved_s"]))
    except (KeyError, TypeError, ValueError) as error:
        raise StoreProblem(
            f"A calibration needs known fields with numbers, {where} has a mistake ({error}): "
            "move the file away and calibrate again."
        ) from error


def _baseline(entry: dict[str, object]) -> Baseline:
    rows = entry["references"]
    if not isinstance(rows, list):
        raise TypeError("references is no list")
    references = tuple(_reference(row) for row in rows)
    _known(entry, Baseline)
    lists = {name: _texts(entry.get(name, [])) for name in ("devices", "medication")}
    made = Baseline(**{**entry, "references": references, **lists})  # type: ignore[arg-type]
    if not isinstance(made.patient, str) or not isinstance(made.id, str):
        raise TypeError("id and patient are no text")
    for name in MEASURES:
        value = getattr(made, name)
        if value is not None and _number(value) < 0.0:
            raise ValueError(f"{name} is negative")
    if _number(made.scale_sd) <= 0.0:
        raise ValueError("scale_sd is not positive")
    return made


def _reference(row: dict[str, object]) -> Reference:
    _known(row, Reference)
    made = Reference(**row)  # type: ignore[arg-type]
    for value in (made.slope, made.sd, made.offset_sd):
        _number(value)
    if made.offset is not None:
        _number(made.offset)
    if made.sd <= 0.0 or made.slope == 0.0:
        raise ValueError(f"sd or slope of '{made.name}' is 0")
    return made


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TypeError(f"{value!r} is no list of texts")
    return tuple(value)


def _known(entry: object, kind: type[Baseline] | type[Reference]) -> None:
    if not isinstance(entry, dict):
        raise TypeError(f"{entry!r} is no table")
    extra = sorted(set(entry) - {field.name for field in fields(kind)})
    if extra:
        raise ValueError(f"unknown field '{extra[0]}'")


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise TypeError(f"{value!r} is no number")
    return float(value)
