"""A session with a guided calibration and a simulated patient who does as told."""

from dataclasses import dataclass, replace

from adaptivevr.simulate import Watcher
from adaptivevr.tick import Tick
from calibration.baseline import Baseline
from calibration.steps import Guide
from tests.replay.play import Play, plan


@dataclass
class Told(Play):
    """A play whose patient follows the words as the simulated patient's process does."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._watcher = Watcher()
        self._word: str | None = None

    def _show(self, tick: Tick) -> None:
        super()._show(tick)
        self._watcher.show(tick.frame, tick.intent.pacer)
        prompt = tick.intent.prompt
        if prompt is not None and prompt.id != self._word:
            self._word = prompt.id
            self._watcher.told(prompt.id)
        self._seen, _ = self._watcher.look()

    def until(self, phase: str, most_s: float = 1800.0) -> float:
        """Lives until a phase begins; when that was. Fails when it does not come."""
        end_s = self.since_s + most_s
        while not self.ticks or self.ticks[-1].phase != phase:
            self.run(1.0)
            assert self.since_s < end_s, f"{phase} does not come, {self.ticks[-1].phase} stays"
        return self.since_s

    @property
    def phases(self) -> list[str]:
        """The phases so far, each once per stay."""
        found: list[str] = []
        for tick in self.ticks:
            if not found or found[-1] != tick.phase:
                found.append(tick.phase)
        return found


def told(guide: Guide | None = None, stored: Baseline | None = None, **more: object) -> Told:
    """A person's first session, unless a stored calibration says otherwise."""
    whole = replace(
        plan("graded_exposure", stored=False), guide=guide or Guide("c1"), baseline=stored
    )
    return Told(plan=whole, hz=5.0, **more)  # type: ignore[arg-type]
