"""A scene's asset as it lies in its file: the glTF document, and the keys of its clips."""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.playback import sample

_COMPONENTS = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """The keys of one node property in one clip."""

    clip: str
    node: int
    path: str  # translation, rotation, scale or weights
    interpolation: str
    times_s: tuple[float, ...]
    rows: tuple[tuple[float, ...], ...]

    def at(self, time_s: float) -> tuple[float, ...]:
        """The property at a time of the clip."""
        return sample(self.interpolation, self.times_s, self.rows, time_s, self.path)

    @property
    def values(self) -> tuple[tuple[float, ...], ...]:
        """What stands at its keys, without tangents."""
        return self.rows[1::3] if self.interpolation == "CUBICSPLINE" else self.rows


class Asset:
    """A binary glTF, read whole; `ValueError` with one sentence if it is none."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        whole = len(data) >= 20 and data[:4] == b"glTF"
        if not whole or struct.unpack_from("<I", data, 8)[0] != len(data):
            raise ValueError(
                f"Expected a whole binary glTF, came {path.name}. Build or export it anew."
            )
        length = struct.unpack_from("<I", data, 12)[0]
        self.gltf: dict[str, Any] = json.loads(data[20 : 20 + length])
        self._bytes = data[28 + length :]
        self.nodes: list[dict[str, Any]] = self.gltf.get("nodes", [])
        self.parents = {c: i for i, n in enumerate(self.nodes) for c in n.get("children", [])}

    def find(self, name: str) -> int | None:
        """The node of that name."""
        return next((i for i, n in enumerate(self.nodes) if n.get("name") == name), None)

    def above(self, node: int) -> Iterator[int]:
        """A node and all that carry it, up to the root."""
        at: int | None = node
        while at is not None:
            yield at
            at = self.parents.get(at)

    def tracks(self) -> Iterator[Track]:
        """Every track whose keys are in the file; what breaks the contract is left to the check."""
        for clip in self.gltf.get("animations", []):
            for channel in clip["channels"]:
                target = channel["target"]
                samplers = clip.get("samplers", [])
                if target.get("node") is None or channel["sampler"] >= len(samplers):
                    continue
                keys = samplers[channel["sampler"]]
                times = self.accessor(keys["input"])[:, 0]
                rows = self.accessor(keys["output"])
                if target["path"] == "weights":
                    rows = rows.reshape(len(times), -1)
                yield Track(
                    clip=clip.get("name", ""),
                    node=target["node"],
                    path=target["path"],
                    interpolation=keys.get("interpolation", "LINEAR"),
                    times_s=tuple(times.tolist()),
                    rows=tuple(tuple(r) for r in rows.tolist()),
                )

    def accessor(self, index: int) -> NDArray[np.float64]:
        """The rows of an accessor as numbers, normalised where it says so."""
        a = self.gltf["accessors"][index]
        view = self.gltf["bufferViews"][a["bufferView"]]
        kind, width = np.dtype(_COMPONENTS[a["componentType"]]), _WIDTHS[a["type"]]
        start = view.get("byteOffset", 0) + a.get("byteOffset", 0)
        step = view.get("byteStride", kind.itemsize * width)
        flat = np.frombuffer(
            self._bytes, np.uint8, step * (a["count"] - 1) + kind.itemsize * width, start
        )
        rows = np.lib.stride_tricks.as_strided(flat, (a["count"], kind.itemsize * width), (step, 1))
        out = np.ascontiguousarray(rows).view(kind).astype(np.float64)
        return out / float(np.iinfo(kind).max) if a.get("normalized") else out
