"""The gate of a cue: tables, a property against arithmetic of its own, and who agreed to what."""

import math
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptivevr.command import Command, Cue, TooMuch, Vet
from adaptivevr.cues import PARTIES, PHASES, Closed, Cues, Moment, Ruled, Shut, refusal
from adaptivevr.guard import Bounds, Facts, gates
from scenes.scene import Cue as Event
from scenes.scene import load

BANG = Event("bang", "A bang", gate=0.6, pause_s=30.0, vet=True)
BELL = Event("bell", "A bell", gate=0.1, pause_s=5.0)
FACTS = Facts(mode="auto", arousal=0.3, sd=0.1, age_s=0.5, quality=0.9)
NOW = Moment(
    rule="scene", home=False, rest=False, phase="hold", before=0.7, intensity=0.7, wish=0.7,
    agreed=True,
)  # fmt: skip


@pytest.mark.parametrize("mode", ["auto", "confirm", "manual"])
def test_with_everything_open_it_comes(mode: str) -> None:
    facts = replace(FACTS, mode=mode)
    assert refusal(BANG, NOW, facts, Bounds()) is None
    assert refusal(BANG, replace(NOW, since_s=30.0, wish=None), facts, Bounds()) is None


@pytest.mark.parametrize(
    ("change", "closed"),
    [
        ({"rule": "none"}, Closed(Shut.PROTOCOL)),
        ({"rule": "anything"}, Closed(Shut.PROTOCOL)),
        ({"home": True}, Closed(Shut.HOME)),
        ({"rest": True}, Closed(Shut.REST)),
        ({"intensity": 0.0, "before": 0.0}, Closed(Shut.REST)),
        ({"intensity": math.nan}, Closed(Shut.REST)),
        ({"phase": "quiet"}, Closed(Shut.PHASE)),
        ({"phase": "recover"}, Closed(Shut.PHASE)),
        ({"phase": "a phase nobody listed"}, Closed(Shut.PHASE)),
        ({"agreed": False}, Closed(Shut.VET)),
        ({"wish": 0.5}, Closed(Shut.FALLING, 0.7, 0.5)),
        ({"wish": math.nan}, Closed(Shut.FALLING, 0.7, None)),
        ({"before": 0.75}, Closed(Shut.FALLING, 0.7, 0.7)),
        ({"intensity": 0.59, "before": 0.5}, Closed(Shut.LOW, 0.59, 0.6)),
        ({"since_s": 29.0}, Closed(Shut.PAUSE, 29.0, 30.0)),
        ({"since_s": math.nan}, Closed(Shut.PAUSE, None, 30.0)),
    ],
)
def test_its_own_gates(change: dict[str, Any], closed: Closed) -> None:
    assert refusal(BANG, replace(NOW, **change), FACTS, Bounds()) == closed


@pytest.mark.parametrize(
    ("change", "closed"),
    [
        ({"rest": True}, Closed(Shut.REST)),
        ({"stop": True}, Closed(Shut.REST)),
        ({"mode": "freeze"}, Closed(Shut.MODE)),
        ({"mode": "fallback"}, Closed(Shut.MODE)),
        ({"mode": "safe"}, Closed(Shut.MODE)),
        ({"age_s": 3.5}, Closed(Shut.FRESH, 3.5, 3.0)),
        ({"age_s": math.inf}, Closed(Shut.FRESH, None, 3.0)),
        ({"quality": 0.5}, Closed(Shut.QUALITY, 0.5, 0.6)),
        ({"relative": True}, Closed(Shut.RELATIVE)),
        ({"arousal": None}, Closed(Shut.KNOWN)),
        ({"sd": 0.31}, Closed(Shut.SD, 0.31, 0.3)),
        ({"arousal": 0.62}, Closed(Shut.BELOW_HIGH, 0.62, 0.65)),
        ({"flag": "sickness"}, Closed(Shut.NO_FLAGS)),
        ({"suds": 90.0}, Closed(Shut.RATING, 90.0, 90.0)),
        ({"heart_bpm": 141.0}, Closed(Shut.HEART, 141.0, 140.0)),
        ({"retreat_to": 0.7}, Closed(Shut.RETREAT, 0.7, 0.7)),
        ({"retreat_to": math.nan}, Closed(Shut.RETREAT, 0.7, None)),
    ],
)
@pytest.mark.parametrize("mode", ["auto", "manual"])
def test_every_gate_of_an_increase_is_asked_by_hand_too(
    change: dict[str, Any], closed: Closed, mode: str
) -> None:
    facts = replace(FACTS, **{"mode": mode, **change})
    assert refusal(BANG, NOW, facts, Bounds()) == closed


