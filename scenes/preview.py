"""Pictures of scenes by a browser of this machine: a sheet, a page to scrub, and what they measure.

A server on the loopback hands the scene page a job; a Chromium without a window draws it and hands
the pictures back. No other program sees them, and nothing is asked of the network.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np

from scenes import curve
from scenes.flash import Picture, measured, picture_problems, stripe_area
from scenes.scene import LIBRARY, Scene, load

PAGE = Path(__file__).parent / "web" / "dist"
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)
SWEEP = tuple(k / 20 for k in range(21))
SWEEP_S = 20.0  # the whole of intensity, as fast as it may fall
SMALL = (96, 60)
RATE_HZ = 30.0  # of the moving pictures
FIELD_DEG = 70.0  # upright; stated by the page's camera
STRIPES_MOST = 0.25  # of the picture (ITU-R BT.1702)
IDLE_S = 60.0  # a page that asks for nothing for so long has failed
_KINDS = {
    ".html": "text/html", ".js": "text/javascript", ".css": "text/css",
    ".glb": "model/gltf-binary", ".ogg": "audio/ogg", ".json": "application/json",
}  # fmt: skip


class PreviewMistake(ValueError):
    """No picture can be made; the text says what is missing and how to get it."""


@dataclass(slots=True)
class Pictures:
    """What the page gave back for one scene."""

    scene: Scene
    sheet: bytes = b""
    frames: list[bytes] = field(default_factory=list)  # JPEGs along the sweep
    sweep: list[Picture] = field(default_factory=list)
    moving: list[Picture] = field(default_factory=list)
    stripes: list[float] = field(default_factory=list)  # share of each picture of STEPS

    def problems(self) -> tuple[str, ...]:
        """What the rendered pictures break, in sentences."""
        found = list(picture_problems(self.sweep, SWEEP_S, self.moving, RATE_HZ))
        worst = max(self.stripes, default=0.0)
        if worst > STRIPES_MOST:
            found.append(
                f"Expected regular stripes on at most a quarter of the picture, came {worst:.0%}. "
                "Break the pattern or soften its contrast."
            )
        return tuple(found)

    def report(self) -> dict[str, Any]:
        """`{name, ok, luminance, darkest, brightest, stripes, problems}`."""
        problems = self.problems()
        told = {"name": self.scene.name, "ok": not problems, **measured(self.sweep)}
        return {**told, "stripes": self.stripes, "problems": list(problems)}

    def scrub(self) -> str:
        """A page that shows every intensity under one slider, and needs nothing else."""
        rows = [base64.b64encode(f).decode() for f in self.frames]
        levels = [(lv.intensity, lv.name) for lv in self.scene.levels]
        return _SCRUB.format(
            title=escape(self.scene.title),
            last=len(rows) - 1,
            first=rows[0],
            frames=json.dumps(rows),
            steps=json.dumps(SWEEP),
            levels=json.dumps(levels),
        )


def preview(
    scenes: Sequence[str | Path],
    width: int = 960,
    format: str = "png",
    eye: str = "",
    scrub: bool = True,
    at_s: float = 12.0,
) -> list[Pictures]:
    """Draws scenes by library name or folder. Raises `PreviewMistake`, `SceneMistake`.

    format: of the sheet, png or jpeg. eye: where to look, as `yaw,pitch` in degrees.
    scrub: pictures along the whole sweep of intensity too. at_s: when idle motion is caught.
    """
    read = [load(s) for s in scenes]
    for scene in read:
        if not (scene.folder / scene.asset).is_file():
            raise PreviewMistake(
                f"Expected the asset {scene.asset} of '{scene.name}', came no file. Build it "
                f"(python -m scenes.build {scene.name}) or export it from your modelling program."
            )
    if not (PAGE / "index.html").is_file():
        raise PreviewMistake(
            "Expected the built scene page, came none. Install the package (pip install -e .), "
            "which builds it."
        )
    browser = chromium()
    made = {s.name: Pictures(s) for s in read}
    job = {
        "scenes": [_job(s) for s in read],
        "width": width, "height": round(width * SMALL[1] / SMALL[0]), "format": format,
        "scrub": scrub, "at_s": at_s,
    }  # fmt: skip
    with ThreadingHTTPServer(("127.0.0.1", 0), _Desk) as server:
        server.daemon_threads = True
        server.timeout = 0.25
        server.desk = _State(job, made)  # type: ignore[attr-defined]
        _draw(server, browser, eye)
    return [made[s.name] for s in read]


def chromium() -> str:
    """The Chromium of this machine; `PreviewMistake` with a sentence when there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
             "msedge", "microsoft-edge")  # fmt: skip
    usual = (
        Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
        Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
        Path(os.environ.get("PROGRAMFILES", "")) / "Google/Chrome/Application/chrome.exe",
        Path(os.environ.get("PROGRAMFILES(X86)", "")) / "Microsoft/Edge/Application/msedge.exe",
    )
    told = os.environ.get("CHROMIUM")
    candidates = [told] if told else [*map(shutil.which, names), *map(str, usual)]
    for found in candidates:
        if found and Path(found).is_file():
            return found
    raise PreviewMistake(
        f"Expected a Chromium, Chrome or Edge on this machine, came {told or 'none'}. Install one "
        "(Debian: apt install chromium), or name its program in the variable CHROMIUM."
    )


