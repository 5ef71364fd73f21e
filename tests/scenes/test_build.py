"""What an asset is made from: whatever its builder imports, and nothing that it does not."""

from pathlib import Path

import pytest

from scenes.build import inputs_sum, sources
from scenes.scene import LIBRARY

FILES = {
    "scenes/__init__.py": "",
    "scenes/art/mesh.py": "from scenes.art import colour\n",
    "scenes/art/colour.py": "WHITE = 1\n",
    "scenes/art/sky.py": "BLUE = 1\n",
    "scenes/library/yard/build.py": "from scenes.art.mesh import Mesh\nimport numpy\n",
    "scenes/library/yard/scene.toml": "title = 'Yard'\n",
    "scenes/library/yard/fence.py": "def f():\n    from scenes.library.room.things import oak\n",
    "scenes/library/room/things.py": "import scenes.library.room.wood\n",
    "scenes/library/room/wood.py": "OAK = 1\n",
    "scenes/library/room/build.py": "STAYS = 'out'\n",
    "scenes/library/room/scene.toml": "title = 'Room'\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", FILES)
def test_the_sum_follows_what_the_builder_imports_and_nothing_else(root: Path, name: str) -> None:
    yard = root / "scenes" / "library" / "yard"
    before = inputs_sum(yard)
    (root / name).write_text(FILES[name] + "# another line\n", encoding="utf-8")
    others = ("sky.py", "room/build.py", "room/scene.toml", "__init__.py")
    assert (inputs_sum(yard) == before) is name.endswith(others)


def test_line_ends_and_the_place_of_the_checkout_are_no_change(root: Path, tmp_path: Path) -> None:
    yard = root / "scenes" / "library" / "yard"
    before = inputs_sum(yard)
    toml = yard / "scene.toml"
    toml.write_bytes(toml.read_bytes().replace(b"\n", b"\r\n"))
    assert inputs_sum(yard) == before
    moved = tmp_path / "moved"
    moved.mkdir()
    (root / "scenes").rename(moved / "scenes")
    assert inputs_sum(moved / "scenes" / "library" / "yard") == before


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("bike_ride", "beach_walk/things.py"),
        ("enclosed_room", "safe_room/room.py"),
        ("street", "../art/figures.py"),
    ],
)
def test_furniture_of_another_scene_counts(name: str, other: str) -> None:
    assert (LIBRARY / other).resolve() in {path.resolve() for path in sources(LIBRARY / name)}
