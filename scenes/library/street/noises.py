"""What the street sounds like, and the sounds of its cues; no words, no sudden loops."""

import numpy as np

from scenes.art import sound
from scenes.art.colour import Array
from scenes.scene import Scene

RATE = sound.RATE_HZ


def add_sounds(scene: Scene) -> None:
    """Loops: birds, traffic, voices, steps. Cues: bell, dog, door, horn, siren, shout, bang..."""
    t = 12.0
    birds = sound.hiss(t, 100, 800, 1.5, 1) * 0.02
    rng = np.random.default_rng(3)
    for start in (0.4, 1.9, 4.2, 5.0, 7.7, 10.1):
        for k in range(int(rng.integers(3, 6))):
            sound.ping(birds, start + k * 0.12, float(rng.uniform(2500, 4200)), 0.12, 0.025)
    sound.save(scene.folder, "birds", birds, 0.35)
    traffic = sound.hiss(t, 45, 500, 1.4, 4) * (
        0.25 + sound.swell(t, 3, 0.4) + 0.6 * sound.swell(t, 5, 0.2, 0.4)
    )
    sound.save(scene.folder, "traffic", traffic, 0.5)
    voices = np.zeros(int(t * RATE))
    for i, f in enumerate((170.0, 260.0, 420.0, 700.0, 1200.0)):
        voices = voices + sound.hiss(t, f, f * 1.5, 0.5, 30 + i) * sound.wander(
            t, 45, 50 + i
        ) ** 2.5 / (1 + i * 0.4)
    for k in range(int(t * 1.9)):
        sound.ping(voices, k / 1.9 + 0.03 * (k % 3), 190, 1.1, 0.018)
    sound.save(scene.folder, "people", voices, 0.45)
    for name, (loop, peak) in {
        "bell": (_bell(), 0.4), "dog": (_dog(), 0.6), "door": (_thud(90, 0.12), 0.6),
        "horn": (_horn(), 0.6), "siren": (_siren(), 0.4), "shout": (_shout(), 0.6),
        "glass": (_glass(), 0.6), "bang": (_thud(60, 0.22, 2600.0), 0.85),
        "engine": (_engine(), 0.6), "steps": (_steps(), 0.5),
    }.items():  # fmt: skip
        sound.save(scene.folder, name, loop, peak)


def _time(seconds: float) -> Array:
    return np.arange(int(seconds * RATE)) / RATE


def _burst(t: Array, at_s: float, rise_s: float, fall_s: float) -> Array:
    after = np.clip(t - at_s, 0, None)
    return np.asarray(np.clip(after / rise_s, 0, 1) * np.exp(-after / fall_s))


def _bell() -> Array:
    x = np.zeros(int(1.6 * RATE))
    for start in (0.05, 0.22):
        for tone, loud in ((2650, 0.5), (3980, 0.25), (5300, 0.12)):
            sound.ping(x, start, tone, loud, 0.16)
    x[-400:] *= np.linspace(1, 0, 400)
    return x


def _dog() -> Array:
    t = _time(2.4)
    x = np.zeros(len(t))
    for start in (0.1, 0.55, 1.25):
        pitch = 420 + 260 * np.exp(-np.clip(t - start, 0, None) / 0.05)
        tone = np.sign(np.sin(2 * np.pi * np.cumsum(pitch) / RATE)) * 0.3
        x = x + (tone + sound.hiss(2.4, 350, 1800, 0.6, 7) * 0.5) * _burst(t, start, 0.015, 0.07)
    return x


def _thud(low_hz: float, fall_s: float, high_hz: float = 900.0) -> Array:
    t = _time(1.6)
    body = sound.hiss(1.6, low_hz, high_hz, 1.0, 11) * _burst(t, 0.05, 0.004, fall_s)
    return np.asarray(body + np.sin(2 * np.pi * low_hz * t) * _burst(t, 0.05, 0.004, fall_s * 1.6))


def _horn() -> Array:
    t = _time(1.4)
    tone = sum(np.sin(2 * np.pi * f * t + 2 * np.sin(2 * np.pi * f * t)) for f in (392.0, 494.0))
    hold = np.clip(t / 0.04, 0, 1) * np.clip((0.9 - t) / 0.12, 0, 1)
    return np.asarray(tone * hold)


def _siren() -> Array:
    """Two tones, far off, that come and go."""
    t = _time(9.0)
    pitch = np.where((t / 0.75).astype(int) % 2 == 0, 435.0, 585.0)
    wave = np.sin(2 * np.pi * np.cumsum(pitch) / RATE)
    return np.asarray((wave + 0.25 * wave**3) * np.sin(np.pi * t / 9.0) ** 2)


def _shout() -> Array:
    """A voice that calls out, without words: two rising vowels."""
    t = _time(1.8)
    x = np.zeros(len(t))
    for start, base, fall in ((0.05, 190.0, 0.12), (0.5, 230.0, 0.28)):
        pitch = base * (1 + 0.25 * np.clip((t - start) / 0.2, 0, 1))
        phase = 2 * np.pi * np.cumsum(pitch) / RATE
        voice = sum(np.sin(k * phase) * np.exp(-(((k * base - f) / 220) ** 2))
                    for f in (700.0, 1150.0) for k in range(1, 9))  # fmt: skip
        x = x + voice * _burst(t, start, 0.03, fall)
    return x


def _glass() -> Array:
    x, rng = np.zeros(int(1.6 * RATE)), np.random.default_rng(5)
    for _ in range(26):
        sound.ping(x, 0.05 + float(rng.exponential(0.12)), float(rng.uniform(2200, 7200)),
                   float(rng.uniform(0.1, 0.4)), float(rng.uniform(0.01, 0.06)))  # fmt: skip
    x[-600:] *= np.linspace(1, 0, 600)
    return x


def _engine() -> Array:
    """A motorcycle that passes."""
    t = _time(6.0)
    pitch = 62 + 26 * np.tanh((t - 2.0) * 1.2) - 16 * np.tanh((t - 3.2) * 3)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    growl = sum(np.sin(k * phase + 0.3 * k * k) / k**0.6 for k in range(1, 9))
    return np.asarray(
        (growl + sound.hiss(6.0, 80, 900, 1.0, 6)) * np.exp(-(((t - 3.2) / 1.1) ** 2))
    )


def _steps() -> Array:
    """Quick steps that come from behind and pass."""
    x = np.zeros(int(4.5 * RATE))
    for k in range(12):
        near = np.exp(-(((k - 7) / 3.2) ** 2))
        sound.ping(x, 0.1 + k * 0.33, 170 + 20 * (k % 2), 0.9 * near, 0.02)
        sound.ping(x, 0.12 + k * 0.33, 900, 0.12 * near, 0.01)
    return x
