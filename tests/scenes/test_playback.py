"""The cases that every renderer must agree on; the WebXR client runs the same file."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from scenes import curve
from scenes.frame import SceneFrame
from scenes.parameter import Channel, Parameter
from scenes.playback import (
    EASE_S,
    FADE_IN_S,
    FADE_OUT_S,
    HOLD_S,
    Pacer,
    Playback,
    clip_time_s,
    sample,
)

TABLE = json.loads((Path(__file__).parent / "playback_cases.json").read_text())


def frame(step: dict[str, Any]) -> SceneFrame:
    return SceneFrame(
        seq=step["seq"],
        time_s=step["time_s"],
        data_s=None,
        scene="made_up",
        level=0,
        intensity=0.0,
        values=(("height", step.get("height", 0.0)),),
        ambient=(),
        rest=step.get("rest", False),
        mode="AUTO",
    )


def played(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    playback, seen = Playback(), []
    for step in steps:
        match step["do"]:
            case "frame":
                seen.append({"taken": playback.receive(frame(step), step["now_s"])})
            case "draw":
                p = playback.update(step["now_s"])
                seen.append(
                    {"fade": p.fade, "rest": p.rest, "why": p.why, "values": dict(p.values)}
                )
            case "stop":
                playback.stop()
                seen.append({})
            case "forget":
                playback.forget()
                seen.append({})
    return seen


def answer(kind: str, given: Any) -> Any:
    match kind:
        case "fraction":
            p = Parameter("p", "load", "1", rest=given["rest"], full=given["full"])
            return p.fraction(given["value"])
        case "clip_time":
            return clip_time_s(given["first_s"], given["last_s"], given["fraction"])
        case "channel":
            return Channel("fog", given["rest"], given["full"]).at(given["fraction"])
        case "curve":
            shape = given["curve"]
            points = shape if isinstance(shape, str) else tuple(tuple(p) for p in shape)
            return curve.at(points, given["x"])
        case "sample":
            rows = tuple(tuple(row) for row in given["values"])
            times_s = tuple(given["times_s"])
            at = sample(given["interpolation"], times_s, rows, given["at_s"], given["path"])
            return list(at)
        case "pacer":
            part, fullness = Pacer(**given["pacer"]).at(given["now_s"])
            return {"part": part, "fullness": fullness}
        case "expiry":
            return given["now_s"] - given["time_s"] > given["valid_for_s"]
        case "playback":
            return played(given)
    raise AssertionError(kind)


def close(a: Any, b: Any) -> bool:
    if isinstance(b, dict):
        return a.keys() == b.keys() and all(close(a[k], b[k]) for k in b)
    if isinstance(b, list):
        return len(a) == len(b) and all(map(close, a, b))
    if isinstance(b, float | int) and not isinstance(b, bool):
        return abs(a - b) <= TABLE["tolerance"]
    return bool(a == b)


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda c: c["name"])
def test_case(case: dict[str, Any]) -> None:
    came = answer(case["kind"], case["input"])
    assert close(came, case["expected"]), came


def test_the_numbers_of_the_table_are_those_of_the_code() -> None:
    told = [TABLE[k] for k in ("ease_s", "fade_out_s", "fade_in_s", "hold_s")]
    assert told == [EASE_S, FADE_OUT_S, FADE_IN_S, HOLD_S]


def test_a_fade_to_rest_is_one_way_and_never_twice_in_five_seconds() -> None:
    """Frames and stops alternate as fast as they can: the picture still cannot flicker."""
    playback, fades, began = Playback(), [], []
    for k in range(6000):
        now_s = k / 100
        playback.receive(frame({"seq": k, "time_s": now_s, "rest": k % 20 < 10}), now_s)
        fades.append(playback.update(now_s).fade)
        if k and fades[-2] < fades[-1] and (k < 2 or fades[-3] >= fades[-2]):
            began.append(now_s)
    assert all(b - a >= HOLD_S for a, b in pairwise(began))
    assert max(abs(b - a) for a, b in pairwise(fades)) <= 0.01 / FADE_OUT_S + 1e-9
