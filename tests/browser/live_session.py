"""A whole session in this process for the console's tests: patient, engine, hub, server."""

import threading
from dataclasses import replace
from typing import Any

from adaptivevr.clock import RealClock
from adaptivevr.config import load
from adaptivevr.console.lan import Opening
from adaptivevr.demo import See
from adaptivevr.session import Plan
from adaptivevr.simulate import Body, PatientSource, Watcher
from adaptivevr.sitting import Setting, Sitting
from adaptivevr.therapy import protocol as protocols
from calibration.prior import population
from scenes import scene as scenes
from sensors.patient import Patient


class Unhurried:
    """The real clock, but no RealClock: a busy test machine shall not trip the watchdog."""

    def __init__(self) -> None:
        clock = RealClock()
        self.now_s = clock.now_s
        self.wait_until = clock.wait_until


class Live:
    """The demonstration without LSL, on a free port, until `close`."""

    def __init__(
        self, watched: bool = False, seed: int = 1, lan: Opening | None = None,
        start: bool = True, **changes: Any,
    ) -> None:  # fmt: skip
        protocol = replace(protocols.load("demo"), **changes)
        scene = scenes.load(protocol.scene)
        config = load(None, patient="simulated-normal", port=0)
        plan = Plan(config, protocol, scene, baseline=population("simulated-normal"), seed=seed)
        clock = RealClock() if watched else Unhurried()
        self.orders: list[dict[str, object]] = []
        setting = Setting(
            record=None, port=0, rate_hz=30.0, demo=self._order, lan=lan, start_at_once=start
        )
        self.sitting = Sitting(plan, clock, setting)
        start_s, watcher = clock.now_s(), Watcher()
        patient = Patient("normal", seed, start_s=start_s)
        self.source = PatientSource(Body(patient, start_s), clock, watcher)
        see = See(self.sitting, self.source, watcher)
        self._thread = threading.Thread(target=self.sitting.run, args=(self.source, (see.take,)))
        self._thread.start()
        assert self.sitting.server is not None
        self.server = self.sitting.server
        self.hub = self.sitting.hub
        self.url = f"{self.server.url}/console/"

    def _order(self, order: dict[str, object]) -> None:
        self.orders.append(order)
        self.source.body.told(order)

    @property
    def panel(self) -> Any:
        assert self.hub.snapshot is not None
        return self.hub.snapshot.panel

    @property
    def tick(self) -> Any:
        assert self.hub.snapshot is not None
        return self.hub.snapshot.tick

    def close(self) -> None:
        self.sitting.end()
        self._thread.join(5)
        self.server.close()
