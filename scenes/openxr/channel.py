"""The link to the engine: hello, clock questions, frames in order, reconnects with backoff.

It lives in a thread of its own, so that neither a slow network nor a frozen engine can hold up a
picture, and a stop leaves at once while a picture is being drawn.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from scenes.frame import SceneFrame
from scenes.openxr.clock import EngineClock
from scenes.openxr.message import Answer, Message, decode, encode

FIRST_QUESTIONS = 8
QUESTION_EVERY_S = 10.0
BACKOFF_S = (0.25, 0.5, 1.0, 2.0, 4.0)
SILENCE_S = 5.0  # a link that stays open and says nothing is given up and tried anew
_MAY_BE_LOST = ("clock", "ack", "pose")


class Channel:
    """One renderer's socket. What was heard waits in `heard()`; frames carry our own clock."""

    def __init__(self, url: str, hello: Callable[[], str], now_s: Callable[[], float]) -> None:
        self.clock = EngineClock()
        self.link = "connecting"  # or "open", "lost"
        self.opened = 0  # how many links there have been
        self._url, self._hello, self._now_s = url, hello, now_s
        self._heard: deque[Message] = deque(maxlen=2000)
        self._loop = asyncio.new_event_loop()
        self._out: deque[tuple[str, str]] = deque()  # kind and text, in order
        self._due = asyncio.Event()
        self._asked = 0
        self._closing = False
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="scene channel", daemon=True)

    def start(self) -> None:
        """Begins to connect, and never stops trying."""
        self._thread.start()

    def close(self) -> None:
        """Lets go; safe to call twice. What was said last is given a moment to leave."""
        if not self._thread.is_alive():
            self._loop.close()
            return
        with suppress(RuntimeError):  # the loop has ended meanwhile
            self._loop.call_soon_threadsafe(self._end)
        self._thread.join(3)

    def send(self, kind: str, **fields: object) -> None:
        """Sends now, or after the next connection when it must not be lost."""
        text = encode(kind, **fields)
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._put, kind, text)

    def heard(self) -> list[Message]:
        """All that came since the last call, in order."""
        came = []
        while self._heard:
            came.append(self._heard.popleft())
        return came

    # ---- in the thread ---------------------------------------------------------------

    def _put(self, kind: str, text: str) -> None:
        if self.link != "open" and kind in _MAY_BE_LOST:
            return
        if kind == "stop":
            self._out.appendleft((kind, text))  # before anything that still waits
        else:
            self._out.append((kind, text))
        self._due.set()

    def _run(self) -> None:
        self._task = self._loop.create_task(self._live())
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._task)
        self._loop.close()

    def _end(self) -> None:
        self._closing = True
        self._due.set()
        # A link in order says goodbye by itself; whatever hangs is cut off.
        self._loop.call_later(1.0 if self.link == "open" else 0.0, self._cut)

    def _cut(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _live(self) -> None:
        from websockets.asyncio.client import connect
        from websockets.exceptions import WebSocketException

        tries = 0
        while not self._closing:
            self.link = "connecting"
            try:
                async with asyncio.timeout(SILENCE_S):
                    socket = await connect(
                        self._url, compression=None, proxy=None, ping_interval=None,
                        max_size=2**22, open_timeout=None, close_timeout=0.5,
                    )  # fmt: skip
                tries = 0
                await self._serve(socket)
            except (OSError, TimeoutError, WebSocketException):
                pass
            self.link = "lost"
            if not self._closing:
                await asyncio.sleep(BACKOFF_S[min(tries, len(BACKOFF_S) - 1)])
            tries += 1

    async def _serve(self, socket: Any) -> None:
        self._asked = 0
        self.clock.forget()
        waiting = [one for one in self._out if one[0] not in _MAY_BE_LOST]
        # A stop that waited goes first of all.
        stops = [one for one in waiting if one[0] == "stop"]
        rest = [one for one in waiting if one[0] != "stop"]
        self._out = deque([*stops, ("hello", self._hello()), *rest])
        self.link = "open"
        self.opened += 1
        self._ask()
        jobs = [
            asyncio.create_task(job)
            for job in (self._say(socket), self._listen(socket), self._ask_again())
        ]
        try:
            done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
            for job in done:
                job.result()
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)
            with suppress(Exception):
                await socket.close()

    async def _say(self, socket: Any) -> None:
        while True:
            while self._out:
                kind, text = self._out[0]
                await socket.send(text)
                with suppress(ValueError):  # a stop may have come before it
                    self._out.remove((kind, text))
            if self._closing:
                return
            self._due.clear()
            await self._due.wait()

    async def _listen(self, socket: Any) -> None:
        while True:
            async with asyncio.timeout(SILENCE_S):
                text = await socket.recv()
            now_s = self._now_s()
            try:
                message = decode(text)
            except ValueError as error:
                self._put("problem", encode("problem", text=str(error)))
                continue
            if isinstance(message, Answer):
                self.clock.update(message.client_s, message.engine_s, now_s)
                if self._asked < FIRST_QUESTIONS:
                    self._ask()
            elif isinstance(message, SceneFrame):
                self._heard.append(replace(message, time_s=self.clock.here_s(message.time_s)))
            elif message is not None:
                self._heard.append(message)

    def _ask(self) -> None:
        self._asked += 1
        self._put("clock", encode("clock", client_s=self._now_s()))

    async def _ask_again(self) -> None:
        while True:
            await asyncio.sleep(QUESTION_EVERY_S)
            if self._asked >= FIRST_QUESTIONS:
                self._ask()
