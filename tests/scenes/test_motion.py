"""What may move the patient: a made-up scene that breaks one rule of motion at a time."""

from math import cos, radians, sin
from pathlib import Path
from typing import Any

import pytest

from scenes.check import check
from tests.scenes.made_up import Drawn

TOML = """
title = "Made up"
[parameters.height]
role = "load"
unit = "m"
rest = 0.0
full = 10.0
{rate}
[cues.bump]
title = "A bump"
sound = "bump"
[[levels]]
name = "ground"
intensity = 0.0
"""


def told(tmp_path: Path, drawn: Drawn, rate: str = "") -> list[str]:
    (tmp_path / "scene.toml").write_text(TOML.format(rate=rate))
    (tmp_path / "sound").mkdir()
    (tmp_path / "sound/bump.ogg").write_bytes(b"x")
    drawn.save(tmp_path / "scene.glb")
    problems: list[str] = check(tmp_path)["problems"]
    return problems


def scene(**extras: Any) -> Drawn:
    drawn = Drawn(**extras)
    drawn.node("tower")
    drawn.node("viewer", parent="tower")
    drawn.clip("height", "tower", "translation", [0, 1], [[0, 0, 0], [0, 10, 0]])
    return drawn


def yaw(degrees: float) -> list[float]:
    return [0.0, sin(radians(degrees) / 2), 0.0, cos(radians(degrees) / 2)]


def test_a_slow_lift_is_fine(tmp_path: Path) -> None:
    assert told(tmp_path, scene()) == []


@pytest.mark.parametrize(
    ("clip", "node", "path", "times", "values", "said"),
    [
        ("height", "viewer", "translation", [0, 1], [[0, 0, 0], [60, 0, 0]], "1.4 m/s across"),
        ("height", "viewer", "translation", [0, 1], [[0, 0, 0], [0, 80, 0]], "3 m/s in all"),
        ("height", "viewer", "rotation", [0, 1], [yaw(0), yaw(20)], "never to be turned"),
        ("idle.sway", "viewer", "translation", [0, 1], [[0, 0, 0], [0, 0.1, 0]], "left alone"),
        ("cue.bump", "viewer", "translation", [0, 1], [[0, 0, 0], [0, 0.1, 0]], "left alone"),
        ("path", "viewer", "rotation", [0, 1], [yaw(0), yaw(90)], "degrees a second"),
        ("idle.lamp", "lamp", "scale", [k / 20 for k in range(21)],
         [[1.0 - k % 2, 1, 1] for k in range(21)], "ways to and fro"),
    ],
)  # fmt: skip
def test_what_makes_people_sick_is_named(
    tmp_path: Path, clip: str, node: str, path: str, times: Any, values: Any, said: str
) -> None:
    drawn = scene(path_m=20.0)
    drawn.node("lamp")
    drawn.clip(clip, node, path, times, values)
    problems = told(tmp_path, drawn)
    assert any(said in p for p in problems), problems


def test_a_rate_of_its_own_makes_a_fast_lift_calm(tmp_path: Path) -> None:
    drawn = scene()
    drawn.clip("height", "viewer", "translation", [0, 1], [[0, 0, 0], [0, 130, 0]])
    assert told(tmp_path, drawn, "max_rate_per_s = 0.2") == []
