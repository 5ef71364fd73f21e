"""The whole engine as one function: what enters, what is decided, and what never happens."""

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adaptivevr.command import Confirm, Manual, Resume, SetLimit, Start, Stop
from adaptivevr.session import Session
from adaptivevr.signals import Signals, canonical
from sensors.chunk import Chunk
from sensors.stream import Kind, Stream
from tests.replay.golden import SESSIONS
from tests.replay.play import (
    START_S,
    Play,
    intensities,
    modes,
    plan,
    plug,
    rises,
    say,
    unplug,
)

BOTH = (Kind.RR, Kind.EDA)


def entered_at(play: Play, mode: str) -> float:
    """When a mode was first in force, in seconds since the start."""
    return next(t.now_s for t in play.ticks if t.decision.mode == mode) - START_S


def test_a_person_meets_a_scene_that_rises_as_they_settle() -> None:
    play = Play(hz=10.0)
    play.run(60.0)
    assert max(intensities(play.ticks)) >= 0.2
    assert play.session.baseline is not None
    assert play.ticks[-1].baseline == play.session.baseline.id
    quiet = [t for t in play.ticks if t.phase == "quiet"]
    assert quiet and max(intensities(quiet)) == 0.0


def test_nobody_there_and_nothing_rises() -> None:
    play = Play("none", hz=5.0)
    play.run(120.0)
    assert max(intensities(play.ticks)) == 0.0
    assert all(t.arousal.level is None for t in play.ticks)


def test_without_a_start_the_scene_rests() -> None:
    play = Play(hz=5.0)
    play._said = []
    assert all(t.frame.rest and t.decision.intensity == 0.0 for t in play.run(20.0))


# ---- sensors that go away (the policy for lost sensors) ------------------------------------


def test_all_required_sensors_lost_ends_at_rest_by_steps() -> None:
    play = Play(hz=10.0, orders={40.0: unplug(*BOTH)})
    play.run(120.0)
    assert modes(play.ticks) == ["auto", "freeze", "fallback", "safe"]
    assert 45.0 <= entered_at(play, "freeze") <= 46.0
    assert 70.0 <= entered_at(play, "fallback") <= 71.0
    assert 100.0 <= entered_at(play, "safe") <= 101.0
    lost = [t for t in play.ticks if t.now_s > START_S + 43.0]
    assert rises(lost) == 0
    shown = intensities(lost)
    gliding = [t.decision.intensity for t in lost if t.decision.mode == "fallback"]
    assert gliding[-1] < gliding[0] - 0.1  # about a level lower, over 30 s
    assert max(a - b for a, b in pairwise(gliding)) < 0.02
    assert shown[-1] == 0.0 and lost[-1].frame.rest


@pytest.mark.parametrize("gone", [Kind.RR, Kind.EDA])
def test_with_one_of_two_sensors_lost_the_session_goes_on(gone: Kind) -> None:
    play = Play(hz=10.0, orders={30.0: unplug(gone)})
    play.run(110.0)
    assert modes(play.ticks) == ["auto"]
    later = [t for t in play.ticks if t.now_s > START_S + 45.0]
    assert all(t.arousal.level is not None for t in later)
    told = [f for t in play.ticks for f in t.faults]
    assert [f.trouble for f in told] == ["lost"] and told[0].stream == str(gone)
    assert told[0].time_s - START_S < 30.0 + 6.0


@pytest.mark.parametrize("kind", [Kind.ECG, Kind.EDA, Kind.EEG, Kind.BREATH, Kind.MOTION])
def test_unplugging_any_sensor_raises_nothing_at_that_moment(kind: Kind) -> None:
    steady = Play(hz=10.0, detail="waveform", orders={28.0: say(Manual, intensity=0.1)})
    steady.orders = {**steady.orders, 32.0: unplug(kind)}
    steady.__post_init__()
    steady.run(46.0)
    after = [t for t in steady.ticks if t.now_s > START_S + 32.0]
    assert rises(after) == 0
    lost = [f for t in after for f in t.faults if f.trouble == "lost"]
    assert [f.stream for f in lost] == [str(kind)]
    assert lost[0].time_s - START_S - 32.0 <= 3.1
    assert any(s.state == "late" for s in steady.session.panel(steady.now_s).sensors)


