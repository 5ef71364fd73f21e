"""What each step of a calibration gathers, why it is not good enough yet, and what it found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from calibration.baseline import Baseline
from calibration.collector import LEAST_VALID, LEAST_VALID_ELSE, WORDS, Collector, Refusal, Summary
from calibration.fit import Fit
from calibration.prior import Prior
from calibration.resonance import COUNTS_S, Trial, trial
from calibration.steps import Step
from sensors.feature import Feature
from sensors.responder import responds
from sensors.sudomotor import Sudomotor

GOOD = 0.5
SIGH_DELAY_S, SIGH_WITHIN_S = 1.0, 8.0
"""From the words "take a sigh" to the skin: somebody reads, breathes in, and the nerve acts."""
FOLLOW_S = 30.0  # arousal and the windows of 30 s need this long to follow a step
CLOSE_S = 15.0
RECOVERED_S = 90.0
LEAST_RESPONSES = 10  # fewer leave a person's recovery unsure by more than a second
CLEARANCES_S = tuple(1.4 + 0.3 * k for k in range(11))
RISES_S = (0.5, 0.7, 0.9)


@dataclass(slots=True)
class Found:
    """What the steps of a calibration have told so far; None for what none has."""

    skin_answers: bool | None = None
    quiet: Baseline | None = None
    alpha_hz: float | None = None
    alpha_ratio: float | None = None
    rsa_ms: float | None = None
    coherence: float | None = None
    trials: tuple[Trial, ...] = ()
    induced: tuple[Summary, ...] = ()
    peak_bpm: float | None = None  # of the heart, at the end of the induction
    recovered: Baseline | None = None
    half_recovery_s: float | None = None
    notes: tuple[str, ...] = ()


class Gatherer:
    """Gathers during one step; one that takes nothing is always good enough.

    must: without it there is no calibration. update takes a tick's features, wrong says in
    sentences why the step cannot end yet, keep writes down what it found.
    """

    must = False

    def __init__(self, step: Step) -> None:
        self.step = step

    def update(self, now_s: float, since_s: float, features: Sequence[Feature]) -> None:
        """Takes a tick's features; since_s counts from the start of the step."""

    def wrong(self, now_s: float) -> tuple[str, ...]:
        """Why the step cannot end yet."""
        return ()

    def keep(self, now_s: float, found: Found) -> None:
        """Writes down what the step found."""


class FitCheck(Gatherer):
    """Contact of every sensor, and whether the skin answers a sigh."""

    must = True

    def __init__(self, step: Step) -> None:
        super().__init__(step)
        self._fit = Fit()
        self._skin: list[Feature] = []
        self._sigh_s: float | None = None
        self._ask_s = next((cue.after_s for cue in step.cues if cue.name == "sigh"), 0.0)

    def update(self, now_s: float, since_s: float, features: Sequence[Feature]) -> None:
        """Watches the sensors."""
        self._fit.update(now_s, features)
        if self._sigh_s is None and since_s >= self._ask_s:
            self._sigh_s = now_s + SIGH_DELAY_S
        if self._sigh_s is not None and now_s < self._sigh_s + SIGH_WITHIN_S + 5.0:
            self._skin += [f for f in features if f.name in ("scr", "phasic")]

    def wrong(self, now_s: float) -> tuple[str, ...]:
        """What has to be put right, sensor by sensor."""
        return self._fit.findings()

    def keep(self, now_s: float, found: Found) -> None:
        """Whether the skin answered."""
        if self._sigh_s is None:
            return
        found.skin_answers = responds(self._skin, self._sigh_s, SIGH_WITHIN_S)
        if found.skin_answers is False:
            found.notes += ("The skin did not answer a deep sigh.",)


class QuietRest(Gatherer):
    """What is ordinary for this person at rest."""

    must = True

    def __init__(self, step: Step, patient: str, priors: Mapping[str, Prior]) -> None:
        super().__init__(step)
        self._collector = Collector(step.seconds, patient, strict=True, priors=priors)

    def update(self, now_s: float, since_s: float, features: Sequence[Feature]) -> None:
        """Collects."""
        self._collector.update(now_s, features)

    def wrong(self, now_s: float) -> tuple[str, ...]:
        """Which signals are not good or not settled enough."""
        made = self._collector.baseline(now_s)
        return made.sentences if isinstance(made, Refusal) else ()

    def keep(self, now_s: float, found: Found) -> None:
        """The baseline with the population's slopes."""
        made = self._collector.baseline(now_s)
        found.quiet = made if isinstance(made, Baseline) else found.quiet


