"""The closed loop on simulated patients: dose, safety and robustness of every protocol.

    python -m tests.benchmarks.closed_loop --json              at most 20 minutes on two cores
    python -m tests.benchmarks.closed_loop --json --protocol calm --patients 200
    python -m tests.benchmarks.closed_loop --json --full       200 each and 20 waveforms: hours
    python -m tests.benchmarks.closed_loop --json --first-seed 1000      people nobody has seen yet

Real extractors on low-rate streams (RR intervals, skin conductance at 8 Hz), ticks at 10 Hz, the
whole `Session`, stored calibration of another day, a clinician who says yes to every proposal
after some seconds. In window is the share of time with the *true* arousal in 0.30-0.75, from the
first ramp to the end of 40 minutes on eight even levels; the cool-down follows and is reported
beside it. fixed: equal time on each level. yoked: what another guest was shown. Gates are counted
by `adaptivevr.check`. People are drawn by `tests.simulation.clinic`. By default the minutes are
shared out: most go to graded exposure, then to the other exposures, and each kind of run gets
through the same part of its list, so that `patients` and `seeds` say who was there. One run
again: python -m tests.simulation --one own graded_exposure usual 12
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from adaptivevr.therapy import protocol as protocols
from calibration.baseline import Baseline
from tests.simulation.arms import Twist
from tests.simulation.clinic import Guest, clinic
from tests.simulation.jobs import Job, is_exposure, run
from tests.simulation.table import Run, table

TWISTS = (Twist(lag_s=20.0), Twist(gain=0.5), Twist(gain=2.0))
FIRST, HEART = "graded_exposure", "hrv_biofeedback"
PEOPLE, EXPOSED, OTHERS = 200, 40, 8  # whom the minutes are meant for: FIRST, exposures, the rest
TWISTED, PROBES, WAVES = 8, 4, 4
EARLY = 0.7  # long runs are begun within this part of the list
LAST_S = 30.0  # nothing new is begun in the last seconds: a session takes up to so long


@dataclass
class Proof:
    """All runs so far, and the yoked ones that follow from them."""

    done: list[Run] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)
    before: dict[tuple[str, int], Guest] = field(default_factory=dict)  # who is yoked to whom
    calibrations: dict[Guest, Baseline] = field(default_factory=dict)

    def ready(self, job: Job) -> Job:
        """The job with the guest's calibration, where an earlier run has taken it."""
        return replace(job, baseline=self.calibrations.get(job.guest))

    def take(self, job: Job, found: Future[dict[str, Any]]) -> list[Job]:
        """Notes a finished run; what is to be run because of it."""
        again = f"python -m tests.simulation --one {job.words}"
        error = found.exception()
        if error is not None:
            self._fail(job, again, f"{type(error).__name__}: {error}")
            return []
        result = found.result()
        loads = result.pop("loads", ())
        if "baseline" in result:
            self.calibrations[job.guest] = result.pop("baseline")
        self.done.append((job, result))
        if result.get("violations"):
            self._fail(job, again, f"broke {', '.join(sorted(set(result['violations'])))}")
        other = self.before.get((job.protocol, job.guest.seed))
        if job.arm != "own" or other is None or not loads:
            return []
        return [Job("yoked", job.protocol, other, loads=loads, from_s=result["from_s"])]

    def _fail(self, job: Job, again: str, why: str) -> None:
        self.failed.append({"run": job.words, "why": why, "again": again})
        print(f"\nFAILED {job.words}: {why}. Again: {again}", file=sys.stderr)


