"""The demonstration: a simulated patient instead of a person, everything else as in a session."""

import json
import secrets
import subprocess
import sys
import threading
import webbrowser
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from adaptivevr import config as configs
from adaptivevr.clock import RealClock, SimulatedClock
from adaptivevr.command import Command, Confirm, Cue, Heard, Rate, Task, TooMuch, Vet
from adaptivevr.console.lan import opening_of
from adaptivevr.cues import PARTIES, PHASES, Card
from adaptivevr.errors import Refused
from adaptivevr.plot import RATED
from adaptivevr.rehearsal import stored_calibration
from adaptivevr.renderer import add_renderer, check_renderer
from adaptivevr.session import Plan
from adaptivevr.simulate import Body, PatientSource, Watcher, told_scale
from adaptivevr.sitting import Setting, Sitting
from adaptivevr.therapy import protocol as protocols
from adaptivevr.tick import Tick
from calibration.steps import Guide
from scenes import scene as scenes
from sensors.patient import PATIENTS, Patient

FAST_HZ = 20.0  # ticks of the simulated clock; the engine is right at any rate from 1 to 100
GUIDED_S = 1500.0  # a full guided calibration with a step or two extended
THINKS_S = 5.0  # a clinician beside a simulated patient thinks so long before a yes
CUE_EVERY_S = 100.0  # and lets a cue happen so often: longer than the pause of any in the library
_START_S = 1000.0


def demo(options: Namespace) -> int:
    """`adaptivevr demo`."""
    _check(options)
    plan = plan_for(options)
    record = options.record or configs.record_path("demo")
    print(f"Recording to {record}", file=sys.stderr)
    document = _fast(options, plan, record) if options.speed > 1 else _live(options, plan, record)
    if options.json:
        print(json.dumps(document))
    else:
        print(_words(document), file=sys.stderr)
    return 1 if document.get("error") else 0


def _check(options: Namespace) -> None:
    if options.patient not in PATIENTS:
        raise Refused(
            f"Expected --patient to be one of {', '.join(PATIENTS)}, but got {options.patient!r}; "
            "choose one of these."
        )
    if not 0 < options.speed <= 1000:
        raise Refused(f"Expected --speed above 0 up to 1000, but got {options.speed:g}; use 1.")
    if options.duration is not None and options.duration <= 0:
        raise Refused(f"Expected --duration above 0 seconds, but got {options.duration:g}.")
    if options.seed < 0:
        raise Refused(f"Expected --seed of 0 or more, but got {options.seed}.")
    if options.renderer != "web" and options.speed > 1:
        raise Refused(
            f"Expected --renderer web with --speed above 1, but got {options.renderer}; "
            "a native renderer shows real time only."
        )
    if opening_of(options) is not None and options.speed > 1:
        raise Refused(
            f"Expected --speed 1 with --lan, but got {options.speed:g}; a headset shows real time "
            "only."
        )
    check_renderer(options.renderer)


def plan_for(options: Namespace) -> Plan:
    """Protocol, scene and the simulated patient's stored calibration."""
    protocol = protocols.load(options.protocol)
    if options.scene:
        protocol = replace(protocol, scene=options.scene)
    try:
        scene = scenes.load(protocol.scene)
    except scenes.SceneMistake as mistake:
        raise Refused(str(mistake)) from None
    settings = configs.load(
        options.config, patient=f"simulated-{options.patient}", port=options.port
    )
    if getattr(options, "calibrate", False):
        return Plan(
            config=settings, protocol=protocol, scene=scene, seed=options.seed,
            guide=Guide("demonstration"),
        )  # fmt: skip
    return Plan(
        config=settings, protocol=protocol, scene=scene,
        baseline=stored_calibration(options.patient, options.seed, settings.patient),
        seed=options.seed,
    )  # fmt: skip


# ---- live: the patient in its own process, over real LSL ---------------------------


def _live(options: Namespace, plan: Plan, record: Path) -> dict[str, Any]:
    from adaptivevr.bridges.lsl import LslBridge
    from adaptivevr.listening import Listening
    from sensors.lsl import configure, local_clock_s

    session = f"demo-{secrets.token_hex(6)}"
    configure(session)
    clock = lsl_clock(local_clock_s)
    orders = _Orders()
    setting = Setting(
        record=record, port=plan.config.port, rate_hz=plan.config.tick_hz,
        duration_s=options.duration, demo=orders.send, lan=opening_of(options),
    )  # fmt: skip
    sitting = Sitting(plan, clock, setting)
    assert sitting.server is not None
    add_renderer(sitting, options.renderer, sitting.server.port)
    patient = _spawn(options, session, sitting.server.port)
    orders.process = patient
    url = f"{sitting.server.url}/console/"
    print(sitting.server.words, file=sys.stderr)
    if not options.no_browser:
        webbrowser.open(url)
    warm_up(plan)
    if not plan.protocol.people or options.json:
        sitting.add(LslBridge())
    add_mqtt(sitting, plan, session)
    kinds = len(Patient(options.patient, options.seed).streams)
    try:
        sitting.run(Listening(expect=kinds))
    except KeyboardInterrupt:
        sitting.end()
        sitting.close()
    finally:
        patient.terminate()
        patient.wait(5)
    return sitting.document()


