"""Breath: the rate at any depth, on any axis, and silence when there is none."""

import math

import numpy as np
import pytest

from sensors.breath import Breath
from sensors.chunk import Chunk
from sensors.feature import Status
from sensors.stream import Kind, Stream


def run(x, fs=25.0, stamps=None):
    x = np.asarray(x, float).reshape(len(x), -1)
    used = tuple(range(x.shape[1]))
    facts = Stream("b", "belt", Kind.BREATH, fs, "", tuple("xyz"[: len(used)]), used)
    stamps = np.arange(len(x)) / fs if stamps is None else stamps
    return Breath(facts).update(Chunk(facts, stamps, 0.0, x))


def rates(features):
    return [f for f in features if f.name == "breath_rate"]


def wave(per_minute, seconds=90.0, fs=25.0, depth=1.0, seed=0):
    t = np.arange(int(seconds * fs)) / fs
    noise = np.random.default_rng(seed).normal(0, 0.1 * depth, len(t))
    return depth * np.sin(2 * np.pi * per_minute / 60 * t) + noise


@pytest.mark.parametrize("per_minute", [5, 6, 12, 15, 24, 36])
@pytest.mark.parametrize("depth", [1e-3, 1.0, 1e4])
def test_the_rate_is_right_at_any_depth(per_minute, depth):
    last = rates(run(wave(per_minute, depth=depth)))[-1]
    assert last.value == pytest.approx(per_minute, abs=0.5)
    assert last.quality > 0.8


@pytest.mark.parametrize("fs", [10.0, 50.0, 130.0, 1000.0])
def test_any_device_rate(fs):
    features = run(wave(14, fs=fs), fs)
    assert rates(features)[-1].value == pytest.approx(14, abs=0.5)
    shape = np.array([f.value for f in features if f.name == "breath"])[100:]
    assert 0.8 < np.abs(shape).max() < 1.8
    assert len(shape) + 100 == pytest.approx(4 * 90, rel=0.26)  # the grid divides the rate


def test_the_axis_that_breathes_is_taken():
    x = np.column_stack([wave(12, depth=0.001, seed=1), wave(12), wave(30, depth=0.01)])
    assert rates(run(x + 9.8))[-1].value == pytest.approx(12, abs=0.5)


def test_a_change_of_pace_is_followed():
    x = np.concatenate([wave(18, 60), wave(6, 80)])
    assert rates(run(x))[-1].value == pytest.approx(6, abs=0.5)


def test_held_breath_is_no_rate():
    x = np.concatenate([wave(12, 60), np.random.default_rng(0).normal(0, 1e-3, 25 * 60)])
    last = rates(run(x))[-1]
    assert last.value is None and last.quality == 0


def test_flat_and_missing_are_said():
    x = wave(12, 60)
    x[750:] = x[750]
    assert run(x)[-1].status is Status.FLAT
    x[750:] = np.nan
    last = run(x)[-1]
    assert last.quality == 0 and (last.value is None or math.isfinite(last.value))


def test_a_gap_begins_anew():
    t = np.arange(2250) / 25.0
    t[1250:] += 15.0
    features = run(wave(12), stamps=t)
    assert [f for f in features if f.status is Status.GAP]
    assert rates(features)[-1].value == pytest.approx(12, abs=0.5)
