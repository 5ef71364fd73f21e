"""What keeps the load from rising beside sensors: nausea, fast breathing, nobody who sees it."""

from collections.abc import Sequence

from adaptivevr.alarms import Lasting
from adaptivevr.command import Ack, Command, Rate

SICKNESS = ("sickness", "fms")  # the fast motion sickness scale, 0 to 20
SICK, SICK_RISE = 10.0, 6.0  # sources: G2: as much as this, or this much more than at first
FAST_PER_MIN = 25.0  # breathing faster than this ...
FAST_S, FAST_SAFE_S = 60.0, 180.0  # ... so long is a flag, and so long in spite of a pacer an end
BREATH_QUALITY_MIN = 0.5
LOST_S = 10.0  # without a breathing rate for so long, its time starts again
UNSEEN_S, UNSEEN_SAFE_S = 3.0, 10.0  # no renderer says that it shows anything


class Flags:
    """Names what stands in the way of an increase, and what must end the session.

    flag: `sickness`, `breathing`, `unseen` or None. alarm: `breathing`, `unseen` or None.
    A renderer counts from its first acknowledgement on: a session without one has no screen.
    """

    def __init__(self) -> None:
        self.sick = False
        self._first: float | None = None
        self._fast = Lasting()
        self._fast_s = 0.0
        self._breath_s: float | None = None
        self._acked_s: float | None = None
        self._unseen_s = 0.0

    def update(
        self, now_s: float, per_min: float | None, quality: float, commands: Sequence[Command]
    ) -> None:
        """Takes the breathing rate, and what patient and renderers said."""
        for command in commands:
            if isinstance(command, Ack):
                self._acked_s = now_s
            elif isinstance(command, Rate) and command.scale in SICKNESS:
                self._rated(command.value)
        self._unseen_s = 0.0 if self._acked_s is None else now_s - self._acked_s
        if per_min is not None and quality >= BREATH_QUALITY_MIN:
            self._breath_s = now_s
            self._fast_s = self._fast.update(now_s, per_min > FAST_PER_MIN)
        elif self._breath_s is not None and now_s - self._breath_s > LOST_S:
            self._fast_s = self._fast.update(now_s, False)

    def resume(self) -> None:
        """A clinician goes on after a stop: times start again, nausea stays as it was rated."""
        self._fast, self._fast_s = Lasting(), 0.0
        self._acked_s, self._unseen_s = None, 0.0

    @property
    def flag(self) -> str | None:
        """Why nothing may rise now."""
        if self.sick:
            return "sickness"
        if self._fast_s >= FAST_S:
            return "breathing"
        return "unseen" if self._unseen_s > UNSEEN_S else None

    @property
    def alarm(self) -> str | None:
        """Why the load must end now."""
        if self._fast_s >= FAST_SAFE_S:
            return "breathing"
        return "unseen" if self._unseen_s > UNSEEN_SAFE_S else None

    def _rated(self, value: float | None) -> None:
        if value is None or not 0.0 <= value <= 20.0:
            return  # no answer is no answer: what was said last stands
        self._first = value if self._first is None else self._first
        self.sick = value >= SICK or value - self._first >= SICK_RISE
