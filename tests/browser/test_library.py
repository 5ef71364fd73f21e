"""Every scene of the library in an emulated headset: one page goes through them all."""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from scenes import curve
from scenes.scene import LIBRARY, library, load
from tests.browser.conftest import ASSETS, IWER, PAGE, ROOT, WEAR, Engine
from tests.browser.test_scene import STATE, wait
from tests.until import until

pytestmark = pytest.mark.browser

# In the order of the library, so that one page goes through them all.
BUILT = [n for n in library() if (LIBRARY / n / "scene.glb").is_file()]
OURS = ("http://localhost", "ws://localhost", "data:", "blob:")
DRAWS, TRIANGLES = 100, 300_000


class Worn:
    """One page with the headset on, and everything it complained of or asked for elsewhere."""

    def __init__(self, browser: Any, engine: Engine) -> None:
        self.engine = engine
        self.bad: list[str] = []
        self.page = browser.new_page(viewport={"width": 640, "height": 320})
        self.page.on("pageerror", lambda e: self.bad.append(f"page error: {e}"))
        self.page.on("console", lambda m: self._heard(m))
        self.page.on("request", lambda r: self._asked(r.url))
        self.page.add_init_script(IWER.read_text() + WEAR)
        self.page.goto(f"{engine.url}/scene/")
        wait(self.page, f"window.__adaptivevr && {STATE}.scene", 60)
        self.page.get_by_role("button", name="Enter VR").click()
        wait(self.page, f"{STATE}.presenting && {STATE}.eyes === 2", 30)

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.bad.append(f"console: {message.text}")

    def _asked(self, url: str) -> None:
        if not url.startswith(OURS):
            self.bad.append(f"leaves: {url}")

    def state(self) -> dict[str, Any]:
        return dict(self.page.evaluate(STATE))

    def play(self, name: str) -> None:
        """The scene, seen at rest's values."""
        self.bad.clear()
        self.engine.say(scene=name, intensity=0.0)
        wait(self.page, f"{STATE}.scene === '{name}' && {STATE}.ready", 60)
        wait(self.page, f"{STATE}.fade === 0 && !{STATE}.showsRest", 60)

    def at(self, intensity: float) -> NDArray[np.float64]:
        """The picture of both eyes when the page has come to an intensity."""
        self.engine.say(intensity=intensity)
        scene = load(self.state()["scene"])
        goals = {
            p.name: (p.rest + curve.at(p.curve, intensity) * (p.full - p.rest), p.full - p.rest)
            for p in scene.parameters
            if p.role == "load"
        }

        def there() -> bool:
            now = self.state()
            values = now["values"]
            near = all(abs(values[n] - g) <= 0.01 * abs(s) for n, (g, s) in goals.items())
            return near and now["fade"] == 0

        while True:
            until(there, 60)
            two_on = self.state()["drawn"] + 2
            wait(self.page, f"{STATE}.drawn >= {two_on}", 30)
            shot = self.page.locator("canvas").first.screenshot()
            # Where others use the machine a frame may expire: then the scene rests, and comes back.
            if there():
                return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), float)


@pytest.fixture(scope="module")
def worn(browser: Any) -> Iterator[Worn]:
    for part in (PAGE, IWER, *ASSETS):
        if not part.is_file():
            pytest.skip(f"expected {part.relative_to(ROOT)}, not built: pip install -e .")
    engine = Engine()
    yield Worn(browser, engine)
    engine.close()


def differ(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    return float(np.abs(a - b).mean())


def changed(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """The share of the picture that is clearly another: a spider is small, and yet all of it."""
    return float((np.abs(a - b).max(axis=2) > 24).mean())


@pytest.mark.parametrize("name", BUILT)
def test_a_scene_is_seen_in_depth_and_follows_intensity(worn: Worn, name: str) -> None:
    worn.play(name)
    calm, full = worn.at(0.0), worn.at(1.0)
    half = calm.shape[1] // 2
    for picture in (calm, full):
        assert differ(picture[:, :half], picture[:, half:]) > 0.3, "both eyes see the same"
        assert picture.std() > 8, "a blank"
    assert changed(calm, full) > 0.003, "intensity changes nothing"
    state = worn.state()
    assert state["calls"] <= DRAWS and state["triangles"] <= TRIANGLES
    assert worn.bad == []


def test_the_client_is_small_enough_for_a_headset_s_browser() -> None:
    import gzip

    if not PAGE.is_file():
        pytest.skip("expected the built page: pip install -e .")
    scripts = list((PAGE.parent / "assets").glob("*.js"))
    assert scripts
    assert sum(len(gzip.compress(s.read_bytes())) for s in scripts) <= 250_000
