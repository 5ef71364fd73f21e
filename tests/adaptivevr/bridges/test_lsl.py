"""Our results as LSL outlets: described in full, values that arrive, never taken back in."""

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from adaptivevr import __version__
from adaptivevr.arousal import Arousal
from adaptivevr.bridges.lsl import AROUSAL, INTENSITY, MARKERS, LslBridge
from adaptivevr.command import Ack, Mark
from adaptivevr.config import Config
from adaptivevr.listening import Listening
from adaptivevr.session import Plan, Session
from adaptivevr.therapy import protocol as protocols
from adaptivevr.tick import Tick
from scenes import scene as scenes
from sensors.liblsl import library, local_clock_s
from sensors.lsl import look
from sensors.outlet import Outlet
from sensors.role import Seen, choose
from tests.until import until

pytestmark = pytest.mark.lsl


@pytest.fixture
def bridge(lsl_session: str) -> Iterator[LslBridge]:
    made = LslBridge()
    yield made
    made.close()


@pytest.fixture
def inlets(bridge: LslBridge) -> Iterator[dict[str, Any]]:
    until(lambda: len(_ours()) == 3)
    opened = {f.seen.name: library().StreamInlet(f.info, recover=False) for f in _ours()}
    for inlet in opened.values():
        inlet.open_stream(timeout=5)
    yield opened
    for inlet in opened.values():
        inlet.close_stream()


def _ours() -> list[Any]:
    return [f for f in look(0.3) if f.seen.name.startswith("AdaptiveVR-")]


@pytest.fixture(scope="module")
def tick() -> Tick:
    rules = protocols.load("demo")
    return Session(Plan(Config(), rules, scenes.load(rules.scene))).tick(1000.0, (), ())


def drained(inlet: Any, count: int) -> list[tuple[list[Any], float]]:
    got: list[tuple[list[Any], float]] = []

    def enough() -> bool:
        values, stamps = inlet.pull_chunk(timeout=0.0)
        got.extend(zip(values, stamps, strict=True))
        return len(got) >= count

    until(enough)
    return got


def test_each_outlet_tells_everything_about_itself(inlets: dict[str, Any]) -> None:
    for seen in (AROUSAL, INTENSITY, MARKERS):
        info = inlets[seen.name].info(timeout=5)
        assert (info.type(), info.channel_count()) == (seen.type, seen.count)
        assert info.nominal_srate() == 0.0 and info.source_id().startswith(seen.name)
        channel = info.desc().child("channels").child("channel")
        for i, label in enumerate(seen.labels):
            assert channel.child_value("label") == label
            assert channel.child_value("unit") == (seen.units[i] if seen.units else "")
            assert channel.child_value("type") == seen.channel_types[i]
            channel = channel.next_sibling("channel")
        acquisition = info.desc().child("acquisition")
        assert acquisition.child_value("manufacturer") == "AdaptiveVR"
        assert acquisition.child_value("software_version") == __version__
        assert len(acquisition.child_value("description")) > 40
    arousal = inlets[AROUSAL.name].info(timeout=5).desc().child("acquisition")
    assert "NaN" in arousal.child_value("description")


def test_values_arrive_with_the_engine_s_stamps(
    bridge: LslBridge, inlets: dict[str, Any], tick: Tick
) -> None:
    start_s = local_clock_s()
    for n in range(60):  # a second of ticks
        level = 0.01 * n if n >= 30 else None
        shown = replace(
            tick,
            now_s=start_s + n / 60,
            level=2,
            arousal=Arousal(level, 0.2),
            decision=replace(tick.decision, intensity=n / 100),
        )
        bridge.take(shown, ())
    rows = drained(inlets[AROUSAL.name], 8)
    assert 8 <= len(rows) <= 11  # ten a second
    unknown = [v for v, _ in rows if math.isnan(v[0])]
    known = [v for v, _ in rows if not math.isnan(v[0])]
    assert unknown and all(v[2] == 0.0 and v[1] == pytest.approx(0.2) for v in unknown)
    assert known and all(v[2] == 1.0 for v in known)
    stamps = [s for _, s in rows]
    assert stamps[0] == start_s and stamps == sorted(stamps)
    loads = drained(inlets[INTENSITY.name], 8)
    assert [s for _, s in loads] == stamps
    assert loads[-1][0][0] == pytest.approx((stamps[-1] - start_s) * 60 / 100, abs=1e-3)
    assert loads[-1][0][1] == 2.0


def test_marks_arrive_as_json_and_acks_do_not(
    bridge: LslBridge, inlets: dict[str, Any], tick: Tick
) -> None:
    said = Mark(id="1", who="clinician", at_s=3.0, text="Tür: „auf“")
    ack = Ack(id="a", who="patient", at_s=1.0, seq=1, shown_s=1.0, rest=False)
    bridge.take(tick, (ack, said))
    ((values, stamp),) = drained(inlets[MARKERS.name], 1)
    told = json.loads(values[0])
    assert (told["command"], told["text"], told["who"]) == ("Mark", said.text, "clinician")
    assert stamp == tick.now_s


def test_the_engine_never_takes_its_own_outlets_for_sensors(
    bridge: LslBridge, inlets: dict[str, Any]
) -> None:
    choice = choose([f.seen for f in _ours()])
    assert not list(choice.taken)
    strap = Outlet(Seen("strap", "ECG", 100.0, 1, "float32", ("ecg",), ("uV",), source_id="own-1"))
    listening = Listening()
    try:
        assert listening.found.wait(15)
        assert [s.name for s in listening.streams] == ["strap"]
    finally:
        listening.close()
        strap.close()


def test_closing_withdraws_them(lsl_session: str) -> None:
    bridge = LslBridge()
    until(lambda: len(_ours()) == 3)
    bridge.close()
    until(lambda: not _ours())
