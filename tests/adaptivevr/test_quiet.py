"""The quiet phase ends with a baseline, and only quiet is ever learned from."""

from adaptivevr.quiet import Quiet
from calibration.prior import population
from sensors.feature import Feature
from sensors.stream import Kind
from tests.replay.play import START_S, Play, plan, unplug


def heartbeat(at_s: float) -> Feature:
    return Feature("heart_rate", 64.0, "bpm", at_s, "ecg", int(at_s), quality=1.0)


def test_nothing_is_collected_outside_the_quiet_phase() -> None:
    quiet = Quiet(5.0, population("ada"), "ada")
    for i in range(60):
        quiet.update(float(i), [heartbeat(float(i))], "hold")
    assert quiet.baseline is None and quiet.share(60.0) is None and quiet.refused == ()


def test_its_share_goes_from_nothing_to_all() -> None:
    quiet = Quiet(10.0, None, "ada")
    quiet.update(100.0, [], "quiet")
    assert quiet.share(100.0) == 0.0 and quiet.share(105.0) == 0.5 and quiet.share(300.0) == 1.0


def test_without_enough_signal_it_says_why_and_goes_on() -> None:
    quiet = Quiet(10.0, None, "ada")
    for i in range(30):
        quiet.update(float(i), [], "quiet")
    assert quiet.baseline is None and quiet.refused and all(quiet.refused)
    assert quiet.share(30.0) == 1.0


def test_a_stored_calibration_is_refreshed_and_never_again() -> None:
    play = Play(hz=5.0)
    play.run(20.0)
    baseline, stored = play.session.baseline, plan().baseline
    assert baseline is not None and stored is not None
    today, before = baseline.of("ln_scl"), stored.of("ln_scl")
    assert today is not None and before is not None
    assert today.offset is not None and today.slope == before.slope
    play.run(40.0)
    assert play.session.baseline is baseline  # fear is not learned as quiet
    assert play.session.panel(play.now_s).quiet_share is None


def test_a_person_without_sensors_waits_in_quiet_and_is_told() -> None:
    play = Play(hz=5.0, orders={0.0: unplug(Kind.RR, Kind.EDA)})
    play.run(30.0)
    panel = play.session.panel(play.now_s)
    assert play.session.baseline is None and panel.refused and panel.quiet_share == 1.0
    assert play.ticks[-1].phase == "quiet" and play.ticks[-1].decision.intensity == 0.0
    assert play.now_s == START_S + 30.0
