"""Every feature beside its offline twin: a reference that sees the whole record at once.

The bound of each test is part of docs/signals.md. References come with `pip install
adaptivevr[bench]`; a missing one is skipped, and says so.
"""

import math
import warnings
from functools import cache

import numpy as np
import pytest

from sensors.breath import Breath
from sensors.chunk import Chunk
from sensors.feature import Feature
from sensors.heart import Ecg, Intervals, Ppg
from sensors.motion import Motion
from sensors.stream import Kind, Stream
from tests.benchmarks.skin import matched, simulate
from tests.benchmarks.skin import run as run_skin
from tests.sensors.test_blink import FS, head
from tests.sensors.test_heart import features as fed
from tests.sensors.test_heart import heart


def reference(name):
    """A reference library, or a visible skip; its own warnings are not ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip(name, reason=f"{name} is in the extra [bench]")


def series(features: list[Feature], name: str) -> tuple[np.ndarray, np.ndarray]:
    """Times and values of one feature."""
    own = [f for f in features if f.name == name and f.value is not None]
    return np.array([f.time_s for f in own]), np.array([f.value for f in own])


# --- heart -------------------------------------------------------------------------------------


@cache
def heart_record():
    beats, t, x = heart(90, 250.0)
    stream = Stream("ecg", "strap", Kind.ECG, 250.0, "uV")
    ecg = Ecg(stream)
    found = fed(ecg, stream, t, x) + list(ecg.finish())
    return beats, x, tuple(found)


def neurokit_peaks(x, rate_hz):
    nk = reference("neurokit2")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        clean = nk.ecg_clean(x, sampling_rate=rate_hz)
        _, info = nk.ecg_peaks(clean, sampling_rate=rate_hz)
    return np.asarray(info["ECG_R_Peaks"]) / rate_hz


def nearest(times, others):
    return np.array([np.abs(others - t).min() for t in times])


def test_beats_beside_neurokit_and_wfdb():
    """Every beat of the references within 12 ms, after a constant is taken off; none more."""
    _, x, found = heart_record()
    times, _ = series(list(found), "beat")
    theirs = [neurokit_peaks(x, 250)]
    processing = reference("wfdb.processing")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs.append(processing.xqrs_detect(x, 250.0, verbose=False) / 250.0)
    for peaks in theirs:
        inside = peaks[(peaks > 2) & (peaks < 88)]
        own = times[(times > 2) & (times < 88)]
        assert abs(len(inside) - len(own)) <= 1
        offs = np.array([p - times[np.abs(times - p).argmin()] for p in inside])
        assert np.quantile(np.abs(offs - np.median(offs)), 0.95) < 0.012


def test_heart_rate_beside_neurokit():
    """The rate over 30 s within 0.3 beats/min of the mean of its intervals."""
    _, x, found = heart_record()
    peaks = neurokit_peaks(x, 250)
    for name, seconds, bound in (("heart_rate", 30.0, 0.3), ("heart_rate_fast", 4.3, 2.5)):
        times, values = series(list(found), name)
        for t, value in zip(times[-20:], values[-20:], strict=True):
            inside = np.diff(peaks[(peaks > t - seconds) & (peaks <= t + 0.02)])
            assert value == pytest.approx(60 / inside.mean(), abs=bound), name


def test_variability_beside_neurokit():
    """ln RMSSD of 30 s within 0.1; the streaming one lags by the two beats of its correction."""
    nk = reference("neurokit2")
    beats, _, found = heart_record()
    times, values = series(list(found), "ln_rmssd")
    for t, value in list(zip(times, values, strict=True))[-10:]:
        inside = beats[(beats > t - 31.5) & (beats <= t - 1.5)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = nk.hrv_time((inside * 1000).astype(int), sampling_rate=1000)
        assert value == pytest.approx(math.log(float(table["HRV_RMSSD"].iloc[0])), abs=0.1)


def test_artefact_correction_beside_neurokit():
    """A missed and an extra beat: corrected intervals have RMSSD within 15 % of Kubios' rules."""
    nk = reference("neurokit2")
    rng = np.random.default_rng(5)
    beats = np.cumsum(0.85 + 0.03 * np.sin(np.arange(80) * 0.9) + rng.normal(0, 0.008, 80))
    spoilt = np.sort(np.append(np.delete(beats, 64), beats[70] + 0.3))
    stream = Stream("rr", "strap", Kind.RR, 0.0, "s")
    extractor = Intervals(stream)
    out = extractor.update(Chunk(stream, spoilt[1:], 0.0, np.diff(spoilt)[:, None]))
    _, values = series(list(out), "ln_rmssd")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, fixed = nk.signal_fixpeaks(
            (spoilt * 1000).astype(int), sampling_rate=1000, method="Kubios", iterative=True
        )
    last = np.asarray(fixed, float)
    last = last[(last > (spoilt[-1] - 31.5) * 1000) & (last < (spoilt[-1] - 1.5) * 1000)]
    rmssd = np.sqrt((np.diff(np.diff(last)) ** 2).mean())
    assert math.exp(values[-1]) == pytest.approx(rmssd, rel=0.15)


