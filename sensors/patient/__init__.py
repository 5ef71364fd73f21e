"""A simulated person to prove a closed loop on: pure, seeded, no clock, no input or output."""

from sensors.patient.kinds import PATIENTS, PatientKind, Person
from sensors.patient.patient import Patient
from sensors.patient.seen import Answer, Seen, Truth
from sensors.patient.tasks import Attempt
from sensors.patient.transport import Faults, Transport

__all__ = [
    "PATIENTS",
    "Answer",
    "Attempt",
    "Faults",
    "Patient",
    "PatientKind",
    "Person",
    "Seen",
    "Transport",
    "Truth",
]
