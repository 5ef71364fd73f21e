"""First half of the tick: chunks become features, whatever way they were cut."""

from collections.abc import Sequence

from sensors.chunk import Chunk, join
from sensors.extractors import EXTRACTORS
from sensors.feature import Feature
from sensors.source import Extractor
from sensors.stream import Stream


def canonical(chunks: Sequence[Chunk]) -> tuple[Chunk, ...]:
    """The same samples in the one order that counts: by stream, neighbours joined.

    Two deliveries of the same samples in other pieces give the same result, so the
    cutting of data within a tick cannot be seen by anything behind this line.
    """
    by_stream: dict[str, list[Chunk]] = {}
    for chunk in chunks:
        if len(chunk):
            by_stream.setdefault(chunk.stream.id, []).append(chunk)
    joined: list[Chunk] = []
    for stream_id in sorted(by_stream):
        run: list[Chunk] = []
        for chunk in by_stream[stream_id]:
            if run and (chunk.offset_s != run[0].offset_s or chunk.stream != run[0].stream):
                joined.append(join(run))
                run = []
            run.append(chunk)
        joined.append(join(run))
    return tuple(joined)


class Signals:
    """One extractor per stream; a stream whose facts change begins anew."""

    def __init__(self) -> None:
        self._extractors: dict[str, tuple[Stream, Extractor]] = {}

    def update(self, chunks: Sequence[Chunk]) -> tuple[Feature, ...]:
        """Features that exist now, ordered by stream and then by sample.

        chunks: in canonical order (see `canonical`).
        """
        features: list[Feature] = []
        for chunk in chunks:
            extractor = self._extractor(chunk.stream)
            if extractor is not None:
                features.extend(extractor.update(chunk))
        return tuple(features)

    def _extractor(self, stream: Stream) -> Extractor | None:
        known = self._extractors.get(stream.id)
        if known is not None and known[0] == stream:
            return known[1]
        make = EXTRACTORS.get(stream.kind)
        if make is None:
            return None
        extractor = make(stream)
        self._extractors[stream.id] = (stream, extractor)
        return extractor
