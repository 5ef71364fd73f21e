"""A session's recording written by a process of its own, to be killed."""

import sys

from adaptivevr.recording import Recording
from tests.adaptivevr.test_recording import ECG, chunk, tick
from tests.parent import gone

PACE_S = 0.001


def main(path: str) -> None:
    over = gone()
    recording = Recording(path, "{}", start_s=0.0)
    for seq in range(100_000):
        now_s = seq / 60
        recording.write([chunk(ECG, seq * 4, 4)], (), tick(seq, now_s, [("ecg", 4, 0.25)]))
        print(seq, flush=True)
        if over.wait(PACE_S):
            break


if __name__ == "__main__":
    main(sys.argv[1])
