import copy
import pickle

import numpy as np
import pytest
from scipy import signal

from sensors.iir import Hold, Sos, bandpass, chain, highpass, lowpass, notch, steady

DESIGNS = [
    (lowpass(1, 5, 130), signal.butter(1, 5, fs=130, output="sos")),
    (lowpass(2, 40, 250), signal.butter(2, 40, fs=250, output="sos")),
    (lowpass(5, 40, 360), signal.butter(5, 40, fs=360, output="sos")),
    (highpass(1, 0.5, 250), signal.butter(1, 0.5, "high", fs=250, output="sos")),
    (highpass(2, 0.5, 1000), signal.butter(2, 0.5, "high", fs=1000, output="sos")),
    (highpass(3, 8, 100), signal.butter(3, 8, "high", fs=100, output="sos")),
    (bandpass(1, 5, 15, 250), signal.butter(1, [5, 15], "band", fs=250, output="sos")),
    (bandpass(1, 1, 40, 100), signal.butter(1, [1, 40], "band", fs=100, output="sos")),
    (bandpass(2, 8, 20, 360), signal.butter(2, [8, 20], "band", fs=360, output="sos")),
    (bandpass(4, 8, 13, 250), signal.butter(4, [8, 13], "band", fs=250, output="sos")),
    (bandpass(3, 0.5, 40, 100), signal.butter(3, [0.5, 40], "band", fs=100, output="sos")),
    (notch(50, 250, 30), signal.tf2sos(*signal.iirnotch(50, 30, fs=250))),
    (
        chain(highpass(2, 1, 250), notch(60, 250)),
        np.vstack([signal.butter(2, 1, "high", fs=250, output="sos"),
                   signal.tf2sos(*signal.iirnotch(60, 30, fs=250))]),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs"), DESIGNS)
def test_response_is_that_of_scipy(ours, theirs):
    _, a = signal.sosfreqz(ours, 1000)
    _, b = signal.sosfreqz(theirs, 1000)
    np.testing.assert_allclose(a, b, atol=1e-9)


@pytest.mark.parametrize(("ours", "theirs"), DESIGNS)
def test_steady_state_is_that_of_scipy(ours, theirs):
    np.testing.assert_allclose(steady(ours), signal.sosfilt_zi(ours), atol=1e-9, rtol=1e-6)


@pytest.mark.parametrize("size", [1, 7, 64, 5000])
@pytest.mark.parametrize("channels", [1, 3])
def test_chunks_cannot_be_seen(size, channels):
    values = np.random.default_rng(1).normal(300, 5, (1000, channels))
    whole = Sos(bandpass(2, 5, 15, 250)).update(values)
    part = Sos(bandpass(2, 5, 15, 250))
    cut = [part.update(values[i : i + size]) for i in range(0, 1000, size)]
    assert np.array_equal(np.concatenate(cut), whole)
    zi = signal.sosfilt_zi(part.sos)[:, :, None] * values[0]
    np.testing.assert_allclose(signal.sosfilt(part.sos, values, 0, zi)[0], whole, atol=1e-9)


def test_no_step_at_the_start():
    high = Sos(highpass(2, 0.5, 100))
    assert np.abs(high.update(np.full(50, 1e4))).max() < 1e-6


def test_empty_copy_pickle_reset():
    low = Sos(lowpass(2, 5, 100))
    assert low.update(np.empty((0, 2))).shape == (0, 2)
    values = np.random.default_rng(2).normal(size=(60, 2))
    low.update(values[:30])
    twin, jar = copy.deepcopy(low), pickle.loads(pickle.dumps(low))
    expected = low.update(values[30:])
    assert np.array_equal(twin.update(values[30:]), expected)
    assert np.array_equal(jar.update(values[30:]), expected)
    low.reset()
    assert np.array_equal(low.update(values), Sos(lowpass(2, 5, 100)).update(values))


def test_hold_keeps_the_last_good_value_across_chunks():
    nan = np.nan
    values = np.array([[nan, 1], [2, nan], [nan, np.inf], [4, 4], [nan, 5]])
    whole, bad = Hold().update(values)
    assert whole.tolist() == [[0, 1], [2, 1], [2, 1], [4, 4], [4, 5]]
    assert bad.tolist() == (~np.isfinite(values)).tolist()
    hold = Hold()
    assert [hold.update(values[i : i + 1])[0].tolist()[0] for i in range(5)] == whole.tolist()
    assert hold.update(np.empty((0, 2)))[0].shape == (0, 2)


def test_impossible_corners_are_refused():
    with pytest.raises(AssertionError, match=r"between 0 and 50\.0 Hz, got 60"):
        lowpass(2, 60, 100.0)
    with pytest.raises(AssertionError, match="low corner"):
        bandpass(2, 20, 10, 100)
