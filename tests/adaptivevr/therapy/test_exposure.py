"""Graded exposure: one test per sentence that a clinician would say about it."""

from dataclasses import replace

import pytest

from adaptivevr.command import Command, Confirm, Rate, Step, TooMuch
from adaptivevr.limits import Limits
from adaptivevr.modes import Mode
from adaptivevr.therapy.exposure import Exposure
from adaptivevr.therapy.intent import Intent, Why
from adaptivevr.therapy.protocol import Exposure as Rules
from adaptivevr.therapy.protocol import Protocol, load
from adaptivevr.therapy.view import View

LEVELS = (0.0, 0.2, 0.4, 0.6, 0.8)
GRADED = replace(load("graded_exposure"), exposure=Rules(trim=False))


class Sitting:
    """A controller whose every wish is granted at 0.05/s, two ticks a second."""

    def __init__(self, protocol: Protocol = GRADED, mode: Mode = Mode.AUTO, **limits: float):
        self.controller = Exposure(protocol)
        self.now_s = 0.0
        self.suds: float | None = 20.0  # None: refuses to answer
        self.view = View(
            arousal=0.3, sd=0.1, levels=LEVELS, limits=Limits(**limits), mode=mode, intensity=0.0
        )
        self.seen: list[Intent] = []
        self.intent = self.tick()

    def tick(self, *commands: Command) -> Intent:
        ask = self.seen[-1].prompt if self.seen else None
        if ask and ask.kind == "rating" and self.suds is not None:
            commands += (Rate(id="r", who="patient", at_s=self.now_s, value=self.suds),)
        self.intent = self.controller.update(self.now_s, replace(self.view, commands=commands))
        self.seen.append(self.intent)
        here = self.view.intensity
        move = min(max(self.intent.intensity - here, -0.025), 0.025)
        self.view = replace(self.view, intensity=here + move)
        self.now_s += 0.5
        return self.intent

    def wait(self, seconds: float, arousal: float | None = 0.3) -> Intent:
        self.view = replace(self.view, arousal=arousal)
        for _ in range(int(seconds * 2)):
            self.tick()
        return self.intent

    def until(self, level: int, arousal: float | None = 0.3, within_s: float = 400.0) -> "Sitting":
        """Go on until it holds on a level."""
        self.view = replace(self.view, arousal=arousal)
        end_s = self.now_s + within_s
        while (self.intent.level, self.intent.phase) != (level, "hold"):
            assert self.now_s < end_s, f"still {self.intent}"
            self.tick()
        return self

    def say(self, kind: type[Command], who: str = "clinician", **more: object) -> Intent:
        return self.tick(kind(id="1", who=who, at_s=self.now_s, **more))


def test_waits_before_the_start_then_is_quiet() -> None:
    sitting = Sitting()
    waiting = Exposure(GRADED).update(0.0, replace(sitting.view, rest=True))
    assert (waiting.reason, waiting.intensity) == (Why.WAITING, 0.0)
    assert sitting.intent.reason is Why.QUIET and sitting.intent.number == 120.0
    assert sitting.intent.prompt is not None and sitting.intent.prompt.kind == "info"
    assert sitting.wait(119.0).reason is Why.QUIET


@pytest.mark.parametrize("missing", [{"arousal": None}, {"ready": False}, {"mode": Mode.FREEZE}])
def test_the_quiet_phase_ends_only_with_a_baseline_and_arousal(missing: dict) -> None:
    sitting = Sitting()
    sitting.view = replace(sitting.view, **missing)
    for _ in range(600):
        sitting.tick()
    assert sitting.intent.reason is Why.UNSURE and sitting.intent.intensity == 0.0


def test_goes_up_when_fear_has_come_down() -> None:
    sitting = Sitting().until(1)
    sitting.suds = 60.0
    sitting.wait(60.0, arousal=0.7)
    assert sitting.intent.reason is Why.HIGH and sitting.intent.number == 0.7
    sitting.suds = 30.0
    sitting.wait(40.0, arousal=0.3)
    assert sitting.intent.reason is Why.HOLD and sitting.intent.level == 1  # 120 s not over
    sitting.wait(40.0, arousal=0.3)
    assert Why.HABITUATED in {i.reason for i in sitting.seen} and sitting.intent.level == 2


def test_leaves_an_easy_level_early() -> None:
    sitting = Sitting().until(1, arousal=0.1)
    sitting.wait(44.0, arousal=0.1)
    assert sitting.intent.level == 1
    sitting.wait(3.0, arousal=0.1)
    assert sitting.intent.level == 2 and Why.TOO_EASY in {i.reason for i in sitting.seen}


def test_a_level_that_is_still_rising_is_not_easy() -> None:
    sitting = Sitting(replace(GRADED, exposure=Rules(easy_after_s=5.0, mean_s=5.0))).until(1, 0.05)
    for step in range(30):
        sitting.wait(0.5, arousal=0.05 + 0.0125 * step)
    assert sitting.intent.level == 1


