"""Heart rate variability biofeedback: slow breathing at the resonance rate (sources: C2).

quiet -> pace (the pacer slows down as far as the heart follows) -> train, block after block, each
with a threshold of its own that stands still -> cooldown. No load is ever shown. The scene grows
calm with the score; nothing is taken away for a low one. When arousal rises for a minute it helps
instead of training: no score, and the pacer slows no further.
"""

import math

from adaptivevr.alarms import Lasting
from adaptivevr.therapy.agenda import Agenda
from adaptivevr.therapy.intent import Intent, Pacer, Said, Why, paced
from adaptivevr.therapy.lock import Lock
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.threshold import Threshold
from adaptivevr.therapy.trailing import Mean, Trailing
from adaptivevr.therapy.view import View
from adaptivevr.therapy.vitals import Latest, Reading

SUPPORT_ABOVE = 0.25  # 0.2 above the quiet phase, which stands at 0.05
SUPPORT_S, WELL_AGAIN_S = 60.0, 30.0
MIDDLE = 0.5  # ambience without a score
GOOD = 0.5  # quality below this earns nothing
FRESH_S = 20.0  # the score comes each 5 s from beats of the last 64 s
FIRST_S = 120.0  # of pacing: its scores set the first threshold
USUAL_OWN, LEAST_OWN = 14.0, 8.0  # breaths a minute, where no belt tells
LEAST_SPREAD = 0.05


