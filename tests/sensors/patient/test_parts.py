"""Single parts of the body: ECG shape, beats, responses, blinks, noise, ratings, movement."""

import math

import numpy as np
import pytest

from sensors.patient import PATIENTS, Patient, Seen
from sensors.patient.artefacts import Artefacts
from sensors.patient.brain import blink_shape
from sensors.patient.breath import Breath
from sensors.patient.chance import Chance, Coloured
from sensors.patient.ecg import Ecg
from sensors.patient.heart import Heart, Resonance
from sensors.patient.lead import EventLead, Lead, describe
from sensors.patient.motion import Motion
from sensors.patient.ratings import Ratings
from sensors.patient.skin import Skin
from sensors.stream import Kind

PERSON = PATIENTS["normal"].person(1)


def test_a_beat_has_p_q_r_s_t_in_order_and_size() -> None:
    ecg = Ecg()
    ecg.add(1.0, 1.0, 1.0)
    times = np.arange(0.5, 1.7, 0.001)
    wave = ecg.draw(times)
    assert times[wave.argmax()] == pytest.approx(1.0, abs=0.002)
    assert 950.0 < wave.max() < 1050.0
    p = wave[(times > 0.78) & (times < 0.88)].max()
    q, s = wave[(times > 0.93) & (times < 0.99)].min(), wave[(times > 1.01) & (times < 1.1)].min()
    t = wave[(times > 1.15) & (times < 1.4)]
    assert 150.0 < p < 350.0
    assert q < -80.0
    assert s < -150.0
    assert 250.0 < t.max() < 500.0
    assert abs(wave[-1]) < 5.0
    assert abs(wave[0]) < 5.0


def test_r_peaks_of_the_ecg_are_the_beats_of_the_rr_stream() -> None:
    slow = Patient("normal", 4, detail="features", artefacts=False)
    fast = Patient("normal", 4, detail="waveform", artefacts=False)
    beats, times, wave = [], [], []
    for _ in range(60):
        for chunk in slow.step(1.0, Seen(0.3)):
            if chunk.stream.kind is Kind.RR:
                beats += chunk.stamps_s.tolist()
        for chunk in fast.step(1.0, Seen(0.3)):
            if chunk.stream.kind is Kind.ECG:
                times += chunk.stamps_s.tolist()
                wave += chunk.values[:, 0].tolist()
    stamps, volts = np.array(times), np.array(wave)
    for beat in beats[1:-1]:
        near = np.abs(stamps - beat) < 0.05
        assert stamps[near][volts[near].argmax()] == pytest.approx(beat, abs=0.006)
        assert volts[near].max() > 700.0


def test_the_heart_beats_at_its_rate() -> None:
    heart = Heart(PERSON, 1, 0.2)
    peaks = [p for i in range(3000) for p in heart.update(0.2, 0.2 * i, 0.0, 0.0, 0.0)]
    assert 60.0 / np.mean(np.diff(peaks)) == pytest.approx(PERSON.heart_rate_bpm, abs=2.0)
    assert peaks == sorted(peaks)


def test_resonance_passes_its_own_frequency_in_phase() -> None:
    def gain(frequency_hz: float) -> complex:
        filter_, dt_s = Resonance(0.1, 0.25), 0.05
        times = np.arange(0.0, 400.0, dt_s)
        out = [filter_.update(dt_s, math.sin(2 * math.pi * frequency_hz * t)) for t in times]
        late = times > 200.0
        return complex(
            2j * np.mean(np.array(out)[late] * np.exp(-2j * np.pi * frequency_hz * times[late]))
        )

    own = gain(0.1)
    assert abs(own) == pytest.approx(2.0, rel=0.1)
    assert abs(np.angle(own)) < 0.15
    assert abs(gain(0.03)) < 0.5 * abs(own) > abs(gain(0.3))


