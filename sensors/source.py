"""Where chunks come from: one protocol for live streams, files and simulated bodies."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sensors.chunk import Chunk
from sensors.feature import Feature
from sensors.stream import Stream


class Trouble(StrEnum):
    """What can go wrong with a stream while it runs."""

    LOST = "lost"  # nothing has come for longer than its habit
    RETURNED = "returned"
    GAP = "gap"  # stamps jump forward more than they may
    BACKWARD = "backward"  # stamps jump back or repeat
    CLOCK_RESET = "clock_reset"
    SHAPE = "shape"  # another number of channels than declared
    BAD_VALUE = "bad_value"  # NaN, infinity or text where a number was due
    OVERFLOW = "overflow"  # arrived faster than it could be taken
    REFUSED = "refused"  # cannot be used; the sentence says why


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that went wrong, once, with its number and a sentence for people."""

    stream: str
    trouble: Trouble
    time_s: float
    amount: float
    text: str


class Source(Protocol):
    """A way in. Opens what it can use, hands over what has come, and says what is wrong."""

    @property
    def streams(self) -> tuple[Stream, ...]:
        """The streams it has opened so far."""
        ...

    def pull(self) -> list[Chunk]:
        """Everything that has arrived since the last call, oldest first per stream."""
        ...

    def faults(self) -> list[Fault]:
        """What went wrong since the last call."""
        ...

    def close(self) -> None:
        """Lets go of the streams; safe to call twice."""
        ...


class Extractor(Protocol):
    """Streaming signal processing of one stream: chunks in, features out.

    Made by `extractors.EXTRACTORS[kind](stream)`. The output may not depend on how the
    stream is cut into chunks, bit for bit; a deep copy in mid-stream goes on identically.
    """

    def update(self, chunk: Chunk) -> tuple[Feature, ...]:
        """Takes the next samples, returns the features that exist now, in order."""
        ...