def test_a_sensor_that_returns_is_said_and_automation_waits_for_a_person() -> None:
    play = Play(
        hz=10.0,
        orders={
            40.0: unplug(*BOTH),
            55.0: plug(*BOTH),
            85.0: say(Confirm, proposal="resume"),
        },
    )
    play.run(85.0)
    assert modes(play.ticks) == ["auto", "freeze"]
    back = [f for t in play.ticks for f in t.faults if f.trouble == "returned"]
    assert {f.stream for f in back} == {"rr", "eda"}
    assert all(f.time_s - START_S - 55.0 < 2.0 for f in back)
    fresh = next(t for t in play.ticks if t.now_s > START_S + 55.0 and t.features)
    assert fresh.now_s - START_S - 55.0 < 5.0
    assert play.ticks[-1].proposal == "resume"
    assert play.run(1.0)[-1].decision.mode == "auto"


def test_an_unknown_arousal_never_goes_with_an_increase() -> None:
    play = Play(hz=10.0, orders={20.0: unplug(*BOTH), 24.0: plug(*BOTH), 36.0: unplug(*BOTH)})
    play.run(80.0)
    for before, after in pairwise(play.ticks):
        if after.decision.intensity > before.decision.intensity:
            assert after.arousal.level is not None and after.arousal.sd <= 0.3


def test_a_rating_without_a_usable_sensor_is_no_ground_for_an_increase() -> None:
    """A burst spoils every sensor; what the patient said before it keeps no gate open."""
    _, make = SESSIONS["artefacts"]
    play = make()
    play.run(60.0)
    for before, after in pairwise(play.ticks):
        if after.decision.intensity > before.decision.intensity:
            used = [p.name for p in after.arousal.parts if p.state in ("used", "suspect")]
            assert set(used) - {"rating"}, f"rose at {after.now_s - START_S:.1f} s on {used}"


# ---- what people say -----------------------------------------------------------------------


def test_a_ceiling_is_in_force_at_the_next_tick_and_bounded() -> None:
    play = Play(hz=10.0)
    play.run(45.0)
    shown = play.ticks[-1].decision.intensity
    assert shown > 0.2
    play.say(SetLimit, name="ceiling", value=0.1)
    play.say(SetLimit, name="rise_per_s", value=99.0)
    tick = play.run(0.1)[0]
    assert tick.decision.intensity < shown
    limits = play.session.panel(play.now_s).limits
    assert limits.ceiling == 0.1 and limits.rise_per_s == 0.05
    assert rises(play.run(20.0)) == 0
    assert play.ticks[-1].decision.intensity == pytest.approx(0.1)


def test_a_limit_set_by_anybody_else_changes_nothing() -> None:
    play = Play(hz=10.0)
    play.run(10.0)
    before = play.session.panel(play.now_s).limits
    play.say(SetLimit, "patient", name="ceiling", value=0.0)
    play.say(SetLimit, name="nonsense", value=1.0)
    play.say(SetLimit, name="window_high", value=math.nan)
    play.run(0.1)
    assert play.session.panel(play.now_s).limits == before


def test_a_stop_is_latched_until_a_clinician_resumes() -> None:
    play = Play(hz=10.0)
    play.run(45.0)
    play.say(Stop, "patient", by="patient")
    stopped = play.run(0.1)[0]
    assert stopped.frame.rest and stopped.decision.intensity == 0.0
    play.say(Resume, "patient")
    play.say(Start)
    play.say(Manual, intensity=0.8)
    play.say(Confirm, proposal="resume")
    assert all(t.frame.rest for t in play.run(30.0))
    play.say(Resume)
    assert not play.run(0.1)[0].frame.rest
    assert all(t.decision.mode == "manual" for t in play.run(10.0))


def test_a_stop_and_a_resume_in_one_tick_is_a_stop() -> None:
    play = Play(hz=10.0)
    play.run(30.0)
    play.say(Stop)
    play.say(Resume)
    assert all(t.frame.rest for t in play.run(5.0))


# ---- independence of cutting, rate and repetition ------------------------------------------


