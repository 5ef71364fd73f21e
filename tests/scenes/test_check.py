"""The contract of an asset, on a made-up scene that breaks one rule at a time."""

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from scenes.check import check
from scenes.scene import library

TOML = """
title = "Made up"
[parameters.height]
role = "load"
unit = "m"
rest = 0.0
full = 10.0
PHOTO
[[levels]]
name = "ground"
intensity = 0.0
"""


def channel(node: int, path: str) -> dict[str, Any]:
    return {"sampler": 0, "target": {"node": node, "path": path}}


def made_up(tmp_path: Path, photo: str = "", **changes: Any) -> dict[str, Any]:
    (tmp_path / "scene.toml").write_text(TOML.replace("PHOTO", photo))
    gltf: dict[str, Any] = {
        "asset": {"version": "2.0"},
        "nodes": [{"name": "viewer"}, {"name": "tower", "mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "accessors": [{"count": 30}],
        "animations": [{"name": "height", "channels": [channel(0, "translation")]}],
    }
    text = json.dumps(gltf | changes).encode()
    head = struct.pack("<4sIIII", b"glTF", 2, 20 + len(text), len(text), 0x4E4F534A)
    (tmp_path / "scene.glb").write_bytes(head + text)
    return check(tmp_path)


def test_a_scene_that_keeps_the_contract(tmp_path: Path) -> None:
    told = made_up(tmp_path)
    assert told["problems"] == [] and told["ok"]
    assert (told["triangles"], told["draws"]) == (20, 2)
    assert told["bytes"] == (tmp_path / "scene.glb").stat().st_size


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"extensionsUsed": ["KHR_draco_mesh_compression"]}, "KHR_draco"),
        ({"materials": [{"name": "mud", "extras": {"kind": "mud"}}]}, "'mud'"),
        ({"images": [{"uri": "sand.png"}]}, "sand.png"),
        ({"nodes": [{"name": "tower"}, {}]}, "node named viewer"),
        ({"animations": []}, "'height': expected a clip"),
        ({"animations": [{"name": "height", "channels": [channel(0, "pointer")]}]}, "pointer"),
        (
            {"animations": [{"name": n, "channels": [channel(1, "scale")]}
                            for n in ("height", "idle.x")]},
            "'height' and 'idle.x'",
        ),
        ({"animations": [{"name": n, "channels": []} for n in ("height", "dance")]}, "'dance'"),
        ({"accessors": [{"count": 600_000}]}, "at most 300000 triangles"),
        ({"nodes": [{"name": "viewer"}] + [{"mesh": 0}] * 51}, "at most 100 draws"),
        ({"photo": 'channels = {"sound.rain" = [0, 1]}'}, "'sound.rain'"),
        ({"photo": 'channels = {"show.dog" = [0, 1]}'}, "'show.dog'"),
        ({"photo": 'photometric = 0.6\ncurve = "last"'}, "together"),
        ({"photo": "photometric = 0.5\ncurve = [[0, 0], [0.5, 0.01], [0.51, 0.99], [1, 1]]"},
         "a second"),
    ],
)  # fmt: skip
def test_what_breaks_it_is_named(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    told = made_up(tmp_path, **changes)
    assert not told["ok"]
    assert any(said in problem for problem in told["problems"]), told["problems"]


def test_no_asset_a_torn_asset_and_a_wrong_toml(tmp_path: Path) -> None:
    made_up(tmp_path)
    asset = tmp_path / "scene.glb"
    asset.write_bytes(asset.read_bytes()[:-5])
    assert "whole binary glTF" in check(tmp_path)["problems"][0]
    asset.unlink()
    assert "came no file" in check(tmp_path)["problems"][0]
    (tmp_path / "scene.toml").write_text("title = 3")
    assert not check(tmp_path)["ok"]


@pytest.mark.parametrize("name", library())
def test_the_library_keeps_the_contract(name: str) -> None:
    told = check(name)
    if "came no file" in str(told["problems"]):
        pytest.skip(f"the asset of {name} is not built here")
    assert told["problems"] == []
    assert told["bytes"] <= (600_000 if name == "safe_room" else 4_000_000)
