"""When a patient is asked, how often again, and what an answer is still worth."""

import math
from collections.abc import Sequence

from adaptivevr.command import Command, Rate
from adaptivevr.therapy.intent import Ask, Scale
from adaptivevr.therapy.protocol import Cadence

ANSWER_S = 30.0  # as long as a question stands; then it is asked once more


def scale_of(cadence: Cadence) -> Scale:
    """The scale of a protocol's own rating."""
    return Scale(cadence.scale, 0.0, cadence.max, cadence.step, cadence.low, cadence.high)


class Ratings:
    """Asks on a cadence. A question without an answer counts as nothing, never as 0.

    latest: the last answer, None before the first. silent: asked twice in a row in vain.
    """

    def __init__(self, cadence: Cadence) -> None:
        self._cadence, self._scale = cadence, scale_of(cadence)
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
        self,
        now_s: float,
        commands: Sequence[Command],
        interval_s: float,
        wanted: bool = False,
        may_ask: bool = True,
    ) -> Ask | None:
        """Take answers; return the question that stands now.

        wanted: an answer is needed to go on, so ask early (not within half an interval).
        may_ask: a new question may begin now; answers are heard in any case.
        """
        for command in commands:
            if isinstance(command, Rate) and command.scale == self._cadence.scale:
                self._answer(now_s, command)
        if not self._cadence.text or not (may_ask or self._pending):
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
        name = f"{self._cadence.scale}-{self._number}"
        self._pending = Ask(name, "rating", self._cadence.text, self._scale, now_s + ANSWER_S)
        return self._pending

    def _answer(self, now_s: float, command: Rate) -> None:
        value = command.value
        if value is None or not 0.0 <= value <= self._cadence.max:
            return  # declined: the question stands until its time is over
        self.latest, self._answered_s = value, now_s
        self.peak = value if self.peak is None else max(self.peak, value)
        self._pending, self._vain = None, 0


NRS = Scale("nrs", 0.0, 10.0, 1.0, "no pain", "the worst pain")
MOOD = Scale("mood", 0.0, 10.0, 1.0, "very low", "very good")
LIKELY = Scale("expectancy", 0.0, 100.0, 10.0, "not at all", "certain")
HAPPENED = Scale("outcome", 0.0, 100.0, 10.0, "not at all", "fully")
PLEASURE = Scale("pleasure", 0.0, 10.0, 1.0, "none", "a lot")
SICKNESS = Scale("fms", 0.0, 20.0, 1.0, "not at all", "about to be sick")


class Question:
    """One question, asked once more after 30 s, then given up. Without an answer it is None.

    A scale makes it a rating; without one it is a yes or no (1 or 0). An answer counts when it
    names this question or, as one that was spoken aloud and typed in, only its scale.
    """

    def __init__(self, name: str, text: str, scale: Scale | None = None) -> None:
        self._name = name
        self._text = text
        self._scale = scale
        self._asked_s = -math.inf
        self._times = 0
        self.answer: float | None = None
        self.given_up = False

    @property
    def over(self) -> bool:
        """Answered, or asked twice in vain."""
        return self.answer is not None or self.given_up

    def update(self, now_s: float, commands: Sequence[Command]) -> Ask | None:
        """Takes the answer; returns the question while it stands."""
        if self.over:
            return None
        if self._times:
            self._hear(commands)
        if self.answer is not None:
            return None
        if now_s - self._asked_s >= ANSWER_S:
            if self._times == 2:
                self.given_up = True
                return None
            self._times += 1
            self._asked_s = now_s
        kind = "confirm" if self._scale is None else "rating"
        until_s = self._asked_s + ANSWER_S
        return Ask(f"{self._name}-{self._times}", kind, self._text, self._scale, until_s)

    def _hear(self, commands: Sequence[Command]) -> None:
        scale = "confirm" if self._scale is None else self._scale.name
        most = 1.0 if self._scale is None else self._scale.max
        for command in commands:
            if not isinstance(command, Rate) or command.value is None:
                continue
            mine = command.prompt in ("", *(f"{self._name}-{n}" for n in (1, 2)))
            if mine and command.scale == scale and 0.0 <= command.value <= most:
                self.answer = command.value
