"""A room for the MQTT bridge: a real broker, those who listen, and ticks of a real session."""

import json
import os
import shutil
import signal
import socket
import subprocess
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from adaptivevr.bridges.mqtt import MqttBridge
from adaptivevr.clock import RealClock
from adaptivevr.command import Command
from adaptivevr.config import Broker, Config
from adaptivevr.session import Plan, Session
from adaptivevr.therapy import protocol as protocols
from adaptivevr.tick import Tick
from scenes import scene as scenes
from tests.until import until

MOSQUITTO = shutil.which("mosquitto") or next(
    (p for p in ("/usr/sbin/mosquitto",) if Path(p).is_file()), None
)
HANGS = hasattr(signal, "SIGSTOP")
TICK_S = 1 / 60


class Mosquitto:
    """A broker of our own on a free port, which can be killed, hung and started again."""

    def __init__(self, folder: Path, *lines: str, tls: Path | None = None) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        rules = [f"listener {self.port} 127.0.0.1", "persistence false", *lines]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            rules.append("user root")  # else it lays down its rights and cannot read our files
        if tls:
            rules += [f"cafile {tls / 'ca.crt'}", f"certfile {tls / 'server.crt'}",
                      f"keyfile {tls / 'server.key'}"]  # fmt: skip
        self._config = folder / "mosquitto.conf"
        self._config.write_text("\n".join(rules) + "\n")
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        assert MOSQUITTO is not None
        self.process = subprocess.Popen(
            [MOSQUITTO, "-c", str(self._config)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            until(self._answers)
        except AssertionError:
            self.kill()
            raise

    def _answers(self) -> bool:
        with socket.socket() as knock:
            return knock.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(5)

    def hang(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGCONT)


@dataclass
class Heard:
    topic: str
    payload: bytes
    retained: bool

    def json(self) -> Any:
        return json.loads(self.payload)


@dataclass
class Subscriber:
    """A light or a log in the room: hears everything, comes back by itself."""

    port: int
    options: dict[str, str] = field(default_factory=dict)
    messages: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        from paho.mqtt.client import Client, MQTTMessage
        from paho.mqtt.enums import CallbackAPIVersion

        self.ready = threading.Event()
        client = Client(CallbackAPIVersion.VERSION2)
        if "user" in self.options:
            client.username_pw_set(self.options["user"], self.options["password"])
        if "ca" in self.options:
            client.tls_set(self.options["ca"])

        def note(_client: Any, _userdata: Any, m: MQTTMessage) -> None:
            self.messages.append(Heard(m.topic, bytes(m.payload), bool(m.retain)))

        client.on_message = note
        client.on_connect = lambda c, *_: c.subscribe("adaptivevr/#", qos=1)
        client.on_subscribe = lambda *_: self.ready.set()
        client.reconnect_delay_set(0.1, 0.2)  # type: ignore[arg-type]
        client.connect("localhost" if "ca" in self.options else "127.0.0.1", self.port)
        client.loop_start()
        self._client = client
        assert self.ready.wait(10)

    def of(self, name: str) -> list[Heard]:
        return [m for m in list(self.messages) if m.topic == f"adaptivevr/room/{name}"]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


class Room:
    """Everything a test opens, closed at its end; ticks made by a real session."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.brokers: list[Mosquitto] = []
        self.opened: list[Any] = []
        rules = protocols.load("demo")
        self._session = Session(Plan(Config(), rules, scenes.load(rules.scene)))
        self._now_s = 100.0

    def broker(self, *lines: str, tls: Path | None = None) -> Mosquitto:
        made = Mosquitto(self._folder, *(lines or ("allow_anonymous true",)), tls=tls)
        self.brokers.append(made)
        return made

    def bridge(self, port: int, **more: Any) -> MqttBridge:
        bridge = MqttBridge(Broker(host=more.pop("host", "127.0.0.1"), port=port, **more), "room")
        bridge.start()
        self.opened.append(bridge)
        return bridge

    def subscriber(self, port: int, **options: str) -> Subscriber:
        subscriber = Subscriber(port, options)
        self.opened.append(subscriber)
        return subscriber

    def tick(self, mode: str | None = None) -> Tick:
        self._now_s += TICK_S
        tick = self._session.tick(self._now_s, (), ())
        return replace(tick, decision=replace(tick.decision, mode=mode)) if mode else tick

    def close(self) -> None:
        for broker in self.brokers:
            if HANGS and broker.process and broker.process.poll() is None:
                broker.go_on()
        for thing in self.opened:
            thing.close()
        for broker in self.brokers:
            broker.kill()


def ran(bridge: MqttBridge, room: Room, ticks: int, *commands: Command, **more: Any) -> float:
    """Ticks at the engine's own pace; the longest that one `take` kept the loop, in seconds."""
    longest, clock, never = 0.0, RealClock(), threading.Event()
    deadline_s = clock.now_s()
    for n in range(ticks):
        tick = room.tick(**more)
        begun_s = clock.now_s()
        bridge.take(tick, commands if n == 0 else ())
        longest = max(longest, clock.now_s() - begun_s)
        deadline_s += TICK_S
        clock.wait_until(deadline_s, never)
    return longest
