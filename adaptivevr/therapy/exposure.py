"""Graded exposure by habituation: stay on a level until fear comes down (sources: C1).

quiet -> ramp -> hold -> (advance: ramp) | (retreat: recover -> hold) -> cooldown -> end.
Between the top of the window and the ceiling of arousal it stays on the level, eased by half a
step at most: going down there would teach escape. It goes down above the ceiling, at a rating
where a clinician wants it to stop, and when told "too much".
"""

import math
from dataclasses import dataclass, replace

from adaptivevr.alarms import Lasting
from adaptivevr.modes import Mode, advance, level_of
from adaptivevr.therapy.agenda import Agenda
from adaptivevr.therapy.intent import Ask, Intent, Why
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.ratings import Ratings
from adaptivevr.therapy.retreat import Retreat
from adaptivevr.therapy.trailing import Trailing
from adaptivevr.therapy.view import View

TRIM_AFTER_S = 30.0
RISING = 0.05
ON_LEVEL = 0.01  # close enough to a level's intensity to count as there
EASED = 0.25  # of a level: eased off further than this, it is met in full before the next
WORD_S = 60.0  # so long a rating counts beside the body, which shows late what is felt


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

    def __init__(self, protocol: Protocol, seed: int = 0) -> None:
        self._protocol = protocol
        self._rules = protocol.exposure
        self._ratings = Ratings(protocol.ratings)
        self._mean = Trailing(self._rules.mean_s)
        self._steady = Lasting()
        self._agenda = Agenda(protocol)
        self._retreats = Retreat(protocol.ratings.scale, self._rules.retreat_after_s)
        self._held_s = 0.0  # time in charge on this level; a pause does not count
        self._peak = 0.0
        self._trim = 0.0
        self._away = False  # somebody else was in charge
        self._declined_s = -math.inf
        self._passed = 0
        self.level = 0

    def update(self, now_s: float, view: View) -> Intent:
        """The wish now. Only the guard decides what becomes of it."""
        waits = self._agenda.update(now_s, view)
        mean = self._mean.update(now_s, view.arousal)
        if waits is not None:
            return self._worded(now_s, self._intent(view, *waits))
        if self._agenda.begins:
            self._enter_level(now_s, min(self._rules.first_level, view.top))
            self._agenda.caption.say(now_s, self._protocol.prompts.main)
            return self._worded(now_s, self._intent(view, Why.RAMP))
        asking = self._agenda.phase in ("hold", "recover") and not view.rest
        wanted = asking and self._needs_rating(now_s, view)
        commands = view.commands
        if asking or self._ratings.pending:
            ask = self._ratings.update(now_s, commands, view.limits.rating_interval_s, wanted)
        else:
            ask = None
        return self._worded(now_s, self._choose(now_s, view, mean), ask)

    @property
    def rating(self) -> float | None:
        """The last rating, None before the first: what the guard's rating gate looks at."""
        return self._ratings.latest

    def _choose(self, now_s: float, view: View, mean: float | None) -> Intent:
        if self._agenda.ends or self._agenda.late(now_s):
            return self._cool(now_s, view)
        retreat = self._retreats.due(now_s, view, self.level)
        if retreat is not None:
            return self._retreat(now_s, view, retreat)
        if not view.automatic:
            return self._hands_off(view)
        if self._away:  # taken back: begin from what is shown, never from what was
            self._away = False
            self._enter_level(now_s, max(view.reached(), 1))
        self._stepped(now_s, view)
        if self._agenda.phase == "ramp":
            return self._ramp(now_s, view)
        self._held_s += self._agenda.dt_s
        if view.arousal is not None and self._held_s > self._rules.peak_after_s:
            self._peak = max(self._peak, mean or 0.0)
        if self._agenda.phase == "recover":
            return self._recover(now_s, view, mean)
        return self._hold(now_s, view, mean)

    # --- phases

    def _ramp(self, now_s: float, view: View) -> Intent:
        if view.arousal is None:
            return self._intent(view, Why.UNSURE, at=min(view.intensity, self._target(view)))
        if abs(view.intensity - self._target(view)) <= ON_LEVEL:
            self._agenda.go(now_s, "hold")
        elif self._agenda.past_s(now_s) >= view.patience_s and view.reached() < self.level:
            self._enter_level(now_s, view.reached())  # the guard holds it back: stay where it is
            self._agenda.go(now_s, "hold")
        return self._intent(view, Why.RAMP, self._target(view))

    def _hold(self, now_s: float, view: View, mean: float | None) -> Intent:
        if view.arousal is None:
            self._steady.update(now_s, False)
            return self._intent(view, Why.UNSURE, at=min(view.intensity, self._target(view)))
        if self._rules.trim:
            self._move_trim(now_s, view, mean)
        found = self._judge(now_s, view, mean)
        if not found.due:
            return self._intent(view, found.why, found.number)
        if self._trim < -EASED / max(len(view.levels) - 1, 1):
            # Eased off here: first the level as it is, or the next step would be one and a half.
            self._enter_level(now_s, self.level)
            return self._intent(view, found.why, found.number)
        if self.level >= min(view.top, self._retreats.cap):
            return self._intent(view, Why.TOP, found.number)
        return self._advance(now_s, view, found)

    def _recover(self, now_s: float, view: View, mean: float | None) -> Intent:
        calm = mean is not None and mean < view.limits.window_low + 0.15
        told = self._ratings.latest is None or self._ratings.latest < view.limits.suds_stop
        if self._held_s >= self._rules.recover_s and calm and told:
            self._enter_level(now_s, self.level)
        return self._intent(view, Why.RECOVER, mean)

    def _cool(self, now_s: float, view: View) -> Intent:
        if not self._agenda.ends:
            self.level = min(self.level, max(self._passed, self.level - 1), view.reached())
            self._trim = 0.0
        self._agenda.cool(now_s)
        if self._agenda.settling(now_s):
            self.level = 0
        return self._intent(view, Why.REST, at=min(view.intensity, self._target(view)))

    def _hands_off(self, view: View) -> Intent:
        """Paused, frozen or in other hands: follow what is shown, wish nothing more."""
        if view.mode in (Mode.MANUAL, Mode.FALLBACK, Mode.SAFE):
            self._away, self.level, self._trim = True, view.reached(), 0.0
        elif view.rest and self._agenda.phase == "hold":
            self._agenda.phase = "ramp"  # a pause: back to the same level afterwards
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
        if view.arousal is not None and view.arousal > limits.window_high:
            return Finding(Why.HIGH, view.arousal)
        if self._told(now_s) > limits.window_high:
            return Finding(Why.RATED_HIGH, self._ratings.latest)
        return Finding(Why.HOLD, mean)

    def _told(self, now_s: float) -> float:
        """The last rating as an arousal while it is new; 0 without one."""
        new = self._ratings.age_s(now_s) <= WORD_S
        return (self._ratings.latest or 0.0) / self._protocol.ratings.max if new else 0.0

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
        since_s = self._agenda.past_s(now_s)
        old = self._ratings.age_s(now_s) > since_s
        high = (self._ratings.latest or 0.0) >= view.limits.suds_stop
        return old or (self._agenda.phase == "recover" and high)

    def _advance(self, now_s: float, view: View, found: Finding) -> Intent:
        to = self.level + 1
        for answer in view.answers:
            if level_of(answer.proposal) == to:
                if answer.yes:
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

    def _retreat(self, now_s: float, view: View, why: Why) -> Intent:
        # A second step down while still recovering belongs to the same episode of fear.
        below, gives_up = self._retreats.take(
            now_s, view, self.level, self._agenda.phase == "recover"
        )
        self._enter_level(now_s, below)
        self._agenda.go(now_s, "recover", self._protocol.prompts.recover)
        return replace(self._intent(view, why, view.arousal), gives_up=gives_up)

    def _move_trim(self, now_s: float, view: View, mean: float | None) -> None:
        """Small moves around the level: up slowly where it is easy, down where it is high.

        High is what the body shows or what the patient says, whichever is more: either may be
        the one that does not show it.
        """
        half, dt_s = 0.5 / max(len(view.levels) - 1, 1), self._agenda.dt_s
        worst = max(view.arousal or 0.0, self._told(now_s))
        short = 0.0 if mean is None else view.limits.window_low - mean
        # Up not while the guard holds back what was wished before, nor where a person is asked.
        asked = view.mode is not Mode.AUTO or self._protocol.supervised
        follows = not asked and view.intensity >= self._target(view) - ON_LEVEL
        if worst > view.limits.window_high:
            self._trim -= 0.03 * (worst - view.limits.window_high) * dt_s
        elif short > 0.0 and follows and self._held_s > TRIM_AFTER_S:
            self._trim += 0.01 * short * dt_s
        self._trim = min(max(self._trim, -half), half)

    # --- moving about

    def _stepped(self, now_s: float, view: View) -> None:
        """A clinician's step counts at once; upwards the guard's gates still hold."""
        for step in view.steps:
            to = min(max(self.level + step.by, 0), view.top)
            self._retreats.cap = max(self._retreats.cap, to)
            self._enter_level(now_s, to)

    def _enter_level(self, now_s: float, level: int) -> None:
        self.level = level
        self._held_s, self._peak, self._trim = 0.0, 0.0, 0.0
        self._mean.clear()
        self._steady = Lasting()
        self._ratings.begin()
        self._agenda.go(now_s, "ramp")

    def _target(self, view: View) -> float:
        return min(max(view.target(self.level) + self._trim, 0.0), 1.0) if self.level else 0.0

    def _intent(
        self, view: View, why: Why, number: float | None = None, at: float | None = None
    ) -> Intent:
        wish = self._target(view) if at is None else at
        return Intent(self.level, wish, (), self._agenda.phase, why, number)

    def _worded(self, now_s: float, intent: Intent, ask: Ask | None = None) -> Intent:
        prompt = ask or self._agenda.caption.at(now_s)
        return intent if prompt is None else replace(intent, prompt=prompt)
