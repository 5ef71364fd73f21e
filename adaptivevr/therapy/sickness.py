"""Motion sickness in scenes that move people: asked for, believed, and answered with rest.

Fast motion sickness scale, 0 to 20 (Keshavarz and Hecht 2011). At 10, or 6 above the first answer,
all load goes to rest: nobody is to "habituate" to nausea (sources: G2). It comes back only
when the answer has fallen and a clinician says so.
"""

from collections.abc import Sequence

from adaptivevr.command import Command, Confirm
from adaptivevr.modes import is_clinician
from adaptivevr.therapy.intent import Ask
from adaptivevr.therapy.protocol import Cadence
from adaptivevr.therapy.ratings import SICKNESS, Ratings
from adaptivevr.therapy.rules import Sickness as Rules
from scenes.scene import Scene

MOVE = "move"  # the proposal to let it move again
WELL = 5.0  # and at most half the rise
ASK_SICK_S = 60.0


def moves(scene: Scene) -> bool:
    """Whether a scene carries people along: it has a speed.

    >>> from scenes.scene import load
    >>> moves(load("safe_room"))
    False
    """
    return any(
        parameter.unit == "m/s" or any(channel.name == "speed" for channel in parameter.channels)
        for parameter in scene.parameters
    )


class Sickness:
    """sick: all load must rest. first, latest: answers, None before there is one."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._ratings = Ratings(
            Cadence(SICKNESS.name, rules.text, SICKNESS.low, SICKNESS.high, 20.0, 1.0, False)
        )
        self.first: float | None = None
        self.sick = False

    @property
    def latest(self) -> float | None:
        """The last answer."""
        return self._ratings.latest

    @property
    def well(self) -> bool:
        """Whether the last answer would allow movement again."""
        latest, first = self._ratings.latest, self.first
        if latest is None or first is None:
            return False
        return latest < WELL and latest - first <= 0.5 * self._rules.rise

    @property
    def proposal(self) -> str | None:
        """What a clinician may say yes to."""
        return MOVE if self.sick and self.well else None

    def update(
        self, now_s: float, commands: Sequence[Command], moving: bool, free: bool
    ) -> Ask | None:
        """Hears answers; returns the question while it stands.

        moving: the scene moves people, and the session is under way. free: no other question
        stands, so that this one may begin.
        """
        every_s = ASK_SICK_S if self.sick else self._rules.every_s
        may_ask = free and every_s > 0.0 and (moving or self.sick)
        ask = self._ratings.update(now_s, commands, every_s, may_ask=may_ask)
        self._judge()
        for command in commands:
            yes = isinstance(command, Confirm) and command.proposal == MOVE and command.yes
            if yes and is_clinician(command.who) and self.well:
                self.sick = False
        return ask

    def _judge(self) -> None:
        latest = self._ratings.latest
        if latest is None:
            return
        self.first = latest if self.first is None else self.first
        if latest >= self._rules.most or latest - self.first >= self._rules.rise:
            self.sick = True
