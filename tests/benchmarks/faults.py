"""Sessions in which everything goes wrong: not one increase while any gate is closed.

    python -m tests.benchmarks.faults --json [--sessions 250] [--full] [--seed N] [--strict]

Ten simulated minutes each, the whole engine on the streams of a simulated patient, with sensors
that are unplugged, freeze, send no numbers, jump in time, are swapped, doubled, late, off the
skin or of a wrong unit, calibrations of the wrong sign, an engine that stands still, and people
who press anything. The audit of `adaptivevr check` looks at every tick, from what entered alone.
250 take four minutes of two cores; `.ci/run` has 500 beside the tests. --full: 10,000. --seed: one
session again, with all that was found in it. --strict: exit 1 when a rule was broken.
"""

import argparse
import json
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from tqdm import tqdm

from tests.faults.session import Outcome, run


def main() -> int:
    """Prints one JSON document."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sessions", type=int, default=250)
    parser.add_argument("--full", action="store_true", help="10,000 sessions")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--seed", type=int, help="only this one, told in full")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--strict", action="store_true", help="exit 1 when a rule was broken")
    options = parser.parse_args()
    if options.seed is not None:
        return _one(options.seed, options.strict)
    count = 10_000 if options.full else options.sessions
    seeds = range(options.first, options.first + count)
    began_s = time.monotonic()
    outcomes: list[Outcome] = []
    with ProcessPoolExecutor(options.workers) as pool:
        for outcome in tqdm(pool.map(run, seeds, chunksize=4), total=count, file=sys.stderr):
            outcomes.append(outcome)
            if outcome.violations:
                first = outcome.violations[0]
                print(
                    f"seed {outcome.seed}: {first.rule} at {first.now_s:.1f} s: {first.text}\n"
                    f"    python -m tests.benchmarks.faults --seed {outcome.seed}",
                    file=sys.stderr,
                )
    rules = Counter(v.rule for o in outcomes for v in o.violations)
    document = {
        "sessions": count,
        "first_seed": options.first,
        "ticks": sum(o.ticks for o in outcomes),
        "increases": sum(o.increases for o in outcomes),
        "sessions_with_increases": sum(o.increases > 0 for o in outcomes),
        "modes": dict(Counter(m for o in outcomes for m in set(o.modes))),
        "violations": sum(rules.values()),
        "rules": dict(rules),
        "failing_seeds": [o.seed for o in outcomes if o.violations],
        "seconds": round(time.monotonic() - began_s, 1),
    }
    print(json.dumps(document))
    return int(options.strict and bool(rules))


def _one(seed: int, strict: bool) -> int:
    outcome = run(seed)
    for v in outcome.violations:
        print(f"{v.now_s:.2f} s  {v.rule}: {v.text}", file=sys.stderr)
    print(
        json.dumps(
            {
                "seed": seed,
                "ticks": outcome.ticks,
                "increases": outcome.increases,
                "modes": outcome.modes,
                "violations": len(outcome.violations),
            }
        )
    )
    return int(strict and bool(outcome.violations))


if __name__ == "__main__":
    sys.exit(main())
