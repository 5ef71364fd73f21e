"""What one feature of one stream has to say about arousal, and how far to believe it now."""

from dataclasses import dataclass
from enum import StrEnum
from math import exp, log

from calibration.baseline import QUIET_LEVEL, Reference
from calibration.prior import OVERLAP, Prior
from sensors.feature import Feature, Status

LATE_AFTER_S = 3.0
"""A feature older than this says nothing about now (sources: G4)."""
USABLE_QUALITY = 0.5
"""Below this a feature is left out altogether (sources: G4)."""
HANDOVER_S = 5.0
"""A feature that comes (back) reaches its full weight over this time: no jump."""
LONGEST_CREDIT_S = 2.0
"""One reading stands for the time since the last one, at most this long."""
REJECTED_S = 10.0
"""Readings beyond 4 sigma are dropped this long; then they are let in at a quarter's weight."""
SUSPECT_NOISE = 4.0
RELATIVE_NOISE = 4.0
DRY_US, DRY_NOISE = 1.0, 4.0
"""Skin that stands below this at rest (a dry wrist) hardly sweats into the electrodes: what it
says of arousal is mostly drift of the contact, so its noise counts four times."""
UNTIED_SD = 4.0
"""A feature without a measured offset starts with one unknown by this much of the full scale."""

MOVING_G, STILL_G, WILD_G = 0.1, 0.05, 0.15
MOVING_S = 5.0
SETTLE_S = 10.0
"""Movement is remembered this long: a 30 s heart rate still holds it."""
MOST_SENSORS = 16

_UNUSABLE = frozenset({Status.FLAT, Status.CLIPPED, Status.DETACHED})


class State(StrEnum):
    """Why a feature weighs what it weighs."""

    USED = "used"
    LATE = "late"  # nothing usable for longer than LATE_AFTER_S
    POOR = "poor"  # its quality is too low
    REJECTED = "rejected"  # too far from what all others say
    SUSPECT = "suspect"  # was rejected for long: let in with little weight
    MOVING = "moving"  # the body moves: the heart works for the muscles
    SPARE = "spare"  # another feature tells the same, and better
    SILENT = "silent"  # this person does not show arousal here
    PACED = "paced"  # breathing is paced: its variability is made, not felt


@dataclass(slots=True)
class Evidence:
    """The running account of one feature of one stream.

    offset is where the calibration put its resting point; how far that has wandered since
    stands in the belief, at place `row`.
    """

    name: str
    stream: str
    organ: str
    slope: float
    offset: float
    offset_sd: float
    noise: float  # variance of one reading's worth of a second
    wander: float  # variance of the offset's walk, per second
    row: int
    tied: bool  # the offset was measured in a quiet phase
    instead_of: str = ""  # the feature of the same stream that it replaces
    state: State = State.LATE
    quality: float = 0.0
    relative: bool = False
    time_s: float | None = None  # of the last reading taken
    known_s: float | None = None  # when it could have been known
    since_s: float = 0.0  # start of the handover
    rejected_since_s: float | None = None
    suspect: bool = False

    def late(self, now_s: float) -> bool:
        """True when its last usable reading is too old to say anything about now."""
        return self.known_s is None or now_s - self.known_s > LATE_AFTER_S

    def credit_s(self, feature: Feature) -> float:
        """For how many seconds this reading speaks; 0 for one already counted."""
        if self.time_s is None:
            return 1.0
        return min(max(feature.time_s - self.time_s, 0.0), LONGEST_CREDIT_S)

    def replaces(self, other: "Evidence") -> bool:
        """True for a better view of the same thing in the same stream."""
        return self.instead_of == other.name and self.stream == other.stream

    def share(self, now_s: float) -> float:
        """0.1..1 during the handover after it came, 1 ever after."""
        return min(1.0, 0.1 + (now_s - self.since_s) / HANDOVER_S)

    def take(self, now_s: float, feature: Feature) -> None:
        """Notes that this reading is usable and has come."""
        if self.late(now_s):
            self.since_s = now_s
        self.time_s = feature.time_s
        self.known_s = feature.time_s + feature.latency_s
        self.relative = feature.status is Status.RELATIVE

    def judge(self, now_s: float, surprise: float, allowed: float) -> bool:
        """Whether a reading this surprising may count (squares, 4 sigma); re-admits in time."""
        if surprise <= allowed:
            self.rejected_since_s = None
            self.suspect = False
            return True
        if self.rejected_since_s is None:
            self.rejected_since_s = now_s
        self.suspect = now_s - self.rejected_since_s > REJECTED_S
        return self.suspect


