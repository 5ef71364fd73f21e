"""The clinician's console in a real browser, against a whole session."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from adaptivevr.command import Mark, Note, Rate
from tests.browser.barriers import violations
from tests.browser.live_session import Live
from tests.until import until

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "adaptivevr/console/web/dist/index.html"
pytestmark = pytest.mark.browser


@pytest.fixture
def live() -> Iterator[Live]:
    if not PAGE.is_file():
        pytest.skip(f"expected {PAGE.relative_to(ROOT)}, not built: pip install -e .")
    session = Live()
    yield session
    session.close()


@pytest.fixture
def console(page: Page, live: Live, clean_console: list[str]) -> Page:
    """The page on a session; nothing may leave the machine or be complained of by the browser."""
    return opened(page, live)


def opened(page: Page, live: Live) -> Page:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(live.url)
    until(lambda: page.evaluate("window.__console?.state() !== null"))
    return page


def heard(live: Live, kind: type) -> list[Any]:
    """Commands of a kind as the engine takes them, from now on."""
    found: list[Any] = []
    live.hub.watchers.append(lambda s: found.extend(c for c in s.commands if isinstance(c, kind)))
    return found


def inked(page: Page, selector: str) -> int:
    """How many pixels of the canvases under an element are painted."""
    script = """selector => [...document.querySelectorAll(selector + ' canvas')].map(canvas => {
      const d = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      let n = 0; for (let i = 3; i < d.length; i += 4) if (d[i] > 100) n++;
      return n; }).reduce((a, b) => a + b, 0)"""
    return int(page.evaluate(script, selector))


# ---- what is seen ------------------------------------------------------------------


def test_traces_course_and_words_come_alive(console: Page, live: Live) -> None:
    expect(console.get_by_role("heading", level=1)).to_contain_text("terrace")
    expect(console.locator("#mode")).to_have_text("Automatic")
    expect(console.locator("#contact")).to_have_text("connected")
    until(lambda: console.evaluate("__console.sensors.drawn") > 20)
    until(lambda: console.evaluate("__console.link.received") > 60)
    names = console.locator(".sensor h3").all_text_contents()
    assert names == ["Heart (ECG)", "Skin", "Brain (EEG)", "Breath", "Movement"]
    until(lambda: live.tick.arousal.level is not None, 40)
    until(lambda: inked(console, "#arousal-plot") > 1000)
    for i in range(5):
        until(lambda i=i: inked(console, f".sensor:nth-child({i + 1})") > 50)  # type: ignore[misc]
    label = console.locator("#arousal-plot")
    until(lambda: "90 % between" in (label.get_attribute("aria-label") or ""))


def test_the_course_so_far_is_there_after_a_reload(console: Page, live: Live) -> None:
    until(lambda: live.tick.arousal.level is not None, 40)
    until(lambda: console.evaluate("__console.story.rows.length") > 20)
    first_s = console.evaluate("__console.story.rows[0].time_s")
    console.reload()
    until(lambda: console.evaluate("window.__console?.story.rows.length") > 5)
    assert console.evaluate("__console.story.rows[0].time_s") == pytest.approx(first_s, abs=1.5)
    expect(console.locator("#log")).to_contain_text("Started")


def test_a_lost_sensor_is_said_in_words(console: Page, live: Live) -> None:
    expect(console.locator(".sensor", has_text="Skin")).to_contain_text("Good")
    console.get_by_role("button", name="Unplug skin").click()
    row = console.locator(".sensor", has_text="Skin")
    expect(row).to_have_attribute("data-state", "late", timeout=8000)
    expect(row).to_contain_text("No data")
    expect(row).to_contain_text("Check that it is on and connected")
    expect(console.get_by_role("status").first).to_contain_text("No data from: Skin")
    console.get_by_role("button", name="Plug in skin").click()
    expect(row).to_have_attribute("data-state", "good", timeout=15000)
    assert [o["do"] for o in live.orders] == ["unplug", "plug"]


def test_a_lost_signal_is_no_number(console: Page, live: Live) -> None:
    figure = console.locator(".sensor", has_text="Skin").locator(".figure")
    expect(figure).to_contain_text("µS", timeout=10000)
    live.source.body.told({"do": "unplug", "kind": "eda"})
    expect(figure).to_have_text("", timeout=10000)


@pytest.mark.usefixtures("clean_console")
@pytest.mark.parametrize("width", [1280, 1024])
def test_the_essentials_need_no_scrolling(page: Page, live: Live, width: int) -> None:
    opened(page, live)
    page.set_viewport_size({"width": width, "height": 800})
    until(lambda: page.locator(".sensor").count() == 5)
    for name in ("#stop", "#mode", "#arousal-plot", "#intensity-plot", "#why", ".sensor >> nth=0",
                 "#levels", "#easier", "#manual", "#limit-window_low"):  # fmt: skip
        box = page.locator(name).bounding_box()
        assert box and box["x"] >= 0 and box["y"] >= 0, name
        assert box["x"] + box["width"] <= width and box["y"] + box["height"] <= 800, name
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")


@pytest.mark.usefixtures("clean_console")
def test_reasons_not_to_take_part_are_asked_and_one_that_applies_ends_in_rest(page: Page) -> None:
    live = Live(screen=("Epilepsy or a seizure ever", "Psychosis"))
    try:
        opened(page, live)
        card = page.get_by_role("region", name="Before we begin")
        expect(card.get_by_role("button", name="None applies")).to_be_visible()
        card.get_by_label("Psychosis").check()
        card.get_by_role("button", name="This applies: rest, and do not begin").click()
        until(lambda: live.hub.latched)
        expect(card).to_be_hidden()
        expect(page.locator("#log")).to_contain_text("Speaks against the session: Psychosis.")
        page.reload()
        expect(page.locator("#log")).to_contain_text("Speaks against the session")
        expect(card).to_be_hidden()
    finally:
        live.close()


# ---- stop --------------------------------------------------------------------------


def test_the_stop_button_stops_and_only_two_steps_resume(console: Page, live: Live) -> None:
    console.get_by_role("button", name="Take in hand").click()
    console.get_by_label("Intensity by hand").fill("0.3")
    until(lambda: live.tick.decision.intensity > 0.02)
    console.get_by_role("button", name="STOP").click()
    assert console.evaluate("document.body.dataset.stop") in ("sent", "stopped")
    until(lambda: live.hub.latched)
    expect(console.locator("#stop")).to_have_attribute("aria-pressed", "true")
    expect(console.locator("#mode")).to_have_text("Safe")
    expect(console.locator("#strip-text")).to_contain_text("Stopped. The scene rests")
    console.get_by_role("button", name="Resume…").click()
    console.get_by_role("button", name="No, stay stopped").click()
    expect(console.locator("#strip-text")).to_contain_text("Stopped.")
    assert live.hub.latched
    console.get_by_role("button", name="Resume…").click()
    console.get_by_role("button", name="Yes, resume").click()
    expect(console.locator("#mode")).to_have_text("Manual")
    until(lambda: not live.hub.latched)
    assert live.tick.decision.intensity == 0.0


@pytest.mark.parametrize("key", ["Escape", "F8"])
def test_a_key_stops_from_inside_a_text_field(console: Page, live: Live, key: str) -> None:
    console.get_by_label("Note", exact=True).click()
    console.keyboard.type("he seems")
    before = time.monotonic()
    console.keyboard.press(key)
    assert console.evaluate("document.body.dataset.stop") in ("sent", "stopped")
    until(lambda: live.hub.latched)
    assert time.monotonic() - before < 1.0
    until(lambda: live.tick.decision.mode == "safe")


def test_a_key_stops_from_the_dialog_of_keys_too(console: Page, live: Live) -> None:
    console.keyboard.press("Alt+h")
    expect(console.get_by_role("dialog")).to_be_visible()
    console.keyboard.press("Escape")
    until(lambda: live.hub.latched)


def test_a_stop_is_taken_while_the_engine_is_stuck(console: Page, live: Live) -> None:
    console.get_by_role("button", name="Take in hand").click()
    console.get_by_label("Intensity by hand").fill("0.3")
    until(lambda: live.tick.decision.intensity > 0.05)
    console.get_by_role("button", name="Freeze the engine").click()
    expect(console.get_by_role("alert")).to_contain_text("The engine stands still")
    console.get_by_role("button", name="STOP").click()
    until(lambda: live.hub.latched, 1.0)
    expect(console.locator("#stop-word")).to_have_text("Stopped", timeout=1000)
    expect(console.locator("#mode-text")).to_contain_text("The scene rests", timeout=1000)
    expect(console.locator("#intensity")).to_have_text("0.00", timeout=1000)


# ---- the connection ------------------------------------------------------------------


def test_a_lost_engine_cannot_be_overlooked(page: Page, live: Live) -> None:
    opened(page, live)
    live.server._uvicorn.should_exit = True
    expect(page.get_by_role("alert")).to_contain_text("lost the engine", timeout=4000)
    expect(page.locator("#contact")).to_have_text("LOST")
    assert page.evaluate("document.body.classList.contains('lost')")
    page.keyboard.press("Escape")
    expect(page.get_by_role("alert")).to_contain_text("has not been confirmed", timeout=3000)
    page.goto("about:blank")


def test_silence_is_a_loss_even_when_the_socket_stays_open(console: Page, live: Live) -> None:
    assert live.hub._loop is not None
    hung = threading.Event()
    live.hub._loop.call_soon_threadsafe(hung.wait, 30.0)
    try:
        expect(console.locator("#contact")).to_have_text("silent", timeout=3000)
        expect(console.get_by_role("alert")).to_contain_text("lost the engine")
    finally:
        hung.set()
    expect(console.locator("#contact")).to_have_text("connected", timeout=5000)
    expect(console.get_by_role("alert")).not_to_contain_text("lost the engine")


# ---- what is pressed -----------------------------------------------------------------


def test_tuning_is_sent_bounded_and_logged_with_old_and_new(console: Page, live: Live) -> None:
    field = console.get_by_label("Window, high")
    old = live.panel.limits.window_high
    expect(field).to_have_value(f"{old:g}")
    field.fill("0.6")
    field.press("Enter")
    until(lambda: live.panel.limits.window_high == 0.6)
    expect(console.locator("#limits-said")).to_contain_text(f"{old:g} → 0.6, in force")
    field.fill("0.99")
    field.press("Enter")
    expect(console.locator("#limits-said")).to_contain_text("0.99 is outside its bounds")
    until(lambda: live.panel.limits.window_high != 0.6)
    expect(field).to_have_value(f"{live.panel.limits.window_high:g}")
    log = console.locator("#log li", has_text="Limit window high")
    expect(log.last).to_contain_text(f"Limit window high: {old:g} to 0.6.")
    expect(log.first).to_contain_text("(asked 0.99, bounded)")
    expect(log.first).to_contain_text("clinician")


def test_levels_hand_and_handing_back(console: Page, live: Live) -> None:
    console.get_by_role("button", name="Take in hand").click()
    expect(console.locator("#mode")).to_have_text("Manual")
    console.get_by_label("Intensity by hand").fill("0.3")  # at once, before a state has come
    until(lambda: live.tick.decision.intensity > 0.25)
    expect(console.locator("#manual-value")).to_have_text("0.30")
    console.keyboard.press("Alt+ArrowDown")
    until(lambda: live.tick.decision.intensity < 0.25)
    expect(console.locator("#levels [aria-current]")).to_have_count(1)
    console.get_by_role("button", name="Hand back").click()
    expect(console.locator("#mode")).to_have_text("Automatic")


def test_pause_and_go_on(console: Page, live: Live) -> None:
    console.get_by_role("button", name="Pause").click()
    expect(console.locator("#strip-text")).to_have_text("Paused. The scene rests.")
    assert live.tick.frame.rest
    console.locator("#strip").get_by_role("button", name="Go on").click()
    expect(console.locator("#strip")).to_be_hidden()
    until(lambda: not live.tick.frame.rest)


def test_rating_mark_and_note_reach_engine_log_and_plot(console: Page, live: Live) -> None:
    rates, marks, notes = heard(live, Rate), heard(live, Mark), heard(live, Note)
    for field, text in (("#rating", "40"), ("#mark", "looked down"), ("#note", "calm voice")):
        console.locator(field).fill(text)
        console.keyboard.press("Enter")
    until(lambda: rates and marks and notes)
    mine = [r for r in rates if r.who == "clinician"]
    assert (mine[0].value, marks[0].text, notes[0].text) == (40.0, "looked down", "calm voice")
    log = console.locator("#log")
    for text in ("Rating 40 (SUDS).", "Mark: looked down", "Note: calm voice"):
        expect(log).to_contain_text(text)
    assert 0.4 in [r["value"] for r in console.evaluate("__console.story.ratings")]


@pytest.mark.usefixtures("clean_console")
def test_a_proposal_waits_for_a_yes(page: Page) -> None:
    live = Live(advance="confirm")
    try:
        opened(page, live)
        expect(page.locator("#mode")).to_have_text("Confirm")
        until(lambda: live.tick.proposal, 60)
        expect(page.locator("#proposal-text")).to_contain_text("Go on to level")
        level = int(live.tick.proposal.partition(":")[2])
        page.get_by_role("button", name="Yes", exact=True).click()
        until(lambda: live.tick.level == level)
        expect(page.locator("#levels [aria-current]")).to_have_text(live.panel.levels[level])
    finally:
        live.close()


def test_what_the_engine_refuses_is_said(console: Page) -> None:
    console.evaluate("__console.link.send({command: 'Fly'})")
    expect(console.get_by_role("alert")).to_contain_text("expected one of")


# ---- for everybody -------------------------------------------------------------------


@pytest.mark.usefixtures("clean_console")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, live: Live, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    opened(page, live)
    until(lambda: page.locator(".sensor").count() == 5)
    assert violations(page) == []
    live.source.body.told({"do": "unplug", "kind": "eda"})
    expect(page.locator(".sensor[data-state=late]")).to_have_count(1, timeout=8000)
    page.keyboard.press("Escape")
    expect(page.locator("#strip-text")).to_contain_text("Stopped.")
    assert violations(page) == []
    page.get_by_role("button", name="Keys and help").click()
    assert violations(page) == []
