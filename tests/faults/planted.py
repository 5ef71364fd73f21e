"""Faults planted one at a time: each control of docs/safety.md must be missed by its own test.

    python -m tests.faults.planted [WORD ...]

A row is a sentence, the module, the source as it is, what it becomes, and the test that must
fail then. Every fault lives in a process of its own; the table is proven by
`tests/faults/test_planted.py`.
"""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from tests.faults.mutants import ROOT, source_of


@dataclass(frozen=True, slots=True)
class Fault:
    """One planted fault."""

    title: str
    module: str
    source: str
    becomes: str
    test: str


def _row(title: str, module: str, source: str, becomes: str, test: str) -> Fault:
    return Fault(title, module, source, becomes, f"tests/{test}")


GUARD, MODES = "adaptivevr/test_guard.py::", "adaptivevr/test_modes.py::"
ENDS, CUES = "adaptivevr/test_modes_ends.py::", "adaptivevr/test_cues.py::"
FAULTS = (
    _row("a vague estimate opens the gate", "adaptivevr.guard",
         "0.0 < facts.sd <= SD_MAX", "True", GUARD + "test_sentence"),
    _row("old data open the gate", "adaptivevr.guard",
         "0.0 <= facts.age_s <= FRESH_S", "True", GUARD + "test_sentence"),
    _row("a poor signal opens the gate", "adaptivevr.guard",
         "QUALITY_MIN <= facts.quality <= 1.0", "True", GUARD + "test_sentence"),
    _row("arousal that may be high opens the gate", "adaptivevr.guard",
         "below(bounds.window_high, level, facts.sd) >= BELOW_HIGH_MIN", "True",
         GUARD + "test_sentence"),
    _row("the ceiling is rounded up", "adaptivevr.guard",
         "ceiling, retreat_to = _unit(bounds.ceiling), _unit(facts.retreat_to)",
         "ceiling, retreat_to = math.ceil(_unit(bounds.ceiling) * 8) / 8, _unit(facts.retreat_to)",
         GUARD + "test_sentence"),
    _row("the pace has no hard bound", "adaptivevr.guard",
         "rise = _clamp(bounds.rise_per_s, 0.0, RISE_MAX_PER_S, 0.0)", "rise = bounds.rise_per_s",
         GUARD + "test_sentence"),
    _row("a stop is not latched", "adaptivevr.guard",
         "self._stopped = stopping or (self._stopped and facts.mode != \"manual\")",
         "self._stopped = stopping", GUARD + "test_stop_rests_at_once_and_stays"),
    _row("ambient values jump", "adaptivevr.guard",
         "_clamp(_unit(wish, here), here - step, here + step, here)", "_unit(wish, here)",
         GUARD + "test_ambient_is_bounded_slewed_and_keeps_its_place_on_nonsense"),
    _row("a decrease asks for gates", "adaptivevr.guard",
         "if target < here - EPS:  # down: no gate is asked",
         "if target < here - EPS and all(g.values()):",
         GUARD + "test_a_decrease_is_never_blocked"),
    _row("loss of sensors does not freeze", "adaptivevr.modes",
         "elif age_s > FREEZE_S:", "elif age_s > 1e9:",
         MODES + "test_the_longer_the_loss_the_further_back"),
    _row("a second fallback is one more first one", "adaptivevr.modes",
         "if len(self._fallbacks) == 2 and", "if False and",
         MODES + "test_back_from_a_fallback_it_freezes_and_a_second_one_is_safe"),
    _row("automation goes on by itself after a loss", "adaptivevr.modes",
         "waiting = self._house.home and", "waiting =",
         MODES + "test_after_a_loss_automation_waits_for_a_person"),
    _row("a patient leaves SAFE", "adaptivevr.modes",
         "        if self._mode is Mode.SAFE:\n            if clinician:",
         "        if self._mode is Mode.SAFE:\n            if True:",
         MODES + "test_safe_is_left_by_a_clinicians_resume_only"),
    _row("a resume beats a stop in the same tick", "adaptivevr.modes",
         "key=lambda c: isinstance(c, Stop)", "key=lambda c: not isinstance(c, Stop)",
         MODES + "test_a_stop_wins_over_a_resume_in_the_same_tick"),
    _row("a headset taken off goes on", "adaptivevr.modes",
         "case Headset(worn=False):", "case Headset(worn=True) if False:",
         MODES + "test_headset_off_stops_a_session_and_nothing_else"),
    _row("a hand overrules too much", "adaptivevr.modes",
         "self._manual = None if self._manual is None else min(self._manual, floor)",
         "self._manual = self._manual", ENDS + "test_too_much_wins_over_a_hand"),
    _row("arousal above its ceiling is left to the controller", "adaptivevr.modes",
         "signs.arousal > limits.arousal_max", "False",
         ENDS + "test_arousal_above_its_ceiling_is_brought_down_without_the_controller"),
    _row("retreats are not counted", "adaptivevr.modes",
         "aim.gives_up or self._too_many(now_s)", "aim.gives_up",
         ENDS + "test_the_third_retreat_in_ten_minutes_ends_it_whatever_the_controller_counts"),
    _row("session time has no end", "adaptivevr.modes",
         "now_s - started_s >= limits.session_s", "False",
         ENDS + "test_time_is_over_and_stays_over"),
    _row("an engine that stood still goes on", "adaptivevr.modes",
         "gap_s > OVERRUN_S and", "False and", MODES + "test_an_engine_that_stood_still_freezes"),
    _row("a broken part of the engine goes on", "adaptivevr.modes",
         "if signs.fault:", "if False:", ENDS + "test_alarms_end_the_load"),
    _row("an unseen scene goes on", "adaptivevr.flags",
         "\"unseen\" if self._unseen_s > UNSEEN_SAFE_S else None", "None",
         ENDS + "test_a_scene_that_nobody_sees_ends_its_load"),
    _row("nausea is not heard", "adaptivevr.flags",
         "value >= SICK or value - self._first >= SICK_RISE", "False",
         "adaptivevr/test_flags.py::test_nausea_stands_until_a_better_rating"),
    _row("panting is not heard", "adaptivevr.flags", "per_min > FAST_PER_MIN", "False",
         ENDS + "test_fast_breathing_flags_and_ends"),
    _row("a noisy tachycardia is ignored", "adaptivevr.alarms",
         "or self._high.update(now_s, high) >= HIGH_UNSURE_S", "or False",
         "adaptivevr/test_alarms.py::test_a_noisy_tachycardia_is_not_ignored"),
    _row("a slow heart is ignored", "adaptivevr.alarms",
         "good and bpm < limits.heart_floor_bpm", "False",
         "adaptivevr/test_alarms.py::"
         "test_a_slow_heart_after_10_s_but_only_when_the_signal_is_good"),
    _row("a faint is ignored", "adaptivevr.alarms",
         "self._fallen_bpm >= limits.heart_drop_bpm", "False",
         "adaptivevr/test_alarms.py::test_the_faint_of_a_blood_scene"),
    _row("panic is ignored", "adaptivevr.alarms",
         "return \"panic\" if panic or distress else None", "return None",
         "adaptivevr/test_alarms.py::test_panic"),
    _row("a question that ran out is a sign of life", "adaptivevr.checkin",
         "return value is not None", "return True",
         "adaptivevr/test_checkin.py::test_what_is_no_sign_of_life_answers_nothing"),
    _row("at home any level", "adaptivevr.course",
         "if self._house.passed is not None:", "if False:",
         "adaptivevr/test_decide.py::"
         "test_at_home_nothing_goes_above_the_level_passed_with_a_clinician"),
    _row("without a calibration any level", "adaptivevr.course",
         "        if body.arousal.prior_only:\n            cap",
         "        if False:\n            cap",
         "adaptivevr/test_decide.py::test_without_calibration_exposure_asks_and_stays_within_a_level"),
    _row("a high rating eases nothing", "adaptivevr.therapy.exposure",
         "worst = max(view.arousal or 0.0, self._told(now_s))", "worst = view.arousal or 0.0",
         "adaptivevr/therapy/test_exposure.py::"
         "test_a_high_rating_trims_as_arousal_does_while_it_is_new"),
    _row("trauma at home", "adaptivevr.house", "if protocol.supervised:", "if False:",
         "adaptivevr/test_house.py::test_what_is_not_allowed_at_home_is_refused"),
    _row("a patient sets limits", "adaptivevr.limits",
         "self._nearest(name, asked) if is_clinician(command.who) else old",
         "self._nearest(name, asked)", "adaptivevr/test_limits.py::test_only_a_clinician_tunes"),
    _row("the looser limit wins", "adaptivevr.limits",
         "merged[name] = STRICTER[name](merged[name], value)", "merged[name] = value",
         "adaptivevr/test_limits.py::test_the_most_restrictive_wins_in_any_order"),
    _row("a cue that nobody agreed to comes", "adaptivevr.cues",
         "moment.agreed or not _must(cue, moment.rule)", "True",
         CUES + "test_one_yes_is_not_enough"),
    _row("a cue is agreed to after something was shown", "adaptivevr.cues",
         "elif clinician and not self._shown:", "elif clinician:",
         CUES + "test_once_something_was_shown_nobody_can_agree_any_more"),
    _row("a cue asks no gate of an increase", "adaptivevr.cues",
         "yield Closed(Shut(name), *_numbers(name, facts, bounds, here)), is_open",
         "yield Closed(Shut(name), *_numbers(name, facts, bounds, here)), True",
         CUES + "test_every_gate_of_an_increase_is_asked_by_hand_too"),
    _row("a cue comes below its own gate", "adaptivevr.cues",
         "here >= cue.gate - EPS", "True", CUES + "test_its_own_gates"),
    _row("cues come as fast as they are pressed", "adaptivevr.cues",
         "since_s is None or since_s >= pause_s", "True", CUES + "test_its_own_gates"),
    _row("a cue comes at home", "adaptivevr.cues", "not moment.home", "True",
         "adaptivevr/test_cue_sessions.py::test_at_home_no_cue_comes"),
    _row("a cue is sent into a stop", "adaptivevr.console.hub",
         "if cue.played and not self._latched:", "if cue.played:",
         "adaptivevr/console/test_hub.py::test_a_cue_is_an_event_and_a_stop_in_between_drops_it"),
    _row("the audit believes the gate of cues", "adaptivevr.cue_audit",
         "if not shown >= facts[\"gate\"] - _SLACK or not shown > 0.0:", "if False:",
         "adaptivevr/test_cue_sessions.py::"
         "test_an_engine_whose_gate_lets_everything_pass_is_caught"),
    _row("frozen skin is fresh", "adaptivevr.modality",
         "if until_s - since_s > FROZEN_S:", "if False:",
         "adaptivevr/test_modality.py::"
         "test_skin_that_shows_the_same_number_for_five_seconds_is_stale"),
    _row("a strap's frozen value is a heart", "sensors.heart",
         "frozen = self._same[1] > FROZEN_BEATS", "frozen = False",
         "sensors/test_heart.py::test_more_than_three_equal_intervals_are_a_frozen_value"),
    _row("the hub forgets its stop at the next tick", "adaptivevr.console.hub",
         "frame = self._at_rest(tick.frame) if self._latched else tick.frame",
         "frame = tick.frame",
         "adaptivevr/console/test_hub.py::"
         "test_the_latch_holds_against_a_stuck_or_stubborn_engine"),
    _row("a broken tick leaves the scene as it was", "adaptivevr.loop",
         "self.hub.stop(\"watchdog\", f\"engine failed: {type(error).__name__}\")", "pass",
         "adaptivevr/test_loop.py::"
         "test_an_exception_stops_the_scene_keeps_the_record_and_is_told"),
    _row("the watchdog sleeps", "adaptivevr.loop",
         "while not self._stop.wait(self._watchdog_s / 5):", "while False:",
         "adaptivevr/test_loop.py::test_a_tick_that_hangs_trips_the_latch_while_it_hangs"),
    _row("a frozen process goes on as if nothing had been", "adaptivevr.loop",
         "self._overdue()  # before the frame goes out", "pass  # before the frame",
         "adaptivevr/test_loop.py::"
         "test_a_process_that_was_frozen_rests_though_its_watchdog_slept_too"),
    _row("codes may be guessed without a pause", "adaptivevr.console.pairing",
         "self._pause_s = now_s + PAUSE_S", "pass",
         "adaptivevr/console/test_pairing.py::test_five_wrong_codes_change_it_and_pause"),
    _row("a headset needs no token", "adaptivevr.console.lan",
         "if self.pairing.admits(_token(fields)):", "if True:",
         "adaptivevr/console/test_lan.py::test_without_the_token_there_is_no_scene"),
    _row("any name leads to the headset's side", "adaptivevr.console.lan",
         "if not self._is_ours(host):", "if False:",
         "adaptivevr/console/test_lan.py::test_other_names_and_other_pages_are_turned_away"),
    _row("the network's side takes plain http", "adaptivevr.console.door",
         "if first == _TLS:", "if first:",
         "adaptivevr/console/test_lan.py::test_plain_http_is_refused_with_a_sentence"),
)  # fmt: skip


