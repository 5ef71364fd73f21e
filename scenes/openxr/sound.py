"""Sounds of the scene: loops mixed by channels, one-shots of cues, around or from a place."""

import ctypes
import sys
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from math import asin, pi, sin
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.openxr.player import Player
from scenes.openxr.pose import Array, Pose, inverse
from scenes.openxr.shelf import Parts

RATE_HZ = 48_000
BLOCK_MS = 40  # the mixing shares the interpreter with the pictures: few, larger blocks
RAMP_S = 0.15
NEAR_M = 2.0  # full loudness up to here
HEAD_M, SOUND_M_S = 0.0875, 343.0  # radius of a head; Woodworth's formula for the delay
MOST = 0.9


@dataclass(slots=True, eq=False)
class Voice:
    """One sound that is heard. samples: (n,) when it has a place, else (n, 2)."""

    samples: NDArray[np.float32]
    name: str
    loop: bool
    at: str  # the node it comes from, empty: all around
    goal: float  # loudness it is going to
    gain: tuple[float, float] = (0.0, 0.0)  # at each ear now
    delay: tuple[float, float] = (0.0, 0.0)  # samples, at each ear
    where: int = 0  # of the next sample
    ears: tuple[float, float] = (1.0, 1.0)


def at_ears(x: float, y: float, z: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Loudness and delay in seconds at the left and the right ear of a place seen from the head.

    A spherical head (Woodworth 1938): the far ear hears later and less.

    >>> (left, right), (late, _) = at_ears(2.0, 0.0, 0.0)
    >>> left < right, round(late * 1e3, 2)
    (True, 0.66)
    """
    r = max(1e-6, (x * x + y * y + z * z) ** 0.5)
    side = asin(min(1.0, max(-1.0, x / r)))  # -pi/2 left .. pi/2 right
    late_s = HEAD_M / SOUND_M_S * (abs(side) + sin(abs(side)))
    loud = NEAR_M / max(NEAR_M, r)
    far = loud * (1.0 - 0.55 * abs(side) / (pi / 2))
    return ((far, loud), (late_s, 0.0)) if side > 0 else ((loud, far), (0.0, late_s))


class Sound:
    """Mixes in the sound card's own thread; where there is none, all goes on silently."""

    def __init__(self, problem: Callable[[str], None]) -> None:
        self.frames = 0  # that the card has taken
        self.loud = 0.0  # the last block's highest sample
        self._problem = problem
        self._voices: tuple[Voice, ...] = ()
        self._files: dict[str, bytes] = {}
        self._all = 0.0
        self._all_goal = 0.0
        self._device: Any = None

    def begin(self, backend: str | None = None) -> None:
        """Opens the sound card; 'null' is one that nobody hears, for tests."""
        import miniaudio

        _hush_alsa()
        wanted = [miniaudio.Backend.NULL] if backend == "null" else None
        try:
            self._device = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.FLOAT32, nchannels=2, sample_rate=RATE_HZ,
                buffersize_msec=BLOCK_MS, backends=wanted,
            )  # fmt: skip
            stream = self._stream()
            next(stream)
            self._device.start(stream)
        except miniaudio.MiniaudioError as error:
            self._device = None
            print(f"No sound card was found ({error}): the scene is silent.", file=sys.stderr)

    @property
    def playing(self) -> bool:
        """Whether a sound card is open."""
        return self._device is not None

    def change(self, parts: Parts) -> None:
        """Another scene: its loops begin, quietly, and those before it end."""
        self._files = parts.sounds
        places = dict(parts.manifest.places)
        loops = {name for name, _ in parts.manifest.sounds}
        loops |= {
            c.name[6:] for p in parts.manifest.parameters for c in p.channels
            if c.name.startswith("sound.")
        }  # fmt: skip
        made = [self._voice(name, True, places.get(name, "")) for name in sorted(loops)]
        self._voices = tuple(v for v in made if v is not None)

    def cue(self, player: Player, name: str) -> None:
        """The sound of a discrete event, once."""
        for c in player.manifest.cues:
            if c.name == name and c.sound:
                voice = self._voice(c.sound, False, c.at)
                if voice is not None:
                    voice.goal = c.loudness
                    voice.gain = (c.loudness, c.loudness)
                    self._voices = (*self._voices, voice)

    def hush(self) -> None:
        """Ends every one-shot at once: at rest no cue goes on, and none is heard after it."""
        for voice in self._voices:
            if not voice.loop:
                voice.goal, voice.gain = 0.0, (0.0, 0.0)
                voice.where = len(voice.samples)  # the card's thread lets go of it

    def update(self, player: Player | None, fade: float, head: Pose, rig: Array) -> None:
        """Fits loudness and places to the scene; at rest (fade 1) all is quiet."""
        self._all_goal = 1.0 - fade
        if player is None or not self._voices:
            return
        ear = None
        for voice in self._voices:
            if voice.loop:
                voice.goal = player.loudness.get(voice.name, 0.0)
            node = player.tree.find(voice.at) if voice.at else None
            if node is None:
                continue
            if ear is None:
                ear = inverse(rig @ head.matrix())
            x, y, z, _ = ear @ player.tree.world[node][:, 3]
            voice.ears, late_s = at_ears(float(x), float(y), float(z))
            voice.delay = (late_s[0] * RATE_HZ, late_s[1] * RATE_HZ)

    def close(self) -> None:
        """Silence."""
        if self._device is not None:
            self._device.close()
            self._device = None

    def _voice(self, name: str, loop: bool, at: str) -> Voice | None:
        data = self._files.get(name)
        if data is None:
            self._problem(f"The sound {name} is missing; the scene goes on without it.")
            return None
        import miniaudio

        try:
            decoded = miniaudio.decode(
                data, output_format=miniaudio.SampleFormat.FLOAT32, nchannels=1 if at else 2,
                sample_rate=RATE_HZ,
            )  # fmt: skip
        except miniaudio.MiniaudioError as error:
            self._problem(f"The sound {name} could not be played ({error}).")
            return None
        samples = np.frombuffer(decoded.samples, np.float32)
        return Voice(samples if at else samples.reshape(-1, 2), name, loop, at, 0.0)

    # ---- in the sound card's thread --------------------------------------------------

    def _stream(self) -> Generator[bytes, int, None]:
        wanted = yield b""
        while True:
            wanted = yield self.mix(wanted).tobytes()

    def mix(self, count: int) -> NDArray[np.float32]:
        """The next samples, (count, 2)."""
        out = np.zeros((count, 2), np.float32)
        for voice in self._voices:
            _add(out, voice)
        self._voices = tuple(v for v in self._voices if v.loop or v.where < len(v.samples))
        before, self._all = self._all, self._toward(self._all, self._all_goal, count)
        out *= np.linspace(before, self._all, count, dtype=np.float32)[:, None]
        np.clip(out, -MOST, MOST, out)
        self.frames += count
        self.loud = float(np.abs(out).max()) if count else 0.0
        return out

    def _toward(self, x: float, goal: float, count: int) -> float:
        step = count / RATE_HZ / RAMP_S
        return min(goal, x + step) if goal > x else max(goal, x - step)


