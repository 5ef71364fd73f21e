"""Light in rooms, against what can be reckoned by hand (skipped without the build's parts)."""

import numpy as np
import pytest

pytest.importorskip("embreex")
pytest.importorskip("PIL")

from scenes.art import shapes
from scenes.art.bake import STORED
from scenes.art.indoors import Panel, Rooms
from scenes.art.mesh import Mesh

LAMP = Panel((0, 2.99, 0), (0.2, 0, 0), (0, 0, 0.2), (10.0, 10.0, 10.0), (3, 3))


def room() -> list[Mesh]:
    m = shapes.box(4, 3, 4, (0.5, 0.5, 0.5))
    m.f, m.n = m.f[:, ::-1], -m.normals()  # seen from within
    floor = shapes.sheet(-1.9, -1.9, 1.9, 1.9, 0.005, (0.5, 0.5, 0.5), 16, 16)
    return [m, floor]


def test_light_falls_as_a_small_lamp_tells() -> None:
    """Under a lamp of area A at height h: L A / (pi h^2), for floor and lamp facing each other."""
    floor = room()[1]
    rooms = Rooms([floor], [LAMP])
    seen = rooms.bake(floor)[:, 0] / STORED / 0.5
    middle = seen[np.hypot(floor.p[:, 0], floor.p[:, 2]).argmin()]
    assert middle == pytest.approx(10 * 0.16 / (np.pi * 2.985**2), rel=0.05)
    corner = seen[np.hypot(floor.p[:, 0], floor.p[:, 2]).argmax()]
    assert corner < 0.5 * middle


def test_walls_throw_light_back_and_things_shade() -> None:
    walls, floor = room()
    alone = Rooms([floor], [LAMP]).bake(floor).mean()
    assert 1.05 * alone < Rooms([walls, floor], [LAMP]).bake(floor).mean() < 2.5 * alone
    table = shapes.box(1, 0.05, 1).at(0, 0.8, 0)
    rooms = Rooms([walls, floor], [LAMP])
    under = np.hypot(floor.p[:, 0], floor.p[:, 2]) < 0.3
    shaded = rooms.holding(table).bake(floor)[under].mean()
    assert shaded < 0.7 * rooms.bake(floor)[under].mean()


def test_a_panel_is_seen_from_its_front_and_shines_there() -> None:
    way = np.cross(LAMP.half, LAMP.half2)
    assert way[1] < 0 and LAMP.quad_mesh().normals()[0, 1] < 0
    ceiling = shapes.quad([(-2, 2.99, -2), (2, 2.99, -2), (2, 2.99, 2), (-2, 2.99, 2)])
    assert Rooms([ceiling], [LAMP]).bake(ceiling).max() < 0.01
