"""What this machine has and lacks, in sentences that say how to get it."""

import importlib
import importlib.metadata
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import adaptivevr
from adaptivevr.config import data_folder

_PATIENCE_S = 20.0
_GENERAL_NAMES = ("sensors", "scenes", "calibration")


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of the machine. needed: without it a session cannot run."""

    part: str
    ok: bool
    text: str
    needed: bool = True


def examine() -> tuple[Finding, ...]:
    """Looks at everything a session needs, and at what it can use."""
    return (
        _python(), _liblsl(), *_names(), _pages(), _scenes(), _data(), _openxr(), _graphics(),
        _optional("aiomqtt", "telling the room over MQTT"),
        _optional("mne", "reading and writing EEG files"),
    )  # fmt: skip


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= (3, 12)
    return Finding("Python", ok, version if ok else f"{version}; install Python 3.12 or newer")


def _liblsl() -> Finding:
    from sensors.liblsl import MissingLibrary, library

    try:
        pylsl = library()
        return Finding("LSL", True, f"liblsl {pylsl.library_version() / 100:.2f}")
    except MissingLibrary as error:
        return Finding("LSL", False, str(error))


def _names() -> list[Finding]:
    """`sensors`, `scenes` and `calibration` are general names: another package may own one."""
    here = Path(adaptivevr.__file__).resolve().parent.parent
    findings = []
    for name in _GENERAL_NAMES:
        found = importlib.import_module(name).__file__ or ""
        ours = Path(found).resolve().is_relative_to(here)
        owners = [
            o
            for o in importlib.metadata.packages_distributions().get(name, ())
            if o != "adaptivevr"
        ]
        if not ours or owners:
            who = ", ".join(owners) or found
            findings.append(
                Finding(f"package {name}", ours, f"{who} also provides `{name}`; uninstall it")
            )
    return findings or [Finding("package names", True, "sensors, scenes, calibration are ours")]


def _pages() -> Finding:
    from adaptivevr.console.pages import CONSOLE_PAGE, PAIR_PAGE, SCENE_PAGE

    pages = (CONSOLE_PAGE, SCENE_PAGE, PAIR_PAGE)
    missing = [str(p.name) for p in pages if not (p / "index.html").is_file()]
    if missing:
        return Finding(
            "pages", False, "not built; run `pip install -e .` once more in the checkout"
        )
    return Finding("pages", True, "console and scene are built")


def _scenes() -> Finding:
    from scenes.scene import LIBRARY, library

    missing = [n for n in library() if not (LIBRARY / n / "scene.glb").is_file()]
    if missing:
        return Finding(
            "scenes", False, f"{', '.join(missing)} not built; run `pip install -e .` once more"
        )
    return Finding("scenes", True, ", ".join(library()))


def _data() -> Finding:
    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.write_text("x")
        probe.unlink()
    except OSError as error:
        return Finding("data folder", False, f"{folder} cannot be written ({error.strerror})")
    return Finding("data folder", True, str(folder))


def _openxr() -> Finding:
    """Asked in a process of its own: a headset maker's library may take its time, or crash."""
    command = [sys.executable, "-m", "scenes.openxr", "--describe"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S)
        told = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        text = "the OpenXR runtime did not answer; start the headset's own software anew"
        return Finding("OpenXR", False, text, needed=False)
    if told["problem"]:
        return Finding("OpenXR", False, told["problem"], needed=False)
    text = f"{told['runtime'] or 'a runtime'} is active"
    if not told["opengl"]:
        text += ", but takes no OpenGL pictures; use SteamVR in its place, or the browser"
        return Finding("OpenXR", False, text, needed=False)
    return Finding("OpenXR", True, f"{text} and takes our pictures", needed=False)


def _graphics() -> Finding:
    """Whether --renderer window can be served, and by what."""
    command = [
        sys.executable, "-m", "scenes.openxr", "ws://localhost:1", "--host", "simulated",
        "--announce", "--try",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S)
        told = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        told = {"lack": "Expected OpenGL 3.3, came no answer. Update the graphics driver."}
    if "lack" in told:
        return Finding("graphics", False, told["lack"], needed=False)
    return Finding("graphics", True, "OpenGL 3.3 for a native renderer", needed=False)


def _optional(name: str, purpose: str) -> Finding:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, False, f"not installed; wanted for {purpose}", needed=False)
    return Finding(name, True, f"for {purpose}", needed=False)