def lsl_clock(local_clock_s: Any) -> RealClock:
    """Our clock on the scale of LSL's stamps (the same clock on most systems, but not all)."""
    plain = RealClock()
    offsets = sorted(local_clock_s() - plain.now_s() for _ in range(9))
    return RealClock(offsets[4] if abs(offsets[4]) > 0.001 else 0.0)


def add_mqtt(sitting: Sitting, plan: Plan, session: str) -> None:
    """The MQTT bridge, when a broker is configured."""
    if plan.config.broker.host:
        from adaptivevr.bridges.mqtt import MqttBridge

        bridge = MqttBridge(plan.config.broker, session)
        bridge.start()
        sitting.add(bridge)


def warm_up(plan: Plan) -> None:
    """Runs the whole tick on a moment of simulated body, so that no import comes later."""
    from adaptivevr.session import Session

    clock = SimulatedClock(_START_S)
    source = PatientSource(Body(Patient("normal", 0, start_s=_START_S), _START_S), clock, Watcher())
    session = Session(plan)
    for _ in range(20):
        clock.wait_until(clock.now_s() + 0.25, threading.Event())
        session.tick(clock.now_s(), source.pull(), ())


def _spawn(options: Namespace, session: str, port: int) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "adaptivevr", "simulate", "--patient", options.patient,
        "--seed", str(options.seed), "--session", session,
        "--scene-url", f"ws://localhost:{port}/ws/scene",
    ]  # fmt: skip
    return subprocess.Popen(command, stdin=subprocess.PIPE)


