"""Reading scene.toml: all mistakes together, in sentences."""

from pathlib import Path

import pytest

from scenes.scene import Cue, SceneMistake, library, load

GOOD = """
title = "Made up"
conditions = ["acrophobia"]
[sounds]
wind = 0.2
brook = {loudness = 0.4, at = "stones"}
[look]
exposure = 1.3
zenith = "#2040ff"
sun_height_deg = 30
[parameters.height]
role = "load"
unit = "m"
rest = 0.0
full = 10.0
curve = [[0, 0], [0.5, 0.2], [1, 1]]
max_rate_per_s = 2.0
channels = {wind = [0.25, 1.4], "sound.wind" = [0.2, 0.8]}
[parameters.calm]
role = "ambient"
unit = "1"
rest = 0.0
full = 1.0
[[levels]]
name = "ground"
intensity = 0.0
[[levels]]
name = "roof"
intensity = 1.0
[cues.bell]
title = "A bell rings"
[cues.dog]
title = "A dog barks"
sound = "bark"
loudness = 0.6
at = "gate"
"""


def folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "scene.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_scene_is_read(tmp_path: Path) -> None:
    scene = load(folder(tmp_path, GOOD))
    assert scene.title == "Made up" and scene.conditions == ("acrophobia",)
    assert [level.name for level in scene.levels] == ["ground", "roof"]
    height = scene.parameters[0]
    assert height.curve == ((0.0, 0.0), (0.5, 0.2), (1.0, 1.0)) and height.max_rate_per_s == 2.0
    assert [c.name for c in height.channels] == ["wind", "sound.wind"]
    assert height.channels[0].at(0.5) == pytest.approx(0.825)
    assert scene.cues[0].title == "A bell rings" and scene.cues[0].clip == "cue.bell"
    assert scene.cues[1] == Cue("dog", "A dog barks", "bark", 0.6, "gate")
    assert scene.sounds == (("wind", 0.2), ("brook", 0.4)) and scene.places == (
        ("brook", "stones"),
    )
    assert scene.look["exposure"] == 1.3 and scene.look["sky"]["zenith"][2] == 1.0
    assert scene.look["sky"]["sun"][1] == pytest.approx(0.5)
    assert (scene.level_at(0.99), scene.level_at(1.0)) == (0, 1)


def test_the_hash_is_of_text_and_asset_blind_to_line_ends(tmp_path: Path) -> None:
    path = folder(tmp_path, GOOD)
    first = load(path).hash
    (path / "scene.toml").write_bytes(GOOD.replace("\n", "\r\n").encode())
    assert load(path).hash == first
    (path / "scene.glb").write_bytes(b"picture")
    assert load(path).hash != first


def test_all_mistakes_come_together(tmp_path: Path) -> None:
    text = """
title = ""
colour = "red"
[look]
haze = 3
zenith = "blue"
fog = [1, 2]
[sounds]
wind = {loudness = 7, near = "me"}
[cues.dog]
loudness = 3
[parameters.height]
role = "lift"
unit = "m"
rest = 1.0
full = 1.0
curve = "quick"
max_rate_per_s = -1
photometric = 2
size = 3
channels = {smell = [0, 1], fog = [0], wind = [0, 9]}
[parameters.crowd]
role = "load"
unit = "1"
rest = 0
full = "many"
channels = {wind = [0, 1]}
[[levels]]
name = "roof"
intensity = 0.5
[[levels]]
name = "ground"
intensity = 0.4
"""
    with pytest.raises(SceneMistake) as caught:
        load(folder(tmp_path, text))
    said = str(caught.value)
    for word in (
        "'colour'", "'title'", "'lift'", "1 twice", "'quick'", "'max_rate_per_s'", "'photometric'",
        "'size'", "'smell'", "[0]", "'wind'", "'many'", "above 0.5", "'height' and 'crowd'",
        "'haze'", "'blue'", "[density", "'near'", "came 7", "cue 'dog'", "came 3",
    ):  # fmt: skip
        assert word in said, word
    assert all("expected" in m and "came" in m and m.endswith(".") for m in caught.value.mistakes)


def test_no_levels_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(SceneMistake, match=r"at least one \[\[levels\]\]"):
        load(folder(tmp_path, 'title = "Empty"'))


def test_what_is_no_toml_and_what_is_no_scene(tmp_path: Path) -> None:
    with pytest.raises(SceneMistake, match="Expected TOML"):
        load(folder(tmp_path, "title = "))
    with pytest.raises(SceneMistake, match="came 'moon_base'"):
        load("moon_base")


@pytest.mark.parametrize("name", library())
def test_a_scene_of_the_library_can_be_read(name: str) -> None:
    scene = load(name)
    assert scene.name == name and len(scene.levels) >= 6
    assert scene.levels[0].intensity == 0.0
    assert {p.role for p in scene.parameters} == {"load", "ambient"}
