"""A live session with a person: sensors found, calibration looked up, everything recorded."""

import json
import os
import sys
import webbrowser
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from adaptivevr import config as configs
from adaptivevr.clock import wall_s, wall_text
from adaptivevr.console.lan import opening_of
from adaptivevr.demo import add_mqtt, lsl_clock, warm_up
from adaptivevr.errors import Missing, NoSensors, Refused
from adaptivevr.keeper import Keeper
from adaptivevr.limits import Limits, heart_ceiling_bpm
from adaptivevr.renderer import add_renderer, check_renderer
from adaptivevr.session import Plan
from adaptivevr.sitting import Setting, Sitting
from adaptivevr.therapy import protocol as protocols
from calibration import redo
from calibration.steps import Guide
from calibration.store import Store, Stored, StoreProblem
from scenes import scene as scenes
from sensors.role import Use, read_use
from sensors.stream import Stream


def run(options: Namespace) -> int:
    """`adaptivevr run`."""
    from adaptivevr.listening import Listening
    from sensors.lsl import MissingLibrary, configure, local_clock_s, scope

    plan = plan_for(options)
    opening = opening_of(options)
    check_renderer(options.renderer)
    uses = uses_of((*plan.config.use, *options.use))
    try:
        if options.session:
            configure(options.session)
        clock = lsl_clock(local_clock_s)
    except MissingLibrary as error:
        raise Missing(str(error)) from None
    warm_up(plan)
    print(f"Looking for sensors ({scope()}) ...", file=sys.stderr)
    source = Listening(uses)
    if not source.found.wait(max(0.0, options.wait)):
        refused = " ".join(fault.text for fault in source.faults())
        source.close()
        raise NoSensors(
            f"Expected at least one usable sensor stream within {options.wait:g} s "
            f"({scope()}), but found none; switch a sensor on, see `adaptivevr streams`. {refused}"
        )
    for note in source.notes:
        print(note, file=sys.stderr)
    store = Store(configs.data_folder() / "patients")
    plan = replace(plan, guide=guide_for(plan, store, source.streams, options))
    record = options.record or configs.record_path(plan.config.patient)
    print(f"Recording to {record}", file=sys.stderr)
    setting = Setting(
        record=record, port=plan.config.port, rate_hz=plan.config.tick_hz,
        duration_s=options.duration, lan=opening,
    )  # fmt: skip
    try:
        sitting = Sitting(plan, clock, setting)
    except Refused:
        source.close()
        raise
    assert sitting.server is not None
    print(sitting.server.words, file=sys.stderr)
    if not options.no_browser:
        webbrowser.open(f"{sitting.server.url}/console/")
    try:
        add_renderer(sitting, options.renderer, sitting.server.port)
    except Refused:
        sitting.close()
        source.close()
        raise
    add_outputs(sitting, plan, options)
    sitting.add(Keeper(store, sitting))
    try:
        sitting.run(source)
    except KeyboardInterrupt:
        sitting.end()
        sitting.close()
    document = sitting.document()
    if options.json:
        print(json.dumps(document))
    return 1 if document.get("error") else 0


def add_outputs(sitting: Sitting, plan: Plan, options: Namespace) -> None:
    """Results as LSL outlets, and over MQTT when a broker is configured."""
    from adaptivevr.bridges.lsl import LslBridge

    sitting.add(LslBridge())
    add_mqtt(sitting, plan, f"session-{os.getpid()}")


def guide_for(
    plan: Plan, store: Store, streams: Sequence[Stream], options: Namespace
) -> Guide | None:
    """Which calibration the session begins with: a full one, the short refresh, or none."""
    if options.calibrate == "no":
        return None
    name = f"{plan.config.patient}-{wall_text()}"
    stored = latest(store, plan.config.patient)
    if stored is None or plan.baseline is None:
        offered = options.calibrate == "auto"
        why = "none is stored yet"
        return said(Guide(name, resonance=options.resonance, why=why, offered=offered))
    devices = {f"{stream.kind}:{stream.name}" for stream in streams}
    due = redo.reasons(stored, wall_s(), devices, plan.config.medication)
    if options.calibrate == "full":
        due = due or ("It was asked for.",)
    why = " ".join(due)
    return said(Guide(name, full=bool(due), why=why, resonance=options.resonance))


