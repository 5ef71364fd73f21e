"""What every extractor owes, written once: river's idea of checks over all estimators."""

import copy
import math
import pickle
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from sensors.chunk import Chunk
from sensors.extractors import EXTRACTORS
from sensors.feature import Feature, Status
from sensors.stream import Kind, Stream

RATES = {Kind.ECG: 250.0, Kind.PPG: 64.0, Kind.EDA: 8.0, Kind.EEG: 128.0, Kind.BREATH: 25.0}
RATES |= {Kind.MOTION: 52.0, Kind.RR: 0.0}
SECONDS = 40.0


def stream_of(kind):
    units = {Kind.ECG: "uV", Kind.EDA: "uS", Kind.EEG: "uV", Kind.RR: "s", Kind.MOTION: "g"}
    channels = {Kind.EEG: ("Pz", "O1", "O2", "Fz"), Kind.MOTION: ("x", "y", "z")}
    names = channels.get(kind, ("value",))
    used = tuple(range(len(names)))
    return Stream(str(kind), "test", kind, RATES[kind], units.get(kind, ""), names, used)


def body(stream, rate_hz=None, seconds=SECONDS, seed=5):
    """A plausible signal of that kind: stamps and values."""
    rng = np.random.default_rng(seed)
    beats = np.cumsum(0.85 + 0.05 * np.sin(np.arange(int(seconds / 0.8)) * 1.3))
    if stream.irregular:
        return beats, np.diff(beats, prepend=beats[0] - 0.85)[:, None]
    rate_hz = rate_hz or stream.rate_hz
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    near = t[:, None] - beats[None]
    if stream.kind is Kind.ECG:
        x = 1000 * np.exp(-((near / 0.012) ** 2)).sum(1) + rng.normal(0, 10, len(t))
        x += 200 * np.exp(-(((near - 0.28) / 0.05) ** 2)).sum(1)
    elif stream.kind is Kind.PPG:
        x = np.exp(-(((near - 0.2) / 0.09) ** 2)).sum(1) + rng.normal(0, 0.01, len(t))
    elif stream.kind is Kind.EDA:
        x = 5 + 0.3 * np.exp(-(((t % 13) - 5) ** 2)) + rng.normal(0, 0.005, len(t))
    elif stream.kind is Kind.BREATH:
        x = np.sin(2 * np.pi * 0.25 * t) + rng.normal(0, 0.01, len(t))
    elif stream.kind is Kind.MOTION:
        x = rng.normal(0, 0.02, len(t))
    else:
        x = 20 * np.sin(2 * np.pi * 10 * t) + rng.normal(0, 8, len(t))
    more = rng.normal(0, abs(x).max() / 50, (len(t), len(stream.channels) - 1))
    return t, np.column_stack([x, more + x[:, None] * 0.5])


def run(extractor, stream, stamps, values, size=None, cuts=None):
    """Features from a signal fed in chunks of one size, or cut at given places."""
    n = len(stamps)
    edges = [0, *cuts, n] if cuts is not None else [*range(0, n, size or n), n]
    out: list[Feature] = []
    for a, b in pairwise(edges):
        out += extractor.update(Chunk(stream, stamps[a:b], 0.25, values[a:b]))
    return out


def numbers_only(features):
    for f in features:
        for x in (f.value, f.time_s, f.window_s, f.latency_s, f.quality):
            assert x is None or math.isfinite(x), f
        assert 0 <= f.quality <= 1, f
        assert f.value is None or type(f.value) is float, f


@pytest.fixture(params=sorted(EXTRACTORS), ids=str)
def case(request):
    stream = stream_of(request.param)
    make = EXTRACTORS[request.param]
    return (lambda: make(stream)), stream