def test_a_moment_nobody_told_of_opens_nothing() -> None:
    assert Moment() == Moment(
        rule="none", home=True, rest=True, phase="", before=math.inf, intensity=0.0, wish=None,
        since_s=None, agreed=False,
    )  # fmt: skip
    told = {f.name: getattr(NOW, f.name) for f in fields(Moment)}
    for name in ("rule", "home", "rest", "phase", "before", "intensity", "agreed"):
        rest = {key: value for key, value in told.items() if key != name}
        assert refusal(BANG, Moment(**rest), FACTS, Bounds()) is not None, name


def test_exactly_at_its_gate_and_its_pause_it_comes() -> None:
    moment = replace(NOW, before=0.6, intensity=0.6, wish=0.6, since_s=30.0)
    assert refusal(BANG, moment, FACTS, Bounds()) is None


@pytest.mark.parametrize("phase", ["ramp", "hold", "dwell"])
def test_in_the_phases_that_work_with_load_it_comes(phase: str) -> None:
    assert refusal(BANG, replace(NOW, phase=phase), FACTS, Bounds()) is None


def test_nothing_comes_on_top_of_the_ceiling() -> None:
    assert refusal(BANG, NOW, FACTS, Bounds(ceiling=0.7)) == Closed(Shut.CEILING, 0.7, 0.7)


def test_a_scene_that_asks_for_no_pause_gets_one() -> None:
    hasty = replace(BANG, pause_s=0.0)
    closed = refusal(hasty, replace(NOW, since_s=1.5), FACTS, Bounds())
    assert closed == Closed(Shut.PAUSE, 1.5, 2.0)


def test_where_every_cue_is_vetted_the_scenes_own_word_counts_for_nothing() -> None:
    moment = replace(NOW, agreed=False)
    assert refusal(BELL, moment, FACTS, Bounds()) is None
    vetted = replace(moment, rule="vetted")
    assert refusal(BELL, vetted, FACTS, Bounds()) == Closed(Shut.VET)


def test_every_gate_of_the_guard_has_its_name_here() -> None:
    own = [
        "unknown_cue", "who", "late", "protocol", "home", "rest", "phase", "vet", "retreat",
        "falling", "low", "pause",
    ]  # fmt: skip
    assert {str(shut) for shut in Shut} == {*own, *gates(FACTS, Bounds(), 0.5)}  # as recorded
    assert Ruled("c", "bang", None).played and not Ruled("c", "bang", Closed(Shut.LOW)).played


ANY = st.one_of(st.sampled_from([0.0, 1.0, math.nan, math.inf, -1.0]), st.floats(0.0, 1.0))
FACT = st.builds(
    Facts, mode=st.sampled_from(["auto", "confirm", "manual", "freeze", "fallback", "safe"]),
    rest=st.booleans(), stop=st.booleans(), arousal=st.one_of(st.none(), ANY), sd=ANY,
    age_s=st.floats(-1.0, 5.0), quality=ANY, relative=st.booleans(),
    flag=st.sampled_from([None, None, "unseen"]), suds=st.one_of(st.none(), st.floats(0.0, 100.0)),
    heart_bpm=st.one_of(st.none(), st.floats(60.0, 160.0)), retreat_to=ANY,
)  # fmt: skip
MOMENT = st.builds(
    Moment, rule=st.sampled_from(["none", "scene", "vetted"]), home=st.booleans(),
    rest=st.booleans(), phase=st.sampled_from([*sorted(PHASES), "quiet"]), before=ANY,
    intensity=ANY, wish=st.one_of(st.none(), ANY), since_s=st.one_of(st.none(), st.floats(0, 60)),
    agreed=st.booleans(),
)  # fmt: skip
# Nearly all random moments are closed ten times over: half of them begin from an open one.
NEARLY = st.tuples(st.just(FACTS) | FACT, st.just(NOW) | MOMENT)