def test_the_same_calls_give_the_same_ticks() -> None:
    one, other = Play(hz=10.0, seed=3), Play(hz=10.0, seed=3)
    assert one.run(30.0) == other.run(30.0)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=4, deadline=None)
def test_cutting_within_a_tick_changes_nothing(seed: int) -> None:
    random = np.random.default_rng(seed)

    def cut(_: float, chunks: list[Chunk]) -> list[Chunk]:
        pieces: list[list[Chunk]] = []
        for chunk in chunks:
            n = len(chunk)
            edges = [0, *sorted(random.integers(0, n + 1, random.integers(0, 4)).tolist()), n]
            pieces.append([chunk.part(a, b) for a, b in pairwise(edges)])
        order = [i for i, run in enumerate(pieces) for _ in run]
        random.shuffle(order)
        return [pieces[i].pop(0) for i in order]

    sensors = (Kind.ECG, Kind.EDA, Kind.MARKERS)
    whole = Play(hz=4.0, detail="waveform", sensors=sensors)
    pieces = Play(hz=4.0, detail="waveform", sensors=sensors, spoil=cut)
    assert whole.run(15.0) == pieces.run(15.0)


def test_decide_needs_features_only() -> None:
    """The second half alone gives the tick, whoever computed the features and in which blocks."""
    play = Play(hz=5.0)
    play.run(25.0)
    session = Session(plan())
    for tick in play.ticks:
        said = (Start(id="start", who="clinician", at_s=START_S),) if tick.seq == 1 else ()
        chunks = _entered(tick.entered, tick.now_s)
        again = session.decide(tick.now_s, chunks, tick.features, said)
        assert (
            again.decision.intensity == tick.decision.intensity or tick.commands != again.commands
        )
        if tick.now_s > START_S + 12.0:
            break
        assert again.arousal == tick.arousal


def _entered(rows: tuple[tuple[str, int, float], ...], now_s: float) -> tuple[Chunk, ...]:
    facts = {s.id: s for s in Play().patient.streams}
    return tuple(
        Chunk(facts[name], np.full(n, now_s), offset_s, np.zeros((n, 1)))
        for name, n, offset_s in rows
    )


@pytest.mark.parametrize("hz", [1.0, 3.0, 100.0])
def test_any_rate_gives_about_the_same_session(hz: float) -> None:
    usual, other = Play(hz=20.0), Play(hz=hz)
    usual.run(60.0)
    other.run(60.0)
    for second in (20, 30, 40, 50, 60):
        a = usual.ticks[int(second * usual.hz) - 1].decision.intensity
        b = other.ticks[int(second * hz) - 1].decision.intensity
        assert b == pytest.approx(a, abs=0.07), f"at {second} s"
    steps = [b - a for a, b in pairwise(intensities(other.ticks))]
    assert max(steps) <= 0.05 / hz + 1e-9


# ---- garbage -------------------------------------------------------------------------------

KINDS = [Kind.ECG, Kind.PPG, Kind.RR, Kind.EDA, Kind.EEG, Kind.BREATH, Kind.MOTION,
         Kind.MARKERS, Kind.POSE]  # fmt: skip
LARGE = (HealthCheck.too_slow, HealthCheck.data_too_large)
NUMBERS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True, width=64),
    st.sampled_from([0.0, math.nan, math.inf, -math.inf, 1e308, -1e308, 1e-308]),
)


@st.composite
def garbage(draw: st.DrawFn) -> Chunk:
    """A chunk nobody should send: any stamps, any numbers, any shape."""
    kind = draw(st.sampled_from(KINDS))
    rate_hz = 0.0 if kind in (Kind.RR, Kind.MARKERS) else draw(st.sampled_from([4.0, 130.0, 256.0]))
    channels = draw(st.integers(1, 3))
    declared = draw(st.integers(1, 4))
    stream = Stream(
        id=str(kind), name="strange", kind=kind, rate_hz=rate_hz,
        unit=draw(st.sampled_from(["uV", "uS", ""])),
        channels=tuple(f"c{i}" for i in range(declared)),
        used=(draw(st.integers(0, declared - 1)),),
        scale=draw(st.sampled_from([1.0, 1e6, -1.0])),
    )  # fmt: skip
    n = draw(st.integers(0, 12))
    stamps = draw(st.lists(st.one_of(NUMBERS, st.floats(900.0, 1100.0)), min_size=n, max_size=n))
    if kind is Kind.MARKERS:
        values = np.array([["?"] * channels] * n, dtype=object).reshape(n, channels)
    else:
        rows = st.lists(NUMBERS, min_size=n * channels, max_size=n * channels)
        values = np.array(draw(rows), dtype=np.float64).reshape(n, channels)
    offset_s = draw(st.sampled_from([0.0, 0.25, -5.0, 1e6]))
    return Chunk(stream, np.array(stamps, dtype=np.float64), offset_s, values)


