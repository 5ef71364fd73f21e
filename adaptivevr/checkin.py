"""Are you still with us? Two questions without a sign of life end the load (sources: G3)."""

from collections.abc import Sequence

from adaptivevr.command import Command, Confirm, Prompt, Rate, Task, TooMuch, is_clinician
from adaptivevr.therapy.intent import Ask

ANSWER_S = 15.0
TIMES = 2
IN_VAIN = 2  # so many of the therapy's own questions without an answer call for it
TEXT = "Are you all right?"


class CheckIn:
    """Asks when a clinician wants it, or when the therapy's questions find no answer.

    asking: the question that stands, or None. failed: true in the tick in which nobody had
    answered twice, or the answer was no. Dissociation looks like this, and so does a faint.
    """

    def __init__(self) -> None:
        self.asking: Ask | None = None
        self.failed = False
        self._number = 0
        self._times = 0
        self._asked_s = 0.0
        self._seen: str | None = None  # the therapy's question that stands
        self._vain = 0

    def update(
        self, now_s: float, commands: Sequence[Command], prompt: Ask | None, watch: bool
    ) -> None:
        """prompt: what the therapy asks now. watch: its silence counts (home, trauma)."""
        self.failed = False
        self._follow(prompt)
        for command in commands:
            if _alive(command):
                self._vain, self._seen = 0, None
                self.failed = self.failed or self._said_no(command)
                self.asking = None
        wanted = any(_wanted(command) for command in commands)
        if self.asking is None:
            if wanted or (watch and self._vain >= IN_VAIN):
                self._times, self._vain = 0, 0
                self._ask(now_s)
        elif now_s - self._asked_s >= ANSWER_S:
            if self._times < TIMES:
                self._ask(now_s)
            else:
                self.asking, self.failed = None, True

    def _follow(self, prompt: Ask | None) -> None:
        """Counts the therapy's questions that went away without an answer."""
        now = prompt.id if prompt is not None and prompt.kind == "rating" else None
        if now != self._seen:
            self._vain += self._seen is not None
            self._seen = now

    def _ask(self, now_s: float) -> None:
        self._number += 1
        self._times += 1
        self._asked_s = now_s
        self.asking = Ask(f"check-{self._number}", "confirm", TEXT, until_s=now_s + ANSWER_S)

    def _said_no(self, command: Command) -> bool:
        """A 0 to the question that stands; to no question it is a rating: no fear at all."""
        return (
            self.asking is not None
            and isinstance(command, Rate)
            and command.prompt == self.asking.id
            and command.value == 0.0
        )


def _alive(command: Command) -> bool:
    """A question that runs out answers itself with None: that is no sign of life."""
    match command:
        case Rate(value=value):
            return value is not None
        case Confirm(who=who):
            return not is_clinician(who)
    return isinstance(command, TooMuch | Task)


def _wanted(command: Command) -> bool:
    return isinstance(command, Prompt) and command.kind == "check_in" and is_clinician(command.who)
