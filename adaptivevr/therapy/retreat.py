"""When to ease off, how far, and how often before it is given up (sources: C1)."""

import math
from collections import deque

from adaptivevr.alarms import Lasting
from adaptivevr.command import Rate, TooMuch
from adaptivevr.therapy.intent import Why
from adaptivevr.therapy.view import View

AGAIN_S = 30.0  # arousal needs this long to follow a retreat; it alone causes no second one
SAME_PRESS_S = 5.0  # a long press is one "too much"; the guard has its own floor for each
TO_CAP = 2  # on one level: not above the one below it in this session
TO_STOP, WITHIN_S = 3, 600.0


class Retreat:
    """Above the ceiling of arousal for long, at a high rating, or on "too much": a level down.

    cap: the highest level this session may still show. Two retreats from a level close it,
    three within ten minutes end the session at rest.
    """

    def __init__(self, scale: str, after_s: float) -> None:
        self._scale = scale
        self._after_s = after_s
        self._above = Lasting()
        self._episodes: deque[float] = deque(maxlen=TO_STOP)
        self._last_s = -math.inf  # the last step down, also within an episode
        self._at: dict[int, int] = {}
        self.cap = 99

    def due(self, now_s: float, view: View, level: int) -> Why | None:
        """Why it is time to go down, None when it is not."""
        if level <= 0 and view.intensity <= 0.0:
            return None
        since_s = now_s - self._last_s
        for command in view.commands:
            if isinstance(command, TooMuch) and since_s >= SAME_PRESS_S:
                return Why.TOO_MUCH
            if isinstance(command, Rate) and command.scale == self._scale:
                value = command.value
                if value is not None and value >= view.limits.suds_stop:
                    return Why.RETREAT
        above = view.arousal is not None and view.arousal > view.limits.arousal_max
        long_s = self._above.update(now_s, above)
        return Why.RETREAT if long_s >= self._after_s and since_s >= AGAIN_S else None

    def take(self, now_s: float, view: View, level: int, again: bool) -> tuple[int, bool]:
        """The level to go to, and whether it is one retreat too many.

        From what is shown, not from what was aimed at: in a ramp the level is not reached yet.
        again: still recovering, so that this belongs to the same episode of fear.
        """
        here = next((i for i, at in enumerate(view.levels) if at >= view.intensity - 1e-6), 0)
        if not again:
            self._episodes.append(now_s)
        self._last_s = now_s
        self._at[level] = self._at.get(level, 0) + 1
        if self._at[level] >= TO_CAP:
            self.cap = min(self.cap, max(level - 1, 1))
        self._above = Lasting()
        within = now_s - self._episodes[0] <= WITHIN_S if self._episodes else False
        gives_up = not again and len(self._episodes) == TO_STOP and within
        return max(min(level, here) - 1, 0), gives_up
