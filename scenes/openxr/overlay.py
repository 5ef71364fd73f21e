"""What lies over the scene: the board, the breathing pacer, hands, and the narrowed view."""

from math import cos, pi
from typing import Any

import numpy as np

from scenes.openxr.panel import HEIGHT, METRES, WIDTH, Panel
from scenes.openxr.pose import Array, Pose
from scenes.openxr.shader import bind
from scenes.playback import Pacer

BREATH_AT = (0.0, 1.15, -2.0)
_BREATH_M = 0.232
_SMALLEST = 0.32
_HEAD = """#version 330
layout(std140) uniform View { mat4 projectionMatrix; mat4 viewMatrix; vec3 cameraPosition; };
"""
_PLANE = """
in vec2 corner; out vec2 at; uniform mat4 uPlace; uniform vec2 uHalf;
void main() {
  at = corner;
  gl_Position = projectionMatrix * viewMatrix * uPlace * vec4(corner * uHalf, 0., 1.);
}
"""
_BOARD = """
in vec2 at; out vec4 c; uniform sampler2D uMap;
void main() { c = texture(uMap, vec2(.5, -.5) * at + .5); }
"""
# A soft disc that fills and empties with the lungs, and a ring where it is full.
_BREATH = """
in vec2 at; out vec4 c; uniform float uFull;
void main() {
  float r = length(at), w = fwidth(r);
  float disc = 1. - smoothstep(uFull - w, uFull, r);
  float ring = smoothstep(.948 - w, .948, r) * (1. - smoothstep(1. - w, 1., r));
  c = vec4(.72, .85, .88, max(disc * .4, ring * .55));
}
"""
_FILL = """
in vec2 corner; out vec2 at;
void main() {
  at = (corner + vec2(projectionMatrix[2][0], projectionMatrix[2][1]))
     / vec2(projectionMatrix[0][0], projectionMatrix[1][1]);
  gl_Position = vec4(corner, 0., 1.);
}
"""
# at: tangents of the angle from straight ahead.
_RIM = """
in vec2 at; out vec4 c; uniform float uAmount;
void main() {
  float rim = mix(1.6, .55, uAmount);
  c = vec4(.03, .03, .04, .96 * uAmount * smoothstep(rim, rim + .35, length(at)));
}
"""
_HAND = """
in vec3 position; out vec3 n; uniform mat4 uPlace;
void main() {
  n = mat3(uPlace) * position;
  gl_Position = projectionMatrix * viewMatrix * uPlace * vec4(position, 1.);
}
"""
_SKIN = """
in vec3 n; out vec4 c; uniform float uShown;
void main() { c = vec4(vec3(.74, .58, .49) * (.72 + .28 * normalize(n).y), uShown); }
"""


def breath_size(pacer: Pacer, now_s: float) -> float:
    """How large the disc is, 0..1 of the ring: a sine, for nobody breathes in straight lines.

    >>> breath_size(Pacer(0.0, 4.0, 0.0, 6.0, 0.0), 4.0)
    1.0
    """
    fullness = pacer.at(now_s)[1]
    return _SMALLEST + (1 - _SMALLEST) * (0.5 - 0.5 * cos(pi * fullness))


