"""Graded movement: up to today's quota and no further, whatever the day (sources: C4).

Pacing begins below what was tolerated (80 %) and grows by a tenth a session: neither more on a good
day nor less on a bad one, but it ends at once when pain has risen by two.
"""

from adaptivevr.therapy.intent import Ask
from adaptivevr.therapy.rules import Programme
from adaptivevr.therapy.trials import Trials
from adaptivevr.therapy.view import View

APART_S, ANSWER_S = 6.0, 30.0
MOST_MISSED = 3  # in a row: somebody has stopped


def quota(rules: Programme) -> int:
    """Movements for this session.

    >>> quota(Programme(tolerated=20)), quota(Programme(tolerated=20, session=3))
    (16, 19)
    """
    grown = rules.quota * (1.0 + rules.quota_step) ** (rules.session - 1)
    return max(1, int(grown * rules.tolerated + 1e-9))


class Movement:
    """Sets one movement at a time. done: how many were made. over: the quota, or no answers."""

    def __init__(self, rules: Programme) -> None:
        self._text = rules.movement_text
        self._trials = Trials("move", APART_S, ANSWER_S)
        self._missed = 0
        self.quota = quota(rules)
        self.done = 0

    @property
    def over(self) -> bool:
        """Whether today's movements are done."""
        return self.done >= self.quota or self._missed >= MOST_MISSED

    def update(self, now_s: float, view: View, free: bool) -> Ask | None:
        """The movement that is asked for now; free: no other question stands."""
        if self.over or not free or view.rest:
            self._trials.drop()
            return None
        outcome = self._trials.update(now_s, view.commands, self._make)
        if outcome is not None:
            self._missed = self._missed + 1 if outcome.missed else 0
            self.done += not outcome.missed
        return None if self.over else self._trials.standing

    def _make(self, _: int) -> Ask:
        text = f"{self._text} ({self.done + 1} of {self.quota})"
        return Ask("", "task", text, choices=("Done",), right=0, difficulty=0.0)