def test_one_response_rises_in_seconds_and_decays() -> None:
    quiet: list[float] = []
    loud: list[float] = []
    for into, values in ((False, quiet), (True, loud)):
        skin = Skin(PATIENTS["normal"].person(2), 2)
        skin._wait = math.inf  # no response but ours
        for tick in range(150):
            skin.update(0.2, 0.2 * tick, 0.0)
            if into and tick == 25:
                skin.respond(5.0, 0.5)
            values += skin.draw(0.2 * tick, 0.2, [0.05, 0.1, 0.15, 0.2])
    bump = np.array(loud) - np.array(quiet)
    # chance was drawn for the onset too, so the slow drift may differ a little
    times = 0.05 * np.arange(1, len(bump) + 1)
    top = times[bump.argmax()]
    assert abs(bump[times < 6.4]).max() < 0.06
    assert 7.0 < top < 10.5
    assert 0.4 < bump.max() < 0.6


def test_coloured_noise_has_unit_rms_and_its_spectrum() -> None:
    shape = np.where(Coloured.frequencies(250.0) > 20, 1.0, 0.0).astype(np.float64)
    noise = Coloured(1, "test", 2, shape).take(20_000)
    assert noise.std() == pytest.approx(1.0, abs=0.05)
    spectrum = np.abs(np.fft.rfft(noise[:, 0])) ** 2
    low = np.fft.rfftfreq(20_000, 1 / 250.0) < 18
    assert spectrum[low].sum() < 0.01 * spectrum.sum()


def test_coloured_noise_does_not_depend_on_the_pieces() -> None:
    shape = np.ones(257)
    one, other = Coloured(1, "x", 3, shape), Coloured(1, "x", 3, shape)
    whole = one.take(1000)
    parts = np.concatenate([other.take(n).copy() for n in (1, 99, 300, 600)])
    assert np.array_equal(whole, parts)


def test_chance_is_independent_by_part() -> None:
    heart, skin = Chance(1, "heart"), Chance(1, "skin")
    one, other = [heart.normal() for _ in range(600)], [skin.normal() for _ in range(600)]
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.12
    waits = [heart.waiting(2.5) for _ in range(2000)]
    assert np.mean(waits) == pytest.approx(1.0, abs=0.06)


def test_a_blink_closes_faster_than_it_opens() -> None:
    times = np.arange(0.0, 0.6, 0.004)
    shape = blink_shape(times)
    half = times[shape > 0.5]
    assert shape.max() == pytest.approx(1.0, abs=0.01)
    assert 0.1 - half[0] < half[-1] - 0.1
    assert shape[-1] < 0.01


def test_blinks_are_frontal_and_10_to_30_a_minute() -> None:
    patient = Patient("normal", 5, artefacts=False)
    eeg = [
        chunk.values
        for _ in range(120)
        for chunk in patient.step(1.0, Seen())
        if chunk.stream.kind is Kind.EEG
    ]
    wave = np.concatenate(eeg)
    smooth = np.convolve(wave[:, 0], np.ones(15) / 15, mode="same")
    above = smooth > 0.55 * patient.person.blink_uv
    count = int(np.sum(above[1:] & ~above[:-1]))
    assert 10 <= count <= 60
    assert wave[:, 0].std() > 1.3 * wave[:, 6].std()


def test_breath_slows_to_the_pacer_and_quickens_in_fear() -> None:
    breath = Breath(PERSON, 1)

    def mean_rate(arousal: float, pacer: tuple[float, float, float, float, float] | None) -> float:
        rates = []
        for tick in range(1500):
            breath.update(0.2, 0.2 * tick, arousal, pacer)
            rates.append(breath.rate_per_min)
        return float(np.mean(rates))

    calm, afraid = mean_rate(0.0, None), mean_rate(1.0, None)
    assert afraid > calm + 3.0
    assert mean_rate(0.0, (0.0, 4.0, 1.0, 5.0, 0.0)) < 9.0
    assert breath.relaxed > 0.4


def test_an_impossible_pacer_is_not_followed() -> None:
    breath = Breath(PERSON, 1)
    for tick in range(600):
        breath.update(0.2, 0.2 * tick, 0.0, (0.0, 0.3, 0.0, 0.3, 0.0))
    assert breath.in_step == 0.0
    assert 9.0 < breath.rate_per_min < 25.0


