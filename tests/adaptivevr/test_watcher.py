"""What a simulated patient takes in from the scene channel, and what it says back."""

import json

from adaptivevr.console.hub import _prompt_message
from adaptivevr.demo import THINKS_S, Beside, See
from adaptivevr.simulate import Body, attempt_message, told_scale
from adaptivevr.therapy.intent import Ask, Scale
from adaptivevr.watcher import Watcher
from sensors.patient import Answer, Patient
from tests.adaptivevr.therapy.whole import Whole

SUM = Ask("sum-1", "task", "7 + 5 = ?", choices=("11", "12", "13"), right=1, difficulty=0.0)
NRS = Ask("nrs-1", "rating", "Pain?", Scale("nrs", 0.0, 10.0, 1.0, "none", "worst"))
MORE = Ask("more-1", "confirm", "One more?")
SYMPTOM = Ask("symptom-1", "confirm", "Dizzy?")


def heard(*asks: Ask) -> Watcher:
    """A watcher that has read these from the channel, each twice."""
    watcher = Watcher()
    for ask in asks:
        for _ in range(2):
            watcher.take(_prompt_message(ask))
    return watcher


def test_a_task_over_the_channel_is_done_and_told() -> None:
    watcher = heard(SUM)
    body = Body(Patient("normal", 1, 0.0, "features"), 0.0)
    body.step(0.1, watcher)
    body.step(8.0, watcher)
    (attempt,) = body.patient.attempts()
    message = json.loads(attempt_message(attempt))
    assert (message["type"], message["id"]) == ("task", "sum-1")
    assert isinstance(message["correct"], bool) and 0.1 < message["reaction_s"] < 8.0
    assert watcher.tasks() == ()


def test_each_question_is_asked_once_on_its_own_scale() -> None:
    watcher = heard(NRS, MORE, SYMPTOM)
    assert watcher.look()[1] == (
        ("nrs-1", "nrs"), ("more-1", "confirm"), ("symptom-1", "symptom"),
    )  # fmt: skip
    assert watcher.look()[1] == ()


def test_a_yes_or_no_goes_back_as_a_confirm() -> None:
    patient = Patient("normal", 1, 0.0, "features")
    patient.ask("symptom-1", "symptom", 0.0)
    from sensors.patient import Seen

    patient.step(10.0, Seen())
    (answer,) = patient.answers()
    assert answer.value in (0.0, None) and told_scale(answer) == "confirm"
    assert told_scale(Answer("a", "nrs", 3.0, 0.0, 1.0)) == "nrs"


class Ears(See):
    """Keeps what the clinician beside says."""

    def __init__(self) -> None:
        self.said: list[tuple[float, str]] = []

    def say(self, kind: type, at_s: float, **more: object) -> None:
        self.said.append((at_s, str(more["proposal"])))


def test_the_clinician_beside_says_yes_after_a_moment() -> None:
    ears = Ears()
    beside = Beside(ears, most=0.65)
    whole = Whole("trauma_graded", hz=2.0, agrees=lambda proposal: False)
    for _ in range(60):
        beside.take(whole.step())
    assert ears.said and ears.said[0][1] == "vet:1"
    first = next(t for t in whole.ticks if t.proposal)
    assert ears.said[0][0] >= first.now_s + THINKS_S