def test_pulse_beside_neurokit():
    """Intervals of the pulse wave within 20 ms of those of the Elgendi detector (median)."""
    nk = reference("neurokit2")
    beats, t, _ = heart(60, 125.0)
    near = t[:, None] - beats
    x = np.exp(-(((near - 0.2) / 0.09) ** 2)).sum(1) + 0.3 * np.exp(
        -(((near - 0.45) / 0.1) ** 2)
    ).sum(1)
    x += np.random.default_rng(0).normal(0, 0.01, len(t))
    stream = Stream("ppg", "ring", Kind.PPG, 125.0)
    ppg = Ppg(stream)
    times, values = series(fed(ppg, stream, t, x) + list(ppg.finish()), "beat")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        clean = nk.ppg_clean(x, sampling_rate=125)
        peaks = nk.ppg_findpeaks(clean, sampling_rate=125)["PPG_Peaks"] / 125.0
    theirs = np.interp(times, peaks[1:] - 0.1, np.diff(peaks))
    part = (times > 5) & (times < 55)
    assert np.median(np.abs(values[part] - theirs[part])) < 0.02


# --- skin --------------------------------------------------------------------------------------


@cache
def skin_record(seed):
    record = simulate(seed, follow=1.0)
    return record, tuple(run_skin(record))


def test_skin_beside_cvxeda():
    """Phasic and tonic at zero look-back: r >= 0.95 and >= 0.98 with offline cvxEDA."""
    nk = reference("neurokit2")
    reference("cvxopt")
    record, found = skin_record(102)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parts = nk.eda_phasic(record.eda, sampling_rate=8, method="cvxeda")
    for name, column, bound in (("phasic", "EDA_Phasic", 0.95), ("tonic", "EDA_Tonic", 0.98)):
        _, values = series(list(found), name)
        assert np.corrcoef(values, parts[column])[0, 1] >= bound, name


def test_responses_beside_neurokit_on_its_own_simulation():
    """Responses that NeuroKit2 draws are found: as many within two, each within 1.2 s."""
    nk = reference("neurokit2")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        eda = nk.eda_simulate(
            duration=120, sampling_rate=8, scr_number=8, noise=0.0, drift=-0.005, random_state=3
        )
        # as drawn they rise by 1 uS in half a second, which no sweat gland does: a third of it
        eda = 0.3 * np.asarray(eda)
        _, info = nk.eda_peaks(nk.eda_phasic(eda, sampling_rate=8)["EDA_Phasic"], sampling_rate=8)
    record = simulate(0)
    noise = np.random.default_rng(0).normal(0, 0.005, len(eda))
    found = run_skin(type(record)(eda + 3 + noise, record.phasic, record.tonic, []))
    times, _ = series(found, "scr")
    peaks = np.asarray(info["SCR_Peaks"], float) / 8
    onsets = np.asarray(info["SCR_Onsets"], float) / 8
    good = onsets[np.isfinite(onsets) & (onsets > 3) & (onsets < 117)]
    assert abs(len(times) - len(peaks)) <= 2
    assert matched(times.tolist(), good.tolist(), 1.2) >= len(good) - 2


def test_level_beside_the_plain_mean():
    """ln_scl is the logarithm of the mean of ten seconds, within 0.001."""
    record, found = skin_record(102)
    times, values = series(list(found), "ln_scl")
    for t, value in list(zip(times, values, strict=True))[10::40]:
        end = round(t * 8) + 1
        assert value == pytest.approx(math.log(record.eda[end - 80 : end].mean()), abs=1e-3)


# --- brain -------------------------------------------------------------------------------------


def brain_of(x, names, **more):
    from sensors.brain import Brain

    stream = Stream(
        "eeg", "cap", Kind.EEG, FS, "uV", names, tuple(range(x.shape[1])), format="double64"
    )
    return Brain(stream, **more).update(Chunk(stream, np.arange(len(x)) / FS, 0.0, x))


@cache
def few():
    brain, _, _ = head(7, channels=16, seconds=70.0)
    names = ("Fz", "Pz", "O1", "O2")
    return brain[:, [3, 11, 13, 15]], tuple(brain_of(brain[:, [3, 11, 13, 15]], names))


