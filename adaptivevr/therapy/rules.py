"""The rules of each kind of therapy: numbers with their defaults, and the bounds a file may use.

Sources stand with the controllers that play them and in docs/protocols.md.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exposure:
    """The rules of graded exposure (sources: C1), times in seconds.

    easy_*: an easy level is left early. mean_s: arousal is averaged over this. peak_after_s:
    the peak counts from here. steady_s: the criterion must hold so long.
    go_on: after plateau_s the next level is due without asking; the guard still decides.
    trim: small moves around the level, toward the window.
    """

    first_level: int = 1
    easy_after_s: float = 45.0
    easy_suds: float = 30.0
    mean_s: float = 30.0
    peak_after_s: float = 20.0
    steady_s: float = 30.0
    suds_advance: float = 50.0
    retreat_after_s: float = 10.0
    recover_s: float = 60.0
    plateau_s: float = 600.0
    go_on: bool = False
    trim: bool = False


@dataclass(frozen=True, slots=True)
class Inhibitory:
    """Exposure for inhibitory learning (C1): variability, expectation before, outcome after.

    A stay is drawn from dwell_low_s..dwell_high_s; the next level is the one below with
    chance down, the same with chance stay, else the one above.
    """

    first_level: int = 2
    dwell_low_s: float = 120.0
    dwell_high_s: float = 300.0
    down: float = 0.2
    stay: float = 0.4
    mean_s: float = 30.0
    retreat_after_s: float = 10.0
    recover_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Calm:
    """The rules of a relaxing session (C2): a gentle load goes, ambience comes.

    breaths_per_min 0: no pacer. in_share: the share of a breath that is breathing in.
    """

    first_level: int = 1
    descend_s: float = 480.0
    ambient_middle: float = 0.25
    ambient_width: float = 0.12
    ambient_tau_s: float = 3.0
    breaths_per_min: float = 6.0
    in_share: float = 0.4


@dataclass(frozen=True, slots=True)
class Breathing:
    """Heart rate variability biofeedback at the resonance rate (C2).

    breaths_per_min: where no resonance was measured. slower: a step of the pacer, each step_s
    while the heart is locked to it by at least in_step. success: the share of rewarded moments
    that the threshold of the next block aims at. least: no coherence below this is rewarded.
    """

    breaths_per_min: float = 6.0
    in_share: float = 0.4
    own_less: float = 2.0
    slower: float = 0.5
    step_s: float = 60.0
    in_step: float = 0.6
    blocks: int = 4
    block_s: float = 300.0
    success: float = 0.70
    fall: float = 0.10
    least: float = 0.40
    tau_s: float = 3.0


@dataclass(frozen=True, slots=True)
class Meditation:
    """Feedback of the alpha rhythm (C3): blocks with pauses, no reward while muscles speak.

    most_age_s: a value older than this is no feedback. muscle: the share of channels with
    muscle from which on nothing is rewarded.
    """

    blocks: int = 6
    block_s: float = 180.0
    pause_s: float = 20.0
    success: float = 0.65
    fall: float = 0.10
    most_age_s: float = 0.4
    muscle: float = 0.25


@dataclass(frozen=True, slots=True)
class Distraction:
    """An attention load for pain (C4): weighted up-down on task performance (Kaernbach 1991).

    up: a step after success; after failure it is up * success / (1 - success) down. idle_s: no
    answer for so long takes idle_down off. pain_rise: so much more pain than at the start
    ends the tasks for now. back: with at most so much more they come back.
    """

    first_level: int = 3
    start: float = 0.1
    up: float = 0.03
    success: float = 0.75
    trial_s: float = 3.0
    idle_s: float = 10.0
    idle_down: float = 0.1
    pain_rise: float = 2.0
    back: float = 1.0
    calm_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Programme:
    """A course for lasting pain: parts in their order, and their lengths (C4).

    tolerated: movements that were fine before pacing began. quota: the share of them to begin
    with, grown by quota_step each later session (number session).
    """

    parts: tuple[str, ...] = ("education", "breathing", "activity", "movement", "diary")
    lessons: tuple[str, ...] = ()
    lesson_s: float = 20.0
    breathing_s: float = 240.0
    activity_s: float = 600.0
    tolerated: int = 25
    quota: float = 0.8
    quota_step: float = 0.1
    session: int = 1
    movement_text: str = "Reach forward slowly, and back."
    flare: str = "Was the pain worse than usual in the last 24 hours?"


@dataclass(frozen=True, slots=True)
class Activation:
    """Small goals for a low mood: each a little further, only ever on the patient's own yes."""

    first_level: int = 1
    goals: tuple[str, ...] = ()
    goal_s: float = 120.0
    more: str = "One more small goal?"
    plan: str = "Think of one small thing for tomorrow, and when you will do it."


@dataclass(frozen=True, slots=True)
class Mirror:
    """Graded motor imagery (C5): left or right, imagined movement, mirror.

    stage: what is open today (laterality, imagery or mirror). accuracy, reaction_s: when a set
    of `trials` counts as passed; sessions such sessions in a row open the next stage.
    passed_before: how many there were before today. check_s: how often symptoms are asked for.
    """

    first_level: int = 1
    stage: str = "laterality"
    trials: int = 40
    accuracy: float = 0.80
    reaction_s: float = 2.0
    sessions: int = 3
    passed_before: int = 0
    imagery: tuple[str, ...] = ()
    imagine_s: float = 40.0
    pain_rise: float = 2.0
    check_s: float = 120.0
    check: str = "Do you feel dizzy, a cramp, or that the limb shrinks?"


