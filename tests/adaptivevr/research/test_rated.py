"""Ratings beside a recording: read strictly, held against the interval that was told before."""

from pathlib import Path

import numpy as np
import pytest

from adaptivevr.errors import BadRecording
from adaptivevr.research.rated import Rating, correlation, held, ratings_of


def write(folder: Path, *lines: str) -> Path:
    (folder / "ratings.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_ratings_are_read_by_subject_and_scale(tmp_path: Path) -> None:
    write(tmp_path, "subject,time_s,rating,max", "ada,60,30,", "bob,90,4,8", "ada,120,70,100")
    assert ratings_of(tmp_path) == {
        "ada": (Rating(60.0, 0.3), Rating(120.0, 0.7)),
        "bob": (Rating(90.0, 0.5),),
    }


def test_without_a_file_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert ratings_of(tmp_path) == {} and held({}, {}) is None


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("subject,time_s", "ada,60"), ("rating is missing", "add it")),
        (("subject,time_s,rating", "ada,60,130"), ("line 2", "'130'", "correct it")),
        (("subject,time_s,rating", "ada,60,30", "ada,noon,30"), ("line 3", "'noon'")),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, lines: tuple[str, ...], words: tuple[str, ...]
) -> None:
    with pytest.raises(BadRecording) as said:
        ratings_of(write(tmp_path, *lines))
    assert all(word in str(said.value) for word in words), said.value


def test_coverage_counts_what_the_interval_held() -> None:
    level = np.linspace(0.0, 1.0, 101)
    sd = np.full(101, 0.1)
    rated = {"ada": (Rating(20.0, 0.2), Rating(50.0, 0.6), Rating(80.0, 0.2))}
    found = held({"ada": (level, sd)}, rated)
    assert found is not None and found["n"] == 3
    assert found["coverage"] == pytest.approx(2 / 3)  # 0.78 does not reach down to 0.2
    assert found["coverage_noisy"] == pytest.approx(2 / 3)
    assert found["within_r"] == pytest.approx(correlation([0.18, 0.48, 0.78], [0.2, 0.6, 0.2]))


def test_what_is_not_known_then_is_not_counted() -> None:
    level, sd = np.full(60, np.nan), np.full(60, 0.1)
    found = held({"ada": (level, sd)}, {"ada": (Rating(30.0, 0.5),), "bob": (Rating(1.0, 0.5),)})
    assert found is not None and found["n"] == 0
