"""The head of a recording holds the whole plan, and no secret."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from adaptivevr.config import Broker, Config
from adaptivevr.errors import BadRecording
from adaptivevr.header import header, plan_of, versions
from adaptivevr.limits import Limits
from tests.replay.play import plan

FILE = Path("session.xdf")


def test_a_plan_comes_back_as_it_was() -> None:
    made = replace(plan(), limits=Limits(ceiling=0.7), seed=9)
    again, document = plan_of(header(made), FILE)
    assert again.protocol == made.protocol and again.baseline == made.baseline
    assert again.limits == made.limits and again.seed == 9
    assert replace(again.scene, folder=made.scene.folder) == made.scene
    assert document["versions"] == versions() and document["scene_hash"] == made.scene.hash
    assert header(again) == header(made)


def test_none_stays_none() -> None:
    again, _ = plan_of(header(plan("calm", stored=False)), FILE)
    assert again.baseline is None and again.limits is None


def test_no_password_and_no_address_is_recorded() -> None:
    broker = Broker(host="secret.local", user="me", password="hunter2")
    config = Config(patient="ada", broker=broker, port=9999, use=("ecg=strap",))
    text = header(replace(plan(), config=config))
    assert "hunter2" not in text and "secret.local" not in text and "9999" not in text
    assert plan_of(text, FILE)[0].config.patient == "ada"


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("format", 7, "format 7"),
        ("seed", "many", "session.xdf"),
        ("protocol", {"name": 3}, "session.xdf"),
        ("limits", {"ceiling": 5.0}, "session.xdf"),
        ("baseline", 3, "session.xdf"),
    ],
)
def test_a_header_that_is_not_ours_is_refused_by_name(key: str, value: object, told: str) -> None:
    document = {**json.loads(header(plan())), key: value}
    with pytest.raises(BadRecording, match=told):
        plan_of(json.dumps(document), FILE)


def test_a_header_that_lacks_something_is_refused() -> None:
    document = json.loads(header(plan()))
    del document["scene"]
    with pytest.raises(BadRecording, match="scene"):
        plan_of(json.dumps(document), FILE)
