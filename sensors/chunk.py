"""A piece of one stream, exactly as it arrived."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sensors.stream import Stream


def _frozen(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if array.flags.writeable or array.base is not None:
        array = array.copy()
        array.flags.writeable = False
    return array


def _number(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return math.nan


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Samples of one stream with the sender's stamps and one clock offset.

    stamps_s: float64 (n,), the sender's clock, untouched (not even sorted).
    offset_s: what to add to a stamp to reach the engine's clock when it entered.
    values: (n, channels), the sender's own numbers and dtype; text streams hold objects.
    Both arrays are copied at the border and read-only ever after.

    >>> ecg = Stream("ecg", "strap", "ecg", 130.0)
    >>> Chunk(ecg, np.array([1.0, 2.0]), 0.5, np.zeros((2, 1))).time_s
    array([1.5, 2.5])
    """

    stream: Stream
    stamps_s: npt.NDArray[np.float64]
    offset_s: float
    values: npt.NDArray[Any]

    def __post_init__(self) -> None:
        stamps = np.asarray(self.stamps_s, dtype=np.float64)
        values = np.asarray(self.values)
        assert stamps.ndim == 1, f"stamps must be one-dimensional, got shape {stamps.shape}"
        assert values.ndim == 2, f"values must be (n, channels), got shape {values.shape}"
        assert len(values) == len(stamps), f"{len(values)} samples but {len(stamps)} stamps"
        object.__setattr__(self, "stamps_s", _frozen(stamps))
        object.__setattr__(self, "values", _frozen(values))

    def __len__(self) -> int:
        return len(self.stamps_s)

    @property
    def time_s(self) -> npt.NDArray[np.float64]:
        """Stamps on the engine's clock: the sender's stamp plus the offset in force."""
        return self.stamps_s + self.offset_s

    @property
    def numbers(self) -> npt.NDArray[np.float64]:
        """The used channels in the sender's unit (n, used); NaN where there is no number.

        A chunk too narrow for them has none at all.

        >>> odd = Stream("skin", "wrist", "eda", 4.0, channels=("a", "b"), used=(1,))
        >>> Chunk(odd, np.array([1.0]), 0.0, np.zeros((1, 1))).numbers
        array([[nan]])
        """
        used = list(self.stream.used)
        values = self.values
        if values.shape[1] <= max(used, default=0):
            return np.full((len(self), len(used)), np.nan)
        if used != list(range(values.shape[1])):
            values = values[:, used]
        if values.dtype.kind not in "fiub":
            values = np.array([[_number(v) for v in row] for row in values.tolist()])
            values = values.reshape(len(self), len(used))
        return values.astype(np.float64)

    def part(self, start: int, stop: int) -> "Chunk":
        """Samples start..stop of this chunk as a chunk of their own."""
        return Chunk(self.stream, self.stamps_s[start:stop], self.offset_s, self.values[start:stop])


def join(chunks: list[Chunk]) -> Chunk:
    """One chunk from several neighbours of one stream and one offset."""
    first = chunks[0]
    if len(chunks) == 1:
        return first
    assert all(c.stream == first.stream and c.offset_s == first.offset_s for c in chunks)
    return Chunk(
        first.stream,
        np.concatenate([c.stamps_s for c in chunks]),
        first.offset_s,
        np.concatenate([c.values for c in chunks]),
    )
