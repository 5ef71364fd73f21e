"""The reference sessions come out as kept; a change is told field by field."""

import pytest

from tests.replay.golden import FIELDS, SESSIONS, compare, lines, path_of, words


@pytest.mark.parametrize("name", SESSIONS)
def test_a_session_comes_out_as_kept(name: str) -> None:
    kept = path_of(name).read_text(encoding="utf-8").splitlines()
    found = compare(kept, lines(name))
    assert not found, (
        f"{name} differs; if that is meant: python -m tests.replay --update\n{words(found)}"
    )


def test_a_difference_is_told_by_field_with_first_and_largest() -> None:
    kept = path_of("calm").read_text(encoding="utf-8").splitlines()
    changed = [row.split("\t") for row in kept]
    at = FIELDS.index("intensity")
    for second, more in ((50, 0.1), (60, 0.25)):
        changed[second][at] = f"{float(changed[second][at]) + more:.6f}"
    changed[70][FIELDS.index("mode")] = "safe"
    found = compare(kept, ["\t".join(row) for row in changed])
    assert set(found) == {"intensity", "mode"}
    assert found["intensity"].count == 2 and found["intensity"].first == "50"
    assert found["intensity"].largest == pytest.approx(0.25)
    assert "first at 70 s (auto became safe)" in words(found)
    assert compare(kept, kept[:-5])["second"].count == 5


def test_the_last_bits_of_another_machine_are_no_difference() -> None:
    kept = path_of("calm").read_text(encoding="utf-8").splitlines()
    cells = kept[40].split("\t")
    cells[FIELDS.index("arousal")] = f"{float(cells[FIELDS.index('arousal')]) + 4e-6:.6f}"
    assert not compare(kept, [*kept[:40], "\t".join(cells), *kept[41:]])
