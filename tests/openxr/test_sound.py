"""Sounds of the native renderer: loudness, places, cues, on a card that nobody hears."""

from math import pi, sin

import numpy as np
import pytest

from scenes.openxr import shelf
from scenes.openxr.player import CueSound, Manifest
from scenes.openxr.pose import Pose, turned
from scenes.openxr.sound import RATE_HZ, Sound, Voice, at_ears
from scenes.scene import LIBRARY
from tests.until import until


def noise(seed: int = 3) -> np.ndarray:
    white = np.random.default_rng(seed).normal(0, 0.3, RATE_HZ)
    return np.convolve(white, np.ones(12) / 12, "same").astype(np.float32)  # as surf sounds


def heard(voice: Voice, seconds: float = 1.0) -> np.ndarray:
    sound = Sound(print)
    sound._voices, sound._all, sound._all_goal = (voice,), 1.0, 1.0
    return np.concatenate([sound.mix(480) for _ in range(int(seconds * 100))])


def test_a_place_to_the_right_is_later_and_quieter_at_the_left_ear() -> None:
    voice = Voice(noise(), "x", True, "node", 1.0, gain=(1.0, 1.0))
    voice.ears, late_s = at_ears(3.0, 0.0, 0.0)
    voice.delay = (late_s[0] * RATE_HZ, late_s[1] * RATE_HZ)
    left, right = heard(voice)[9600:].T
    assert 20 * np.log10(left.std() / right.std()) == pytest.approx(-6.9, abs=0.5)
    lag = int(np.argmax(np.correlate(left[:8000], right[:8000], "full"))) - 7999
    # Woodworth: 87.5 mm / 343 m/s * (pi/2 + 1) is 0.656 ms.
    assert lag == pytest.approx(0.0875 / 343 * (pi / 2 + sin(pi / 2)) * RATE_HZ, abs=1)


@pytest.mark.parametrize("place", [(0, 0, -4), (0, 0, 4), (0, 3, -1)])
def test_a_place_in_the_middle_is_the_same_for_both_ears(place: tuple[float, ...]) -> None:
    (left, right), late_s = at_ears(*place)
    assert left == right and late_s == (0.0, 0.0)
    assert left == pytest.approx(2 / np.linalg.norm(place))


def test_a_loop_joins_without_a_gap_and_a_change_of_loudness_does_not_click() -> None:
    tone = np.sin(2 * pi * 100 * np.arange(RATE_HZ // 10) / RATE_HZ).astype(np.float32)
    voice = Voice(np.stack([tone, tone], -1), "x", True, "", 0.5)
    out = heard(voice, 1.5)
    assert abs(out[0]).max() < 0.01
    assert np.abs(out[-4800:]).max() == pytest.approx(0.5, abs=0.01)
    assert np.abs(np.diff(out[:, 0])).max() < 0.012  # the steepest step of the tone itself


def test_at_rest_all_is_quiet() -> None:
    sound = Sound(print)
    sound._voices = (Voice(np.stack([noise()] * 2, -1), "x", True, "", 1.0),)
    head, floor = Pose(), np.eye(4)
    sound.update(None, 0.0, head, floor)
    loud = np.abs(np.concatenate([sound.mix(480) for _ in range(50)])[-4800:]).max()
    sound.update(None, 1.0, head, floor)
    quiet = np.concatenate([sound.mix(480) for _ in range(50)])[-4800:]
    assert loud > 0.1 and not quiet.any()


def test_a_cue_ends_at_once_and_is_not_heard_when_the_scene_goes_on() -> None:
    sound = Sound(print)
    loop, shot = (Voice(np.stack([noise()] * 2, -1), "x", n < 1, "", 1.0) for n in range(2))
    sound._voices, sound._all, sound._all_goal = (loop, shot), 1.0, 1.0
    sound.mix(480)
    sound.hush()
    assert shot.where == len(shot.samples) and loop.where == 480
    heard = sound.mix(480)
    assert sound._voices == (loop,) and heard.any()


def test_what_is_in_front_moves_to_the_right_when_the_head_turns_left() -> None:
    place = np.linalg.inv(Pose((0, 1.6, 0), turned(pi / 2)).matrix()) @ (0.0, 1.6, -3.0, 1.0)
    (left, right), late_s = at_ears(*place[:3])
    assert left < right and late_s[0] > late_s[1]


def test_a_scene_s_loops_and_a_cue_are_played_by_a_card() -> None:
    folder = LIBRARY / "safe_room" / "sound"
    if not folder.is_dir():
        pytest.skip("expected the sounds of safe_room, not built: pip install -e .")
    said: list[str] = []
    parts = shelf.rest("ws://localhost:1")
    assert set(parts.sounds) >= {"room", "clock"}
    sound = Sound(said.append)
    sound.change(parts)
    assert {v.name for v in sound._voices} == {"room", "clock"}

    class Playing:
        manifest = Manifest("x", (), (), cues=(CueSound("bell", "clock", 0.8, ""),))

    sound.cue(Playing(), "bell")  # type: ignore[arg-type]
    assert len(sound._voices) == 3
    sound.begin("null")
    try:
        until(lambda: sound.frames >= RATE_HZ // 4, 20, "the card takes nothing")
    finally:
        sound.close()
    assert not said
    broken = shelf.Parts(parts.manifest, parts.model, {**parts.sounds, "room": b"no sound"})
    sound.change(broken)
    assert len(said) == 1 and "room" in said[0]
