"""The safety page tells the truth: every test that it names exists, every hazard has one."""

import re

import pytest

from tests.faults.mutants import ROOT
from tests.faults.planted import FAULTS

PAGE = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")
NODE = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def rows(title: str) -> list[list[str]]:
    """The cells of the table below a heading, without its head."""
    part = PAGE.split(f"\n## {title}")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in table[1:] if not set(row[0]) <= {"-"}]


@pytest.mark.parametrize("node", sorted(set(NODE.findall(PAGE))), ids="::".join)
def test_a_test_that_is_named_exists(node: tuple[str, str]) -> None:
    file, name = node
    assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("title", ["Modes and their responses", "Hazards"])
def test_every_row_ends_with_its_test(title: str) -> None:
    table = rows(title)
    assert len(table) >= 6
    for row in table:
        assert NODE.fullmatch(row[-1]), f"no test for: {row[0]} / {row[1]}"


def test_every_planted_fault_has_a_test_that_exists() -> None:
    for fault in FAULTS:
        assert (ROOT / fault.test.split("::")[0]).is_file()


def test_a_place_is_kept_for_the_closed_loop() -> None:
    assert "\n## Closed-loop proof\n" in PAGE
