"""The front of the bicycle, which stays with the rider: a frame of rest while the world moves."""

import numpy as np

from scenes.art.colour import lin
from scenes.art.mesh import Mesh, merge
from scenes.art.plants import leaves
from scenes.art.shapes import box, lathe, lattice, sphere, tube

PAINT, STEEL, LEATHER = lin("#3f7d83"), lin("#c9c4ba"), lin("#8a5632")
TURNS = 112  # of the front wheel in one period of the way
HOIST = (0.262, 1.52, -0.93)  # where the pennant is tied to its pole
AXLE = (0.0, -1.16)  # y over the ground is the radius; z


def radius_m(period_m: float) -> float:
    """The wheel that turns a whole number of times in one period, so that nothing jumps."""
    return period_m / (2 * np.pi * TURNS)


def frame(wheel_m: float) -> Mesh:
    """Handlebar, stem, fork, mudguard, lamp, bell and the basket's rack."""
    top = np.array([0, 1.07, -0.74])
    axle = np.array([0, wheel_m, AXLE[1]])
    bar = np.array([[-0.34, 1.085, -0.42], [-0.33, 1.10, -0.56], [-0.25, 1.115, -0.68],
                    [-0.10, 1.10, -0.735], [0, 1.09, -0.74], [0.10, 1.10, -0.735],
                    [0.25, 1.115, -0.68], [0.33, 1.10, -0.56], [0.34, 1.085, -0.42]])  # fmt: skip
    parts = [tube(bar, 0.0125, 10, STEEL)]
    for s in (-1, 1):
        grip = np.array([[s * 0.341, 1.084, -0.40], [s * 0.339, 1.087, -0.47],
                         [s * 0.333, 1.098, -0.55]])  # fmt: skip
        parts.append(tube(grip, [0.0185, 0.020, 0.0175], 10, LEATHER))
        parts.append(sphere(1, LEATHER).at(s * 0.341, 1.083, -0.398, scale=0.019))
        lever = [[s * 0.325, 1.09, -0.57], [s * 0.335, 1.062, -0.52], [s * 0.345, 1.045, -0.44]]
        parts.append(tube(lever, [0.009, 0.008, 0.006], 6, STEEL))
        cable = [[s * 0.32, 1.10, -0.575], [s * 0.24, 1.16, -0.70], [s * 0.08, 1.10, -0.80],
                 [s * 0.02, 0.9, -0.80]]  # fmt: skip
        parts.append(tube(cable, 0.005, 5, lin("#2d2b2b")))
        leg = [[s * 0.05, 0.72, -0.93], [s * 0.055, 0.55, -1.02], [s * 0.055, axle[1], axle[2]]]
        parts.append(tube(leg, [0.018, 0.016, 0.010], 8, PAINT))
        stay = [[s * 0.14, 0.90, -0.90], [s * 0.06, axle[1], axle[2]]]
        parts.append(tube(stay, 0.006, 5, STEEL))
    parts.append(tube([top, [0, 0.97, -0.79], [0, 0.72, -0.92]], [0.017, 0.022, 0.024], 10, PAINT))
    parts.append(tube([[0, 0.93, -0.81], [0, 0.86, -0.55], [0, 0.62, -0.1]], 0.024, 10, PAINT))
    bell = lathe([(0.0, 0), (0.032, 0.0), (0.030, 0.014), (0.018, 0.026), (0, 0.030)], 14,
                 lin("#d8b45e"))  # fmt: skip
    parts.append(bell.at(-0.17, 1.135, -0.70, rx=-0.25))
    a = np.linspace(-0.35, 1.9, 16)
    rim = np.stack([0 * a, wheel_m + (wheel_m + 0.035) * np.sin(a + 0.5),
                    AXLE[1] + (wheel_m + 0.035) * np.cos(a + 0.5)], -1)  # fmt: skip
    guard = tube(rim, 0.032, 8, PAINT)
    guard.p[:, 0] *= 1.1
    parts.append(guard)
    return merge(parts)