class EyesClosed(Gatherer):
    """The individual alpha frequency, and how much alpha grows behind closed lids."""

    def __init__(self, step: Step, patient: str, priors: Mapping[str, Prior]) -> None:
        super().__init__(step)
        self._collector = Collector(step.seconds - CLOSE_S, patient, priors=priors)
        self._peak_hz: float | None = None

    def update(self, now_s: float, since_s: float, features: Sequence[Feature]) -> None:
        """Collects from the moment the eyes are surely closed."""
        if since_s < CLOSE_S:
            return
        self._collector.update(now_s, [f for f in features if f.name == "ln_alpha"])
        for feature in features:
            if feature.name == "alpha_peak" and feature.quality >= GOOD:
                self._peak_hz = feature.value

    def wrong(self, now_s: float) -> tuple[str, ...]:
        """Whether the EEG was usable."""
        return _unusable(self._collector.summaries(now_s), ("ln_alpha",))

    def keep(self, now_s: float, found: Found) -> None:
        """Frequency and ratio; a ratio below one means that the electrodes see no alpha."""
        if self.wrong(now_s):
            return
        found.alpha_hz = self._peak_hz
        closed = next((s for s in self._collector.summaries(now_s)), None)
        open_ = found.quiet.of("ln_alpha") if found.quiet else None
        if closed is None or open_ is None or open_.offset is None:
            return
        gain = closed.middle - open_.offset
        found.alpha_ratio = 2.718281828459045**gain
        if found.alpha_ratio < 1.3:
            found.notes += (
                f"Alpha should grow by a third when the eyes close, it changed by a factor of "
                f"{found.alpha_ratio:.1f}: check the posterior electrodes before neurofeedback.",
            )


class PacedBreath(Gatherer):
    """How far slow breathing swings the heart: the upper end for biofeedback."""

    def __init__(self, step: Step) -> None:
        super().__init__(step)
        self._rsa: list[float] = []
        self._coherence: list[float] = []

    def update(self, now_s: float, since_s: float, features: Sequence[Feature]) -> None:
        """Collects from the second half on."""
        for feature in features:
            if feature.value is None or feature.quality < GOOD:
                continue
            if feature.name == "rsa" and since_s >= FOLLOW_S:
                self._rsa.append(feature.value)
            elif feature.name == "coherence" and since_s >= self.step.seconds / 2:
                self._coherence.append(feature.value)

    def keep(self, now_s: float, found: Found) -> None:
        """The usual swing and the best coherence."""
        if len(self._rsa) >= 20:
            found.rsa_ms = median(self._rsa)
        if self._coherence:
            found.coherence = max(self._coherence)


class ResonanceTrial(Gatherer):
    """One breathing rate of the resonance assessment."""

    def __init__(self, step: Step) -> None:
        super().__init__(step)
        self._beats: list[tuple[float, float, bool]] = []

    def update(self, now_s: float, since_s: float, features: Sequence[Feature]) -> None:
        """Takes the beats of the last 90 s."""
        if since_s < self.step.seconds - COUNTS_S:
            return
        for feature in features:
            if feature.name == "beat" and feature.value is not None:
                good = feature.quality >= GOOD
                self._beats.append((feature.time_s, feature.value, good))

    def keep(self, now_s: float, found: Found) -> None:
        """What this rate gave."""
        made = trial(self.step.breaths_per_min, self._beats)
        if made is not None:
            found.trials += (made,)


class Induced(Gatherer):
    """How far each feature moves under mental arithmetic."""

    def __init__(self, step: Step, patient: str, priors: Mapping[str, Prior]) -> None:
        super().__init__(step)
        self._collector = Collector(step.seconds - FOLLOW_S, patient, priors=priors)
        self._heart: list[tuple[float, float]] = []

    def update(self, now_s: float, since_s: float, features: Sequence[Feature]) -> None:
        """Collects from half a minute on."""
        if since_s >= FOLLOW_S:
            self._collector.update(now_s, features)
        self._heart += [(f.time_s, f.value) for f in features if _is_heart(f) and f.value]

    def wrong(self, now_s: float) -> tuple[str, ...]:
        """Which signals were not usable."""
        found = self._collector.summaries(now_s)
        return _unusable(found, [summary.name for summary in found])

    def keep(self, now_s: float, found: Found) -> None:
        """The middles, of signals that were usable."""
        found.induced = tuple(
            s for s in self._collector.summaries(now_s) if not _unusable((s,), (s.name,))
        )
        late = [bpm for at_s, bpm in self._heart if at_s >= now_s - 20.0]
        found.peak_bpm = median(late) if late else None


