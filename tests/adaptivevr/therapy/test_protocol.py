"""Protocol files: what is in the library, and that every mistake of a file is told at once."""

from pathlib import Path

import pytest

from adaptivevr.errors import BadProtocol
from adaptivevr.limits import Limits
from adaptivevr.therapy.controllers import CONTROLLERS
from adaptivevr.therapy.protocol import library, load, parse

LEAST = {"title": "T", "scene": "heights", "controller": "exposure"}


def mistakes(table: dict) -> list[str]:
    with pytest.raises(BadProtocol) as refused:
        parse(table, "file")
    return str(refused.value).split("\n")


@pytest.mark.parametrize("name", library())
def test_the_library_loads(name: str) -> None:
    protocol = load(name)
    assert name in library() and protocol.name == name
    assert protocol.controller in CONTROLLERS
    assert protocol.duration_s <= protocol.limits.session_s
    assert protocol.first_level >= 1


def test_every_protocol_for_people_says_who_must_not_take_part() -> None:
    for name in library():
        protocol = load(name)
        if protocol.people:
            assert protocol.screen and protocol.conditions and protocol.prompts.quiet, name
    assert [n for n in library() if load(n).supervised] == ["trauma_graded"]


def test_texts_with_figures_can_be_filled() -> None:
    for name in library():
        filled = load(name).prompts.block.format(block=1, score="50", share="70%")
        assert "{" not in filled, name


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"inhibitory": {"down": 0.7, "stay": 0.6}}, "of at most 1, got 1.3"),
        ({"inhibitory": {"dwell_low_s": 200, "dwell_high_s": 100}}, "up to dwell_high_s, got 200"),
        ({"mirror": {"stage": "knee"}}, "'knee'"),
        ({"mirror": {"accuracy": 0.5}}, "mirror.accuracy from 0.8 to 1"),
        ({"programme": {"parts": ["education", "surgery"]}}, "'surgery'"),
        ({"meditation": {"most_age_s": 2}}, "most_age_s from 0.2 to 0.4, got 2"),
        ({"breathing": {"fall": 0.5}}, "breathing.fall from 0 to 0.1, got 0.5"),
        ({"sickness": {"most": 15}}, "sickness.most from 1 to 10, got 15"),
    ],
)
def test_rules_cannot_be_loosened_past_their_sources(table: dict, says: str) -> None:
    assert any(says in text for text in mistakes({**LEAST, **table}))


def test_a_clinics_defaults_are_those_of_the_science() -> None:
    graded = load("graded_exposure")
    assert graded.advance == "confirm" and graded.people and graded.ratings.required
    assert graded.limits == Limits()
    assert graded.exposure.recover_s == 60.0 and graded.exposure.plateau_s == 600.0


def test_the_demonstration_is_for_no_person_and_under_the_same_bounds() -> None:
    demo = load("demo")
    assert not demo.people and demo.advance == "auto"
    assert demo.phases.quiet_s == 8.0 and demo.limits.dwell_s >= 8.0
    assert demo.limits.rise_per_s == 0.05


def test_calm_needs_no_rating() -> None:
    calm = load("calm")
    assert calm.ratings.text == "" and calm.phases.quiet_s == 120.0


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('title = "Mine"\nscene = "heights"\ncontroller = "exposure"\n')
    assert load(file).name == "mine" and load(str(file)).limits == Limits()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("grade_exposure", "Expected a protocol of the library .*graded_exposure.*check the name"),
        ("nowhere/x.toml", "Expected a protocol file, got .*x.toml.*check the path"),
    ],
)
def test_what_is_not_there_is_told(name: str, says: str) -> None:
    with pytest.raises(BadProtocol, match=says):
        load(name)


@pytest.mark.parametrize("content", [b"title = ", b"\xff\xfe\x00"])
def test_what_is_no_toml_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.toml"
    file.write_bytes(content)
    with pytest.raises(BadProtocol, match=r"Expected TOML in broken\.toml, got .*: correct it"):
        load(file)


def test_all_mistakes_of_a_file_come_together() -> None:
    found = mistakes(
        {
            "title": 5,
            "controller": "hypnosis",
            "advance": "always",
            "sensors": ["heart", "nose"],
            "colour": "red",
            "limits": {"rise_per_s": 0.2, "sped": 1.0},
            "phases": {"quiet_s": 10000},
            "exposure": {"first_level": 1.5, "trim": "yes"},
            "ratings": 3,
        }
    )
    text = "\n".join(found)
    for part in (
        "title to be a text, got 5", "key 'scene', got none", "'hypnosis'", "'always'", "'nose'",
        "'colour'", "rise_per_s from 0 to 0.05, got 0.2", "limits.sped", "phases.quiet_s",
        "first_level to be a whole number, got 1.5", "trim to be true or false, got 'yes'",
        "a table [ratings], got 3",
    ):  # fmt: skip
        assert part in text
    assert all(line.startswith("file: ") and line.count(":") >= 2 for line in found)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"limits": {"window_low": 0.6, "window_high": 0.6}}, "move them apart"),
        ({"limits": {"dwell_s": 10}}, "dwell_s from 30 to 900, got 10"),
        ({"limits": {"session_s": 60}}, "at most session_s (60 s) together, got 1800 s"),
        ({"phases": {"quiet_s": 8}}, "at least 60 s with a person, got 8 s"),
        ({"sensors": []}, "got none: name at least one"),
        ({"sensors": "heart"}, "a list of texts, got 'heart'"),
        ({"people": "no"}, "people to be true or false"),
        ({"cues": "all"}, "cues to be one of none, scene, vetted, got 'all'"),
        ({"cues": "scene", "controller": "relaxation"}, "leave cues out"),
        ({"limits": {"ceiling": True}}, "limits.ceiling to be a number, got True"),
    ],
)
def test_what_cannot_be_is_refused_with_its_number(table: dict, says: str) -> None:
    found = mistakes({**LEAST, **table})
    assert len(found) == 1 and says in found[0]


def test_short_times_are_allowed_without_a_person() -> None:
    table = {**LEAST, "people": False, "limits": {"dwell_s": 8}, "phases": {"quiet_s": 8}}
    assert parse(table, "file").limits.dwell_s == 8.0