def said(guide: Guide) -> Guide:
    """The guide, announced."""
    if not guide.full:
        text = "A calibration is stored: sensors are checked and two minutes of rest follow."
    elif guide.why == "none is stored yet":
        text = (
            "No calibration is stored: the guided one "
            + ("is offered in scene and console" if guide.offered else "comes first")
            + " (about 17 minutes). Without it automation stays careful."
        )
    else:
        text = guide.why
    print(text, file=sys.stderr)
    return guide


def latest(store: Store, patient: str) -> Stored | None:
    """The newest full calibration of a person."""
    try:
        return store.latest(patient)
    except StoreProblem as problem:
        raise Refused(str(problem)) from None


def plan_for(options: Namespace) -> Plan:
    """The plan of a person's session; a protocol made for simulated patients is refused."""
    settings = configs.load(options.config, patient=options.patient, port=options.port)
    protocol = protocols.load(options.protocol)
    if not protocol.people:
        raise Refused(
            f"Expected a protocol for people, but {protocol.name} is for simulated patients "
            f"only; choose one of {', '.join(n for n in protocols.library() if n != 'demo')}."
        )
    if options.scene:
        protocol = replace(protocol, scene=options.scene)
    try:
        scene = scenes.load(protocol.scene)
    except scenes.SceneMistake as mistake:
        raise Refused(str(mistake)) from None
    stored = latest(Store(configs.data_folder() / "patients"), settings.patient)
    if stored is None and options.calibrate == "no":
        print(f"No calibration is stored for {settings.patient}: the quiet phase will serve, "
              "and automation stays careful.", file=sys.stderr)  # fmt: skip
    return Plan(
        config=settings, protocol=protocol, scene=scene,
        baseline=stored.baseline if stored else None,
        limits=limits_for(protocol.limits, settings.age_years),
    )  # fmt: skip


def limits_for(limits: Limits, age_years: float | None) -> Limits | None:
    """The protocol's limits with the heart rate ceiling of this age; None when it is unknown."""
    if age_years is None:
        return None
    return replace(limits, heart_ceiling_bpm=heart_ceiling_bpm(age_years, resting_bpm=120.0))


def uses_of(texts: tuple[str, ...]) -> tuple[Use, ...]:
    """The `--use KIND=NAME[:CHANNEL]` of the command line and the configuration."""
    try:
        return tuple(read_use(text) for text in texts)
    except ValueError as error:
        raise Refused(str(error)) from None


def streams(options: Namespace) -> int:
    """`adaptivevr streams`: what is there and what each would be used for."""
    from sensors.lsl import MissingLibrary, look, scope
    from sensors.role import choose

    try:
        found = look(2.0 if options.lan else 1.0)
    except MissingLibrary as error:
        raise Missing(str(error)) from None
    choice = choose([f.seen for f in found])
    used = {i: stream for i, stream in choice.taken}
    wrong = {fault.stream: fault.text for fault in choice.refused}
    rows: list[dict[str, Any]] = []
    for i, one in enumerate(found):
        stream = used.get(i)
        rows.append(
            {
                "name": one.seen.name, "type": one.seen.type, "channels": one.seen.count,
                "rate_hz": one.seen.rate_hz, "host": one.seen.host,
                "used_for": stream.kind if stream else None,
                "note": stream.note if stream else "",
                "problem": wrong.get(one.seen.name),
            }
        )  # fmt: skip
    if options.json:
        print(json.dumps({"looked": scope(), "streams": rows, "said": list(choice.said)}))
        return 0
    print(f"Looked in: {scope()}. {len(rows)} streams seen.")
    for row in rows:
        use = f"used for {row['used_for']}" if row["used_for"] else (row["problem"] or "not used")
        print(
            f"  {row['name']} ({row['type']}, {row['channels']} channels, "
            f"{row['rate_hz']:g} Hz): {use}"
        )
    for sentence in choice.said:
        print(f"  {sentence}")
    if not rows:
        print("  None. Check that the sensor's program streams to LSL, and the firewall.")
    return 0
