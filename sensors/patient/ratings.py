"""Ratings: asked, thought about for 3-8 s, answered with bias and noise, sometimes refused."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from sensors.patient.chance import Chance
from sensors.patient.kinds import Person
from sensors.patient.seen import Answer

REFUSAL = 0.05
NOISE = 10.0


def _points(value: float, step: float, high: float) -> float:
    return min(high, max(0.0, step * math.floor(value / step + 0.5)))


# scale -> what a distress of 0..100 (bias and noise within it) becomes on that scale
SCALES: dict[str, Callable[[float], float]] = {
    "suds": lambda distress: _points(distress, 10.0, 100.0),
    "expectancy": lambda distress: _points(30.0 + 0.7 * distress, 10.0, 100.0),
    "calm": lambda distress: _points(100.0 - distress, 10.0, 100.0),
    "nrs": lambda distress: _points(0.5 * distress / 10.0 + 2.0, 1.0, 10.0),
    "fms": lambda distress: _points(0.03 * distress, 1.0, 20.0),
    "mood": lambda distress: _points(8.0 - 0.08 * distress, 1.0, 10.0),
    "pleasure": lambda distress: _points(7.0 - 0.07 * distress, 1.0, 10.0),
    "outcome": lambda distress: _points(0.4 * distress, 10.0, 100.0),  # feared more than happens
    "confirm": lambda distress: float(distress < 75.0),  # who is not overwhelmed goes on
    "symptom": lambda distress: 0.0,
}
ALIASES = {"distress": "suds", "fear": "suds", "pain": "nrs", "sickness": "fms"}


@dataclass(frozen=True, slots=True)
class _Question:
    prompt: str
    scale: str
    shown_s: float
    due_s: float
    refused: bool
    noise: float


class Ratings:
    """Questions in, answers out when they are due."""

    def __init__(self, person: Person, seed: int) -> None:
        self._person = person
        self._chance = Chance(seed, "ratings")
        self._open: list[_Question] = []
        self._done: list[Answer] = []

    def ask(self, prompt: str, scale: str, now_s: float) -> None:
        """Shows a question; ValueError for a scale the patient does not know."""
        known = ALIASES.get(scale.lower(), scale.lower())
        if known not in SCALES:
            raise ValueError(
                f"expected a rating scale, got {scale!r}; use one of "
                f"{', '.join((*SCALES, *ALIASES))}"
            )
        due_s = now_s + self._chance.uniform(3.0, 8.0)
        refused = self._chance.uniform() < REFUSAL
        noise = self._chance.normal(NOISE)
        self._open.append(_Question(prompt, scale, now_s, due_s, refused, noise))

    def update(self, now_s: float, fear: float, arousal: float) -> None:
        """Answers what is due by now_s from the fear and arousal of this moment."""
        for question in [one for one in self._open if one.due_s <= now_s]:
            self._open.remove(question)
            share = self._person.rating_fear_share
            felt = 100.0 * (share * fear + (1.0 - share) * arousal)
            distress = felt + self._person.rating_bias + question.noise
            scale = ALIASES.get(question.scale.lower(), question.scale.lower())
            value = None if question.refused else SCALES[scale](distress)
            self._done.append(
                Answer(question.prompt, question.scale, value, question.shown_s, question.due_s)
            )

    def take(self, now_s: float) -> tuple[Answer, ...]:
        """The answers given by now_s and not yet taken, in the order they were given."""
        if not self._done:
            return ()
        given = sorted(
            (one for one in self._done if one.answered_s <= now_s), key=lambda one: one.answered_s
        )
        self._done = [one for one in self._done if one.answered_s > now_s]
        return tuple(given)
