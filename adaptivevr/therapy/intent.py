"""What a controller wishes for; only the guard decides what happens."""

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why a controller wishes what it wishes. English is made at the edge."""

    WAITING = "waiting"  # not started
    CALIBRATING = "calibrating"  # a step of the guided calibration
    QUIET = "quiet"  # the quiet phase, a baseline is being taken
    RAMP = "ramp"  # on the way to the level
    HOLD = "hold"  # on the level, inside the window
    HABITUATED = "habituated"  # arousal has come down, the next level is due
    TOO_EASY = "too_easy"
    UNSURE = "unsure"  # no usable arousal: hold
    ASK = "ask"  # a proposal stands
    HIGH = "high"  # above the window: hold, do not retreat
    RATED_HIGH = "rated_high"  # the patient's word is above the window, the body is not
    RETREAT = "retreat"  # above the ceiling
    TOO_MUCH = "too_much"  # the patient said so
    RECOVER = "recover"
    PLATEAU = "plateau"
    TOP = "top"  # on the highest level allowed today
    SILENT = "silent"  # asked twice without an answer: no advance without a person
    HANDS_OFF = "hands_off"  # somebody else is in charge: follow, wish nothing new
    CALMING = "calming"
    SUPPORT = "support"  # arousal rises in a relaxing session: take load off faster
    REST = "rest"  # cool-down or end
    VETTING = "vetting"  # a therapist goes through what may be shown today
    EXPECT = "expect"  # before a level: how likely is what is feared?
    OUTCOME = "outcome"  # after it: how far did it happen?
    DWELL = "dwell"  # staying as long as was drawn, whatever fear does
    PACE = "pace"  # the pacer is on its way to the resonance rate
    REWARD = "reward"  # above the threshold of this block
    BELOW = "below"  # below it: nothing is taken away
    POOR = "poor"  # the signal is too poor for a reward
    MUSCLE = "muscle"  # jaw or neck can be heard: no reward
    LATE = "late"  # the value is too old to be feedback
    BREAK = "break"  # between blocks
    BEFORE = "before"  # a rating before it begins
    AFTER = "after"  # the same rating at the end
    PLAY = "play"  # tasks, and the load follows how they go
    IDLE = "idle"  # nobody answers: easier, and a word
    PAIN_UP = "pain_up"  # pain has risen: skills instead of load
    LESSON = "lesson"
    MOVE = "move"  # movements up to today's quota
    DIARY = "diary"
    GOAL = "goal"
    MORE = "more"  # the patient is asked whether to go on
    PASSED = "passed"  # good enough, often enough: a person may open the next stage
    IMAGINE = "imagine"
    MIRROR = "mirror"
    SYMPTOM = "symptom"  # dizziness, cramp, a shrinking limb: ended
    ENOUGH = "enough"  # the patient took no further step
    SICK = "sick"  # motion sickness: all load to rest


class Said(StrEnum):
    """Something people should hear of once, beside the reason for what is wished."""

    RATING_HIGHER = "rating_higher"  # the patient rates far more than the body shows
    BODY_HIGHER = "body_higher"  # the body shows far more than the patient rates
    SICK = "sick"
    SICK_OVER = "sick_over"
    BLOCK = "block"  # a block has ended, with its threshold and its absolute figure
    UNVETTED = "unvetted"  # a level was not agreed to: the one below is today's highest
    PAIN_UP = "pain_up"  # so much more pain than at first that the load has ended
    STAGE = "stage"  # a set of hands has ended, with what was right and how quickly
    SYMPTOM = "symptom"


@dataclass(frozen=True, slots=True)
class Scale:
    """A rating scale as it is shown to a person."""

    name: str
    min: float
    max: float
    step: float
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A text for the patient: kind is info, rating, confirm or task.

    A task has choices, of which one is right, may show a picture (a name that the renderers
    know, as `hand left palm 90`), and is as hard as its difficulty says, 0 to 1.
    """

    id: str
    kind: str
    text: str
    scale: Scale | None = None
    until_s: float | None = None
    choices: tuple[str, ...] = ()
    right: int | None = None
    picture: str = ""
    difficulty: float | None = None


@dataclass(frozen=True, slots=True)
class Pacer:
    """A breathing pacer: durations in seconds, phase counted from start_s."""

    start_s: float
    in_s: float
    hold_s: float
    out_s: float
    rest_s: float


def paced(start_s: float, breaths_per_min: float, in_share: float) -> Pacer | None:
    """Breaths without a hold, in for this share of each; None without a rate.

    >>> paced(0.0, 6.0, 0.4)
    Pacer(start_s=0.0, in_s=4.0, hold_s=0.0, out_s=6.0, rest_s=0.0)
    """
    if breaths_per_min <= 0.0:
        return None
    breath_s = 60.0 / breaths_per_min
    in_s = round(in_share * breath_s, 3)
    return Pacer(start_s, in_s, 0.0, round(breath_s - in_s, 3), 0.0)


@dataclass(frozen=True, slots=True)
class Intent:
    """A wish: level in the hierarchy, intensity 0..1, ambient values 0..1, and the reason."""

    level: int
    intensity: float
    ambient: tuple[tuple[str, float], ...]
    phase: str
    reason: Why
    number: float | None = None  # the number that decided, for the sentence
    prompt: Ask | None = None
    pacer: Pacer | None = None
    task: str | None = None  # the id of the task that stands
    proposal: str | None = None  # what it would do if a person said yes, as `advance:3`
    gives_up: bool = False  # asks for rest for good: too many retreats
    measures: tuple[tuple[str, float], ...] = ()  # this therapy's own figures so far, by name
    said: Said | None = None  # in one tick only
    numbers: tuple[float, ...] = ()  # what belongs to `said`
