"""Whether this person's skin or heart answers at all, weighed while nobody has calibrated it."""

from dataclasses import dataclass, field
from math import exp, log

from adaptivevr.belief import Belief
from calibration.baseline import QUIET_LEVEL

SHARE = 0.05
"""Of the population's slope that is left where a person does not respond (sources: B3)."""
SUREST = 3.0
"""Log odds stay within this: a quarter of an hour proves little."""
PRIORS = {"skin": 0.10, "heart": 0.07}
"""About one person in ten hardly responds at the skin (Boucsein 2012; Braithwaite 2013); fewer
hearts are held, mostly by drugs."""
UNANSWERED = 0.7
"""For the skin, after a sigh that it did not answer."""
FLOOR_SD = 0.06
LEAST_SHARE = 0.05
type Sides = tuple[tuple[float, float], ...]
"""(weight, pull) in the level, for heart, skin and brain."""
ORGANS = {"skin": ("skin level", "skin drive"), "heart": ("heart", "vagus")}


@dataclass(slots=True)
class _Other:
    """The belief of somebody who shows nothing in these organs, and its log odds."""

    organs: tuple[str, ...]
    odds: float
    belief: Belief = field(default_factory=Belief)


class Silence:
    """Beside the belief in a body that responds, one each in a silent skin and a silent heart.

    All take the same readings; the one that foretells them best gains. Where they disagree,
    the doubt is wide.

    >>> round(Silence().spread(Belief()), 6)
    0.04
    """

    def __init__(self, skin_answers: bool | None = None) -> None:
        first = {**PRIORS, "skin": UNANSWERED if skin_answers is False else PRIORS["skin"]}
        whole = 1.0 - sum(first.values())
        self._others = tuple(
            _Other(ORGANS[side], log(share / whole)) for side, share in first.items()
        )

    def grow(self, variance: float, wander: float) -> None:
        """Adds a resting point everywhere."""
        for other in self._others:
            other.belief.grow(variance, wander)

    def drift(self, dt_s: float, rate: float) -> None:
        """Lets time pass everywhere."""
        for other in self._others:
            other.belief.drift(dt_s, rate)

    def rate(self, rating: float, noise: float) -> None:
        """What the patient says counts whatever the body does."""
        for other in self._others:
            other.belief.learn("rating", 1.0, None, rating, noise)

    def learn(
        self, belief: Belief, name: str, organ: str, slope: float, place: int, reading: float,
        noise: float,
    ) -> None:  # fmt: skip
        """Takes a reading before `belief`, the one in which the body responds, takes it."""
        expected = _ln_likely(belief, slope, place, reading, noise)
        flat = SHARE * slope
        # The same resting point: the offset was reckoned for somebody who responds.
        still = reading - QUIET_LEVEL * (slope - flat)
        for other in self._others:
            at, value = (flat, still) if organ in other.organs else (slope, reading)
            gain = _ln_likely(other.belief, at, place, value, noise) - expected
            other.odds = min(max(other.odds + gain, -SUREST), SUREST)
            other.belief.learn(name, at, place, value, noise)

    def chances(self) -> list[float]:
        """How likely each is: a body that responds, then a silent skin, then a silent heart."""
        weights = [1.0, *(exp(other.odds) for other in self._others)]
        total = sum(weights)
        return [weight / total for weight in weights]

    def spread(self, belief: Belief) -> float:
        """Variance of the level around `belief`'s, over all that may be true of this person.

        The level itself stays that of a body that responds: on real wrists (docs/evaluation.md)
        the mixture's mean told stress from rest less well than it.
        """
        beliefs = [belief, *(other.belief for other in self._others)]
        return sum(
            chance * (one.variance + (one.mean - belief.mean) ** 2)
            for chance, one in zip(self.chances(), beliefs, strict=True)
        )


def _ln_likely(belief: Belief, slope: float, place: int, reading: float, noise: float) -> float:
    surprise, spread = belief.expect(slope, place, reading)
    total = spread + noise
    return -0.5 * (surprise * surprise / total + log(total))


def discord(sides: Sides) -> float:
    """Variance of the level where heart, skin and brain would each put it elsewhere.

    Somebody whose skin is silent, or whose heart is held by a drug, is seen by this before
    any calibration: the parts' spread, as between the studies of a meta-analysis
    (DerSimonian & Laird 1986).

    >>> round(discord(((0.4, 0.04), (0.4, 0.24))), 4), discord(((0.8, 0.4),))
    (0.0589, 0.0)
    """
    known = [(weight, pull / weight) for weight, pull in sides if weight > LEAST_SHARE]
    if len(known) < 2:
        return 0.0
    total = sum(weight for weight, _ in known)
    middle = sum(weight * alone for weight, alone in known) / total
    spread = sum(weight * (alone - middle) ** 2 for weight, alone in known) / total
    among = len(known) / (len(known) - 1) * sum(weight**2 for weight, _ in known) / total**2
    return max(spread - FLOOR_SD**2, 0.0) * among
