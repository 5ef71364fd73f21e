"""The check-in: who does not answer twice is brought to rest, and no machine answers for them."""

import pytest

from adaptivevr.checkin import CheckIn
from adaptivevr.command import Ack, Command, Confirm, Prompt, Rate, Task, TooMuch
from adaptivevr.therapy.intent import Ask

HZ = 10
ASKED = Prompt(id="p", who="clinician", at_s=0.0, kind="check_in")
WHO = {"id": "x", "who": "patient", "at_s": 0.0}


class Room:
    """A check-in at ten ticks a second, with the therapy's question that stands."""

    def __init__(self, watch: bool = True) -> None:
        self.check, self.watch, self.ticks = CheckIn(), watch, 0
        self.prompt: Ask | None = None
        self.failed_s: list[float] = []
        self.asked: list[tuple[float, str]] = []

    def tick(self, *commands: Command) -> None:
        before = self.check.asking
        self.check.update(self.ticks / HZ, commands, self.prompt, self.watch)
        now = self.check.asking
        if now is not None and now != before:
            self.asked.append((self.ticks / HZ, now.id))
        if self.check.failed:
            self.failed_s.append(self.ticks / HZ)
        self.ticks += 1

    def wait(self, seconds: float) -> None:
        for _ in range(round(seconds * HZ)):
            self.tick()

    def in_vain(self, times: int, kind: str = "rating") -> None:
        for i in range(times):
            self.prompt = Ask(f"suds-{self.ticks}-{i}", kind, "?")
            self.wait(30.0)
        self.prompt = None
        self.tick()


def test_a_clinician_asks_twice_and_then_it_is_over() -> None:
    room = Room(watch=False)
    room.tick(ASKED)
    room.wait(60.0)
    assert room.asked == [(0.0, "check-1"), (15.0, "check-2")]
    assert room.failed_s == [30.0] and room.check.asking is None


def test_the_question_as_it_stands() -> None:
    assert not CheckIn().failed
    room = Room(watch=False)
    room.tick(ASKED)
    assert room.check.asking == Ask("check-1", "confirm", "Are you all right?", until_s=15.0)


def test_only_a_clinician_may_ask_and_only_for_that() -> None:
    room = Room(watch=False)
    room.tick(Prompt(id="p", who="patient", at_s=0.0, kind="check_in"))
    room.tick(Prompt(id="p", who="clinician", at_s=0.0, kind="info", text="hello"))
    assert room.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        Rate(**WHO, scale="confirm", value=1.0, prompt="check-1"),
        Rate(**WHO, value=40.0),
        TooMuch(**WHO),
        Task(**WHO),
        Confirm(**WHO),
    ],
)
@pytest.mark.parametrize("after_s", [1.0, 20.0])
def test_any_sign_of_life_is_an_answer(answer: Command, after_s: float) -> None:
    room = Room(watch=False)
    room.tick(ASKED)
    room.wait(after_s)
    room.tick(answer)
    assert room.check.asking is None
    room.wait(60.0)
    assert room.failed_s == []


@pytest.mark.parametrize(
    "machine",
    [
        Rate(**WHO, value=None),  # a question that runs out answers itself
        Ack(**WHO),
        Confirm(id="x", who="clinician", at_s=0.0),
    ],
)
def test_what_is_no_sign_of_life_answers_nothing(machine: Command) -> None:
    room = Room(watch=False)
    room.tick(ASKED)
    room.tick(machine)
    room.wait(40.0)
    assert room.failed_s == [30.0]


def test_no_means_that_it_is_over_now() -> None:
    room = Room(watch=False)
    room.tick(ASKED)
    room.tick(Rate(**WHO, scale="confirm", value=0.0, prompt="check-1"))
    assert room.failed_s == [0.1] and room.check.asking is None
    room.tick(Rate(**WHO, scale="confirm", value=0.0, prompt="check-1"))
    assert room.failed_s == [0.1]  # nothing stands any more
    room.tick(ASKED)
    room.tick(Rate(**WHO, value=0.0, prompt="suds-9"))  # no fear at all: an answer to another
    assert room.failed_s == [0.1] and room.check.asking is None


@pytest.mark.parametrize(("times", "kind", "asked"), [(1, "rating", 0), (2, "rating", 1),
                                                      (4, "info", 0)])  # fmt: skip
def test_silence_calls_for_it_after_two_questions(times: int, kind: str, asked: int) -> None:
    room = Room()
    room.in_vain(times, kind)
    assert len(room.asked) == asked
    room.wait(31.0)
    assert len(room.failed_s) == asked
    room.wait(120.0)
    assert len(room.failed_s) == asked  # once: the questions before it are forgotten


@pytest.mark.parametrize("prompt", ["", "suds-9", "check-1"])
def test_no_fear_at_all_is_no_answer_to_a_question_that_nobody_asked(prompt: str) -> None:
    room = Room()
    room.tick(Rate(**WHO, value=0.0, prompt=prompt))
    assert room.failed_s == [] and room.asked == []


def test_one_more_silence_after_a_check_is_none_yet() -> None:
    room = Room()
    room.in_vain(2)
    room.wait(31.0)
    assert len(room.failed_s) == 1
    room.in_vain(1)
    assert len(room.asked) == 2  # both of the first check
    room.in_vain(1)
    assert len(room.asked) == 3


def test_silence_counts_only_where_it_is_watched_and_in_a_row() -> None:
    unwatched = Room(watch=False)
    unwatched.in_vain(5)
    assert unwatched.asked == []
    room = Room()
    room.in_vain(1)
    room.prompt = Ask("suds-x", "rating", "?")
    room.wait(3.0)
    room.tick(Rate(**WHO, value=30.0, prompt="suds-x"))
    room.prompt = None
    room.tick()
    room.in_vain(1)
    assert room.asked == []
