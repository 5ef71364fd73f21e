"""Plain English for people, made at the edge from enums and numbers."""

from adaptivevr.command import (
    Ack,
    Client,
    Command,
    Confirm,
    Cue,
    Headset,
    Heard,
    Manual,
    Mark,
    Note,
    Pause,
    Prompt,
    Rate,
    Resume,
    Screened,
    SetLimit,
    Start,
    Step,
    Stop,
    Task,
    TooMuch,
    Vet,
)
from adaptivevr.guard import Decision, Ruling
from adaptivevr.health import Sensor, State
from adaptivevr.therapy.intent import Intent, Said, Why
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
    Why.RATED_HIGH: "Holding: the patient rates fear above the window.",
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
    Why.VETTING: "May this level be shown today? A therapist decides before anything is shown.",
    Why.EXPECT: "Asking what the patient expects to happen there.",
    Why.OUTCOME: "Asking how it was.",
    Why.DWELL: "Staying as long as was planned, whatever fear does.",
    Why.PACE: "The breathing pacer is on its way to the resonance rate.",
    Why.REWARD: "Above the threshold of this block: the scene grows calm.",
    Why.BELOW: "Below the threshold of this block: nothing is taken away.",
    Why.POOR: "No reward: the signal is too poor.",
    Why.MUSCLE: "No reward: jaw or neck muscles can be heard.",
    Why.LATE: "No reward: the value comes too late to be feedback.",
    Why.BREAK: "A short pause between two blocks.",
    Why.BEFORE: "Asking for a rating before it begins.",
    Why.AFTER: "Asking for a rating at the end.",
    Why.PLAY: "Tasks: the load follows how they go.",
    Why.IDLE: "No answer: easier tasks, and a word to the patient.",
    Why.PAIN_UP: "Pain has risen: skills instead of load.",
    Why.LESSON: "Something to know about pain.",
    Why.MOVE: "Movements up to the quota of today.",
    Why.DIARY: "Questions for the diary.",
    Why.GOAL: "On the way to a small goal.",
    Why.MORE: "The patient is asked whether to go on.",
    Why.PASSED: "All sets are done.",
    Why.IMAGINE: "Imagined movement.",
    Why.MIRROR: "Mirrored movement; only a clinician changes it.",
    Why.SYMPTOM: "Ended: the patient reports dizziness, a cramp or a shrinking limb.",
    Why.ENOUGH: "Ended: as far as the patient went today.",
    Why.SICK: "Everything rests: the patient feels motion sickness.",
}

_SAID = {
    Said.RATING_HIGHER: "The patient rates {0:.0f}, far above what the body shows ({1:.2f}). "
    "Believe the patient.",
    Said.BODY_HIGHER: "The body shows {1:.2f}, far above what the patient rates ({0:.0f}). "
    "Ask how it is.",
    Said.SICK: "Motion sickness {0:.0f} of 20: all load goes to rest.",
    Said.SICK_OVER: "Motion sickness {0:.0f} of 20: movement is allowed again.",
    Said.BLOCK: "Block {0:.0f}: mean {1:.2f}, rewarded {2:.0%} of the time, threshold {3:.2f}.",
    Said.UNVETTED: "Level {0:.0f} was not agreed to: it and all above it stay shut today.",
    Said.PAIN_UP: "Pain is {0:.0f} points higher than at first: the load has ended.",
    Said.STAGE: "Set {0:.0f}: {1:.0%} right, {2:.1f} s each.",
    Said.SYMPTOM: "Dizziness, a cramp or a shrinking limb was reported: ended for today.",
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


_FORMS = {
    Why.VETTING: "level {:.0f}", Why.EXPECT: "level {:.0f}", Why.DWELL: "{:.0f} s left",
    Why.GOAL: "{:.0f} s left", Why.PACE: "coherence {:.2f}", Why.REWARD: "{:.2f}",
    Why.BELOW: "{:.2f}", Why.POOR: "{:.2f}", Why.MUSCLE: "{:.1f} uV", Why.LESSON: "{:.0f}",
    Why.MOVE: "{:.0f} done", Why.MORE: "level {:.0f}", Why.OUTCOME: "level {:.0f}",
    Why.PAIN_UP: "{:+.0f}", Why.ENOUGH: "level {:.0f}", Why.SICK: "{:.0f} of 20",
    Why.PASSED: "{:.0%} right", Why.RATED_HIGH: "rated {:.0f}",
}  # fmt: skip


def remark(intent: Intent) -> str | None:
    """What people should hear of once, None when there is nothing.

    >>> remark(Intent(0, 0.0, (), "hold", Why.HOLD, said=Said.SICK, numbers=(12.0,)))
    'Motion sickness 12 of 20: all load goes to rest.'
    """
    return _SAID[intent.said].format(*intent.numbers) if intent.said is not None else None


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
    if reason in (Why.RAMP, Why.PLAY, Why.IDLE):
        return f"intensity {number:.2f}"
    if reason in _FORMS:
        return _FORMS[reason].format(number)
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
        case Ack() | Cue() | Heard(played=True):
            return None  # what became of a cue is told when it is decided
        case Heard():
            return "A renderer left a cue out: it came late, or to a scene at rest."
        case Vet(name=name, by=by, yes=yes):
            return f"Cue {name}: {'agreed to' if yes else 'no longer agreed to'} ({by})."
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
            name, _, rest = proposal.partition(":")
            asked = {"vet": "show level", "stage": "open the stage", "move": "let it move again"}
            named = asked.get(name, f"{name} to level" if rest else name).replace("_", " ")
            return f"{what} to: {named} {rest}".rstrip() + "."
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
        case Mark(who="sensors" | "system", text=text):
            return text
        case Mark(text=text):
            return f"Mark: {text}"
        case Screened(reasons=""):
            return "Asked before the session: nothing speaks against it."
        case Screened(reasons=reasons):
            return f"Speaks against the session: {reasons}."
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
        case Client(event="pairing", text=text):
            return text
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
