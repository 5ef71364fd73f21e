"""From single runs to the table of the closed-loop proof: means, intervals, kinds of people."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from tests.simulation.jobs import CALM, Job, is_exposure
from tests.simulation.measures import CEILING, RUN_S, WINDOW, interval, middle, rounded

Run = tuple[Job, dict[str, Any]]
FIRST = "graded_exposure"
STEPS = ("response_s", "settling_s", "overshoot", "steady_deviation", "tracking_error")


def table(done: Sequence[Run]) -> dict[str, Any]:
    """The whole document of protocols, robustness and waveform agreement."""
    arms: dict[tuple[str, str], list[Run]] = defaultdict(list)
    for job, result in sorted(done, key=lambda one: one[0].guest.seed):
        arms[job.protocol, job.arm].append((job, result))
    names = sorted({protocol for protocol, _ in arms})
    document: dict[str, Any] = {"protocols": {}}
    for name in names:
        own = arms[name, "own"]
        if own and is_exposure(name):
            document["protocols"][name] = exposure(own, arms[name, "yoked"])
        elif own:
            document["protocols"][name] = course(own)
    heart = arms["hrv_biofeedback", "own"] + arms["hrv_biofeedback", "probe"]
    document["biofeedback"] = biofeedback(heart)
    twisted = [run for (_, arm), runs in arms.items() if arm == "twist" for run in runs]
    document["robustness"] = robustness(twisted)
    document["waveform"] = waveform(arms)
    document["validation"] = next((found for _, found in arms["", "validation"]), None)
    if document["protocols"].get(FIRST):
        document["bars"] = bars(document["protocols"][FIRST], document["robustness"])
    return dict(rounded(document))


def exposure(own: Sequence[Run], yoked: Sequence[Run]) -> dict[str, Any]:
    """One exposure protocol: own loop against a fixed schedule and another person's load."""
    results = [result for _, result in own]
    theirs = [result for _, result in yoked]
    fixed = [result["fixed"] for result in results]
    mine = interval([one["in_window"] for one in results])
    schedule = interval([one["in_window"] for one in fixed])
    other = interval([one["in_window"] for one in theirs])
    return {
        "patients": len(results),
        "seeds": _seeds(own),
        "in_window": mine[0],
        "in_window_ci": mine[1:],
        "in_window_fixed": schedule[0],
        "in_window_fixed_ci": schedule[1:],
        "in_window_yoked": other[0],
        "in_window_yoked_ci": other[1:],
        "in_window_with_cooldown": _mean(one["in_window_with_cooldown"] for one in results),
        **_safety(own),
        "above_ceiling_fixed": _mean(one["above_ceiling"] for one in fixed),
        "above_ceiling_yoked": _mean(one["above_ceiling"] for one in theirs),
        "long_runs_share_fixed": _mean(one["longest_s"] > RUN_S for one in fixed),
        "long_runs_share_yoked": _mean(one["longest_s"] > RUN_S for one in theirs),
        "fear": _mean(one["fear"] for one in results),
        "fear_fixed": _mean(one["fixed_fear"] for one in results),
        "fear_less_than_fixed_ci": interval([one["fixed_fear"] - one["fear"] for one in results]),
        "top_level": _mean(one["top_level"] for one in results),
        "estimate_error": _mean(one["error"] for one in results if one["error"] is not None),
        "steps": {name: middle(one[name] for one in results) for name in STEPS},
        "step_band": WINDOW,
        "kinds": _kinds(own, yoked),
    }


def course(own: Sequence[Run]) -> dict[str, Any]:
    """One other protocol: its own figures, and what the body did meanwhile."""
    results = [result for _, result in own]
    names = sorted({name for one in results for name in one["own"]})
    kinds: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for job, result in own:
        kinds[job.guest.kind].append(result)
    body = ("arousal_early", "arousal_late", "in_step", "calm", "load")
    return {
        "patients": len(results),
        "seeds": _seeds(own),
        "in_window": None,
        "in_window_fixed": None,
        "in_window_yoked": None,
        **_safety(own),
        "steps": {name: middle(one[name] for one in results) for name in STEPS},
        "step_band": CALM,
        "own": {
            name: {
                "median": middle(one["own"].get(name) for one in results),
                "told_by": sum(name in one["own"] for one in results),
            }
            for name in names
        },
        "rewarded": middle(one["rewarded"] for one in results),
        "said": dict(sum((Counter(one["said"]) for one in results), Counter())),
        "ended": dict(Counter(one["ended"] for one in results)),
        "body": {name: middle(one[name] for one in results) for name in body},
        "kinds": {
            kind: {
                "patients": len(some),
                **{name: middle(one[name] for one in some) for name in body},
                "own": {name: middle(one["own"].get(name) for one in some) for name in names},
            }
            for kind, some in sorted(kinds.items())
        },
    }


def bars(first: dict[str, Any], twisted: dict[str, Any]) -> dict[str, bool]:
    """What has to hold for graded exposure, one by one."""
    lowest = first["in_window_ci"][0]
    loops = list(twisted.values())
    return {
        "above_fixed": lowest > first["in_window_fixed_ci"][1],
        "above_yoked": lowest > first["in_window_yoked_ci"][1],
        "above_ceiling": first["above_ceiling"] <= 0.001,
        "long_runs": first["long_runs_share"] < 0.01,
        "long_runs_panic": (first["long_runs_share_panic"] or 0.0) < 0.05,
        "fear_not_worse": first["fear_less_than_fixed_ci"][2] >= 0.0,
        "no_gate_violations": first["gate_violations"] == 0,
        "robust": all(
            one["reversals_per_10_min"] <= 2.0 and one["gate_violations"] == 0 for one in loops
        ),
    }


