"""Cues in whole sessions: refused in place, recorded and replayed exactly, audited from outside."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adaptivevr import command, cues
from adaptivevr.check import audit
from adaptivevr.command import Cue, Pause, Resume, Stop, TooMuch, Vet
from adaptivevr.config import Config
from adaptivevr.cues import Closed, Shut
from adaptivevr.recorded import read_recording
from adaptivevr.replay import replay_ours
from adaptivevr.session import Plan
from adaptivevr.therapy import protocol as protocols
from adaptivevr.therapy.protocol import Cadence
from calibration.prior import population
from scenes.scene import Cue as Event
from tests.replay.play import EXPOSURE, Play, say
from tests.simulation.clinic import scene

EVENTS = (
    Event("bang", "A bang", gate=0.6, pause_s=30.0, vet=True),
    Event("bell", "A bell", gate=0.05, pause_s=5.0),
    Event("top", "On top", gate=0.95),
)
HZ = 5.0


def plan(rule: str = "scene", **config: Any) -> Plan:
    rules = replace(protocols.load(EXPOSURE), cues=rule, scene="eight-steps")
    return Plan(
        config=Config(patient="simulated", **config), protocol=rules,
        scene=replace(scene(), cues=EVENTS), baseline=population("simulated"),
    )  # fmt: skip


def closed_at(play: Play, name: str) -> list[Closed | None]:
    """What became of each wish for a cue, in order."""
    return [c.closed for tick in play.ticks for c in tick.cues if c.name == name]


def bell(who: str = "clinician") -> Any:
    return say(Cue, who, name="bell")


def test_each_reason_in_a_session_in_its_place_and_the_record_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "cues.xdf"
    play = Play(
        hz=HZ, record=path, plan=plan(),
        orders={
            1.0: say(Vet, name="bang", by="clinician"), 1.2: say(Vet, name="bang", by="patient"),
            4.0: bell(), 22.0: bell("patient"), 23.0: bell(), 25.0: bell(), 29.0: bell(),
            30.0: say(Cue, name="bang"), 30.4: say(Vet, name="bang", yes=False),
            30.8: say(Cue, name="bang"), 31.0: say(Cue, name="top"), 32.0: say(Pause),
            33.0: bell(), 34.0: say(Resume), 40.0: say(TooMuch, "patient"), 41.0: bell(),
            50.0: say(Stop), 51.0: bell(), 52.0: say(Cue, name="none of them"),
        },
    )  # fmt: skip
    play.run(55.0)
    play.close()
    shut = [c.shut if c else None for c in closed_at(play, "bell")]
    assert shut[:5] == [Shut.REST, Shut.WHO, None, Shut.PAUSE, None]
    assert shut[5:] == [Shut.REST, shut[6], Shut.REST]
    assert shut[6] in (Shut.NO_FLAGS, Shut.PHASE, Shut.FALLING)
    assert [c and c.shut for c in closed_at(play, "bang")] == [Shut.LOW, Shut.VET]
    assert [c and c.shut for c in closed_at(play, "top")] == [Shut.LOW]
    assert [c and c.shut for c in closed_at(play, "none of them")] == [Shut.UNKNOWN]
    found = audit(path)
    assert found.violations == [] and found.cues == 2
    again = replay_ours(read_recording(path), path, keep=True)
    assert again.equal and [t.cues for t in again.new] == [t.cues for t in play.ticks]


def test_at_home_no_cue_comes() -> None:
    made = plan(place="home", home=((protocols.load(EXPOSURE).name, 5),))
    play = Play(hz=HZ, plan=made, orders={25.0: bell()})
    play.run(26.0)
    assert closed_at(play, "bell") == [Closed(Shut.HOME)]
    assert made.config.place == "home" and play.ticks[-1].decision.intensity > 0.0


def test_where_the_therapy_plays_none_there_is_none_to_press() -> None:
    play = Play(hz=HZ, plan=plan("none"), orders={25.0: bell()})
    play.run(26.0)
    assert closed_at(play, "bell") == [Closed(Shut.PROTOCOL)]
    assert play.session.panel(play.now_s).cues == ()


def test_the_estimate_is_told_of_a_cue_as_of_a_new_level() -> None:
    """Three times the walk for 20 s: the same session without the cue is surer."""
    silent = plan()  # without ratings, which would do the same
    silent = replace(silent, protocol=replace(silent.protocol, ratings=Cadence(required=False)))
    with_cue, without = (Play(hz=HZ, plan=silent, orders=o) for o in ({15.0: bell()}, {}))
    for play in (with_cue, without):
        play.run(15.0)
    assert with_cue.ticks == without.ticks
    for play in (with_cue, without):
        play.run(2.0)
    assert closed_at(with_cue, "bell") == [None]
    sds = [play.ticks[-1].arousal.sd for play in (with_cue, without)]
    assert sds[0] > sds[1] * 1.005


# ---- what the audit finds -----------------------------------------------------------


@pytest.mark.parametrize(
    ("orders", "words"),
    [
        ({25.0: say(Cue, name="top")}, "its gate is 0.95"),
        ({25.0: say(Cue, name="bang")}, "had not been agreed to"),
        ({25.0: bell(), 26.0: bell()}, "s after the one before"),
        ({25.0: bell("patient")}, "no clinician asked"),
        ({5.0: bell()}, "came at 0.000"),
        ({25.0: say(Stop), 26.0: bell()}, "came in mode safe"),
        ({25.0: say(TooMuch, "patient"), 27.0: bell()}, "too much"),
    ],
)
def test_an_engine_whose_gate_lets_everything_pass_is_caught(
    orders: dict[float, Any], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cues, "refusal", lambda *_: None)
    monkeypatch.setattr(command, "is_clinician", lambda who: True)
    path = tmp_path / "spoilt.xdf"
    play = Play(hz=HZ, record=path, plan=plan(), orders=orders)
    play.run(29.0)
    play.close()
    found = [v.text for v in audit(path).violations if v.rule == "cue"]
    assert any(words in text for text in found), found