def evidence(feature: Feature, prior: Prior, reference: Reference | None, row: int) -> Evidence:
    """A new account: tied to its reference, or free until the others have placed it.

    A feature that no quiet phase measured (a sensor plugged in later) starts with an offset
    unknown by four times its full range. Its first readings are then explained by where the
    others say arousal is now; only its changes from there count. So fear that is already
    there is not normalised away, and the estimate's sd knows how good the others were.
    """
    tied = reference is not None and reference.offset is not None
    slope = prior.slope if reference is None else reference.slope
    sd = prior.sd if reference is None else reference.sd
    offset = reference.offset if reference is not None else None
    return Evidence(
        name=feature.name,
        stream=feature.stream,
        organ=prior.organ,
        slope=slope,
        offset=0.0 if offset is None else offset,
        offset_sd=reference.offset_sd if tied and reference else UNTIED_SD * abs(slope),
        noise=OVERLAP * sd * sd,
        wander=prior.drift_per_root_s**2,
        row=row,
        tied=tied,
        instead_of=prior.instead_of,
        state=State.LATE if reference is None or reference.responsive else State.SILENT,
    )


def dry(level: Reference) -> bool:
    """True for a skin level (ln uS) that was below 1 uS in the quiet phase."""
    return level.offset is not None and level.offset + QUIET_LEVEL * level.slope < log(DRY_US)


def usable(feature: Feature, now_s: float) -> bool:
    """Whether a feature can say anything: a finite value, good enough, and of now."""
    value = feature.value
    if value is None or not abs(value) < 1e12 or feature.status in _UNUSABLE:
        return False
    if not feature.quality >= USABLE_QUALITY:
        return False
    return now_s - feature.time_s - feature.latency_s <= LATE_AFTER_S


class Movement:
    """How much the body moves, and what that takes from each organ's word (sources: B3, A4, A5)."""

    def __init__(self) -> None:
        self._sensors: dict[str, tuple[float, float]] = {}
        self._moved_g = 0.0
        self._since_s: float | None = None

    def update(self, now_s: float, feature: Feature) -> None:
        """Takes one `motion` feature (g); of several sensors the liveliest counts."""
        if feature.value is None or not 0.0 <= feature.value < 100.0:
            return
        if len(self._sensors) < MOST_SENSORS or feature.stream in self._sensors:
            self._sensors[feature.stream] = (feature.time_s, feature.value)
        fresh = [g for at_s, g in self._sensors.values() if now_s - at_s <= LATE_AFTER_S]
        load_g = max(fresh, default=0.0)
        self._moved_g = max(self._moved_g, load_g)
        if load_g <= MOVING_G:
            self._since_s = None
        elif self._since_s is None:
            self._since_s = now_s

    def fade(self, dt_s: float) -> None:
        """Lets the memory of past movement fade."""
        self._moved_g *= exp(-dt_s / SETTLE_S)

    def widens(self, now_s: float, organ: str) -> float | None:
        """By how much movement widens an organ's noise; None when it says nothing at all."""
        moved_g = self._moved_g
        if organ in ("heart", "vagus"):
            if self._since_s is not None and now_s - self._since_s > MOVING_S:
                return None
            return 1.0 + (moved_g / STILL_G) ** 2
        if organ == "brain":
            return None if moved_g > MOVING_G else 1.0
        if moved_g > WILD_G:
            return None
        return 2.0 if moved_g > STILL_G else 1.0
