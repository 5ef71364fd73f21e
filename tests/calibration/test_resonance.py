"""The breathing rate to train with: found where there is one, six where there is none."""

import math
import random

import pytest

from calibration.resonance import RATES_PER_MIN, Resonance, Trial, choose, trial
from sensors.patient import Patient, Seen


def beats(per_min: float, swing_bpm: float, noise_s: float = 0.005, seed: int = 3,
          seconds: float = 90.0) -> list[tuple[float, float, bool]]:  # fmt: skip
    """Beats of a heart whose rate swings with the breath."""
    draw, at_s, found = random.Random(seed), 0.0, []
    while at_s < seconds:
        bpm = 66.0 + swing_bpm / 2.0 * math.sin(2.0 * math.pi * per_min / 60.0 * at_s)
        rr_s = 60.0 / bpm + draw.gauss(0.0, noise_s)
        at_s += rr_s
        found.append((at_s, rr_s, True))
    return found


def test_one_trial_measures_what_was_put_in() -> None:
    made = trial(6.0, beats(6.0, 12.0))
    assert made is not None
    assert made.swing_bpm == pytest.approx(12.0, abs=1.5)
    assert made.ln_peak == pytest.approx(math.log(12.0**2 / 8.0), abs=0.3)
    assert made.coherence > 0.85 and made.artefacts == 0.0


def test_a_heart_that_does_not_follow_scores_low() -> None:
    made = trial(6.0, beats(6.0, 0.0, noise_s=0.03))
    assert made is not None and made.coherence < 0.6


def test_too_few_beats_are_no_trial() -> None:
    assert trial(6.0, beats(6.0, 12.0, seconds=20.0)) is None
    assert trial(6.0, []) is None


def follows(swings: dict[float, float], artefacts: float = 0.0) -> Resonance:
    made = []
    for rate, swing in swings.items():
        one = trial(rate, beats(rate, swing, seed=round(rate * 10)))
        assert one is not None
        made.append(Trial(one.per_min, one.swing_bpm, one.ln_peak, one.coherence, artefacts))
    return choose(made)


@pytest.mark.parametrize("best", RATES_PER_MIN)
def test_the_rate_with_the_largest_swing_is_found(best: float) -> None:
    found = follows({rate: 16.0 - 5.0 * abs(rate - best) for rate in RATES_PER_MIN})
    assert found.sure and abs(found.per_min - best) <= 0.5


def test_ties_go_to_the_faster_rate() -> None:
    one = Trial(5.5, 15.0, 3.0, 0.7, 0.0)
    trials = [Trial(6.5, 8.0, 2.0, 0.5, 0.0), Trial(6.0, 15.0, 3.0, 0.7, 0.0), one]
    assert choose(trials).per_min == 6.0


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (follows(dict.fromkeys(RATES_PER_MIN, 10.0)), "alike"),
        (follows({6.5: 10.0, 6.0: 16.0, 5.5: 9.0}, artefacts=0.1), "Fewer"),
        (choose([]), "Fewer"),
    ],
)
def test_flat_or_spoilt_means_six_and_says_so(found: Resonance, word: str) -> None:
    assert (found.per_min, found.sure) == (6.0, False) and word in found.note


@pytest.mark.parametrize("seed", [1, 4])
def test_a_simulated_heart_is_found_near_its_own_resonance(seed: int) -> None:
    patient = Patient("normal", seed, detail="features", artefacts=False)
    trials = []
    for rate in RATES_PER_MIN:
        breath_s = 60.0 / rate
        pacer = (patient.now_s, 0.4 * breath_s, 0.0, 0.6 * breath_s, 0.0)
        begun_s, found = patient.now_s, []
        for _ in range(120):
            for chunk in patient.step(1.0, Seen(pacer=pacer)):
                if chunk.stream.kind == "rr":
                    found += list(zip(chunk.stamps_s.tolist(), chunk.values[:, 0].tolist(),
                                      strict=True))  # fmt: skip
        late = [(at_s, rr_s, True) for at_s, rr_s in found if at_s - begun_s > 30.0]
        made = trial(rate, late)
        assert made is not None
        trials.append(made)
    own = 60.0 * patient.person.resonance_hz
    found_at = choose(trials)
    print(f"own {own:.2f}, found {found_at}")
    assert abs(found_at.per_min - min(max(own, 4.5), 6.5)) <= 1.0
