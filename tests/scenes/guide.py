"""The worked example of docs/scenes.md, to the letter, as a modelling program exports it."""

import re
from collections.abc import Callable
from math import radians, sin
from pathlib import Path

from tests.scenes.made_up import Drawn

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "scenes.md"
FRAME_S = 1 / 24


def toml() -> str:
    """The scene.toml that stands in the guide."""
    found = re.search(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)
    assert found
    return found.group(1)


def table(after: str) -> list[list[str]]:
    """The rows of the first table behind a heading."""
    text = GUIDE.read_text(encoding="utf-8").split(after, 1)[1]
    rows = [line for line in text.split("\n\n|", 1)[1].split("\n\n")[0].splitlines()]
    return [[c.strip(" `") for c in row.strip("| ").split("|")] for row in rows[2:]]


def write(folder: Path, more: Callable[[Drawn], None] = lambda drawn: None) -> None:
    """Steps 1 to 5: objects (and `more` of them), keys, export, words, sounds."""
    folder.mkdir(parents=True)
    (folder / "scene.toml").write_text(toml(), encoding="utf-8")
    (folder / "sound").mkdir()
    for name in ("birds", "panting", "bark"):
        (folder / "sound" / f"{name}.ogg").write_bytes(b"OggS")
    drawn = Drawn()
    yard(drawn)
    drawn.clip("nearness", "dog", "translation", _s(1, 49), [[0, 0, -14], [0, 0, -1.8]])
    drawn.clip("idle.breath", "dog.chest", "scale", _s(1, 37, 73),
               [[1, 1, 1], [1.06, 1.03, 1], [1, 1, 1]])  # fmt: skip
    up = [sin(radians(10)), 0, 0, (1 - sin(radians(10)) ** 2) ** 0.5]
    level = [0, 0, 0, 1]
    drawn.clip("cue.bark", "dog.head", "rotation", _s(1, 5, 13), [level, up, level])
    more(drawn)
    drawn.save(folder / "scene.glb")


def yard(drawn: Drawn) -> None:
    """Step 1; the exporter leaves the names as they are and turns +Y into -Z."""
    green, sky = drawn.plain("green", (0.2, 0.34, 0.12)), drawn.plain("blue", kind="sky")
    wood, fur = drawn.plain("wood", (0.4, 0.3, 0.2)), drawn.plain("fur", (0.25, 0.15, 0.08))
    drawn.meadow("ground", 40.0, 32, green)
    drawn.dome("sky", 400.0, sky)
    drawn.empty("fence")
    for k in range(20):
        at = (1.6 if k % 2 else -1.6, 0, -1.0 - 1.5 * (k // 2))
        drawn.block(f"post.{k}", 0.1, wood, at, scale=(1, 11, 1), parent="fence")
    drawn.empty("dog", (0, 0, -14))
    drawn.empty("dog.body", parent="dog")
    drawn.block("dog.chest", 0.5, fur, (0, 0.3, 0), scale=(0.8, 1, 1.7), parent="dog.body")
    drawn.block("dog.head", 0.34, fur, (0, 0.75, 0.45), parent="dog.body")
    drawn.empty("viewer")


def _s(*frames: int) -> list[float]:
    return [f * FRAME_S for f in frames]
