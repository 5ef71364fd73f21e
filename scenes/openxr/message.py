"""What the engine says on the scene channel, read and checked; `v: 1`, as the browser reads it."""

import json
from dataclasses import dataclass
from math import isfinite
from typing import Any

from scenes.frame import SceneFrame
from scenes.playback import Pacer


@dataclass(frozen=True, slots=True)
class Scale:
    """What a rating is given on."""

    name: str
    min: float
    max: float
    step: float
    low: str
    high: str

    def steps(self) -> tuple[float, ...]:
        """The values offered, lowest first.

        >>> Scale("suds", 0, 100, 50, "calm", "worst").steps()
        (0, 50, 100)
        """
        count = min(100, round((self.max - self.min) / self.step))
        return tuple(self.min + i * self.step for i in range(count + 1))


@dataclass(frozen=True, slots=True)
class Prompt:
    """A text for the patient. until_s: on the engine's clock; None: until it is answered."""

    id: str
    kind: str
    text: str
    scale: Scale | None
    until_s: float | None


@dataclass(frozen=True, slots=True)
class Pace:
    """A breathing pace; None: no pacer any more."""

    pacer: Pacer | None


@dataclass(frozen=True, slots=True)
class Play:
    """Which scene to have ready."""

    name: str
    asset: str
    hash: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Rest now."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A discrete event of the scene, at a time of the engine."""

    id: str
    name: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Complaint:
    """A message of ours was not understood."""

    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The engine's answer to a question about its clock."""

    client_s: float
    engine_s: float


type Message = SceneFrame | Prompt | Pace | Play | Stop | Cue | Complaint | Answer


def decode(text: str | bytes) -> Message | None:
    """The message a text stands for; None for a type nobody knows yet.

    Raises ValueError with what was expected and what came.
    """
    m = json.loads(text)
    if not isinstance(m, dict) or m.get("v") != 1:
        raise ValueError(f"expected v: 1, got {str(text)[:60]}")
    read = _READERS.get(str(m.get("type")))
    if read is None:
        return None
    try:
        message: Message = read(m)
        return message
    except (KeyError, TypeError, ValueError):
        raise ValueError(
            f"expected a message of the scene channel, got {str(text)[:120]}"
        ) from None


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def _numbers(table: Any) -> tuple[tuple[str, float], ...]:
    return tuple((name, _number(value)) for name, value in table.items())


def _frame(m: dict[str, Any]) -> SceneFrame:
    if not isinstance(m["rest"], bool):
        raise ValueError
    return SceneFrame(
        seq=int(_number(m["seq"])),
        time_s=_number(m["time_s"]),
        data_s=m.get("data_s"),
        scene=_text(m["scene"]),
        level=int(_number(m["level"])),
        intensity=_number(m["intensity"]),
        values=_numbers(m["values"]),
        ambient=_numbers(m["ambient"]),
        rest=m["rest"],
        mode=_text(m["mode"]),
        valid_for_s=_number(m["valid_for_s"]),
    )


def _prompt(m: dict[str, Any]) -> Prompt:
    scale, until_s = m.get("scale"), m.get("until_s")
    read = None
    if scale is not None:
        read = Scale(
            _text(scale["name"]), _number(scale["min"]), _number(scale["max"]),
            _number(scale["step"]), _text(scale["low"]), _text(scale["high"]),
        )  # fmt: skip
        if read.step <= 0:
            raise ValueError
    if m["kind"] == "rating" and read is None:
        raise ValueError
    return Prompt(
        _text(m["id"]), _text(m["kind"]), _text(m["text"]), read,
        None if until_s is None else _number(until_s),
    )  # fmt: skip


def _pace(m: dict[str, Any]) -> Pace:
    if "pacer" in m and m["pacer"] is None:
        return Pace(None)
    names = ("start_s", "in_s", "hold_s", "out_s", "rest_s")
    return Pace(Pacer(*(_number(m[name]) for name in names)))


_READERS: dict[str, Any] = {
    "frame": _frame,
    "prompt": _prompt,
    "pacer": _pace,
    "cue": lambda m: Cue(_text(m["id"]), _text(m["name"]), _number(m["at_s"])),
    "scene": lambda m: Play(_text(m["name"]), _text(m["asset"]), _text(m["hash"])),
    "stop": lambda m: Stop(),  # whatever else it says, it is a stop
    "error": lambda m: Complaint(_text(m["text"])),
    "clock": lambda m: Answer(_number(m["client_s"]), _number(m["engine_s"])),
}


def encode(kind: str, **fields: object) -> str:
    """The text of a message to the engine.

    >>> encode("stop", by="key")
    '{"v": 1, "type": "stop", "by": "key"}'
    """
    return json.dumps({"v": 1, "type": kind, **fields})
