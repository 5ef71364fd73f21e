"""The native renderer: the scenes of the library in a headset, over OpenXR, in its own process."""
