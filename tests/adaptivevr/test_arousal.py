"""Arousal: manoeuvres with synthetic features, a title and a claim each."""

from dataclasses import replace
from itertools import pairwise
from math import isfinite

import pytest

from adaptivevr.arousal import Estimator
from adaptivevr.belief import REST_LEVEL
from adaptivevr.evidence import State
from sensors.feature import Feature, Status
from tests.adaptivevr.readings import ALL, STREAM, known, person, play, reading, settled

# What it says at rest and after a step


def test_without_a_baseline_there_is_no_level() -> None:
    arousal = Estimator(None).update(1.0, [reading("heart_rate", 1.0, 0.5)])
    assert arousal.level is None
    assert arousal.chance_above(0.5) is None


def test_a_quiet_body_reads_near_quiet() -> None:
    arousal = settled(x=0.05).arousal
    assert known(arousal) == pytest.approx(0.05, abs=0.03)
    assert arousal.sd < 0.2


@pytest.mark.parametrize(("names", "half_s", "most_s"), [(ALL, 10, 35), (("heart_rate",), 16, 70)])
def test_a_step_is_followed_without_haste_and_without_sleep(
    names: tuple[str, ...], half_s: float, most_s: float
) -> None:
    estimator = settled(*names, x=0.1)
    steps = play(estimator, lambda _: 0.7, 120.0, 240.0, names)
    half = next(t for t, a in steps if known(a) >= 0.4) - 120.0
    most = next(t for t, a in steps if known(a) >= 0.64) - 120.0
    print(f"{len(names)} features: half {half:.1f} s, nine tenths {most:.1f} s")
    assert 1.0 < half <= half_s
    assert most <= most_s
    assert known(steps[-1][1]) == pytest.approx(0.7, abs=0.05)


def test_a_new_scene_makes_it_follow_faster() -> None:
    slow, fast = settled(x=0.1), settled(x=0.1)
    slow.update(120.1, [])
    fast.update(120.1, [], scene_changed=True)
    assert fast.arousal.sd == slow.arousal.sd  # nothing happened yet, only more may happen
    play(slow, lambda _: 0.7, 120.1, 126.1)
    play(fast, lambda _: 0.7, 120.1, 126.1)
    assert known(fast.arousal) > known(slow.arousal) + 0.03


def test_sustained_arousal_is_not_forgotten_in_twenty_minutes() -> None:
    estimator = settled(x=0.1)
    steps = play(estimator, lambda _: 0.8, 120.0, 1320.0, rate_hz=2.0)
    assert known(steps[-1][1]) > 0.7


def test_chance_above_is_a_probability_that_falls() -> None:
    arousal = settled(x=0.5).arousal
    chances = [arousal.chance_above(threshold) for threshold in (0.0, 0.35, 0.65, 0.85, 2.0)]
    assert all(c is not None for c in chances)
    assert chances == sorted(chances, key=lambda c: -(c or 0.0))
    assert (chances[0] or 0) > 0.9 and (chances[-1] or 1) < 0.01


# Losing and regaining sensors


@pytest.mark.parametrize("name", ALL)
def test_dropping_or_regaining_a_sensor_moves_nothing_at_once(name: str) -> None:
    estimator = settled(x=0.6)
    rest = tuple(other for other in ALL if other != name)
    before = known(estimator.arousal)
    gone = play(estimator, lambda _: 0.6, 120.0, 150.0, rest)
    assert abs(known(gone[0][1]) - before) <= 0.05
    before = known(gone[-1][1])
    # It comes back telling something else than the others.
    back = play(estimator, lambda _: 0.6, 150.0, 152.0, rest)
    estimator.update(152.1, [reading(name, 152.0, 1.0)])
    assert abs(known(estimator.arousal) - known(back[-1][1])) <= 0.05


