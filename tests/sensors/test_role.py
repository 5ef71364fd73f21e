"""Which stream is what, row by row, as a device would describe itself."""

import pytest

from sensors.role import Seen, Use, choose, read_use, understand
from sensors.source import Fault, Trouble
from sensors.stream import Kind, Stream
from sensors.units import Unit, read_unit

MUSE = ("TP9", "AF7", "AF8", "TP10", "AUX_RIGHT")


@pytest.mark.parametrize(
    ("seen", "kind", "unit", "scale", "used", "relative"),
    [
        (Seen("strap", "ECG", 130.0, 1, units=("uV",)), Kind.ECG, "uV", 1.0, (0,), False),
        (Seen("strap", "ECG", 130.0, 1), Kind.ECG, "", 1.0, (0,), False),
        (Seen("amp", "EEG", 250.0, 8), Kind.EEG, "", 1.0, tuple(range(8)), True),
        (
            Seen("Muse", "EEG", 256.0, 5, labels=MUSE, units=("microvolts",) * 5),
            Kind.EEG, "uV", 1.0, (0, 1, 2, 3), False,
        ),
        (
            Seen("Heart", "ECG", 128.0, 2, labels=("Timestamp", "ECG"), channel_types=("ECG",) * 2),
            Kind.ECG, "", 1.0, (1,), False,
        ),
        (
            Seen("Muse", "PPG", 64.0, 3, labels=("LUX", "IR", "RED"), units=("mmHg",) * 3),
            Kind.PPG, "mmHg", 1.0, (1,), False,
        ),
        (Seen("band", "GSR", 4.0, 1, units=("S",)), Kind.EDA, "uS", 1e6, (0,), False),
        (Seen("band", "EDA", 4.0, 1), Kind.EDA, "", 1.0, (0,), True),
        (Seen("belt", "Respiration", 25.0, 1), Kind.BREATH, "", 1.0, (0,), False),
        (Seen("strap", "RR", 0.0, 1, units=("ms",)), Kind.RR, "s", 1e-3, (0,), False),
        (
            Seen("w", "ACC", 52.0, 3, units=("m/s^2",) * 3),
            Kind.MOTION, "g", 1 / 9.80665, (0, 1, 2), False,
        ),
        (Seen("g", "StringMarker", 0.0, 1, format="string"), Kind.MARKERS, "", 1.0, (0,), False),
        (Seen("b", "ExG", 250.0, 3, labels=("EMG", "ECG", "EDA")), Kind.ECG, "", 1.0, (1,), False),
        (Seen("My ECG", "", 250.0, 1), Kind.ECG, "", 1.0, (0,), False),
    ],
)  # fmt: skip
def test_understood(
    seen: Seen, kind: Kind, unit: str, scale: float, used: tuple[int, ...], relative: bool
) -> None:
    stream = understand(seen)
    assert isinstance(stream, Stream), stream
    assert (stream.kind, stream.unit, stream.used) == (kind, unit, used)
    assert stream.scale == pytest.approx(scale)
    assert stream.relative is relative
    assert stream.note


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (Seen("band", "EDA", 4.0, 1, units=("uV",)), ("eda needs", "conductance", "'uV'")),
        (Seen("strap", "ECG", 130.0, 1, units=("Celsius",)), ("voltage", "'Celsius'", "Correct")),
        (Seen("strap", "ECG", 1.0, 1), ("20 to 5000 Hz", "declares 1 Hz", "Check")),
        (Seen("strap", "ECG", 0.0, 1), ("20 to 5000 Hz", "irregular", "Check")),
        (Seen("strap", "ECG", 130.0, 0), ("at least 1 channel", "has 0", "Check")),
        (Seen("strap", "ECG", 130.0, 1, format="string"), ("numbers", "text", "Send")),
        (Seen("Muse", "GYRO", 52.0, 3), ("not used", "acceleration")),
        (Seen("watch", "HR", 1.0, 1), ("not used", "beats")),
        (Seen("x", "data", 1.0, 1), ("expected a type", "'data'", "--use")),
        (Seen("AdaptiveVR-Arousal", "MentalState", 0.0, 3), ("our own",)),
    ],
)
def test_refused_by_name_in_one_sentence(seen: Seen, words: tuple[str, ...]) -> None:
    fault = understand(seen)
    assert isinstance(fault, Fault)
    assert fault.trouble is Trouble.REFUSED
    assert fault.text.startswith(f"Stream '{seen.name}'")
    assert all(word in fault.text for word in words), fault.text


def test_a_resistance_becomes_a_conductance() -> None:
    stream = understand(Seen("band", "EDA", 4.0, 1, units=("kOhm",)))
    assert isinstance(stream, Stream)
    assert stream.inverse
    assert stream.scale / 200.0 == 5.0  # 200 kOhm are 5 microsiemens


def test_the_best_of_a_kind_and_the_choice_said() -> None:
    seen = [
        Seen("slow", "ECG", 130.0, 1, units=("uV",)),
        Seen("unitless", "ECG", 500.0, 1),
        Seen("fast", "ECG", 250.0, 1, units=("uV",)),
        Seen("game", "Markers", 0.0, 1, format="string"),
        Seen("box", "Markers", 0.0, 1, format="int32"),
    ]
    choice = choose(seen)
    assert [(i, s.id) for i, s in choice.taken] == [(2, "ecg"), (3, "markers"), (4, "markers2")]
    assert "choose with --use ecg=slow" in choice.said[0]
    mine = choose(seen, [Use(Kind.ECG, "slow")])
    assert mine.taken[0][0] == 0
    wrong = choose(seen, [Use(Kind.ECG, "nobody")])
    assert "no stream has that name. Seen: 'slow'" in wrong.refused[0].text


def test_use_takes_a_channel_by_label_or_number_whatever_the_type() -> None:
    box = Seen("box", "data", 250.0, 3, labels=("A", "B", "C"))
    for channel in ("B", "2"):
        stream = choose([box], [Use(Kind.ECG, "box", channel)]).taken[0][1]
        assert (stream.kind, stream.used) == (Kind.ECG, (1,))
    fault = understand(box, Use(Kind.ECG, "box", "D"))
    assert isinstance(fault, Fault)
    assert "'D'" in fault.text
    assert "A, B, C" in fault.text


@pytest.mark.parametrize("text", ["ecg", "heart=x", "ecg=", "ecg=x:", ""])
def test_a_malformed_use_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expects KIND=NAME"):
        read_use(text)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("µV", Unit("voltage", 1.0)),
        ("μS", Unit("conductance", 1.0)),
        ("S", Unit("conductance", 1e6)),
        ("s", Unit("time", 1.0)),
        ("kΩ", Unit("resistance", 1.0)),
        ("°C", Unit("temperature", 1.0)),
        ("a.u.", Unit("arbitrary", 1.0)),
        ("", None),
    ],
)
def test_units_in_every_spelling(text: str, unit: Unit | None) -> None:
    assert read_unit(text) == unit
