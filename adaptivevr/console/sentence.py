"""Plain English for people, made at the edge from enums and numbers."""

from adaptivevr.command import (
    Ack,
    Client,
    Command,
    Confirm,
    Headset,
    Manual,
    Mark,
    Note,
    Pause,
    Prompt,
    Rate,
    Resume,
    SetLimit,
    Start,
    Step,
    Stop,
    Task,
    TooMuch,
)
from adaptivevr.guard import Decision, Ruling
from adaptivevr.health import Sensor, State
from adaptivevr.therapy.intent import Intent, Why
from sensors.feature import Status
from sensors.stream import Kind

KINDS = {
    Kind.ECG: "Heart (ECG)", Kind.PPG: "Pulse", Kind.RR: "Heart beats", Kind.EDA: "Skin",
    Kind.EEG: "Brain (EEG)", Kind.BREATH: "Breath", Kind.MOTION: "Movement",
    Kind.POSE: "Head and hands", Kind.MARKERS: "Markers",
}  # fmt: skip

MODES = {
    "manual": "Manual: a person sets the intensity.",
    "confirm": "Confirm: each step up waits for a yes.",
    "auto": "Automatic: the arousal index moves the scene inside the limits.",
    "freeze": "Frozen: signals were lost, nothing rises.",
    "fallback": "Falling back: signals stay lost, going down.",
    "safe": "Safe: the scene rests until a person resumes.",
}

_WHY = {
    Why.WAITING: "Waiting to start.",
    Why.CALIBRATING: "Calibration: learning how this person's body answers.",
    Why.QUIET: "Quiet phase: learning what is ordinary for this person.",
    Why.RAMP: "Moving to the next level.",
    Why.HOLD: "Holding on this level.",
    Why.HABITUATED: "Arousal has come down: the next level is due.",
    Why.TOO_EASY: "This level is easy: the next one is due.",
    Why.UNSURE: "Holding: the arousal index is not known well enough.",
    Why.ASK: "Waiting for an answer.",
    Why.HIGH: "Holding: arousal is above the window.",
    Why.RETREAT: "Going down: arousal is above the ceiling.",
    Why.TOO_MUCH: "Going down: the patient said it is too much.",
    Why.RECOVER: "Recovering on an easier level.",
    Why.PLATEAU: "No change for long: a person should decide.",
    Why.TOP: "Holding on the highest level allowed today.",
    Why.SILENT: "Two questions were not answered: a person should decide.",
    Why.HANDS_OFF: "Automation is not in charge: it follows what is shown.",
    Why.SUPPORT: "Arousal rises: taking the load off faster.",
    Why.CALMING: "Calming down.",
    Why.REST: "Resting.",
}

_GATES = {
    "fresh": "data are missing or late",
    "quality": "the signal is poor",
    "known": "the arousal index is not known",
    "heart": "the heart rate is at its limit",
    "confirmed": "a person has to say yes",
    "sd": "the estimate is too uncertain",
    "below_high": "arousal may already be high",
    "ceiling": "the ceiling is reached",
    "mode": "automation is off",
    "no_flags": "a safety limit is active",
    "relative": "a sensor has no known unit",
    "rating": "the rating is at its limit",
}


def why(intent: Intent, decision: Decision) -> str:
    """Why the last decision was made, in one or two sentences."""
    said = _WHY.get(intent.reason, str(intent.reason))
    if intent.number is not None:
        said = f"{said[:-1]} ({_number(intent.reason, intent.number)})."
    if decision.reason == Ruling.BLOCKED:
        closed = [_GATES.get(name, name) for name, is_open in decision.gates if not is_open]
        said += " No increase: " + (", ".join(closed) or "a gate is closed") + "."
    elif decision.reason == Ruling.CAPPED:
        said += f" Held at the limit: {(decision.capped_by or 'ceiling').replace('_', ' ')}."
    elif decision.reason == Ruling.STOPPED:
        said = "Stopped: the scene rests."
    return said


def _number(reason: Why, number: float) -> str:
    if reason in (Why.QUIET, Why.CALIBRATING):
        return f"{number:.0f} s left"
    if reason == Why.RAMP:
        return f"intensity {number:.2f}"
    return f"arousal {number:.2f}"


def gate(name: str) -> str:
    """What it means that a gate is closed."""
    return _GATES.get(name, name.replace("_", " "))


def sensor(one: Sensor) -> str:
    """How a sensor is doing, in one sentence, with what to do when something is wrong."""
    label = KINDS.get(one.stream.kind, one.stream.kind)
    if one.state == State.LATE:
        return f"{label}: no data for {one.silent_s:.0f} s. Check that it is on and connected."
    if one.stream.kind == Kind.MARKERS:
        return f"{label}: {one.samples} so far."
    if one.state == State.WAITING:
        return f"{label}: settling in."
    if one.state == State.POOR:
        hints = {
            Status.FLAT: "the signal is flat; check that it touches the skin",
            Status.DETACHED: "it seems to be off the skin; put it back on",
            Status.CLIPPED: "the signal is cut off; lower the gain or reseat it",
            Status.NOISY: "the signal is noisy; check contact and cable, ask to sit still",
            Status.GAP: "data came with holes; check the connection",
            Status.IRREGULAR: "the rhythm is irregular or contact is poor",
        }
        return f"{label}: {hints.get(one.status, 'the signal cannot be used right now')}."
    if one.stream.relative:
        return f"{label}: good, but its unit is not known, so it is not used for automation."
    return f"{label}: good."


def said(command: Command) -> str | None:
    """What a person or a renderer said, for the log; None for what nobody wants to read."""
    match command:
        case Ack():
            return None
        case Start():
            return "Started."
        case Stop(by=by):
            return f"STOP ({by})."
        case Pause():
            return "Paused."
        case Resume():
            return "Resumed."
        case Confirm(yes=yes, proposal=proposal):
            what = "Yes" if yes else "No"
            return f"{what} to: {proposal.replace(':', ' to level ').replace('_', ' ')}."
        case Step(by=by):
            return "One level harder." if by > 0 else "One level easier."
        case Manual(intensity=None):
            return "Handed back to automation."
        case Manual(intensity=intensity):
            return f"Intensity in hand: {intensity:.2f}."
        case SetLimit(name=name, value=value):
            return f"Asked for a limit that does not exist: {name!r} = {value:g}."
        case Rate(value=None):
            return "Asked for a rating, no answer."
        case Rate(scale=scale, value=value):
            return f"Rating {value:g} ({scale.upper()})."
        case TooMuch():
            return "Too much!"
        case Mark(who="sensors", text=text):
            return text
        case Mark(text=text):
            return f"Mark: {text}"
        case Note(text=text):
            return f"Note: {text}"
        case Prompt(kind="rating"):
            return "Asked the patient for a rating."
        case Prompt(text=text):
            return f"To the patient: {text}"
        case Headset(worn=worn):
            return "Headset on." if worn else "Headset off."
        case Task(correct=correct):
            return f"Task {'right' if correct else 'wrong'}."
        case Client(renderer=renderer, event=event, text=text):
            return f"Renderer {renderer} {event}. {text}".strip()
    return type(command).__name__


def tuned(name: str, old: float, new: float, asked: float) -> str:
    """What became of a change of limits.

    >>> tuned("dwell_s", 10.0, 8.0, 2.0)
    'Limit dwell s: 10 to 8 (asked 2, bounded).'
    """
    bounded = "" if new == asked else f" (asked {asked:g}, bounded)"
    return f"Limit {name.replace('_', ' ')}: {old:g} to {new:g}{bounded}."
