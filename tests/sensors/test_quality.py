import numpy as np

from sensors.feature import Status
from sensors.quality import Watch, judge

GOOD = np.zeros(1000, dtype=bool)


def noise(seed=1):
    return np.random.default_rng(seed).normal(size=1000)


def test_a_sound_signal_has_nothing_bad():
    watch = Watch(100.0, 10)
    watch.update(noise(), GOOD)
    assert watch.shares(1000) == (0.0, 0.0, 0.0)
    assert judge((0.0, 0.0, 0.0), 0.9) == (0.9, Status.OK)


def test_missing_frozen_and_clipped_are_told_apart():
    watch, missing = Watch(100.0, 10), GOOD.copy()
    missing[:300] = True
    watch.update(noise(), missing)
    assert watch.shares(1000)[0] == 0.3
    clipped = Watch(100.0, 10)
    clipped.update(np.clip(10 * np.sin(np.arange(1000) / 20), -8, 8), GOOD)
    shares = clipped.shares(1000)
    assert shares[1] == 0 and shares[2] > 0.2
    assert judge(shares, 1.0) == (0.0, Status.CLIPPED)
    frozen = Watch(100.0, 10)
    frozen.update(np.concatenate([noise()[:400], np.full(600, 0.5)]), GOOD)
    assert frozen.shares(1000)[1] == 0.5
    assert judge(frozen.shares(1000), 1.0) == (0.0, Status.FLAT)


def test_chunks_cannot_be_seen():
    values = np.round(noise() * 2)
    whole, part = Watch(100.0, 10), Watch(100.0, 10)
    whole.update(values, GOOD)
    for start in range(0, 1000, 10):
        part.update(values[start : start + 10], GOOD[start : start + 10])
        end = start + 10
        assert part.shares(end) == whole.shares(end)


def test_unlike_beats_are_noise():
    assert judge((0.0, 0.0, 0.0), 0.3) == (0.3, Status.NOISY)
