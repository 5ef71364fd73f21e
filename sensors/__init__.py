"""What the body sends: LSL, devices and files become chunks, chunks become streaming features."""
