import copy
import pickle
import time

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator

from sensors.chunk import Chunk
from sensors.coherence import STEP_S, WINDOW_S, Tachogram, coherence, monotone
from sensors.feature import Status
from sensors.heart import Ecg, Intervals
from sensors.patient.patient import Patient
from sensors.patient.seen import Seen
from sensors.rhythm import Label, Normal
from sensors.stream import Kind, Stream
from sensors.surrogate import breathing

RR = Stream("rr", "strap", Kind.RR, 0.0, "s")
GRID = np.arange(256) / 4
SEEDS = range(200)


def sine(hz=0.1, phase=0.0):
    return 0.8 + 0.05 * np.sin(2 * np.pi * hz * GRID + phase)


def strap(intervals, start_s=0.0):
    """Features of a strap that sends these intervals."""
    stamps = start_s + np.cumsum(intervals)
    return Intervals(RR).update(Chunk(RR, stamps, 0.0, np.asarray(intervals)[:, None]))


def swinging(seconds, hz, depth_s=0.04, noise_s=0.004, seed=0):
    rng = np.random.default_rng(seed)
    out, now_s = [], 0.0
    while now_s < seconds:
        swing_s = depth_s * np.sin(2 * np.pi * hz * now_s)
        out.append(0.8 + swing_s + noise_s * rng.standard_normal())
        now_s += out[-1]
    return np.array(out)


def named(features, name):
    return [f for f in features if f.name == name]


def test_curve_through_beats_is_that_of_scipy():
    rng = np.random.default_rng(3)
    times = np.cumsum(rng.uniform(0.5, 1.2, 90))
    values = rng.normal(0.8, 0.05, 90).round(2)  # with plateaus
    grid = np.arange(times[1], times[-2], 0.25)
    ours, theirs = monotone(times, values, grid), PchipInterpolator(times, values)(grid)
    assert np.abs(ours - theirs).max() < 1e-12
    held = monotone(times, values, np.array([times[0] - 3, times[-1] + 3]))
    assert held.tolist() == [values[0], values[-1]]


@pytest.mark.parametrize("phase", [0.0, 1.0, 2.5])
@pytest.mark.parametrize("hz", [0.08, 0.1, 0.13])
def test_one_pure_swing(hz, phase):
    assert coherence(sine(hz, phase)) == pytest.approx(0.86, abs=0.05)


def test_a_swing_in_as_much_noise():
    scores = []
    for seed in SEEDS:
        noise = np.random.default_rng(seed).standard_normal(256) * 0.05 / np.sqrt(2)
        scores.append(coherence(sine(phase=seed) + noise))
    assert np.mean(scores) == pytest.approx(0.74, abs=0.04)


def test_noise_of_beats_is_not_coherent():
    scores = []
    for seed in SEEDS:
        rr = 0.8 + 0.05 * np.random.default_rng(seed).standard_normal(100)
        scores.append(coherence(monotone(np.cumsum(rr), rr, 2.0 + GRID)))
    assert np.mean(scores) < 0.25 and np.quantile(scores, 0.9) < 0.3


def test_a_random_walk_does_not_score_as_breathing():
    scores = []
    for seed in SEEDS:
        rr = 0.8 + np.cumsum(0.01 * np.random.default_rng(seed).standard_normal(100))
        rr = np.maximum(rr, 0.4)
        scores.append(coherence(monotone(np.cumsum(rr), rr, 2.0 + GRID)))
    assert np.mean(scores) < 0.2 and np.median(scores) < 0.2
    assert max(scores) < 0.75


def test_outside_of_the_band_and_without_any_swing():
    assert coherence(sine(0.32)) < 1e-3
    assert coherence(np.full(256, 0.8)) == 0.0
    assert coherence(0.8 + 0.001 * GRID) == 0.0
    assert coherence(sine(0.02)) < 0.1


def test_settles_for_64_s_then_every_five_seconds():
    found = strap(swinging(150, 0.1), 1000.0)
    scores = named(found, "coherence")
    times = np.array([f.time_s for f in scores])
    assert np.allclose(np.diff(times), STEP_S)
    early = [f for f in scores if f.time_s - 1000.8 < WINDOW_S]
    late = [f for f in scores if f not in early]
    assert early and all(f.value is None and f.status is Status.SETTLING for f in early)
    assert all(f.quality == 0 for f in early)
    assert len(late) >= 14
    for f in late:
        assert f.value > 0.75 and f.quality > 0.9 and f.status is Status.OK
        assert (f.unit, f.window_s) == ("", 64.0)
        assert 0 < f.latency_s < 4
    rates = named(found, "breath_rate_rsa")
    assert {(f.unit, f.window_s) for f in rates} == {("1/min", 32.0)}
    assert not named(found, "breath_rate")


def test_chunks_and_copies_cannot_be_seen_over_minutes():
    rr = swinging(140, 0.12, seed=4)
    rr[60:64] = np.nan
    stamps = np.cumsum(np.where(np.isnan(rr), 0.8, rr))
    whole = Intervals(RR).update(Chunk(RR, stamps, 0.0, rr[:, None]))
    assert any(f.value is not None for f in named(whole, "coherence"))
    for size in (1, 7):
        extractor, out = Intervals(RR), []
        for i in range(0, len(rr), size):
            piece = Chunk(RR, stamps[i : i + size], 0.0, rr[i : i + size, None])
            out += extractor.update(piece)
            if i % 3 == 0:
                extractor = pickle.loads(pickle.dumps(copy.deepcopy(extractor)))
        assert tuple(out) == whole


