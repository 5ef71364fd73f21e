"""Sessions in which everything goes wrong, and guards that were spoilt on purpose: all caught."""

import math
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, cast

import numpy as np
import pytest

from adaptivevr import guard
from adaptivevr.check import Audit, Auditor
from adaptivevr.guard import Bounds, Facts, Guard
from adaptivevr.limits import Limits
from adaptivevr.recorded import Recorded
from sensors.chunk import Chunk
from sensors.stream import Kind, Stream
from tests.faults.session import Outcome, run

SEEDS = (0, 1, 2, 9)
CEILING = 0.55
SKIN = Stream("eda", "palm", Kind.EDA, 4.0, "uS", channels=("eda",), used=(0,))


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    """Four sessions of four minutes; `.ci/run` has 500 of ten."""
    return [run(seed, seconds=240.0) for seed in SEEDS]


def test_nothing_rises_while_any_gate_is_closed(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        again = f"python -m tests.benchmarks.faults --seed {outcome.seed}"
        assert outcome.violations == (), again
        assert outcome.ticks > 400


def test_the_sessions_go_through_every_mode_and_sometimes_rise(outcomes: list[Outcome]) -> None:
    assert sum(o.increases for o in outcomes) > 20 and sum(o.cues for o in outcomes) > 5
    assert {m for o in outcomes for m in o.modes} >= {"auto", "freeze"}


class _Header:
    def __init__(self) -> None:
        limits = asdict(Limits(rise_per_s=0.05, ceiling=CEILING))
        self.commands = ()
        self.document: dict[str, Any] = {
            "protocol": {
                "name": "storm", "controller": "exposure", "sensors": ["skin"], "limits": limits,
                "exposure": {"first_level": 1},
            },
            "scene": {"levels": [{"intensity": n / 20} for n in range(1, 21)]},
        }  # fmt: skip


def storm(seed: int = 1, ticks: int = 3000) -> Audit:
    """A guard that is always asked for everything, while gates open and close by chance."""
    rng, shown, auditor = np.random.default_rng(seed), Guard(), Auditor(cast(Recorded, _Header()))
    bounds = Bounds(rise_per_s=0.05, ceiling=CEILING)
    fresh_s, sd, found = 0.0, 0.15, Audit()
    for n in range(1, ticks):
        now_s = n / 5
        silent = int(now_s / 10) % 3 == 1  # ten seconds out of thirty without a sample
        if n % 25 == 0:
            sd = float(rng.uniform(0.05, 0.5))
        wish = 1.0 if int(now_s / 20) % 2 else 0.1
        chunks = []
        if not silent:
            fresh_s = now_s
            chunks = [Chunk(SKIN, np.array([now_s]), 0.0, rng.normal(5.0, 1.0, (1, 1)))]
        facts = Facts(
            mode="auto", arousal=0.1, sd=sd, age_s=now_s - fresh_s, quality=0.9, heart_bpm=70.0
        )
        decision = shown.update(now_s, wish, (), facts, bounds)
        document = {
            "seq": n, "now_s": now_s, "intensity": decision.intensity, "mode": decision.mode,
            "arousal": facts.arousal, "sd": sd, "commands": (),
        }  # fmt: skip
        found = auditor.take(document, chunks, [])
    return found


def test_a_sound_guard_in_a_storm_breaks_nothing() -> None:
    found = storm()
    assert found.increases > 300
    # The modes are not asked here: that automation should have frozen is theirs to know.
    assert {v.rule for v in found.violations} <= {"loss"}


def _always(name: str) -> Callable[..., dict[str, bool]]:
    sound = guard.gates
    return lambda *args: {**sound(*args), name: True}


@pytest.mark.parametrize(
    ("rule", "name", "spoilt"),
    [
        ("sd", "gates", _always("sd")),
        ("stale", "gates", _always("fresh")),
        ("ceiling", "_unit", lambda x, otherwise=0.0: math.ceil(8.0 * x) / 8.0),
    ],
)
def test_a_spoilt_guard_is_caught(
    monkeypatch: pytest.MonkeyPatch, rule: str, name: str, spoilt: object
) -> None:
    monkeypatch.setattr(guard, name, spoilt)
    assert rule in {v.rule for v in storm().violations}
