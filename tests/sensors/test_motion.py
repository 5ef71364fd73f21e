"""Motion: root mean square of movement without gravity."""

import math

import numpy as np
import pytest

from sensors.chunk import Chunk
from sensors.feature import Status
from sensors.motion import Motion
from sensors.stream import Kind, Stream


def run(x, fs=50.0, stamps=None, **more):
    facts = Stream("m", "acc", Kind.MOTION, fs, "g", ("x", "y", "z"), (0, 1, 2), **more)
    stamps = np.arange(len(x)) / fs if stamps is None else stamps
    return Motion(facts).update(Chunk(facts, stamps, 0.0, x))


def shaken(size=0.1, hz=1.5, seconds=30.0, fs=50.0):
    t = np.arange(int(seconds * fs)) / fs
    x = np.tile([0.1, -0.2, 0.97], (len(t), 1))
    x[:, 0] += size * np.sin(2 * np.pi * hz * t)
    return x


@pytest.mark.parametrize("fs", [12.0, 32.0, 52.0, 200.0])
def test_a_sine_has_its_root_mean_square(fs):
    features = run(shaken(fs=fs), fs)
    assert features[-1].value == pytest.approx(0.1 / math.sqrt(2), rel=0.12)
    assert features[-1].unit == "g" and features[-1].quality == 1.0
    assert len(features) == pytest.approx(60, abs=2)


def test_gravity_and_slow_turning_do_not_count():
    t = np.arange(3000) / 50.0
    x = np.column_stack([np.sin(t / 30), np.zeros_like(t), np.cos(t / 30)])
    assert run(x)[-1].value < 0.05


def test_a_sensor_in_raw_counts_is_scaled_by_its_first_rest():
    x = shaken() * 16384.0
    x[:200, 0] = 0.1 * 16384
    last = run(x, relative=True)[-1]
    assert last.value == pytest.approx(0.0707, rel=0.15)
    assert last.status is Status.RELATIVE and last.unit == "relative"


def test_flat_missing_and_gap():
    x = shaken()
    x[750:] = x[750]
    assert run(x)[-1].status is Status.FLAT and run(x)[-1].quality == 0
    x[750:] = np.nan
    last = run(x)[-1]
    assert last.quality == 0 and last.value is None
    t = np.arange(1500) / 50.0
    t[750:] += 9.0
    features = run(shaken(), stamps=t)
    assert any(f.status is Status.GAP for f in features)
    assert max(f.value for f in features[4:]) < 0.1
