"""The guided calibration: every step at rest, refused by name, stored values, and no shortcuts."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from adaptivevr.command import Confirm, Manual, Pause, Rate, Resume, Stop
from adaptivevr.guided import AGAIN, BEGIN, FULL, GO_ON, LEAVE, OFFER
from adaptivevr.modes import Mode
from adaptivevr.recorded import read_recording
from adaptivevr.replay import replay_ours
from calibration.baseline import Baseline, Reference
from calibration.steps import Guide
from sensors.chunk import Chunk
from sensors.stream import Kind
from tests.adaptivevr.calibration_rig import Told, told
from tests.replay.play import intensities, say


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """One person's first session up to the first level, recorded."""
    play = told(record=tmp_path_factory.mktemp("calibration") / "first.xdf")
    play.until("hold")
    play.close()
    yield play


def made(play: Told) -> Baseline:
    baseline = play.session.baseline
    assert baseline is not None
    return baseline


def of(baseline: Baseline, name: str) -> Reference:
    reference = baseline.of(name)
    assert reference is not None
    return reference


def loose(since_s: float, chunks: list[Chunk]) -> list[Chunk]:
    """The skin electrodes hang in the air."""
    return [
        replace(c, values=np.full_like(c.values, 0.005)) if c.stream.kind == Kind.EDA else c
        for c in chunks
    ]


def test_a_new_person_is_led_through_all_steps_at_rest(whole: Told) -> None:
    steps = [phase.removeprefix("calibration ") for phase in whole.phases]
    assert steps[:7] == ["fit", "settle", "quiet", "paced", "induced", "recovery", "done"]
    assert steps[-2:] == ["ramp", "hold"]
    during = [t for t in whole.ticks if t.phase.startswith("calibration")]
    assert max(intensities(during)) == 0.0
    assert all(t.arousal.level is None for t in during)  # nothing is claimed before it is known
    assert {t.phase for t in during if t.intent.pacer} == {"calibration paced"}
    prompts = [t.intent.prompt for t in during if t.intent.prompt]
    assert {"calibration-sigh", "calibration-quiet", "calibration-induced"} <= {
        p.id for p in prompts
    }
    assert len({p.id for p in prompts if p.kind == "rating"}) == 2


def test_what_it_finds_is_this_persons(whole: Told) -> None:
    baseline, person = made(whole), whole.patient.person
    heart = of(baseline, "heart_rate")
    assert heart.responsive and heart.offset == pytest.approx(person.heart_rate_bpm, abs=6.0)
    assert 0.5 < heart.slope / person.heart_gain_bpm < 2.0
    assert baseline.recovery_s == pytest.approx(person.scr_decay_s, abs=1.2)
    assert baseline.rsa_ms is not None and baseline.rsa_ms > 60.0
    assert baseline.coherence is not None and baseline.coherence > 0.6
    assert baseline.skin_answers is True
    assert baseline.quiet_suds is not None and baseline.induced_suds is not None
    assert baseline.half_recovery_s is not None and 5.0 < baseline.half_recovery_s < 150.0
    assert baseline.devices == ("eda:patient eda", "rr:patient rr")
    assert not baseline.prior_only and not baseline.daily and baseline.id == "c1"


def test_nothing_is_learned_as_rest_once_it_stands(whole: Told) -> None:
    assert whole.ticks[-1].baseline == "c1"
    before = made(whole)
    whole.run(30.0)
    assert made(whole) is before


def test_a_recording_of_it_replays_equal(whole: Told) -> None:
    assert isinstance(whole.record, Path)
    found = replay_ours(read_recording(whole.record), whole.record)
    assert found.equal and found.inputs_intact and found.ticks > 4000


def test_another_day_takes_the_short_way_and_moves_offsets_only(whole: Told) -> None:
    stored = made(whole)
    play = told(Guide("day 2", full=False), stored)
    end_s = play.until("ramp", 600.0)
    assert play.phases[:2] == ["calibration fit", "calibration quiet"]
    assert 180.0 <= end_s <= 420.0
    today = made(play)
    assert today.daily and today.id == "day 2" and today.prior_only == stored.prior_only
    for reference in stored.references:
        now = of(today, reference.name)
        assert (now.slope, now.sd, now.responsive) == (
            reference.slope, reference.sd, reference.responsive,
        )  # fmt: skip
    assert of(today, "heart_rate").offset != of(stored, "heart_rate").offset
    assert today.recovery_s == stored.recovery_s


def test_rest_that_has_moved_asks_for_all_of_it(whole: Told) -> None:
    stored = made(whole)
    slower = tuple(
        replace(r, offset=(r.offset or 0.0) - 30.0) if r.name == "heart_rate" else r
        for r in stored.references
    )
    play = told(Guide("day 2", full=False), replace(stored, references=slower))
    play.until("calibration shifted", 600.0)
    assert play.ticks[-1].proposal == FULL
    (text,) = play.session.panel(play.now_s).refused
    assert "Heart rate at rest" in text and "full calibration" in text
    play.run(60.0)
    assert play.ticks[-1].phase == "calibration shifted"  # nobody has said anything
    play.say(Confirm, proposal=FULL, yes=True)
    play.run(1.0)
    assert play.ticks[-1].phase == "calibration settle"


def test_a_no_to_that_goes_on_carefully(whole: Told) -> None:
    stored = made(whole)
    slower = tuple(
        replace(r, offset=(r.offset or 0.0) - 30.0) if r.name == "heart_rate" else r
        for r in stored.references
    )
    play = told(Guide("day 2", full=False), replace(stored, references=slower))
    play.until("calibration shifted", 600.0)
    play.say(Confirm, proposal=FULL, yes=False)
    play.until("ramp", 30.0)
    assert made(play).prior_only and "Heart rate at rest" in made(play).note


