"""The door to the network: lets TLS in, answers plain http with a sentence, bounds the crowd."""

import asyncio
import selectors
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass

from adaptivevr import machine
from adaptivevr.clock import Clock

_TLS = b"\x16"  # the first byte of every handshake (RFC 8446 5.1)
_MOST, _MOST_EACH = 64, 16  # connections at once: all together, and of one address
_PATIENCE_S = 5.0  # for a first byte
_HANDSHAKE_S = 10.0
_LOOK_S = 0.2

Factory = Callable[[], asyncio.BaseProtocol]


@dataclass(slots=True)
class _Guest:
    peer: str
    transport: asyncio.Transport | None = None


class Door:
    """Takes connections in a thread of its own and hands those that speak TLS to the server's loop.

    Whoever floods it floods this thread: the engine and the console's own listener go on. Only
    addresses of private networks, or of one that this machine is part of, are let in.
    """

    def __init__(self, listening: socket.socket, clock: Clock) -> None:
        self._listening = listening
        self._clock = clock
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._guests: list[_Guest] = []  # of the server's loop

    def open(self, loop: asyncio.AbstractEventLoop, factory: Factory, tls: ssl.SSLContext) -> None:
        """Begins to take connections; each TLS one gets a protocol of the factory in the loop."""

        def hand_in(conn: socket.socket, peer: str) -> None:
            try:
                asyncio.run_coroutine_threadsafe(self._admit(conn, peer, factory, tls), loop)
            except RuntimeError:  # the loop has ended in between
                conn.close()

        self._listening.setblocking(False)
        self._thread = threading.Thread(
            target=self._watch, args=(hand_in,), name="door", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Takes no more; safe to call twice. Those inside are the server's to end."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(3)
        self._listening.close()

    # ---- in the door's own thread ------------------------------------------------

    def _watch(self, hand_in: Callable[[socket.socket, str], None]) -> None:
        waiting: dict[socket.socket, tuple[str, float]] = {}
        with selectors.DefaultSelector() as seen:
            seen.register(self._listening, selectors.EVENT_READ)
            while not self._over.is_set():
                for key, _ in seen.select(_LOOK_S):
                    conn = key.fileobj
                    assert isinstance(conn, socket.socket)
                    if conn is self._listening:
                        self._take(seen, waiting)
                        continue
                    seen.unregister(conn)
                    self._judge(conn, waiting.pop(conn)[0], hand_in)
                now_s = self._clock.now_s()
                late = [c for c, (_, since_s) in waiting.items() if now_s - since_s > _PATIENCE_S]
                for conn in (*late, *list(waiting)[:-_MOST]):
                    if waiting.pop(conn, None):
                        seen.unregister(conn)
                        conn.close()
            for conn in waiting:
                conn.close()

    def _take(
        self, seen: selectors.BaseSelector, waiting: dict[socket.socket, tuple[str, float]]
    ) -> None:
        try:
            conn, (peer, _) = self._listening.accept()
        except OSError:
            return  # it has gone again
        # Networks are looked up late: a laptop may have changed its own in mid-session.
        if not (machine.is_near(peer, ()) or machine.is_near(peer, machine.networks())):
            conn.close()
            return
        conn.setblocking(False)
        waiting[conn] = (peer, self._clock.now_s())
        seen.register(conn, selectors.EVENT_READ)

    def _judge(
        self, conn: socket.socket, peer: str, hand_in: Callable[[socket.socket, str], None]
    ) -> None:
        try:
            first = conn.recv(1, socket.MSG_PEEK)
            if first == _TLS:
                conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                hand_in(conn, peer)
                return
            if first:
                conn.recv(4096)  # unread bytes would cut the answer off
                conn.sendall(_refusal(*conn.getsockname()))
                conn.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it has gone
        conn.close()

    # ---- in the server's loop ----------------------------------------------------

    async def _admit(
        self, conn: socket.socket, peer: str, factory: Factory, tls: ssl.SSLContext
    ) -> None:
        here = [g for g in self._guests if g.transport is None or not g.transport.is_closing()]
        self._guests = here
        if len(here) >= _MOST or sum(g.peer == peer for g in here) >= _MOST_EACH:
            conn.close()
            return
        guest = _Guest(peer)
        here.append(guest)
        try:
            guest.transport, _ = await asyncio.get_running_loop().connect_accepted_socket(
                factory, conn, ssl=tls, ssl_handshake_timeout=_HANDSHAKE_S
            )
        except (OSError, ssl.SSLError):
            self._guests = [g for g in self._guests if g is not guest]  # no handshake


def _refusal(address: str, port: int) -> bytes:
    url = f"https://{address}:{port}/"
    text = (
        f"Expected https, but this was plain http, which anybody in the network could read; "
        f'open <a href="{url}">{url}</a> instead.'
    )
    body = f'<!doctype html><html lang="en"><title>https only</title><p>{text}</p>'.encode()
    head = (
        "HTTP/1.1 400 Bad Request\r\ncontent-type: text/html; charset=utf-8\r\n"
        f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body
