"""Every line and every branch of the guard's rules is run by their tests, or this ends with 1.

python -m tests.faults.covered
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.faults.mutants import ROOT

MODULES = ("guard", "limits", "modes", "alarms", "flags", "checkin", "house", "cues")
TESTS = [f"tests/adaptivevr/test_{name}.py" for name in (*MODULES, "modes_ends", "numbers")]


def main() -> int:
    """Runs the tests under coverage; prints its table."""
    files = ",".join(f"adaptivevr/{name}.py" for name in MODULES)
    with tempfile.TemporaryDirectory() as folder:
        data = f"--data-file={Path(folder) / 'coverage'}"
        run = [sys.executable, "-m", "coverage", "run", "--branch", data, f"--include={files}"]
        tests = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=", *TESTS]
        ran = subprocess.run([*run, *tests], cwd=ROOT, check=False).returncode
        report = [sys.executable, "-m", "coverage", "report", data, "-m", "--fail-under=100"]
        return ran or subprocess.run(report, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
