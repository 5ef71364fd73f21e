"""Skin: what is told apart, what is believed, against simulated truth and real hands."""

import math

import numpy as np
import pytest

from sensors.chunk import Chunk
from sensors.feature import Status
from sensors.responder import responds
from sensors.responses import Responses
from sensors.skin import Skin
from sensors.stream import Kind, Stream
from sensors.sudomotor import Sudomotor, recovery_s
from tests.benchmarks.skin import score, shape, simulate


def stream(rate_hz=8.0, **more):
    return Stream("eda", "ring", Kind.EDA, rate_hz, "uS", format="double64", **more)


def run(values, rate_hz=8.0, stamps=None, **more):
    facts = stream(rate_hz, **more)
    stamps = np.arange(len(values)) / rate_hz if stamps is None else stamps
    return Skin(facts).update(Chunk(facts, stamps, 0.0, np.asarray(values, float)[:, None]))


def named(features, name):
    return [f for f in features if f.name == name]


def hand(seconds=60.0, rate_hz=8.0, onsets=(20.0, 40.0), level=5.0, noise=0.005):
    t = np.arange(int(seconds * rate_hz)) / rate_hz
    rng = np.random.default_rng(1)
    return (
        level
        + sum(0.4 * shape(t - o, 2.5, 0.7, 0.0) for o in onsets)
        + rng.normal(0, noise, len(t))
    )


def test_simulated_truth_is_found_at_least_as_well_as_the_bars():
    for follow in (0.3, 1.0):  # however far the level follows the nerve
        found = score(seeds=range(2), follow=follow)
        assert found["r_phasic"] > 0.96 and found["r_tonic"] > 0.97
        assert found["scr_f1"] > 0.91
        assert found["lag_s"] <= 2.0


def test_overlapping_responses_are_told_apart():
    t = np.arange(480) / 8
    eda = 5 + 0.4 * shape(t - 20, 2.5, 0.7, 0.0) + 0.4 * shape(t - 21.75, 2.5, 0.7, 0.0)
    eda += np.random.default_rng(0).normal(0, 0.01, len(t))
    onsets = [f.time_s for f in named(run(eda), "scr")]
    assert onsets == pytest.approx([20.0, 21.75], abs=0.4)


@pytest.mark.parametrize("rate_hz", [4.0, 15.0, 128.0, 1000.0])
def test_every_rate_gives_the_same_story(rate_hz):
    features = run(hand(rate_hz=rate_hz), rate_hz)
    events = named(features, "scr")
    assert [f.time_s for f in events] == pytest.approx([20.0, 40.0], abs=0.6)
    assert all(0.25 < f.value < 0.6 and f.latency_s <= 2.1 for f in events)
    tonic = named(features, "tonic")
    assert len(tonic) <= 60 * 8
    assert np.median([f.value for f in tonic]) == pytest.approx(5.0, abs=0.15)
    assert named(features, "ln_scl")[-1].value == pytest.approx(math.log(5.05), abs=0.05)
    assert {f.name for f in features} == {
        "tonic", "phasic", "scr", "ln_scl", "ln_drive", "scr_rate",
    }  # fmt: skip


def test_rate_and_drive_rise_with_responses():
    calm = run(hand(120, onsets=()))
    busy = run(hand(120, onsets=tuple(range(20, 118, 6))))
    assert named(calm, "scr") == []
    assert named(busy, "scr_rate")[-1].value == pytest.approx(10, abs=2.5)
    assert named(busy, "ln_drive")[-1].value > named(calm, "ln_drive")[-1].value + 1.0


def test_nothing_is_below_zero():
    rng = np.random.default_rng(4)
    features = run(np.abs(np.cumsum(rng.normal(0, 0.2, 2000))) + 0.1)
    assert all(f.value >= 0 for f in features if f.name in ("tonic", "phasic", "scr_rate"))


def test_an_electrode_that_falls_off_is_said_and_not_believed():
    eda = hand(90)
    eda[400:480] = 0.0
    features = run(eda)
    off = [f for f in named(features, "tonic") if 52 < f.time_s < 59]
    assert all(f.status is Status.DETACHED and f.quality == 0 for f in off)
    back = named(features, "tonic")[-1]
    assert back.quality == 1.0 and back.value == pytest.approx(5.0, abs=0.2)
    assert not [f for f in named(features, "scr") if 49 < f.time_s < 66]


