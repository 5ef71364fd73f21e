"""The fit check names the sensor, the channel and the reason, and nothing that is good."""

import pytest

from calibration.fit import Fit
from sensors.feature import Feature, Status

UNITS = {"heart_rate_fast": "bpm", "phasic": "uS", "ln_alpha": "ln uV^2", "breath": "relative"}


def sit(fit: Fit, seconds: float, name: str, stream: str, **facts: object) -> None:
    """One reading a second up to `seconds`."""
    for second in range(1, round(seconds) + 1):
        known = {"value": 1.0, "quality": 0.9, **facts}
        value = known.pop("value")
        made = Feature(name, value, UNITS.get(name, ""), second - 0.2, stream, second, **known)  # type: ignore[arg-type]
        fit.update(float(second), [made])


def test_good_sensors_have_nothing_said_about_them() -> None:
    fit = Fit()
    for name in UNITS:
        sit(fit, 60.0, name, name)
    assert fit.findings() == ()


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("heart_rate_fast", Status.NOISY, ("heart sensor (belt)", "noisy", "wet or press")),
        ("phasic", Status.DETACHED, ("skin sensor (belt)", "off the skin", "press the skin")),
        ("phasic", Status.FLAT, ("skin sensor (belt)", "flat", "press the skin")),
        ("ln_alpha", Status.CLIPPED, ("EEG (belt)", "cut off", "relax the jaw")),
        ("breath", Status.GAP, ("breathing belt (belt)", "holes", "tighten")),
    ],
)
def test_each_kind_of_trouble_has_its_words(
    name: str, status: Status, words: tuple[str, ...]
) -> None:
    fit = Fit()
    sit(fit, 60.0, name, "belt", quality=0.1, status=status)
    (text,) = fit.findings()
    assert all(word in text for word in words), text
    assert "it was 0%" in text and text.endswith(".")


def test_what_is_long_past_is_forgiven() -> None:
    fit = Fit()
    sit(fit, 30.0, "phasic", "hand", quality=0.0, status=Status.NOISY)
    for second in range(31, 60):
        fit.update(float(second), [Feature("phasic", 0.1, "uS", second - 0.2, "hand", second)])
    assert fit.findings() == ()


def test_a_sensor_that_fell_silent_is_named_with_the_time() -> None:
    fit = Fit()
    sit(fit, 30.0, "phasic", "hand")
    for second in range(31, 46):
        fit.update(float(second), [Feature("ln_alpha", 1.0, "", second - 0.2, "cap", second)])
    (text,) = fit.findings()
    assert "(hand)" in text and "nothing came for 15 s" in text


def test_no_sensor_at_all_is_said() -> None:
    assert "none sends" in Fit().findings()[0]


def contacts(fit: Fit, shares: dict[str, float]) -> None:
    for second in range(1, 31):
        at_s = second - 0.2
        made = [Feature("ln_alpha", 1.0, "", at_s, "cap", second)]
        made += [
            Feature(f"contact.{name}", share, "", at_s, "cap", second)
            for name, share in shares.items()
        ]
        fit.update(float(second), made)


def test_a_loose_eeg_electrode_is_named_even_when_the_others_do() -> None:
    fit = Fit()
    contacts(fit, {"Fp1": 1.0, "O1": 0.9, "O2": 0.1})
    (text,) = fit.findings()
    assert "O2 (10%)" in text and "O1" not in text and "cap" in text


def test_of_many_electrodes_a_few_may_be_loose() -> None:
    names = {f"E{i}": 1.0 for i in range(20)}
    few, many = Fit(), Fit()
    contacts(few, {**names, "E3": 0.0, "E4": 0.0, "E5": 0.0, "E6": 0.0})
    assert few.findings() == ()
    contacts(many, {**names, **{f"E{i}": 0.0 for i in range(5)}})
    assert "E0 (0%)" in many.findings()[0]
