"""Guided steps, personal slopes shrunk to the population's, and the daily refresh."""

from dataclasses import replace

import pytest

from calibration.baseline import Baseline, Reference, refresh
from calibration.collector import Summary
from calibration.prior import PRIORS, Medication, population, priors
from calibration.steps import STEPS, calibrated, plan


def quiet(sd: float = 2.0) -> Baseline:
    return Baseline(
        "q",
        "ada",
        (
            Reference("heart_rate", "bpm", 60.0 - 0.75, 15.0, sd, 300, offset_sd=0.3),
            Reference("ln_scl", "ln uS", 1.0 - 0.0175, 0.35, 0.08, 300, stream="eda"),
        ),
        scale_sd=0.35,
        prior_only=True,
    )


def induced(heart: float, skin: float = 1.0, seconds: float = 150.0) -> tuple[Summary, ...]:
    def summary(name: str, stream: str, middle: float, sd: float) -> Summary:
        return Summary(name, stream, "", middle, sd, seconds, 1.0, 1.0, 0.0)

    return (summary("heart_rate", "ecg", heart, 2.0), summary("ln_scl", "eda", skin, 0.08))


def heart_slope(baseline: Baseline) -> float:
    reference = baseline.of("heart_rate")
    assert reference is not None
    return reference.slope


def test_a_clear_response_gives_a_slope_between_own_and_population() -> None:
    made = calibrated(quiet(), induced(heart=72.0))  # own slope (72-60)/0.5 = 24
    assert 20.0 < heart_slope(made) < 24.0
    assert not made.prior_only
    assert made.scale_sd == 0.3
    heart = made.of("heart_rate")
    assert heart is not None and heart.offset is not None
    assert heart.offset + 0.05 * heart.slope == pytest.approx(60.0)


def test_an_unsure_response_stays_nearer_to_the_population() -> None:
    sure = heart_slope(calibrated(quiet(), induced(72.0)))
    unsure = heart_slope(calibrated(quiet(sd=8.0), induced(72.0, seconds=30.0)))
    assert abs(unsure - 15.0) < abs(sure - 15.0)


@pytest.mark.parametrize("heart", [55.0, 60.0, 60.1])
def test_wrong_way_or_nothing_is_a_non_responder(heart: float) -> None:
    made = calibrated(quiet(), induced(heart, skin=1.3))
    reference = made.of("heart_rate")
    assert reference is not None
    assert not reference.responsive
    assert reference.slope == pytest.approx(0.05 * 15.0)
    assert not made.prior_only  # the skin responds


def test_when_neither_responds_automation_stays_limited() -> None:
    made = calibrated(quiet(), induced(60.0, skin=1.0))
    assert made.prior_only
    assert made.scale_sd == 0.35
    assert "Neither" in made.note


def test_a_rated_induction_sets_the_level() -> None:
    half = heart_slope(calibrated(quiet(), induced(72.0), level=0.5))
    full = heart_slope(calibrated(quiet(), induced(72.0), level=0.9))
    assert full < half
    with pytest.raises(ValueError, match=r"0\.2 to 1"):
        calibrated(quiet(), induced(72.0), level=0.05)


def test_another_electrode_in_the_induction_is_not_compared() -> None:
    other = replace(induced(72.0, skin=5.0)[1], stream="wrist")
    made = calibrated(quiet(), (induced(72.0)[0], other))
    assert made.of("ln_scl") == quiet().of("ln_scl")


def test_the_daily_refresh_moves_offsets_only() -> None:
    stored = calibrated(quiet(), induced(72.0))
    today = replace(quiet(), id="today", references=(replace(quiet().references[0], offset=70.0),))
    made = refresh(stored, today)
    before, after = stored.of("heart_rate"), made.of("heart_rate")
    assert before is not None and after is not None and after.offset is not None
    assert (after.slope, after.sd, after.responsive) == (before.slope, before.sd, before.responsive)
    assert after.offset + 0.05 * after.slope == pytest.approx(70.75)
    assert made.id == "today"
    assert (made.scale_sd, made.prior_only) == (stored.scale_sd, stored.prior_only)
    skin = made.of("ln_scl")
    assert skin is not None and skin.offset is None  # not measured today


def test_the_population_gets_all_offsets_from_the_quiet_phase() -> None:
    made = refresh(population("ada"), quiet())
    assert not made.prior_only
    assert made.of("heart_rate") == replace(
        quiet().references[0], sd=PRIORS["heart_rate"].sd, stream=""
    )
    alpha = made.of("ln_alpha")
    assert alpha is not None and alpha.offset is None


def test_medication_changes_what_is_believed() -> None:
    blocked = priors(Medication(beta_blocker=True))["heart_rate"]
    assert blocked.slope == 7.5
    assert blocked.sd**2 == pytest.approx(2 * PRIORS["heart_rate"].sd ** 2)
    dry = priors(Medication(anticholinergic=True, irregular_rhythm=True))
    assert set(dry) == {"heart_rate", "pulse_rate", "ln_alpha", "ln_beta_alpha"}
    calm = priors(Medication(benzodiazepine=True))
    assert all(abs(calm[name].slope) < abs(PRIORS[name].slope) for name in PRIORS)


def test_steps_have_names_text_and_time() -> None:
    assert len({step.name for step in STEPS}) == len(STEPS)
    assert all(step.seconds >= 60.0 and step.instruction.endswith(".") for step in STEPS)
    assert "closed" not in [step.name for step in plan(["ecg", "eda"])]
    assert "closed" in [step.name for step in plan(["eeg"])]
    assert "paced" not in [step.name for step in plan(["eda"])]
    daily = plan(["ecg", "eeg"], first=False)
    assert sum(step.seconds for step in daily) == 180.0
