"""Sensors are waited for in the background, and those that come later are taken."""

from collections.abc import Iterator

import numpy as np
import pytest

from adaptivevr.bridges.lsl import LslBridge
from adaptivevr.listening import Listening
from sensors.lsl import Outlet, local_clock_s
from sensors.stream import Kind, Stream
from tests.until import until

pytestmark = [pytest.mark.lsl, pytest.mark.usefixtures("lsl_session")]

ECG = Stream("ecg", "late strap", Kind.ECG, 130.0, "uV", source_id="late-strap", type="ECG")
MARKS = Stream(
    "m", "clicks", Kind.MARKERS, 0.0, format="string", source_id="clicks", type="Markers"
)


@pytest.fixture
def listening() -> Iterator[Listening]:
    source = Listening(expect=9)  # eager: it looks again at once
    yield source
    source.close()


def test_a_sensor_that_is_switched_on_later_is_taken(listening: Listening) -> None:
    assert listening.pull() == [] and not listening.found.is_set()
    strap = Outlet(ECG)
    until(listening.found.is_set)
    got: list[float] = []

    def received() -> bool:
        strap.push([local_clock_s()], np.array([[123.0]], dtype=np.float32))
        got.extend(float(v) for c in listening.pull() for v in c.values[:, 0])
        return bool(got)

    until(received)
    assert set(got) == {123.0}
    assert [s.kind for s in listening.streams] == [Kind.ECG]
    strap.close()


def test_markers_alone_are_no_sensor_and_our_own_results_are_not_heard(
    listening: Listening,
) -> None:
    clicks, ours = Outlet(MARKS), LslBridge()
    until(lambda: bool(listening.streams))
    assert [s.name for s in listening.streams] == ["clicks"]
    assert not listening.found.is_set()
    clicks.close()
    ours.close()


def test_one_failed_look_does_not_make_the_engine_deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    from adaptivevr import listening as module

    looks = iter([RuntimeError("the network is gone")])
    real = module.look

    def failing(timeout_s: float) -> object:
        for error in looks:
            raise error
        return real(timeout_s)

    monkeypatch.setattr(module, "look", failing)
    strap = Outlet(ECG)
    source = Listening(expect=9)
    try:
        until(source.found.is_set)
        said = [fault.text for fault in source.faults()]
        assert any("the network is gone" in text for text in said)
    finally:
        source.close()
        strap.close()
