"""The headset's side of the server without an engine, and a client for each side of it."""

import http.client
import json
import random
import ssl
from typing import Any

from websockets.asyncio.client import connect

from adaptivevr.clock import RealClock
from adaptivevr.command import Command
from adaptivevr.console.hub import Hub
from adaptivevr.console.lan import Lan, Opening, papers_of
from adaptivevr.console.server import Server, bind, make_app
from adaptivevr.console.state import ConsoleState
from scenes.scene import load


class Later:
    """The real clock, and a way to let minutes pass."""

    def __init__(self) -> None:
        self._clock = RealClock()
        self.ahead_s = 0.0
        self.wait_until = self._clock.wait_until

    def now_s(self) -> float:
        return self._clock.now_s() + self.ahead_s


class Session:
    """Hub and server without an engine; a client for each side."""

    def __init__(self) -> None:
        self.clock = Later()
        self.hub = Hub(load("safe_room"), self.clock)
        papers = papers_of(Opening())
        self.lan = Lan(self.hub, papers, bind(0, "0.0.0.0"), random.Random(5))
        state = ConsoleState(self.hub, {})
        self.server = Server(make_app(self.hub, state, lan=self.lan), self.hub, bind(0), self.lan)
        self.server.start()
        self.port = self.lan.port
        self.trust = ssl.create_default_context(cafile=str(papers.authority))

    def ask(
        self, path: str, body: object = None, host: str = "127.0.0.1", **fields: str
    ) -> tuple[int, dict[str, str], str]:
        link = http.client.HTTPSConnection(host, self.port, context=self.trust, timeout=20)
        try:
            given = {k.replace("_", "-"): v for k, v in fields.items()}
            data = None if body is None else json.dumps(body)
            if data is not None:
                given.setdefault("Origin", f"https://{host}:{self.port}")
            link.request("GET" if data is None else "POST", path, data, given)
            answer = link.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode(errors="replace")
        finally:
            link.close()

    def enter(self, code: object, **fields: str) -> tuple[int, dict[str, Any]]:
        status, _, text = self.ask("/pair", {"code": code}, **fields)
        return status, json.loads(text)

    @property
    def stands(self) -> dict[str, Any]:
        return self.lan.document(self.clock.now_s())

    def pair(self) -> str:
        """Opens, enters, and returns the cookie as a browser would send it."""
        self.lan.told("open", "clinician")
        _, fields, _ = self.ask("/pair", {"code": self.stands["code"]})
        return fields["set-cookie"].split(";")[0]

    def commands(self) -> list[Command]:
        return list(self.hub.take()[0])

    def scene(self, cookie: str | None, host: str = "127.0.0.1", **fields: str) -> Any:
        given = {"Origin": f"https://{host}:{self.port}", **fields}
        if cookie:
            given["Cookie"] = cookie
        given = {k.replace("_", "-"): v for k, v in given.items()}
        return connect(
            f"wss://{host}:{self.port}/ws/scene", ssl=self.trust, additional_headers=given,
            proxy=None, open_timeout=20,
        )  # fmt: skip
