"""The patient as a whole: grids, determinism, cables, kinds, what a user may get wrong."""

import copy
import pickle
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from sensors.chunk import Chunk
from sensors.patient import PATIENTS, Patient, Seen
from sensors.stream import Kind

Samples = dict[Kind, tuple[npt.NDArray[np.float64], npt.NDArray]]  # type: ignore[type-arg]


def gather(chunks: list[Chunk]) -> Samples:
    kinds = {chunk.stream.kind for chunk in chunks}
    return {
        kind: (
            np.concatenate([c.stamps_s for c in chunks if c.stream.kind is kind]),
            np.concatenate([c.values for c in chunks if c.stream.kind is kind]),
        )
        for kind in kinds
    }


def live(patient: Patient, seconds: float, seen: Seen, dt_s: float = 0.5) -> Samples:
    chunks: list[Chunk] = []
    for _ in range(round(seconds / dt_s)):
        chunks += patient.step(dt_s, seen)
    return gather(chunks)


def same(one: Samples, other: Samples) -> bool:
    return one.keys() == other.keys() and all(
        np.array_equal(one[k][0], other[k][0]) and np.array_equal(one[k][1], other[k][1])
        for k in one
    )


@pytest.mark.parametrize("kind", PATIENTS)
@pytest.mark.parametrize("detail", ["waveform", "features"])
def test_every_kind_sends_what_it_declares_on_an_exact_grid(kind: str, detail: str) -> None:
    patient = Patient(kind, seed=3, start_s=100.0, detail=detail, artefacts=False)
    got = live(patient, 4.0, Seen(0.3), dt_s=0.25)
    for stream in patient.streams:
        if stream.irregular:
            continue
        stamps, values = got[stream.kind]
        grid = 100.0 + np.arange(1, round(4.0 * stream.rate_hz) + 1) / stream.rate_hz
        assert np.array_equal(stamps, grid), stream
        assert values.shape == (len(grid), len(stream.channels))
        assert values.dtype == np.float32
        assert np.isfinite(values).all()


@pytest.mark.parametrize("detail", ["waveform", "features"])
@pytest.mark.parametrize("kind", ["normal", "none"])
def test_the_same_whatever_the_steps(kind: str, detail: str) -> None:
    def sent(dt_s: float) -> Samples:
        return live(Patient(kind, 5, detail=detail), 90.0, Seen(0.5), dt_s)

    assert same(sent(1.0), sent(0.02))
    assert same(sent(1.0), sent(1 / 60))


def test_a_change_of_scene_acts_at_the_same_tick_whatever_the_steps() -> None:
    truths = []
    for dt_s in (0.2, 0.05):
        patient = Patient("normal", 2, detail="features")
        live(patient, 10.0, Seen(), dt_s)
        live(patient, 20.0, Seen(0.6), dt_s)
        truths.append(patient.truth.arousal)
    assert truths[0] == truths[1]


def test_stamps_of_a_step_lie_within_it() -> None:
    patient = Patient("normal", 1, start_s=7.0, detail="waveform", artefacts=False)
    before = patient.now_s
    for dt_s in (0.013, 0.2, 0.001, 0.0, 1.7, 0.09):
        for chunk in patient.step(dt_s, Seen()):
            assert chunk.offset_s == 0.0
            assert (chunk.stamps_s > before - 1e-6).all()
            assert (chunk.stamps_s <= patient.now_s + 1e-6).all()
        before = patient.now_s


def test_seeds_and_kinds_make_different_people_and_equal_seeds_the_same() -> None:
    def sent(seed: int) -> Samples:
        return live(Patient("normal", seed), 5.0, Seen(0.4))

    assert same(sent(1), sent(1))
    assert not same(sent(1), sent(2))
    assert Patient("normal", 1).person == Patient("normal", 1).person
    assert Patient("normal", 1).person != Patient("slow", 1).person


@pytest.mark.parametrize("detail", ["waveform", "features"])
def test_a_copy_in_mid_stream_goes_on_identically(detail: str) -> None:
    patient = Patient("restless", 4, detail=detail)
    live(patient, 70.3, Seen(0.6), dt_s=0.1)
    twins = [copy.deepcopy(patient), pickle.loads(pickle.dumps(patient))]
    here = live(patient, 20.0, Seen(0.7))
    for twin in twins:
        assert same(here, live(twin, 20.0, Seen(0.7)))
        assert twin.truth == patient.truth


def test_an_unplugged_sensor_is_silent_and_the_others_do_not_notice() -> None:
    patient, control = Patient("normal", 6), Patient("normal", 6)
    live(patient, 5.0, Seen())
    live(control, 5.0, Seen())
    patient.unplug(Kind.EDA)
    without, full = live(patient, 5.0, Seen()), live(control, 5.0, Seen())
    assert Kind.EDA not in without
    del full[Kind.EDA]
    assert same(without, full)
    patient.plug(Kind.EDA)
    again, full = live(patient, 5.0, Seen()), live(control, 5.0, Seen())
    assert same(again, full)


def test_unplugging_beats_stops_them_and_plugging_brings_no_old_ones() -> None:
    patient = Patient("normal", 6, detail="features")
    patient.unplug(Kind.RR)
    assert Kind.RR not in live(patient, 20.0, Seen())
    patient.plug(Kind.RR)
    assert live(patient, 10.0, Seen())[Kind.RR][0].min() > 20.0


