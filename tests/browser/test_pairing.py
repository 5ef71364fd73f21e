"""A headset is paired: the console shows address and code, the headset enters it, sees frames."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from adaptivevr import config
from adaptivevr.command import Client
from adaptivevr.console.lan import Opening
from adaptivevr.console.pages import CONSOLE_PAGE, PAIR_PAGE, SCENE_PAGE
from tests.browser.barriers import violations
from tests.browser.live_session import Live
from tests.browser.test_console import heard, opened
from tests.until import until

pytestmark = pytest.mark.browser
STATE = "window.__adaptivevr.state()"


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    for folder in (CONSOLE_PAGE, PAIR_PAGE, SCENE_PAGE):
        if not (folder / "index.html").is_file():
            pytest.skip(f"expected {folder}, not built: pip install -e .")
    monkeypatch.setattr(config, "data_folder", lambda: tmp_path)
    session = Live(lan=Opening(port=0), scene="safe_room")
    yield session
    session.close()


@pytest.fixture
def headset(browser: Browser, live: Live) -> Iterator[Page]:
    """A browser of its own that has taken the certificate's warning, as a person would."""
    context = browser.new_context(
        ignore_https_errors=True, service_workers="block", locale="de-AT",
        viewport={"width": 900, "height": 620},
    )  # fmt: skip
    page = context.new_page()
    bad: list[str] = []
    assert live.server.lan is not None
    ours = (live.server.lan.url, live.server.lan.url.replace("https", "wss"), "data:", "blob:")
    page.on("pageerror", lambda e: bad.append(f"page error: {e}"))
    page.on("request", lambda r: None if r.url.startswith(ours) else bad.append(f"leaves: {r.url}"))
    yield page
    context.close()
    assert not bad, bad


def press(page: Page, code: str) -> None:
    """Point and click, digit by digit."""
    for digit in code:
        page.get_by_role("button", name=digit, exact=True).click()


@pytest.mark.usefixtures("clean_console")
def test_from_the_console_to_frames_in_the_headset_and_back(
    page: Page, headset: Page, live: Live
) -> None:
    opened(page, live)
    said = heard(live, Client)
    # the console: address, picture, code
    page.get_by_role("button", name="Headset").click()
    expect(page.locator("#pairing-said")).to_have_text("No headset is paired.")
    page.get_by_role("button", name="Show a code").click()
    code = until(lambda: page.locator("#pairing-code").inner_text().replace(" ", ""))
    assert len(code) == 6 and code.isdecimal()
    expect(page.locator("#pairing-left")).to_contain_text("good for")
    until(lambda: page.evaluate("document.querySelector('#pairing img').naturalWidth") > 50)
    url = page.locator("#pairing-url").inner_text()
    assert live.server.lan is not None and url == live.server.lan.url
    assert violations(page) == []
    # the headset: a wrong code first, then the right one, by pointing
    headset.goto(url)
    assert headset.evaluate("isSecureContext")
    expect(headset.get_by_role("heading")).to_have_text("Dieses Headset verbinden")
    assert violations(headset) == []
    for button in headset.get_by_role("button").all():
        box = button.bounding_box()
        assert box and box["height"] >= 56 and box["width"] >= 120
        assert box["y"] + box["height"] <= 620
    press(headset, f"{(int(code) + 1) % 1_000_000:06d}")
    expect(headset.get_by_role("status")).to_contain_text("Das ist nicht der Code")
    expect(headset.locator("#code")).to_have_value("")
    press(headset, code)
    headset.wait_for_url("**/scene/")
    until(lambda: headset.evaluate(f"window.__adaptivevr && {STATE}.scene === 'safe_room'"), 60)
    seq = headset.evaluate(f"{STATE}.seq")
    until(lambda: headset.evaluate(f"{STATE}.seq") > seq + 5, 30)
    cookies = {c["name"]: c for c in headset.context.cookies()}
    assert cookies["__Host-patient"]["httpOnly"] and cookies["__Host-patient"]["secure"]
    # the console knows, and takes it back
    expect(page.locator("#pairing-said")).to_have_text(
        "A headset has been paired and is connected."
    )
    expect(page.locator("#log")).to_contain_text("A headset has been paired")
    assert violations(page) == []
    until(lambda: dict(live.tick.decision.gates)["no_flags"])
    page.get_by_role("button", name="End the pairing").click()
    expect(page.locator("#pairing-said")).to_have_text("No headset is paired.")
    until(lambda: not live.hub.renderers)
    expect(page.locator("#alarms")).to_contain_text("No scene is connected")
    until(lambda: not dict(live.tick.decision.gates)["no_flags"])  # nothing rises unseen
    until(lambda: headset.evaluate(f"{STATE}.why") == "expired", 20)
    headset.reload()
    expect(headset.get_by_role("heading")).to_have_text("Dieses Headset verbinden")
    texts = [c.text for c in said if c.event == "pairing"]
    assert [t.split(" (")[0] for t in texts] == [
        "A headset may be paired for five minutes.", "A wrong code was entered",
        "A headset has been paired",
        "The headset is no longer paired.",
    ]  # fmt: skip
    assert not any(code in str(c) for c in said)


def test_the_code_by_keyboard_alone(headset: Page, live: Live) -> None:
    lan = live.server.lan
    assert lan is not None
    live.hub._on_loop(lan.told, "open", "clinician")
    code: Any = until(lambda: lan.pairing.code(live.hub.clock.now_s()))
    headset.goto(lan.url)
    expect(headset.locator("#pad button")).to_have_count(12)
    headset.keyboard.type(code[:3] + "7")
    headset.keyboard.press("Backspace")
    headset.keyboard.type(code[3:])
    headset.wait_for_url("**/scene/")
