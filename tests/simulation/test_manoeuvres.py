"""Every row of the table of manoeuvres, run; a row that fails says how to run it again."""

import pytest

from tests.simulation.manoeuvres import MANOEUVRES, Manoeuvre, perform


@pytest.mark.parametrize("row", MANOEUVRES, ids=lambda row: row.title)
def test_a_manoeuvre_comes_out_as_the_table_says(row: Manoeuvre) -> None:
    outcome = perform(row)
    assert not outcome.failed, (
        f"{row.words}\n  failed: {'; '.join(outcome.failed)}\n"
        "  again: python -m tests.simulation.manoeuvres --run"
    )


def test_titles_are_unlike() -> None:
    assert len({row.title for row in MANOEUVRES}) == len(MANOEUVRES)
