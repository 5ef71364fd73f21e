"""The safety audit finds every planted violation, and none in a session as it was."""

import ast
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

import adaptivevr.check
import adaptivevr.cue_audit
from adaptivevr.__main__ import main
from adaptivevr.check import Audit, Auditor, Sensor, audit
from adaptivevr.command import Manual, Resume, SetLimit, Stop
from adaptivevr.recorded import Recorded, read_recording
from sensors.chunk import Chunk
from sensors.stream import Kind
from tests.replay.play import Play, say, unplug

HZ = 5.0
type Row = dict[str, Any]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session with a stop, a hand on the dial, a lower ceiling and a lost sensor."""
    file = tmp_path_factory.mktemp("check") / "session.xdf"
    play = Play(
        hz=HZ, record=file,
        orders={
            45.0: say(Stop), 50.0: say(Resume), 51.0: say(Manual, intensity=0.4),
            62.0: say(SetLimit, name="ceiling", value=0.2), 75.0: say(Manual, intensity=None),
            80.0: unplug(Kind.RR, Kind.EDA),
        },
    )  # fmt: skip
    play.run(95.0)
    play.close()
    return file


@pytest.fixture
def recorded(path: Path) -> Recorded:
    return read_recording(path)


class Altered:
    """A recording with the same samples, whose decisions or commands were rewritten."""

    def __init__(self, recorded: Recorded, silent: range = range(0), **new: Any) -> None:
        self.document: Row = new.get("document", recorded.document)
        self.commands: tuple[Row, ...] = new.get("commands", recorded.commands)
        self.ticks: tuple[Row, ...] = new.get("ticks", recorded.ticks)
        self._recorded, self._silent = recorded, silent

    def inputs(self):
        samples = getattr(self._recorded, "_recorded", self._recorded).inputs()
        for i, (tick, (_, chunks, _)) in enumerate(zip(self.ticks, samples, strict=True)):
            yield tick, () if i in self._silent else chunks, ()

    def audit(self) -> Audit:
        return Auditor(cast(Recorded, self)).run()


def altered(recorded: Recorded, change: dict[int, Row], silent: range = range(0)) -> Audit:
    """The audit after some ticks were rewritten."""
    ticks = tuple({**tick, **change.get(i, {})} for i, tick in enumerate(recorded.ticks))
    return Altered(recorded, silent, ticks=ticks).audit()


def rules(found: Audit) -> set[str]:
    return {violation.rule for violation in found.violations}


def rising(recorded: Recorded) -> int:
    """A tick in which automation raised the intensity, and the one before did as well."""
    ticks = recorded.ticks
    return next(
        i for i in range(2, len(ticks))
        if ticks[i]["mode"] == "auto"
        and ticks[i]["intensity"] > ticks[i - 1]["intensity"] > ticks[i - 2]["intensity"]
    )  # fmt: skip


def test_a_session_as_it_was_has_none(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = audit(path)
    assert found.violations == [] and found.ticks == 95 * HZ
    assert found.increases > 20 and found.stops == 1
    assert main(["check", str(path)]) == 0
    assert "no violation" in capsys.readouterr().out


def test_rising_too_fast(recorded: Recorded) -> None:
    i = rising(recorded)
    jump = recorded.ticks[i]["intensity"] + 0.02
    found = altered(recorded, {i: {"intensity": jump}, i + 1: {"intensity": jump}})
    assert rules(found) == {"rise"} and "allowed 0.05/s" in found.violations[0].text


def test_falling_too_fast(recorded: Recorded) -> None:
    i = next(i for i, t in enumerate(recorded.ticks) if t["intensity"] > 0.15)
    low = recorded.ticks[i]["intensity"] - 0.1
    assert "fall" in rules(altered(recorded, {i: {"intensity": low}}))


def test_above_the_ceiling_in_force(recorded: Recorded) -> None:
    at = next(i for i, t in enumerate(recorded.ticks) if t["now_s"] >= 1070.0)
    before = recorded.ticks[at - 1]["intensity"]
    assert before == pytest.approx(0.2)
    found = altered(recorded, {at: {"intensity": before + 0.005}})
    assert rules(found) == {"ceiling"}


def said(recorded: Recorded, at: int, command: str, **more: Any) -> Altered:
    """The recording with one more thing said in a tick."""
    ticks = list(recorded.ticks)
    ticks[at] = {**ticks[at], "commands": [*ticks[at]["commands"], "x"]}
    one = {"command": command, "id": "x", "who": "patient", "seq": at, **more}
    return Altered(recorded, ticks=tuple(ticks), commands=(*recorded.commands, one))


@pytest.mark.parametrize(
    ("rule", "command", "more"),
    [
        ("rating", "Rate", {"scale": "suds", "value": 95.0}),
        ("sickness", "Rate", {"scale": "sickness", "value": 10.0}),
        ("too_much", "TooMuch", {}),
        ("stop", "Headset", {"worn": False}),
        ("stop", "Stop", {"by": "patient"}),
    ],
)
def test_rising_after_the_patients_word(
    recorded: Recorded, rule: str, command: str, more: Row
) -> None:
    i = rising(recorded)
    changed = said(recorded, i - 1, command, **more)
    assert rules(changed.audit()) == {rule}


def test_rising_above_what_was_agreed(recorded: Recorded) -> None:
    ticks = recorded.ticks
    levels = sorted({0.0, *(one["intensity"] for one in recorded.document["scene"]["levels"])})
    first = recorded.document["protocol"]["exposure"]["first_level"]
    i = next(
        i for i in range(1, len(ticks))
        if ticks[i]["mode"] == "auto" and ticks[i]["intensity"] > ticks[i - 1]["intensity"]
        and ticks[i]["intensity"] > levels[first]
    )  # fmt: skip
    assert rules(altered(recorded, {i: {"mode": "confirm"}})) == {"confirm"}


def test_above_the_level_passed_with_a_clinician_at_home(recorded: Recorded) -> None:
    config = {**recorded.document["config"], "place": "home"}
    document = {**recorded.document, "config": config}
    assert "ceiling" in rules(Altered(recorded, document=document).audit())
    named = {**config, "home": [[document["protocol"]["name"], 20]]}
    document = {**recorded.document, "config": named}
    assert rules(Altered(recorded, document=document).audit()) == set()


def test_automation_that_does_not_freeze_without_sensors(recorded: Recorded) -> None:
    lost = next(i for i, t in enumerate(recorded.ticks) if t["now_s"] >= 1081.0)
    frozen = [i for i, t in enumerate(recorded.ticks) if i > lost and t["mode"] == "freeze"]
    assert frozen
    change: dict[int, Row] = {i: {"mode": "auto"} for i in frozen}
    assert rules(altered(recorded, change)) == {"loss"}


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("unknown", {"arousal": None}),
        ("sd", {"sd": 0.31}),
        ("sd", {"sd": 0.0}),
        ("window", {"arousal": 0.69}),
        ("mode", {"mode": "freeze"}),
        ("mode", {"mode": "fallback"}),
        ("mode", {"mode": "safe"}),
    ],
)
def test_rising_with_a_gate_closed(recorded: Recorded, rule: str, change: Row) -> None:
    assert rule in rules(altered(recorded, {rising(recorded): change}))


def test_rising_on_stale_data(recorded: Recorded) -> None:
    i = rising(recorded)
    assert rules(altered(recorded, {}, range(i - int(4 * HZ), i + 1))) == {"stale"}


@pytest.mark.parametrize("kind", [Kind.RR, Kind.EDA])
def test_a_frozen_value_does_not_make_it_fresh(recorded: Recorded, kind: Kind) -> None:
    stream = next(s for s in recorded.streams if s.kind == kind)
    sensor = Sensor(str(kind))
    gap_s = 0.8 if kind is Kind.RR else 0.125
    for n in range(round(30.0 / gap_s)):
        now_s = n * gap_s
        value = 0.8 + 0.01 * min(n, 10)
        sensor.take(now_s, Chunk(stream, np.array([now_s]), 0.0, np.array([[value]])))
    frozen_s = 10 * gap_s + (2 * gap_s if kind is Kind.RR else 5.0)
    assert sensor.usable_s == pytest.approx(frozen_s, abs=gap_s)


def test_what_is_no_number_does_not_make_it_fresh(recorded: Recorded) -> None:
    stream = next(s for s in recorded.streams if s.kind == Kind.EDA)
    sensor = Sensor("eda")
    sensor.take(1.0, Chunk(stream, np.array([0.9, 1.0]), 0.0, np.array([[2.0], [np.nan]])))
    assert sensor.usable_s == 0.9
    sensor.take(2.0, Chunk(stream, np.array([9.0]), 0.0, np.array([[3.0]])))
    assert sensor.usable_s == 2.0  # never from the future


def test_movement_after_a_stop(recorded: Recorded) -> None:
    i = next(i for i, t in enumerate(recorded.ticks) if 1047.0 <= t["now_s"] < 1049.0)
    found = altered(recorded, {i: {"intensity": 0.005}})
    assert "stop" in rules(found)


def test_a_patient_cannot_resume_after_a_stop(recorded: Recorded) -> None:
    commands = tuple(
        {**c, "who": "patient"} if c["command"] == "Resume" else c for c in recorded.commands
    )
    found = Altered(recorded, commands=commands).audit()
    assert rules(found) == {"stop"}


@pytest.mark.parametrize(
    ("who", "name", "value"),
    [
        ("clinician", "window_high", 0.99),
        ("clinician", "window_high", None),
        ("clinician", "rise_per_s", 99.0),
        ("patient", "window_high", 0.8),
        ("patient", "ceiling", 0.0),
    ],
)
def test_a_limit_nobody_may_set_excuses_nothing_and_accuses_nobody(
    recorded: Recorded, who: str, name: str, value: float | None
) -> None:
    clean = said(recorded, 5, "SetLimit", who=who, name=name, value=value)
    assert clean.audit().violations == []
    i = rising(recorded)
    change = {"intensity": recorded.ticks[i]["intensity"] + 0.02, "arousal": 0.69}
    if name != "window_high" or who == "patient":
        assert {"rise", "window"} <= rules(altered(cast(Recorded, clean), {i: change}))


def test_outside_zero_to_one(recorded: Recorded) -> None:
    assert "bounds" in rules(altered(recorded, {20: {"intensity": 1.2}}))
    assert "bounds" in rules(altered(recorded, {20: {"intensity": -0.1}}))


def test_a_violation_is_an_exit_status_and_a_sentence(
    path: Path, recorded: Recorded, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    i = rising(recorded)
    old = f'"intensity":{recorded.ticks[i]["intensity"]!r}'.encode()
    new = old[:-3] + b"999" if not old.endswith(b"999") else old[:-3] + b"111"
    data = path.read_bytes()
    shown = data.replace(old, b'"intensity":0.9'.ljust(len(old), b"9"), 1)
    assert shown != data and len(shown) == len(data) and len(new) == len(old)
    (tmp_path / "bad.xdf").write_bytes(shown)
    assert main(["check", str(tmp_path / "bad.xdf")]) == 1
    assert "violation" in capsys.readouterr().out


def test_it_shares_no_code_with_what_it_judges() -> None:
    """Its imports are the reading of recordings, and no rule of the engine."""
    imported = set()
    for module in (adaptivevr.check, adaptivevr.cue_audit):
        tree = ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))
        imported |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
    ours = {name for name in imported if name.startswith(("adaptivevr", "sensors", "scenes"))}
    assert ours <= {"adaptivevr.recorded", "adaptivevr.replay", "adaptivevr.cue_audit"}
