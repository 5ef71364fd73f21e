"""Plays one scene: its clips are sampled, its channels set, and its parts drawn for an eye."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scenes.openxr.glb import Clip, Instances, Material, Model, Part
from scenes.openxr.graphics import draws_in_software
from scenes.openxr.light import Light
from scenes.openxr.pose import Array, rigid
from scenes.openxr.shader import Programs, kinds
from scenes.openxr.tree import Tree
from scenes.parameter import Channel, Parameter

# Blended things are drawn after the dome, in this order; the browser's list is the same.
ORDER = {"sky": 50, "shadow": 55, "water": 60, "glass": 70, "glow": 70}
BLENDED = ("water", "glass", "shadow", "glow")


@dataclass(frozen=True, slots=True)
class CueSound:
    """The sound of a discrete event, empty when it has none. at: the node it comes from."""

    name: str
    sound: str
    loudness: float
    at: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a renderer must know besides the asset (`scene.json`)."""

    name: str
    parameters: tuple[Parameter, ...]
    sounds: tuple[tuple[str, float], ...]
    places: tuple[tuple[str, str], ...] = ()  # the node that a loop comes from
    cues: tuple[CueSound, ...] = ()
    look: Mapping[str, Any] = field(default_factory=dict)

    @property
    def files(self) -> tuple[str, ...]:
        """The names of all its sounds: loops, those that a parameter mixes in, those of cues."""
        names = {name for name, _ in self.sounds} | {c.sound for c in self.cues if c.sound}
        mixed = (c.name for p in self.parameters for c in p.channels)
        return tuple(sorted(names | {n[6:] for n in mixed if n.startswith("sound.")}))

    @staticmethod
    def of(document: Mapping[str, Any]) -> "Manifest":
        """From the JSON document that the engine's server gives."""
        return Manifest(
            name=str(document["name"]),
            parameters=tuple(
                Parameter(
                    name, p["role"], p["unit"], float(p["rest"]), float(p["full"]),
                    photometric=float(p.get("photometric", 0.0)),
                    channels=tuple(Channel(c, *map(float, e)) for c, e in p["channels"].items()),
                )
                for name, p in document["parameters"].items()
            ),
            sounds=tuple((name, float(x)) for name, x in document["sounds"].items()),
            places=tuple(document.get("places", {}).items()),
            cues=tuple(
                CueSound(name, c["sound"], float(c["loudness"]), c["at"])
                for name, c in document.get("cues", {}).items()
            ),
            look=document.get("look", {}),
        )  # fmt: skip


@dataclass(slots=True, eq=False)
class Draw:
    """One call: triangles of one material at one node."""

    order: int
    node: int
    kind: str
    double: bool
    vao: Any
    gain: Any  # the program's own uniform, or None
    channels: tuple[str, ...]  # that set the gain of this draw
    maps: tuple[Any, Any]
    most: int  # instances, or 0 where there are none
    crowd: bool
    morph: Any = None
    brightness: float = 1.0
    count: int = 1


