"""Whether a scene keeps the contract: what may move, what may shine, what it costs to draw."""

import itertools
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Any

from scenes import curve
from scenes.asset import Asset
from scenes.motion import motion_problems
from scenes.parameter import Parameter
from scenes.scene import Scene, SceneMistake, load

TRIANGLES, DRAWS, BYTES = 300_000, 100, 4_000_000  # both eyes; both eyes; with the sounds
EXTENSIONS = {"EXT_mesh_gpu_instancing", "KHR_materials_unlit"}
KINDS = {"sky", "baked", "foliage", "sand", "water", "facade", "glass", "glow", "shadow"}
PATHS = {"translation", "rotation", "scale", "weights"}
# Luminance may move by a tenth of full in a third of a second (science G1): 0.3 of full a second.
# Intensity falls by 0.05 a second at most, an ambient value by 0.25; a parameter's whole travel
# at that pace must stay within it, and one change may not be more than half of full.
LUMINANCE_PER_S, LUMINANCE_MOST = 0.3, 0.5
PACE_PER_S = {"load": 0.05, "ambient": 0.25}


def check(scene: str | Path) -> dict[str, Any]:
    """`{name, ok, triangles, draws, bytes, problems}` of a scene by library name or folder.

    Triangles and draws are those of both eyes with everything shown; bytes include the sounds.
    """
    told: dict[str, Any] = {"name": Path(scene).name, "ok": False}
    told |= {"triangles": 0, "draws": 0, "bytes": 0, "problems": []}
    try:
        read = load(scene)
    except SceneMistake as mistake:
        return told | {"problems": list(mistake.mistakes)}
    told["problems"] = list(photometric_problems(read))
    asset = read.folder / read.asset
    if not asset.is_file():
        told["problems"].append(
            f"Expected the asset {read.asset}, came no file. "
            f"Run python -m scenes.build {read.name}."
        )
        return told
    try:
        whole = Asset(asset)
    except ValueError as error:
        told["problems"].append(str(error))
        return told
    gltf = whole.gltf
    sounds = list((read.folder / "sound").glob("*.*"))
    told["bytes"] = asset.stat().st_size + sum(f.stat().st_size for f in sounds)
    told["draws"], told["triangles"] = cost(gltf)
    told["problems"] += [
        *asset_problems(gltf),
        *clip_problems(gltf, read),
        *channel_problems(gltf, read, {f.stem for f in sounds}),
        *_motion(whole, read),
        *cost_problems(told),
    ]
    told["ok"] = not told["problems"]
    return told


def _motion(asset: Asset, scene: Scene) -> tuple[str, ...]:
    try:
        return tuple(motion_problems(asset, scene, fastest_share_per_s))
    except (KeyError, IndexError, ValueError, TypeError) as error:
        return (f"Expected clips whose keys are in the file, came a gap ({error!r}). Export anew.",)


def cost(gltf: dict[str, Any]) -> tuple[int, int]:
    """Draw calls and triangles for both eyes, nothing culled."""
    draws = triangles = 0
    for node in gltf.get("nodes", []):
        if "mesh" not in node:
            continue
        rows = node.get("extensions", {}).get("EXT_mesh_gpu_instancing", {}).get("attributes", {})
        times = gltf["accessors"][rows["TRANSLATION"]]["count"] if "TRANSLATION" in rows else 1
        for part in gltf["meshes"][node["mesh"]]["primitives"]:
            corners = part.get("indices", part["attributes"]["POSITION"])
            draws += 1
            triangles += gltf["accessors"][corners]["count"] // 3 * times
    return draws * 2, triangles * 2


def asset_problems(gltf: dict[str, Any]) -> Iterator[str]:
    """Only the extensions, materials and resources that both renderers know."""
    for name in set(gltf.get("extensionsUsed", [])) - EXTENSIONS:
        yield f"Expected only {', '.join(sorted(EXTENSIONS))}, came {name}. Export without it."
    for material in gltf.get("materials", []):
        kind = material.get("extras", {}).get("kind", "baked")
        if kind not in KINDS:
            yield (
                f"Material '{material.get('name')}': expected a kind of "
                f"{', '.join(sorted(KINDS))}, came '{kind}'. Choose one."
            )
    for part in (*gltf.get("buffers", []), *gltf.get("images", [])):
        if "uri" in part:
            yield f"Expected everything inside the file, came a link to {part['uri']}. Embed it."
    if not any(n.get("name") == "viewer" for n in gltf.get("nodes", [])):
        yield "Expected a node named viewer, came none. Add one where the patient stands."


