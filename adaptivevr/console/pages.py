"""Pages and scene assets, handed out alike on the console's side and on the headset's."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adaptivevr import wire
from adaptivevr.console.hub import Hub
from scenes.scene import LIBRARY, load

ROOT = Path(__file__).resolve().parent.parent.parent
SCENE_PAGE = ROOT / "scenes" / "web" / "dist"
CONSOLE_PAGE = ROOT / "adaptivevr" / "console" / "web" / "dist"
PAIR_PAGE = ROOT / "adaptivevr" / "console" / "pair" / "dist"
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self' blob: data:; media-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'self'"
)


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


def page(folder: Path) -> StaticFiles:
    """A built page with its parts."""
    return StaticFiles(directory=folder, html=True, check_dir=False)


def scene_routes(hub: Hub) -> list[BaseRoute]:
    """The scene's page, and what the scenes of the library and of this session are made of."""

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

    async def nothing(_: Request) -> Response:
        return Response(status_code=204)

    return [
        Route("/favicon.ico", nothing),
        Route("/scenes/{name}/scene.json", scene_json),
        Route("/scenes/{name}/{file:path}", asset),
        Mount("/scene", page(SCENE_PAGE)),
    ]
