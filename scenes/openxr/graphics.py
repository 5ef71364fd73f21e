"""Graphics contexts: offscreen by EGL, or with a window of the desktop; and the eyes' targets."""

import ctypes
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.openxr.pose import Pose, inverse, projection
from scenes.openxr.shader import VIEW_BLOCK

SOFTWARE = ("llvmpipe", "softpipe", "swrast", "software")
LEAST = 330


class NoGraphics(RuntimeError):
    """No OpenGL context can be had; one sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class View:
    """One eye: where it is, and the tangents of its four angles (left and down negative)."""

    pose: Pose
    left: float
    right: float
    up: float
    down: float


def offscreen() -> Any:
    """A context without any window: EGL on Linux, the desktop's own way elsewhere."""
    import moderngl

    backend: Any = {"backend": "egl"} if sys.platform.startswith("linux") else {}
    try:
        return _usable(moderngl.create_context(standalone=True, require=LEAST, **backend))
    except Exception as error:
        raise NoGraphics(
            f"Expected OpenGL 3.3 without a display, came: {error}. Install a graphics driver "
            "(Debian: libegl1 and libgl1-mesa-dri; on other systems the maker's)."
        ) from None


def let_go(ctx: Any) -> None:
    """Releases a context of `offscreen`, so that a window's may follow in this thread."""
    ctx.release()
    if sys.platform.startswith("linux"):
        egl = ctypes.CDLL("libEGL.so.1")
        egl.eglGetCurrentDisplay.restype = ctypes.c_void_p
        display = egl.eglGetCurrentDisplay()
        if display:
            nothing = ctypes.c_void_p(0)
            egl.eglMakeCurrent(ctypes.c_void_p(display), nothing, nothing, nothing)


class Window:
    """A window of the desktop with its context; hidden where only the context is wanted."""

    def __init__(self, title: str, size: tuple[int, int], visible: bool = True) -> None:
        import glfw
        import moderngl

        self.glfw = glfw
        # What goes wrong shows in what comes back; the library would raise warnings beside.
        vars(glfw)["ERROR_REPORTING"] = False
        if not glfw.init():
            raise NoGraphics(
                "Expected a display to open a window on, found none. Run it on a desktop, "
                "or choose --renderer web."
            )
        glfw.window_hint(glfw.VISIBLE, visible)
        glfw.window_hint(glfw.CONTEXT_VERSION_MAJOR, 3)
        glfw.window_hint(glfw.CONTEXT_VERSION_MINOR, 3)
        glfw.window_hint(glfw.OPENGL_FORWARD_COMPAT, True)
        glfw.window_hint(glfw.OPENGL_PROFILE, glfw.OPENGL_CORE_PROFILE)
        self.handle = glfw.create_window(*size, title, None, None)
        if not self.handle:
            glfw.terminate()
            raise NoGraphics(
                "Expected a window with OpenGL 3.3, and the display gave none. Update the "
                "graphics driver, or choose --renderer web."
            )
        self.current()
        glfw.swap_interval(1 if visible else 0)
        self.ctx = _usable(moderngl.create_context(require=LEAST))

    def current(self) -> None:
        """Makes the context the one that is drawn with: some runtimes leave another behind."""
        self.glfw.make_context_current(self.handle)

    def close(self) -> None:
        """Closes the window with all that was drawn in it."""
        self.ctx.release()
        self.glfw.destroy_window(self.handle)
        self.glfw.terminate()


def _usable(ctx: Any) -> Any:
    ctx.gc_mode = None  # what is owned is released where it is owned
    return ctx


def draws_in_software(ctx: Any) -> bool:
    """Whether pictures are made by the processor: then edges are not smoothed."""
    return any(word in ctx.info["GL_RENDERER"].lower() for word in SOFTWARE)


class Canvas:
    """What one eye is drawn on. samples: 4 smooth edges; 0 or 1 none."""

    def __init__(self, ctx: Any, size: tuple[int, int], samples: int = 0) -> None:
        self.size = size
        self._ctx = ctx
        self._samples = samples if samples > 1 else 0
        depth = ctx.depth_renderbuffer(size, samples=self._samples)
        colour = ctx.renderbuffer(size, 4, samples=self._samples)
        self._parts = [depth, colour]
        self.drawn = ctx.framebuffer([colour], depth)
        self._flat: Any = self.drawn
        if self._samples:
            flat = ctx.renderbuffer(size, 4)
            self._parts.append(flat)
            self._flat = ctx.framebuffer([flat])

    def begin(self) -> None:
        """Everything drawn from now on lands here."""
        self.drawn.use()
        self.drawn.depth_mask = True
        self.drawn.clear(0.0, 0.0, 0.0, 1.0, depth=1.0)

    def picture(self) -> NDArray[np.uint8]:
        """What was drawn, (height, width, 3), top row first."""
        if self._samples:
            self._ctx.copy_framebuffer(self._flat, self.drawn)
        width, height = self.size
        rows = np.frombuffer(self._flat.read(components=3, alignment=1), np.uint8)
        return rows.reshape(height, width, 3)[::-1].copy()

    def release(self) -> None:
        """Gives the memory back; what is let go of must not stay the one that is drawn on."""
        self._ctx.detect_framebuffer(0).use()
        if self._flat is not self.drawn:
            self._flat.release()
        self.drawn.release()
        for part in self._parts:
            part.release()


class ViewBlock:
    """The matrices of the eye that is drawn for, as the programs read them."""

    def __init__(self, ctx: Any) -> None:
        self._buffer = ctx.buffer(reserve=144)
        self._bytes = np.zeros(36, np.float32)

    def send(self, view: View, rig: NDArray[np.float64]) -> NDArray[np.float64]:
        """Binds one eye that stands on `rig`; returns the eye's own matrix in the world."""
        eye = rig @ view.pose.matrix()
        rows = self._bytes
        rows[:16] = projection(view.left, view.right, view.up, view.down).T.ravel()
        rows[16:32] = inverse(eye).T.ravel()
        rows[32:35] = eye[:3, 3]
        self._buffer.write(rows)
        self._buffer.bind_to_uniform_block(VIEW_BLOCK)
        return eye


def egl_handles() -> tuple[Any, int, int, int]:
    """The current EGL context as OpenXR wants it: (get_proc_address, display, config, context)."""
    egl = ctypes.CDLL("libEGL.so.1")
    for name in ("eglGetCurrentDisplay", "eglGetCurrentContext", "eglGetProcAddress"):
        getattr(egl, name).restype = ctypes.c_void_p
    display, context = egl.eglGetCurrentDisplay(), egl.eglGetCurrentContext()
    number, config, count = ctypes.c_int(), ctypes.c_void_p(), ctypes.c_int()
    config_id, none = 0x3028, 0x3038
    egl.eglQueryContext(
        ctypes.c_void_p(display), ctypes.c_void_p(context), config_id, ctypes.byref(number)
    )
    wanted = (ctypes.c_int * 3)(config_id, number.value, none)
    egl.eglChooseConfig(
        ctypes.c_void_p(display), wanted, ctypes.byref(config), 1, ctypes.byref(count)
    )
    return egl.eglGetProcAddress, display, config.value or 0, context
