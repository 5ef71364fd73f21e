"""What a sender's unit means: its dimension, and how to reach the unit we compute in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written by a sender: what it measures and its size in our unit of that.

    >>> read_unit("mV")
    Unit(dimension='voltage', scale=1000.0)
    """

    dimension: str
    scale: float


# Our units: microvolt, microsiemens, kiloohm, second, g, 1/min. (MNE, LSL's XDF wiki and
# BIDS all write the micro sign differently, so every spelling is folded to "u" first.)
_UNITS: dict[str, Unit] = {
    name: Unit(dimension, scale)
    for dimension, sizes in {
        "voltage": {
            1e6: "v volt volts",
            1e3: "mv millivolt millivolts",
            1.0: "uv microvolt microvolts",
            1e-3: "nv nanovolt nanovolts",
        },
        "conductance": {
            1e6: "siemens",
            1e3: "millisiemens",
            1.0: "us usiemens microsiemens umho umhos micromho umho/cm",
            1e-3: "ns nsiemens nanosiemens",
        },
        "resistance": {
            1e-3: "ohm ohms",
            1.0: "kohm kohms kiloohm kiloohms kilohm kilohms",
            1e3: "megaohm megaohms mohms",
        },
        "time": {
            1.0: "s sec secs second seconds",
            1e-3: "ms msec msecs millisecond milliseconds",
            1e-6: "usec microsecond microseconds",
        },
        "acceleration": {
            1.0: "g gs gravity",
            1e-3: "mg millig",
            1 / 9.80665: "m/s2 m/s^2 m/s/s m/ss ms-2 m/s**2",
        },
        "rate": {1.0: "bpm beats/min beats/minute 1/min", 60.0: "hz hertz"},
        "temperature": {1.0: "c degc celsius k kelvin f fahrenheit degf degreescelsius"},
        "pressure": {1.0: "mmhg pa kpa hpa bar mbar cmh2o"},
        "turn": {1.0: "dps deg/s rad/s degrees/s rps"},
        "length": {1.0: "m mm cm meter meters metre metres"},
        "flow": {1.0: "l/s ml/s l/min"},
        "arbitrary": {
            1.0: "au arb arbitrary adu adc count counts raw lsb normalized normalised "
            "% percent dimensionless unitless n/a na none unknown null - 1",
        },
    }.items()
    for scale, names in sizes.items()
    for name in names.split()
}  # fmt: skip

# Written exactly so: case carries the meaning (S siemens, s second; M mega, m milli).
_EXACT: dict[str, Unit] = {
    "S": Unit("conductance", 1e6),
    "mS": Unit("conductance", 1e3),
    "kS": Unit("conductance", 1e9),
    "nS": Unit("conductance", 1e-3),
    "MOhm": Unit("resistance", 1e3),
    "Mohm": Unit("resistance", 1e3),
    "mOhm": Unit("resistance", 1e-6),
    "MΩ": Unit("resistance", 1e3),
    "°C": Unit("temperature", 1.0),
    "°F": Unit("temperature", 1.0),
}


def read_unit(text: str) -> Unit | None:
    """The unit a text stands for; None when it is empty or nobody knows it.

    >>> read_unit("µS"), read_unit("kΩ").scale, read_unit("bananas")
    (Unit(dimension='conductance', scale=1.0), 1.0, None)
    """
    text = text.strip()
    if text in _EXACT:
        return _EXACT[text]
    folded = text.replace("µ", "u").replace("μ", "u").replace("Ω", "ohm").replace("Ω", "ohm")
    folded = folded.lower().replace(" ", "").replace("²", "2").replace(".", "").replace("°", "deg")
    return _UNITS.get(folded)