@pytest.mark.parametrize("name", ALL)
def test_a_lone_sensor_that_returns_after_a_pause_does_not_jump(name: str) -> None:
    estimator = settled(name, x=0.2)
    levels = [known(estimator.arousal)]
    play(estimator, lambda _: 0.2, 120.0, 127.0, ())
    levels.append(known(estimator.arousal))
    levels += [known(a) for _, a in play(estimator, lambda _: 0.9, 127.0, 140.0, (name,))]
    assert max(abs(b - a) for a, b in pairwise(levels)) <= 0.05


def test_total_loss_ends_as_none_and_doubt_grows() -> None:
    estimator = settled(x=0.1)
    steps = play(estimator, lambda _: 0.1, 120.0, 180.0, ())
    last_s = next(t for t, a in steps if a.level is None)
    print(f"None {last_s - 120.0:.1f} s after the loss, sd after 60 s {steps[-1][1].sd:.3f}")
    assert last_s - 120.0 <= 13.2
    assert all(a.level is None for t, a in steps if t >= last_s)
    assert steps[-1][1].sd > 0.3
    doubts = [a.sd for _, a in steps]
    assert doubts == sorted(doubts)


def test_it_comes_back_after_total_loss() -> None:
    estimator = settled(x=0.1)
    play(estimator, lambda _: 0.1, 120.0, 240.0, ())
    assert estimator.arousal.level is None
    steps = play(estimator, lambda _: 0.6, 240.0, 270.0)
    back_s = next(t for t, a in steps if a.level is not None) - 240.0
    assert back_s <= 10.0
    assert known(steps[-1][1]) == pytest.approx(0.6, abs=0.1)


def test_old_features_that_arrive_late_do_not_count() -> None:
    estimator = settled(x=0.1)
    before = estimator.update(121.0, [])
    after = estimator.update(121.0, [reading("heart_rate", 110.0, 3.0)])
    assert after.level == before.level


def test_the_same_reading_twice_counts_once() -> None:
    once, twice = settled(x=0.1), settled(x=0.1)
    late = reading("heart_rate", 120.5, 0.8)
    once.update(121.0, [late])
    twice.update(121.0, [late, late])
    assert once.arousal == twice.arousal


# Quality, movement, disagreement


@pytest.mark.parametrize(
    "changes",
    [
        {"quality": 0.3},
        {"quality": float("nan")},
        {"value": None},
        {"value": float("nan")},
        {"value": float("inf")},
        {"status": Status.FLAT},
        {"status": Status.CLIPPED},
        {"status": Status.DETACHED},
    ],
)
def test_what_is_not_usable_changes_nothing(changes: dict[str, object]) -> None:
    with_it, without = settled(x=0.1), settled(x=0.1)
    with_it.update(121.0, [reading("heart_rate", 120.6, 1.0, **changes)])
    without.update(121.0, [])
    assert with_it.arousal.level == without.arousal.level
    assert isfinite(with_it.arousal.sd)
    assert part(with_it, "heart_rate").state is State.POOR


def test_poor_quality_weighs_less() -> None:
    clean, poor = settled("heart_rate", x=0.1), settled("heart_rate", x=0.1)
    play(clean, lambda _: 0.8, 120.0, 125.0, ("heart_rate",), quality=1.0)
    play(poor, lambda _: 0.8, 120.0, 125.0, ("heart_rate",), quality=0.55)
    assert known(poor.arousal) < known(clean.arousal) - 0.02
    assert poor.arousal.sd > clean.arousal.sd * 0.9


def part(estimator: Estimator, name: str):  # type: ignore[no-untyped-def]
    return next(p for p in estimator.arousal.parts if p.name == name)


def test_walking_does_not_read_as_fear() -> None:
    estimator = settled("heart_rate", "ln_scl", x=0.1)
    for tick in range(60):
        now_s = 121.0 + tick
        estimator.update(
            now_s,
            [
                Feature("motion", 0.2, "g", now_s - 0.1, "acc", tick),
                reading("heart_rate", now_s - 0.4, 0.9),
                reading("ln_scl", now_s - 0.4, 0.1, quality=1.0),
            ],
        )
        assert estimator.arousal.level is None or estimator.arousal.level < 0.45
    assert part(estimator, "heart_rate").state is State.MOVING


