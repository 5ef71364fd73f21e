"""The loop is closed: who is more afraid is shown less, and nobody is shown nothing."""

from pathlib import Path

import pytest

from adaptivevr.check import audit
from tests.simulation.closed import session, yoked

SEED = 3


@pytest.mark.slow
def test_a_panic_prone_patient_is_shown_less_and_is_better_off_than_yoked(tmp_path: Path) -> None:
    print(f"python -m tests.simulation {SEED}")
    normal, panic = (session(kind, SEED, tmp_path) for kind in ("normal", "panic_prone"))
    assert normal.document["intensity_mean"] - panic.document["intensity_mean"] >= 0.1
    assert panic.document["increases_blocked"] >= 1
    theirs = yoked("panic_prone", SEED, normal.intensities())
    assert theirs > panic.document["true_above_085_share"]
    assert not audit(normal.record).violations and not audit(panic.record).violations


@pytest.mark.slow
def test_sensors_on_nobody_raise_nothing(tmp_path: Path) -> None:
    print(f"python -m tests.simulation {SEED}")
    nobody = session("none", SEED, tmp_path, seconds=200.0)
    assert nobody.document["intensity_max"] == 0.0
    assert nobody.document["level"] == 0
