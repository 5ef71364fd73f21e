"""A new scene to begin with: a folder that keeps every rule, made to be painted over.

The asset is as a modelling program would export it: plain materials, normals, named clips, no light
baked. So it shows what comes of an author's first export, before any baking (docs/scenes.md).
"""

import json
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

TOML = """\
# A scene is this file and a glTF file beside it. `adaptivevr scenes check {folder}` says what
# is wrong, `adaptivevr scenes preview {folder}` draws it. The guide is docs/scenes.md.
title = "{title}"
conditions = ["practice"]
asset = "scene.glb"

# Sky, light and air; colours as people write them. What is left out falls to a dusk.
[look]
exposure = 1.1
sun_height_deg = 28
sun_side_deg = -40
fog = [0.006, 0.03, 0, 0.95]
zenith = "#5f8fd0"
mid = "#b8d0e4"
near = "#ffe0b0"
away = "#d8d4dc"
sunlight = "#fff0d8"
glow = "#806040"

# A parameter plays the clip of its own name: at rest its first key, at full its last.
[parameters.distance]
title = "How near the box stands"
role = "load"          # moved by intensity
unit = "m"
rest = 12.0
full = 2.0
curve = "smooth"
photometric = 0.05     # the largest share of full luminance that all its travel may change

# An ambient parameter is moved by its own value only; here it drives a channel of the renderer.
[parameters.warmth]
title = "Warmth of the light"
role = "ambient"
unit = "1"
rest = 0.0
full = 1.0
max_rate_per_s = 0.1
photometric = 0.08
channels = {{ warmth = [0.5, 0.8] }}

[[levels]]
name = "Far away"
intensity = 0.0

[[levels]]
name = "Half way"
intensity = 0.5

[[levels]]
name = "Within reach"
intensity = 1.0
"""

_BOX = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))


def write(folder: Path) -> None:
    """Writes the folder; `FileExistsError` with one sentence if there is something of that name."""
    if folder.exists():
        raise FileExistsError(
            f"Expected a name that is free, came '{folder}', which is there already. Choose "
            "another name."
        )
    folder.mkdir(parents=True)
    title = folder.name.replace("_", " ").capitalize()
    text = TOML.format(folder=folder.name, title=title)
    (folder / "scene.toml").write_text(text, encoding="utf-8")
    (folder / "scene.glb").write_bytes(asset())


def asset() -> bytes:
    """The starter's glTF: a meadow, a dome of sky, stones for scale, and a box that comes near."""
    file = Document()
    ground = file.material("grass", (0.22, 0.34, 0.13))
    stone = file.material("stone", (0.42, 0.40, 0.38))
    wood = file.material("wood", (0.45, 0.22, 0.12))
    sky = file.material("sky", (1.0, 1.0, 1.0), {"kind": "sky"})
    file.node("ground", file.mesh(*meadow(120.0, 30), ground))
    file.node("sky", file.mesh(*dome(400.0, 24, 10), sky))
    for k in range(9):
        a = 0.7 * k + 0.4
        at = (float(np.sin(a)) * (3 + k), 0.0, -float(np.cos(a)) * (3 + k))
        file.node(f"stone.{k}", file.mesh(*block(0.25 + 0.05 * (k % 3)), stone), at)
    box = file.node("box", file.mesh(*block(1.0), wood), (0.0, 0.0, -12.0))
    file.clip("distance", box, "translation", [0.0, 1.0], [[0, 0, -12], [0, 0, -2]])
    file.node("viewer", None, (0.0, 0.0, 0.0))
    return file.data()


