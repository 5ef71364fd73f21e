"""A sender in a process of its own, to be killed: python -m tests.sensors.sender SESSION ID.

It ends by itself when its input does: with the process that started it.
"""

import sys

import numpy as np

from sensors.liblsl import configure, local_clock_s
from sensors.outlet import Outlet
from sensors.role import Seen
from tests.parent import gone

PACE_S = 0.01


def main(session_id: str, source_id: str) -> None:
    configure(session_id)
    seen = Seen("strap", "ECG", 250.0, 1, labels=("ECG",), units=("mV",), source_id=source_id)
    outlet = Outlet(seen)
    over = gone()
    print("sending", flush=True)
    sent, start_s = 0, local_clock_s()
    while not over.wait(PACE_S):
        due = int((local_clock_s() - start_s) * 250)
        if due > sent:
            index = np.arange(sent, due)
            outlet.push(start_s + index / 250.0, np.sin(index / 20.0)[:, None])
            sent = due


if __name__ == "__main__":
    main(*sys.argv[1:])