def biofeedback(runs: Sequence[Run]) -> dict[str, Any]:
    """Those who follow the pacer, those who do not, and a heart that wanders at random."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for job, result in runs:
        step = result["in_step"] or 0.0
        if job.guest.kind == "rhythmless":
            groups["random_walk"].append(result)
        else:
            groups["follow" if step >= 0.5 else "do_not_follow"].append(result)
    return {
        name: {
            "patients": len(some),
            "in_step": middle(one["in_step"] for one in some),
            "rsa_rest_ms": middle(one["own"].get("rsa_rest_ms") for one in some),
            "rsa_train_ms": middle(one["own"].get("rsa_train_ms") for one in some),
            "raised_share": _mean(_raised(one) for one in some),
            "rewarded": middle(one["rewarded"] for one in some),
            "rewarded_most": max((one["rewarded"] or 0.0 for one in some), default=None),
        }
        for name, some in sorted(groups.items())
    }


def _raised(result: dict[str, Any]) -> bool:
    own = result["own"]
    return bool(own.get("rsa_train_ms", 0.0) > own.get("rsa_rest_ms", 0.0))


def robustness(runs: Sequence[Run]) -> dict[str, Any]:
    """Late and wrongly scaled estimates: does the loop swing, does it keep the limits?"""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for job, result in runs:
        assert job.twist is not None
        lag, gain = job.twist.lag_s, job.twist.gain
        found[f"lag {lag:g} s" if lag else f"gain x{gain:g}"].append(result)
    return {
        name: {
            "patients": len(some),
            "reversals_per_10_min": _mean(one["reversals_per_10_min"] for one in some),
            "reversals_per_10_min_most": max(one["reversals_per_10_min"] for one in some),
            "in_window": _mean(one["in_window"] for one in some),
            "above_ceiling": _mean(one["above_ceiling"] for one in some),
            "long_runs_share": _mean(one["longest_s"] > RUN_S for one in some),
            "gate_violations": sum(len(one["violations"]) for one in some),
        }
        for name, some in sorted(found.items())
    }


def waveform(arms: dict[tuple[str, str], list[Run]]) -> dict[str, Any]:
    """The same guests at waveform level and 60 Hz: how far the figures lie apart."""
    pairs = []
    for (name, arm), runs in arms.items():
        if arm == "wave":
            quick = {job.guest: result for job, result in arms[name, "own"]}
            pairs += [(quick[job.guest], slow) for job, slow in runs if job.guest in quick]
    if not pairs:
        return {"patients": 0}
    low, high = _mean(a["in_window"] for a, _ in pairs), _mean(b["in_window"] for _, b in pairs)
    return {
        "patients": len(pairs),
        "in_window_features": low,
        "in_window_waveform": high,
        "apart": abs((low or 0.0) - (high or 0.0)),
        "more_in_features_ci": interval([a["in_window"] - b["in_window"] for a, b in pairs]),
        "apart_each": _mean(abs(a["in_window"] - b["in_window"]) for a, b in pairs),
        "above_ceiling_features": _mean(a["above_ceiling"] for a, _ in pairs),
        "above_ceiling_waveform": _mean(b["above_ceiling"] for _, b in pairs),
        "gate_violations": sum(len(b["violations"]) for _, b in pairs),
    }


def _safety(own: Sequence[Run]) -> dict[str, Any]:
    results = [result for _, result in own]
    panic = [result for job, result in own if job.guest.kind == "panic_prone"]
    calm = [result for job, result in own if job.guest.kind != "panic_prone"]
    return {
        "above_ceiling": _mean(one["above_ceiling"] for one in results),
        "ceiling": CEILING,
        "long_runs_share": _mean(one["longest_s"] > RUN_S for one in calm),
        "long_runs_share_panic": _mean(one["longest_s"] > RUN_S for one in panic),
        "gate_violations": sum(len(one["violations"]) for one in results),
        "increases": sum(one["increases"] for one in results),
        "reversals_per_10_min": _mean(one["reversals_per_10_min"] for one in results),
        "safe_share": _mean(one["safe_share"] for one in results),
    }


def _kinds(own: Sequence[Run], yoked: Sequence[Run]) -> dict[str, Any]:
    kinds: dict[str, list[Run]] = defaultdict(list)
    for run in own:
        kinds[run[0].guest.kind].append(run)
    under: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for job, result in yoked:
        under[job.guest.kind].append(result)
    return {
        kind: {
            "patients": len(runs),
            "in_window": _mean(one["in_window"] for _, one in runs),
            "in_window_fixed": _mean(one["fixed"]["in_window"] for _, one in runs),
            "in_window_yoked": _mean(one["in_window"] for one in under[kind]),
            "above_ceiling": _mean(one["above_ceiling"] for _, one in runs),
            "above_ceiling_fixed": _mean(one["fixed"]["above_ceiling"] for _, one in runs),
            "longest_s": max(one["longest_s"] for _, one in runs),
            "fear": _mean(one["fear"] for _, one in runs),
            "fear_fixed": _mean(one["fixed_fear"] for _, one in runs),
            "top_level": _mean(one["top_level"] for _, one in runs),
        }
        for kind, runs in sorted(kinds.items())
    }


def _seeds(runs: Sequence[Run]) -> str:
    """The seeds of these runs, as `0-11 13`."""
    spans: list[list[int]] = []
    for seed in sorted(job.guest.seed for job, _ in runs):
        if spans and seed == spans[-1][1] + 1:
            spans[-1][1] = seed
        else:
            spans.append([seed, seed])
    return " ".join(f"{a}-{b}" if b > a else f"{a}" for a, b in spans)


def _mean(values: Iterable[float]) -> float | None:
    known = [float(value) for value in values]
    return sum(known) / len(known) if known else None