class Player:
    """One scene on the graphics card. `viewer`: the matrix of where the patient stands."""

    def __init__(
        self, ctx: Any, programs: Programs, model: Model, manifest: Manifest, dim: float = 1.0
    ) -> None:
        self.manifest = manifest
        self.tree = Tree(model)
        look = manifest.look
        sky = {**model.extras.get("sky", {}), **look.get("sky", {})}
        self.light = Light(ctx, {**model.extras, **look, "sky": sky}, dim)
        self.loudness = dict(manifest.sounds)
        self.triangles = 0
        self._ctx, self._programs = ctx, programs
        self._clips = {c.name: c for c in model.clips if not _idle(c)}
        self._idle = tuple(c for c in model.clips if _idle(c))
        self._held: dict[str, float] = {}
        self._cueing: dict[str, float] = {}  # when each cue that plays began
        self._path_m = float(model.extras.get("path_m", 0.0) or 0.0)
        self._speed_m_s = self._gone_m = 0.0
        self._owned: list[Any] = []
        self._textures = self._upload(model)
        self._nothing = self._own(ctx.texture((1, 1), 4, b"\0\0\0\0"))
        # A buffer of its own for each node that is drawn: offsets into a common one are limited.
        self._matrices = {
            i: self._own(ctx.buffer(reserve=64))
            for i, node in enumerate(model.nodes)
            if node.mesh is not None
        }
        self._viewer = self.tree.find("viewer")
        self._lamps = {
            c.name[6:] for p in manifest.parameters for c in p.channels
            if c.name.startswith("light.")
        }  # fmt: skip
        self._draws = self._dress(model)
        self._send_matrices(range(len(model.nodes)))
        self.apply({}, 0.0, 0.0)

    @property
    def viewer(self) -> Array:
        """The matrix of the node `viewer`, without scale."""
        return np.eye(4) if self._viewer is None else rigid(self.tree.world[self._viewer])

    # ---- what moves ------------------------------------------------------------------

    def shine(self, values: Mapping[str, float]) -> dict[str, float]:
        """How far each parameter that shines has travelled, times its photometric bound."""
        return {
            p.name: p.photometric * p.fraction(values.get(p.name, p.rest))
            for p in self.manifest.parameters
            if p.photometric > 0
        }

    def cue(self, name: str, now_s: float) -> None:
        """Begins the clip of a cue; a cue that still plays begins anew."""
        if f"cue.{name}" in self._clips:
            self._cueing[name] = now_s

    def hush(self) -> None:
        """Ends all cues: at rest nothing goes on."""
        for name in self._cueing:
            self.tree.hold(self._clips[f"cue.{name}"], 0.0)
        self._cueing.clear()

    def apply(self, values: Mapping[str, float], time_s: float, dt_s: float) -> None:
        """Shows parameter values (each in its unit; what is not told is at rest) at a time."""
        for p in self.manifest.parameters:
            f = p.fraction(values.get(p.name, p.rest))
            if self._held.get(p.name) == f:
                continue
            self._held[p.name] = f
            clip = self._clips.get(p.name)
            if clip is not None:
                self.tree.hold(clip, f)
            for channel in p.channels:
                self._set(channel.name, channel.at(f))
        for clip in self._idle:
            length_s = max(1e-3, clip.last_s - clip.first_s)
            self.tree.hold(clip, time_s % length_s / length_s)
        for name, began_s in list(self._cueing.items()):
            clip = self._clips[f"cue.{name}"]
            share = (time_s - began_s) / max(1e-3, clip.last_s - clip.first_s)
            self.tree.hold(clip, share if share < 1.0 else 0.0)
            if share >= 1.0:
                del self._cueing[name]
        self._walk(dt_s)
        self._send_matrices(self.tree.update())

    def _walk(self, dt_s: float) -> None:
        """Along the scene's path at the commanded speed: clip `path`."""
        path = self._clips.get("path")
        if path is None or self._path_m <= 0:
            return
        self._gone_m = (self._gone_m + self._speed_m_s * dt_s) % self._path_m
        self.tree.hold(path, self._gone_m / self._path_m)

    def _set(self, channel: str, x: float) -> None:
        if self.light.set(channel, x):
            return
        head, _, tail = channel.partition(".")
        if head == "sound":
            self.loudness[tail] = x
        elif head == "speed":
            self._speed_m_s = x
        elif head == "crowd":
            for d in self._draws:
                if d.crowd:
                    d.count = int(d.most * x + 0.5)
        elif head == "show":
            node = self.tree.find(tail)
            if node is not None:
                self.tree.show(node, x >= 0.5)
        else:
            for d in self._draws:
                if channel in d.channels:
                    d.brightness = x

    def _send_matrices(self, nodes: Iterable[int]) -> None:
        for i in nodes:
            buffer = self._matrices.get(i)
            if buffer is not None:
                buffer.write(self.tree.world[i].T.astype(np.float32, order="C"))

    @property
    def mirrors(self) -> bool:
        """Whether this scene shows one hand twice, as a mirror does (a node `hands`)."""
        return self.tree.find("hands") is not None

    # ---- drawing ---------------------------------------------------------------------

    def draw(self) -> int:
        """Draws everything for the eye whose view block is bound; returns the number of calls."""
        ctx, target = self._ctx, self._ctx.fbo
        hidden, calls = self.tree.hidden, 0
        state: tuple[str, bool] | None = None
        bound: list[Any] = [None, None]
        for d in self._draws:
            if d.node in hidden or d.count == 0:
                continue
            if state != (d.kind, d.double):
                state = (d.kind, d.double)
                _prepare(ctx, target, d)
            for place in (0, 1):
                texture = d.maps[place]
                if bound[place] is not texture:
                    bound[place] = texture
                    texture.use(place)
            if d.gain is not None:
                d.gain.value = d.brightness
            if d.morph is not None:
                weights = self.tree.weights.get(d.node, ())
                d.morph.value = (*weights, 0.0, 0.0, 0.0, 0.0)[:4]
            d.vao.render(instances=d.count)
            calls += 1
        target.depth_mask = True
        return calls

    def release(self) -> None:
        """Gives all memory of the graphics card back."""
        for owned in self._owned:
            owned.release()
        self._owned = []
        self.light.release()

    # ---- bringing it onto the card ---------------------------------------------------

    def _own(self, thing: Any) -> Any:
        self._owned.append(thing)
        return thing

    def _upload(self, model: Model) -> dict[tuple[int, bool], Any]:
        """Pictures as textures; a dome's picture is not repeated upward and has no mip maps."""
        wanted = {
            (number, m.kind == "sky")
            for m in model.materials
            for number in (m.map, m.detail)
            if number is not None
        }
        made = {}
        for number, dome in sorted(wanted):
            rows = model.pictures[number]
            height, width, parts = rows.shape
            texture = self._own(
                self._ctx.texture((width, height), parts, np.ascontiguousarray(rows), alignment=1)
            )
            texture.repeat_x, texture.repeat_y = True, not dome
            if dome:
                texture.filter = (self._ctx.LINEAR, self._ctx.LINEAR)
            else:
                texture.build_mipmaps()
                texture.filter = (self._ctx.LINEAR_MIPMAP_LINEAR, self._ctx.LINEAR)
                # By the processor it takes most of the time, some hundred times in water.
                texture.anisotropy = 1.0 if draws_in_software(self._ctx) else 4.0
            made[number, dome] = texture
        return made

    def _dress(self, model: Model) -> list[Draw]:
        meshes: dict[tuple[int, int], tuple[Any, Any, list[Any]]] = {}
        draws = []
        for i, node in enumerate(model.nodes):
            if node.mesh is None:
                continue
            for k, part in enumerate(model.meshes[node.mesh]):
                plain = Material()
                material = plain if part.material is None else model.materials[part.material]
                if (node.mesh, k) not in meshes:
                    meshes[node.mesh, k] = self._buffers(part, material)
                draws.append(self._draw(i, part, meshes[node.mesh, k], material, node.instances))
                times = len(node.instances.matrices) if node.instances else 1
                self.triangles += len(part.index) // 3 * times
        return sorted(draws, key=lambda d: d.order)

    def _buffers(self, part: Part, material: Material) -> tuple[Any, Any, list[Any]]:
        buffer = self._ctx.buffer
        corners = part.corners
        if not part.lit:
            corners = corners.copy()
            normals = corners[:, 3:6] if corners[:, 3:6].any() else None
            corners[:, 8:] = self.light.daylight(normals, len(corners), material.colour)
        return (
            self._own(buffer(corners)),
            self._own(buffer(part.index)),
            [self._own(buffer(np.ascontiguousarray(m))) for m in part.morphs],
        )

    def _draw(
        self, i: int, part: Part, mesh: tuple[Any, Any, list[Any]], material: Material,
        instances: Instances | None,
    ) -> Draw:  # fmt: skip
        kind = material.kind if material.kind in kinds() else "baked"
        corners, index, morphs = mesh
        defines = ["SWAY"] if kind == "foliage" else []
        defines += ["MAP"] if material.map is not None else []
        defines += ["MORPHS"] if morphs else []
        content: list[Any] = [(corners, "3f 3f 2f 4f", "position", "normal", "uv", "color")]
        content.append((self._matrices[i], "16f /r", "modelMatrix"))
        if instances is not None:
            rows = self._own(self._ctx.buffer(np.ascontiguousarray(instances.matrices)))
            content.append((rows, "16f /i", "instanceMatrix"))
            defines.append("USE_INSTANCING")
            if instances.tints is not None:
                tints = self._own(self._ctx.buffer(np.ascontiguousarray(instances.tints)))
                content.append((tints, "3f /i", "instanceColor"))
                defines.append("USE_INSTANCING_COLOR")
        for k in range(4 if morphs else 0):
            content.append((morphs[min(k, len(morphs) - 1)], "3f", f"morph{k}"))
        program = self._programs.program(kind, tuple(defines))
        vao = self._own(
            self._ctx.vertex_array(program, content, index_buffer=index, skip_errors=True)
        )
        maps = tuple(
            self._nothing if number is None else self._textures[number, kind == "sky"]
            for number in (material.map, material.detail)
        )
        count = len(instances.matrices) if instances else 1
        return Draw(
            order=ORDER.get(kind, 0), node=i, kind=kind, double=material.double, vao=vao,
            gain=program.get("uGain", None),
            channels=self._gains(i, material), maps=(maps[0], maps[1]),
            most=count if instances else 0,
            crowd=instances is not None and self._named(i, "crowd"),
            morph=program.get("uMorph", None), count=count,
        )  # fmt: skip

    def _named(self, node: int, start: str) -> bool:
        parent = self.tree.parent(node)
        own = self.tree.names[node].startswith(start)
        return own or (parent is not None and self.tree.names[parent].startswith(start))

    def _gains(self, node: int, material: Material) -> tuple[str, ...]:
        """The channel that moves this draw's brightness: its lamp's, else its material's."""
        parent = self.tree.parent(node)
        for i in (node, parent):
            if i is not None and self.tree.names[i] in self._lamps:
                return (f"light.{self.tree.names[i]}",)
        return (f"emissive.{material.name}",)


def _idle(clip: Clip) -> bool:
    return clip.name == "idle" or clip.name.startswith("idle.")


def _prepare(ctx: Any, target: Any, d: Draw) -> None:
    """Depth, culling and blending of a kind."""
    flags = ctx.DEPTH_TEST
    if not d.double or d.kind == "sky":
        flags |= ctx.CULL_FACE
    if d.kind in BLENDED:
        flags |= ctx.BLEND
        added = d.kind == "glow"
        ctx.blend_func = (ctx.SRC_ALPHA, ctx.ONE if added else ctx.ONE_MINUS_SRC_ALPHA)
    ctx.enable_only(flags)
    ctx.cull_face = "front" if d.kind == "sky" else "back"
    target.depth_mask = d.kind != "sky" and d.kind not in BLENDED
