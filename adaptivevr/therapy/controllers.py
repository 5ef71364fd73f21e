"""The controllers by the name that a protocol calls them by."""

from collections.abc import Callable

from adaptivevr.therapy.activation import Activation
from adaptivevr.therapy.approach import Approach
from adaptivevr.therapy.breathing import Breathing
from adaptivevr.therapy.distraction import Distraction
from adaptivevr.therapy.exposure import Exposure
from adaptivevr.therapy.inhibitory import Inhibitory
from adaptivevr.therapy.meditation import Meditation
from adaptivevr.therapy.mirror import Mirror
from adaptivevr.therapy.programme import Programme
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.relaxation import Relaxation
from adaptivevr.therapy.trauma import Trauma
from adaptivevr.therapy.wellbeing import Controller as Controller
from adaptivevr.therapy.wellbeing import Therapy, Wellbeing

# Each takes the protocol and the session's seed (what is drawn by lot comes from it).
CONTROLLERS: dict[str, Callable[[Protocol, int], Therapy]] = {
    "exposure": Exposure,
    "inhibitory": Inhibitory,
    "trauma": Trauma,
    "relaxation": Relaxation,
    "breathing": Breathing,
    "meditation": Meditation,
    "distraction": Distraction,
    "programme": Programme,
    "activation": Activation,
    "mirror": Mirror,
    "approach": Approach,
}


def begin(protocol: Protocol, seed: int = 0) -> Controller:
    """The protocol's controller, with the rules around it that hold in every therapy."""
    return Wellbeing(CONTROLLERS[protocol.controller](protocol, seed), protocol)
