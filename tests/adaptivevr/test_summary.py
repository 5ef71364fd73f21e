"""What a session came to, against sums done by hand."""

import pytest

from adaptivevr.command import Stop
from adaptivevr.summary import Summary
from sensors.stream import Kind
from tests.replay.play import Play, say, unplug


def test_no_ticks_no_numbers() -> None:
    document = Summary().document()
    assert document["ticks"] == 0 and document["intensity_mean"] is None
    assert document["arousal_known_share"] == 0.0 and document["level"] is None


def test_the_totals_are_those_of_the_ticks() -> None:
    play = Play(hz=10.0, orders={45.0: say(Stop), 50.0: unplug(Kind.RR)})
    summary = Summary()
    for tick in play.run(60.0):
        summary.update(tick)
    document = summary.document()
    shown = [t.decision.intensity for t in play.ticks]
    known = [t.arousal.level for t in play.ticks if t.arousal.level is not None]
    assert document["ticks"] == 600
    assert document["intensity_max"] == max(shown) and document["intensity_min"] == 0.0
    assert document["intensity_mean"] == pytest.approx(sum(shown) / 600)
    assert document["arousal_mean"] == pytest.approx(sum(known) / len(known))
    assert document["arousal_known_share"] == pytest.approx(len(known) / 600)
    assert document["modes"] == {"auto": pytest.approx(44.9, abs=0.2),
                                 "safe": pytest.approx(15.0, abs=0.2)}  # fmt: skip
    assert sum(document["phases"].values()) == pytest.approx(59.9, abs=0.01)
    assert document["level"] == play.ticks[-1].level


def test_one_long_block_counts_once() -> None:
    play = Play("panic_prone", hz=5.0)
    summary = Summary()
    blocked = 0
    before = False
    for tick in play.run(150.0):
        summary.update(tick)
        now = tick.decision.reason == "blocked"
        blocked += now and not before
        before = now
    assert summary.document()["increases_blocked"] == blocked
