"""Dataclasses to JSON and back, exactly: the one file that knows the JSON library."""

from typing import Any

import msgspec

from adaptivevr.command import COMMANDS, Command


def encode(value: Any) -> bytes:
    """JSON bytes of dataclasses, enums, tuples and numbers; floats in shortest exact form."""
    return msgspec.json.encode(value)


def decode(data: bytes | str) -> Any:
    """Plain objects from JSON; raises ValueError with the position when it is not JSON."""
    try:
        return msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        raise ValueError(f"expected JSON, got {str(data[:60])!r}: {error}") from None


def convert[T](value: Any, kind: type[T]) -> T:
    """A dataclass from plain objects, checked field by field; raises ValueError by name."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise ValueError(f"{kind.__name__}: {error}") from None


def plain(value: Any) -> Any:
    """Dataclasses, enums and tuples as dicts, strings and lists."""
    return msgspec.to_builtins(value)


def encode_command(command: Command) -> bytes:
    """One command as JSON with its name under `command`.

    >>> from adaptivevr.command import Mark
    >>> encode_command(Mark(id="1", who="clinician", at_s=2.0, text="door"))
    b'{"command":"Mark","id":"1","who":"clinician","at_s":2.0,"text":"door"}'
    """
    return encode({"command": type(command).__name__, **plain(command)})


def decode_command(document: dict[str, Any]) -> Command:
    """The command a JSON document stands for; raises ValueError for a name nobody knows."""
    fields = dict(document)
    name = fields.pop("command", None)
    if name not in COMMANDS:
        raise ValueError(f"expected one of {', '.join(COMMANDS)}, got command {name!r}")
    return convert(fields, COMMANDS[name])
