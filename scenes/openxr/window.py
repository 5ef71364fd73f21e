"""A flat view on the desktop: one eye in a window, looked around in with the mouse."""

from math import pi, radians, tan
from typing import Any

from scenes.openxr.clock import now_s, wait_until
from scenes.openxr.graphics import Canvas, View, Window, draws_in_software
from scenes.openxr.host import EYE_M, Moment, Ray
from scenes.openxr.pose import Pose, turned

UP = tan(radians(70) / 2)
_STEEPEST = 85 * pi / 180
_TURN = radians(0.2)  # a pixel of the mouse
_NUDGE = radians(4)
_TITLE = "adaptivevr scene: Escape, space or S stops; T too much; R straight on; drag to look"


class WindowHost:
    """A window of the desktop. Raises NoGraphics where there is no display."""

    name = "window"
    comfort = False
    hands = False
    trouble = ""

    def __init__(self, size: tuple[int, int] = (1280, 800), visible: bool = True) -> None:
        self.window = Window(_TITLE, size, visible)
        self.ctx = self.window.ctx
        self.yaw = self.pitch = 0.0
        glfw = self.window.glfw
        screen = glfw.get_primary_monitor()
        mode = glfw.get_video_mode(screen) if screen else None
        self.refresh_hz = float(mode.refresh_rate) if mode and mode.refresh_rate > 0 else 60.0
        self._samples = 0 if draws_in_software(self.ctx) else 4
        self._canvas: Canvas | None = None
        self._keys: list[str] = []
        self._presses: list[Ray] = []
        self._dragged: tuple[float, float] | None = None
        self._due_s = now_s()
        glfw.set_key_callback(self.window.handle, self._key)
        glfw.set_mouse_button_callback(self.window.handle, self._button)
        glfw.set_cursor_pos_callback(self.window.handle, self._drag)

    @property
    def ended(self) -> bool:
        """Whether the window has been closed."""
        return bool(self.window.glfw.window_should_close(self.window.handle))

    def begin(self) -> Moment:
        """The next picture, in step with the screen where it keeps step, else by the clock."""
        self._due_s = max(self._due_s + 1 / self.refresh_hz, now_s())
        wait_until(self._due_s - 0.002)
        self.window.glfw.poll_events()
        keys, self._keys = tuple(self._keys), []
        presses, self._presses = tuple(self._presses), []
        width, height = self._size()
        if width == 0 or height == 0:  # made small: nothing to draw, everything else goes on
            return Moment(keys=keys)
        side = UP * width / height
        view = View(self._eye(), -side, side, UP, -UP)
        return Moment(views=(view,), keys=keys, presses=presses)

    def target(self, eye: int) -> None:
        """The window's canvas, made anew when its size has changed."""
        size = self._size()
        if self._canvas is None or self._canvas.size != size:
            if self._canvas is not None:
                self._canvas.release()
            self._canvas = Canvas(self.ctx, size, self._samples)
        self._canvas.begin()

    def finish(self, eye: int) -> None:
        """Onto the window."""
        if self._canvas is not None:
            self.ctx.copy_framebuffer(self.ctx.screen, self._canvas.drawn)

    def end(self) -> None:
        """Shows it."""
        self.window.glfw.swap_buffers(self.window.handle)

    def picture(self) -> Any:
        """What is in the window, (height, width, 3)."""
        assert self._canvas is not None
        return self._canvas.picture()

    def recenter(self) -> None:
        """Looks straight on again."""
        self.yaw = self.pitch = 0.0

    def close(self) -> None:
        """Closes the window."""
        if self._canvas is not None:
            self._canvas.release()
        self.window.close()

    def _size(self) -> tuple[int, int]:
        width, height = self.window.glfw.get_framebuffer_size(self.window.handle)
        return int(width), int(height)

    def _eye(self) -> Pose:
        return Pose((0.0, EYE_M, 0.0), turned(self.yaw, self.pitch))

    def _turn(self, yaw: float, pitch: float) -> None:
        self.yaw += yaw
        self.pitch = min(_STEEPEST, max(-_STEEPEST, self.pitch + pitch))

    def _key(self, _: Any, key: int, __: int, action: int, mods: int) -> None:
        glfw = self.window.glfw
        if action == glfw.RELEASE:
            return
        ways = {
            glfw.KEY_LEFT: (1, 0), glfw.KEY_RIGHT: (-1, 0), glfw.KEY_UP: (0, 1),
            glfw.KEY_DOWN: (0, -1),
        }  # fmt: skip
        if key in ways:
            self._turn(ways[key][0] * _NUDGE, ways[key][1] * _NUDGE)
        elif action == glfw.PRESS and not mods & ~glfw.MOD_SHIFT:
            name = _named(glfw, key)
            if name:
                self._keys.append(name)

    def _button(self, _: Any, button: int, action: int, __: int) -> None:
        glfw = self.window.glfw
        if button != glfw.MOUSE_BUTTON_LEFT:
            return
        if action == glfw.PRESS:
            x, y = glfw.get_cursor_pos(self.window.handle)
            self._dragged = (x, y)
            self._presses.append(self.ray(x, y))
        else:
            self._dragged = None

    def _drag(self, _: Any, x: float, y: float) -> None:
        if self._dragged is not None:
            self._turn((x - self._dragged[0]) * _TURN, (y - self._dragged[1]) * _TURN)
            self._dragged = (x, y)

    def ray(self, x: float, y: float) -> Ray:
        """Where a point of the window (pixels from its top left corner) lies in the scene."""
        width, height = self.window.glfw.get_window_size(self.window.handle)
        right = (2 * x / width - 1) * UP * width / height
        up = (1 - 2 * y / height) * UP
        eye = self._eye()
        ahead = eye.matrix()[:3, :3] @ (right, up, -1.0)
        return Ray(eye.at, (float(ahead[0]), float(ahead[1]), float(ahead[2])))


def _named(glfw: Any, key: int) -> str:
    named = {
        glfw.KEY_ESCAPE: "escape", glfw.KEY_SPACE: "space", glfw.KEY_S: "s",
        glfw.KEY_T: "too_much", glfw.KEY_R: "recenter", glfw.KEY_ENTER: "enter",
        glfw.KEY_KP_ENTER: "enter",
    }  # fmt: skip
    for first in (glfw.KEY_0, glfw.KEY_KP_0):
        if first <= key <= first + 9:
            return str(key - first)
    return named.get(key, "")