def _job(scene: Scene) -> dict[str, Any]:
    def shot(x: float) -> dict[str, Any]:
        values = {
            p.name: p.rest + (curve.at(p.curve, x) if p.role == "load" else 0.5) * (p.full - p.rest)
            for p in scene.parameters
        }
        label = scene.levels[scene.level_at(x)].name
        return {"intensity": x, "label": label, "values": values}

    return {
        "name": scene.name, "title": scene.title,
        "asset": f"/scenes/{scene.name}/{scene.asset}", "shots": [shot(x) for x in STEPS],
        "sweep": [shot(x) for x in SWEEP], "still": shot(1.0),
    }  # fmt: skip


class _State:
    """What the server's requests work on."""

    def __init__(self, job: dict[str, Any], made: dict[str, Pictures]) -> None:
        self.job, self.made = job, made
        self.folders = {n: p.scene.folder for n, p in made.items()}
        self.over: str | None = None  # '' when all is done, else what went wrong
        self.requests = 0
        self.counts: dict[str, int] = defaultdict(int)

    def take(self, kind: str, name: str, data: bytes) -> None:
        """One result of the page."""
        if kind in ("done", "failed"):
            self.over = data.decode()
            return
        made = self.made[name]
        if kind == "sheet":
            made.sheet = data
        elif kind == "frame":
            made.frames.append(data)
        elif kind == "grey":
            width, height = self.job["width"], self.job["height"]
            grey = np.frombuffer(data, np.uint8).reshape(height, width)[::-1] / 255.0
            made.stripes.append(round(stripe_area(grey, height / FIELD_DEG), 4))
        else:
            picture = np.frombuffer(data, np.uint8).reshape(SMALL[1], SMALL[0], 4)[::-1, :, :3]
            (made.sweep if kind == "sweep" else made.moving).append(picture)


