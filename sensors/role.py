"""Which stream is what: its kind, its unit and the channels we use, each choice said in words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sensors.source import Fault, Trouble
from sensors.stream import Kind, Stream
from sensors.units import Unit, read_unit


@dataclass(frozen=True, slots=True)
class Seen:
    """A stream as its sender describes it, before anyone has judged it.

    labels, units and channel_types hold one text per channel, or nothing at all.
    """

    name: str
    type: str
    rate_hz: float
    count: int
    format: str = "float32"
    labels: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    channel_types: tuple[str, ...] = ()
    source_id: str = ""
    uid: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """A person's choice: take this kind from that stream (and channel)."""

    kind: Kind
    name: str
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """What a kind asks of a stream: the rate it can be computed from, and its dimension."""

    low_hz: float
    high_hz: float
    unit: str
    dimensions: tuple[str, ...]  # units that fit; any other known unit contradicts
    needs_unit: bool = False  # without one, only changes mean something
    one_channel: bool = True


NEEDS: dict[Kind, Need] = {
    Kind.ECG: Need(20.0, 5000.0, "uV", ("voltage", "arbitrary")),
    # The Muse declares its light sensors in mmHg; a pulse needs no unit, so it may.
    Kind.PPG: Need(15.0, 5000.0, "", ("voltage", "arbitrary", "pressure")),
    Kind.RR: Need(0.0, 5000.0, "s", ("time", "arbitrary")),
    Kind.EDA: Need(
        1.0, 5000.0, "uS", ("conductance", "resistance", "arbitrary"), needs_unit=True
    ),
    Kind.EEG: Need(
        64.0, 20000.0, "uV", ("voltage", "arbitrary"), needs_unit=True, one_channel=False
    ),
    Kind.BREATH: Need(
        2.0, 5000.0, "",
        ("voltage", "arbitrary", "length", "pressure", "flow", "resistance", "temperature"),
    ),
    Kind.MOTION: Need(
        5.0, 5000.0, "g", ("acceleration", "arbitrary"), needs_unit=True, one_channel=False
    ),
    Kind.MARKERS: Need(0.0, 1e6, "", (), one_channel=False),
}  # fmt: skip

_WORDS: dict[str, Kind] = {
    word: kind
    for kind, words in {
        Kind.ECG: "ecg ekg electrocardiogram heartsignal",
        Kind.PPG: "ppg bvp pulse pleth plethysmogram photoplethysmogram",
        Kind.RR: "rr rri ibi nn rrinterval rrintervals interbeatinterval",
        Kind.EDA: "eda gsr scl scr sc skinconductance electrodermal galvanic",
        Kind.EEG: "eeg electroencephalogram",
        Kind.BREATH: "resp respiration breath breathing rsp belt",
        Kind.MOTION: "acc accel accelerometer acceleration accelerometry",
        Kind.MARKERS: "marker markers stringmarker stringmarkers event events trigger triggers",
    }.items()
    for word in words.split()
}

# Known and left aside on purpose, with the reason people get to read.
_UNUSED: dict[str, str] = {
    "gyro": "turning rates are not used; acceleration is",
    "gyroscope": "turning rates are not used; acceleration is",
    "hr": "an averaged heart rate has lost its beats; send RR intervals or the signal",
    "heartrate": "an averaged heart rate has lost its beats; send RR intervals or the signal",
    "emg": "muscle tone is not used",
    "gaze": "gaze is not used",
    "audio": "sound is not used",
    "videoraw": "pictures are not used",
    "mentalstate": "it is an estimate by software, not a signal of the body",
}

_NOT_SIGNAL = re.compile(
    r"time|stamp|trig|count|index|status|aux|ref$|gnd|ground|battery|gyro|acc|quality|marker", re.I
)


