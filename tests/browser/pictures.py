"""The project's own pictures for README and docs: `python -m tests.browser.pictures [NAME ...]`.

Each scene from its sheet (`adaptivevr scenes preview --format jpeg --sheet-only`, kept as
`docs/pictures/sheet-NAME.jpg`), then in the page at 0.5 for the headset sheet beside it and in both
eyes, by the stub engine; the console from a real demonstration. JPEGs in `docs/pictures`.
"""

import io
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from scenes.scene import library
from tests.adaptivevr.live_rig import Console
from tests.benchmarks.free import free_port
from tests.browser.conftest import ARGUMENTS, CHROMIUM, IWER, WEAR, Engine
from tests.browser.test_scene import STATE, wait
from tests.until import until

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SIZE = {"width": 960, "height": 600}
MIDDLE = 0.5
# Where a scene looks most like itself: a panel of its sheet; others in the middle.
FACES = {
    "audience": 4, "beach_walk": 0, "enclosed_room": 1, "forest": 0, "heights": 3, "spider": 4,
    "street": 3,
}  # fmt: skip
PANEL = (528, 330, 14, 378)  # of a sheet: width, height, edge, from row to row


def save(shot: bytes, name: str, width: int | None = None) -> None:
    """One screenshot as a JPEG."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    if width:
        height = round(picture.height * width / picture.width)
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    FOLDER.mkdir(parents=True, exist_ok=True)
    picture.save(FOLDER / f"{name}.jpg", quality=84, optimize=True)
    print(f"docs/pictures/{name}.jpg", file=sys.stderr)


@contextmanager
def chromium() -> Iterator[Any]:
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def face(name: str) -> None:
    """One panel of a scene's sheet."""
    width, height, edge, down = PANEL
    row, column = divmod(FACES.get(name, 2), 3)
    left, top = edge + column * (width + edge), edge + row * down
    sheet = Image.open(FOLDER / f"sheet-{name}.jpg")
    panel = sheet.crop((left, top, left + width, top + height))
    panel.save(FOLDER / f"{name}.jpg", quality=88, optimize=True)
    print(f"docs/pictures/{name}.jpg", file=sys.stderr)


def scene(browser: Any, name: str) -> None:
    """One scene at the middle, and in stereo as a headset shows it."""
    face(name)
    engine = Engine()
    try:
        engine.say(scene=name, intensity=0.0)
        page = browser.new_page(viewport=SIZE)
        page.goto(f"{engine.url}/scene/?sharp")
        wait(page, f"window.__adaptivevr && {STATE}.scene === '{name}'", 60)
        engine.say(intensity=MIDDLE)
        settled(page)
        wait(page, f"!{STATE}.rest && {STATE}.fade === 0", 60)
        save(page.screenshot(), f"{name}-050", 720)
        page.close()
        stereo(browser, engine, name)
    finally:
        engine.close()


def stereo(browser: Any, engine: Engine, name: str) -> None:
    """Both eyes in an emulated headset."""
    page = browser.new_page(viewport={"width": 1280, "height": 640})
    page.add_init_script(IWER.read_text() + WEAR)
    page.goto(f"{engine.url}/scene/")
    wait(page, f"window.__adaptivevr && {STATE}.scene === '{name}'", 60)
    page.get_by_role("button", name="Enter VR").click()
    engine.say(intensity=0.55)
    settled(page)
    save(page.screenshot(), f"{name}-stereo", 960)
    page.close()


def console(browser: Any) -> None:
    """The console after a minute and a half of a real demonstration, with the scene beside it."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        demo = subprocess.Popen(
            [
                sys.executable, "-m", "adaptivevr", "demo", "--no-browser", "--port", str(port),
                "--seed", "1", "--duration", "170", "--record", str(Path(folder) / "demo.xdf"),
            ],
        )  # fmt: skip
        try:
            until(lambda: answers(f"http://localhost:{port}/console/"), 40, "no console")
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"http://localhost:{port}/console/")
            watch = Console(port)
            until(lambda: watch.states, 60, "no state")
            begun_s = watch.now["now_s"]
            until(lambda: watch.now["now_s"] > begun_s + 100.0, 150, "the demonstration ended")
            save(page.screenshot(), "console", 1280)
            page.close()
        finally:
            demo.terminate()
            demo.wait(20)


def settled(page: Any) -> None:
    """Waits until twenty pictures on end show the same values."""

    def same() -> bool:
        before = page.evaluate(f"{STATE}.values")
        wait(page, f"{STATE}.drawn >= {page.evaluate(f'{STATE}.drawn') + 20}", 60)
        return bool(page.evaluate(f"{STATE}.values") == before)

    until(same, 120, "the values of the scene do not settle")


def answers(url: str) -> bool:
    """Whether there is a page."""
    try:
        with urllib.request.urlopen(url, timeout=1):
            return True
    except OSError:
        return False


def main() -> None:
    names = sys.argv[1:] or [*library(), "console"]
    with chromium() as browser:
        for name in names:
            console(browser) if name == "console" else scene(browser, name)


if __name__ == "__main__":
    main()
