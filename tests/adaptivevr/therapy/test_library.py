"""Every protocol from its start to its end, whole sessions with a patient who answers."""

from dataclasses import replace

import pytest

from adaptivevr.guard import Ruling
from adaptivevr.therapy.intent import Why
from adaptivevr.therapy.protocol import library, load
from adaptivevr.therapy.view import hierarchy
from scenes import scene as scenes
from tests.adaptivevr.therapy.whole import Whole

# Short of time but not of rules: (protocol, its tables shortened, the phases that must come).
SHORT: dict[str, tuple[dict[str, dict[str, float]], list[str]]] = {
    "approach_test": ({}, ["quiet", "step", "stay", "rate", "more", "cooldown", "end"]),
    "trauma_graded": (
        {"phases": {"main_s": 330.0}},
        ["vetting", "quiet", "ramp", "hold", "cooldown", "end"],
    ),
    "inhibitory_exposure": (
        {"phases": {"main_s": 330.0}},
        ["quiet", "expect", "ramp", "dwell", "outcome", "cooldown", "end"],
    ),
    "pain_distraction": (
        {"phases": {"main_s": 200.0}},
        ["quiet", "before", "play", "after", "cooldown", "end"],
    ),
    "pain_programme": (
        {"programme": {"breathing_s": 60.0, "activity_s": 60.0}},
        ["quiet", "before", "education", "breathing", "activity", "movement", "diary", "end"],
    ),
    "activation": (
        {"activation": {"goal_s": 40.0}},
        ["quiet", "before", "goal", "outcome", "more", "after", "plan", "cooldown", "end"],
    ),
    "mirror_therapy": (
        {"mirror": {"trials": 15}},
        ["quiet", "before", "laterality", "after", "cooldown", "end"],
    ),
    "hrv_biofeedback": (
        {"breathing": {"block_s": 60.0, "blocks": 1, "own_less": 8.0}},
        ["quiet", "pace", "train", "cooldown", "end"],
    ),
}


@pytest.mark.parametrize("name", SHORT)
def test_a_protocol_runs_to_its_end_and_breaks_no_rule(name: str) -> None:
    tables, expected = SHORT[name]
    protocol = load(name)
    for table, changes in tables.items():
        protocol = replace(protocol, **{table: replace(getattr(protocol, table), **changes)})
    protocol = replace(protocol, phases=replace(protocol.phases, quiet_s=60.0))
    whole = Whole(protocol, hz=2.0)
    whole.run()
    assert whole.ticks[-1].phase == "end", whole.ticks[-1].intent
    assert [phase for phase in expected if phase not in whole.phases()] == []
    assert whole.ticks[-1].decision.intensity < 1e-9
    limits = protocol.limits
    for before, after in zip(whole.ticks, whole.ticks[1:], strict=False):
        rise = after.decision.intensity - before.decision.intensity
        assert rise <= limits.rise_per_s / whole.hz + 1e-9
        assert after.decision.intensity <= limits.ceiling + 1e-9
        if rise > 1e-9:
            assert all(is_open for _, is_open in after.decision.gates), after.decision
            assert after.decision.reason is not Ruling.STOPPED
    assert whole.measures()


def test_each_reason_has_an_english_sentence() -> None:
    from adaptivevr.console import sentence
    from adaptivevr.therapy.intent import Said

    assert set(sentence._WHY) == set(Why) and set(sentence._SAID) == set(Said)


@pytest.mark.parametrize("name", library())
def test_each_protocol_has_its_scene_with_enough_levels(name: str) -> None:
    protocol = load(name)
    scene = scenes.load(protocol.scene)
    levels = hierarchy(level.intensity for level in scene.levels)
    assert protocol.first_level < len(levels)
    if protocol.controller in ("relaxation", "breathing", "meditation"):
        assert any(parameter.role == "ambient" for parameter in scene.parameters)
