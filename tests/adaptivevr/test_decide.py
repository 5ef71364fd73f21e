"""One tick decided: limits, modes, controller, guard in order, closed with a small patient."""

import math
from dataclasses import dataclass, field, replace

import pytest

from adaptivevr.arousal import Arousal, Part
from adaptivevr.command import (
    Command,
    Confirm,
    Manual,
    Prompt,
    Rate,
    Resume,
    SetLimit,
    Start,
    Stop,
    TooMuch,
)
from adaptivevr.course import Body, Course, Verdict, quality
from adaptivevr.evidence import State
from adaptivevr.guard import Ruling
from adaptivevr.house import House
from adaptivevr.limits import Limits
from adaptivevr.modes import Cause, Mode
from adaptivevr.therapy.intent import Why
from adaptivevr.therapy.protocol import load
from tests.adaptivevr.therapy.patients import Fearful, known

HEIGHTS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0)
BEACH = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
RATES = {"mist": None, "waves": 0.1}


@dataclass
class Room:
    """A course and a patient, ticking; whatever `body` is set to replaces what the sensors say."""

    name: str = "demo"
    patient: Fearful = field(default_factory=Fearful)
    hz: int = 10
    body: Body | None = None
    outer: Limits | None = None
    house: House | None = None

    def __post_init__(self) -> None:
        protocol = load(self.name)
        levels = BEACH if self.name == "calm" else HEIGHTS
        self.course = Course(protocol, levels, RATES, self.outer, house=self.house)
        self.ticks = 0
        self.asked: str | None = None
        self.answer_s = math.inf
        self.verdicts: list[Verdict] = []
        self.tick(Start(id="0", who="clinician", at_s=0.0))

    @property
    def now_s(self) -> float:
        return self.ticks / self.hz

    def tick(self, *commands: Command) -> Verdict:
        if self.now_s >= self.answer_s:
            self.answer_s = math.inf
            rate = Rate(id="r", who="patient", at_s=self.now_s, value=self.patient.suds())
            commands = (*commands, rate)
        body = self.patient.body() if self.body is None else self.body
        verdict = self.course.update(self.now_s, body, commands)
        prompt = verdict.intent.prompt
        if prompt and prompt.kind == "rating" and prompt.id != self.asked:
            self.asked, self.answer_s = prompt.id, self.now_s + 5.0
        self.verdicts.append(verdict)
        self.patient.step(1.0 / self.hz, verdict.decision.intensity)
        self.ticks += 1
        return verdict

    def wait(self, seconds: float) -> Verdict:
        for _ in range(int(seconds * self.hz)):
            self.tick()
        return self.verdicts[-1]

    def say(self, kind: type[Command], who: str = "clinician", **more: object) -> Verdict:
        return self.tick(kind(id="1", who=who, at_s=self.now_s, **more))

    @property
    def intensities(self) -> list[float]:
        return [v.decision.intensity for v in self.verdicts]

    @property
    def mean(self) -> float:
        return sum(self.intensities) / len(self.intensities)

    def rises(self) -> int:
        pairs = zip(self.intensities, self.intensities[1:], strict=False)
        return sum(after > before + 1e-12 for before, after in pairs)


def test_the_demonstration_moves_within_a_minute() -> None:
    room = Room()
    room.wait(60.0)
    assert max(room.intensities) - min(room.intensities) >= 0.2
    assert max(room.intensities[: 8 * room.hz]) == 0.0


def test_much_fear_is_met_with_less() -> None:
    calm, afraid = Room(), Room(patient=Fearful(gain=2.2))
    calm.wait(600.0)
    afraid.wait(600.0)
    assert afraid.mean <= calm.mean - 0.1
    assert sum(v.decision.reason is Ruling.BLOCKED for v in afraid.verdicts) >= 1


@pytest.mark.parametrize("name", ["demo", "graded_exposure", "calm"])
def test_without_a_patient_nothing_ever_rises(name: str) -> None:
    room = Room(name, body=Body())
    room.wait(400.0)
    assert max(room.intensities) == 0.0


@pytest.mark.parametrize(
    "broken",
    [
        known(None),
        known(0.2, age_s=9.0),
        known(0.2, sd=0.5),
        known(0.2, quality=0.2),
        known(math.nan),
        known(0.2, sd=math.nan),
        replace(known(0.2), arousal=replace(known(0.2).arousal, relative=True)),
    ],
)
def test_with_a_gate_closed_nothing_rises(broken: Body) -> None:
    room = Room()
    room.wait(20.0)
    assert room.intensities[-1] > 0.0
    room.body, room.verdicts = broken, []
    room.wait(90.0)
    assert room.rises() == 0


