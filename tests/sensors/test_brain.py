"""Brain: powers that are right, channels that may fail, and an envelope that is quick."""

import math
import os
from pathlib import Path

import numpy as np
import pytest

from sensors.artefact import Blame, Channels
from sensors.brain import Brain
from sensors.chunk import Chunk
from sensors.feature import Status
from sensors.rhythms import Rhythms
from sensors.stream import Kind, Stream
from tests.benchmarks.brain import effect, latency

NAMES = ("Fp1", "Cz", "Pz", "O1", "O2")


def eeg(seconds=20.0, fs=250.0, names=NAMES, alpha=20.0, seed=0):
    rng = np.random.default_rng(seed)
    t = np.arange(int(seconds * fs)) / fs
    x = rng.normal(0, 5, (len(t), len(names)))
    back = np.array([0.2 if n in ("Fp1", "Cz") else 1.0 for n in names])
    return x + alpha * np.sin(2 * np.pi * 10 * t)[:, None] * back


def run(x, fs=250.0, names=NAMES, stamps=None, **more):
    facts = Stream(
        "eeg", "cap", Kind.EEG, fs, "uV", names, tuple(range(x.shape[1])), format="double64", **more
    )
    stamps = np.arange(len(x)) / fs if stamps is None else stamps
    return Brain(facts).update(Chunk(facts, stamps, 0.0, x))


def named(features, name):
    return [f for f in features if f.name == name]


@pytest.mark.parametrize("fs", [128.0, 250.0, 500.0, 1000.0])
def test_alpha_power_and_amplitude_are_right(fs):
    features = run(eeg(fs=fs), fs)
    noise = 25 * 2 / fs * 5  # white noise in the band
    slow = named(features, "ln_alpha")
    assert slow[-1].value == pytest.approx(math.log(20**2 / 2 + noise), abs=0.1)
    quick = named(features, "alpha")
    assert np.mean([f.value for f in quick[20:]]) == pytest.approx(20, rel=0.12)
    assert len(quick) == pytest.approx(190, abs=5)
    assert 3.9 < slow[0].time_s < 4.3
    assert slow[-1].quality == 1.0 and slow[-1].status is Status.OK


def test_power_agrees_with_welch_of_scipy():
    from scipy.signal import welch

    x = eeg()[:500]
    ours = Rhythms(500, 250.0, (8.0, 13.0)).powers(x)
    hz, density = welch(x, 250.0, nperseg=500, axis=0)
    for row, (low, high) in zip(ours, ((8, 13), (13, 30), (20, 40)), strict=False):
        band = (hz >= low) & (hz <= high)
        assert row == pytest.approx(density[band].sum(axis=0) * 0.5, rel=1e-9)


def test_a_large_offset_does_no_harm():
    plain, high = run(eeg()), run(eeg() + 60_000.0)
    assert named(high, "ln_alpha")[-1].value == pytest.approx(
        named(plain, "ln_alpha")[-1].value, abs=1e-3
    )


def test_a_lost_channel_lowers_quality_and_does_not_move_the_value():
    x = eeg(60)
    x[:, 4] *= 3.0  # louder than its neighbours
    whole = named(run(x), "ln_alpha")[-1]
    x[7500:, 4] = 0.0
    lost = named(run(x), "ln_alpha")[-1]
    assert abs(lost.value - whole.value) < 0.05


@pytest.mark.parametrize(
    ("spoil", "status"),
    [
        (lambda x: x * 0 + 4.0, Status.FLAT),
        (lambda x: np.clip(x * 10, -50, 50), Status.CLIPPED),
        (lambda x: x * 20, Status.NOISY),
        (lambda x: x * np.nan, Status.DETACHED),
    ],
)
def test_bad_signals_are_named(spoil, status):
    x = eeg(30)
    x[4000:] = spoil(x[4000:])
    last = named(run(x), "ln_alpha")[-1]
    assert last.status is status
    assert last.quality <= 0.1
    assert last.value is None or math.isfinite(last.value)


@pytest.mark.parametrize("hz", [50.0, 60.0])
def test_the_mains_are_found_and_taken_out(hz):
    t = np.arange(15_000) / 250.0
    x = eeg(60) + 200 * np.sin(2 * np.pi * hz * t)[:, None]
    features = named(run(x), "ln_alpha")
    assert features[2].quality < 0.5
    assert features[-1].quality == 1.0
    assert features[-1].value == pytest.approx(math.log(201), abs=0.1)


def test_muscle_stands_out_from_its_own_past():
    x = eeg(60)
    x[12_500:] += np.random.default_rng(8).normal(0, 25, x[12_500:].shape)
    features = named(run(x), "ln_alpha")
    after = [f for f in features if 53 < f.time_s < 56]
    assert all(f.quality < 0.75 for f in after)