class _Desk(BaseHTTPRequestHandler):
    """Pages and assets out, pictures in; one job, then it is closed."""

    def do_GET(self) -> None:
        desk: _State = self.server.desk  # type: ignore[attr-defined]
        desk.requests += 1
        path = self.path.partition("?")[0]
        part = path.strip("/").split("/")
        if path == "/job":
            self._answer(json.dumps(desk.job).encode(), ".json")
        elif part[0] == "scene":
            self._file(PAGE, "/".join(part[1:]) or "index.html")
        elif part[0] == "scenes" and len(part) > 2:
            folder = desk.folders.get(part[1], LIBRARY / part[1])
            if part[2] == "scene.json":
                self._answer(json.dumps(load(folder).manifest()).encode(), ".json")
            else:
                self._file(folder, "/".join(part[2:]))
        else:
            self._answer(b"", ".html", 204 if path == "/favicon.ico" else 404)

    def do_POST(self) -> None:
        desk: _State = self.server.desk  # type: ignore[attr-defined]
        desk.requests += 1
        data = self.rfile.read(int(self.headers.get("content-length", 0)))
        _, _, kind, *rest = self.path.split("/")
        desk.take(kind, rest[0] if rest else "", data)
        self._answer(b"", ".html", 204)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: what matters is told by the program."""

    def _file(self, folder: Path, inside: str) -> None:
        path = (folder / inside).resolve()
        if path.is_relative_to(folder.resolve()) and path.suffix in _KINDS and path.is_file():
            self._answer(path.read_bytes(), path.suffix)
        else:
            self._answer(b"", ".html", 404)

    def _answer(self, data: bytes, suffix: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("content-type", _KINDS[suffix])
        self.send_header("content-length", str(len(data)))
        self.send_header("cache-control", "no-store")
        self.end_headers()
        self.wfile.write(data)


def _draw(server: ThreadingHTTPServer, browser: str, eye: str) -> None:
    desk: _State = server.desk  # type: ignore[attr-defined]
    look = f"&eye={eye}" if eye else ""
    url = f"http://localhost:{server.server_port}/scene/?preview=1{look}"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [
            browser, "--headless=new", "--disable-gpu", "--enable-unsafe-swiftshader",
            f"--user-data-dir={profile}", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
            "--force-color-profile=srgb", "--hide-scrollbars", "--window-size=1000,700",
        ]  # fmt: skip
        if sys.platform == "linux" and os.geteuid() == 0:
            command.append("--no-sandbox")  # it refuses to start for root otherwise
        process = subprocess.Popen(
            [*command, url], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            _serve(server, desk, process, browser)
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
    if desk.over:
        raise PreviewMistake(f"Expected pictures, came a fault of the page: {desk.over}")


def _serve(
    server: ThreadingHTTPServer, desk: _State, process: "subprocess.Popen[bytes]", browser: str
) -> None:
    idle, seen = 0, 0
    while desk.over is None:
        server.handle_request()  # returns after a request, or after server.timeout without one
        idle, seen = (0 if desk.requests != seen else idle + 1), desk.requests
        if idle * (server.timeout or 0.25) > IDLE_S or process.poll() is not None:
            raise PreviewMistake(
                f"Expected the browser {browser} to draw, it ended or said nothing "
                f"for {IDLE_S:.0f} s. Try another one, named in the variable CHROMIUM."
            )


_SCRUB = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.4 system-ui, sans-serif; background: #f4f1ec; color: #2a2622; margin: 0 auto;
  max-width: 980px; padding: 16px; }}
img {{ width: 100%; display: block; border-radius: 8px; }}
input {{ width: 100%; accent-color: #a4561f; height: 32px; }}
output {{ font-weight: 600; }}
</style></head><body>
<h1>{title}</h1>
<img id="picture" alt="The scene at this intensity" src="data:image/jpeg;base64,{first}">
<label>Intensity <output id="told"></output>
<input id="at" type="range" min="0" max="{last}" value="0"></label>
<script>
const frames = {frames}, steps = {steps}, levels = {levels};
const at = document.getElementById('at');
function show() {{
  const x = steps[at.value];
  const level = levels.filter(([from]) => from <= x + 1e-9).pop() ?? levels[0];
  document.getElementById('picture').src = 'data:image/jpeg;base64,' + frames[at.value];
  document.getElementById('told').textContent = x.toFixed(2) + ' \\u2013 ' + level[1];
}}
at.addEventListener('input', show);
show();
</script>
</body></html>
"""
