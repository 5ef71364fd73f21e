"""The nodes of a scene as they stand now: clips are sampled into them, matrices follow."""

import numpy as np

from scenes.openxr.glb import Clip, Model
from scenes.openxr.pose import Array, placed
from scenes.playback import clip_time_s, sample


class Tree:
    """Local places, turns and scales of all nodes, and their matrices in the world.

    Only what was moved, and what hangs on it, is reckoned again.
    """

    def __init__(self, model: Model) -> None:
        nodes = model.nodes
        self.names = tuple(n.name for n in nodes)
        self._parents = tuple(n.parent for n in nodes)
        self._local = [
            placed(n.at, n.turn, n.scale) if n.matrix is None else n.matrix for n in nodes
        ]
        self._parts: list[list[tuple[float, ...]]] = [
            [tuple(n.at), tuple(n.turn), tuple(n.scale)] for n in nodes
        ]
        self.weights: dict[int, tuple[float, ...]] = {
            i: n.weights for i, n in enumerate(nodes) if n.weights
        }
        self.world: Array = np.tile(np.eye(4), (max(1, len(nodes)), 1, 1))
        self._under = self._descendants()
        self._moved: set[int] = set()
        self._turned_off: set[int] = set()
        self.hidden: frozenset[int] = frozenset()
        for i, parent in enumerate(self._parents):
            local = self._local[i]
            self.world[i] = local if parent is None else self.world[parent] @ local

    def _descendants(self) -> list[list[int]]:
        under: list[list[int]] = [[i] for i in range(len(self._parents))]
        for i in range(len(self._parents) - 1, -1, -1):
            parent = self._parents[i]
            if parent is not None:
                under[parent] += under[i]
        return under

    def find(self, name: str) -> int | None:
        """The first node of a name."""
        return self.names.index(name) if name in self.names else None

    def parent(self, node: int) -> int | None:
        """The node that another hangs on."""
        return self._parents[node]

    def hold(self, clip: Clip, fraction: float) -> None:
        """Puts every node of a clip where the clip has it at a fraction of its length."""
        at_s = clip_time_s(clip.first_s, clip.last_s, fraction)
        for track in clip.tracks:
            row = sample(track.interpolation, track.times_s, track.rows, at_s, track.path)
            if track.path == "weights":
                self.weights[track.node] = row
                continue
            slot = ("translation", "rotation", "scale").index(track.path)
            if self._parts[track.node][slot] != row:
                self._parts[track.node][slot] = row
                self._moved.add(track.node)

    def show(self, node: int, shown: bool) -> None:
        """Shows or hides a node with all that hangs on it."""
        if shown != (node in self._turned_off):
            return
        (self._turned_off.discard if shown else self._turned_off.add)(node)
        self.hidden = frozenset(i for n in self._turned_off for i in self._under[n])

    def update(self) -> list[int]:
        """Reckons the matrices of what was moved; says which nodes have come to stand elsewhere."""
        if not self._moved:
            return []
        for node in self._moved:
            at, turn, scale = self._parts[node]
            self._local[node] = placed(at, turn, scale)  # type: ignore[arg-type]
        changed = sorted({i for node in self._moved for i in self._under[node]})
        for i in changed:
            parent = self._parents[i]
            local = self._local[i]
            self.world[i] = local if parent is None else self.world[parent] @ local
        self._moved.clear()
        return changed