@settings(max_examples=400, deadline=None)
@given(NEARLY, st.floats(0.0, 1.0), st.floats(0.0, 60.0), st.booleans(), st.floats(0.0, 1.0))
def test_what_comes_had_every_gate_open(
    told: tuple[Facts, Moment], gate: float, pause_s: float, vet: bool, ceiling: float
) -> None:
    facts, now = told
    event, bounds = Event("x", "X", gate=gate, pause_s=pause_s, vet=vet), Bounds(ceiling=ceiling)
    if refusal(event, now, facts, bounds) is not None:
        return
    here = now.intensity
    assert 0.0 < here < min(ceiling, facts.retreat_to) and here >= gate - 1e-8
    assert now.before <= here + 1e-8 and (now.wish is None or now.wish >= here - 1e-8)
    assert facts.mode in ("auto", "confirm", "manual")
    assert not (facts.rest or facts.stop or now.rest or now.home or facts.relative)
    assert facts.flag is None and facts.age_s <= 3.0 and facts.quality >= 0.6
    assert facts.arousal is not None and 0.0 < facts.sd <= 0.3
    z = (bounds.window_high - facts.arousal) / facts.sd
    assert 0.5 * (1.0 + math.erf(z / math.sqrt(2.0))) >= 0.8 - 1e-9
    assert facts.suds is None or facts.suds < 90.0
    assert facts.heart_bpm is None or facts.heart_bpm < 140.0
    assert now.agreed or (now.rule == "scene" and not vet)
    assert now.rule != "none" and now.phase in PHASES
    assert now.since_s is None or now.since_s >= max(2.0, pause_s)


# ---- who agreed, and what is asked --------------------------------------------------


class Table:
    """Cues at a table: commands in, what became of them out."""

    def __init__(self, rule: str = "scene") -> None:
        self.cues = Cues((BANG, BELL), rule)
        self.now_s, self.intensity = 0.0, 0.7

    def say(self, *said: Command, facts: Facts = FACTS) -> tuple[Closed | None, ...]:
        moment = replace(NOW, intensity=self.intensity, before=self.intensity)
        ruled = self.cues.update(self.now_s, said, moment, facts, Bounds())
        return tuple(one.closed for one in ruled)

    def vet(self, name: str = "bang", who: str = "clinician", **more: Any) -> None:
        for by in PARTIES:
            self.say(Vet(id="v", who=who, at_s=0.0, name=name, **{"by": by, **more}))

    def ask(self, name: str = "bang", who: str = "clinician") -> Closed | None:
        (closed,) = self.say(Cue(id="c", who=who, at_s=self.now_s, name=name))
        return closed


def agreed(rule: str = "scene") -> Table:
    table = Table(rule)
    table.intensity = 0.0
    table.vet()
    table.intensity = 0.7
    table.say()
    return table


def test_what_both_agreed_to_beforehand_comes_once_and_then_waits() -> None:
    table = agreed()
    assert table.ask() is None
    table.now_s = 29.5
    assert table.ask() == Closed(Shut.PAUSE, 29.5, 30.0)
    assert table.ask("bell") is None  # its own pause is shorter: 5 s since the last of any
    table.now_s = 31.5
    assert table.ask("bell") == Closed(Shut.PAUSE, 2.0, 5.0)


def test_two_in_the_same_tick_are_one() -> None:
    table = agreed()
    first, second = (Cue(id=i, who="clinician", at_s=0.0, name="bang") for i in "ab")
    assert table.say(first, second) == (None, Closed(Shut.PAUSE, 0.0, 30.0))


def test_a_refused_cue_is_forgotten() -> None:
    table = agreed()
    ask, late = Cue(id="c", who="clinician", at_s=0.0, name="bang"), replace(FACTS, age_s=9.0)
    assert table.say(ask, facts=late) == (Closed(Shut.FRESH, 9.0, 3.0),)
    for _ in range(50):
        table.now_s += 1.0
        assert table.say() == ()
    assert table.ask() is None  # no time was lost by it either


@pytest.mark.parametrize("party", PARTIES)
def test_one_yes_is_not_enough(party: str) -> None:
    table = Table()
    table.intensity = 0.0
    table.vet(by=party)
    table.intensity = 0.7
    assert table.ask() == Closed(Shut.VET)


