"""The web server: pages, scene assets and two sockets, on the loopback only."""

import asyncio
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from adaptivevr import wire
from adaptivevr.console.console_socket import ConsoleSocket
from adaptivevr.console.hub import Hub
from adaptivevr.console.scene_socket import SceneSocket
from adaptivevr.console.state import ConsoleState
from adaptivevr.errors import PortTaken
from scenes.scene import LIBRARY, load

ROOT = Path(__file__).resolve().parent.parent.parent
SCENE_PAGE = ROOT / "scenes" / "web" / "dist"
CONSOLE_PAGE = ROOT / "adaptivevr" / "console" / "web" / "dist"
DEFAULT_PORT = 8460
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self' blob: data:; media-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'self'"
)
_HOSTS = ["localhost", "127.0.0.1", "[::1]"]


class Headers:
    """Adds the content policy to every page: nothing may be loaded from elsewhere."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", []),
                    (b"content-security-policy", _POLICY.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"no-referrer"),
                    (b"cache-control", b"no-cache"),
                ]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


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
) -> Starlette:
    """The whole web side of one session."""

    async def scene_socket(socket: WebSocket) -> None:
        if not same_origin(socket):
            await socket.close(4403)
            return
        await SceneSocket(hub, socket).serve()

    async def console_socket(socket: WebSocket) -> None:
        if not same_origin(socket):
            await socket.close(4403)
            return
        await ConsoleSocket(hub, state, socket, "clinician", demo).serve()

    def folder_of(name: str) -> Path:
        # An author's own scene lies in a folder of its own, not in the library.
        return hub.scene.folder.resolve() if name == hub.scene.name else LIBRARY / name

    async def scene_json(request: Request) -> Response:
        name = request.path_params["name"]
        if not (folder_of(name) / "scene.toml").is_file():
            return JSONResponse({"error": f"There is no scene named {name}."}, 404)
        manifest = load(folder_of(name)).manifest()
        return Response(wire.encode(manifest), media_type="application/json")

    async def asset(request: Request) -> Response:
        folder = folder_of(request.path_params["name"])
        path = (folder / request.path_params["file"]).resolve()
        kinds = {".glb": "model/gltf-binary", ".wav": "audio/wav", ".ogg": "audio/ogg"}
        if not path.is_relative_to(folder) or path.suffix not in kinds or not path.is_file():
            return JSONResponse({"error": "There is no such asset."}, 404)
        return FileResponse(path, media_type=kinds[path.suffix])

    async def to_console(_: Request) -> Response:
        return RedirectResponse("/console/")

    async def nothing(_: Request) -> Response:
        return Response(status_code=204)

    routes: list[BaseRoute] = [
        Route("/", to_console),
        Route("/favicon.ico", nothing),
        Route("/scenes/{name}/scene.json", scene_json),
        Route("/scenes/{name}/{file:path}", asset),
        WebSocketRoute("/ws/scene", scene_socket),
        WebSocketRoute("/ws/console", console_socket),
        Mount("/scene", StaticFiles(directory=SCENE_PAGE, html=True, check_dir=False)),
        Mount("/console", StaticFiles(directory=CONSOLE_PAGE, html=True, check_dir=False)),
    ]
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=_HOSTS),
            Middleware(Headers),
        ],
    )


def bind(port: int | None) -> socket.socket:
    """A listening socket on the loopback; the default port, or any free one when it is taken.

    A port that was asked for by number and is taken is refused in one sentence.
    """
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind(("127.0.0.1", DEFAULT_PORT if port is None else port))
    except OSError:
        if port is not None:
            raise PortTaken(
                f"Expected port {port} to be free, but another program listens there; "
                "give another number with --port, or none to have one chosen."
            ) from None
        taken.bind(("127.0.0.1", 0))
    taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    taken.listen(64)
    return taken


class Server:
    """The web server in a thread of its own, beside the loop."""

    def __init__(self, app: Starlette, hub: Hub, listening: socket.socket) -> None:
        self.port: int = listening.getsockname()[1]
        self._hub = hub
        self._socket = listening
        self._uvicorn = uvicorn.Server(
            uvicorn.Config(
                app,
                log_level="error",
                ws="websockets-sansio",
                ws_per_message_deflate=False,
                ws_ping_interval=5,
                ws_ping_timeout=5,
                lifespan="off",
                timeout_graceful_shutdown=1,
                access_log=False,
            )
        )
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="server", daemon=True)

    @property
    def url(self) -> str:
        """Where a browser on this machine finds the console."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Begins to listen; returns when the event loop runs."""
        self._thread.start()
        self._ready.wait(10)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._hub.attach(asyncio.get_running_loop())
        self._ready.set()
        await self._uvicorn.serve(sockets=[self._socket])

    def close(self) -> None:
        """Ends all connections; safe to call twice."""
        self._uvicorn.should_exit = True
        if self._thread.is_alive():
            self._thread.join(3)
        self._socket.close()
