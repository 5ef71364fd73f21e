"""For a test's child process: it goes when the test that started it goes."""

import sys
import threading


def gone() -> threading.Event:
    """An event that is set once this process's input ends, as it does with the parent."""
    over = threading.Event()

    def listen() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=listen, daemon=True).start()
    return over
