"""What an audit asks of each cue that was played: from what was said and shown, nothing else."""

import math
from collections.abc import Iterator
from typing import Any

_LEAST_PAUSE_S = 2.0
_LATE_S = 2.0
_TOLD_S = 30.0  # "too much" so soon after a cue takes back the patient's yes to it
_SLACK = 1e-6


class CueAudit:
    """Follows who agreed to what and when the last cue came; shares no code with the gate."""

    def __init__(self, document: dict[str, Any]) -> None:
        protocol, config = document["protocol"], document.get("config") or {}
        self._cues = {cue["name"]: cue for cue in document["scene"].get("cues") or ()}
        self._rule = protocol.get("cues", "none")
        self._home = config.get("place") == "home"
        self._agreed: set[tuple[str, str]] = set()
        self._shown = False
        self._last, self._last_s = "", -math.inf
        self._allowed: set[str] = set()

    def take(
        self, tick: dict[str, Any], before: float, commands: list[dict[str, Any]]
    ) -> tuple[list[str], list[str]]:
        """One tick, in order: the names of the cues it played, and what was wrong with them."""
        for command in commands:
            if command["command"] == "Vet":
                self._vet(command)
            elif command["command"] == "TooMuch" and tick["now_s"] - self._last_s <= _TOLD_S:
                self._agreed.discard((self._last, "patient"))
        names, wrong = [], []
        for cue in tick.get("cues") or ():
            if cue.get("closed") is None:
                names.append(str(cue["name"]))
                wrong += [
                    f"{cue['name']} {text}" for text in self._own(cue, tick, before, commands)
                ]
                self._last, self._last_s = str(cue["name"]), tick["now_s"]
                self._allowed.add(str(cue["id"]))
        for command in commands:
            heard = command["command"] == "Heard" and command["played"]
            if heard and command["cue"] not in self._allowed:
                wrong.append(f"{command['cue']} was played by a renderer and never allowed")
        self._shown = self._shown or tick["intensity"] > 0.0
        return names, wrong

    def _vet(self, command: dict[str, Any]) -> None:
        clinician = _clinician(command)
        key = (str(command["name"]), str(command["by"]) if clinician else "patient")
        if not command["yes"]:
            self._agreed.discard(key)
        elif clinician and not self._shown:
            self._agreed.add(key)

    def _own(
        self, cue: dict[str, Any], tick: dict[str, Any], before: float,
        commands: list[dict[str, Any]],
    ) -> Iterator[str]:  # fmt: skip
        """The gates of the cue itself."""
        name, shown = cue["name"], tick["intensity"]
        asked = [c for c in commands if c["command"] == "Cue" and c["id"] == cue["id"]]
        if not any(_clinician(c) and c["name"] == name for c in asked):
            yield "came although no clinician asked for it"
        elif tick["now_s"] - max(c["at_s"] for c in asked) > _LATE_S + _SLACK:
            yield "came long after it was asked for"
        if self._rule not in ("scene", "vetted") or self._home:
            yield "came where no cue may come"
        facts = self._cues.get(name)
        if facts is None:
            yield "is none of the scene's"
            return
        parties = [(name, "clinician"), (name, "patient")]
        if (facts["vet"] or self._rule == "vetted") and not self._agreed.issuperset(parties):
            yield "had not been agreed to by both beforehand"
        if not shown >= facts["gate"] - _SLACK or not shown > 0.0:
            yield f"came at {shown:.3f}, its gate is {facts['gate']:g}"
        if before - shown > _SLACK:
            yield "came while the load went down"
        since_s, least_s = tick["now_s"] - self._last_s, max(facts["pause_s"], _LEAST_PAUSE_S)
        if since_s < least_s - _SLACK:
            yield f"came {since_s:.1f} s after the one before, not {least_s:g} s"


def _clinician(command: dict[str, Any]) -> bool:
    who = str(command["who"])
    return who == "clinician" or who.startswith("clinician:")
