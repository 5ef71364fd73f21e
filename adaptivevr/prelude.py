"""A controller that lets the guided calibration go first, then begins the therapy's own."""

from dataclasses import replace

from adaptivevr.guided import OFFER, Guided
from adaptivevr.therapy.controllers import Controller, begin
from adaptivevr.therapy.intent import Intent
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.view import View


class Prelude:
    """Rest while the calibration runs; after it the protocol, without its quiet phase.

    Where the calibration was left out, the protocol's quiet phase takes its place. Where it is
    only offered, that phase runs while somebody is asked, and nothing is lost without a yes.
    """

    def __init__(self, guided: Guided, protocol: Protocol, seed: int = 0) -> None:
        self._guided = guided
        self._protocol = protocol
        self._seed = seed
        self._therapy: Controller | None = None
        self.phase = guided.phase
        self.level = 0

    @property
    def rating(self) -> float | None:
        """Ratings of the calibration are not the therapy's: they open and close no gate."""
        return self._therapy.rating if self._therapy is not None else None

    def update(self, now_s: float, view: View) -> Intent:
        """The wish now."""
        if self._guided.aside:
            return self._aside(now_s, view)
        if self._therapy is not None:
            intent = self._therapy.update(now_s, view)
            self.phase, self.level = self._therapy.phase, self._therapy.level
            return intent
        intent = self._guided.update(now_s, view)
        self.phase = self._guided.phase
        if self._guided.over:
            self._therapy = self._begin()
        return intent

    def _aside(self, now_s: float, view: View) -> Intent:
        self._therapy = self._therapy or self._begin()
        intent = self._therapy.update(now_s, view)
        self.phase, self.level = self._therapy.phase, self._therapy.level
        self._guided.offer(view.commands, self.phase in ("waiting", "quiet"))
        if not self._guided.aside:  # wanted: the therapy begins anew after the calibration
            self._therapy = None
            return replace(intent, prompt=None, pacer=None)
        if self._guided.over or self.phase == "waiting":
            return intent
        return replace(intent, prompt=OFFER, proposal=intent.proposal or self._guided.proposal)

    def _begin(self) -> Controller:
        protocol = self._protocol
        if self._guided.baseline is not None:
            protocol = replace(protocol, phases=replace(protocol.phases, quiet_s=0.0))
        return begin(protocol, self._seed)
