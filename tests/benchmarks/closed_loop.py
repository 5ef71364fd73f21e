"""The closed loop on simulated patients: dose, safety and robustness of every protocol.

    python -m tests.benchmarks.closed_loop --json
    python -m tests.benchmarks.closed_loop --full --json      200 each and 20 waveforms: hours

Real extractors on low-rate streams (RR intervals, skin conductance at 8 Hz), ticks at 10 Hz, the
whole `Session`, stored calibration of another day, a clinician who says yes to every proposal
after some seconds. In window is the share of time with the *true* arousal in 0.30-0.75, from the
first ramp to the end of 40 minutes on eight even levels; the cool-down follows and is reported
beside it. fixed: equal time on each level. yoked: what another guest was shown. Gates are counted
by `adaptivevr.check`. People are drawn by `tests.simulation.clinic`; work is handed out in turns
until the minutes are over, most of it to graded exposure, so `patients` says how many each
protocol had. One run again: python -m tests.simulation --one own graded_exposure usual 12
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from adaptivevr.therapy import protocol as protocols
from tests.simulation.arms import Twist
from tests.simulation.clinic import Guest, clinic
from tests.simulation.jobs import Job, is_exposure, run
from tests.simulation.table import Run, table

TWISTS = (Twist(lag_s=20.0), Twist(gain=0.5), Twist(gain=2.0))
FIRST, HEART = "graded_exposure", "hrv_biofeedback"
FIRST_SHARE = 8  # jobs of graded exposure in each round
TWIST_EVERY = 2
LAST_S = 45.0  # nothing new is begun in the last seconds: a session takes up to so long


@dataclass
class Proof:
    """All runs so far, and the yoked ones that follow from them."""

    done: list[Run] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)
    before: dict[tuple[str, int], Guest] = field(default_factory=dict)  # who is yoked to whom

    def take(self, job: Job, found: Future[dict[str, Any]]) -> list[Job]:
        """Notes a finished run; what is to be run because of it."""
        again = f"python -m tests.simulation --one {job.words}"
        error = found.exception()
        if error is not None:
            self._fail(job, again, f"{type(error).__name__}: {error}")
            return []
        result = found.result()
        loads = result.pop("loads", ())
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


def jobs(names: list[str], people: int, waves: int) -> Iterator[Job]:
    """What is to be run, most important first, everybody's turn again and again."""
    guests = clinic(people)
    others = [name for name in names if name != FIRST]
    own = {name: iter([Job("own", name, guest) for guest in guests]) for name in names}
    twists = iter([Job("twist", FIRST, g, twist) for g in guests[:20] for twist in TWISTS])
    slow = iter([Job("wave", FIRST, guest) for guest in guests[:waves]])
    probes = iter(
        [
            Job("probe", HEART, Guest(kind, n))
            for n in range(10)
            for kind in ("rhythmless", "restless")
        ]
    )
    yield Job("validation", "", Guest("normal", 0))
    for turn in range(people):
        if FIRST in own:
            yield from _some(own[FIRST], FIRST_SHARE)
            if turn % TWIST_EVERY == 0:
                yield from _some(twists, len(TWISTS))
            yield from _some(slow, 1)
        for name in others:
            yield from _some(own[name], 1)
        if HEART in own:
            yield from _some(probes, 1)


def _some(rest: Iterator[Job], count: int) -> Iterator[Job]:
    for _ in range(count):
        job = next(rest, None)
        if job is not None:
            yield job


def prove(planned: Iterator[Job], proof: Proof, workers: int, end_s: float) -> None:
    """Runs jobs until none are left or the time is over; yoked ones go first."""
    running: dict[Future[dict[str, Any]], Job] = {}
    follow: list[Job] = []
    begun_s = time.monotonic()
    with ProcessPoolExecutor(workers) as pool:
        while True:
            now_s = time.monotonic()
            while len(running) < workers and (follow or now_s < end_s - LAST_S):
                job = follow.pop(0) if follow else next(planned, None)
                if job is None:
                    break
                running[pool.submit(run, job)] = job
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
    """Prints the table; exits 1 when a run failed or broke a gate."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--minutes", type=float, default=18.5)
    parser.add_argument("--patients", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--waveforms", type=int, default=1)
    parser.add_argument("--protocols", nargs="*", default=None)
    parser.add_argument("--full", action="store_true", help="no limit of time")
    chosen = parser.parse_args(arguments)
    names = chosen.protocols or [name for name in protocols.library() if name != "demo"]
    guests = clinic(chosen.patients)
    proof = Proof()
    for name in filter(is_exposure, names):
        for before, guest in pairwise(guests):
            proof.before[name, guest.seed] = before
    begun_s = time.monotonic()
    end_s = begun_s + (1e9 if chosen.full else 60.0 * chosen.minutes)
    waves = 20 if chosen.full else chosen.waveforms
    prove(jobs(names, chosen.patients, waves), proof, chosen.workers, end_s)
    document = table(proof.done)
    document["failed"] = proof.failed
    document["minutes"] = round((time.monotonic() - begun_s) / 60.0, 2)
    print(file=sys.stderr)
    print(json.dumps(document) if chosen.json else json.dumps(document, indent=1))
    return 1 if proof.failed else 0


if __name__ == "__main__":
    sys.exit(main())
