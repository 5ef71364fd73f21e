"""State, intensity and marks over MQTT, for lights and logs in the room."""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from adaptivevr import wire
from adaptivevr.command import Ack, Client, Command
from adaptivevr.config import Broker
from adaptivevr.tick import Tick

_KEEPALIVE_S = 5  # a hung broker is noticed within 7.5 s instead of 90
_FIRST_WAIT_S = 0.25
_LONGEST_WAIT_S = 10.0
_MOST_WAITING = 500
_INTENSITY_S = 0.1


@dataclass(frozen=True, slots=True)
class _Message:
    topic: str
    payload: bytes
    qos: int
    retain: bool


class MqttBridge:
    """Publishes to a broker from a thread of its own; a broker that is gone costs nothing.

    Topics under `TOPIC/SESSION/`: `intensity` (10 a second, at most once), `state` (on
    change, retained), `marker` (each, at least once), `status` (online, or offline as
    last will). While the broker is away the newest state and intensity wait, and the last
    500 markers.
    """

    def __init__(self, broker: Broker, session: str) -> None:
        self.connected = threading.Event()
        self.problem = ""
        self._broker = broker
        self._prefix = f"{broker.topic}/{session}"
        self._marks: deque[_Message] = deque(maxlen=_MOST_WAITING)
        self._state: _Message | None = None
        self._state_due = False
        self._intensity: _Message | None = None
        self._intensity_s = float("-inf")
        self._lock = threading.Lock()
        # aiomqtt watches sockets, which the default loop of Windows cannot.
        self._loop = asyncio.SelectorEventLoop()
        self._wake = asyncio.Event()
        self._over = asyncio.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="mqtt", daemon=True)

    def start(self) -> None:
        """Begins to connect; never waits for the broker."""
        self._thread.start()

    def take(self, tick: Tick, commands: Sequence[Command]) -> None:
        """Notes what is worth telling of one tick (called by the engine's thread)."""
        with self._lock:
            if tick.now_s - self._intensity_s >= _INTENSITY_S:
                self._intensity_s = tick.now_s
                document = {
                    "time_s": tick.now_s,
                    "intensity": tick.decision.intensity,
                    "arousal": tick.arousal.level,
                    "sd": tick.arousal.sd,
                }
                self._intensity = self._message("intensity", document, 0, False)
            state = {"mode": tick.decision.mode, "phase": tick.phase, "level": tick.level,
                     "scene": tick.frame.scene, "rest": tick.frame.rest}  # fmt: skip
            message = self._message("state", state, 1, True)
            if message != self._state:
                self._state, self._state_due = message, True
            for command in commands:
                if not isinstance(command, Ack | Client):
                    payload = wire.encode_command(command)
                    topic = f"{self._prefix}/marker"
                    self._marks.append(_Message(topic, payload, 1, False))
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._wake.set)

    def _message(self, name: str, document: object, qos: int, retain: bool) -> _Message:
        return _Message(f"{self._prefix}/{name}", wire.encode(document), qos, retain)

    def close(self) -> None:
        """Says offline and lets go; returns within about three seconds."""
        self._closing = True
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._wake.set)
            self._loop.call_soon_threadsafe(self._over.set)
        if self._thread.is_alive():
            self._thread.join(3)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._stay_connected())
        finally:
            self._loop.close()

    async def _stay_connected(self) -> None:
        import aiomqtt

        wait_s = _FIRST_WAIT_S
        while not self._closing:
            try:
                async with self._client() as client:  # type: ignore[no-untyped-call]
                    self.connected.set()
                    self.problem = ""
                    wait_s = _FIRST_WAIT_S
                    await self._publish(client)
                    return
            except (aiomqtt.MqttError, OSError, ssl.SSLError) as error:
                self.connected.clear()
                self.problem = f"MQTT broker {self._broker.host}:{self._broker.port}: {error}"
                self._wake.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._over.wait(), wait_s)
                wait_s = min(wait_s * 2, _LONGEST_WAIT_S)

    def _client(self):  # type: ignore[no-untyped-def]  # aiomqtt is imported late
        import aiomqtt

        broker = self._broker
        return aiomqtt.Client(
            broker.host,
            broker.port,
            username=broker.user or None,
            password=broker.password or None,
            keepalive=_KEEPALIVE_S,
            timeout=3,
            max_queued_outgoing_messages=_MOST_WAITING,
            # Without this, Nagle and delayed acknowledgement together cost 39 ms a message.
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
            tls_context=ssl.create_default_context(cafile=broker.ca_file or None)
            if broker.tls
            else None,
            will=aiomqtt.Will(f"{self._prefix}/status", b"offline", qos=1, retain=True),
        )

    async def _publish(self, client) -> None:  # type: ignore[no-untyped-def]
        await client.publish(f"{self._prefix}/status", b"online", qos=1, retain=True)
        with self._lock:
            self._state_due = self._state is not None
        self._wake.set()
        while not self._closing:
            await self._wake.wait()
            self._wake.clear()
            while (message := self._next()) is not None:
                await self._send(client, message)
        await client.publish(f"{self._prefix}/status", b"offline", qos=1, retain=True)

    async def _send(self, client, message: _Message) -> None:  # type: ignore[no-untyped-def]
        try:
            await client.publish(
                message.topic, message.payload, qos=message.qos, retain=message.retain
            )
        except Exception:
            with self._lock:
                if message is self._state:
                    self._state_due = True
                elif message.qos and len(self._marks) < _MOST_WAITING:
                    self._marks.appendleft(message)  # at least once: again after reconnecting
            raise

    def _next(self) -> _Message | None:
        with self._lock:
            # Only the newest state counts: the retained one must never go back in time.
            if self._state_due and self._state is not None:
                self._state_due = False
                return self._state
            if self._marks:
                return self._marks.popleft()
            message, self._intensity = self._intensity, None
            return message
