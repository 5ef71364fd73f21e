"""What waits to be sent to one client: events never dropped and first, the rest by its class."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator

_MOST_EVENTS = 1000  # a client that lets more pile up is cut off
_MOST_SIGNALS = 3  # of each trace
_CREDIT = 15  # signal frames of each trace in flight before the page must have acknowledged some


class Flooded(Exception):
    """A client takes nothing any more; it is disconnected rather than half-informed."""


class Outbox:
    """Three classes of message for one client, so that none can hold up another.

    events: every one, in order, first. latest: one slot a name, newest wins. signals: bounded
    for each trace (a batch brings one frame of every trace at once, and none may push another
    out), oldest dropped, and only while the client keeps acknowledging.
    Lives in the server's event loop; not for other threads.
    """

    def __init__(self) -> None:
        self._events: deque[str] = deque()
        self._latest: dict[str, str] = {}
        self._signals: deque[tuple[int, bytes]] = deque()
        self._traces: set[int] = set()
        self._sent_signals = 0
        self._acked_signals = 0
        self._wake = asyncio.Event()
        self._closed = False
        self.flooded = False

    def event(self, text: str) -> None:
        """A message that must arrive."""
        self._events.append(text)
        if len(self._events) > _MOST_EVENTS:
            self.flooded = True
        self._wake.set()

    def latest(self, name: str, text: str) -> None:
        """A message of which only the newest counts."""
        self._latest[name] = text
        self._wake.set()

    def signal(self, data: bytes, trace: int = 0) -> None:
        """A piece of a trace; dropped oldest first when the link is slow."""
        self._traces.add(trace)
        mine = [waiting for waiting in self._signals if waiting[0] == trace]
        if len(mine) >= _MOST_SIGNALS:
            self._signals.remove(mine[0])
        self._signals.append((trace, data))
        self._wake.set()

    @property
    def _credit(self) -> bool:
        return self._sent_signals - self._acked_signals < _CREDIT * len(self._traces)

    def acknowledged(self, count: int) -> None:
        """The client has drawn this many signal frames since it came."""
        self._acked_signals = max(self._acked_signals, count)
        self._wake.set()

    def close(self) -> None:
        """Ends the iteration."""
        self._closed = True
        self._wake.set()

    async def messages(self) -> AsyncIterator[str | bytes]:
        """What to send next, for as long as the client lives."""
        while not self._closed:
            if self.flooded:
                raise Flooded
            if self._events:
                yield self._events.popleft()
            elif self._latest:
                yield self._latest.pop(next(iter(self._latest)))
            elif self._signals and self._credit:
                self._sent_signals += 1
                yield self._signals.popleft()[1]
            else:
                self._wake.clear()
                await self._wake.wait()