def test_calm_starts_gently_without_calibration_and_descends() -> None:
    unknown = known(0.15, sd=0.2)
    room = Room("calm", body=replace(unknown, arousal=replace(unknown.arousal, prior_only=True)))
    room.wait(175.0)
    assert max(room.intensities) == pytest.approx(0.4, abs=0.03)
    assert room.verdicts[-1].standing.mode is Mode.CONFIRM
    room.wait(400.0)
    assert room.intensities[-1] < 0.15
    assert dict(room.verdicts[-1].decision.ambient)["mist"] > 0.6


def test_without_calibration_exposure_asks_and_stays_within_a_level() -> None:
    room = Room()
    low = known(0.05, sd=0.2)
    room.body = replace(low, arousal=replace(low.arousal, prior_only=True))
    room.wait(60.0)
    level = load("demo").first_level
    first, second, asked = HEIGHTS[level], HEIGHTS[level + 1], f"advance:{level + 1}"
    assert room.intensities[-1] == pytest.approx(first) and room.verdicts[-1].proposal == asked
    room.say(Confirm, proposal=asked)
    room.wait(60.0)
    assert room.intensities[-1] == pytest.approx(second)
    assert room.verdicts[-1].intent.reason is Why.TOP


def test_in_a_clinic_nothing_goes_up_without_a_yes() -> None:
    room = Room("graded_exposure")
    room.wait(300.0)
    assert max(room.intensities) == pytest.approx(0.1)
    assert room.verdicts[-1].proposal == "advance:2"
    room.say(Confirm, proposal="advance:2")
    assert room.wait(30.0).decision.intensity == pytest.approx(0.2)


def test_stop_is_immediate_latched_and_left_by_hand() -> None:
    room = Room()
    room.wait(40.0)
    stopped = room.say(Stop, who="patient").decision
    assert stopped.rest and stopped.intensity == 0.0 and stopped.reason is Ruling.STOPPED
    assert room.wait(30.0).decision.rest
    room.say(Resume, who="patient")
    assert room.wait(1.0).decision.rest
    assert not room.say(Resume).decision.rest
    assert room.wait(30.0).decision.intensity == 0.0  # by hand, and the hand says 0
    room.say(Manual, intensity=None)
    assert room.wait(20.0).standing.mode is Mode.AUTO and room.intensities[-1] > 0.0


def test_a_hand_obeys_ceiling_and_pace_and_nothing_else() -> None:
    room = Room(body=known(0.9))
    room.say(SetLimit, name="ceiling", value=0.5)
    room.say(Manual, intensity=0.8)
    verdict = room.wait(30.0)
    assert verdict.decision.intensity == 0.5 and verdict.decision.reason is Ruling.CAPPED
    steps = [b - a for a, b in zip(room.intensities, room.intensities[1:], strict=False)]
    assert max(steps) <= 0.05 / room.hz + 1e-9


def test_too_much_always_wins() -> None:
    room = Room(body=known(0.2))
    room.say(Manual, intensity=0.5)
    room.wait(20.0)
    verdict = room.say(TooMuch, who="patient")
    assert verdict.standing.flag == "too_much" and verdict.decision.intensity < 0.5
    room.say(Manual, intensity=0.9)  # even against the hand
    assert room.wait(20.0).decision.intensity == pytest.approx(0.35)


def test_a_limit_tuned_counts_in_this_tick_and_is_logged() -> None:
    room = Room(body=known(0.2))
    room.say(Manual, intensity=0.5)
    room.wait(20.0)
    verdict = room.say(SetLimit, name="ceiling", value=0.3)
    assert verdict.changes[0].new == 0.3 and verdict.limits.ceiling == 0.3
    assert verdict.decision.reason is Ruling.RETREAT
    assert room.say(SetLimit, name="nothing", value=0.3).changes == ()


def test_a_patients_own_limits_hold() -> None:
    room = Room(body=known(0.05), outer=Limits(ceiling=0.15))
    room.say(SetLimit, name="ceiling", value=1.0)
    room.wait(200.0)
    assert max(room.intensities) <= 0.15


def test_a_loss_ends_as_the_policy_says_and_a_person_brings_it_back() -> None:
    room = Room()
    room.wait(60.0)
    seen = []
    lost_s, shown = room.now_s, room.intensities[-1]
    room.verdicts = []
    while room.now_s - lost_s < 42.0:
        age_s = 3.5 + room.now_s - lost_s
        room.body = known(0.2 if age_s < 8.0 else None, age_s=age_s)
        seen.append(room.tick().standing.mode)
    assert list(dict.fromkeys(seen)) == [Mode.AUTO, Mode.FREEZE, Mode.FALLBACK]
    assert room.rises() == 0 and room.intensities[-1] < shown
    room.body = None
    assert room.wait(15.0).proposal == "resume" and room.rises() == 0
    assert room.say(Confirm, proposal="resume").standing.mode is Mode.AUTO


