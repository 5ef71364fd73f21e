"""What crosses the patient's skin: what is shown, what is answered, and what is true inside."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """What the patient meets during one step.

    intensity: the load of the scene, 0..1. rest: the scene shows its place of rest (no load).
    pacer: start (patient's clock), then in, hold, out and rest in seconds; None without one.
    cues: names of events that happen in this step. effort: mental work such as arithmetic,
    0..1, added to arousal. eyes_closed: raises posterior alpha. deeds: what is done in this
    step on being told: sigh, blink (three times) or clench (the teeth).
    looks_away: avoids what is shown, as do closed eyes: less is learned.
    """

    intensity: float = 0.0
    rest: bool = False
    pacer: tuple[float, float, float, float, float] | None = None
    cues: tuple[str, ...] = ()
    effort: float = 0.0
    eyes_closed: bool = False
    deeds: tuple[str, ...] = ()
    looks_away: bool = False

    @property
    def load(self) -> float:
        """The intensity that counts: none at rest, never outside 0..1.

        >>> Seen(0.7).load, Seen(0.7, rest=True).load
        (0.7, 0.0)
        """
        return 0.0 if self.rest else min(1.0, max(0.0, self.intensity))


@dataclass(frozen=True, slots=True)
class Answer:
    """A rating: the prompt it answers, and when; value None is a refusal."""

    prompt: str
    scale: str
    value: float | None
    shown_s: float
    answered_s: float


@dataclass(frozen=True, slots=True)
class Truth:
    """What no sensor shows: the state of the patient at `time_s` of their own clock.

    arousal: 0 personal quiet baseline, 1 strongest expected (may exceed 1 in panic).
    fear: 0..about 1.7, after inhibition. inhibition: what has been learned at this intensity,
    0..1. in_step: how well breathing follows the pacer, 0..1.
    """

    time_s: float
    arousal: float
    fear: float
    inhibition: float
    heart_rate_bpm: float
    breath_rate_per_min: float
    in_step: float
    skin_level_us: float
    scr_rate_per_min: float
    moving: bool
    beats: int
