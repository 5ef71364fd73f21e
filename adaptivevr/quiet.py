"""The quiet phase inside a session: it ends with a baseline, today's own or a refreshed one."""

from collections.abc import Mapping, Sequence

from calibration.baseline import Baseline, refresh
from calibration.collector import Collector, Refusal
from calibration.prior import Prior
from sensors.feature import Feature

_LEAST_S = 6.0  # features come once a second: a shorter look back would never hold enough


class Quiet:
    """Collects while the controller is in its quiet phase, and on until a baseline is had.

    With a stored calibration only the offsets move (`refresh`); without one the result is
    what 120 quiet seconds can tell, with population slopes and a wider scale. Nothing is
    ever collected once a baseline stands: that would normalise fear away.
    """

    def __init__(
        self,
        quiet_s: float,
        stored: Baseline | None,
        patient: str,
        priors: Mapping[str, Prior] | None = None,
    ) -> None:
        self.baseline: Baseline | None = None
        self.refused: tuple[str, ...] = ()
        self._stored = stored
        self._patient = patient
        self._priors = priors
        self._quiet_s = quiet_s
        self._collector: Collector | None = None
        self._began_s: float | None = None

    def update(self, now_s: float, features: Sequence[Feature], phase: str) -> None:
        """Takes one tick's features while the phase is quiet."""
        if self.baseline is not None or phase != "quiet":
            return
        if self._collector is None:
            self._began_s = now_s
            seconds = max(self._quiet_s, _LEAST_S)
            self._collector = Collector(seconds, self._patient, priors=self._priors)
        self._collector.update(now_s, features)
        if now_s - (self._began_s or 0.0) < self._quiet_s:
            return
        made = self._collector.baseline(now_s)
        if isinstance(made, Refusal):
            self.refused = made.sentences
            return
        self.refused = ()
        self.baseline = made if self._stored is None else refresh(self._stored, made)

    def share(self, now_s: float) -> float | None:
        """How much of the quiet phase is done (0..1), None when it is over or not begun."""
        if self._began_s is None or self.baseline is not None:
            return None
        return min(1.0, (now_s - self._began_s) / max(self._quiet_s, 1e-9))