def sound(fault: Fault) -> bool:
    """Whether the source that a fault replaces stands in its module exactly once."""
    return source_of(fault.module).read_text(encoding="utf-8").count(fault.source) == 1


def missed(fault: Fault | None, tests: Sequence[str]) -> bool:
    """Whether these tests pass with this fault planted (None: with nothing planted)."""
    import pytest

    if fault is not None:
        sys.meta_path.insert(0, Planted(fault))  # type: ignore[arg-type]
    common = ["-x", "-q", "-p", "no:cacheprovider", "-p", "pytest_timeout", "-p",
              "_hypothesis_pytestplugin", "-W", "default", "--timeout=120", "-o", "addopts=",
              "--strict-markers", f"--rootdir={ROOT}"]  # fmt: skip
    return not pytest.main([*common, *(str(ROOT / test) for test in tests)])


class Planted:
    """Gives the faulty code when its module is imported for the first time."""

    def __init__(self, fault: Fault) -> None:
        self._fault = fault

    def find_spec(self, name: str, path: object = None, target: object = None) -> object:
        from importlib.util import spec_from_loader

        return spec_from_loader(name, self) if name == self._fault.module else None  # type: ignore[arg-type]

    def create_module(self, spec: object) -> None:
        return None

    def exec_module(self, module: object) -> None:
        path = source_of(self._fault.module)
        source = path.read_text(encoding="utf-8")
        faulty = source.replace(self._fault.source, self._fault.becomes)
        module.__dict__["__file__"] = str(path)
        exec(compile(faulty, str(path), "exec"), module.__dict__)


