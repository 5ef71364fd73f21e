"""Sound loops made of filtered noise and soft tones; they join without a seam."""

import io
import struct
from pathlib import Path

import numpy as np

from scenes.art.colour import Array

RATE_HZ = 22050


def hiss(duration_s: float, low_hz: float, high_hz: float, slope: float, seed: int) -> Array:
    """Noise between two frequencies, its power falling as 1/f^slope; loops, rms 1."""
    n = int(duration_s * RATE_HZ)
    f = np.fft.rfftfreq(n, 1 / RATE_HZ)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(n))
    edge = 1 / (1 + (low_hz / np.maximum(f, 1e-3)) ** 4) / (1 + (f / high_hz) ** 4)
    x = np.fft.irfft(spectrum * edge * np.maximum(f, 20.0) ** (-slope / 2), n)
    return np.asarray(x / x.std())


def swell(duration_s: float, times: int, sharp: float, phase: float = 0.0) -> Array:
    """A loudness 0..1 that swells a whole number of times, quick up and slow down when sharp."""
    t = np.linspace(0, 1, int(duration_s * RATE_HZ), endpoint=False)
    turn = 2 * np.pi * (times * t + phase)
    return np.asarray((0.5 + 0.5 * np.sin(turn + sharp * np.sin(turn))) ** 2)


def wander(duration_s: float, changes: int, seed: int) -> Array:
    """A slow loudness round 1 that loops: gusts, traffic."""
    r, n = np.random.default_rng(seed), int(duration_s * RATE_HZ)
    t = np.linspace(0, 2 * np.pi, n, endpoint=False)
    waves = [np.sin(k * t + r.uniform(0, 6.28)) / k**0.7 for k in range(1, changes + 1)]
    x = np.sum(waves, 0)
    return np.asarray(np.clip(1 + 0.45 * x / x.std(), 0.15, None))


def ping(x: Array, at_s: float, tone_hz: float, loud: float, decay_s: float) -> None:
    """Adds a soft struck tone to a loop; what would ring past its end rings at its start."""
    n = int(decay_s * 6 * RATE_HZ)
    t = np.arange(n) / RATE_HZ
    tone = np.sin(2 * np.pi * tone_hz * t) * np.exp(-t / decay_s) * np.clip(t / 0.002, 0, 1)
    np.add.at(x, (int(at_s * RATE_HZ) + np.arange(n)) % len(x), loud * tone)


def save(folder: Path, name: str, loop: Array, peak: float = 0.6, quality: float = 0.25) -> Path:
    """Writes sound/NAME.ogg, or a WAV where the machine that builds has no encoder."""
    data = np.asarray(loop * (peak / np.abs(loop).max()), np.float64)
    out = folder / "sound"
    out.mkdir(exist_ok=True)
    for old in out.glob(f"{name}.*"):
        old.unlink()
    try:
        import soundfile
    except ImportError:
        path = out / f"{name}.wav"
        path.write_bytes(_wav(data))
        return path
    buffer = io.BytesIO()
    with soundfile.SoundFile(
        buffer, "w", RATE_HZ, 1, format="OGG", subtype="VORBIS", compression_level=1 - quality
    ) as file:
        file.write(data)
    path = out / f"{name}.ogg"
    path.write_bytes(_steady(buffer.getvalue()))
    return path


def _wav(data: Array) -> bytes:
    pcm = np.clip(np.rint(data * 32767), -32768, 32767).astype("<i2").tobytes()
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + len(pcm), b"WAVE", b"fmt ", 16, 1, 1,
                       RATE_HZ, RATE_HZ * 2, 2, 16)  # fmt: skip
    return head + struct.pack("<4sI", b"data", len(pcm)) + pcm


def _steady(ogg: bytes) -> bytes:
    """The same stream with serial number 1: the encoder draws one by chance, builds must not.

    RFC 3533: the page's checksum covers its header, so it is made anew.
    """
    out, at = bytearray(ogg), 0
    while at < len(out):
        segments = out[at + 26]
        size = 27 + segments + sum(out[at + 27 : at + 27 + segments])
        out[at + 14 : at + 18] = (1).to_bytes(4, "little")
        out[at + 22 : at + 26] = bytes(4)
        out[at + 22 : at + 26] = _crc(bytes(out[at : at + size])).to_bytes(4, "little")
        at += size
    return bytes(out)


def _table() -> list[int]:
    rows = []
    for byte in range(256):
        r = byte << 24
        for _ in range(8):
            r = (r << 1) ^ (0x04C11DB7 if r & 0x80000000 else 0)
        rows.append(r & 0xFFFFFFFF)
    return rows


_CRC = _table()


def _crc(data: bytes) -> int:
    r = 0
    for byte in data:
        r = ((r << 8) & 0xFFFFFFFF) ^ _CRC[(r >> 24) ^ byte]
    return r