_IGNORE = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int)(
    lambda *_: None
)


def _hush_alsa() -> None:
    """Without a card ALSA writes thirty lines of its own; one sentence of ours says the same."""
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):
            ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_IGNORE)


def _add(out: NDArray[np.float32], voice: Voice) -> None:
    count, most = len(out), len(voice.samples)
    share = min(1.0, count / RATE_HZ / (RAMP_S / 3))
    goals = [voice.goal * ear for ear in voice.ears]
    gains = [g + (goal - g) * share for g, goal in zip(voice.gain, goals, strict=True)]
    at = voice.where + np.arange(count)
    if max(*voice.gain, *gains) > 1e-4 and most:
        for ear in (0, 1):
            ramp = np.linspace(voice.gain[ear], gains[ear], count, dtype=np.float32)
            if voice.at:
                out[:, ear] += ramp * _delayed(voice, at, ear)
            else:
                out[:, ear] += ramp * _read(voice.samples[:, ear], at, voice.loop)
    voice.gain = (gains[0], gains[1])
    voice.where = (voice.where + count) % most if voice.loop and most else voice.where + count


def _delayed(voice: Voice, at: NDArray[np.int64], ear: int) -> NDArray[np.float32]:
    whole, part = divmod(voice.delay[ear], 1.0)
    late = at - int(whole)
    near = _read(voice.samples, late, voice.loop)
    return near if part == 0 else (1 - part) * near + part * _read(
        voice.samples, late - 1, voice.loop
    )  # fmt: skip


def _read(samples: NDArray[np.float32], at: NDArray[np.int64], loop: bool) -> NDArray[np.float32]:
    if loop:
        return samples[at % len(samples)]
    inside = (at >= 0) & (at < len(samples))
    return np.where(inside, samples[np.clip(at, 0, len(samples) - 1)], np.float32(0))
