"""The scene channel on the server's side: one renderer, in and out."""

import asyncio
import json
from typing import Any

import numpy as np
from starlette.websockets import WebSocket, WebSocketDisconnect

from adaptivevr.command import Client
from adaptivevr.console.hub import Hub
from adaptivevr.console.inbox import ClientClock, new_id, scene_command
from adaptivevr.console.outbox import Flooded, Outbox
from sensors.chunk import Chunk
from sensors.stream import Kind, Stream

_POSE_CHANNELS = tuple(
    f"{part}.{axis}"
    for part in ("head", "left", "right")
    for axis in ("x", "y", "z", "qx", "qy", "qz", "qw")
)


class SceneSocket:
    """One renderer's connection: says what stands, hears what it did."""

    def __init__(self, hub: Hub, socket: WebSocket) -> None:
        self._hub = hub
        self._socket = socket
        self._outbox = Outbox()
        self._clock = ClientClock()
        self._name = new_id("renderer")
        self._renderer = "unknown"
        self._poses: Stream | None = None

    async def serve(self) -> None:
        """Runs until the renderer leaves."""
        await self._socket.accept()
        self._hub.join(self._name, self._outbox)
        sender = asyncio.create_task(self._send())
        try:
            while True:
                await self._hear(await self._socket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            self._outbox.close()
            sender.cancel()
            self._hub.leave(self._name)
            self._tell("left")

    async def _send(self) -> None:
        try:
            async for message in self._outbox.messages():
                assert isinstance(message, str), "the scene channel is text"
                await self._socket.send_text(message)
        except (Flooded, WebSocketDisconnect, RuntimeError):
            await self._socket.close(1008)

    async def _hear(self, text: str) -> None:
        now_s = self._hub.clock.now_s()
        try:
            message = json.loads(text)
            if not isinstance(message, dict):
                raise ValueError(f"expected an object, got {type(message).__name__}")
            self._take(message, now_s)
        except ValueError as error:
            self._outbox.event(json.dumps({"v": 1, "type": "error", "text": str(error)}))

    def _take(self, message: dict[str, Any], now_s: float) -> None:
        kind = message.get("type")
        if kind == "stop":
            # First of all and without a look at anything else in the message.
            self._hub.stop("patient", str(message.get("by", "patient"))[:40])
            return
        if kind == "clock":
            client_s = message.get("client_s")
            if isinstance(client_s, int | float):
                self._clock.heard(float(client_s), now_s)
            answer = {"v": 1, "type": "clock", "client_s": client_s, "engine_s": now_s}
            self._outbox.event(json.dumps(answer))
        elif kind == "hello":
            self._renderer = str(message.get("renderer", "unknown"))[:60]
            self._tell("joined")
        elif kind == "pose":
            self._pose(message.get("rows"), now_s)
        else:
            command = scene_command(message, self._clock, now_s)
            if command is not None:
                self._hub.submit(command)

    def _tell(self, event: str) -> None:
        now_s = self._hub.clock.now_s()
        self._hub.submit(
            Client(id=new_id("p"), who="renderer", at_s=now_s, renderer=self._renderer, event=event)
        )

    def _pose(self, rows: Any, now_s: float) -> None:
        try:
            table = np.array(
                [[row[0], *row[1], *row[2], *row[3]] for row in rows], dtype=np.float64
            )
        except (TypeError, ValueError, IndexError) as error:
            raise ValueError(f"expected rows of [time, head 7, left 7, right 7]: {error}") from None
        if table.size == 0:
            return
        if table.shape[1] != 22:
            raise ValueError(f"expected 22 numbers a row of poses, got {table.shape[1]}")
        if self._poses is None:
            self._poses = Stream(
                id=f"pose-{self._name}", name=self._renderer, kind=Kind.POSE, rate_hz=0.0,
                channels=_POSE_CHANNELS, used=tuple(range(21)), format="double64", type="MoCap",
            )  # fmt: skip
        stamps = np.array([self._clock.engine_s(float(t), now_s) for t in table[:, 0]])
        self._hub.submit_chunk(Chunk(self._poses, stamps, 0.0, table[:, 1:]))