class _Orders:
    """Orders of the demo panel, written to the patient's process."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def send(self, order: dict[str, object]) -> None:
        """One order; lost when the patient's process has gone."""
        if self.process is None or self.process.stdin is None:
            return
        try:
            self.process.stdin.write(json.dumps(order).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            self.process = None


# ---- fast: one process, a simulated clock -----------------------------------------


def _fast(options: Namespace, plan: Plan, record: Path) -> dict[str, Any]:
    clock = SimulatedClock(_START_S, speed=options.speed)
    patient = Patient(options.patient, options.seed, start_s=_START_S)
    watcher = Watcher()
    source = PatientSource(Body(patient, _START_S), clock, watcher)
    guided_s = GUIDED_S if plan.guide is not None else 0.0
    duration_s = options.duration or plan.protocol.limits.session_s + guided_s
    setting = Setting(
        record=record, port=plan.config.port, serve=not options.no_browser, rate_hz=FAST_HZ,
        duration_s=duration_s, demo=lambda order: source.body.told(order),
    )  # fmt: skip
    sitting = Sitting(plan, clock, setting)
    if sitting.server is not None:
        print(f"Console: {sitting.server.url}/console/", file=sys.stderr)
        webbrowser.open(f"{sitting.server.url}/console/")
    see = See(sitting, source, watcher)
    beside = Beside(see, plan.protocol.limits.window_high, see.cards)
    kept: list[Tick] = []

    def after(tick: Tick) -> None:
        if options.plot:
            kept.append(tick)
        if tick.phase == "end" and not options.duration:
            sitting.end()

    sitting.run(source, after_tick=(see.take, beside.take, after))
    truths = source.truths
    if options.plot:
        _picture(options.plot, plan, kept, see, [t.arousal for t in truths])
    above = [t.arousal > 0.85 for t in truths]
    return {
        **sitting.document(),
        "true_arousal_mean": sum(t.arousal for t in truths) / max(1, len(truths)),
        "true_above_085_share": sum(above) / max(1, len(above)),
    }


def _picture(path: Path, plan: Plan, ticks: list[Tick], see: "See", truths: list[float]) -> None:
    from adaptivevr.plot import course_of, draw

    limits = plan.protocol.limits
    course = replace(course_of(ticks, see.rated), truth=tuple(truths[: len(ticks)]))
    draw(course, path, plan.protocol.title, (limits.window_low, limits.window_high))


class See:
    """Lets a patient in the same process see each tick, and hands its answers back."""

    def __init__(self, sitting: Sitting, source: PatientSource, watcher: Watcher) -> None:
        self._sitting = sitting
        self._source = source
        self._watcher = watcher
        self._number = 0
        self.rated: list[tuple[float, float]] = []  # when, and the share of the scale

    def take(self, tick: Tick) -> None:
        """One tick as the patient sees it."""
        self._watcher.show(tick.frame, tick.intent.pacer)
        if tick.intent.prompt is not None:
            self._watcher.ask(tick.intent.prompt)
        for cue in tick.cues:
            if cue.played:
                self._watcher.hear(cue.name)
                self._submit(Heard(**self._who(tick.now_s), cue=cue.id, shown_s=tick.now_s))
        for answer in self._source.answers:
            if answer.value is not None and answer.scale in RATED:
                self.rated.append((answer.answered_s, answer.value / RATED[answer.scale]))
            self._submit(
                Rate(**self._who(answer.answered_s), scale=told_scale(answer), value=answer.value,
                     prompt=answer.prompt, shown_s=answer.shown_s)
            )  # fmt: skip
        self._source.answers.clear()
        for one in self._source.attempts:
            self._submit(
                Task(**self._who(one.done_s), task=one.task, correct=one.correct,
                     reaction_s=one.reaction_s)
            )  # fmt: skip
        self._source.attempts.clear()
        if self._source.body.presses_too_much():
            self._submit(TooMuch(**self._who(tick.now_s)))

    def _who(self, at_s: float, who: str = "patient") -> dict[str, Any]:
        self._number += 1
        return {"id": f"{who[0]}{self._number}", "who": who, "at_s": at_s}

    def cards(self) -> tuple[Card, ...]:
        """How each cue stands, as the console shows it."""
        snapshot = self._sitting.hub.snapshot
        return snapshot.panel.cues if snapshot is not None else ()

    def say(self, kind: type[Command], at_s: float, **more: Any) -> None:
        """Something that the clinician beside says."""
        self._submit(kind(**self._who(at_s, "clinician"), **more))

    def _submit(self, command: Command) -> None:
        self._sitting.hub.submit(command)


class Beside:
    """A clinician beside the simulated patient: says yes to what is proposed, after a moment.

    Faster than life nobody could press the button. A yes only while arousal is known and not
    above `most`, the top of the window; a no is never said, silence is enough. Cues: agreed to for
    both before anything is shown, then one each 100 s where none of its gates is closed, those that
    came least often first.
    """

    def __init__(
        self, see: See, most: float, cards: Callable[[], tuple[Card, ...]] = tuple
    ) -> None:
        self._see = see
        self._most = most
        self._cards = cards
        self._vetted: set[str] = set()
        self._cued: dict[str, int] = {}
        self._cued_s = 0.0
        self._proposal: str | None = None
        self._since_s = 0.0

    def take(self, tick: Tick) -> None:
        """One tick as the clinician sees it."""
        if tick.proposal != self._proposal:
            self._proposal, self._since_s = tick.proposal, tick.now_s
        level = tick.arousal.level
        first = tick.phase == "vetting"  # before anything is shown there is nothing to wait for
        calm = first or (level is not None and level <= self._most)
        if self._proposal is not None and calm and tick.now_s - self._since_s >= THINKS_S:
            self._since_s = tick.now_s + THINKS_S
            self._see.say(Confirm, tick.now_s, proposal=self._proposal)
        self._cue(tick)

    def _cue(self, tick: Tick) -> None:
        cards = self._cards()
        for card in cards:
            if card.must and not card.too_late and card.name not in self._vetted:
                self._vetted.add(card.name)
                for party in PARTIES:
                    self._see.say(Vet, tick.now_s, name=card.name, by=party)
        if tick.phase not in PHASES or tick.now_s - self._cued_s < CUE_EVERY_S:
            return
        open_now = [card.name for card in cards if card.closed is None]
        if open_now:
            name = min(open_now, key=lambda one: self._cued.get(one, 0))
            self._cued[name] = self._cued.get(name, 0) + 1
            self._cued_s = tick.now_s
            self._see.say(Cue, tick.now_s, name=name)


def _words(document: dict[str, Any]) -> str:
    known = document["arousal_known_share"]
    return (
        f"{document['ticks']} ticks, {document['late_ticks']} late. "
        f"Intensity {document['intensity_min']:.2f} to {document['intensity_max']:.2f}, "
        f"arousal known {known:.0%} of the time, "
        f"{document['increases_blocked']} increases blocked.\n"
        f"Recording: {document['recording']}"
    )