def understand(seen: Seen, use: Use | None = None) -> Stream | Fault:
    """The stream as we will use it, or one sentence why we cannot.

    >>> understand(Seen("strap", "ECG", 130.0, 1, units=("mV",))).scale
    1000.0
    >>> understand(Seen("band", "EDA", 4.0, 1, units=("uV",))).trouble
    <Trouble.REFUSED: 'refused'>
    """
    if seen.name.startswith("AdaptiveVR-"):
        return _refused(seen, "it is our own output. Nothing to do")
    kind = use.kind if use else kind_of(seen)
    if kind is None:
        return _refused(seen, _unusable(seen))
    if seen.count < 1:
        return _refused(seen, "expected at least 1 channel, it has 0. Check the sender's settings")
    if kind is Kind.MARKERS:
        return _stream(seen, kind, tuple(range(seen.count)), "", 1.0, note="events, kept as sent")
    if seen.format == "string":
        return _refused(seen, f"{kind} needs numbers, it sends text. Send a numeric channel format")
    wrong_rate = _rate(seen, kind)
    if wrong_rate:
        return _refused(seen, wrong_rate)
    channels = _channels(seen, kind, use.channel if use else None)
    if isinstance(channels, str):
        return _refused(seen, channels)
    return _with_unit(seen, kind, channels)


def kind_of(seen: Seen) -> Kind | None:
    """The kind by type, else by channel types, labels and name; None when nothing says it."""
    word = _fold(seen.type)
    if word in _WORDS:
        return _WORDS[word]
    if word in _UNUSED:
        return None
    for texts in (seen.channel_types, seen.labels, (seen.name,)):
        found = [_WORDS[w] for text in texts for w in _words(text) if w in _WORDS]
        if found:
            return max(set(found), key=lambda k: (k is Kind.ECG, found.count(k), k.value))
    return None


def _unusable(seen: Seen) -> str:
    word = _fold(seen.type)
    if word in _UNUSED:
        return f"it is not used, because {_UNUSED[word]}"
    known = "ECG, PPG, RR, EDA, EEG, RESP, ACC or Markers"
    came = f"its type is '{seen.type}'" if seen.type else "it states no type"
    return f"expected a type of {known}, {came}. Set the type, or choose it with --use KIND=NAME"


def read_use(text: str) -> Use:
    """A choice from the command line; raises ValueError with the sentence to show.

    >>> read_use("ecg=My strap:ECG 2")
    Use(kind=<Kind.ECG: 'ecg'>, name='My strap', channel='ECG 2')
    """
    word, equals, rest = text.partition("=")
    kinds = [k.value for k in NEEDS]
    name, colon, channel = rest.partition(":")
    if not equals or word not in kinds or not name or (colon and not channel):
        raise ValueError(
            f"--use expects KIND=NAME or KIND=NAME:CHANNEL with KIND one of {', '.join(kinds)}, "
            f"got '{text}'. Example: --use ecg=HeartyPatch:ECG"
        )
    return Use(Kind(word), name, channel or None)


@dataclass(frozen=True, slots=True)
class Choice:
    """The streams taken (by index into what was seen), what was refused, and why, in words."""

    taken: tuple[tuple[int, Stream], ...]
    refused: tuple[Fault, ...]
    said: tuple[str, ...]


