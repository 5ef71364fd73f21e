"""How long ago each body system last gave something usable."""

import numpy as np
import pytest

from adaptivevr.modality import Modalities, modality
from sensors.chunk import Chunk
from sensors.feature import Feature, Status
from sensors.stream import Kind, Stream

KINDS = {"ecg": Kind.ECG, "ppg": Kind.PPG, "eda": Kind.EDA, "m": Kind.MARKERS}


def feature(stream: str, time_s: float, **more: object) -> Feature:
    values: dict[str, object] = {
        "name": "heart_rate", "value": 60.0, "unit": "bpm", "time_s": time_s,
        "stream": stream, "sample": 1, "quality": 0.9,
    }  # fmt: skip
    return Feature(**{**values, **more})  # type: ignore[arg-type]


def aged(*features: Feature, now_s: float = 10.0, names: tuple[str, ...] = ("heart",)) -> object:
    modalities = Modalities()
    modalities.update(now_s, features, KINDS)
    return modalities.age_s(now_s, names)


def test_the_newest_of_any_stream_of_the_system_counts() -> None:
    assert aged(feature("ecg", 4.0), feature("ppg", 8.0)) == pytest.approx(2.0)
    assert aged(feature("eda", 9.0)) is None
    assert aged(feature("ecg", 4.0), feature("eda", 9.0), names=("heart", "skin")) == 1.0


def test_the_delay_of_a_filter_is_no_age() -> None:
    assert aged(feature("ecg", 6.0, latency_s=4.0)) == 0.0
    assert aged(feature("ecg", 9.0, latency_s=30.0)) == 0.0  # never from the future


@pytest.mark.parametrize(
    "useless",
    [
        {"value": None}, {"quality": 0.49}, {"status": Status.FLAT}, {"status": Status.CLIPPED},
        {"status": Status.DETACHED}, {"stream": "m"}, {"stream": "unknown"},
    ],
)  # fmt: skip
def test_what_cannot_be_used_leaves_the_age_as_it_was(useless: dict[str, object]) -> None:
    assert aged(feature(**{"stream": "ecg", "time_s": 9.0, **useless})) is None  # type: ignore[arg-type]


def test_the_fast_heart_rate_is_forgotten_after_five_seconds() -> None:
    modalities = Modalities()
    assert modalities.heart(0.0).bpm is None
    modalities.update(1.0, [feature("ecg", 1.0, name="heart_rate_fast", value=72.0)], KINDS)
    assert modalities.heart(5.9).bpm == 72.0 and modalities.heart(5.9).quality == 0.9
    assert modalities.heart(6.1).bpm is None


def test_every_kind_with_features_but_motion_belongs_to_a_system() -> None:
    found = {kind: modality(kind) for kind in Kind}
    assert [k for k, name in found.items() if name is None] == [
        Kind.MOTION, Kind.POSE, Kind.MARKERS,
    ]  # fmt: skip


@pytest.mark.parametrize(("same_s", "age_s"), [(5.0, 0.0), (5.25, 0.25), (20.0, 15.0)])
def test_skin_that_shows_the_same_number_for_five_seconds_is_stale(
    same_s: float, age_s: float
) -> None:
    stream = Stream("eda", "palm", Kind.EDA, 4.0, "uS", channels=("eda",), used=(0,))
    modalities, now_s = Modalities(), 0.0
    for n in range(round(4 * (10.0 + same_s)) + 1):
        now_s = n / 4
        values = np.array([[2.0 + 0.01 * min(now_s, 10.0)]])
        chunk = Chunk(stream, np.array([now_s]), 0.0, values)
        modalities.update(now_s, [feature("eda", now_s, name="tonic")], KINDS, [chunk])
    assert modalities.age_s(now_s, ("skin",)) == pytest.approx(age_s)