def clip_problems(gltf: dict[str, Any], scene: Scene) -> Iterator[str]:
    """Clips move nodes and morphs, no two one property; each parameter does something."""
    owner: dict[tuple[int, str], str] = {}
    clips = {c.get("name", ""): c for c in gltf.get("animations", [])}
    names = {p.name for p in scene.parameters} | {c.clip for c in scene.cues}
    for name, clip in clips.items():
        if name not in names and name.split(".")[0] not in ("idle", "path"):
            yield (
                f"Clip '{name}': expected a parameter's name, cue.NAME or idle.*, came none of "
                "them. Rename it."
            )
        for channel in clip["channels"]:
            node, path = channel["target"].get("node"), channel["target"]["path"]
            if path not in PATHS or node is None:
                yield f"Clip '{name}': expected {', '.join(sorted(PATHS))}, came {path}. Bake it."
            elif owner.setdefault((node, path), name) != name:
                which = gltf["nodes"][node].get("name", node)
                yield (
                    f"Node '{which}': expected one clip for its {path}, came '{owner[node, path]}' "
                    f"and '{name}'. Move one of them to a parent node."
                )
    for p in scene.parameters:
        if p.name not in clips and not p.channels:
            yield f"Parameter '{p.name}': expected a clip or a channel, came none. Add one."
    for cue in scene.cues:
        if cue.clip not in clips and not cue.sound:
            yield f"Cue '{cue.name}': expected a clip {cue.clip} or a sound, came none. Add one."


def channel_problems(gltf: dict[str, Any], scene: Scene, sounds: set[str]) -> Iterator[str]:
    """Channels that name a node, a material or a sound must find it."""
    nodes = {n.get("name") for n in gltf.get("nodes", [])}
    there = {
        "sound": sounds,
        "light": nodes,
        "show": nodes,
        "emissive": {m.get("name") for m in gltf.get("materials", [])},
    }
    wanted = [(f"sound.{name}", "scene.toml") for name, _ in scene.sounds]
    wanted += [(c.name, f"parameter '{p.name}'") for p in scene.parameters for c in p.channels]
    wanted += [(f"sound.{c.sound}", f"cue '{c.name}'") for c in scene.cues if c.sound]
    for channel, where in wanted:
        head, _, tail = channel.partition(".")
        if head in there and tail not in there[head]:
            yield f"In {where}: expected a thing for '{channel}', came none of that name. Add it."
    for name, at in (*scene.places, *((c.sound, c.at) for c in scene.cues if c.at)):
        if at not in nodes:
            yield f"Sound '{name}': expected a node '{at}' to come from, came none. Add it."


def photometric_problems(scene: Scene) -> Iterator[str]:
    """Every parameter keeps the slew of luminance, whatever path intensity takes."""
    total = 0.0
    for p in scene.parameters:
        total += p.photometric if p.role == "load" else 0.0
        per_s = p.photometric * fastest_share_per_s(p)
        if not isfinite(per_s) or per_s > LUMINANCE_PER_S:
            yield (
                f"Parameter '{p.name}': expected at most {LUMINANCE_PER_S:g} of full luminance a "
                f"second, came {per_s:.2f}. Lower max_rate_per_s or photometric, or bend the curve."
            )
    if total > LUMINANCE_MOST:
        yield (
            f"Expected all load parameters together to change at most {LUMINANCE_MOST:g} of full "
            f"luminance, came {total:.2f}. Lower photometric and the change behind it."
        )


def fastest_share_per_s(p: Parameter) -> float:
    """How much of its travel a parameter may go in a second, whatever path intensity takes."""
    steps = 200
    shares = [curve.at(p.curve, k / steps) for k in range(steps + 1)]
    steepest = max(b - a for a, b in itertools.pairwise(shares)) * steps
    pace = steepest * PACE_PER_S[p.role]
    if p.max_rate_per_s is not None:
        pace = min(pace, p.max_rate_per_s / abs(p.full - p.rest))
    return pace


def cost_problems(told: dict[str, Any]) -> Iterator[str]:
    """Within the budget of a headset's browser."""
    for what, most in (("triangles", TRIANGLES), ("draws", DRAWS), ("bytes", BYTES)):
        if told[what] > most:
            yield f"Expected at most {most} {what}, came {told[what]}. Build with less."
