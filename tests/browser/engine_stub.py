"""A tiny engine of its own process, for the scene page: pages, assets, the channel, and strings.

Run as a script it prints its port. `POST /say` with JSON moves it: intensity, scene, rest, silent,
deaf (to stops), send (messages as they are), close. `GET /heard` tells what clients said, with
the engine's time.
"""

import asyncio
import json
import socket
import sys
import time
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from adaptivevr.console.pages import SCENE_PAGE, Headers, page  # noqa: E402
from scenes import curve  # noqa: E402
from scenes.frame import Director  # noqa: E402
from scenes.scene import LIBRARY, load  # noqa: E402


class Engine:
    """What the real one would decide, set by hand."""

    def __init__(self) -> None:
        self.intensity, self.rest, self.silent, self.deaf = 0.0, False, False, False
        self.seq = 0
        self.heard: list[dict[str, Any]] = []
        self.clients: set[WebSocket] = set()
        self.sent: list[tuple[int, float]] = []  # seq and time of each frame
        self.play("heights")

    def play(self, name: str) -> None:
        self.scene = load(name)
        self.director = Director(self.scene)

    def frame(self) -> dict[str, object]:
        now_s = time.monotonic()
        self.seq += 1
        ambient = [(p.name, 0.5) for p in self.scene.parameters if p.role == "ambient"]
        mode = "safe" if self.rest else "manual"
        frame = self.director.update(
            now_s, self.seq, self.intensity, ambient, 0, mode, self.rest, None
        )
        # No slew here: a test says where it wants to be.
        free = {
            p.name: p.rest + curve.at(p.curve, self.intensity) * (p.full - p.rest)
            for p in self.scene.parameters
            if p.role == "load"
        }
        message = frame.message()
        message["values"] = {**dict(frame.values), **({} if self.rest else free)}
        self.sent = [*self.sent[-999:], (self.seq, now_s)]
        return message

    def scene_message(self) -> dict[str, object]:
        name = self.scene.name
        asset = f"/scenes/{name}/{self.scene.asset}"
        return {"v": 1, "type": "scene", "name": name, "asset": asset, "hash": self.scene.hash}

    async def tell(self, message: dict[str, object]) -> None:
        for client in list(self.clients):
            try:
                await client.send_text(json.dumps(message))
            except (WebSocketDisconnect, RuntimeError):
                self.clients.discard(client)

    async def run(self) -> None:
        loop, beat = asyncio.get_running_loop(), asyncio.Event()
        due_s = loop.time()
        while True:
            due_s = max(due_s + 1 / 60, loop.time())  # what was missed is not made up for
            beat.clear()
            loop.call_at(due_s, beat.set)
            await beat.wait()
            if not self.silent:
                await self.tell(self.frame())


engine = Engine()


async def channel(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(json.dumps(engine.scene_message()))
    engine.clients.add(socket)
    try:
        while True:
            message = json.loads(await socket.receive_text())
            now_s = time.monotonic()
            engine.heard.append({**message, "at_s": now_s})
            if message["type"] == "clock":
                answer = {
                    "v": 1, "type": "clock", "client_s": message["client_s"], "engine_s": now_s
                }  # fmt: skip
                await socket.send_text(json.dumps(answer))
            elif message["type"] == "stop" and not engine.deaf:
                engine.rest = True
    except WebSocketDisconnect:
        engine.clients.discard(socket)


async def say(request: Request) -> Response:
    told = await request.json()
    for name in ("intensity", "rest", "silent", "deaf"):
        if name in told:
            setattr(engine, name, told[name])
    if "scene" in told:
        engine.play(told["scene"])
        await engine.tell(engine.scene_message())
    for message in told.get("send", []):
        await engine.tell({"v": 1, **message})
    if told.get("close"):
        for client in list(engine.clients):
            engine.clients.discard(client)
            await client.close()
    return JSONResponse({"seq": engine.seq, "now_s": time.monotonic()})


async def heard(_: Request) -> Response:
    return JSONResponse(
        {"heard": engine.heard, "sent": engine.sent, "clients": len(engine.clients)}
    )


def folder_of(name: str) -> Path:
    # The scene that plays may be a folder outside the library.
    return engine.scene.folder if name == engine.scene.name else LIBRARY / name


async def scene_json(request: Request) -> Response:
    return JSONResponse(load(folder_of(request.path_params["name"])).manifest())


async def asset(request: Request) -> Response:
    path = folder_of(request.path_params["name"]) / request.path_params["file"]
    return FileResponse(path) if path.is_file() else Response(status_code=404)


app = Starlette(
    routes=[
        Route("/favicon.ico", lambda _: Response(status_code=204)),
        Route("/say", say, methods=["POST"]),
        Route("/heard", heard),
        Route("/scenes/{name}/scene.json", scene_json),
        Route("/scenes/{name}/{file:path}", asset),
        WebSocketRoute("/ws/scene", channel),
        Mount("/scene", page(SCENE_PAGE)),
    ],
    middleware=[Middleware(Headers)],
)


async def main() -> None:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(16)
    print(listening.getsockname()[1], flush=True)
    ticking = asyncio.create_task(engine.run())
    config = uvicorn.Config(
        app, log_level="error", ws="websockets-sansio", lifespan="off",
        timeout_graceful_shutdown=1, ws_ping_interval=None,
    )  # fmt: skip
    await uvicorn.Server(config).serve(sockets=[listening])
    ticking.cancel()


if __name__ == "__main__":
    asyncio.run(main())
