"""Seven short sessions and what they came to, second by second, kept as text beside this file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from adaptivevr.command import Confirm, Manual, Resume, SetLimit, Stop, TooMuch
from adaptivevr.tick import Tick
from sensors.chunk import Chunk
from sensors.stream import Kind
from tests.replay.play import Play, plan, plug, say, unplug

FOLDER = Path(__file__).parent
FIELDS = (
    "second", "phase", "level", "mode", "reason", "capped_by", "intensity", "arousal", "sd",
    "features", "commands", "prompt", "proposal", "faults", "baseline",
)  # fmt: skip
SLACK = 1e-5  # another machine's last bits; everything else must be equal


def burst(from_s: float, to_s: float) -> Callable[[float, list[Chunk]], list[Chunk]]:
    """Large noise on every sensor for some seconds, the same in each run."""
    random = np.random.default_rng(7)

    def spoil(since_s: float, chunks: list[Chunk]) -> list[Chunk]:
        if not from_s <= since_s < to_s:
            return chunks
        return [
            Chunk(
                c.stream, c.stamps_s, c.offset_s,
                (c.values + random.normal(0.0, 2000.0, c.values.shape)).astype(c.values.dtype),
            )
            for c in chunks
        ]  # fmt: skip

    return spoil


WAVES = (Kind.ECG, Kind.EDA)
SESSIONS: dict[str, tuple[float, Callable[[], Play]]] = {
    "calm": (100.0, lambda: Play(hz=10.0)),
    "scare": (100.0, lambda: Play(hz=10.0, orders={50.0: lambda p: p.patient.frighten(0.6)})),
    "artefacts": (
        80.0,
        lambda: Play(hz=10.0, detail="waveform", sensors=WAVES, spoil=burst(40.0, 50.0)),
    ),
    "lost": (
        110.0,
        lambda: Play(
            hz=10.0,
            orders={
                40.0: unplug(Kind.RR, Kind.EDA),
                60.0: plug(Kind.RR, Kind.EDA),
                90.0: say(Confirm, proposal="resume"),
            },
        ),
    ),
    "stopped": (
        80.0,
        lambda: Play(
            hz=10.0,
            orders={
                40.0: say(Stop), 45.0: say(Resume, "patient"), 50.0: say(Resume),
                55.0: say(Manual, intensity=0.3), 65.0: say(Manual, intensity=None),
            },
        ),
    ),
    "too_much": (
        80.0,
        lambda: Play(
            "panic_prone", hz=10.0,
            orders={40.0: say(TooMuch, "patient"), 60.0: say(SetLimit, name="ceiling", value=0.1)},
        ),
    ),
    "quiet_first": (170.0, lambda: Play(hz=10.0, plan=plan("calm", stored=False))),
}  # fmt: skip


def lines(name: str) -> list[str]:
    """The session run once, one line a second, fields apart by tabs."""
    seconds, make = SESSIONS[name]
    play = make()
    ticks = play.run(seconds)
    hz = round(play.hz)
    return ["\t".join(FIELDS)] + [
        _line(i, ticks[i * hz : (i + 1) * hz]) for i in range(int(seconds))
    ]


def _line(second: int, ticks: Sequence[Tick]) -> str:
    last = ticks[-1]
    decision, prompt = last.decision, last.intent.prompt
    faults = [f"{fault.stream}:{fault.trouble}" for tick in ticks for fault in tick.faults]
    row: tuple[object, ...] = (
        second + 1, last.phase, last.level, decision.mode, decision.reason,
        decision.capped_by or "-", _number(decision.intensity), _number(last.arousal.level),
        _number(last.arousal.sd), sum(len(t.features) for t in ticks),
        ",".join(c.rstrip("0123456789") for t in ticks for c in t.commands) or "-",
        f"{prompt.kind}" if prompt else "-", last.proposal or "-", ",".join(faults) or "-",
        "yes" if last.baseline else "-",
    )  # fmt: skip
    return "\t".join(str(cell) for cell in row)


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.6f}"


@dataclass(slots=True)
class Change:
    """How one field differs from the reference: in how many seconds, from when, by how much."""

    count: int = 0
    first: str = ""
    largest: float | None = None
    example: tuple[str, str] = field(default=("", ""))


def compare(old: list[str], new: list[str]) -> dict[str, Change]:
    """Field by field; a missing line counts as a difference of `second`."""
    found: dict[str, Change] = {}
    for before, after in zip(old[1:], new[1:], strict=False):
        for name, a, b in zip(FIELDS, before.split("\t"), after.split("\t"), strict=True):
            apart = _apart(a, b)
            if a != b and (apart is None or apart > SLACK):
                change = found.setdefault(name, Change(first=before.split("\t")[0], example=(a, b)))
                change.count += 1
                if apart is not None:
                    change.largest = max(change.largest or 0.0, apart)
    if len(old) != len(new) or old[:1] != new[:1]:
        found["second"] = Change(abs(len(old) - len(new)), "end")
    return found


def _apart(a: str, b: str) -> float | None:
    try:
        return abs(float(a) - float(b))
    except ValueError:
        return None


def words(found: dict[str, Change]) -> str:
    """One line a field."""
    return "\n".join(
        f"  {name}: {c.count} seconds, first at {c.first} s ({c.example[0]} became {c.example[1]})"
        + ("" if c.largest is None else f", by up to {c.largest:.3g}")
        for name, c in found.items()
    )


def path_of(name: str) -> Path:
    """Where a session's reference is kept."""
    return FOLDER / f"{name}.ticks"
