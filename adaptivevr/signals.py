"""First half of the tick: chunks become features, whatever way they were cut."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

import numpy as np

from sensors.chunk import Chunk, join
from sensors.extractors import EXTRACTORS
from sensors.feature import Feature
from sensors.personal import NOBODY, Personal
from sensors.source import Extractor, Fault, Trouble
from sensors.stream import Stream


def canonical(chunks: Sequence[Chunk]) -> tuple[Chunk, ...]:
    """The same samples in the one order that counts: by stream, neighbours joined.

    Two deliveries of the same samples in other pieces give the same result, so the
    cutting of data within a tick cannot be seen by anything behind this line.
    """
    if not chunks:
        return ()
    by_stream: dict[str, list[Chunk]] = {}
    for chunk in chunks:
        if len(chunk):
            by_stream.setdefault(chunk.stream.id, []).append(chunk)
    joined: list[Chunk] = []
    for stream_id in sorted(by_stream):
        run: list[Chunk] = []
        for chunk in by_stream[stream_id]:
            if run and not _alike(run[0], chunk):
                joined.append(join(run))
                run = []
            run.append(chunk)
        joined.append(join(run))
    return tuple(joined)


def _alike(one: Chunk, other: Chunk) -> bool:
    """Whether two chunks of one stream are one piece of data, cut by chance."""
    return (
        one.offset_s == other.offset_s
        and one.values.shape[1] == other.values.shape[1]
        and one.values.dtype == other.values.dtype
        and one.stream == other.stream
    )


def _sound(features: Sequence[Feature]) -> tuple[Feature, ...]:
    """The same features; one that overflowed has no value, one without a time is left out."""
    return tuple(
        f if isfinite((f.value or 0.0) + f.quality + f.latency_s) else _empty(f)
        for f in features
        if isfinite(f.time_s)
    )


def _empty(feature: Feature) -> Feature:
    latency_s = feature.latency_s if isfinite(feature.latency_s) else 0.0
    return replace(feature, value=None, quality=0.0, latency_s=latency_s)


class Signals:
    """One extractor per stream; a stream whose facts change begins anew.

    A stream that its extractor cannot take is refused alone and said once; the others go on.
    personal: what an earlier calibration knows of this person's signals; what this session
    learns of them counts from the next one on.
    """

    def __init__(self, personal: Personal = NOBODY) -> None:
        self._personal = personal
        self._extractors: dict[str, tuple[Stream, Extractor | None]] = {}
        self._failed: list[tuple[str, str]] = []

    def update(self, chunks: Sequence[Chunk]) -> tuple[Feature, ...]:
        """Features that exist now, ordered by stream and then by sample.

        chunks: in canonical order (see `canonical`).
        """
        if not chunks:
            return ()
        features: list[Feature] = []
        with np.errstate(all="ignore"):  # absurd numbers overflow; what comes of it is masked
            for chunk in chunks:
                features.extend(self._of(chunk))
        return tuple(features)

    def faults(self, now_s: float) -> tuple[Fault, ...]:
        """Streams that had to be given up since the last call."""
        failed, self._failed = self._failed, []
        return tuple(Fault(name, Trouble.REFUSED, now_s, 0.0, text) for name, text in failed)

    def _of(self, chunk: Chunk) -> tuple[Feature, ...]:
        stream = chunk.stream
        known = self._extractors.get(stream.id)
        try:
            if known is None or known[0] != stream:
                make = EXTRACTORS.get(stream.kind)
                known = (stream, make(stream, self._personal) if make else None)
                self._extractors[stream.id] = known
            return _sound(known[1].update(chunk)) if known[1] else ()
        except Exception as error:  # one sensor's trouble is not the session's
            self._extractors[stream.id] = (stream, None)
            why = str(error) if isinstance(error, ValueError) else type(error).__name__
            self._failed.append((stream.id, f"{stream.id} cannot be used any more: {why}"))
            return ()
