"""Reading glTF 2.0, and nodes that follow clips, morph weights and parents."""

import json
import struct
from typing import Any

import numpy as np
import pytest

from scenes.openxr.glb import read
from scenes.openxr.tree import Tree


def glb(document: dict[str, Any], data: bytes) -> bytes:
    document = {**document, "buffers": [{"byteLength": len(data)}]}
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    data += b"\0" * (-len(data) % 4)
    head = struct.pack("<4sII", b"glTF", 2, 28 + len(text) + len(data))
    return (
        head + struct.pack("<I4s", len(text), b"JSON") + text
        + struct.pack("<I4s", len(data), b"BIN\0") + data
    )  # fmt: skip


class Pack:
    """Accessors put one behind the other."""

    def __init__(self) -> None:
        self.data = b""
        self.document: dict[str, Any] = {"accessors": [], "bufferViews": []}

    def add(self, rows: Any, kind: str, component: int = 5126, **more: Any) -> int:
        types = {5126: np.float32, 5123: np.uint16, 5121: np.uint8}
        raw = np.asarray(rows, types[component]).tobytes()
        self.data += b"\0" * (-len(self.data) % 4)
        view = {"buffer": 0, "byteOffset": len(self.data), "byteLength": len(raw)}
        self.document["bufferViews"].append(view)
        self.data += raw
        accessor = {
            "bufferView": len(self.document["bufferViews"]) - 1, "componentType": component,
            "count": len(rows), "type": kind, **more,
        }  # fmt: skip
        self.document["accessors"].append(accessor)
        return len(self.document["accessors"]) - 1


def made() -> Any:
    p = Pack()
    points = p.add([[0, 0, 0], [1, 0, 0], [0, 1, 0]], "VEC3")
    bump = p.add([[0, 0, 1], [0, 0, 1], [0, 0, 1]], "VEC3")
    colour = p.add([[65535, 0, 0, 32768]] * 3, "VEC4", 5123, normalized=True)
    index = p.add([0, 1, 2], "SCALAR", 5121)
    keys = p.add([1.0, 3.0], "SCALAR")
    lift = p.add([[0, 0, 0], [0, 4, 0]], "VEC3")
    weights = p.add([[0.0], [1.0]], "SCALAR")
    spots = p.add([[1, 0, 0], [2, 0, 0]], "VEC3")
    part = {
        "attributes": {"POSITION": points, "COLOR_0": colour}, "indices": index, "material": 0,
        "targets": [{"POSITION": bump}],
    }  # fmt: skip
    instancing = {"EXT_mesh_gpu_instancing": {"attributes": {"TRANSLATION": spots}}}
    samplers = [{"input": keys, "output": lift}, {"input": keys, "output": weights}]
    channels = [
        {"sampler": 0, "target": {"node": 1, "path": "translation"}},
        {"sampler": 1, "target": {"node": 0, "path": "weights"}},
    ]
    p.document |= {
        "asset": {"version": "2.0"}, "scene": 0,
        "scenes": [{"nodes": [1], "extras": {"exposure": 1.2}}],
        # The child stands before its parent, as files may have it.
        "nodes": [
            {"name": "child", "mesh": 0, "translation": [0, 0, 2], "extensions": instancing},
            {"name": "parent", "children": [0], "scale": [2, 2, 2]},
            {"name": "elsewhere"},
        ],
        "meshes": [{"primitives": [part], "weights": [0.0]}],
        "materials": [{"name": "wall", "extras": {"kind": "facade"}, "doubleSided": True}],
        "animations": [{"name": "height", "samplers": samplers, "channels": channels}],
    }  # fmt: skip
    return read(glb(p.document, p.data))


def test_nodes_parts_materials_and_instances() -> None:
    model = made()
    assert [n.name for n in model.nodes] == ["parent", "child"]  # of this scene, parents first
    assert [n.parent for n in model.nodes] == [None, 0]
    (part,) = model.meshes[0]
    assert part.corners[1, :3].tolist() == [1, 0, 0]
    assert part.corners[0, 8:].tolist() == pytest.approx([1, 0, 0, 0.5], abs=1e-4)
    assert part.index.tolist() == [0, 1, 2] and len(part.morphs) == 1
    assert (model.materials[0].kind, model.materials[0].double) == ("facade", True)
    child = model.nodes[1]
    assert child.instances is not None and child.instances.tints is None
    assert child.instances.matrices[:, 3, :3].tolist() == [[1, 0, 0], [2, 0, 0]]
    assert model.extras == {"exposure": 1.2}


def test_a_clip_held_at_a_fraction_moves_what_hangs_on_its_node() -> None:
    model = made()
    tree, (clip,) = Tree(model), model.clips
    assert (clip.first_s, clip.last_s) == (1.0, 3.0)
    assert tree.world[1][:3, 3].tolist() == [0, 0, 4]  # twice as far, by its parent's scale
    tree.hold(clip, 0.5)
    assert tree.update() == [0, 1]
    assert tree.world[0][:3, 3].tolist() == [0, 2, 0]
    assert tree.world[1][:3, 3].tolist() == [0, 2, 4]
    assert tree.weights[1] == (0.5,)
    tree.hold(clip, 0.5)
    assert tree.update() == []  # nothing has moved: nothing is reckoned


def test_hiding_a_node_hides_what_hangs_on_it() -> None:
    tree = Tree(made())
    tree.show(0, False)
    assert tree.hidden == {0, 1}
    tree.show(1, False)
    tree.show(0, True)
    assert tree.hidden == {1}


@pytest.mark.parametrize("data", [b"", b"glTF", b"x" * 40])
def test_what_is_no_asset_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(ValueError, match="expected a whole binary glTF"):
        read(data)
