"""The stop latch of the hub holds while the engine is stuck, and lets go only for a resume."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from adaptivevr.arousal import Arousal
from adaptivevr.clock import SimulatedClock
from adaptivevr.command import Ack, Mark, Resume, Stop
from adaptivevr.console.hub import Hub
from adaptivevr.console.outbox import Flooded, Outbox
from adaptivevr.cues import Closed, Ruled, Shut
from adaptivevr.guard import Decision, Ruling
from adaptivevr.limits import Limits
from adaptivevr.panel import Panel
from adaptivevr.therapy.intent import Ask, Intent, Why
from adaptivevr.therapy.protocol import Cadence
from adaptivevr.tick import Tick
from scenes.frame import Director
from scenes.parameter import Parameter
from scenes.scene import Level, Scene

SCENE = Scene(
    "tower", "Tower", ("heights",), (Level("ground", 0.0), Level("top", 1.0)),
    (Parameter("height", "load", "m", 0.25, 100.0), Parameter("calm", "ambient", "", 0.0, 1.0)),
)  # fmt: skip
PANEL = Panel("p", "s", ("a",), (), Limits(), None, None, None, Cadence())


def tick(seq: int, intensity: float = 0.5, commands: tuple[str, ...] = ()) -> Tick:
    frame = Director(SCENE).update(float(seq), seq, intensity, (), 1, "auto", False, None)
    intent = Intent(1, intensity, (), "hold", Why.HOLD)
    decision = Decision(intensity, (), "auto", Ruling.AS_WISHED, None, ())
    return Tick(
        seq, float(seq), (), commands, (), Arousal(0.3, 0.1), "hold", 1, intent, decision, frame,
        None, (), "b",
    )  # fmt: skip


class Renderer:
    """A client as the server sees it: everything that would have been sent."""

    def __init__(self, hub: Hub) -> None:
        self.box = Outbox()
        self.got: list[dict[str, object]] = []
        hub.join("one", self.box)
        self._task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self.box.messages():
            self.got.append(json.loads(message))

    async def until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(2.0):
            while not done():
                await asyncio.sleep(0)

    def frames(self) -> list[dict[str, object]]:
        return [m for m in self.got if m["type"] == "frame"]


@pytest.fixture
def hub() -> Hub:
    return Hub(SCENE, SimulatedClock(100.0))


def with_loop(body: Callable[[Hub, Renderer], object], hub: Hub) -> None:
    async def run() -> None:
        hub.attach(asyncio.get_running_loop())
        await body(hub, Renderer(hub))  # type: ignore[misc]

    asyncio.run(run())


def test_a_stop_sends_stop_then_rest_before_the_engine_hears_of_it(hub: Hub) -> None:
    async def body(hub: Hub, one: Renderer) -> None:
        hub.publish(tick(1), (), (), PANEL)
        await one.until(lambda: len(one.frames()) == 1)
        stop = hub.stop("clinician", "button")
        await one.until(lambda: len(one.frames()) == 2)
        kinds = [m["type"] for m in one.got]
        assert kinds.index("stop") < len(kinds) - 1, "stop is an event and goes first"
        rest = one.frames()[-1]
        assert rest["rest"] is True and rest["intensity"] == 0.0
        assert rest["values"] == {"height": 0.25, "calm": 0.0}
        commands, _ = hub.take()
        assert commands == (stop,) and isinstance(stop, Stop)

    with_loop(body, hub)


def test_the_latch_holds_against_a_stuck_or_stubborn_engine(hub: Hub) -> None:
    async def body(hub: Hub, one: Renderer) -> None:
        hub.publish(tick(1), (), (), PANEL)
        await one.until(lambda: len(one.frames()) == 1)
        stop = hub.stop("patient", "key")
        await one.until(lambda: len(one.frames()) == 2)
        for seq in range(2, 6):  # the engine goes on as if nothing had been said
            hub.publish(tick(seq, commands=(stop.id,)), (), (), PANEL)
            seen = len(one.frames())
            await one.until(lambda seen=seen: len(one.frames()) > seen)  # type: ignore[misc]
        assert all(f["rest"] for f in one.frames()[1:]) and hub.latched

    with_loop(body, hub)


def test_only_a_resume_that_came_after_the_stop_lets_go(hub: Hub) -> None:
    async def body(hub: Hub, one: Renderer) -> None:
        early = Resume(id="r1", who="clinician", at_s=1.0)
        hub.submit(early)
        hub.stop("patient", "key")
        hub.publish(tick(2, commands=("r1",)), (), (), PANEL)
        assert hub.latched
        hub.submit(Resume(id="r2", who="clinician", at_s=2.0))
        hub.publish(tick(3, 0.0, commands=("r2",)), (), (), PANEL)
        assert not hub.latched
        await one.until(lambda: bool(one.frames()) and one.frames()[-1]["rest"] is False)

    with_loop(body, hub)


def test_a_cue_is_an_event_and_a_stop_in_between_drops_it(hub: Hub) -> None:
    came = Ruled("c1", "bang", None)
    refused = Ruled("c2", "bang", Closed(Shut.PAUSE, 1.0, 30.0))

    def cues(one: Renderer) -> list[object]:
        return [m["id"] for m in one.got if m["type"] == "cue"]

    async def body(hub: Hub, one: Renderer) -> None:
        hub.publish(replace(tick(1), cues=(came, refused)), (), (), PANEL)
        await one.until(lambda: bool(one.frames()))
        kinds = [m["type"] for m in one.got]
        assert cues(one) == ["c1"] and kinds.index("cue") < kinds.index("frame")
        hub.publish(replace(tick(2), cues=(replace(came, id="c3"),)), (), (), PANEL)
        hub.stop("clinician", "key")  # before the server's loop has sent it
        await one.until(lambda: one.frames()[-1]["rest"] is True)
        hub.submit(Resume(id="r", who="clinician", at_s=2.0))
        hub.publish(tick(3, 0.0, commands=("r",)), (), (), PANEL)
        await one.until(lambda: one.frames()[-1]["rest"] is False)
        late = Renderer(hub)
        await late.until(lambda: bool(late.frames()))
        assert cues(one) == ["c1"] and cues(late) == []

    with_loop(body, hub)


def test_wire_numbers_always_rise(hub: Hub) -> None:
    async def body(hub: Hub, one: Renderer) -> None:
        for seq in range(1, 4):
            hub.publish(tick(seq), (), (), PANEL)
            await one.until(lambda: bool(one.frames()))
            hub.stop("clinician", "key")
        hub.publish(tick(4), (), (), PANEL)
        await one.until(lambda: bool(one.frames()) and one.frames()[-1]["seq"] == 7)
        numbers = [m["seq"] for m in one.frames()]
        assert numbers == sorted(set(numbers))  # type: ignore[type-var]

    with_loop(body, hub)


def test_a_late_renderer_is_told_what_stands(hub: Hub) -> None:
    async def body(hub: Hub, one: Renderer) -> None:
        asked = replace(tick(1), intent=replace(tick(1).intent, prompt=Ask("q", "info", "Hello")))
        hub.publish(asked, (), (), PANEL)
        await one.until(lambda: any(m["type"] == "prompt" for m in one.got))
        late = Renderer(hub)
        await late.until(lambda: len(late.got) == 3)
        assert [m["type"] for m in late.got] == ["scene", "prompt", "frame"]

    with_loop(body, hub)


def test_ordinary_acks_are_thinned_but_rest_is_told_at_once(hub: Hub) -> None:
    for i in range(10):
        hub.submit(Ack(id=f"a{i}", who="patient", at_s=100.0 + i / 60, seq=i, shown_s=0.0))
    hub.submit(Ack(id="rest", who="patient", at_s=100.2, seq=11, shown_s=0.0, rest=True))
    hub.submit(Mark(id="m", who="clinician", at_s=100.3, text="door"))
    assert [c.id for c in hub.take()[0]] == ["a0", "rest", "m"]


def test_a_client_that_takes_nothing_is_cut_off() -> None:
    async def run() -> None:
        box = Outbox()
        for i in range(1100):
            box.event(str(i))
        with pytest.raises(Flooded):
            async for _ in box.messages():
                pass

    asyncio.run(run())


def test_signals_wait_for_credit_and_drop_the_oldest() -> None:
    async def run() -> list[str | bytes]:
        box = Outbox()
        got: list[str | bytes] = []

        async def read() -> None:
            async for message in box.messages():
                got.append(message)

        task = asyncio.create_task(read())
        for i in range(40):
            box.signal(bytes([i]))
            await asyncio.sleep(0)
        box.event("stop")
        await asyncio.sleep(0)
        box.close()
        await task
        return got

    got = asyncio.run(run())
    assert got[:15] == [bytes([i]) for i in range(15)], "fifteen in flight, no more"
    assert "stop" in got, "an event overtakes signals that wait"