def test_a_frozen_value_is_flat():
    eda = hand(100)
    eda[320:] = eda[320]
    last = run(eda)[-1]
    assert last.status is Status.FLAT and last.quality <= 0.1


def test_shaking_lowers_quality():
    eda = hand(80)
    eda[400:440] += np.random.default_rng(2).normal(0, 0.4, 40)
    worst = min(f.quality for f in named(run(eda), "phasic") if 50 < f.time_s < 56)
    assert worst <= 0.3


def test_a_gap_is_said_and_the_level_found_again():
    t = np.arange(800) / 8.0
    t[400:] += 20.0
    eda = hand(100, onsets=())
    eda[400:] += 3.0
    features = run(eda, stamps=t)
    after = [f for f in named(features, "tonic") if 70 < f.time_s < 72]
    assert after and all(f.status is Status.GAP and f.quality < 0.5 for f in after)
    assert after[0].value == pytest.approx(8.0, abs=0.3)
    assert named(features, "scr") == []


def test_an_unknown_unit_is_relative_and_never_explodes():
    plain = named(run(hand(60)), "ln_scl")
    scaled = named(run(hand(60) * 2e4, relative=True), "ln_scl")
    assert scaled[-1].status is Status.RELATIVE and scaled[-1].unit == "ln relative"
    rise = plain[-1].value - plain[-40].value
    assert scaled[-1].value - scaled[-40].value == pytest.approx(rise, abs=0.02)
    for zero in (0.0, -3.0, 1e300, np.nan):
        assert all(
            f.value is None or math.isfinite(f.value) for f in run([zero] * 400, relative=True)
        )


def test_noise_is_learnt():
    loud = simulate(1, noise=0.05)
    assert len(named(run(loud.eda), "scr")) <= len(loud.onsets) + 3


@pytest.mark.parametrize("true_s", [1.8, 3.6])
def test_how_fast_this_skin_recovers_is_measured_and_can_be_given(true_s):
    rng = np.random.default_rng(2)
    t = np.arange(2400) / 8
    onsets = np.cumsum(rng.uniform(6, 20, 21))
    eda = 5 + sum(rng.lognormal(-1.4, 0.5) * shape(t - o, true_s, 0.7, 0.0) for o in onsets)
    eda += rng.normal(0, 0.01, len(t))
    found = recovery_s(eda.tolist(), 0.125)
    assert found == pytest.approx(true_s, abs=0.6)
    skin = Skin(stream(), recovery_s=found)
    told = named(skin.update(Chunk(skin.stream, t, 0.0, eda[:, None])), "recovery")
    assert told[-1].value == pytest.approx(true_s, rel=0.3)


def test_a_sigh_tells_who_responds():
    answers = run(hand(60, onsets=(32.0,)))
    assert responds(answers, 30.0) is True
    assert responds(answers, 15.0) is False
    assert responds([f for f in answers if f.time_s < 18], 15.0) is None
    loose = hand(60, onsets=())
    loose[200:300] = 0.0
    assert responds(run(loose), 28.0) is None
    assert responds(run(hand(60), relative=True), 18.0) is None


def test_parts_stand_alone():
    skin, found = Sudomotor(0.125), Responses(0.125)
    for value in hand(30, onsets=(10.0,)).tolist():
        drive, phasic, tonic = skin.update(value)
        assert min(drive, phasic, tonic) >= 0
        for response in found.update(value):
            assert 1.3 <= response.age_s <= 2.0 and response.amplitude == pytest.approx(
                0.4, abs=0.1
            )


def test_at_one_hertz_there_are_level_and_drive_and_no_responses():
    slow = Stream("eda", "logger", Kind.EDA, 1.0, "uS")
    times = np.arange(300.0)
    values = 4.0 + 0.002 * times + 0.4 * np.maximum(0.0, np.sin(times / 8.0)) ** 4
    found = Skin(slow).update(Chunk(slow, times, 0.0, values[:, None]))
    told = {f.name for f in found if f.value is not None}
    assert {"ln_scl", "ln_drive", "tonic", "phasic"} <= told
    assert not told & {"scr", "scr_rate", "recovery"}
    last = [f for f in found if f.name == "ln_scl"][-1]
    assert last.quality > 0.8
