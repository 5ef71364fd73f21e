"""The facts about one stream of sensor data, told once."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a stream measures; the key under which its extractor is found."""

    ECG = "ecg"
    PPG = "ppg"
    RR = "rr"
    EDA = "eda"
    EEG = "eeg"
    BREATH = "breath"
    MOTION = "motion"
    POSE = "pose"
    MARKERS = "markers"


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream as its sender describes it, and what we take of it.

    Chunks carry the sender's numbers untouched; `scale` brings the used channels
    into `unit` (microvolt for ECG and EEG, microsiemens for EDA, second for RR,
    g for motion). `relative` marks a stream whose unit is not known: its features
    run, but automation may not rise on them.

    >>> heart = Stream(id="ecg", name="strap", kind=Kind.ECG, rate_hz=130.0, unit="uV")
    >>> heart.used
    (0,)
    """

    id: str
    name: str
    kind: Kind
    rate_hz: float  # nominal, as declared; 0 for irregular streams
    unit: str = ""
    channels: tuple[str, ...] = ("value",)
    used: tuple[int, ...] = (0,)
    scale: float = 1.0
    relative: bool = False
    format: str = "float32"  # as in XDF: float32 double64 int8 int16 int32 int64 string
    type: str = ""  # the sender's own word for the kind of content
    source_id: str = ""
    inverse: bool = False  # the value is scale / number: conductance from a resistance
    note: str = ""  # one plain sentence on how it was understood

    @property
    def irregular(self) -> bool:
        """True for events (RR intervals, markers): no rate, no silence between samples."""
        return self.rate_hz == 0.0
