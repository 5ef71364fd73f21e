"""Made-up assets for tests, drawn node by node as a modelling program would export them."""

from pathlib import Path
from typing import Any

from scenes.starter import Document, block, dome, meadow

Triple = tuple[float, float, float]


class Drawn:
    """Nodes and clips by name."""

    def __init__(self, **extras: Any) -> None:
        self.file = Document()
        self.file.gltf["scenes"][0]["extras"] = extras
        self.names: dict[str, int] = {}
        self.material = self.plain("plain")

    def plain(self, name: str, colour: Triple = (0.5, 0.5, 0.5), kind: str = "") -> int:
        """A plain material, with a custom property where a kind is told."""
        return self.file.material(name, colour, {"kind": kind} if kind else None)

    def node(self, name: str, parent: str | None = None) -> None:
        """A small block that nobody looks at closely."""
        self._hang(name, self.file.mesh(*block(0.5), self.material), (0, 0, 0), parent)

    def empty(self, name: str, at: Triple = (0, 0, 0), parent: str | None = None) -> None:
        self._hang(name, None, at, parent)

    def block(
        self, name: str, size_m: float, material: int, at: Triple, scale: Triple = (1, 1, 1),
        parent: str | None = None,
    ) -> None:  # fmt: skip
        self._hang(name, self.file.mesh(*block(size_m), material), at, parent, scale)

    def meadow(self, name: str, half_m: float, count: int, material: int) -> None:
        self._hang(name, self.file.mesh(*meadow(half_m, count), material), (0, 0, 0), None)

    def dome(self, name: str, radius_m: float, material: int) -> None:
        self._hang(name, self.file.mesh(*dome(radius_m, 24, 10), material), (0, 0, 0), None)

    def _hang(
        self, name: str, mesh: int | None, at: Triple, parent: str | None,
        scale: Triple = (1, 1, 1),
    ) -> None:  # fmt: skip
        index = self.file.node(name, mesh, at)
        self.names[name] = index
        if scale != (1, 1, 1):
            self.file.gltf["nodes"][index]["scale"] = list(scale)
        if parent is not None:
            self.file.gltf["scenes"][0]["nodes"].remove(index)
            self.file.gltf["nodes"][self.names[parent]].setdefault("children", []).append(index)

    def clip(self, name: str, node: str, path: str, times_s: Any, values: Any) -> None:
        """Keys of one property; in the clip of that name, if there is one already."""
        clips = self.file.gltf.get("animations", [])
        known = next((c for c in clips if c["name"] == name), None)
        if known is None:
            self.file.clip(name, self.names[node], path, times_s, values)
            return
        target = {"node": self.names[node], "path": path}
        kept = [c for c in known["channels"] if c["target"] != target]
        sampler = {"input": self.file.accessor(times_s), "output": self.file.accessor(values)}
        known["samplers"].append(sampler)
        known["channels"] = [*kept, {"sampler": len(known["samplers"]) - 1, "target": target}]

    def save(self, path: Path) -> None:
        path.write_bytes(self.file.data())
