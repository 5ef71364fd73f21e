from dataclasses import replace

import numpy as np
import pytest

from sensors.chunk import Chunk
from sensors.feature import Status
from sensors.heart import Ecg, Intervals, Ppg
from sensors.stream import Kind, Stream

ECG = Stream("ecg", "strap", Kind.ECG, 250.0, "uV")
PPG = Stream("ppg", "ring", Kind.PPG, 125.0)


def heart(seconds, rate_hz, bpm=70.0, seed=1):
    """Beat times with breathing in them, and an ECG of them."""
    rng = np.random.default_rng(seed)
    beats = [0.4]
    while beats[-1] < seconds - 0.5:
        beats.append(beats[-1] + 60 / bpm + 0.03 * np.sin(1.5 * beats[-1]))
    beats = np.array(beats)
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    near = t[:, None] - beats
    x = 900 * np.exp(-((near / 0.012) ** 2)).sum(1) - 200 * np.exp(
        -(((near - 0.03) / 0.015) ** 2)
    ).sum(1)
    x += 250 * np.exp(-(((near - 0.28) / 0.05) ** 2)).sum(1) + rng.normal(0, 15, len(t))
    return beats, t, x


def features(extractor, stream, t, x, size=5):
    out = []
    for i in range(0, len(t), size):
        out += extractor.update(Chunk(stream, t[i : i + size], 0.0, x[i : i + size, None]))
    return out


def named(out, name):
    return [f for f in out if f.name == name]


@pytest.mark.parametrize("scale", [1.0, -1.0, 1e-6, -3e4])
def test_every_beat_is_found_whatever_amplitude_and_polarity(scale):
    beats, t, x = heart(60, 250.0)
    ecg = Ecg(ECG)
    found = named(features(ecg, ECG, t, x * scale + 1e3) + list(ecg.finish()), "beat")
    times = np.array([f.time_s for f in found])
    assert len(times) == len(beats)
    off = times - beats
    assert np.abs(off - np.median(off)).max() < 0.004
    assert abs(np.median(off)) < 0.03
    rr = np.array([f.value for f in found[1:]])
    assert np.abs(rr - np.diff(beats)).max() < 0.006
    assert np.quantile([f.latency_s for f in found[5:]], 0.95) < 0.2


@pytest.mark.parametrize("rate_hz", [64.0, 130.0, 360.0, 1000.0])
def test_rates_of_real_devices(rate_hz):
    beats, t, x = heart(60, rate_hz, 80.0)
    stream = replace(ECG, rate_hz=rate_hz)
    out = features(Ecg(stream), stream, t, x, 16)
    rates = named(out, "heart_rate")
    late = [f for f in rates if f.time_s > 30]
    assert all(f.value == pytest.approx(60 / np.diff(beats).mean(), abs=1) for f in late)
    assert all(f.status is Status.OK and f.quality > 0.8 for f in late)
    first = next(f for f in rates if f.value is not None)
    assert first.time_s < 10 and first.status is Status.SETTLING
    spread = [f.value for f in named(out, "ln_rmssd")]
    truth = np.log(1000 * np.sqrt(np.mean(np.diff(beats, 2) ** 2)))
    assert spread[-1] == pytest.approx(truth, abs=0.25)


def test_a_hole_gives_no_interval_across_it():
    _, t, x = heart(60, 250.0)
    keep = (t < 30) | (t > 33.3)
    out = features(Ecg(ECG), ECG, t[keep], x[keep])
    assert all(f.value is None or f.value < 1.2 for f in named(out, "beat"))
    after = next(f for f in named(out, "beat") if f.time_s > 33)
    assert after.value is None


def test_no_beat_for_three_seconds_is_no_rate():
    _, t, x = heart(60, 250.0)
    x[t > 30] = 5.0
    late = [f for f in features(Ecg(ECG), ECG, t, x) if f.time_s > 34]
    assert {f.name for f in late} == {"heart_rate", "heart_rate_fast"}
    assert all(f.value is None and f.quality == 0 for f in late)
    assert late[-1].status is Status.FLAT
    assert late[-1].time_s > 59


