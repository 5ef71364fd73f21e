"""Arousal: its doubt is true, its bits are equal at any rate, and nothing makes it break."""

import random
from math import exp, isfinite, sqrt
from time import perf_counter

import pytest

from adaptivevr.arousal import Estimator
from adaptivevr.belief import REST_LEVEL
from calibration.prior import PRIORS
from sensors.feature import Feature, Status
from tests.adaptivevr.readings import ALL, known, person, play, reading, settled


def noisy_course(seed: int, scale: float, seconds: int, names: tuple[str, ...]):  # type: ignore[no-untyped-def]
    """A person whose whole scale is off by `scale`, with slow noise and wandering rest."""
    draw = random.Random(seed)
    # Noise of which six samples a second apart count as one: AR(1) with (1+r)/(1-r) = 6.
    keep = 5.0 / 7.0
    true = max(0.0, draw.gauss(REST_LEVEL, 0.1))
    noise = {name: draw.gauss(0.0, PRIORS[name].sd) for name in names}
    rest = dict.fromkeys(names, 0.0)
    # Nobody is the model: each feature reacts and swings in this person's own way.
    reacts = {name: scale + draw.gauss(0.0, 0.2) for name in names}
    swings = {name: PRIORS[name].sd * exp(draw.gauss(0.0, 0.2)) for name in names}
    for second in range(1, seconds + 1):
        true = REST_LEVEL + (true - REST_LEVEL) * exp(-1.0 / 300.0) + draw.gauss(0.0, 0.035)
        features = []
        for name in names:
            rest[name] += draw.gauss(0.0, PRIORS[name].drift_per_root_s)
            noise[name] = keep * noise[name] + sqrt(1 - keep**2) * draw.gauss(0.0, swings[name])
            value = reading(name, second - 0.2, true * (1.0 + reacts[name])).value or 0.0
            features.append(
                reading(name, second - 0.2, 0.0, value=value + rest[name] + noise[name])
            )
        yield float(second), true, features


@pytest.mark.parametrize("names", [ALL, ("heart_rate", "ln_scl"), ("ln_drive",)])
def test_ninety_percent_intervals_hold_ninety_percent(names: tuple[str, ...]) -> None:
    inside = total = 0
    for seed in range(80):
        scale = random.Random(1000 + seed).gauss(0.0, 0.22)
        estimator = Estimator(person(*names))
        for now_s, true, features in noisy_course(seed, scale, 240, names):
            arousal = estimator.update(now_s, features)
            if now_s > 60 and arousal.level is not None:
                inside += abs(arousal.level - true) <= 1.645 * arousal.sd
                total += 1
    print(f"{names}: {inside / total:.3f} of {total}, seeds 0..79")
    assert 0.87 <= inside / total <= 0.93


def test_equal_calls_give_equal_bits() -> None:
    runs = []
    for _ in range(2):
        estimator = Estimator(person(offset_sd=0.1))
        course = noisy_course(3, 0.1, 120, ALL)
        runs.append([estimator.update(now_s, features) for now_s, _, features in course])
    assert runs[0] == runs[1]


@pytest.mark.parametrize("rate_hz", [1.0, 3.0, 60.0, 100.0])
def test_the_tick_rate_does_not_matter(rate_hz: float) -> None:
    def level(at_s: float) -> float:
        return 0.1 if at_s < 60.0 else 0.7

    slow, fast = Estimator(person()), Estimator(person())
    one = {round(t): a for t, a in play(slow, level, 0.0, 120.0, rate_hz=10.0) if t % 1 == 0.0}
    two = {t: a for t, a in play(fast, level, 0.0, 120.0, rate_hz=rate_hz)}
    for second in range(5, 121):
        other = two[min(two, key=lambda t: abs(t - second))]
        assert known(other) == pytest.approx(known(one[second]), abs=0.03)
        assert other.sd == pytest.approx(one[second].sd, abs=0.01)


def test_nothing_that_comes_makes_a_number_that_is_none() -> None:
    draw = random.Random(11)
    estimator = Estimator(person(offset_sd=0.2))
    odd = [0.0, -1e9, 1e9, float("nan"), float("inf"), None, 1e300, -0.0]
    now_s = 0.0
    for step in range(4000):
        now_s += draw.choice([0.0, 0.01, 0.5, 30.0, -1.0])
        features = [
            Feature(
                draw.choice([*ALL, "motion", "breath_rate", "ln_rmssd_prv", "ln_beta_alpha"]),
                draw.choice([*odd, draw.gauss(50.0, 20.0)]),
                "",
                now_s - draw.choice([0.0, 0.5, 5.0, -2.0]),
                draw.choice(["a", "b", "c", "d", f"s{step}"]),
                step,
                quality=draw.choice([0.0, 0.6, 1.0, float("nan")]),
                status=draw.choice(list(Status)),
            )
            for _ in range(draw.randrange(4))
        ]
        rating = draw.choice([None, None, 0.5, float("nan"), 80.0])
        arousal = estimator.update(now_s, features, scene_changed=step % 50 == 0, rating=rating)
        assert arousal.level is None or isfinite(arousal.level)
        assert isfinite(arousal.sd) and arousal.sd > 0.0
        assert all(isfinite(p.pull) and isfinite(p.weight) for p in arousal.parts)
    assert len(arousal.parts) <= 20


def test_a_step_takes_less_than_a_tenth_of_a_millisecond() -> None:
    estimator = settled()
    steps = [
        (120.0 + s / 10, [reading(ALL[s % len(ALL)], 120.0 + s / 10, 0.3)] if s % 2 else [])
        for s in range(3000)
    ]
    best = float("inf")
    for part_ in range(3):
        begun = perf_counter()
        for now_s, features in steps[part_ * 1000 : part_ * 1000 + 1000]:
            estimator.update(now_s, features)
        best = min(best, (perf_counter() - begun) / 1000)
    print(f"{best * 1e6:.0f} us a step")
    assert best < 1e-4
