"""What a session came to, in a few numbers."""

from collections import Counter
from typing import Any

from adaptivevr.guard import Ruling
from adaptivevr.tick import Tick


class Summary:
    """Running totals over ticks; `document` reads them at any time."""

    def __init__(self) -> None:
        self._ticks = 0
        self._last: Tick | None = None
        self._intensity = _Running()
        self._arousal = _Running()
        self._blocked = 0
        self._was_blocked = False
        self._seconds: Counter[str] = Counter()
        self._phases: Counter[str] = Counter()

    def update(self, tick: Tick) -> None:
        """Takes one tick."""
        self._ticks += 1
        self._intensity.update(tick.decision.intensity)
        if tick.arousal.level is not None:
            self._arousal.update(tick.arousal.level)
        blocked = tick.decision.reason == Ruling.BLOCKED
        self._blocked += blocked and not self._was_blocked
        self._was_blocked = blocked
        if self._last is not None:
            dt_s = tick.now_s - self._last.now_s
            self._seconds[tick.decision.mode] += dt_s  # type: ignore[assignment]
            self._phases[tick.phase] += dt_s  # type: ignore[assignment]
        self._last = tick

    def document(self) -> dict[str, Any]:
        """JSON-ready totals; means are None when there was nothing to average."""
        return {
            "ticks": self._ticks,
            "intensity_min": self._intensity.least,
            "intensity_max": self._intensity.most,
            "intensity_mean": self._intensity.mean,
            "arousal_known_share": self._arousal.count / self._ticks if self._ticks else 0.0,
            "arousal_mean": self._arousal.mean,
            "increases_blocked": self._blocked,
            "modes": {name: round(s, 3) for name, s in self._seconds.items()},
            "phases": {name: round(s, 3) for name, s in self._phases.items()},
            "level": self._last.level if self._last else None,
            # The therapy's own figures as they stood last, such as an approach test's score.
            "measures": dict(self._last.intent.measures) if self._last else {},
        }


class _Running:
    def __init__(self) -> None:
        self.count = 0
        self._sum = 0.0
        self.least: float | None = None
        self.most: float | None = None

    def update(self, value: float) -> None:
        self.count += 1
        self._sum += value
        self.least = value if self.least is None else min(self.least, value)
        self.most = value if self.most is None else max(self.most, value)

    @property
    def mean(self) -> float | None:
        return self._sum / self.count if self.count else None
