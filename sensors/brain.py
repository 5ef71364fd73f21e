"""Brain rhythms for feedback and as a slow companion of arousal."""

import math
from collections import deque

import numpy as np

from sensors.alpha import DELAY_S, MEMORY_PIECES, Envelope, Peak
from sensors.artefact import Blame, Channels, humming
from sensors.blink import LEAST, Blinks
from sensors.blocks import Block, Blocks, Floats
from sensors.chunk import Chunk
from sensors.feature import Feature, Status
from sensors.iir import Hold, Sos, highpass, notch
from sensors.montage import posterior, sides
from sensors.rhythms import Rhythms
from sensors.stream import Stream

BLOCK_S = 0.1
HOP = 10  # blocks: a second
PIECE = 20  # blocks: two seconds, half overlapping
WINDOW_PIECES, WINDOW_S = 3, 4.0
ALPHA_HZ = (8.0, 13.0)
SLOWEST_HZ = 30.0  # below this no alpha band is left
USUAL_HZ = 250.0
HABIT_S = 60.0
MEASURED_HZ = 250.0  # faster streams are averaged down to at least this for the spectrum
PEAK_S, PEAK_FIRST_S = 10, 30  # pieces: the individual frequency is told so often, from then on
WEIGHTS = {Blame.NONE: 1.0, Blame.MUSCLE: 0.4, Blame.LINE: 0.5}

STATUS = {
    Blame.NONE: Status.OK,
    Blame.MUSCLE: Status.NOISY,
    Blame.LINE: Status.NOISY,
    Blame.LARGE: Status.NOISY,
    Blame.CLIPPED: Status.CLIPPED,
    Blame.FLAT: Status.FLAT,
    Blame.MISSING: Status.DETACHED,
}


