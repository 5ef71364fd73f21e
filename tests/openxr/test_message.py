"""The golden files of the scene channel against the native renderer's reader."""

import json
from pathlib import Path
from typing import Any

import pytest

from scenes.frame import SceneFrame
from scenes.openxr import message as said
from scenes.playback import Pacer

CHANNEL = Path(__file__).resolve().parents[1] / "scenes" / "channel"


def golden(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((CHANNEL / f"{name}.json").read_text())["messages"]
    return rows


def read(m: dict[str, Any]) -> said.Message | None:
    return said.decode(json.dumps(m))


def test_every_message_of_the_engine_is_read() -> None:
    names = [p.stem for p in CHANNEL.glob("*.json")]
    engine = [n for n in names if json.loads((CHANNEL / f"{n}.json").read_text())["sender"] == "engine"]  # fmt: skip # noqa: E501
    assert len(engine) >= 8
    for name in engine:
        assert all(read(m) is not None for m in golden(name)), name


def test_what_is_read_is_what_was_said() -> None:
    moving, resting = (read(m) for m in golden("frame"))
    assert isinstance(moving, SceneFrame) and isinstance(resting, SceneFrame)
    assert moving.message() == golden("frame")[0]
    assert resting.rest and resting.data_s is None
    rating, info, *_ = (read(m) for m in golden("prompt"))
    assert isinstance(rating, said.Prompt) and rating.scale is not None
    assert rating.scale.steps() == tuple(range(0, 101, 10))
    assert isinstance(info, said.Prompt) and info.until_s is None and info.scale is None
    pace, none = (read(m) for m in golden("pacer"))
    assert pace == said.Pace(Pacer(905.0, 4.0, 0.0, 6.0, 0.0))
    assert none == said.Pace(None)
    assert read(golden("scene")[0]) == said.Play(
        "heights", "/scenes/heights/scene.glb", "9f86d081884c7d65"
    )


def test_a_stop_is_a_stop_whatever_else_it_says() -> None:
    assert read({"v": 1, "type": "stop", "id": 5, "colour": None}) == said.Stop()


def test_a_type_nobody_knows_yet_is_let_pass() -> None:
    assert read({"v": 1, "type": "weather"}) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"v": 2, "type": "frame"},
        {**golden("frame")[0], "seq": "x"},
        {**golden("frame")[0], "rest": 0},
        {**golden("frame")[0], "values": {"height": None}},
        {k: v for k, v in golden("frame")[0].items() if k != "valid_for_s"},
        {**golden("prompt")[0], "scale": None},
        {**golden("prompt")[0], "scale": {**golden("prompt")[0]["scale"], "step": 0}},
        {**golden("pacer")[0], "in_s": float("inf")},
        [],
    ],
)
def test_what_breaks_the_contract_is_refused_in_a_sentence(wrong: Any) -> None:
    with pytest.raises(ValueError, match="expected"):
        said.decode(json.dumps(wrong))
