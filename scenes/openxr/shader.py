"""Programs of the material kinds: the shared GLSL text after a prologue of our own."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

SHADING = Path(__file__).resolve().parent.parent / "shading"
FRAGMENTS = {"foliage": "baked"}  # kinds that share another's text
VERTICES = {"water": "water.vert.glsl"}
LIGHT_BLOCK, VIEW_BLOCK = 0, 1
_LOOSE = {"uGain"}  # uniforms that one draw alone owns
_UNIFORM = re.compile(r"^uniform (float|vec3|vec4) ([^;]+);.*$", re.M)
_SIZES = {"float": (4, 4), "vec3": (16, 12), "vec4": (16, 16)}  # alignment, size (std140)

_VIEW = """
layout(std140) uniform View { mat4 projectionMatrix; mat4 viewMatrix; vec3 cameraPosition; };
"""
_VERTEX = """
in vec3 position, normal;
in vec2 uv;
in mat4 modelMatrix;
#ifdef USE_INSTANCING
in mat4 instanceMatrix;
#endif
#ifdef USE_INSTANCING_COLOR
in vec3 instanceColor;
#endif
#ifdef MORPHS
in vec3 morph0, morph1, morph2, morph3;
uniform vec4 uMorph;
vec3 moved(vec3 p) {
  return p + uMorph.x * morph0 + uMorph.y * morph1 + uMorph.z * morph2 + uMorph.w * morph3;
}
#else
vec3 moved(vec3 p) { return p; }
#endif
"""


@cache
def text(name: str) -> str:
    """One file of the shared text."""
    return (SHADING / name).read_text(encoding="utf-8")


def kinds() -> tuple[str, ...]:
    """The material kinds there is a text for."""
    own = [p.name.split(".")[0] for p in SHADING.glob("*.glsl") if p.name.count(".") == 1]
    return tuple(sorted({*own, *FRAGMENTS} - {"light"}))


@cache
def shared_uniforms() -> dict[str, str]:
    """What all materials of one scene share: name -> type, in one order for all programs.

    They are loose uniforms in the text; here they lie in one block, written once a picture.
    """
    found: dict[str, str] = {}
    for path in sorted(SHADING.glob("*.glsl")):
        for kind, names in _UNIFORM.findall(text(path.name)):
            for name in re.split(r"[,\s]+", names.strip()):
                if name not in _LOOSE:
                    found[name] = kind
    return found


@cache
def block_layout() -> tuple[dict[str, int], int]:
    """Where each shared uniform lies in the block (bytes, std140), and the block's size."""
    places, at = {}, 0
    for name, kind in shared_uniforms().items():
        align, size = _SIZES[kind]
        at = -(-at // align) * align
        places[name] = at
        at += size
    return places, -(-at // 16) * 16


def _block() -> str:
    rows = "".join(f"  {kind} {name};\n" for name, kind in shared_uniforms().items())
    return f"layout(std140) uniform Light {{\n{rows}}};\nuniform float uGain;\n"


def _translated(source: str, stage: str) -> str:
    source = _UNIFORM.sub("", source)
    source = re.sub(r"\bvarying\b", "out" if stage == "vertex" else "in", source)
    source = re.sub(r"\battribute\b", "in", source)
    source = re.sub(r"\btexture2D\b", "texture", source)
    return re.sub(r"\bgl_FragColor\b", "outColor", source)


def sources(kind: str, defines: tuple[str, ...]) -> tuple[str, str]:
    """Vertex and fragment text of a kind, for OpenGL 3.3."""
    head = "#version 330\n" + "".join(f"#define {d} 1\n" for d in defines) + _VIEW + _block()
    vertex = VERTICES.get(kind, "surface.vert.glsl")
    if (SHADING / f"{kind}.vert.glsl").is_file():
        vertex = f"{kind}.vert.glsl"
    fragment = text("light.glsl") + text(f"{FRAGMENTS.get(kind, kind)}.glsl")
    return (
        head + _VERTEX + _translated(text(vertex), "vertex"),
        head + "out vec4 outColor;\n" + _translated(fragment, "fragment"),
    )


class Programs:
    """Compiled programs, each once for the whole life of a graphics context."""

    def __init__(self, ctx: Any) -> None:
        self._ctx = ctx
        self._made: dict[tuple[str, tuple[str, ...]], Any] = {}

    def program(self, kind: str, defines: tuple[str, ...]) -> Any:
        """The program of a kind with these switches on."""
        key = (kind, tuple(sorted(defines)))
        if key not in self._made:
            vertex, fragment = sources(*key)
            program = self._ctx.program(vertex_shader=vertex, fragment_shader=fragment)
            bind(program)
            self._made[key] = program
        return self._made[key]


def bind(program: Any) -> None:
    """Connects a program with the blocks and the two texture places that all programs use."""
    for name, number in (("Light", LIGHT_BLOCK), ("View", VIEW_BLOCK)):
        if name in program:
            program[name].binding = number
    for number, name in enumerate(("uMap", "uDetail")):
        if name in program:
            program[name].value = number


class Block:
    """The shared uniforms of one scene as bytes for the graphics card."""

    def __init__(self, ctx: Any) -> None:
        self._places, size = block_layout()
        self._bytes = np.zeros(size // 4, np.float32)
        self._buffer = ctx.buffer(reserve=size)

    def set(self, name: str, *values: float) -> None:
        """One uniform; a name the text does not use is let pass."""
        at = self._places.get(name)
        if at is not None:
            self._bytes[at // 4 : at // 4 + len(values)] = values

    def send(self) -> None:
        """Writes what was set and makes it the block that programs read."""
        self._buffer.write(self._bytes)
        self._buffer.bind_to_uniform_block(LIGHT_BLOCK)

    def release(self) -> None:
        """Gives the memory back."""
        self._buffer.release()
