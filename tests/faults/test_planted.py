"""Every control has a test that fails without it: proven by planting each fault in turn."""

import json
import os
import subprocess
import sys

import pytest

from tests.faults.mutants import ROOT
from tests.faults.planted import FAULTS, Fault, sound


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.title)
def test_a_fault_can_be_planted(fault: Fault) -> None:
    assert sound(fault), "the source that it replaces is gone or there twice: mend the table"
    file, *name = fault.test.split("::")
    text = (ROOT / file).read_text(encoding="utf-8")
    assert not name or f"def {name[0]}(" in text


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="expected a system that can fork")
def test_no_planted_fault_is_missed() -> None:
    command = [sys.executable, "-m", "tests.faults.planted"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["faults"] == len(FAULTS) and told["wrong"] == [], told["wrong"]