def test_a_loose_electrode_is_refused_by_name_and_reason() -> None:
    play = told(spoil=loose)
    play.run(70.0)
    assert play.ticks[-1].proposal == GO_ON
    (text,) = play.session.panel(play.now_s).refused
    assert "skin sensor (" in text and "eda" in text
    assert "off the skin" in text and "press the skin electrodes" in text
    assert any(text == fault.text for tick in play.ticks for fault in tick.faults)
    play.until("calibration refused", 240.0)
    assert play.since_s == pytest.approx(240.0, abs=3.0)
    assert play.ticks[-1].proposal == AGAIN
    assert play.session.baseline is None and max(intensities(play.ticks)) == 0.0
    play.spoil = None  # somebody presses it on
    play.say(Confirm, proposal=AGAIN, yes=True)
    play.run(1.0)
    assert play.ticks[-1].phase == "calibration fit"
    play.until("calibration settle", 120.0)


def test_an_electrode_that_is_pressed_on_in_time_costs_only_that_time() -> None:
    play = told(spoil=loose)
    play.run(90.0)
    assert play.session.panel(play.now_s).refused
    play.spoil = None
    assert play.until("calibration settle", 60.0) < 130.0
    assert play.session.panel(play.now_s).refused == ()


def test_without_it_the_quiet_phase_serves_and_automation_stays_limited() -> None:
    play = told(orders={20.0: say(Confirm, proposal=LEAVE)})
    play.until("quiet", 30.0)
    play.until("ramp", 240.0)
    assert made(play).prior_only and play.ticks[-1].decision.mode == Mode.CONFIRM


def test_only_a_clinician_leaves_it_out() -> None:
    play = told(orders={20.0: say(Confirm, "patient", proposal=LEAVE)})
    play.run(40.0)
    assert play.ticks[-1].phase == "calibration fit"


def test_a_stored_one_that_was_to_be_done_anew_counts_carefully(whole: Told) -> None:
    play = told(Guide("redo", why="40 days old"), made(whole),
                orders={5.0: say(Confirm, proposal=LEAVE)})  # fmt: skip
    play.until("ramp", 240.0)
    today = made(play)
    assert today.prior_only
    assert of(today, "heart_rate").slope == of(made(whole), "heart_rate").slope


def test_a_step_may_be_left_out_and_is_noted() -> None:
    play = told(orders={
        65.0: say(Confirm, proposal="leave_out_settle"),
        70.0: say(Confirm, proposal="leave_out_paced"),  # not its turn: ignored
    })  # fmt: skip
    assert play.until("calibration quiet") == pytest.approx(65.0, abs=2.0)
    play.run(5.0)
    assert play.ticks[-1].phase == "calibration quiet"


def test_a_pause_a_stop_or_a_hand_begins_the_step_anew() -> None:
    play = told()
    play.run(50.0)
    play.say(Pause)
    play.run(30.0)
    assert play.ticks[-1].intent.prompt is None
    play.say(Resume)
    play.run(20.0)
    assert play.ticks[-1].phase == "calibration fit"
    assert play.session.panel(play.now_s).quiet_share == pytest.approx(20.0 / 60.0, abs=0.03)
    play.say(Stop)
    play.run(5.0)
    assert play.ticks[-1].decision.mode == Mode.SAFE and play.ticks[-1].frame.rest
    play.say(Resume)
    play.run(70.0)
    assert play.ticks[-1].phase == "calibration fit"  # still in somebody's hands
    play.say(Manual, intensity=0.2)
    play.run(30.0)
    assert play.ticks[-1].decision.intensity > 0.1  # a hand always wins
    play.say(Manual, intensity=None)
    play.run(10.0)
    assert play.ticks[-1].decision.intensity == 0.0
    assert play.until("calibration settle", 90.0) > 0.0


def test_sensors_on_nobody_are_refused() -> None:
    play = told(kind="none")
    play.until("calibration refused", 260.0)
    assert play.session.panel(play.now_s).refused
    play.say(Confirm, proposal=AGAIN, yes=False)
    play.run(200.0)
    assert play.ticks[-1].phase == "quiet" and max(intensities(play.ticks)) == 0.0


OFFERED = Guide("c1", offered=True)


def test_an_offer_that_nobody_takes_costs_nothing(tmp_path: Path) -> None:
    play = told(OFFERED, record=tmp_path / "offer.xdf")
    play.until("ramp")
    # Exactly the way without a calibration: the quiet phase counted all the time.
    assert play.since_s == pytest.approx(play.session.plan.protocol.phases.quiet_s, abs=15.0)
    asked = [t for t in play.ticks if t.intent.prompt and t.intent.prompt.id == OFFER.id]
    assert asked and {t.phase for t in asked} == {"quiet"}
    assert made(play).prior_only
    play.close()
    assert isinstance(play.record, Path)
    found = replay_ours(read_recording(play.record), play.record)
    assert found.equal and found.inputs_intact


def test_the_patient_s_yes_begins_it() -> None:
    play = told(OFFERED)
    play.until("quiet")
    play.run(5.0)
    play.say(Rate, "patient", scale="confirm", value=1.0, prompt=OFFER.id)
    play.run(1.0)
    assert play.ticks[-1].phase == "calibration fit"
    assert play.ticks[-1].intent.prompt and play.ticks[-1].intent.prompt.id != OFFER.id
    play.until("calibration settle")


def test_a_clinician_s_no_ends_the_offer() -> None:
    play = told(OFFERED)
    play.until("quiet")
    play.say(Confirm, proposal=BEGIN, yes=False)
    play.run(1.0)
    assert play.ticks[-1].phase == "quiet" and play.ticks[-1].intent.prompt != OFFER
    assert play.ticks[-1].proposal is None
