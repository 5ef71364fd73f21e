"""Small tasks, one at a time: set, answered or missed."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from adaptivevr.command import Command, Task
from adaptivevr.therapy.intent import Ask


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one task went; reaction_s None when the renderer could not tell or nobody answered."""

    correct: bool
    reaction_s: float | None
    missed: bool = False


class Trials:
    """Sets a task, waits for its answer, and sets the next one no sooner than `apart_s` later.

    answer_s: without an answer for so long a task counts as missed.
    """

    def __init__(self, name: str, apart_s: float, answer_s: float) -> None:
        self._name = name
        self._apart_s = apart_s
        self._answer_s = answer_s
        self._number = 0
        self._set_s = -math.inf
        self._ask: Ask | None = None

    @property
    def standing(self) -> Ask | None:
        """The task that waits for its answer."""
        return self._ask

    def drop(self) -> None:
        """Takes the standing task away; it counts as nothing."""
        self._ask = None

    def update(
        self, now_s: float, commands: Sequence[Command], make: Callable[[int], Ask]
    ) -> Outcome | None:
        """Hears the answer to the standing task, or sets the next one; at most one outcome.

        make: gives a task of a running number; its id is set here.
        """
        ask = self._ask
        if ask is not None:
            for command in commands:
                if isinstance(command, Task) and command.task == ask.id:
                    self._ask = None
                    return Outcome(command.correct, command.reaction_s)
            if now_s - self._set_s >= self._answer_s:
                self._ask = None
                return Outcome(False, None, missed=True)
        elif now_s - self._set_s >= self._apart_s:
            self._number += 1
            self._set_s = now_s
            until_s = now_s + self._answer_s
            self._ask = replace(
                make(self._number), id=f"{self._name}-{self._number}", until_s=until_s
            )
        return None
