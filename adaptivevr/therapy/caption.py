"""Words for the patient, one text at a time, shown for a while."""

from adaptivevr.therapy.intent import Ask

SHOWN_S = 20.0


class Caption:
    """The text that stands now. `say` begins a new one; an empty text leaves the old one."""

    def __init__(self) -> None:
        self._number = 0
        self._ask: Ask | None = None
        self._until_s = 0.0

    def say(self, now_s: float, text: str, for_s: float = SHOWN_S) -> None:
        """Shows these words from now on."""
        if text:
            self._number += 1
            self._until_s = now_s + for_s
            self._ask = Ask(f"info-{self._number}", "info", text)

    def at(self, now_s: float) -> Ask | None:
        """The words as they stand, None when their time is over.

        >>> caption = Caption()
        >>> caption.say(0.0, "Look around.")
        >>> caption.at(19.0).text, caption.at(20.0)
        ('Look around.', None)
        """
        return self._ask if now_s < self._until_s else None
