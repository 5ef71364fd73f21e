"""People in a headset as they were recorded: does the engine know them, and does the scene move?

    python -m tests.benchmarks.headset_people DIR [--person P1 ...] [--protocol calm] [--fast]

DIR holds RCQoEA-360VR (P*.npz; CC BY-NC-SA 4.0, never part of a package): chest ECG, finger
pulse and skin conductance of people who watch clips of 360-degree video. Clips come in playing
order by their start, the pauses between them stay pauses in which nothing is sent, and every
sensor keeps its own rate and stamps. Nobody has a stored calibration.

Without --fast each person takes six minutes: real LSL outlets in this process, `adaptivevr run`
in another, the console channel as witness. With --fast the same samples go into a Session on a
simulated clock. Prints one JSON document: per person and protocol `known_share_last_4min`
(arousal known, 2 to 6 minutes after Start), `intensity_min`, `intensity_max`, `change`,
`data_share_last_4min` (how much of that time any sensor sent at all) and modes.
"""

import argparse
import json
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from adaptivevr.command import Start
from adaptivevr.config import Config
from adaptivevr.session import Plan, Session
from adaptivevr.therapy import protocol as protocols
from scenes import scene as scenes
from sensors.chunk import Chunk
from sensors.role import Seen, choose
from sensors.stream import Stream
from tests.benchmarks.free import free_port

Floats = npt.NDArray[np.float64]

