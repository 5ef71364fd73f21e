"""The scanner: its bore with a table and strips of light, and the quiet room at its far end."""

import numpy as np

from scenes.art.colour import lin, mix, smooth
from scenes.art.mesh import Mesh
from scenes.art.noise import noise2
from scenes.art.shapes import lattice, quad, sheet, tube
from scenes.library.enclosed_room.places import TUBE_R, TUBE_Y, TUBE_Z0, TUBE_Z1, WHITE, wall


def tube_shell(n: int = 44, rows: int = 26) -> Mesh:
    """The bore seen from within, and the bells at both of its ends."""
    z = np.linspace(TUBE_Z1, TUBE_Z0, rows)
    bell = [(0.98, TUBE_Z1 + 0.12), (0.74, TUBE_Z1 + 0.19), (0.56, TUBE_Z1 + 0.20),
            (0.44, TUBE_Z1 + 0.15), (0.37, TUBE_Z1 + 0.07)]  # fmt: skip
    end = [(0.37, TUBE_Z0 - 0.07), (0.44, TUBE_Z0 - 0.15), (0.56, TUBE_Z0 - 0.20)]
    path = np.array([*bell, *((TUBE_R, q) for q in z), *end])
    a = np.linspace(0, 2 * np.pi, n, endpoint=False)
    p = np.stack([path[:, :1] * np.sin(a), TUBE_Y + path[:, :1] * np.cos(a),
                  path[:, 1:] + 0 * a], -1)  # fmt: skip
    i, j = np.arange(len(path) - 1)[:, None] * n, np.arange(n)[None]
    k = (j + 1) % n
    one = np.stack(np.broadcast_arrays(i + j, i + n + j, i + n + k), -1)
    two = np.stack(np.broadcast_arrays(i + j, i + n + k, i + k), -1)
    m = Mesh(p.reshape(-1, 3), np.stack([one, two], 2).reshape(-1, 3), WHITE)
    middle = np.c_[0 * m.p[:, 0], np.full(len(m.p), TUBE_Y), m.p[:, 2]]
    inside = np.abs(m.p[:, 2] - (TUBE_Z0 + TUBE_Z1) / 2) < (TUBE_Z1 - TUBE_Z0) / 2 - 0.01
    if (np.einsum("ij,ij->i", m.normals(), middle - m.p) > 0)[inside].mean() < 0.5:
        m.f = m.f[:, ::-1]
    seam = (np.abs(((m.p[:, 2] + 0.02) % 0.46) - 0.02) < 0.03) & inside
    m.c[seam] = m.c[seam] * 0.82
    return m


def scanner() -> list[Mesh]:
    """Table, light strips, and the quiet room beyond the far end, with a picture of the sky."""
    out = [tube_shell()]
    y = TUBE_Y - 0.255
    x, z = np.meshgrid(np.linspace(-0.232, 0.232, 9), np.linspace(-8.62, TUBE_Z0 - 0.35, 24),
                       indexing="ij")  # fmt: skip
    bed = np.c_[x.ravel(), (y + 0.9 * x**2).ravel(), z.ravel()]
    pad = Mesh(bed, lattice(9, 24), lin("#7f9aa6"))
    if pad.normals()[:, 1].mean() < 0:
        pad.f = pad.f[:, ::-1]
    out.append(pad)
    for s in (-1, 1):
        strip = [
            [s * TUBE_R * 0.62, TUBE_Y + TUBE_R * 0.765, q] for q in np.linspace(-8.8, -10.95, 12)
        ]
        out.append(tube(strip, 0.012, 6, WHITE).glowing(lin("#dfeaf4") * 0.9))
    z0, floor, top = -14.2, 0.62, 3.0
    for a, b in (((-1.9, z0), (1.9, z0)), ((-1.9, -11.1), (-1.9, z0)), ((1.9, z0), (1.9, -11.1))):
        out.append(wall(a, b, floor, top, lin("#c6d2d2"), 0.25))
    out.append(sheet(-1.9, z0, 1.9, -11.1, floor, lin("#9aa4a4"), 8, 8))
    out.append(quad([(-1.9, top, z0), (1.9, top, z0), (1.9, top, -11.1), (-1.9, top, -11.1)],
                    WHITE, 8, 8))  # fmt: skip
    out.append(_sky_picture(z0 + 0.03))
    return out


def _sky_picture(z: float) -> Mesh:
    m = quad(
        [(-0.95, 1.05, z), (0.95, 1.05, z), (0.95, 2.35, z), (-0.95, 2.35, z)], (0, 0, 0), 28, 20
    )
    u, v = m.uv[:, 0], m.uv[:, 1]
    cloud = smooth(0.4, 1.5, noise2(u * 6, v * 9, 9) + 0.5)
    col = mix(
        mix(lin("#f2e2c4"), lin("#7fb0d6"), np.clip(v * 1.5, 0, 1)), lin("#ffffff"), cloud * 0.7
    )
    hill = v < 0.24 + 0.06 * np.sin(u * 9)
    col[hill] = lin("#7f9a62")
    return m.glowing(col * 0.8)