def test_band_power_beside_mne():
    """ln alpha of four seconds within 0.15 of MNE's Welch, ln beta/alpha within 0.2."""
    mne = reference("mne")
    x, found = few()
    for name, bound in (("ln_alpha", 0.15), ("ln_beta_alpha", 0.2)):
        times, values = series(list(found), name)
        for t, value in list(zip(times, values, strict=True))[10::8]:
            end = round(t * FS) + 1
            part = x[max(0, end - 1000) : end].T
            power, hz = mne.time_frequency.psd_array_welch(
                part, FS, 1, 45, n_fft=500, n_overlap=250, window="hann", verbose="ERROR"
            )
            alpha = power[:, (hz >= 8) & (hz <= 13)].sum(axis=1) * 0.5
            beta = power[:, (hz >= 13) & (hz <= 30)].sum(axis=1) * 0.5
            whole = np.log(alpha[1:]).mean(), np.log(beta / alpha).mean()
            expected = whole[0] if name == "ln_alpha" else whole[1]
            assert value == pytest.approx(expected, abs=bound), name


def test_alpha_envelope_beside_a_zero_phase_hilbert():
    """The quick envelope, its delay taken off, agrees with r >= 0.9 with the offline one."""
    signal = reference("scipy.signal")
    x, found = few()
    times, values = series(list(found), "alpha")
    sos = signal.butter(2, [8, 13], "band", fs=FS, output="sos")
    envelope = np.abs(signal.hilbert(signal.sosfiltfilt(sos, x[:, 1:], axis=0), axis=0))
    whole = np.interp(times[30:], np.arange(len(x)) / FS, envelope.mean(axis=1))
    assert np.corrcoef(values[30:], whole)[0, 1] >= 0.9


def test_blinks_beside_the_regression_of_mne():
    """Power of alpha at the back within 0.05 of what MNE's regression on a known EOG leaves."""
    mne = reference("mne")
    _, x, lid = head(8, seconds=70.0)
    names = ("Fp1", "Fp2", "F3", "F4", "Fz", "C3", "C4", "Cz", "T7", "T8", "P3", "P4", "Pz")
    names += ("O1", "Oz", "O2")
    found = brain_of(x, names)
    kinds = ["eeg"] * 16 + ["eog"]
    info = mne.create_info([*names, "lid"], FS, kinds, verbose="ERROR")
    raw = mne.io.RawArray(np.column_stack([x, lid]).T * 1e-6, info, verbose="ERROR")
    raw.filter(0.5, None, verbose="ERROR")
    raw.set_eeg_reference("average", verbose="ERROR")
    model = mne.preprocessing.EOGRegression(picks="eeg", picks_artifact="eog").fit(raw)
    clean = model.apply(raw).get_data("eeg")[10:, int(40 * FS) :] * 1e6
    power, hz = mne.time_frequency.psd_array_welch(clean, FS, 1, 45, n_fft=500, verbose="ERROR")
    theirs = np.log(power[:, (hz >= 8) & (hz <= 13)].sum(axis=1) * 0.5).mean()
    times, values = series(list(found), "ln_alpha")
    ours = math.log(np.exp(values[times > 44]).mean())
    assert ours == pytest.approx(theirs, abs=0.12)


# --- breath and motion -------------------------------------------------------------------------


def test_breath_rate_beside_neurokit():
    """The rate within 0.5 breaths/min of NeuroKit2's, median."""
    nk = reference("neurokit2")
    t = np.arange(90 * 25) / 25.0
    phase = 2 * np.pi * np.cumsum(0.25 + 0.02 * np.sin(0.1 * t)) / 25.0
    x = np.sin(phase) + np.random.default_rng(1).normal(0, 0.05, len(t))
    stream = Stream("belt", "belt", Kind.BREATH, 25.0)
    times, values = series(
        list(Breath(stream).update(Chunk(stream, t, 0.0, x[:, None]))), "breath_rate"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        clean = nk.rsp_clean(x, sampling_rate=25)
        _, info = nk.rsp_peaks(clean, sampling_rate=25)
    troughs = np.asarray(info["RSP_Troughs"]) / 25.0
    for at, value in list(zip(times, values, strict=True))[30::10]:
        inside = troughs[(troughs > at - 33) & (troughs <= at)]
        assert value == pytest.approx(60 / np.diff(inside).mean(), abs=0.5)


def test_motion_beside_scipy():
    """The root mean square within 3 % of a zero-phase Butterworth's."""
    signal = reference("scipy.signal")
    rng = np.random.default_rng(2)
    t = np.arange(60 * 52) / 52.0
    x = np.array([0.0, 0.0, 1.0]) + 0.05 * np.sin(2 * np.pi * 1.5 * t)[:, None]
    x += rng.normal(0, 0.01, (len(t), 3))
    stream = Stream("acc", "wrist", Kind.MOTION, 52.0, "g", ("x", "y", "z"), (0, 1, 2))
    times, values = series(list(Motion(stream).update(Chunk(stream, t, 0.0, x))), "motion")
    sos = signal.butter(1, [0.2, 5.0], "band", fs=52.0, output="sos")
    forward = signal.sosfilt(sos, x - x[0], axis=0)
    end = round(times[-1] * 52) + 1
    expected = np.sqrt((forward[end - 260 : end] ** 2).sum(axis=1).mean())
    assert values[-1] == pytest.approx(expected, rel=0.03)
