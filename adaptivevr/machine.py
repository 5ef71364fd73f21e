"""What the operating system tells of this machine: its name, its addresses, when we began."""

import ipaddress
import os
import re
import socket

import psutil

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


def process_began_s() -> float:
    """When the operating system began this process, in seconds since 1970."""
    return float(psutil.Process(os.getpid()).create_time())


def names() -> tuple[str, ...]:
    """This machine's name, and its name in the local network (`NAME.local`).

    A name that no address line takes (with a space, in another script) is left out.
    """
    name = socket.gethostname().lower().rstrip(".")
    if not _NAME.fullmatch(name) or len(name) > 253:
        return ()
    return tuple(dict.fromkeys((name, f"{name.split('.')[0]}.local")))


def networks() -> tuple[ipaddress.IPv4Interface, ...]:
    """This machine's own IPv4 addresses with the network each lies in, loopback left out."""
    found: list[ipaddress.IPv4Interface] = []
    up = {name for name, stats in psutil.net_if_stats().items() if stats.isup}
    for name, entries in psutil.net_if_addrs().items():
        for entry in entries if name in up else ():
            if entry.family == socket.AF_INET:
                one = ipaddress.IPv4Interface(f"{entry.address}/{entry.netmask or 32}")
                if not one.is_loopback:
                    found.append(one)
    return tuple(found)


def addresses() -> tuple[str, ...]:
    """The same without their networks, first the one that others most likely reach."""
    found = [str(one.ip) for one in networks()]
    way_out = _way_out()
    return tuple(sorted(found, key=lambda address: address != way_out))


def _way_out() -> str:
    """The address this machine would speak from to the outside; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))  # an address that belongs to nobody (RFC 5737)
        except OSError:
            return ""  # no way out: a network of its own
        return str(probe.getsockname()[0])


def is_near(peer: str, own: tuple[ipaddress.IPv4Interface, ...]) -> bool:
    """Whether an address is of a private network, or of one that this machine is part of.

    >>> is_near("192.168.7.30", ()), is_near("8.8.8.8", ())
    (True, False)
    >>> is_near("8.8.8.8", (ipaddress.IPv4Interface("8.8.8.1/24"),))
    True
    """
    try:
        address = ipaddress.IPv4Address(peer)
    except ValueError:
        return False
    # what is not routed over the internet (10/8, 172.16/12, 192.168/16, 169.254/16, 127/8 ...)
    return not address.is_global or any(address in one.network for one in own)