def test_a_patient_who_says_it_is_hard_is_believed() -> None:
    sitting = Sitting().until(1, arousal=0.1)
    sitting.suds = 70.0
    sitting.wait(400.0, arousal=0.1)
    assert sitting.intent.level == 1


def test_without_answers_it_asks_a_person() -> None:
    sitting = Sitting()
    sitting.suds = None
    sitting.until(1, arousal=0.1).wait(180.0, arousal=0.1)
    assert sitting.intent.level == 1 and sitting.intent.reason is Why.SILENT
    assert sitting.intent.proposal == "advance:2"
    assert sitting.say(Confirm, proposal="advance:2").level == 2


def test_in_confirm_each_step_up_waits_for_a_yes() -> None:
    sitting = Sitting(mode=Mode.CONFIRM).until(1, arousal=0.1)
    sitting.wait(200.0, arousal=0.1)
    assert (sitting.intent.reason, sitting.intent.proposal) == (Why.ASK, "advance:2")
    assert sitting.say(Confirm, proposal="advance:2", who="patient").level == 1
    assert sitting.say(Confirm, proposal="advance:3").level == 1
    assert sitting.say(Confirm, proposal="advance:2", yes=False).proposal is None
    assert sitting.wait(100.0, arousal=0.1).proposal is None  # asked again after a dwell
    assert sitting.wait(30.0, arousal=0.1).proposal == "advance:2"
    assert sitting.say(Confirm, proposal="advance:2").level == 2


def test_inside_the_window_it_holds_and_does_not_ease_off() -> None:
    sitting = Sitting().until(2, within_s=600.0)
    assert sitting.wait(300.0, arousal=0.8).level == 2
    assert sitting.view.intensity == pytest.approx(0.4)


def test_above_the_ceiling_for_10_s_it_retreats_recovers_and_comes_back() -> None:
    sitting = Sitting().until(2, within_s=600.0)
    assert sitting.wait(9.5, arousal=0.9).level == 2
    sitting.wait(1.5, arousal=0.9)
    assert sitting.intent.level == 1 and sitting.intent.phase == "recover"
    sitting.wait(50.0, arousal=0.3)
    assert sitting.intent.phase == "recover"
    assert sitting.until(2, within_s=400.0).intent.level == 2


def test_unrest_keeps_it_in_recovery() -> None:
    sitting = Sitting().until(2, within_s=600.0)
    sitting.wait(11.0, arousal=0.9)
    assert sitting.wait(200.0, arousal=0.55).phase == "recover"


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ((TooMuch, {"who": "patient"}), Why.TOO_MUCH),
        ((Rate, {"who": "patient", "value": 90.0}), Why.RETREAT),
    ],
)
def test_a_patients_word_is_enough(word: tuple, why: Why) -> None:
    sitting = Sitting().until(2, within_s=600.0)
    kind, more = word
    intent = sitting.say(kind, **more)
    assert (intent.reason, intent.level, intent.intensity) == (why, 1, 0.2)


def test_a_low_rating_on_another_scale_is_no_retreat() -> None:
    sitting = Sitting().until(2, within_s=600.0)
    assert sitting.say(Rate, who="patient", value=95.0, scale="pain").level == 2
    assert sitting.say(Rate, who="patient", value=None).level == 2


def test_in_a_ramp_it_retreats_from_what_is_shown() -> None:
    sitting = Sitting().until(3, within_s=900.0)
    sitting.view = replace(sitting.view, intensity=0.3)  # on the way between 1 and 2
    assert sitting.say(TooMuch, who="patient").level == 1


def test_a_long_press_is_one_too_much() -> None:
    sitting = Sitting().until(3, within_s=900.0)
    for _ in range(4):
        sitting.say(TooMuch, who="patient")
    assert sitting.intent.level == 2


def test_two_retreats_close_a_level_and_three_give_up() -> None:
    sitting = Sitting().until(2, within_s=600.0)
    sitting.say(TooMuch, who="patient")
    sitting.until(2)
    sitting.say(TooMuch, who="patient")
    sitting.until(1)
    sitting.wait(100.0)
    assert sitting.intent.level == 1 and Why.TOP in {i.reason for i in sitting.seen}
    assert sitting.say(TooMuch, who="patient").gives_up


def test_a_plateau_is_a_persons_to_solve() -> None:
    sitting = Sitting().until(1)
    sitting.suds = 60.0
    intent = sitting.wait(650.0, arousal=0.5)
    assert (intent.reason, intent.proposal, intent.level) == (Why.PLATEAU, "advance:2", 1)


def test_a_demonstration_goes_on_after_a_plateau() -> None:
    sitting = Sitting(replace(GRADED, exposure=Rules(go_on=True, plateau_s=60.0))).until(1)
    assert sitting.wait(90.0, arousal=0.5).level >= 2


def test_arousal_unknown_never_raises_the_wish() -> None:
    sitting = Sitting().until(1)
    intent = sitting.wait(200.0, arousal=None)
    assert intent.reason is Why.UNSURE and intent.level == 1
    sitting.say(Step, by=1)
    assert sitting.wait(30.0, arousal=None).intensity <= 0.25


