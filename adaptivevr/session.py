"""The whole engine as one function of time: chunks and commands in, a tick out.

No input or output, no clock, no thread and no randomness of its own: the same calls give
the same ticks, which is what replay rests on.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from adaptivevr.arousal import Arousal, Estimator
from adaptivevr.command import Command, Mark, Rate
from adaptivevr.config import Config
from adaptivevr.course import Body, Course
from adaptivevr.guided import Guided
from adaptivevr.health import Health
from adaptivevr.house import house_of
from adaptivevr.limits import HARD, Limits
from adaptivevr.modality import Modalities
from adaptivevr.panel import Panel
from adaptivevr.prelude import Prelude
from adaptivevr.quiet import Quiet
from adaptivevr.signals import Signals, canonical
from adaptivevr.talking import Talking
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.sickness import moves
from adaptivevr.therapy.vitals import Reading, Vitals
from adaptivevr.tick import Tick
from calibration.baseline import Baseline
from calibration.prior import Medication, Prior, priors
from calibration.steps import Guide
from scenes.frame import Director
from scenes.scene import Scene
from sensors.chunk import Chunk
from sensors.feature import Feature
from sensors.personal import NOBODY, Personal
from sensors.source import Fault, Trouble
from sensors.stream import Kind, Stream

_JUMP = 0.1  # this much intensity within 10 s counts as a change of scene
_JUMP_S = 10.0
_AHEAD_S = 5.0  # a stamp further ahead of now than this is broken
_OURS = ("sensors", "system")  # marks of theirs are not spoken


# What one tick is given: when it is, what came in, what people said.
Step = tuple[float, tuple[Chunk, ...], tuple[Command, ...]]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a session is made of; replay needs this and the recorded inputs.

    baseline: a stored calibration, None for a person without one. limits: what the patient's
    file or the clinician sets on top of the protocol, None for nothing. guide: the guided
    calibration that goes before the therapy, None when the protocol's quiet phase serves.
    """

    config: Config
    protocol: Protocol
    scene: Scene
    baseline: Baseline | None = None
    limits: Limits | None = None
    seed: int = 0
    guide: Guide | None = None


