"""What a headset in this network may reach: the code's page, the scene, its socket; no more."""

import asyncio
import contextlib
import json
import secrets
import socket
from argparse import Namespace
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.datastructures import Headers as Fields
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from adaptivevr import config, machine
from adaptivevr.clock import wall_s
from adaptivevr.command import Client
from adaptivevr.console.hub import Hub
from adaptivevr.console.inbox import new_id
from adaptivevr.console.pages import PAIR_PAGE, Headers, page, scene_routes
from adaptivevr.console.pairing import Chance, Outcome, Pairing
from adaptivevr.console.scene_socket import SceneSocket
from adaptivevr.errors import Refused

if TYPE_CHECKING:
    from adaptivevr.console.certificate import Papers

LAN_PORT = 8443
COOKIE = "__Host-patient"  # the prefix binds it to https, this host, and the whole of it
_LONGEST = 200  # bytes that a code may come in


@dataclass(frozen=True, slots=True)
class Opening:
    """How the network's side is opened: whose certificate (the clinic's or ours), which port."""

    cert: Path | None = None
    key: Path | None = None
    port: int | None = None


def opening_of(options: Namespace) -> Opening | None:
    """What `--lan`, `--cert` and `--key` ask for; raises Refused when they do not go together."""
    if (options.cert is None) != (options.key is None):
        raise Refused(
            "Expected --cert and --key together, but only one came; give both files, or neither."
        )
    if options.cert is not None and not options.lan:
        raise Refused(
            "Expected --lan with --cert and --key, but it is not there; add --lan to let a headset "
            "in this network open the scene."
        )
    return Opening(options.cert, options.key) if options.lan else None


def papers_of(opening: Opening) -> "Papers":
    """The certificate to show; raises Refused with a sentence when there can be none."""
    from adaptivevr.console.certificate import of_installation, own

    if opening.cert is not None and opening.key is not None:
        return own(opening.cert, opening.key, wall_s())
    names = (*machine.addresses(), *machine.names(), "localhost", "127.0.0.1")
    return of_installation(config.data_folder() / "pairing", tuple(dict.fromkeys(names)), wall_s())


