"""A code of six digits: once, for five minutes, and not to be guessed."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from adaptivevr.console.pairing import CODE_S, PAUSE_S, TRIES, Outcome, Pairing


def opened(seed: int = 1, now_s: float = 100.0) -> tuple[Pairing, str]:
    pairing = Pairing(random.Random(seed))
    pairing.open(now_s)
    code = pairing.code(now_s)
    assert code is not None
    return pairing, code


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_without_a_clinician_there_is_no_code() -> None:
    pairing = Pairing(random.Random(1))
    assert pairing.code(0.0) is None and not pairing.paired
    assert pairing.enter("", 0.0).outcome == Outcome.CLOSED
    assert not pairing.admits("")


def test_the_right_code_gives_a_token_once() -> None:
    pairing, code = opened()
    answer = pairing.enter(code, 101.0)
    assert answer.outcome == Outcome.PAIRED and len(answer.token) == 64
    assert pairing.admits(answer.token) and pairing.paired
    assert not pairing.admits(answer.token[:-1]) and not pairing.admits("\udc80")
    assert pairing.code(101.0) is None
    assert pairing.enter(code, 102.0).outcome == Outcome.CLOSED


def test_a_code_is_good_for_five_minutes_and_not_a_moment_more() -> None:
    pairing, code = opened()
    assert pairing.left_s(100.0) == CODE_S == 300.0
    assert pairing.code(399.9) == code
    assert pairing.code(400.0) is None and pairing.left_s(400.0) == 0.0
    assert pairing.enter(code, 400.0).outcome == Outcome.CLOSED


def test_five_wrong_codes_change_it_and_pause() -> None:
    pairing, code = opened()
    wrong = other(code)
    outcomes = [pairing.enter(wrong, 101.0).outcome for _ in range(TRIES)]
    assert outcomes == [Outcome.WRONG] * 4 + [Outcome.CHANGED]
    new = pairing.code(101.0)
    assert new is not None and new != code
    paused = pairing.enter(new, 101.0 + PAUSE_S - 0.1)
    assert paused.outcome == Outcome.PAUSED and 0 < paused.wait_s <= 0.11
    assert pairing.enter(code, 101.0 + PAUSE_S).outcome == Outcome.WRONG
    assert pairing.enter(new, 101.0 + PAUSE_S).outcome == Outcome.PAIRED


def test_a_pause_is_not_ended_by_another_code() -> None:
    pairing, code = opened()
    for _ in range(TRIES):
        pairing.enter(other(code), 101.0)
    pairing.open(102.0)
    assert pairing.enter(pairing.code(102.0) or "", 103.0).outcome == Outcome.PAUSED


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), every_s=st.floats(0.3, 20.0))
def test_whoever_guesses_has_25_guesses_for_each_opening(seed: int, every_s: float) -> None:
    pairing, code = opened(seed)
    looked_at, now_s = 0, 100.0
    while pairing.code(now_s) is not None:
        code = pairing.code(now_s) or ""
        answer = pairing.enter(other(code), now_s)
        looked_at += answer.outcome in (Outcome.WRONG, Outcome.CHANGED)
        now_s += every_s
    assert looked_at <= 25
    assert not pairing.paired


def test_another_headset_takes_the_place_of_the_first_and_ending_ends() -> None:
    pairing, code = opened()
    first = pairing.enter(code, 101.0).token
    pairing.open(102.0)
    assert pairing.admits(first)  # until another has entered the code
    second = pairing.enter(pairing.code(102.0) or "", 103.0).token
    assert pairing.admits(second) and not pairing.admits(first)
    pairing.end()
    assert not pairing.admits(second) and not pairing.paired


def test_closing_takes_the_code_back_and_leaves_the_headset() -> None:
    pairing, code = opened()
    token = pairing.enter(code, 101.0).token
    pairing.open(102.0)
    new = pairing.code(102.0) or ""
    pairing.close()
    assert pairing.enter(new, 103.0).outcome == Outcome.CLOSED
    assert pairing.admits(token)


def test_codes_have_six_digits_and_come_from_the_given_chance() -> None:
    codes = {opened(seed)[1] for seed in range(300)}
    assert all(len(c) == 6 and c.isdecimal() for c in codes) and len(codes) > 295
    assert any(c.startswith("0") for c in codes)
    assert opened(7)[1] == opened(7)[1]
