"""Flashes counted, and pictures judged: made-up pictures that break one rule each."""

import json
from pathlib import Path

import numpy as np
import pytest

from scenes.flash import (
    FlashCounter,
    Picture,
    luminance,
    most_flashes,
    picture_problems,
    stripe_area,
)

CASES = json.loads((Path(__file__).parent / "flash_cases.json").read_text())["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_flashes_are_counted(case: dict[str, list[float]]) -> None:
    counter = FlashCounter()
    told = [counter.update(t, y) for t, y in zip(case["times_s"], case["luminance"], strict=True)]
    assert told == case["flashes"]


def test_a_luminance_within_its_slew_can_never_flash_more_than_once_a_second() -> None:
    rng = np.random.default_rng(5)
    times_s = np.arange(0, 60, 1 / 60)
    for _ in range(20):
        # The wildest course that 0.3 of full a second allows: the way changes at random.
        ways = np.repeat(rng.choice((-1, 1), 400), rng.integers(1, 60, 400))[: len(times_s)]
        course = np.clip(0.5 + np.cumsum(ways * 0.3 / 60), 0, 1)
        assert most_flashes(times_s.tolist(), course.tolist()) <= 1


def flat(grey: float, red: float | None = None) -> Picture:
    picture = np.full((60, 96, 3), round(grey * 255), np.uint8)
    if red is not None:
        picture[:, 48:] = (round(red * 255), 0, 0)
    return picture


def test_a_calm_scene_has_no_problem() -> None:
    sweep = [flat(0.4 + 0.01 * k) for k in range(21)]
    assert list(picture_problems(sweep, 20.0, [flat(0.5)] * 60, 30.0)) == []


@pytest.mark.parametrize(
    ("sweep", "moving", "said"),
    [
        ([flat(0.2)] * 10 + [flat(0.9)] * 11, [flat(0.2)] * 60, "any path of intensity"),
        ([flat(0.05 * k) for k in range(21)], [flat(0.2)] * 60, "stay within 0.5"),
        ([flat(0.5)] * 21, [flat(0.3 + 0.4 * (k // 3 % 2)) for k in range(60)], "one flash"),
        ([flat(0.5)] * 21, [flat(0.5, red=0.9 * (k // 3 % 2)) for k in range(60)], "red flash"),
    ],
)
def test_what_glares_is_named(sweep: list[Picture], moving: list[Picture], said: str) -> None:
    assert any(said in p for p in picture_problems(sweep, 20.0, moving, 30.0))


def test_stripes_are_seen_and_a_lively_picture_is_none() -> None:
    x = np.arange(960) / 8.6  # degrees
    bars = np.tile(0.5 + 0.45 * np.sign(np.sin(2 * np.pi * 2.0 * x)), (600, 1))
    assert stripe_area(bars, 8.6) > 0.9
    noise = np.random.default_rng(3).random((600, 960))
    assert stripe_area(noise, 8.6) == 0.0
    faint = 0.5 + 0.1 * (bars - 0.5)
    assert stripe_area(faint, 8.6) == 0.0
    some = noise.copy()
    some[:, :120] = bars[:, :120]
    assert 0.0 < stripe_area(some, 8.6) < 0.25


def test_luminance_is_that_of_light_not_of_numbers() -> None:
    assert luminance(flat(0.5)).mean() == pytest.approx(0.2158, abs=0.002)
