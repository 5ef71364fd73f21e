"""What the console is told of a scene's cues: what each is, how it stands, why not now."""

from typing import Any

from adaptivevr.console.sentence import gate
from adaptivevr.cues import Card, Closed, Ruled, Shut
from scenes.asset import Asset
from scenes.scene import Cue, Scene

_WORDS = {
    Shut.UNKNOWN: "the scene has none of this name",
    Shut.WHO: "only a clinician may ask for it",
    Shut.LATE: "it was pressed while the engine stood still",
    Shut.PROTOCOL: "this therapy plays no cues",
    Shut.HOME: "no clinician is beside the patient",
    Shut.REST: "nothing is shown now",
    Shut.PHASE: "not in this part of the session",
    Shut.VET: "you and the patient must both agree to it first",
    Shut.RETREAT: "the load is held down",
    Shut.FALLING: "the load is on its way down",
}


def why(closed: Closed) -> str:
    """What stands in the way, in a few words, with its numbers.

    >>> why(Closed(Shut.LOW, 0.35, 0.8)), why(Closed(Shut.PAUSE, 12.5, 30.0))
    ('from intensity 0.80 on, now 0.35', 'wait 18 s')
    """
    number, limit = closed.number, closed.limit
    if closed.shut is Shut.LOW and limit is not None:
        return f"from intensity {limit:.2f} on, now {number or 0.0:.2f}"
    if closed.shut is Shut.PAUSE:
        return f"wait {wait_s(closed):.0f} s"
    words = _WORDS.get(closed.shut) or gate(closed.shut)
    if closed.shut in _WORDS or number is None or limit is None:
        return words
    return f"{words} ({number:.2f}, limit {limit:.2f})"


def wait_s(closed: Closed | None) -> float:
    """Whole seconds of the pause that are left, 0 when that is not what stands in the way."""
    if closed is None or closed.shut is not Shut.PAUSE or closed.limit is None:
        return 0.0
    return float(-int(-(closed.limit - (closed.number or 0.0)) // 1))


class CueWords:
    """Words for the cues of one scene; which of them move something is read from its asset."""

    def __init__(self, scene: Scene) -> None:
        self._cues = {cue.name: cue for cue in scene.cues}
        self._clips: set[str] = set()
        if self._cues:
            try:
                asset = Asset(scene.folder / scene.asset)
                self._clips = {str(clip.get("name")) for clip in asset.gltf.get("animations", [])}
            except (OSError, ValueError):
                self._clips = {cue.clip for cue in scene.cues if not cue.sound}

    def rows(self, cards: tuple[Card, ...]) -> list[dict[str, Any]]:
        """The cards as the console draws them."""
        return [
            {
                "name": card.name,
                "title": card.title,
                "how": self._how(card.name),
                "must": card.must,
                "clinician": card.clinician,
                "patient": card.patient,
                "too_late": card.too_late,
                "open": card.closed is None,
                "why": "" if card.closed is None else self._why(card, card.closed),
                "wait_s": wait_s(card.closed),
            }
            for card in cards
        ]

    def ruled(self, one: Ruled) -> str:
        """What became of a cue, for the log."""
        cue = self._cues.get(one.name)
        title = cue.title if cue is not None else repr(one.name)
        if one.closed is None:
            return f"Cue: {title}."
        return f"Cue refused, “{title}”: {why(one.closed)}."

    def _how(self, name: str) -> str:
        """Seen, heard or both."""
        cue = self._cues.get(name, Cue(name, ""))
        senses = [word for word, is_so in (
            ("seen", cue.clip in self._clips), ("heard", bool(cue.sound)),
        ) if is_so]  # fmt: skip
        return " and ".join(senses)

    def _why(self, card: Card, closed: Closed) -> str:
        if closed.shut is Shut.VET and card.too_late:
            return "not agreed to beforehand: not today"
        return why(closed)
