"""One number for arousal with a standard deviation that is meant to be true."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erfc, sqrt

from adaptivevr.belief import START_SD, Belief
from adaptivevr.evidence import (
    DRY_NOISE,
    LATE_AFTER_S,
    RELATIVE_NOISE,
    SUSPECT_NOISE,
    Evidence,
    Movement,
    State,
    dry,
    evidence,
    usable,
)
from adaptivevr.silence import Sides, Silence, discord
from calibration.baseline import Baseline, Reference
from calibration.prior import PRIORS, Prior
from sensors.feature import Feature, Status

WALK = 0.035**2
"""How fast arousal may change by itself, variance per second (sources: B3)."""
BOOST = 3.0
BOOST_S = 20.0
"""After a new scene, cue or rating arousal may change three times as fast for 20 s."""
BLIND = 2.0
"""With nothing to see, changes go unseen: doubt grows twice as fast."""
LOST_AFTER_S = 10.0
"""All late for this long and the level is None. What is told until then is a prediction that
leans to rest, its sd growing with every second; increases have ended long before, when the
guard's data were no longer fresh (sources: G4)."""
VAGUE_SD = 0.35
"""An estimate vaguer than this is no estimate: its level is None as well."""
FLOOR_SD = 0.06
RELATIVE_SCALE_SD = 0.35
SIDES = {"skin level": "skin", "skin drive": "skin", "vagus": "heart"}
RATING_SD = 0.2
RATING_APART_S = 30.0
"""Ratings given faster than this share one rating's weight."""
MOST_AGE_S, PAST_S = 8.0, 0.5
"""An answer comes 3 to 8 s after the question (sources: B3); the level's course is kept so long."""
STEP_S = 0.1
MOST_ACCOUNTS = 16
GATE = 16.0  # 4 sigma, squared


@dataclass(frozen=True, slots=True)
class Part:
    """One feature's share in the estimate: how far it pulls, how much it weighs, how old it is.

    The level is the sum of all pulls plus the rest level for the weight nobody has:
    `level = sum(pull) + (1 - sum(weight)) * 0.1`. pull / weight is where this feature alone
    would put arousal.
    """

    name: str
    pull: float
    weight: float
    quality: float
    age_s: float
    state: State = State.USED


@dataclass(frozen=True, slots=True)
class Arousal:
    """The arousal index: 0 is this person's quiet, 1 the strongest expected.

    level is None when nothing usable is left: a lost signal is never a number. It is not
    clipped: beyond the strongest expected it exceeds 1. sd is always a number and grows while
    nothing is known. relative: no stream of known unit supports it; automation stays off.
    prior_only: the slopes are the population's; automation is limited.
    """

    level: float | None
    sd: float
    parts: tuple[Part, ...] = ()
    age_s: float | None = None
    relative: bool = False
    prior_only: bool = False

    def chance_above(self, threshold: float) -> float | None:
        """The probability that arousal is above a threshold, None when nothing is known.

        >>> Arousal(0.5, 0.1).chance_above(0.5)
        0.5
        >>> round(Arousal(0.5, 0.1).chance_above(0.6), 3)
        0.159
        """
        if self.level is None:
            return None
        return 0.5 * erfc((threshold - self.level) / (self.sd * sqrt(2.0)))


