"""Breathing feedback: fixed thresholds, an absolute figure, and no pay for a drifting heart."""

import math
from dataclasses import replace
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from adaptivevr.command import TooMuch
from adaptivevr.therapy.breathing import Breathing
from adaptivevr.therapy.intent import Pacer, Said, Why
from adaptivevr.therapy.lock import Lock
from adaptivevr.therapy.protocol import Protocol, load
from adaptivevr.therapy.threshold import Threshold, quantile
from adaptivevr.therapy.vitals import Latest, Reading, Vitals
from sensors.chunk import Chunk
from sensors.feature import Feature
from sensors.heart import Intervals
from sensors.patient import Patient
from sensors.stream import Kind, Stream
from tests.adaptivevr.therapy.room import Room

RR = Stream("rr", "strap", Kind.RR, 0.0, "s")
PACER = Pacer(0.0, 4.0, 0.0, 6.0, 0.0)
SHORT = replace(
    load("hrv_biofeedback"),
    phases=replace(load("hrv_biofeedback").phases, quiet_s=60.0),
    breathing=replace(load("hrv_biofeedback").breathing, block_s=120.0, own_less=6.0),
)


def breather(protocol: Protocol = SHORT, hz: int = 2) -> Room:
    """Somebody at rest: arousal near the quiet phase."""
    room = Room(Breathing, protocol, hz=hz)
    room.view = replace(room.view, arousal=0.1)
    return room


class Strap:
    """Readings of a heart whose intervals come from a function of time, as a strap sends them."""

    def __init__(self, interval_s: object, pacer: object = None) -> None:
        self._next, self._now_s = interval_s, 0.0
        self._intervals, self._vitals = Intervals(RR), Vitals()

    def readings(self, now_s: float) -> tuple[Reading, ...]:
        stamps, values = [], []
        while self._now_s < now_s:
            interval_s = self._next(self._now_s)  # type: ignore[operator]
            self._now_s += interval_s
            stamps.append(self._now_s)
            values.append(interval_s)
        if not stamps:
            return ()
        chunk = Chunk(RR, np.array(stamps), 0.0, np.array(values)[:, None])
        return self._vitals.update(self._intervals.update(chunk))


def trained(strap: Strap, seconds: float = 900.0, **view: object) -> Room:
    room = breather()
    room.body = strap.readings
    room.wait(seconds, **view)
    return room


def follower(room: list[Room], depth_s: float = 0.06) -> Strap:
    """A heart that swings with the pacer that is shown."""
    noise = Random(1)

    def interval_s(now_s: float) -> float:
        pacer = room[0].last.pacer if room and room[0].seen else None
        swing = noise.gauss(0.0, 0.004)
        if pacer is not None:
            length_s = pacer.in_s + pacer.out_s
            swing += depth_s * math.sin(2.0 * math.pi * (now_s - pacer.start_s) / length_s)
        else:
            swing += 0.02 * math.sin(2.0 * math.pi * 0.25 * now_s)
        return 0.85 + swing

    return Strap(interval_s)


def walk(seed: int) -> Strap:
    chance, at = Random(seed), [0.85]

    def interval_s(now_s: float) -> float:
        at[0] = min(max(at[0] + chance.gauss(0.0, 0.012), 0.55), 1.3)
        return at[0]

    return Strap(interval_s)


@pytest.fixture(scope="module")
def good() -> Room:
    rooms: list[Room] = []
    room = breather()
    rooms.append(room)
    room.body = follower(rooms).readings
    room.wait(1100.0)
    return room


def test_who_follows_is_rewarded_and_nothing_is_ever_loaded(good: Room) -> None:
    rewarded = sum(i.reason is Why.REWARD for i in good.seen if i.phase == "train")
    assert rewarded > 0.4 * sum(i.phase == "train" for i in good.seen)
    assert max(i.intensity for i in good.seen) == 0.0
    assert max(dict(i.ambient)["calm"] for i in good.seen) > 0.6


def test_a_random_walk_is_never_rewarded() -> None:
    for seed in range(5):
        room = trained(walk(seed), 700.0)
        assert any(i.phase == "train" or i.phase == "pace" for i in room.seen)
        assert not any(i.reason is Why.REWARD for i in room.seen), f"seed {seed}"


