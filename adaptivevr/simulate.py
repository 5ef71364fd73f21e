"""A simulated patient wired up like a real one: LSL outlets out, the scene channel in."""

import contextlib
import json
import secrets
import sys
import threading
from argparse import Namespace
from collections.abc import Iterable

from adaptivevr.clock import Clock
from adaptivevr.errors import Refused
from adaptivevr.watcher import Watcher as Watcher
from sensors.chunk import Chunk
from sensors.patient import PATIENTS, Answer, Patient, Truth
from sensors.patient.tasks import Attempt
from sensors.source import Fault
from sensors.stream import Kind, Stream

_STEP_S = 1 / 50
_CATCH_UP_S = 1.0  # after a longer stall the body does not make up for what it missed


class Body:
    """A patient that lives on a clock: each step gives samples and due answers."""

    def __init__(self, patient: Patient, start_s: float) -> None:
        self.patient = patient
        self._then_s = start_s
        self._pressed = False

    def step(self, now_s: float, watcher: Watcher) -> tuple[tuple[Chunk, ...], tuple[Answer, ...]]:
        """Lives until now_s."""
        seen, asked = watcher.look()
        for prompt, scale in asked:
            self.patient.ask(prompt, scale, now_s)
        for task, difficulty, choices in watcher.tasks():
            self.patient.give(task, difficulty, now_s, choices)
        dt_s = now_s - self._then_s
        if dt_s <= 0:
            return (), ()
        self._then_s = now_s
        chunks = self.patient.step(dt_s, seen)
        return chunks, self.patient.answers()

    def presses_too_much(self) -> bool:
        """True once each time the patient begins to press "too much"."""
        pressing = self.patient.too_much()
        begins = pressing and not self._pressed
        self._pressed = pressing
        return begins

    def told(self, order: dict[str, object]) -> None:
        """The demo panel: unplug or plug a sensor, frighten the patient."""
        kind = order.get("kind")
        if order.get("do") == "unplug":
            self.patient.unplug(Kind(str(kind)))
        elif order.get("do") == "plug":
            self.patient.plug(Kind(str(kind)))
        elif order.get("do") == "frighten":
            self.patient.frighten(0.5)


class PatientSource:
    """A source for the engine in the same process and on a simulated clock: no LSL."""

    def __init__(self, body: Body, clock: Clock, watcher: Watcher) -> None:
        self.streams: tuple[Stream, ...] = body.patient.streams
        self.body = body
        self.watcher = watcher
        self.answers: list[Answer] = []
        self.attempts: list[Attempt] = []
        self.truths: list[Truth] = []
        self._clock = clock

    def pull(self) -> list[Chunk]:
        """What the body sent since the last pull."""
        chunks, answers = self.body.step(self._clock.now_s(), self.watcher)
        self.answers.extend(answers)
        self.attempts.extend(self.body.patient.attempts())
        self.truths.append(self.body.patient.truth)
        return list(chunks)

    def faults(self) -> list[Fault]:
        """A simulated wire has none."""
        return []

    def close(self) -> None:
        """Nothing to let go of."""


def attempt_message(attempt: Attempt) -> str:
    """A task's outcome as the scene channel carries it."""
    return json.dumps(
        {
            "v": 1, "type": "task", "id": attempt.task, "correct": attempt.correct,
            "reaction_s": attempt.reaction_s,
        }
    )  # fmt: skip


def told_scale(answer: Answer) -> str:
    """The scale as the channel names it: every yes or no is a confirm."""
    return "confirm" if answer.scale == "symptom" else answer.scale


def answer_message(answer: Answer) -> str:
    """An answer as the scene channel carries it."""
    return json.dumps(
        {
            "v": 1, "type": "rating", "prompt": answer.prompt,
            "scale": told_scale(answer),
            "value": answer.value, "shown_s": answer.shown_s, "answered_s": answer.answered_s,
        }
    )  # fmt: skip


class Outlets:
    """The LSL outlets of one patient; an unplugged sensor's outlet really goes away."""

    def __init__(self, streams: Iterable[Stream]) -> None:
        from sensors.lsl import Outlet

        self._make = Outlet
        self._open = {s.id: Outlet(s) for s in streams}
        self._kinds = {s.id: s for s in streams}

    def push(self, chunks: Iterable[Chunk]) -> None:
        """Sends samples of those sensors that are plugged."""
        for chunk in chunks:
            outlet = self._open.get(chunk.stream.id)
            if outlet is not None and len(chunk):
                outlet.push(chunk.stamps_s, chunk.values)

    def unplug(self, kind: str) -> None:
        """Closes the outlets of a kind."""
        for name, stream in self._kinds.items():
            if stream.kind == kind and name in self._open:
                # Taking a stream off the network may wait for its readers; a body does not.
                close = self._open.pop(name).close
                threading.Thread(target=close, name="unplug", daemon=True).start()

    def plug(self, kind: str) -> None:
        """Opens them again under the same identity."""
        for name, stream in self._kinds.items():
            if stream.kind == kind and name not in self._open:
                self._open[name] = self._make(stream)

    def close(self) -> None:
        """Withdraws all."""
        for outlet in self._open.values():
            outlet.close()
        self._open.clear()


