"""A sender in a process of its own, to be killed: python -m tests.sensors.sender SESSION ID."""

import sys
import time

import numpy as np

from sensors.liblsl import configure, local_clock_s
from sensors.outlet import Outlet
from sensors.role import Seen


def main(session_id: str, source_id: str) -> None:
    configure(session_id)
    seen = Seen("strap", "ECG", 250.0, 1, labels=("ECG",), units=("mV",), source_id=source_id)
    outlet = Outlet(seen)
    print("sending", flush=True)
    sent, start_s = 0, local_clock_s()
    while True:
        due = int((local_clock_s() - start_s) * 250)
        if due > sent:
            index = np.arange(sent, due)
            outlet.push(start_s + index / 250.0, np.sin(index / 20.0)[:, None])
            sent = due
        time.sleep(0.01)


if __name__ == "__main__":
    main(*sys.argv[1:])
