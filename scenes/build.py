"""Builds the scene library's pictures and sounds: `python -m scenes.build [NAME ...] [--force]`.

An asset is left alone while the sum beside it matches its inputs: scene.toml, its folder's sources
and all that they import of `scenes`, however far away, the furniture of another scene included.
Scenes are built beside each other, each in a process.
"""

import ast
import hashlib
import importlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from scenes.scene import LIBRARY, Scene, library, load

STAMP = "scene.sum"


def build_all(root: Path, names: tuple[str, ...] = (), force: bool = False) -> tuple[str, ...]:
    """Builds what is out of date in a checkout; returns the names built. Raises on failure."""
    folder = root / "scenes" / "library"
    known = tuple(sorted(p.parent.name for p in folder.glob("*/build.py")))
    due = [n for n in names or known if force or not is_fresh(folder / n)]
    running: list[tuple[str, subprocess.Popen[bytes]]] = []
    waiting, failed = list(due), []
    while waiting or running:
        while waiting and len(running) < max(1, os.cpu_count() or 1):
            name = waiting.pop(0)
            command = [sys.executable, "-m", "scenes.build", "--one", name]
            running.append((name, subprocess.Popen(command, cwd=root)))
        name, process = running.pop(0)
        if process.wait():
            failed.append(name)
    if failed:
        raise RuntimeError(f"could not build the scenes {', '.join(failed)}; see the lines above")
    return tuple(due)


def inputs_sum(folder: Path) -> str:
    """One hash of everything the asset is made from, blind to the line ends git may change."""
    digest = hashlib.blake2b(digest_size=16)
    root = folder.parents[2]
    for file in sorted({*sources(folder), folder / "scene.toml"}):
        name = file.relative_to(root).as_posix()
        digest.update(name.encode() + b"\0" + file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def sources(folder: Path) -> set[Path]:
    """The Python files of a scene's folder, and every file of `scenes` that they lead to."""
    root, found, waiting = folder.parents[2], set[Path](), list(folder.glob("*.py"))
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += _imported(file, root)
    return found


def _imported(file: Path, root: Path) -> Iterator[Path]:
    """The files of `scenes` that one file imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            path = root.joinpath(*name.split("."))
            if name.split(".")[0] == "scenes":  # what it names may be a module or a thing in one
                yield from (
                    p for p in (path.with_suffix(".py"), path / "__init__.py") if p.is_file()
                )


def is_fresh(folder: Path) -> bool:
    """Whether the asset is there and was made from these very inputs."""
    stamp = folder / STAMP
    made = (folder / "scene.glb").is_file() and stamp.is_file()
    return made and stamp.read_text().strip() == inputs_sum(folder)


def build_one(name: str) -> None:
    """Runs the scene's own `build(scene)` in this process and leaves the sum beside the asset."""
    began_s = time.perf_counter()
    # The hash covers the asset, so the asset cannot hold it.
    scene: Scene = replace(load(LIBRARY / name), hash="")
    importlib.import_module(f"scenes.library.{name}.build").build(scene)
    (LIBRARY / name / STAMP).write_text(inputs_sum(LIBRARY / name) + "\n")
    size = (LIBRARY / name / scene.asset).stat().st_size
    took_s = time.perf_counter() - began_s
    print(f"scene {name}: {size / 1e6:.2f} MB in {took_s:.1f} s", file=sys.stderr)


def main(arguments: list[str]) -> int:
    """The command line; a wrong name is one sentence and exit 2."""
    names = tuple(a for a in arguments if not a.startswith("--"))
    for name in names:
        if name not in library():
            known = ", ".join(library())
            print(f"Expected a scene ({known}), came '{name}'. Name one of these.", file=sys.stderr)
            return 2
    if "--one" in arguments:
        build_one(names[0])
    else:
        build_all(Path(__file__).parent.parent, names, force="--force" in arguments)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
