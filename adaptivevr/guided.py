"""The guided calibration before the therapy: its steps, its words, its gates, its outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from adaptivevr.command import Command, Confirm, Rate, is_clinician
from adaptivevr.gather import Found, Gatherer, SkinShape, gatherer
from adaptivevr.modes import Mode
from adaptivevr.outcome import todays, whole
from adaptivevr.therapy.intent import Ask, Intent, Pacer, Scale, Why, paced
from adaptivevr.therapy.view import View
from calibration.baseline import Baseline
from calibration.prior import Prior
from calibration.redo import shifts
from calibration.steps import Cue, Guide, Step, blended, plan
from sensors.feature import Feature
from sensors.stream import Kind, Stream

EXTENDS_S = 180.0
"""A step that is not good enough goes on so long, and ends as soon as it is (sources: D)."""
LOOK_S, ANSWER_S, ASKED = 1.0, 30.0, 2
READS_S = 20.0  # words stay so long, unless the step needs them to its end
IN_SHARE = 0.4  # of a breath
EPS = 1e-6
SUDS = Scale("distress", 0.0, 100.0, 10.0, "quite calm", "the most tense ever")
OFFER = Ask(
    "calibration-offer", "confirm",
    "Shall we first get to know what is ordinary for you? It takes about 17 minutes. Without it "
    "the scene stays on its easier levels today.",
)  # fmt: skip
LEAVE, GO_ON, AGAIN, FULL, BEGIN = (
    "leave_out_the_calibration", "go_on_without_a_good_fit", "try_the_calibration_again",
    "do_the_full_calibration", "begin_with_the_calibration",
)  # fmt: skip
_BODY = (Kind.ECG, Kind.PPG, Kind.RR, Kind.EDA, Kind.EEG, Kind.BREATH, Kind.MOTION)


class Stage(StrEnum):
    """Where the calibration stands."""

    OFFERED = "offered"  # asked whether to begin; the therapy's own quiet phase runs meanwhile
    DECLINED = "declined"  # nobody said yes: that quiet phase counts
    WAITING = "waiting"  # the session has not been started
    STEP = "step"
    RATING = "rating"  # a step is over, the patient is asked
    REFUSED = "refused"  # it cannot go on as it is: a person decides
    SHIFTED = "shifted"  # rest has moved since the stored one: a person decides
    DONE = "done"
    LEFT_OUT = "left_out"


class Guided:
    """Runs the steps in order, at rest all the time, and ends with a baseline or without.

    It holds still while the scene is paused, stopped or in somebody's hands, and begins the
    step anew afterwards. A step that is not good enough is extended; a fit or a quiet that stays
    bad is refused, naming the sensor and why, and a clinician says whether to try again or to
    go without. stored: the calibration of an earlier day.
    """

    def __init__(
        self,
        guide: Guide,
        stored: Baseline | None,
        patient: str,
        priors: Mapping[str, Prior],
        medication: Sequence[str] = (),
    ) -> None:
        self.baseline: Baseline | None = None
        self.refused: tuple[str, ...] = ()
        self.stage = Stage.OFFERED if guide.offered else Stage.WAITING
        self._guide = guide
        self._stored = stored
        self._patient = patient
        self._priors = priors
        self._medication = tuple(medication)
        self._full = guide.full or stored is None
        self._streams: dict[str, Stream] = {}
        self._done: set[str] = set()
        self._found = Found()
        self._shape = SkinShape()
        self._suds: dict[str, float] = {}
        self._step: Step | None = None
        self._gather: Gatherer
        self._begun_s = 0.0
        self._looked_s = 0.0
        self._asked_s = 0.0
        self._asked = 0
        self._held = False
        self._pacer: Pacer | None = None
        self._words: Ask | None = None
        self._cues: list[Cue] = []
        self._number = 0

    # ---- what it takes ---------------------------------------------------------------

    def take(
        self, features: Sequence[Feature], streams: Mapping[str, Stream], now_s: float
    ) -> None:
        """A tick's features, before `update` of the same tick. streams: all that have sent."""
        self._streams = {i: s for i, s in streams.items() if s.kind in _BODY}
        if self.stage is not Stage.STEP or self._held or self._step is None:
            return
        self._gather.update(now_s, now_s - self._begun_s, features)
        if self._step.collects in ("induced", "recovery"):
            self._shape.update(features)

    def offer(self, commands: Sequence[Command], quiet: bool) -> None:
        """Hears whether somebody wants it: the patient in the scene or a clinician.

        quiet: the therapy has not left its quiet phase; with that the offer ends.
        """
        for command in commands:
            if isinstance(command, Rate) and command.prompt == OFFER.id:
                said = command.value
            elif isinstance(command, Confirm) and command.proposal == BEGIN:
                said = float(command.yes) if is_clinician(command.who) else None
            else:
                continue
            if said is not None and self.stage is Stage.OFFERED:
                self.stage = Stage.WAITING if said > 0.0 else Stage.DECLINED
        if not quiet and self.stage is Stage.OFFERED:
            self.stage = Stage.DECLINED

    def update(self, now_s: float, view: View) -> Intent:
        """Goes on with the steps; the wish is rest, the words are the step's."""
        for command in view.commands:
            self._hear(now_s, command)
        hands_off = (Mode.MANUAL, Mode.SAFE, Mode.FALLBACK)
        held = view.rest or view.intensity > EPS or view.mode in hands_off
        if self.over:
            return self._intent(now_s)
        if held:
            self._held = True
            return replace(self._intent(now_s), prompt=None, pacer=None, reason=Why.WAITING)
        if self.stage is Stage.WAITING:
            self._held = False
            self._next(now_s)
        elif self._held:
            self._held = False
            if self.stage in (Stage.STEP, Stage.RATING) and self._step is not None:
                self._begin(now_s, self._step)
        if self.stage is Stage.STEP:
            self._follow(now_s)
        elif self.stage is Stage.RATING:
            self._ask(now_s)
        return self._intent(now_s)

    def _hear(self, now_s: float, command: Command) -> None:
        if isinstance(command, Rate) and command.value is not None and self._step is not None:
            if (command.scale, command.prompt) == (SUDS.name, self._prompt_id()):
                self._suds[self._step.name] = min(max(command.value, 0.0), 100.0)
            return
        if not isinstance(command, Confirm) or not is_clinician(command.who) or self.over:
            return
        if command.proposal == LEAVE and command.yes:
            self._leave_out(now_s)
        elif command.proposal == self.proposal and command.proposal is not None:
            self._decide(now_s, command.proposal, command.yes)

    def _decide(self, now_s: float, proposal: str, yes: bool) -> None:
        if proposal == AGAIN:
            self.refused = ()
            if yes:
                self._done.clear()
                self._next(now_s)
            else:
                self._leave_out(now_s)
        elif proposal == FULL:
            if yes:
                self._full = True
                self._done.discard("quiet")
                self.refused = ()
                self._next(now_s)
            else:
                self._refreshed(careful=True)
        elif yes and self._step is not None:
            self._skip(now_s, self._step)

    def _skip(self, now_s: float, step: Step) -> None:
        if step.collects == "quiet":  # everything else rests on it
            self._leave_out(now_s)
            return
        self._done.add(step.name)
        self._found.notes += (f"A clinician left out: {step.title.rstrip('?').lower()}.",)
        self.refused = ()
        self._next(now_s)

    def _leave_out(self, now_s: float) -> None:
        self.stage, self._step, self._pacer = Stage.LEFT_OUT, None, None
        self._say(now_s, "left-out", "We go on without it.")

    # ---- the steps -------------------------------------------------------------------

    def _next(self, now_s: float) -> None:
        kinds = {stream.kind.value for stream in self._streams.values()}
        steps = plan(kinds, first=self._full, resonance=self._guide.resonance)
        step = next((one for one in steps if one.name not in self._done), None)
        if step is None:
            self._finish(now_s)
        else:
            self._begin(now_s, step)

    def _begin(self, now_s: float, step: Step) -> None:
        self.stage, self._step, self._begun_s, self._looked_s = Stage.STEP, step, now_s, now_s
        self._gather = gatherer(step, self._patient, self._priors)
        self._cues = list(step.cues)
        self._pacer = paced(now_s, step.breaths_per_min, IN_SHARE)
        until_s = now_s + (step.seconds if step.stays else READS_S)
        self._say(now_s, step.name.replace(" ", "-"), step.instruction, until_s)

    def _follow(self, now_s: float) -> None:
        step = self._step
        assert step is not None
        since_s = now_s - self._begun_s
        while self._cues and since_s >= self._cues[0].after_s:
            cue = self._cues.pop(0)
            self._say(now_s, cue.name, cue.text, now_s + 8.0)
        if since_s < step.seconds or now_s - self._looked_s < LOOK_S:
            return
        self._looked_s = now_s
        wrong = self._gather.wrong(now_s)
        if not wrong:
            self._end(now_s, step)
        elif since_s < step.seconds + EXTENDS_S:
            self._extend(now_s, step, wrong)
        elif self._gather.must:
            self.refused = wrong
            self.stage, self._pacer = Stage.REFUSED, None
            self._say(now_s, "refused", "One moment please. Somebody will look at the sensors.")
        else:
            self._found.notes += wrong
            self._end(now_s, step)

    def _extend(self, now_s: float, step: Step, wrong: tuple[str, ...]) -> None:
        if not self.refused:
            until_s = self._begun_s + step.seconds + EXTENDS_S
            text = "A little longer, please. " + (
                "" if step.collects == "fit" else step.instruction
            )
            stays = step.stays and step.collects != "fit"
            self._say(now_s, f"{step.name.replace(' ', '-')}-more", text.strip(),
                      until_s if stays else now_s + READS_S)  # fmt: skip
        self.refused = wrong

    def _end(self, now_s: float, step: Step) -> None:
        self.refused = ()
        self._gather.keep(now_s, self._found)
        self._pacer = None
        if step.rate:
            self.stage, self._asked = Stage.RATING, 0
            self._ask(now_s)
            return
        self._done.add(step.name)
        self._next(now_s)

    def _ask(self, now_s: float) -> None:
        """One question, once more if need be, then without an answer."""
        step = self._step
        assert step is not None
        answered = step.name in self._suds
        waited = self._asked > 0 and now_s - self._asked_s >= ANSWER_S
        if answered or (waited and self._asked >= ASKED):
            self._done.add(step.name)
            self._next(now_s)
        elif self._asked == 0 or waited:
            self._asked += 1
            self._asked_s = now_s
            text = "How tense did you feel in the last minute?"
            self._words = Ask(self._prompt_id(), "rating", text, SUDS, now_s + ANSWER_S)

    def _prompt_id(self) -> str:
        name = self._step.name if self._step is not None else ""
        return f"calibration-suds-{name}-{self._asked}"

    # ---- the outcome -----------------------------------------------------------------

    def _finish(self, now_s: float) -> None:
        self._step, self._pacer = None, None
        if self._found.quiet is None:  # no step gave a rest to start from
            self._leave_out(now_s)
            return
        self._say(now_s, "done", "Thank you. That was all we needed to know.", now_s + 10.0)
        if self._full:
            self.baseline, self.stage = self._whole(), Stage.DONE
            return
        assert self._stored is not None
        moved = shifts(self._stored, self._found.quiet)
        if moved:
            self.refused, self.stage = moved, Stage.SHIFTED
        else:
            self._refreshed()

    def _refreshed(self, careful: bool = False) -> None:
        stored = self._stored
        assert stored is not None
        self._found.notes = (*self.refused, *self._found.notes)
        self.baseline = todays(self._guide.id, stored, self._found, careful)
        self.refused, self.stage, self._step = (), Stage.DONE, None

    def _whole(self) -> Baseline:
        made = whole(self._guide.id, self._found, self._suds, self._priors)
        made = replace(
            made, devices=self.devices,
            recovery_s=None if made.skin_answers is False else self._shape.recovery_s,
            medication=tuple(sorted(self._medication)),
        )  # fmt: skip
        stored = self._stored
        if stored is None or set(stored.devices) != set(made.devices):
            return made
        return blended(stored, made) if set(stored.medication) == set(made.medication) else made

    # ---- reading ---------------------------------------------------------------------

    @property
    def over(self) -> bool:
        """Whether the therapy may begin, with a baseline or without."""
        return self.stage in (Stage.DONE, Stage.LEFT_OUT, Stage.DECLINED)

    @property
    def aside(self) -> bool:
        """Whether the therapy's own quiet phase goes on instead: not begun, or not wanted."""
        return self.stage in (Stage.OFFERED, Stage.DECLINED)

    @property
    def instead(self) -> Baseline | None:
        """The stored calibration for a session whose guided one was left out.

        One that should have been done anew counts, but automation stays limited.
        """
        if self._stored is None or not self._guide.full:
            return self._stored
        return replace(self._stored, prior_only=True)

    @property
    def devices(self) -> tuple[str, ...]:
        """The sensors at hand, as `kind:name`."""
        return tuple(sorted({f"{s.kind}:{s.name}" for s in self._streams.values()}))

    @property
    def phase(self) -> str:
        """What the console shows: the step's name."""
        if self.stage is Stage.WAITING:
            return "waiting"
        if self._step is None or self.stage not in (Stage.STEP, Stage.RATING):
            return f"calibration {self.stage.value}"
        return f"calibration {self._step.name}"

    @property
    def proposal(self) -> str | None:
        """What a clinician may say yes or no to now."""
        step = self._step
        if self.stage is Stage.OFFERED:
            return BEGIN
        if self.stage is Stage.REFUSED:
            return AGAIN
        if self.stage is Stage.SHIFTED:
            return FULL
        if self.stage is not Stage.STEP or step is None:
            return None
        if step.collects == "fit":
            return GO_ON if self.refused else LEAVE
        return f"leave_out_{step.name.replace(' ', '_')}"

    def share(self, now_s: float) -> float | None:
        """How much of the present step is done, None between steps."""
        if self.stage is not Stage.STEP or self._step is None:
            return None
        return min(1.0, (now_s - self._begun_s) / self._step.seconds)

    @property
    def seconds(self) -> float:
        """How long all of it may take with what is extended at most once."""
        kinds = ("ecg", "eda", "eeg")
        steps = plan(kinds, first=True, resonance=self._guide.resonance)
        return sum(step.seconds for step in steps) + EXTENDS_S

    def _say(self, now_s: float, name: str, text: str, until_s: float | None = None) -> None:
        until_s = now_s + READS_S if until_s is None else until_s
        self._words = Ask(f"calibration-{name}", "info", text, None, until_s)

    def _intent(self, now_s: float) -> Intent:
        left_s = None
        if self.stage is Stage.STEP and self._step is not None:
            left_s = max(0.0, self._step.seconds - (now_s - self._begun_s))
        return Intent(
            level=0, intensity=0.0, ambient=(), phase=self.phase,
            reason=Why.WAITING if self.stage is Stage.WAITING else Why.CALIBRATING,
            number=left_s, prompt=self._words, pacer=self._pacer, proposal=self.proposal,
        )  # fmt: skip
