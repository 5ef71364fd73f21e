"""The error tree: what can be refused, by name, in one sentence.

Refused                a user's mistake; the command line prints it and exits with 2
├── BadConfig          a configuration file; all its mistakes together
├── BadProtocol        a protocol file; all its mistakes together
├── BadScene           a scene folder; all its mistakes together
├── BadRecording       a file that holds nothing usable
├── NoSensors          nothing usable to listen to
├── PortTaken          another program listens there
├── NoRecord           the record cannot be begun there (exists already, no such folder)
└── Missing            a part of this machine that is needed and not there
Broken                 the engine cannot go on (the scene rests, the record is kept)
└── RecordingFailed    the record can no longer be written
"""


class Refused(Exception):
    """A user's mistake in plain words: what was expected, what came, what to do."""


class BadConfig(Refused):
    """A configuration file with mistakes."""


class BadProtocol(Refused):
    """A protocol file with mistakes."""


class BadScene(Refused):
    """A scene folder with mistakes."""


class BadRecording(Refused):
    """A recording that cannot be used."""


class NoSensors(Refused):
    """No usable sensor stream was found."""


class PortTaken(Refused):
    """The address is in use by another program."""


class NoRecord(Refused):
    """A session cannot be recorded there."""


class Missing(Refused):
    """A part this machine lacks."""


class Broken(Exception):
    """The engine cannot go on."""


class RecordingFailed(Broken):
    """The record can no longer be written (disk full, folder gone)."""