def broken(stream):
    """The same signal with everything that goes wrong in real life."""
    stamps, values = body(stream)
    stamps, values = stamps.copy(), values.copy()
    n = len(stamps)
    at = [round(n * p) for p in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)]
    values[at[0] : at[0] + n // 50] = np.nan
    values[at[1] : at[1] + n // 12] = values[at[1]]
    top = np.quantile(values[:, 0], 0.9)
    values[at[2] : at[3], 0] = np.minimum(values[at[2] : at[3], 0], top)
    stamps[at[3] + 1] = stamps[at[3]]
    stamps[at[3] + 5] = stamps[at[3] + 1] - 0.01
    stamps[at[4] :] += 0.4
    stamps[at[5] :] += 12.0
    stamps[at[6] :] -= 30.0
    values[at[6] + 3] = np.inf
    return stamps, values


@pytest.mark.parametrize("signal", [body, broken])
def test_chunks_cannot_be_seen(case, signal):
    make, stream = case
    stamps, values = signal(stream)
    whole = run(make(), stream, stamps, values)
    assert whole
    numbers_only(whole)
    assert [f.sample for f in whole] == sorted(f.sample for f in whole)
    for size in (1, 7, 64):
        assert run(make(), stream, stamps, values, size) == whole, size
    cuts = np.sort(np.random.default_rng(9).integers(0, len(stamps), 60)).tolist()
    assert run(make(), stream, stamps, values, cuts=cuts) == whole


def test_a_feature_exists_no_sooner_than_its_sample(case):
    make, stream = case
    stamps, values = body(stream)
    extractor = make()
    for i in range(len(stamps)):
        for f in extractor.update(Chunk(stream, stamps[i : i + 1], 0.0, values[i : i + 1])):
            assert f.sample == i + 1
            assert f.stream == stream.id


def test_empty_chunks_change_nothing(case):
    make, stream = case
    stamps, values = body(stream)
    extractor = make()
    assert extractor.update(Chunk(stream, stamps[:0], 0.0, values[:0])) == ()
    half = len(stamps) // 2
    cuts = [half, half, half]
    assert run(extractor, stream, stamps, values, cuts=cuts) == run(make(), stream, stamps, values)


@pytest.mark.parametrize("fill", [0.0, np.nan, 1e300, -7.5])
def test_a_dead_signal_has_no_good_value(case, fill):
    make, stream = case
    stamps, values = body(stream)
    features = run(make(), stream, stamps, np.full_like(values, fill), 16)
    numbers_only(features)
    late = [f for f in features if f.time_s > SECONDS / 2]
    assert all(f.value is None or f.quality < 0.5 for f in late)


def test_a_signal_that_ends_flat_loses_its_quality(case):
    make, stream = case
    stamps, values = body(stream, seconds=80)
    values = values.copy()
    half = len(values) // 2
    values[half:] = values[half]
    features = run(make(), stream, stamps, values, 16)
    if stream.irregular:
        numbers_only(features)
        return
    late = [f for f in features if f.time_s > 75]
    assert all(f.value is None or f.quality < 0.5 for f in late)


def test_text_and_integers_are_taken_or_masked(case):
    make, stream = case
    stamps, values = body(stream)
    numbers_only(run(make(), stream, stamps, np.round(values).astype(np.int16), 50))
    words = np.full(values.shape, "oops", dtype=object)
    numbers_only(run(make(), stream, stamps, words, 50))


def test_stamps_that_are_no_time_raise_nothing(case):
    make, stream = case
    stamps, values = body(stream)
    stamps = stamps.copy()
    stamps[3:9] = np.nan
    stamps[-1] = np.inf
    numbers_only(run(make(), stream, stamps, values, 64))


def test_inputs_stay_as_they_were(case):
    make, stream = case
    stamps, values = broken(stream)
    chunk = Chunk(stream, stamps, 0.0, values)
    before = chunk.stamps_s.tobytes(), chunk.values.tobytes()
    make().update(chunk)
    assert (chunk.stamps_s.tobytes(), chunk.values.tobytes()) == before


def test_copy_and_pickle_go_on_identically(case):
    make, stream = case
    stamps, values = broken(stream)
    cut = len(stamps) * 2 // 5 + 3
    extractor = make()
    run(extractor, stream, stamps[:cut], values[:cut], 30)
    twin, jar = copy.deepcopy(extractor), pickle.loads(pickle.dumps(extractor))
    expected = run(extractor, stream, stamps[cut:], values[cut:], 11)
    assert run(twin, stream, stamps[cut:], values[cut:], 64) == expected
    assert run(jar, stream, stamps[cut:], values[cut:]) == expected


@pytest.mark.parametrize("kind", sorted(set(EXTRACTORS) - {Kind.RR}), ids=str)
def test_another_rate_begins_anew(kind):
    """New facts about a stream make a new extractor, which must not claim to be settled."""
    stream = stream_of(kind)
    other = replace(stream, rate_hz=stream.rate_hz * 2)
    stamps, values = body(other)
    features = run(EXTRACTORS[other.kind](other), other, stamps, values, 32)
    assert features
    assert features[0].value is None or features[0].status in (Status.SETTLING, Status.GAP)


def test_every_kind_that_has_features_is_here():
    assert set(EXTRACTORS) == set(Kind) - {Kind.POSE, Kind.MARKERS}
