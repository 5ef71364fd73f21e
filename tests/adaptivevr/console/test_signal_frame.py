"""The bytes of a signal frame are the very ones that the page's own tests read."""

import json
from pathlib import Path

import numpy as np

from adaptivevr.console.console_socket import SIGNAL_HEADER

GOLDEN = Path(__file__).resolve().parents[3] / "adaptivevr/console/web/test/signal_frame.json"


def test_the_golden_frame_is_what_the_engine_packs() -> None:
    golden = json.loads(GOLDEN.read_text())
    values = np.array(golden["channels"], dtype="<f4")
    header = SIGNAL_HEADER.pack(
        golden["trace"], 1, *values.shape, golden["seq"], golden["rate_hz"],
        golden["sent_s"] * 1e3, golden["t0_s"],
    )  # fmt: skip
    assert SIGNAL_HEADER.size == 32, "float32 after it stays aligned"
    assert (header + values.tobytes()).hex() == golden["hex"]
