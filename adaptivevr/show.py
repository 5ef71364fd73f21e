"""A recording shown as it was: console and scene in real time, from the engine run again."""

import sys
import threading
import webbrowser
from collections.abc import Iterable
from itertools import chain
from typing import Any

from adaptivevr.clock import RealClock
from adaptivevr.console.hub import Hub
from adaptivevr.console.server import Server, bind, make_app
from adaptivevr.console.state import ConsoleState
from adaptivevr.session import Plan, Session, Step
from adaptivevr.tick import Tick


def show(plan: Plan, steps: Iterable[Step], title: str, port: int | None = None) -> list[Tick]:
    """Ticks through the steps at their own pace; what people click meanwhile changes nothing.

    A stop still brings the scenes that watch to rest: that is the hub's own, not the session's.
    """
    iterator = iter(steps)
    first = next(iterator, None)
    if first is None:
        return []
    clock = RealClock()
    clock.offset_s = first[0] - clock.now_s()
    hub = Hub(plan.scene, clock)
    facts: dict[str, Any] = {"demo": False, "recording": title, "replay": True}
    server = Server(make_app(hub, ConsoleState(hub, facts)), hub, bind(port))
    server.start()
    print(f"Console: {server.url}/console/\nScene:   {server.url}/scene/", file=sys.stderr)
    webbrowser.open(f"{server.url}/console/")
    session, ticks = Session(plan), []
    end = threading.Event()
    try:
        for now_s, chunks, commands in chain((first,), iterator):
            clock.wait_until(now_s, end)
            hub.take()
            tick = session.tick(now_s, chunks, commands)
            hub.publish(tick, chunks, commands, session.panel(now_s))
            ticks.append(tick)
    except KeyboardInterrupt:
        print("Ended.", file=sys.stderr)
    finally:
        server.close()
    return ticks
