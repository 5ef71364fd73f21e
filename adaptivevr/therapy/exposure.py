"""Graded exposure by habituation: stay on a level until fear comes down (science notes C1).

quiet -> ramp -> hold -> (advance: ramp) | (retreat: recover -> hold) -> cooldown -> end.
Between the top of the window and the ceiling of arousal it holds: easing off there would
teach escape. It eases off above the ceiling, at a high rating, and when told "too much".
"""

import math
from collections import deque
from dataclasses import dataclass, replace

from adaptivevr.alarms import Lasting
from adaptivevr.command import Confirm, Rate, Step, TooMuch
from adaptivevr.modes import Mode, advance, is_clinician, level_of
from adaptivevr.therapy.intent import Ask, Intent, Why
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.ratings import Ratings
from adaptivevr.therapy.trailing import Trailing
from adaptivevr.therapy.view import View

AGAIN_S = 30.0  # arousal needs this long to follow a retreat; it alone causes no second one
SAME_PRESS_S = 5.0  # a long press is one "too much"; the guard has its own floor for each
RETREATS_TO_CAP = 2  # on one level: not above the one below it in this session
RETREATS_TO_STOP, RETREATS_WITHIN_S = 3, 600.0
TRIM_AFTER_S = 30.0
RISING = 0.05
ON_LEVEL = 0.01  # close enough to a level's intensity to count as there


@dataclass(frozen=True, slots=True)
class Finding:
    """What a level's course says: why, the number that decided, and whether to go on."""

    why: Why
    number: float | None = None
    due: bool = False


