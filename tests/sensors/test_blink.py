"""Many channels: what is no brain's is taken out, what is stays, however the stream is cut."""

import numpy as np
import pytest

from sensors.blink import Blinks
from sensors.brain import Brain
from sensors.chunk import Chunk
from sensors.iir import Sos, highpass
from sensors.montage import posterior, sides
from sensors.stream import Kind, Stream

FS, BLOCK = 250.0, 25


def head(seed=0, channels=16, seconds=60.0, alpha=15.0):
    """Brain, the same with blinks, and the blinks' waveform (samples, channels), uV."""
    rng = np.random.default_rng(seed)
    n = int(seconds * FS)
    hz = np.maximum(np.fft.rfftfreq(n, 1 / FS), 0.7)[:, None]

    def pink(count):
        x = np.fft.irfft(np.fft.rfft(rng.normal(size=(n, count)), axis=0) / hz**0.6, n, axis=0)
        return x / x.std(axis=0)

    t = np.arange(n) / FS
    back = np.linspace(0, 1, channels)
    brain = 8 * pink(channels) + 3.6 * pink(3) @ rng.normal(size=(3, channels))
    brain += alpha * (np.sin(2 * np.pi * 10 * t) * (1 + 0.7 * np.sin(0.4 * t)))[:, None] * back
    lid = np.zeros(n)
    for at in np.cumsum(rng.uniform(2, 6, 60)):
        since = t - at
        shape = np.where(since < 0, np.exp(-((since / 0.055) ** 2)), np.exp(-((since / 0.13) ** 2)))
        lid += rng.uniform(80, 200) * shape
    return brain, brain + lid[:, None] * np.exp(-3.5 * back), lid


def cleaned(x):
    blinks = Blinks(x.shape[1])
    return np.concatenate([blinks.update(x[i : i + BLOCK]) for i in range(0, len(x), BLOCK)])


def rms(x):
    return np.sqrt((x**2).mean())


@pytest.mark.parametrize("seed", [11, 12])
def test_blinks_go_and_the_brain_stays(seed):
    brain, x, lid = head(seed)
    truth, seen = (Sos(highpass(2, 0.5, FS)).update(v) for v in (brain, x))
    y = cleaned(seen)
    now = np.arange(len(x)) > 30 * FS
    blink, calm = now & (lid > 10), now & (lid < 1)
    assert rms((y - truth)[blink, :3]) < 0.2 * rms((seen - truth)[blink, :3])
    assert rms((y - truth)[calm]) < 0.25 * rms(truth[calm])
    power = [np.abs(np.fft.rfft(v[now, -4:], axis=0))[280:391] ** 2 for v in (y, truth)]
    assert np.abs(np.log(power[0].sum(0) / power[1].sum(0))).max() < 0.05


def test_without_artefacts_next_to_nothing_is_lost():
    brain, _, _ = head(3)
    assert rms(cleaned(brain) - brain) < 0.05 * rms(brain)


def test_a_pop_of_one_electrode_is_taken_out_once():
    brain, _, _ = head(4)
    x = brain.copy()
    t = np.arange(250) / FS
    x[10_000:10_250, 6] += 600 * np.exp(-t / 0.2)
    y = cleaned(x)
    part = slice(10_025, 10_250)
    assert rms((y - brain)[part, 6]) < 0.3 * rms((x - brain)[part, 6])
    assert np.array_equal(y[:9_900], x[:9_900])


@pytest.mark.parametrize("size", [1, 7, 64])
def test_chunks_cannot_be_seen_with_many_channels(size):
    _, x, _ = head(5, channels=9, seconds=30)
    x[3000:3100] = np.nan
    x[4000:4200, 2] = x[4000, 2]
    facts = Stream("e", "e", Kind.EEG, FS, "uV", tuple("abcdefghi"), tuple(range(9)))
    t = np.arange(len(x)) / FS
    t[5000:] += 3.0

    def run(step):
        brain, out = Brain(facts), []
        for i in range(0, len(x), step):
            out += brain.update(Chunk(facts, t[i : i + step], 0.0, x[i : i + step]))
        return out

    assert run(size) == run(len(x))


def test_dead_and_broken_channels_raise_nothing():
    for fill in (0.0, 1e6, -5.0):
        assert np.isfinite(cleaned(np.full((8000, 8), fill))).all()
    _, x, _ = head(6)
    x[:, 3] = 0.0
    x[8000:, 5] = 0.0
    assert np.isfinite(cleaned(x)).all()


def test_numbered_nets_find_the_back_of_the_head():
    caps = tuple(f"{letter}{i}" for letter in "AB" for i in range(1, 33))
    assert {caps[i] for i in posterior(caps)} >= {"A27", "A29", "B32"}  # O1, Oz, O2
    assert "A1" not in {caps[i] for i in posterior(caps)}  # Fp1
    net = tuple(f"E{i}" for i in range(1, 129))
    back = {net[i] for i in posterior(net)}
    assert {"E70", "E75", "E83"} <= back and not {"E9", "E22", "E11"} & back
    odd = tuple(f"E{i}" for i in range(500, 530))
    assert posterior(odd) == list(range(30))


def test_frontal_pairs():
    assert sides(("AF7", "AF8", "TP9")) == (0, 1)
    assert sides(("Cz", "F4")) is None
