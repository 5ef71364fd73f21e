"""A body on its sensors: fear and arousal inside, and what each sensor makes of them."""

import math
from collections import deque

import numpy as np

from sensors.patient.arousal import Arousal
from sensors.patient.artefacts import Artefacts
from sensors.patient.brain import Brain
from sensors.patient.breath import Breath
from sensors.patient.chance import Chance, Floats, stream
from sensors.patient.ecg import Ecg
from sensors.patient.fear import Fear
from sensors.patient.heart import Heart
from sensors.patient.kinds import Person
from sensors.patient.motion import Motion
from sensors.patient.pulse import Pulse
from sensors.patient.seen import Seen, Truth
from sensors.patient.skin import Skin
from sensors.stream import Kind

HUM_HZ = 50.0
NOTICED = 0.03  # a rise of load within a second that the skin answers to
PRESS_S, PRESS_AGAIN_S = 0.5, 10.0
SIGH_US = 0.5  # the skin's answer to a deep sigh


class Body:
    """One person; `update` moves on by one tick, then `draw` gives that tick's samples."""

    def __init__(
        self, person: Person, seed: int, dt_s: float, kinds: tuple[Kind, ...], artefacts: bool
    ) -> None:
        self._person = person
        self._dt_s = dt_s
        self.fear = Fear(person)
        self.arousal = Arousal(person, seed)
        self._breath = Breath(person, seed)
        self._heart = Heart(person, seed, dt_s)
        self._ecg = Ecg()
        self._pulse = Pulse()
        self._kinds = kinds
        self._skin = Skin(person, seed)
        self._motion = Motion(person, seed, artefacts)
        self.artefacts = Artefacts(kinds, seed, artefacts)
        self._brain = Brain(person, seed, dt_s) if Kind.EEG in kinds else None
        self._chance = Chance(seed, "reactions")
        self._hiss = stream(seed, "amplifier noise")
        self._hum_phase = stream(seed, "hum").uniform(0.0, 2.0 * math.pi, 8)
        self._loads = deque([0.0] * 5, maxlen=5)
        self._answered_s = -math.inf
        self._now_s = 0.0
        self._volume = 0.0
        self._seen_load = 0.0
        self._over_s = 0.0
        self._pressed_s = -math.inf
        self._last_r_s: float | None = None
        self._beats = 0
        self.beats: list[tuple[float, float]] = []  # of this tick: R (s), RR before it (s)
        self.pressed = False

    def update(self, start_s: float, seen: Seen) -> None:
        """Lives one tick from start_s under what is seen."""
        dt_s, load = self._dt_s, seen.load
        self._now_s, self._seen_load = start_s + dt_s, load
        self._motion.update(dt_s)
        self.artefacts.update(dt_s, self._motion.began)
        fear = self.fear.at(load)
        self.arousal.update(dt_s, load, fear, seen.effort, self._breath.relaxed)
        x = self.arousal.level
        self.fear.update(dt_s, load, x, seen.looks_away or seen.eyes_closed)
        self._volume = self._breath.volume
        self._breath.update(dt_s, self._now_s, x, seen.pacer)
        around = 2.0 * (self._breath.volume - self._breath.middle)
        peaks = self._heart.update(dt_s, start_s, x, around, self._motion.work_bpm)
        self.beats = [self._beat(peak_s) for peak_s in peaks]
        self._skin.update(dt_s, start_s, x)
        self._notice(start_s, load)
        if self._brain is not None:
            self._brain.update(dt_s, start_s, x, seen.eyes_closed)
        self._protest(x)

    def react(self, amount: float) -> None:
        """Something sudden happens: arousal jumps by about this much and the skin answers."""
        self.arousal.startle(amount)
        self._skin.respond(self._now_s, 0.3 * (1.0 + 2.0 * amount))

    def do(self, deed: str) -> None:
        """Does what was asked: a deep sigh (the skin answers), three blinks, clenched teeth."""
        if deed == "sigh":
            self._breath.sigh()
            self._skin.respond(self._now_s, SIGH_US)
        elif self._brain is not None:
            self._brain.do(deed, self._now_s)

    def draw(self, kind: Kind, start_s: float, times_s: Floats) -> Floats | list[float]:
        """Samples of one sensor at these times within the tick that began at start_s."""
        loose = self.artefacts.loose(kind)
        if kind is Kind.EDA:
            offsets = (times_s - start_s).tolist()
            values = self._skin.draw(start_s, self._dt_s, offsets)
            jump = self.artefacts.eda_jump_us
            return [0.005 if loose else max(0.0, value + jump) for value in values]
        if kind is Kind.MOTION:
            return self._motion.draw(len(times_s), self._breath.volume)
        share = (times_s - start_s) / self._dt_s
        volume = self._volume + (self._breath.volume - self._volume) * share
        if kind is Kind.BREATH:
            noise = self._hiss.standard_normal(len(times_s))
            return 0.02 * noise if loose else volume + (0.01 + self._motion.strength_g) * noise
        if kind is Kind.PPG:
            noise = self._hiss.standard_normal(len(times_s))
            pulse = self._pulse.draw(times_s, volume)
            return 0.05 * noise if loose else pulse + (0.02 + 5.0 * self._motion.strength_g) * noise
        hum = np.sin(2.0 * math.pi * HUM_HZ * times_s)
        if kind is Kind.ECG:
            return self._draw_ecg(times_s, volume, hum, loose)
        assert self._brain is not None, f"nothing to draw for {kind}"
        wave = self._brain.draw(times_s, self._motion.strength_g)
        if loose:
            wave = 15.0 * self._hiss.standard_normal(wave.shape)
        strength = self._person.hum_uv * (1.0 + 0.5 * np.cos(self._hum_phase))
        return wave + hum[:, None] * (strength * (30.0 if loose else 1.0))

    def truth(self, now_s: float) -> Truth:
        """The inner state at the end of the last tick."""
        return Truth(
            time_s=now_s,
            arousal=self.arousal.level,
            fear=self.fear.at(self._seen_load),
            inhibition=self.fear.inhibition(self._seen_load),
            heart_rate_bpm=self._heart.rate_bpm,
            breath_rate_per_min=self._breath.rate_per_min,
            in_step=self._breath.in_step,
            skin_level_us=self._skin.level_us,
            scr_rate_per_min=self._skin.rate_per_min,
            moving=self._motion.strength_g > 0.0,
            beats=self._beats,
        )

    def between(self, days: float, context_change: float) -> None:
        """Time passes without exposure: fear returns in part, rest levels shift a little."""
        self.fear.between(days, context_change)
        self.arousal.settle()
        self._over_s = 0.0
        self._heart.rest_bpm = self._person.heart_rate_bpm + self._chance.normal(3.0)
        self._skin.rest_us = self._person.skin_us * math.exp(self._chance.normal(0.2))

    def _draw_ecg(self, times_s: Floats, volume: Floats, hum: Floats, loose: bool) -> Floats:
        noise = self._hiss.standard_normal(len(times_s))
        beats = self._ecg.draw(times_s)  # drawn in any case: it forgets what is past
        if loose:
            return 30.0 * noise + 300.0 * hum
        wander = 150.0 * (volume - self._breath.middle)
        rough = 5.0 + 600.0 * self._motion.strength_g
        return beats + wander + rough * noise + self._person.hum_uv * hum

    def _beat(self, peak_s: float) -> tuple[float, float]:
        usual = 60.0 / self._heart.rate_bpm
        rr_s = usual if self._last_r_s is None else peak_s - self._last_r_s
        self._last_r_s = peak_s
        self._beats += 1
        height = 1.0 - 0.08 * (self._breath.volume - 0.5)
        if Kind.ECG in self._kinds:
            self._ecg.add(peak_s, rr_s, height)
        if Kind.PPG in self._kinds:
            self._pulse.add(peak_s, rr_s, self.arousal.level)
        return peak_s, rr_s

    def _notice(self, start_s: float, load: float) -> None:
        rise = load - self._loads[0]
        self._loads.append(load)
        if rise > NOTICED and start_s - self._answered_s > 5.0:
            self._answered_s = start_s
            size = 0.3 * (1.0 + 2.0 * self.arousal.level) * math.exp(self._chance.normal(0.4))
            self._skin.respond(start_s, size * min(1.0, self._person.coupling))

    def _protest(self, x: float) -> None:
        if x > 0.95:
            self._over_s += self._dt_s
        elif x < 0.85:
            self._over_s = 0.0
        quiet_s = self._now_s - self._pressed_s
        if self._over_s >= self._person.patience_s and quiet_s >= PRESS_AGAIN_S:
            self._pressed_s, quiet_s = self._now_s, 0.0
        self.pressed = quiet_s < PRESS_S
