"""What a controller may see: arousal, what was allowed, what was said. Never the guard itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from adaptivevr.command import Command, Confirm, Step, TooMuch
from adaptivevr.limits import Limits
from adaptivevr.modes import Mode, is_clinician
from adaptivevr.therapy.vitals import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One tick as a controller sees it.

    arousal: the index or None, sd: its uncertainty. levels: the hierarchy's intensities, the
    first is rest (0). intensity: what the guard allowed last. allowed: may automation go up,
    as far as the mode says. granted: the highest level a person has agreed to.
    ready: a baseline is there. ambient: the names of the scene's ambient parameters.
    readings: what the body's sensors told since the last tick (therapy/vitals.py).
    resonance_per_min: this person's, from a calibration. moving: the scene moves people through
    it. busy: another question stands, so none should be begun.
    """

    arousal: float | None
    sd: float
    levels: tuple[float, ...]
    limits: Limits
    mode: Mode
    rest: bool = False
    intensity: float = 0.0
    granted: int = 1
    ready: bool = True
    ambient: tuple[str, ...] = ()
    commands: tuple[Command, ...] = ()
    readings: tuple[Reading, ...] = ()
    resonance_per_min: float | None = None
    moving: bool = False
    busy: bool = False

    @property
    def automatic(self) -> bool:
        """Whether automation is in charge now (it may still have to ask)."""
        return self.mode in (Mode.AUTO, Mode.CONFIRM) and not self.rest

    @property
    def top(self) -> int:
        """The highest level this session may show."""
        under = [i for i, at in enumerate(self.levels) if at <= self.limits.ceiling + 1e-9]
        return min(under[-1], int(self.limits.level_cap))

    @property
    def too_much(self) -> bool:
        """Whether the patient said so in this tick."""
        return any(isinstance(command, TooMuch) for command in self.commands)

    @property
    def answers(self) -> tuple[Confirm, ...]:
        """A clinician's yes or no to what was proposed."""
        confirms = (c for c in self.commands if isinstance(c, Confirm))
        return tuple(c for c in confirms if is_clinician(c.who))

    @property
    def steps(self) -> tuple[Step, ...]:
        """A clinician's steps, up or down."""
        steps = (c for c in self.commands if isinstance(c, Step))
        return tuple(c for c in steps if is_clinician(c.who))

    @property
    def patience_s(self) -> float:
        """A ramp may take as long as a full travel plus a minute."""
        return 60.0 + 1.0 / max(self.limits.rise_per_s, 0.005)

    def target(self, level: int) -> float:
        """The intensity of a level; above the last one, of the last."""
        return self.levels[min(level, len(self.levels) - 1)] if level else 0.0

    def level_at(self, intensity: float) -> int:
        """The highest level that this intensity shows in full."""
        return max(i for i, at in enumerate(self.levels) if at <= intensity + 1e-6)

    def reached(self) -> int:
        """The highest level whose intensity is shown at least.

        >>> from adaptivevr.limits import Limits
        >>> View(arousal=None, sd=1.0, levels=(0.0, 0.2, 0.4), limits=Limits(), mode=Mode.AUTO,
        ...      intensity=0.3).reached()
        1
        """
        return self.level_at(self.intensity)


def hierarchy(intensities: Iterable[float]) -> tuple[float, ...]:
    """A scene's levels as a controller counts them: level 0 is rest, intensity 0.

    >>> hierarchy([0.2, 0.5]), hierarchy([0.0, 0.5])
    ((0.0, 0.2, 0.5), (0.0, 0.5))
    """
    levels = tuple(intensities)
    return levels if levels and levels[0] <= 0.0 else (0.0, *levels)
