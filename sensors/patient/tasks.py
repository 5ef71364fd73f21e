"""Tasks: attempted with skill, less well when hard or when arousal is high."""

import math
from dataclasses import dataclass

from sensors.patient.chance import Chance


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a task went: its id, whether it was right, and how long it took."""

    task: str
    correct: bool
    reaction_s: float
    done_s: float


class Tasks:
    """Tasks in, attempts out when they are done.

    P(correct) = sig((skill - difficulty - 0.5 max(0, x - 0.6)) / 0.15): half right at the
    patient's own skill, fewer under high arousal (Yerkes and Dodson 1908). With `choices` to pick
    from, who does not know guesses.
    """

    def __init__(self, seed: int) -> None:
        self._chance = Chance(seed, "tasks")
        self.skill = self._chance.uniform(0.4, 0.8)
        self._done: list[Attempt] = []

    def give(
        self, task: str, difficulty: float, now_s: float, arousal: float, choices: int = 0
    ) -> None:
        """Sets a task of difficulty 0..1 at now_s."""
        ease = self.skill - difficulty - 0.5 * max(0.0, arousal - 0.6)
        knows = 1.0 / (1.0 + math.exp(-ease / 0.15))
        guess = 1.0 / choices if choices else 0.0
        correct = self._chance.uniform() < knows + guess * (1.0 - knows)
        reaction_s = 0.6 * (1.0 + difficulty) * math.exp(self._chance.normal(0.25))
        self._done.append(Attempt(task, correct, reaction_s, now_s + reaction_s))

    def take(self, now_s: float) -> tuple[Attempt, ...]:
        """The attempts done by now_s and not yet taken, in order."""
        if not self._done:
            return ()
        ready = sorted((a for a in self._done if a.done_s <= now_s), key=lambda a: a.done_s)
        self._done = [a for a in self._done if a.done_s > now_s]
        return tuple(ready)
