"""Whether the tests would notice: every small wrong change to the guard must fail one of them.

    python -m tests.faults.mutate [--sample N --seed S] [--module adaptivevr.guard ...] [--json]

Each mutant lives in a process of its own (a fork of this one, so that nothing is imported
twice): first the tests that are tables and sentences, then, for what survived, the properties
and the tests of whole decisions. A survivor must stand in `survivors.toml` with the reason why
no test can see it; any other ends the run with status 1. A reason that no mutant needs any more
is told (when nothing is sampled).
"""

import argparse
import gc
import json
import os
import random
import sys
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

from tests.faults.mutants import ROOT, Mutant, mutants

TESTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    # module -> its tables and sentences, and what else may notice
    "adaptivevr.guard": (("test_numbers.py", "test_guard.py"), ("test_guard.py", "test_decide.py")),
    "adaptivevr.limits": (
        ("test_numbers.py", "test_limits.py"),
        ("test_limits.py", "test_decide.py"),
    ),
    "adaptivevr.modes": (
        ("test_numbers.py", "test_modes.py", "test_modes_ends.py", "test_modes_edges.py"),
        ("test_decide.py",),
    ),
    "adaptivevr.alarms": (
        ("test_numbers.py", "test_alarms.py"),
        ("test_modes.py", "test_modes_ends.py", "test_decide.py"),
    ),
    "adaptivevr.flags": (
        ("test_numbers.py", "test_flags.py"),
        ("test_modes.py", "test_modes_ends.py"),
    ),
    "adaptivevr.checkin": (("test_numbers.py", "test_checkin.py"), ("test_decide.py",)),
    "adaptivevr.cues": (("test_cues.py",), ("test_cues.py",)),
}
SURVIVORS = Path(__file__).with_name("survivors.toml")
SLOW_S = 60.0


class Planted:
    """Gives the mutant's code when its module is imported for the first time."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, name: str, path: object = None, target: object = None) -> object:
        from importlib.util import spec_from_loader

        return spec_from_loader(name, self) if name == self._mutant.module else None  # type: ignore[arg-type]

    def create_module(self, spec: object) -> None:
        return None

    def exec_module(self, module: object) -> None:
        exec(compile(self._mutant.tree(), self._mutant.module, "exec"), module.__dict__)


class OnlyTables:
    """A pytest plugin: leaves out the property tests, which cost far more."""

    def pytest_collection_modifyitems(self, items: list[object]) -> None:
        items[:] = [i for i in items if not hasattr(getattr(i, "obj", None), "hypothesis")]


def preload() -> None:
    """What every child needs and no mutant changes."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    import hypothesis.strategies  # noqa: F401
    import pytest  # noqa: F401

    import adaptivevr.config
    import adaptivevr.wire  # noqa: F401
    import sensors.feature  # noqa: F401


def survives(mutant: Mutant, deep: bool) -> bool:
    """Whether no test notices; runs in a child that ends here. deep: ask the slow tests too."""
    import pytest

    sys.meta_path.insert(0, Planted(mutant))  # type: ignore[arg-type]
    first, then = TESTS[mutant.module]
    folder = ROOT / "tests" / "adaptivevr"
    common = ["-x", "-q", "-p", "no:cacheprovider", "-p", "pytest_timeout", "-p",
              "_hypothesis_pytestplugin", "-W", "default", f"--timeout={SLOW_S:g}",
              "-o", "addopts=", f"--rootdir={ROOT}"]  # fmt: skip
    if pytest.main([*common, *(str(folder / name) for name in first)], plugins=[OnlyTables()]):
        return False
    return not deep or not pytest.main([*common, *(str(folder / name) for name in then)])


def run(chosen: Sequence[Mutant], workers: int, deep: bool) -> list[Mutant]:
    """The survivors, in order; progress on stderr."""
    gc.collect()
    gc.freeze()  # a child's collections shall not copy what it never changes
    waiting, running, left = list(chosen), dict[int, Mutant](), []
    done, began_s = 0, time.monotonic()
    while waiting or running:
        while waiting and len(running) < workers:
            mutant = waiting.pop(0)
            child = os.fork()
            if child == 0:
                null = os.open(os.devnull, os.O_WRONLY)
                os.dup2(null, 1)
                os.dup2(null, 2)
                survived = False
                try:
                    survived = survives(mutant, deep)
                finally:
                    os._exit(0 if survived else 1)
            running[child] = mutant
        child, status = os.wait()
        mutant = running.pop(child)
        if os.waitstatus_to_exitcode(status) == 0:
            left.append(mutant)
        done += 1
        if done % 25 == 0 or not (waiting or running):
            spent_s = time.monotonic() - began_s
            print(f"{done} of {len(chosen)} in {spent_s:.0f} s, {len(left)} left", file=sys.stderr)
    return sorted(left, key=lambda m: (m.module, m.line, m.place))


def explained() -> dict[tuple[str, str, str], str]:
    """The survivors that are known, with the reason why no test can see them."""
    rows = tomllib.loads(SURVIVORS.read_text(encoding="utf-8")).get("survivor", [])
    return {(row["module"], row["line"], row["change"]): row["reason"] for row in rows}


def main() -> int:
    """Prints the figures; 1 when a survivor has no reason, or a reason no survivor."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sample", type=int, help="so many mutants, drawn by --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--module", nargs="+", default=list(TESTS), choices=list(TESTS))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="only the tables and sentences")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not hasattr(os, "fork"):
        sys.exit("Expected a system that can fork (Linux, macOS), this one cannot: run it there.")
    chosen = [mutant for module in options.module for mutant in mutants(module)]
    every = len(chosen)
    preload()
    if options.sample and options.sample < every:
        picked = random.Random(options.seed).sample(range(every), options.sample)
        chosen = [chosen[i] for i in sorted(picked)]
    # The modules as they are come first: tests that fail on them would kill everything.
    sound = [Mutant(module, 0, "", "unchanged") for module in options.module]
    if len(run(sound, options.workers, not options.quick)) < len(sound):
        sys.exit("Expected tests that pass on the modules as they are, some fail: mend them first.")
    left = run(chosen, options.workers, not options.quick)
    reasons = explained()
    unexplained = [m for m in left if m.key not in reasons]
    whole = len(chosen) == every
    keys = {m.key for m in left}
    stale = [k for k in reasons if whole and k[0] in options.module and k not in keys]
    for m in unexplained:
        print(f"survived: {m.module} line {m.line}: {m.text}\n    {m.change}", file=sys.stderr)
    for key in stale:
        print(f"no survivor needs this reason any more: {key}", file=sys.stderr)
    result = {
        "mutants": every, "run": len(chosen), "killed": len(chosen) - len(left),
        "explained": len(left) - len(unexplained), "unexplained": len(unexplained),
    }  # fmt: skip
    if not whole:
        result["seed"] = options.seed
    print(json.dumps(result))
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
