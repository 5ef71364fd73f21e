"""The loop: deadlines, the watchdog, and what happens when a part of it fails."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from adaptivevr.clock import RealClock, SimulatedClock
from adaptivevr.command import Command, Mark, Start
from adaptivevr.console.hub import Hub
from adaptivevr.header import header
from adaptivevr.loop import LATE_S, Loop, Pace
from adaptivevr.recorded import read_recording
from adaptivevr.recording import Recording
from adaptivevr.session import Session
from adaptivevr.tick import Tick
from sensors.chunk import Chunk
from sensors.source import Fault, Trouble
from sensors.stream import Stream
from tests.replay.play import plan
from tests.until import until


class Silence:
    """A source that sends nothing; `then` happens at each pull."""

    streams: tuple[Stream, ...] = ()

    def __init__(self, then: Callable[[int], None] = lambda _: None) -> None:
        self._then = then
        self.pulls = 0
        self.told: list[Fault] = []

    def pull(self) -> list[Chunk]:
        self.pulls += 1
        self._then(self.pulls)
        return []

    def faults(self) -> list[Fault]:
        told, self.told = self.told, []
        return told

    def close(self) -> None:
        pass


def loop_of(
    source: Silence | None = None,
    clock: RealClock | SimulatedClock | None = None,
    record: Path | None = None,
    after: Sequence[Callable[[Tick], None]] = (),
    rate_hz: float = 50.0,
) -> Loop:
    clock = clock or SimulatedClock(100.0)
    made = plan()
    recording = Recording(record, header(made), clock.now_s()) if record else None
    return Loop(
        Session(made), source or Silence(), clock, Hub(made.scene, clock), recording, rate_hz, after
    )


def test_it_ticks_at_its_rate_for_its_duration() -> None:
    ticks: list[Tick] = []
    loop = loop_of(after=[ticks.append])
    loop.run(2.0)
    assert len(ticks) == pytest.approx(100, abs=1) and loop.pace.ticks == len(ticks)
    assert ticks[10].now_s == pytest.approx(100.2)
    assert loop.pace.late_ticks == 0 and loop.error is None and loop.ending


def test_late_ticks_are_counted_and_time_is_made_up() -> None:
    clock = SimulatedClock(0.0)

    def stall(pull: int) -> None:
        if pull == 10:
            clock.wait_until(clock.now_s() + 0.055, threading.Event())

    loop = loop_of(Silence(stall), clock)
    loop.run(1.0)
    assert loop.pace.ticks >= 50  # no deadline is left out
    assert loop.pace.late_ticks == 2  # the two whose deadline had passed by more than 10 ms
    assert loop.pace.worst_late_s == pytest.approx(0.035, abs=1e-6)


def test_after_a_long_stall_it_begins_anew() -> None:
    clock = SimulatedClock(0.0)

    def suspend(pull: int) -> None:
        if pull == 10:
            clock.wait_until(clock.now_s() + 30.0, threading.Event())

    loop = loop_of(Silence(suspend), clock)
    loop.run(40.0)
    assert loop.pace.ticks < 600 and loop.pace.late_ticks <= 2


def test_pace_keeps_numbers_only() -> None:
    pace = Pace()
    for late_s in (0.0, LATE_S, LATE_S * 1.01):
        pace.ticked(late_s, 0.001)
    assert (pace.ticks, pace.late_ticks, pace.worst_late_s) == (3, 1, LATE_S * 1.01)


def test_a_tick_that_hangs_trips_the_latch_while_it_hangs() -> None:
    release, hangs = threading.Event(), threading.Event()

    def hang(pull: int) -> None:
        if pull == 3:
            hangs.set()
            release.wait(10)

    loop = loop_of(Silence(hang), RealClock())
    threads = [threading.Thread(target=run) for run in (loop.run, loop.watch)]
    for thread in threads:
        thread.start()
    assert hangs.wait(5)
    began_s = time.perf_counter()
    until(lambda: loop.hub.latched)
    assert 0.15 < time.perf_counter() - began_s < 2.0
    release.set()
    until(lambda: loop.pace.ticks > 5)
    assert loop.hub.latched  # nothing undoes it but a person
    assert loop.hub.snapshot is not None
    until(lambda: loop.hub.snapshot is not None and loop.hub.snapshot.tick.frame.rest)
    loop.end()
    for thread in threads:
        thread.join(5)
    assert loop.error is None


WHERE = ("between ticks", "in a tick", "as its frame goes out", "after it")


@pytest.mark.parametrize("where", WHERE)
def test_a_process_that_was_frozen_rests_though_its_watchdog_slept_too(where: str) -> None:
    shown: list[str] = []

    class Clock(SimulatedClock):
        def wait_until(self, moment_s: float, stop: threading.Event) -> None:
            super().wait_until(moment_s, stop)
            stall("between ticks", len(shown) + 1)

    def stall(here: str, seq: int) -> None:
        if here == where and seq == 10:
            SimulatedClock.wait_until(clock, clock.now_s() + 3.0, threading.Event())

    clock = Clock(0.0)
    loop = loop_of(Silence(lambda pull: stall("in a tick", pull)), clock)
    publish = loop.hub.publish

    def publishing(tick: Tick, *more: Any) -> None:
        stall("as its frame goes out", tick.seq)
        publish(tick, *more)
        assert loop.hub._last is not None
        shown.append(loop.hub._last.mode)
        stall("after it", tick.seq)

    loop.hub.publish = publishing  # type: ignore[method-assign]
    loop.run(6.0)  # and no thread of the watchdog beside it
    assert loop.hub.latched
    # Nobody can hold back the frame that is already on its way.
    first = 9 if where in ("between ticks", "in a tick") else 10
    assert [mode == "safe" for mode in shown] == [at >= first for at in range(len(shown))]


def test_a_loop_that_ticks_is_left_alone_by_the_watchdog() -> None:
    loop = loop_of(clock=RealClock())
    watch = threading.Thread(target=loop.watch)
    watch.start()
    loop.run(0.6)
    watch.join(5)
    assert not loop.hub.latched and not watch.is_alive()


def test_an_exception_stops_the_scene_keeps_the_record_and_is_told(tmp_path: Path) -> None:
    def fail(pull: int) -> None:
        if pull == 20:
            raise RuntimeError("a part broke")

    loop = loop_of(Silence(fail), record=tmp_path / "a.xdf")
    loop.run(5.0)
    assert isinstance(loop.error, RuntimeError) and loop.hub.latched and loop.ending
    commands, _ = loop.hub.take()
    assert [(c.who, type(c).__name__) for c in commands] == [("watchdog", "Stop")]
    recorded = read_recording(tmp_path / "a.xdf")
    assert len(recorded.ticks) == 19 and all(s.footer for s in recorded.file.streams)


def test_a_record_that_fails_is_said_and_the_session_goes_on(tmp_path: Path) -> None:
    ticks: list[Tick] = []
    loop = loop_of(record=tmp_path / "a.xdf", after=[ticks.append])
    recording = loop.recording
    assert recording is not None

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    def later(pull: int) -> None:
        if pull == 10:
            recording._file.close()
            recording._file = type("Full", (), {"write": full, "close": lambda self: None})()

    loop.source = Silence(later)
    loop.run(1.0)
    assert len(ticks) >= 50 and loop.error is None and not loop.hub.latched
    assert len(loop.notes) == 1 and "No space left" in loop.notes[0]
    assert loop.recording is None
    assert len(read_recording(tmp_path / "a.xdf").ticks) == 9


def test_even_a_surprise_in_the_record_does_not_end_the_session(tmp_path: Path) -> None:
    loop = loop_of(record=tmp_path / "a.xdf")
    assert loop.recording is not None
    loop.recording.write = lambda *_: 1 / 0  # type: ignore[method-assign,assignment]
    loop.run(0.5)
    assert loop.error is None and loop.pace.ticks >= 25
    assert "ZeroDivisionError" in loop.notes[0]


def test_frozen_nothing_happens_until_the_time_is_over() -> None:
    loop = loop_of(clock=RealClock(), after=[lambda tick: froze(tick)])

    def froze(tick: Tick) -> None:
        if tick.seq == 5:
            loop.freeze(0.4)

    began_s = time.perf_counter()
    threads = [threading.Thread(target=run) for run in (loop.run, loop.watch)]
    for thread in threads:
        thread.start()
    until(lambda: loop.pace.ticks >= 6)
    assert time.perf_counter() - began_s >= 0.4
    assert loop.hub.latched  # longer than the watchdog waits
    loop.end()
    for thread in threads:
        thread.join(5)


def test_what_the_source_reports_enters_as_a_mark_and_bridges_hear_everything() -> None:
    heard: list[tuple[int, tuple[Command, ...]]] = []

    class Bridge:
        def take(self, tick: Tick, commands: Sequence[Command]) -> None:
            heard.append((tick.seq, tuple(commands)))

    source = Silence()
    loop = loop_of(source)
    loop._bridges = [Bridge()]
    source.told.append(Fault("ecg", Trouble.GAP, 100.0, 2.0, "ecg has a gap of 2.0 s."))
    loop.hub.submit(Start(id="c1", who="clinician", at_s=100.0))
    loop.run(0.1)
    first = heard[0][1]
    assert [type(c) for c in first] == [Start, Mark]
    assert isinstance(first[1], Mark) and first[1].text == "ecg has a gap of 2.0 s."
    assert len(heard) >= 5 and heard[1][1] == ()