def test_a_scare_raises_arousal_within_seconds_and_fades() -> None:
    patient = Patient("normal", 8, detail="features", artefacts=False)
    live(patient, 60.0, Seen())
    calm = patient.truth.arousal
    patient.frighten(0.5)
    live(patient, 5.0, Seen())
    assert patient.truth.arousal > calm + 0.2
    live(patient, 240.0, Seen())
    assert patient.truth.arousal < calm + 0.15


def test_calming_lowers_arousal_at_once() -> None:
    patient = Patient("panic_prone", 8, detail="features", artefacts=False)
    live(patient, 60.0, Seen(0.7))
    frightened = patient.truth.arousal
    patient.calm(0.5)
    assert patient.truth.arousal == pytest.approx(0.5 * frightened)


def test_cues_become_markers_and_stir_the_patient() -> None:
    patient, control = Patient("normal", 9), Patient("normal", 9)
    live(patient, 10.0, Seen())
    live(control, 10.0, Seen())
    chunks = patient.step(0.5, Seen(cues=("lift starts",)))
    control.step(0.5, Seen())
    markers = gather(list(chunks))[Kind.MARKERS]
    assert markers[1].tolist() == [["cue lift starts"]]
    live(patient, 2.0, Seen())
    live(control, 2.0, Seen())
    assert patient.truth.arousal > control.truth.arousal


def test_a_cue_stirs_who_is_afraid_and_less_once_the_fear_is_unlearned() -> None:
    """The same bang: at a load that frightens, after a quarter of an hour with it, and at rest."""

    def stirred(patient: Patient, load: float) -> float:
        with_cue, without = copy.deepcopy(patient), copy.deepcopy(patient)
        most = 0.0
        for step in range(40):
            with_cue.step(0.5, Seen(load, cues=() if step else ("bang",)))
            without.step(0.5, Seen(load))
            most = max(most, with_cue.truth.arousal - without.truth.arousal)
        return most

    patient = Patient("normal", 3, detail="features", artefacts=False)
    live(patient, 60.0, Seen())
    at_rest = stirred(patient, 0.0)
    live(patient, 60.0, Seen(0.6))
    early = stirred(patient, 0.6)
    live(patient, 900.0, Seen(0.6))
    late = stirred(patient, 0.6)
    assert early > 2.0 * late > 1.2 * at_rest > 0.02


def test_panic_presses_too_much_and_says_so() -> None:
    patient = Patient("panic_prone", 1)
    pressed, texts = [], []
    for step in range(240):
        chunks = gather(list(patient.step(0.5, Seen(0.0 if step < 20 else 0.9))))
        pressed.append(patient.too_much())
        if Kind.MARKERS in chunks:
            texts += chunks[Kind.MARKERS][1][:, 0].tolist()
    assert not any(pressed[:20])
    presses = sum(now and not before for before, now in pairwise(pressed))
    assert presses >= 2
    assert texts.count("too much") == presses


def test_a_long_step_does_not_hide_a_press() -> None:
    patient = Patient("panic_prone", 1, detail="features")
    presses = []
    for _ in range(12):
        patient.step(10.0, Seen(0.9))
        presses.append(patient.too_much())
    assert any(presses)


def test_nobody_has_no_beats_no_sweat_no_answers_no_protest() -> None:
    patient = Patient("none", 1)
    got = live(patient, 60.0, Seen(1.0))
    ecg, eda = got[Kind.ECG][1][:, 0], got[Kind.EDA][1][:, 0]
    assert np.abs(ecg).max() < 60.0  # noise and hum, no R wave
    spectrum = np.abs(np.fft.rfft(ecg - ecg.mean()))
    peak_hz = np.fft.rfftfreq(len(ecg), 1 / 250.0)[spectrum.argmax()]
    assert peak_hz == pytest.approx(50.0, abs=0.1)
    assert eda.max() < 0.05
    assert eda.std() < 0.002
    patient.frighten(1.0)
    patient.calm()
    patient.between(3.0)
    patient.ask("1", "suds", patient.now_s)
    live(patient, 20.0, Seen(1.0))
    assert patient.answers() == ()
    assert not patient.too_much()
    assert patient.truth.arousal == 0.0
    beats = live(Patient("none", 1, detail="features"), 30.0, Seen(1.0))
    assert Kind.RR not in beats


def test_mistakes_get_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"got 'brave'; choose one of normal, usual"):
        Patient("brave", 1)
    with pytest.raises(ValueError, match="got 'all'"):
        Patient("normal", 1, detail="all")
    with pytest.raises(ValueError, match="got -1"):
        Patient("normal", -1)
    patient = Patient("normal", 1, detail="features")
    with pytest.raises(ValueError, match="0 s or more, got nan"):
        patient.step(float("nan"), Seen())
    with pytest.raises(ValueError, match="it has rr, eda"):
        patient.unplug(Kind.EEG)


def test_the_population_adds_up() -> None:
    assert sum(kind.share for kind in PATIENTS.values()) == pytest.approx(1.0)
    assert len(PATIENTS) == 12
    for name, kind in PATIENTS.items():
        assert kind.name == name
        assert kind.text
