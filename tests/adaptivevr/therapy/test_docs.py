"""The page for clinicians names tests that exist, and every protocol of the library."""

import re
from pathlib import Path

from adaptivevr.therapy.protocol import library

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "protocols.md").read_text(encoding="utf-8")


def test_each_test_that_is_named_exists() -> None:
    files = (ROOT / "tests").rglob("test_*.py")
    defined = set(re.findall(r"def (test_\w+)\(", "".join(f.read_text("utf-8") for f in files)))
    named = set(re.findall(r"\b(test_\w+)\b(?!\.py)", PAGE))
    assert len(named) > 60 and named <= defined, sorted(named - defined)


def test_each_protocol_has_its_part() -> None:
    for name in library():
        assert name == "demo" or f"\n## {name}\n" in PAGE, name
