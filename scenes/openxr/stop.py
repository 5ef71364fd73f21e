"""Every way to stop in the renderer itself: keys, a held button, both hands up, the headset off."""

LONG_PRESS_S = 0.6
HANDS_UP_S = 0.5
KEYS = ("escape", "space", "s")


class HeldStop:
    """A long press and both hands up, from what is held at each picture.

    Fires once until it is let go.
    """

    def __init__(self) -> None:
        self._since_s: dict[str, float | None] = {}
        self._fired: set[str] = set()

    def update(
        self, pressed: bool, head_m: float | None, hands_m: tuple[float, ...], now_s: float
    ) -> str | None:
        """'controller' or 'gesture' when a stop is due now; heights in metres."""
        up = head_m is not None and len(hands_m) >= 2 and min(hands_m) > head_m
        if self._due("controller", pressed, LONG_PRESS_S, now_s):
            return "controller"
        return "gesture" if self._due("gesture", up, HANDS_UP_S, now_s) else None

    def _due(self, by: str, holds: bool, long_s: float, now_s: float) -> bool:
        if not holds:
            self._since_s[by] = None
            self._fired.discard(by)
            return False
        since_s = self._since_s.get(by)
        if since_s is None:
            since_s = self._since_s[by] = now_s
        if now_s - since_s < long_s or by in self._fired:
            return False
        self._fired.add(by)
        return True