def test_a_wild_reading_is_rejected_and_let_in_after_ten_seconds() -> None:
    estimator = settled(x=0.1)
    states = []
    for tick in range(20):
        now_s = 121.0 + tick
        others = [reading(name, now_s - 0.4, 0.1) for name in ALL if name != "heart_rate"]
        estimator.update(now_s, [*others, reading("heart_rate", now_s - 0.4, 5.0)])
        states.append(part(estimator, "heart_rate").state)
        assert known(estimator.arousal) < 0.15 or tick > 10
    assert states[0] is State.REJECTED
    assert states[9] is State.REJECTED
    assert State.SUSPECT in states[10:13]
    for tick in range(5):
        now_s = 141.0 + tick
        estimator.update(now_s, [reading(name, now_s - 0.4, 0.2) for name in ALL])
    assert part(estimator, "heart_rate").state is State.USED


def test_variability_is_off_while_breathing_is_paced_or_the_rhythm_irregular() -> None:
    estimator = settled(x=0.1)
    estimator.update(121.0, [reading("ln_rmssd", 120.6, 2.0)], paced=True)
    assert part(estimator, "ln_rmssd").state is State.PACED
    estimator.update(122.0, [reading("ln_rmssd", 121.6, 2.0, status=Status.IRREGULAR)])
    assert part(estimator, "ln_rmssd").state is State.POOR
    assert known(estimator.arousal) == pytest.approx(0.1, abs=0.05)


# Several streams, late sensors, relative units


def test_the_same_feature_from_two_streams_counts_once() -> None:
    one, two = settled("heart_rate", x=0.1), settled("heart_rate", x=0.1)
    for tick in range(10):
        now_s = 121.0 + tick
        first = reading("heart_rate", now_s - 0.4, 0.8)
        one.update(now_s, [first])
        two.update(now_s, [first, replace(first, stream="ppg")])
    assert one.arousal.level == two.arousal.level


def test_a_clearly_better_stream_takes_over_without_a_jump() -> None:
    estimator = settled("heart_rate", x=0.1)
    levels = [known(estimator.arousal)]
    for tick in range(60):
        now_s = 121.0 + tick
        poor = reading("heart_rate", now_s - 0.4, 0.1, quality=0.6)
        good = reading("heart_rate", now_s - 0.4, 0.6, quality=1.0, stream="strap")
        levels.append(known(estimator.update(now_s, [poor, good])))
    assert max(abs(b - a) for a, b in pairwise(levels)) < 0.06
    assert levels[-1] == pytest.approx(0.6, abs=0.1)


def test_a_second_skin_sensor_at_another_level_does_not_throw_the_estimate() -> None:
    references = tuple(replace(r, stream=STREAM.get(r.name, "eda")) for r in person().references)
    estimator = Estimator(replace(person(), references=references))
    play(estimator, lambda _: 0.4, 0.0, 120.0)
    for tick in range(60):
        now_s = 121.0 + tick
        features = [reading("heart_rate", now_s - 0.4, 0.4)]
        other = reading("ln_scl", now_s - 0.4, 0.4, stream="wrist")
        features.append(replace(other, value=(other.value or 0.0) - 3.0))
        assert known(estimator.update(now_s, features)) == pytest.approx(0.4, abs=0.05)


@pytest.mark.parametrize("x", [0.1, 0.8])
def test_a_sensor_plugged_in_late_learns_its_rest_without_normalising_fear(x: float) -> None:
    estimator = settled("heart_rate", x=x)
    steps = play(estimator, lambda _: x, 120.0, 180.0, ("heart_rate", "ln_scl"))
    assert all(abs(known(a) - x) < 0.08 for _, a in steps)
    # The heart is lost; the skin alone still knows a change when it comes.
    before = known(estimator.arousal)
    play(estimator, lambda _: x, 180.0, 190.0, ("ln_scl",))
    assert known(estimator.arousal) == pytest.approx(before, abs=0.05)
    play(estimator, lambda _: x + 0.4, 190.0, 250.0, ("ln_scl",))
    assert known(estimator.arousal) == pytest.approx(before + 0.4, abs=0.15)
    assert estimator.arousal.sd > settled("heart_rate", "ln_scl", x=x).arousal.sd


