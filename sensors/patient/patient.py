"""The simulated patient: give it what is seen, get the samples of its sensors."""

import math
from dataclasses import replace

import numpy as np

from sensors.chunk import Chunk
from sensors.patient.body import Body
from sensors.patient.chance import Floats
from sensors.patient.kinds import Person, known
from sensors.patient.lead import FACTS, FEATURES, WAVEFORM, EventLead, Lead, describe
from sensors.patient.nobody import Nobody
from sensors.patient.ratings import Ratings
from sensors.patient.seen import Answer, Seen, Truth
from sensors.patient.tasks import Attempt, Tasks
from sensors.stream import Kind, Stream

TICK_S = 0.2
TICKS_PER_S = 5
# A cue startles anybody a little, and more whoever is afraid of what is shown with it: that part
# goes as fear of it is unlearned.
SURPRISE, REMINDED = 0.05, 0.5
ABSENT = Truth(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, False, 0)


class Patient:
    """A person who fears, habituates and is measured; pure, with one seed.

    kind: a name in `PATIENTS`. start_s: the patient's clock at the beginning; stamps are on that
    clock with offset 0, sample n of a regular stream at exactly start_s + n / rate_hz.
    detail: "waveform" (EEG, ECG, EDA, breath, motion, markers) or "features" (RR intervals and
    EDA at 8 Hz, far faster). artefacts: movement, loose electrodes and lost samples, from the
    second minute on. sensors: others than the detail's usual ones, as (Kind.PPG, Kind.EDA).
    Same seed and same inputs give the same samples; a deep copy or a pickle in mid-stream goes on
    identically. Raises ValueError for an unknown kind, detail or sensor, or a negative seed.

    The body lives in ticks of 0.2 s. A tick takes the `Seen` of the step that first reaches into
    it, so results do not depend on how time is cut while `seen` is the same; a change within a
    tick acts from the next one.

    >>> patient = Patient("normal", seed=1, detail="features")
    >>> chunks = patient.step(60.0, Seen(intensity=0.0))
    >>> {chunk.stream.kind.value: len(chunk) for chunk in chunks}["eda"]
    480
    """

    def __init__(
        self,
        kind: str,
        seed: int,
        start_s: float = 0.0,
        detail: str = "waveform",
        artefacts: bool = True,
        sensors: tuple[Kind, ...] | None = None,
    ) -> None:
        if detail not in ("waveform", "features"):
            raise ValueError(f"expected detail 'waveform' or 'features', got {detail!r}")
        if seed < 0:
            raise ValueError(f"expected a seed of 0 or more, got {seed}")
        self.kind = known(kind)
        self.person: Person = self.kind.person(seed)
        kinds = sensors or (WAVEFORM if detail == "waveform" else FEATURES)
        for one in kinds:
            if one not in FACTS:
                raise ValueError(f"expected sensors out of {', '.join(FACTS)}, got {one!r}")
        self.streams: tuple[Stream, ...] = tuple(describe(kind, detail) for kind in kinds)
        self._start_s = start_s
        self._elapsed_s = 0.0
        self._ticks = 0
        self._leads = {s.kind: Lead(s, start_s) for s in self.streams if not s.irregular}
        self._events = {s.kind: EventLead(s) for s in self.streams if s.irregular}
        self._nobody = Nobody(seed)
        self._body = (
            Body(self.person, seed, TICK_S, kinds, artefacts) if self.kind.present else None
        )
        self._ratings = Ratings(self.person, seed)
        self._tasks = Tasks(seed)
        self._was_pressed = False
        self._pressing = False

    @property
    def now_s(self) -> float:
        """The patient's clock."""
        return self._start_s + self._elapsed_s

    @property
    def truth(self) -> Truth:
        """What no sensor shows; all zero for `none`. Up to 0.2 s ahead of the last sample."""
        if self._body is None:
            return replace(ABSENT, time_s=self.now_s)
        return self._body.truth(self._start_s + self._ticks / TICKS_PER_S)

    def fear_of(self, intensity: float) -> float:
        """How much an intensity would frighten now, 0..about 1.7; 0 for `none`."""
        return self._body.fear.at(intensity) if self._body is not None else 0.0

    def step(self, dt_s: float, seen: Seen) -> tuple[Chunk, ...]:
        """Lives dt_s seconds under what is seen; samples with stamps in (now - dt_s, now]."""
        if not (math.isfinite(dt_s) and dt_s >= 0.0):
            raise ValueError(f"expected a step of 0 s or more, got {dt_s!r}")
        for cue in seen.cues:
            self._mark(f"cue {cue}")
            self.frighten(SURPRISE + REMINDED * self.fear_of(seen.load))
        if self._body is not None:
            for deed in seen.deeds:
                self._body.do(deed)
        self._elapsed_s += dt_s
        presses = []
        while self._ticks < self._elapsed_s * TICKS_PER_S - 1e-7:
            self._tick(seen)
            presses.append(self._was_pressed)
        if presses:  # a long step must not hide a press that came and went within it
            self._pressing = any(presses)
        chunks: list[Chunk] = []
        for lead in self._leads.values():
            chunks += lead.take(self._elapsed_s)
        for events in self._events.values():
            chunks += events.take(self.now_s + 1e-9)
        return tuple(chunks)

    def ask(self, prompt: str, scale: str, now_s: float) -> None:
        """Shows a rating prompt; `answers` has the answer 3-8 s later, value None if refused.

        scale: suds, expectancy, outcome, calm (0-100), nrs, mood, pleasure (0-10), fms (0-20),
        confirm, symptom (1 yes, 0 no); ValueError for others.
        """
        if self._body is not None:
            self._ratings.ask(prompt, scale, now_s)

    def answers(self) -> tuple[Answer, ...]:
        """The answers given since the last call, in order."""
        return self._ratings.take(self.now_s + 1e-9)

    def give(self, task: str, difficulty: float, now_s: float, choices: int = 0) -> None:
        """Sets a task of difficulty 0..1; `attempts` tells how it went when it is done.

        choices: how many answers there are to pick from, 0 for something to do.
        """
        if self._body is not None:
            self._tasks.give(task, difficulty, now_s, self._body.arousal.level, choices)

    def attempts(self) -> tuple[Attempt, ...]:
        """The tasks done since the last call, in order."""
        return self._tasks.take(self.now_s + 1e-9)

    def too_much(self) -> bool:
        """True for half a second when the patient presses "too much", again every 10 s if need be.

        They press when true arousal has stayed above 0.95 for as long as their patience lasts.
        """
        return self._pressing

    def unplug(self, kind: Kind) -> None:
        """That sensor stops sending; the body goes on."""
        self._lead(kind).plugged = False

    def plug(self, kind: Kind) -> None:
        """That sensor sends again, from now on."""
        self._lead(kind).plugged = True

    def frighten(self, amount: float = 0.4) -> None:
        """A sudden scare: arousal jumps by about this much and fades within half a minute."""
        if self._body is not None:
            self._body.react(amount)

    def calm(self, amount: float = 0.5) -> None:
        """Takes away scare and novelty and this share of the present arousal."""
        if self._body is not None:
            self._body.arousal.soothe(amount)

    def between(self, days: float, context_change: float = 0.0) -> None:
        """Days pass before the next session: fear returns in part, rest levels shift a little.

        context_change: 0.1-0.3 more return of fear when the place or scene is another one.
        """
        if self._body is not None:
            self._body.between(days, context_change)

    def _lead(self, kind: Kind) -> Lead | EventLead:
        lead = self._leads.get(kind) or self._events.get(kind)
        if lead is None:
            names = ", ".join(stream.kind for stream in self.streams)
            raise ValueError(f"expected a sensor of this patient, got {kind!r}; it has {names}")
        return lead

    def _mark(self, text: str) -> None:
        if Kind.MARKERS in self._events:
            self._events[Kind.MARKERS].put(self.now_s, text)

    def _tick(self, seen: Seen) -> None:
        start_s = self._start_s + self._ticks / TICKS_PER_S
        if self._body is not None:
            self._body.update(start_s, seen)
            self._send_beats(self._body)
        self._ticks += 1
        end_s = self._ticks / TICKS_PER_S
        for kind, lead in self._leads.items():
            due = lead.due(end_s)
            if due:
                times_s = self._start_s + np.arange(due.start, due.stop) / lead.stream.rate_hz
                self._send(kind, lead, start_s, times_s)
        if self._body is not None:
            felt, level = self._body.fear.at(seen.load), self._body.arousal.level
            self._ratings.update(self._start_s + end_s, felt, level)
            if self._body.pressed and not self._was_pressed:
                self._mark("too much")
            self._was_pressed = self._body.pressed

    def _send(
        self,
        kind: Kind,
        lead: Lead,
        start_s: float,
        times_s: Floats,
    ) -> None:
        if self._body is None:
            lead.put(self._nobody.draw(kind, times_s))
        else:
            values = self._body.draw(kind, start_s, times_s)
            lead.put(values, lost=self._body.artefacts.silent(kind))

    def _send_beats(self, body: Body) -> None:
        if Kind.RR not in self._events or body.artefacts.silent(Kind.RR):
            return
        for peak_s, rr_s in body.beats:
            if not body.artefacts.loose(Kind.RR):
                self._events[Kind.RR].put(peak_s, rr_s)
