"""An encounter as a recording is read back, so that the safety audit can walk through it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from adaptivevr import wire
from adaptivevr.check import Audit, Auditor
from adaptivevr.command import Command
from adaptivevr.header import header
from adaptivevr.recorded import Recorded
from adaptivevr.session import Plan
from adaptivevr.signals import canonical
from sensors.chunk import Chunk
from sensors.stream import Stream
from tests.simulation.encounter import Encounter


class Kept:
    """What `Recorded` tells, from memory: the same documents without a file between."""

    def __init__(self, encounter: Encounter) -> None:
        self.header = header(encounter.plan)
        self.document: dict[str, Any] = wire.decode(self.header)
        self.ticks: tuple[dict[str, Any], ...] = tuple(encounter.documents)
        self._inputs = encounter.inputs
        self.commands: tuple[dict[str, Any], ...] = tuple(
            {**wire.decode(wire.encode_command(command)), "seq": place + 1}
            for place, (_, _, commands) in enumerate(self._inputs)
            for command in commands
        )

    @property
    def streams(self) -> tuple[Stream, ...]:
        """The input streams, each once."""
        found = {c.stream.id: c.stream for _, chunks, _ in self._inputs for c in chunks}
        return tuple(found[name] for name in sorted(found))

    def inputs(self) -> Iterator[tuple[dict[str, Any], tuple[Chunk, ...], tuple[Command, ...]]]:
        """Every tick in order: its document, the chunks that had entered it, the commands."""
        for document, (_, chunks, commands) in zip(self.ticks, self._inputs, strict=True):
            yield document, canonical(chunks), commands


@dataclass(frozen=True, slots=True)
class _Begun:
    """A recording at its beginning: its head, and nothing said yet."""

    document: dict[str, Any]
    commands: tuple[dict[str, Any], ...] = ()


def auditor(plan: Plan) -> Auditor:
    """The audit of `adaptivevr check`, to go along with a session of this plan tick by tick."""
    return Auditor(cast(Recorded, _Begun(wire.decode(header(plan)))))


def audited(encounter: Encounter) -> Audit:
    """The audit of `adaptivevr check`, with its own arithmetic, over this encounter."""
    return Auditor(cast(Recorded, Kept(encounter))).run()
