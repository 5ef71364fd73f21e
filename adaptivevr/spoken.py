"""What a clinician says to the patient through the scene: words to read, a question to answer."""

from collections.abc import Sequence

from adaptivevr.command import Command, Prompt, Rate, is_clinician
from adaptivevr.therapy.intent import Ask
from adaptivevr.therapy.protocol import Cadence
from adaptivevr.therapy.ratings import ANSWER_S, scale_of

READ_S = 20.0  # as long as words stand
QUESTION = "How strong is it right now?"  # where the therapy itself asks nothing


class Spoken:
    """The last words of a clinician that stand, and which words the patient reads now.

    The therapy's own question is never replaced while it waits for its answer: the
    clinician's words come after it.

    >>> spoken = Spoken(Cadence())
    >>> say = Prompt(id="c1", who="clinician", at_s=1.0, text="You are doing well.")
    >>> spoken.update(1.0, [say], None).text
    'You are doing well.'
    >>> spoken.update(22.0, [], None) is None
    True
    """

    def __init__(self, cadence: Cadence) -> None:
        self._cadence = cadence
        self._number = 0
        self._waiting: Prompt | None = None
        self._standing: Ask | None = None
        self._until_s = 0.0

    def update(self, now_s: float, commands: Sequence[Command], own: Ask | None) -> Ask | None:
        """The words to show; `own` is what the therapy would show."""
        for command in commands:
            if isinstance(command, Prompt) and is_clinician(command.who):
                self._waiting = command if command.kind in ("info", "rating") else self._waiting
            elif isinstance(command, Rate) and self._answers(command):
                self._standing = None
        if self._standing is not None and now_s >= self._until_s:
            self._standing = None
        if own is not None and own.kind not in ("info", "task"):
            return own
        if self._waiting is not None:
            self._standing, self._until_s = self._ask(self._waiting, now_s)
            self._waiting = None
        return self._standing or own

    def _answers(self, rate: Rate) -> bool:
        return self._standing is not None and rate.prompt == self._standing.id

    def _ask(self, prompt: Prompt, now_s: float) -> tuple[Ask, float]:
        self._number += 1
        name, scale = f"said-{self._number}", self._cadence
        if prompt.kind == "info":
            return Ask(name, "info", prompt.text), now_s + READ_S
        shown = scale_of(scale)
        text = prompt.text or scale.text or QUESTION
        return Ask(name, "rating", text, shown, now_s + ANSWER_S), now_s + ANSWER_S
