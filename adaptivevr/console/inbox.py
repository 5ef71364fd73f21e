"""What clients say, checked and turned into commands on the engine's clock."""

import itertools
import math
from collections.abc import Callable
from typing import Any

from adaptivevr import wire
from adaptivevr.command import (
    COMMANDS,
    Ack,
    Client,
    Command,
    Headset,
    Heard,
    Rate,
    Task,
    TooMuch,
)

_IDS = itertools.count(1)
_FROM_CONSOLE = {
    "Start", "Pause", "Resume", "Confirm", "Step", "Manual", "SetLimit", "Rate", "TooMuch",
    "Mark", "Note", "Screened", "Prompt", "Cue", "Vet",
}  # fmt: skip


def new_id(prefix: str) -> str:
    """A name for a command, unique in this process."""
    return f"{prefix}{next(_IDS)}"


class ClientClock:
    """Maps one client's monotonic clock onto the engine's.

    Every message bounds the difference from above (it cannot have arrived before it was
    sent); the smallest bound seen is closest, as in Cristian's algorithm.
    """

    def __init__(self) -> None:
        self._offset_s: float | None = None

    def heard(self, client_s: float, engine_s: float) -> None:
        """A message written at client_s arrived at engine_s."""
        offset_s = engine_s - client_s
        if self._offset_s is None or offset_s < self._offset_s:
            self._offset_s = offset_s

    def engine_s(self, client_s: object, now_s: float) -> float:
        """The client's moment on the engine's clock; now, when it cannot be told."""
        if self._offset_s is None or not isinstance(client_s, int | float):
            return now_s
        moment_s = float(client_s) + self._offset_s
        return min(moment_s, now_s) if math.isfinite(moment_s) else now_s


def _number(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"expected a number for {what}, got {value!r}")
    return float(value)


def _optional(value: object, what: str) -> float | None:
    return None if value is None else _number(value, what)


def scene_command(message: dict[str, Any], clock: ClientClock, now_s: float) -> Command | None:
    """The command a renderer's message stands for; None for those that carry none.

    Raises ValueError with a sentence when the message is not of the contract.
    """
    kind = message.get("type")
    base: dict[str, Any] = {"id": new_id("p"), "who": "patient", "at_s": now_s}
    if kind == "rating":
        return Rate(
            **{**base, "at_s": clock.engine_s(message.get("answered_s"), now_s)},
            scale=str(message.get("scale") or "suds"),
            value=_optional(message.get("value"), "value"),
            prompt=str(message.get("prompt", "")),
            shown_s=clock.engine_s(message.get("shown_s"), now_s),
        )
    makers: dict[str, Callable[[], Command]] = {
        "too_much": lambda: TooMuch(**base),
        "headset": lambda: Headset(**base, worn=bool(message.get("worn"))),
        "problem": lambda: Client(**base, event="problem", text=str(message.get("text"))[:500]),
        "task": lambda: Task(
            **base,
            task=str(message.get("id", "")),
            correct=bool(message.get("correct")),
            reaction_s=_optional(message.get("reaction_s"), "reaction_s"),
        ),
        "heard": lambda: Heard(
            **base,
            cue=str(message.get("cue"))[:80],
            played=message.get("played") is True,
            shown_s=clock.engine_s(message.get("shown_s"), now_s),
        ),
        "ack": lambda: Ack(
            **base,
            seq=int(_number(message.get("seq"), "seq")),
            shown_s=clock.engine_s(message.get("shown_s"), now_s),
            rest=bool(message.get("rest")),
        ),
    }
    if kind in makers:
        return makers[kind]()
    if kind in ("hello", "clock", "stop", "pose"):
        return None  # the socket answers these itself
    raise ValueError(f"expected a message of the scene channel, got type {kind!r}")


def console_command(message: dict[str, Any], who: str, now_s: float) -> Command:
    """The command a console's message stands for: `{"command": NAME, fields...}`.

    Who and when are set here, never taken from the message. Raises ValueError with a
    sentence when a name or a field is not of the contract.
    """
    fields = {k: v for k, v in message.items() if k not in ("type", "id", "who", "at_s")}
    name = fields.get("command")
    if name not in _FROM_CONSOLE or name not in COMMANDS:
        raise ValueError(f"expected one of {', '.join(sorted(_FROM_CONSOLE))}, got {name!r}")
    return wire.decode_command({**fields, "id": new_id("c"), "who": who, "at_s": now_s})