def choose(seen: Iterable[Seen], uses: Iterable[Use] = ()) -> Choice:
    """One stream per kind (every marker stream), the best of several, each choice said.

    A `--use` wins over everything; a use that names no stream is refused by name.
    """
    seen, uses = tuple(seen), tuple(uses)
    found: dict[Kind, list[tuple[int, Stream]]] = {}
    refused: list[Fault] = []
    said: list[str] = []
    named = {u.kind for u in uses}
    for i, one in enumerate(seen):
        mine = [u for u in uses if u.name in (one.name, one.source_id) and one.name]
        fitting = [u for u in mine if kind_of(one) == u.kind] or [
            u for u in mine if not any(kind_of(s) == u.kind for s in seen if s.name == one.name)
        ]
        stream = understand(one, fitting[0] if fitting else None)
        if isinstance(stream, Fault):
            refused.append(stream)
        elif fitting or stream.kind not in named:
            found.setdefault(stream.kind, []).append((i, stream))
        else:
            said.append(f"{_title(one)} left aside: --use chose another for {stream.kind}")
    for use in uses:
        if not any(use.name in (s.name, s.source_id) for s in seen):
            there = ", ".join(f"'{s.name}'" for s in seen) or "no stream at all"
            text = f"--use {use.kind}={use.name}: no stream has that name. Seen: {there}"
            refused.append(Fault(use.name, Trouble.REFUSED, 0.0, 0.0, text))
    taken: list[tuple[int, Stream]] = []
    for kind in sorted(found, key=lambda k: list(Kind).index(k)):
        several = sorted(found[kind], key=lambda p: _rank(p[1], p[0]))
        if kind is Kind.MARKERS:
            ids = ["markers"] + [f"markers{n}" for n in range(2, len(several) + 1)]
            taken += [(i, replace(s, id=id)) for id, (i, s) in zip(ids, several, strict=True)]
        else:
            taken.append(several[0])
            for _, other in several[1:]:
                best = several[0][1]
                said.append(
                    f"{kind}: '{best.name}' ({_facts(best)}) taken, '{other.name}' "
                    f"({_facts(other)}) not; choose with --use {kind}={other.name}"
                )
    said += [f"{s.kind} from '{s.name}': {s.note}" for _, s in taken]
    return Choice(tuple(taken), tuple(refused), tuple(said))


def _rank(stream: Stream, position: int) -> tuple[bool, bool, float, int]:
    # A known unit first, then enough rate (250 Hz is plenty for every kind), then order.
    return (stream.relative, stream.unit == "", -min(stream.rate_hz, 250.0), position)


def _facts(stream: Stream) -> str:
    return f"{stream.rate_hz:g} Hz, {stream.unit or 'no unit'}"


def _rate(seen: Seen, kind: Kind) -> str | None:
    need = NEEDS[kind]
    if kind is Kind.RR or need.low_hz <= seen.rate_hz <= need.high_hz:
        return None
    came = f"declares {seen.rate_hz:g} Hz" if seen.rate_hz else "declares an irregular rate (0 Hz)"
    return (
        f"{kind} needs {need.low_hz:g} to {need.high_hz:g} Hz, it {came}. "
        "Check the sender's nominal rate"
    )


def _channels(seen: Seen, kind: Kind, wanted: str | None) -> tuple[int, ...] | str:
    labels = _labels(seen)
    if wanted is not None:
        if wanted in labels:
            return (labels.index(wanted),)
        if wanted.isdecimal() and 1 <= int(wanted) <= seen.count:
            return (int(wanted) - 1,)
        return (
            f"channel '{wanted}' was asked for, it has {', '.join(labels)}. "
            "Name one of these, or a number from 1"
        )
    by_type = [
        i for i, text in enumerate(seen.channel_types)
        if i < seen.count and _WORDS.get(_fold(text)) is kind
    ]  # fmt: skip
    by_label = [i for i, label in enumerate(labels) if _kind_in(label) is kind]
    plain = [i for i, label in enumerate(labels) if not _NOT_SIGNAL.search(label)]
    if kind is Kind.MOTION:
        plain = [i for i, label in enumerate(labels) if "gyro" not in label.lower()]
        return tuple((by_type or by_label or plain or range(seen.count))[:3])
    if NEEDS[kind].one_channel:
        if kind is Kind.PPG:  # infrared reaches deepest and is the one every strap has
            infrared = [i for i, label in enumerate(labels) if "ir" in _words(label)]
            by_label = infrared or by_label
        first = by_label or [i for i in by_type if i in plain] or by_type or plain or [0]
        return (first[0],)
    chosen = [i for i in by_type if i in plain] or by_type or plain
    chosen = [i for i in chosen if _kind_in(labels[i]) in (None, kind)]
    return tuple(chosen) or tuple(range(seen.count))


