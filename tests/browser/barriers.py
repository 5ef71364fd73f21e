"""What keeps somebody from using a page, as axe-core finds it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """A sentence for each barrier on the page as it stands."""
    if not page.evaluate("typeof axe !== 'undefined'"):
        package = Path(str(pytest.importorskip("axe_playwright_python").__file__)).parent
        script = next(package.rglob("axe.min.js")).read_text(encoding="utf-8")
        page.evaluate(script + ";0")
    run = """async rules => (await axe.run(document, {runOnly: rules})).violations
      .map(v => `${v.id}: ${v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary)}`)"""
    return list(page.evaluate(run, RULES))
