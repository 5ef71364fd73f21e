"""The head of a recording: all that replay needs besides the inputs."""

import hashlib
import platform
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from adaptivevr import __version__, wire
from adaptivevr.config import Config
from adaptivevr.errors import BadRecording
from adaptivevr.limits import Limits
from adaptivevr.session import Plan
from adaptivevr.therapy.protocol import Protocol
from calibration.baseline import Baseline
from calibration.steps import Guide
from scenes.scene import Scene

FORMAT = 2
_SECRET = ("broker", "port", "use")  # of no matter to a replay, or nobody's business


def versions() -> dict[str, str]:
    """What the numbers of a session depend on."""
    import scipy

    return {
        "adaptivevr": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }


def header(plan: Plan) -> str:
    """The plan as one JSON text, with hashes of protocol and scene."""
    config = {k: v for k, v in wire.plain(plan.config).items() if k not in _SECRET}
    protocol = wire.plain(plan.protocol)
    scene = {
        f.name: wire.plain(getattr(plan.scene, f.name))
        for f in fields(plan.scene)
        if f.name != "folder"
    }
    return wire.encode(
        {
            "format": FORMAT,
            "versions": versions(),
            "config": config,
            "protocol": protocol,
            "protocol_hash": hashlib.blake2b(wire.encode(protocol), digest_size=16).hexdigest(),
            "scene": scene,
            "scene_hash": plan.scene.hash,
            "baseline": wire.plain(plan.baseline),
            "guide": wire.plain(plan.guide),
            "limits": wire.plain(plan.limits),
            "seed": plan.seed,
        }
    ).decode()


def plan_of(text: str, file: Path) -> tuple[Plan, dict[str, Any]]:
    """The plan a header stands for, and the header's document.

    Raises BadRecording for a header of another format or with fields nobody knows.
    """
    document = wire.decode(text)
    if document.get("format") != FORMAT:
        raise BadRecording(
            f"Expected a recording of format {FORMAT} in {file.name}, but it is of format "
            f"{document.get('format')!r}; replay it with the version that wrote it "
            f"({document.get('versions', {}).get('adaptivevr', 'unknown')})."
        )
    try:
        plan = Plan(
            config=wire.convert(document["config"], Config),
            protocol=wire.convert(document["protocol"], Protocol),
            scene=wire.convert(document["scene"], Scene),
            baseline=_optional(document["baseline"], Baseline),
            guide=_optional(document.get("guide"), Guide),
            limits=_optional(document["limits"], Limits),
            seed=int(document["seed"]),
        )
    except (KeyError, ValueError) as error:
        raise BadRecording(
            f"Expected a complete header in {file.name}, but {error}; the file is damaged or "
            "was written by another version."
        ) from None
    return plan, document


def _optional[T](value: object, kind: type[T]) -> T | None:
    return None if value is None else wire.convert(value, kind)
