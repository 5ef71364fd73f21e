"""The LSL library itself: loaded late, configured once, its clock and its words."""

import re
from typing import Any


class MissingLibrary(RuntimeError):
    """This machine has no liblsl; the message says how to get it."""


def library() -> Any:
    """The pylsl module: the only import of it, and late, because it costs 0.2 s."""
    try:
        import pylsl
    except ImportError as error:
        raise MissingLibrary(
            f"LSL needs the package pylsl, it is not installed ({error}). Run: pip install pylsl"
        ) from None
    except (RuntimeError, OSError) as error:
        # pylsl's Linux wheel holds liblsl for glibc >= 2.35 on x86-64 only; elsewhere pip
        # quietly installs the one without it.
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise MissingLibrary(
            f"LSL needs the library liblsl, pylsl found none ({first[:120]}). Install liblsl "
            "(conda install -c conda-forge liblsl, or brew install labstreaminglayer/tap/lsl) "
            "or name its file in the environment variable PYLSL_LIB"
        ) from None
    return pylsl


# Short round trips are right on one machine only; TimeProbeCount must not fall below
# TimeUpdateMinProbes, else time_correction times out for ever (measured).
_MACHINE = """[ports]
PortRange=96
IPv6=disable
[multicast]
ResolveScope=machine
[lab]
KnownPeers={{127.0.0.1}}
SessionID={session_id}
[tuning]
UnicastMinRTT=0.05
MulticastMinRTT=0.05
ContinuousResolveInterval=0.05
TimeProbeCount=8
TimeProbeInterval=0.01
TimeUpdateMinProbes=6
[log]
level=-3
"""
_in_force: list[str] = []  # liblsl reads its configuration once per process; so do we


def configure(session_id: str, scope: str = "machine") -> None:
    """Keeps this process's streams on this machine, under a session id of their own.

    Must come before any other LSL call. Raises ValueError for a second, different
    configuration, which liblsl would silently ignore, and for an unknown scope.
    """
    if scope != "machine":
        raise ValueError(f"expected scope 'machine', got {scope!r}; other scopes are the user's")
    if not re.fullmatch(r"[\w-]+", session_id):
        raise ValueError(f"expected letters and digits as LSL session id, got {session_id!r}")
    text = _MACHINE.format(session_id=session_id)
    if _in_force == [text]:
        return
    if _in_force:
        raise ValueError("LSL is already configured with another session id in this process")
    library().set_config_content(text)
    _in_force.append(text)


def scope() -> str:
    """Where streams are looked for, in words."""
    return "this machine only" if _in_force else "the user's LSL configuration"


def local_clock_s() -> float:
    """Now on the clock that stamps LSL samples on this machine, in seconds."""
    return float(library().local_clock())


# LSL's numbers for channel formats, by XDF's names for them.
FORMATS = {
    1: "float32", 2: "double64", 3: "string", 4: "int32", 5: "int16", 6: "int8", 7: "int64",
    0: "undefined",
}  # fmt: skip
