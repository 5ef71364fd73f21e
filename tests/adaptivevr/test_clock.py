"""The only clock and its simulated twin."""

import threading
import time

import pytest

from adaptivevr.clock import RealClock, SimulatedClock, since_process_start_s, wall_text

NEVER = threading.Event()


def test_simulated_time_passes_only_when_waited_for() -> None:
    clock = SimulatedClock(10.0)
    assert clock.now_s() == clock.now_s() == 10.0
    clock.wait_until(3610.0, NEVER)
    assert clock.now_s() == 3610.0
    clock.wait_until(5.0, NEVER)
    assert clock.now_s() == 3610.0  # never back


def test_a_speed_paces_it_against_real_time() -> None:
    clock = SimulatedClock(0.0, speed=20.0)
    began_s = time.perf_counter()
    clock.wait_until(2.0, NEVER)
    assert time.perf_counter() - began_s >= 0.09


def test_the_real_clock_waits_until_the_moment_and_not_for_the_past() -> None:
    clock = RealClock(offset_s=500.0)
    begin_s = clock.now_s()
    assert begin_s > 500.0
    clock.wait_until(begin_s + 0.02, NEVER)
    assert clock.now_s() >= begin_s + 0.02
    clock.wait_until(begin_s - 5.0, NEVER)
    assert clock.now_s() - begin_s < 5.0


def test_a_set_stop_does_not_wait() -> None:
    stop = threading.Event()
    stop.set()
    began_s = time.perf_counter()
    RealClock().wait_until(RealClock().now_s() + 30.0, stop)
    SimulatedClock(0.0, speed=0.001).wait_until(10.0, stop)
    assert time.perf_counter() - began_s < 5.0


def test_age_of_the_process_and_a_name_for_files() -> None:
    assert 0.0 < since_process_start_s() < 24 * 3600.0
    assert time.strptime(wall_text(), "%Y-%m-%dT%H-%M-%S")
    assert since_process_start_s() == pytest.approx(since_process_start_s(), abs=1.0)
