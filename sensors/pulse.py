"""The pulse wave of a finger, ear or wrist: what a beat looks like there."""

from sensors.beats import Wave

PULSE = Wave(
    band_hz=(1.0, 6.0),
    order=1,
    envelope_hz=3.0,
    slope_s=0.03,
    refractory_s=0.35,
    echo_s=0.60,
    fast_s=0.20,
    slow_s=0.30,
    shape_s=(-0.45, 0.10),
    reach_s=0.25,
    centre_hz=2.0,
    steepest=True,
)
"""The beat is the steepest rise (Peng et al. 2015: less jitter than the peak); its variability is
pulse rate variability, never called heart rate variability."""