def test_late_sensors_alone_are_no_level() -> None:
    estimator = Estimator(person("heart_rate"))
    steps = play(estimator, lambda _: 0.8, 0.0, 60.0, ("ln_scl", "ln_alpha"))
    assert all(a.level is None for _, a in steps)


def test_relative_streams_widen_doubt_and_say_so() -> None:
    plain, relative = settled("ln_scl", x=0.4), Estimator(person("ln_scl"))
    play(relative, lambda _: 0.4, 0.0, 120.0, ("ln_scl",), status=Status.RELATIVE)
    assert relative.arousal.relative
    assert not plain.arousal.relative
    assert relative.arousal.sd > plain.arousal.sd + 0.03
    assert known(relative.arousal) == pytest.approx(0.4, abs=0.1)
    play(relative, lambda _: 0.4, 120.0, 121.0, ("ln_scl",))
    assert not relative.arousal.relative


def test_a_channel_that_shows_nothing_in_this_person_is_left_out() -> None:
    base = person("heart_rate", "ln_scl")
    silent = replace(base.references[1], responsive=False)
    estimator = Estimator(replace(base, references=(base.references[0], silent)))
    for tick in range(20):
        now_s = 1.0 + tick
        estimator.update(
            now_s,
            [reading("heart_rate", now_s - 0.4, 0.1), reading("ln_scl", now_s - 0.4, 3.0)],
        )
    assert known(estimator.arousal) == pytest.approx(0.1, abs=0.02)
    assert part(estimator, "ln_scl").state is State.SILENT


# The patient's word, and why


def test_a_rating_counts_and_a_flood_of_them_counts_little_more() -> None:
    estimator = settled(x=0.3)
    before = known(estimator.arousal)
    once = known(estimator.update(121.0, [], rating=0.9))
    assert before + 0.05 < once < 0.9
    for _ in range(5):
        again = known(estimator.update(121.0, [], rating=0.9))
    assert again == pytest.approx(once, abs=1e-9)
    assert known(estimator.update(121.0, [], rating=7.0)) == again  # no rating of this scale


def test_a_rating_is_about_the_moment_it_was_asked_for() -> None:
    def rated(age_s: float) -> tuple[float, float]:
        estimator = settled(x=0.2)
        estimator.update(120.0, [], scene_changed=True)
        play(estimator, lambda _: 0.8, 120.0, 126.0)
        before = known(estimator.arousal)
        return before, known(estimator.update(126.0, [], rating=before, rating_age_s=age_s))

    before, now = rated(0.0)
    assert now == pytest.approx(before, abs=1e-3)  # it says what is held already
    before, then = rated(6.0)
    assert then > before + 0.01  # it was as high six seconds ago, and has risen since


def test_the_parts_add_up_to_the_level() -> None:
    estimator = settled(x=0.5)
    estimator.update(121.0, [reading("ln_scl", 120.5, 1.1)], rating=0.8)
    parts = estimator.arousal.parts
    weight, pull = sum(p.weight for p in parts), sum(p.pull for p in parts)
    assert {p.name for p in parts} == {*ALL, "rating"}
    assert pull + (1.0 - weight) * REST_LEVEL == pytest.approx(known(estimator.arousal))
    assert 0.5 < weight <= 1.0
    assert all(p.weight >= -1e-6 for p in parts)


def test_reading_changes_nothing() -> None:
    estimator = settled(x=0.5)
    first = estimator.arousal
    assert estimator.arousal is first
    again = settled(x=0.5, until_s=120.0)
    assert again.arousal == first
    again.update(121.0, [])
    last = again.arousal
    assert again.update(121.05, []) is last  # a tenth of a second has not passed
