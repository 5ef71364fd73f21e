"""Decides, guards, runs, remembers and shows a biofeedback-driven VR session."""

__version__ = "0.1.0"
