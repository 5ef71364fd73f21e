"""The simulator against published figures; where a figure is a range, people must spread in it."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from sensors.patient import Patient, Seen
from sensors.stream import Kind

Floats = npt.NDArray[np.float64]
SEEDS = range(16)


def record(patient: Patient, kind: Kind, seconds: float, seen: Seen) -> tuple[Floats, Floats]:
    stamps, values = [], []
    for _ in range(round(seconds)):
        for chunk in patient.step(1.0, seen):
            if chunk.stream.kind is kind:
                stamps.append(chunk.stamps_s)
                values.append(chunk.values.astype(np.float64))
    return np.concatenate(stamps), np.concatenate(values)


def person(seed: int, kind: str = "normal", detail: str = "features") -> Patient:
    return Patient(kind, seed, detail=detail, artefacts=False)


def rmssd_ms(rr_s: Floats) -> float:
    return float(1000.0 * np.sqrt(np.mean(np.diff(rr_s) ** 2)))


def beats_at(patient: Patient, seconds: float, seen: Seen) -> Floats:
    return record(patient, Kind.RR, seconds, seen)[1][:, 0]


def rest_and_task(seed: int, kind: str = "normal") -> tuple[Floats, Floats]:
    """RR at rest for 300 s, then 180 s in mental arithmetic (arousal about 0.5)."""
    patient = person(seed, kind)
    patient.step(60.0, Seen())
    rest = beats_at(patient, 300.0, Seen())
    patient.step(30.0, Seen(effort=0.5))
    return rest, beats_at(patient, 180.0, Seen(effort=0.5))


@pytest.fixture(scope="module")
def people() -> list[tuple[Floats, Floats]]:
    return [rest_and_task(seed) for seed in SEEDS]


def test_resting_rmssd_is_20_to_60_ms(people: list[tuple[Floats, Floats]]) -> None:
    values = [rmssd_ms(rest) for rest, _ in people]
    assert min(values) > 18.0, values
    assert max(values) < 60.0, values
    assert 25.0 < np.mean(values) < 45.0


def test_resting_heart_rate_is_50_to_95(people: list[tuple[Floats, Floats]]) -> None:
    rates = [60.0 / rest.mean() for rest, _ in people]
    assert min(rates) > 50.0
    assert max(rates) < 95.0


def test_arithmetic_raises_the_heart_by_8_with_a_wide_spread(
    people: list[tuple[Floats, Floats]],
) -> None:
    steps = [60.0 / task.mean() - 60.0 / rest.mean() for rest, task in people]
    assert 5.0 < np.mean(steps) < 12.0, steps  # GUDB: 8.3, sd 7.7
    assert np.std(steps) > 2.5


def test_arithmetic_lowers_ln_rmssd(people: list[tuple[Floats, Floats]]) -> None:
    changes = [np.log(rmssd_ms(task) / rmssd_ms(rest)) for rest, task in people]
    assert -0.7 < np.mean(changes) < -0.2, changes  # -0.35


def test_a_beta_blocked_heart_hardly_answers() -> None:
    rest, task = zip(*(rest_and_task(seed, "beta_blocked") for seed in range(6)), strict=True)
    steps = [60.0 / t.mean() - 60.0 / r.mean() for r, t in zip(rest, task, strict=True)]
    assert np.mean(steps) < 4.0
    assert np.mean([60.0 / r.mean() for r in rest]) < 66.0


def responses_per_min(patient: Patient, seconds: float, seen: Seen) -> float:
    """Rises of at least 0.05 uS from a trough, counted in the conductance itself."""
    values = record(patient, Kind.EDA, seconds, seen)[1][:, 0]
    smooth = np.convolve(values, np.ones(4) / 4.0, mode="valid")
    count, low, armed = 0, smooth[0], True
    for before, now in pairwise(smooth):
        if now < before:
            low, armed = now, True
        if armed and now - low >= 0.05 and now - before > 0.005:
            count, armed = count + 1, False
    return count / (seconds / 60.0)


def test_skin_responses_at_rest_and_in_fear() -> None:
    rest, fear = [], []
    for seed in SEEDS:
        patient = person(seed)
        patient.step(300.0, Seen())
        rest.append(responses_per_min(patient, 300.0, Seen()))
        patient.step(30.0, Seen(effort=0.8))
        fear.append(responses_per_min(patient, 120.0, Seen(effort=0.8)))
    assert 1.0 < np.mean(rest) < 5.0, rest
    assert np.mean(fear) > 2.0 * np.mean(rest), fear


def test_a_non_responder_stays_flat() -> None:
    patient = person(3, "eda_non_responder")
    patient.step(300.0, Seen())
    assert responses_per_min(patient, 180.0, Seen(effort=0.8)) <= 1.0


def test_skin_level_rises_by_about_a_third_from_rest_to_strongest() -> None:
    changes = []
    for seed in SEEDS:
        patient = person(seed)
        patient.step(400.0, Seen())
        rest = record(patient, Kind.EDA, 60.0, Seen())[1].mean()
        patient.step(120.0, Seen(effort=0.5))
        task = record(patient, Kind.EDA, 60.0, Seen(effort=0.5))[1].mean()
        changes.append(float(np.log(task / rest)))
    assert 0.1 < np.mean(changes) < 0.35, changes


def ln_alpha(patient: Patient, seconds: float, seen: Seen) -> float:
    """ln power 8-13 Hz over P3 P4 O1 O2 in Hann windows of 2 s."""
    eeg = record(patient, Kind.EEG, seconds, seen)[1][:, 4:]
    windows = eeg[: len(eeg) // 500 * 500].reshape(-1, 500, 4)
    spectra = np.fft.rfft(windows * np.hanning(500)[None, :, None], axis=1)
    frequency = np.fft.rfftfreq(500, 1 / 250.0)
    band = (frequency >= 8.0) & (frequency <= 13.0)
    return float(np.log((np.abs(spectra[:, band]) ** 2).mean(axis=(0, 1))).mean())


def test_posterior_alpha_falls_with_arousal_and_rises_with_closed_eyes() -> None:
    falls, closed = [], []
    for seed in range(8):
        patient = person(seed, detail="waveform")
        patient.step(20.0, Seen())
        rest = ln_alpha(patient, 60.0, Seen())
        closed.append(ln_alpha(patient, 30.0, Seen(eyes_closed=True)) - rest)
        patient.step(30.0, Seen(effort=0.5))
        falls.append(ln_alpha(patient, 60.0, Seen(effort=0.5)) - rest)
    assert -1.1 < np.mean(falls) < -0.2, falls  # EEGMAT: -0.56, sd 0.6
    assert sum(fall < 0 for fall in falls) >= 7
    assert min(closed) > np.log(1.3)


SLOW = (0.0, 4.0, 0.0, 6.0, 0.0)


def swing_bpm(rr_s: Floats) -> float:
    rate = 60.0 / rr_s
    return float(np.percentile(rate, 95) - np.percentile(rate, 5))


def test_paced_breathing_at_six_a_minute_enlarges_rsa() -> None:
    gains = []
    for seed in range(8):
        patient = person(seed)
        patient.step(60.0, Seen())
        usual = swing_bpm(beats_at(patient, 120.0, Seen()))
        patient.step(90.0, Seen(pacer=SLOW))
        gains.append(swing_bpm(beats_at(patient, 180.0, Seen(pacer=SLOW))) / usual)
        assert patient.truth.in_step > 0.4
    assert np.mean(gains) > 1.6, gains


def test_those_who_do_not_follow_the_pacer_gain_nothing() -> None:
    follow, ignore = person(2), person(2, "restless")
    for patient in (follow, ignore):
        patient.step(300.0, Seen(pacer=SLOW))
    assert follow.truth.in_step > 0.6 > ignore.truth.in_step


def test_resonance_is_strongest_near_a_tenth_of_a_hertz() -> None:
    def amplitude(length_s: float) -> float:
        patient = person(4)
        pacer = (0.0, 0.4 * length_s, 0.0, 0.6 * length_s, 0.0)
        patient.step(90.0, Seen(pacer=pacer))
        return swing_bpm(beats_at(patient, 240.0, Seen(pacer=pacer)))

    at_resonance = amplitude(1.0 / person(4).person.resonance_hz)
    assert at_resonance > 1.4 * amplitude(4.0)
    assert at_resonance > 1.1 * amplitude(22.0)


def test_belt_and_pacer_keep_step() -> None:
    patient = person(1, detail="waveform")
    patient.step(120.0, Seen(pacer=SLOW))
    stamps, values = record(patient, Kind.BREATH, 60.0, Seen(pacer=SLOW))
    phase = np.exp(-2j * np.pi * stamps / 10.0)
    strength = 2.0 * np.abs((values[:, 0] - values.mean()) @ phase) / len(stamps)
    assert strength > 0.3 * values[:, 0].max()


@pytest.mark.parametrize(
    ("kind", "test"),
    [
        ("under_reporter", lambda bias: bias < -10.0),
        ("over_reporter", lambda bias: bias > 5.0),
        ("normal", lambda bias: abs(bias) < 8.0),
    ],
)
def test_ratings_are_biased_as_the_kind_says(kind: str, test: Callable[[float], bool]) -> None:
    errors = []
    for seed in range(8):
        patient = person(seed, kind)
        patient.step(30.0, Seen(0.55))
        for number in range(6):
            patient.ask(str(number), "suds", patient.now_s)
            for _ in range(10):
                patient.step(1.0, Seen(0.55))
                felt = 100.0 * (0.6 * patient.truth.fear + 0.4 * patient.truth.arousal)
                for answer in patient.answers():
                    if answer.value is not None:
                        errors.append(answer.value - felt)
    assert test(float(np.mean(errors))), np.mean(errors)