class Exposure:
    """The state machine of one session of graded exposure.

    phase: waiting, quiet, ramp, hold, recover, cooldown or end. level: where it wants to be.
    """

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._rules = protocol.exposure
        self._ratings = Ratings(protocol.ratings)
        self._mean = Trailing(self._rules.mean_s)
        self._steady, self._above = Lasting(), Lasting()
        self._started_s: float | None = None
        self._main_s: float | None = None  # when the quiet phase ended
        self._phase_s = 0.0
        self._last_s: float | None = None
        self._held_s = 0.0  # time in charge on this level; a pause does not count
        self._peak = 0.0
        self._trim = 0.0
        self._away = False  # somebody else was in charge
        self._declined_s = -math.inf
        self._retreats: deque[float] = deque(maxlen=RETREATS_TO_STOP)  # one for each episode
        self._retreat_s = -math.inf  # the last step down, also within an episode
        self._retreats_at: dict[int, int] = {}
        self._cap = 99
        self._passed = 0
        self._shown: Ask | None = None  # the words of this phase
        self._number = 0
        self.phase = "waiting"
        self.level = 0

    def update(self, now_s: float, view: View) -> Intent:
        """The wish now. Only the guard decides what becomes of it."""
        dt_s = 0.0 if self._last_s is None else max(0.0, now_s - self._last_s)
        self._last_s = now_s
        if view.rest and self._started_s is None:
            return self._intent(view, Why.WAITING)
        if self._started_s is None:
            self._started_s = now_s
            self._go(now_s, "quiet", self._protocol.prompts.quiet)
        mean = self._mean.update(now_s, view.arousal)
        asking = self.phase in ("hold", "recover") and not view.rest
        wanted = asking and self._needs_rating(now_s, view)
        commands = view.commands
        if asking or self._ratings.pending:
            ask = self._ratings.update(now_s, commands, view.limits.rating_interval_s, wanted)
        else:
            ask = None
        intent = self._choose(now_s, dt_s, view, mean)
        return replace(intent, prompt=ask or self._words(now_s))

    @property
    def rating(self) -> float | None:
        """The last rating, None before the first: what the guard's rating gate looks at."""
        return self._ratings.latest

    def _choose(self, now_s: float, dt_s: float, view: View, mean: float | None) -> Intent:
        if self.phase == "quiet":
            return self._quiet(now_s, view)
        if self.phase in ("cooldown", "end") or self._time_is_up(now_s):
            return self._cool(now_s, view)
        retreat = self._retreat_due(now_s, view)
        if retreat is not None:
            return self._retreat(now_s, view, retreat)
        if not view.automatic:
            return self._hands_off(view)
        if self._away:  # taken back: begin from what is shown, never from what was
            self._away = False
            self._enter_level(now_s, max(view.reached(), 1))
        self._stepped(now_s, view)
        if self.phase == "ramp":
            return self._ramp(now_s, view)
        self._held_s += dt_s
        if view.arousal is not None and self._held_s > self._rules.peak_after_s:
            self._peak = max(self._peak, mean or 0.0)
        if self.phase == "recover":
            return self._recover(now_s, view, mean)
        return self._hold(now_s, dt_s, view, mean)

    # --- phases

    def _quiet(self, now_s: float, view: View) -> Intent:
        left_s = self._protocol.phases.quiet_s - (now_s - self._phase_s)
        if left_s > 0.0:
            return self._intent(view, Why.QUIET, left_s)
        if not view.ready or view.arousal is None or not view.automatic:
            return self._intent(view, Why.UNSURE)
        self._main_s = now_s
        self._enter_level(now_s, min(self._rules.first_level, view.top))
        self._say(self._protocol.prompts.main)
        return self._intent(view, Why.RAMP)

    def _ramp(self, now_s: float, view: View) -> Intent:
        if view.arousal is None:
            return self._intent(view, Why.UNSURE, at=min(view.intensity, self._target(view)))
        if abs(view.intensity - self._target(view)) <= ON_LEVEL:
            self._go(now_s, "hold")
        elif now_s - self._phase_s >= self._patience_s(view) and view.reached() < self.level:
            self._enter_level(now_s, view.reached())  # the guard holds it back: stay where it is
            self._go(now_s, "hold")
        return self._intent(view, Why.RAMP, self._target(view))

    def _hold(self, now_s: float, dt_s: float, view: View, mean: float | None) -> Intent:
        if view.arousal is None:
            self._steady.update(now_s, False)
            return self._intent(view, Why.UNSURE, at=min(view.intensity, self._target(view)))
        if self._rules.trim:
            self._move_trim(dt_s, view, mean)
        found = self._judge(now_s, view, mean)
        if not found.due:
            return self._intent(view, found.why, found.number)
        if self.level >= min(view.top, self._cap):
            return self._intent(view, Why.TOP, found.number)
        return self._advance(now_s, view, found)

    def _recover(self, now_s: float, view: View, mean: float | None) -> Intent:
        calm = mean is not None and mean < view.limits.window_low + 0.15
        told = self._ratings.latest is None or self._ratings.latest < view.limits.suds_stop
        if self._held_s >= self._rules.recover_s and calm and told:
            self._enter_level(now_s, self.level)
        return self._intent(view, Why.RECOVER, mean)

    def _cool(self, now_s: float, view: View) -> Intent:
        cooldown_s = self._protocol.phases.cooldown_s
        if self.phase not in ("cooldown", "end"):
            self._go(now_s, "cooldown", self._protocol.prompts.cooldown)
            self.level = min(self.level, max(self._passed, self.level - 1), view.reached())
            self._trim = 0.0
        past_s = now_s - self._phase_s
        if past_s >= max(0.0, cooldown_s - 60.0):  # the last minute at rest
            self.level = 0
        if past_s >= cooldown_s:
            self.phase = "end"
        return self._intent(view, Why.REST, at=min(view.intensity, self._target(view)))

    def _hands_off(self, view: View) -> Intent:
        """Paused, frozen or in other hands: follow what is shown, wish nothing more."""
        if view.mode in (Mode.MANUAL, Mode.FALLBACK, Mode.SAFE):
            self._away, self.level, self._trim = True, view.reached(), 0.0
        elif view.rest and self.phase == "hold":  # a pause: back to the same level afterwards
            self.phase = "ramp"
        return self._intent(view, Why.HANDS_OFF, at=min(view.intensity, self._target(view)))

    # --- judging a level

    def _judge(self, now_s: float, view: View, mean: float | None) -> Finding:
        limits, rules, held_s = view.limits, self._rules, self._held_s
        if mean is None:
            return Finding(Why.HOLD)
        line = max(limits.window_low, 0.5 * self._peak)
        steady_s = self._steady.update(
            now_s, mean <= line and (view.arousal or 0.0) <= line + RISING
        )
        easy = mean < limits.window_low and self._peak < limits.window_low + 0.1
        easy_after_s = min(rules.easy_after_s, limits.dwell_s)
        # Well above its own mean it is still rising: the level has not shown all it does.
        rising = view.arousal is not None and view.arousal > mean + RISING
        easy = easy and not rising
        if easy and held_s >= easy_after_s and self._says_ok(now_s, view, rules.easy_suds):
            return Finding(Why.TOO_EASY, mean, due=True)
        if held_s >= limits.dwell_s and steady_s >= rules.steady_s and self._says_ok(now_s, view):
            return Finding(Why.HABITUATED, mean, due=True)
        if held_s >= rules.plateau_s and (rules.go_on or mean <= limits.window_high):
            return Finding(Why.PLATEAU, mean, due=True)
        high = view.arousal is not None and view.arousal > limits.window_high
        return Finding(Why.HIGH if high else Why.HOLD, view.arousal if high else mean)

    def _says_ok(self, now_s: float, view: View, most: float | None = None) -> bool:
        """Whether the ratings allow an advance; the peak is halved and rounded up to tens."""
        ratings, cadence = self._ratings, self._protocol.ratings
        if not cadence.text:
            return True
        current = ratings.age_s(now_s) <= 1.5 * view.limits.rating_interval_s
        if ratings.latest is None or not current:
            # Silence after two questions goes on to a proposal; otherwise wait for the answer.
            return ratings.silent or not cadence.required
        if most is not None:
            return ratings.latest <= most
        half = 10.0 * math.ceil(0.05 * (ratings.peak or 0.0))
        return ratings.latest <= min(self._rules.suds_advance, max(half, self._rules.easy_suds))

    def _needs_rating(self, now_s: float, view: View) -> bool:
        """An answer is needed to go on: the last one is from before this level, or was high."""
        since_s = now_s - self._phase_s
        old = self._ratings.age_s(now_s) > since_s
        high = (self._ratings.latest or 0.0) >= view.limits.suds_stop
        return old or (self.phase == "recover" and high)

    def _advance(self, now_s: float, view: View, found: Finding) -> Intent:
        to = self.level + 1
        said = [c for c in view.commands if isinstance(c, Confirm) and is_clinician(c.who)]
        for command in said:
            if level_of(command.proposal) == to:
                if command.yes:
                    return self._advanced(now_s, view, found)
                self._declined_s = now_s
        stuck = found.why is Why.PLATEAU and not self._rules.go_on
        ask = stuck or self._ratings.silent
        if view.mode is Mode.AUTO and not ask:
            return self._advanced(now_s, view, found)
        if now_s - self._declined_s < view.limits.dwell_s:
            return self._intent(view, Why.HOLD, found.number)
        why = (
            Why.PLATEAU
            if found.why is Why.PLATEAU
            else (Why.SILENT if self._ratings.silent else Why.ASK)
        )
        return replace(self._intent(view, why, found.number), proposal=advance(to))

    def _advanced(self, now_s: float, view: View, found: Finding) -> Intent:
        self._passed = max(self._passed, self.level)
        self._enter_level(now_s, self.level + 1)
        return self._intent(view, found.why, found.number)

    # --- easing off

    def _retreat_due(self, now_s: float, view: View) -> Why | None:
        if self.level <= 0 and view.intensity <= 0.0:
            return None
        since_s = now_s - self._retreat_s
        for command in view.commands:
            if isinstance(command, TooMuch) and since_s >= SAME_PRESS_S:
                return Why.TOO_MUCH
            if isinstance(command, Rate) and command.scale == self._protocol.ratings.scale:
                value = command.value
                if value is not None and value >= view.limits.suds_stop:
                    return Why.RETREAT
        above = view.arousal is not None and view.arousal > view.limits.arousal_max
        long_s = self._above.update(now_s, above)
        due = long_s >= self._rules.retreat_after_s and since_s >= AGAIN_S
        return Why.RETREAT if due else None

    def _retreat(self, now_s: float, view: View, why: Why) -> Intent:
        # From what is shown, not from what was aimed at: in a ramp the level is not reached yet.
        here = next((i for i, at in enumerate(view.levels) if at >= view.intensity - 1e-6), 0)
        below = max(min(self.level, here) - 1, 0)
        # A second step down while still recovering belongs to the same episode of fear.
        again = self.phase == "recover"
        if not again:
            self._retreats.append(now_s)
        self._retreat_s = now_s
        self._retreats_at[self.level] = self._retreats_at.get(self.level, 0) + 1
        if self._retreats_at[self.level] >= RETREATS_TO_CAP:
            self._cap = min(self._cap, max(self.level - 1, 1))
        self._enter_level(now_s, below)
        self._go(now_s, "recover", self._protocol.prompts.recover)
        self._above = Lasting()
        within = now_s - self._retreats[0] <= RETREATS_WITHIN_S
        gives_up = not again and len(self._retreats) == RETREATS_TO_STOP and within
        return replace(self._intent(view, why, view.arousal), gives_up=gives_up)

    def _move_trim(self, dt_s: float, view: View, mean: float | None) -> None:
        """Small moves around the level: up slowly where it is easy, down where it is high."""
        half = 0.5 / max(len(view.levels) - 1, 1)
        if mean is not None and mean < view.limits.window_low and self._held_s > TRIM_AFTER_S:
            # Not while the guard holds back what was wished before, nor where a person is asked.
            if view.mode is Mode.AUTO and view.intensity >= self._target(view) - ON_LEVEL:
                self._trim += 0.01 * (view.limits.window_low - mean) * dt_s
        elif view.arousal is not None and view.arousal > view.limits.window_high:
            self._trim -= 0.03 * (view.arousal - view.limits.window_high) * dt_s
        self._trim = min(max(self._trim, -half), half)

    # --- moving about

    def _stepped(self, now_s: float, view: View) -> None:
        """A clinician's step counts at once; upwards the guard's gates still hold."""
        for command in view.commands:
            if isinstance(command, Step) and is_clinician(command.who):
                to = min(max(self.level + command.by, 0), view.top)
                self._cap = max(self._cap, to)
                self._enter_level(now_s, to)

    def _enter_level(self, now_s: float, level: int) -> None:
        self.level = level
        self._held_s, self._peak, self._trim = 0.0, 0.0, 0.0
        self._mean.clear()
        self._steady = Lasting()
        self._ratings.begin()
        self._go(now_s, "ramp")

    def _go(self, now_s: float, phase: str, words: str = "") -> None:
        self.phase, self._phase_s = phase, now_s
        self._say(words)

    def _say(self, words: str) -> None:
        if words:
            self._number += 1
            self._shown = Ask(f"info-{self._number}", "info", words)

    def _words(self, now_s: float) -> Ask | None:
        """The words of this phase, for the first 20 s of it."""
        return self._shown if now_s - self._phase_s < 20.0 else None

    def _time_is_up(self, now_s: float) -> bool:
        main_s = self._protocol.phases.main_s
        return self._main_s is not None and now_s - self._main_s >= main_s

    def _patience_s(self, view: View) -> float:
        """A ramp may take as long as a full travel plus a minute."""
        return 60.0 + 1.0 / max(view.limits.rise_per_s, 0.005)

    def _target(self, view: View) -> float:
        at = view.levels[min(self.level, len(view.levels) - 1)]
        return min(max(at + self._trim, 0.0), 1.0) if self.level else 0.0

    def _intent(
        self, view: View, why: Why, number: float | None = None, at: float | None = None
    ) -> Intent:
        wish = self._target(view) if at is None else at
        return Intent(self.level, wish, (), self.phase, why, number)
