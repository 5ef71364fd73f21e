"""Plain shapes with good outlines: tubes, turned bodies, spheres, bevelled boxes, sheets."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.art.colour import Array
from scenes.art.mesh import Mesh

GREY = (0.5, 0.5, 0.5)
Faces = NDArray[np.int64]


def lattice(nu: int, nv: int, flip: bool = False) -> Faces:
    """The triangles of a grid of nu x nv points, points running along v first."""
    i = np.arange(nu - 1)[:, None] * nv + np.arange(nv - 1)[None]
    a, b, c, d = i, i + nv, i + nv + 1, i + 1
    f = np.stack([np.stack([a, b, c], -1), np.stack([a, c, d], -1)], 2).reshape(-1, 3)
    return f[:, ::-1] if flip else f


def sheet(
    x0: float, z0: float, x1: float, z1: float, y: float, c: Any, nx: int = 1, nz: int = 1
) -> Mesh:
    """A level rectangle that looks up; uv 0..1 over it."""
    x, z = np.meshgrid(np.linspace(x0, x1, nx + 1), np.linspace(z0, z1, nz + 1), indexing="ij")
    u, v = np.meshgrid(np.linspace(0, 1, nx + 1), np.linspace(0, 1, nz + 1), indexing="ij")
    p = np.c_[x.ravel(), np.full(x.size, y), z.ravel()]
    return Mesh(p, lattice(nx + 1, nz + 1, True), c, uv=np.c_[u.ravel(), v.ravel()])


def quad(corners: Any, c: Any = GREY, nu: int = 1, nv: int = 1, w: float = 0.0) -> Mesh:
    """A flat patch by four corners, anticlockwise seen from its front; uv from corner 0."""
    a, b, d, e = (np.asarray(k, float) for k in corners)
    u, v = np.meshgrid(np.linspace(0, 1, nu + 1), np.linspace(0, 1, nv + 1), indexing="ij")
    u, v = u.ravel()[:, None], v.ravel()[:, None]
    p = a * (1 - u) * (1 - v) + b * u * (1 - v) + d * u * v + e * (1 - u) * v
    n = np.cross(b - a, e - a)
    normals = np.tile(n / np.linalg.norm(n), (len(p), 1))
    return Mesh(p, lattice(nu + 1, nv + 1), c, w, uv=np.c_[u, v], n=normals)


def tube(path: Any, radii: Any, n: int = 8, c: Any = GREY) -> Mesh:
    """A round body along a path, open at both ends; a radius for each point of the path."""
    path = np.asarray(path, float)
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    up = np.where(np.abs(along[:, 1:2]) > 0.9, [[1, 0, 0]], [[0, 1, 0]])
    side = np.cross(along, up)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    other = np.cross(along, side)
    th = np.linspace(0, 2 * np.pi, n, endpoint=False)
    ring = side[:, None] * np.cos(th)[None, :, None] + other[:, None] * np.sin(th)[None, :, None]
    r = np.broadcast_to(np.asarray(radii, float), (len(path),))
    p = path[:, None] + r[:, None, None] * ring
    return Mesh(p.reshape(-1, 3), ring_faces(len(path), n), c)


def ring_faces(rings: int, n: int) -> Faces:
    """The triangles between rings of n points, outward for rings that turn as `tube` turns them."""
    i, j = np.arange(rings - 1)[:, None] * n, np.arange(n)[None]
    k = (j + 1) % n
    one = np.stack(np.broadcast_arrays(i + j, i + n + k, i + n + j), -1)
    two = np.stack(np.broadcast_arrays(i + j, i + k, i + n + k), -1)
    return np.stack([one, two], 2).reshape(-1, 3)


def lathe(profile: Any, n: int = 12, c: Any = GREY) -> Mesh:
    """A turned body about y: rows of (radius, height), from below upward."""
    rows = np.asarray(profile, float)
    m = tube(np.c_[np.zeros(len(rows)), np.arange(len(rows)), np.zeros(len(rows))], 1, n, c)
    p = m.p.reshape(len(rows), n, 3)
    p[..., 0] *= rows[:, :1]
    p[..., 2] *= rows[:, :1]
    p[..., 1] = rows[:, 1:2]
    m.p = p.reshape(-1, 3)
    return m


def hoop(radius: float, thick: float, n: int = 32, c: Any = GREY) -> Mesh:
    """A ring about y whose section is round."""
    a = np.linspace(-np.pi / 2, 1.5 * np.pi, 9)
    return lathe(np.c_[radius + thick * np.cos(a), thick * np.sin(a)], n, c)


_G = (1 + 5**0.5) / 2
_ICO = np.array(
    [[-1, _G, 0], [1, _G, 0], [-1, -_G, 0], [1, -_G, 0], [0, -1, _G], [0, 1, _G],
     [0, -1, -_G], [0, 1, -_G], [_G, 0, -1], [_G, 0, 1], [-_G, 0, -1], [-_G, 0, 1]]
)  # fmt: skip
_ICO_FACES = np.array(
    [[0, 11, 5], [0, 5, 1], [0, 1, 7], [0, 7, 10], [0, 10, 11], [1, 5, 9], [5, 11, 4],
     [11, 10, 2], [10, 7, 6], [7, 1, 8], [3, 9, 4], [3, 4, 2], [3, 2, 6], [3, 6, 8],
     [3, 8, 9], [4, 9, 5], [2, 4, 11], [6, 2, 10], [8, 6, 7], [9, 8, 1]]
)  # fmt: skip


def sphere(rounds: int = 2, c: Any = GREY) -> Mesh:
    """An icosahedron, each face split in four `rounds` times, on the unit sphere."""
    p, f = _ICO, _ICO_FACES
    for _ in range(rounds):
        edges = np.sort(np.vstack([f[:, [0, 1]], f[:, [1, 2]], f[:, [2, 0]]]), 1)
        each, where = np.unique(edges, axis=0, return_inverse=True)
        a, b, d = where.reshape(3, -1) + len(p)
        p = np.vstack([p, p[each].mean(1)])
        f = np.vstack(
            [np.c_[f[:, 0], a, d], np.c_[f[:, 1], b, a], np.c_[f[:, 2], d, b], np.c_[a, b, d]]
        )
    return Mesh(p / np.linalg.norm(p, axis=1, keepdims=True), f, c)


def dome(rounds: int, radius_m: float = 4500.0) -> Mesh:
    """What the sky is drawn on; uv is azimuth and elevation, for viewers without our shader."""
    m = sphere(rounds)
    x, y, z = m.p.T
    m.uv = np.c_[np.arctan2(x, -z) / (2 * np.pi) % 1, 0.5 - np.arcsin(y) / np.pi]
    m.p = m.p * radius_m
    return m


def lump(rounds: int, rough: float, seed: int, c: Any = GREY) -> Mesh:
    """A sphere with dents: stones, bushes, cushions."""
    m = sphere(rounds, c)
    m.p *= (1 + rough * np.random.default_rng(seed).standard_normal(len(m.p)))[:, None]
    return m


def box(
    x: float, y: float, z: float, c: Any = GREY, bevel: float = 0.0, bottom: bool = True
) -> Mesh:
    """Centred on x and z, standing on y = 0; a bevel makes the edges catch light."""
    half = np.array([x, y, z]) / 2
    p: list[Array] = []
    n: list[Array] = []
    f: list[list[int]] = []
    for axis, sign in ((0, 1), (0, -1), (1, 1), (1, -1), (2, 1), (2, -1)):
        if axis == 1 and sign < 0 and not bottom:
            continue
        k, o = len(p), [a for a in (0, 1, 2) if a != axis]
        for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
            point, normal = np.zeros(3), np.zeros(3)
            point[axis], normal[axis] = sign * half[axis], sign
            point[o[0]], point[o[1]] = u * (half[o[0]] - bevel), v * (half[o[1]] - bevel)
            p.append(point)
            n.append(normal)
        f += _toward([k, k + 1, k + 2, k + 3], p, n[k])
    if bevel:
        f += _bevels(p, n)
    m = Mesh(p, f, c, n=n)
    m.p[:, 1] += half[1]
    return m


def _toward(q: list[int], p: list[Array], out: Array) -> list[list[int]]:
    if np.dot(np.cross(p[q[1]] - p[q[0]], p[q[2]] - p[q[0]]), out) < 0:
        q = q[::-1]
    return [[q[0], q[1], q[2]], [q[0], q[2], q[3]]]


def _bevels(p: list[Array], n: list[Array]) -> list[list[int]]:
    """Strips that join the edges of faces which meet."""
    faces, strips = [list(range(k, k + 4)) for k in range(0, len(p), 4)], []
    for i, a in enumerate(faces):
        for b in faces[i + 1 :]:
            ax, bx = (int(np.argmax(np.abs(n[q[0]]))) for q in (a, b))
            if ax == bx:
                continue
            third = 3 - ax - bx
            ea = sorted((q for q in a if p[q][bx] * n[b[0]][bx] > 0), key=lambda q: p[q][third])
            eb = sorted((q for q in b if p[q][ax] * n[a[0]][ax] > 0), key=lambda q: p[q][third])
            strips += _toward([ea[0], ea[1], eb[1], eb[0]], p, n[a[0]] + n[b[0]])
    return strips
