"""What is held to be true about arousal and the wandering resting points, with all doubt."""

from math import exp

REST_LEVEL = 0.1
"""Where arousal drifts when nothing is known of it."""
RETURN_S = 300.0
START_SD = 0.2


class Belief:
    """Mean and covariance of arousal (place 0) and of each resting point's wandering (1, 2, ...).

    A Kalman filter in plain floats: `reading = slope * arousal + wandering + noise`. Beside it
    runs an exact account of whose readings made the level: after each reading of gain a,
    level = (1 - a) * level + a * (where this reading alone would put it), so the shares of all
    names and of rest always add up to the level.

    >>> belief = Belief()
    >>> belief.learn("rating", 1.0, None, 0.6, 0.04)
    >>> round(belief.mean, 3), round(belief.variance, 3), belief.share("rating")
    (0.35, 0.02, (0.5, 0.3))
    """

    def __init__(self) -> None:
        self._means = [REST_LEVEL]
        self._cov = [[START_SD**2]]
        self._wander = [0.0]
        self._shares: dict[str, tuple[float, float]] = {}

    @property
    def mean(self) -> float:
        """The level held most likely."""
        return self._means[0]

    @property
    def variance(self) -> float:
        """How far the level may be off, squared, before floor and scale."""
        return max(self._cov[0][0], 0.0)

    @property
    def size(self) -> int:
        """How many quantities are held; the next to be grown gets this place."""
        return len(self._means)

    def share(self, name: str) -> tuple[float, float]:
        """(weight, pull) of one name's readings in the level."""
        return self._shares.get(name, (0.0, 0.0))

    def grow(self, variance: float, wander: float) -> None:
        """Adds a resting point that may be off by `variance` and walks `wander` per second."""
        for line in self._cov:
            line.append(0.0)
        self._cov.append([0.0] * self.size + [variance])
        self._means.append(0.0)
        self._wander.append(wander)

    def drift(self, dt_s: float, rate: float) -> None:
        """Lets time pass: arousal leans to rest and walks at `rate` (variance per second)."""
        keep = exp(-dt_s / RETURN_S)
        cov = self._cov
        self._means[0] = REST_LEVEL + (self._means[0] - REST_LEVEL) * keep
        first = cov[0]
        for place in range(1, len(first)):
            first[place] *= keep
            cov[place][0] = first[place]
            cov[place][place] += self._wander[place] * dt_s
        first[0] = first[0] * keep * keep + rate * RETURN_S / 2 * (1.0 - keep * keep)
        self._shares = {n: (w * keep, pull * keep) for n, (w, pull) in self._shares.items()}

    def expect(self, slope: float, place: int | None, reading: float) -> tuple[float, float]:
        """(how much a reading surprises, variance of that surprise without its own noise)."""
        toward = self._toward(slope, place)
        wandered = 0.0 if place is None else self._means[place]
        spread = slope * toward[0] + (0.0 if place is None else toward[place])
        return reading - wandered - slope * self._means[0], max(spread, 0.0)

    def learn(
        self, name: str, slope: float, place: int | None, reading: float, noise: float
    ) -> None:
        """Takes one reading with its noise variance; place None: it has no resting point."""
        surprise, spread = self.expect(slope, place, reading)
        toward = self._toward(slope, place)
        spread += noise
        alone = self._means[0] + surprise / slope
        for at, along in enumerate(toward):
            self._means[at] += along * surprise / spread
            scaled = along / spread
            line = self._cov[at]
            for column, other in enumerate(toward):
                line[column] -= scaled * other
        gain = slope * toward[0] / spread
        rest = 1.0 - gain
        self._shares = {n: (w * rest, pull * rest) for n, (w, pull) in self._shares.items()}
        weight, pull = self._shares.get(name, (0.0, 0.0))
        self._shares[name] = (weight + gain, pull + gain * alone)

    def _toward(self, slope: float, place: int | None) -> list[float]:
        """Covariance of every quantity with a reading."""
        if place is None:
            return [line[0] * slope for line in self._cov]
        return [line[0] * slope + line[place] for line in self._cov]