@dataclass(frozen=True, slots=True)
class Approach:
    """A behavioural approach test: the patient's own steps, nothing else moves it.

    stay_s: on each step before the rating. Silence after two questions ends the test.
    """

    first_level: int = 1
    stay_s: float = 30.0
    more: str = "Would you take the next step?"


@dataclass(frozen=True, slots=True)
class Sickness:
    """Fast motion sickness scale, 0-20 (Keshavarz and Hecht 2011), where a scene moves people.

    every_s 0: never asked. most: the rating, rise: the rise above the first one, at which all
    movement comes to rest.
    """

    every_s: float = 90.0
    text: str = "How sick do you feel from the movement?"
    most: float = 10.0
    rise: float = 6.0


# table -> key -> from, to. Keys that are not listed here are only checked for their type.
RANGES: dict[str, dict[str, tuple[float, float]]] = {
    "exposure": {
        "first_level": (1, 20), "easy_after_s": (5, 900), "easy_suds": (0, 90),
        "mean_s": (2, 120), "peak_after_s": (0, 120), "steady_s": (1, 120),
        "suds_advance": (0, 90), "retreat_after_s": (1, 30), "recover_s": (10, 900),
        "plateau_s": (20, 3600),
    },
    "inhibitory": {
        "first_level": (1, 20), "dwell_low_s": (30, 900), "dwell_high_s": (30, 900),
        "down": (0, 1), "stay": (0, 1), "mean_s": (2, 120), "retreat_after_s": (1, 30),
        "recover_s": (10, 900),
    },
    "calm": {
        "first_level": (1, 20), "descend_s": (60, 3600), "ambient_middle": (0, 1),
        "ambient_width": (0.02, 1), "ambient_tau_s": (2, 10), "breaths_per_min": (0, 12),
        "in_share": (0.2, 0.6),
    },
    "breathing": {
        "breaths_per_min": (4, 10), "in_share": (0.2, 0.6), "own_less": (0, 6),
        "slower": (0.1, 2), "step_s": (20, 300), "in_step": (0.3, 0.95), "blocks": (1, 12),
        "block_s": (60, 900), "success": (0.5, 0.9), "fall": (0, 0.1), "least": (0.3, 0.9),
        "tau_s": (2, 4),
    },
    "meditation": {
        "blocks": (1, 12), "block_s": (30, 900), "pause_s": (5, 120), "success": (0.5, 0.9),
        "fall": (0, 0.1), "most_age_s": (0.2, 0.4), "muscle": (0.05, 0.5),
    },
    "distraction": {
        "first_level": (1, 20), "start": (0, 0.5), "up": (0.005, 0.1), "success": (0.5, 0.9),
        "trial_s": (3, 8), "idle_s": (5, 60), "idle_down": (0.02, 0.3), "pain_rise": (1, 2),
        "back": (0, 1), "calm_s": (30, 600),
    },
    "programme": {
        "lesson_s": (5, 120), "breathing_s": (60, 900), "activity_s": (60, 1800),
        "tolerated": (1, 500), "quota": (0.3, 1), "quota_step": (0, 0.1), "session": (1, 500),
    },
    "activation": {"first_level": (1, 20), "goal_s": (30, 900)},
    "mirror": {
        "first_level": (1, 20), "trials": (10, 200), "accuracy": (0.8, 1), "reaction_s": (0.5, 2),
        "sessions": (3, 20), "passed_before": (0, 500), "imagine_s": (10, 300),
        "pain_rise": (1, 2), "check_s": (30, 300),
    },
    "approach": {"first_level": (1, 20), "stay_s": (10, 120)},
    "sickness": {"every_s": (0, 120), "most": (1, 10), "rise": (1, 6)},
}  # fmt: skip
STAGES = ("laterality", "imagery", "mirror")
PARTS = ("education", "breathing", "activity", "movement", "diary")


def mistakes(tables: dict[str, object]) -> list[tuple[str, str, str]]:
    """What only several keys together can tell: expected, came, do.

    >>> mistakes({"mirror": Mirror(stage="knee")})[0][1]
    "'knee'"
    """
    found = []
    inhibitory, mirror = tables.get("inhibitory"), tables.get("mirror")
    programme = tables.get("programme")
    if isinstance(inhibitory, Inhibitory):
        if inhibitory.down + inhibitory.stay > 1.0:
            both = f"{inhibitory.down + inhibitory.stay:g}"
            found.append(
                ("inhibitory.down + inhibitory.stay of at most 1", both, "lower one of them")
            )
        if inhibitory.dwell_low_s > inhibitory.dwell_high_s:
            low = f"{inhibitory.dwell_low_s:g}"
            found.append(("inhibitory.dwell_low_s up to dwell_high_s", low, "swap them"))
    if isinstance(mirror, Mirror) and mirror.stage not in STAGES:
        found.append((f"mirror.stage to be one of {', '.join(STAGES)}", repr(mirror.stage),
                      "change it"))  # fmt: skip
    for part in programme.parts if isinstance(programme, Programme) else ():
        if part not in PARTS:
            found.append((f"programme.parts from {', '.join(PARTS)}", repr(part), "change it"))
    return found