def numbers(value: object) -> Iterator[float]:
    """Every number anywhere in a tick; refuses what must not be in one."""
    if is_dataclass(value):
        for one in fields(value):
            yield from numbers(getattr(value, one.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, float):
        yield value
    else:
        assert value is None or isinstance(value, bool | int | str | Enum), repr(value)


@given(feed=st.lists(st.lists(garbage(), max_size=3), min_size=1, max_size=12))
@settings(
    max_examples=60, deadline=None, suppress_health_check=LARGE
)  # fmt: skip
def test_garbage_never_raises_never_rises_and_never_reaches_a_tick(feed: list[list[Chunk]]) -> None:
    session = Session(plan())
    said = (Start(id="start", who="clinician", at_s=START_S),)
    for i, chunks in enumerate(feed):
        tick = session.tick(START_S + i * 0.5, chunks, said if i == 0 else ())
        assert tick.decision.intensity == 0.0
        for number in numbers(tick):
            assert math.isfinite(number)
        session.panel(START_S + i * 0.5)


@given(seed=st.integers(0, 10_000), bad=st.lists(garbage(), min_size=2, max_size=5))
@settings(
    max_examples=12, deadline=None, suppress_health_check=LARGE
)  # fmt: skip
def test_garbage_beside_good_sensors_raises_nothing_above_what_was_due(
    seed: int, bad: list[Chunk]
) -> None:
    random = np.random.default_rng(seed)

    def spoil(since_s: float, chunks: list[Chunk]) -> list[Chunk]:
        if since_s < 20.0 or random.random() < 0.7:
            return chunks
        return [*chunks, bad[int(random.integers(len(bad)))]]

    play = Play(hz=5.0, spoil=spoil)
    for before, after in pairwise(play.run(35.0)):
        assert all(math.isfinite(x) for x in numbers(after))
        if after.decision.intensity > before.decision.intensity:
            assert after.arousal.level is not None and after.arousal.sd <= 0.3
            assert after.decision.intensity - before.decision.intensity <= 0.05 / 5.0 + 1e-9


def test_samples_alone_never_count_as_a_tick_of_data_when_they_are_broken() -> None:
    """A stamp that is no number is nobody's newest sample."""
    session = Session(plan())
    ecg = Stream("ecg", "strap", Kind.ECG, 130.0, "uV")
    session.tick(START_S, [Chunk(ecg, np.array([999.0]), 0.0, np.zeros((1, 1)))], ())
    stamps = np.array([999.1, math.nan, math.inf, 1e9])
    tick = session.tick(START_S + 0.1, [Chunk(ecg, stamps, 0.0, np.zeros((4, 1)))], ())
    assert tick.frame.data_s == 999.1


def test_features_do_not_depend_on_who_asks() -> None:
    """Signals over one long block give what they gave tick by tick."""
    play = Play(hz=10.0, detail="waveform", sensors=(Kind.ECG, Kind.EDA))
    pieces: list[Chunk] = []

    def keep(_: float, chunks: list[Chunk]) -> list[Chunk]:
        pieces.extend(chunks)
        return chunks

    play.spoil = keep
    play.run(20.0)
    by_tick = [f for t in play.ticks for f in t.features]
    at_once = list(Signals().update(canonical(pieces)))
    for stream in ("ecg", "eda"):
        assert [f for f in at_once if f.stream == stream] == [
            f for f in by_tick if f.stream == stream
        ]
