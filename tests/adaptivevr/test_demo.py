"""The demonstration in one process: the loop is closed, and the patient's own answers come in."""

import itertools
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from statistics import fmean

import pytest

from adaptivevr.__main__ import _parser
from adaptivevr.check import audit
from adaptivevr.clock import SimulatedClock
from adaptivevr.demo import CUE_EVERY_S, FAST_HZ, Beside, See, plan_for, warm_up
from adaptivevr.recorded import read_recording
from adaptivevr.simulate import Body, PatientSource, Watcher
from adaptivevr.sitting import Setting, Sitting
from adaptivevr.tick import Tick
from sensors.patient import Patient
from sensors.stream import Kind
from tests.replay.play import Play, intensities, plan

START_S = 1000.0


def options(*words: str) -> Namespace:
    return _parser().parse_args(["demo", "--no-browser", "--speed", "1000", *words])


def fast(
    kind: str, seed: int, seconds: float, record: Path | None = None, detail: str = "features"
) -> tuple[Sitting, PatientSource]:
    """The fast demonstration as it runs, with fewer sensors."""
    clock, watcher = SimulatedClock(START_S), Watcher()
    source = PatientSource(
        Body(Patient(kind, seed, START_S, detail), START_S), clock, watcher
    )  # fmt: skip
    made = plan_for(options("--patient", kind, "--seed", str(seed)))
    sitting = Sitting(made, clock, Setting(record, serve=False, rate_hz=10.0, duration_s=seconds))
    sitting.run(source, after_tick=(See(sitting, source, watcher).take,))
    return sitting, source


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_minute_moves_the_scene_and_breaks_no_rule(seed: int, tmp_path: Path) -> None:
    sitting, _ = fast("normal", seed, 60.0, tmp_path / "a.xdf")
    document = sitting.document()
    assert document["error"] is None and document["notes"] == []
    assert document["intensity_max"] - document["intensity_min"] >= 0.2
    found = audit(tmp_path / "a.xdf")
    assert found.violations == [] and found.increases > 10


def test_the_patient_answers_what_it_is_asked() -> None:
    sitting, source = fast("normal", 1, 60.0)
    assert source.answers == [] and len(source.truths) >= 600
    assert sitting.loop is not None
    assert sitting.loop.session.panel(START_S + 60.0).rating is not None


def test_the_clinician_beside_agrees_to_cues_and_plays_them_one_by_one(tmp_path: Path) -> None:
    clock, watcher, file = SimulatedClock(START_S), Watcher(), tmp_path / "cues.xdf"
    source = PatientSource(Body(Patient("normal", 1, START_S, "features"), START_S), clock, watcher)
    made = plan_for(options("--scene", "street"))
    rules = made.protocol  # long on a low level: higher up arousal soon closes a gate
    limits = replace(rules.limits, dwell_s=300.0)
    easy = replace(rules.exposure, easy_after_s=300.0)
    rules = replace(rules, cues="vetted", limits=limits, exposure=easy)
    made = replace(made, protocol=rules)
    setting = Setting(file, serve=False, rate_hz=10.0, duration_s=200.0)
    sitting = Sitting(made, clock, setting)
    see, kept = See(sitting, source, watcher), list[Tick]()
    beside = Beside(see, 0.65, see.cards)
    sitting.run(source, after_tick=(see.take, beside.take, kept.append))
    came = [(tick.now_s, cue.name) for tick in kept for cue in tick.cues if cue.played]
    assert len(came) >= 2 and len({name for _, name in came}) == len(came)
    assert all(b - a >= CUE_EVERY_S for (a, _), (b, _) in itertools.pairwise(came))
    found = audit(file)
    assert found.violations == [] and found.cues == len(came)
    said = read_recording(file).commands
    assert {c["name"] for c in said if c["command"] == "Vet"} == {c.name for c in made.scene.cues}
    assert [c["played"] for c in said if c["command"] == "Heard"] == [True] * len(came)


def test_nobody_in_the_headset_and_nothing_rises() -> None:
    sitting, source = fast("none", 1, 120.0)
    assert sitting.document()["intensity_max"] == 0.0
    assert all(truth.arousal == 0.0 for truth in source.truths)


def test_a_yoked_patient_spends_more_time_in_too_much() -> None:
    """Fed another's intensity a panic-prone patient is above 0.85 more often than in the loop."""
    leader = Play("normal", hz=5.0)
    leader.run(400.0)
    shown = intensities(leader.ticks)
    shares = []
    for yoke in (None, lambda since_s: shown[min(int(since_s * 5.0), len(shown) - 1)]):
        above = []
        for seed in (1, 2):
            follower = Play("panic_prone", seed, hz=5.0, shown=yoke)
            follower.run(400.0)
            above.append(fmean(t > 0.85 for t in follower.truths))
        shares.append(fmean(above))
    assert shares[1] > shares[0] + 0.05, shares


def test_a_panic_prone_patient_is_met_with_less() -> None:
    means = {}
    for kind in ("normal", "panic_prone"):
        play = Play(kind, hz=5.0)
        play.run(400.0)
        means[kind] = fmean(intensities(play.ticks))
    assert means["panic_prone"] < means["normal"] - 0.05, means


def test_orders_of_the_panel_reach_the_body() -> None:
    body = Body(Patient("normal", 1, START_S, "features"), START_S)
    watcher = Watcher()
    body.told({"do": "unplug", "kind": "eda"})
    kinds = {c.stream.kind for c in body.step(START_S + 5.0, watcher)[0]}
    assert Kind.EDA not in kinds
    body.told({"do": "plug", "kind": "eda"})
    calm = body.patient.truth.arousal
    body.told({"do": "frighten"})
    chunks, _ = body.step(START_S + 7.0, watcher)
    assert Kind.EDA in {c.stream.kind for c in chunks if len(c)}
    assert body.patient.truth.arousal > calm + 0.1


def test_time_that_stands_still_gives_no_samples() -> None:
    body = Body(Patient("normal", 1, START_S, "features"), START_S)
    assert body.step(START_S, Watcher()) == ((), ())
    assert body.step(START_S - 3.0, Watcher()) == ((), ())


def test_the_warm_up_leaves_no_trace() -> None:
    made = plan()
    warm_up(made)
    again, other = Play(hz=5.0, plan=made), Play(hz=5.0, plan=made)
    assert all(a == b for a, b in itertools.zip_longest(again.run(5.0), other.run(5.0)))


def test_its_rate_is_one_that_the_engine_is_right_at() -> None:
    assert 1.0 <= FAST_HZ <= 100.0
