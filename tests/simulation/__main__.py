"""`python -m tests.simulation [SEED ...]`: the closed loop of the demonstration, seed by seed.

`python -m tests.simulation --one ARM PROTOCOL KIND SEED` repeats one run of the closed-loop proof.
"""

import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from adaptivevr.check import audit
from tests.simulation.clinic import Guest
from tests.simulation.closed import Ran, session, yoked
from tests.simulation.jobs import Job, run
from tests.simulation.measures import rounded


def main() -> int:
    """Prints one JSON document; exits 1 when a seed breaks a promise."""
    if sys.argv[1:2] == ["--one"]:
        return _one(sys.argv[2:])
    seeds = [int(text) for text in sys.argv[1:]] or [1, 2, 3, 4, 5]
    jobs = [(kind, seed) for seed in seeds for kind in ("normal", "panic_prone", "none")]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        ran: dict[tuple[str, int], Ran] = {}
        for job, one in zip(
            jobs, pool.map(lambda j: session(j[0], j[1], Path(folder)), jobs), strict=True
        ):
            print(f"{job[0]} seed {job[1]} done", file=sys.stderr)
            ran[job] = one
        rows = [_row(seed, ran) for seed in seeds]
    print(json.dumps({"seeds": rows, "ok": all(row["ok"] for row in rows)}))
    return 0 if all(row["ok"] for row in rows) else 1


def _one(words: list[str]) -> int:
    arm, protocol, kind, seed = words
    result = run(Job(arm, protocol, Guest(kind, int(seed))))
    for bulk in ("loads", "baseline"):
        result.pop(bulk, None)
    print(json.dumps(rounded(result)))
    return 1 if result.get("violations") else 0


def _row(seed: int, ran: dict[tuple[str, int], Ran]) -> dict[str, object]:
    normal, panic, nobody = (ran[kind, seed] for kind in ("normal", "panic_prone", "none"))
    theirs = yoked("panic_prone", seed, normal.intensities())
    own = panic.document["true_above_085_share"]
    less = normal.document["intensity_mean"] - panic.document["intensity_mean"]
    violations = sum(len(audit(one.record).violations) for one in (normal, panic, nobody))
    ok = (
        less >= 0.1
        and panic.document["increases_blocked"] >= 1
        and nobody.document["intensity_max"] == 0.0
        and theirs > own
        and violations == 0
    )
    return {
        "seed": seed,
        "normal_mean": normal.document["intensity_mean"],
        "panic_mean": panic.document["intensity_mean"],
        "panic_blocked": panic.document["increases_blocked"],
        "nobody_max": nobody.document["intensity_max"],
        "above_085_own": own,
        "above_085_yoked": theirs,
        "violations": violations,
        "ok": ok,
    }


if __name__ == "__main__":
    sys.exit(main())
