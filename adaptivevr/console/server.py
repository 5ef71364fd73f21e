"""The web server: console, scene and their sockets on the loopback; a headset's side on request."""

import asyncio
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket

from adaptivevr import machine
from adaptivevr.console.console_socket import ConsoleSocket
from adaptivevr.console.door import Door
from adaptivevr.console.hub import Hub
from adaptivevr.console.lan import LAN_PORT, Lan, Opening, papers_of
from adaptivevr.console.pages import CONSOLE_PAGE, Headers, page, scene_routes
from adaptivevr.console.scene_socket import SceneSocket
from adaptivevr.console.state import ConsoleState
from adaptivevr.errors import PortTaken

DEFAULT_PORT = 8460
_HOSTS = ["localhost", "127.0.0.1", "[::1]"]


def same_origin(connection: HTTPConnection) -> bool:
    """Whether a page of ours opened this; programs that are no browser send no origin.

    Ports do not count for SameSite cookies, so another program's page on this very
    machine could otherwise drive the console.
    """
    origin = connection.headers.get("origin")
    return origin is None or origin.split("://")[-1] == connection.headers.get("host")


def make_app(
    hub: Hub,
    state: ConsoleState,
    demo: Callable[[dict[str, object]], None] | None = None,
    lan: Lan | None = None,
) -> Starlette:
    """The whole web side of one session, for this machine. lan: what the console leads of it."""
    if lan is not None:
        state.pairing = lan.document

    async def scene_socket(socket: WebSocket) -> None:
        if not same_origin(socket):
            await socket.close(4403)
            return
        await SceneSocket(hub, socket).serve()

    async def console_socket(socket: WebSocket) -> None:
        if not same_origin(socket):
            await socket.close(4403)
            return
        told = lan.told if lan is not None else None
        await ConsoleSocket(hub, state, socket, "clinician", demo, told).serve()

    async def to_console(_: Request) -> Response:
        return RedirectResponse("/console/")

    async def qr(_: Request) -> Response:
        return _nothing() if lan is None else Response(lan.qr(), media_type="image/svg+xml")

    async def authority(_: Request) -> Response:
        if lan is None or lan.papers.authority is None:
            return _nothing()
        path = lan.papers.authority
        return FileResponse(path, media_type="application/x-x509-ca-cert", filename=path.name)

    routes: list[BaseRoute] = [
        Route("/", to_console),
        Route("/pairing/qr.svg", qr),
        Route("/pairing/authority.crt", authority),
        WebSocketRoute("/ws/scene", scene_socket),
        WebSocketRoute("/ws/console", console_socket),
        *scene_routes(hub),
        Mount("/console", page(CONSOLE_PAGE)),
    ]
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=_HOSTS),
            Middleware(Headers),
        ],
    )


def _nothing() -> Response:
    return Response("Expected a session with --lan; begin one so.", 404)


def bind(port: int | None, host: str = "127.0.0.1", usual: int = DEFAULT_PORT) -> socket.socket:
    """A listening socket on the loopback; the usual port, or any free one when it is taken.

    A port that was asked for by number and is taken is refused in one sentence.
    """
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, usual if port is None else port))
    except OSError:
        if port is not None:
            raise PortTaken(
                f"Expected port {port} to be free, but another program listens there; "
                "give another number with --port, or none to have one chosen."
            ) from None
        taken.bind((host, 0))
    taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    taken.listen(64)
    return taken


def open_lan(hub: Hub, opening: Opening) -> Lan:
    """The network's side of a session: TLS on every address of this machine, for patients only.

    Raises Refused with a sentence when there is no certificate to show or the port is taken.
    """
    papers = papers_of(opening)
    for text in papers.said:
        print(text, file=sys.stderr)
    if not machine.addresses():
        print(
            "This machine is in no network now: only a headset on a cable (docs/headsets.md) "
            "reaches it.",
            file=sys.stderr,
        )
    return Lan(hub, papers, bind(opening.port, "0.0.0.0", LAN_PORT))


class Server:
    """The web server in a thread of its own, beside the loop."""

    def __init__(
        self, app: Starlette, hub: Hub, listening: socket.socket, lan: Lan | None = None
    ) -> None:
        self.port: int = listening.getsockname()[1]
        self.lan = lan
        self._hub = hub
        self._socket = listening
        self._uvicorn = uvicorn.Server(_settings(app))
        self._lan = uvicorn.Server(_settings(lan.app, ws_max_size=2**18)) if lan else None
        self._door = Door(lan.listening, hub.clock) if lan else None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="server", daemon=True)

    @property
    def url(self) -> str:
        """Where a browser on this machine finds the console."""
        return f"http://localhost:{self.port}"

    @property
    def words(self) -> str:
        """Which page is where, line by line."""
        lines = [f"Console: {self.url}/console/", f"Scene:   {self.url}/scene/"]
        if self.lan is not None:
            lines.append(f"Headset: {self.lan.url} (the code is in the console, under Scene)")
        return "\n".join(lines)

    def start(self) -> None:
        """Begins to listen; returns when the event loop runs."""
        self._thread.start()
        self._ready.wait(10)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._hub.attach(asyncio.get_running_loop())
        serving = [self._uvicorn.serve(sockets=[self._socket])]
        if self.lan and self._lan and self._door:
            server, config = self._lan, self._lan.config
            config.load()

            def protocol() -> asyncio.Protocol:
                make: Any = config.http_protocol_class
                made: asyncio.Protocol = make(
                    config=config, server_state=server.server_state, app_state={}
                )
                return made

            # It listens on nothing itself: connections come through the door.
            serving.append(server.serve(sockets=[]))
            self._door.open(asyncio.get_running_loop(), protocol, self.lan.papers.context())
        self._ready.set()
        await asyncio.gather(*serving)

    def close(self) -> None:
        """Ends all connections; safe to call twice."""
        if self._door is not None:
            self._door.close()
        self._uvicorn.should_exit = True
        if self._lan is not None:
            self._lan.should_exit = True
        if self._thread.is_alive():
            self._thread.join(3)
        self._socket.close()


def _settings(app: ASGIApp, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_level="error",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=5,
        ws_ping_timeout=5,
        lifespan="off",
        timeout_graceful_shutdown=1,
        access_log=False,
        proxy_headers=False,  # whoever asks is whoever connected
        **more,
    )
