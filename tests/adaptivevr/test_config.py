"""One configuration file; everything wrong with it told at once."""

from pathlib import Path

import pytest

from adaptivevr import config as configs
from adaptivevr.config import Broker, Config, load, record_path
from adaptivevr.errors import BadConfig


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> list[str]:
    with pytest.raises(BadConfig) as mistake:
        load(written(folder, text))
    return str(mistake.value).splitlines()


def test_without_a_file_the_defaults_with_the_command_line_on_top() -> None:
    assert load(None) == Config()
    assert load(None, patient="ada", port=None).patient == "ada"
    assert load(None, patient="ada", port=None).port is None


def test_a_whole_file(tmp_path: Path) -> None:
    text = """
        patient = "ada"
        place = "home"
        age_years = 34
        medication = ["beta_blocker"]
        use = ["ecg=strap"]
        port = 9000
        fallback = "rest"
        [home]
        graded_exposure = 3
        calm = 2
        [broker]
        host = "lamp.local"
        tls = true
    """
    config = load(written(tmp_path, text), port=9001)
    assert (config.patient, config.place, config.age_years, config.port) == (
        "ada",
        "home",
        34,
        9001,
    )
    assert config.medication == ("beta_blocker",) and config.use == ("ecg=strap",)
    assert config.broker == Broker(host="lamp.local", tls=True)
    assert config.home == (("calm", 2), ("graded_exposure", 3)) and config.fallback == "rest"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mood = 1", "mood"),
        ("fallback = 'up'", "fallback to be level or rest, but it is 'up'"),
        ("home = 3", "a table [home], but it is 3"),
        ("[home]\ncalm = 21", "home.calm to be the highest level passed"),
        ("[home]\ncalm = true", "0 to 20, but it is True"),
        ("patient = 3", "patient to be a text, but it is 3"),
        ("tick_hz = true", "tick_hz to be a number, but it is True"),
        ("port = 1.5", "port to be a whole number, but it is 1.5"),
        ("use = 'ecg'", "a list of texts"),
        ("use = [1]", "a list of texts"),
        ("tick_hz = 0.5", "from 1 to 100, but it is 0.5"),
        ("tick_hz = nan", "nan"),
        ("age_years = 3", "from 5 to 120, but it is 3"),
        ("port = 70000", "0 to 65535, but it is 70000"),
        ("place = 'moon'", "'moon'"),
        ("medication = ['tea']", "'tea'"),
        ("broker = 5", "[broker]"),
        ("[broker]\nport = 'x'", "broker.port"),
        ("not [ toml", "config.toml"),
    ],
)
def test_a_mistake_is_told_with_what_was_expected(tmp_path: Path, text: str, told: str) -> None:
    (line,) = refused(tmp_path, text)
    assert line.startswith("Expected") and told in line


def test_all_mistakes_come_together(tmp_path: Path) -> None:
    lines = refused(tmp_path, "mood = 1\npatient = 3\nport = 'x'\n[broker]\nhost = 1\n")
    assert len(lines) == 4
    assert len(refused(tmp_path, "place = 'moon'\ntick_hz = 500\nport = 70000\n")) == 3


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match=r"none\.toml"):
        load(tmp_path / "none.toml")


def test_records_have_plain_names_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(configs, "data_folder", lambda: tmp_path)
    monkeypatch.setattr(configs, "wall_text", lambda: "2026-01-31T12-00-00")
    first = record_path("../Ada Ö/x")
    assert first.parent == tmp_path / "recordings" and first.parent.is_dir()
    assert first.name == "___Ada_Ö_x-2026-01-31T12-00-00.xdf"
    first.touch()
    assert record_path("../Ada Ö/x").name.endswith("-2.xdf")