def test_a_gap_starts_the_windows_anew():
    t = np.arange(10_000) / 250.0
    t[5000:] += 30.0
    features = run(eeg(40), stamps=t)
    assert not [f for f in named(features, "ln_alpha") if 21 < f.time_s < 53.5]
    assert [f for f in features if f.status is Status.GAP]


def test_too_slow_a_stream_says_nothing():
    assert run(eeg(fs=20.0), 20.0) == ()


def test_an_unknown_unit_is_judged_by_its_own_habit():
    x = eeg(40) * 700
    x[8000:8050] += 2e6
    features = named(run(x, relative=True), "ln_alpha")
    assert features[20].status is Status.RELATIVE and features[20].quality == 1.0
    assert min(f.quality for f in features[28:34]) < 1.0


def test_the_envelope_is_quick():
    found = latency(range(2))
    assert found["envelope_latency_ms"] <= 200
    assert found["envelope_r"] >= 0.90


def test_one_second_is_judged_channel_by_channel():
    x = eeg(1)
    x[:, 0] = 3.0
    x[100, 1] += 400
    channels = Channels(5, True)
    channels.look(x[:100], x[:100] - x[0])
    channels.look(x[100:], x[100:] - x[0])
    blames = channels.judge(np.array([0, 0, 0.5, 0, 0]))
    assert blames == [Blame.FLAT, Blame.LARGE, Blame.MISSING, Blame.NONE, Blame.NONE]


def many(seconds=60.0, alpha=20.0, names=None):
    names = names or ("Fp1", "Fp2", "F3", "F4", "C3", "C4", "P3", "P4", "O1", "O2")
    return eeg(seconds, names=names, alpha=alpha), names


def test_what_all_electrodes_share_is_the_reference_and_no_signal():
    x, names = many()
    hum = 40 * np.sin(2 * np.pi * 9 * np.arange(len(x)) / 250.0)[:, None]
    assert named(run(x + hum, names=names), "ln_alpha")[-1].value == pytest.approx(
        named(run(x, names=names), "ln_alpha")[-1].value, abs=0.02
    )


@pytest.mark.parametrize("hz", [8.6, 10.0, 11.3])
def test_the_individual_frequency_is_found(hz):
    rng = np.random.default_rng(3)
    t = np.arange(60 * 250) / 250.0
    pink = np.cumsum(rng.normal(0, 1.0, len(t)))
    wave = 6 * np.sin(2 * np.pi * hz * t + np.cumsum(rng.normal(0, 0.05, len(t))))
    found = named(run((pink + wave)[:, None], names=("O1",)), "alpha_peak")
    assert found[-1].value == pytest.approx(hz, abs=0.3)
    assert [f.value for f in named(run(pink[:, None], names=("O1",)), "alpha_peak")][-1] is None


def test_every_channel_tells_its_contact():
    x = eeg(20)
    x[2500:, 1] = 7.0
    last = {f.name: f.value for f in run(x) if f.name.startswith("contact.")}
    assert last == {f"contact.{n}": 0.0 if n == "Cz" else 1.0 for n in NAMES}


def test_muscle_is_flagged():
    x = eeg(60)
    x[12_500:] += np.random.default_rng(8).normal(0, 25, x[12_500:].shape)
    told = named(run(x), "muscle")
    assert max(f.value for f in told if f.time_s < 49) <= 0.2
    assert max(f.value for f in told if 51 < f.time_s < 55) >= 0.8


def test_asymmetry_is_told_only_when_asked_for():
    x, names = many()
    x[:, 3] += 10 * np.sin(2 * np.pi * 10.5 * np.arange(len(x)) / 250.0)
    facts = Stream("e", "e", Kind.EEG, 250.0, "uV", names, tuple(range(10)), format="double64")
    chunk = Chunk(facts, np.arange(len(x)) / 250.0, 0.0, x)
    assert not named(Brain(facts).update(chunk), "frontal_asymmetry")
    told = named(Brain(facts, asymmetry=True).update(chunk), "frontal_asymmetry")
    assert told[-1].value > 0.3


@pytest.mark.recordings
def test_arithmetic_lowers_posterior_alpha_in_real_people():
    beside = Path(__file__).parents[2].parent / "shared" / "recordings"
    folder = Path(os.environ.get("ADAPTIVEVR_RECORDINGS", beside)) / "eegmat"
    if not folder.is_dir():
        pytest.skip(f"no recordings in {folder}")
    found = effect(folder)
    assert found["alpha_dz"] <= -0.70 and found["same_direction"] >= 0.79 * found["n"]
