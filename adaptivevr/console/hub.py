"""Between the engine's thread and the sockets: frames, events, and a stop latch of its own."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from adaptivevr import wire
from adaptivevr.clock import Clock
from adaptivevr.command import Ack, Command, Resume, Stop
from adaptivevr.console.inbox import new_id
from adaptivevr.console.outbox import Outbox
from adaptivevr.cues import Ruled
from adaptivevr.panel import Panel
from adaptivevr.therapy.intent import Ask, Pacer
from adaptivevr.tick import Tick
from scenes.frame import SceneFrame
from scenes.scene import Scene
from sensors.chunk import Chunk

_PULSE_S = 0.1  # a latched hub sends a rest frame at least this often
_ACK_EVERY_S = 0.5  # the engine hears of ordinary acks no more often than this


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published tick with what the console draws beside it."""

    tick: Tick
    chunks: tuple[Chunk, ...]
    commands: tuple[Command, ...]
    panel: Panel


class Hub:
    """Carries ticks out and commands in. The stop latch works while the engine is stuck.

    `publish` and `take` are called by the engine's thread, `stop` by any thread, all
    else in the server's event loop. A stop latches here first: rest frames leave at
    once and go on until the engine has taken a Resume that came after the stop.
    """

    def __init__(self, scene: Scene, clock: Clock) -> None:
        self.clock = clock
        self.scene = scene
        self.first_ack_s: float | None = None
        self.snapshot: Snapshot | None = None
        self.watchers: list[Callable[[Snapshot], None]] = []  # console, bridges
        self._lock = threading.Lock()
        self._commands: deque[Command] = deque()
        self._chunks: deque[Chunk] = deque()
        self._latched = False
        self._resumes: set[str] = set()
        self._extra = 0  # wire numbers run ahead of ticks by the hub's own frames
        self._last: SceneFrame | None = None
        self._sent_s = 0.0
        self._sent_seq = -1
        self._prompt: Ask | None = None
        self._pacer: Pacer | None = None
        self._ack_s = 0.0
        self._ack_rest = False
        self._clients: dict[str, Outbox] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    # ---- the engine's side -------------------------------------------------------

    def take(self) -> tuple[tuple[Command, ...], tuple[Chunk, ...]]:
        """Commands and client streams that came since the last call, in order."""
        with self._lock:
            commands, chunks = tuple(self._commands), tuple(self._chunks)
            self._commands.clear()
            self._chunks.clear()
        return commands, chunks

    def publish(
        self, tick: Tick, chunks: Sequence[Chunk], commands: Sequence[Command], panel: Panel
    ) -> None:
        """Hands a finished tick to the sockets; never waits for them."""
        with self._lock:
            if self._latched and any(c in self._resumes for c in tick.commands):
                self._latched = False
                self._resumes.clear()
            frame = self._at_rest(tick.frame) if self._latched else tick.frame
            frame = replace(frame, seq=tick.frame.seq + self._extra)
            self._last, self._sent_s = frame, self.clock.now_s()
            self.snapshot = Snapshot(tick, tuple(chunks), tuple(commands), panel)
        self._on_loop(self._send_tick, frame, self.snapshot)

    # ---- stopping: any thread ----------------------------------------------------

    def stop(self, who: str, by: str, id: str | None = None) -> Stop:
        """Rest now. Sends stop and a rest frame without asking the engine, then tells it."""
        command = Stop(id=id or new_id("s"), who=who, at_s=self.clock.now_s(), by=by)
        with self._lock:
            self._latched = True
            self._resumes.clear()
            self._commands.append(command)
        self._on_loop(self._send_stop, command.id)
        return command

    @property
    def latched(self) -> bool:
        """True from a stop until the engine has taken a later Resume."""
        return self._latched

    def _at_rest(self, frame: SceneFrame) -> SceneFrame:
        return replace(
            frame,
            intensity=0.0,
            level=0,
            values=tuple((p.name, p.rest) for p in self.scene.parameters),
            ambient=tuple((name, 0.0) for name, _ in frame.ambient),
            rest=True,
            mode="safe",
        )

    # ---- the sockets' side -------------------------------------------------------

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """The server's event loop has started."""
        self._loop = loop
        loop.create_task(self._pulse())

    def submit(self, command: Command) -> None:
        """A command from a client, for the next tick."""
        if isinstance(command, Ack):
            if self.first_ack_s is None:
                self.first_ack_s = self.clock.now_s()
            if command.rest == self._ack_rest and command.at_s - self._ack_s < _ACK_EVERY_S:
                return
            self._ack_s, self._ack_rest = command.at_s, command.rest
            command = replace(command, seq=command.seq - self._extra)
        with self._lock:
            if isinstance(command, Resume) and self._latched:
                self._resumes.add(command.id)
            self._commands.append(command)

    def submit_chunk(self, chunk: Chunk) -> None:
        """Samples measured by a client (head and hand poses)."""
        with self._lock:
            self._chunks.append(chunk)

    def join(self, name: str, client: Outbox) -> None:
        """A renderer has come: it is told what stands now."""
        self._clients[name] = client
        client.event(self._scene_message())
        if self._pacer is not None:
            client.event(_pacer_message(self._pacer))
        if self._prompt is not None:
            client.event(_prompt_message(self._prompt))
        if self._last is not None:
            client.latest("frame", _text(self._last.message()))

    def leave(self, name: str) -> None:
        """A renderer has gone."""
        self._clients.pop(name, None)

    @property
    def renderers(self) -> tuple[str, ...]:
        """Names of the renderers that are connected."""
        return tuple(self._clients)

    def _scene_message(self) -> str:
        return _text(
            {
                "v": 1,
                "type": "scene",
                "name": self.scene.name,
                "asset": f"/scenes/{self.scene.name}/{self.scene.asset}",
                "hash": self.scene.hash,
            }
        )

    def _on_loop[*Args](self, call: Callable[[*Args], None], *args: *Args) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            try:
                loop.call_soon_threadsafe(call, *args)
            except RuntimeError:  # closed between the look and the call: nobody listens
                return

    def _send_tick(self, frame: SceneFrame, snapshot: Snapshot) -> None:
        intent = snapshot.tick.intent
        if intent.prompt != self._prompt:
            self._prompt = intent.prompt
            if intent.prompt is not None:
                self._event(_prompt_message(intent.prompt))
        if intent.pacer != self._pacer:
            self._pacer = intent.pacer
            self._event(_pacer_message(intent.pacer))
        for cue in snapshot.tick.cues:
            if cue.played and not self._latched:  # a stop in between: not now, and not later
                self._event(_cue_message(cue, snapshot.tick.now_s))
        self._show(frame)
        for watcher in self.watchers:
            watcher(snapshot)

    def _send_stop(self, id: str) -> None:
        self._event(_text({"v": 1, "type": "stop", "id": id}))
        self._send_rest()

    def _send_rest(self) -> None:
        with self._lock:
            if self._last is None or not self._latched:
                return
            self._extra += 1
            now_s = self.clock.now_s()
            frame = replace(self._at_rest(self._last), seq=self._last.seq + 1, time_s=now_s)
            self._last, self._sent_s = frame, now_s
        self._show(frame)

    def _show(self, frame: SceneFrame) -> None:
        if frame.seq <= self._sent_seq:
            return  # a rest frame has overtaken it
        self._sent_seq = frame.seq
        text = _text(frame.message())
        for client in self._clients.values():
            client.latest("frame", text)

    def _event(self, text: str) -> None:
        for client in self._clients.values():
            client.event(text)

    async def _pulse(self) -> None:
        while True:
            await asyncio.sleep(_PULSE_S)
            if self._latched and self.clock.now_s() - self._sent_s > _PULSE_S:
                self._send_rest()


def _text(document: object) -> str:
    return wire.encode(document).decode()


def _prompt_message(ask: Ask) -> str:
    document: dict[str, object] = {
        "v": 1, "type": "prompt", "id": ask.id, "kind": ask.kind, "text": ask.text,
        "until_s": ask.until_s,
    }  # fmt: skip
    if ask.scale is not None:
        document["scale"] = ask.scale
    if ask.kind == "task":
        document |= {"choices": ask.choices, "right": ask.right, "picture": ask.picture,
                     "difficulty": ask.difficulty}  # fmt: skip
    return _text(document)


def _cue_message(cue: Ruled, at_s: float) -> str:
    return _text({"v": 1, "type": "cue", "id": cue.id, "name": cue.name, "at_s": at_s})


def _pacer_message(pacer: Pacer | None) -> str:
    if pacer is None:
        return _text({"v": 1, "type": "pacer", "pacer": None})
    return _text({"v": 1, "type": "pacer", **wire.plain(pacer)})
