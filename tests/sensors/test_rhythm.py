import math

import numpy as np
import pytest

from sensors.rhythm import Correction, Label, Rhythm


def steady(count=120, seed=4):
    rng = np.random.default_rng(seed)
    return (0.85 + 0.03 * np.sin(np.arange(count) * 1.2) + rng.normal(0, 0.008, count)).tolist()


def corrected(intervals):
    correction, out = Correction(), []
    for time_s, interval in zip(np.cumsum(intervals).tolist(), intervals, strict=True):
        out += correction.update(time_s, interval)
    return out


def test_a_normal_rhythm_is_left_alone():
    out = corrected(steady())
    assert [n.label for n in out] == [Label.NORMAL] * 118
    assert [n.interval_s for n in out] == steady()[:118]


def test_a_missed_beat_becomes_two_intervals():
    rr = steady()
    rr[60:62] = [rr[60] + rr[61]]
    out = corrected(rr)
    wrong = [n for n in out if n.label is not Label.NORMAL]
    assert [n.label for n in wrong] == [Label.MISSED] * 2
    assert wrong[0].interval_s == pytest.approx(0.85, abs=0.06)


def test_an_extra_beat_is_joined():
    rr = steady()
    whole = rr[60]
    rr[60:61] = [0.3 * whole, 0.7 * whole]
    wrong = [n for n in corrected(rr) if n.label is not Label.NORMAL]
    assert wrong[0].label is Label.EXTRA
    assert wrong[0].interval_s == pytest.approx(whole)


def test_an_ectopic_beat_does_not_reach_the_variability():
    rr = steady()
    rr[60] -= 0.3
    rr[61] += 0.3
    plain, hurt = Rhythm(), Rhythm()
    for a, b, t, u in zip(steady(), rr, np.cumsum(steady()), np.cumsum(rr), strict=True):
        x, y = plain.update(float(t), a), hurt.update(float(u), b)
        if x.ln_rmssd is not None and y.ln_rmssd is not None:
            assert y.ln_rmssd == pytest.approx(x.ln_rmssd, abs=0.3)


def test_a_paced_heart_is_no_artefact():
    out = corrected([0.8 + 0.004 * (i % 2) for i in range(120)])
    assert all(n.label is Label.NORMAL for n in out)


def test_rate_and_variability_are_those_of_the_definition():
    rhythm, rr = Rhythm(), steady()
    times = np.cumsum(rr)
    for t, i in zip(times.tolist(), rr, strict=True):
        span = rhythm.update(t, i)
    inside = [i for t, i in zip(times[:-2], rr[:-2], strict=True) if t > times[-1] - 30]
    assert span.rate_bpm == pytest.approx(60 / np.mean(inside))
    rmssd = 1000 * math.sqrt(np.mean(np.diff(inside) ** 2))
    assert span.ln_rmssd == pytest.approx(math.log(rmssd))
    assert not span.irregular


def test_fibrillation_is_irregular_and_breathing_is_not():
    rng = np.random.default_rng(1)
    chaos, breath = Rhythm(), Rhythm()
    time_s = [0.0, 0.0]
    for i in range(120):
        a, b = float(rng.uniform(0.45, 1.1)), 0.9 + 0.12 * math.sin(i * 0.6)
        time_s = [time_s[0] + a, time_s[1] + b]
        x, y = chaos.update(time_s[0], a), breath.update(time_s[1], b)
    assert x.irregular
    assert not y.irregular


def test_an_unknown_interval_breaks_the_chain():
    correction = Correction()
    for i in range(30):
        correction.update(float(i), 0.8)
    assert correction.update(60.0, None) == []
    assert correction.update(60.8, 0.8) == []
    assert correction.update(61.6, 0.8) == []
    assert len(correction.update(62.4, 0.8)) == 1
