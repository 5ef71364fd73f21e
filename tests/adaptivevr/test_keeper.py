"""What a guided calibration came to is on disk; what it found wrong is said."""

from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from adaptivevr.guided import Guided
from adaptivevr.keeper import Keeper
from adaptivevr.live import guide_for
from adaptivevr.sitting import Sitting
from calibration.baseline import Baseline, Reference
from calibration.store import Store
from sensors.stream import Kind, Stream
from tests.adaptivevr.calibration_rig import Told, told
from tests.adaptivevr.test_guided import loose
from tests.replay.play import plan

HEART = Reference("heart_rate", "bpm", 60.0, 15.0, 3.0, 300)
MADE = Baseline("a", "simulated", (HEART,), 0.3, devices=("ecg:strap",))
STREAMS = (Stream("ecg1", "strap", Kind.ECG, 250.0, "uV"),)
DAY_S = 86400.0


def keeper(store: Store, play: Told, said: list[Any]) -> Keeper:
    """The keeper beside a session that runs without a loop."""
    sitting = SimpleNamespace(
        loop=SimpleNamespace(session=play.session), clock=SimpleNamespace(now_s=lambda: 0.0),
        hub=SimpleNamespace(submit=said.append),
    )  # fmt: skip
    return Keeper(store, cast(Sitting, sitting))


def test_a_refusal_is_said_once_and_nothing_is_stored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, play, said = Store(tmp_path), told(spoil=loose), []
    beside = keeper(store, play, said)
    for _ in range(80):
        for tick in play.run(1.0):
            beside.take(tick, ())
    beside.close()
    assert capsys.readouterr().err.count("The skin sensor (") == 1
    assert store.latest("simulated") is None and said == []


def test_a_finished_one_is_stored_and_marked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, play, said = Store(tmp_path), told(), []
    play.run(1.0)
    guided = play.session.guided
    assert isinstance(guided, Guided)
    guided.baseline, guided.stage = MADE, guided.stage.DONE
    beside = keeper(store, play, said)
    beside.take(play.ticks[-1], ())
    beside.take(play.ticks[-1], ())
    beside.close()
    kept = store.all("simulated")
    assert [one.baseline for one in kept] == [MADE]
    assert "stored in" in capsys.readouterr().err
    assert "stored in" in said[0].text and said[0].who == "system"


def chosen(store: Store, calibrate: str = "auto", **more: Any) -> Any:
    stored = store.latest("simulated")
    whole = replace(plan("graded_exposure", stored=False), baseline=stored and stored.baseline)
    options = Namespace(calibrate=calibrate, resonance=False)
    return guide_for(replace(whole, **more), store, STREAMS, options)


def test_who_has_none_is_led_through_all_of_it(tmp_path: Path) -> None:
    guide = chosen(Store(tmp_path))
    assert guide.full and guide.id.startswith("simulated-")
    assert chosen(Store(tmp_path), "no") is None


def test_who_has_one_takes_the_short_way(tmp_path: Path) -> None:
    from adaptivevr.clock import wall_s

    store = Store(tmp_path)
    store.append(MADE, wall_s() - 2 * DAY_S)
    assert not chosen(store).full
    assert chosen(store, "full").full


def test_an_old_one_is_done_anew_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from adaptivevr.clock import wall_s

    store = Store(tmp_path)
    store.append(MADE, wall_s() - 45 * DAY_S)
    assert chosen(store).full
    assert "45 days old" in capsys.readouterr().err


def test_a_refresh_is_kept_but_never_stands_in_for_a_full_one(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.append(MADE, 1.0)
    store.append(replace(MADE, id="b", daily=True, resonance_per_min=5.5), 2.0)
    latest = store.latest("simulated")
    assert latest is not None and latest.saved_s == 1.0 and len(store.all("simulated")) == 2
    assert latest.baseline == replace(MADE, resonance_per_min=5.5)
