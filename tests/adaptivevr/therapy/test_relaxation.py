"""A relaxing session: load only goes down, the scene grows calm with the body."""

from dataclasses import replace
from itertools import pairwise

import pytest

from adaptivevr.command import Step, TooMuch
from adaptivevr.limits import Limits
from adaptivevr.modes import Mode
from adaptivevr.therapy.intent import Intent, Why
from adaptivevr.therapy.protocol import Calm, Phases, load
from adaptivevr.therapy.relaxation import Relaxation, pacer
from adaptivevr.therapy.view import View

CALM = load("calm")


class Session:
    """A relaxation whose wishes are granted at 0.05/s up and down, four ticks a second."""

    def __init__(self) -> None:
        self.controller = Relaxation(CALM)
        self.now_s = 0.0
        self.view = View(
            arousal=0.1, sd=0.1, levels=(0.0, 0.2, 0.4, 0.6), limits=Limits(), mode=Mode.AUTO,
            ambient=("mist", "waves"),
        )  # fmt: skip
        self.loads: list[float] = []

    def wait(self, seconds: float, **view: object) -> Intent:
        self.view = replace(self.view, **view)  # type: ignore[arg-type]
        for _ in range(max(1, int(seconds * 4))):
            intent = self.controller.update(self.now_s, self.view)
            here = self.view.intensity
            move = min(max(intent.intensity - here, -0.0125), 0.0125)
            self.view = replace(self.view, intensity=here + move, commands=())
            self.loads.append(intent.intensity)
            self.now_s += 0.25
        return intent


def calming() -> Session:
    session = Session()
    session.wait(120.0)
    session.wait(12.0)
    return session


def test_quiet_then_a_gentle_load_then_only_down() -> None:
    session = Session()
    assert session.controller.update(0.0, replace(session.view, rest=True)).reason is Why.WAITING
    assert session.wait(119.0).reason is Why.QUIET and session.view.intensity == 0.0
    intent = session.wait(3.0)
    assert intent.reason is Why.RAMP and intent.intensity == 0.4
    session.wait(20.0)
    begin = len(session.loads)
    intent = session.wait(240.0)
    assert intent.reason is Why.CALMING and intent.intensity == pytest.approx(0.2, abs=0.03)
    later = session.loads[begin:]
    assert all(b <= a + 1e-12 for a, b in pairwise(later))
    assert session.wait(260.0).intensity == 0.0


def test_the_scene_grows_calm_with_the_body_and_slowly() -> None:
    session = calming()
    start = dict(session.wait(0.25).ambient)["mist"]
    assert dict(session.wait(1.0, arousal=0.9).ambient)["mist"] > 0.5 * start  # tau 3 s
    assert dict(session.wait(20.0).ambient)["mist"] < 0.01
    assert dict(session.wait(20.0, arousal=0.0).ambient)["waves"] > 0.85


def test_unknown_arousal_holds_the_scene_and_starts_no_load() -> None:
    session = Session()
    session.wait(119.0)
    assert session.wait(60.0, arousal=None).reason is Why.UNSURE
    assert session.view.intensity == 0.0
    session.wait(1.0, arousal=0.1)
    assert session.wait(1.0, arousal=None).reason is Why.UNSURE
    before = session.view.intensity
    session.wait(30.0)
    assert session.view.intensity <= before


def test_once_begun_it_goes_down_even_without_sensors() -> None:
    session = calming()
    before = session.view.intensity
    assert session.wait(60.0, arousal=None).intensity < before - 0.03


def test_rising_arousal_takes_load_off_faster() -> None:
    calm, tense = calming(), calming()
    calm.wait(120.0, arousal=0.1)
    assert tense.wait(120.0, arousal=0.4).reason is Why.SUPPORT
    assert tense.view.intensity < calm.view.intensity - 0.05


def test_too_much_halves_it_and_a_step_down_is_a_level() -> None:
    session = calming()
    word = TooMuch(id="1", who="patient", at_s=0.0)
    assert session.wait(0.25, commands=(word,)).reason is Why.TOO_MUCH
    assert session.wait(20.0).intensity <= 0.2
    session = calming()
    session.wait(0.25, commands=(Step(id="1", who="clinician", at_s=0.0, by=-1),))
    assert session.wait(20.0).intensity <= 0.2


def test_a_load_that_was_not_let_in_is_not_asked_for_for_ever() -> None:
    session = Session()
    session.wait(120.0)
    for _ in range(4 * 100):
        session.wait(0.25, intensity=0.05)
    assert session.controller.phase == "descend" and session.loads[-1] < 0.08


def test_a_pacer_at_six_a_minute_ends_with_the_session() -> None:
    session = calming()
    shown = session.wait(1.0).pacer
    assert shown is not None and (shown.in_s, shown.out_s) == (4.0, 6.0)
    assert shown == session.wait(5.0).pacer  # the same one, or its phase would jump
    end = session.wait(900.0)
    assert end.phase == "cooldown" and end.pacer is None and end.intensity == 0.0
    assert session.wait(70.0).phase == "end"
    assert pacer(0.0, Calm(breaths_per_min=0.0)) is None


def test_words_come_with_a_phase_and_go() -> None:
    session = Session()
    prompt = session.wait(1.0).prompt
    assert prompt is not None and prompt.text == CALM.prompts.quiet
    assert session.wait(30.0).prompt is None
    assert CALM.phases == Phases(120.0, 900.0, 60.0)
