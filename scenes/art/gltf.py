"""Writes a scene asset: core glTF 2.0, instancing, unlit materials, light in the vertices."""

import io
import json
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scenes.art.colour import Array
from scenes.art.mesh import Mesh

KINDS = ("sky", "baked", "foliage", "sand", "water", "facade", "glass", "glow", "shadow")
_TYPES = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}
_COMPONENTS = {"f4": 5126, "u2": 5123, "u4": 5125, "u1": 5121}
_POINTS, _INDICES = 34962, 34963  # buffer view targets of the specification


class Glb:
    """A document under construction; every method returns the index of what it added."""

    def __init__(self) -> None:
        self.json: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "adaptivevr"},
            "scene": 0,
            "scenes": [{"nodes": []}],
            "samplers": [{"magFilter": 9729, "minFilter": 9987, "wrapS": 10497, "wrapT": 10497}],
            "extensionsUsed": ["KHR_materials_unlit"],
        }
        self.bytes = bytearray()

    def _add(self, key: str, value: dict[str, Any]) -> int:
        rows: list[Any] = self.json.setdefault(key, [])
        rows.append(value)
        return len(rows) - 1

    def _view(self, data: bytes, target: int | None = None) -> int:
        self.bytes += b"\0" * (-len(self.bytes) % 4)
        view = {"buffer": 0, "byteOffset": len(self.bytes), "byteLength": len(data)}
        if target:
            view["target"] = target
        self.bytes += data
        return self._add("bufferViews", view)

    def _accessor(self, a: NDArray[Any], target: int | None = None, norm: bool = False) -> int:
        a = np.ascontiguousarray(a)
        kind = _TYPES[1 if a.ndim == 1 else a.shape[1]]
        accessor: dict[str, Any] = {
            "bufferView": self._view(a.tobytes(), target),
            "componentType": _COMPONENTS[a.dtype.str[1:]],
            "count": len(a),
            "type": kind,
        }
        if norm:
            accessor["normalized"] = True
        if kind in ("VEC3", "SCALAR") and a.dtype == np.float32:
            accessor["min"] = np.atleast_1d(a.min(0)).tolist()
            accessor["max"] = np.atleast_1d(a.max(0)).tolist()
        return self._add("accessors", accessor)

    def texture(self, picture: NDArray[np.uint8], png: bool = False, quality: int = 86) -> int:
        """A picture (height, width, 3 or 4), as JPEG unless it needs PNG (alpha, sharp edges)."""
        out = io.BytesIO()
        image = Image.fromarray(np.ascontiguousarray(picture))
        if png:
            image.save(out, "PNG", optimize=True)
        else:
            image.save(out, "JPEG", quality=quality, optimize=True)
        mime = "image/png" if png else "image/jpeg"
        source = self._add("images", {"bufferView": self._view(out.getvalue()), "mimeType": mime})
        return self._add("textures", {"source": source, "sampler": 0})

    def material(
        self,
        kind: str,
        map: int | None = None,
        detail: int | None = None,
        double: bool = False,
        blend: bool = False,
        name: str = "",
    ) -> int:
        """One of the closed list of kinds; `detail` is a second map our renderers read as data."""
        assert kind in KINDS, kind
        surface: dict[str, Any] = {"metallicFactor": 0}
        if map is not None:
            surface["baseColorTexture"] = {"index": map}
        m: dict[str, Any] = {
            "name": name or kind,
            "extras": {"kind": kind},
            "doubleSided": double,
            "alphaMode": "BLEND" if blend else "OPAQUE",
            "pbrMetallicRoughness": surface,
        }
        if detail is not None:
            m["emissiveTexture"] = {"index": detail}  # its factor stays 0: others ignore it
        else:
            m["extensions"] = {"KHR_materials_unlit": {}}
        return self._add("materials", m)

    def _moved(self, by: Array) -> int:
        """How far each point moves in a morph target; points that stay cost no bytes."""
        moved = np.flatnonzero(np.abs(by).max(1) > 1e-6)
        if not len(moved):
            moved = np.array([0])
        wide = len(by) > 65535
        places = np.ascontiguousarray(moved.astype(np.uint32 if wide else np.uint16))
        values = np.ascontiguousarray(by[moved].astype(np.float32))
        low, high = np.minimum(values.min(0), 0), np.maximum(values.max(0), 0)
        if len(moved) == len(by):
            low, high = values.min(0), values.max(0)
        sparse = {
            "count": len(moved),
            "indices": {
                "bufferView": self._view(places.tobytes()),
                "componentType": _COMPONENTS["u4" if wide else "u2"],
            },
            "values": {"bufferView": self._view(values.tobytes())},
        }
        rows = {"componentType": 5126, "count": len(by), "type": "VEC3", "sparse": sparse}
        return self._add("accessors", rows | {"min": low.tolist(), "max": high.tolist()})

    def mesh(
        self,
        m: Mesh,
        material: int,
        colour: Array,
        uv: bool = False,
        normal: bool = False,
        morphs: Sequence[Array] = (),
    ) -> int:
        """A mesh with its baked colour (as `bake.STORED`) and its alpha in COLOR_0.

        morphs: how far each point moves (n, 3), one for each weight that a clip may move.
        """
        rgba = np.clip(np.c_[colour, m.w], 0, 1) * 65535 + 0.5
        attributes = {
            "POSITION": self._accessor(m.p.astype(np.float32), _POINTS),
            "COLOR_0": self._accessor(rgba.astype(np.uint16), _POINTS, True),
        }
        if uv:
            attributes["TEXCOORD_0"] = self._accessor(m.uv.astype(np.float32), _POINTS)
        if normal:
            attributes["NORMAL"] = self._accessor(m.normals().astype(np.float32), _POINTS)
        index = m.f.ravel().astype(np.uint16 if len(m.p) < 65535 else np.uint32)
        primitive: dict[str, Any] = {"attributes": attributes, "material": material}
        primitive["indices"] = self._accessor(index, _INDICES)
        if morphs:
            primitive["targets"] = [{"POSITION": self._moved(by)} for by in morphs]
        return self._add("meshes", {"primitives": [primitive]})

    def node(
        self,
        name: str,
        mesh: int | None = None,
        parent: int | None = None,
        at: Any = None,
        turn: Any = None,
        instances: dict[str, Array] | None = None,
    ) -> int:
        """A node; instances: TRANSLATION, ROTATION, SCALE and _COLOR_0, a row for each."""
        n: dict[str, Any] = {"name": name}
        if mesh is not None:
            n["mesh"] = mesh
        if at is not None:
            n["translation"] = [float(v) for v in at]
        if turn is not None:
            n["rotation"] = [float(v) for v in turn]
        if instances is not None:
            rows = {k: self._accessor(v.astype(np.float32)) for k, v in instances.items()}
            n["extensions"] = {"EXT_mesh_gpu_instancing": {"attributes": rows}}
            if "EXT_mesh_gpu_instancing" not in self.json["extensionsUsed"]:
                self.json["extensionsUsed"].append("EXT_mesh_gpu_instancing")
        i = self._add("nodes", n)
        if parent is None:
            self.json["scenes"][0]["nodes"].append(i)
        else:
            self.json["nodes"][parent].setdefault("children", []).append(i)
        return i

    def clip(self, name: str, node: int, path: str, times_s: Any, values: Any) -> None:
        """Keys of one node property in the clip of that name; several nodes may share a clip."""
        clips = self.json.setdefault("animations", [])
        clip = next((c for c in clips if c["name"] == name), None)
        if clip is None:
            clip = {"name": name, "channels": [], "samplers": []}
            clips.append(clip)
        rows = np.array(values, np.float32)  # weights stand one behind the other (glTF 2.0, 3.11)
        sampler = {
            "input": self._accessor(np.array(times_s, np.float32)),
            "output": self._accessor(rows.ravel() if path == "weights" else rows),
            "interpolation": "LINEAR",
        }
        clip["samplers"].append(sampler)
        target = {"node": node, "path": path}
        clip["channels"].append({"sampler": len(clip["samplers"]) - 1, "target": target})

    def save(self, path: Path, **extras: Any) -> int:
        """Writes the file with the scene's extras; returns its size in bytes."""
        self.json["scenes"][0]["extras"] = extras
        self.json["buffers"] = [{"byteLength": len(self.bytes)}]
        text = json.dumps(self.json, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        data = bytes(self.bytes) + b"\0" * (-len(self.bytes) % 4)
        head = struct.pack("<III", 0x46546C67, 2, 28 + len(text) + len(data))
        out = head + struct.pack("<II", len(text), 0x4E4F534A) + text
        out += struct.pack("<II", len(data), 0x4E4942) + data
        path.write_bytes(out)
        return len(out)
