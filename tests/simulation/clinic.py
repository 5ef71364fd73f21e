"""Who comes to a simulated clinic, and the eight-level scene they meet there."""

from dataclasses import dataclass

from scenes.parameter import Parameter
from scenes.scene import Level, Scene
from sensors.patient import PATIENTS
from sensors.patient.chance import stream

LEVELS = 8


@dataclass(frozen=True, slots=True)
class Guest:
    """One person of the clinic: the kind of patient and the seed that draws them."""

    kind: str
    seed: int


def clinic(count: int, first_seed: int = 0) -> tuple[Guest, ...]:
    """`count` people in the shares of `PATIENTS`, in an order that chance has made.

    The shares are kept as exactly as whole people allow (largest remainders), so that a small
    clinic is not by luck one without panic.

    >>> people = clinic(200)
    >>> sum(one.kind == "panic_prone" for one in people), len({one.seed for one in people})
    (16, 200)
    """
    shares = {kind.name: kind.share * count for kind in PATIENTS.values() if kind.share}
    counts = {name: int(share) for name, share in shares.items()}
    by_rest = sorted(shares, key=lambda name: counts[name] - shares[name])
    for name in by_rest[: count - sum(counts.values())]:
        counts[name] += 1
    kinds = [name for name, number in counts.items() for _ in range(number)]
    order = stream(first_seed, "clinic").permutation(len(kinds)).tolist()
    return tuple(Guest(kinds[at], first_seed + place) for place, at in enumerate(order))


def scene() -> Scene:
    """Eight even steps of load and one ambient value; nothing to see, everything to decide."""
    steps = tuple(Level(f"step {n} of {LEVELS}", n / LEVELS) for n in range(1, LEVELS + 1))
    load = Parameter(name="load", title="Load", role="load", unit="1", rest=0.0, full=1.0,
                     max_rate_per_s=1.0)  # fmt: skip
    mist = Parameter(name="mist", title="Mist", role="ambient", unit="1", rest=0.0, full=1.0,
                     max_rate_per_s=0.25)  # fmt: skip
    return Scene(
        name="eight-steps",
        title="Eight even steps",
        conditions=("fear",),
        levels=steps,
        parameters=(load, mist),
    )
