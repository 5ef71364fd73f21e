"""The native renderer's own process: `python -m scenes.openxr URL [--host xr|window|simulated]`."""

import argparse
import gc
import json
import locale
import signal
import sys
from math import radians
from typing import Any

from scenes.openxr.clock import now_s
from scenes.openxr.graphics import NoGraphics
from scenes.openxr.host import Host, SimulatedHost

_SWITCH_S = 0.0005  # between threads: the link and the sound must never hold up a picture


def main(arguments: list[str] | None = None) -> int:
    """Shows scenes until it is closed; what this machine lacks is one sentence and exit 2."""
    parser = argparse.ArgumentParser(prog="python -m scenes.openxr", description=__doc__)
    parser.add_argument(
        "url", nargs="?", default="", help="the scene channel, as ws://localhost:8460/ws/scene"
    )
    parser.add_argument("--host", choices=("xr", "window", "simulated"), default="xr")
    parser.add_argument(
        "--intact", choices=("left", "right"), default="right",
        help="which hand moves both in a scene of mirrored hands",
    )  # fmt: skip
    parser.add_argument(
        "--standing", action="store_true", help="leave somebody who sits at the height they have"
    )
    parser.add_argument("--silent", action="store_true", help="no sound")
    parser.add_argument(
        "--patience", type=float, metavar="S",
        help="end by itself when the engine has been gone for so long; without it, never",
    )  # fmt: skip
    parser.add_argument("--announce", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--try", dest="only_try", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument(
        "--describe", action="store_true", help="tell about the OpenXR runtime, show nothing"
    )
    options = parser.parse_args(arguments)
    if options.describe:
        return _describe()
    if not options.url.startswith(("ws://", "wss://")):
        print(
            f"Expected the address of a scene channel (ws://...), came {options.url!r}. "
            "Take it from the console's page, with /ws/scene at its end.",
            file=sys.stderr,
        )
        return 2
    try:
        host = open_host(options.host)
    except NoGraphics as lack:
        _announce({"lack": str(lack)}) if options.announce else print(lack, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _interrupt)  # from here on there is something to close
    try:
        if options.standing and hasattr(host, "seated"):
            host.seated = False
        if options.announce:
            _announce({"ready": place(host)})
        if options.only_try:
            return 0
        show(host, options.url, options.silent, options.patience, options.intact == "left")
    except KeyboardInterrupt:
        pass
    finally:
        host.close()
    return 0


def _describe() -> int:
    from scenes.openxr.runtime import describe

    print(json.dumps(describe()))
    return 0


def open_host(name: str) -> Host:
    """A host by name; raises NoGraphics with a sentence when this machine cannot give it."""
    if name == "window":
        return _window()
    if name == "simulated":
        return SimulatedHost()
    from scenes.openxr.headset import XrHost

    return XrHost(now_s)


def _window() -> Host:
    """A window, or where there is no display a picture that nobody sees, which it says."""
    from scenes.openxr.window import WindowHost

    try:
        return WindowHost()
    except NoGraphics as lack:
        host = SimulatedHost((1280, 800), eyes=1, angle=radians(70))
        host.trouble = f"{lack} Pictures are drawn, and nobody sees them."
        return host


def place(host: Host) -> str:
    """What the pictures are shown on, for people."""
    runtime, system = getattr(host, "runtime", ""), getattr(host, "system", "")
    return f"{system} by {runtime}" if runtime else host.name


def _announce(told: dict[str, str]) -> None:
    print(json.dumps(told), flush=True)


def show(
    host: Host, url: str, silent: bool, patience_s: float | None, intact_left: bool = False
) -> None:
    """Turns until the host ends, or until the engine has been gone for `patience_s`."""
    from scenes.openxr.viewer import Viewer

    sys.setswitchinterval(_SWITCH_S)
    viewer = Viewer(host, url, now_s, languages())
    viewer.intact_left = intact_left
    if not silent:
        viewer.sound.begin()
    viewer.start()
    gc.collect()
    gc.freeze()  # a full collection would be seen as a stutter
    try:
        while not host.ended:
            viewer.turn()
            lost_s = viewer.lost_since_s
            if patience_s is not None and lost_s is not None and now_s() - lost_s > patience_s:
                print("The session has ended; so does the renderer.", file=sys.stderr)
                return
    finally:
        viewer.close()


def languages() -> tuple[str, ...]:
    """What language this desktop speaks, as 'en-GB'."""
    told = locale.getlocale()[0] or "en"
    return (told.replace("_", "-") if told not in ("C", "POSIX") else "en",)


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