class Document:
    """A glTF document under construction."""

    def __init__(self) -> None:
        self.gltf: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "adaptivevr"},
            "scene": 0,
            "scenes": [{"nodes": []}],
        }
        self.bytes = bytearray()

    def add(self, key: str, value: dict[str, Any]) -> int:
        rows: list[Any] = self.gltf.setdefault(key, [])
        rows.append(value)
        return len(rows) - 1

    def accessor(self, rows: Any, integers: bool = False) -> int:
        a = np.ascontiguousarray(rows, np.uint16 if integers else np.float32)
        self.bytes += b"\0" * (-len(self.bytes) % 4)
        told = {"buffer": 0, "byteOffset": len(self.bytes), "byteLength": a.nbytes}
        view = self.add("bufferViews", told)
        self.bytes += a.tobytes()
        width = 1 if a.ndim == 1 else a.shape[1]
        return self.add(
            "accessors",
            {
                "bufferView": view,
                "componentType": 5123 if integers else 5126,
                "count": len(a),
                "type": "SCALAR" if width == 1 else f"VEC{width}",
                "min": np.atleast_1d(a.min(0)).tolist(),
                "max": np.atleast_1d(a.max(0)).tolist(),
            },
        )

    def material(
        self, name: str, colour: Sequence[float], extras: dict[str, Any] | None = None
    ) -> int:
        surface = {"baseColorFactor": [*colour, 1.0], "metallicFactor": 0.0, "roughnessFactor": 0.9}
        told: dict[str, Any] = {"name": name, "pbrMetallicRoughness": surface}
        return self.add("materials", told | ({"extras": extras} if extras else {}))

    def mesh(self, points: Any, normals: Any, corners: Any, material: int) -> int:
        attributes = {"POSITION": self.accessor(points), "NORMAL": self.accessor(normals)}
        indices = self.accessor(np.asarray(corners).ravel(), integers=True)
        part = {"attributes": attributes, "indices": indices, "material": material}
        return self.add("meshes", {"primitives": [part]})

    def node(self, name: str, mesh: int | None, at: Sequence[float] | None = None) -> int:
        told: dict[str, Any] = {"name": name}
        told |= {} if mesh is None else {"mesh": mesh}
        told |= {} if at is None else {"translation": list(at)}
        index = self.add("nodes", told)
        self.gltf["scenes"][0]["nodes"].append(index)
        return index

    def clip(self, name: str, node: int, path: str, times_s: Any, values: Any) -> None:
        sampler = {"input": self.accessor(times_s), "output": self.accessor(values)}
        channel = {"sampler": 0, "target": {"node": node, "path": path}}
        self.add("animations", {"name": name, "samplers": [sampler], "channels": [channel]})

    def data(self) -> bytes:
        self.bytes += b"\0" * (-len(self.bytes) % 4)
        self.gltf["buffers"] = [{"byteLength": len(self.bytes)}]
        text = json.dumps(self.gltf, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        whole = 28 + len(text) + len(self.bytes)
        head = struct.pack("<4sIIII", b"glTF", 2, whole, len(text), 0x4E4F534A)
        return head + text + struct.pack("<II", len(self.bytes), 0x4E4942) + bytes(self.bytes)


def meadow(half_m: float, count: int) -> tuple[Any, Any, Any]:
    """Points, normals and triangles of a square of ground, `count` points a side."""
    # An even count: no point right under the viewer, where some rasterisers fail.
    at = np.linspace(-half_m, half_m, count)
    points = np.array([(x, 0.0, z) for z in at for x in at])
    corners = []
    for j in range(count - 1):
        for i in range(count - 1):
            k = j * count + i
            corners += [(k, k + count, k + 1), (k + 1, k + count, k + count + 1)]
    return points, np.tile([0.0, 1.0, 0.0], (len(points), 1)), corners


def dome(radius_m: float, around: int, up: int) -> tuple[Any, Any, Any]:
    """Points, normals and triangles of a dome of sky, a little below the horizon too."""
    a = np.linspace(0, 2 * np.pi, around + 1)
    e = np.linspace(-0.15, np.pi / 2, up + 1)
    points = np.array(
        [(np.sin(x) * np.cos(y), np.sin(y), -np.cos(x) * np.cos(y)) for y in e for x in a]
    )
    row = around + 1
    corners = []
    for j in range(up):
        for i in range(around):
            k = j * row + i
            corners += [(k, k + row, k + 1), (k + 1, k + row, k + row + 1)]
    return points * radius_m, points, corners


def block(size_m: float) -> tuple[Any, Any, Any]:
    """Points, normals and triangles of a cube that stands on the ground."""
    h = size_m / 2
    corner = [(x, y, z) for x in (-h, h) for y in (0.0, size_m) for z in (-h, h)]
    points: list[list[float]] = []
    normals: list[list[float]] = []
    corners: list[tuple[int, int, int]] = []
    for face in _BOX:
        p = np.array([corner[i] for i in face])
        n = np.cross(p[1] - p[0], p[2] - p[0])
        start = len(points)
        points += p.tolist()
        normals += [(n / np.linalg.norm(n)).tolist()] * 4
        corners += [(start, start + 1, start + 2), (start, start + 2, start + 3)]
    return points, normals, corners