class Lan:
    """The headset's side of one session: who is paired, what it may see, what is written down.

    Lives in the server's event loop, apart from its making.
    """

    def __init__(
        self,
        hub: Hub,
        papers: "Papers",
        listening: socket.socket,
        chance: Chance | None = None,
    ) -> None:
        self.papers = papers
        self.listening = listening
        self.port: int = listening.getsockname()[1]
        self.pairing = Pairing(chance or secrets.SystemRandom())
        self._hub = hub
        self._serving: set[asyncio.Task[None]] = set()
        self._page = page(PAIR_PAGE)
        routes: list[BaseRoute] = [
            Route("/", self._front),
            Route("/pair", self._pair, methods=["GET", "POST"]),
            WebSocketRoute("/ws/scene", self._scene),
            *scene_routes(hub),
            Mount("/", self._page),
        ]
        self.app: ASGIApp = Headers(self._only_patients(Starlette(routes=routes)))

    # ---- for the clinician ---------------------------------------------------------

    @property
    def url(self) -> str:
        """The short address that a headset opens."""
        return f"https://{_shown(self.papers)}:{self.port}/"

    def qr(self) -> str:
        """The same as a picture (SVG)."""
        from adaptivevr.console.qr import svg

        return svg(self.url)

    def document(self, now_s: float) -> dict[str, Any]:
        """How pairing stands, for the console."""
        pairing = self.pairing
        return {
            "url": self.url,
            "code": pairing.code(now_s),
            "left_s": round(pairing.left_s(now_s)),
            "wait_s": round(pairing.wait_s(now_s)),
            "paired": pairing.paired,
            "connected": len(self._serving),
            "authority": self.papers.authority is not None,
        }

    def told(self, do: object, who: str) -> None:
        """A clinician opens the pairing, closes it, or ends that of the headset."""
        if do == "open":
            self.pairing.open(self._hub.clock.now_s())
            self._note(who, "A headset may be paired for five minutes.")
        elif do == "close":
            self.pairing.close()
            self._note(who, "No headset may be paired any more.")
        elif do == "end":
            self.pairing.end()
            self._cut()
            self._note(who, "The headset is no longer paired.")
        else:
            raise ValueError(f"expected open, close or end, got {do!r}")

    def _note(self, who: str, text: str) -> None:
        # Into the record like all that people do. Never a code, never a token.
        now_s = self._hub.clock.now_s()
        self._hub.submit(
            Client(
                id=new_id("h"), who=who, at_s=now_s, renderer="headset", event="pairing", text=text
            )
        )

    def _cut(self) -> None:
        for task in self._serving:
            task.cancel()

    # ---- for whoever comes ---------------------------------------------------------

    def _only_patients(self, inner: ASGIApp) -> ASGIApp:
        """Turns away wrong names (DNS rebinding), foreign pages, and all but the code's page."""

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] not in ("http", "websocket"):
                return
            refusal = self._refusal(scope)
            if refusal is None:
                await inner(scope, receive, send)
            elif scope["type"] == "websocket":
                await WebSocket(scope, receive, send).close(4401)  # before it is accepted: 403
            else:
                await refusal(scope, receive, send)

        return app

    def _refusal(self, scope: Scope) -> Response | None:
        fields = Fields(scope=scope)
        host = fields.get("host", "").lower()
        if not self._is_ours(host):
            return PlainTextResponse(
                f"Expected the address {self.url}, but another name was asked for; open {self.url}",
                421,
            )
        origin = fields.get("origin")
        changes = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD")
        if origin != f"https://{host}" and (changes or origin is not None):
            return PlainTextResponse(f"Expected a page of {self.url} to ask; open that.", 403)
        path: str = scope["path"]
        if path in ("/", "/pair", "/favicon.ico") or path.startswith("/assets/"):
            return None
        if self.pairing.admits(_token(fields)):
            return None
        if path == "/scene/" and scope["type"] == "http":
            return RedirectResponse("/")
        return PlainTextResponse("Expected a paired headset; enter the code first, at /.", 401)

    def _is_ours(self, host: str) -> bool:
        name, _, port = host.partition(":")
        if (port or "443") != str(self.port):
            return False
        return any(
            name == one or (one.startswith("*.") and name.partition(".")[2] == one[2:])
            for one in self.papers.names
        )

    async def _front(self, request: Request) -> Response:
        if self.pairing.admits(_token(request.headers)):
            return RedirectResponse("/scene/")
        return await self._page.get_response("index.html", request.scope)

    async def _pair(self, request: Request) -> Response:
        now_s = self._hub.clock.now_s()
        if request.method != "POST":
            paired = self.pairing.admits(_token(request.headers))
            wait_s = round(self.pairing.wait_s(now_s))
            is_open = self.pairing.code(now_s) is not None
            return JSONResponse({"paired": paired, "open": is_open, "wait_s": wait_s})
        data = b""
        async for part in request.stream():
            data += part
            if len(data) > _LONGEST:
                return JSONResponse({"outcome": Outcome.WRONG}, 413)
        answer = self.pairing.enter(_code(data), self._hub.clock.now_s())
        peer = request.client.host if request.client else "unknown"
        response = JSONResponse(
            {"outcome": answer.outcome, "wait_s": round(answer.wait_s)},
            200 if answer.outcome == Outcome.PAIRED else 403,
        )
        if answer.outcome == Outcome.PAIRED:
            self._cut()  # whoever was paired before
            self._note("headset", f"A headset has been paired (at {peer}).")
            response.set_cookie(COOKIE, answer.token, secure=True, httponly=True, samesite="strict")
        elif answer.outcome == Outcome.WRONG:
            self._note("headset", f"A wrong code was entered (at {peer}).")
        elif answer.outcome == Outcome.CHANGED:
            self._note("headset", f"A fifth wrong code (at {peer}): there is another one now.")
        return response

    async def _scene(self, websocket: WebSocket) -> None:
        serving = asyncio.create_task(SceneSocket(self._hub, websocket).serve())
        self._serving.add(serving)
        try:
            await asyncio.wait((serving,))
        finally:
            serving.cancel()
            self._serving.discard(serving)
        if serving.cancelled():
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # gone by itself
                await websocket.close(4401)
        else:
            serving.result()


def _token(fields: Fields) -> str:
    try:
        held = SimpleCookie(fields.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return held.value if held else ""


def _code(data: bytes) -> str:
    """The digits that were entered; whatever is no code is a wrong one."""
    try:
        message = json.loads(data)
    except (ValueError, RecursionError):
        return ""
    code = message.get("code") if isinstance(message, dict) else None
    return code if isinstance(code, str) else ""


def _shown(papers: "Papers") -> str:
    """The name or address to open: of our own certificate the address, else its first full name."""
    for name in papers.names:
        if not name.startswith("*.") and ":" not in name:  # we listen on IPv4
            return name
    host = next(iter(machine.names()), "headset").split(".")[0]
    return f"{host}{papers.names[0][1:]}"
