"""Pairing a headset: a code of six digits, good once, and a token that stands for the patient."""

import hmac
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

CODE_S = 300.0  # a code is good for so long after a clinician asked for one
TRIES = 5  # wrong codes before it is changed
PAUSE_S = 60.0  # and nobody may try for so long


class Chance(Protocol):
    """Where digits and tokens come from: `secrets.SystemRandom()`, in tests a seeded Random."""

    def randrange(self, start: int, /) -> int:
        """A whole number from 0 to below `start`."""
        ...

    def getrandbits(self, k: int, /) -> int:
        """k random bits."""
        ...


class Outcome(StrEnum):
    """What became of a code that was entered."""

    PAIRED = "paired"
    WRONG = "wrong"
    CHANGED = "changed"  # wrong once too often: there is another code, after a pause
    PAUSED = "paused"  # not even looked at
    CLOSED = "closed"  # no code is open


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of it, the token when it was right, and how long to wait before the next."""

    outcome: Outcome
    token: str = ""
    wait_s: float = 0.0


class Pairing:
    """One headset at a time. Kept in memory only: with the session everything is over.

    A clinician opens it for five minutes. In that time at most 25 codes of a million can be
    tried, whoever tries them. Times are of the engine's clock.
    """

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._code = ""
        self._until_s = 0.0
        self._pause_s = 0.0  # no tries before this moment
        self._wrong = 0
        self._token = ""

    def open(self, now_s: float) -> None:
        """Shows a code that was not shown before; a pause that runs goes on."""
        self._until_s = now_s + CODE_S
        self._change()

    def _change(self) -> None:
        before = self._code
        while self._code == before:
            self._code = f"{self._chance.randrange(1_000_000):06d}"
        self._wrong = 0

    def close(self) -> None:
        """No code is good any more; a headset that is paired stays so."""
        self._code = ""

    def enter(self, code: str, now_s: float) -> Answer:
        """Somebody in the network entered this."""
        if self.code(now_s) is None:
            return Answer(Outcome.CLOSED)
        if (wait_s := self.wait_s(now_s)) > 0:
            return Answer(Outcome.PAUSED, wait_s=wait_s)
        if _same(code, self._code):
            self._code = ""
            self._token = f"{self._chance.getrandbits(256):064x}"  # a former headset's ends here
            return Answer(Outcome.PAIRED, self._token)
        self._wrong += 1
        if self._wrong < TRIES:
            return Answer(Outcome.WRONG)
        self._change()
        self._pause_s = now_s + PAUSE_S
        return Answer(Outcome.CHANGED, wait_s=PAUSE_S)

    def end(self) -> None:
        """The headset that was paired is so no longer."""
        self._token = ""

    def admits(self, token: str) -> bool:
        """Whether this token was given to the headset that is paired."""
        return bool(self._token) and _same(token, self._token)

    @property
    def paired(self) -> bool:
        """Whether a headset holds a token."""
        return bool(self._token)

    def code(self, now_s: float) -> str | None:
        """The code to be entered; None when none is open."""
        return self._code if self._code and now_s < self._until_s else None

    def left_s(self, now_s: float) -> float:
        """How long the code is still good."""
        return max(0.0, self._until_s - now_s) if self.code(now_s) else 0.0

    def wait_s(self, now_s: float) -> float:
        """How long nobody may try."""
        return max(0.0, self._pause_s - now_s)


def _same(one: str, other: str) -> bool:
    # in a time that does not tell how much of it was right; a lone surrogate is no reason to fall
    return hmac.compare_digest(one.encode(errors="replace"), other.encode())
