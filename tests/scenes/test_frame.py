"""The director: intensity and ambient in, frames out, the same at any rate of ticks."""

from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.frame import Director, SceneFrame
from scenes.parameter import Parameter
from scenes.scene import Level, Scene

SCENE = Scene(
    name="made_up",
    title="Made up",
    conditions=(),
    levels=(Level("low", 0.0), Level("high", 1.0)),
    parameters=(
        Parameter("height", "load", "m", rest=0.0, full=100.0, curve="late", max_rate_per_s=2.0),
        Parameter("crowd", "load", "people", rest=0.0, full=20.0),
        Parameter("calm", "ambient", "1", rest=0.5, full=1.0),
    ),
)


def tell(director: Director, now_s: float, intensity: float, **more: object) -> SceneFrame:
    given = {"ambient": (), "level": 0, "mode": "AUTO", "rest": False, "data_s": None, "seq": 1}
    return director.update(now_s, intensity=intensity, **(given | more))  # type: ignore[arg-type]


def test_only_intensity_moves_load_and_only_its_ambient_value_moves_ambient() -> None:
    frame = tell(Director(SCENE), 0.0, 0.5, ambient=(("crowd", 1.0),))
    assert dict(frame.values) == {"height": 0.0, "crowd": 10.0, "calm": 0.5}
    frame = tell(Director(SCENE), 0.0, 0.0, ambient=(("calm", 0.5),))
    assert dict(frame.values)["calm"] == 0.75
    assert frame.ambient == (("calm", 0.5),)


def test_its_own_rate_holds_and_rest_is_at_once() -> None:
    director = Director(SCENE)
    tell(director, 10.0, 0.0)
    assert dict(tell(director, 13.0, 1.0).values)["height"] == 6.0
    frame = tell(director, 13.1, 1.0, rest=True, ambient=(("calm", 1.0),))
    assert dict(frame.values) == {"height": 0.0, "crowd": 0.0, "calm": 0.5}
    assert frame.rest and frame.intensity == 0.0 and dict(frame.ambient) == {"calm": 0.0}


def test_time_that_stands_still_or_runs_back_moves_nothing() -> None:
    director = Director(SCENE)
    tell(director, 5.0, 0.0)
    assert dict(tell(director, 5.0, 1.0).values)["height"] == 0.0
    assert dict(tell(director, 4.0, 1.0).values)["height"] == 0.0


def test_what_is_no_number_is_rest() -> None:
    frame = tell(Director(SCENE), 0.0, nan, ambient=(("calm", nan),))
    assert frame.intensity == 0.0 and dict(frame.values)["calm"] == 0.5


@given(rate_hz=st.sampled_from([1, 2, 3, 7, 10, 25, 60, 75, 100]), goal=st.floats(0, 1))
def test_the_same_at_any_rate_of_ticks(rate_hz: int, goal: float) -> None:
    director = Director(SCENE)
    for k in range(20 * rate_hz + 1):
        frame = tell(director, k / rate_hz, goal)
    assert dict(frame.values)["height"] == pytest.approx(min(100 * goal * goal, 40.0), abs=1e-9)


def test_a_frame_is_the_message_of_the_channel() -> None:
    message = tell(Director(SCENE), 1.5, 0.25, seq=7, level=1, data_s=1.4).message()
    assert message["values"] == {"height": 0.0, "crowd": 5.0, "calm": 0.5}
    assert {k: message[k] for k in ("v", "type", "seq", "level", "valid_for_s", "data_s")} == {
        "v": 1, "type": "frame", "seq": 7, "level": 1, "valid_for_s": 2.0, "data_s": 1.4
    }  # fmt: skip
