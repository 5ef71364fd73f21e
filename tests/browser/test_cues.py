"""A cue from the clinician's tick to the patient's ear, and to silence: both pages at once."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from adaptivevr.command import Heard
from adaptivevr.therapy.protocol import load
from scenes.scene import LIBRARY
from tests.browser.barriers import violations
from tests.browser.live_session import Live
from tests.browser.test_console import PAGE, heard, opened
from tests.browser.test_scene import STATE, wait
from tests.scenes import guide
from tests.until import until

SOUND = LIBRARY / "street" / "sound" / "siren.ogg"
SCENE = Path(__file__).resolve().parents[2] / "scenes/web/dist/index.html"
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("clean_console")]


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    """The guide's yard, where every cue is vetted and the dog is heard for a while."""
    for part in (PAGE, SCENE, SOUND):
        if not part.is_file():
            pytest.skip(f"expected {part.name}, not built: pip install -e .")
    folder = tmp_path / "dog_yard"
    guide.write(folder)
    for name in ("birds", "panting", "bark"):
        shutil.copy(SOUND, folder / "sound" / f"{name}.ogg")
    brief = replace(load("demo").phases, quiet_s=1.0)
    session = Live(start=False, scene=str(folder), cues="vetted", phases=brief)
    yield session
    session.close()


def test_a_cue_agreed_to_is_pressed_heard_and_silenced_by_a_stop(page: Page, live: Live) -> None:
    scene = page.context.new_page()
    scene.goto(f"{live.server.url}/scene/")
    scene.mouse.click(300, 150)  # sounds begin with a gesture
    page.bring_to_front()
    opened(page, live)
    play = page.get_by_role("button", name="Play: The dog barks once")
    item = page.locator("#cues li")
    expect(item).to_contain_text("seen and heard")
    expect(item.locator(".cue-why")).to_contain_text("must both agree to it first")
    expect(play).to_be_disabled()
    play.click(force=True)
    assert violations(page) == []

    # Both ticks by the keyboard alone, before anything is shown.
    page.keyboard.press("Alt+c")
    page.keyboard.press("Space")
    until(lambda: live.panel.cues[0].clinician)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    until(lambda: live.panel.cues[0].patient)
    expect(item.locator(".cue-why")).to_have_text("nothing is shown now")
    page.get_by_role("button", name="Start", exact=True).click()

    told = heard(live, Heard)
    wait(scene, f"{STATE}.scene === 'dog_yard' && {STATE}.fade === 0", 60)
    expect(item.locator(".cue-why")).to_have_text("ready", timeout=90_000)
    assert scene.evaluate("window.__adaptivevr.cues") == []  # the press above was for nothing
    page.keyboard.press("Alt+c")
    expect(play).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#cues-said")).to_have_text("Cue: The dog barks once.")
    expect(item.locator(".cue-why")).to_contain_text("wait")
    expect(play).to_be_disabled()
    expect(play).to_be_focused()
    wait(scene, "window.__adaptivevr.cues.length === 1", 20)
    wait(scene, f"{STATE}.cueing > 0", 20)
    until(lambda: any(one.played and one.id.startswith("p") for one in told), 20)

    page.keyboard.press("Escape")
    wait(scene, f"{STATE}.rest && {STATE}.cueing === 0", 20)
    expect(item.locator(".cue-why")).to_have_text("stopped")
    expect(play).to_be_disabled()
    assert live.tick.decision.intensity == 0.0


def test_a_yes_is_taken_back_by_a_tick_and_nothing_can_be_added_later(
    page: Page, live: Live
) -> None:
    opened(page, live)
    item = page.locator("#cues li")
    item.get_by_label("Talked through").check()
    item.get_by_label("Patient said yes").check()
    until(lambda: live.panel.cues[0].clinician and live.panel.cues[0].patient)
    page.get_by_role("button", name="Start", exact=True).click()
    until(lambda: live.tick.decision.intensity > 0.0, 60)
    expect(page.locator("#cues-rule")).to_contain_text("Nothing can be added")
    item.get_by_label("Patient said yes").uncheck()
    expect(item.locator(".cue-why")).to_have_text("not agreed to beforehand: not today")
    expect(item.get_by_label("Patient said yes")).to_be_disabled()
    expect(item.get_by_role("button")).to_be_disabled()
    assert not live.panel.cues[0].patient
