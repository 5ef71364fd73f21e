"""Feedback of the alpha rhythm: the scene grows calm with it, at once or not at all (notes C3).

quiet (eyes open: the first threshold) -> block, break, block ... -> cooldown. A value older than
0.4 s is no feedback, and nothing is rewarded while jaw or neck can be heard: else a clench would
win. That alpha training does more than a sham is not shown for most complaints; this is practice
of attention, not a cure.
"""

import math

from adaptivevr.therapy.agenda import Agenda
from adaptivevr.therapy.intent import Intent, Said, Why
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.threshold import Threshold
from adaptivevr.therapy.trailing import Mean
from adaptivevr.therapy.view import View
from adaptivevr.therapy.vitals import Latest, Reading

GOOD = 0.5
LEAST_QUIET_S = 60.0
MUSCLE_S = 2.5  # the muscle figure comes each second, from the last two
TAKE_BACK_S = 2.0  # values this fresh when a clench is found were already of it
LEAST_SPREAD_SHARE = 0.1


class Meditation:
    """One session. `number` of an intent is alpha in uV, an absolute figure."""

    def __init__(self, protocol: Protocol, seed: int = 0) -> None:
        self._protocol, self._rules = protocol, protocol.meditation
        # The first threshold is taken here, also where a calibration has gone before.
        self._agenda = Agenda(protocol, bodily=False, least_quiet_s=LEAST_QUIET_S)
        self._latest = Latest()
        self._threshold = Threshold(self._rules.success, self._rules.fall)
        self._waiting: list[Reading] = []  # taken once no clench has spoiled them
        self._reward = 0.0
        self._alpha, self._resting = Mean(), Mean()  # of this block, and of the quiet phase
        self._paid = self._block = 0
        self._said: tuple[Said | None, tuple[float, ...]] = (None, ())
        self.level = 0

    @property
    def rating(self) -> float | None:
        """Nothing is rated here."""
        return None

    def update(self, now_s: float, view: View) -> Intent:
        """The wish now: ambient values as a reward, and the figures of the block."""
        self._said = (None, ())
        self._latest.update(view.readings)
        waits = self._agenda.update(now_s, view)
        if waits is not None:
            self._gather(now_s, view)
            return self._intent(now_s, view, *waits)
        if self._agenda.begins:
            self._release(math.inf)
            self._threshold.next_block()
            self._block = 1
            self._agenda.go(now_s, "block", self._protocol.prompts.main)
        if self._agenda.ends:
            return self._cool(now_s, view)
        if view.rest or not view.automatic:  # a pause, or other hands: the block waits
            self._agenda.pause()
            self._waiting = []
            return self._intent(now_s, view, Why.HANDS_OFF)
        self._gather(now_s, view)
        in_block = self._agenda.phase == "block"
        return self._in_block(now_s, view) if in_block else self._break(now_s, view)

    # --- what is fed back

    def _in_block(self, now_s: float, view: View) -> Intent:
        if self._agenda.past_s(now_s) >= self._rules.block_s:
            return self._end_block(now_s, view)
        alpha = self._latest.of("alpha", now_s, self._rules.most_age_s)
        theta = self._threshold.value
        if alpha is None:
            self._reward = 0.0
            return self._intent(now_s, view, Why.LATE)
        if self._tense(now_s):
            self._reward = 0.0
            return self._intent(now_s, view, Why.MUSCLE, alpha.value)
        if alpha.quality < GOOD or theta is None:
            self._reward = 0.0
            return self._intent(now_s, view, Why.POOR, alpha.value)
        spread = max(self._threshold.spread, LEAST_SPREAD_SHARE * theta, 1e-6)
        steep = min(max((alpha.value - theta) / spread, -40.0), 40.0)
        self._reward = 1.0 / (1.0 + math.exp(-steep))
        why = Why.REWARD if alpha.value > theta else Why.BELOW
        return self._intent(now_s, view, why, alpha.value)

    def _tense(self, now_s: float) -> bool:
        muscle = self._latest.of("muscle", now_s, MUSCLE_S)
        return muscle is None or muscle.value >= self._rules.muscle

    def _gather(self, now_s: float, view: View) -> None:
        """Good values count two seconds later, if no clench was found meanwhile."""
        if self._tense(now_s) and self._agenda.phase != "waiting":
            self._waiting = [r for r in self._waiting if r.time_s < now_s - TAKE_BACK_S]
        else:
            good = [r for r in view.readings if r.name == "alpha" and r.quality >= GOOD]
            self._waiting.extend(good)
        self._release(now_s - TAKE_BACK_S)

    def _release(self, before_s: float) -> None:
        theta = self._threshold.value
        while self._waiting and self._waiting[0].time_s < before_s:
            value = self._waiting.pop(0).value
            self._threshold.take(value)
            if self._agenda.phase == "quiet":
                self._resting.take(value)
            elif self._agenda.phase == "block":
                self._alpha.take(value)
                self._paid += theta is not None and value > theta

    # --- blocks

    def _end_block(self, now_s: float, view: View) -> Intent:
        self._release(math.inf)
        mean = self._alpha.value or 0.0
        share = self._paid / max(self._alpha.count, 1)
        theta = self._threshold.value or 0.0
        self._said = (Said.BLOCK, (float(self._block), mean, share, theta))
        words = self._protocol.prompts.block.format(
            block=self._block, score=f"{mean:.1f}", share=f"{share:.0%}"
        )
        self._reward = 0.0
        if self._block >= self._rules.blocks:
            return self._cool(now_s, view)
        self._agenda.go(now_s, "break", words)
        return self._intent(now_s, view, Why.BREAK)

    def _break(self, now_s: float, view: View) -> Intent:
        self._waiting = []
        if self._agenda.past_s(now_s) >= self._rules.pause_s:
            self._threshold.next_block()
            self._alpha, self._paid = Mean(), 0
            self._block += 1
            self._agenda.go(now_s, "block")
        return self._intent(now_s, view, Why.BREAK)

    def _cool(self, now_s: float, view: View) -> Intent:
        self._reward = 0.0
        self._agenda.cool(now_s)
        return self._intent(now_s, view, Why.REST)

    def _intent(self, now_s: float, view: View, why: Why, number: float | None = None) -> Intent:
        ambient = tuple((name, self._reward) for name in view.ambient)
        return Intent(0, 0.0, ambient, self._agenda.phase, why, number,
                      prompt=self._agenda.caption.at(now_s), measures=self._measures(),
                      said=self._said[0], numbers=self._said[1])  # fmt: skip

    def _measures(self) -> tuple[tuple[str, float], ...]:
        found = [("block", float(self._block))]
        for name, value in (
            ("threshold_uv", self._threshold.value), ("alpha_rest_uv", self._resting.value),
            ("alpha_mean_uv", self._alpha.value),
        ):  # fmt: skip
            if value is not None:
                found.append((name, value))
        if self._alpha.count:
            found.append(("rewarded_share", self._paid / self._alpha.count))
        return tuple(found)
