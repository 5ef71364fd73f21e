"""A clinician's words reach the patient, and never push aside a question that waits."""

from adaptivevr.command import Prompt, Rate
from adaptivevr.spoken import QUESTION, READ_S, Spoken
from adaptivevr.therapy.intent import Ask, Scale
from adaptivevr.therapy.protocol import Cadence
from adaptivevr.therapy.ratings import ANSWER_S

PAIN = Cadence(scale="nrs_pain", text="How much does it hurt?", max=10.0, step=1.0)
OWN = Ask("info-1", "info", "Look around.")
WAITS = Ask("suds-1", "rating", "How strong?", Scale("suds", 0.0, 100.0, 10.0, "", ""))


def says(text: str, kind: str = "info", who: str = "clinician") -> Prompt:
    return Prompt(id="c1", who=who, at_s=0.0, kind=kind, text=text)


def test_words_stand_for_a_while_and_then_the_therapy_s_own_come_back() -> None:
    spoken = Spoken(Cadence())
    assert spoken.update(0.0, [], OWN) == OWN
    told = spoken.update(1.0, [says("You are doing well.")], OWN)
    assert told is not None and (told.kind, told.text) == ("info", "You are doing well.")
    assert spoken.update(1.0 + READ_S - 0.1, [], OWN) == told
    assert spoken.update(1.0 + READ_S, [], OWN) == OWN


def test_a_question_that_waits_is_answered_first() -> None:
    spoken = Spoken(Cadence())
    assert spoken.update(0.0, [says("Well done.")], WAITS) == WAITS
    told = spoken.update(5.0, [], None)
    assert told is not None and told.text == "Well done."


def test_a_rating_is_asked_on_the_therapy_s_scale_until_it_is_answered() -> None:
    spoken = Spoken(PAIN)
    ask = spoken.update(0.0, [says("", "rating")], OWN)
    assert ask is not None and ask.scale is not None
    assert (ask.text, ask.scale.name, ask.scale.max) == (PAIN.text, "nrs_pain", 10.0)
    other = Rate(id="p1", who="patient", at_s=1.0, scale="nrs_pain", value=3.0, prompt="nrs-7")
    assert spoken.update(1.0, [other], OWN) == ask
    answer = Rate(id="p2", who="patient", at_s=2.0, scale="nrs_pain", value=3.0, prompt=ask.id)
    assert spoken.update(2.0, [answer], OWN) == OWN


def test_a_rating_without_an_answer_goes_away() -> None:
    spoken = Spoken(Cadence())
    ask = spoken.update(0.0, [says("", "rating")], None)
    assert ask is not None and ask.text == QUESTION
    assert spoken.update(ANSWER_S, [], None) is None


def test_nobody_else_speaks_to_the_patient() -> None:
    spoken = Spoken(Cadence())
    assert spoken.update(0.0, [says("Go higher.", who="patient")], OWN) == OWN
