"""The guard: one row per sentence, and properties that hold whatever anybody wishes."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptivevr.guard import (
    AMBIENT_MAX_PER_S,
    FALL_MAX_PER_S,
    RISE_MAX_PER_S,
    Bounds,
    Decision,
    Facts,
    Guard,
    Ruling,
    below,
    gates,
)

GOOD = Facts(mode="auto", arousal=0.3, sd=0.15, age_s=0.5, quality=0.9, heart_bpm=75.0)
FAST = Bounds(rise_per_s=0.05)


def shown_at(intensity: float) -> Guard:
    """A guard that shows this intensity at 100 s, with a calm ambience of 0.5."""
    guard = Guard()
    by_hand = replace(GOOD, mode="manual")
    for tick in range(101):
        guard.update(float(tick), intensity, (("calm", 0.5),), by_hand, FAST)
    return guard


def decide(
    wish: float | None, facts: Facts = GOOD, bounds: Bounds = FAST, start: float = 0.4
) -> Decision:
    """One second after a guard showed `start`."""
    return shown_at(start).update(101.0, wish, (), facts, bounds)


SENTENCES = [
    # what a clinician would say, the wish, facts changed, bounds changed, reason, by, intensity
    ("goes up when everything is well", 0.42, {}, {}, "as_wished", None, 0.42),
    ("goes up no faster than allowed", 0.9, {}, {}, "slewed", None, 0.45),
    ("goes up at the clinician's pace", 0.9, {}, {"rise_per_s": 0.01}, "slewed", None, 0.41),
    ("never faster than the hard bound", 0.9, {}, {"rise_per_s": 9.0}, "slewed", None, 0.45),
    ("does not rise at a pace that is no number", 0.9, {}, {"rise_per_s": math.nan}, "slewed",
     None, 0.4),
    ("stays when that is wished", 0.4, {}, {}, "as_wished", None, 0.4),
    ("stays without a wish", None, {}, {}, "as_wished", None, 0.4),
    ("a wish that is no number is no wish", math.nan, {}, {}, "blocked", "wish", 0.4),
    ("an infinite wish is no wish", math.inf, {}, {}, "blocked", "wish", 0.4),
    ("a wish above one is no wish", 1.01, {}, {}, "blocked", "wish", 0.4),
    ("a wish below zero is no wish", -0.01, {}, {}, "blocked", "wish", 0.4),
    ("stops at the ceiling", 0.9, {}, {"ceiling": 0.42}, "capped", "ceiling", 0.42),
    ("stays at the ceiling", 0.9, {}, {"ceiling": 0.4}, "capped", "ceiling", 0.4),
    ("comes down when the ceiling is lowered", 0.9, {}, {"ceiling": 0.2}, "retreat", "ceiling",
     0.35),
    ("a ceiling that is no number is zero", 0.9, {}, {"ceiling": math.nan}, "retreat", "ceiling",
     0.35),
    ("does not rise on old data", 0.9, {"age_s": 3.1}, {}, "blocked", "fresh", 0.4),
    ("does not rise on data from the future", 0.9, {"age_s": -0.1}, {}, "blocked", "fresh", 0.4),
    ("does not rise without data", 0.9, {"age_s": math.inf}, {}, "blocked", "fresh", 0.4),
    ("does not rise while the signal is poor", 0.9, {"quality": 0.59}, {}, "blocked", "quality",
     0.4),
    ("does not rise on an impossible quality", 0.9, {"quality": 1.5}, {}, "blocked", "quality",
     0.4),
    ("does not rise on unknown units", 0.9, {"relative": True}, {}, "blocked", "relative", 0.4),
    ("does not rise when arousal is unknown", 0.9, {"arousal": None}, {}, "blocked", "known", 0.4),
    ("does not rise when arousal is no number", 0.9, {"arousal": math.nan}, {}, "blocked",
     "known", 0.4),
    ("does not rise on a vague estimate", 0.9, {"sd": 0.31}, {}, "blocked", "sd", 0.4),
    ("does not rise on an estimate without doubt", 0.9, {"sd": 0.0}, {}, "blocked", "sd", 0.4),
    ("does not rise when arousal may be high", 0.9, {"arousal": 0.6}, {}, "blocked",
     "below_high", 0.4),
    ("does not rise under a flag", 0.9, {"flag": "too_much"}, {}, "blocked", "no_flags", 0.4),
    ("does not rise after a high rating", 0.9, {"suds": 90.0}, {}, "blocked", "rating", 0.4),
    ("rises after a low rating", 0.9, {"suds": 89.0}, {}, "slewed", None, 0.45),
    ("does not rise with a racing heart", 0.9, {"heart_bpm": 140.0}, {}, "blocked", "heart", 0.4),
    ("rises without a heart rate when skin is enough", 0.9, {"heart_bpm": None}, {}, "slewed",
     None, 0.45),
    ("does not rise in FREEZE", 0.9, {"mode": "freeze"}, {}, "blocked", "mode", 0.4),
    ("does not rise in FALLBACK", 0.9, {"mode": "fallback"}, {}, "blocked", "mode", 0.4),
    ("does not rise in a mode nobody knows", 0.9, {"mode": "turbo"}, {}, "blocked", "mode", 0.4),
    ("asks before a step up in CONFIRM", 0.9, {"mode": "confirm"}, {"granted": 0.4}, "blocked",
     "confirmed", 0.4),
    ("goes as far as was confirmed", 0.9, {"mode": "confirm"}, {"granted": 0.42}, "capped",
     "ceiling", 0.42),
    ("CONFIRM needs the gates as well", 0.9, {"mode": "confirm", "sd": 0.5}, {}, "blocked", "sd",
     0.4),
    ("a clinician's hand needs no data", 0.9, {"mode": "manual", "age_s": 99.0}, {}, "slewed",
     None, 0.45),
    ("a clinician's hand obeys the ceiling", 0.9, {"mode": "manual"}, {"ceiling": 0.4}, "capped",
     "ceiling", 0.4),
    ("goes down on wish", 0.38, {}, {}, "as_wished", None, 0.38),
    ("goes down smoothly", 0.0, {}, {}, "slewed", None, 0.35),
    ("goes down without any data", 0.0, {"mode": "freeze", "arousal": None, "age_s": math.inf},
     {}, "slewed", None, 0.35),
    ("a retreat is never too slow", 0.0, {}, {"fall_per_s": 0.0}, "slewed", None, 0.38),
    ("a retreat at a pace that is no number is fast", 0.0, {}, {"fall_per_s": math.nan}, "slewed",
     None, 0.35),
    ("is brought down whatever is wished", 0.9, {"retreat_to": 0.2}, {}, "retreat", "retreat",
     0.35),
    ("is brought down in a clinician's hand too", 0.9, {"mode": "manual", "retreat_to": 0.2}, {},
     "retreat", "retreat", 0.35),
    ("stays down after being brought down", 0.9, {"retreat_to": 0.4}, {}, "retreat", "retreat",
     0.4),
    ("rests while paused", 0.9, {"rest": True}, {}, "rest", "rest", 0.0),
    ("rests when stopped", 0.9, {"stop": True}, {}, "stopped", "stop", 0.0),
    ("rests in SAFE", 0.9, {"mode": "safe"}, {}, "stopped", "stop", 0.0),
]  # fmt: skip


@pytest.mark.parametrize("row", SENTENCES, ids=lambda row: row[0])
def test_sentence(row: tuple) -> None:
    _, wish, facts, bounds, reason, by, intensity = row
    decision = decide(wish, replace(GOOD, **facts), replace(FAST, **bounds))
    assert decision.reason == reason
    assert decision.capped_by == by
    assert decision.intensity == pytest.approx(intensity, abs=1e-9)


def test_every_gate_is_shown_open_or_closed() -> None:
    assert all(is_open for _, is_open in decide(0.9).gates)
    closed = [name for name, is_open in decide(0.9, Facts()).gates if not is_open]
    assert closed == ["mode", "fresh", "quality", "known", "sd", "below_high"]
    assert not gates(GOOD, FAST, 1.0)["ceiling"]


def test_the_chance_of_being_below() -> None:
    assert below(0.65, 0.65, 0.2) == pytest.approx(0.5)
    assert below(1.0, 0.0, 1.0) == pytest.approx(0.8413447, abs=1e-6)
    assert math.isnan(below(0.65, 0.3, -0.1)) and math.isnan(below(0.65, math.nan, 0.1))


def test_stop_rests_at_once_and_stays() -> None:
    guard = shown_at(0.6)
    stopped = guard.update(101.0, 0.6, (("calm", 1.0),), replace(GOOD, stop=True), FAST)
    assert (stopped.intensity, stopped.rest, stopped.ambient) == (0.0, True, (("calm", 0.0),))
    for mode in ("auto", "confirm", "freeze", "fallback"):
        later = guard.update(102.0, 0.6, (), replace(GOOD, mode=mode), FAST)
        assert later.reason is Ruling.STOPPED and later.rest and later.intensity == 0.0


def test_after_a_stop_only_a_hand_goes_on_and_from_rest() -> None:
    guard = shown_at(0.6)
    guard.update(101.0, 0.6, (), replace(GOOD, stop=True), FAST)
    still = guard.update(101.5, 0.6, (), replace(GOOD, mode="manual", stop=True), FAST)
    assert still.reason is Ruling.STOPPED
    resumed = guard.update(102.0, 0.6, (), replace(GOOD, mode="manual"), FAST)
    assert not resumed.rest and resumed.intensity == pytest.approx(0.025)


def test_a_pause_is_not_latched_and_ends_at_rest() -> None:
    guard = shown_at(0.6)
    assert guard.update(101.0, 0.6, (), replace(GOOD, rest=True), FAST).intensity == 0.0
    assert guard.update(102.0, 0.6, (), GOOD, FAST).intensity == pytest.approx(0.05)


def test_ambient_is_bounded_slewed_and_keeps_its_place_on_nonsense() -> None:
    guard = Guard({"mist": 0.1, "waves": 7.0, "light": math.nan})
    names = ("mist", "waves", "light", "warmth")
    guard.update(0.0, 0.0, tuple((n, 0.0) for n in names), GOOD, FAST)
    shown = dict(guard.update(1.0, 0.0, tuple((n, 9.0) for n in names), GOOD, FAST).ambient)
    assert shown == {"mist": 0.1, "waves": 0.25, "light": 0.0, "warmth": 0.25}
    shown = dict(guard.update(2.0, 0.0, (("waves", math.nan),), GOOD, FAST).ambient)
    assert shown["waves"] == 0.25 and shown["mist"] == 0.1


def test_a_gap_earns_no_more_rise_than_a_slow_tick() -> None:
    assert shown_at(0.4).update(500.0, 0.9, (), GOOD, FAST).intensity == pytest.approx(0.45)


@pytest.mark.parametrize("now_s", [math.nan, math.inf, 50.0])
def test_a_clock_that_fails_moves_nothing(now_s: float) -> None:
    guard = shown_at(0.4)
    assert guard.update(now_s, 0.9, (), GOOD, FAST).intensity == pytest.approx(0.4)
    assert guard.update(100.5, 0.9, (), GOOD, FAST).intensity == pytest.approx(0.425)


# --- properties

numbers = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True), st.floats(0.0, 1.0))
floats = st.one_of(st.floats(allow_nan=True, allow_infinity=True), st.floats(0.0, 1.0))
modes = st.sampled_from(["manual", "confirm", "auto", "freeze", "fallback", "safe", "?"])
any_facts = st.builds(
    Facts, mode=modes, rest=st.booleans(), stop=st.booleans(), arousal=numbers, sd=floats,
    age_s=floats, quality=floats, relative=st.booleans(),
    flag=st.sampled_from([None, "too_much"]), suds=numbers, heart_bpm=numbers, retreat_to=floats,
)  # fmt: skip
any_bounds = st.builds(
    Bounds, ceiling=floats, rise_per_s=floats, fall_per_s=floats, window_high=floats,
    heart_ceiling_bpm=floats, suds_stop=floats, granted=floats,
)  # fmt: skip
ambient = st.lists(st.tuples(st.sampled_from(["a", "b"]), floats), max_size=2).map(tuple)
steps = st.lists(
    st.tuples(st.floats(0.01, 1.0), numbers, ambient, any_facts, any_bounds),
    min_size=1, max_size=25,
)  # fmt: skip


@given(steps)
@settings(max_examples=300, deadline=None)
def test_whatever_is_wished_the_laws_hold(steps: list) -> None:
    guard, now_s, latched = Guard(), 0.0, False
    last = guard.update(0.0, None, (), GOOD, FAST)
    for dt_s, wish, wished_ambient, facts, bounds in steps:
        now_s += dt_s
        decision = guard.update(now_s, wish, wished_ambient, facts, bounds)
        up = decision.intensity - last.intensity
        assert 0.0 <= decision.intensity <= 1.0
        assert up <= RISE_MAX_PER_S * dt_s + 1e-9
        assert decision.rest or up >= -FALL_MAX_PER_S * dt_s - 1e-9
        before = dict(last.ambient)
        for name, value in decision.ambient:
            assert 0.0 <= value <= 1.0
            moved = abs(value - before.get(name, 0.0))
            assert decision.rest or moved <= 2 * AMBIENT_MAX_PER_S * dt_s + 1e-9
        if up > 1e-9:
            is_open = dict(decision.gates)
            assert facts.mode == "manual" or all(is_open.values())
            assert wish is not None and decision.intensity <= min(wish, bounds.ceiling) + 1e-9
            assert decision.intensity <= facts.retreat_to + 1e-9
            assert facts.mode != "confirm" or decision.intensity <= bounds.granted + 1e-9
        latched = facts.stop or facts.mode == "safe" or (latched and facts.mode != "manual")
        assert decision.rest == (latched or facts.rest)
        if decision.rest:
            assert decision.intensity == 0.0 and not any(v for _, v in decision.ambient)
        last = decision


@given(any_facts, any_bounds, st.floats(0.0, 0.39), st.floats(0.01, 1.0))
@settings(max_examples=200, deadline=None)
def test_a_decrease_is_never_blocked(
    facts: Facts, bounds: Bounds, wish: float, dt_s: float
) -> None:
    decision = shown_at(0.4).update(100.0 + dt_s, wish, (), facts, bounds)
    assert decision.intensity <= max(wish, 0.4 - 0.02 * dt_s) + 1e-9


@given(st.integers(1, 100), st.integers(1, 100), st.floats(0.0, 1.0))
@settings(max_examples=60, deadline=None)
def test_the_way_up_is_the_same_at_any_rate(rate_hz: int, other_hz: int, wish: float) -> None:
    ends = []
    for hz in (rate_hz, other_hz):
        guard = Guard()
        for tick in range(8 * hz + 1):
            decision = guard.update(tick / hz, wish, (), GOOD, FAST)
        ends.append(decision.intensity)
    assert ends[0] == pytest.approx(ends[1], abs=1e-9)


@given(steps, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
@settings(max_examples=150, deadline=None)
def test_tighter_limits_never_give_more(steps: list, ceiling: float, share: float) -> None:
    loose, tight, now_s = Guard(), Guard(), 0.0
    wide = Bounds(rise_per_s=0.05, ceiling=ceiling)
    narrow = Bounds(rise_per_s=0.05 * share, ceiling=ceiling * share, window_high=0.5)
    for dt_s, wish, _, facts, _ in steps:
        now_s += dt_s
        # No wish and a wish that is none mean "stay": only real wishes can be compared.
        wish = 0.5 if wish is None or not 0.0 <= wish <= 1.0 else wish
        more = loose.update(now_s, wish, (), facts, wide)
        less = tight.update(now_s, wish, (), facts, narrow)
        assert less.intensity <= more.intensity + 1e-9
