"""The native renderer beside a session: a process of its own that is begun, watched and ended."""

import json
import subprocess
import sys
from collections.abc import Sequence

from adaptivevr.command import Command
from adaptivevr.errors import Missing
from adaptivevr.sitting import Sitting
from adaptivevr.tick import Tick

HOSTS = {"openxr": "xr", "window": "window"}
PATIENCE_S = (
    120.0  # it rests so long without us before it ends: a patient is never left in the dark
)
_FAREWELL_S = 5.0


class Renderer:
    """Shows the scene of one session; the engine knows it only as a client of the scene channel.

    Raises Missing with a sentence when this machine cannot show pictures that way.
    """

    def __init__(self, kind: str, port: int, silent: bool = False, only_try: bool = False) -> None:
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "scenes.openxr", f"ws://localhost:{port}/ws/scene",
                "--host", HOSTS[kind], "--patience", str(PATIENCE_S), "--announce",
                *(["--silent"] if silent else []), *(["--try"] if only_try else []),
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self._over = False
        told = json.loads(line) if line else {}
        if not told.get("ready"):
            self.close()
            raise Missing(
                told.get("lack")
                or f"Expected the {kind} renderer to begin, but it ended; see the lines above, "
                "or choose --renderer web."
            )
        self.shown_on: str = told["ready"]

    def take(self, tick: Tick, commands: Sequence[Command]) -> None:
        """Says it once when the renderer has ended; the engine itself sees a lost client."""
        if not self._over and self.process.poll() is not None:
            self._over = True
            print(
                "The renderer has ended: nobody sees the scene. "
                "Open the scene's page in a browser, or end the session and begin anew.",
                file=sys.stderr,
            )

    def close(self) -> None:
        """Asks it to end, and makes sure."""
        self._over = True
        self.process.terminate()
        try:
            self.process.wait(_FAREWELL_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(_FAREWELL_S)
        if self.process.stdout is not None:
            self.process.stdout.close()


def check_renderer(kind: str) -> None:
    """Raises Missing with a sentence, before anything is begun, when pictures cannot be shown."""
    if kind != "web":
        Renderer(kind, 0, only_try=True).close()


def add_renderer(sitting: Sitting, kind: str, port: int, silent: bool = False) -> None:
    """Begins the renderer that was asked for; the web one is a page that anybody opens."""
    if kind == "web":
        return
    renderer = Renderer(kind, port, silent)
    print(f"Scene shown on: {renderer.shown_on}", file=sys.stderr)
    sitting.add(renderer)
