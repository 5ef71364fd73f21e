"""The proof hands out work in shares, yokes by order, and says how to repeat a failure."""

from collections import Counter
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from calibration.prior import population
from sensors.patient import Patient, Seen
from tests.benchmarks.closed_loop import EXPOSED, FIRST, HEART, OTHERS, PEOPLE, WAVES, Proof, jobs
from tests.simulation import arms
from tests.simulation.arms import Twist
from tests.simulation.clinic import Guest, clinic
from tests.simulation.jobs import Job
from tests.simulation.kept import Kept, audited, auditor

GUEST = Guest("normal", 1)


def finished(result: dict[str, Any]) -> Future[dict[str, Any]]:
    future: Future[dict[str, Any]] = Future()
    future.set_result(result)
    return future


def test_the_plan_may_be_cut_anywhere_and_keeps_its_shares() -> None:
    plan = jobs([FIRST, "inhibitory_exposure", HEART, "calm"])
    own = Counter(job.protocol for job in plan if job.arm == "own")
    assert own == {FIRST: PEOPLE, "inhibitory_exposure": EXPOSED, HEART: OTHERS, "calm": OTHERS}
    assert sum(job.arm == "wave" for job in plan) == WAVES
    half = plan[: len(plan) // 2]
    for name, count in own.items():
        done = sum(job.arm == "own" and job.protocol == name for job in half)
        assert abs(done / count - 0.5) < 0.1
    assert [job.guest for job in half if job.arm == "own" and job.protocol == FIRST][:9] == list(
        clinic(PEOPLE)[:9]
    )
    assert {job.twist for job in half if job.arm == "twist"} == {
        Twist(lag_s=20.0), Twist(gain=0.5), Twist(gain=2.0),
    }  # fmt: skip
    assert any(job.arm == "probe" and job.guest.kind == "rhythmless" for job in half)


def test_people_that_are_asked_for_are_all_there() -> None:
    plan = jobs(["calm", "inhibitory_exposure"], people=30, waves=2)
    own = Counter(job.protocol for job in plan if job.arm == "own")
    assert own == {"calm": 30, "inhibitory_exposure": 30}
    assert not any(job.arm in ("wave", "twist", "probe") for job in plan)
    others = jobs(["calm"], people=30, first_seed=1000)
    assert {job.guest.seed for job in others if job.arm == "own"} == set(range(1000, 1030))


def test_a_mind_alone_feels_what_the_whole_patient_feels() -> None:
    guest = Guest("panic_prone", 5)
    loads = [0.0] * 50 + [0.004 * n for n in range(200)] + [0.2] * 50
    alone, mind = arms.under(guest, loads)
    patient = Patient(guest.kind, guest.seed, 0.0, "features")
    whole = []
    for load in loads:
        patient.step(0.2, Seen(load))
        whole.append(patient.truth.arousal)
    assert alone.tolist() == whole
    assert alone.max() > 0.5
    assert arms.remaining_fear(mind) == arms.remaining_fear(patient)


def test_a_calibration_is_handed_on() -> None:
    proof, made = Proof(), population("guest")
    job = Job("own", "calm", GUEST)
    assert proof.ready(job) == job
    proof.take(job, finished({"baseline": made, "violations": []}))
    assert "baseline" not in proof.done[0][1]
    assert proof.ready(Job("own", FIRST, GUEST)).baseline is made


def test_the_guest_before_is_yoked_to_what_was_shown() -> None:
    proof = Proof(before={(FIRST, 5): Guest("usual", 4)})
    own = Job("own", FIRST, Guest("usual", 5))
    (follow,) = proof.take(own, finished({"loads": (0.0, 0.1), "from_s": 121.0, "violations": []}))
    assert (follow.arm, follow.guest, follow.loads) == ("yoked", Guest("usual", 4), (0.0, 0.1))
    assert follow.from_s == 121.0
    assert not proof.take(Job("own", FIRST, GUEST), finished({"loads": (0.1,), "from_s": 1.0}))
    assert not proof.failed


def test_a_failing_seed_is_printed_with_the_command_that_runs_it_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    proof = Proof()
    proof.take(Job("own", "calm", Guest("slow", 17)), finished({"violations": ["sd", "sd"]}))
    assert "python -m tests.simulation --one own calm slow 17" in capsys.readouterr().err
    assert proof.failed[0]["why"] == "broke sd"
    broken: Future[dict[str, Any]] = Future()
    broken.set_exception(ValueError("no such thing"))
    proof.take(Job("own", "calm", Guest("slow", 18)), broken)
    assert proof.failed[1]["why"] == "ValueError: no such thing"


def test_the_audit_from_memory_sees_a_rise_that_the_gates_forbade() -> None:
    protocol = arms.forty_minutes(FIRST)
    phases = replace(protocol.phases, quiet_s=60.0)
    encounter = arms.own(GUEST, replace(protocol, phases=phases))
    track = encounter.run(110.0)
    assert track.intensity.max() > 0.05
    assert audited(encounter).increases > 100
    assert not audited(encounter).violations
    going = arms.own(GUEST, replace(protocol, phases=phases), keep=False)
    going.auditor = auditor(going.plan)
    going.run(110.0)
    assert going.audit == audited(encounter)
    assert not going.documents
    assert [d["seq"] for d, _, _ in Kept(encounter).inputs()] == list(range(1, 1101))
    spoilt = encounter.documents[1000]
    spoilt["sd"] = 0.5
    spoilt["intensity"] = encounter.documents[999]["intensity"] + 0.2
    assert {violation.rule for violation in audited(encounter).violations} & {"rise", "sd"}


def test_a_late_estimate_is_the_one_of_then() -> None:
    protocol = arms.forty_minutes(FIRST)
    protocol = replace(protocol, phases=replace(protocol.phases, quiet_s=60.0))
    plain = arms.own(GUEST, protocol).run(61.5).estimate
    strong = arms.own(GUEST, protocol, Twist(gain=2.0)).run(61.5).estimate
    late = arms.own(GUEST, protocol, Twist(lag_s=20.0)).run(75.0).estimate
    first = int(np.flatnonzero(np.isfinite(plain))[0])
    assert strong[first] == pytest.approx(2.0 * plain[first])
    assert not np.isfinite(late).any()  # still from before there was an estimate
