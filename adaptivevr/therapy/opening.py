"""How every session begins: waiting for the start, then quiet, until a baseline is there."""

from adaptivevr.therapy.intent import Why
from adaptivevr.therapy.view import View

EXTENSION_S = 180.0  # sources: D: a quiet phase may be extended by so much


class Opening:
    """Says why nothing has begun yet, None from the moment on when it may begin.

    bodily: it waits for a baseline, a known arousal and automation in charge; a therapy that
    needs no body sign to go on waits three minutes more for a baseline, then begins without.
    phase: waiting, quiet or open.
    """

    def __init__(self, quiet_s: float, bodily: bool = True) -> None:
        self._quiet_s = quiet_s
        self._bodily = bodily
        self._since_s = 0.0
        self.phase = "waiting"

    def update(self, now_s: float, view: View) -> tuple[Why, float | None] | None:
        """The reason to wait and its number; None once it is over (and ever after)."""
        if self.phase == "waiting":
            if view.rest:
                return Why.WAITING, None
            self.phase, self._since_s = "quiet", now_s
        if self.phase == "quiet":
            left_s = self._quiet_s - (now_s - self._since_s)
            if left_s > 0.0:
                return Why.QUIET, left_s
            known = view.ready and view.arousal is not None and view.automatic
            given_up = not self._bodily and left_s <= -EXTENSION_S
            if view.rest or not (known or given_up):
                return Why.UNSURE, None
            self.phase = "open"
        return None
