"""The self-test of the stop: passes on a sound engine, names what is broken, refuses a session."""

from dataclasses import replace
from pathlib import Path

import pytest

from adaptivevr.clock import SimulatedClock
from adaptivevr.console.hub import Hub
from adaptivevr.errors import Refused
from adaptivevr.guard import Guard
from adaptivevr.selftest import failures
from adaptivevr.sitting import Setting, Sitting
from tests.replay.play import plan


def test_a_sound_stop_passes() -> None:
    assert failures(plan(), SimulatedClock(0.0)) == ()


@pytest.mark.parametrize(
    ("kind", "name", "broken", "sentence"),
    [
        (Hub, "_at_rest", lambda self, frame: frame, "A frame from before the stop"),
        (Hub, "latched", property(lambda self: False), "The server did not latch"),
        (Hub, "take", lambda self: ((), ()), "The engine would not have heard"),
    ],
)
def test_a_broken_latch_is_found(
    monkeypatch: pytest.MonkeyPatch, kind: type, name: str, broken: object, sentence: str
) -> None:
    monkeypatch.setattr(kind, name, broken)
    assert any(text.startswith(sentence) for text in failures(plan(), SimulatedClock(0.0)))


def test_an_engine_that_forgets_its_stop_is_found_and_no_session_begins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sound = Guard.update

    def forgetful(self, now_s, wish, ambient, facts, bounds):  # type: ignore[no-untyped-def]
        decision = sound(self, now_s, wish, ambient, facts, bounds)
        return decision if not decision.rest or facts.rest is False else _lit(decision)

    def _lit(decision):  # type: ignore[no-untyped-def]
        return replace(decision, intensity=0.5, rest=False)

    monkeypatch.setattr(Guard, "update", forgetful)
    found = failures(plan(), SimulatedClock(0.0))
    assert any("did not rest" in text for text in found)
    setting = Setting(record=tmp_path / "no.xdf", serve=False)
    with pytest.raises(Refused, match="Expected the stop to pass its self-test"):
        Sitting(plan(), SimulatedClock(0.0), setting)
    assert not (tmp_path / "no.xdf").exists()
