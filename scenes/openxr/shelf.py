"""Where a scene's parts come from: our own library when it is the same scene, else the server."""

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urljoin, urlsplit, urlunsplit
from urllib.request import ProxyHandler, build_opener

import numpy as np

from scenes.openxr.glb import Material, Model, Node, Part, read
from scenes.openxr.player import Manifest
from scenes.openxr.pose import UNTURNED
from scenes.scene import LIBRARY, SceneMistake, load

REST_SCENE = "safe_room"
_PATIENCE_S = 10.0
_DIRECT = build_opener(ProxyHandler({}))  # the engine is on this machine or its network


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """A scene in memory. sounds: name -> the bytes of its file, empty when it has none."""

    manifest: Manifest
    model: Model
    sounds: dict[str, bytes]


def fetch(name: str, asset: str, hash: str, channel_url: str) -> Parts:
    """Everything of a scene; raises ValueError or OSError in a sentence.

    hash: of the scene that the engine plays, empty when it was not told. channel_url: the
    socket's address; the scene lies on the same server.
    """
    own = _own(name, hash)
    if own is not None:
        return own
    scheme, place, *_ = urlsplit(channel_url)
    origin = urlunsplit(("https" if scheme == "wss" else "http", place, "/", "", ""))
    base = urljoin(origin, f"scenes/{quote(name)}/")
    manifest = Manifest.of(json.loads(_get(urljoin(base, "scene.json"))))
    address = urljoin(origin, asset) + (f"?h={quote(hash)}" if hash else "")
    if urlsplit(address).netloc != place:
        raise ValueError(f"expected the asset from {place}, came {address}")
    return Parts(
        manifest,
        read(_get(address)),
        {n: _get(urljoin(base, f"sound/{quote(n)}.ogg")) for n in manifest.files},
    )


def rest(channel_url: str) -> Parts:
    """The rest scene, from our own library: it must be there when nothing else is."""
    return fetch(REST_SCENE, f"/scenes/{REST_SCENE}/scene.glb", "", channel_url)


def _own(name: str, hash: str) -> Parts | None:
    folder = LIBRARY / Path(name).name  # a name from outside never leaves the library
    try:
        scene = load(folder)
    except SceneMistake:
        return None
    asset = folder / scene.asset
    if not asset.is_file() or (hash and hash != scene.hash):
        return None
    files = {p.stem: p for p in (folder / "sound").glob("*.ogg")}
    manifest = Manifest.of(scene.manifest())
    sounds = {n: files[n].read_bytes() for n in manifest.files if n in files}
    return Parts(manifest, read(asset), sounds)


def _get(address: str) -> bytes:
    try:
        with _DIRECT.open(address, timeout=_PATIENCE_S) as answer:
            data: bytes = answer.read()
            return data
    except URLError as error:
        if isinstance(error, HTTPError):
            error.close()  # it is an open answer too
        raise OSError(f"expected {address}, came {error}") from None


def plain_rest() -> Parts:
    """Dusk over a plain: the rest scene until the real one is there, or when it cannot be had."""
    dome, ground = _dome(900.0, 24, 16), _disc(400.0, 48)
    node = (None, (0.0, 0.0, 0.0), UNTURNED, (1.0, 1.0, 1.0), None)
    model = Model(
        nodes=(Node("sky", *node, 0, None, ()), Node("ground", *node, 1, None, ())),
        meshes=((dome,), (ground,)),
        materials=(Material("sky", "sky"), Material("ground", "baked")),
        pictures=(),
        clips=(),
        extras={"exposure": 1.0, "fog": (0.02, 0.05, 0.0, 0.95)},
    )
    return Parts(Manifest("rest", (), ()), model, {})


def _dome(radius_m: float, around: int, up: int) -> Part:
    a, b = np.meshgrid(
        np.linspace(0, 2 * np.pi, around + 1), np.linspace(0, np.pi, up + 1), indexing="ij"
    )
    corners = np.zeros((a.size, 12), np.float32)
    place = np.stack([np.sin(b) * np.cos(a), np.cos(b), np.sin(b) * np.sin(a)], -1)
    corners[:, :3] = radius_m * place.reshape(-1, 3)
    corners[:, 3:6] = place.reshape(-1, 3)
    corners[:, 8:] = 1.0
    first = (np.arange(around)[:, None] * (up + 1) + np.arange(up)).ravel()
    right = first + up + 1
    index = np.stack([first, right, right + 1, first, right + 1, first + 1], -1)
    return Part(corners, index.ravel().astype(np.uint32), 0)


def _disc(radius_m: float, around: int) -> Part:
    a = np.linspace(0, 2 * np.pi, around, endpoint=False)
    corners = np.zeros((around + 1, 12), np.float32)
    corners[1:, 0], corners[1:, 2] = radius_m * np.cos(a), -radius_m * np.sin(a)
    corners[:, 4] = 1.0
    corners[:, 8:] = (0.05, 0.045, 0.05, 0.0)
    k = np.arange(around)
    index = np.stack([np.zeros(around), 1 + k, 1 + (k + 1) % around], -1)
    return Part(corners, index.ravel().astype(np.uint32), 1)