def test_stamps_bunched_by_the_packet_do_not_matter():
    rr = swinging(150, 0.1)
    true = np.cumsum(rr)
    packet = np.ceil(true / 2.0) * 2.0  # two or three intervals arrive together
    late = named(Intervals(RR).update(Chunk(RR, packet, 0.0, rr[:, None])), "coherence")[-5:]
    assert all(f.value == pytest.approx(0.86, abs=0.07) for f in late)


def test_corrected_beats_and_holes_cost_quality():
    rr = swinging(150, 0.1)
    whole = named(strap(rr), "coherence")[-1].quality
    ectopic = rr.copy()
    ectopic[60:180:8] -= 0.25
    ectopic[61:180:8] += 0.25
    assert named(strap(ectopic), "coherence")[-1].quality < 0.6 * whole
    tachogram, told = Tachogram(), []
    for i, time_s in enumerate(np.cumsum(rr).tolist()):
        known = None if 100 <= i < 125 else float(rr[i])
        told.append(tachogram.update([Normal(time_s, known, Label.NORMAL)]))
    last = [t for t in told if t is not None][-1][1]
    assert last.covered < 0.75 and last.quality < 0.2


def test_an_irregular_rhythm_has_no_say():
    rng = np.random.default_rng(7)
    found = strap(rng.uniform(0.45, 1.1, 220))
    late = [f for f in found if f.name in ("coherence", "breath_rate_rsa") and f.time_s > 100]
    assert late and all(f.quality < 0.2 for f in late)


@pytest.mark.parametrize("per_min", [6, 7.5, 9, 10.5, 12, 13.5, 15])
def test_breathing_from_its_swing_in_the_intervals(per_min):
    for seed in range(5):
        found = strap(swinging(120, per_min / 60, seed=seed))
        late = [f for f in named(found, "breath_rate_rsa") if f.time_s > 70]
        assert late
        for f in late:
            assert f.value == pytest.approx(per_min, abs=1.5), (seed, f)
            assert f.quality > 0.5


def test_no_breathing_is_seen_clearly_in_noise():
    clear = []
    for seed in SEEDS:
        rr = 0.8 + 0.04 * np.random.default_rng(seed).standard_normal(60)
        clear.append(breathing(monotone(np.cumsum(rr), rr, 2.0 + GRID[:128]))[1])
    assert np.mean(clear) < 0.25 and np.mean(np.array(clear) > 0.5) < 0.2
    assert breathing(np.full(128, 0.8)) == (None, 0.0)


def sitting(seed, per_min):
    """RR features of a simulated patient after 100 s, and their true breathing, 32 s mean."""
    patient = Patient("normal", seed, detail="features", artefacts=False)
    extractor, found, truth = None, [], []
    pacer = None if per_min is None else (0.0, 24.0 / per_min, 0.0, 36.0 / per_min, 0.0)
    for _ in range(220):
        for chunk in patient.step(1.0, Seen(pacer=pacer)):
            if chunk.stream.kind is Kind.RR:
                extractor = extractor or Intervals(chunk.stream)
                found += extractor.update(chunk)
        truth.append((patient.truth.breath_rate_per_min, patient.truth.in_step))
    return [f for f in found if f.time_s > 100], truth


def test_paced_breathing_of_the_simulated_patient_raises_coherence():
    seeds = range(6)
    paced, free = (
        [
            np.mean(
                [f.value for f in named(sitting(s, rate)[0], "coherence") if f.value is not None]
            )
            for s in seeds
        ]
        for rate in (6, None)
    )
    gained = np.array(paced) - free
    assert np.mean(gained) > 0.2 and (gained > 0).sum() >= 5, (paced, free)


@pytest.mark.parametrize("per_min", [6, 10, 15, None])
def test_breathing_of_the_simulated_patient(per_min):
    off = []
    for seed in range(5):
        found, truth = sitting(seed, per_min)
        for f in named(found, "breath_rate_rsa"):
            past = truth[int(f.time_s) - 32 : int(f.time_s)]
            steady = per_min is None or min(step for _, step in past) > 0.9
            if steady and f.value is not None and f.quality > 0.5:
                off.append(abs(f.value - np.mean([rate for rate, _ in past])))
    assert len(off) > 20
    assert np.median(off) < 1.0 and np.mean(np.array(off) < 1.5) > 0.9


def test_an_ecg_has_them_too():
    beats = np.cumsum(swinging(90, 0.1))
    t = np.arange(90 * 250) / 250
    x = np.zeros(len(t))
    for beat in beats:
        near = slice(max(0, int((beat - 0.1) * 250)), int((beat + 0.1) * 250))
        x[near] += 900 * np.exp(-(((t[near] - beat) / 0.012) ** 2))
    x += np.random.default_rng(2).normal(0, 10, len(t))
    stream = Stream("ecg", "strap", Kind.ECG, 250.0, "uV")
    ecg, found = Ecg(stream), []
    for i in range(0, len(t), 25):
        found += ecg.update(Chunk(stream, t[i : i + 25], 0.0, x[i : i + 25, None]))
    score, rate = named(found, "coherence")[-1], named(found, "breath_rate_rsa")[-1]
    assert score.value > 0.75 and score.quality > 0.5
    assert rate.value == pytest.approx(6.0, abs=1.0)


def test_the_work_of_five_seconds_takes_less_than_a_millisecond():
    tachogram, spent = Tachogram(), []
    for i in range(400):
        normal = Normal(0.8 * (i + 1), 0.8 + 0.03 * np.sin(i / 2), Label.NORMAL)
        began = time.process_time()
        due = tachogram.update([normal])
        if due is not None and due[1] is not None:
            coherence(due[1].values)
            breathing(due[1].last(32.0))
            spent.append(time.process_time() - began)
    assert np.median(spent) < 0.001
