"""What a scene brings besides its picture, on one flat page: cues, tasks, hands, languages."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import ASSETS, PAGE, ROOT, Engine
from tests.browser.test_scene import STATE, wait
from tests.scenes import guide
from tests.until import until

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def yard(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Engine]]:
    """The guide's own scene, from a folder of its own, with a thing to collect and hands."""
    for part in (PAGE, *ASSETS):
        if not part.is_file():
            pytest.skip(f"expected {part.relative_to(ROOT)}, not built: pip install -e .")
    folder = tmp_path_factory.mktemp("scenes") / "dog_yard"
    guide.write(folder, more=things)
    engine = Engine()
    engine.say(scene=str(folder))
    page = browser.new_page(viewport={"width": 640, "height": 320}, locale="de-AT")
    page.goto(f"{engine.url}/scene/")
    wait(page, f"window.__adaptivevr && {STATE}.scene === 'dog_yard' && {STATE}.fade === 0", 60)
    yield page, engine
    engine.close()


def things(drawn: Any) -> None:
    drawn.empty("hands", (0.0, 0.9, -0.45))
    drawn.block("collect.ball", 0.3, drawn.material, (0.0, 1.5, -4.0))


def test_an_author_s_scene_plays_and_follows_intensity(yard: tuple[Any, Engine]) -> None:
    page, engine = yard
    engine.say(intensity=1.0)
    wait(page, f"{STATE}.values.nearness < 1.9", 30)
    engine.say(intensity=0.0)
    wait(page, f"{STATE}.values.nearness > 13.9", 30)
    assert engine.heard("problem") == []


def test_a_cue_is_played_once_it_is_due_and_not_late_or_at_rest(yard: tuple[Any, Engine]) -> None:
    page, engine = yard
    at_s = engine.say()["now_s"] + 0.3
    engine.say(send=[{"type": "cue", "id": "c1", "name": "bark", "at_s": at_s}])
    wait(page, "window.__adaptivevr.cues.length === 1", 20)
    assert page.evaluate("window.__adaptivevr.cues") == ["bark"]
    engine.say(send=[{"type": "cue", "id": "c0", "name": "bark", "at_s": at_s - 60.0}])
    engine.say(rest=True)
    wait(page, f"{STATE}.rest && {STATE}.fade === 1", 20)
    engine.say(send=[{"type": "cue", "id": "c2", "name": "bark", "at_s": at_s}])
    engine.say(send=[{"type": "prompt", "id": "x", "kind": "info", "text": "-", "until_s": None}])
    wait(page, f"{STATE}.prompt === 'x'", 20)  # events keep their order: the cue has been heard
    page.get_by_role("button", name="OK").click()
    assert page.evaluate("window.__adaptivevr.cues") == ["bark"]
    told = [(m["cue"], m["played"]) for m in engine.heard("heard")]
    assert told == [("c1", True), ("c0", False), ("c2", False)]
    engine.say(rest=False)
    wait(page, f"{STATE}.fade === 0", 30)


def task(engine: Engine, id: str, **told: Any) -> None:
    ask = {"type": "prompt", "id": id, "kind": "task", "text": "", "until_s": None, **told}
    engine.say(send=[ask])


def outcome(engine: Engine, id: str) -> dict[str, Any]:
    found = until(lambda: [m for m in engine.heard("task") if m["id"] == id], 20)
    return dict(found[0])


def test_a_card_is_judged_left_or_right_with_a_reaction_time(yard: tuple[Any, Engine]) -> None:
    page, engine = yard
    card = {"choices": ["Links", "Rechts"], "right": 0, "picture": "hand left palm 90"}
    task(engine, "h1", **card)
    page.get_by_role("button", name="Links").click()
    first = outcome(engine, "h1")
    assert first["correct"] is True and first["reaction_s"] > 0
    task(engine, "h2", **card)
    wait(page, f"{STATE}.prompt === 'h2'")
    inked = """() => {const c = document.querySelector('canvas.card');
      return c.getContext('2d').getImageData(0, 0, c.width, c.height).data
        .filter((v, i) => i % 4 === 3 && v > 100).length}"""
    assert page.evaluate(inked) > 4000
    page.keyboard.press("2")
    assert outcome(engine, "h2")["correct"] is False


def test_something_is_collected_by_looking_and_by_pointing(yard: tuple[Any, Engine]) -> None:
    page, engine = yard
    task(engine, "b1", text="Find the ball.")
    wait(page, f"{STATE}.prompt === 'b1'")
    # Straight ahead lies the ball already: the look rests on it.
    first = outcome(engine, "b1")
    assert first["correct"] is True and first["reaction_s"] >= 0.3
    assert page.evaluate(f"{STATE}.score") == 1
    assert page.locator("#score").inner_text() == "Gefunden: 1"
    # While it is gone there is nothing to find, and the patient says when it is done.
    task(engine, "b2", text="Find the ball.")
    page.get_by_role("button", name="Fertig").click()
    assert outcome(engine, "b2")["correct"] is True


def test_a_task_nobody_does_is_told_as_missed(yard: tuple[Any, Engine]) -> None:
    _, engine = yard
    until_s = engine.say()["now_s"] + 0.5
    task(engine, "m1", choices=["1", "2"], right=0, until_s=until_s)
    missed = outcome(engine, "m1")
    assert missed["correct"] is False and missed["reaction_s"] is None


def test_hands_follow_the_pointer_and_are_mirrored(yard: tuple[Any, Engine]) -> None:
    page, _ = yard
    page.mouse.move(400, 200)
    wait(page, f"{STATE}.hands")


def test_language_and_comfort_are_chosen_on_the_page_and_kept(yard: tuple[Any, Engine]) -> None:
    page, _ = yard
    assert page.evaluate(f"{STATE}.language") == "de"
    page.get_by_role("button", name="Einstellungen").click()
    page.get_by_label("Sprache").select_option("tr")
    assert page.locator("#stop").inner_text() == "Dur"
    assert page.evaluate("document.documentElement.lang") == "tr"
    page.get_by_label("Hareket ederken görüşü daralt").uncheck()
    kept = page.evaluate("JSON.parse(localStorage.getItem('adaptivevr.settings'))")
    assert kept["language"] == "tr" and kept["vignette"] is False and kept["seated"] is True
    page.get_by_role("button", name="Ayarlar").click()


def test_flashing_commands_end_at_rest_and_are_reported(yard: tuple[Any, Engine]) -> None:
    page, engine = yard
    heard = len(engine.heard("stop"))
    # `safe_room` shines by 0.15 of full: commanded to and fro faster than any guard would.
    engine.say(scene="safe_room", intensity=0.0)
    wait(page, f"{STATE}.scene === 'safe_room' && {STATE}.fade === 0", 60)
    for k in range(400):
        seq = engine.say(intensity=float(k % 2))["seq"]
        wait(page, f"{STATE}.acked > {seq + 9}")  # shown, for ten of the engine's frames
        if len(engine.heard("stop")) > heard:
            break
    assert engine.heard("stop")[-1]["by"] == "flash", k
    wait(page, f"{STATE}.fade === 1")
    assert any("flashes" in m["text"] for m in engine.heard("problem"))
