"""What this machine has and lacks, in sentences that say how to get it."""

import json
from pathlib import Path

import pytest

from adaptivevr import doctor
from adaptivevr.__main__ import main
from adaptivevr.doctor import examine


def test_everything_is_looked_at_and_said() -> None:
    findings = {f.part: f for f in examine()}
    assert {"Python", "LSL", "pages", "scenes"} <= set(findings)
    assert findings["Python"].ok
    assert all(f.text for f in findings.values())


def test_missing_pages_are_said_with_the_way_to_get_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("adaptivevr.console.pages.SCENE_PAGE", tmp_path / "none")
    finding = doctor._pages()
    assert not finding.ok and finding.needed and "pip install -e ." in finding.text


def test_what_is_optional_does_not_fail_it() -> None:
    finding = doctor._optional("no_such_module_here", "nothing")
    assert not finding.ok and not finding.needed


def test_its_document_and_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["doctor", "--json"])
    rows = json.loads(capsys.readouterr().out)
    needed = {f.part: f.needed for f in examine()}
    assert status == (0 if all(r["ok"] for r in rows if needed[r["part"]]) else 1)
    main(["doctor"])
    assert "Python" in capsys.readouterr().out
