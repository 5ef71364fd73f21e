"""The OpenXR runtime of this machine: which is active, what it can do; the only import of xr."""

import ctypes
import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

# What is missing is told in our own sentence; the loader would write a page about it.
os.environ.setdefault("XR_LOADER_DEBUG", "none")
import xr as xr

from scenes.openxr.graphics import NoGraphics, Window, egl_handles, let_go, offscreen

EGL = "XR_MNDX_egl_enable"
OPENGL = "XR_KHR_opengl_enable"
WANTED = (OPENGL, EGL)
INSTALL = (
    "Install and start the headset's own software (SteamVR, Meta Link, Varjo Base or Monado), "
    "make it the active OpenXR runtime in its settings, or choose --renderer web."
)


def extensions() -> tuple[str, ...]:
    """What the active runtime offers; raises NoGraphics in a sentence where there is none."""
    try:
        rows = xr.enumerate_instance_extension_properties()
    except xr.exception.XrException as error:
        raise NoGraphics(
            f"Expected an active OpenXR runtime, found none ({error}). {INSTALL}"
        ) from None
    return tuple(_text(row.extension_name) for row in rows)


def manifests() -> Iterator[Path]:
    """Where the active runtime is written down, most binding first."""
    named = os.environ.get("XR_RUNTIME_JSON")
    if named:
        yield Path(named)
    if sys.platform == "win32":
        import winreg

        with (
            suppress(OSError),
            winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Khronos\OpenXR\1") as key,
        ):
            yield Path(str(winreg.QueryValueEx(key, "ActiveRuntime")[0]))
        return
    own = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    for folder in (own, Path("/etc/xdg"), Path("/usr/local/etc"), Path("/etc"), Path("/usr/share")):
        yield folder / "openxr" / "1" / "active_runtime.json"


def active() -> tuple[str, Path] | None:
    """Name and file of the active runtime as it is written down, without waking it."""
    for path in manifests():
        if not path.is_file():
            continue
        try:
            told = json.loads(path.read_text(encoding="utf-8"))["runtime"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        library = Path(str(told.get("library_path", ""))).stem
        return str(told.get("name") or library or "a runtime without a name"), path
    return None


def describe() -> dict[str, Any]:
    """What `doctor` tells: `{runtime, file, opengl, egl, hand_tracking, problem}`."""
    found = active()
    told: dict[str, Any] = {"runtime": None, "file": None, "opengl": False, "problem": ""}
    if found is not None:
        told |= {"runtime": found[0], "file": str(found[1])}
    try:
        offered = extensions()
    except NoGraphics as lack:
        return told | {"problem": str(lack)}
    return told | {
        "opengl": OPENGL in offered,
        "egl": EGL in offered,
        "hand_tracking": "XR_EXT_hand_tracking" in offered,
    }


class Graphics:
    """The graphics context that the runtime shares with us, and the binding that tells it so.

    way: egl (no window, Monado's family), glx (Linux desktop), wgl (Windows); None: what fits.
    """

    def __init__(self, way: str | None = None) -> None:
        offered = extensions()
        if OPENGL not in offered:
            raise NoGraphics(
                "Expected an OpenXR runtime that takes pictures by OpenGL, but the active one does "
                "not (Windows Mixed Reality is such a one: use it through SteamVR). " + INSTALL
            )
        if way is None:
            on_windows = sys.platform == "win32"
            way = "wgl" if on_windows else "egl" if EGL in offered else "glx"
        self.way = way
        self.extensions = [OPENGL, EGL] if way == "egl" else [OPENGL]
        self._window: Window | None = None
        if way == "egl":
            self.ctx = offscreen()
        else:
            self._window = Window("adaptivevr", (64, 64), visible=False)
            self.ctx = self._window.ctx

    def binding(self) -> Any:
        """The structure that xrCreateSession wants; the context must be current."""
        if self.way == "egl":
            return _egl_binding()
        return _wgl_binding() if self.way == "wgl" else _glx_binding()

    def current(self) -> None:
        """Some runtimes leave another context current, and errors of their own."""
        if self._window is not None:
            self._window.current()
        _ = self.ctx.error

    def close(self) -> None:
        """Lets go of context and window."""
        if self._window is not None:
            self._window.close()
        else:
            let_go(self.ctx)


def _put(binding: Any, name: str, address: int) -> None:
    # The structures use opaque pointer types of PyOpenGL; the raw address is written in place.
    offset = getattr(type(binding), name).offset
    ctypes.c_void_p.from_buffer(binding, offset).value = address


def _egl_binding() -> Any:
    from xr.platform.linux import GraphicsBindingEGLMNDX, PFN_xrEglGetProcAddressMNDX

    get_address, display, config, context = egl_handles()
    binding = GraphicsBindingEGLMNDX()
    binding.get_proc_address = ctypes.cast(get_address, PFN_xrEglGetProcAddressMNDX)
    for name, address in (("display", display), ("config", config), ("context", context)):
        _put(binding, name, address)
    return binding


def _glx_binding() -> Any:
    from xr.platform.linux import GraphicsBindingOpenGLXlibKHR

    gl = ctypes.CDLL("libGL.so.1")
    binding = GraphicsBindingOpenGLXlibKHR()
    for name, call in (
        ("x_display", "glXGetCurrentDisplay"),
        ("glx_drawable", "glXGetCurrentDrawable"),
        ("glx_context", "glXGetCurrentContext"),
    ):
        function = getattr(gl, call)
        function.restype = ctypes.c_void_p
        _put(binding, name, function() or 0)
    return binding


def _wgl_binding() -> Any:
    from xr.platform.windows import GraphicsBindingOpenGLWin32KHR

    gl: Any = vars(ctypes)["WinDLL"]("opengl32")
    binding = GraphicsBindingOpenGLWin32KHR()
    for name, call in (("h_dc", "wglGetCurrentDC"), ("h_glrc", "wglGetCurrentContext")):
        function = getattr(gl, call)
        function.restype = ctypes.c_void_p
        _put(binding, name, function() or 0)
    return binding


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
