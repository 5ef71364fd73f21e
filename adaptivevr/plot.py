"""The course of a session as a picture: arousal, load, ambience, phases, modes, ratings."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from adaptivevr.errors import Refused
from adaptivevr.tick import Tick

_BACK = "#f7f6f3"
_MODES = {
    "manual": "#d8d2c4", "confirm": "#dfe9d8", "auto": "#e4efe2", "freeze": "#d5e3ef",
    "fallback": "#f3e3c3", "safe": "#efd3ce",
}  # fmt: skip

# What is drawn of what was rated, and the top of each scale.
RATED = {"suds": 100.0, "nrs": 10.0, "mood": 10.0}


@dataclass(frozen=True, slots=True)
class Course:
    """What a picture needs of each tick: equal-length columns."""

    now_s: tuple[float, ...]
    intensity: tuple[float, ...]
    arousal: tuple[float | None, ...]
    sd: tuple[float, ...]
    mode: tuple[str, ...]
    ratings: tuple[tuple[float, float], ...] = ()  # when, and the share of its scale
    truth: tuple[float, ...] = ()
    phase: tuple[str, ...] = ()
    ambience: tuple[float, ...] = ()


def course_of(ticks: Sequence[Tick], ratings: Sequence[tuple[float, float]] = ()) -> Course:
    """The columns of a picture from ticks."""
    return Course(
        now_s=tuple(t.now_s for t in ticks),
        intensity=tuple(t.decision.intensity for t in ticks),
        arousal=tuple(t.arousal.level for t in ticks),
        sd=tuple(t.arousal.sd for t in ticks),
        mode=tuple(t.decision.mode for t in ticks),
        ratings=tuple(ratings),
        phase=tuple(t.phase for t in ticks),
        ambience=tuple(max((v for _, v in t.decision.ambient), default=0.0) for t in ticks),
    )


def draw(
    course: Course, path: Path, title: str = "", window: tuple[float, float] | None = None
) -> None:
    """Writes the picture (png, svg or pdf by its suffix)."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np

    if path.suffix.lower() not in (".png", ".svg", ".pdf"):
        raise Refused(f"Expected a picture ending in .png, .svg or .pdf, but got {path.name}.")
    start_s = course.now_s[0] if course.now_s else 0.0
    minutes = (np.array(course.now_s) - start_s) / 60.0
    level = np.array([np.nan if a is None else a for a in course.arousal], dtype=float)
    sd = np.array(course.sd, dtype=float)
    figure, (upper, lower) = plt.subplots(
        2, 1, figsize=(11, 6), sharex=True, height_ratios=(3, 2), layout="constrained"
    )
    for axes in (upper, lower):
        axes.set_facecolor(_BACK)
        axes.grid(alpha=0.4, linewidth=0.5)
        _shade(axes, minutes, course.mode)
    if window is not None:
        upper.axhspan(*window, color="#7fa77c", alpha=0.18, label="window")
    upper.fill_between(minutes, level - 1.64 * sd, level + 1.64 * sd, alpha=0.25, color="#2f6f8f",
                       label="90 % interval", linewidth=0)  # fmt: skip
    upper.plot(minutes, level, color="#1f4e66", linewidth=1.4, label="arousal index")
    if course.truth:
        upper.plot(minutes[: len(course.truth)], course.truth[: len(minutes)], color="#b0632c",
                   linewidth=0.9, label="true arousal (simulated)")  # fmt: skip
    if course.ratings:
        at = [(t - start_s) / 60.0 for t, _ in course.ratings]
        upper.plot(
            at,
            [share for _, share in course.ratings],
            "o",
            color="#8a2f4f",
            markersize=4,
            label="rating, share of its scale",
        )
    upper.set_ylim(-0.1, 1.15)
    upper.set_ylabel("arousal index")
    upper.set_title(title, loc="left")
    _explain(upper)
    lower.plot(minutes, course.intensity, color="#3d3a34", linewidth=1.6, label="load")
    if any(course.ambience):
        lower.plot(minutes, course.ambience, color="#3f7f5f", linewidth=0.9, label="ambience")
    for mode in dict.fromkeys(course.mode):
        lower.fill_between([], [], color=_MODES.get(mode, "#ffffff"), alpha=0.55, label=mode)
    _explain(lower)
    _name_phases(lower, minutes, course.phase)
    if len(minutes):
        lower.set_xlim(minutes[0], max(float(minutes[-1]), 1e-3))
    lower.set_ylim(-0.02, 1.02)
    lower.set_ylabel("shown, 0 to 1")
    lower.set_xlabel("minutes")
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _explain(axes: Any) -> None:
    """What the lines and colours mean, above the picture, where it hides nothing."""
    axes.legend(
        loc="lower right", bbox_to_anchor=(1.0, 1.0), fontsize=8, ncols=6, frameon=False,
        borderaxespad=0.1, handlelength=1.6, columnspacing=1.2,
    )  # fmt: skip


def _name_phases(axes: Any, minutes: Any, phases: tuple[str, ...]) -> None:
    """A line where a phase begins, its name where it lasts long enough for it."""
    begins = [i for i in range(len(phases)) if i == 0 or phases[i] != phases[i - 1]]
    for i, until in pairwise([*begins, len(phases) - 1] if phases else []):
        axes.axvline(minutes[i], color="#8d867a", linewidth=0.4)
        if minutes[until] - minutes[i] >= 0.018 * (minutes[-1] - minutes[0]):
            axes.text(minutes[i], 0.98, f" {phases[i]}", fontsize=6, rotation=90, va="top")


def _shade(axes: Any, minutes: Any, modes: tuple[str, ...]) -> None:
    begin = 0
    for i in range(1, len(modes) + 1):
        if i == len(modes) or modes[i] != modes[begin]:
            color = _MODES.get(modes[begin], "#ffffff")
            axes.axvspan(minutes[begin], minutes[i - 1], color=color, alpha=0.55, linewidth=0)
            begin = i
