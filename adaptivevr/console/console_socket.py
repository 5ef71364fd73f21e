"""The console channel on the server's side: traces and state out, commands in."""

import asyncio
import json
import struct
from collections.abc import Callable

import numpy as np
from starlette.websockets import WebSocket, WebSocketDisconnect

from adaptivevr import wire
from adaptivevr.console.hub import Hub, Snapshot
from adaptivevr.console.inbox import console_command
from adaptivevr.console.outbox import Flooded, Outbox
from adaptivevr.console.state import ConsoleState
from sensors.stream import Kind

SIGNAL_HEADER = struct.Struct("<BBHIIfdd")  # kind, version, channels, samples, seq, rate, sent, t0
_BATCH_S = 1 / 30
_STATE_S = 0.1


class Traces:
    """Gathers samples per stream into signal frames for one console, about 30 a second."""

    def __init__(self, state: ConsoleState) -> None:
        self._state = state
        self._waiting: dict[str, list[tuple[float, np.ndarray]]] = {}
        self._seq = 0

    def take(self, snapshot: Snapshot) -> None:
        """Remembers the numeric samples of one tick."""
        for chunk in snapshot.chunks:
            stream = chunk.stream
            if stream.format == "string" or stream.kind in (Kind.MARKERS, Kind.POSE):
                continue
            values = chunk.numbers * stream.scale
            self._waiting.setdefault(stream.id, []).append((float(chunk.time_s[0]), values))

    def frames(self, now_s: float) -> list[bytes]:
        """One binary frame per stream with everything that waited."""
        made: list[bytes] = []
        for stream_id, parts in self._waiting.items():
            number, stream = self._state.trace(stream_id)
            if stream is None:
                continue
            values = np.concatenate([v for _, v in parts]).astype(np.float32)
            self._seq += 1
            header = SIGNAL_HEADER.pack(
                number, 1, values.shape[1], len(values), self._seq, stream.rate_hz,
                now_s * 1e3, parts[0][0],
            )  # fmt: skip
            made.append(header + np.ascontiguousarray(values.T).tobytes())
        self._waiting.clear()
        return made


class ConsoleSocket:
    """One console's connection."""

    def __init__(
        self,
        hub: Hub,
        state: ConsoleState,
        socket: WebSocket,
        who: str,
        demo: Callable[[dict[str, object]], None] | None = None,
        pairing: Callable[[object, str], None] | None = None,
    ) -> None:
        self._hub = hub
        self._state = state
        self._socket = socket
        self._who = who
        self._demo = demo
        self._pairing = pairing
        self._outbox = Outbox()
        self._traces = Traces(state)

    async def serve(self) -> None:
        """Runs until the console leaves."""
        await self._socket.accept()
        self._hub.watchers.append(self._traces.take)
        self._state.listeners.append(self._outbox.event)
        for text in self._state.history():
            self._outbox.event(text)
        tasks = [asyncio.create_task(self._send()), asyncio.create_task(self._feed())]
        try:
            while True:
                self._hear(await self._socket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            self._outbox.close()
            for task in tasks:
                task.cancel()
            self._hub.watchers.remove(self._traces.take)
            self._state.listeners.remove(self._outbox.event)

    async def _send(self) -> None:
        try:
            async for message in self._outbox.messages():
                if isinstance(message, str):
                    await self._socket.send_text(message)
                else:
                    await self._socket.send_bytes(message)
        except (Flooded, WebSocketDisconnect, RuntimeError):
            await self._socket.close(1008)

    async def _feed(self) -> None:
        state_s = 0.0
        while True:
            await asyncio.sleep(_BATCH_S)
            now_s = self._hub.clock.now_s()
            for frame in self._traces.frames(now_s):
                self._outbox.signal(frame, frame[0])
            if now_s - state_s >= _STATE_S:
                state_s = now_s
                self._outbox.latest("state", wire.encode(self._state.document(now_s)).decode())

    def _hear(self, text: str) -> None:
        try:
            message = json.loads(text)
            if not isinstance(message, dict):
                raise ValueError(f"expected an object, got {type(message).__name__}")
            kind = message.get("type")
            if kind == "stop":
                self._hub.stop(self._who, str(message.get("by", "clinician"))[:40])
            elif kind == "drawn":
                self._outbox.acknowledged(int(message.get("count", 0)))
            elif kind == "demo" and self._demo is not None:
                self._demo(message)
            elif kind == "pairing" and self._pairing is not None:
                self._pairing(message.get("do"), self._who)
            else:
                self._hub.submit(console_command(message, self._who, self._hub.clock.now_s()))
        except ValueError as error:
            self._outbox.event(json.dumps({"type": "refused", "text": str(error)}))