def test_a_heart_that_breathes_by_itself_is_not_rewarded() -> None:
    """Coherent, but with another breath than the pacer's: not in step, no reward."""
    room = trained(Strap(lambda t: 0.85 + 0.05 * math.sin(2.0 * math.pi * 0.21 * t)), 900.0)
    assert not any(i.reason is Why.REWARD for i in room.seen)


def test_a_poor_signal_earns_nothing(good: Room) -> None:
    rooms: list[Room] = []
    room = breather()
    rooms.append(room)
    strap = follower(rooms)
    room.body = lambda s: tuple(
        replace(r, quality=0.4 if r.name == "coherence" else r.quality) for r in strap.readings(s)
    )
    room.wait(900.0)
    assert {i.reason for i in room.seen if i.phase in ("pace", "train")} == {Why.POOR}
    assert max(dict(i.ambient)["calm"] for i in room.seen) <= 0.5


def test_the_threshold_stands_still_within_a_block(good: Room) -> None:
    by_block: dict[float, set[float]] = {}
    for intent in good.seen:
        figures = dict(intent.measures)
        if intent.phase == "train" and "threshold" in figures:
            by_block.setdefault(figures["block"], set()).add(figures["threshold"])
    assert len(by_block) >= 3 and all(len(values) == 1 for values in by_block.values())
    steps = [next(iter(by_block[k])) for k in sorted(by_block)]
    assert all(b >= 0.9 * a - 1e-9 for a, b in pairwise(steps))


def test_the_absolute_figure_is_always_told(good: Room) -> None:
    told = [i for i in good.seen if i.reason in (Why.REWARD, Why.BELOW)]
    assert told and all(i.number is not None and 0.0 <= i.number <= 1.0 for i in told)
    blocks = [i for i in good.seen if i.said is Said.BLOCK]
    assert len(blocks) >= 3 and all(len(i.numbers) == 4 for i in blocks)
    assert {"coherence_mean", "rewarded_share", "rsa_rest_ms", "rsa_train_ms"} <= {
        name for i in good.seen for name, _ in i.measures
    }
    words = [i.prompt.text for i in good.seen if i.prompt and "is done" in i.prompt.text]
    assert words and "{" not in words[0]


def test_the_pacer_begins_two_below_ones_own_and_slows_by_half_a_breath_a_minute() -> None:
    protocol = replace(SHORT, breathing=load("hrv_biofeedback").breathing)
    rooms: list[Room] = []
    room = breather(protocol)
    rooms.append(room)
    strap = follower(rooms)
    own = Reading("breath_rate", 10.0, 0.0, 0.9)
    room.body = lambda s: (*strap.readings(s), replace(own, time_s=s))
    room.until("pace")
    rates: dict[float, float] = {}
    for _ in range(1200):
        room.tick()
        rates.setdefault(dict(room.last.measures)["breaths_per_min"], room.now_s)
    assert list(rates)[:4] == [8.0, 7.5, 7.0, 6.5] and min(rates) == 6.0
    times = list(rates.values())
    assert all(b - a >= 59.0 for a, b in pairwise(times))


def test_the_pacer_does_not_slow_for_who_does_not_follow() -> None:
    room = trained(walk(3), 600.0)
    assert len({dict(i.measures)["breaths_per_min"] for i in room.seen if i.pacer}) == 1


def test_a_measured_resonance_is_the_goal() -> None:
    rooms: list[Room] = []
    room = breather()
    rooms.append(room)
    room.body = follower(rooms).readings
    room.wait(600.0, resonance_per_min=5.0)
    assert min(dict(i.measures)["breaths_per_min"] for i in room.seen if i.pacer) >= 5.0


def test_rising_arousal_for_a_minute_helps_instead_of_training(good: Room) -> None:
    rooms: list[Room] = []
    room = breather()
    rooms.append(room)
    room.body = follower(rooms).readings
    room.wait(300.0, arousal=0.1)
    room.wait(58.0, arousal=0.5)
    assert room.last.reason is not Why.SUPPORT
    room.wait(30.0)
    assert room.last.reason is Why.SUPPORT and room.last.pacer is not None
    rate = dict(room.last.measures)["breaths_per_min"]
    room.wait(90.0)
    assert dict(room.last.measures)["breaths_per_min"] == rate
    room.wait(75.0, arousal=0.1)
    assert room.last.reason is not Why.SUPPORT