class Simulator:
    """The simulated patient's own process: outlets, a scene client, and orders on stdin."""

    def __init__(self, body: Body, clock: Clock, scene_url: str | None) -> None:
        self._body = body
        self._clock = clock
        self._url = scene_url
        self._watcher = Watcher()
        self._outlets = Outlets(body.patient.streams)
        self._end = threading.Event()
        self._socket: object = None
        self._orders: list[dict[str, object]] = []

    def run(self, duration_s: float | None = None) -> None:
        """Lives until the duration is over, the scene is gone for good, or `end` is called."""
        if self._url:
            threading.Thread(target=self._watch, name="scene", daemon=True).start()
        start_s = moment_s = self._clock.now_s()
        try:
            while not self._end.is_set():
                if duration_s is not None and moment_s - start_s > duration_s:
                    return
                moment_s += _STEP_S
                self._clock.wait_until(moment_s, self._end)
                now_s = self._clock.now_s()
                if now_s - moment_s > _CATCH_UP_S:
                    moment_s = now_s
                self._live(now_s)
        finally:
            self._outlets.close()

    def end(self) -> None:
        """Asks it to finish."""
        self._end.set()

    def order(self, order: dict[str, object]) -> None:
        """Something from the demo panel, for the next step."""
        self._orders.append(order)

    def _live(self, now_s: float) -> None:
        while self._orders:
            order = self._orders.pop(0)
            self._body.told(order)
            if order.get("do") in ("plug", "unplug"):
                getattr(self._outlets, str(order["do"]))(str(order.get("kind")))
        chunks, answers = self._body.step(now_s, self._watcher)
        self._outlets.push(chunks)
        for answer in answers:
            self._say(answer_message(answer))
        for attempt in self._body.patient.attempts():
            self._say(attempt_message(attempt))
        if self._body.presses_too_much():
            self._say(json.dumps({"v": 1, "type": "too_much"}))

    def _say(self, text: str) -> None:
        socket = self._socket
        if socket is not None:
            try:
                socket.send(text)  # type: ignore[attr-defined]
            except Exception:  # the scene has gone; the watcher reconnects
                self._socket = None

    def _watch(self) -> None:
        from websockets.exceptions import WebSocketException
        from websockets.sync.client import connect

        assert self._url is not None
        while not self._end.is_set():
            try:
                with connect(self._url, compression=None, max_size=None, open_timeout=2) as socket:
                    socket.send(json.dumps(self._hello()))
                    self._socket = socket
                    for text in socket:
                        if self._watcher.take(str(text)):
                            shown = {"v": 1, "type": "ack", "seq": self._watcher.seq,
                                     "shown_s": self._clock.now_s(),
                                     "rest": self._watcher.rest}  # fmt: skip
                            socket.send(json.dumps(shown))
                        for cue in self._watcher.played():
                            heard = {"v": 1, "type": "heard", "cue": cue, "played": True,
                                     "shown_s": self._clock.now_s()}  # fmt: skip
                            socket.send(json.dumps(heard))
            except (OSError, WebSocketException):
                self._socket = None
                self._end.wait(0.2)

    def _hello(self) -> dict[str, object]:
        return {"v": 1, "type": "hello", "renderer": "simulated patient", "version": "1",
                "languages": ["en"], "hands": False, "refresh_hz": 60}  # fmt: skip


def simulate(options: Namespace) -> int:
    """`adaptivevr simulate`: lives until it is ended, orders as JSON lines on stdin."""
    from adaptivevr.clock import RealClock
    from sensors.lsl import configure, local_clock_s

    if options.patient not in PATIENTS:
        raise Refused(
            f"Expected --patient to be one of {', '.join(PATIENTS)}, but got {options.patient!r}; "
            "choose one of these."
        )
    session = options.session or f"simulate-{secrets.token_hex(4)}"
    configure(session)
    offset_s = local_clock_s() - RealClock().now_s()
    clock = RealClock(offset_s if abs(offset_s) > 0.001 else 0.0)
    start_s = clock.now_s()
    body = Body(Patient(options.patient, options.seed, start_s=start_s), start_s)
    simulator = Simulator(body, clock, options.scene_url)
    if options.session is None:
        names = ", ".join(stream.name for stream in body.patient.streams)
        print(
            f"LSL outlets on this machine (session id {session}): {names}. Ctrl+C ends them.",
            file=sys.stderr,
        )
    else:
        threading.Thread(target=_listen, args=(simulator,), name="orders", daemon=True).start()
    try:
        simulator.run(options.duration)
    except KeyboardInterrupt:
        simulator.end()
    return 0


def _listen(simulator: Simulator) -> None:
    for line in sys.stdin:
        with contextlib.suppress(ValueError):
            order = json.loads(line)
            if isinstance(order, dict):
                simulator.order(order)
    simulator.end()  # whoever gave the orders has gone
