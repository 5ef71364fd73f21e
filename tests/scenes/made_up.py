"""A made-up asset for tests, drawn node by node; the writer is the starter's own."""

from pathlib import Path
from typing import Any

from scenes.starter import Document, block


class Drawn:
    """Nodes and clips by name; each node carries a small block so that something is drawn."""

    def __init__(self, **extras: Any) -> None:
        self.file = Document()
        self.file.gltf["scenes"][0]["extras"] = extras
        self.material = self.file.material("plain", (0.5, 0.5, 0.5))
        self.names: dict[str, int] = {}

    def node(self, name: str, parent: str | None = None, **told: Any) -> None:
        index = self.file.node(name, self.file.mesh(*block(0.5), self.material))
        self.file.gltf["nodes"][index] |= told
        self.names[name] = index
        if parent is not None:
            self.file.gltf["scenes"][0]["nodes"].remove(index)
            self.file.gltf["nodes"][self.names[parent]].setdefault("children", []).append(index)

    def clip(self, name: str, node: str, path: str, times_s: Any, values: Any) -> None:
        """Adds to the clip of that name, if there is one already."""
        clips = self.file.gltf.get("animations", [])
        known = next((c for c in clips if c["name"] == name), None)
        if known is None:
            self.file.clip(name, self.names[node], path, times_s, values)
            return
        kept = [c for c in known["channels"]
                if c["target"] != {"node": self.names[node], "path": path}]  # fmt: skip
        sampler = {"input": self.file.accessor(times_s), "output": self.file.accessor(values)}
        known["samplers"].append(sampler)
        target = {"node": self.names[node], "path": path}
        known["channels"] = [*kept, {"sampler": len(known["samplers"]) - 1, "target": target}]

    def save(self, path: Path) -> None:
        path.write_bytes(self.file.data())