WATCH_S, LAST_S = 360.0, 240.0
TICK_HZ = 20.0
PACE_S = 0.02  # live: how often what is due is sent
BAR_KNOWN, BAR_CHANGE = 0.8, 0.05
WORN = {
    "ecg": Seen("chest strap", "ECG", 130.0, 1, "float32", ("ecg",), ("microvolts",)),
    "ppg": Seen("finger clip", "PPG", 130.5, 1, "float32", ("ppg",), ("millivolts",)),
    "eda": Seen("finger electrodes", "GSR", 130.5, 1, "float32", ("gsr",), ("microsiemens",)),
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Signal:
    """One sensor's samples, seconds from the first clip's start."""

    time_s: Floats
    values: Floats


def person(path: Path) -> dict[str, Signal]:
    """The three sensors of one person in playing order."""
    with np.load(path) as data:
        starts = data["clip_start_rel_s"]
        order = np.argsort(starts)
        first = starts[order[0]]
        rows: dict[str, list[tuple[Floats, Floats]]] = {"ecg": [], "ppg": [], "eda": []}
        for i in order.tolist():
            at = float(starts[i] - first)
            a, b = data["ecg_offsets"][i : i + 2]
            ecg = data["ecg_uV"][a:b].astype(float)
            rows["ecg"].append((at + np.arange(b - a) / float(data["ecg_fs"]), ecg))
            a, b = data["shimmer_offsets"][i : i + 2]
            own = at + data["shimmer_t_s"][a:b].astype(float)
            rows["ppg"].append((own, data["ppg_mV"][a:b].astype(float)))
            rows["eda"].append((own, data["gsr_uS"][a:b].astype(float)))
    return {
        kind: Signal(np.concatenate([t for t, _ in r]), np.concatenate([v for _, v in r]))
        for kind, r in rows.items()
    }


@dataclass(slots=True)
class Witness:
    """What was seen of a session, every tick or every state the console was told."""

    known: list[tuple[float, bool]] = field(default_factory=list)
    intensity: list[float] = field(default_factory=list)
    modes: Counter[str] = field(default_factory=Counter)
    closed: Counter[str] = field(default_factory=Counter)  # gates that kept an increase back

    def see(self, at_s: float, level: float | None, intensity: float, mode: str) -> None:
        """One look, at_s seconds after Start."""
        if at_s <= WATCH_S:
            self.known.append((at_s, level is not None))
            self.intensity.append(intensity)
            self.modes[mode] += 1

    def document(self, worn: dict[str, Signal]) -> dict[str, Any]:
        """JSON-ready, with the verdict."""
        late = [known for at_s, known in self.known if at_s > WATCH_S - LAST_S]
        share = sum(late) / len(late) if late else 0.0
        least, most = min(self.intensity), max(self.intensity)
        total = sum(self.modes.values())
        return {
            "known_share_last_4min": round(share, 3),
            "data_share_last_4min": round(data_share(worn), 3),
            "intensity_min": round(least, 4),
            "intensity_max": round(most, 4),
            "change": round(most - least, 4),
            "passes": share >= BAR_KNOWN and most - least >= BAR_CHANGE,
            "modes": {name: round(n / total, 3) for name, n in self.modes.items()},
            "blocked_by": dict(self.closed.most_common(4)),
        }


def data_share(worn: dict[str, Signal]) -> float:
    """The share of the last four minutes in which any sensor sent."""
    bins = np.zeros(round(WATCH_S * 10), dtype=bool)
    for signal in worn.values():
        at = signal.time_s[(signal.time_s >= 0) & (signal.time_s < WATCH_S)]
        bins[(at * 10).astype(int)] = True
    return float(bins[-round(LAST_S * 10) :].mean())


def fast(worn: dict[str, Signal], protocol: str) -> Witness:
    """Through a Session on a simulated clock."""
    streams: dict[str, Stream] = {s.kind: s for _, s in choose(list(WORN.values())).taken}
    rules = protocols.load(protocol)
    session = Session(Plan(Config(patient="headset"), rules, scenes.load(rules.scene)))
    witness = Witness()
    sent = dict.fromkeys(worn, 0)
    for n in range(round(WATCH_S * TICK_HZ) + 1):
        at_s = n / TICK_HZ
        chunks = []
        for kind, signal in worn.items():
            end = int(np.searchsorted(signal.time_s, at_s, side="right"))
            if end > sent[kind]:
                a, sent[kind] = sent[kind], end
                stamps, values = signal.time_s[a:end] + 1000.0, signal.values[a:end, None]
                chunks.append(Chunk(streams[kind], stamps, 0.0, values))
        commands = () if n else (Start(id="s", who="clinician", at_s=1000.0),)
        tick = session.tick(1000.0 + at_s, chunks, commands)
        decision = tick.decision
        witness.see(at_s, tick.arousal.level, decision.intensity, decision.mode)
        if decision.reason == "blocked":
            witness.closed[str(decision.capped_by)] += 1
    return witness


# ---- live: outlets here, the engine in its own process ------------------------------


class Outlets:
    """Sends what is due in real time, from a thread of its own."""

    def __init__(self, worn: dict[str, Signal]) -> None:
        from dataclasses import replace

        from sensors.lsl import Outlet

        mark = secrets.token_hex(4)
        self._worn = worn
        self._outlets = {
            kind: Outlet(replace(WORN[kind], source_id=f"{kind}-{mark}")) for kind in worn
        }
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._send, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._end.set()
        if self._thread.is_alive():
            self._thread.join(5)
        for outlet in self._outlets.values():
            outlet.close()

    def _send(self) -> None:
        from sensors.lsl import local_clock_s

        begun_s = local_clock_s()
        sent = dict.fromkeys(self._worn, 0)
        while not self._end.wait(PACE_S):
            now_s = local_clock_s() - begun_s
            for kind, signal in self._worn.items():
                end = int(np.searchsorted(signal.time_s, now_s, side="right"))
                if end > sent[kind]:
                    a, sent[kind] = sent[kind], end
                    self._outlets[kind].push(
                        begun_s + signal.time_s[a:end], signal.values[a:end, None]
                    )


def live(worn: dict[str, Signal], protocol: str, session_id: str) -> Witness:
    """Through real outlets and `adaptivevr run`."""
    outlets = Outlets(worn)
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        record = str(Path(folder) / "headset.xdf")
        command = [
            sys.executable, "-m", "adaptivevr", "run", protocol, "--patient", "headset-bench",
            "--session", session_id, "--no-browser", "--port", str(port), "--wait", "30",
            "--duration", str(WATCH_S + 5), "--record", record, "--calibrate", "no",
        ]  # fmt: skip
        engine = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            return _watch(port, outlets, engine)
        finally:
            engine.terminate()
            engine.wait(15)
            outlets.close()


def _watch(port: int, outlets: Outlets, engine: subprocess.Popen[bytes]) -> Witness:
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    witness = Witness()
    began_s: float | None = None
    give_up_s = time.monotonic() + 60
    while time.monotonic() < give_up_s and engine.poll() is None:
        try:
            with connect(f"ws://localhost:{port}/ws/console", compression=None) as socket:
                for text in socket:
                    if isinstance(text, bytes):
                        continue
                    state = json.loads(text)
                    if state["type"] != "state" or state.get("phase") in (None, "waiting"):
                        continue
                    if began_s is None:
                        began_s = state["now_s"]
                        outlets.start()
                    at_s = state["now_s"] - began_s
                    level = state["arousal"]["level"]
                    witness.see(at_s, level, state["intensity"], state["mode"])
                    if state["reason"] == "blocked":
                        witness.closed[str(state["capped_by"])] += 1
                    if at_s > WATCH_S:
                        return witness
        except (OSError, ConnectionClosed):
            if witness.known:
                return witness
            with suppress(subprocess.TimeoutExpired):
                engine.wait(0.2)
    raise SystemExit("Expected the engine to start within 60 s, but it did not.")


def main() -> None:
    """Prints one JSON document; `passes` says for each person whether the bars are held."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--person", action="append", help="only these, as P1")
    parser.add_argument("--protocol", action="append", help="calm when none is given")
    parser.add_argument("--fast", action="store_true", help="no LSL, simulated clock")
    options = parser.parse_args()
    paths = sorted(options.folder.glob("P*.npz"), key=lambda p: int(p.stem[1:]))
    paths = [p for p in paths if not options.person or p.stem in options.person]
    if not paths:
        parser.error(f"expected P*.npz of RCQoEA-360VR in {options.folder}, found none")
    session_id = f"headset-{secrets.token_hex(4)}"
    if not options.fast:
        from sensors.lsl import configure

        configure(session_id)
    result: dict[str, dict[str, Any]] = {}
    for protocol in options.protocol or ["calm"]:
        result[protocol] = {}
        for path in paths:
            worn = person(path)
            witness = fast(worn, protocol) if options.fast else live(worn, protocol, session_id)
            row = result[protocol][path.stem] = witness.document(worn)
            print(f"{protocol} {path.stem}: {json.dumps(row)}", file=sys.stderr)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
