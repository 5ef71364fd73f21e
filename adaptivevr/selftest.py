"""Before a patient sees anything: does the stop hold, in the engine and in the hub?"""

import json
from dataclasses import replace
from typing import Any

from adaptivevr.clock import Clock
from adaptivevr.command import Command, Manual, Resume, Start, Stop
from adaptivevr.console.hub import Hub
from adaptivevr.console.outbox import Outbox
from adaptivevr.session import Plan, Session
from adaptivevr.tick import Tick

PASSED = "Self-test of the stop: passed."
WHO = "clinician"


def failures(plan: Plan, clock: Clock) -> tuple[str, ...]:
    """What does not hold, one sentence each; empty when the stop works.

    A session of the plan and a hub of its own are started, lit by hand, stopped, and tempted to
    go on. Nothing of it reaches a renderer or the record.
    """
    bare = replace(plan, config=replace(plan.config, place="clinic"))
    lit, stopped, tempted = _engine(bare)
    found = []
    if lit.decision.intensity <= 0.0:
        found.append("The scene could not be lit for the test.")
    if not (stopped.frame.rest and stopped.decision.intensity == 0.0):
        found.append("The engine did not rest in the tick that took the stop.")
    if not tempted.frame.rest:
        found.append("The engine left its rest without a clinician's resume.")
    return (*found, *_hub(Hub(plan.scene, clock), lit))


def _engine(plan: Plan) -> tuple[Tick, Tick, Tick]:
    session, now_s = Session(plan), 1000.0
    session.tick(now_s, (), (Start(id="t1", who=WHO, at_s=now_s),))
    lit = session.tick(now_s, (), (Manual(id="t2", who=WHO, at_s=now_s, intensity=1.0),))
    for _ in range(5):
        now_s += 0.5
        lit = session.tick(now_s, (), ())
    stop: Command = Stop(id="t3", who="patient", at_s=now_s, by="self-test")
    stopped = session.tick(now_s + 0.02, (), (stop,))
    more = Manual(id="t4", who=WHO, at_s=now_s, intensity=1.0)
    own = Resume(id="t5", who="patient", at_s=now_s)
    session.tick(now_s + 0.04, (), (own, more))
    return lit, stopped, session.tick(now_s + 1.0, (), ())


def _hub(hub: Hub, lit: Tick) -> list[str]:
    found = []
    hub.publish(lit, (), (), _NoPanel)  # type: ignore[arg-type]
    hub.stop("patient", "self-test")
    if not hub.latched:
        found.append("The server did not latch the stop.")
    hub.publish(lit, (), (), _NoPanel)  # type: ignore[arg-type]
    if not _shown(hub).get("rest"):
        found.append("A frame from before the stop would have been shown.")
    commands, _ = hub.take()
    if not any(isinstance(command, Stop) for command in commands):
        found.append("The engine would not have heard of the stop.")
    return found


def _shown(hub: Hub) -> dict[str, Any]:
    """What a renderer that joins now is shown."""
    probe = _Probe()
    hub.join("self-test", probe)
    hub.leave("self-test")
    return dict(json.loads(probe.frame)) if probe.frame else {}


class _NoPanel:
    """Stands where the console's panel would: nobody looks at it."""


class _Probe(Outbox):
    """A client that keeps the last frame it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.frame = ""

    def latest(self, name: str, text: str) -> None:
        self.frame = text