def jobs(
    names: Iterable[str], people: int | None = None, waves: int = WAVES, first_seed: int = 0
) -> list[Job]:
    """What is to be run, in an order that may be cut anywhere: every list is through as far.

    people: so many for each protocol; None shares a clinic of 200 out, most to FIRST.
    """
    names = list(names)
    guests = clinic(people or PEOPLE, first_seed)
    lists = [
        [Job("own", name, guest) for guest in guests[: people or meant(name)]] for name in names
    ]
    if FIRST in names:
        lists.append([Job("twist", FIRST, g, twist) for g in guests[:TWISTED] for twist in TWISTS])
    if HEART in names:
        kinds = ("rhythmless", "restless")
        lists.append([Job("probe", HEART, Guest(kind, n)) for n in range(PROBES) for kind in kinds])
    long = [Job("validation", "", Guest("normal", 0))]
    long += [Job("wave", FIRST, guest) for guest in guests[:waves] if FIRST in names]
    ranked = [((place + 0.5) / len(one), job) for one in lists for place, job in enumerate(one)]
    ranked += [(EARLY * (place + 0.5) / len(long), job) for place, job in enumerate(long)]
    return [job for _, job in sorted(ranked, key=lambda pair: pair[0])]


def meant(name: str) -> int:
    """How many people a protocol is meant to have when the time suffices."""
    return PEOPLE if name == FIRST else (EXPOSED if is_exposure(name) else OTHERS)


def prove(planned: Iterable[Job], proof: Proof, workers: int, end_s: float) -> None:
    """Runs jobs until none are left or the time is over; yoked ones go first."""
    rest = iter(planned)
    running: dict[Future[dict[str, Any]], Job] = {}
    follow: list[Job] = []
    begun_s = time.monotonic()
    with ProcessPoolExecutor(workers) as pool:
        while True:
            now_s = time.monotonic()
            while len(running) < workers and (follow or now_s < end_s - LAST_S):
                job = follow.pop(0) if follow else next(rest, None)
                if job is None:
                    break
                running[pool.submit(run, proof.ready(job))] = job
            if not running:
                return
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for one in finished:
                follow += proof.take(running.pop(one), one)
            _bar(len(proof.done), now_s - begun_s, end_s - begun_s)


def _bar(count: int, gone_s: float, whole_s: float) -> None:
    share = min(1.0, gone_s / whole_s) if whole_s < 1e6 else 0.0
    full = "#" * round(30 * share)
    print(
        f"\r[{full:<30}] {count} runs, {gone_s / 60:.1f} min", end="", file=sys.stderr, flush=True
    )


def main(arguments: list[str] | None = None) -> int:
    """Prints the table; exits 1 when not one run came to its end."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--minutes", type=float, help="18.5, without an end when people are given")
    parser.add_argument("--patients", type=int, help="so many for each protocol")
    parser.add_argument("--protocol", nargs="*", help="only these")
    parser.add_argument("--first-seed", type=int, default=0, help="of the people, 0 if not told")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--waveforms", type=int, help="so many people also at waveform level")
    parser.add_argument("--full", action="store_true", help="200 people each and 20 waveforms")
    chosen = parser.parse_args(arguments)
    names = chosen.protocol or [name for name in protocols.library() if name != "demo"]
    people = PEOPLE if chosen.full else chosen.patients
    waves = chosen.waveforms if chosen.waveforms is not None else (20 if chosen.full else WAVES)
    minutes = chosen.minutes or (18.5 if people is None else 1e9)
    proof = Proof()
    for name in filter(is_exposure, names):
        for before, guest in pairwise(clinic(people or PEOPLE, chosen.first_seed)):
            proof.before[name, guest.seed] = before
    begun_s = time.monotonic()
    planned = jobs(names, people, waves, chosen.first_seed)
    prove(planned, proof, chosen.workers, begun_s + 60.0 * minutes)
    document = table(proof.done)
    document["failed"] = proof.failed
    document["minutes"] = round((time.monotonic() - begun_s) / 60.0, 2)
    print(file=sys.stderr)
    print(json.dumps(document) if chosen.json else json.dumps(document, indent=1))
    return 0 if proof.done else 1


if __name__ == "__main__":
    sys.exit(main())
