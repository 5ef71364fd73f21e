"""What the signal benchmarks share: cutting a recording as live data come, and the command line."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sensors.chunk import Chunk
from sensors.stream import Stream

Floats = npt.NDArray[np.float64]
CHUNK_S = 0.02


def chunks(stream: Stream, stamps_s: Floats, values: Floats) -> Iterator[Chunk]:
    """One channel in pieces of at most 20 ms."""
    size = max(1, int(CHUNK_S * stream.rate_hz))
    for start in range(0, len(values), size):
        end = start + size
        yield Chunk(stream, stamps_s[start:end], 0.0, values[start:end, None])


def main(measure: Callable[[Path], dict[str, Any]], doc: str | None) -> None:
    """Runs one measurement on a folder and prints its figures."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="one JSON document, nothing else")
    given = parser.parse_args()
    if not given.folder.is_dir():
        print(
            f"Expected a folder of recordings, came {given.folder}; give the folder that holds "
            "the .npz files.",
            file=sys.stderr,
        )
        sys.exit(2)
    figures = measure(given.folder)
    if given.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        if isinstance(value, dict):
            for key, row in value.items():
                print(f"{name} {key}: {json.dumps(row)}")
        else:
            print(f"{name}: {value}")
