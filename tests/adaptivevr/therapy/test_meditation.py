"""Alpha feedback: quick or not at all, and never for a clenched jaw."""

import math
from dataclasses import replace

import pytest

from adaptivevr.therapy.intent import Said, Why
from adaptivevr.therapy.meditation import Meditation
from adaptivevr.therapy.protocol import load
from adaptivevr.therapy.vitals import Reading
from tests.adaptivevr.therapy.room import Room

AGE_S = 0.2


class Head:
    """Alpha ten times a second with slow swings, and how tense the muscles are, each second."""

    def __init__(self) -> None:
        self.alpha = lambda t: 5.0 + 2.0 * math.sin(0.7 * t) + math.sin(5.3 * t)
        self.muscle = 0.0
        self.quality = 0.9
        self.age_s = AGE_S
        self._told = 0

    def readings(self, now_s: float) -> tuple[Reading, ...]:
        found = []
        while self._told / 10.0 + self.age_s <= now_s:
            at_s = self._told / 10.0
            found.append(Reading("alpha", self.alpha(at_s), at_s, self.quality))
            if self._told % 10 == 0:
                found.append(Reading("muscle", self.muscle, at_s, 0.9))
            self._told += 1
        return tuple(found)


def room(hz: int = 20) -> tuple[Room, Head]:
    made, head = Room(Meditation, "alpha_meditation", hz=hz), Head()
    made.body = head.readings
    return made, head


def calm(one: Room) -> float:
    return dict(one.last.ambient)["calm"]


def test_blocks_with_pauses_and_a_threshold_that_65_percent_pass() -> None:
    one, _ = room(10)
    one.until("end")
    assert [p for p in one.phases() if p == "block"] == ["block"] * 6
    assert one.measures()["rewarded_share"] == pytest.approx(0.65, abs=0.08)
    blocks = [i for i in one.seen if i.said is Said.BLOCK]
    assert len(blocks) == 6 and all(i.numbers[1] == pytest.approx(5.0, abs=0.3) for i in blocks)
    assert max(i.intensity for i in one.seen) == 0.0


def test_the_reward_follows_within_400_ms() -> None:
    one, head = room(50)
    one.until("block")
    head.alpha = lambda t: 1.0
    one.wait(10.0)
    low, changed_s = calm(one), one.now_s
    head.alpha = lambda t: 9.0 if t >= changed_s else 1.0
    while calm(one) < low + 0.3:
        one.tick()
        assert one.now_s - changed_s <= 0.4
    assert one.last.reason is Why.REWARD and one.last.number == 9.0


def test_an_old_value_is_no_feedback() -> None:
    one, head = room()
    one.until("block")
    one.wait(5.0)
    head.age_s = 0.6
    one.wait(2.0)
    assert one.last.reason is Why.LATE and calm(one) == 0.0


def test_a_clenched_jaw_is_never_rewarded_and_never_counted() -> None:
    one, head = room()
    one.until("block")
    one.wait(30.0)
    before = one.measures()["alpha_mean_uv"]
    head.alpha, head.muscle = lambda t: 40.0, 0.9  # muscle leaks into the alpha band
    began_s = one.now_s
    one.wait(2.0)
    for _ in range(600):
        one.tick()
        assert one.last.reason is Why.MUSCLE and calm(one) == 0.0
    assert one.measures()["alpha_mean_uv"] == pytest.approx(before, abs=0.5), began_s
    head.alpha, head.muscle = (lambda t: 5.0), 0.0
    one.wait(5.0)
    assert one.last.reason is not Why.MUSCLE


def test_a_poor_signal_is_not_rewarded() -> None:
    one, head = room()
    one.until("block")
    head.quality, head.alpha = 0.3, lambda t: 30.0
    one.wait(5.0)
    assert one.last.reason is Why.POOR and calm(one) == 0.0


def test_without_a_head_there_is_no_reward() -> None:
    one = Room(Meditation, "alpha_meditation", hz=4)
    one.wait(400.0, ready=False)
    assert one.last.phase == "block" and {i.reason for i in one.seen[-100:]} == {Why.LATE}


def test_the_threshold_falls_by_a_tenth_at_most() -> None:
    one, head = room(10)
    one.until("block")
    first = one.measures()["threshold_uv"]
    head.alpha = lambda t: 0.5
    one.until("break")
    one.until("block")
    assert one.measures()["threshold_uv"] == pytest.approx(0.9 * first)


@pytest.mark.parametrize("hz", [1, 7, 100])
def test_alike_at_any_rate(hz: int) -> None:
    protocol = load("alpha_meditation")
    short = replace(protocol, meditation=replace(protocol.meditation, blocks=2, block_s=60.0))
    one, head = Room(Meditation, short, hz=hz), Head()
    one.body = head.readings
    one.until("cooldown")
    figures = one.measures()
    assert figures["rewarded_share"] == pytest.approx(0.65, abs=0.12)
    assert figures["threshold_uv"] == pytest.approx(4.2, abs=0.5)