class Brain:
    """Streaming EEG of any number of channels with any names.

    `alpha` (uV, 10 Hz): posterior alpha amplitude, about 0.16 s late. Each second, over four:
    `ln_alpha` (ln uV^2, posterior) and `ln_beta_alpha` (all channels); `muscle`, the share of
    channels in which jaw or neck can be heard; `contact.NAME`, 0 to 1, for every channel. Every
    ten seconds `alpha_peak` (Hz), the individual frequency. Channels are judged every second; a
    bad one is left out and the others go on from the level that all had. From eight channels
    on, blinks and the like are taken out as directions and the average of the good channels is
    the reference; with fewer, the reference stays as recorded.
    alpha_hz: the personal band (individual frequency -2 to +2 Hz), from calibration.
    asymmetry: also tell `frontal_asymmetry` (ln right - ln left alpha), for research only: it
    says next to nothing about a person (van der Vinne et al. 2017).
    """

    def __init__(
        self,
        stream: Stream,
        alpha_hz: tuple[float, float] = ALPHA_HZ,
        asymmetry: bool = False,
    ) -> None:
        self.stream = stream
        self.alpha_hz = alpha_hz
        rate_hz = stream.rate_hz or USUAL_HZ
        self._blocks = Blocks(stream, max(1, round(rate_hz * BLOCK_S)), rate_hz)
        count = len(stream.used)
        self._names = tuple(
            stream.channels[i] if i < len(stream.channels) else f"{i}" for i in stream.used
        )
        self._posterior = posterior(self._names)
        self._sides = sides(self._names) if asymmetry else None
        self._all = list(range(count))
        self._many = count >= LEAST
        self._begin(rate_hz)

    def _begin(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self._able = rate_hz >= SLOWEST_HZ
        self._channels = Channels(len(self._all), not self.stream.relative)
        self._blinks = Blinks(len(self._all)) if self._many else None
        self._averaged = max(1, int(rate_hz // MEASURED_HZ))
        while self._blocks.size % self._averaged:
            self._averaged -= 1
        self._rhythms: Rhythms | None = None
        self._peak: Peak | None = None
        self._habit: Floats | None = None  # usual ln alpha and ln beta/alpha, (2, channels)
        self._line: list[float | None] = []
        self._notch_hz: float | None = None
        self._hold = Hold()
        self._restart()

    def _restart(self) -> None:
        """After a reset or a long hole: filters and windows begin anew, habits stay."""
        if self._able:
            self._high = Sos(highpass(2, 0.5, self._rate_hz))
            self._envelope = Envelope(self.alpha_hz, self._rate_hz)
            self._notch = self._make_notch()
        self._flowing: deque[Floats] = deque(maxlen=PIECE)
        self._channels.forget()
        if self._blinks is not None:
            self._blinks.forget()
        self._reference = list(self._all)  # channels whose average is the reference
        self._missing: deque[Floats] = deque(maxlen=HOP)
        self._blames: deque[list[Blame]] = deque(maxlen=round(WINDOW_S))
        self._pieces: deque[tuple[Floats, list[bool]]] = deque(maxlen=WINDOW_PIECES)
        self._count = 0
        self._gap = 0
        self._contacts = [0.0] * len(self._all)
        self._tense = 0.0  # share of channels with muscle in the last two seconds

    def _make_notch(self) -> Sos | None:
        if self._notch_hz is None or self._notch_hz > 0.45 * self._rate_hz:
            return None
        return Sos(notch(self._notch_hz, self._rate_hz))

    def update(self, chunk: Chunk) -> tuple[Feature, ...]:
        """The features that exist after these samples."""
        features: list[Feature] = []
        for block in self._blocks.take(chunk):
            if block.reset:
                self._begin(block.rate_hz)
            if self._able:
                features.extend(self._advance(block))
        return tuple(features)

    def _advance(self, block: Block) -> list[Feature]:
        if block.gap_s > 1.0:
            self._restart()
        if block.gap_s > 0:
            self._gap = round(WINDOW_S / BLOCK_S)
        values, bad = self._hold.update(block.values)
        flowing = self._high.update(values)
        if self._notch is not None:
            flowing = self._notch.update(flowing)
        if self._blinks is not None:
            flowing = self._blinks.update(flowing)
        self._channels.look(values, flowing)
        if self._many:
            flowing = flowing - _mean(flowing, self._reference)
        envelope = self._envelope.update(flowing[:, self._posterior])[-1]
        if self._averaged > 1:
            shape = (len(flowing) // self._averaged, self._averaged, len(self._all))
            flowing = flowing.reshape(shape).sum(axis=1) / self._averaged
        self._flowing.append(flowing)
        lost = min(1.0, block.dropped / len(values)) + (1.0 if block.gap_s else 0.0)
        self._missing.append(bad.sum(axis=0) / len(values) + lost)
        self._count += 1
        self._gap = max(0, self._gap - 1)
        features = []
        if self._count % HOP == 0:
            self._judge()
            if self._count >= PIECE:
                self._measure(block)
            self._contacts = self._contact()
            if len(self._pieces) == WINDOW_PIECES:
                features = self._slow(block)
        if self._count >= HOP:
            features.insert(0, self._alpha(envelope, block, bool(bad[-1].all())))
        return features

    def _judge(self) -> None:
        self._blames.append(self._channels.judge(np.stack(self._missing).sum(axis=0) / HOP))

    def _measure(self, block: Block) -> None:
        """Band powers of the last two seconds, and what they say about line and muscle."""
        rate_hz = block.rate_hz / self._averaged
        if self._rhythms is None or abs(rate_hz / self._rhythms.rate_hz - 1) > 0.005:
            samples = PIECE * self._blocks.size // self._averaged
            self._rhythms = Rhythms(samples, rate_hz, self.alpha_hz, self._averaged)
            self._peak = None
        spectrum = self._rhythms.spectrum(np.concatenate(self._flowing))
        powers = self._rhythms.bands(spectrum)
        tense = self._channels.tense(powers[2], HOP * BLOCK_S)
        self._tense = sum(tense) / len(tense)
        hz, lines = humming(powers)
        self._line = [*self._line[-3:], hz]
        if hz is not None and self._notch is None and self._line == [hz] * 4:
            self._notch_hz = hz  # found four times in a row: taken out from now on
            self._notch = self._make_notch()
        latest = self._blames[-1]
        for i, blame in enumerate(latest):
            if blame is Blame.NONE and (tense[i] or lines[i]):
                latest[i] = Blame.MUSCLE if tense[i] else Blame.LINE
        before = self._blames[-2]
        good = [a < Blame.LARGE and b < Blame.LARGE for a, b in zip(before, latest, strict=True)]
        self._pieces.append((powers, good))
        self._reference = [i for i in self._all if good[i]] or self._all
        use = [i for i in self._posterior if good[i] and latest[i] is Blame.NONE]
        if use and self._rhythms.bins_hz[-1] >= 30.0:
            self._peak = self._peak or Peak(self._rhythms.bins_hz)
            self._peak.update((spectrum[use].sum(axis=0) / len(use)).tolist())

    def _slow(self, block: Block) -> list[Feature]:
        alpha: list[float | None] = []
        ratio: list[float | None] = []
        for i in self._all:
            own = [p[:, i] for p, good in self._pieces if good[i]]
            if not own:  # nothing clean: better a poor number, told as such, than silence
                own = [p[:, i] for p, _ in self._pieces]
            a = sum(float(p[0]) for p in own) / len(own)
            b = sum(float(p[1]) for p in own) / len(own)
            alive = a > 1e-9 and b > 0 and self._alive(i)
            alpha.append(math.log(a) if alive else None)
            ratio.append(math.log(b / a) if alive else None)
        clean = [any(good[i] for _, good in self._pieces) for i in self._all]
        values = self._steady(alpha, ratio, clean)
        unit = "ln relative" if self.stream.relative else "ln uV^2"
        features = [
            self._feature("ln_alpha", values[0], unit, block, self._posterior, WINDOW_S, 0.0),
            self._feature("ln_beta_alpha", values[1], "ln", block, self._all, WINDOW_S, 0.0),
            self._feature("muscle", self._tense, "share", block, self._all, 2.0, 0.0),
        ]
        if self._sides is not None:
            left, right = (alpha[i] for i in self._sides)
            apart = None if left is None or right is None else right - left
            where = list(self._sides)
            features.append(
                self._feature("frontal_asymmetry", apart, "ln", block, where, WINDOW_S, 0.0)
            )
        features += [
            self._feature(f"contact.{name}", share, "", block, [i], WINDOW_S, 0.0)
            for i, (name, share) in enumerate(zip(self._names, self._contacts, strict=True))
        ]
        due = self._count % (PEAK_S * HOP) == 0
        if due and self._peak is not None and self._peak.count >= PEAK_FIRST_S:
            features.append(self._individual(block, self._peak))
        return features

    def _individual(self, block: Block, peak: Peak) -> Feature:
        hz, _ = peak.hz()
        window_s = min(peak.count + 1.0, 2.0 * MEMORY_PIECES)
        return self._feature("alpha_peak", hz, "Hz", block, self._posterior, window_s, 0.0)

    def _contact(self) -> list[float]:
        """Share of good seconds of each channel, over the last four."""
        seconds = [[WEIGHTS.get(blame, 0.0) for blame in second] for second in self._blames]
        return [sum(own) / len(own) for own in zip(*seconds, strict=True)]

    def _alive(self, i: int) -> bool:
        return any(second[i] < Blame.FLAT for second in self._blames)

    def _steady(
        self, alpha: list[float | None], ratio: list[float | None], clean: list[bool]
    ) -> list[float | None]:
        """Means over channels that do not jump when a channel drops out.

        Every channel has its usual level; the answer is the mean usual level of the channels
        known so far plus the mean departure of those that are clean now.
        """
        if self._habit is None:
            self._habit = np.full((2, len(self._all)), np.nan)
        share = 1.0 / HABIT_S
        answers: list[float | None] = []
        for row, values, where in (
            (self._habit[0], alpha, self._posterior),
            (self._habit[1], ratio, self._all),
        ):
            use = [i for i in where if values[i] is not None and clean[i]]
            use = use or [i for i in where if values[i] is not None]
            if not use:
                answers.append(None)
                continue
            known = [i for i in where if row[i] == row[i]]
            both = [i for i in use if row[i] == row[i]]
            if both:
                level = sum(float(row[i]) for i in known) / len(known)
                off = sum((values[i] or 0.0) - float(row[i]) for i in both) / len(both)
                answers.append(level + off)
            else:
                answers.append(sum(values[i] or 0.0 for i in use) / len(use))
            for i in use:
                if clean[i]:
                    value = values[i] or 0.0
                    row[i] = value if row[i] != row[i] else row[i] + share * (value - row[i])
        return answers

    def _alpha(self, envelope: Floats, block: Block, gone: bool) -> Feature:
        now = self._blames[-1]
        levels = envelope.tolist()
        pairs = list(zip(self._posterior, levels, strict=True))
        use = [x for i, x in pairs if now[i] < Blame.LARGE]
        use = use or [x for i, x in pairs if now[i] < Blame.FLAT]
        value = sum(use) / len(use) if use and not gone else None
        unit = "relative" if self.stream.relative else "uV"
        return self._feature("alpha", value, unit, block, self._posterior, 0.1, DELAY_S)

    def _quality(self, where: list[int]) -> tuple[float, Status]:
        """Share of good seconds in the better half of the channels, and the usual complaint."""
        shares = sorted((self._contacts[i] for i in where), reverse=True)
        half = shares[: max(1, (len(shares) + 1) // 2)]
        quality = sum(half) / len(half)
        if quality >= 0.5:
            return quality, Status.OK
        blames = sorted(self._blames[-1][i] for i in where)
        return quality, STATUS[blames[len(blames) // 2]]

    def _feature(
        self,
        name: str,
        value: float | None,
        unit: str,
        block: Block,
        where: list[int],
        window_s: float,
        delay_s: float,
    ) -> Feature:
        quality, status = self._quality(where)
        if status is Status.OK and self._gap:
            status = Status.GAP
        if status is Status.OK and self._count * BLOCK_S < WINDOW_S:
            status, quality = Status.SETTLING, 0.5 * quality
        if status is Status.OK and self.stream.relative:
            status = Status.RELATIVE
        time_s = block.time_s - delay_s
        return Feature(
            name, value, unit, time_s, self.stream.id, block.sample, window_s, delay_s,
            0.0 if value is None else quality, status,
        )  # fmt: skip


def _mean(values: Floats, channels: list[int]) -> Floats:
    """The average of these channels at every sample, (n, 1)."""
    used = values if len(channels) == values.shape[1] else values[:, channels]
    return np.asarray(used.sum(axis=1, keepdims=True) / used.shape[1])