def test_too_much_is_support_at_once() -> None:
    room = trained(walk(1), 200.0)
    assert room.say(TooMuch, who="patient").reason is Why.SUPPORT


@pytest.mark.parametrize("hz", [1, 7, 20])
def test_alike_at_any_rate(hz: int) -> None:
    rooms: list[Room] = []
    room = breather(hz=hz)
    rooms.append(room)
    room.body = follower(rooms).readings
    room.wait(600.0)
    assert room.last.phase == "train" and 1.0 <= room.measures()["block"] <= 4.0


def test_lock_is_one_for_the_pacers_own_swing_and_small_for_drift() -> None:
    def share(interval_s: object) -> float:
        lock, now_s = Lock(), 0.0
        while now_s < 70.0:
            value = interval_s(now_s)  # type: ignore[operator]
            now_s += value
            lock.update([Reading("beat", value, now_s, 1.0)])
        found = lock.of(PACER, now_s)
        assert found is not None
        return found

    swing = 2.0 * math.pi / 10.0
    assert share(lambda t: 0.85 + 0.05 * math.sin(swing * t + 1.0)) > 0.95
    assert share(lambda t: 0.85 + 0.002 * t) < 0.3
    chance = Random(2)
    assert share(lambda t: 0.85 + chance.gauss(0.0, 0.05)) < 0.5
    assert Lock().of(PACER, 10.0) is None


def test_the_threshold_is_the_share_that_would_have_been_rewarded() -> None:
    threshold = Threshold(success=0.70, fall=0.10, least=0.0)
    for value in range(100):
        threshold.take(float(value))
    threshold.next_block()
    assert threshold.value == pytest.approx(quantile([float(v) for v in range(100)], 0.30))
    for _ in range(50):
        threshold.take(1.0)
    before = threshold.value
    threshold.next_block()
    assert threshold.value == pytest.approx(0.9 * before)  # falls by a tenth at most
    threshold.take(99.0)
    threshold.next_block()  # one value is no quantile
    assert threshold.value == pytest.approx(0.9 * before)


def test_vitals_never_mix_two_sensors() -> None:
    vitals = Vitals()

    def beat(stream: str, time_s: float, value: float | None = 0.8) -> Feature:
        return Feature("beat", value, "s", time_s, stream, 1)

    assert [r.time_s for r in vitals.update([beat("ecg", 1.0), beat("ppg", 1.2)])] == [1.0]
    assert vitals.update([beat("ppg", 5.0), beat("ecg", 5.5, None)]) == ()
    assert len(vitals.update([beat("ppg", 12.0)])) == 1  # the first fell silent
    assert vitals.update([Feature("heart_rate", 60.0, "bpm", 13.0, "ppg", 2)]) == ()
    assert Latest().of("beat", 0.0, 10.0) is None


def test_simulated_followers_raise_rsa_and_the_restless_are_paid_less() -> None:
    """The whole heart of a patient, in step or not, on the controller alone."""
    shares, gains = {}, {}
    for kind in ("normal", "restless"):
        patient = Patient(kind, 2, 0.0, "features", False, (Kind.RR,))
        from sensors.patient import Seen

        room = breather(hz=1)
        intervals, vitals = Intervals(RR), Vitals()

        def body(now_s: float) -> tuple[Reading, ...]:
            pacer = room.last.pacer if room.seen else None  # noqa: B023
            beat = None if pacer is None else (
                pacer.start_s, pacer.in_s, pacer.hold_s, pacer.out_s, pacer.rest_s
            )  # fmt: skip
            chunks = patient.step(1.0, Seen(pacer=beat))  # noqa: B023
            found: list[Feature] = []
            for chunk in chunks:
                found += intervals.update(Chunk(RR, chunk.stamps_s, 0.0, chunk.values))  # noqa: B023
            return vitals.update(found)  # noqa: B023

        room.body = body
        room.wait(1000.0, arousal=0.05)
        train = [i for i in room.seen if i.phase == "train"]
        shares[kind] = sum(i.reason is Why.REWARD for i in train) / max(1, len(train))
        figures = dict(room.last.measures)
        gains[kind] = figures["rsa_train_ms"] / figures["rsa_rest_ms"]
    assert gains["normal"] > 1.2 and shares["normal"] > 0.4
    assert shares["restless"] < 0.5 * shares["normal"], shares
