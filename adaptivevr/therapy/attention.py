"""An attention load that follows how tasks go, not the body: pain is not seen in the pulse.

Weighted up-down (Kaernbach 1991): a step up after success, a larger one down after failure, so that
the share of successes settles where it was wished. The guard's word is final: a load that it
holds back is not asked for ever higher.
"""

from adaptivevr.therapy.rules import Distraction
from adaptivevr.therapy.trailing import Mean
from adaptivevr.therapy.trials import Outcome

AHEAD = 0.05  # how far the wish may run ahead of what is shown


class AttentionLoad:
    """load: 0..1, what is wished. right: the share of answers that were right."""

    def __init__(self, rules: Distraction, start: float) -> None:
        self._rules = rules
        self.load = start
        self.answers = Mean()

    def hear(self, outcome: Outcome) -> None:
        """One task's outcome; a missed one is not a failure but idleness."""
        rules = self._rules
        if outcome.missed:
            self.load -= rules.idle_down
        elif outcome.correct:
            self.load += rules.up
        else:
            self.load -= rules.up * rules.success / (1.0 - rules.success)
        if not outcome.missed:
            self.answers.take(float(outcome.correct))
        self.load = min(max(self.load, 0.0), 1.0)

    def shown(self, intensity: float, top: float) -> None:
        """What the guard allowed, and the most that it may."""
        self.load = min(self.load, intensity + AHEAD, top)

    def ease(self, by: float) -> None:
        """Takes load off."""
        self.load = max(0.0, self.load - by)