class Estimator:
    """Arousal from whatever features come, by a Kalman filter over arousal and slow offsets.

    The state is arousal x (a random walk that leans to rest) and, for each feature of each
    stream, how far its resting point has wandered since the quiet phase. A reading is
    `y = offset + wandered + slope * x + noise`; its noise grows with poor quality, movement and
    an unknown unit. Each reading counts for the seconds since the one before, so that beats and
    once-a-second features weigh by time, whatever the tick rate. On top of the filter's own
    doubt, sd holds a floor and the doubt about the person's whole scale (sources: B3; filter:
    Prerau 2008, Wickramasuriya & Faghih 2020, here without the point process, since the
    sudomotor drive already carries the responses).

    Plain floats and a fixed order: the same calls give the same bits.
    """

    def __init__(
        self, baseline: Baseline | None, priors: Mapping[str, Prior] | None = None
    ) -> None:
        self.baseline = baseline
        self._priors = PRIORS if priors is None else priors
        self._references = {r.name: r for r in baseline.references} if baseline else {}
        level = self._references.get("ln_scl")
        self._dry = level is not None and dry(level)
        self._accounts: dict[tuple[str, str], Evidence] = {}
        self._in_use: dict[str, Evidence] = {}
        self._organs: dict[str, str] = {}
        self._belief = Belief()
        # Before a calibration nobody knows whether this skin answers.
        unsure = baseline is not None and baseline.prior_only
        self._silence = Silence(baseline.skin_answers) if baseline and unsure else None
        self._movement = Movement()
        self._time_s: float | None = None
        self._boost_until_s = float("-inf")
        self._seen_s: float | None = None
        self._tied = False
        self._rated_s: float | None = None
        self._past: deque[tuple[float, float]] = deque(maxlen=round(MOST_AGE_S / PAST_S) + 1)
        self._arousal = Arousal(None, sqrt(START_SD**2 + FLOOR_SD**2))

    @property
    def arousal(self) -> Arousal:
        """The latest estimate; reading it changes nothing."""
        return self._arousal

    def update(
        self,
        now_s: float,
        features: Sequence[Feature],
        *,
        scene_changed: bool = False,
        rating: float | None = None,
        rating_age_s: float = 0.0,
        paced: bool = False,
    ) -> Arousal:
        """Takes what has come by now_s and returns the estimate for now_s.

        features: in the order they came; each is used once. scene_changed: a new level, cue
        or a jump in intensity happened at this tick. rating: how the patient rates it now,
        0..1 (a SUDS of 60 is 0.6), rating_age_s: how long ago the moment is that it is about.
        paced: breathing is paced or broken up by talk, so that heart rate variability says
        nothing about arousal.
        """
        if self.baseline is None:
            return self._arousal
        if scene_changed or rating is not None:
            self._advance(now_s)
            self._boost_until_s = now_s + BOOST_S
        due = self._time_s is None or now_s - self._time_s >= STEP_S
        if not (features or due or scene_changed or rating is not None):
            return self._arousal
        self._advance(now_s)
        for feature in features:
            if feature.name == "motion":
                self._movement.update(now_s, feature)
        for feature in features:
            self._observe(now_s, feature, paced)
        if rating is not None:
            self._rate(now_s, rating, min(max(rating_age_s, 0.0), MOST_AGE_S))
        self._arousal = self._report(now_s)
        return self._arousal

    # Time passes

    def _advance(self, now_s: float) -> None:
        if self._time_s is None:
            self._time_s = now_s
            self._seen_s = now_s
        while self._time_s < now_s:
            # The walk is exact between the moments where its speed changes, so that many small
            # steps and one large one agree.
            blind_s = LATE_AFTER_S + (self._seen_s or 0.0)
            stops = [t for t in (self._boost_until_s, blind_s) if self._time_s < t < now_s]
            until_s = min(stops, default=now_s)
            rate = WALK * (BOOST if self._time_s < self._boost_until_s else 1.0)
            rate *= BLIND if self._time_s >= blind_s else 1.0
            self._belief.drift(until_s - self._time_s, rate)
            if self._silence is not None:
                self._silence.drift(until_s - self._time_s, rate)
            self._movement.fade(until_s - self._time_s)
            self._time_s = until_s

    # Readings come

    def _observe(self, now_s: float, feature: Feature, paced: bool) -> None:
        prior = self._priors.get(feature.name)
        if prior is None:
            return
        account = self._account(now_s, feature, prior)
        if account is None or account.state is State.SILENT:
            return
        account.quality = feature.quality
        if not usable(feature, now_s):
            account.state = State.POOR
            return
        credit_s = account.credit_s(feature)
        if credit_s == 0.0:
            return
        account.take(now_s, feature)
        if not self._chosen(now_s, account):
            account.state = State.SPARE
            return
        if paced and account.organ == "vagus":
            account.state = State.PACED
            return
        if feature.status is Status.IRREGULAR and account.organ == "vagus":
            account.state = State.POOR
            return
        loss = self._movement.widens(now_s, account.organ)
        if loss is None:
            account.state = State.MOVING
            return
        weight = feature.quality * credit_s * account.share(now_s)
        weight *= 0.5 if feature.status is Status.SETTLING else 1.0
        noise = account.noise * loss / weight * (RELATIVE_NOISE if account.relative else 1.0)
        self._weigh(now_s, account, float(feature.value or 0.0), noise)

    def _account(self, now_s: float, feature: Feature, prior: Prior) -> Evidence | None:
        key = (feature.name, feature.stream)
        found = self._accounts.get(key)
        if found is not None or len(self._accounts) >= MOST_ACCOUNTS:
            return found
        reference = self._references.get(feature.name)
        if reference is not None and not prior.portable and reference.stream != feature.stream:
            reference = _elsewhere(reference) if reference.stream else reference
        row = self._belief.size
        made = evidence(feature, prior, reference, row)
        if prior.organ.startswith("skin") and self._dry:
            made.noise *= DRY_NOISE
        if not made.tied:
            if feature.value is None or not usable(feature, now_s):
                return None  # wait for a reading to start from
            made.offset = feature.value - made.slope * self._belief.mean
        self._belief.grow(made.offset_sd**2, made.wander)
        if self._silence is not None:
            self._silence.grow(made.offset_sd**2, made.wander)
        self._accounts[key] = made
        self._organs[made.name] = made.organ
        return made

    def _chosen(self, now_s: float, account: Evidence) -> bool:
        """One feature an organ: the one in use stays until it is late or clearly worse."""
        current = self._in_use.get(account.organ)
        if current is account:
            return True
        if current is not None and not current.late(now_s):
            better = account.quality > current.quality + 0.15
            better = account.replaces(current) or (better and not current.replaces(account))
            if not better or (current.tied and not account.tied):
                return False
        account.since_s = now_s
        self._in_use[account.organ] = account
        return True

    def _weigh(self, now_s: float, account: Evidence, value: float, noise: float) -> None:
        belief = self._belief
        slope, row = account.slope, account.row
        reading = value - account.offset
        surprise, spread = belief.expect(slope, row, reading)
        if not account.judge(now_s, surprise * surprise, GATE * (spread + noise)):
            account.state = State.REJECTED
            return
        account.state = State.SUSPECT if account.suspect else State.USED
        noise *= SUSPECT_NOISE if account.suspect else 1.0
        if self._silence is not None:
            self._silence.learn(
                belief, account.name, account.organ, slope, row, reading, noise
            )  # fmt: skip
        belief.learn(account.name, slope, row, reading, noise)
        self._seen_s = now_s
        self._tied = self._tied or account.tied

    def _rate(self, now_s: float, rating: float, age_s: float) -> None:
        """What the patient says is never gated; only a flood of ratings is thinned.

        It is about a moment some seconds ago: what the level has moved since then is added, and
        what it may have moved unseen goes into the noise.
        """
        if not 0.0 <= rating <= 1.0:
            return
        apart_s = RATING_APART_S if self._rated_s is None else now_s - self._rated_s
        credit = min(1.0, apart_s / RATING_APART_S)
        self._rated_s = now_s
        if credit > 0.0:
            noise = (RATING_SD**2 + WALK * age_s) / credit
            before = next((m for at_s, m in self._past if at_s >= now_s - age_s), None)
            rating += self._belief.mean - before if age_s > 0.0 and before is not None else 0.0
            self._belief.learn("rating", 1.0, None, rating, noise)
            if self._silence is not None:
                self._silence.rate(rating, noise)

    # What is known

    def _report(self, now_s: float) -> Arousal:
        baseline = self.baseline
        assert baseline is not None
        fresh = [a for a in self._accounts.values() if a.state is not State.SILENT]
        fresh = [a for a in fresh if not a.late(now_s) and a.state in (State.USED, State.SUSPECT)]
        relative = bool(fresh) and all(account.relative for account in fresh)
        scale = max(baseline.scale_sd, RELATIVE_SCALE_SD if relative else 0.0)
        mean, variance = self._belief.mean, self._belief.variance
        if not self._past or now_s - self._past[-1][0] >= PAST_S:
            self._past.append((now_s, mean))
        spread = variance
        if self._silence is not None:  # nobody knows yet which sides answer in this person
            spread = self._silence.spread(self._belief) + discord(self._sides())
        sd = sqrt(spread + FLOOR_SD**2 + (scale * mean) ** 2)
        seen_s = self._seen_s if self._seen_s is not None else now_s
        lost = now_s - seen_s > LATE_AFTER_S + LOST_AFTER_S
        known = self._tied and not lost and sqrt(variance) <= VAGUE_SD
        ages = [_age_s(now_s, account) for account in self._in_use.values()]
        return Arousal(
            level=mean if known else None,
            sd=sd,
            parts=self._parts(now_s),
            age_s=min(ages, default=None),
            relative=relative,
            prior_only=baseline.prior_only,
        )

    def _sides(self) -> Sides:
        """(weight, pull) of heart, skin and brain in the level."""
        sides: dict[str, tuple[float, float]] = {}
        for name, organ in self._organs.items():
            side = SIDES.get(organ, organ)
            weight, pull = self._belief.share(name)
            known = sides.get(side, (0.0, 0.0))
            sides[side] = known[0] + weight, known[1] + pull
        return tuple(sides.values())

    def _parts(self, now_s: float) -> tuple[Part, ...]:
        parts = []
        named: set[str] = set()
        in_use = [a for a in self._accounts.values() if self._in_use.get(a.organ) is a]
        for account in (*in_use, *self._accounts.values()):
            if account.name in named:
                continue
            named.add(account.name)
            late = account.late(now_s) and account.state is not State.SILENT
            weight, pull = self._belief.share(account.name)
            parts.append(
                Part(
                    name=account.name,
                    pull=pull,
                    weight=weight,
                    quality=0.0 if late else account.quality,
                    age_s=_age_s(now_s, account),
                    state=State.LATE if late and account.state is not State.POOR else account.state,
                )
            )
        if self._rated_s is not None:
            weight, pull = self._belief.share("rating")
            parts.append(Part("rating", pull, weight, 1.0, now_s - self._rated_s))
        return tuple(parts)


def _age_s(now_s: float, account: Evidence) -> float:
    return 0.0 if account.time_s is None else max(0.0, now_s - account.time_s)


def _elsewhere(reference: Reference) -> Reference:
    """The same person's slope at another site: how far it moves holds, where it stands does not."""
    return Reference(
        reference.name,
        reference.unit,
        None,
        reference.slope,
        reference.sd,
        responsive=reference.responsive,
    )
