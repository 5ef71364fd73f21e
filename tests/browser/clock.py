"""The page's clock beside ours."""

import time
from typing import Any


def offset_s(page: Any) -> float:
    """What to add to the page's clock to reach ours: both tell the wall clock of one machine."""
    origin_ms: float = page.evaluate("performance.timeOrigin")
    return origin_ms / 1000.0 - (time.time() - time.monotonic())
