"""Pain as the patient rates it: asked every few minutes, compared with the first answer."""

from collections.abc import Sequence

from adaptivevr.command import Command
from adaptivevr.therapy.intent import Ask
from adaptivevr.therapy.protocol import Cadence
from adaptivevr.therapy.ratings import Ratings


class Pain:
    """first: the answer before anything began, None without one. An unanswered pain is no 0."""

    def __init__(self, cadence: Cadence) -> None:
        self._ratings = Ratings(cadence)
        self._most = cadence.max
        self.first: float | None = None

    @property
    def latest(self) -> float | None:
        """The last answer, 0 to 10."""
        return self._ratings.latest

    @property
    def rating(self) -> float | None:
        """The last answer as 0 to 100, for the guard's gate."""
        return None if self.latest is None else 100.0 * self.latest / self._most

    @property
    def settled(self) -> bool:
        """Whether the first question is over: answered, or asked twice in vain."""
        return self.first is not None or self._ratings.silent

    @property
    def rise(self) -> float:
        """How much more than at first; 0 where one of the two is not known."""
        if self.first is None or self.latest is None:
            return 0.0
        return self.latest - self.first

    def update(
        self, now_s: float, commands: Sequence[Command], interval_s: float, may_ask: bool
    ) -> Ask | None:
        """Hears answers; returns the question while it stands."""
        ask = self._ratings.update(now_s, commands, interval_s, may_ask=may_ask)
        if self.first is None:
            self.first = self._ratings.latest
        return ask

    def measures(self) -> tuple[tuple[str, float], ...]:
        """Pain before, now, and the change."""
        if self.first is None or self.latest is None:
            return ()
        return (("pain_before", self.first), ("pain_now", self.latest), ("pain_change", self.rise))
