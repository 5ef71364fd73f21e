"""Recursive filters that run sample by sample: Butterworth sections and a notch.

The design is our own (bilinear transform), so that nothing heavy is imported before the first
sample flows; the filtering is scipy's, section by section: on chunks of a few samples `lfilter`
costs 5 microseconds a section where `sosfilt` costs 30 a call, and neither shows the chunking.
"""

import cmath
import math

import numpy as np
import numpy.typing as npt

Sections = npt.NDArray[np.float64]  # (sections, 6): b0 b1 b2 1 a1 a2, as scipy writes them
Floats = npt.NDArray[np.float64]


def _warp(hz: float, rate_hz: float) -> float:
    """The analog frequency that the bilinear transform maps onto `hz` (with 2 * rate = 2)."""
    assert 0 < hz < rate_hz / 2, f"a corner must lie between 0 and {rate_hz / 2} Hz, got {hz}"
    return math.tan(math.pi * hz / rate_hz)


def _prototype(order: int) -> list[complex]:
    """Poles of the analog Butterworth low-pass of corner 1, upper half-plane and real ones."""
    assert order >= 1, f"order must be 1 or more, got {order}"
    poles = [
        cmath.exp(1j * math.pi * (2 * k + order + 1) / (2 * order)) for k in range((order + 1) // 2)
    ]
    if order % 2:
        poles[-1] = complex(-1.0, 0.0)
    return poles


def _digital(pole: complex) -> complex:
    return (1 + pole) / (1 - pole)


def _section(pole: complex, zeros: tuple[float, float]) -> list[float]:
    """One section from an upper pole (and its conjugate) and two real zeros, gain not yet set."""
    z0, z1 = zeros
    return [1.0, -(z0 + z1), z0 * z1, 1.0, -2 * pole.real, abs(pole) ** 2]


def _single(pole: float, zero: float) -> list[float]:
    return [1.0, -zero, 0.0, 1.0, -pole, 0.0]


def _unit_gain(rows: list[list[float]], radians: float) -> Sections:
    """Scales every section to gain 1 at one frequency, so that no inner value grows large."""
    sos = np.array(rows)
    z = cmath.exp(-1j * radians)
    for row in sos:
        top = row[0] + row[1] * z + row[2] * z * z
        low = row[3] + row[4] * z + row[5] * z * z
        row[:3] /= abs(top / low)
    return sos


def lowpass(order: int, hz: float, rate_hz: float) -> Sections:
    """Butterworth low-pass as second-order sections, 3 dB down at `hz`.

    >>> lowpass(2, 10.0, 100.0).round(4)
    array([[ 0.0675,  0.1349,  0.0675,  1.    , -1.143 ,  0.4128]])
    """
    corner = _warp(hz, rate_hz)
    rows = []
    for analog in _prototype(order):
        pole = _digital(analog * corner)
        rows.append(_section(pole, (-1, -1)) if analog.imag else _single(pole.real, -1))
    return _unit_gain(rows, 0.0)


def highpass(order: int, hz: float, rate_hz: float) -> Sections:
    """Butterworth high-pass as second-order sections, 3 dB down at `hz`."""
    corner = _warp(hz, rate_hz)
    rows = []
    for analog in _prototype(order):
        pole = _digital(corner / analog)
        pole = complex(pole.real, abs(pole.imag))
        rows.append(_section(pole, (1, 1)) if analog.imag else _single(pole.real, 1))
    return _unit_gain(rows, math.pi)


def bandpass(order: int, low_hz: float, high_hz: float, rate_hz: float) -> Sections:
    """Butterworth band-pass as `order` second-order sections, 3 dB down at both corners."""
    low, high = _warp(low_hz, rate_hz), _warp(high_hz, rate_hz)
    assert low < high, f"low corner must be below the high one, got {low_hz} and {high_hz} Hz"
    width, centre2 = high - low, low * high
    rows = []
    for analog in _prototype(order):
        half = analog * width / 2
        root = cmath.sqrt(half * half - centre2)
        up, down = _digital(half + root), _digital(half - root)
        if analog.imag:
            rows.append(_section(complex(up.real, abs(up.imag)), (1, -1)))
            rows.append(_section(complex(down.real, abs(down.imag)), (1, -1)))
        else:  # the two poles of a real prototype pole: conjugates, or both real
            total, product = (up + down).real, (up * down).real
            rows.append([1.0, 0.0, -1.0, 1.0, -total, product])
    return _unit_gain(rows, 2 * math.atan(math.sqrt(centre2)))


def notch(hz: float, rate_hz: float, q: float = 30.0) -> Sections:
    """A narrow stop at `hz`, `hz / q` wide, gain 1 elsewhere (for 50 or 60 Hz from the mains)."""
    assert 0 < hz < rate_hz / 2, f"a notch must lie below {rate_hz / 2} Hz, got {hz}"
    angle = 2 * math.pi * hz / rate_hz
    gain = 1 / (1 + math.tan(angle / q / 2))
    cos = math.cos(angle)
    return np.array([[gain, -2 * gain * cos, gain, 1.0, -2 * gain * cos, 2 * gain - 1]])


def chain(*parts: Sections) -> Sections:
    """Several filters one after another as one cascade."""
    return np.concatenate(parts)


def delay_s(sos: Sections, hz: float, rate_hz: float) -> float:
    """Group delay at one frequency: how late a wave group of that frequency comes out.

    >>> round(delay_s(lowpass(2, 10.0, 1000.0), 1.0, 1000.0), 4)
    0.0227
    """
    angles = 2 * math.pi * hz / rate_hz * np.array([0.999, 1.001])
    z = np.exp(-1j * angles)
    response = np.ones(2, dtype=complex)
    for b0, b1, b2, _, a1, a2 in sos:
        response = response * (b0 + b1 * z + b2 * z * z) / (1 + a1 * z + a2 * z * z)
    phase = np.angle(response[1] / response[0])
    return float(-phase / (angles[1] - angles[0]) / rate_hz)


def steady(sos: Sections) -> Floats:
    """The inner state (sections, 2) that a constant 1 at the input would have left behind."""
    state = np.empty((len(sos), 2))
    level = 1.0
    for row, (b0, b1, b2, _, a1, a2) in zip(state, sos.tolist(), strict=True):
        out = level * (b0 + b1 + b2) / (1 + a1 + a2)
        row[1] = b2 * level - a2 * out
        row[0] = b1 * level - a1 * out + row[1]
        level = out
    return state


class Sos:
    """A filter with memory: the same output however the signal is cut, bit for bit.

    The first sample seeds the state as if it had lasted for ever, so a signal that starts at
    a large level makes no start-up step. Takes (n, channels) or (n,), float64, no NaN (see
    `Hold`). Copies and pickles in mid-stream.

    >>> smooth = Sos(lowpass(2, 1.0, 100.0))
    >>> smooth.update(np.full((3, 1), 7.0)).ravel()
    array([7., 7., 7.])
    """

    __slots__ = ("sos", "state")

    def __init__(self, sos: Sections) -> None:
        self.sos = np.ascontiguousarray(sos, dtype=np.float64)
        self.state: Floats | None = None

    def update(self, values: Floats) -> Floats:
        """Filters the next samples."""
        from scipy.signal import lfilter  # 1.7 s to import, so not before it is needed

        if not len(values):
            return np.array(values, dtype=np.float64)
        if self.state is None:
            rest = steady(self.sos)
            self.state = rest * values[0] if values.ndim == 1 else rest[:, :, None] * values[0]
        state = np.empty_like(self.state)
        for i, row in enumerate(self.sos):
            values, state[i] = lfilter(row[:3], row[3:], values, axis=0, zi=self.state[i])
        self.state = state
        return values

    def reset(self) -> None:
        """Forgets everything; the next sample seeds it anew."""
        self.state = None


class Hold:
    """Puts the last good value in the place of NaN and infinity, and marks where.

    Before the first good value there is nothing to hold: zeros stand there, marked bad.

    >>> Hold().update(np.array([[1.0], [np.nan], [3.0]]))[0].ravel()
    array([1., 1., 3.])
    """

    __slots__ = ("last",)

    def __init__(self) -> None:
        self.last: Floats | None = None

    def update(self, values: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """The values without gaps, (n, channels), and a mask of what was bad, same shape."""
        bad = ~np.isfinite(values)
        if self.last is None:
            self.last = np.zeros(values.shape[1])
        if len(values) and bad.any():
            rows = np.where(bad, 0, np.arange(1, len(values) + 1)[:, None])
            np.maximum.accumulate(rows, axis=0, out=rows)
            padded = np.concatenate([self.last[None], np.where(bad, 0.0, values)])
            values = np.take_along_axis(padded, rows, axis=0)
        if len(values):
            self.last = np.array(values[-1], dtype=np.float64)
        return np.asarray(values, dtype=np.float64), bad
