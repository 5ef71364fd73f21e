"""How a scene may move the patient and itself: speeds, turns and rhythms that most people bear.

Limits (sources: G2): walking pace, a lift that starts slowly, five metres a second
on a path, nobody turned or tilted by software, and nothing by itself in the rhythm of flicker.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from math import acos, degrees, dist

from scenes.asset import Asset, Track
from scenes.parameter import Parameter
from scenes.scene import Scene

LEVEL_M_S = 1.4  # across: a walk
UPRIGHT_M_S = 3.0  # up and down: a calm lift
PATH_M_S = 5.0
TILT_DEG = 1.0  # the horizon stays where it is
TURN_DEG_S = 10.0  # on a path, at its full speed
RHYTHM_HZ = 3.0  # ways to and fro that repeat faster than this flicker
STEPS = 200


def motion_problems(
    asset: Asset, scene: Scene, pace: Callable[[Parameter], float]
) -> Iterator[str]:
    """What a scene moves too fast, or should not move at all.

    pace: the share of a parameter's travel that it may go in a second, whatever intensity does.
    """
    viewer = asset.find("viewer")
    carriers = set() if viewer is None else set(asset.above(viewer))
    parameters = {p.name: p for p in scene.parameters}
    path_m = _path_m(asset)
    for track in asset.tracks():
        if track.clip.split(".")[0] == "idle":
            yield from _idle_problems(asset, track, track.node in carriers)
        if track.node not in carriers:
            continue
        if track.clip in parameters:
            yield from _carried(asset, track, parameters[track.clip], pace)
        elif track.clip == "path":
            yield from _path_problems(track, path_m)
        elif track.clip.startswith("cue."):
            yield f"Clip '{track.clip}': expected the viewer left alone, came a move. Drop it."


def _carried(
    asset: Asset, track: Track, p: Parameter, pace: Callable[[Parameter], float]
) -> Iterator[str]:
    where = f"Parameter '{p.name}', node '{asset.nodes[track.node].get('name')}'"
    if track.path in ("rotation", "scale"):
        if _spread(track) > TILT_DEG:
            yield (
                f"{where}: expected the viewer never to be turned or tilted, came "
                f"{_spread(track):.0f} degrees. Move the things around instead."
            )
        return
    if track.path != "translation":
        return
    first_s, last_s = track.times_s[0], track.times_s[-1]
    stops = [track.at(first_s + (last_s - first_s) * k / STEPS) for k in range(STEPS + 1)]
    per_share = max((dist(a, b) for a, b in pairwise(stops)), default=0.0) * STEPS
    across = max((dist(a[::2], b[::2]) for a, b in pairwise(stops)), default=0.0) * STEPS
    share_s = pace(p)
    for what, most, speed in (
        ("across", LEVEL_M_S, across * share_s),
        ("in all", UPRIGHT_M_S, per_share * share_s),
    ):
        if speed > most + 0.05:
            yield (
                f"{where}: expected the viewer to move by at most {most:g} m/s {what}, came "
                f"{speed:.1f} m/s. Lower max_rate_per_s."
            )


def _path_problems(track: Track, path_m: float) -> Iterator[str]:
    if path_m <= 0 or track.path != "rotation":
        return
    first_s, last_s = track.times_s[0], track.times_s[-1]
    count = 4 * STEPS
    turns = [track.at(first_s + (last_s - first_s) * k / count) for k in range(count + 1)]
    per_m = max(_angle_deg(a, b) for a, b in pairwise(turns)) * count / path_m
    if per_m * PATH_M_S > TURN_DEG_S:
        yield (
            f"Clip 'path': expected at most {TURN_DEG_S:g} degrees a second at {PATH_M_S:g} m/s, "
            f"came {per_m * PATH_M_S:.0f}. Make the bends wider."
        )
    if max(abs(2 * q[0] * q[1] + 2 * q[2] * q[3]) for q in turns) > 0.2:
        yield "Clip 'path': expected the horizon to stay level, came a tilt. Keep only turns."


def _idle_problems(asset: Asset, track: Track, carries: bool) -> Iterator[str]:
    name = asset.nodes[track.node].get("name")
    if carries and _travel(track) > 1e-4:
        yield f"Clip '{track.clip}': expected the viewer left alone, came a move. Drop it."
    for axis in zip(*track.values, strict=True):
        low, high = min(axis), max(axis)
        if high - low < 0.02:
            continue  # too little to be seen
        ways = [b - a for a, b in pairwise(axis) if abs(b - a) > 0.2 * (high - low)]
        turns = sum(a * b < 0 for a, b in pairwise(ways))
        rate_hz = turns / 2 / max(1e-3, track.times_s[-1] - track.times_s[0])
        if rate_hz > RHYTHM_HZ:
            yield (
                f"Clip '{track.clip}', node '{name}': expected at most {RHYTHM_HZ:g} ways to and "
                f"fro a second, came {rate_hz:.1f}. Slow it down."
            )
            return


def _path_m(asset: Asset) -> float:
    scenes = asset.gltf.get("scenes") or [{}]
    length = scenes[0].get("extras", {}).get("path_m", 0.0)
    return float(length) if isinstance(length, int | float) else 0.0


def _travel(track: Track) -> float:
    return max((dist(track.values[0], v) for v in track.values), default=0.0)


def _spread(track: Track) -> float:
    if track.path == "scale":
        return 100.0 * _travel(track)
    return max((_angle_deg(track.values[0], v) for v in track.values), default=0.0)


def _angle_deg(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    cos_half = abs(sum(x * y for x, y in zip(a, b, strict=True)))
    return degrees(2 * acos(min(1.0, cos_half)))
