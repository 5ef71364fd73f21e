"""A binary glTF 2.0 file read into plain arrays: nodes, parts, materials, pictures, clips."""

import io
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.openxr.pose import Array, Triple, Turn, placed
from scenes.playback import Rows

_COMPONENTS = {5120: "i1", 5121: "u1", 5122: "i2", 5123: "u2", 5125: "u4", 5126: "f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
MORPHS = 4  # as many morph targets of one part as a vertex program mixes


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Triangles of one material. corners: (n, 12) position 3, normal 3, uv 2, colour 4."""

    corners: NDArray[np.float32]
    index: NDArray[np.uint32]
    material: int | None
    lit: bool = True  # whether its light is baked into the colours
    morphs: tuple[NDArray[np.float32], ...] = ()  # each (n, 3), added by its weight


@dataclass(frozen=True, slots=True)
class Material:
    """kind: what shades it, of the closed list; maps are numbers of pictures."""

    name: str = ""
    kind: str = "baked"
    double: bool = False
    map: int | None = None
    detail: int | None = None
    colour: Triple = (1.0, 1.0, 1.0)  # linear light, where no colours are baked


@dataclass(frozen=True, slots=True, eq=False)
class Instances:
    """Copies of a node's mesh. matrices: (n, 4, 4) column-major; tints: (n, 3)."""

    matrices: NDArray[np.float32]
    tints: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """Where a part of the scene stands. matrix: instead of the three, when the file gives one."""

    name: str
    parent: int | None
    at: Triple
    turn: Turn
    scale: Triple
    matrix: Array | None
    mesh: int | None
    instances: Instances | None
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Track:
    """One property of one node over time. path: translation, rotation, scale or weights."""

    node: int
    path: str
    interpolation: str
    times_s: tuple[float, ...]
    rows: Rows


@dataclass(frozen=True, slots=True)
class Clip:
    """A named animation that is held at a time, never played."""

    name: str
    first_s: float
    last_s: float
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A whole asset; nodes in an order in which parents come before their children."""

    nodes: tuple[Node, ...]
    meshes: tuple[tuple[Part, ...], ...]
    materials: tuple[Material, ...]
    pictures: tuple[NDArray[np.uint8], ...]
    clips: tuple[Clip, ...]
    extras: dict[str, Any] = field(default_factory=dict)


def read(data: bytes | Path) -> Model:
    """Reads an asset; raises ValueError in one sentence when it is none that we can play."""
    raw = data.read_bytes() if isinstance(data, Path) else data
    try:
        return _Reader(raw).model()
    except (KeyError, IndexError, TypeError, struct.error, json.JSONDecodeError) as error:
        raise ValueError(
            f"expected a whole binary glTF 2.0 file, came one that breaks off at {error!r}; "
            "build or export it anew"
        ) from None


class _Reader:
    def __init__(self, raw: bytes) -> None:
        magic, version, length = struct.unpack_from("<4sII", raw)
        if magic != b"glTF" or version != 2 or length != len(raw):
            raise ValueError(
                "expected a whole binary glTF 2.0 file, came something else; export it as .glb"
            )
        self.json: dict[str, Any] = {}
        self.bytes = b""
        at = 12
        while at < length:
            size, kind = struct.unpack_from("<I4s", raw, at)
            chunk = raw[at + 8 : at + 8 + size]
            if kind == b"JSON":
                self.json = json.loads(chunk)
            elif kind == b"BIN\0":
                self.bytes = chunk
            at += 8 + size

    def model(self) -> Model:
        j = self.json
        scene = j["scenes"][j.get("scene", 0)]
        order = self._order(scene.get("nodes", []))
        place = {old: new for new, (old, _) in enumerate(order)}
        return Model(
            nodes=tuple(
                self._node(j["nodes"][old], None if parent is None else place[parent])
                for old, parent in order
            ),
            meshes=tuple(
                tuple(self._part(p) for p in m["primitives"]) for m in j.get("meshes", [])
            ),
            materials=tuple(self._material(m) for m in j.get("materials", [])),
            pictures=tuple(self._picture(i) for i in j.get("images", [])),
            clips=tuple(self._clip(c, place) for c in j.get("animations", [])),
            extras=scene.get("extras", {}),
        )

    def _order(self, roots: list[int]) -> list[tuple[int, int | None]]:
        found: list[tuple[int, int | None]] = []
        waiting: list[tuple[int, int | None]] = [(root, None) for root in reversed(roots)]
        while waiting:
            one = waiting.pop()
            found.append(one)
            children = self.json["nodes"][one[0]].get("children", [])
            waiting += [(child, one[0]) for child in reversed(children)]
        return found

    def _values(self, number: int) -> NDArray[Any]:
        """An accessor as (count, width) floats, or integers where it is not normalised."""
        a = self.json["accessors"][number]
        kind, width = np.dtype(_COMPONENTS[a["componentType"]]), _WIDTHS[a["type"]]
        if "bufferView" not in a:
            return np.zeros((a["count"], width), kind)
        view = self.json["bufferViews"][a["bufferView"]]
        start = view.get("byteOffset", 0) + a.get("byteOffset", 0)
        stride = view.get("byteStride", kind.itemsize * width)
        rows = np.ndarray(
            (a["count"], width), kind, self.bytes, start, (stride, kind.itemsize)
        ).copy()
        if a.get("normalized") and kind.kind in "iu":
            return np.maximum(rows / np.float32(np.iinfo(kind).max), np.float32(-1.0))
        return rows

    def _node(self, n: dict[str, Any], parent: int | None) -> Node:
        matrix = n.get("matrix")
        at, scale = n.get("translation", (0, 0, 0)), n.get("scale", (1, 1, 1))
        x, y, z, w = n.get("rotation", (0, 0, 0, 1))
        rows = n.get("extensions", {}).get("EXT_mesh_gpu_instancing", {}).get("attributes")
        return Node(
            name=n.get("name", ""),
            parent=parent,
            at=_three(at),
            turn=(float(x), float(y), float(z), float(w)),
            scale=_three(scale),
            matrix=None if matrix is None else np.array(matrix, float).reshape(4, 4).T,
            mesh=n.get("mesh"),
            instances=None if rows is None else self._instances(rows),
            weights=tuple(map(float, n.get("weights", ()))),
        )

    def _instances(self, rows: dict[str, int]) -> Instances:
        told = {name: self._values(number) for name, number in rows.items()}
        count = max(len(v) for v in told.values())
        at = told.get("TRANSLATION", np.zeros((count, 3)))
        turn = told.get("ROTATION", np.tile([0.0, 0.0, 0.0, 1.0], (count, 1)))
        scale = told.get("SCALE", np.ones((count, 3)))
        matrices = np.array(
            [
                placed(tuple(a), tuple(r), tuple(s)).T
                for a, r, s in zip(at.tolist(), turn.tolist(), scale.tolist(), strict=True)
            ],
            np.float32,
        )
        tints = told.get("_COLOR_0")
        return Instances(matrices, None if tints is None else tints[:, :3].astype(np.float32))

    def _part(self, p: dict[str, Any]) -> Part:
        told = {name: self._values(number) for name, number in p["attributes"].items()}
        count = len(told["POSITION"])
        corners = np.zeros((count, 12), np.float32)
        corners[:, 8:] = 1.0
        places = (("POSITION", 0, 3), ("NORMAL", 3, 3), ("TEXCOORD_0", 6, 2), ("COLOR_0", 8, 4))
        for name, at, width in places:
            if name in told:
                rows = told[name][:, :width]
                corners[:, at : at + rows.shape[1]] = rows
        index = self._values(p["indices"]) if "indices" in p else np.arange(count)
        targets = [t for t in p.get("targets", []) if "POSITION" in t][:MORPHS]
        return Part(
            corners,
            np.ascontiguousarray(index.ravel(), np.uint32),
            p.get("material"),
            "COLOR_0" in told,
            tuple(self._values(t["POSITION"]).astype(np.float32) for t in targets),
        )

    def _material(self, m: dict[str, Any]) -> Material:
        surface = m.get("pbrMetallicRoughness", {})
        return Material(
            name=m.get("name", ""),
            kind=str(m.get("extras", {}).get("kind", "baked")),
            double=bool(m.get("doubleSided", False)),
            map=self._image(surface.get("baseColorTexture")),
            detail=self._image(m.get("emissiveTexture")),
            colour=_three(surface.get("baseColorFactor", (1, 1, 1, 1))[:3]),
        )

    def _image(self, told: dict[str, Any] | None) -> int | None:
        if told is None:
            return None
        source: int = self.json["textures"][told["index"]]["source"]
        return source

    def _picture(self, image: dict[str, Any]) -> NDArray[np.uint8]:
        from PIL import Image

        view = self.json["bufferViews"][image["bufferView"]]
        start = view.get("byteOffset", 0)
        with Image.open(io.BytesIO(self.bytes[start : start + view["byteLength"]])) as picture:
            alpha = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
            return np.asarray(picture.convert("RGBA" if alpha else "RGB"))

    def _clip(self, c: dict[str, Any], place: dict[int, int]) -> Clip:
        tracks = []
        for channel in c["channels"]:
            target, sampler = channel["target"], c["samplers"][channel["sampler"]]
            if target.get("node") not in place:
                continue
            times_s = tuple(float(t) for t in self._values(sampler["input"]).ravel())
            kind = sampler.get("interpolation", "LINEAR")
            values = self._values(sampler["output"])
            if target["path"] == "weights":  # all weights of one key stand in a row here
                keys = len(times_s) * (3 if kind == "CUBICSPLINE" else 1)
                values = values.reshape(keys, -1)
            rows = tuple(tuple(float(v) for v in row) for row in values)
            tracks.append(Track(place[target["node"]], target["path"], kind, times_s, rows))
        return Clip(
            name=c.get("name", ""),
            first_s=min((t.times_s[0] for t in tracks), default=0.0),
            last_s=max((t.times_s[-1] for t in tracks), default=0.0),
            tracks=tuple(tracks),
        )


def _three(values: Sequence[float]) -> Triple:
    x, y, z = values
    return float(x), float(y), float(z)
