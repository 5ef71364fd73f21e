"""Real outlets, real inlets: nothing of LSL is replaced here."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from sensors.chunk import Chunk
from sensors.liblsl import configure, local_clock_s
from sensors.lsl import LslSource, look
from sensors.outlet import Outlet
from sensors.role import Seen, Use
from sensors.source import Fault, Trouble
from sensors.stream import Kind
from tests.until import until

pytestmark = pytest.mark.lsl


class Ear:
    """Collects everything a source hands over."""

    def __init__(self, source: LslSource) -> None:
        self.source = source
        self.chunks: list[Chunk] = []
        self.faults: list[Fault] = []

    def listen(self) -> "Ear":
        self.chunks += self.source.pull()
        self.faults += self.source.faults()
        return self

    def of(self, kind: Kind) -> list[Chunk]:
        return [c for c in self.chunks if c.stream.kind is kind]

    def heard(self, kind: Kind, samples: int) -> bool:
        return sum(map(len, self.listen().of(kind))) >= samples

    def said(self, trouble: Trouble) -> list[Fault]:
        return [f for f in self.listen().faults if f.trouble is trouble]


@pytest.fixture
def listen(lsl_session: str) -> Iterator[Callable[..., Ear]]:
    """Opens sources and closes them at the end."""
    opened: list[LslSource] = []

    def open_source(count: int, *uses: Use) -> Ear:
        until(lambda: len(look(0.2)) >= count)
        source = LslSource.listen(uses, timeout_s=0.3)
        opened.append(source)
        return Ear(source)

    yield open_source
    for source in opened:
        source.close()
        source.close()


@pytest.fixture
def sender(lsl_session: str) -> Iterator[Callable[[str], "subprocess.Popen[str]"]]:
    """Starts senders that can be killed; kills what is left of them."""
    started: list[subprocess.Popen[str]] = []

    def start(source_id: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.sensors.sender", lsl_session, source_id],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "sending\n"
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        assert process.stdin is not None and process.stdout is not None
        process.stdin.close()
        process.stdout.close()


def outlet(name: str, type: str, rate_hz: float = 100.0, count: int = 1, **facts: object) -> Outlet:
    return Outlet(Seen(name, type, rate_hz, count, **facts))  # type: ignore[arg-type]


def test_samples_arrive_exactly_as_sent(listen: Callable[..., Ear]) -> None:
    skin = outlet("band", "EDA", 4.0, labels=("EDA",), units=("uS",), source_id="a")
    ear = listen(1)
    (stream,) = ear.source.streams
    assert (stream.kind, stream.unit, stream.relative) == (Kind.EDA, "uS", False)
    until(lambda: skin.heard)
    stamps = local_clock_s() + np.arange(5) / 4
    values = np.array([[1.5], [np.nan], [2.5], [-np.inf], [3.25]], dtype=np.float32)
    skin.push(stamps, values)
    until(lambda: ear.heard(Kind.EDA, 5))
    chunks = ear.of(Kind.EDA)
    np.testing.assert_array_equal(np.concatenate([c.stamps_s for c in chunks]), stamps)
    np.testing.assert_array_equal(np.concatenate([c.values for c in chunks]), values)
    assert chunks[0].values.dtype == np.float32
    assert not chunks[0].values.flags.writeable
    assert abs(chunks[0].offset_s) < 0.01  # one machine, one clock


def test_irregular_markers_and_intervals(listen: Callable[..., Ear]) -> None:
    markers = outlet("game", "Markers", 0.0, format="string")
    beats = outlet("strap", "RR", 0.0, units=("ms",))
    ear = listen(2)
    until(lambda: markers.heard and beats.heard)
    markers.push([1.0, 2.0], [["wire 5 cleared"], ["größer <&> \N{BRAIN}"]])
    beats.push([1.5], [[812.0]])
    until(lambda: ear.heard(Kind.MARKERS, 2) and ear.heard(Kind.RR, 1))
    texts = [text for c in ear.of(Kind.MARKERS) for text in c.values[:, 0]]
    assert texts == ["wire 5 cleared", "größer <&> \N{BRAIN}"]
    assert ear.of(Kind.RR)[0].stream.scale == 0.001
    assert not ear.said(Trouble.LOST)


def test_four_streams_of_one_name_and_source_id(listen: Callable[..., Ear]) -> None:
    sent = {
        type: outlet("Muse", type, rate, count, source_id="Muse_1")
        for type, rate, count in (("EEG", 256.0, 5), ("PPG", 64.0, 3), ("ACC", 52.0, 3))
    }
    gyro = outlet("Muse", "GYRO", 52.0, 3, source_id="Muse_1")
    ear = listen(4)
    assert {s.kind for s in ear.source.streams} == {Kind.EEG, Kind.PPG, Kind.MOTION}
    assert [f.trouble for f in ear.listen().faults][:1] == [Trouble.REFUSED]  # the gyroscope
    for value, out in enumerate(sent.values()):
        until(lambda out=out: out.heard)  # type: ignore[misc]
        out.push([local_clock_s()], np.full((1, out.seen.count), value))
    until(lambda: all(ear.heard(k, 1) for k in (Kind.EEG, Kind.PPG, Kind.MOTION)))
    for value, kind in enumerate((Kind.EEG, Kind.PPG, Kind.MOTION)):
        assert float(ear.of(kind)[0].values[0, 0]) == value
    gyro.close()


def test_a_choice_among_several_is_said_and_can_be_changed(listen: Callable[..., Ear]) -> None:
    slow = outlet("chest", "ECG", 130.0, units=("mV",))
    fast = outlet("amp", "ECG", 250.0, 2, labels=("ref", "lead II"), units=("uV", "uV"))
    ear = listen(2)
    assert ear.source.streams[0].name == "amp"
    assert ear.source.choice is not None
    assert "--use ecg=chest" in ear.source.choice.said[0]
    other = listen(2, Use(Kind.ECG, "chest"))
    assert [s.name for s in other.source.streams] == ["chest"]
    slow.close()
    fast.close()


def test_gap_and_backward_stamps_are_said(listen: Callable[..., Ear]) -> None:
    out = outlet("amp", "ECG", 100.0)
    ear = listen(1)
    until(lambda: out.heard)
    start_s = local_clock_s()
    out.push(start_s + np.arange(10) / 100, np.zeros((10, 1)))
    out.push(start_s + 2.0 + np.arange(10) / 100, np.zeros((10, 1)))
    out.push(start_s + 1.0 + np.arange(10) / 100, np.zeros((10, 1)))
    until(lambda: ear.heard(Kind.ECG, 30))
    assert ear.said(Trouble.GAP)[0].amount == pytest.approx(1.91, abs=1e-6)
    assert ear.said(Trouble.BACKWARD)[0].amount == pytest.approx(-1.09, abs=1e-6)


def test_more_than_can_be_held_is_a_fault(listen: Callable[..., Ear]) -> None:
    out = outlet("amp", "ECG", 100.0)
    ear = listen(1)
    until(lambda: out.heard)
    ear.source.pull()
    for block in range(12):
        out.push(block + np.arange(1000) / 1000.0 + 1, np.full((1000, 1), block))
    time_of_overflow = until(lambda: [f for f in ear.source.faults() if "faster" in f.text])
    assert time_of_overflow[0].amount >= 1000
    until(lambda: ear.heard(Kind.ECG, 1000))
    until(lambda: float(ear.listen().of(Kind.ECG)[-1].values[-1, 0]) == 11.0)  # the newest are kept


@pytest.mark.parametrize("source_id", ["strap-1", ""], ids=["source_id", "no_source_id"])
def test_killed_and_restarted_sender_is_back_within_5_s(
    listen: Callable[..., Ear],
    sender: Callable[[str], "subprocess.Popen[str]"],
    source_id: str,
) -> None:
    first = sender(source_id)
    ear = listen(1)
    until(lambda: ear.heard(Kind.ECG, 100))
    first.kill()
    first.wait()
    until(lambda: ear.said(Trouble.LOST), 4.0)
    before = sum(map(len, ear.of(Kind.ECG)))
    sender(source_id)
    began_s = time.perf_counter()
    until(lambda: ear.heard(Kind.ECG, before + 50), 5.0)
    assert time.perf_counter() - began_s < 5.0
    until(lambda: ear.said(Trouble.RETURNED))
    assert ear.said(Trouble.GAP)
    times = np.concatenate([c.time_s for c in ear.of(Kind.ECG)])
    assert np.diff(times).max() > 0.5  # the hole stays a hole


def test_configuration_is_once_and_checked(lsl_session: str) -> None:
    configure(lsl_session)
    with pytest.raises(ValueError, match="already configured"):
        configure("another")
    with pytest.raises(ValueError, match="letters and digits"):
        configure("a b")
    with pytest.raises(ValueError, match="expected scope"):
        configure(lsl_session, scope="site")