@pytest.mark.parametrize(
    "word",
    [
        {"who": "patient"}, {"who": "headset"}, {"by": "somebody"}, {"name": "bell"},
        {"name": "no such cue"}, {"yes": False},
    ],
)  # fmt: skip
def test_what_is_no_agreement(word: dict[str, Any]) -> None:
    table = Table()
    table.intensity = 0.0
    table.vet(**word)
    table.intensity = 0.7
    assert table.ask() == Closed(Shut.VET)


def test_once_something_was_shown_nobody_can_agree_any_more() -> None:
    table = Table()
    table.say()
    table.intensity = 0.0
    table.vet()
    table.intensity = 0.7
    assert table.ask() == Closed(Shut.VET)
    assert all(card.too_late for card in table.cues.cards())


@pytest.mark.parametrize("who", ["clinician:anna", "patient"])
def test_a_yes_is_taken_back_by_anybody_at_any_moment_and_for_good(who: str) -> None:
    table = agreed()
    back = Vet(id="v", who=who, at_s=0.0, name="bang", by="patient", yes=False)
    ask = Cue(id="c", who="clinician", at_s=0.0, name="bang")
    assert table.say(ask, back) == (Closed(Shut.VET),)  # in the same tick it comes first
    table.vet()
    assert table.ask() == Closed(Shut.VET)


@pytest.mark.parametrize(
    ("name", "who", "shut"),
    [
        ("bang", "patient", Shut.WHO), ("bang", "clinic", Shut.WHO),
        ("no such cue", "clinician", Shut.UNKNOWN),
    ],
)  # fmt: skip
def test_only_a_clinician_asks_and_only_for_what_there_is(name: str, who: str, shut: Shut) -> None:
    assert agreed().ask(name, who) == Closed(shut)


@pytest.mark.parametrize(("waited_s", "comes"), [(2.0, True), (2.1, False), (math.nan, False)])
def test_what_was_pressed_while_the_engine_stood_still_does_not_come(
    waited_s: float, comes: bool
) -> None:
    table = agreed()
    table.now_s = 100.0
    (closed,) = table.say(Cue(id="c", who="clinician", at_s=100.0 - waited_s, name="bang"))
    assert (closed is None) is comes
    if closed is not None:
        assert (closed.shut, closed.limit) == (Shut.LATE, 2.0)
        assert closed.number == (None if math.isnan(waited_s) else pytest.approx(waited_s))


@pytest.mark.parametrize(("after_s", "gone"), [(0.0, True), (30.0, True), (30.1, False)])
def test_too_much_soon_after_a_cue_takes_back_the_patients_yes_to_it(
    after_s: float, gone: bool
) -> None:
    table = agreed()
    too_much = TooMuch(id="t", who="patient", at_s=0.0)
    table.say(too_much)  # before any cue it is about something else
    table.now_s = 50.0
    assert table.ask() is None
    table.now_s = 50.0 + after_s
    table.say(too_much)
    bang = table.cues.cards()[0]
    assert bang.clinician and bang.patient is not gone
    table.now_s = 100.0
    assert table.ask() == (Closed(Shut.VET) if gone else None)


def test_cards_say_how_each_cue_stands() -> None:
    assert Cues((BANG,), "none").cards() == Cues((BANG,)).cards() == ()
    table = agreed()
    bang, bell = table.cues.cards()
    assert (bang.title, bang.must, bang.clinician, bang.patient) == ("A bang", True, True, True)
    assert bang.closed is None and bell.closed is None and not bell.must
    table.ask()
    table.now_s = 12.0
    table.say()
    assert table.cues.cards()[0].closed == Closed(Shut.PAUSE, 12.0, 30.0)
    assert all(card.must for card in Cues((BANG, BELL), "vetted").cards())


def test_the_cues_of_the_street_are_held_by_this_gate() -> None:
    street = {c.name: c for c in load("street").cues}
    closed = refusal(street["bang"], NOW, FACTS, Bounds())
    assert closed == Closed(Shut.LOW, 0.7, 0.8)
    assert refusal(street["shout"], NOW, FACTS, Bounds()) is None
