"""Keeps what a guided calibration came to, and says what it finds wrong while it runs."""

import sys
import threading
from collections.abc import Sequence

from adaptivevr.clock import wall_s
from adaptivevr.command import Command, Mark
from adaptivevr.console.inbox import new_id
from adaptivevr.sitting import Sitting
from adaptivevr.tick import Tick
from calibration.baseline import Baseline
from calibration.store import Store, StoreProblem


class Keeper:
    """Says what the guided calibration finds wrong, and stores what comes of it.

    The disk is waited for in a thread of its own: the tick goes on.
    """

    def __init__(self, store: Store, sitting: Sitting) -> None:
        self._store = store
        self._sitting = sitting
        self._kept = False
        self._thread: threading.Thread | None = None

    def take(self, tick: Tick, commands: Sequence[Command]) -> None:
        """Looks at the calibration after each tick."""
        guided = self._sitting.loop.session.guided if self._sitting.loop else None
        if guided is None or self._kept:
            return
        texts = tuple(fault.text for fault in tick.faults if fault.stream == "calibration")
        for text in texts:
            print(text, file=sys.stderr)
        if guided.over:
            self._kept = True
            if guided.baseline is not None:
                made = (guided.baseline,)
                self._thread = threading.Thread(target=self._save, args=made, name="store")
                self._thread.start()
            else:
                print("The calibration was left out: automation stays careful.", file=sys.stderr)

    def _save(self, baseline: Baseline) -> None:
        try:
            path = self._store.append(baseline, wall_s())
        except StoreProblem as problem:
            text = f"The calibration holds for this session only. {problem}"
        else:
            what = "Today's rest" if baseline.daily else "The calibration"
            text = f"{what} is stored in {path}. {baseline.note}".strip()
        print(text, file=sys.stderr)
        mark = Mark(id=new_id("f"), who="system", at_s=self._sitting.clock.now_s(), text=text)
        self._sitting.hub.submit(mark)

    def close(self) -> None:
        """Waits until what was made is on disk."""
        if self._thread is not None:
            self._thread.join(30.0)
