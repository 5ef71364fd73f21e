"""When a patient is asked, how often again, and what an answer is still worth."""

import math
from collections.abc import Sequence

from adaptivevr.command import Command, Rate
from adaptivevr.therapy.intent import Ask, Scale
from adaptivevr.therapy.protocol import Cadence

ANSWER_S = 30.0  # as long as a question stands; then it is asked once more


class Ratings:
    """Asks on a cadence. A question without an answer counts as nothing, never as 0.

    latest: the last answer, None before the first. silent: asked twice in a row in vain.
    """

    def __init__(self, cadence: Cadence) -> None:
        self._cadence = cadence
        self._asked_s = -math.inf
        self._answered_s = -math.inf
        self._number = 0
        self._pending: Ask | None = None
        self._vain = 0
        self.latest: float | None = None
        self.peak: float | None = None

    @property
    def silent(self) -> bool:
        """Whether the last two questions found no answer."""
        return self._vain >= 2

    @property
    def pending(self) -> bool:
        """Whether a question stands unanswered."""
        return self._pending is not None

    def age_s(self, now_s: float) -> float:
        """How old the last answer is; infinite before the first."""
        return now_s - self._answered_s

    def begin(self) -> None:
        """Start over for a new level: the peak is a level's own."""
        self.peak = None

    def update(
        self, now_s: float, commands: Sequence[Command], interval_s: float, wanted: bool = False
    ) -> Ask | None:
        """Take answers; return the question that stands now.

        wanted: an answer is needed to go on, so ask early (not within half an interval).
        """
        for command in commands:
            if isinstance(command, Rate) and command.scale == self._cadence.scale:
                self._answer(now_s, command)
        if not self._cadence.text:
            return None
        if self._pending is not None and now_s - self._asked_s >= ANSWER_S:
            self._pending = None
            self._vain += 1
            if self._vain == 1:
                return self._ask(now_s)
        since_s = now_s - self._asked_s
        if self._pending is None and since_s >= (0.5 if wanted else 1.0) * interval_s:
            return self._ask(now_s)
        return self._pending

    def _ask(self, now_s: float) -> Ask:
        self._asked_s = now_s
        self._number += 1
        scale = Scale(self._cadence.scale, 0.0, self._cadence.max, self._cadence.step,
                      self._cadence.low, self._cadence.high)  # fmt: skip
        name = f"{self._cadence.scale}-{self._number}"
        self._pending = Ask(name, "rating", self._cadence.text, scale, now_s + ANSWER_S)
        return self._pending

    def _answer(self, now_s: float, command: Rate) -> None:
        value = command.value
        if value is None or not 0.0 <= value <= self._cadence.max:
            return  # declined: the question stands until its time is over
        self.latest, self._answered_s = value, now_s
        self.peak = value if self.peak is None else max(self.peak, value)
        self._pending, self._vain = None, 0
