"""The closed-loop proof as it stands in docs/safety.md, from the benchmark's JSON.

python -m tests.benchmarks.closed_loop --json > closed.json
python -m tests.simulation.page closed.json [MORE.json ...]

Several documents are runs of different protocols; what two of them tell, the first does.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def page(found: dict[str, Any]) -> str:
    """Markdown: exposures against fixed and yoked, the other courses, hearts that learn,
    robustness, waveforms."""
    exposed = {n: one for n, one in found["protocols"].items() if one["in_window"] is not None}
    others = {n: one for n, one in found["protocols"].items() if n not in exposed}
    parts = [_exposures(exposed), _steps(found["protocols"]), _courses(others)]
    parts += [_hearts(found["biofeedback"]), _robust(found["robustness"])]
    parts.append(_waves(found["waveform"]))
    return "\n\n".join(part for part in parts if part)


def together(documents: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Runs of different protocols as one document."""
    protocols: dict[str, Any] = {}
    for one in reversed(documents):
        protocols |= one["protocols"]
    told = {
        key: next((one[key] for one in documents if one[key]), documents[0][key])
        for key in ("robustness", "biofeedback")
    }
    waves = [one["waveform"] for one in documents]
    told["waveform"] = next((wave for wave in waves if wave["patients"]), waves[0])
    return {"protocols": dict(sorted(protocols.items())), **told}


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _exposures(protocols: dict[str, Any]) -> str:
    rows = []
    for name, one in protocols.items():
        windows = [
            _ci(one[key], one[f"{key}_ci"])
            for key in ("in_window", "in_window_fixed", "in_window_yoked")
        ]
        less = one["fear_less_than_fixed_ci"]
        above = (one[f"above_ceiling{arm}"] for arm in ("", "_fixed", "_yoked"))
        rows.append(
            [
                f"`{name}`", str(one["patients"]), *windows,
                " / ".join(map(_percent, above)),
                f"{_percent(one['long_runs_share'])}, {_percent(one['long_runs_share_panic'])}",
                f"{_number(one['fear'])} / {_number(one['fear_fixed'])} ({_ci(less[0], less[1:])})",
                f"{one['gate_violations']} of {one['increases']}",
            ]
        )  # fmt: skip
    head = [
        "protocol", "n", "in window", "fixed", "yoked", "above 0.85: own / fixed / yoked",
        "over 30 s on end: others, panic", "fear left: own / fixed (less than fixed)",
        "rises at a closed gate",
    ]  # fmt: skip
    return _table(head, rows)


def _steps(protocols: dict[str, Any]) -> str:
    rows = []
    for name, one in protocols.items():
        low, high = one["step_band"]
        told = (one["steps"][key] for key in ("response_s", "settling_s"))
        rest = (one["steps"][key] for key in ("overshoot", "steady_deviation", "tracking_error"))
        rows.append(
            [
                f"`{name}`", f"{low:g}-{high:g}", *(_number(x, 0) for x in told),
                *(_number(x, 3) for x in rest), _number(one["reversals_per_10_min"]),
            ]
        )  # fmt: skip
    head = [
        "protocol", "band of arousal", "response s", "settling s", "overshoot",
        "steady deviation", "tracking error", "reversals in 10 min",
    ]  # fmt: skip
    return _table(head, rows)


def _courses(protocols: dict[str, Any]) -> str:
    rows = []
    for name, one in protocols.items():
        own = [
            f"{key} {_number(told['median'])}" + (f" ({told['told_by']})" if short else "")
            for key, told in one["own"].items()
            for short in [told["told_by"] < one["patients"]]
        ]
        ended = ", ".join(f"{key} {count}" for key, count in one["ended"].items())
        rows.append(
            [
                f"`{name}`", str(one["patients"]), "; ".join(own) or "none", ended,
                _percent(one["above_ceiling"]), f"{one['gate_violations']} of {one['increases']}",
            ]
        )  # fmt: skip
    head = [
        "protocol", "n", "its own measures, medians (told by)", "ended in", "above 0.85",
        "rises at a closed gate",
    ]  # fmt: skip
    return _table(head, rows) if rows else ""


def _hearts(groups: dict[str, Any]) -> str:
    rows = [
        [
            name.replace("_", " "), str(one["patients"]), _number(one["rsa_rest_ms"], 0),
            _number(one["rsa_train_ms"], 0), _percent(one["raised_share"]),
            _percent(one["rewarded"]), _percent(one["rewarded_most"]),
        ]
        for name, one in groups.items()
    ]  # fmt: skip
    head = [
        "`hrv_biofeedback`: the pacer", "n", "RSA at rest, ms", "RSA in training, ms",
        "raised by", "rewarded", "most",
    ]  # fmt: skip
    return _table(head, rows) if rows else ""


def _robust(loops: dict[str, Any]) -> str:
    rows = [
        [
            name, str(one["patients"]), _number(one["reversals_per_10_min"]),
            _number(one["reversals_per_10_min_most"]), _number(one["in_window"]),
            _percent(one["above_ceiling"]), str(one["gate_violations"]),
        ]
        for name, one in loops.items()
    ]  # fmt: skip
    head = [
        "estimate", "n", "reversals in 10 min", "most", "in window", "above 0.85",
        "rises at a closed gate",
    ]  # fmt: skip
    return _table(head, rows) if rows else ""


def _waves(one: dict[str, Any]) -> str:
    if not one["patients"]:
        return ""
    more, closed = one["more_in_features_ci"], one["gate_violations"]
    return (
        f"Waveforms at 60 Hz: {one['patients']} people, in window "
        f"{_number(one['in_window_waveform'])} against {_number(one['in_window_features'])} of the "
        f"same people at low rate, {_number(one['apart'], 3)} apart (difference "
        f"{_ci(more[0], more[1:])}; {_number(one['apart_each'], 3)} within a person); above 0.85 "
        f"{_percent(one['above_ceiling_waveform'])}, rises at a closed gate: {closed}."
    )


def _number(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100.0 * share:.2f} %"


def _ci(mean: float | None, ends: list[float | None]) -> str:
    return f"{_number(mean)} ({_number(ends[0])} to {_number(ends[1])})"


if __name__ == "__main__":
    read = [json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]]
    print(page(together(read)))
