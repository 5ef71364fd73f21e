"""What the operating system tells of this machine, and who counts as near."""

import ipaddress
import socket

import pytest

from adaptivevr import machine
from adaptivevr.clock import wall_s


def test_our_own_addresses_are_of_a_network_and_never_the_loopback() -> None:
    for one in machine.networks():
        assert not one.is_loopback and one.ip in one.network
    assert set(machine.addresses()) == {str(one.ip) for one in machine.networks()}


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("study", ("study", "study.local")),
        ("Study.Clinic.Example.", ("study.clinic.example", "study.local")),
        ("study.local", ("study.local",)),
        ("Frau Müllers Rechner", ()),
        ("-study", ()),
        ("", ()),
    ],
)
def test_a_name_that_no_address_line_takes_is_left_out(
    name: str, names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: name)
    assert machine.names() == names


def test_without_any_way_out_there_is_no_address_to_put_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unreachable(*_: object) -> None:
        raise OSError("network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", unreachable)
    assert machine._way_out() == ""
    assert set(machine.addresses()) == {str(one.ip) for one in machine.networks()}


@pytest.mark.parametrize("peer", ["192.168.7.3", "10.1.2.3", "172.20.0.9", "169.254.3.3"])
def test_private_networks_are_near(peer: str) -> None:
    assert machine.is_near(peer, ())


def test_the_internet_is_not_near_but_for_the_network_this_machine_is_part_of() -> None:
    own = (ipaddress.IPv4Interface("8.8.4.1/24"),)
    assert machine.is_near("8.8.4.200", own)
    for peer in ("8.8.8.8", "8.8.5.1", "::1", "nobody", ""):
        assert not machine.is_near(peer, own)


def test_this_process_began_before_now() -> None:
    assert 0 <= wall_s() - machine.process_began_s() < 86_400
