"""What can go wrong with samples on their way, and with a calibration."""

from dataclasses import replace

import numpy as np

from adaptivevr.session import Plan
from sensors.chunk import Chunk
from sensors.stream import Kind, Stream
from tests.simulation.encounter import Spoil


def frozen(from_s: float) -> Spoil:
    """Each sensor goes on sending, but only the value it had."""
    last: dict[str, float] = {}

    def spoil(since_s: float, chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
        if since_s < from_s:
            last.update({c.stream.id: float(c.values[-1, 0]) for c in chunks})
            return chunks
        return tuple(_valued(c, np.full_like(c.values, last[c.stream.id])) for c in chunks)

    return spoil


def no_numbers(from_s: float) -> Spoil:
    """Every sample is NaN."""

    def spoil(since_s: float, chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
        if since_s < from_s:
            return chunks
        return tuple(_valued(c, np.full_like(c.values, np.nan)) for c in chunks)

    return spoil


def swapped() -> Spoil:
    """The intervals come in the skin's stream and the conductance in the heart's."""
    other = {Kind.RR: Kind.EDA, Kind.EDA: Kind.RR}
    known: dict[Kind, Stream] = {}

    def spoil(_: float, chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
        known.update({c.stream.kind: c.stream for c in chunks})
        return tuple(
            Chunk(known[other[c.stream.kind]], c.stamps_s, c.offset_s, c.values)
            for c in chunks
            if other.get(c.stream.kind) in known
        )

    return spoil


def clock_jump(from_s: float, by_s: float) -> Spoil:
    """The sender's clock is set ahead, and its offset is not measured anew."""

    def spoil(since_s: float, chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
        if since_s < from_s:
            return chunks
        return tuple(Chunk(c.stream, c.stamps_s + by_s, c.offset_s, c.values) for c in chunks)

    return spoil


def wrong_sign(plan: Plan) -> Plan:
    """The same plan with every slope of the calibration negated."""
    assert plan.baseline is not None
    turned = tuple(replace(one, slope=-one.slope) for one in plan.baseline.references)
    return replace(plan, baseline=replace(plan.baseline, references=turned))


def _valued(chunk: Chunk, values: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> Chunk:
    return Chunk(chunk.stream, chunk.stamps_s, chunk.offset_s, values)