def basket(rng: np.random.Generator) -> tuple[Mesh, Mesh]:
    """(a wicker basket on the rack, the flowers, bread and cloth in it)."""
    weave = []
    for k in range(8):
        y, grow = k * 0.029, 1 + 0.03 * k
        a = np.linspace(0, 2 * np.pi, 33)
        square = 1 / np.maximum(np.abs(np.cos(a)), np.abs(np.sin(a))) ** 0.8
        wave = 0.006 * np.sin(a * 12 + k * np.pi)
        x, z = (
            (0.185 * square * grow + wave) * np.cos(a),
            (0.135 * square * grow + wave) * np.sin(a),
        )
        tone = lin("#b98a55") * (1.12 if k % 2 else 0.9)
        weave.append(tube(np.c_[x, y + 0 * a, z], 0.0135, 5, tone))
    rim = weave[-1].copy()
    rim.p[:, 1] += 0.02
    rim.c[:] = lin("#7d5530")
    floor = box(0.34, 0.012, 0.25, lin("#8a6238")).at(0, -0.006, 0)
    wicker = merge([*weave, rim, floor])
    inside = []
    cloth = sphere(2, lin("#e9e0d0"))
    cloth.p = np.sign(cloth.p) * np.abs(cloth.p) ** 0.7 * [0.17, 0.05, 0.12]
    inside.append(cloth.at(0, 0.16, 0))
    loaf = sphere(2, lin("#b5793f"))
    loaf.p *= [0.05, 0.045, 0.13]
    inside.append(loaf.at(0.09, 0.225, 0.0, ry=0.5))
    for i in range(9):
        at = (rng.uniform(-0.15, 0.02), rng.uniform(0.21, 0.28), rng.uniform(-0.09, 0.09))
        core = sphere(1, lin("#4f7038")).upon(at, scale=0.042)
        petal = (("#f2a5b4", "#fbe3e6"), ("#ffd98a", "#fff0c8"), ("#e98a7a", "#f6c2b0"))[i % 3]
        bunch = leaves(core, 22, 0.026, 60 + i, petal)
        green = leaves(core, 12, 0.032, 90 + i, ("#4f7038", "#8ea552"))
        inside += [core, bunch, green]
    for m in inside:
        m.w[:] = 0.0
    return wicker.at(0, 0.90, -0.99), merge(inside).at(0, 0.90, -0.99)


def pole() -> Mesh:
    """A thin pole at the basket's right edge, for the pennant."""
    x, y, z = HOIST
    rod = tube([[x - 0.045, 0.92, z], [x - 0.017, 1.22, z], [x, y + 0.02, z]], 0.006, 6, LEATHER)
    return merge([rod, sphere(1, lin("#d8b45e")).at(x, y + 0.03, z, scale=0.014)])


def pennant() -> Mesh:
    """A pennant about its hoist, streaming along x: how fast the ride is can be read off it."""
    along = np.linspace(0, 1, 15)
    half = 0.055 * (1 - along) + 0.003
    wave = 0.014 * np.sin(along * 7.5) * along
    edges = [np.c_[0.32 * along, s * half, wave] for s in (-1, 0, 1)]
    m = Mesh(np.stack(edges, 1).reshape(-1, 3), lattice(15, 3), lin("#a8483a"))
    stripe = (np.repeat(np.arange(15), 3) // 3) % 2 == 1
    m.c[stripe] = lin("#d8c7a4")
    m.w = 0.35 * np.repeat(along, 3) ** 1.5  # its end flutters
    return m


def wheel(wheel_m: float) -> Mesh:
    """The front wheel about its own axle: tyre, rim, 20 spokes."""
    a = np.linspace(0, 2 * np.pi, 37)
    round_ = np.stack([0 * a, np.sin(a), np.cos(a)], -1)
    tyre = tube(round_ * (wheel_m - 0.018), 0.018, 7, lin("#3a3634"))
    rim = tube(round_ * (wheel_m - 0.042), 0.010, 5, STEEL)
    parts = [tyre, rim, tube([[-0.05, 0, 0], [0.05, 0, 0]], 0.014, 8, STEEL)]
    for i in range(20):
        t = i * 2 * np.pi / 20
        s = 0.03 if i % 2 else -0.03
        end = np.array([0, np.sin(t), np.cos(t)]) * (wheel_m - 0.045)
        parts.append(tube([[s, 0, 0], end], 0.0022, 3, STEEL))
    return merge(parts)


def lamp() -> Mesh:
    """A round headlamp under the basket's edge."""
    shell = lathe([(0.0, 0.0), (0.03, 0.005), (0.045, 0.04), (0.047, 0.06)], 14, STEEL)
    glass = lathe([(0.047, 0.06), (0.02, 0.072), (0, 0.074)], 14, lin("#fff2d0"))
    glass.e[:] = lin("#ffe2a0") * 0.5
    return merge([shell, glass]).at(0, 0.86, -1.16, rx=-np.pi / 2)
