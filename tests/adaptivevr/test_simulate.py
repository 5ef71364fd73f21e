"""The simulated patient as others meet it: a watcher of the scene, outlets that come and go."""

import json
import secrets
import subprocess
import sys

import numpy as np
import pytest

from adaptivevr.simulate import Body, Outlets, Watcher, answer_message
from sensors.lsl import look
from sensors.patient import Answer, Patient, Seen
from sensors.stream import Kind
from tests.until import until

SUDS = {"name": "suds", "min": 0, "max": 100, "step": 10, "low": "none", "high": "worst"}


def frame(seq: int, intensity: float, rest: bool = False) -> str:
    return json.dumps({"v": 1, "type": "frame", "seq": seq, "intensity": intensity, "rest": rest})


def test_a_watcher_sees_the_newest_frame_and_rest_is_nothing_to_fear() -> None:
    watcher = Watcher()
    assert watcher.take(frame(5, 0.4)) and not watcher.take(frame(4, 0.9))
    assert watcher.look()[0].intensity == 0.4
    assert watcher.take(frame(6, 0.9, rest=True))
    assert watcher.rest and watcher.look()[0].intensity == 0.0


def test_a_watcher_hears_each_question_and_cue_once_and_the_pacer_while_it_runs() -> None:
    watcher = Watcher()
    pace = {"start_s": 1.0, "in_s": 4.0, "hold_s": 0.0, "out_s": 6.0, "rest_s": 0.0}
    for message in (
        {"type": "prompt", "id": "q", "kind": "rating", "text": "How is it?", "scale": SUDS},
        {"type": "prompt", "id": "i", "kind": "info", "text": "Look around."},
        {"type": "cue", "id": "c", "name": "thunder", "at_s": 1.0},
        {"type": "pacer", **pace},
    ):
        assert not watcher.take(json.dumps({"v": 1, **message}))
    watcher.take(frame(1, 0.2))
    seen, asked = watcher.look()
    assert asked == (("q", "suds"),) and tuple(seen.cues) == ("thunder",)
    assert seen.pacer == (1.0, 4.0, 0.0, 6.0, 0.0)
    seen, asked = watcher.look()
    assert not asked and not seen.cues
    assert watcher.played() == ("c",) and watcher.played() == ()
    watcher.take(frame(2, 0.2, rest=True))
    watcher.take(json.dumps({"v": 1, "type": "cue", "id": "d", "name": "thunder", "at_s": 2.0}))
    assert watcher.played() == () and watcher.look()[0].cues == ()
    watcher.take(json.dumps({"v": 1, "type": "pacer", "pacer": None}))
    watcher.take(frame(3, 0.2))
    assert watcher.look()[0].pacer is None


def test_an_unplugged_sensor_sends_nothing_and_the_others_go_on() -> None:
    body = Body(Patient("normal", 2, start_s=10.0), 10.0)
    watcher = Watcher()
    body.told({"do": "unplug", "kind": "ecg"})
    kinds = {c.stream.kind for c in body.step(12.0, watcher)[0] if len(c)}
    assert Kind.ECG not in kinds and Kind.EDA in kinds
    body.told({"do": "plug", "kind": "ecg"})
    kinds = {c.stream.kind for c in body.step(14.0, watcher)[0] if len(c)}
    assert Kind.ECG in kinds


def test_an_answer_is_told_as_the_scene_channel_carries_it() -> None:
    body = Body(Patient("normal", 2, start_s=0.0), 0.0)
    watcher = Watcher()
    asked = {"id": "q", "kind": "rating", "text": "How is it?", "scale": SUDS}
    watcher.take(json.dumps({"v": 1, "type": "prompt", **asked}))
    answers: list[Answer] = []
    for n in range(1, 400):
        answers += body.step(n / 10, watcher)[1]
    (answer,) = answers
    told = json.loads(answer_message(answer))
    assert (told["type"], told["prompt"], told["v"]) == ("rating", "q", 1)
    assert 0 <= told["value"] <= 100 and told["answered_s"] > told["shown_s"] >= 0


def test_time_that_stands_still_or_goes_back_gives_nothing() -> None:
    body = Body(Patient("normal", 2, start_s=5.0), 5.0)
    assert body.step(5.0, Watcher()) == ((), ())
    assert body.step(4.0, Watcher()) == ((), ())


@pytest.mark.lsl
def test_an_outlet_unplugged_leaves_the_network_and_comes_back_as_itself(lsl_session: str) -> None:
    patient = Patient("normal", 2, start_s=0.0)
    outlets = Outlets(patient.streams)

    def seen() -> dict[str, str]:
        return {f.seen.name: f.seen.source_id for f in look(0.3)}

    try:
        before = until(lambda: all(s.name in seen() for s in patient.streams) and seen())
        outlets.unplug("eda")
        outlets.push(patient.step(0.1, Seen()))  # its samples go nowhere, and that is no error
        until(lambda: "patient eda" not in seen())
        assert "patient ecg" in seen()
        outlets.plug("eda")
        outlets.plug("eda")
        again = until(lambda: "patient eda" in seen() and seen())
        assert isinstance(before, dict) and isinstance(again, dict)
        assert again["patient eda"] == before["patient eda"]
    finally:
        outlets.close()
    until(lambda: not any(name.startswith("patient") for name in seen()))


def simulate(*words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "adaptivevr", "simulate", *words],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.lsl
def test_the_command_ends_when_who_gave_its_orders_has_gone() -> None:
    process = simulate("--session", f"orders{secrets.token_hex(4)}")
    try:
        assert process.stdin is not None
        process.stdin.write('{"do": "unplug", "kind": "ecg"}\nno JSON\n[1]\n{"do": "dance"}\n')
        process.stdin.flush()
        process.stdin.close()
        assert process.wait(20) == 0
        assert process.stderr is not None and "Traceback" not in process.stderr.read()
    finally:
        process.kill()
        process.wait(5)
        if process.stderr:
            process.stderr.close()


def test_an_unknown_patient_is_refused_in_one_sentence() -> None:
    process = simulate("--patient", "grumpy")
    _, said = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "grumpy" in said and "panic_prone" in said and len(said.strip().splitlines()) == 1


def test_two_of_one_seed_are_one() -> None:
    made = []
    for _ in range(2):
        body = Body(Patient("slow", 7, start_s=0.0), 0.0)
        chunks = [c for n in range(1, 30) for c in body.step(n / 10, Watcher())[0]]
        made.append(np.concatenate([c.values.ravel() for c in chunks if c.stream.kind == Kind.EDA]))
    assert np.array_equal(made[0], made[1])