@pytest.mark.parametrize("hz", [1, 3, 100])
def test_the_course_is_alike_at_any_rate(hz: int) -> None:
    usual, other = Room(body=known(0.2)), Room(body=known(0.2), hz=hz)
    usual.wait(60.0)
    other.wait(60.0)
    assert other.mean == pytest.approx(usual.mean, abs=0.05)
    steps = [b - a for a, b in zip(other.intensities, other.intensities[1:], strict=False)]
    assert max(steps) <= 0.05 / hz + 1e-9


def test_quality_counts_only_what_is_in_use() -> None:
    good = Part("heart_rate", 0.1, 0.6, 0.9, 0.5)
    late = Part("skin_level", 0.1, 0.4, 0.0, 9.0, State.LATE)
    assert quality(Arousal(0.3, 0.1, (good, late))) == pytest.approx(0.9)
    assert quality(Arousal(0.3, 0.1, (late,))) == quality(Arousal(None, 1.0)) == 0.0


# --- the place, the heart's room, and what must be said now


def test_at_home_nothing_goes_above_the_level_passed_with_a_clinician() -> None:
    room = Room(body=known(0.1), house=House(home=True, passed=2, falls_to_rest=True))
    room.wait(400.0)
    assert max(room.intensities) == pytest.approx(HEIGHTS[2])
    room.say(SetLimit, name="level_cap", value=8.0)
    room.say(Manual, intensity=1.0)
    room.wait(60.0)
    assert max(room.intensities) == pytest.approx(HEIGHTS[2])  # by hand neither


def test_at_home_nobody_is_asked_to_confirm() -> None:
    here = Room("graded_exposure", body=known(0.1))
    there = Room("graded_exposure", body=known(0.1), house=House(home=True, passed=3))
    assert here.wait(5.0).standing.mode is Mode.CONFIRM
    assert there.wait(5.0).standing.mode is Mode.AUTO


@pytest.mark.parametrize(
    ("rest_bpm", "ceiling_bpm"), [(None, 144.0), (60.0, 110.0), (35.0, 90.0), (100.0, 144.0)]
)
def test_the_heart_has_room_of_50_above_its_rest(
    rest_bpm: float | None, ceiling_bpm: float
) -> None:
    room = Room(body=replace(known(0.1), resting_bpm=rest_bpm))
    assert room.tick().limits.heart_ceiling_bpm == ceiling_bpm


@pytest.mark.parametrize("name", ["demo", "calm"])
def test_a_rating_closes_its_gate_whatever_the_therapy_listens_to(name: str) -> None:
    room = Room(name, body=known(0.1))
    verdict = room.say(Rate, who="patient", value=95.0)
    assert not dict(verdict.decision.gates)["rating"]
    room.say(Rate, who="patient", value=None)
    room.say(Rate, who="patient", value=400.0)
    verdict = room.say(Rate, who="patient", scale="pain", value=1.0)
    assert not dict(verdict.decision.gates)["rating"]
    assert dict(room.say(Rate, who="patient", value=20.0).decision.gates)["rating"]


def test_who_faints_is_told_what_to_do() -> None:
    room = Room(body=known(0.2))
    room.wait(40.0)
    for beat in range(400):
        room.body = replace(known(0.2), heart_bpm=max(75.0 - 0.3 * beat, 42.0))
        verdict = room.tick()
    assert verdict.standing.mode is Mode.SAFE
    prompt = verdict.intent.prompt
    assert prompt is not None and prompt.kind == "info" and "Lie down" in prompt.text


def test_who_pants_is_given_a_slow_pacer() -> None:
    room = Room(body=replace(known(0.2), breath_per_min=30.0, breath_quality=0.9))
    room.wait(59.0)
    assert room.verdicts[-1].intent.pacer is None
    verdict = room.wait(3.0)
    pacer, prompt = verdict.intent.pacer, verdict.intent.prompt
    assert pacer is not None and pacer.in_s + pacer.out_s == pytest.approx(6.0)
    assert prompt is not None and "slowly" in prompt.text
    assert room.wait(10.0).intent.pacer == pacer  # one pacer, not a new one each tick
    assert not dict(verdict.decision.gates)["no_flags"]
    room.body = known(0.2)
    assert room.wait(15.0).intent.pacer is None


def test_a_check_in_is_shown_and_ends_it_when_nobody_answers() -> None:
    room = Room(body=known(0.2))
    room.wait(20.0)
    verdict = room.tick(Prompt(id="p", who="clinician", at_s=room.now_s, kind="check_in"))
    assert verdict.intent.prompt is not None and verdict.intent.prompt.id == "check-1"
    room.asked = verdict.intent.prompt.id
    room.answer_s = math.inf
    verdict = room.wait(31.0)
    assert verdict.standing.cause is Cause.CHECK_IN and verdict.decision.intensity == 0.0
