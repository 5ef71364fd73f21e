"""Graded work with what reminds of a trauma: only what a therapist has agreed to beforehand.

Before anything is shown the therapist goes through the levels, one by one, with the patient. The
first one that is not agreed to, and all above it, stay shut for this session. From then on it is
graded exposure in which every step up is a person's yes (sources: C1, G3).
"""

from dataclasses import replace

from adaptivevr.modes import Mode
from adaptivevr.therapy.exposure import Exposure
from adaptivevr.therapy.intent import Intent, Said, Why
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.view import View

_NAME = "vet"


def vet(level: int) -> str:
    """The proposal to agree that a level may be shown today, as it stands in `Confirm.proposal`.

    >>> vet(3)
    'vet:3'
    """
    return f"{_NAME}:{level}"


class Trauma:
    """vetting, then everything as in graded exposure, with the vetted levels as its top."""

    def __init__(self, protocol: Protocol, seed: int = 0) -> None:
        self._exposure = Exposure(protocol, seed)
        self._next = 1
        self._top = 0  # the highest level agreed to
        self._done = False
        self._phase, self.level = "waiting", 0

    @property
    def rating(self) -> float | None:
        """The last rating of fear."""
        return self._exposure.rating

    def update(self, now_s: float, view: View) -> Intent:
        """The wish now."""
        if not self._done:
            intent = self._vetting(view)
            if intent is not None:
                self._phase = intent.phase
                return intent
        top = min(view.limits.level_cap, float(self._top))
        mode = Mode.CONFIRM if view.mode is Mode.AUTO else view.mode
        seen = replace(view, limits=replace(view.limits, level_cap=top), mode=mode)
        intent = self._exposure.update(now_s, seen)
        self.level = self._exposure.level
        # Whatever was wished, by whatever rule: not above what was agreed to.
        most = view.levels[min(self._top, len(view.levels) - 1)]
        measures = (*intent.measures, ("vetted", float(self._top)))
        return replace(intent, intensity=min(intent.intensity, most), measures=measures)

    def _vetting(self, view: View) -> Intent | None:
        if view.rest and self._phase == "waiting":
            return Intent(0, 0.0, (), "waiting", Why.WAITING)
        said = None
        for answer in view.answers:
            if answer.proposal != vet(self._next):
                continue
            if answer.yes:
                self._top, self._next = self._next, self._next + 1
            else:
                self._done, said = True, Said.UNVETTED
        self._done = self._done or self._next > view.top
        if self._done and said is None:
            return None
        proposal = None if self._done else vet(self._next)
        return Intent(
            0, 0.0, (), "vetting", Why.VETTING, float(self._next), proposal=proposal,
            measures=(("vetted", float(self._top)),), said=said, numbers=(float(self._next),),
        )  # fmt: skip