class Recovery(Gatherer):
    """How fast the heart comes down again, and where the body stands at rest by now."""

    def __init__(self, step: Step, patient: str, priors: Mapping[str, Prior]) -> None:
        super().__init__(step)
        self._collector = Collector(RECOVERED_S, patient, priors=priors)
        self._heart: list[tuple[float, float]] = []

    def update(self, now_s: float, since_s: float, features: Sequence[Feature]) -> None:
        """Collects the end, and the way there."""
        if since_s >= self.step.seconds - RECOVERED_S:
            self._collector.update(now_s, features)
        self._heart += [(since_s, f.value) for f in features if _is_heart(f) and f.value]

    def keep(self, now_s: float, found: Found) -> None:
        """The second rest, and when the heart was half-way down to it."""
        made = self._collector.baseline(now_s)
        found.recovered = made if isinstance(made, Baseline) else None
        rest = found.quiet.of("heart_rate") if found.quiet else None
        if rest is None or rest.offset is None or found.peak_bpm is None:
            return
        if found.peak_bpm - rest.offset < 2.0:
            return  # nothing to come down from
        half = 0.5 * (found.peak_bpm + rest.offset)
        found.half_recovery_s = next((at_s for at_s, bpm in self._heart if bpm <= half), None)


class SkinShape:
    """How fast this person's skin responses fade, weighed sample by sample while they come.

    Level and response as the extractor told them stand for the samples; finer shapes than the
    extractor's own are held side by side.
    """

    def __init__(self) -> None:
        self._fine: Sudomotor | None = None
        self._stream = ""
        self._tonic: Feature | None = None
        self._last_s = 0.0
        self._responses = 0

    def update(self, features: Sequence[Feature]) -> None:
        """Takes a tick's features of the first skin sensor that sends microsiemens."""
        for feature in features:
            if feature.unit != "uS" or feature.value is None or feature.quality < GOOD:
                continue
            self._stream = self._stream or feature.stream
            if feature.stream != self._stream:
                continue
            if feature.name == "scr":
                self._responses += 1
            elif feature.name == "tonic":
                self._tonic = feature
            elif feature.name == "phasic" and self._tonic is not None:
                level = (self._tonic.value or 0.0) + feature.value
                if self._tonic.time_s == feature.time_s:
                    self._sample(feature.time_s, level)

    def _sample(self, time_s: float, level: float) -> None:
        dt_s = time_s - self._last_s
        self._last_s = time_s
        if self._fine is None:
            if 0.05 < dt_s < 1.1:
                self._fine = Sudomotor(
                    dt_s, clearances_s=CLEARANCES_S, rises_s=RISES_S, memory_s=3600.0
                )
            return
        if dt_s > 1.5:
            self._fine.skip(dt_s)
        self._fine.update(level)

    @property
    def recovery_s(self) -> float | None:
        """The time constant, None from too few responses."""
        if self._fine is None or self._responses < LEAST_RESPONSES:
            return None
        return self._fine.clearance_s


def gatherer(step: Step, patient: str, priors: Mapping[str, Prior]) -> Gatherer:
    """The gatherer of a step."""
    match step.collects:
        case "fit":
            return FitCheck(step)
        case "quiet":
            return QuietRest(step, patient, priors)
        case "closed":
            return EyesClosed(step, patient, priors)
        case "paced":
            return PacedBreath(step)
        case "resonance":
            return ResonanceTrial(step)
        case "induced":
            return Induced(step, patient, priors)
        case "recovery":
            return Recovery(step, patient, priors)
        case _:
            return Gatherer(step)


def _is_heart(feature: Feature) -> bool:
    return feature.name == "heart_rate" and feature.quality >= GOOD


def _unusable(summaries: Sequence[Summary], names: Sequence[str]) -> tuple[str, ...]:
    """What keeps these features from counting, a sentence for each organ."""
    from calibration.prior import PRIORS

    said = []
    there = {summary.name: summary for summary in summaries}
    for name in names:
        organ = PRIORS[name].organ
        least = LEAST_VALID.get(organ, LEAST_VALID_ELSE)
        valid = there[name].valid if name in there else 0.0
        if valid < least:
            title, remedy = WORDS[organ]
            said.append(
                f"{title} must be usable {least:.0%} of the time, it was {valid:.0%}: {remedy}."
            )
    return tuple(dict.fromkeys(said))
