"""The quiet phase: robust numbers, honest refusals, nothing from before it began."""

import random
from collections.abc import Callable

import pytest

from calibration.baseline import Baseline
from calibration.collector import Collector, Refusal
from sensors.feature import Feature, Status

AT_REST = {"heart_rate": (65.0, 2.0, 30.0), "ln_scl": (1.0, 0.03, 10.0), "ln_alpha": (2.0, 0.3, 4)}


def sit(
    collector: Collector,
    seconds: float,
    names: tuple[str, ...] = tuple(AT_REST),
    change: Callable[[str, float, float], dict[str, object]] = lambda name, at_s, value: {},
    start_s: float = 100.0,
) -> float:
    """Features once a second from someone at rest; returns the time at the end."""
    draw = random.Random(5)
    collector.update(start_s, [])
    for second in range(1, round(seconds) + 1):
        now_s = start_s + second
        features = []
        for name in names:
            middle, sd, window_s = AT_REST[name]
            value = draw.gauss(middle, sd)
            facts = {
                "value": value,
                "quality": 1.0,
                "status": Status.OK,
                "window_s": float(window_s),
                **change(name, now_s - start_s, value),
            }
            at_s = now_s - 0.3
            features.append(Feature(name, facts.pop("value"), "", at_s, name[:4], second, **facts))  # type: ignore[arg-type]
        collector.update(now_s, features)
    return start_s + round(seconds)


def made(result: Baseline | Refusal) -> Baseline:
    assert isinstance(result, Baseline), result
    return result


def refused(result: Baseline | Refusal) -> str:
    assert isinstance(result, Refusal), result
    return " ".join(result.sentences)


@pytest.mark.parametrize("seconds", [120.0, 300.0])
def test_a_quiet_phase_gives_offsets_with_wide_scale(seconds: float) -> None:
    collector = Collector(seconds, "ada")
    baseline = made(collector.baseline(sit(collector, seconds)))
    heart = baseline.of("heart_rate")
    assert heart is not None and heart.offset is not None
    assert heart.offset + 0.05 * heart.slope == pytest.approx(65.0, abs=1.0)
    assert 2.0 <= heart.sd <= 4.0
    assert 0.0 < heart.offset_sd < 1.5
    assert baseline.patient == "ada"
    assert baseline.prior_only and baseline.scale_sd == 0.28
    skin = baseline.of("ln_scl")
    assert skin is not None and skin.stream == "ln_s" and heart.stream == ""


def test_eight_seconds_are_enough_to_begin_and_claim_little() -> None:
    def filling(name: str, at_s: float, value: float) -> dict[str, object]:
        return {"window_s": at_s, "status": Status.SETTLING}

    collector = Collector(8.0, "ada")
    baseline = made(collector.baseline(sit(collector, 8.0, change=filling)))
    heart = baseline.of("heart_rate")
    assert heart is not None
    assert heart.sd > 3.5  # the population's, hardly this person's
    assert heart.offset_sd > 2.5


def test_what_was_measured_before_the_phase_does_not_count() -> None:
    def excited(name: str, at_s: float, value: float) -> dict[str, object]:
        # Before and while the windows still reach back, the heart is 30 beats faster.
        return {"value": value + (30.0 if name == "heart_rate" and at_s < 30.0 else 0.0)}

    collector = Collector(80.0)
    baseline = made(collector.baseline(sit(collector, 80.0, change=excited)))
    heart = baseline.of("heart_rate")
    assert heart is not None and heart.offset is not None
    assert heart.offset == pytest.approx(64.25, abs=1.0)


def test_one_wild_stretch_moves_the_middle_little() -> None:
    def wild(name: str, at_s: float, value: float) -> dict[str, object]:
        return {"value": value + (80.0 if name == "heart_rate" and 60 < at_s < 75 else 0.0)}

    collector = Collector(120.0)
    heart = made(collector.baseline(sit(collector, 120.0, change=wild))).of("heart_rate")
    assert heart is not None and heart.offset == pytest.approx(64.25, abs=1.5)


