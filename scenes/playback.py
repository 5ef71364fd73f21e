"""What every renderer does between frames; the same cases are run against the WebXR client.

`tests/scenes/playback_cases.json` holds inputs and expected outputs for both languages.
"""

from bisect import bisect_right
from dataclasses import dataclass
from math import acos, exp, sin, sqrt

from scenes.frame import SceneFrame

EASE_S = 0.08  # time constant towards the latest frame: hides the gaps between frames, no more
FADE_OUT_S = 0.5  # to the rest picture: once and one way, so exempt from the luminance slew (G1)
FADE_IN_S = 1.5  # back again: a scene fade of 1-2 s
HOLD_S = 5.0  # a fade to rest cannot repeat sooner than this


@dataclass(frozen=True, slots=True)
class Picture:
    """What to draw now. fade: 0 the scene, 1 the rest scene alone; why: empty, or why it rests."""

    values: tuple[tuple[str, float], ...]
    fade: float
    rest: bool
    why: str


class Playback:
    """One renderer's memory: latest frame, eased values, the fade to rest and the local stop.

    Times are seconds of the engine's clock, mapped from the renderer's own. It starts at rest.
    """

    def __init__(self) -> None:
        self._frame: SceneFrame | None = None
        self._values: dict[str, float] = {}
        self._last_s: float | None = None
        self._fade = 1.0
        self._fading = False  # on the way to rest: one way until done
        self._out: tuple[float, float] | None = None  # when the last fade to rest began, and where
        self._in: tuple[float, float] | None = None  # the same of the fade back
        self._stopped = False
        self._stop_known = False
        self._ready = True

    @property
    def ready(self) -> bool:
        """False while the scene itself is not there to be shown: the rest scene is."""
        return self._ready

    @ready.setter
    def ready(self, ready: bool) -> None:
        # A change of scene is no fade to rest that must be held.
        if ready and not self._ready and not self._fading:
            self._out = None
        self._ready = ready

    def receive(self, frame: SceneFrame, now_s: float) -> bool:
        """Takes a frame unless it has expired or is not newer than the last; says which."""
        if not now_s - frame.time_s <= frame.valid_for_s:  # also when its time is not known
            return False  # a pile-up in a stalled link must not keep a scene alive
        if self._frame is not None and frame.seq <= self._frame.seq:
            return False
        self._frame = frame
        if frame.rest:
            self._stop_known = self._stopped
        elif self._stopped and self._stop_known:
            self._stopped = self._stop_known = False  # the engine rested, then went on by itself
        return True

    def forget(self) -> None:
        """After a new connection: the engine may count from 0 again; a local stop stays."""
        self._frame = None

    def stop(self) -> None:
        """The renderer's own stop: acts at once, whatever frames say, until the engine knew."""
        self._stopped, self._stop_known = True, False

    def why(self, now_s: float) -> str:
        """Why the rest scene is due: 'stop', 'waiting', 'expired', 'rest'; '' if it is not."""
        if self._stopped:
            return "stop"
        if self._frame is None or not self._ready:
            return "waiting"
        if now_s - self._frame.time_s > self._frame.valid_for_s:
            return "expired"
        return "rest" if self._frame.rest else ""

    def update(self, now_s: float) -> Picture:
        """The picture at `now_s`; call it once for every picture drawn, time never backward."""
        dt_s = 0.0 if self._last_s is None else max(0.0, now_s - self._last_s)
        self._last_s = now_s
        why = self.why(now_s)
        self._update_fade(now_s, why)
        if self._frame is not None and not why:
            share = 1.0 - exp(-dt_s / EASE_S)
            for name, goal in self._frame.values:
                value = self._values.get(name, goal)
                self._values[name] = value + share * (goal - value)
        return Picture(tuple(self._values.items()), self._fade, bool(why) or self._fade == 1.0, why)

    def _update_fade(self, now_s: float, why: str) -> None:
        if why and self._fade < 1.0 and not self._fading:
            self._fading, self._out = True, (now_s, self._fade)
        if self._fading and self._out is not None:
            began_s, start = self._out
            self._fade = min(1.0, start + (now_s - began_s) / FADE_OUT_S)
            self._fading, self._in = self._fade < 1.0, None
            return
        held = self._out is not None and now_s - self._out[0] < HOLD_S
        if why or held or self._fade == 0.0:
            self._in = None
            return
        if self._in is None:
            # Seen again, the scene is where the engine says, not on its way there.
            self._in, self._values = (now_s, self._fade), {}
        began_s, start = self._in
        self._fade = max(0.0, start - (now_s - began_s) / FADE_IN_S)


