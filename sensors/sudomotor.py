"""Skin conductance told apart, as it comes: slow level, responses, and the nerve's drive."""

import math
from functools import lru_cache

# Nine answers are tried side by side: how fast sweat clears (s), how lively the nerve is (uS^2/s).
CLEARANCE_S = (1.8, 2.6, 3.6)
LIVELINESS = (0.002, 0.01, 0.05)
RISE_S = 0.7  # time constant of the duct, as in cvxEDA
WANDER = 1.5e-4  # uS^2/s, random walk of the level
MEMORY_S = 120.0  # over which an answer's record counts
TRUST = 0.1  # neighbouring samples err alike, so each counts for a tenth


@lru_cache(maxsize=256)
def _steady(clearance_s: float, liveliness: float, noise: float, dt_s: float) -> tuple[float, ...]:
    """The constants of one Kalman filter once it has settled.

    State drive p, response r, level T: dp = -p/rise + w, dr = p - r/clearance, dT = w';
    y = r + T + noise. Written out in scalars: a matrix product gives other bits on other
    processors.
    """
    a, b = math.exp(-dt_s / RISE_S), math.exp(-dt_s / clearance_s)
    c = (a - b) / (1 / clearance_s - 1 / RISE_S)
    pp, pr, pt, rr, rt, tt = 0.02, 0.0, 0.0, 0.02, 0.0, 1.0
    k = (0.0, 0.0, 0.0)
    total = 0.0
    for _ in range(int(120 / dt_s)):
        rr = c * c * pp + 2 * b * c * pr + b * b * rr + 1e-6 * dt_s
        pr = a * (c * pp + b * pr)
        pp = a * a * pp + liveliness * dt_s
        rt = c * pt + b * rt
        pt = a * pt
        tt = tt + WANDER * dt_s
        hp, hr, ht = pr + pt, rr + rt, rt + tt
        total = hr + ht + noise
        k = (hp / total, hr / total, ht / total)
        pp, pr, pt = pp - k[0] * hp, pr - k[0] * hr, pt - k[0] * ht
        rr, rt, tt = rr - k[1] * hr, rt - k[1] * ht, tt - k[2] * ht
    return a, b, c, *k, 1 / total, math.log(total), pr / pp, pt / pp, pr / rr, rt / rr


class Sudomotor:
    """Causal decomposition of skin conductance: a bank of Kalman filters, weighed by their record.

    Each filter is a cascade of two leaks on a wandering level, no state below zero (the model
    of Greco et al. 2016, cvxEDA, run forward). People clear sweat at different speeds and have
    livelier or quieter nerves: filters that foretell the next sample better count for more.

    >>> skin = Sudomotor(dt_s=0.25)
    >>> [round(skin.update(5.0)[2], 3) for _ in range(3)]
    [5.0, 5.0, 5.0]
    """

    def __init__(self, dt_s: float, noise: float = 1e-4) -> None:
        self._dt_s = dt_s
        self._memory = math.exp(-dt_s / MEMORY_S)
        self._pairs = [(c, q) for c in CLEARANCE_S for q in LIVELINESS]
        self._states: list[tuple[float, float, float]] = []
        self._records = [0.0] * len(self._pairs)
        self.set_noise(noise)

    def set_noise(self, noise: float) -> None:
        """The variance of the sensor's noise, uS^2."""
        self._filters = [_steady(c, q, noise, self._dt_s) for c, q in self._pairs]

    def skip(self, seconds: float) -> None:
        """Nothing came for so long: drive and response die away, the level stays."""
        for i, ((clearance_s, _), (p, r, level)) in enumerate(
            zip(self._pairs, self._states, strict=False)
        ):
            a, b = math.exp(-seconds / RISE_S), math.exp(-seconds / clearance_s)
            c = (a - b) / (1 / clearance_s - 1 / RISE_S)
            self._states[i] = (a * p, c * p + b * r, level)

    def level_at(self, value: float) -> None:
        """After a hole or a jump the level is whatever the response does not explain."""
        self._states = [(p, min(r, value), max(value - r, 0.0)) for p, r, _ in self._states]

    def update(self, value: float) -> tuple[float, float, float]:
        """Drive, response (phasic) and level (tonic) in uS, for the next sample."""
        if not self._states:
            self._states = [(0.0, 0.0, value)] * len(self._pairs)
        records, states, memory = self._records, self._states, self._memory
        for i, (a, b, c, kp, kr, kt, precision, ln_total, rp, tp, pr, tr) in enumerate(
            self._filters
        ):
            p, r, level = states[i]
            p, r = a * p, c * p + b * r
            error = value - r - level
            fit = -0.5 * (error * error * precision + ln_total)
            records[i] = records[i] * memory + TRUST * min(max(fit, -12.0), 20.0)
            p += kp * error
            r += kr * error
            level += kt * error
            if p < 0.0:
                r -= rp * p
                level -= tp * p
                p = 0.0
            if r < 0.0:
                p = max(p - pr * r, 0.0)
                level -= tr * r
                r = 0.0
            states[i] = (p, r, max(level, 0.0))
        best = max(records)
        weights = [math.exp(x - best) for x in records]
        total = sum(weights)
        drive = sum(w * s[0] for w, s in zip(weights, states, strict=True)) / total
        phasic = sum(w * s[1] for w, s in zip(weights, states, strict=True)) / total
        tonic = sum(w * s[2] for w, s in zip(weights, states, strict=True)) / total
        return drive, phasic, tonic
