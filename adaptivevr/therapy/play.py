"""Tasks that hold attention, with a load that follows how they go (sources: C4)."""

import math

from adaptivevr.alarms import Lasting
from adaptivevr.therapy.attention import AttentionLoad
from adaptivevr.therapy.caption import Caption
from adaptivevr.therapy.intent import Ask, Why
from adaptivevr.therapy.problems import Sums
from adaptivevr.therapy.rules import Distraction
from adaptivevr.therapy.trailing import Mean
from adaptivevr.therapy.trials import Trials
from adaptivevr.therapy.view import View

ABOVE_S, AGAIN_S = 10.0, 30.0
TOO_MUCH = 0.2
WORD_S = 5.0


class Play:
    """Asks sums as hard as the load that is shown; arousal only ever takes load off.

    load: what is wished. why: the reason of the last update.
    """

    def __init__(self, rules: Distraction, seed: int, idle: str) -> None:
        self._rules, self._idle = rules, idle
        self._sums = Sums(seed)
        self._trials = Trials("sum", rules.trial_s, rules.idle_s)
        self._attention = AttentionLoad(rules, rules.start)
        self._caption = Caption()
        self._above = Lasting()
        self._eased_s = -math.inf
        self._load = Mean()
        self.why = Why.PLAY

    @property
    def load(self) -> float:
        """What is wished, 0 to 1."""
        return self._attention.load

    @property
    def task(self) -> str | None:
        """The id of the task that stands."""
        return self._trials.standing.id if self._trials.standing else None

    def halve(self) -> None:
        """Begins again from half the load."""
        self._attention.ease(0.5 * self.load)

    def update(self, now_s: float, view: View, free: bool) -> Ask | None:
        """One tick of play; returns the task, or a word to somebody who has gone quiet.

        free: no other question stands.
        """
        self.why = Why.PLAY
        self._ease(now_s, view)
        self._attention.shown(view.intensity, view.levels[view.top])
        if not free or not view.automatic:
            self._trials.drop()
            return None
        hard = min(max(view.intensity, 0.0), 1.0)
        outcome = self._trials.update(now_s, view.commands, lambda _: self._sums.make(hard))
        if outcome is not None:
            self._attention.hear(outcome)
            self._load.take(view.intensity)
            if outcome.missed:
                self.why = Why.IDLE
                self._caption.say(now_s, self._idle, WORD_S)
        return self._trials.standing or self._caption.at(now_s)

    def _ease(self, now_s: float, view: View) -> None:
        above = view.arousal is not None and view.arousal > view.limits.arousal_max
        long_s = self._above.update(now_s, above)
        if view.too_much:
            self.why = Why.TOO_MUCH
            self._attention.ease(TOO_MUCH)
        elif long_s >= ABOVE_S and now_s - self._eased_s >= AGAIN_S:
            self.why, self._eased_s = Why.RETREAT, now_s
            self.halve()

    def measures(self) -> tuple[tuple[str, float], ...]:
        """How many tasks, the share that was right, the mean load while they were answered."""
        answers = self._attention.answers
        if answers.value is None or self._load.value is None:
            return ()
        return (
            ("tasks", float(answers.count)), ("right_share", answers.value),
            ("load_mean", self._load.value),
        )  # fmt: skip
