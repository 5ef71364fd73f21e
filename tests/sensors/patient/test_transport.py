"""Faults on the wire, tasks, and the finger pulse."""

import numpy as np
import pytest

from sensors.chunk import Chunk
from sensors.patient import Attempt, Faults, Patient, Seen, Transport
from sensors.patient.transport import ORDINARY
from sensors.stream import Kind


def carried(
    faults: Faults, seconds: int = 60, detail: str = "features"
) -> tuple[list[Chunk], list[Chunk]]:
    patient = Patient("normal", 1, detail=detail, artefacts=False)
    wire = Transport(faults, 1)
    sent: list[Chunk] = []
    got: list[Chunk] = []
    for _ in range(seconds * 2):
        chunks = patient.step(0.5, Seen(0.4))
        sent += chunks
        got += wire.carry(chunks, patient.now_s)
    return sent, got


def test_a_perfect_wire_changes_nothing() -> None:
    sent, got = carried(Faults(), 5, "waveform")
    for before, after in zip(sent, got, strict=True):
        assert np.array_equal(before.time_s, after.time_s)
        assert np.array_equal(before.values, after.values)


def test_an_ordinary_wire_is_another_clock_that_can_be_mapped_back() -> None:
    sent, got = carried(ORDINARY)
    eda = [chunk for chunk in got if chunk.stream.kind is Kind.EDA]
    stamps = np.concatenate([chunk.stamps_s for chunk in eda])
    times = np.concatenate([chunk.time_s for chunk in eda])
    true = np.concatenate([c.stamps_s for c in sent if c.stream.kind is Kind.EDA])
    assert stamps.min() > 1.3
    assert len(times) >= len(true) - 48  # what is late at the end has not come
    nearest = np.abs(times[:, None] - true[None, :]).min(axis=1)
    assert np.median(nearest) < 0.005


def test_late_and_doubled_chunks_lose_nothing() -> None:
    sent, got = carried(Faults(late_share=0.3, late_s=1.0))
    assert len(sent) - 6 <= len(got) < len(sent) + 1
    starts = [chunk.stamps_s[0] for chunk in got if chunk.stream.kind is Kind.EDA]
    assert starts != sorted(starts)
    sent, got = carried(Faults(double_share=0.5))
    assert len(got) > 1.3 * len(sent)


def test_broken_values_are_broken_as_told() -> None:
    _, got = carried(Faults(nan_share=0.5))
    holes = sum(bool(np.isnan(chunk.values).any()) for chunk in got)
    assert 0.3 < holes / len(got) < 0.7
    sent, got = carried(Faults(scale=1000.0))
    assert got[0].values == pytest.approx(1000.0 * sent[0].values)
    _, got = carried(Faults(frozen_after_s=30.0))
    late = [c.values for c in got if c.stream.kind is Kind.EDA and c.stamps_s[0] > 31.0]
    assert len({float(v) for block in late for v in block[:, 0]}) == 1


def test_the_wire_is_seeded_and_keeps_text() -> None:
    one, other = carried(ORDINARY)[1], carried(ORDINARY)[1]
    assert all(np.array_equal(a.stamps_s, b.stamps_s) for a, b in zip(one, other, strict=True))
    patient = Patient("normal", 1)
    wire = Transport(Faults(scale=2.0, nan_share=1.0), 1)
    chunks = wire.carry(patient.step(0.5, Seen(cues=("dog",))), 0.5)
    texts = [c.values[0, 0] for c in chunks if c.stream.kind is Kind.MARKERS]
    assert texts == ["cue dog"]


def test_easy_tasks_are_solved_and_hard_ones_not() -> None:
    patient = Patient("normal", 1, detail="features")
    share = {}
    for difficulty in (0.1, 1.0):
        done: list[Attempt] = []
        for number in range(60):
            patient.give(str(number), difficulty, patient.now_s)
            assert patient.attempts() == ()
            patient.step(10.0, Seen())
            done += patient.attempts()
        assert len(done) == 60
        assert all(0.2 < attempt.reaction_s < 4.0 for attempt in done)
        share[difficulty] = np.mean([attempt.correct for attempt in done])
    assert share[0.1] > 0.8
    assert share[1.0] < 0.4
    nobody = Patient("none", 1)
    nobody.give("1", 0.0, 0.0)
    nobody.step(10.0, Seen())
    assert nobody.attempts() == ()


def test_the_pulse_follows_each_beat_and_shrinks_with_arousal() -> None:
    patient = Patient("normal", 2, artefacts=False, sensors=(Kind.RR, Kind.PPG))
    assert [stream.kind for stream in patient.streams] == [Kind.RR, Kind.PPG]

    def live(seconds: int, seen: Seen) -> dict[Kind, tuple[list[float], list[float]]]:
        out: dict[Kind, tuple[list[float], list[float]]] = {}
        for _ in range(seconds):
            for chunk in patient.step(1.0, seen):
                times, values = out.setdefault(chunk.stream.kind, ([], []))
                times += chunk.stamps_s.tolist()
                values += chunk.values[:, 0].tolist()
        return out

    rest = live(60, Seen())
    times, wave = np.array(rest[Kind.PPG][0]), np.array(rest[Kind.PPG][1])
    delays = []
    for beat in rest[Kind.RR][0][1:-2]:
        after = (times > beat + 0.2) & (times < beat + 0.65)
        delays.append(times[after][wave[after].argmax()] - beat)
    assert 0.3 < np.mean(delays) < 0.5
    assert np.std(delays) < 0.05
    live(40, Seen(effort=0.8))
    afraid = np.array(live(60, Seen(effort=0.8))[Kind.PPG][1])
    assert np.ptp(afraid) < 0.8 * np.ptp(wave)
    with pytest.raises(ValueError, match=r"got <Kind.POSE"):
        Patient("normal", 1, sensors=(Kind.POSE,))