def main() -> int:
    """One fault a process; prints the faults that their test missed, as JSON."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    import hypothesis.strategies  # noqa: F401
    import numpy  # noqa: F401
    import pytest  # noqa: F401
    import scipy.signal  # noqa: F401

    words = sys.argv[1:]
    chosen = [f for f in FAULTS if not words or any(word in f.title for word in words)]
    tests = sorted({fault.test for fault in chosen})
    # With nothing planted all of them pass, in a process like the others.
    jobs: list[tuple[Fault | None, list[str]]] = [(None, tests)]
    jobs += [(fault, [fault.test]) for fault in chosen]
    wrong, running = [], dict[int, Fault | None]()
    while jobs or running:
        while jobs and len(running) < 2:
            fault, tests = jobs.pop(0)
            child = os.fork()
            if child == 0:
                null, passes = os.open(os.devnull, os.O_WRONLY), False
                os.dup2(null, 1)
                os.dup2(null, 2)
                try:
                    passes = missed(fault, tests)
                finally:
                    os._exit(0 if passes else 1)
            running[child] = fault
        child, status = os.wait()
        fault = running.pop(child)
        passed = os.waitstatus_to_exitcode(status) == 0
        if fault is None and not passed:
            wrong.append("A control fails with nothing planted")
        elif fault is not None and passed:
            wrong.append(f"{fault.title}: {fault.test} passes all the same")
    print(json.dumps({"faults": len(chosen), "wrong": wrong}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