def _with_unit(seen: Seen, kind: Kind, used: tuple[int, ...]) -> Stream | Fault:
    need = NEEDS[kind]
    text = next((seen.units[i] for i in used if i < len(seen.units) and seen.units[i]), "")
    unit = read_unit(text)
    if unit and unit.dimension not in need.dimensions:
        return _refused(
            seen,
            f"{kind} needs {_wanted(kind)}, it is declared in '{text}'. "
            "Correct the unit or the type at the sender",
        )
    labels = _labels(seen)
    where = f"channel {', '.join(labels[i] for i in used)}" if seen.count > len(used) else ""
    if kind is Kind.RR and (unit is None or unit.dimension != "time"):
        said = "no unit: numbers above 10 are read as milliseconds, others as seconds"
        return _stream(seen, kind, used, "", 1.0, note=_note(where, said))
    if unit is None or unit.dimension == "arbitrary":
        said = f"unit '{text}' not known" if text else "no unit"
        if need.needs_unit:
            said += ": only changes mean something, automation may not rise on it"
            return _stream(seen, kind, used, "", 1.0, relative=True, note=_note(where, said))
        return _stream(seen, kind, used, "", 1.0, note=_note(where, said + ", none needed"))
    return _measured(seen, kind, used, unit, text, where)


def _measured(
    seen: Seen, kind: Kind, used: tuple[int, ...], unit: Unit, text: str, where: str
) -> Stream:
    if not NEEDS[kind].unit:
        return _stream(seen, kind, used, text, 1.0, note=_note(where, f"in {text}, none needed"))
    if unit.dimension == "resistance":  # conductance in microsiemens is 1000 / kiloohm
        said = f"resistance in {text}, read as conductance"
        return _stream(
            seen, kind, used, "uS", 1000.0 / unit.scale, inverse=True, note=_note(where, said)
        )
    scale = unit.scale
    return _stream(seen, kind, used, NEEDS[kind].unit, scale, note=_note(where, f"in {text}"))


def _stream(
    seen: Seen,
    kind: Kind,
    used: tuple[int, ...],
    unit: str,
    scale: float,
    *,
    relative: bool = False,
    inverse: bool = False,
    note: str = "",
) -> Stream:
    rate_hz = 0.0 if kind in (Kind.RR, Kind.MARKERS) else float(seen.rate_hz)
    return Stream(
        id=kind.value,
        name=seen.name,
        kind=kind,
        rate_hz=rate_hz,
        unit=unit,
        channels=_labels(seen),
        used=used,
        scale=scale,
        relative=relative,
        inverse=inverse,
        format=seen.format,
        type=seen.type,
        source_id=seen.source_id,
        note=note,
    )


def _labels(seen: Seen) -> tuple[str, ...]:
    given = seen.labels[: seen.count]
    return tuple(given[i] if i < len(given) and given[i] else f"{i + 1}" for i in range(seen.count))


def _wanted(kind: Kind) -> str:
    if kind is Kind.EDA:
        return "a conductance (uS) or resistance (kOhm)"
    return {"voltage": "a voltage (uV)", "time": "a time (s or ms)", "acceleration": "g or m/s^2"}[
        NEEDS[kind].dimensions[0]
    ]


def _note(*parts: str) -> str:
    return "; ".join(p for p in parts if p)


def _title(seen: Seen) -> str:
    return f"Stream '{seen.name}'" + (f" ({seen.type})" if seen.type else "")


def _refused(seen: Seen, why: str) -> Fault:
    return Fault(seen.name, Trouble.REFUSED, 0.0, seen.rate_hz, f"{_title(seen)}: {why}.")


def _fold(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


def _words(text: str) -> list[str]:
    pieces = [_fold(piece) for piece in re.split(r"[^A-Za-z]+|(?<=[a-z])(?=[A-Z])", text)]
    return [_fold(text), *(piece for piece in pieces if piece)]


def _kind_in(label: str) -> Kind | None:
    return next((_WORDS[word] for word in _words(label) if word in _WORDS), None)
