"""The kinds of patient: each a plain sentence and the ranges its people are drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from sensors.patient.chance import stream

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Person:
    """The numbers that make one person; ranges and sources are in `RANGES`."""

    sensitivity: float
    threshold: float
    spread: float
    half_life_min: float
    generalisation: float
    return_share: float
    base: float
    novelty: float
    novelty_decay_s: float
    restlessness: float
    rise_s: float
    fall_s: float
    coupling: float
    relaxability: float
    adherence: float
    patience_s: float
    heart_rate_bpm: float
    heart_gain_bpm: float
    rsa_ms: float
    vagal_withdrawal: float
    mayer_ms: float
    resonance_hz: float
    damping: float
    breath_per_min: float
    skin_us: float
    skin_gain: float
    scr_per_min: float
    scr_gain: float
    scr_decay_s: float
    scr_rise_s: float
    warm_up_us: float
    sweat: float
    alpha_hz: float
    alpha_uv: float
    alpha_drop: float
    slope: float
    background_uv: float
    blinks_per_min: float
    blink_uv: float
    hum_uv: float
    moves_per_min: float
    rating_bias: float
    rating_fear_share: float


# Fear: S, u50, s, half-life, w, rho_inf; arousal: b, k_n, decay, OU sd, tau up and down.
# Ranges after the published figures named in each part of the body; units in the names.
RANGES: Mapping[str, Range] = {
    "sensitivity": (0.80, 1.60),
    "threshold": (0.30, 0.60),
    "spread": (0.10, 0.20),
    "half_life_min": (3.0, 15.0),
    "generalisation": (0.12, 0.30),
    "return_share": (0.2, 0.6),
    "base": (0.0, 0.08),
    "novelty": (0.3, 0.8),
    "novelty_decay_s": (15.0, 40.0),
    "restlessness": (0.03, 0.06),
    "rise_s": (4.0, 10.0),
    "fall_s": (20.0, 60.0),
    "coupling": (1.0, 1.0),
    "relaxability": (0.10, 0.25),
    "adherence": (0.75, 0.98),
    "patience_s": (5.0, 9.0),
    "heart_rate_bpm": (55.0, 86.0),
    "heart_gain_bpm": (3.0, 30.0),
    "rsa_ms": (31.0, 54.0),
    "vagal_withdrawal": (0.1, 1.5),
    "mayer_ms": (10.0, 22.0),
    "resonance_hz": (0.078, 0.108),
    "damping": (0.2, 0.35),
    "breath_per_min": (12.0, 17.0),
    "skin_us": (2.5, 11.0),
    "skin_gain": (0.2, 0.55),
    "scr_per_min": (1.2, 3.5),
    "scr_gain": (1.3, 2.4),
    "scr_decay_s": (1.6, 4.0),
    "scr_rise_s": (0.5, 1.0),
    "warm_up_us": (0.5, 2.0),
    "sweat": (1.0, 1.0),
    "alpha_hz": (8.5, 11.5),
    "alpha_uv": (15.0, 36.0),
    "alpha_drop": (0.2, 0.9),
    "slope": (1.0, 1.5),
    "background_uv": (8.0, 13.0),
    "blinks_per_min": (10.0, 20.0),
    "blink_uv": (80.0, 200.0),
    "hum_uv": (0.5, 8.0),
    "moves_per_min": (0.2, 0.4),
    "rating_bias": (-5.0, 5.0),
    "rating_fear_share": (0.6, 0.6),
}
assert list(RANGES) == [f.name for f in fields(Person)]


@dataclass(frozen=True, slots=True)
class PatientKind:
    """A kind of patient: what a clinician would say, and where it differs from `RANGES`."""

    name: str
    text: str
    share: float = 0.0  # of a clinic's population; 0 = drawn only on purpose
    ranges: Mapping[str, Range] = field(default_factory=dict)
    present: bool = True  # False: the sensors hang on nobody

    def person(self, seed: int) -> Person:
        """One person of this kind; the same seed gives the same place in every range."""
        draws = stream(seed, "person").random(len(RANGES)).tolist()
        values = {}
        for (name, usual), draw in zip(RANGES.items(), draws, strict=True):
            low, high = self.ranges.get(name, usual)
            values[name] = low + (high - low) * draw
        return Person(**values)


PATIENTS: dict[str, PatientKind] = {
    kind.name: kind
    for kind in (
        PatientKind(
            "normal",
            "a textbook case: middling fear that habituates within minutes",
            0.0,
            {
                "sensitivity": (0.90, 1.15),
                "threshold": (0.42, 0.54),
                "spread": (0.11, 0.17),
                "half_life_min": (3.5, 7.0),
                "generalisation": (0.15, 0.28),
                "base": (0.0, 0.06),
                "novelty": (0.3, 0.6),
                "fall_s": (20.0, 50.0),
            },
        ),
        PatientKind(
            "usual", "as people come to a clinic: fear of any strength, quick or slow to fade", 0.55
        ),
        PatientKind(
            "slow",
            "habituates slowly, over several sessions",
            0.10,
            {"half_life_min": (25.0, 40.0), "fall_s": (30.0, 60.0)},
        ),
        PatientKind(
            "panic_prone",
            "strong fear at low intensity, slow to come down, asks to stop early",
            0.08,
            {
                "sensitivity": (1.50, 1.70),
                "threshold": (0.34, 0.42),
                "spread": (0.11, 0.15),
                "half_life_min": (4.5, 8.0),
                "generalisation": (0.15, 0.28),
                "base": (0.0, 0.06),
                "novelty": (0.5, 0.8),
                "restlessness": (0.04, 0.06),
                "rise_s": (4.0, 6.0),
                "fall_s": (60.0, 90.0),
                "patience_s": (3.0, 5.0),
                "heart_gain_bpm": (14.0, 30.0),
            },
        ),
        PatientKind(
            "eda_non_responder", "hardly any skin conductance response", 0.10, {"sweat": (0.1, 0.1)}
        ),
        PatientKind(
            "beta_blocked",
            "takes a beta-blocker: slow heart that hardly follows arousal",
            0.07,
            {"heart_rate_bpm": (50.0, 62.0), "heart_gain_bpm": (2.0, 7.0)},
        ),
        PatientKind(
            "under_reporter",
            "rates distress about 20 points too low",
            0.05,
            {"rating_bias": (-25.0, -15.0)},
        ),
        PatientKind(
            "over_reporter",
            "rates distress about 15 points too high",
            0.03,
            {"rating_bias": (10.0, 20.0)},
        ),
        PatientKind(
            "restless",
            "moves often and follows the pacer badly",
            0.02,
            {"moves_per_min": (1.2, 2.0), "adherence": (0.15, 0.4)},
        ),
        PatientKind(
            "decoupled",
            "adversarial: strong fear in ratings, next to none in the body",
            0.0,
            {
                "sensitivity": (1.0, 1.3),
                "coupling": (0.05, 0.05),
                "rating_fear_share": (1.0, 1.0),
                "half_life_min": (15.0, 25.0),
            },
        ),
        PatientKind(
            "rhythmless",
            "adversarial: a heart rate that wanders at random, whatever the breath does",
            0.0,
            {"rsa_ms": (0.0, 0.0), "mayer_ms": (0.0, 0.0), "adherence": (0.0, 0.0)},
        ),
        PatientKind("none", "sensors that hang on nobody: noise and mains hum", present=False),
    )
}


def known(kind: str) -> PatientKind:
    """The kind of this name; ValueError in one sentence when there is none."""
    if kind not in PATIENTS:
        raise ValueError(
            f"expected a kind of patient, got {kind!r}; choose one of {', '.join(PATIENTS)}"
        )
    return PATIENTS[kind]
