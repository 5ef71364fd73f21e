"""Home rules: nothing above what was passed with a clinician, nothing that needs one beside."""

import re
from dataclasses import replace

import pytest

from adaptivevr.config import Config
from adaptivevr.errors import Refused
from adaptivevr.house import House, house_of
from adaptivevr.therapy.protocol import load

PROTOCOL = load("graded_exposure")
HOME = Config(place="home", home=(("calm", 2), ("graded_exposure", 3)))


def test_a_clinic_has_no_rules_of_a_home() -> None:
    assert house_of(Config(), PROTOCOL) == House(False, None, False)
    assert house_of(Config(fallback="rest"), PROTOCOL).falls_to_rest
    assert house_of(Config(), replace(PROTOCOL, supervised=True)) == House()


def test_at_home_the_level_passed_with_a_clinician_is_the_highest() -> None:
    assert house_of(HOME, PROTOCOL) == House(True, 3, True)


@pytest.mark.parametrize(
    ("protocol", "sentence"),
    [
        (replace(PROTOCOL, supervised=True), "Expected a clinician beside the patient"),
        (replace(PROTOCOL, name="demo"), "Expected demo under [home]"),
    ],
)
def test_what_is_not_allowed_at_home_is_refused(protocol, sentence: str) -> None:
    with pytest.raises(Refused, match=re.escape(sentence)):
        house_of(HOME, protocol)