class Overlay:
    """Draws over the scene; what it draws is set once a picture and drawn for each eye."""

    def __init__(self, ctx: Any) -> None:
        self._ctx = ctx
        square = np.array([-1, -1, 1, -1, -1, 1, 1, 1], np.float32)
        self._square = ctx.buffer(square)
        self._board = self._flat(_PLANE, _BOARD)
        self._breath = self._flat(_PLANE, _BREATH)
        self._rim = self._flat(_FILL, _RIM)
        ball, index = _ball()
        program = ctx.program(vertex_shader=_HEAD + _HAND, fragment_shader=_HEAD + _SKIN)
        bind(program)
        self._hand = ctx.vertex_array(
            program, [(ctx.buffer(ball), "3f", "position")], index_buffer=ctx.buffer(index)
        )
        self._texture = ctx.texture((WIDTH, HEIGHT), 4)
        self._texture.build_mipmaps()

    def _flat(self, vertex: str, fragment: str) -> Any:
        program = self._ctx.program(vertex_shader=_HEAD + vertex, fragment_shader=_HEAD + fragment)
        bind(program)
        return self._ctx.vertex_array(program, [(self._square, "2f", "corner")])

    def draw(
        self, rig: Array, panel: Panel | None, size: float | None, narrow: float,
        hands: tuple[Pose | None, Pose | None], shown: float = 1.0,
    ) -> None:  # fmt: skip
        """For the eye whose view is bound. size: of the breathing disc; shown: of the hands."""
        ctx = self._ctx
        some = any(hands) and shown > 0
        if panel is None and size is None and narrow <= 0.02 and not some:
            return
        ctx.blend_func = (ctx.SRC_ALPHA, ctx.ONE_MINUS_SRC_ALPHA)
        if some:
            ctx.enable_only(ctx.DEPTH_TEST | ctx.CULL_FACE | ctx.BLEND)
            ctx.cull_face = "back"
            self._hands(rig, hands, shown)
        ctx.enable_only(ctx.BLEND)
        if size is not None:
            self._put(self._breath, rig @ Pose(BREATH_AT).matrix(), (_BREATH_M, _BREATH_M))
            self._breath.program["uFull"].value = 0.948 * size
            self._breath.render(ctx.TRIANGLE_STRIP)
        if narrow > 0.02:
            self._rim.program["uAmount"].value = narrow
            self._rim.render(ctx.TRIANGLE_STRIP)
        if panel is not None:
            if panel.drawing is not None:
                self._texture.write(np.ascontiguousarray(panel.drawing))
                self._texture.build_mipmaps()
                panel.drawing = None
            self._texture.use(0)
            half = (METRES / 2, METRES / 2 * HEIGHT / WIDTH)
            self._put(self._board, rig @ panel.pose.matrix(), half)
            self._board.render(ctx.TRIANGLE_STRIP)

    def _put(self, vao: Any, place: Array, half: tuple[float, float]) -> None:
        vao.program["uPlace"].write(np.ascontiguousarray(place.T, np.float32))
        vao.program["uHalf"].value = half

    def _hands(self, rig: Array, hands: tuple[Pose | None, Pose | None], shown: float) -> None:
        """A mitten for each hand: a palm, four fingers in one, a thumb on the inner side."""
        program = self._hand.program
        program["uShown"].value = shown
        for side, hand in zip((-1.0, 1.0), hands, strict=True):
            if hand is None:
                continue
            at = rig @ hand.matrix()
            for place, half in (
                ((0.0, 0.0, 0.0), (0.042, 0.018, 0.055)),
                ((0.0, 0.0, -0.085), (0.036, 0.014, 0.05)),
                ((-side * 0.045, 0.0, -0.02), (0.016, 0.014, 0.04)),
            ):
                part = at @ Pose(place).matrix() @ np.diag([*half, 1.0])
                program["uPlace"].write(np.ascontiguousarray(part.T, np.float32))
                self._hand.render()


def _ball(around: int = 16, up: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """A unit sphere: points and triangles, seen from outside."""
    a, b = np.meshgrid(
        np.linspace(0, 2 * np.pi, around + 1), np.linspace(0, np.pi, up + 1), indexing="ij"
    )
    points = np.stack([np.sin(b) * np.cos(a), np.cos(b), np.sin(b) * np.sin(a)], -1)
    first = (np.arange(around)[:, None] * (up + 1) + np.arange(up)).ravel()
    right = first + up + 1
    index = np.stack([first, right, right + 1, first, right + 1, first + 1], -1)
    return points.reshape(-1, 3).astype(np.float32), index.ravel().astype(np.uint32)
