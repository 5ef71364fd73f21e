"""The author's path: the guide followed to the letter, and the folder that `scenes new` makes."""

import json
from pathlib import Path

import pytest

from adaptivevr.__main__ import main
from scenes.check import check
from scenes.scene import load
from scenes.starter import write
from tests.scenes import guide


def test_the_worked_example_of_the_guide_passes_the_check(tmp_path: Path) -> None:
    guide.write(tmp_path / "dog_yard")
    told = check(tmp_path / "dog_yard")
    assert told["problems"] == [] and told["ok"]
    scene = load(tmp_path / "dog_yard")
    assert len(scene.levels) == 6 and scene.cues[0].at == "dog"
    assert dict(scene.places) == {"panting": "dog"}


def test_what_the_guide_names_is_what_the_example_has(tmp_path: Path) -> None:
    guide.write(tmp_path / "dog_yard")
    from scenes.asset import Asset

    asset = Asset(tmp_path / "dog_yard/scene.glb")
    named = {row[0] for row in guide.table("### 1. Model it")}
    assert named <= {n["name"] for n in asset.nodes}
    keyed = {(row[0], row[1].split(",")[0].strip("`")) for row in guide.table("### 2. Keyframe it")}
    made = {(t.clip, asset.nodes[t.node]["name"]) for t in asset.tracks()}
    assert keyed == made
    assert min(t.times_s[0] for t in asset.tracks()) > 0.0  # the first key is not at 0


def test_a_wrong_step_is_told_in_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "dog_yard"
    guide.write(folder)
    (folder / "sound/bark.ogg").unlink()
    (folder / "scene.toml").write_text(guide.toml().replace("nearness", "closeness"))
    problems = " ".join(check(folder)["problems"])
    assert "'nearness'" in problems and "'closeness'" not in problems  # its sound still drives it
    assert "sound.bark" in problems


def test_a_new_scene_passes_and_is_never_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["scenes", "new", "my_place", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"]
    assert load(Path("my_place")).title == "My place"
    assert main(["scenes", "check", "my_place"]) == 0
    assert main(["scenes", "new", "my_place"]) == 2
    said = capsys.readouterr().err
    assert "Expected a name that is free" in said and "Choose another" in said
    assert main(["scenes", "new"]) == 2


def test_without_a_browser_the_preview_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "mine")
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    page = Path(__file__).resolve().parents[2] / "scenes/web/dist/index.html"
    assert main(["scenes", "preview", str(tmp_path / "mine"), "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert ("CHROMIUM" in said) if page.is_file() else ("scene page" in said)
    assert "Traceback" not in said and not list(tmp_path.glob("*.png"))


def test_the_library_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenes", "list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert "safe_room" in rows and len(rows["heights"]["levels"]) >= 6