def test_ratings_come_late_sometimes_not_at_all_and_on_their_scale() -> None:
    ratings = Ratings(PERSON, 1)
    for number in range(400):
        ratings.ask(str(number), "SUDS", 100.0)
    ratings.update(102.9, 0.5, 0.5)
    assert ratings.take(102.9) == ()
    ratings.update(110.0, 0.5, 0.5)
    assert all(answer.answered_s <= 105.0 for answer in ratings.take(105.0))
    rest = ratings.take(110.0)
    assert ratings.take(110.0) == ()
    assert all(3.0 <= a.answered_s - a.shown_s <= 8.0 for a in rest)
    assert {a.value for a in rest if a.value is not None} <= {10.0 * n for n in range(11)}
    refused = sum(a.value is None for a in rest) / len(rest)
    assert 0.01 < refused < 0.11
    with pytest.raises(ValueError, match="got 'smell'; use one of suds"):
        ratings.ask("1", "smell", 0.0)


@pytest.mark.parametrize(
    ("scale", "high"), [("nrs", 10.0), ("fms", 20.0), ("calm", 100.0), ("pain", 10.0)]
)
def test_other_scales_stay_in_their_range(scale: str, high: float) -> None:
    ratings = Ratings(PERSON, 2)
    for number in range(50):
        ratings.ask(str(number), scale, 0.0)
    ratings.update(10.0, 1.5, 1.2)
    values = [a.value for a in ratings.take(10.0) if a.value is not None]
    assert values
    assert all(0.0 <= value <= high for value in values)
    assert {answer for answer in values if answer != round(answer)} == set()


def test_people_sit_still_for_a_minute_and_then_move_in_bouts() -> None:
    motion = Motion(PATIENTS["restless"].person(1), 1, moves=True)
    strong, bouts = [], 0
    for _ in range(3000):
        motion.update(0.2)
        bouts += motion.began
        strong.append(motion.strength_g)
    assert max(strong[:299]) == 0.0
    assert 5 <= bouts <= 30
    assert 0.05 < np.mean(np.array(strong) > 0) < 0.5
    assert motion.draw(10, 0.5)[:, 2] == pytest.approx(1.0, abs=0.4)


def test_movement_shows_in_the_accelerometer_the_ecg_and_the_heart() -> None:
    patient = Patient("restless", 3)
    still: list[float] = []
    moving: list[float] = []
    for _ in range(400):
        for chunk in patient.step(1.0, Seen()):
            if chunk.stream.kind is Kind.MOTION and len(chunk) == 50:
                (moving if patient.truth.moving else still).append(chunk.values[:, 0].std())
    assert len(moving) > 5
    assert np.median(moving) > 8.0 * np.median(still)


def test_artefacts_come_only_when_asked_for_and_after_a_minute() -> None:
    kinds = (Kind.ECG, Kind.EDA)
    none, some = Artefacts(kinds, 1, False), Artefacts(kinds, 1, True)
    loose = silent = 0
    for tick in range(5 * 7200):
        none.update(0.2, moved=True)
        some.update(0.2, moved=tick % 500 == 0)
        assert not any(none.loose(kind) or none.silent(kind) for kind in kinds)
        now = [some.loose(kind) for kind in kinds], [some.silent(kind) for kind in kinds]
        loose, silent = loose + any(now[0]), silent + any(now[1])
        if tick < 290:
            assert loose == silent == 0
    assert none.eda_jump_us == 0.0
    assert loose > 0
    assert 0 < silent < 5 * 7200 * 0.02


def test_lost_samples_leave_a_hole_in_the_grid() -> None:
    lead = Lead(describe(Kind.EDA, "features"), 0.0)
    for second in range(3):
        due = lead.due(second + 1.0)
        lead.put(np.array(due, dtype=float), lost=second == 1)
    (chunk,) = lead.take(3.0)
    assert chunk.values[:, 0].tolist() == [*range(1, 9), *range(17, 25)]
    assert np.array_equal(chunk.stamps_s, chunk.values[:, 0] / 8.0)
    assert lead.take(3.0) == []


def test_events_leave_when_their_time_has_come() -> None:
    lead = EventLead(describe(Kind.RR, "features"))
    for at_s in (1.0, 2.0, 3.0):
        lead.put(at_s, 0.9)
    assert lead.take(0.5) == []
    (chunk,) = lead.take(2.0)
    assert chunk.stamps_s.tolist() == [1.0, 2.0]