def clip_time_s(first_s: float, last_s: float, fraction: float) -> float:
    """Where to hold a clip whose first and last key are given; the first key need not be at 0.

    >>> clip_time_s(1.0, 3.0, 0.25)
    1.5
    """
    return first_s + min(1.0, max(0.0, fraction)) * (last_s - first_s)


Rows = tuple[tuple[float, ...], ...]


def sample(
    interpolation: str, times_s: tuple[float, ...], values: Rows, at_s: float, path: str = ""
) -> tuple[float, ...]:
    """A glTF 2.0 animation sampler at a time (appendix C of the specification).

    values: a row for each key; for CUBICSPLINE three rows: in-tangent, value, out-tangent.
    path "rotation" interpolates by slerp (LINEAR) or renormalises (CUBICSPLINE).
    """
    cubic = interpolation == "CUBICSPLINE"
    row = (lambda k: values[3 * k + 1]) if cubic else (lambda k: values[k])
    if at_s <= times_s[0]:
        return row(0)
    if at_s >= times_s[-1]:
        return row(len(times_s) - 1)
    k = bisect_right(times_s, at_s) - 1
    if interpolation == "STEP":
        return row(k)
    span_s = times_s[k + 1] - times_s[k]
    t = (at_s - times_s[k]) / span_s
    a, b = row(k), row(k + 1)
    if not cubic:
        return _slerp(a, b, t) if path == "rotation" else _mix(a, b, t)
    out, into = values[3 * k + 2], values[3 * k + 3]
    t2, t3 = t * t, t * t * t
    v = tuple(
        (2 * t3 - 3 * t2 + 1) * p
        + span_s * (t3 - 2 * t2 + t) * m
        + (-2 * t3 + 3 * t2) * q
        + span_s * (t3 - t2) * n
        for p, m, q, n in zip(a, out, b, into, strict=True)
    )
    return _unit(v) if path == "rotation" else v


def _mix(a: tuple[float, ...], b: tuple[float, ...], t: float) -> tuple[float, ...]:
    return tuple(x + t * (y - x) for x, y in zip(a, b, strict=True))


def _unit(q: tuple[float, ...]) -> tuple[float, ...]:
    length = sqrt(sum(x * x for x in q))
    return tuple(x / length for x in q)


def _slerp(a: tuple[float, ...], b: tuple[float, ...], t: float) -> tuple[float, ...]:
    cos_angle = sum(x * y for x, y in zip(a, b, strict=True))
    if cos_angle < 0.0:  # the short way round
        b, cos_angle = tuple(-x for x in b), -cos_angle
    if cos_angle > 0.9995:
        return _unit(_mix(a, b, t))
    angle = acos(cos_angle)
    wa, wb = sin((1 - t) * angle) / sin(angle), sin(t * angle) / sin(angle)
    return tuple(wa * x + wb * y for x, y in zip(a, b, strict=True))


@dataclass(frozen=True, slots=True)
class Pacer:
    """A breathing pace, as the engine sends it: breathe in, hold, out, rest, for ever."""

    start_s: float
    in_s: float
    hold_s: float
    out_s: float
    rest_s: float

    def at(self, now_s: float) -> tuple[str, float]:
        """The part of the breath and how full the lungs are (0..1).

        >>> Pacer(0.0, 4.0, 0.0, 6.0, 0.0).at(7.0)
        ('out', 0.5)
        """
        if now_s < self.start_s:
            return "wait", 0.0
        parts = (
            ("in", self.in_s),
            ("hold", self.hold_s),
            ("out", self.out_s),
            ("rest", self.rest_s),
        )
        t = (now_s - self.start_s) % sum(s for _, s in parts)
        for part, length_s in parts:
            if t < length_s:
                x = t / length_s
                return part, {"in": x, "hold": 1.0, "out": 1.0 - x, "rest": 0.0}[part]
            t -= length_s
        return "rest", 0.0
