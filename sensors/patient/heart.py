"""The sinus node: beats by integral pulse frequency modulation (Rompelman 1977).

Arousal raises the rate (fast vagal and slow sympathetic part) and lowers respiratory sinus
arrhythmia; slow breathing near the resonance of the baroreflex (about 0.1 Hz) enlarges it.
"""

import math
from collections import deque

from sensors.patient.chance import Chance
from sensors.patient.kinds import Person

DELAY_STEPS = 7  # 1.4 s at 0.2 s a step: sympathetic dead time
WANDER_BPM = 3.0  # what posture, talk and thought do to the rate, over about a minute
VAGAL_WANDER, VAGAL_WANDER_S = 0.28, 90.0  # of ln RSA, without a cause we know
NODE_TO_R_S = 0.25  # from the firing of the node to the R peak, so that P waves come before R


class Resonance:
    """A second-order band-pass: gain 1/(2 damping) and no lag at its own frequency."""

    def __init__(self, frequency_hz: float, damping: float) -> None:
        self._speed = 2.0 * math.pi * frequency_hz
        self._damping = damping
        self._low = 0.0
        self.band = 0.0

    def update(self, dt_s: float, drive: float) -> float:
        """Moves on by dt_s under this drive and returns the band-pass output."""
        push = drive - self._low - 2.0 * self._damping * self.band
        self.band += dt_s * self._speed * push
        self._low += dt_s * self._speed * self.band
        return self.band

    def noise_sd(self, dt_s: float) -> float:
        """The sd of white drive, one draw per dt_s, that gives an output of unit sd."""
        return math.sqrt(4.0 * self._damping / (self._speed * dt_s))


class Heart:
    """Heart rate in bpm and the times of its R peaks."""

    def __init__(self, person: Person, seed: int, dt_s: float) -> None:
        self._person = person
        self._chance = Chance(seed, "heart")
        self._past = deque([person.base] * DELAY_STEPS, maxlen=DELAY_STEPS)
        self._slow = self._fast = person.base
        self._baroreflex = Resonance(person.resonance_hz, person.damping)
        self._mayer = Resonance(person.resonance_hz, 0.25)
        self._mayer_sd = self._mayer.noise_sd(dt_s)
        self._wander_bpm = 0.0
        self._vagal_wander = 0.0
        self._speed_per_s = person.heart_rate_bpm / 60.0
        self._phase = self._chance.uniform()
        self._threshold = 1.0
        self.rate_bpm = person.heart_rate_bpm
        self.rest_bpm = person.heart_rate_bpm

    def update(
        self, dt_s: float, start_s: float, arousal: float, breath: float, work_bpm: float
    ) -> list[float]:
        """R peaks (s) fired during dt_s seconds from start_s.

        breath: lung volume around its middle, about -1..1. work_bpm: what movement adds.
        """
        person = self._person
        self._slow += (self._past[0] - self._slow) * dt_s / 8.0
        self._past.append(arousal)
        self._fast += (arousal - self._fast) * (1.0 - math.exp(-dt_s))
        keep = math.exp(-dt_s / 60.0)
        self._wander_bpm = self._wander_bpm * keep + self._chance.normal(
            WANDER_BPM * math.sqrt(1.0 - keep * keep)
        )
        driven = person.heart_gain_bpm * (0.6 * self._slow + 0.4 * self._fast)
        self.rate_bpm = max(35.0, self.rest_bpm + driven + work_bpm + self._wander_bpm)
        reflex = self._baroreflex.update(dt_s, breath)
        mayer = self._mayer.update(dt_s, self._chance.normal(self._mayer_sd))
        keep = math.exp(-dt_s / VAGAL_WANDER_S)
        self._vagal_wander = self._vagal_wander * keep + self._chance.normal(
            VAGAL_WANDER * math.sqrt(1.0 - keep * keep)
        )
        tone = self._vagal_wander - person.vagal_withdrawal * self._fast
        rsa_ms = person.rsa_ms * math.exp(tone)
        lf_ms = person.mayer_ms * math.exp(-0.3 * self._fast)
        change_ms = rsa_ms * (0.7 * breath + 0.9 * reflex) + lf_ms * mayer
        share = max(-0.3, min(0.3, change_ms / 1000.0 * self.rate_bpm / 60.0))
        return self._fire(dt_s, start_s, self.rate_bpm / 60.0 * (1.0 + share))

    def _fire(self, dt_s: float, start_s: float, speed_per_s: float) -> list[float]:
        """Integrates a speed that runs straight from its last value to this one."""
        before, self._speed_per_s = self._speed_per_s, speed_per_s
        bend = (speed_per_s - before) / (2.0 * dt_s)
        gained = before * dt_s + bend * dt_s * dt_s
        peaks = []
        while self._phase + gained >= self._threshold:
            need = self._threshold - self._phase
            root = math.sqrt(max(0.0, before * before + 4.0 * bend * need))
            at_s = 2.0 * need / (before + root)
            peaks.append(start_s + at_s + NODE_TO_R_S)
            self._phase -= self._threshold
            self._threshold = 1.0 + self._chance.normal(0.004)
        self._phase += gained
        return peaks
