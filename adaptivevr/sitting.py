"""One session with everything around it: source, clock, server, record, bridges, loop."""

import math
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from adaptivevr import clock as clocks
from adaptivevr import selftest
from adaptivevr.clock import Clock
from adaptivevr.command import Command, Mark, Start
from adaptivevr.console.hub import Hub
from adaptivevr.console.inbox import new_id
from adaptivevr.console.lan import Lan, Opening
from adaptivevr.console.server import Server, bind, make_app, open_lan
from adaptivevr.console.state import ConsoleState
from adaptivevr.errors import NoRecord, RecordingFailed, Refused
from adaptivevr.header import header
from adaptivevr.loop import WATCHDOG_S, Loop
from adaptivevr.recording import Recording
from adaptivevr.session import Plan, Session
from adaptivevr.summary import Summary
from adaptivevr.tick import Tick
from sensors.source import Source


class Bridge(Protocol):
    """An output to the room."""

    def take(self, tick: Tick, commands: Sequence[Command]) -> None:
        """Notes one tick."""
        ...

    def close(self) -> None:
        """Lets go."""
        ...


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and how a session takes place. port None: the default one or any free one.

    lan: how a headset in this network may open the scene; None: nobody but this machine may.
    """

    record: Path | None
    port: int | None = None
    serve: bool = True
    rate_hz: float = 60.0
    duration_s: float | None = None
    start_at_once: bool = True
    demo: Callable[[dict[str, object]], None] | None = None
    facts: tuple[tuple[str, object], ...] = ()
    lan: Opening | None = None


class Sitting:
    """Owns the parts of one live session and their order of coming and going."""

    def __init__(self, plan: Plan, clock: Clock, setting: Setting) -> None:
        self.plan = plan
        self.clock = clock
        self.hub = Hub(plan.scene, clock)
        self.summary = Summary()
        self.loop: Loop | None = None
        self.server: Server | None = None
        self._setting = setting
        self._bridges: list[Bridge] = []
        self._first_frame_s: float | None = None
        found = selftest.failures(plan, clock)
        if found:
            raise Refused(
                f"Expected the stop to pass its self-test, but: {' '.join(found)} "
                "Do not use this installation; install it anew."
            )
        # Refused before anything runs: a port in use, a record that cannot be written.
        listening = bind(setting.port) if setting.serve else None
        lan = self._open_lan(listening) if listening is not None else None
        self._record: Recording | None = None
        if setting.record is not None:
            try:
                self._record = Recording(setting.record, header(plan), clock.now_s())
            except RecordingFailed as error:
                for taken in (listening, lan.listening if lan else None):
                    if taken is not None:
                        taken.close()
                raise NoRecord(str(error)) from None
        if listening is not None:
            facts: dict[str, object] = {
                "demo": setting.demo is not None,
                "patient": plan.config.patient,
                **dict(setting.facts),
            }
            if setting.record is not None:
                facts["recording"] = setting.record.name
            state = ConsoleState(self.hub, facts)
            app = make_app(self.hub, state, self._demo, lan)
            self.server = Server(app, self.hub, listening, lan)
            self.server.start()

    def _open_lan(self, beside: socket.socket) -> Lan | None:
        try:
            return open_lan(self.hub, self._setting.lan) if self._setting.lan else None
        except Refused:
            beside.close()
            raise

    def add(self, bridge: Bridge) -> None:
        """An output that is told of every tick."""
        self._bridges.append(bridge)

    def _demo(self, order: dict[str, object]) -> None:
        if order.get("do") == "freeze" and self.loop is not None:
            self.loop.freeze(float(str(order.get("seconds", 3.0))))
        elif self._setting.demo is not None:
            self._setting.demo(order)

    def run(self, source: Source, after_tick: Sequence[Callable[[Tick], None]] = ()) -> None:
        """Ticks until the duration is over or `end` is called; raises nothing."""
        setting = self._setting
        real = isinstance(self.clock, clocks.RealClock)
        self.loop = Loop(
            Session(self.plan), source, self.clock, self.hub, self._record, setting.rate_hz,
            after_tick=(self._after, *after_tick), bridges=self._bridges,
            watchdog_s=WATCHDOG_S if real else math.inf,
        )  # fmt: skip
        now_s = self.clock.now_s()
        self.hub.submit(Mark(id=new_id("t"), who="system", at_s=now_s, text=selftest.PASSED))
        if setting.start_at_once:
            self.hub.submit(Start(id=new_id("c"), who="clinician", at_s=now_s))
        if real:
            threading.Thread(target=self.loop.watch, name="watchdog", daemon=True).start()
        try:
            self.loop.run(setting.duration_s)
        finally:
            self.close()
            source.close()

    def _after(self, tick: Tick) -> None:
        self.summary.update(tick)
        if self._first_frame_s is None and self.hub.first_ack_s is not None:
            self._first_frame_s = clocks.since_process_start_s()

    def end(self) -> None:
        """Asks the loop to finish."""
        if self.loop is not None:
            self.loop.end()

    def close(self) -> None:
        """Lets go of bridges and server."""
        for bridge in self._bridges:
            bridge.close()
        self._bridges = []
        if self.server is not None:
            self.server.close()

    def document(self) -> dict[str, Any]:
        """What the session came to, JSON-ready."""
        pace = self.loop.pace if self.loop else None
        spent = np.array(pace.spent_s) if pace and pace.spent_s else None
        return {
            "first_frame_s": self._first_frame_s,
            **self.summary.document(),
            "late_ticks": pace.late_ticks if pace else 0,
            "worst_late_ms": round(pace.worst_late_s * 1e3, 2) if pace else None,
            "tick_p50_ms": None if spent is None else round(float(np.median(spent)) * 1e3, 3),
            "tick_p99_ms": None
            if spent is None
            else round(float(np.quantile(spent, 0.99)) * 1e3, 3),
            "recording": str(self._setting.record) if self._setting.record else None,
            "notes": self.loop.notes if self.loop else [],
            "error": repr(self.loop.error) if self.loop and self.loop.error else None,
        }
