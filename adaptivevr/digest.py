"""A running fingerprint of everything that entered a session and everything it decided."""

import hashlib
import struct
from collections.abc import Sequence

from adaptivevr import wire
from adaptivevr.command import Command
from adaptivevr.tick import Tick
from sensors.chunk import Chunk


class Digest:
    """BLAKE2b over the samples that entered, and over those together with every Tick.

    How the samples of a tick were cut into chunks cannot be seen in it: streams are taken
    in order of their id, neighbours of equal offset as one.
    """

    def __init__(self) -> None:
        self._inputs = hashlib.blake2b(digest_size=16)
        self._all = hashlib.blake2b(digest_size=16)

    def update(
        self, chunks: Sequence[Chunk], commands: Sequence[Command], tick: Tick
    ) -> tuple[str, str]:
        """Takes one tick and what entered it; returns `inputs` and `everything`."""
        self.enter(chunks)
        self._all.update(self._inputs.digest())
        for command in commands:
            self._all.update(wire.encode_command(command))
        self._all.update(wire.encode(tick))
        return self.inputs, self.everything

    def enter(self, chunks: Sequence[Chunk]) -> None:
        """Takes what entered one tick, without what was decided."""
        for run in _runs(chunks):
            head = run[0]
            name = head.stream.id.encode()
            samples = sum(len(chunk) for chunk in run)
            self._inputs.update(struct.pack("<IQd", len(name), samples, head.offset_s) + name)
            for chunk in run:
                self._inputs.update(chunk.stamps_s.tobytes())
            for chunk in run:
                self._inputs.update(_bytes(chunk))

    @property
    def inputs(self) -> str:
        """The fingerprint of all samples so far, as 32 hexadecimal digits."""
        return self._inputs.hexdigest()

    @property
    def everything(self) -> str:
        """The fingerprint of all samples and all Ticks so far."""
        return self._all.hexdigest()


def _runs(chunks: Sequence[Chunk]) -> list[list[Chunk]]:
    runs: list[list[Chunk]] = []
    for chunk in sorted((c for c in chunks if len(c)), key=lambda c: c.stream.id):
        last = runs[-1][0] if runs else None
        if last and last.stream.id == chunk.stream.id and last.offset_s == chunk.offset_s:
            runs[-1].append(chunk)
        else:
            runs.append([chunk])
    return runs


def _bytes(chunk: Chunk) -> bytes:
    if chunk.values.dtype != object:
        return chunk.values.tobytes()
    texts = [str(text).encode() for text in chunk.values.ravel()]
    return b"".join(struct.pack("<I", len(text)) + text for text in texts)