class Breathing:
    """One session. `number` of an intent is the coherence, an absolute figure, whatever is due."""

    def __init__(self, protocol: Protocol, seed: int = 0) -> None:
        self._protocol, self._rules = protocol, protocol.breathing
        self._agenda = Agenda(protocol, bodily=False)
        self._mean = Trailing(30.0)
        self._rising, self._settled = Lasting(), Lasting()
        self._latest, self._lock = Latest(), Lock()
        self._threshold = Threshold(self._rules.success, self._rules.fall, self._rules.least)
        self._pacer: Pacer | None = None
        self._rate_per_min = self._stepped_s = 0.0
        self._spent_s = 0.0  # on this block; a pause and support do not count
        self._ambience = 0.0
        self._block = 0
        self._fits = False
        self._seen_s = -math.inf  # time of the last score
        self._scores = Mean()  # of this block
        self._paid = 0
        self._resting_rsa, self._rsa = Mean(), Mean()
        self._said: tuple[Said | None, tuple[float, ...]] = (None, ())
        self.level = 0

    @property
    def rating(self) -> float | None:
        """Nothing is rated here."""
        return None

    def update(self, now_s: float, view: View) -> Intent:
        """The wish now: ambient values, the pacer, and the figures of training."""
        self._said = (None, ())
        mean = self._mean.update(now_s, view.arousal)
        self._latest.update(view.readings)
        self._lock.update(view.readings)
        self._note_rsa(view)
        waits = self._agenda.update(now_s, view)
        if waits is not None:
            return self._intent(now_s, view, *waits)
        if self._agenda.begins:
            self._begin(now_s, view)
        if self._agenda.ends or self._time_is_up(now_s):
            return self._cool(now_s, view)
        if view.rest or not view.automatic:  # a pause, or other hands: the block waits
            return self._intent(now_s, view, Why.HANDS_OFF)
        return self._train(now_s, view, mean)

    def _begin(self, now_s: float, view: View) -> None:
        goal = view.resonance_per_min or self._rules.breaths_per_min
        own = self._latest.of("breath_rate", now_s, FRESH_S)
        own = own or self._latest.of("breath_rate_rsa", now_s, 2 * FRESH_S)
        rate = max(own.value, LEAST_OWN) if own and own.quality >= GOOD else USUAL_OWN
        self._goal = goal
        self._rate_per_min = max(goal, rate - self._rules.own_less)
        self._set_pacer(now_s, self._rate_per_min)
        self._agenda.go(now_s, "pace", self._protocol.prompts.main)

    def _set_pacer(self, now_s: float, rate_per_min: float) -> None:
        self._rate_per_min, self._stepped_s = rate_per_min, now_s
        start_s = now_s
        if self._pacer is not None:  # a new pace begins where the old breath ends
            old = self._pacer
            length_s = old.in_s + old.out_s
            start_s += (old.start_s - now_s) % length_s
        self._pacer = paced(start_s, rate_per_min, self._rules.in_share)

    # --- training

    def _train(self, now_s: float, view: View, mean: float | None) -> Intent:
        score = self._latest.of("coherence", now_s, FRESH_S)
        lock = self._lock.of(self._pacer, now_s) if self._pacer else None
        if lock is not None:  # unknown for half a minute after each new pace: as it was
            self._fits = lock >= self._rules.in_step
        fits = self._fits and score is not None
        if self._supported(now_s, view, mean):
            self._breathe_ambience(MIDDLE)
            return self._intent(now_s, view, Why.SUPPORT, mean)
        self._spent_s += self._agenda.dt_s
        self._take(score, fits)
        due = now_s - self._stepped_s >= self._rules.step_s
        if due and fits and self._rate_per_min > self._goal:
            slower = self._rate_per_min - self._rules.slower
            self._set_pacer(now_s, max(self._goal, slower))
        self._turn_blocks(now_s)
        if score is None or score.quality < GOOD:
            # Nobody is punished for a loose electrode, and nobody is paid for it.
            self._breathe_ambience(min(self._ambience, MIDDLE))
            return self._intent(now_s, view, Why.POOR, score.value if score else None)
        theta = self._threshold.value
        if theta is None:
            self._breathe_ambience(MIDDLE)
            return self._intent(now_s, view, Why.PACE, score.value)
        pays = self._pays(score, fits)
        spread = max(self._threshold.spread, LEAST_SPREAD)
        steep = (score.value - theta) / spread if fits else -40.0
        self._breathe_ambience(1.0 / (1.0 + math.exp(-min(max(steep, -40.0), 40.0))))
        return self._intent(now_s, view, Why.REWARD if pays else Why.BELOW, score.value)

    def _pays(self, score: Reading, fits: bool) -> bool:
        """A true summit above the threshold, in step with the pacer, from a good signal."""
        theta = self._threshold.value
        good = score.quality >= GOOD and score.value > 0.0 and fits
        return good and theta is not None and score.value > theta

    def _take(self, score: Reading | None, fits: bool) -> None:
        """Each score once, whatever the tick rate."""
        if score is None or score.time_s <= self._seen_s or score.quality < GOOD:
            return
        self._seen_s = score.time_s
        self._threshold.take(score.value)
        if self._block:
            self._scores.take(score.value)
            self._paid += self._pays(score, fits)

    def _turn_blocks(self, now_s: float) -> None:
        past_s = self._spent_s
        if self._agenda.phase == "pace":
            # Where the heart does not follow, training begins all the same, at this rate.
            there = self._rate_per_min <= self._goal or past_s >= 3 * FIRST_S
            if there and past_s >= FIRST_S:
                self._threshold.next_block()
                if self._threshold.value is not None:
                    self._block, self._spent_s = 1, 0.0
                    self._agenda.go(now_s, "train")
        elif past_s >= self._rules.block_s:
            share = self._paid / max(self._scores.count, 1)
            mean = self._scores.value or 0.0
            theta = self._threshold.value or 0.0
            self._said = (Said.BLOCK, (float(self._block), mean, share, theta))
            words = self._protocol.prompts.block
            filled = words.format(block=self._block, score=f"{100 * mean:.0f}",
                                  share=f"{share:.0%}")  # fmt: skip
            self._threshold.next_block()
            self._scores, self._paid = Mean(), 0
            self._block, self._spent_s = self._block + 1, 0.0
            self._agenda.go(now_s, "train", filled)

    def _supported(self, now_s: float, view: View, mean: float | None) -> bool:
        """Arousal 0.2 above rest for a minute, or "too much": help, until it has been lower."""
        if self._agenda.phase == "support":
            low = mean is not None and mean <= SUPPORT_ABOVE - 0.05
            if self._settled.update(now_s, low) < WELL_AGAIN_S:
                return True
            self._agenda.go(now_s, "train" if self._block else "pace")
            return False
        high = mean is not None and mean > SUPPORT_ABOVE
        if self._rising.update(now_s, high) < SUPPORT_S and not view.too_much:
            return False
        self._rising, self._settled = Lasting(), Lasting()
        self._agenda.go(now_s, "support", self._protocol.prompts.support)
        return True

    def _breathe_ambience(self, wish: float) -> None:
        share = 1.0 - math.exp(-self._agenda.dt_s / self._rules.tau_s)
        self._ambience += share * (wish - self._ambience)

    # --- bookkeeping

    def _time_is_up(self, now_s: float) -> bool:
        return self._agenda.late(now_s) or self._block > self._rules.blocks

    def _cool(self, now_s: float, view: View) -> Intent:
        self._pacer = None
        self._agenda.cool(now_s)
        return self._intent(now_s, view, Why.REST)

    def _note_rsa(self, view: View) -> None:
        """The absolute measure: how far a breath moves the heart, at rest and in training."""
        for reading in view.readings:
            if reading.name == "rsa" and reading.quality >= GOOD:
                if self._agenda.phase == "quiet":
                    self._resting_rsa.take(reading.value)
                elif self._agenda.phase == "train":
                    self._rsa.take(reading.value)

    def _intent(self, now_s: float, view: View, why: Why, number: float | None = None) -> Intent:
        ambient = tuple((name, self._ambience) for name in view.ambient)
        return Intent(0, 0.0, ambient, self._agenda.phase, why, number, pacer=self._pacer,
                      prompt=self._agenda.caption.at(now_s), measures=self._measures(),
                      said=self._said[0], numbers=self._said[1])  # fmt: skip

    def _measures(self) -> tuple[tuple[str, float], ...]:
        found = [("block", float(self._block)), ("breaths_per_min", self._rate_per_min)]
        if self._threshold.value is not None:
            found.append(("threshold", self._threshold.value))
        if self._scores.value is not None:
            found.append(("coherence_mean", self._scores.value))
            found.append(("rewarded_share", self._paid / self._scores.count))
        for name, rsa in (("rsa_rest_ms", self._resting_rsa), ("rsa_train_ms", self._rsa)):
            if rsa.value is not None:
                found.append((name, rsa.value))
        return tuple(found)
