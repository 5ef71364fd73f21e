"""The calibration store: what was saved comes back, in order, and nothing else is believed."""

import json
from pathlib import Path

import pytest

from calibration.baseline import Baseline, Reference
from calibration.prior import population
from calibration.store import Store, StoreProblem


def baseline(name: str = "ada", offset: float | None = 60.0) -> Baseline:
    heart = Reference("heart_rate", "bpm", offset, 15.0, 4.0, 120, True, 0.4, "ecg")
    return Baseline("b1", name, (heart,), 0.22, False, 1, "Ein schöner Tag")


def test_what_was_saved_comes_back_equal_and_the_newest_is_latest(tmp_path: Path) -> None:
    store = Store(tmp_path / "data")
    assert store.latest("ada") is None
    store.append(baseline(offset=60.0), 1.0)
    store.append(baseline(offset=None), 2.0)
    first, second = store.all("ada")
    assert first.baseline == baseline(offset=60.0)
    assert store.latest("ada") == second
    assert second.baseline.references[0].offset is None


def test_saving_never_changes_what_is_there(tmp_path: Path) -> None:
    store = Store(tmp_path)
    path = store.append(population("ada"), 1.0)
    before = path.read_bytes()
    store.append(baseline(), 2.0)
    assert path.read_bytes().startswith(before)


@pytest.mark.parametrize("name", ["Müller/3", "CON", "..", "a b", "a.b", "*?"])
def test_any_name_stays_inside_the_folder(tmp_path: Path, name: str) -> None:
    store = Store(tmp_path)
    path = store.append(baseline(name), 1.0)
    assert path.parent == tmp_path
    latest = store.latest(name)
    assert latest is not None and latest.baseline.patient == name


@pytest.mark.parametrize("name", ["", "  ", "x" * 500])
def test_a_name_that_cannot_be_a_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreProblem, match="choose"):
        Store(tmp_path).append(baseline(name), 1.0)


def test_a_torn_last_line_is_dropped_and_the_next_one_is_whole(tmp_path: Path) -> None:
    store = Store(tmp_path)
    path = store.append(baseline(), 1.0)
    path.write_bytes(path.read_bytes() + b'{"version": 1, "saved_s": 2.0, "basel')
    assert len(store.all("ada")) == 1
    store.append(baseline(offset=61.0), 3.0)
    assert [s.saved_s for s in store.all("ada")] == [1.0, 3.0]


def spoiled(path: Path, **changes: object) -> None:
    entry = json.loads(path.read_text(encoding="utf-8"))
    inside = changes.pop("inside", {})
    entry.update(changes)
    entry["baseline"].update(inside)
    path.write_text(json.dumps(entry) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": 99}, "of version 99"),
        ({"saved_s": "noon"}, "'noon' is no number"),
        ({"inside": {"mood": 3}}, "unknown field 'mood'"),
        ({"inside": {"scale_sd": -1.0}}, "scale_sd is not positive"),
        ({"inside": {"references": 3}}, "references is no list"),
        ({"inside": {"references": [{"name": "heart_rate"}]}}, "missing"),
    ],
)
def test_what_is_not_understood_is_refused_in_one_sentence(
    tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    store = Store(tmp_path)
    path = store.append(baseline(), 1.0)
    spoiled(path, **changes)
    with pytest.raises(StoreProblem) as caught:
        store.latest("ada")
    text = str(caught.value)
    assert words in text
    assert "line 1" in text
    assert "\n" not in text


def test_old_calibrations_are_outdated(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.append(baseline(), 0.0)
    latest = store.latest("ada")
    assert latest is not None
    assert not latest.outdated(29 * 86400.0)
    assert latest.outdated(31 * 86400.0)
