"""What benchmarks of the scene page share: an engine, a browser, one scene after another."""

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

from playwright.sync_api import sync_playwright

from scenes.scene import library
from tests.browser.conftest import ARGUMENTS, CHROMIUM, Engine
from tests.browser.test_scene import STATE, wait

Measure = Callable[[Any, Engine, str], dict[str, Any]]


def each_scene(about: str | None, arrive: Callable[[Any, Engine], None], measure: Measure) -> None:
    """Measures the scenes that the command line names, or all; prints one JSON document.

    arrive: brings a new page of 640 x 320 to where the first scene may be told.
    """
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", nargs="*")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    engine = Engine()
    told = {}
    try:
        with sync_playwright() as tools:
            browser = tools.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            page = browser.new_page(viewport={"width": 640, "height": 320})
            arrive(page, engine)
            for name in options.name or library():
                told[name] = measure(page, engine, name)
                print(name, json.dumps(told[name]), file=sys.stderr)
            browser.close()
    finally:
        engine.close()
    print(json.dumps(told))


def shown(page: Any, name: str) -> None:
    """Waits until the scene itself is seen, faded in."""
    wait(page, f"{STATE}.scene === '{name}' && {STATE}.fade === 0 && !{STATE}.showsRest", 120)


def drawn_on(page: Any, pictures: int) -> None:
    """Waits for so many more pictures."""
    wait(page, f"{STATE}.drawn >= {page.evaluate(f'{STATE}.drawn') + pictures}", 120)
