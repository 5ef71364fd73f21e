"""Where electrodes sit, from any names: 10-20 names are read at once, nets through MNE."""

import re
from functools import lru_cache

POSTERIOR = re.compile(r"^(EEG[\s_:.-]*)?((PO|TP|P|O|I)(Z|\d{1,2})|T[56])(?![A-Z0-9])", re.I)
SIDES = (("F3", "F4"), ("AF3", "AF4"), ("AF7", "AF8"), ("F7", "F8"), ("FP1", "FP2"))
PREFIX = re.compile(r"^EEG[\s_:.-]*", re.I)
# Nets whose electrodes have numbers for names. Small Biosemi caps count through A1-B32 in the
# order of their montage; from 128 on the names stand in the montage itself.
COUNTED = re.compile(r"^([AB])(\d{1,2})$", re.I)
CAPS = {16: "biosemi16", 32: "biosemi32", 64: "biosemi64"}
NAMED = (
    (re.compile(r"^[A-H]\d{1,2}$", re.I), ("biosemi128", "biosemi160", "biosemi256")),
    (
        re.compile(r"^E\d{1,3}$", re.I),
        ("GSN-HydroCel-32", "GSN-HydroCel-64_1.0", "GSN-HydroCel-128", "GSN-HydroCel-256"),
    ),
)
BACK_M = -0.055  # electrodes behind this (m behind the ears' line) lie over the alpha rhythm


def posterior(names: tuple[str, ...]) -> list[int]:
    """Places of the channels at the back of the head, where alpha lives; all if none is known.

    >>> posterior(("TP9", "AF7", "AF8", "TP10"))
    [0, 3]
    >>> posterior(("EEG Pz-LE", "Cz"))
    [0]
    >>> posterior(("ch1", "ch2"))
    [0, 1]
    """
    found = [i for i, name in enumerate(names) if POSTERIOR.match(name.strip())]
    if not found:
        found = [i for i, y in enumerate(_of_net(tuple(n.strip() for n in names))) if y < BACK_M]
    return found or list(range(len(names)))


def sides(names: tuple[str, ...]) -> tuple[int, int] | None:
    """The best pair of frontal channels, left and right; None if there is none.

    >>> sides(("EEG F4-LE", "EEG F3-LE", "Cz"))
    (1, 0)
    """
    plain = [re.split(r"[\s_:.-]", PREFIX.sub("", name.strip()))[0].upper() for name in names]
    for left, right in SIDES:
        if left in plain and right in plain:
            return plain.index(left), plain.index(right)
    return None


@lru_cache(maxsize=16)
def _of_net(names: tuple[str, ...]) -> tuple[float, ...]:
    """How far forward each electrode of a numbered net sits, m; empty if it is no such net.

    Takes part of a second the first time (MNE), so only such names are looked up.
    """
    from_names = [m for looks, m in NAMED if all(looks.match(name) for name in names)]
    if len(names) < 16 or not from_names:
        return ()
    from mne.channels import make_standard_montage

    counted = [COUNTED.match(name) for name in names]
    if len(names) in CAPS and all(counted):
        place = make_standard_montage(CAPS[len(names)]).get_positions()["ch_pos"]
        forward = [float(at[1]) for at in place.values()]
        numbers = [("AB".index(m[1].upper()), int(m[2]) - 1) for m in counted if m]
        return tuple(forward[32 * row + n] for row, n in numbers)
    for montage in from_names[0]:
        place = make_standard_montage(montage).get_positions()["ch_pos"]
        upper = {name.upper(): float(at[1]) for name, at in place.items()}
        if all(name.upper() in upper for name in names):
            return tuple(upper[name.upper()] for name in names)
    return ()
