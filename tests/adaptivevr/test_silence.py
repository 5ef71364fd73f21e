"""Before a calibration nobody knows who answers where: the doubt is wide where it matters."""

import pytest

from adaptivevr.arousal import Estimator
from adaptivevr.belief import Belief
from adaptivevr.silence import Silence
from calibration.baseline import Baseline, Reference
from calibration.prior import PRIORS
from sensors.feature import Feature

NAMES = ("heart_rate", "ln_scl", "ln_drive")


def person(prior_only: bool = True, skin_answers: bool | None = None) -> Baseline:
    references = tuple(
        Reference(name, "", 0.0, PRIORS[name].slope, PRIORS[name].sd, 120, offset_sd=0.1,
                  stream="" if PRIORS[name].portable else "eda")
        for name in NAMES
    )  # fmt: skip
    return Baseline("b", "ada", references, 0.28, prior_only, skin_answers=skin_answers)


def told(estimator: Estimator, heart: float, skin: float, seconds: int = 120,
         names: tuple[str, ...] = NAMES) -> tuple[float, float]:  # fmt: skip
    """(level, sd) after a body that would put arousal there by heart and by skin."""
    arousal = estimator.arousal
    for second in range(1, seconds + 1):
        features = []
        for name in names:
            x = heart if name == "heart_rate" else skin
            stream = "ecg" if name == "heart_rate" else "eda"
            features.append(Feature(name, PRIORS[name].slope * x, "", second - 0.1, stream, second))
        arousal = estimator.update(float(second), features)
    assert arousal.level is not None
    return arousal.level, arousal.sd


def test_skin_alone_is_doubted_more_before_a_calibration_than_after() -> None:
    skin = ("ln_scl", "ln_drive")
    _, before = told(Estimator(person()), 0.0, 0.0, names=skin)
    _, after = told(Estimator(person(prior_only=False)), 0.0, 0.0, names=skin)
    assert before > after + 0.03


def test_a_skin_that_left_a_sigh_unanswered_is_doubted_most() -> None:
    skin = ("ln_scl", "ln_drive")
    _, usual = told(Estimator(person()), 0.0, 0.0, names=skin)
    _, unanswered = told(Estimator(person(skin_answers=False)), 0.0, 0.0, names=skin)
    assert unanswered > usual + 0.02


def test_where_heart_and_skin_quarrel_the_doubt_reaches_both() -> None:
    level, sd = told(Estimator(person()), 0.9, 0.0)
    agreed_level, agreed_sd = told(Estimator(person()), level, level)
    assert agreed_level == pytest.approx(level, abs=0.1)
    assert sd > agreed_sd + 0.05
    assert level + 1.645 * sd > 0.8


def test_the_level_is_the_same_with_and_without_it() -> None:
    with_it, _ = told(Estimator(person()), 0.6, 0.3)
    without, _ = told(Estimator(person(prior_only=False)), 0.6, 0.3)
    assert with_it == without


def test_who_foretells_best_gains_and_never_all() -> None:
    silence, belief = Silence(), Belief()
    silence.grow(0.01, 0.0)
    belief.grow(0.01, 0.0)
    for _ in range(300):
        silence.drift(1.0, 0.0012)
        belief.drift(1.0, 0.0012)
        silence.rate(0.9, 0.01)  # the patient says: very much
        belief.learn("rating", 1.0, None, 0.9, 0.01)
        silence.learn(belief, "ln_scl", "skin level", 0.35, 1, 0.0, 0.06)
        belief.learn("ln_scl", 0.35, 1, 0.0, 0.06)
    responds, skin, heart = silence.chances()
    assert skin > 0.9 > 0.1 > responds > 0.0 and heart > 0.0
    assert sum((responds, skin, heart)) == pytest.approx(1.0)
