"""A stored calibration is done anew for a reason that people are told."""

from dataclasses import replace

import pytest

from calibration.baseline import Baseline, Reference
from calibration.redo import reasons, shifts
from calibration.store import Stored

DAY_S = 86400.0
HEART = Reference("heart_rate", "bpm", 60.0, 15.0, 3.0, 300, offset_sd=1.0)
SKIN = Reference("ln_scl", "ln uS", 1.0, 0.35, 0.1, 300, offset_sd=0.02, stream="hand")
DEVICES = ("ecg:strap", "eda:hand")
MADE = Baseline("a", "ada", (HEART, SKIN), devices=DEVICES, medication=("beta_blocker",))


def why(days: float = 1.0, devices: tuple[str, ...] = DEVICES,
        medication: tuple[str, ...] = ("beta_blocker",)) -> str:  # fmt: skip
    return " ".join(reasons(Stored(MADE, 0.0), days * DAY_S, devices, medication))


def test_nothing_changed_and_nothing_is_due() -> None:
    assert why(29.0) == ""
    assert why(devices=("ecg:strap",)) == ""  # the skin sensor stayed at home
    assert why(devices=(*DEVICES, "eeg:cap")) == ""  # one more


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (why(31.0), ("30 days", "31 days old")),
        (why(devices=("ecg:strap", "eda:wrist")), ("hand", "wrist", "eda")),
        (why(medication=()), ("beta_blocker", "today it is none")),
    ],
)
def test_each_reason_says_what_was_and_what_is(text: str, words: tuple[str, ...]) -> None:
    assert all(word in text for word in words), text


def test_all_reasons_are_told_together() -> None:
    assert why(40.0, ("eda:wrist",), ()).count("a full one is done today") == 3


def moved(heart: float = 0.0, skin: float = 0.0, **facts: object) -> tuple[str, ...]:
    today = (
        replace(HEART, offset=60.0 + heart),
        replace(SKIN, offset=1.0 + skin, **facts),  # type: ignore[arg-type]
    )
    return shifts(MADE, Baseline("b", "ada", today))


def test_an_ordinary_day_is_no_shift() -> None:
    assert moved(heart=12.0, skin=0.9) == ()


def test_a_shift_is_named_with_its_size() -> None:
    (text,) = moved(heart=-20.0)
    assert "Heart rate at rest" in text and "4.0 away" in text
    (text,) = moved(skin=1.4)
    assert "Skin conductance" in text


def test_what_cannot_be_compared_is_not() -> None:
    assert moved(skin=2.0, stream="wrist") == ()
    assert shifts(MADE, Baseline("b", "ada", (replace(HEART, offset=None),))) == ()
    alpha = Reference("ln_alpha", "ln uV^2", 2.0, -0.4, 0.3)
    old, new = Baseline("a", "p", (alpha,)), Baseline("b", "p", (replace(alpha, offset=9.0),))
    assert shifts(old, new) == ()  # electrodes and the personal band differ by the day