def test_noise_is_said_to_be_noise():
    _, t, x = heart(60, 250.0)
    x[t > 20] += np.random.default_rng(3).normal(0, 1500, int((t > 20).sum()))
    late = [f for f in features(Ecg(ECG), ECG, t, x) if f.time_s > 35]
    assert np.mean([f.quality for f in late]) < 0.3


def test_pulse_by_its_own_stamps_not_by_the_declared_rate():
    beats, _, _ = heart(60, 125.0)
    t = np.arange(round(60 * 130.5)) / 130.5
    near = t[:, None] - beats
    wave = np.exp(-(((near - 0.25) / 0.1) ** 2)) + 0.3 * np.exp(-(((near - 0.55) / 0.1) ** 2))
    out = features(Ppg(PPG), PPG, t, wave.sum(1), 3)
    late = [f for f in named(out, "heart_rate") if f.time_s > 40]
    assert late
    assert late[-1].value == pytest.approx(60 / np.diff(beats).mean(), abs=0.5)
    assert named(out, "ln_rmssd_prv") and not named(out, "ln_rmssd")


def test_bursts_do_not_shake_the_rate():
    _, t, x = heart(60, 250.0)
    late = (np.arange(len(t)) // 16 + 1) * 16 / 250
    steady = [f.value for f in named(features(Ecg(ECG), ECG, t, x), "beat")]
    burst = [f.value for f in named(features(Ecg(ECG), ECG, late, x), "beat")]
    assert len(burst) == len(steady)
    assert burst[10:] == pytest.approx(steady[10:], abs=0.006)


def test_intervals_of_a_strap():
    stream = Stream("rr", "strap", Kind.RR, 0.0, "s", scale=0.001)
    rr = np.where(np.arange(60) % 2, 790.0, 810.0)
    rr[30] = 0.0
    t = np.cumsum(rr) / 1000
    out = list(Intervals(stream).update(Chunk(stream, t, 0.0, rr[:, None])))
    assert named(out, "heart_rate")[-1].value == pytest.approx(75, abs=0.5)
    assert len(named(out, "beat")) == 60
    assert named(out, "beat")[30].value is None


def test_more_than_three_equal_intervals_are_a_frozen_value():
    stream = Stream("rr", "strap", Kind.RR, 0.0, "s", scale=0.001)
    rr = np.where(np.arange(40) % 2, 790.0, 810.0)
    rr[20:30] = 805.0
    t = np.cumsum(rr) / 1000
    beats = named(list(Intervals(stream).update(Chunk(stream, t, 0.0, rr[:, None]))), "beat")
    assert [b.status is Status.FLAT for b in beats] == [23 <= i < 30 for i in range(40)]
    assert [b.value is None for b in beats] == [23 <= i < 30 for i in range(40)]


@pytest.mark.parametrize("bad", [np.nan, 0.0, 9000.0])
def test_what_is_no_interval_is_no_news_of_the_heart(bad):
    stream = Stream("rr", "strap", Kind.RR, 0.0, "s", scale=0.001)
    rr = np.where(np.arange(40) % 2, 790.0, 810.0)
    t = np.cumsum(rr) / 1000
    rr[30] = bad
    out = list(Intervals(stream).update(Chunk(stream, t, 0.0, rr[:, None])))
    rates = [f for f in named(out, "heart_rate_fast") if f.value is not None]
    assert all(f.quality == 0.0 for f in rates if f.time_s == pytest.approx(t[30]))
    assert all(f.quality > 0.9 for f in rates if f.time_s > t[30])


def test_too_slow_a_stream_is_refused_in_one_sentence():
    with pytest.raises(ValueError, match="Expected 50 Hz or more from ecg stream 'strap', came 20"):
        Ecg(replace(ECG, rate_hz=20.0))


def test_a_start_anywhere_within_a_beat_gives_a_rate_within_four_seconds():
    _, t, x = heart(30, 250.0, seed=4)
    late = []
    for begin in np.arange(5.0, 15.0, 0.07):  # also in the middle of an R wave
        first = int(begin * 250)
        end = first + 4 * 250
        out = named(features(Ecg(ECG), ECG, t[first:end], x[first:end]), "heart_rate_fast")
        if not any(f.value is not None and f.quality >= 0.5 for f in out):
            late.append(round(float(begin), 2))
    assert late == []
