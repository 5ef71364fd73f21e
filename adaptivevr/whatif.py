"""What a researcher asks of a recording: the same inputs under another protocol or other limits."""

from dataclasses import replace

from adaptivevr.errors import Refused
from adaptivevr.limits import HARD
from adaptivevr.session import Plan
from adaptivevr.therapy import protocol as protocols
from scenes import scene as scenes


def changes_of(texts: list[str]) -> dict[str, float]:
    """`--set KEY=VALUE` as numbers; what is no limit or no number is refused."""
    changes: dict[str, float] = {}
    for text in texts:
        name, _, value = text.partition("=")
        try:
            changes[name] = float(value)
        except ValueError:
            raise Refused(
                f"Expected --set KEY=NUMBER, but got {text!r}; write it as ceiling=0.5."
            ) from None
        if name not in HARD:
            raise Refused(
                f"Expected --set with one of {', '.join(HARD)}, but got {name!r}; choose one."
            )
    return changes


def altered(plan: Plan, protocol: str | None, changes: dict[str, float]) -> Plan:
    """The plan with another protocol or other limits."""
    if protocol is not None:
        other = protocols.load(protocol)
        plan = replace(plan, protocol=other, scene=load_scene(other.scene))
    if changes:
        try:
            limits = replace(plan.protocol.limits, **changes)
        except ValueError as error:
            raise Refused(str(error)) from None
        plan = replace(plan, protocol=replace(plan.protocol, limits=limits))
    return plan


def load_scene(name: str) -> scenes.Scene:
    """A scene of the library; its mistakes are told together."""
    try:
        return scenes.load(name)
    except scenes.SceneMistake as mistake:
        raise Refused(str(mistake)) from None