def test_the_ceiling_and_the_cap_are_the_top() -> None:
    for limit in ({"ceiling": 0.45}, {"level_cap": 2.0}):
        sitting = Sitting(**limit).until(2, within_s=600.0)
        assert sitting.wait(400.0).level == 2 and sitting.intent.reason is Why.TOP


def test_a_clinicians_step_counts_at_once() -> None:
    sitting = Sitting().until(1)
    assert sitting.say(Step, by=2).level == 3
    assert sitting.say(Step, by=-9).level == 0
    assert sitting.say(Step, by=1, who="patient").level == 0


def test_it_follows_a_hand_and_begins_from_what_is_shown() -> None:
    sitting = Sitting().until(3, within_s=900.0)
    sitting.view = replace(sitting.view, mode=Mode.MANUAL, intensity=0.5)
    assert sitting.tick().reason is Why.HANDS_OFF and sitting.intent.level == 2
    sitting.view = replace(sitting.view, mode=Mode.AUTO)
    assert sitting.tick().level == 2 and sitting.intent.intensity == 0.4


def test_after_a_pause_it_goes_back_to_its_level() -> None:
    sitting = Sitting().until(3, within_s=900.0)
    sitting.view = replace(sitting.view, rest=True, intensity=0.0)
    assert sitting.tick().intensity == 0.0
    sitting.view = replace(sitting.view, rest=False)
    assert sitting.tick().level == 3 and sitting.until(3).view.intensity >= 0.58


def test_frozen_it_keeps_its_place_and_may_still_retreat() -> None:
    sitting = Sitting().until(2, within_s=600.0)
    sitting.view = replace(sitting.view, mode=Mode.FREEZE)
    assert sitting.wait(300.0).level == 2
    assert sitting.say(TooMuch, who="patient").level == 1


def test_what_the_guard_holds_back_for_long_is_given_up() -> None:
    sitting = Sitting().until(2, within_s=600.0)
    sitting.say(Step, by=1)
    for _ in range(2 * 165):
        sitting.view = replace(sitting.view, intensity=0.4)
        sitting.tick()
    assert sitting.intent.level == 2 and sitting.intent.phase == "hold"


def test_trims_stay_small_and_go_down_faster_than_up() -> None:
    sitting = Sitting(replace(GRADED, exposure=Rules(trim=True))).until(2, within_s=600.0)
    sitting.suds = 60.0  # no advance, and within the window
    assert 0.4 < sitting.wait(100.0, arousal=0.2).intensity <= 0.4 + 0.125
    assert sitting.wait(200.0, arousal=0.84).intensity == pytest.approx(0.4 - 0.125)


def test_a_high_rating_trims_as_arousal_does_while_it_is_new() -> None:
    trimmed = replace(GRADED, exposure=Rules(trim=True))
    usual, told = Sitting(trimmed), Sitting(trimmed)
    for sitting in (usual, told):
        sitting.until(2, within_s=600.0).wait(130.0, arousal=0.5)  # asked once on this level
    told.suds = 80.0
    for sitting in (usual, told):
        sitting.seen.clear()
        sitting.wait(120.0, arousal=0.5)  # asked once more
    assert min(i.intensity for i in usual.seen) == pytest.approx(0.4)
    # 0.03 * (0.80 - 0.65) each second, for a minute or down to half a level
    assert min(i.intensity for i in told.seen) == pytest.approx(0.4 - 0.125)
    high = [i for i in told.seen if i.reason is Why.RATED_HIGH]
    assert {i.number for i in high} == {80.0} and len(high) == pytest.approx(2 * 60, abs=2)


def test_a_level_that_was_eased_is_met_in_full_before_the_next() -> None:
    sitting = Sitting(replace(GRADED, exposure=Rules(trim=True))).until(2, within_s=600.0)
    sitting.wait(60.0, arousal=0.84)
    eased = sitting.intent.intensity
    assert eased < LEVELS[2] - 0.05
    sitting.until(3, arousal=0.3, within_s=900.0)
    shown = [i.intensity for i in sitting.seen if i.level == 2]
    assert shown[-1] == pytest.approx(LEVELS[2], abs=0.02)  # the level itself, not the eased one
    phases = [i.phase for i in sitting.seen if i.level == 2]
    assert "ramp" in phases[phases.index("hold") :]


def test_in_confirm_it_trims_down_only() -> None:
    sitting = Sitting(replace(GRADED, exposure=Rules(trim=True)), Mode.CONFIRM).until(1)
    assert sitting.wait(100.0, arousal=0.2).intensity == pytest.approx(0.2)


def test_the_end_is_calm() -> None:
    sitting = Sitting().until(3, within_s=900.0)
    sitting.suds = 80.0
    while sitting.intent.phase != "cooldown":
        sitting.wait(1.0, arousal=0.5)
    assert sitting.now_s == pytest.approx(120.0 + 1500.0, abs=2.0)
    assert sitting.intent.reason is Why.REST and sitting.intent.level == 2
    assert sitting.wait(185.0).level == 0  # the last minute at rest
    assert sitting.wait(60.0).phase == "end" and sitting.view.intensity == 0.0