class Session:
    """One sitting of one person. `tick` is the only thing that changes it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        scene = plan.scene
        ambient = {p.name: p.max_rate_per_s for p in scene.parameters if p.role == "ambient"}
        self._signals = Signals(personal(plan.baseline))
        self._health = Health()
        self._modalities = Modalities()
        self._vitals = Vitals()
        self._priors = priors(medication(plan.config))
        self._guided = guided(plan, self._priors) if plan.guide is not None else None
        self._quiet = self._quiet_phase(plan.baseline)
        self._estimator = Estimator(None)
        self._talking = Talking()
        protocol = plan.protocol
        if self._guided is not None:
            protocol = longer(protocol, self._guided.seconds)
        self._course = Course(
            protocol, [level.intensity for level in scene.levels], ambient, plan.limits,
            Prelude(self._guided, protocol, plan.seed) if self._guided is not None else None,
            house_of(plan.config, plan.protocol), plan.seed, moves(scene), scene.cues,
        )  # fmt: skip
        self._director = Director(scene)
        self._kinds: dict[str, Kind] = {}
        self._streams: dict[str, Stream] = {}
        self._seq = 0
        self._data_s: float | None = None
        self._paced = False
        self._handed_over = False
        self._told: set[str] = set()  # what the calibration found wrong and has said
        self._intensity = 0.0
        self._jump = (0.0, 0.0)  # when and where intensity last counted as a new scene
        self._cued = False  # a cue came in the last tick: something new, as a new level is

    def tick(self, now_s: float, chunks: Sequence[Chunk], commands: Sequence[Command]) -> Tick:
        """One step: what came in since the last, and what people said, becomes a decision."""
        entered = canonical(chunks)
        features = self._signals.update(entered)
        return self.decide(now_s, entered, features, commands, self._signals.faults(now_s))

    def decide(
        self,
        now_s: float,
        entered: Sequence[Chunk],
        features: Sequence[Feature],
        commands: Sequence[Command],
        faults: Sequence[Fault] = (),
    ) -> Tick:
        """The second half of a tick: plain numbers from here on.

        faults: what the first half could not use.
        """
        self._seq += 1
        self._enter(now_s, entered)
        changes = self._health.update(now_s, entered, features)
        self._modalities.update(now_s, features, self._kinds, entered)
        self._learn(now_s, features)
        arousal = self._estimate(now_s, features, commands)
        verdict = self._course.update(
            now_s, self._body(now_s, arousal, self._vitals.update(features)), commands
        )
        decision, intent = verdict.decision, verdict.intent
        self._intensity, self._paced = decision.intensity, intent.pacer is not None
        self._cued = any(cue.played for cue in verdict.cues)
        frame = self._director.update(
            now_s, self._seq, decision.intensity, decision.ambient, intent.level,
            decision.mode, decision.rest, self._data_s,
        )  # fmt: skip
        return Tick(
            seq=self._seq,
            now_s=now_s,
            entered=tuple((c.stream.id, len(c), c.offset_s) for c in entered),
            commands=tuple(c.id for c in commands),
            features=tuple(features),
            arousal=arousal,
            phase=intent.phase,
            level=intent.level,
            intent=intent,
            decision=decision,
            frame=frame,
            proposal=verdict.proposal,
            faults=(*faults, *changes, *self._refusals(now_s)),
            baseline=self._quiet.baseline.id if self._quiet.baseline else None,
            changes=verdict.changes,
            cues=verdict.cues,
        )

    # ---- the steps of a tick -------------------------------------------------------

    def _enter(self, now_s: float, entered: Sequence[Chunk]) -> None:
        for chunk in entered:
            self._kinds[chunk.stream.id] = chunk.stream.kind
            self._streams[chunk.stream.id] = chunk.stream
            if chunk.stream.kind in (Kind.MARKERS, Kind.POSE):
                continue
            newest_s = float(chunk.stamps_s.max()) + chunk.offset_s
            if not newest_s <= now_s + _AHEAD_S:  # a broken stamp (or NaN) is no newest sample
                sane = [t for t in chunk.time_s.tolist() if t <= now_s + _AHEAD_S]
                newest_s = max(sane, default=-math.inf)
            if newest_s > (self._data_s if self._data_s is not None else -math.inf):
                self._data_s = newest_s

    def _learn(self, now_s: float, features: Sequence[Feature]) -> None:
        before = self._quiet.baseline
        guided = None if self._guided is None or self._guided.aside else self._guided
        if guided is not None and not guided.over:
            guided.take(features, self._streams, now_s)
            return
        if guided is not None and not self._handed_over:
            self._handed_over = True
            self._quiet = self._quiet_phase(guided.instead)
            # From here on nothing is learned as rest: with a baseline the quiet phase is over.
            self._quiet.baseline = guided.baseline
        self._quiet.update(now_s, features, self._course.phase)
        if self._quiet.baseline is not before:
            self._estimator = Estimator(self._quiet.baseline, self._priors)

    def _quiet_phase(self, stored: Baseline | None) -> Quiet:
        plan = self.plan
        return Quiet(plan.protocol.phases.quiet_s, stored, plan.config.patient, self._priors)

    def _refusals(self, now_s: float) -> tuple[Fault, ...]:
        """What the calibration finds wrong, each sentence once, for record and log."""
        if self._guided is None:
            return ()
        new = tuple(text for text in self._guided.refused if _kind_of(text) not in self._told)
        self._told.update(_kind_of(text) for text in new)
        if not self._guided.refused:
            self._told.clear()
        return tuple(Fault("calibration", Trouble.REFUSED, now_s, 0.0, text) for text in new)

    def _estimate(
        self, now_s: float, features: Sequence[Feature], commands: Sequence[Command]
    ) -> Arousal:
        rated = [
            (c.value / 100.0, 0.0 if c.shown_s is None else 0.5 * (now_s - c.shown_s))
            for c in commands
            if isinstance(c, Rate) and c.scale == "suds" and c.value is not None
        ]  # an answer is about a moment half-way between the question and now
        value, age_s = rated[-1] if rated else (None, 0.0)
        marks = [c.text for c in commands if isinstance(c, Mark) and c.who not in _OURS]
        talking = self._talking.update(now_s, features, marks)
        return self._estimator.update(
            now_s,
            features,
            scene_changed=self._scene_changed(now_s) or self._cued,
            rating=value,
            rating_age_s=age_s,
            paced=self._paced or talking,
        )

    def _scene_changed(self, now_s: float) -> bool:
        since_s, at = self._jump
        changed = abs(self._intensity - at) >= _JUMP
        if changed or now_s - since_s > _JUMP_S:
            self._jump = (now_s, self._intensity)
        return changed

    def _body(self, now_s: float, arousal: Arousal, readings: tuple[Reading, ...]) -> Body:
        heart, breath = self._modalities.heart(now_s), self._modalities.breath(now_s)
        baseline = self._quiet.baseline
        rest = baseline.of("heart_rate") if baseline is not None else None
        return Body(
            arousal=arousal,
            age_s=self._modalities.age_s(now_s, self.plan.protocol.sensors),
            ready=self._quiet.baseline is not None,
            heart_bpm=heart.bpm,
            heart_quality=heart.quality,
            resting_bpm=rest.offset if rest is not None else None,
            breath_per_min=breath[0],
            breath_quality=breath[1],
            readings=readings,
            resonance_per_min=baseline.resonance_per_min if baseline is not None else None,
        )

    # ---- reading -------------------------------------------------------------------

    @property
    def baseline(self) -> Baseline | None:
        """The baseline in force, None while the quiet phase has not given one."""
        return self._quiet.baseline

    @property
    def guided(self) -> Guided | None:
        """The guided calibration of this session, None without one."""
        return self._guided

    def panel(self, now_s: float) -> Panel:
        """What people see beside the tick; changes nothing."""
        guided = self._guided
        if guided is not None and (guided.over or guided.aside):
            guided = None
        scene = self.plan.scene
        rest = () if scene.levels and scene.levels[0].intensity <= 0 else ("Rest",)
        return Panel(
            protocol=self.plan.protocol.title,
            scene=scene.title,
            levels=(*rest, *(level.name for level in scene.levels)),
            sensors=self._health.sensors(now_s),
            limits=self._course.limits,
            heart_rate_bpm=self._modalities.heart(now_s).bpm,
            rating=self._course.rating,
            question=self.plan.protocol.ratings,
            quiet_share=guided.share(now_s) if guided else self._quiet.share(now_s),
            refused=guided.refused if guided else self._quiet.refused,
            cues=self._course.cues,
            screen=self.plan.protocol.screen,
        )


def _kind_of(sentence: str) -> str:
    """A sentence without its numbers: the same trouble is not told again with each of them."""
    return "".join(c for c in sentence if not c.isdigit())


def personal(baseline: Baseline | None) -> Personal:
    """What an earlier calibration says of this person's signals, as far as it can be true."""
    if baseline is None:
        return NOBODY
    recovery_s, alpha_hz = baseline.recovery_s, baseline.alpha_hz
    return Personal(
        recovery_s if recovery_s is not None and 1.0 <= recovery_s <= 6.0 else None,
        alpha_hz if alpha_hz is not None and 6.0 <= alpha_hz <= 14.0 else None,
    )


def guided(plan: Plan, known: Mapping[str, Prior]) -> Guided:
    """The guided calibration of a plan that has one."""
    assert plan.guide is not None
    config = plan.config
    return Guided(plan.guide, plan.baseline, config.patient, known, config.medication)


def longer(protocol: Protocol, seconds: float) -> Protocol:
    """The protocol with that much more session time, within the hard bound of an hour."""
    limits = protocol.limits
    most_s = min(limits.session_s + seconds, HARD["session_s"][1])
    return replace(protocol, limits=replace(limits, session_s=most_s))


def medication(config: Config) -> Medication:
    """What the configuration says a person takes or carries."""
    taken = set(config.medication)
    return Medication(
        beta_blocker="beta_blocker" in taken,
        anticholinergic="anticholinergic" in taken,
        benzodiazepine="benzodiazepine" in taken,
        irregular_rhythm="pacemaker" in taken,
    )
