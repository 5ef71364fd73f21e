"""Head and hands told to Monado's remote driver: one packet holds how everything stands."""

import socket
import struct
from dataclasses import dataclass

from scenes.openxr.pose import UNTURNED, Triple, Turn

_PORT = 4242
_MAGIC = b"mndrmt3\0"  # of Monado 25; another version has another packet


@dataclass(frozen=True, slots=True)
class Hand:
    """A controller as the driver is told it."""

    at: Triple = (0.2, 1.3, -0.5)
    turn: Turn = UNTURNED
    trigger: float = 0.0
    a: bool = False
    b: bool = False
    active: bool = True

    def bytes(self) -> bytes:
        numbers = struct.pack(
            "<4f3f 3f3f 5f 3f 2f f 2f", *self.turn, *self.at, *[0.0] * 6, *[0.0] * 5,
            self.trigger, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
        )  # fmt: skip
        # hand tracking, active, system click and touch, a click and touch, b click and touch,
        # trigger click and touch, squeeze, thumbstick click and touch, trackpad, padding
        flags = [False, self.active, False, False, self.a, self.a, self.b, self.b]
        flags += [False, False, self.trigger > 0.8, False, False, False, False, False]
        return numbers + struct.pack("<16?", *flags)


class Remote:
    """The other end of the driver's socket."""

    def __init__(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", _PORT), 10)

    def say(
        self, at: Triple = (0.0, 1.65, 0.0), turn: Turn = UNTURNED, left: Hand | None = None,
        right: Hand | None = None,
    ) -> None:  # fmt: skip
        """How head and hands stand from now on."""
        eye = struct.pack("<4f4f3f4x", -0.8, 0.8, 0.8, -0.8, *UNTURNED, 0.0, 0.0, 0.0)
        head = struct.pack("<4f3f?3x", *turn, *at, False)
        hands = (left or Hand((-0.2, 1.3, -0.5))).bytes() + (right or Hand()).bytes()
        packet = _MAGIC + eye * 2 + head + hands
        assert len(packet) == 376
        self._socket.sendall(packet)

    def close(self) -> None:
        """Hangs up."""
        self._socket.close()
