"""A simulated person to prove a closed loop on: pure, seeded, no clock, no input or output."""

from sensors.patient.kinds import PATIENTS, PatientKind, Person
from sensors.patient.patient import Patient
from sensors.patient.seen import Answer, Seen, Truth

__all__ = ["PATIENTS", "Answer", "Patient", "PatientKind", "Person", "Seen", "Truth"]
