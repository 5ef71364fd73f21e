"""The way through ever narrower places: nobody passes a shut door, and it only gets narrower."""

import json
import struct
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("PIL")

from scenes import curve
from scenes.library.enclosed_room import build, places
from scenes.scene import load

SCENE = load("enclosed_room")
BY_NAME = {p.name: p for p in SCENE.parameters}
INTENSITIES = np.linspace(0, 1, 401)


def value(name: str, intensity: float) -> float:
    p = BY_NAME[name]
    return p.rest + curve.at(p.curve, intensity) * (p.full - p.rest)


def space_m2(z: float) -> float:
    """Width times height of the place one is in."""
    if z > places.HALL_Z0:
        return 2 * places.HALL_X * places.HALL_Y
    if z > places.LIFT_Z0:
        return 2 * places.LIFT_X * places.LIFT_Y
    if z > places.BOX_Z0:
        return 2 * places.BOX_X * places.BOX_Y
    return np.pi * places.TUBE_R**2


def test_each_place_is_narrower_than_the_one_before() -> None:
    spaces = [space_m2(-value("place", x)) for x in INTENSITIES]
    assert all(b <= a for a, b in pairwise(spaces))
    assert len(set(spaces)) == 4
    dim = [value("light", x) for x in INTENSITIES]
    assert all(b >= a for a, b in pairwise(dim))


def test_the_sides_of_the_cupboard_never_touch_a_shoulder() -> None:
    nearest = places.BOX_X - build.NEAREST_M
    assert value("walls", 1.0) == pytest.approx(nearest, abs=0.005) and nearest > 0.3


def door_shares(name: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Keys of a door in the built asset: progress, and how far aside it stands."""
    path = SCENE.folder / SCENE.asset
    if not path.is_file():
        pytest.skip("the asset is not built here")
    data = path.read_bytes()
    length = struct.unpack_from("<I", data, 12)[0]
    gltf, start = json.loads(data[20 : 20 + length]), 28 + length

    def rows(i: int) -> NDArray[Any]:
        a = gltf["accessors"][i]
        wide = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}[a["type"]]
        at = start + gltf["bufferViews"][a["bufferView"]]["byteOffset"]
        return np.frombuffer(data, "<f4", a["count"] * wide, at).reshape(-1, wide)

    node = next(i for i, n in enumerate(gltf["nodes"]) if n["name"] == name)
    clip = next(c for c in gltf["animations"] if c["name"] == "doors")
    channel = next(c for c in clip["channels"] if c["target"]["node"] == node)
    sampler = clip["samplers"][channel["sampler"]]
    return rows(sampler["input"])[:, 0], rows(sampler["output"])


@pytest.mark.parametrize("name", ["near1", "far1", "door"])
def test_nobody_passes_a_shut_door(name: str) -> None:
    keys, at = door_shares(name)
    z = float(at[0, 2])
    least = 0.45 if name != "door" else 0.9
    for x in INTENSITIES:
        if abs(-value("place", x) - z) < 0.45:
            assert np.interp(x, keys, at[:, 0]) > least, f"shut at intensity {x:.3f}"
    shut = {"near1": 0.55, "far1": 0.72, "door": 0.70}[name]
    assert np.interp(shut, keys, at[:, 0]) == pytest.approx(0, abs=0.01)
