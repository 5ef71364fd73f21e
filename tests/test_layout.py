"""The shape of the house, read from the source: each rule is explained where it fails."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("adaptivevr", "sensors", "scenes", "calibration")
FILES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "node_modules" not in path.parts and "dist" not in path.parts
)
# Tests and pages are rooms too, as long as anybody's; what is made or fetched is none.
PAGES = ("scenes/web", "adaptivevr/console")
ROOMS = [
    *(path for path in (ROOT / "tests").rglob("*.py")),
    *(path for folder in PAGES for path in (ROOT / folder).rglob("*.ts")),
]
MADE = {"node_modules", "dist"}
MOST_LINES = 400
BANNED_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "core", "base", "misc"}

# Arrows go down only. calibration sees the feature type and nothing else of sensors.
MAY_IMPORT = {
    "sensors": {"sensors"},
    "scenes": {"scenes"},
    "calibration": {"calibration", "sensors.feature"},
    "adaptivevr": set(PACKAGES),
}
# Who may read a clock, sleep, start a thread or look into the environment.
# The scene builder is a tool of the workshop: it tells how long it took.
CLOCKS = {
    "adaptivevr/clock.py",
    "sensors/inlet.py",
    "sensors/liblsl.py",
    "scenes/build.py",
    "scenes/openxr/clock.py",
}
THREADS = {
    "adaptivevr/loop.py", "adaptivevr/clock.py", "adaptivevr/simulate.py", "adaptivevr/watcher.py",
    "adaptivevr/listening.py", "adaptivevr/sitting.py", "adaptivevr/demo.py",
    "adaptivevr/keeper.py",
    "adaptivevr/desk.py", "adaptivevr/show.py",
    "adaptivevr/console/hub.py", "adaptivevr/console/server.py", "adaptivevr/console/door.py",
    "adaptivevr/bridges/mqtt.py", "sensors/inlet.py", "sensors/lsl.py", "scenes/openxr/channel.py",
}  # fmt: skip
# Outside libraries that are imported in one file only.
ONE_HOME = {
    "pylsl": "sensors/liblsl.py",
    "msgspec": "adaptivevr/wire.py",
    "pyxdf": "sensors/xdf.py",
    "aiomqtt": "adaptivevr/bridges/mqtt.py",
    "uvicorn": "adaptivevr/console/server.py",
    "platformdirs": "adaptivevr/config.py",
    "psutil": "adaptivevr/machine.py",
    "cryptography": "adaptivevr/console/certificate.py",
    "segno": "adaptivevr/console/qr.py",
    "matplotlib": "adaptivevr/plot.py",
    "xr": "scenes/openxr/runtime.py",
    "moderngl": "scenes/openxr/graphics.py",
    "glfw": "scenes/openxr/graphics.py",
    "miniaudio": "scenes/openxr/sound.py",
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(tree: ast.AST) -> list[str]:
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.append(node.module)
    return found


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_follow_the_arrows(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    for module in imports(parsed(path)):
        top = module.split(".")[0]
        if top in PACKAGES:
            allowed = MAY_IMPORT[package]
            assert top in allowed or module in allowed, f"{package} may not import {module}"


def test_outside_libraries_have_one_home() -> None:
    for path in FILES:
        if name_of(path).startswith(("scenes/art", "scenes/library")):
            continue
        for module in imports(parsed(path)):
            home = ONE_HOME.get(module.split(".")[0])
            assert home in (None, name_of(path)), f"{module} belongs into {home}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_files_are_rooms_one_can_overlook(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES, f"{lines} lines: this wants to be two rooms"
    assert path.stem not in BANNED_NAMES, "a name that tells nothing"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_time_threads_and_surroundings_are_arguments(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    calls = {
        ast.unparse(node.func) for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)
    }
    clock_calls = {"time.time", "time.monotonic", "time.perf_counter", "time.sleep", "datetime.now"}
    if name_of(path) not in CLOCKS:
        assert not calls & clock_calls, "time is an argument; only the clock reads a clock"
    if name_of(path) not in THREADS:
        assert "threading." not in text, "threads live in the loop, the sockets and the readers"
    assert not re.search(r"np\.random\.(seed|rand|randn|normal|uniform)\(", text), (
        "chance is an argument: a Generator made from one seed"
    )


def test_tests_and_pages_are_rooms_one_can_overlook() -> None:
    rooms = {name_of(path): path for path in ROOMS if not MADE & set(path.parts)}
    assert {"tests/test_layout.py", "scenes/web/session.ts"} <= set(rooms)
    lines = {n: len(p.read_text(encoding="utf-8").splitlines()) for n, p in rooms.items()}
    long = {name: count for name, count in lines.items() if count > MOST_LINES}
    assert not long, f"these want to be two rooms: {long}"


def test_tests_wait_for_conditions_in_one_place() -> None:
    """For a condition by `tests.until`; what is paced goes by `tests.pace`, on the real clock."""
    naps = ["time.sleep(", "wait_for_timeout("]
    for path in (ROOT / "tests").rglob("*.py"):
        if path in (Path(__file__), ROOT / "tests" / "until.py"):
            continue
        text = path.read_text(encoding="utf-8")
        assert not any(nap in text for nap in naps), f"{name_of(path)}: wait for a condition"


def test_guard_trusts_nobody() -> None:
    for module in imports(parsed(ROOT / "adaptivevr" / "guard.py")):
        assert module.split(".")[0] not in PACKAGES, "the guard imports nothing of ours"


def test_the_audit_shares_no_code_with_the_guard() -> None:
    rules = {f"adaptivevr.{name}" for name in ("guard", "limits", "course", "cues")}
    for name in ("check.py", "cue_audit.py"):
        assert not rules & set(imports(parsed(ROOT / "adaptivevr" / name)))


def test_every_module_is_named_once_in_the_architecture() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w/]+\.py)`", text)
    modules = [
        name_of(path)
        for path in FILES
        if path.name != "__init__.py" and not name_of(path).startswith("scenes/library/")
    ]
    missing = [name for name in modules if named.count(name) == 0]
    doubled = [name for name in modules if named.count(name) > 1]
    gone = [n for n in named if n not in modules and not n.startswith("tests/")]
    assert not missing, f"not named in docs/architecture.md: {missing}"
    assert not doubled, f"named more than once: {doubled}"
    assert not gone, f"named but not there: {gone}"
