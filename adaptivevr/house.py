"""Where a session takes place, and what follows from it: at home nothing new, nothing alone."""

from dataclasses import dataclass

from adaptivevr.config import Config
from adaptivevr.errors import Refused
from adaptivevr.therapy.protocol import Protocol


@dataclass(frozen=True, slots=True)
class House:
    """The rules of the place.

    home: nobody is there to confirm. passed: the highest level that was passed with a clinician,
    None where a clinician is. falls_to_rest: where sensors stay lost, go to rest and not just
    one level down (always so at home).
    """

    home: bool = False
    passed: int | None = None
    falls_to_rest: bool = False


def house_of(config: Config, protocol: Protocol) -> House:
    """The rules for this protocol in this place; raises Refused for what is not allowed at home.

    >>> from adaptivevr.therapy.protocol import load
    >>> house_of(Config(place="home", home=(("calm", 2),)), load("calm"))
    House(home=True, passed=2, falls_to_rest=True)
    """
    if config.place != "home":
        return House(falls_to_rest=config.fallback == "rest")
    if protocol.supervised:
        raise Refused(
            f"Expected a clinician beside the patient for {protocol.name}, but place is home; "
            "do it in a clinic."
        )
    passed = dict(config.home).get(protocol.name)
    if passed is None:
        raise Refused(
            f"Expected {protocol.name} under [home] with the highest level passed with a "
            "clinician, but it is not there; a clinician adds it to the configuration."
        )
    return House(home=True, passed=passed, falls_to_rest=True)
