"""Reward is for breathing with the pacer, seen in the heart: not for chance, not for sitting."""

from dataclasses import replace

import pytest

from adaptivevr.session import Session
from adaptivevr.therapy import protocol as protocols
from adaptivevr.therapy.intent import Why
from adaptivevr.tick import Tick
from sensors.patient import Patient
from sensors.stream import Kind
from tests.simulation import arms
from tests.simulation.clinic import Guest
from tests.simulation.encounter import START_S, Encounter


def trained(kind: str, seed: int, seconds: float = 900.0) -> tuple[dict[str, float], float, float]:
    """A quarter of an hour: the protocol's figures, share of time paid, how breath kept step."""
    protocol = protocols.load("hrv_biofeedback")
    plan = arms.plan_of(Guest(kind, seed), protocol, arms.place_of(protocol))
    patient = Patient(kind, seed, START_S, "features", True, (Kind.RR,))
    figures: dict[str, float] = {}
    paid = [0, 0]

    def note(_: Encounter, tick: Tick) -> None:
        figures.update(tick.intent.measures)
        if tick.phase == "train":
            paid[0] += tick.intent.reason is Why.REWARD
            paid[1] += 1

    encounter = Encounter(replace(plan, seed=seed), patient, Session(plan), watch=note, keep=False)
    track = encounter.run(seconds)
    print(f"python -m tests.simulation --one own hrv_biofeedback {kind} {seed}")
    return figures, paid[0] / max(1, paid[1]), float(track.in_step[-3000:].mean())


@pytest.mark.slow
def test_who_follows_the_pacer_raises_rsa_and_is_rewarded() -> None:
    figures, paid, in_step = trained("normal", 2)
    assert in_step > 0.6
    assert figures["rsa_train_ms"] > 1.2 * figures["rsa_rest_ms"]
    assert paid > 0.3


@pytest.mark.slow
def test_who_does_not_follow_is_rewarded_far_less() -> None:
    _, paid, in_step = trained("restless", 2)
    assert in_step < 0.5
    assert paid < 0.15


@pytest.mark.slow
def test_a_random_walk_is_never_rewarded() -> None:
    _, paid, _ = trained("rhythmless", 1)
    assert paid == 0.0
