"""What is learned by staying, how far it spreads, and how much comes back."""

import numpy as np
import pytest

from sensors.patient import PATIENTS, Patient, Seen
from sensors.patient.fear import Fear

PERSON = PATIENTS["normal"].person(1)


def arousals(patient: Patient, seconds: int, intensity: float) -> list[float]:
    levels = []
    for _ in range(seconds):
        patient.step(1.0, Seen(intensity))
        levels.append(patient.truth.arousal)
    return levels


def test_fear_is_zero_at_rest_and_grows_with_intensity() -> None:
    fear = Fear(PERSON)
    assert fear.at(0.0) == 0.0
    levels = [fear.at(u) for u in np.linspace(0, 1, 11)]
    assert levels == sorted(levels)
    assert 0.7 < levels[-1] < 1.3


def test_fear_decays_by_half_in_its_half_life() -> None:
    fear = Fear(PERSON)
    first = fear.at(0.6)
    for _ in range(round(60 * PERSON.half_life_min)):
        fear.update(1.0, 0.6, 0.5)
    assert fear.at(0.6) == pytest.approx(first / 2, rel=0.01)


def test_learning_spreads_to_neighbours_only() -> None:
    fear = Fear(PERSON)
    for _ in range(600):
        fear.update(1.0, 0.4, 0.5)
    assert fear.inhibition(0.4) > fear.inhibition(0.55) > fear.inhibition(0.9)
    assert fear.inhibition(1.0) < 0.1
    fear_of_rest = Fear(PERSON)
    fear_of_rest.update(600.0, 0.0, 0.0)
    assert not fear_of_rest.learned.any()


def test_fear_returns_between_sessions_more_in_another_context() -> None:
    def left(days: float, context: float) -> float:
        fear = Fear(PERSON)
        for _ in range(900):
            fear.update(1.0, 0.5, 0.5)
        fear.between(days, context)
        return fear.inhibition(0.5)

    assert left(0, 0) > left(2, 0) > left(14, 0) > left(14, 0.2)
    assert left(1000, 0) == pytest.approx(left(0, 0) * (1 - PERSON.return_share), rel=1e-3)


def test_who_looks_away_learns_a_third_as_much() -> None:
    def left(seen: Seen) -> float:
        patient = Patient("normal", 1, detail="features", artefacts=False)
        patient.step(60.0, seen)
        assert patient.fear_of(0.0) == 0.0
        return -float(np.log(1.0 - patient.truth.inhibition))

    looking = left(Seen(0.6))
    assert left(Seen(0.6, looks_away=True)) == pytest.approx(0.3 * looking, rel=1e-3)
    assert left(Seen(0.6, eyes_closed=True)) == pytest.approx(0.3 * looking, rel=1e-3)


def test_fear_of_the_usual_clinic_is_wider_than_the_textbook() -> None:
    def spread(kind: str) -> float:
        people = [PATIENTS[kind].person(seed) for seed in range(60)]
        return float(np.std([person.sensitivity for person in people]))

    assert spread("usual") > 2.5 * spread("normal")
    assert max(PATIENTS["usual"].person(seed).half_life_min for seed in range(60)) > 12.0


def test_being_overwhelmed_for_long_sensitises_up_to_a_cap() -> None:
    fear = Fear(PERSON)
    for _ in range(15):
        fear.update(1.0, 0.9, 1.1)
    assert fear.sensitivity == PERSON.sensitivity
    for _ in range(600):
        fear.update(1.0, 0.9, 1.1)
    assert fear.sensitivity == pytest.approx(1.2 * PERSON.sensitivity)


@pytest.mark.parametrize("seed", range(8))
def test_ten_minutes_at_constant_load_habituate_and_a_step_frightens_again(seed: int) -> None:
    patient = Patient("normal", seed, detail="features", artefacts=False)
    arousals(patient, 60, 0.0)
    course = arousals(patient, 600, 0.6)
    early, late = max(course[:120]), max(course[-60:])
    assert late <= 0.6 * early, (seed, early, late)
    stepped = max(arousals(patient, 60, 0.8))
    assert stepped >= late + 0.08, (seed, late, stepped)


def test_the_slow_habituate_less() -> None:
    shares = {}
    for kind in ("normal", "slow"):
        patient = Patient(kind, 3, detail="features", artefacts=False)
        course = arousals(patient, 600, 0.6)
        shares[kind] = max(course[-60:]) / max(course[:120])
    assert shares["slow"] > shares["normal"] + 0.2


def test_fear_returns_to_the_whole_patient_after_days() -> None:
    patient = Patient("normal", 5, detail="features", artefacts=False)
    first = max(arousals(patient, 600, 0.5))
    arousals(patient, 60, 0.0)
    patient.between(14.0)
    assert patient.truth.arousal < 0.1
    second = max(arousals(patient, 60, 0.5))
    assert patient.truth.inhibition > 0.2
    assert second < first


def test_arousal_rises_faster_than_it_falls() -> None:
    patient = Patient("normal", 2, detail="features", artefacts=False)
    arousals(patient, 60, 0.0)
    start = patient.truth.arousal
    up = arousals(patient, 90, 0.9)
    top = max(up)
    rise_s = next(i for i, x in enumerate(up) if x > start + 0.63 * (top - start))
    down = arousals(patient, 400, 0.0)
    fall_s = next(i for i, x in enumerate(down) if x < start + 0.37 * (down[0] - start))
    assert rise_s < 0.5 * fall_s


def test_the_decoupled_fear_without_a_body() -> None:
    patient = Patient("decoupled", 1, detail="features", artefacts=False)
    levels = arousals(patient, 120, 0.8)
    assert max(levels) < 0.25
    assert patient.truth.fear > 0.6


def comfortable(kind: str, seed: int, seconds: int = 600) -> tuple[list[float], list[float]]:
    """A plain controller on the truth: rise below the window, fall above it."""
    patient = Patient(kind, seed, detail="features", artefacts=False)
    load, loads, levels = 0.0, [], []
    for _ in range(seconds):
        x = patient.truth.arousal
        load += 0.03 if x < 0.4 else (-0.05 if x > 0.7 else 0.0)
        load = min(1.0, max(0.0, load))
        patient.step(1.0, Seen(load))
        loads.append(load)
        levels.append(patient.truth.arousal)
    return loads, levels


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_closed_loop_goes_further_with_normal_people_than_with_panic(seed: int) -> None:
    loads, levels = comfortable("normal", seed)
    wary, _ = comfortable("panic_prone", seed)
    assert max(loads[:60]) >= 0.3
    assert np.mean(loads) >= np.mean(wary) + 0.1
    patient = Patient("panic_prone", seed, detail="features", artefacts=False)
    yoked = []
    for load in loads:
        patient.step(1.0, Seen(load))
        yoked.append(patient.truth.arousal)
    assert np.mean(np.array(yoked) > 0.85) > np.mean(np.array(levels) > 0.85)