def loose(name: str, at_s: float, value: float) -> dict[str, object]:
    if name != "ln_scl":
        return {}
    return {"value": None, "quality": 0.0, "status": Status.DETACHED} if at_s % 2 else {}


def gone(name: str, at_s: float, value: float) -> dict[str, object]:
    return {"quality": 0.1} if name == "ln_scl" else {}


def test_a_loose_electrode_is_refused_by_name_in_a_calibration() -> None:
    collector = Collector(300.0, strict=True)
    text = refused(collector.baseline(sit(collector, 300.0, change=gone)))
    assert "Skin conductance must be usable 80%" in text
    assert "electrodes" in text
    assert "Heart" not in text


def test_without_calibration_a_bad_sensor_is_left_out_and_said() -> None:
    collector = Collector(120.0)
    baseline = made(collector.baseline(sit(collector, 120.0, change=gone)))
    assert baseline.of("ln_scl") is None
    assert "Skin conductance" in baseline.note
    assert baseline.of("heart_rate") is not None


def test_readings_every_other_second_still_vouch_for_all_of_it() -> None:
    collector = Collector(120.0, strict=True)
    assert isinstance(collector.baseline(sit(collector, 120.0, change=loose)), Baseline)


@pytest.mark.parametrize(
    ("name", "per_min", "words"),
    [("heart_rate", 4.0, "Heart rate should change"), ("ln_scl", 0.3, "electrodes warm up")],
)
def test_an_unsettled_body_is_told_to_wait(name: str, per_min: float, words: str) -> None:
    def rising(this: str, at_s: float, value: float) -> dict[str, object]:
        return {"value": value + (per_min * at_s / 60.0 if this == name else 0.0)}

    strict, easy = Collector(300.0, strict=True), Collector(300.0)
    assert words in refused(strict.baseline(sit(strict, 300.0, change=rising)))
    reference = made(easy.baseline(sit(easy, 300.0, change=rising))).of(name)
    steady = Collector(300.0)
    calm = made(steady.baseline(sit(steady, 300.0))).of(name)
    assert reference is not None and calm is not None
    assert reference.offset_sd > 2 * calm.offset_sd


def test_movement_is_refused_with_its_size() -> None:
    collector = Collector(120.0, strict=True)
    end_s = sit(collector, 120.0)
    collector.update(
        end_s, [Feature("motion", 0.07, "g", end_s - t, "acc", t) for t in range(100, 0, -1)]
    )
    assert "0.07 g" in refused(collector.baseline(end_s))


def test_nothing_at_all_is_refused() -> None:
    collector = Collector(120.0)
    assert "none came" in refused(collector.baseline(sit(collector, 120.0, ())))


def test_a_refused_phase_goes_on_until_it_is_good() -> None:
    def late(name: str, at_s: float, value: float) -> dict[str, object]:
        return {"quality": 0.1} if at_s < 100 else {}

    collector = Collector(60.0)
    end_s = sit(collector, 60.0, change=late)
    assert isinstance(collector.baseline(end_s), Refusal)
    collector = Collector(60.0)
    assert isinstance(collector.baseline(sit(collector, 200.0, change=late)), Baseline)


def test_the_better_of_two_streams_is_taken() -> None:
    collector = Collector(120.0)
    collector.update(0.0, [])
    for second in range(1, 121):
        facts = {"window_s": 10.0}
        collector.update(
            float(second),
            [
                Feature("ln_scl", 1.0, "", second - 0.1, "a", second, quality=0.6, **facts),
                Feature("ln_scl", 3.0, "", second - 0.1, "b", second, quality=1.0, **facts),
            ],
        )
    skin = made(collector.baseline(120.0)).of("ln_scl")
    assert skin is not None and skin.stream == "b"
    assert skin.offset == pytest.approx(3.0 - 0.05 * 0.35)


def test_progress() -> None:
    collector = Collector(100.0)
    assert collector.progress(5.0) == 0.0
    collector.update(10.0, [])
    assert collector.progress(60.0) == 0.5
    assert collector.progress(500.0) == 1.0
